"""The parser: tokens to a syntax tree, whatever is typed; only the documented limits raise.

Grammar (docs/using/query.md)::

    query  = either { OR either }
    either = near { [AND] near }
    near   = unary { NEAR unary }
    unary  = [ NOT ] primary [ "^" weight ]
    primary = phrase [ "~" n ] | word | field ( phrase | word | "(" query ")" ) | "(" query ")"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from searchapp.errors import QueryRefusedError
from searchapp.fields import YEAR_FIELDS
from searchapp.language import tr
from searchapp.query.ast import (
    And,
    Clause,
    Diagnostic,
    Everything,
    Field,
    Gap,
    Link,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Span,
    Word,
    YearRange,
)
from searchapp.query.lexer import Bounds, Token, TokenKind, tokenize
from searchapp.query.signs import MAX_DISTANCE
from searchapp.text.normalize import normalize

MAX_QUERY_CHARACTERS = 512
MAX_TEXT_CHARACTERS = 5000
"""Of a text without operators."""
MAX_CLAUSES = 64
MAX_NESTING = 16

_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR_RANGE = re.compile(r"(\d{4})?(\.\.|-|~|至|到)(\d{4})?")
_YEAR = re.compile(r"(\d{4})年?")
_TEXT_TOKENS: frozenset[TokenKind] = frozenset({"word", "phrase"})


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``text`` as typed, the tree it means, and what was mended to get there."""

    text: str
    root: Node
    diagnostics: tuple[Diagnostic, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """Parses ``text``, mending what does not fit, each mending with a diagnostic.

    A text without operators of more than 512 and at most 5,000 characters is one word. Raises
    :class:`QueryRefusedError` over these limits, 64 clauses or 16 groups inside each other. Linear in the length.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise QueryRefusedError(
            tr(
                "检索式太长：{count} 个字符，最多 {most} 个。请缩短，或分几次查找。",
                count=len(text),
                most=MAX_TEXT_CHARACTERS,
            )
        )
    tokens, diagnostics = tokenize(text)
    if len(text) > MAX_QUERY_CHARACTERS:
        return _long_text(text, tokens)
    if sum(token.kind in _TEXT_TOKENS for token in tokens) > MAX_CLAUSES:
        raise QueryRefusedError(tr("检索式太复杂：超过 {most} 个条件。请减少条件。", most=MAX_CLAUSES))
    root = _Parser(tokens, diagnostics).query()
    return ParsedQuery(text, root, tuple(sorted(diagnostics, key=lambda told: (told.start, told.end))))


def _long_text(text: str, tokens: list[Token]) -> ParsedQuery:
    if any(token.kind not in _TEXT_TOKENS for token in tokens):
        raise QueryRefusedError(
            tr(
                "检索式太长：{count} 个字符，带运算符的检索式最多 {most} 个。请缩短，或分几次查找。",
                count=len(text),
                most=MAX_QUERY_CHARACTERS,
            )
        )
    literal = normalize(text)
    return ParsedQuery(text, Word(text, literal, (0, len(text))) if literal else Everything())


class _Parser:
    def __init__(self, tokens: list[Token], diagnostics: list[Diagnostic]) -> None:
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.at = 0
        self.nesting = 0
        self.field: str | None = None
        """The field whose values a group holds."""

    def query(self) -> Node:
        found = self._either_or()
        while self.at < len(self.tokens):  # a closing bracket without its group cannot be: groups come in pairs
            self.at += 1
        return Everything() if found is None else found

    def _peek(self) -> TokenKind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _tell(self, message: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(message, *span))

    def _either_or(self) -> Node | None:
        children = [self._both()]
        while self._peek() == "or":
            operator = self._next()
            child = self._both()
            if child is None or children[-1] is None:
                child = self._dangling(operator, child)
            children.append(child)
        found = [child for child in children if child is not None]
        return _joined(Or, found)

    def _both(self) -> Node | None:
        children: list[Node] = []
        while (kind := self._peek()) not in (None, "or", "close"):
            if kind == "and":
                operator = self._next()
                if not children or self._peek() in (None, "or", "close", "and"):
                    child = self._dangling(operator, None)
                    children += [] if child is None else [child]
                continue
            if (child := self._near()) is not None:
                children.append(child)
        return _joined(And, children)

    def _dangling(self, operator: Token, other: Node | None) -> Node | None:
        """An operator with nothing on one of its sides says nothing; one that is the whole query is text."""
        if len(self.tokens) == 1:
            self._tell(tr("“{text}”两边没有内容，已当作文字", text=operator.text), operator.span)
            self.tokens[0] = replace(operator, kind="word")
            self.at = 0
            return self._both()
        self._tell(tr("“{text}”缺一边的内容，已略去", text=operator.text), operator.span)
        return other

    def _near(self) -> Node | None:
        nodes: list[Node] = []
        links: list[Link] = []
        first: Token | None = None
        while True:
            if self._peek() == "near":
                operator = self._next()
                if not nodes or self._peek() in (None, "or", "and", "close", "near"):
                    node = self._dangling(operator, None)
                    if node is not None or self._peek() in (None, "or", "and", "close"):
                        nodes += [] if node is None else [node]
                        break
                    continue
                first = first or operator
                links.append(operator.link or Link(0))
            elif len(nodes) > len(links):
                break
            node = self._unary()
            if node is None:
                if links:
                    links.pop()
                if not nodes or self._peek() != "near":
                    break
            else:
                nodes.append(node)
        return self._linked(nodes, links, first)

    def _linked(self, nodes: list[Node], links: list[Link], operator: Token | None) -> Node | None:
        if len(nodes) < 2 or operator is None:
            return _joined(And, nodes)
        span = (_span(nodes[0])[0], _span(nodes[-1])[1])
        operands = [node for node in nodes if isinstance(node, Phrase | Word)]
        if len(operands) < len(nodes):
            self._tell(tr("“{text}”两边只能是词或短语，已改为同时包含", text=operator.text), operator.span)
            return And(tuple(nodes), span)
        weight = max(operand.weight for operand in operands)
        text = " … ".join(operand.text for operand in operands)
        return Near(text, tuple(operands), tuple(links), span, weight)

    def _unary(self) -> Node | None:
        negations: list[Token] = []
        while self._peek() == "not":
            negations.append(self._next())
        if negations and self._peek() in (None, "or", "and", "close", "near"):
            operator = negations[-1]
            self._tell(tr("“{text}”后面没有内容，已当作文字", text=operator.text), operator.span)
            self.tokens.insert(self.at, replace(operator, kind="word"))
            return self._primary()
        child = self._primary()
        if child is None or len(negations) % 2 == 0:
            return child
        return Not(child, (negations[0].span[0], _span(child)[1]))

    def _primary(self) -> Node | None:
        token = self._next()
        match token.kind:
            case "open":
                return self._weighted(self._group(token))
            case "field":
                return self._weighted(self._field(token))
            case "phrase" | "word":
                return self._weighted(self._text(token))
            case _:  # a weight or ~n that stands behind nothing
                return None

    def _group(self, token: Token) -> Node | None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise QueryRefusedError(tr("括号套得太深：最多 {most} 层。请改写检索式。", most=MAX_NESTING))
        child = self._either_or()
        self.nesting -= 1
        end = token.span[1]
        if self._peek() == "close":
            end = self._next().span[1]
        if child is None:
            self._tell(tr("括号里没有内容，已略去"), (token.span[0], end))
        return child

    def _text(self, token: Token) -> Node | None:
        slop = self._next() if self._peek() == "slop" else None
        if self.field is not None:
            return self._condition(self.field, token, token.span[0])
        if token.kind == "phrase":
            node, told = phrase_node(token, None if slop is None else int(slop.number))
            for message in told:
                self._tell(message, token.span)
            return node
        literal = normalize(token.text)
        if not literal:
            self._tell(tr("这里没有可查找的文字，已略去"), token.span)
            return None
        return Word(token.text, literal, token.span)

    def _weighted(self, node: Node | None) -> Node | None:
        """``node`` with the weight that stands behind it."""
        if self._peek() != "weight":
            return node
        token = self._next()
        if node is None:
            return None
        weighed = _weigh(node, token.number)
        if weighed == node and token.number != 1:
            self._tell(tr("字段和排除的条件不计分，权重没有作用"), token.span)
        return weighed

    def _field(self, name: Token) -> Node | None:
        """``name ":" value``; a name without a value is dropped, a group holds several values."""
        if self._peek() == "open" and self.tokens[self.at].span[0] == name.span[1]:
            outer, self.field = self.field, name.text
            group = self._group(self._next())
            self.field = outer
            return group
        if self._peek() not in ("phrase", "word"):
            self._tell(tr("字段后面没有值，已略去"), name.span)
            return None
        return self._condition(name.text, self._next(), name.span[0])

    def _condition(self, name: str, value: Token, start: int) -> Node | None:
        """A field's condition; a year that is none is text."""
        text = normalize(value.text)
        if not text:
            self._tell(tr("字段后面没有值，已略去"), (start, value.span[1]))
            return None
        span = (start, value.span[1])
        if name not in YEAR_FIELDS:
            return Field(name, value.text, text, span)
        years = parse_years(text)
        if years is None:
            self._tell(tr("“{text}”不是年份，已当作文字", text=value.text), value.span)
            return Word(value.text, text, value.span)
        return Field(name, value.text, years, span)


def _joined(kind: type[And] | type[Or], children: list[Node]) -> Node | None:
    if not children:
        return None
    if len(children) == 1:
        return children[0]
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, kind) else (child,))
    return kind(tuple(flat), (_span(flat[0])[0], _span(flat[-1])[1]))


