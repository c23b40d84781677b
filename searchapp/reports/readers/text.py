"""Plain text files: from bytes to lines. Knows encodings and line ends, nothing of reports.

The order of attempts: a byte order mark decides; then strict UTF-8, which other encodings hardly ever satisfy
by chance; then strict GB18030 (GBK and GB2312 are subsets), accepted when the outcome reads like Chinese; only
then charset-normalizer is asked, among the East Asian encodings alone.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from searchapp.errors import ReadError
from searchapp.reports.readers.lines import SourceLine, SourceText

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EAST_ASIAN = ["big5", "big5hkscs", "gb18030", "shift_jis", "euc_jp", "euc_kr", "hz"]
_SAMPLE_BYTES = 65_536
_SAMPLE_CHARACTERS = 20_000
_MAX_CONTROL_SHARE = 0.1

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_EXPECTED = re.compile(r"[\t\n\r -~\u2010-\u2027\u3000-\u3011\u4e00-\u9fff\uff01-\uff5e]")
_COMMON = re.compile("[的一是在不了有和人中大为国上年工作党会经发展，。、：]")
_MIN_EXPECTED_SHARE = 0.9
_MIN_COMMON_SHARE = 0.02


def read_text(data: bytes, file: str) -> SourceText:
    """Decode a text file and cut it into physical lines (CRLF, CR and LF each end a line).

    Raises ReadError for files that are empty, binary, or in no encoding that can be settled.
    """
    encoding, text = _decode(data, file)
    if "\x00" in text:
        raise ReadError(file, "含有空字节，不是文本文件")
    if not text.replace("\ufeff", "").strip():
        raise ReadError(file, "文件是空的")
    if len(_CONTROL.findall(text)) > len(text) * _MAX_CONTROL_SHARE:
        raise ReadError(file, "控制字符过多，不像文本文件")
    lines = tuple(SourceLine(line, number) for number, line in enumerate(_LINE_END.split(text), 1))
    return SourceText(encoding, lines)


def _decode(data: bytes, file: str) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _try_decode(data, encoding)
            if text is None:
                raise ReadError(file, f"文件开头标明是 {encoding}，内容却无法按它解码")
            return encoding, text
    if not data.strip():
        raise ReadError(file, "文件是空的")
    if b"\x00" in data:
        raise ReadError(file, "含有空字节，不是文本文件")
    text = _try_decode(data, "utf-8")
    if text is not None:
        return "utf-8", text
    text = _try_decode(data, "gb18030")
    if text is not None and _reads_like_chinese(text):
        return "gb18030", text
    guess = _guess(data)
    if guess is not None:
        return guess
    raise ReadError(file, "无法识别文字编码（不是 UTF-8、GB18030 或带标记的 UTF-16）")


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(data: bytes) -> tuple[str, str] | None:
    sample = data[:_SAMPLE_BYTES]
    cut = sample.rfind(b"\n")
    if len(sample) < len(data) and cut > 0:
        sample = sample[:cut]
    best = from_bytes(sample, cp_isolation=_EAST_ASIAN).best()
    if best is None:
        return None
    text = _try_decode(data, best.encoding)
    return (best.encoding, text) if text is not None and _reads_like_chinese(text) else None


def _reads_like_chinese(text: str) -> bool:
    """Almost any bytes are some GB18030 text; real text uses the common characters."""
    sample = text[:_SAMPLE_CHARACTERS]
    # Short text (a line or two) may hold few of the common characters, but at least it is made of expected ones.
    expected = len(_EXPECTED.findall(sample)) >= len(sample) * _MIN_EXPECTED_SHARE
    return expected and len(_COMMON.findall(sample)) >= len(sample) * _MIN_COMMON_SHARE
