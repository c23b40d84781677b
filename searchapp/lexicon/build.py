"""Making the lexicon of a library: every word, and the set phrases, with how they sound.

Invariant: a lexicon is a function of the texts, the terms and the words alone, and is made anew for every build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np

from searchapp.lexicon.coding import CodedTexts, Segment, code_pieces
from searchapp.lexicon.entries import LEXICON_FILE, Entry, write_entries
from searchapp.lexicon.ngrams import Grams, frequent_grams
from searchapp.lexicon.report_words import CutTexts, cut_texts, usual_form
from searchapp.lexicon.set_phrases import LONGEST, blocks_of, find_phrases, least_frequency


def build_lexicon(
    folder: Path, texts: Iterable[tuple[str, str]], segment: Segment, terms: Collection[str] = ()
) -> None:
    """Writes the lexicon of ``texts`` into ``folder``.

    ``texts``: for each block its normalized text and the text as written; read once, so they may be streamed.
    ``segment`` cuts normalized text into words. ``terms``: set phrases known beforehand (normalized). The same texts
    give the same file.
    """
    pieces = (cut_texts([(text, written, segment(text))]) for text, written in texts)
    build_lexicon_of(folder, pieces, segment, terms)


def build_lexicon_of(folder: Path, pieces: Iterable[CutTexts], segment: Segment, terms: Collection[str] = ()) -> None:
    """The same of texts that are already cut, whatever pieces they come in."""
    forms = _WrittenForms()
    coded = code_pieces(forms.watching(pieces))
    literal: dict[str, int] = {}
    phrases = find_phrases(coded, _watched(coded, literal), segment, terms)
    words = {word: blocks for word, blocks in coded.words.items() if _is_entry(word)}
    words.update((word, literal[word]) for word in words.keys() & literal.keys())
    for phrase in phrases:
        words.pop(phrase.text, None)
    entries = [Entry(phrase.text, phrase.blocks, phrase) for phrase in phrases]
    entries.extend(Entry(word, blocks) for word, blocks in words.items())
    write_entries(folder / LEXICON_FILE, entries, forms.of(entry.text for entry in entries))


def _is_entry(word: str) -> bool:
    """Numbers and single characters are no entries."""
    return 2 <= len(word) <= LONGEST and any(char.isalpha() for char in word) and word.isprintable()


def _watched(coded: CodedTexts, literal: dict[str, int]) -> Iterator[Grams]:
    """The frequent n-grams of the texts; of those that are words, the number of blocks is put down in ``literal``.

    A frequent word counts wherever it stands, as a search for it does; a rare one where it is cut as a word.
    """
    for grams in frequent_grams(coded, LONGEST, least_frequency(coded)):
        words = {number: text for number, text in enumerate(grams.texts) if text in coded.words}
        chosen = np.zeros(len(grams.counts), dtype=bool)
        chosen[list(words)] = True
        kept = chosen[grams.ids]
        blocks = blocks_of(coded, grams.positions[kept], grams.ids[kept], len(grams.counts))
        literal.update((text, int(blocks[number])) for number, text in words.items())
        yield grams


class _WrittenForms:
    """How Latin words are usually written: ``GDP``, which is ``gdp`` when normalized."""

    def __init__(self) -> None:
        self._forms: dict[str, Counter[str]] = {}

    def watching(self, pieces: Iterable[CutTexts]) -> Iterator[CutTexts]:
        """The pieces, while the forms of their Latin words are counted."""
        for piece in pieces:
            for latin, forms in piece.forms.items():
                self._forms.setdefault(latin, Counter()).update(forms)
            yield piece

    def of(self, entries: Iterable[str]) -> dict[str, str]:
        """The usual form of each entry that is written otherwise than normalized."""
        usual = {word: min(forms, key=lambda form: (-forms[form], form)) for word, forms in self._forms.items()}
        found = {entry: usual_form(entry, usual) for entry in entries}
        return {entry: form for entry, form in sorted(found.items()) if form != entry}
