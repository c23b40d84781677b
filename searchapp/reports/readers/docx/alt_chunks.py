"""Other files put into a Word file whole (``w:altChunk``), which Word shows as its text. Knows how to read each kind.

Programs that write reports insert web pages so; Word turns them into paragraphs when a person saves the file.
"""

from __future__ import annotations

import email
from email.message import Message
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part, PartFactory

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import MEBIBYTE
from searchapp.reports.readers.lines import SourceText

MAX_CHUNKS = 20
MAX_CHUNK_BYTES = 64 * MEBIBYTE
MAX_CHUNK_DEPTH = 1
"""A Word file put into another is read, one inside that is not."""

_KINDS = (
    ("wordprocessingml", "docx"),
    ("application/msword", "office"),
    ("rtf", "office"),
    ("html", "html"),
    ("message/rfc822", "mht"),
    ("multipart/related", "mht"),
    ("text/plain", "text"),
)
_SUFFIXES = {
    "docx": "docx",
    "dotx": "docx",
    "rtf": "office",
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "mht": "mht",
    "txt": "text",
}


_select_part = PartFactory.part_class_selector


def _part_class(content_type: str, relation: str) -> Any:
    # A Word file that is put in has the content type of its main part, by which python-docx would parse the zip as XML.
    return Part if relation == RELATIONSHIP_TYPE.A_F_CHUNK else _select_part(content_type, relation)


PartFactory.part_class_selector = staticmethod(_part_class)


def read_chunk(part: Any, file: str, depth: int) -> SourceText:
    """The lines of an inserted file; ``depth`` counts the files around it. Raises ReadError."""
    suffix = str(part.partname).rsplit(".", 1)[-1].lower()
    stated = str(part.content_type).lower()
    kind = next((kind for words, kind in _KINDS if words in stated), None) or _SUFFIXES.get(suffix)
    data: bytes = part.blob
    if kind is None:
        raise ReadError(file, f"不支持这种文件（{stated}）")
    if len(data) > MAX_CHUNK_BYTES:
        raise ReadError(file, f"超过 {MAX_CHUNK_BYTES // MEBIBYTE} MB")
    if kind == "mht":
        data, kind = _web_page(data, file), "html"
    if kind == "html":
        from searchapp.reports.readers.html.article import read_html

        return read_html(data, file)
    if kind == "text":
        from searchapp.reports.readers.plain_text import read_text

        return read_text(data, file)
    if kind == "office":
        from searchapp.reports.readers.office import read_office

        return read_office(data, f"{file}.{suffix}")
    if depth >= MAX_CHUNK_DEPTH:
        raise ReadError(file, "套得太深")
    from searchapp.reports.readers.docx.reader import read_docx

    return read_docx(data, file, depth + 1)


def _web_page(data: bytes, file: str) -> bytes:
    """The page in a MIME archive of a page and its pictures."""
    message: Message = email.message_from_bytes(data)
    for each in message.walk():
        if each.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = each.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload
    raise ReadError(file, "里面没有网页")
