"""What the oracle shares with the engines it is compared with, held against definitions of a few lines written here.

A fault in these would be in both, and no comparison would show it: where clauses stand and what is highlighted, the
keys of near-identical blocks, what ``match=any`` loosens.
"""

from __future__ import annotations

import re
from itertools import groupby, product

from hypothesis import given
from hypothesis import strategies as st

from searchapp.query.ast import And, Clause, Field, Gap, Link, Near, Node, Not, Or, Phrase, Word, YearRange
from searchapp.query.rewrite import any_of, question_text
from searchapp.reports.model import Block, SourcePosition
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.highlight import highlights
from searchapp.search.near_duplicates import fold_key
from searchapp.search.occurrences import spans, starts

FOLDS = {"Ａ": "a", "A": "a", "黨": "党", "「": '"', "”": '"', "２": "2", "—": "-", "，": ",", "！": "!"}
PUNCTUATION = '",-!。'
ENDS = "!。"
LETTERS = "党建a2"

originals = st.text(alphabet=[*LETTERS, *FOLDS, "。"], max_size=24)
texts = st.text(alphabet=[*LETTERS, *PUNCTUATION], max_size=24)
literals = st.text(alphabet=[*LETTERS, *PUNCTUATION], min_size=1, max_size=3)
Span = tuple[int, int]


def folded(text: str) -> str:
    """A text as it is compared, of the characters drawn here."""
    return "".join(FOLDS.get(char, char) for char in text)


def places(literal: str, text: str) -> list[Span]:
    """Where a literal stands, overlaps counted."""
    return [(at, at + len(literal)) for at in range(len(text)) if text[at:].startswith(literal)]


@st.composite
def gaps(draw: st.DrawFn) -> Gap:
    parts = draw(st.lists(literals, min_size=2, max_size=3))
    bounds = [draw(st.sampled_from(((0, 12), (0, 0), (1, 3), (2, 5)))) for _ in parts[1:]]
    return Gap("*".join(parts), tuple(parts), tuple(bounds))


@st.composite
def nearness(draw: st.DrawFn) -> Near:
    operands = [Phrase(literal, literal) for literal in draw(st.lists(literals, min_size=2, max_size=3))]
    links = [Link(draw(st.integers(0, 5)), draw(st.booleans())) for _ in operands[1:]]
    return Near("x", tuple(operands), tuple(links))


def gap_places(gap: Gap, text: str) -> list[Span]:
    """Where a gap stands: a regular expression with lazy repeats, tried at every character."""
    pattern = re.escape(gap.parts[0])
    for (least, most), part in zip(gap.bounds, gap.parts[1:], strict=True):
        pattern += f"[^{ENDS}]{{{least},{most}}}?{re.escape(part)}"
    found = (re.compile(pattern).match(text, at) for at in range(len(text)))
    return [match.span() for match in found if match]


def near_places(near: Near, text: str) -> list[tuple[Span, ...]]:
    """Every choice of one place for each operand in which neighbours are as near as their link says."""
    return [
        chosen
        for chosen in product(*(places(operand.literal, text) for operand in near.operands))
        if all(
            one != other
            and max(0, other[0] - one[1], one[0] - other[1]) <= link.distance
            and (not link.ordered or one[0] < other[0])
            for one, other, link in zip(chosen, chosen[1:], near.links, strict=False)
        )
    ]


@given(text=texts, literal=literals)
def test_a_phrase_stands_wherever_the_text_goes_on_with_it(text: str, literal: str) -> None:
    clause = Phrase(literal, literal)
    assert list(spans(clause, text)) == places(literal, text)
    assert starts(clause, text) == [match.start() for match in re.finditer(f"(?={re.escape(literal)})", text)]


@given(text=texts, gap=gaps())
def test_a_gap_stands_where_a_lazy_regular_expression_matches(text: str, gap: Gap) -> None:
    assert list(spans(gap, text)) == gap_places(gap, text)
    assert starts(gap, text) == [start for start, _ in gap_places(gap, text)]


@given(text=texts, near=nearness())
def test_nearness_stands_where_some_choice_of_places_is_near(text: str, near: Near) -> None:
    chosen = near_places(near, text)
    assert list(spans(near, text)) == sorted({place for each in chosen for place in each})
    assert starts(near, text) == sorted({each[0][0] for each in chosen})


