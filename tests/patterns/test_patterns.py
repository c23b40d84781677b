"""No regular expression of the program takes more than linear time, whatever it is applied to."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.patterns.attacks import slowness
from tests.patterns.collecting import patterns, unknown_calls

BOUNDED: Mapping[str, str] = {
    "searchapp.cli.help_format._DEFAULT": "the program's own help",
    "searchapp.cli.help_format._NO_SPACE": "the program's own help",
    "searchapp.reports.structure.split._PAGE_NUMBER": "an entry of a table of contents: 100 characters",
    "searchapp.reports.structure.split._has_page_number": "an entry of a table of contents: 100 characters",
    "searchapp.services.quote_check.differences._BEFORE": "24 characters before a place",
    "searchapp.web.http.problems._COMMAND_AT_END": "the program's own messages",
}
"""Patterns that may take quadratic time, for their texts are short."""


def test_the_time_of_every_pattern_grows_no_faster_than_its_text() -> None:
    found = patterns()
    assert len(found) > 250
    slow = [
        f"{', '.join(sorted(places))}: {fault}"
        for pattern, (places, methods) in found.items()
        if not places <= set(BOUNDED) and (fault := slowness(pattern, sorted(methods)))
    ]
    assert not slow, "\n".join(slow)


def test_every_pattern_is_known() -> None:
    assert not unknown_calls()


def test_what_needs_short_texts_is_still_there_and_still_does() -> None:
    found = {place: (pattern, methods) for pattern, (places, methods) in patterns().items() for place in places}
    assert set(BOUNDED) <= set(found)
    assert all(slowness(*found[place]) for place in BOUNDED)


@pytest.mark.parametrize("method", ["search", "finditer"])
@pytest.mark.parametrize(
    "slow",
    [
        "(a+)+$",
        r"(\s*\?\s*)+$",
        r"(?:&nbsp;|\?{2,}|\s)+$",
        r"(?:\s|\u3000)*$",
        "a*a*$",
        "[b-m]*[h-z]*!",
        r"\s*x",
        "(?s)<!--.*?-->",
        "<a[^>]*>",
        "(?=.*x)",
    ],
)
def test_a_pattern_that_is_slow_is_found(slow: str, method: str) -> None:
    assert slowness(re.compile(slow), [method])


@pytest.mark.parametrize(
    "swift", ["a+$(?<!aa)", r"(?<!\s)\s*+x", r"(?:&nbsp;|\?{2,}+|\s)+!", "<a[^>]*+>?", "a.{0,40}b.{0,40}c", "(?:a|b)*c"]
)
def test_a_pattern_that_is_not_is_left_alone(swift: str) -> None:
    assert not slowness(re.compile(swift), ["match", "fullmatch"])
