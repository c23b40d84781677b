"""Gaps, nearness and the punctuation-blind reading: the arrays and the plain loops against the definitions themselves.

The definitions are spelt out here once more, position by position, with nothing of searchapp but the values.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.literal.builder import build_literal
from searchapp.literal.clauses import ClauseIndex
from searchapp.literal.punctuation_blind import BlindText
from searchapp.literal.text_index import LiteralIndex
from searchapp.query.ast import Clause, Gap, Link, Near, Phrase
from searchapp.search.compiled_query import CompiledClause
from searchapp.search.occurrences import blinded, fillers, gap_spans, spans, starts
from searchapp.text.punctuation import blind

ALPHABET = "党建引a,。;.*"
texts = st.lists(st.text(alphabet=ALPHABET, max_size=40), min_size=1, max_size=5)
literals = st.text(alphabet=ALPHABET, min_size=1, max_size=2)


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    parts = draw(st.lists(literals, min_size=2, max_size=3))
    kind = draw(st.sampled_from(("phrase", "gap", "near")))
    if kind == "phrase":
        return Phrase(parts[0], parts[0])
    if kind == "gap":
        bounds = [draw(st.sampled_from(((0, 12), (0, 0), (1, 3), (2, 30)))) for _ in parts[1:]]
        return Gap("x", tuple(parts), tuple(bounds))
    links = [Link(draw(st.sampled_from((0, 1, 5, 50))), draw(st.booleans())) for _ in parts[1:]]
    return Near("x", tuple(Phrase(part, part) for part in parts), tuple(links))


def starts_by_definition(clause: Clause, text: str) -> list[int]:
    match clause:
        case Gap(parts=parts, bounds=bounds):
            ended = [char in "。!?;⋯" or (bool(re.search(r"\.", text[max(at - 1, 0) : at] + text[at + 1 : at + 2]))
                     and char == ".") for at, char in enumerate(text)]  # fmt: skip

            def follows(index: int, at: int) -> bool:
                if not text.startswith(parts[index], at):
                    return False
                end = at + len(parts[index])
                return index == len(parts) - 1 or any(
                    not any(ended[end:begin]) and follows(index + 1, begin)
                    for begin in range(end + bounds[index][0], min(end + bounds[index][1], len(text)) + 1)
                )

            return [at for at in range(len(text)) if follows(0, at)]
        case Near(operands=operands, links=links):
            sizes = [len(operand.literal) for operand in operands]

            def near(index: int, at: int) -> bool:
                if not text.startswith(operands[index].literal, at):
                    return False
                return index == len(links) or any(
                    (at, sizes[index]) != (other, sizes[index + 1])
                    and (not links[index].ordered or other > at)
                    and max(0, other - at - sizes[index], at - other - sizes[index + 1]) <= links[index].distance
                    and near(index + 1, other)
                    for other in range(len(text))
                )

            return [at for at in range(len(text)) if near(0, at)]
        case _:
            return [at for at in range(len(text)) if text.startswith(clause.literal, at)]


def without_punctuation(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] not in "PZ")


def counts(index: ClauseIndex, clause: Clause, ignore_punctuation: bool = True) -> list[int]:
    """How often each block holds a clause; the blocks that do are found in a second way."""
    compiled = CompiledClause.of(clause, ignore_punctuation)
    of_each: list[int] = index.occurrences(compiled.sought, compiled.is_blind).row().tolist()
    assert index.blocks(compiled).ordinals.tolist() == [block for block, times in enumerate(of_each) if times]
    return of_each


@settings(max_examples=300)
@given(texts, clauses())
def test_arrays_and_loops_find_what_the_definitions_say(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], clause: Clause
) -> None:
    folder = tmp_path_factory.mktemp("literal")
    build_literal(folder, texts)
    index = ClauseIndex(LiteralIndex(folder))
    expected = [starts_by_definition(clause, text) for text in texts]
    assert [starts(clause, text) for text in texts] == expected
    assert index.occurrences(clause).row().tolist() == [len(found) for found in expected]

    sought = blinded(clause)
    read = texts if sought is None else [without_punctuation(text) for text in texts]
    expected = [starts_by_definition(clause if sought is None else sought, text) for text in read]
    assert counts(index, clause) == [len(found) for found in expected]


@given(st.text(alphabet=ALPHABET, max_size=40), clauses())
def test_what_is_shown_is_what_was_asked_for(text: str, clause: Clause) -> None:
    shown = spans(clause, text)
    found = starts(clause, text)
    assert {start for start, _ in shown} >= set(found)
    for start, end in shown:
        match clause:
            case Gap():
                assert starts_by_definition(clause, text[start:end])[:1] == [0]
            case Near():
                assert text[start:end] in {operand.literal for operand in clause.operands}
            case _:
                assert text[start:end] == clause.literal


@given(st.text(alphabet=ALPHABET, max_size=40), clauses().filter(lambda clause: isinstance(clause, Gap)))
def test_each_occurrence_of_a_gap_has_its_filler(text: str, gap: Gap) -> None:
    found = fillers(gap, text)
    assert len(found) == len(starts(gap, text))
    if len(gap.parts) == 2:
        for (start, end), filler in zip(gap_spans(gap, text), found, strict=True):
            assert text[start:end] == gap.parts[0] + filler + gap.parts[1]


def test_blind_text_and_folds() -> None:
    assert blind("不敢腐、不能腐 , 50%a+b") == "不敢腐不能腐50a+b"


def test_a_clause_of_punctuation_alone_keeps_its_exact_meaning(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("literal")
    build_literal(folder, ["党,建", "党建"])
    index = ClauseIndex(LiteralIndex(folder))
    assert counts(index, Phrase(",", ",")) == [1, 0]
    near = Near("x", (Phrase("党", "党"), Phrase(",", ",")), (Link(0),))
    assert counts(index, near) == [1, 0]
    assert blinded(near) is None
    assert counts(index, replace(near, links=(Link(0, ordered=True),))) == [1, 0]


def test_an_empty_library_has_no_occurrences(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("literal")
    build_literal(folder, [])
    index = ClauseIndex(LiteralIndex(folder))
    gap = Gap("x", ("a", "b"), ((0, 12),))
    for ignore in (False, True):
        assert not any(counts(index, gap, ignore))


@pytest.mark.parametrize("ignore", [False, True])
@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Gap("x", ("a", "bc"), ((0, 2),)), [3, 0, 0]),
        (Gap("x", ("a", "bc"), ((2, 12),)), [4, 0, 0]),
        (Near("x", (Phrase("a", "a"), Phrase("bc", "bc")), (Link(2),)), [3, 0, 3]),
        (Near("x", (Phrase("a", "a"), Phrase("bc", "bc")), (Link(2, ordered=True),)), [3, 0, 0]),
        (Near("x", (Phrase("a", "a"), Phrase("c", "c")), (Link(2),)), [2, 0, 3]),
    ],
)
def test_one_rare_part_beside_many_occurrences_of_another(
    tmp_path_factory: pytest.TempPathFactory, clause: Clause, expected: list[int], ignore: bool
) -> None:
    """Then the search begins from the rare part; blocks and sentences still end it."""
    folder = tmp_path_factory.mktemp("literal")
    build_literal(folder, ["aaaaaabc", "aaaaaaaaaaaaaaaaaaaa", "bcaaaaaa"])
    assert counts(ClauseIndex(LiteralIndex(folder)), clause, ignore) == expected


def test_a_repeated_character_is_not_walked_along_for_each_of_its_pairs(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("repeated")
    build_literal(folder, ["的，的，的、的", "的的的，的"])
    index = LiteralIndex(folder)
    steps: list[int] = []
    step = BlindText._step
    monkeypatch.setattr(BlindText, "_step", lambda self, at, by: steps.append(by) or step(self, at, by))
    assert not len(index.blind_positions("的" * 500))
    assert len(steps) < 10 * 500
    assert len(index.blind_positions("的" * 4)) == 2
