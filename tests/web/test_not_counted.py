"""Occurrences that a distributed engine did not count are said to be so, never shown as a number."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from searchapp.cli.search import tell
from searchapp.query import Phrase
from searchapp.search.request import SearchRequest
from searchapp.search.result import Counts, SearchResult
from searchapp.search.schema import FACET_NAMES
from searchapp.services.payloads.shape import shaped
from searchapp.services.payloads.types import CountsJson
from searchapp.services.search import Answer
from searchapp.web.search.results import NOT_COUNTED, count_items

COUNTS = Counts(None, 20_000, 30, 4)
RESULT = SearchResult(20_000, 1, 10, COUNTS, (), dict.fromkeys(FACET_NAMES, ()))


@pytest.mark.parametrize(
    ("asks_text", "told"), [(True, ["30", NOT_COUNTED, "20,000", "4"]), (False, ["30", "20,000", "4"])]
)
def test_a_page_says_that_occurrences_were_not_counted(asks_text: bool, told: list[str]) -> None:
    items = count_items(RESULT, asks_text, scope=40)
    assert [item.number for item in items] == told
    if asks_text:
        assert "没有逐处数" in items[1].noun


def test_json_has_null() -> None:
    assert shaped(CountsJson, COUNTS).occurrences is None


def test_the_command_line_says_so_too() -> None:
    request = SearchRequest(Phrase.of("的"))
    answer = Answer("的", "b", 1.0, request, RESULT, ())
    out = io.StringIO()
    tell(answer, lambda _: "", Console(file=out, width=200))
    assert "处数未数" in out.getvalue()
    assert "20,000 段" in out.getvalue()
