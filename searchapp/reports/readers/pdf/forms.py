"""What the pages of a PDF draw by way of forms, counted before pdfium draws it. Knows objects of PDF, nothing of text.

A form is a piece of page content with a name (ISO 32000-1, 8.10). It may draw other forms, each several times: forty
of them, 800 bytes a piece, make more objects than any memory holds, and pdfium makes them all as soon as it opens the
page. So the content of each page is measured first, a form's as often as it is drawn. It is read from a copy that
pdfium writes: there every object lies open and has its place in a plain table, whatever the file was like.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped,unused-ignore]

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MEBIBYTE

MAX_PAGE_BYTES = 32 * MEBIBYTE
"""Content of one page, its forms counted as often as they are drawn; that of a page full of text has 0.1 MB."""
MAX_DRAWN_BYTES = 64 * MAX_PAGE_BYTES
"""Content of all pages."""
MAX_FORM_DEPTH = 20
_UNKNOWN_DRAWS = 1_000
"""How often content in a rare coding is taken to draw each of its forms, and by how much it may grow."""

_MAY_BE_FORM = re.compile(rb"/Form|/Subtype\s*+(?:\d|/[^\s/<>]*+#)")
_TOKEN = re.compile(
    rb"[\x00\s]*+(<<|>>|[\[\]]|/[^\x00\s()<>\[\]{}/%]*+|\((?:[^\\()]|\\.)*+\)|<[^<>]*+>|[^\x00\s()<>\[\]{}/%]++)",
    re.DOTALL,
)
_DRAWS = re.compile(rb"(?<![^\x00\s()<>\[\]{}/%])Do(?![^\x00\s()<>\[\]{}/%])")
_SPACE = frozenset(b"\x00 \t\n\f\r\v")
_BREAKS = _SPACE | frozenset(b"()<>[]{}/%")
_MAX_DRAWS = 500_000
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_START_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TABLE = re.compile(rb"xref\s+")
_SECTION = re.compile(rb"(\d+) (\d+)\s+")
_ENTRY_BYTES = 20
_CONTENTS = b"/Contents"


@dataclass(frozen=True, slots=True)
class _Reference:
    number: int


@dataclass(frozen=True, slots=True)
class _Content:
    """Content decoded: its size, and how often it draws what, by name; ``unnamed``: how often what cannot be told.

    ``is_known`` is false when nothing is known of it but the size.
    """

    size: int
    draws: Mapping[bytes, int]
    unnamed: int = 0
    is_known: bool = True


def check_forms(document: Any, data: bytes, file: str) -> None:
    """Raise ReadError when the forms of a page draw more than any page holds, or draw each other in a circle.

    ``document`` is the file as pdfium has opened it; ``data`` are its bytes.
    """
    if not _MAY_BE_FORM.search(data):
        # The dictionary of a form is never packed or enciphered.
        return
    copy = io.BytesIO()
    document.save(copy, flags=pdfium.FPDF_REMOVE_SECURITY)
    _Drawing(copy.getvalue(), file).check()


class _Drawing:
    """The objects of a file, looked up by number, and what each form costs."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self._values: dict[int, Any] = {}
        self._contents: dict[int, _Content] = {}

    def check(self) -> None:
        drawn = 0
        for page in self._pages():
            resources = self._resources_of(page)
            names = self._forms_of(resources)
            if not names:
                continue
            costs: dict[int, int] = {}
            streams = self._value(page.get(b"/Contents"))
            references = streams if isinstance(streams, list) else [page.get(b"/Contents")]
            cost = sum(self._cost(each, names, names, (), costs) for each in references)
            drawn += cost
            if cost > MAX_PAGE_BYTES or drawn > MAX_DRAWN_BYTES:
                told = f"超过 {MAX_PAGE_BYTES // MEBIBYTE} MB" if cost > MAX_PAGE_BYTES else "过大"
                raise ReadError(self._file, f"页面反复画同样的内容（Form XObject），展开后{told}，拒绝读取")

    def _cost(
        self,
        reference: Any,
        names: Mapping[bytes, _Reference],
        of_page: Mapping[bytes, _Reference],
        path: tuple[int, ...],
        costs: dict[int, int],
    ) -> int:
        """Bytes that a stream of content draws; ``names`` are the forms that it knows, ``path`` its holders."""
        if not isinstance(reference, _Reference):
            return 0
        number = reference.number
        if number in path or len(path) > MAX_FORM_DEPTH:
            raise ReadError(self._file, "页面里的图形（Form XObject）套成了圈或套得太深，拒绝读取")
        if number in costs:
            return costs[number]
        content = self._content(number)
        known = {**of_page, **names}
        inner: dict[bytes, int] = {}
        wanted = known if content.unnamed else content.draws
        for name in wanted:
            if (form := known.get(name)) is not None and (content.is_known or form.number not in (*path, number)):
                own = self._own_resources(form.number)
                inside = of_page if own is None else self._forms_of(own)
                inner[name] = self._cost(form, inside, of_page, (*path, number), costs)
        cost = content.size + sum(times * inner.get(name, 0) for name, times in content.draws.items())
        costs[number] = cost + content.unnamed * max(inner.values(), default=0)
        return costs[number]

    def _pages(self) -> Iterator[Mapping[bytes, Any]]:
        """Every dictionary that has content as a page has it."""
        seen: set[int] = set()
        place = self._data.find(_CONTENTS)
        while place >= 0:
            offset, number = self._places[max(bisect_right(self._places, (place, 1 << 62)) - 1, 0)]
            place = self._data.find(_CONTENTS, place + 1)
            if offset and number not in seen:
                seen.add(number)
                waiting = [self._value(_Reference(number))]
                while waiting:
                    value = waiting.pop()
                    if isinstance(value, dict):
                        if isinstance(value.get(_CONTENTS), _Reference | list):
                            yield value
                        waiting.extend(value.values())
                    elif isinstance(value, list):
                        waiting.extend(value)

    def _resources_of(self, page: Mapping[bytes, Any]) -> Any:
        """The resources of a page, which may be those of a group of pages above it."""
        holder: Any = page
        for _ in range(MAX_FORM_DEPTH):
            if not isinstance(holder, dict) or b"/Resources" in holder:
                break
            holder = self._value(holder.get(b"/Parent"))
        return holder.get(b"/Resources") if isinstance(holder, dict) else None

    def _own_resources(self, number: int) -> Any:
        form = self._value(_Reference(number))
        return form.get(b"/Resources") if isinstance(form, dict) else None

    def _forms_of(self, resources: Any) -> dict[bytes, _Reference]:
        """The forms among resources, by name; what is no picture may be one."""
        found = self._value(resources)
        objects = self._value(found.get(b"/XObject")) if isinstance(found, dict) else None
        forms: dict[bytes, _Reference] = {}
        for name, reference in objects.items() if isinstance(objects, dict) else ():
            value = self._value(reference)
            is_stream = isinstance(reference, _Reference) and isinstance(value, dict)
            if is_stream and self._value(value.get(b"/Subtype")) != b"/Image":
                forms[name] = reference
        return forms

    def _content(self, number: int) -> _Content:
        if number not in self._contents:
            self._contents[number] = self._decoded(number)
        return self._contents[number]

    def _decoded(self, number: int) -> _Content:
        head = self._value(_Reference(number))
        start = self._starts.get(number)
        if not isinstance(head, dict) or start is None:
            return _Content(0, {})
        length = self._value(head.get(b"/Length"))
        size = int(length) if isinstance(length, bytes) and length.isdigit() else 0
        raw = self._data[start : start + size]
        filters = self._value(head.get(b"/Filter"))
        for each in filters if isinstance(filters, list) else [filters] if filters else []:
            decoded = _decode(raw, self._value(each)) if b"/DecodeParms" not in head else None
            if decoded is None:
                return _Content(len(raw) * _UNKNOWN_DRAWS, {}, _UNKNOWN_DRAWS, is_known=False)
            raw = decoded
        names = Counter(_drawn_names(raw.replace(b"\r", b"\n")))
        draws = {name: times for name, times in names.items() if name is not None}
        return _Content(len(raw), draws, names[None])

    def _value(self, value: Any) -> Any:
        """The object that a reference leads to; anything else is itself."""
        for _ in range(MAX_FORM_DEPTH):
            if not isinstance(value, _Reference):
                return value
            if value.number not in self._values:
                self._values[value.number] = self._parse(value.number)
            value = self._values[value.number]
        return None

    @cached_property
    def _offsets(self) -> dict[int, int]:
        """Where each object begins, by the table that pdfium has written at the end."""
        found = _START_TABLE.search(self._data[-64:])
        table = _TABLE.match(self._data, int(found[1])) if found else None
        offsets: dict[int, int] = {}
        place = table.end() if table else len(self._data)
        while section := _SECTION.match(self._data, place):
            first, count = int(section[1]), int(section[2])
            place = section.end()
            for number in range(first, first + count):
                entry = self._data[place : place + _ENTRY_BYTES]
                if entry[17:18] == b"n":
                    offsets[number] = int(entry[:10])
                place += _ENTRY_BYTES
        return offsets

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """Offsets with the numbers of the objects there, in order, after a first one of none."""
        return [(0, 0), *sorted((offset, number) for number, offset in self._offsets.items())]

    @cached_property
    def _starts(self) -> dict[int, int]:
        """Where the bytes of a stream begin that has been parsed."""
        return {}

    def _parse(self, number: int) -> Any:
        offset = self._offsets.get(number)
        if offset is None:
            return None
        root: list[Any] = []
        stack: list[list[Any]] = [root]
        place = self._data.find(b"obj", offset) + 3
        while found := _TOKEN.match(self._data, place):
            token, place = found[1], found.end()
            if token in (b"endobj", b"stream"):
                if token == b"stream":
                    skipped = 2 if self._data[place : place + 2] == b"\r\n" else 1
                    self._starts[number] = place + skipped
                break
            if token in (b"<<", b"["):
                stack.append([])
            elif token in (b">>", b"]"):
                if len(stack) < 2:
                    break
                items = stack.pop()
                pairs = zip(items[::2], items[1::2], strict=False)
                stack[-1].append(items if token == b"]" else {name: value for name, value in pairs if _is_name(name)})
            elif token == b"R" and len(stack[-1]) > 1 and all(_is_number(each) for each in stack[-1][-2:]):
                stack[-1][-2:] = [_Reference(int(stack[-1][-2]))]
            else:
                stack[-1].append(_unescaped(token) if token.startswith(b"/") else token)
        return root[0] if root else None


