"""Pieces of bytes by name, in one file: written once in order, read back by name or all in order.

Knows bytes; must not know what they mean. The file is the pieces, then a line of JSON (name, start and size of each),
then eight bytes that say where that line begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.store.files import let_go_of_pages, map_file

_PLACE_BYTES = 8


class PieceWriter:
    """Writes the file; it is whole when the ``with`` block has ended."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._places: list[tuple[str, int, int]] = []
        self._end = 0

    def __enter__(self) -> PieceWriter:
        return self

    def add(self, name: str, piece: bytes) -> None:
        """The next piece. No two have one name."""
        self._file.write(piece)
        self._places.append((name, self._end, len(piece)))
        self._end += len(piece)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file as file:
            if kind is None:
                file.write(json.dumps(self._places).encode("ascii"))
                file.write(self._end.to_bytes(_PLACE_BYTES, "big"))


class PieceReader:
    """The file, open for reading. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, path: Path) -> None:
        try:
            self._data = map_file(path)
            begin = int.from_bytes(self._data[-_PLACE_BYTES:], "big")
            places = json.loads(bytes(self._data[begin:-_PLACE_BYTES]))
            self._places = {str(name): (int(start), int(start) + int(size)) for name, start, size in places}
        except (OSError, ValueError, TypeError) as exc:
            raise IndexDamagedError(tr("索引文件 {name} 缺失或损坏", name=path.name)) from exc

    def piece(self, name: str) -> bytes | None:
        """The piece with this name, if there is one."""
        place = self._places.get(name)
        return None if place is None else bytes(self._data[slice(*place)])

    def __iter__(self) -> Iterator[bytes]:
        """All pieces in order; none stays in memory."""
        for start, end in self._places.values():
            yield bytes(self._data[start:end])
            let_go_of_pages(self._data, start, end)
