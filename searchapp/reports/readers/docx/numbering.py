"""Automatic numbering of a Word file, made visible: its counters, and how numbers are written (一, （二）, ③, iv …).

Rules: ISO/IEC 29500-1, 17.9. Numberings that share an abstract numbering share its counters; an override of the start
takes effect when the numbering is first used at that level; a level begins again after any level above it (or after
``w:lvlRestart``); a level above that was never used counts as its start. Number formats: 17.18.59,
ST_NumberFormat. Knows numbering.xml, nothing of text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from searchapp.reports.readers.docx.styles import NumberReference, Style, Styles, to_integer

_VAL = qn("w:val")
_LEVELS = 9
_LABEL_CHARACTERS = 64
"""Of the pattern of a label: nine numbers, and what is written between them."""
_PLACE = re.compile(r"%([1-9])")
_NO_NUMBERING = "0"
_SYMBOL_FONTS = ("wingdings", "symbol", "webdings")
BULLET = "•"
"""Written for bullets that are a character of a symbol font."""


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    is_legal: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class NumberingCounter:
    """The numbers of a document's paragraphs, asked for in document order."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._known: dict[str, _Numbering | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            for element in root.iterchildren(qn("w:abstractNum")):
                self._abstracts[element.get(qn("w:abstractNumId"), "")] = element
            for element in root.iterchildren(qn("w:num")):
                self._numbers[element.get(qn("w:numId"), "")] = element

    def next_label(self, own: NumberReference, style: Style) -> str:
        """The number of the next paragraph with the white space that parts it from the text; empty for none."""
        identity = own.number if own.number is not None else style.reference.number
        if identity is None or identity == _NO_NUMBERING:
            return ""
        numbering = self._find(identity)
        if numbering is None:
            return ""
        depth = self._depth(own, style, numbering)
        level = numbering.levels.get(depth)
        if level is None:
            return ""
        counts = self._count(identity, numbering, depth, level)
        return self._write(level, numbering, counts)

    def _depth(self, own: NumberReference, style: Style, numbering: _Numbering) -> int:
        if own.level is not None:
            return own.level
        if own.number is None:
            for depth, level in numbering.levels.items():
                if level.style is not None and level.style == style.numbered_by:
                    return depth
        return style.reference.level or 0

    def _count(self, identity: str, numbering: _Numbering, depth: int, level: _Level) -> dict[int, int]:
        counts = self._counts.setdefault(numbering.abstract, {})
        override = numbering.starts.get(depth)
        if override is not None and (identity, depth) not in self._started:
            counts[depth] = override
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._started.add((identity, depth))
        for deeper, other in numbering.levels.items():
            if deeper > depth and (other.restart is None or 0 < depth + 1 <= other.restart):
                counts.pop(deeper, None)
        return counts

    def _write(self, level: _Level, numbering: _Numbering, counts: dict[int, int]) -> str:
        if level.form == "bullet":
            label = "".join(BULLET if "\ue000" <= each <= "\uf8ff" else each for each in level.text)
        else:
            label = _PLACE.sub(lambda place: self._number(int(place[1]) - 1, level, numbering, counts), level.text)
        if not label.strip():
            return ""
        # The gap after 一、 and （一） is no white space to a reader; after 1. it keeps 1.2 apart from 1. 2.
        needs_space = level.suffix == "space" or (level.suffix == "tab" and (label[-1].isascii() or label == BULLET))
        return label + " " if needs_space and not label[-1].isspace() else label

    def _number(self, depth: int, level: _Level, numbering: _Numbering, counts: dict[int, int]) -> str:
        other = numbering.levels.get(depth, _Level())
        value = counts.get(depth, other.start)
        return format_number(value, "decimal" if level.is_legal else other.form)

    def _find(self, identity: str) -> _Numbering | None:
        if identity not in self._known:
            self._known[identity] = self._resolve(identity)
        return self._known[identity]

    def _resolve(self, identity: str) -> _Numbering | None:
        element = self._numbers.get(identity)
        abstract = self._abstract_of(element, set())
        if element is None or abstract is None:
            return None
        levels = _read_levels(abstract)
        starts: dict[int, int] = {}
        for override in element.iterchildren(qn("w:lvlOverride")):
            depth = to_integer(override.get(qn("w:ilvl")), 0)
            start = override.find(qn("w:startOverride"))
            if start is not None:
                starts[depth] = to_integer(start.get(_VAL), 1)
            levels.update(_read_levels(override))
        return _Numbering(abstract.get(qn("w:abstractNumId"), ""), levels, starts)

    def _abstract_of(self, element: Any | None, seen: set[str]) -> Any | None:
        """The abstract numbering of a numbering, through a numbering style when it links to one."""
        reference = None if element is None else element.find(qn("w:abstractNumId"))
        abstract = None if reference is None else self._abstracts.get(reference.get(_VAL, ""))
        link = None if abstract is None else abstract.find(qn("w:numStyleLink"))
        if link is None or link.get(_VAL) in seen:
            return abstract
        seen.add(link.get(_VAL, ""))
        target = self._styles.numbering_of(link.get(_VAL, ""))
        linked = self._abstract_of(self._numbers.get(target or ""), seen)
        return abstract if linked is None else linked


