"""How automatic numbers are written (一, （二）, ③, iv …). Knows number formats by their OOXML names only.

The names and their meaning are those of ST_NumberFormat, ISO/IEC 29500-1, 17.18.59.
"""

from __future__ import annotations

from collections.abc import Callable

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
