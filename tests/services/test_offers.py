"""Offers after an empty answer, and beside a phrase that punctuation keeps apart: exact, ordered, bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from searchapp.engines.base import Reader
from searchapp.errors import QueryRefusedError
from searchapp.query import parse_query
from searchapp.query.synonyms import Synonyms
from searchapp.search.request import SearchRequest
from searchapp.search.result import Counts
from searchapp.services.library import Library
from searchapp.services.offers import MAX_OFFERS, Offer
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import Answer, search
from tests.indexes import index, opened, report_text, write

KINDS = ("nearest", "punctuation", "words", "without", "any", "filters", "kinds")
MAX_COUNTED = 250
"""Counted searches of one answer: each clause alone, and some thirty offers."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    place = tmp_path_factory.mktemp("offers")
    water = ("一是坚决做到“两个维护”，落实主体责任。", "二是纠治四风，开展廉政教育。监督责任有待加强。",
             "三是主体责任落得实，党风廉政建设和监督责任也跟着落得实。")  # fmt: skip
    district = ("一是建强支部，创新有举措。", "二是两个维护，一以贯之。", "附件", "任务清单", "1.完成清淤任务三项。")
    files = {"a.txt": report_text("市水务局党组", 2023, *water), "b.txt": report_text("区委", 2022, *district)}
    write(place / "in", files)
    index(place / "ix", place / "in")
    opened_library = opened(place / "ix")
    near = {"两个维沪": ("两个维护", "两个"), "四疯": ("四风",)}
    yield replace(opened_library, nearest=lambda word: near.get(word, ()))
    opened_library.reader.close()


def asked(library: Library, params: Mapping[str, Sequence[str]]) -> Answer:
    return search(library, {name: list(values) for name, values in params.items()})


def offers(library: Library, **params: str) -> list[Offer]:
    return list(asked(library, {name: [value] for name, value in params.items()}).offers)


def labels(library: Library, **params: str) -> list[str]:
    return [offer.label for offer in offers(library, **params)]


def taken(params: Mapping[str, Sequence[str]], offer: Offer) -> dict[str, Sequence[str]]:
    """The parameters after the click."""
    return {name: values for name, values in {**params, **dict(offer.changes)}.items() if values}


QUERIES = r"""
"两个维护 一以贯之" / "开展教育" / 四风 莫须有 / "两个维护" "四风" 支部 / "主体责任*一以贯之"
四疯 两个维沪 / "两个维沪" / 四风 -四风 / "主体责任" NEAR/2 "监督责任" / "监督责任 主体责任"~1 / 清淤
莫须有 OR 子虚乌有 / (四风 OR 支部) 清淤 -责任
单位:没有的局 四风 / 举措创新的 / -"责任" / / 鿿 / 的 / ！ / 四风 OR OR 莫须有 / "四风 / OR / "四风"^3 莫须有
"两个维护一以贯之" / 维护 邻近/1 支部 / "一 是 建 强" / 栏目:(没有 OR 也没有) 责任
"""
FILTERS: tuple[dict[str, list[str]], ...] = (
    {}, {"year": ["2022"]}, {"year_from": ["2030"]}, {"not_unit": ["区委", "市水务局"]}, {"block": ["heading"]},
    {"year": ["2022"], "block": ["table"]}, {"match": ["any"]}, {"punct": ["ignore"]},
    {"group": ["report"], "fold": ["true"]},
)  # fmt: skip


