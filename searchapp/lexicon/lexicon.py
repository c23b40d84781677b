"""The lexicon of a build: completion, the nearest that stands, and the set phrases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.lexicon.completion import Completer
from searchapp.lexicon.entries import LEXICON_FILE, Entries, Kind
from searchapp.lexicon.set_phrases import SetPhrase
from searchapp.lexicon.spelling import Nearness, Neighbours, Stands
from searchapp.text.normalize import normalize_with_map

DEFAULT_SUGGESTIONS = 10
DEFAULT_CORRECTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one may be about to type, as it is usually written, and the number of blocks that hold it."""

    text: str
    blocks: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Correction:
    """``text``: what was asked with ``replacement`` in place of its code points ``start`` to ``end`` (exclusive).

    ``blocks`` hold the replacement. ``nearness``: how it is near (:mod:`searchapp.lexicon.spelling`).
    """

    text: str
    start: int
    end: int
    replacement: str
    blocks: int
    kind: Kind
    nearness: Nearness


class Lexicon:
    """The lexicon in a build's folder, or an empty one. Safe to share between threads.

    Raises ``IndexDamagedError`` or ``IndexVersionError`` on opening.
    """

    def __init__(self, folder: Path | None) -> None:
        self._entries = None if folder is None else Entries(folder / LEXICON_FILE)
        self._completer = None if self._entries is None else Completer(self._entries)
        self._neighbours = None if self._entries is None else Neighbours(self._entries)

    def __len__(self) -> int:
        """The number of words and set phrases."""
        return 0 if self._entries is None else len(self._entries)

    def __contains__(self, text: str) -> bool:
        """Whether normalized ``text`` is a word or set phrase here."""
        return self._entries is not None and self._entries.find(text) is not None

    def suggest(self, text: str, limit: int = DEFAULT_SUGGESTIONS) -> list[Suggestion]:
        """What begins with ``text`` or sounds as it (pinyin, whole or initials), then set phrases that contain it."""
        if self._entries is None or self._completer is None:
            return []
        entries = self._entries
        return [
            Suggestion(entries.written(number), int(entries.blocks[number]), entries.kind(number))
            for number in self._completer.complete(text, limit)
        ]

    def nearest(self, text: str, limit: int = DEFAULT_CORRECTIONS, stands: Stands | None = None) -> list[Correction]:
        """What ``text``, which stands nowhere, may have been meant to be.

        ``stands`` says of a normalized piece of it whether it stands somewhere; without it, whether it is an entry.
        """
        if self._entries is None or self._neighbours is None:
            return []
        entries = self._entries
        normalized = normalize_with_map(text)
        corrections = []
        for near in self._neighbours.nearest(normalized.text, limit, stands or self.__contains__):
            start, end = normalized.original_span(near.start, near.end)
            written = entries.written(near.number)
            corrections.append(
                Correction(
                    text=text[:start] + written + text[end:],
                    start=start,
                    end=end,
                    replacement=written,
                    blocks=int(entries.blocks[near.number]),
                    kind=entries.kind(near.number),
                    nearness=near.nearness,
                )
            )
        return corrections

    def phrases(self) -> Iterator[SetPhrase]:
        """The set phrases, most frequent first."""
        if self._entries is None:
            return
        frequencies = self._entries.array("frequencies").tolist()
        measures = self._entries.array("measures").tolist()
        numbers = self._entries.array("phrases").tolist()
        for number, frequency, (cohesion, left, right) in zip(numbers, frequencies, measures, strict=True):
            blocks = int(self._entries.blocks[number])
            yield SetPhrase(self._entries.written(number), frequency, blocks, cohesion, left, right)
