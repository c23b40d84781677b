"""Opens tantivy builds for reading and writing. The library itself is an extra, so it is imported when needed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from searchapp.engines.base import Reader, Writer
from searchapp.engines.embedded.reader import EmbeddedReader
from searchapp.errors import RequestError
from searchapp.language import later, tr
from searchapp.text.analyzer import Analyzer

TANTIVY_FOLDER = "tantivy"
MISSING = later(
    "这里没有装 tantivy 引擎。在 searchapp 的源文件夹里装上：pip install '.[tantivy]'；"
    "不能装时用默认引擎（已有的索引也换回来）：searchapp index --engine whoosh"
)


class TantivyEngine:
    """The embedded engine for large libraries. See :class:`searchapp.engines.base.Engine`.

    Raises ``RequestError`` when tantivy is not installed.
    """

    name = "tantivy"

    def __init__(self, analyzer: Analyzer) -> None:
        if find_spec("tantivy") is None:
            raise RequestError(tr(MISSING))
        self._analyzer = analyzer

    def open_reader(self, folder: Path) -> Reader:
        from searchapp.engines.tantivy.reader import TantivyWords

        return EmbeddedReader(folder, TantivyWords(folder / TANTIVY_FOLDER), self._analyzer)

    def open_writer(self, folder: Path, base: Path | None) -> Writer:
        from searchapp.engines.embedded.writer import EmbeddedWriter
        from searchapp.engines.tantivy.writer import TantivyWordWriter

        base_words = None if base is None else base / TANTIVY_FOLDER
        return EmbeddedWriter(folder, base, TantivyWordWriter(folder / TANTIVY_FOLDER, base_words))
