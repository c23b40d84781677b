"""``searchapp cite``: a passage and its source in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Run


def first_hit(run: Run, index: Path, query: str) -> str:
    found = json.loads(run("search", query, "--index", index, "--json").output)
    return str(found["hits"][0]["paragraph_id"])


def test_a_paragraph_is_told_with_its_source(run: Run, index: Path) -> None:
    told = run("cite", first_hit(run, index, "调查研究"), "--index", index)
    assert told.exit_code == 0
    passage, reference = told.output.splitlines()
    assert passage.startswith("理论学习还不够深入") and passage.endswith("第二部分）")
    assert "（临江区水务局，2023年，《临江区水务局2023年度" in passage
    assert reference.startswith("临江区水务局. 临江区水务局2023年度")
    assert reference.endswith("[R]. [出版地不详: 出版者不详], [2023].")


def test_the_answer_as_json_is_that_of_the_api(run: Run, index: Path) -> None:
    paragraph = first_hit(run, index, "调查研究")
    answer = json.loads(run("cite", paragraph, "--start", "0", "--end", "2", "--index", index, "--json").output)
    assert answer["paragraph_id"] == paragraph and set(answer["citation"]) == {"official", "gbt7714"}


def test_mistakes_are_told(run: Run, index: Path) -> None:
    paragraph = first_hit(run, index, "调查研究")
    assert run("cite", "nothing", "--index", index).exit_code == 1
    assert run("cite", paragraph, "--start", "3", "--index", index).exit_code == 2
    assert run("cite", paragraph, "--start", "3", "--end", "9999", "--index", index).exit_code == 2
