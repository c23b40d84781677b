"""Synonyms in a query: a clause that is a member of a group is sought as any member of it. Trees to trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.query.ast import And, Node, Not, Or, Phrase, Span, Word
from searchapp.text.normalize import normalize

MAX_ALTERNATIVES = 256
"""Phrases that synonyms add to one query, in all; a clause that would need more is sought as it stands."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A clause (``text`` as typed) and the other members of its group, as the user wrote them.

    ``refused``: the query had grown too large, so they are not sought.
    """

    text: str
    members: tuple[str, ...]
    span: Span
    refused: bool = False


class Synonyms:
    """Groups of expressions that say the same. What has one normal form is one; groups that share a member are one."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._groups: dict[str, dict[str, str]] = {}
        """For every normal form its group: normal forms in the order of the table, each as it was first written."""
        for written in groups:
            group: dict[str, str] = {}
            for text in written:
                if literal := normalize(text):
                    self._join(group, literal, text)
                    group = self._groups[literal]

    def _join(self, group: dict[str, str], literal: str, text: str) -> None:
        """Puts a member into ``group``, and what is joined with it already; the smaller group moves."""
        known = self._groups.get(literal)
        if known is None:
            group[literal] = text
            self._groups[literal] = group
        elif known is not group:
            smaller, larger = sorted((known, group), key=len)
            larger.update(smaller)
            for moved in smaller:
                self._groups[moved] = larger

    def __bool__(self) -> bool:
        return bool(self._groups)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Every group of two or more, disjoint, members as written."""
        distinct = {id(group): group for group in self._groups.values() if len(group) > 1}
        return tuple(tuple(group.values()) for group in distinct.values())

    def others(self, literal: str) -> tuple[str, ...]:
        """The other members of the group of a normal form, as written; none when it is in no group."""
        group = self._groups.get(literal, {})
        return tuple(text for member, text in group.items() if member != literal)


def with_synonyms(query: Node, synonyms: Synonyms) -> tuple[Node, tuple[Expansion, ...]]:
    """``query`` with every word or phrase of a group as any of its members, also under NOT, not in gaps or nearness.

    The members keep weight and span of the clause. Also gives what was expanded, each clause once, in order.
    """
    found: dict[Span, Expansion] = {}
    added = 0

    def widened(node: Node) -> Node:
        nonlocal added
        match node:
            case And(children=children) | Or(children=children):
                return replace(node, children=tuple(widened(child) for child in children))
            case Not(child=child):
                return replace(node, child=widened(child))
            case Word() | Phrase():
                others = synonyms.others(node.literal)
                if not others:
                    return node
                refused = added + len(others) > MAX_ALTERNATIVES
                found[node.span] = Expansion(node.text, others, node.span, refused)
                if refused:
                    return node
                added += len(others)
                members = (Phrase(text, normalize(text), node.span, node.weight) for text in others)
                return Or((node, *members), node.span)
            case _:
                return node

    return widened(query), tuple(found.values())
