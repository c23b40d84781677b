"""A search state is its address, and its address is the state."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.search.params import PARAMETER_NAMES, parse_request
from searchapp.search.schema import FACETS
from searchapp.web.search_state import SearchState

UNIT = next(facet for facet in FACETS if facet.name == "unit")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
parameters = st.dictionaries(
    st.sampled_from([*sorted(PARAMETER_NAMES), "nothing"]), st.lists(texts, max_size=4), max_size=8
)


def reread(state: SearchState) -> SearchState:
    return SearchState.of(parse_qs(urlsplit(state.url()).query, keep_blank_values=True))


@given(parameters)
def test_the_address_of_a_state_means_the_same_state(params: dict[str, list[str]]) -> None:
    state = SearchState.of(params)
    assert reread(state) == state


@given(parameters, texts)
def test_a_change_gives_a_state_that_its_address_means(params: dict[str, list[str]], value: str) -> None:
    state = SearchState.of(params).replacing("unit", value)
    assert reread(state) == state
    assert state.values("page") == ()


@given(parameters)
def test_choosing_and_taking_off_comes_back_to_the_first_page_of_the_same_search(params: dict[str, list[str]]) -> None:
    state = SearchState.of(params).without("unit", "水务局").without("department", "水务局")
    assert state.toggled(UNIT, "水务局").toggled(UNIT, "水务局") == state


@given(parameters)
def test_a_cleared_state_is_not_narrowed_and_keeps_the_query(params: dict[str, list[str]]) -> None:
    state = SearchState.of(params)
    assert not state.cleared().is_narrowed
    assert state.cleared().query == state.query


def test_states_know_every_parameter_of_a_search() -> None:
    given_once = {name: ["2021"] for name in PARAMETER_NAMES}
    given_once |= {"block": ["all"], "sort": ["oldest"], "page": ["7"], "per_page": ["7"], "names": ["then"]}
    given_once |= {"match": ["any"], "punct": ["ignore"], "group": ["report"], "fold": ["true"], "explain": ["true"]}
    given_once |= {"synonyms": ["true"], "fillers": ["true"]}
    state = SearchState.of(given_once)
    assert {name for name, _ in state.pairs} == PARAMETER_NAMES
    params = parse_qs(urlsplit(state.url()).query)
    assert parse_request(params).request == parse_request(given_once).request


@pytest.mark.parametrize(
    ("params", "url"),
    [
        ({}, "/search"),
        ({"q": [" "], "page": ["1"], "sort": ["relevance"], "per_page": ["10"], "unit": ["", " "]}, "/search"),
        ({"year": ["2023", "2022", "2023"]}, "/search?year=2022&year=2023"),
        ({"q": ["一", "二"]}, "/search?q=二"),
        ({"q": ["“两个维护”，"]}, "/search?q=“两个维护”，"),
        ({"q": ['"甲 乙"\u3000丙\u202e']}, "/search?q=%22甲+乙%22%E3%80%80丙%E2%80%AE"),
        ({"q": ["a&b=c#d"]}, "/search?q=a%26b%3Dc%23d"),
        ({"unit": ["\ud800"]}, "/search?unit=%3F"),
    ],
)
def test_what_says_nothing_is_left_out_of_the_address(params: dict[str, list[str]], url: str) -> None:
    assert SearchState.of(params).url() == url


def test_a_unit_chosen_as_a_department_comes_off_the_unit_facet() -> None:
    state = SearchState.of({"department": ["水务局"], "unit": ["档案馆"]})
    assert state.toggled(UNIT, "水务局").pairs == (("unit", "档案馆"),)


def test_a_form_carries_what_it_does_not_set_itself() -> None:
    state = SearchState.of({"q": ["党建"], "year": ["2023"], "page": ["3"], "sort": ["oldest"]})
    assert state.fields("q") == (("year", "2023"), ("sort", "oldest"))
