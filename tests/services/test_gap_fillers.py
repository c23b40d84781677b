"""What stands in the gaps of phrases: distinct fillers and their counts over all hits."""

from __future__ import annotations

import pytest

from searchapp.services.gap_fillers import MAX_CLAUSES
from searchapp.services.library import Library
from tests.indexes import ask, index, opened, report_text, write

SPIRIT = "深入学习贯彻习近平总书记关于{}重要指示批示精神。"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("fillers")
    fillers = ("河湖治理的", "河湖治理的", "安全生產", "", "党建、廉政“两手抓”的", "党建廉政两手抓的")
    paragraphs = [SPIRIT.format(filler) for filler in fillers]
    files = {
        "a.txt": report_text("市水务局党组", 2023, *paragraphs, "开展教育，开展了教育。"),
        "b.txt": report_text("区委", 2022, SPIRIT.format("河湖治理的") * 2),
    }
    write(place / "in", files)
    index(place / "ix", place / "in")
    return opened(place / "ix")


def values(answer: dict[str, object]) -> dict[str, int]:
    fillers = answer["fillers"]
    assert isinstance(fillers, list) and len(fillers) == 1
    return {value["text"]: value["count"] for value in fillers[0]["values"]}


def test_fillers_are_listed_as_written_by_count_then_text(library: Library) -> None:
    answer = ask(library, q='"习近平总书记关于{0,40}重要指示批示精神"', fillers="true")
    (told,) = answer["fillers"]
    assert told["clause"] == '"习近平总书记关于{0,40}重要指示批示精神"'
    assert next(iter(values(answer).items())) == ("河湖治理的", 4)
    assert values(answer) == {
        "河湖治理的": 4,
        "": 1,
        "党建、廉政“两手抓”的": 1,
        "党建廉政两手抓的": 1,
        "安全生產": 1,
    }
    assert told["total"] == sum(values(answer).values()) == answer["counts"]["occurrences"] == 8
    assert told["distinct"] == 5


def test_filters_and_pages_hold_for_fillers_as_for_hits(library: Library) -> None:
    q = '"习近平总书记关于{0,40}重要指示批示精神"'
    assert values(ask(library, q=q, fillers="true", year="2022")) == {"河湖治理的": 2}
    whole = ask(library, q=q, fillers="true")["fillers"]
    assert ask(library, q=q, fillers="true", per_page="1", page="2", group="report")["fillers"] == whole
    assert ask(library, q=q, fillers="true", block="annex")["fillers"][0]["total"] == 0


def test_blind_to_punctuation_what_differs_in_it_is_one(library: Library) -> None:
    answer = ask(library, q='"总书记关于{0,40}重要指示"', fillers="true", punct="ignore")
    assert values(answer)["党建、廉政“两手抓”的"] == 2
    assert sum(values(answer).values()) == answer["counts"]["occurrences"]


def test_several_gaps_are_told_together(library: Library) -> None:
    answer = ask(library, q='"学习*总书记关于*重要"', fillers="true")
    assert values(answer)["贯彻习近平 … 河湖治理的"] == 4


def test_a_gap_under_or_and_any_counts_its_own_occurrences(library: Library) -> None:
    for match in ("all", "any"):
        answer = ask(library, q='"开展*教育" OR 河湖', fillers="true", match=match)
        assert values(answer) == {"": 1, "了": 1}


def test_it_is_said_when_there_is_no_gap(library: Library) -> None:
    answer = ask(library, q='"总书记" -"开展*教育"', fillers="true")
    assert answer["fillers"] == []
    assert any("没有带间隔的短语" in told["message"] for told in answer["diagnostics"])


def test_of_very_many_gaps_the_first_are_listed_and_it_is_said(library: Library) -> None:
    phrases = [f'"{left}*{right}"' for left in "深入学习" for right in "总书记"]
    answer = ask(library, q=" OR ".join(phrases), fillers="true")
    assert [told["clause"] for told in answer["fillers"]] == phrases[:MAX_CLAUSES]
    assert any("有 12 个，只列前 8 个" in told["message"] for told in answer["diagnostics"])


def test_nothing_is_listed_unasked(library: Library) -> None:
    assert ask(library, q='"开展*教育"')["fillers"] == []
