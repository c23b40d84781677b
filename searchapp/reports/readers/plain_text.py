"""Plain text files: from bytes to lines. Knows encodings and line ends, nothing of reports.

The order of attempts: a byte order mark decides; zero bytes mean UTF-16 or no text at all; then strict UTF-8, which
other encodings hardly ever satisfy by chance; then UTF-8 with a few broken bytes; then GB18030 (GBK and GB2312 are
subsets), Big5 and UTF-16 compete, and the outcome that reads most like Chinese wins. HZ, which is plain ASCII to the
eye, is known by its marks ``~{`` and ``~}``. Nothing is converted: full-width digits stay as they are.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import check_line_count
from searchapp.reports.readers.lines import BYTE_ORDER_MARK, SourceLine, SourceText

MAX_TEXT_BYTES = 64 * 1024 * 1024
MIN_INTACT_SHARE = 0.995
"""A damaged file is read when at least this share of its characters decodes."""

_MEBIBYTE = 1024 * 1024
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF16 = ("utf-16-le", "utf-16-be")
_LEGACY = ("gb18030", "big5hkscs")
_NAMES = {"big5hkscs": "big5"}
_REPLACEMENT = "\ufffd"
_SAMPLE_CHARACTERS = 20_000
_SAMPLE_BYTES = 65_536
_MAX_CONTROL_SHARE = 0.1
_MIN_SOUND_PER_BROKEN = 10
_MIN_EXPECTED_SHARE = 0.9
_MIN_COMMON_SHARE = 0.8
_MIN_ZERO_SHARE = 0.4

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_EXPECTED = re.compile(r"[\t\n\r -~\u00b7\u00d7\u2010-\u2027\u2460-\u249b\u3000-\u3020\u4e00-\u9fff\uff01-\uff5e]")
_RARE = re.compile("[\u3400-\u4dbf\U00020000-\U0003ffff]")
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕—…·　×℃％０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩")
# Frequent in reports, in both scripts: they settle what short texts leave open.
_FREQUENT = frozenset(
    "的一是在不了有和人中大为国上年工作党会经发展这个以我们到地要时出就可来用生行方前所部政全民建设社对进实市"
    "強強化理务加主新区动制推安重成开面情高县委落度任组效问提改立抓服坚持保项农环产增积极目关系统基层农体公"
    "為國經發展這個們來時對進實務區動開縣組問題農產業關統層體機構變長門間車書東風電見報現設議義總會員說讓過還"
)


def read_text(data: bytes, file: str) -> SourceText:
    """Decode a text file and cut it into physical lines (CRLF, CR and LF each end a line).

    ``encoding`` of the outcome is the codec found; with broken characters it counts them (``UTF-8（3 处损坏）``).
    Raises ReadError for files that are too large, empty, binary, or in no encoding that can be settled.
    """
    encoding, text = decode_text(data, file)
    check_line_count(file, max(text.count("\n"), text.count("\r")))
    lines = tuple(SourceLine(line, number) for number, line in enumerate(_LINE_END.split(text), 1))
    return SourceText(encoding, lines)


def decode_text(data: bytes, file: str, declared: str | None = None) -> tuple[str, str]:
    """The encoding found and the text, without line ends changed; ``declared`` is what the file says of itself.

    The statement counts where it is no strict UTF-8: pages that say GB2312 and are UTF-8 do occur, not the reverse.

    Raises ReadError, before anything is decoded when the file is larger than ``MAX_TEXT_BYTES``.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise ReadError(
            file,
            f"文件有 {len(data) / _MEBIBYTE:.0f} MB，超过文本文件的上限 {MAX_TEXT_BYTES // _MEBIBYTE} MB，拒绝读取",
        )
    encoding, text = _decode(data, file, declared)
    if "\x00" in text:
        raise ReadError(file, "含有空字节，不是文本文件")
    if not text.replace(BYTE_ORDER_MARK, "").strip():
        raise ReadError(file, "文件是空的")
    if _CONTROL.subn("", text)[1] > len(text) * _MAX_CONTROL_SHARE:
        raise ReadError(file, "控制字符过多，不像文本文件")
    return encoding, text


