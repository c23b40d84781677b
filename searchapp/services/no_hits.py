"""Why nothing was found: which conditions are at fault, and how many blocks each has alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from searchapp.engines.base import Reader
from searchapp.language import later_n, quoted, tr, trn
from searchapp.query import Diagnostic
from searchapp.query.ast import NO_SPAN, And, Everything, Field, Gap, Near, Node, Not, Or, Phrase, Span, Word
from searchapp.search.params import printable
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.schema import ALL_KINDS

MAX_NAMED = 8
MAX_REASONS = 16
_QUOTES = '"＂“”'


class Alone:
    """How many blocks a condition has by itself, without filters; each is counted once."""

    def __init__(self, reader: Reader, request: SearchRequest) -> None:
        self._reader = reader
        self._request = SearchRequest(kinds=request.searched_kinds, punct=request.punct)
        self._counted: dict[tuple[Node, bool], int] = {}

    def of(self, node: Node, anywhere: bool = False) -> int:
        """Blocks of the kinds that were searched, or (``anywhere``) of all kinds."""
        if (node, anywhere) not in self._counted:
            request = replace(self._request, query=node, kinds=ALL_KINDS if anywhere else self._request.kinds)
            self._counted[node, anywhere] = self._reader.counts(request).paragraphs
        return self._counted[node, anywhere]


def total_unfiltered(reader: Reader, request: SearchRequest) -> int:
    """Blocks of the kinds that were searched, without filters."""
    return reader.counts(replace(request, filters=Filters(), kinds=request.searched_kinds)).paragraphs


def why_nowhere(reader: Reader, request: SearchRequest, typed: str, alone: Alone) -> Iterator[Diagnostic]:
    """What to tell of a request without a hit even without filters; ``typed`` is the text of its query."""
    if request.match == "any":
        elsewhere = reader.counts(replace(request, filters=Filters(), kinds=ALL_KINDS)).paragraphs
        if elsewhere:
            yield Diagnostic(trn("所查的词只在别的段落类型里有（附件、注释等，共 {count} 段）", elsewhere))
        else:
            yield Diagnostic(tr("所查的词在全库一处也没有"))
    elif isinstance(request.query, Everything):
        yield Diagnostic(tr("没有这样的段落"))
    else:
        yield from islice(_Reasons(typed, alone).of(request.query), MAX_REASONS)


class _Reasons:
    def __init__(self, typed: str, alone: Alone) -> None:
        self._typed = typed
        self._alone = alone

    def of(self, node: Node) -> Iterator[Diagnostic]:
        """Why ``node`` has no block, without filters."""
        match node:
            case Word() | Phrase() | Field():
                yield self._absent(node)
            case Gap(parts=parts, span=span):
                operands = tuple(Phrase(part, part, span) for part in parts)
                yield from self._together(
                    node, operands, later_n("{parts}同在一段的有 {count} 段，但没有一处按这样的间隔相连")
                )
            case Near(operands=operands, links=links):
                ordered = any(link.ordered for link in links)
                in_order = later_n("{parts}同在一段的有 {count} 段，但没有一处次序和距离都合")
                near = later_n("{parts}同在一段的有 {count} 段，但没有一处离得这么近")
                yield from self._together(node, operands, in_order if ordered else near)
            case Not():
                yield Diagnostic(
                    tr("每一段都有“{clause}”，排除后什么也不剩", clause=self._shown(node.child)), *node.span
                )
            case Or(children=children):
                for child in children:
                    yield from self.of(child)
            case And(children=children):
                yield from self._never_meeting(children)
            case Everything():
                return

    def _absent(self, node: Word | Phrase | Field) -> Diagnostic:
        if elsewhere := self._alone.of(node, anywhere=True):
            message = self._elsewhere(node, elsewhere)
        elif isinstance(node, Field):
            message = tr("没有一段符合“{clause}”", clause=self._shown(node))
        else:
            message = tr("“{clause}”在全库一处也没有", clause=self._shown(node))
        return Diagnostic(message, *node.span)

    def _together(self, node: Gap | Near, parts: tuple[Phrase | Word, ...], message: str) -> Iterator[Diagnostic]:
        """Why parts that must stand close to each other do not; as parts they mean their literal text.

        ``message``: what to tell when they stand in one block, of ``parts`` and their ``count``.
        """
        literal = tuple(Phrase(part.text, part.literal, part.span) for part in dict.fromkeys(parts))
        absent = [part for part in literal if not self._alone.of(part)]
        if absent:
            for part in absent:
                yield self._absent(part)
        elif elsewhere := self._alone.of(node, anywhere=True):
            yield Diagnostic(self._elsewhere(node, elsewhere), *node.span)
        elif both := self._alone.of(And(literal)):
            parts_shown = quoted(self._shown(part) for part in literal)
            yield Diagnostic(trn(message, both, parts=parts_shown), *node.span)
        else:
            yield Diagnostic(tr("{each}单独都有，但没有一段同时有", each=self._each(literal)), *node.span)

    def _never_meeting(self, children: tuple[Node, ...]) -> Iterator[Diagnostic]:
        absent = [child for child in children if not self._alone.of(child)]
        for child in absent:
            yield from self.of(child)
        others = [child for child in children if child not in absent]
        if absent and others:
            yield Diagnostic(tr("其他条件单独都有：{each}", each=self._each(others)))
        elif others:
            yield Diagnostic(tr("各条件单独都有（{each}），但没有一段同时符合全部条件", each=self._each(others)))

    def _each(self, nodes: tuple[Node, ...] | list[Node] | tuple[Phrase, ...]) -> str:
        each = tr("，").join(
            trn("“{clause}” {count} 段", self._alone.of(node), clause=self._shown(node)) for node in nodes[:MAX_NAMED]
        )
        return each + (tr("……") if len(nodes) > MAX_NAMED else "")

    def _elsewhere(self, node: Node, count: int) -> str:
        clause = self._shown(node)
        return trn("“{clause}”只在别的段落类型里有（附件、注释等，共 {count} 段）", count, clause=clause)

    def _shown(self, node: Node) -> str:
        """A condition as a reader knows it: a clause without its quotation marks, other things as typed."""
        match node:
            case Word(text=text) | Phrase(text=text):
                return printable(text)
            case Everything():
                return ""
            case Gap(span=span):
                return printable(self._typed[slice(*span)].strip(_QUOTES))
            case Or(children=children, span=span) if span == _span(children[0]):  # a clause and its synonyms
                return self._shown(children[0])
            case _:
                return printable(self._typed[slice(*node.span)])


def _span(node: Node) -> Span:
    return NO_SPAN if isinstance(node, Everything) else node.span