def _read_levels(parent: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for element in parent.iterchildren(qn("w:lvl")):
        depth = to_integer(element.get(qn("w:ilvl")), 0)
        if 0 <= depth < _LEVELS:
            found[depth] = _read_level(element)
    return found


def _read_level(element: Any) -> _Level:
    restart, form = _value(element, "w:lvlRestart"), _form(element)
    text = (_value(element, "w:lvlText") or "")[:_LABEL_CHARACTERS]
    return _Level(
        start=to_integer(_value(element, "w:start"), 0),
        form=form,
        text=BULLET if form == "bullet" and text and _is_in_symbol_font(element) else text,
        suffix=_value(element, "w:suff") or "tab",
        restart=None if restart is None else to_integer(restart, 0),
        is_legal=_value(element, "w:isLgl") not in (None, "0", "false"),
        style=_value(element, "w:pStyle"),
    )


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name))
    return None if found is None else str(found.get(_VAL, "1"))


def _is_in_symbol_font(element: Any) -> bool:
    fonts = element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    return fonts is not None and any(str(name).lower().startswith(_SYMBOL_FONTS) for name in fonts.attrib.values())


def _form(element: Any) -> str:
    """The number format; a custom one (``001, 002``) stands beside a plain one to fall back on."""
    forms = [str(found.get(_VAL)) for found in element.iter(qn("w:numFmt"))]
    return next((form for form in forms if form != "custom"), "decimal")


_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MAX_LETTERS = 26 * 30
_MAX_ROMAN = 4_000


def format_number(value: int, form: str) -> str:
    """``value`` in the number format named ``form``; formats that are not known are written in decimal digits."""
    writer = _WRITERS.get(form)
    return writer(value) if writer is not None and value >= 0 else str(value)


def _chinese(value: int) -> str:
    """Counting as it is spoken: 十, 十二, 二十, 一百零一."""
    text = _grouped(value, _DIGITS.replace("〇", "零"), "十百千万")
    return text.removeprefix("一") if 10 <= value < 20 else text


def _legal(value: int) -> str:
    return _grouped(value, _LEGAL_DIGITS, "拾佰仟万")


def _grouped(value: int, digits: str, units: str) -> str:
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = digits[0] if 0 < low < 1000 else ""
        return _grouped(high, digits, units) + units[3] + (gap + _grouped(low, digits, units) if low else "")
    if value == 0:
        return digits[0]
    found: list[str] = []
    for position in (3, 2, 1, 0):
        digit = value // 10**position % 10
        if digit:
            found.append(digits[digit] + (units[position - 1] if position else ""))
        elif found and found[-1] != digits[0] and value % 10**position:
            found.append(digits[0])
    return "".join(found)


def _counting(value: int) -> str:
    """Spoken up to ninety-nine, then digit by digit: 九十九, 一〇〇."""
    return _chinese(value) if value < 100 else _digital(value)


def _digital(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def _letters(value: int) -> str:
    """a … z, aa, bb …, as word processors count."""
    if not 0 < value <= _MAX_LETTERS:
        return str(value)
    times, letter = divmod(value - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def _roman(value: int) -> str:
    if not 0 < value < _MAX_ROMAN:
        return str(value)
    found = ""
    for size, letters in _ROMAN:
        found += letters * (value // size)
        value %= size
    return found


def _run(first: str, count: int) -> Callable[[int], str]:
    """Characters of a run in Unicode (①-⑳); decimal digits beyond it."""
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= count else str(value)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda value: characters[(value - 1) % len(characters)] if 0 < value <= len(characters) else str(value)


def _sexagenary(value: int) -> str:
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if 0 < value <= 60 else str(value)


def _full_width(value: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(value))


_WRITERS: dict[str, Callable[[int], str]] = {
    "none": lambda value: "",
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _run("①", 20),
    "decimalEnclosedCircleChinese": _run("①", 20),
    "decimalEnclosedParen": _run("⑴", 20),
    "decimalEnclosedFullstop": _run("⒈", 20),
    "numberInDash": lambda value: f"- {value} -",
    "chineseCounting": _counting,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _chinese,
    "taiwaneseDigital": _digital,
    "japaneseCounting": _chinese,
    "japaneseDigitalTenThousand": _digital,
    "koreanDigital2": _digital,
    "ideographDigital": _digital,
    "ideographEnclosedCircle": _run("㊀", 10),
    "chineseLegalSimplified": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}
