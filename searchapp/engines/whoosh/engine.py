"""Opens Whoosh builds for reading and writing. What writes is imported when it is needed: a server only reads."""

from __future__ import annotations

from pathlib import Path

from searchapp.engines.base import Reader, Writer
from searchapp.engines.embedded.reader import EmbeddedReader
from searchapp.engines.whoosh.reader import WhooshWords
from searchapp.text.analyzer import Analyzer

WHOOSH_FOLDER = "whoosh"


class WhooshEngine:
    """The embedded default engine. See :class:`searchapp.engines.base.Engine`."""

    name = "whoosh"

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def open_reader(self, folder: Path) -> Reader:
        return EmbeddedReader(folder, WhooshWords(folder / WHOOSH_FOLDER), self._analyzer)

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        from searchapp.engines.embedded.writer import EmbeddedWriter
        from searchapp.engines.whoosh.writer import WhooshWordWriter

        base_words = None if base is None else base / WHOOSH_FOLDER
        return EmbeddedWriter(folder, base, WhooshWordWriter(folder / WHOOSH_FOLDER, base_words))
