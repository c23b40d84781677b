"""Answers: diagnostics, the JSON of SEMANTICS 5, verification."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from searchapp.config import Settings
from searchapp.errors import ParameterError
from searchapp.search.params import PARAMETER_NAMES
from searchapp.services.concordance import concordance
from searchapp.services.headings import headings
from searchapp.services.library import Library
from searchapp.services.report_list import list_reports, parse_list_request
from searchapp.services.search import search
from searchapp.services.suggest import suggest_json
from searchapp.wiring import verify_index
from tests.indexes import ask, index, opened, report_text, write


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("searching")
    files = {
        "a.txt": report_text("市水务局党组", 2023, "一是落实主体责任。", "二是纠治四风。"),
        "b.txt": report_text("区委", 2022, "一是建强支部。", "附件：任务清单", "1.完成清淤任务三项"),
    }
    write(place / "in", files)
    index(place / "ix", place / "in")
    return opened(place / "ix")


def messages(answer: dict[str, object]) -> str:
    told = answer["diagnostics"]
    assert isinstance(told, list)
    return "\n".join(each["message"] for each in told)


def test_an_answer_has_the_shape_of_the_contract(library: Library) -> None:
    answer = ask(library, q="责任")
    assert set(answer) == {
        "query", "total", "page", "per_page", "counts", "apart", "punctuation",
        "groups", "grouped", "hits", "facets", "unit_types", "offers", "synonyms", "fillers", "diagnostics",
    }  # fmt: skip
    assert set(answer["counts"]) == {"occurrences", "paragraphs", "reports", "units"}
    assert set(answer["facets"]) == {"unit", "year", "section", "part", "kind"}
    hit = answer["hits"][0]
    assert {"paragraph_id", "report_id", "block", "title", "unit", "department", "year", "kind", "section", "text",
            "highlights", "occurrences", "score", "source", "url"} <= set(hit)  # fmt: skip
    assert set(hit["section"]) == {"headings", "parts", "topics"}
    assert set(hit["source"]) == {"file", "line", "column", "page"}
    assert hit["url"] == f"/reports/{hit['report_id']}#p-{hit['paragraph_id'].split('-', 1)[1]}"
    assert set(answer["facets"]["unit"][0]) == {"value", "label", "count", "selected"}


@pytest.mark.parametrize(
    ("values", "given"),
    [("四风", "str"), (2023, "int"), (None, "NoneType"), ([2023], "list[int]"), (["四风", b"x"], "list[bytes]")],
)
@pytest.mark.parametrize("name", sorted(PARAMETER_NAMES))
def test_a_program_is_told_which_parameter_has_to_be_a_list(
    library: Library, name: str, values: Any, given: str
) -> None:
    with pytest.raises(ParameterError) as raised:
        search(library, {"q": ["四风"], name: values})
    assert raised.value.name == name
    assert str(raised.value) == f'参数“{name}”要给文字的列表，如 ["2023"]；现在是 {given}。'


def listed_reports(library: Library, params: Any) -> object:
    return list_reports(library, parse_list_request(params))


@pytest.mark.parametrize("asked", [concordance, headings, listed_reports, suggest_json])
def test_no_other_service_takes_a_text_for_a_list(library: Library, asked: Callable[..., object]) -> None:
    name = "sort" if asked is listed_reports else "q"
    with pytest.raises(ParameterError, match="现在是 str"):
        asked(library, {name: "四风"})


def test_a_program_is_told_which_parameters_there_are(library: Library) -> None:
    with pytest.raises(ParameterError) as raised:
        search(library, {"q": ["四风"], "yaer": ["2023"]})
    assert raised.value.name == "yaer"
    assert str(raised.value) == f"没有“yaer”这个参数；可用：{'、'.join(sorted(PARAMETER_NAMES))}。"
    assert search(library, {"q": ("四风",), "year": ["2023"]}).result.total == 1


def test_the_clause_that_is_nowhere_is_named_with_its_span(library: Library) -> None:
    answer = ask(library, q='四风 "从未出现的话"')
    assert answer["total"] == 0
    assert [(d["message"], d["start"], d["end"]) for d in answer["diagnostics"]] == [
        ("“从未出现的话”在全库一处也没有", 3, 11),
        ("其他条件单独都有：“四风” 1 段", 0, 0),
    ]


def test_clauses_that_never_meet_are_told_apart_from_absent_ones(library: Library) -> None:
    assert "没有一段同时符合" in messages(ask(library, q='"四风" "支部"'))


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ('"四风" "支部"', "各条件单独都有（“四风” 1 段，“支部” 1 段），但没有一段同时符合全部条件"),
        ('"落实*支部"', "“落实” 3 段，“支部” 1 段单独都有，但没有一段同时有"),
        ('"主体*落实"', "“主体”“落实”同在一段的有 3 段，但没有一处按这样的间隔相连"),
        ('"落实*从没有"', "“从没有”在全库一处也没有"),
        ("责任 PRE/2 落实", "“责任”“落实”同在一段的有 3 段，但没有一处次序和距离都合"),
        ("四风 NEAR/2 支部", "“四风” 1 段，“支部” 1 段单独都有，但没有一段同时有"),
        ("四风 NEAR/2 从没有", "“从没有”在全库一处也没有"),
        (
            "(从没有 OR 也没有) 四风",
            "“从没有”在全库一处也没有\n“也没有”在全库一处也没有\n其他条件单独都有：“四风” 1 段",
        ),
        ("(四风 支部) OR 从没有", "“支部” 1 段），但没有一段同时符合全部条件\n“从没有”在全库一处也没有"),
        ("四风 单位:没有的局", "没有一段符合“单位:没有的局”"),
        ("从没有", "“从没有”在全库一处也没有"),
    ],
)
def test_what_is_at_fault_is_told_for_every_kind_of_condition(library: Library, q: str, told: str) -> None:
    answer = ask(library, q=q)
    assert answer["total"] == 0
    assert told in messages(answer)


def test_any_word_may_be_asked_for_and_none_is_there(library: Library) -> None:
    assert ask(library, q="四风 支部", match="any")["total"] == 2
    assert messages(ask(library, q="从没有过", match="any")) == "所查的词在全库一处也没有"


def test_counts_of_reasons_are_blind_to_punctuation_when_the_search_is(library: Library) -> None:
    assert "“一是：落实” 1 段" in messages(ask(library, q='"一是：落实" "支部"', punct="ignore"))


def test_hits_outside_the_filters_are_mentioned(library: Library) -> None:
    assert "去掉筛选后有 1 段" in messages(ask(library, q='"四风"', year="2022"))


def test_a_phrase_that_stands_nowhere_is_said_first_and_no_filter_beside_it(library: Library) -> None:
    told = ask(library, q='"从没有过" （', year="2022", unit="没有的局")["diagnostics"]
    assert told[0]["message"] == "“从没有过”在全库一处也没有"
    assert not any("筛选" in each["message"] for each in told)


def test_a_filter_value_that_does_not_exist_is_said(library: Library) -> None:
    answer = ask(library, q="责任", unit="没有的局")
    assert answer["total"] == 0
    assert "没有的局" in messages(answer)
    assert {"value": "没有的局", "label": "没有的局", "count": 0, "selected": True} in answer["facets"]["unit"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"q": '"四风"', "block": "annex"}, "只在别的段落类型里有（附件、注释等，共 1 段）"),
        ({"q": "四风 -四风"}, "没有一段同时符合全部条件"),
        ({"q": "责任", "unit": "没有\x00的局"}, "没有�的局"),
    ],
)
def test_an_empty_answer_always_says_why(library: Library, params: dict[str, str], message: str) -> None:
    answer = ask(library, **params)
    assert answer["total"] == 0
    assert message in messages(answer)


def test_a_unit_as_written_that_has_hits_is_not_called_empty(library: Library) -> None:
    assert ask(library, q="四风", unit="市水务局党组")["diagnostics"] == []


def test_filters_of_one_facet_widen_each_other(library: Library) -> None:
    both = ask(library, q="一是", unit="区委", department="市水务局")
    assert both["counts"]["units"] == 2
    assert ask(library, q="一是", year="2022", year_from="2023")["counts"]["reports"] == 2
    narrowed = ask(library, q="一是", department="市水务局")
    other = {value["value"]: value["count"] for value in narrowed["facets"]["unit"]}["区委"]
    assert ask(library, q="一是", department="市水务局", unit="区委")["total"] == narrowed["total"] + other


def test_years_the_wrong_way_round_are_a_range_all_the_same(library: Library) -> None:
    assert ask(library, q="四风", year_from="2024", year_to="2022")["total"] == 1


def test_browsing_lists_paragraphs_only_in_document_order(library: Library) -> None:
    answer = ask(library, per_page="100")
    assert {hit["block"] for hit in answer["hits"]} == {"paragraph"}
    places = [(hit["source"]["file"], hit["source"]["line"]) for hit in answer["hits"]]
    assert places == sorted(places)
    assert answer["total"] == len(places) > 0


def test_a_unit_as_written_or_its_department_selects(library: Library) -> None:
    as_written = ask(library, q="四风", unit="市水务局党组")
    department = ask(library, q="四风", unit="市水务局")
    assert as_written["total"] == department["total"] == 1
    assert [value["value"] for value in as_written["facets"]["unit"] if value["selected"]] == ["市水务局"]


def test_verify_agrees_with_the_sources_and_notices_a_difference(tmp_path: Path, sample_corpus: Path) -> None:
    texts = {path.name: path.read_bytes() for path in sample_corpus.iterdir() if path.suffix in (".txt", ".docx")}
    (tmp_path / "in").mkdir()
    for name, data in texts.items():
        (tmp_path / "in" / name).write_bytes(data)
    index(tmp_path / "ix", tmp_path / "in")
    found = verify_index(Settings(tmp_path / "ix"))
    assert found.agrees and found.lost_characters == 0
    assert found.reports == 24 and found.phrases == 200
    victim = tmp_path / "in" / "临溪区委2022.txt"
    victim.write_text(victim.read_text(encoding="utf-8").replace("一是", "壹是", 1), encoding="utf-8")
    assert not verify_index(Settings(tmp_path / "ix")).agrees


def test_of_a_very_long_block_a_hit_carries_a_part(tmp_path: Path) -> None:
    middle, size = "重点是治水。", 400_000
    text = ("责任" * size)[: size // 2] + middle + "的" * (size // 2)
    write(tmp_path / "in", {"a.txt": report_text("市水务局党组", 2023, text)})
    index(tmp_path / "ix", tmp_path / "in")
    library = opened(tmp_path / "ix")
    (hit,) = ask(library, q="治水 的")["hits"]
    begin, end = hit["part"]
    assert hit["text"] == text[begin:end] and len(hit["text"]) == 20_000
    marked = {hit["text"][slice(*span)] for span in hit["highlights"]}
    assert marked == {"治水", "的"}
    assert hit["occurrences"] == size // 2 + 1
    assert len(hit["highlights"]) == 2_000 + 1
    (short,) = ask(library, q="主要工作", block="all")["hits"] or [{}]
    assert "part" not in short
