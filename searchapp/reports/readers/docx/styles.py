"""Styles of a Word file: what they say of headings, numbering and hidden text. Knows styles.xml only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from searchapp.reports.readers.lines import TITLE_STYLE

_VAL, _ID = qn("w:val"), qn("w:styleId")
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE_NAME = re.compile(r"title|标题|文档标题", re.IGNORECASE)
_BODY_OUTLINE_LEVEL = 9
_OFF = {"0", "false", "off"}
_MAX_CHAIN = 32


@dataclass(frozen=True, slots=True)
class NumberReference:
    """Which numbering a paragraph or style asks for; ``None`` where it leaves that to the style below."""

    number: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """One style with everything it inherits.

    ``hint`` is that of ``SourceLine.style``; ``numbered_by`` is the id of the style in the chain that names the
    numbering (a level of a numbering can be bound to that style).
    """

    hint: int | None = None
    reference: NumberReference = NumberReference()
    numbered_by: str | None = None
    is_hidden: bool = False


_PLAIN = Style()


class Styles:
    """All styles of a file, by id."""

    def __init__(self, root: Any | None) -> None:
        self._elements: dict[str, Any] = {}
        self._known: dict[str, Style] = {}
        self._default: str | None = None
        for element in [] if root is None else root.iterchildren(qn("w:style")):
            self._elements[element.get(_ID, "")] = element
            if element.get(qn("w:type")) == "paragraph" and is_on_value(element.get(qn("w:default"), "0")):
                self._default = element.get(_ID)

    def find(self, style: str | None) -> Style:
        """The style of that id, or the default paragraph style; a plain one when there is none."""
        name = style or self._default
        if name is None:
            return _PLAIN
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def is_hidden_run(self, style: str) -> bool:
        """Whether a character style hides its text."""
        return style in self._elements and self.find(style).is_hidden

    def numbering_of(self, style: str) -> str | None:
        """The numbering (numId) that a numbering style stands for."""
        return self.find(style).reference.number

    def _resolve(self, name: str) -> Style:
        hint, number, level, numbered_by, hidden = None, None, None, None, None
        for identity, element in self._chain(name):
            properties = element.find(qn("w:pPr"))
            if hint is None:
                hint = _hint(element, properties)
            reference = number_reference(properties)
            level = reference.level if level is None else level
            if number is None and reference.number is not None:
                number, numbered_by = reference.number, identity
            hidden = hidden_by(element.find(qn("w:rPr"))) if hidden is None else hidden
        return Style(hint, NumberReference(number, level), numbered_by, bool(hidden))

    def _chain(self, name: str) -> Iterator[tuple[str, Any]]:
        """The style and those it is based on; a style based on itself ends the chain."""
        seen: set[str] = set()
        current: str | None = name
        while current in self._elements and current not in seen and len(seen) < _MAX_CHAIN:
            seen.add(current)
            element = self._elements[current]
            yield current, element
            based = element.find(qn("w:basedOn"))
            current = None if based is None else based.get(_VAL)


def number_reference(properties: Any | None) -> NumberReference:
    """What ``w:pPr`` says of numbering."""
    found = None if properties is None else properties.find(qn("w:numPr"))
    if found is None:
        return NumberReference()
    level, number = found.find(qn("w:ilvl")), found.find(qn("w:numId"))
    return NumberReference(
        None if number is None else number.get(_VAL),
        None if level is None else to_integer(level.get(_VAL), 0),
    )


def outline_hint(properties: Any | None) -> int | None:
    """The heading level that ``w:outlineLvl`` gives, or None for body text."""
    found = None if properties is None else properties.find(qn("w:outlineLvl"))
    level = _BODY_OUTLINE_LEVEL if found is None else to_integer(found.get(_VAL), _BODY_OUTLINE_LEVEL)
    return level + 1 if 0 <= level < _BODY_OUTLINE_LEVEL else None


def hidden_by(properties: Any | None) -> bool | None:
    """Whether ``w:rPr`` hides text (True), shows it (False), or says nothing."""
    found = None if properties is None else properties.find(qn("w:vanish"))
    return None if found is None else is_on_value(found.get(_VAL, "1"))


def is_on_value(value: str) -> bool:
    """Whether the value of an on/off property means on."""
    return value.lower() not in _OFF


def to_integer(value: str | None, default: int) -> int:
    """The number in an attribute; the default for none, nonsense, and more than 32 bits hold (ST_DecimalNumber)."""
    try:
        number = int(value) if value is not None else default
    except ValueError:
        return default
    return number if abs(number) < 1 << 31 else default


def _hint(element: Any, properties: Any | None) -> int | None:
    name = element.find(qn("w:name"))
    text = "" if name is None else str(name.get(_VAL, "")).strip()
    heading = _HEADING_NAME.fullmatch(text)
    if heading:
        return int(heading[1])
    return TITLE_STYLE if _TITLE_NAME.fullmatch(text) else outline_hint(properties)
