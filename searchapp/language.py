"""Floor 0: the language that messages are made in, and their translations. Knows nothing else of searchapp.

Messages are Chinese where they stand in code and templates. :func:`tr` gives a message in the language of the moment,
which ``web`` sets for each request; everywhere else it is Chinese. To add a message: docs/inside/translating.md.

Invariant: a message is translated when it is made for an answer; builds, caches and constants hold the Chinese.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations
from pathlib import Path
from typing import Literal, TypeVar

Language = Literal["zh", "en"]

OWN: Language = "zh"
"""The language of the messages themselves."""

NAMES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
"""Every language, by the name that it calls itself."""

TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
"""For ``lang`` attributes and ``Content-Language`` (BCP 47)."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")

LOCALES = Path(__file__).parent / "locales"

_language: ContextVar[Language] = ContextVar("searchapp.language", default=OWN)

Key = TypeVar("Key")


def language() -> Language:
    """The language of the moment."""
    return _language.get()


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    """What is made inside is made in ``wanted``."""
    token = _language.set(wanted)
    try:
        yield
    finally:
        _language.reset(token)


def speak(wanted: Language) -> None:
    """From here on, in this context, what is made is made in ``wanted``."""
    _language.set(wanted)


def tr(message: str, /, **values: object) -> str:
    """``message`` in the language of the moment, with ``values`` in its ``{placeholders}`` (``str.format``)."""
    spoken = _language.get()
    if spoken != OWN:
        message = _catalog(spoken).gettext(message)
    return message.format(**values) if values else message


def trc(context: str, message: str, /, **values: object) -> str:
    """``tr`` of a message that other languages say in different words; ``context`` is for who translates it."""
    spoken = _language.get()
    if spoken != OWN:
        message = _catalog(spoken).pgettext(context, message)
    return message.format(**values) if values else message


def trn(message: str, count: int | str, /, **values: object) -> str:
    """``tr`` of a message that counts: other languages have a singular. ``{count}`` stands for ``count``.

    ``count`` may also be a number as it is shown (``1,234``).
    """
    spoken = _language.get()
    if spoken != OWN:
        number = count if isinstance(count, int) else int(count.replace(",", ""))
        message = _catalog(spoken).ngettext(message, message, number)
    return message.format(**{"count": count, **values})


def later(message: str, /) -> str:
    """``message`` itself: marks what is translated where it is used, as the values of constants are."""
    return message


def listed(items: Iterable[str]) -> str:
    """Words one after the other: ``甲、乙``, ``a, b``."""
    return tr("、").join(items)


def quoted(items: Iterable[str]) -> str:
    """Words in quotes, one after the other: ``“甲”“乙”``, ``“a”, “b”``."""
    return "“" + tr("”“").join(items) + "”"


def later_n(message: str, /) -> str:
    """``later`` for what is given to :func:`trn`."""
    return message


def from_to(first: object, last: object) -> str:
    """Two ends of a range: ``2022—2024``."""
    return tr("{first}—{last}", first=first, last=last)


class Labels(Mapping[Key, str]):
    """A mapping whose values are messages, each translated when it is looked up."""

    __slots__ = ("_messages",)

    def __init__(self, messages: Mapping[Key, str]) -> None:
        self._messages = messages

    def __getitem__(self, key: Key) -> str:
        return tr(self._messages[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)


def catalog_file(wanted: Language) -> Path:
    """The translations of all messages into ``wanted``."""
    return LOCALES / wanted / "LC_MESSAGES" / "messages.po"


@functools.cache
def _catalog(wanted: Language) -> GNUTranslations:
    """The translations, compiled when first asked for: what is installed is the file that people edit."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with catalog_file(wanted).open("rb") as file:
        write_mo(compiled, read_po(file, locale=wanted))
    compiled.seek(0)
    return GNUTranslations(compiled)
