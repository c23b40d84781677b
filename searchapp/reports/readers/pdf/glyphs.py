"""What the glyphs of a PDF stand for: folding and spacing. Knows characters, nothing of pages.

Fonts subset by office programs map glyphs to Kangxi radicals (U+2F00), CJK radicals (U+2E80) or compatibility
ideographs (U+F900) in place of the ordinary characters; a search for the ordinary one would miss them.
"""

from __future__ import annotations

import re
import unicodedata

# Simplified forms that NFKC leaves alone; the rest of this block has no ordinary twin.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_FOLDED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
_WIDE = (
    r"\u2e80-\u303f\u3100-\u312f\u31a0-\u31ef\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U0003ffff"
)
_CURLY = "“”‘’…—·"
_IS_WIDE = re.compile(f"[{_WIDE}]")
_JOINS_TIGHTLY = re.compile(f"[{_WIDE}{_CURLY}]")
_GAP = re.compile(f"(?<=[{_WIDE}{_CURLY}]) +|(?<! ) ++(?=[{_WIDE}{_CURLY}])")
SOFT_HYPHEN = "\xad"


def fold(text: str) -> str:
    """``text`` with radicals, compatibility ideographs and Latin ligatures as ordinary characters.

    Invisible characters are taken out; nothing else changes (no full-width forms, no superscripts).
    """
    folded = _FOLDED.sub(lambda found: _RADICALS.get(found[0]) or unicodedata.normalize("NFKC", found[0]), text)
    return _INVISIBLE.sub("", folded)


def is_wide(character: str) -> bool:
    """Whether the character belongs to Chinese text: an ideograph or full-width punctuation."""
    return _IS_WIDE.match(character) is not None


def joiner(left: str, right: str) -> str:
    """What stands between two pieces of one line or paragraph: nothing beside Chinese, else a space."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return ""
    tight = _JOINS_TIGHTLY.match(left[-1]) or _JOINS_TIGHTLY.match(right[0])
    return "" if tight else " "


def join_lines(left: str, right: str) -> str:
    """Two lines of one paragraph as one text; a word divided at the line end is whole again."""
    left, right = left.rstrip(), right.lstrip()
    if len(left) > 1 and right[:1].isalpha() and right[:1].islower() and left[-1] == SOFT_HYPHEN and left[-2].isalpha():
        return left[:-1] + right
    if left[-1:] in ("-", SOFT_HYPHEN):
        return left + right
    return left + joiner(left, right) + right


def close_gaps(text: str) -> str:
    """Recognized text without the spaces beside Chinese characters: recognition makes them between words."""
    return _GAP.sub("", text)


def tidy(text: str) -> str:
    """A finished paragraph: soft hyphens that were seen are hyphens, runs of spaces are one."""
    return re.sub(r" {2,}", " ", text.replace(SOFT_HYPHEN, "-")).strip()