@pytest.mark.parametrize("others", FILTERS, ids=str)
def test_every_offer_finds_what_it_says_and_more_than_there_was(library: Library, others: dict[str, list[str]]) -> None:
    for q in (each for line in QUERIES.strip().splitlines() for each in line.split(" / ")):
        params = {"q": [q], **others}
        answer = asked(library, params)
        kinds = [offer.kind for offer in answer.offers]
        assert kinds == sorted(kinds, key=KINDS.index) and len(kinds) <= MAX_OFFERS
        assert len({offer.changes for offer in answer.offers}) == len(kinds)
        for offer in answer.offers:
            assert asked(library, taken(params, offer)).result.total == offer.total > answer.result.total
        if answer.result.total:
            assert set(kinds) <= {"punctuation"}
        else:
            assert answer.diagnostics, "an empty answer without a reason"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("四风 莫须有", [("without", "去掉“莫须有”", "四风", 1)]),
        ('"开展教育"', [("words", "不加引号", "开展教育", 1)]),
        ('"（四风 纠治"', [("words", "不加引号", "四风 纠治", 1)]),
        ('"主体责任" NEAR/2 "监督责任"', [("without", "不限距离", '"主体责任" "监督责任"', 1)]),
        ("两个维沪 支部", [("without", "去掉“两个维沪”", "支部", 1)]),
        ("两个维沪 四风", [("without", "去掉“两个维沪”", "四风", 1)]),
        ("四疯 纠治", [("nearest", "你是不是要找“四风”", "四风 纠治", 1), ("without", "去掉“四疯”", "纠治", 1)]),
        ('"四疯"^2 -支部', [("nearest", "你是不是要找“四风”", '"四风"^2 -支部', 1)]),
        ("四风 莫须有 子虚乌有", [("without", "去掉“莫须有”“子虚乌有”", "四风", 1)]),
        ("单位:没有的局 四风", [("without", "去掉“单位:没有的局”", "四风", 1)]),
        ("(四风 OR 支部) 清淤 -责任", [("without", "去掉“清淤”", "(四风 OR 支部) -责任", 1)]),
    ],
)
def test_what_is_offered_for_the_query(library: Library, q: str, expected: list[tuple[str, str, str, int]]) -> None:
    found = [
        (offer.kind, offer.label, dict(offer.changes)["q"][0], offer.total)
        for offer in offers(library, q=q)
        if "q" in dict(offer.changes)
    ]
    for each in expected:
        assert each in found


@pytest.mark.parametrize(
    ("q", "label", "changed", "total"),
    [
        ('"莫须有纠治四风举措"', "不加引号，包含任意一个词", "莫须有纠治四风举措", 2),
        ('"莫须有纠治*子虚乌有"', "不加引号，包含任意一个词", "莫须有纠治 子虚乌有", 1),
        ("标题:纠治四风", "不限标题、小标题，查原文", '"纠治四风"', 1),
        ("小标题:支部 举措", "不限标题、小标题，查原文", '"支部" 举措', 1),
    ],
)
def test_a_query_of_which_nothing_stands_as_typed_is_loosened_twice(
    library: Library, q: str, label: str, changed: str, total: int
) -> None:
    (offer,) = (each for each in offers(library, q=q) if each.label == label)
    assert (dict(offer.changes)["q"], offer.total) == ((changed,), total)


def test_pinyin_leads_to_what_it_is_the_sound_of(tmp_path: Path) -> None:
    texts = (f"{number}、做到两个维护，加强党建。" for number in "一二三四")
    write(tmp_path / "in", {"a.txt": report_text("区委", 2022, *texts)})
    index(tmp_path / "ix", tmp_path / "in")
    opened_library = opened(tmp_path / "ix")
    for q in ("dangjian", "党jian", '"Dang Jian"'):
        assert ("你是不是要找“党建”", 4) in [(offer.label, offer.total) for offer in offers(opened_library, q=q)], q
    assert offers(opened_library, q="xyzxyz") == []
    opened_library.reader.close()


def test_two_misspelled_words_are_mended_together(library: Library) -> None:
    first = offers(library, q='四疯 OR "两个维沪"')[0]
    assert (first.label, first.changes) == ("你是不是要找“四风”“两个维护”", (("q", ('四风 OR "两个维护"',)),))
    assert first.total == 3


def test_a_phrase_that_only_punctuation_keeps_apart(library: Library) -> None:
    (offer,) = offers(library, q='"做到两个维护"')[:1]
    assert (offer.kind, offer.label, offer.changes, offer.total) == (
        "punctuation", "忽略标点", (("punct", ("ignore",)),), 1,
    )  # fmt: skip


