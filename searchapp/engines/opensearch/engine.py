"""The engine's doors. A build folder holds only where its indices are; all else is in the cluster."""

from __future__ import annotations

from pathlib import Path

from searchapp.engines.base import Reader, Writer
from searchapp.engines.opensearch.client import OpensearchSettings, connect, settings_of
from searchapp.engines.opensearch.indices import Indices, Pointer, read_pointer
from searchapp.engines.opensearch.reader import OpensearchReader
from searchapp.engines.opensearch.writer import ChangingWriter, FreshWriter
from searchapp.text.analyzer import Analyzer


class OpensearchEngine:
    """See :class:`searchapp.engines.base.Engine`.

    ``settings`` ``None``: the cluster that a build says it is in. ``indexing``: a build whose indices are not as it
    left them is damaged, not read, so that the next build begins from nothing.
    """

    name = "opensearch"

    def __init__(self, analyzer: Analyzer, settings: OpensearchSettings | None, indexing: bool = False) -> None:
        self._analyzer = analyzer
        self._settings = settings
        self._indexing = indexing
        self._known: Indices | None = None

    def open_reader(self, folder: Path) -> Reader:
        pointer = read_pointer(folder)
        indices = self._indices(pointer)
        if self._indexing:
            indices.check_state(pointer)
        else:
            indices.check_readable(pointer)
        return OpensearchReader(indices.client, pointer.names, self._analyzer.words)

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        if base is None:
            return FreshWriter(self._indices(None), folder)
        pointer = read_pointer(base)
        return ChangingWriter(self._indices(pointer), folder, pointer)

    def _indices(self, pointer: Pointer | None) -> Indices:
        if self._known is None:
            settings = self._settings
            if settings is None:
                settings = settings_of({}, *((",".join(pointer.urls), pointer.prefix) if pointer else ()))
            self._known = Indices(connect(settings), settings)
        return self._known
