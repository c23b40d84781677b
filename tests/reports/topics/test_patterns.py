"""Patterns looked for quickly are found where they are when they are all tried at every character."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.reports.cue_tables import part_table
from searchapp.reports.topics.parts import Patterns

_ATOMS = st.sampled_from(
    ["甲", "乙", "丙丁", "[甲乙]", "(?:甲|乙丙)", "(?<!甲)丁", ".", r"\d", r"\|", "[|]", "[]甲]", "[^]甲]"]
)
_PIECES = st.tuples(_ATOMS, st.sampled_from(["", "", "?", "*", "{0,2}", "??"])).map("".join)
_ALTERNATIVES = st.lists(_PIECES, min_size=1, max_size=4).map("".join).filter(lambda pattern: not re.match(pattern, ""))
_PATTERNS = st.lists(_ALTERNATIVES, min_size=1, max_size=3).map("|".join)


def all_tried(patterns: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    together = "|".join(f"(?P<p{number}>{pattern})" for number, pattern in enumerate(patterns))
    return [(int((match.lastgroup or "")[1:]), *match.span()) for match in re.finditer(together, text)]


def quickly(patterns: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    return [(number, *match.span()) for number, match in Patterns(list(enumerate(patterns))).finditer(text)]


@settings(max_examples=400, deadline=None)
@given(st.lists(_PATTERNS, min_size=1, max_size=3), st.text("甲乙丙丁|]1", max_size=10))
def test_the_same_is_found(patterns: list[str], text: str) -> None:
    assert quickly(patterns, text) == all_tried(patterns, text)


_CUES = [cue for part in part_table().parts for cue in (part.text, part.sentence_start) if cue]
_WORDS = sorted({word for cue in _CUES for word in re.findall("[\u4e00-\u9fff]+", cue)})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*_WORDS, "。", "，", "：", "五", "我们"]), max_size=8).map("".join))
def test_cues_of_paragraphs_are_found_as_they_are_written(text: str) -> None:
    assert quickly(_CUES, text) == all_tried(_CUES, text)