@given(text=originals, literal=literals)
def test_highlights_of_a_phrase_are_where_the_folded_text_holds_it(text: str, literal: str) -> None:
    block = Block("paragraph", text, "k", SourcePosition("a.txt", 1))
    clause = Phrase(literal, literal)
    assert list(highlights(CompiledQuery(clause, list), block)) == places(literal, folded(text))


@given(text=originals, literal=literals)
def test_highlights_without_punctuation_run_over_it(text: str, literal: str) -> None:
    block = Block("paragraph", text, "k", SourcePosition("a.txt", 1))
    shown = highlights(CompiledQuery(Phrase(literal, literal), list, ignore_punctuation=True), block)
    letters = [char for char in literal if char not in PUNCTUATION]
    if not letters:
        assert list(shown) == places(literal, folded(text))
        return
    between = f"[{re.escape(PUNCTUATION)}]*"
    pattern = re.compile(between.join(map(re.escape, letters)))
    matches = (pattern.match(folded(text), at) for at in range(len(text)))
    assert list(shown) == [match.span() for match in matches if match]


@given(text=originals, marked=st.integers(0, 24), literal=literals)
def test_highlights_never_count_a_mark_as_text(text: str, marked: int, literal: str) -> None:
    at = min(marked, len(text))
    written = f"{text[:at]}##党##{text[at:]}"
    block = Block("paragraph", written, "k", SourcePosition("a.txt", 1), marks=((at, at + 5),))
    expected = []
    for start, end in places(literal, folded(text)):
        expected.append((start + 5 * (start >= at), end + 5 * (end > at)))
    assert list(highlights(CompiledQuery(Phrase(literal, literal), list), block)) == expected


@given(texts=st.lists(st.text(alphabet="党建x12×,。", min_size=1, max_size=6), min_size=2, max_size=12))
def test_blocks_share_a_key_when_they_differ_in_digits_masks_and_punctuation(texts: list[str]) -> None:
    def kept(text: str) -> str:
        runs = ["".join(run) for _, run in groupby(char for char in text if char not in ",。")]
        return "".join(run for run in runs if run[0] in "党建" or run == "x") or text

    for one, other in product(texts, texts):
        assert (fold_key(one) == fold_key(other)) == (kept(one) == kept(other))


def cut(text: str) -> list[str]:
    """A stand-in for jieba: words of two characters, the last may be of one."""
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def holds(node: Node, text: str, year: int) -> bool:
    """Whether a text of a year answers a query of words, phrases and years."""
    match node:
        case And(children=children):
            return all(holds(child, text, year) for child in children)
        case Or(children=children):
            return any(holds(child, text, year) for child in children)
        case Not(child=child):
            return not holds(child, text, year)
        case Field(value=YearRange() as years):
            return year in years
        case Word() | Phrase():
            return node.literal in text
    raise AssertionError(node)


words = st.text(alphabet=LETTERS, min_size=1, max_size=5)
asked_for = st.builds(lambda kind, text: kind(text, text), st.sampled_from((Word, Phrase)), words)


@given(
    alternatives=st.lists(asked_for, min_size=1, max_size=4),
    excluded=st.lists(words, max_size=1),
    years=st.lists(st.just(YearRange(2022, 2023)), max_size=1),
    text=texts,
    year=st.integers(2021, 2024),
)
def test_any_of_the_pieces_is_enough_and_all_else_stays_required(
    alternatives: list[Clause], excluded: list[str], years: list[YearRange], text: str, year: int
) -> None:
    nots = [Not(Phrase(literal, literal)) for literal in excluded]
    fields = [Field("year", "x", value) for value in years]
    pieces: list[str] = []
    for clause in alternatives:
        assert isinstance(clause, Word | Phrase)
        longer = [word for word in cut(clause.literal) if len(word) > 1] or cut(clause.literal)
        pieces += longer if isinstance(clause, Word) else [clause.literal]
    expected = (
        any(piece in text for piece in pieces)
        and not any(literal in text for literal in excluded)
        and all(2022 <= year <= 2023 for _ in years)
    )
    query = And((*alternatives, *nots, *fields))
    assert holds(any_of(query, cut), text, year) == expected
    assert question_text(query) == " ".join(dict.fromkeys(clause.literal for clause in alternatives))
