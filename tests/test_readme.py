"""The examples of the README, run over the sample corpus: each finds something."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.web import create_app
from searchapp.wiring import index_sources, library_handle

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
READING = {"search", "suggest", "phrases", "check", "reports", "show", "stats", "verify"}
"""Commands that read an index and end."""
DRAFT = "讲话稿.docx"


def commands() -> list[list[str]]:
    """Every command of the README that reads an index, as words."""
    lines = re.findall(r"^searchapp (.*)$", README, re.MULTILINE)
    split = [shlex.split(line, comments=True) for line in lines]
    return [words for words in split if words[0] in READING]


def addresses() -> list[str]:
    """Every address of the API of the README that is asked for, without its host."""
    named = re.findall(r"GET (/api/[^`]*)`((?:, `/api/[^`]*`)*)", README)
    more = [address for first, rest in named for address in (first, *re.findall(r"`([^`]*)`", rest))]
    typed = [urlsplit(url) for url in re.findall(r"curl '([^']*)'", README)]
    return [*more, *(f"{url.path}?{url.query}" for url in typed)]


@pytest.fixture(scope="module")
def folder(sample_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the sample corpus indexed in ``index``."""
    top = tmp_path_factory.mktemp("readme")
    index_sources(Settings(top / "index"), IndexingOptions((sample_corpus,)))
    return top


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return create_app(library_handle(Settings(folder / "index")).current).test_client()


@pytest.fixture(scope="module")
def ids(client: FlaskClient) -> dict[str, str]:
    """What stands in the README for the reader's own ids and files."""
    hit = client.get("/api/v1/search?q=党建").get_json()["hits"][0]
    return {"报告编号或段落编号": hit["paragraph_id"], "<report_id>": hit["report_id"], "<id>": hit["report_id"],
            "<paragraph_id>": hit["paragraph_id"]}  # fmt: skip


def test_the_examples_are_read() -> None:
    assert {words[0] for words in commands()} == READING
    assert len(addresses()) >= 6


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_finds_something(
    folder: Path, ids: dict[str, str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    if DRAFT in words:
        import docx

        draft = docx.Document()
        draft.add_paragraph("坚决做到“两个维护”。")
        draft.save(DRAFT)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main([ids.get(word, word) for word in words], standalone_mode=False)
    assert not status
    if words[0] == "search":
        found = json.loads(out.getvalue())["hits"] if "--json" in words else re.search(r"^1\. ", out.getvalue(), re.M)
        assert found
    else:
        assert len(out.getvalue().strip()) > 3


@pytest.mark.parametrize("address", addresses())
def test_an_address_answers_with_something(client: FlaskClient, ids: dict[str, str], address: str) -> None:
    for name, known in ids.items():
        address = address.replace(name, known)
    answer = client.get(address)
    assert answer.status_code == 200
    held = answer.get_json()
    assert next(held[name] for name in ("total", "suggestions", "blocks", "text", "reports") if name in held)


def test_a_draft_is_checked(client: FlaskClient) -> None:
    assert 'POST /api/v1/check`，正文 `{"text": "…"}`' in README
    assert client.post("/api/v1/check", json={"text": "坚决做到“两个维护”。"}).get_json()["sentences"]


def test_the_python_example_finds_something(folder: Path, environment: dict[str, str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    command = [sys.executable, "-c", program]
    told = subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert int(told.split()[0]) > 0
