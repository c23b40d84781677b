"""What the streams of a PDF unpack to, before pdfium draws them: a bomb is refused. Knows streams, no pages.

pdfium turns every operator of a page into an object at once and cannot be stopped at it: ten million lines, 270 kB in
the file, took 73 seconds and 2.7 GB. A stream's own dictionary always stands in the file as it is, so that streams are
found without parsing it.
"""

from __future__ import annotations

import zlib

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MEBIBYTE

MAX_STREAM_BYTES = 32 * MEBIBYTE
"""What one stream other than a picture may unpack to; that of a page full of text has 0.1 MB."""

_START, _END = b"stream", b"endstream"
_DICTIONARY_BYTES = 1_000
_PICTURES = (b"/Image", b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode", b"/JBIG2Decode", b"/FontFile")


def check_streams(data: bytes, file: str) -> None:
    """Raise ReadError when a stream that is no picture unpacks to more than any page needs."""
    place = data.find(_START)
    while place >= 0:
        start = place + len(_START)
        if data[place - 3 : place] != b"end":
            head = data[max(0, place - _DICTIONARY_BYTES) : place]
            head = head[head.rfind(b" obj") + 1 :]
            if b"Flate" in head and not any(name in head for name in _PICTURES):
                _check_stream(data, start, file)
        place = data.find(_START, start)


def _check_stream(data: bytes, start: int, file: str) -> None:
    stop = data.find(_END, start)
    body = memoryview(data)[start : stop if stop >= 0 else len(data)]
    # A line end of one or two bytes stands before the stream.
    skipped = next((index for index, byte in enumerate(body[:2]) if byte not in b"\r\n"), 2)
    try:
        found = zlib.decompressobj().decompress(body[skipped:], MAX_STREAM_BYTES + 1)
    except zlib.error:
        # Damaged or encrypted: pdfium gets no further either.
        return
    if len(found) > MAX_STREAM_BYTES:
        raise ReadError(file, f"有一页解压后超过 {MAX_STREAM_BYTES // MEBIBYTE} MB，疑似压缩炸弹，拒绝读取")
