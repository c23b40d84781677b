"""Offers: loosened searches with their exact totals, to be taken by one click, never silently.

An offer changes parameters; its total is what the changed search then has. Each counted search is one pass over masks,
and there are at most some thirty of them, whatever was typed.

Invariant: an offered query, typed, parses to the tree that was counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from searchapp.engines.base import Reader
from searchapp.errors import QueryRefusedError
from searchapp.language import quoted, tr, trn
from searchapp.query import parse_query
from searchapp.query.ast import And, Clause, Field, Gap, Near, Node, Not, Or, Phrase, Word, text_clauses
from searchapp.query.rewrite import as_text, replacing, unbound, unquoted, without
from searchapp.query.unparse import Writer, same_meaning
from searchapp.search.params import printable
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import SearchResult
from searchapp.search.schema import ALL_KINDS, EXCLUSION_PREFIX
from searchapp.services.no_hits import Alone

MAX_OFFERS = 8
MAX_WITHOUT = 3
MAX_TRIED = 16
"""Conditions that are left out one by one."""
MAX_CORRECTED = 2
"""Absent words for which near ones are looked up."""
MAX_NEAREST = 3
"""Near words that are tried for each."""
MAX_CORRECTED_CHARACTERS = 32

_SIGNS = re.compile(r"[\s\"＂“”|｜()（）\\^＾*＊{}｛｝:：]+")
"""What may mean something in a query when it stands outside quotes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """``kind``: nearest, punctuation, words, without, any, filters or kinds. ``label``: what it does.

    ``changes``: values to set for parameters instead of theirs; none removes the parameter. ``total``: blocks that the
    search has then.
    """

    kind: str
    label: str
    changes: tuple[tuple[str, tuple[str, ...]], ...]
    total: int


@dataclass(frozen=True, slots=True)
class OfferContext:
    """A search as asked: the text and tree as typed, and how a tree is widened by synonyms before it is searched."""

    typed: str
    request: SearchRequest
    widened: Callable[[Node], Node]
    nearest: Callable[[str], Sequence[str]] | None = None


def offers(reader: Reader, asked: OfferContext, result: SearchResult, alone: Alone) -> tuple[Offer, ...]:
    """What to offer beside ``result``, the most specific first; with hits, only what punctuation keeps apart."""
    maker = _Maker(reader, asked, alone)
    if result.total:
        label = trn("另有 {count} 段仅标点不同", result.punctuation)
        return tuple(maker.ignoring_punctuation(label)) if result.punctuation else ()
    found: dict[object, Offer] = {}
    for offer in maker.all(result):
        found.setdefault(offer.changes, offer)
    return tuple(found.values())[:MAX_OFFERS]