def _drawn_names(content: bytes) -> Iterator[bytes | None]:
    """For each operator ``Do``, the name before it; None where a string or the end of a comment stands there."""
    for count, found in enumerate(_DRAWS.finditer(content)):
        stop = found.start()
        while stop and content[stop - 1] in _SPACE:
            stop -= 1
        start = stop
        while start and content[start - 1] not in _BREAKS:
            start -= 1
        is_line = b"\n" in content[stop : found.start()]
        if is_line and b"%" in content[content.rfind(b"\n", 0, stop) + 1 : stop]:
            yield None
        elif start < stop and start and content[start - 1] == ord("/"):
            yield _unescaped(content[start - 1 : stop])
        elif count > _MAX_DRAWS or not stop or content[stop - 1] in b")>]":
            yield None


def _is_name(value: Any) -> bool:
    return isinstance(value, bytes) and value.startswith(b"/")


def _is_number(value: Any) -> bool:
    return isinstance(value, bytes) and value.isdigit() and len(value) < 10


def _unescaped(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), name) if b"#" in name else name


def _decode(raw: bytes, name: Any) -> bytes | None:
    """The bytes that a filter gives, as far as they are sound and a page may have; None for one that is not known."""
    try:
        match name:
            case b"/FlateDecode" | b"/Fl":
                return _inflated(raw)
            case b"/ASCIIHexDecode" | b"/AHx":
                digits = b"".join(raw.partition(b">")[0].split())
                return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
            case b"/ASCII85Decode" | b"/A85":
                return base64.a85decode(raw.partition(b"~>")[0])
    except ValueError:
        return None
    return None


def _inflated(raw: bytes) -> bytes:
    stream, size = zlib.decompressobj(), 0
    found: list[bytes] = []
    try:
        for start in range(0, len(raw), 1 << 14):
            piece = stream.decompress(raw[start : start + (1 << 14)])
            found.append(piece)
            size += len(piece)
            if size > MAX_PAGE_BYTES:
                break
    except zlib.error:
        pass  # what came before is read by pdfium too
    return b"".join(found)
