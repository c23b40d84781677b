"""How words sound: toneless pinyin from pypinyin's tables, of which that of phrases tells 重要 from 重庆.

The tables are read directly: at indexing, every entry is read, and pypinyin's own functions took ten times as long.
pypinyin takes a tenth of a second and 40 MB to import: it comes in with the first word to be read, at indexing or when
a word is found nowhere.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata

from searchapp.text.normalize import normalize

LONGEST_READ_PHRASE = 8
"""Characters of pypinyin's phrases that are looked for; few have more."""
MAX_INITIALS = 16
"""Different strings of initials that a word may have; heteronyms multiply."""
MAX_SPOKEN = 16
"""Different readings of one word that are looked up."""

# What many speakers do not tell apart: retroflex and dental sibilants, n and l, f and h, front and back nasals.
_SIMILAR_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "h": "f", "r": "n"}
_SIMILAR_FINALS = {"ang": "an", "eng": "en", "ing": "in", "uang": "uan", "iang": "ian"}
_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")


def syllables(text: str) -> list[str]:
    """One for each character of ``text``: its toneless syllable there (ü as ``v``, but lue, nue), or itself.

    The longest phrase of pypinyin's table at each place gives the syllables of its characters.
    """
    from pypinyin.constants import PHRASES_DICT

    read: list[str] = []
    while (at := len(read)) < len(text):
        for end in range(min(at + LONGEST_READ_PHRASE, len(text)), at + 1, -1):
            phrase = PHRASES_DICT.get(text[at:end])
            if phrase is not None and len(phrase) == end - at:
                read.extend(_toneless(readings[0]) for readings in phrase)
                break
        else:
            read.append(_readings(text[at])[0])
    return read


def spoken(text: str) -> list[tuple[str, ...]]:
    """Readings of ``text``, the likeliest first, then those with other readings of its characters."""
    likely = syllables(text)
    choices = [tuple(dict.fromkeys((main, *_readings(char)))) for main, char in zip(likely, text, strict=True)]
    return list(itertools.islice(itertools.product(*choices), MAX_SPOKEN))


def initials(text: str, likely: list[str]) -> list[str]:
    """Strings of first letters by which ``text`` may be asked for; those of ``likely``, its syllables, come first."""
    choices = [
        tuple(dict.fromkeys((main[0], *(reading[0] for reading in _readings(char)))))
        for main, char in zip(likely, text, strict=True)
    ]
    return ["".join(letters) for letters in itertools.islice(itertools.product(*choices), MAX_INITIALS)]


def similar(syllable: str) -> str:
    """The same for syllables that are often taken for each other: ``shen`` and ``seng``."""
    initial = next((each for each in _INITIALS if syllable.startswith(each)), "")
    final = syllable[len(initial) :]
    return _SIMILAR_INITIALS.get(initial, initial) + _SIMILAR_FINALS.get(final, final)


def typed(text: str) -> str:
    """What a person types as pinyin, as it is looked up: small letters only; empty when it is no pinyin."""
    letters = normalize(text).replace("'", "").replace(" ", "").replace("ü", "v")
    return _plain(letters) if letters.isascii() and letters.isalpha() else ""


def _plain(syllable: str) -> str:
    return syllable.lower().replace("lve", "lue").replace("nve", "nue")


@functools.lru_cache(maxsize=1 << 15)
def _readings(char: str) -> tuple[str, ...]:
    """All toneless readings of a character; itself when it has none."""
    from pypinyin.constants import PINYIN_DICT

    listed: str = PINYIN_DICT.get(ord(char), "")
    return tuple(dict.fromkeys(_toneless(reading) for reading in listed.split(",") if reading)) or (char,)


@functools.lru_cache(maxsize=1 << 12)
def _toneless(reading: str) -> str:
    """``lǜ`` as ``lv``, ``zhòng`` as ``zhong``."""
    decomposed = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return _plain("".join(char for char in decomposed if not unicodedata.combining(char)))