class _Maker:
    def __init__(self, reader: Reader, asked: OfferContext, alone: Alone) -> None:
        self._reader = reader
        self._asked = asked
        self._query = asked.request.query
        self._alone = alone
        self._writer = Writer(asked.typed)

    def all(self, result: SearchResult) -> Iterator[Offer]:
        """Everything that finds something, kind by kind."""
        yield from self._nearest()
        if result.punctuation:
            yield from self.ignoring_punctuation(tr("忽略标点"))
        yield from self._rewritten("words", tr("不加引号"), unquoted(self._query, _typed_words))
        yield from self._rewritten("words", tr("不限标题、小标题，查原文"), as_text(self._query))
        yield from islice(self._without(), MAX_WITHOUT)
        yield from self._any()
        yield from self._wider()

    def ignoring_punctuation(self, label: str) -> Iterator[Offer]:
        """The same search, blind to punctuation."""
        request = replace(self._asked.request, punct="ignore")
        yield from self._offer("punctuation", label, (("punct", ("ignore",)),), request)

    def _nearest(self) -> Iterator[Offer]:
        """Words that stand nowhere, as words of the library that are spelled nearly so; several together first."""
        nearest = self._asked.nearest
        if nearest is None:
            return
        absent = [clause for clause in _words_and_phrases(self._query) if not self._has(clause, anywhere=True)]
        likely: dict[Phrase | Word, list[str]] = {}
        for clause in islice((c for c in absent if len(c.literal) <= MAX_CORRECTED_CHARACTERS), MAX_CORRECTED):
            near = [word for word in nearest(clause.literal) if word.strip() and word != clause.literal]
            if near:
                likely[clause] = near[:MAX_NEAREST]
        if len(likely) > 1:
            tree = self._query
            for clause, near in likely.items():
                tree = replacing(tree, _same(clause, tree), near[0])
            shown = quoted(near[0] for near in likely.values())
            yield from self._rewritten("nearest", tr("你是不是要找{words}", words=shown), tree)
        for clause, near in likely.items():
            for word in near:
                tree = replacing(self._query, clause, word)
                yield from self._rewritten("nearest", tr("你是不是要找{words}", words=quoted([word])), tree)

    def _without(self) -> Iterator[Offer]:
        """Without what is at fault; without the distance that was asked for; without one condition, the most first."""
        conditions = list(dict.fromkeys(_conditions(self._query)))
        absent = [condition for condition in conditions if not self._has(condition)]
        if absent:
            yield from self._left_out(absent)
        yield from self._rewritten("without", tr("不限距离"), unbound(self._query))
        if isinstance(self._query, And) and not all(self._has(child) for child in self._query.children):
            return  # whatever else is left out, that condition keeps the answer empty
        rarest = sorted(conditions, key=lambda condition: self._alone.of(self._asked.widened(condition)))
        each = [offer for condition in rarest[:MAX_TRIED] for offer in self._left_out([condition])]
        yield from sorted(each, key=lambda offer: -offer.total)

    def _left_out(self, conditions: list[Node]) -> Iterator[Offer]:
        tree = without(self._query, frozenset(conditions))
        if tree is not None and any(text_clauses(tree)):
            shown = quoted(self._shown(condition) for condition in conditions[:MAX_WITHOUT])
            if len(conditions) > MAX_WITHOUT:
                label = tr("去掉{conditions}等 {count} 个条件", conditions=shown, count=len(conditions))
            else:
                label = tr("去掉{conditions}", conditions=shown)
            yield from self._rewritten("without", label, tree)

    def _any(self) -> Iterator[Offer]:
        """With any of the words enough; of phrases that stand nowhere with any of theirs."""
        if self._asked.request.match == "any" or not any(text_clauses(self._query)):
            return
        request, any_word = replace(self._asked.request, match="any"), ("match", ("any",))
        found = False
        for offer in self._offer("any", tr("包含任意一个词"), (any_word,), request):
            found = True
            yield offer
        words = unquoted(self._query, _typed_words)
        if not found and not same_meaning(words, self._query):
            text = self._writer.of(words)
            if (parsed := _parsed(text)) is not None and same_meaning(parsed, words):
                loosened = replace(request, query=parsed)
                label = tr("不加引号，包含任意一个词")
                yield from self._offer("any", label, (("q", (text,)), any_word), loosened)

    def _wider(self) -> Iterator[Offer]:
        """Without filters, in all kinds of blocks; both together when neither alone finds anything."""
        request = self._asked.request
        cleared = tuple((name, ()) for name in _filter_names(request.filters))
        kinds = ("block", ("all",))
        kinds_label = tr("附件、注释里也查") if request.kinds is None else tr("不限段落类型")
        found = False
        if cleared:
            for offer in self._offer("filters", tr("去掉筛选"), cleared, replace(request, filters=Filters())):
                found = True
                yield offer
        if request.searched_kinds != ALL_KINDS:
            wide = replace(request, kinds=ALL_KINDS)
            for offer in self._offer("kinds", kinds_label, (kinds,), wide):
                found = True
                yield offer
            if cleared and not found:
                both = replace(wide, filters=Filters())
                label = tr("去掉筛选，附件、注释里也查") if request.kinds is None else tr("去掉筛选，不限段落类型")
                yield from self._offer("filters", label, (*cleared, kinds), both)

    def _rewritten(self, kind: str, label: str, tree: Node) -> Iterator[Offer]:
        """The search for ``tree`` instead, when it can be typed and is another than that which was typed."""
        if same_meaning(tree, self._query):
            return
        text = self._writer.of(tree)
        if (parsed := _parsed(text)) is not None and same_meaning(parsed, tree):
            yield from self._offer(kind, label, (("q", (text,)),), replace(self._asked.request, query=parsed))

    def _offer(
        self, kind: str, label: str, changes: tuple[tuple[str, tuple[str, ...]], ...], request: SearchRequest
    ) -> Iterator[Offer]:
        """The offer, if ``request`` (with the tree as typed) finds anything."""
        total = self._reader.counts(replace(request, query=self._asked.widened(request.query))).paragraphs
        if total:
            yield Offer(kind, label, changes, total)

    def _has(self, node: Node, anywhere: bool = False) -> bool:
        return self._alone.of(self._asked.widened(node), anywhere) > 0

    def _shown(self, node: Node) -> str:
        match node:
            case Word(text=text) | Phrase(text=text):
                return printable(text)
            case _:
                return printable(self._writer.of(node))


def _conditions(node: Node) -> Iterator[Node]:
    """What can be left out: clauses, operands of nearness, fields and exclusions."""
    match node:
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _conditions(child)
        case Near(operands=operands):
            yield from operands
        case Phrase() | Word() | Gap() | Field() | Not():
            yield node


def _words_and_phrases(node: Node) -> Iterator[Phrase | Word]:
    clauses: Iterator[Clause] = text_clauses(node)
    for clause in clauses:
        match clause:
            case Near(operands=operands):
                yield from operands
            case Phrase() | Word():
                yield clause


def _same(clause: Phrase | Word, tree: Node) -> Phrase | Word:
    """``clause`` as it stands in ``tree``, where it may have lost its span."""
    return next((each for each in _words_and_phrases(tree) if each.literal == clause.literal), clause)


def _typed_words(text: str) -> list[str]:
    """``text`` as words that mean themselves when they are typed without quotes."""
    words = text.split()
    if not all(_is_word(word) for word in words):
        words = [word for word in _SIGNS.split(text) if _is_word(word)]
    return words


def _parsed(text: str) -> Node | None:
    """The tree of ``text``; ``None`` over the limits of a query."""
    try:
        return parse_query(text).root
    except QueryRefusedError:
        return None


def _is_word(text: str) -> bool:
    try:
        parsed = parse_query(text)
    except QueryRefusedError:
        return False
    return not parsed.diagnostics and isinstance(parsed.root, Word) and same_meaning(parsed.root, Word.of(text))


def _filter_names(filters: Filters) -> Iterator[str]:
    """The parameters that ``filters`` were made from."""
    yield from filters.include
    yield from (EXCLUSION_PREFIX + name for name in filters.exclude)
    if filters.years is not None:
        bounds = (("year_from", filters.years.first), ("year_to", filters.years.last))
        yield from (name for name, year in bounds if year is not None)
