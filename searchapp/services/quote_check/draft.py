"""The text of a draft that is to be checked: a file of any format that reports are read from, or bytes of UTF-8."""

from __future__ import annotations

from searchapp.errors import ReadError


def draft_text(data: bytes, file: str) -> str:
    """The text of a file, a line for each paragraph, heading or table row; contents lists and page numbers left out.

    ``file``: its name, by whose extension it is read. Raises ``ReadError`` for a file that cannot be read or is empty.
    """
    from searchapp.reports import read_report_file

    reading = read_report_file(data, file)
    text = "\n".join(block.text for report in reading.reports for block in report.blocks)
    if not text.strip():
        raise ReadError(file, "没有可核对的文字")
    return text


def plain_text(data: bytes, source: str) -> str:
    """``data`` as UTF-8; ``source`` is its name in messages. Raises ``ReadError`` for no such text, or none at all."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ReadError(source, f"不是 UTF-8 文字（第 {exc.start + 1} 个字节起）") from exc
    if "\0" in text:
        raise ReadError(source, "含有空字节，不是文字")
    if not text.strip():
        raise ReadError(source, "没有可核对的文字")
    return text