def _span(node: Node) -> Span:
    return (0, 0) if isinstance(node, Everything) else node.span


def _weigh(node: Node, weight: float) -> Node:
    match node:
        case Word() | Phrase() | Gap() | Near():
            return replace(node, weight=node.weight * weight)
        case And(children=children) | Or(children=children):
            return replace(node, children=tuple(_weigh(child, weight) for child in children))
        case _:
            return node


def parse_years(text: str) -> YearRange | None:
    """``2023``, ``2021..2023``, ``2021..``, ``..2023`` (also ``-``, ``~``, 至); ``None`` for anything else."""
    text = text.translate(_CHINESE_DIGITS)
    if match := _YEAR.fullmatch(text):
        return YearRange(int(match.group(1)), int(match.group(1)))
    match = _YEAR_RANGE.fullmatch(text.replace("年", ""))
    if match is None or not (match.group(1) or match.group(3)):
        return None
    first, last = (int(group) if group else None for group in (match.group(1), match.group(3)))
    if first is not None and last is not None and first > last:
        first, last = last, first
    return YearRange(first, last)


def phrase_node(token: Token, slop: int | None) -> tuple[Clause | None, list[str]]:
    """A phrase token as a phrase, one with gaps, or texts near each other; ``None`` without text; and what was mended.

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
