"""Parameters: what is taken, what is refused and with which words."""

from __future__ import annotations

import pytest

from searchapp.errors import ParameterError, QueryRefusedError
from searchapp.query import YearRange
from searchapp.search.params import PARAMETER_NAMES, parse_request
from searchapp.search.schema import ALL_KINDS, BROWSE_KINDS, DEFAULT_KINDS, FACETS, spoken


def test_every_parameter_reaches_the_request() -> None:
    parsed = parse_request(
        {
            "q": ["党建"],
            "unit": ["水务局", " 档案馆 ", ""],
            "not_year": ["2022"],
            "year_from": ["2020"],
            "year_to": ["2023"],
            "block": ["heading", "paragraph"],
            "sort": ["newest"],
            "page": ["3"],
            "per_page": ["100"],
        }
    )
    request = parsed.request
    assert request.filters.include == {"unit": {"水务局", "档案馆"}}
    assert request.filters.exclude == {"year": {"2022"}}
    assert request.filters.years == YearRange(2020, 2023)
    assert request.searched_kinds == {"heading", "paragraph"}
    assert (request.sort, request.page, request.per_page) == ("newest", 3, 100)
    assert parsed.diagnostics == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "-1"),
        ("page", "0"),
        ("page", "x"),
        ("page", "１"),
        ("page", "9" * 30),
        ("page", "1.5"),
        ("per_page", "101"),
        ("per_page", "0"),
        ("year", "abc"),
        ("year", "20233"),
        ("not_year", "x"),
        ("year_from", "去年"),
        ("year_to", "-2020"),
        ("sort", "best"),
        ("block", "chapter"),
        ("unit", "x" * 201),
    ],
)
def test_values_that_cannot_be_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ParameterError) as refused:
        parse_request({name: [value]})
    assert refused.value.name == name
    assert str(refused.value).startswith(spoken(name))


def test_a_refusal_speaks_as_readers_do() -> None:
    with pytest.raises(ParameterError, match=r"^起始年份应是四位数的年份（如 2023），现在是“去年”。$"):
        parse_request({"year_from": ["去年"]})
    with pytest.raises(ParameterError, match=r"^要排除的年份应是四位数"):
        parse_request({"not_year": ["x"]})


def test_every_parameter_has_a_name_for_readers() -> None:
    assert [name for name in sorted(PARAMETER_NAMES) if name in spoken(name)] == []
    assert spoken("colour") == "参数 colour "


def test_a_query_over_the_limit_is_refused() -> None:
    with pytest.raises(QueryRefusedError):
        parse_request({"q": ["党" * 5001]})


def test_unknown_parameters_are_passed_over_and_said() -> None:
    parsed = parse_request({"q": ["党建"], "colour\x00": ["red"]})
    assert [told.message for told in parsed.diagnostics] == ["不认识的参数“colour�”，已略去"]


@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({}, BROWSE_KINDS),
        ({"q": ["单位:水务局"]}, BROWSE_KINDS),
        ({"q": ["党建"]}, DEFAULT_KINDS),
        ({"q": ["-党建"]}, DEFAULT_KINDS),
        ({"q": ["党建"], "block": ["all"]}, ALL_KINDS),
        ({"block": ["heading"]}, {"heading"}),
    ],
)
def test_which_kinds_of_block_are_searched(params: dict[str, list[str]], kinds: frozenset[str]) -> None:
    assert parse_request(params).request.searched_kinds == kinds


def test_a_facet_is_counted_without_its_own_selection_only() -> None:
    filters = parse_request(
        {"unit": ["a"], "department": ["b"], "year": ["2022"], "year_from": ["2020"]}
    ).request.filters
    unit, year = FACETS[0], FACETS[1]
    assert filters.without_facet(unit).include == {"year": {"2022"}}
    assert filters.without_facet(unit).years is not None
    assert filters.without_facet(year).include == {"unit": {"a"}, "department": {"b"}}
    assert filters.without_facet(year).years is None
    assert filters.selected(unit) == {"a", "b"}


def test_switches_of_the_answer_stand_beside_the_request() -> None:
    parsed = parse_request({"q": ["党建"], "synonyms": ["true"], "fillers": ["1"]})
    assert (parsed.synonyms, parsed.fillers) == (True, True)
    assert parsed.request == parse_request({"q": ["党建"]}).request
    assert parse_request({"q": ["党建"], "synonyms": ["false"], "fillers": [""]}).fillers is False


@pytest.mark.parametrize("name", ["match", "punct", "group", "fold", "explain", "synonyms", "fillers"])
def test_a_choice_that_there_is_not_is_refused_by_name(name: str) -> None:
    with pytest.raises(ParameterError) as refused:
        parse_request({name: ["maybe"]})
    assert refused.value.name == name
    assert "maybe" in str(refused.value)