def test_beside_hits_only_what_punctuation_keeps_apart_is_offered(library: Library) -> None:
    q = '"两个维护，"'
    answer = asked(library, {"q": [q]})
    assert answer.result.total == 1
    assert [(each.kind, each.label, each.total) for each in answer.offers] == [
        ("punctuation", "另有 1 段仅标点不同", 2)
    ]
    assert not asked(library, {"q": [q], "punct": ["ignore"]}).offers


def test_filters_and_kinds_are_cleared_by_their_own_names(library: Library) -> None:
    (offer,) = offers(library, q="四风", year="2022", not_unit="区委", year_to="1990")
    assert (offer.kind, dict(offer.changes)) == ("filters", {"year": (), "not_unit": (), "year_to": ()})
    (offer,) = offers(library, q='"清淤"')
    assert (offer.kind, offer.label) == ("kinds", "附件、注释里也查")
    assert (offer.changes, offer.total) == ((("block", ("all",)),), 1)
    (offer,) = offers(library, q='"清淤"', year="2023")
    assert (offer.kind, offer.label) == ("filters", "去掉筛选，附件、注释里也查")
    assert dict(offer.changes) == {"year": (), "block": ("all",)}


def test_the_last_condition_is_never_offered_to_be_left_out(library: Library) -> None:
    assert not any(offer.kind == "without" for offer in offers(library, q="莫须有"))
    assert not any(offer.kind == "without" for offer in offers(library, q="莫须有 单位:区委"))


def test_synonyms_hold_for_offers_too(library: Library) -> None:
    widened = replace(library, synonyms=Synonyms([("莫须有", "支部"), ("歪风", "四风")]))
    (offer,) = [each for each in offers(widened, q="歪风 支部", synonyms="true") if each.kind == "any"]
    assert offer.total == 2
    assert "去掉“支部”" in labels(widened, q="歪风 支部", synonyms="true")


def test_json_of_offers(library: Library) -> None:
    (offer,) = answer_json(asked(library, {"q": ['"清淤"'], "year": ["2023"]})).offers
    assert to_builtins(offer) == {
        "kind": "filters",
        "label": "去掉筛选，附件、注释里也查",
        "changes": {"year": [], "block": ["all"]},
        "total": 1,
    }


class Counting:
    """A reader that notes how often it is asked for counts."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.searches = 0

    def counts(self, request: SearchRequest, occurrences: bool = False) -> Counts:
        self.searches += 1
        return self._reader.counts(request, occurrences)

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)


@pytest.mark.parametrize(
    "q",
    [
        " ".join(f"“{chr(0x4E00 + number)}”" for number in range(64)),
        " ".join(["责任", "落实", "四风", "支部"] * 16),
        "|".join(f"莫须有{number}" for number in range(64)),
        " NEAR/1 ".join(["责任", "落实"] * 24),
        " ".join(f'"责{{0,3}}任*{number}"' for number in range(40)),
        " ".join(f"-{chr(0x4E00 + number)}" for number in range(60)) + " 四风 支部",
        "落实四风" * 1200,
    ],
    ids=["absent", "present", "or", "near", "gaps", "not", "long"],
)
def test_the_number_of_counted_searches_is_bounded(library: Library, q: str) -> None:
    counting = Counting(library.reader)
    answer = asked(replace(library, reader=counting, nearest=lambda word: ("四风",) * 50), {"q": [q]})  # type: ignore[arg-type]
    assert answer.result.total == 0
    assert counting.searches <= MAX_COUNTED


SIGNS = (
    "四风", "责任", '"两个维护"', "莫须有", '"没有 这个"~3', '"责任*四风"', "OR", "或", "NOT", "-", "(", ")",
    "NEAR/3", "^2", '"', "“", "”", "单位:", "年份:2023", "|", "*", "\\", "！",
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(SIGNS), max_size=8).map(" ".join), st.sampled_from(FILTERS))
def test_whatever_is_typed_is_offered_only_what_holds(library: Library, q: str, others: dict[str, list[str]]) -> None:
    params = {"q": [q], **others}
    try:
        parse_query(q)
    except QueryRefusedError:
        return
    for offer in asked(library, params).offers:
        assert asked(library, taken(params, offer)).result.total == offer.total > 0
