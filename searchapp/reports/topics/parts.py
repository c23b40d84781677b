"""部分: the part of the argument that a text belongs to. Applies the part table; knows single texts and headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from searchapp.reports.cue_tables import part_table
from searchapp.reports.model import PartSpan
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.structure.numbering import parse_number
from searchapp.text.punctuation import FULL_STOPS

REVIEW, PROBLEMS, PLAN, OPENING, CLOSING, AIMS = "回顾", "存在问题", "安排", "开头", "结束语", "目标要求"
_SENTENCE_END = re.compile(f"[{FULL_STOPS}]+[”’」』）)]*")
_BLANK = "\x00"
_TIME_WORDS = re.compile(r"(?:关于|\d{4}年|下一?步|当前|目前|今后|今年|明年|过去|一年|年度|工作|主要|中|的|我们|和)*")
_MAX_AFTER_CUE = 6
_MIN_CUE_CHARACTERS = 3


@dataclass(frozen=True, slots=True)
class PartCue:
    """A part and the text that says so."""

    part: str
    cue: str


@dataclass(frozen=True, slots=True)
class TextCue:
    """A part that begins at a sentence of a paragraph (``start``: code points from the paragraph's beginning)."""

    start: int
    part: str
    cue: str


@lru_cache(maxsize=4096)
def heading_part(heading: str, is_strict: bool = False) -> PartCue | None:
    """The part that a heading names, or None. The longest cue wins; of equal ones the stronger part.

    ``is_strict`` is for run-in headings and for headings below one that names a part: there a cue is mostly the
    matter (``找差距、解难题``, ``全力推动重点工作``), so it counts only when it is the whole heading, but for words
    of time (``下一步工作打算``) before it and a few characters after it.
    """
    table = part_table()
    # Headings are often set with spaces between the characters: 名 词 解 释.
    heading = squeeze(heading)
    text = table.not_cues.sub(_blanked, heading)
    best: PartCue | None = None
    for cues in table.parts:
        for found in cues.heading.finditer(text):
            if is_strict and not _is_whole(text, found.start(), found.end()):
                continue
            if best is None or len(found[0]) > len(best.cue):
                best = PartCue(cues.name, heading[found.start() : found.end()])
    return best


def _is_whole(heading: str, start: int, end: int) -> bool:
    number = parse_number(heading)
    before = heading[number.end if number else 0 : start]
    return len(heading) - end <= _MAX_AFTER_CUE and _TIME_WORDS.fullmatch(before) is not None


def heading_turn(heading: str) -> tuple[TextCue, ...]:
    """Where a heading of both problems and plans (``存在的问题和下一步打算``) names each; empty for any other."""
    found = [
        TextCue(match.start(), cues.name, match[0])
        for cues in part_table().parts
        if cues.name in (PROBLEMS, PLAN)
        for match in list(cues.heading.finditer(part_table().not_cues.sub(_blanked, heading)))[:1]
    ]
    return tuple(sorted(found, key=lambda cue: cue.start)) if len(found) > 1 else ()


def _blanked(found: re.Match[str]) -> str:
    return _BLANK * len(found[0])


def names_part(heading: str, part: str) -> bool:
    """Whether a heading names this part, alone or beside another (``存在问题和下一步打算``)."""
    return any(cues.name == part and cues.heading.search(squeeze(heading)) for cues in part_table().parts)


def path_part(path: Sequence[tuple[str, bool]]) -> PartCue | None:
    """The part of a heading path of (heading, is run-in), outermost first: the innermost heading with a cue.

    A review (回顾) never begins inside another part: ``成效`` below ``下一步打算`` is what is hoped for.
    """
    result: PartCue | None = None
    for heading, is_run_in in path:
        found = heading_part(heading, is_run_in or result is not None)
        if found and not (found.part == REVIEW and result is not None):
            result = found
    return result


@cache
def _text_patterns() -> Patterns[tuple[int, bool]]:
    """The cues of paragraphs: each with the number of its part, and whether it counts only where a sentence begins."""
    patterns: list[tuple[tuple[int, bool], str]] = []
    for number, cues in enumerate(part_table().parts):
        patterns.extend(
            ((number, at_start), cue) for at_start, cue in ((False, cues.text), (True, cues.sentence_start)) if cue
        )
    return Patterns(patterns)


def text_cues(text: str, is_after_headings: bool = False) -> tuple[TextCue, ...]:
    """Where parts begin inside a paragraph by its own words, in order; of several cues in one sentence the strongest.

    ``is_after_headings`` tells that no heading follows, so that a closing address counts as one.
    """
    if len(text) < _MIN_CUE_CHARACTERS:
        return ()
    found: list[TextCue] = []
    strength = 0
    starts: list[int] | None = None
    for (number, is_at_start), match in _text_patterns().finditer(text):
        if starts is None:
            starts = [0, *(end.end() for end in _SENTENCE_END.finditer(text))]
        start = starts[bisect_right(starts, match.start()) - 1]
        if is_at_start and text[start : match.start()].strip(" \u3000"):
            continue
        cue = TextCue(start, part_table().parts[number].name, match[0])
        if not found or found[-1].start != start:
            found.append(cue)
        elif number < strength:
            found[-1] = cue
        else:
            continue
        strength = number
    if is_after_headings and not found:
        found.extend(_closing_cue(text))
    return tuple(found)


def _closing_cue(text: str) -> list[TextCue]:
    for cues in part_table().parts:
        match = cues.closing.match(text)
        if match:
            return [TextCue(0, cues.name, match[0][:5])]
    return []


def part_spans(length: int, cues: Sequence[TextCue], above: PartCue | None) -> tuple[PartSpan, ...]:
    """The parts of a paragraph: each cue governs from its sentence on; before the first the part above holds.

    An opening formula (现将…报告如下) makes all that stands before it the opening.
    """
    spans: list[PartSpan] = []
    first = cues[0].start if cues else length
    if cues and cues[0].part == OPENING and above is None:
        first = 0
    if first > 0 and above is not None:
        spans.append(PartSpan(above.part, (0, first), above.cue))
    for index, cue in enumerate(cues):
        start = first if index == 0 else cue.start
        stop = cues[index + 1].start if index + 1 < len(cues) else length
        if spans and spans[-1].part == cue.part:
            last = spans.pop()
            spans.append(PartSpan(last.part, (last.span[0], stop), last.cue))
        else:
            spans.append(PartSpan(cue.part, (start, stop), cue.cue))
    return tuple(spans)


def is_part_heading(text: str) -> bool:
    """Whether an unnumbered line is the heading of a part, such as ``2022年工作回顾``."""
    return len(text) <= 20 and parse_number(text) is None and _PART_HEADING.fullmatch(text) is not None


_PART_HEADING = re.compile(
    r"(?:(?:关于)?\d{4}年(?:度)?的?|过去(?:的?[一五]年|五年)的?|今后五年的?|今年的?|当前|本届政府)"
    r".{0,10}(?:回顾|总结|情况|安排|任务|目标|工作|打算|建议)"
)


Name = TypeVar("Name")

_SPECIAL = frozenset("\\.^$|?*+{}()[]")
_QUANTIFIERS = frozenset("?*+{")


@dataclass(frozen=True, slots=True)
class _Alternative(Generic[Name]):
    """One alternative of a pattern; ``literal`` stands in each of its matches, and may be empty."""

    name: Name
    literal: str
    pattern: re.Pattern[str]


class Patterns(Generic[Name]):
    """Patterns (without flags and groups that capture) by name, each tried before those that follow it.

    Nearly no paragraph has a cue, and to look for plain text is many times as quick as to try every alternative at
    every character: an alternative is tried only where the text has a piece that each of its matches has.
    """

    def __init__(self, patterns: Sequence[tuple[Name, str]]) -> None:
        self._alternatives = [
            _Alternative(name, _literal(alternative), re.compile(alternative))
            for name, pattern in patterns
            for alternative in _parted(pattern)
        ]

    def finditer(self, text: str) -> Iterator[tuple[Name, re.Match[str]]]:
        """What ``re.finditer`` finds for all of them with ``|`` between, each match with the name of its pattern."""
        trying = [each for each in self._alternatives if each.literal in text]
        found = [(each, match) for each in trying if (match := each.pattern.search(text))]
        while found:
            # Of two that begin at one place the earlier alternative comes first.
            first, match = min(found, key=lambda pair: pair[1].start())
            yield first.name, match
            # A match of nothing is not found again where it was.
            end = max(match.end(), match.start() + 1)
            found = [
                (each, following)
                for each, before in found
                if (following := before if before.start() >= end else each.pattern.search(text, end))
            ]


def _parted(pattern: str) -> list[str]:
    """The alternatives of a pattern at its outermost level."""
    bounds = [at for at, depth in _depths(pattern) if depth == 0 and pattern[at] == "|"]
    return [pattern[start:end] for start, end in zip([0, *(at + 1 for at in bounds)], [*bounds, None], strict=True)]


def _literal(alternative: str) -> str:
    """The longest run of plain characters, outside of all groups, that every match holds; may be empty."""
    runs = [""]
    for at, depth in _depths(alternative):
        char = alternative[at]
        if depth == 0 and char not in _SPECIAL and alternative[at + 1 : at + 2] not in _QUANTIFIERS:
            runs[-1] += char
        else:
            runs.append("")
    return max(runs, key=len)


def _depths(pattern: str) -> list[tuple[int, int]]:
    """The places of a pattern's characters, each with the number of groups and sets around it.

    What follows a backslash, or stands in the braces of a quantifier, counts as inside of one.
    """
    found: list[tuple[int, int]] = []
    depth, escaped = 0, False
    # Where the members of the set around the place begin: a bracket that comes first is one of them.
    members: int | None = None
    for at, char in enumerate(pattern):
        if escaped or char == "\\":
            found.append((at, depth + 1))
            escaped = not escaped
        elif members is not None:
            found.append((at, depth))
            if char == "^" and at == members:
                members += 1
            elif char == "]" and at > members:
                members, depth = None, depth - 1
        elif char in "([{":
            depth += 1
            members = at + 1 if char == "[" else None
            found.append((at, depth))
        else:
            found.append((at, depth))
            depth -= char in ")}"
    return found
