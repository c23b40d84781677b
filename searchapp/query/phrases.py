"""What a phrase token means: a plain phrase, one with gaps, or stretches near each other."""

from __future__ import annotations

from searchapp.language import tr
from searchapp.query.ast import Clause, Gap, Link, Near, Phrase
from searchapp.query.lexer import Bounds, Token
from searchapp.query.signs import MAX_DISTANCE
from searchapp.text.normalize import normalize


def phrase_node(token: Token, slop: int | None) -> tuple[Clause | None, list[str]]:
    """The clause of a phrase token, ``None`` when nothing can be sought, and what was mended.

    ``slop``: the ``n`` of ``~n``; it splits the phrase at white space, before normalization.
    """
    told: list[str] = []
    parts, bounds = _parts(token, told)
    if not parts:
        return None, [tr("这里没有可查找的文字，已略去")]
    if slop is not None:
        if bounds:
            told.append(tr("带间隔的短语不能再加 ~{slop}，已略去", slop=slop))
        elif (near := _near(token, slop)) is not None:
            return near, told
        else:
            told.append(tr("引号里只有一段文字，~{slop} 没有作用", slop=slop))
    if bounds:
        return Gap(token.text, tuple(parts), tuple(bounds), token.span), told
    return Phrase(token.text, parts[0], token.span), told


def _parts(token: Token, told: list[str]) -> tuple[list[str], list[Bounds]]:
    """Normalized parts and the gaps between them: gaps that meet are added up, those at the edges are dropped."""
    parts: list[str] = []
    bounds: list[Bounds] = []
    pending: Bounds | None = None
    edge = False
    for piece in token.pieces:
        if not isinstance(piece, str):
            pending = piece if pending is None else (pending[0] + piece[0], pending[1] + piece[1])
            continue
        literal = normalize(piece)
        if not literal:
            continue
        if pending is not None and parts:
            bounds.append(pending)
        edge = edge or (pending is not None and not parts)
        pending = None
        parts.append(literal)
    if parts and (edge or pending is not None):
        told.append(tr("短语开头或结尾的间隔没有作用，已略去；要查找星号本身，请写 \\*"))
    return parts, bounds


def _near(token: Token, slop: int) -> Near | None:
    texts = [text for text in token.text.split() if normalize(text)]
    if len(texts) < 2:
        return None
    operands = tuple(Phrase(text, normalize(text), token.span) for text in texts)
    return Near(token.text, operands, (Link(min(slop, MAX_DISTANCE)),) * (len(texts) - 1), token.span)