def _decode(data: bytes, file: str, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            outcome = _decode_whole(data, encoding)
            if outcome is None:
                raise ReadError(file, f"文件开头标明是 {encoding}，内容却无法按它解码")
            return outcome
    if not data.strip():
        raise ReadError(file, "文件是空的")
    if b"\x00" in data:
        outcome = _best_of(data, _UTF16)
        if outcome is None:
            raise ReadError(file, "含有空字节，不是文本文件")
        return outcome
    if b"~{" in data and b"~}" in data and data.isascii():
        text = _try_decode(data, "hz")
        if text is not None and _likeness(text[:_SAMPLE_CHARACTERS], "gb18030", b""):
            return "hz", text
    for stated in ("utf-8", declared):
        text = _try_decode(data, stated) if stated else None
        if stated and text is not None:
            return _NAMES.get(stated, stated), text
    outcome = _repair(data, "utf-8") or _best_of(data, _LEGACY + _UTF16)
    if outcome is None:
        raise ReadError(file, _why_undecodable(data))
    return outcome


def _why_undecodable(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    if _is_mixed(data):
        return "混有两种编码（有的行是 UTF-8，有的是 GB18030），请统一为 UTF-8 再索引"
    if _count_sound(text) > broken:
        return f"像是 UTF-8 文件，但有 {broken} 处损坏，超过 {1 - MIN_INTACT_SHARE:.1%}，拒绝读取"
    return "无法识别文字编码（不是 UTF-8、GB18030、Big5 或 UTF-16）"


def _is_mixed(data: bytes) -> bool:
    """Whether every line is UTF-8 or Chinese in GB18030, and both occur: files copied together."""
    found: set[str] = set()
    for line in data[:_SAMPLE_BYTES].split(b"\n")[:-1]:
        if line.isascii():
            continue
        text = _try_decode(line, "gb18030")
        if _try_decode(line, "utf-8") is not None:
            found.add("utf-8")
        elif text is not None and _likeness(text, "gb18030", line) > 0:
            found.add("gb18030")
        else:
            return False
    return len(found) == 2


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _decode_whole(data: bytes, encoding: str) -> tuple[str, str] | None:
    text = _try_decode(data, encoding)
    return _repair(data, encoding) if text is None else (_NAMES.get(encoding, encoding), text)


def _repair(data: bytes, encoding: str) -> tuple[str, str] | None:
    """The text with U+FFFD for what is broken, when little of it is and the rest is more than plain ASCII."""
    text = data.decode(encoding, "replace")
    already = data.count(_REPLACEMENT.encode("utf-8")) if encoding.startswith("utf-8") else 0
    broken = text.count(_REPLACEMENT) - already
    if broken > len(text) * (1 - MIN_INTACT_SHARE) or _count_sound(text) < broken * _MIN_SOUND_PER_BROKEN:
        return None
    name = _NAMES.get(encoding, encoding.removesuffix("-sig"))
    return f"{name.upper()}（{broken} 处损坏）", text


def _count_sound(text: str) -> int:
    return sum(character > "\x7f" and character != _REPLACEMENT for character in text)


def _best_of(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str] | None:
    """The encoding whose reading of a sample is most like Chinese, applied to all of the file."""
    sample = data[:_SAMPLE_BYTES]
    scored = [(_likeness(_decode_sample(sample, each), each, sample), each) for each in encodings]
    for score, encoding in sorted(scored, key=lambda each: -each[0]):
        outcome = _decode_whole(data, encoding) if score > 0 else None
        if outcome is not None:
            return outcome
    return None


def _decode_sample(sample: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample, final=False)[:_SAMPLE_CHARACTERS]


def _is_spaced_by_zeros(sample: bytes, encoding: str) -> bool:
    """ASCII text in UTF-16: nearly every other byte is zero."""
    high = sample[1::2] if encoding == "utf-16-le" else sample[0::2]
    low = sample[0::2] if encoding == "utf-16-le" else sample[1::2]
    return high.count(0) > len(high) * _MIN_ZERO_SHARE * 2 and b"\x00" not in low


def _likeness(text: str, encoding: str, sample: bytes) -> float:
    """How much the text is like Chinese, 0 when it is not.

    Almost any bytes are some GB18030 or UTF-16 text, but only real text keeps to the common characters: the first
    levels of GB 2312 and Big5 make up 97 % and more of a text, and about half of the same bytes read wrongly.
    """
    if not text or text.count(_REPLACEMENT) > len(text) * (1 - MIN_INTACT_SHARE) + 1:
        return 0.0
    # Rare ideographs take four bytes in GB18030, which other bytes hardly ever make by chance.
    rare = _RARE.findall(text) if encoding == "gb18030" else []
    if len(_EXPECTED.findall(text)) + len(rare) < len(text) * _MIN_EXPECTED_SHARE:
        return 0.0
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return 1.0 if encoding in _UTF16 and _is_spaced_by_zeros(sample, encoding) else 0.0
    common = _common_characters(encoding)
    share = (sum(character in common for character in foreign) + len(rare)) / len(foreign)
    frequent = sum(character in _FREQUENT for character in foreign) / len(foreign)
    return share + frequent if share >= _MIN_COMMON_SHARE else 0.0


@cache
def _common_characters(encoding: str) -> frozenset[str]:
    simplified, traditional = _level_one("gb2312", 0xB0, 0xD7), _level_one("big5", 0xA4, 0xC6)
    if encoding in _UTF16:
        return simplified | traditional | _PUNCTUATION
    if encoding == "gb18030":
        # Traditional text in GBK is rare, but its frequent characters are known.
        return simplified | _FREQUENT | _PUNCTUATION
    return traditional | _PUNCTUATION


def _level_one(encoding: str, first: int, last: int) -> frozenset[str]:
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset(pair.decode(encoding, "ignore") for pair in pairs) - {"", *map(chr, range(128))}
