"""How the lines at the head and the end of a report look: titles, addressees; signature, notes, annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.cue_tables import organ_table
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine, squeeze
from searchapp.reports.structure.marks import without_marks
from searchapp.text.punctuation import CLAUSE_ENDS, SENTENCE_ENDS

MIN_TITLE_CHARACTERS = 4
MAX_TITLE_CHARACTERS = 60

_NOUNS = "报告|汇报|总结|决议|决定|规划|计划|纲要|方案|意见|通知|要点|讲话|公报|情况"
_BRACKET = r"(?:（[^（）]{0,30}）|\([^()]{0,30}\)|〔[^〔〕]{0,30}〕)?"
_TITLE = re.compile(rf"[^{SENTENCE_ENDS}]*(?:{_NOUNS}|汇编(?:\d+篇)?){_BRACKET}")
_REPORT_TITLE = re.compile(rf"[^{SENTENCE_ENDS}]*(?:报告|汇报|总结|决议){_BRACKET}")
_COMPILATION = re.compile(rf"[^{SENTENCE_ENDS}]*汇编(?:[（(]?\d+篇[）)]?)?")
_NAMES_YEAR = re.compile(r"(?:19|20)\d\d|[一二]?[九〇○零]{1,2}[一二三四五六七八九〇○零]{2}年")
_SUBTITLE = re.compile(
    r"(?:—|--|－|―).*"
    r"|[（(]\s?(?:\d{4}|二[〇○]).*[）)]"
    r"|\d{4}年\d{1,2}月\d{1,2}日(?=.*(?:会议|代表大会|讲话|报告)).*"
)
_DELIVERED_BY = re.compile(
    r".{0,30}(?:总理|主席|省长|市长|区长|县长|州长|旗长|主任|书记|局长)(?:&nbsp;|\s)*"
    r"[\u4e00-\u9fff·]{0,12}(?:同志)?(?:作政府工作报告)?"
)
_GREETING = re.compile(r"(?:各位(?:代表|委员|同志)|同志们|各位领导)(?:[、，,]\s?(?:各位|同志)\S{0,6})*\s?[！!：:]?")
_ADDRESSEE = re.compile(rf"[^{SENTENCE_ENDS}]{{1,40}}[：:]")


def is_title_line(line: SourceLine) -> bool:
    """Whether a line may be (part of) the head of a report by its own look or its style."""
    if line.style == TITLE_STYLE:
        return True
    text = squeeze(without_marks(line.text))
    if len(text) > MAX_TITLE_CHARACTERS:
        return False
    return _TITLE.fullmatch(text) is not None or is_subtitle(line.text) or _DELIVERED_BY.fullmatch(text) is not None


def is_noun_title(text: str) -> bool:
    """Whether the line ends like the name of a document (报告, 总结, 决议 …)."""
    return len(text) <= MAX_TITLE_CHARACTERS + 20 and _TITLE.fullmatch(squeeze(text)) is not None


def is_subtitle(text: str) -> bool:
    """Whether the line is a dashed or dated line below a title."""
    return 1 < len(text) <= 120 and _SUBTITLE.fullmatch(squeeze(text)) is not None


def is_delivered_by(text: str) -> bool:
    """Whether the line names who delivered the report."""
    return len(text) <= MAX_TITLE_CHARACTERS and _DELIVERED_BY.fullmatch(squeeze(text)) is not None


def is_compilation_title(text: str) -> bool:
    """Whether the line is the title of a collection of reports (汇编)."""
    return len(text) <= MAX_TITLE_CHARACTERS and _COMPILATION.fullmatch(squeeze(text)) is not None


def is_report_title(text: str) -> bool:
    """Whether the line could start a report of its own: named a report, and naming a unit or a year (READING 1)."""
    if not MIN_TITLE_CHARACTERS <= len(text) <= MAX_TITLE_CHARACTERS or is_subtitle(text):
        return False
    title = squeeze(without_marks(text))
    if _REPORT_TITLE.fullmatch(title) is None:
        return False
    return _NAMES_YEAR.search(title) is not None or _names_unit(title)


def is_greeting(text: str) -> bool:
    """Whether the whole line is an address such as 各位代表："""
    return len(text) <= 40 and _GREETING.fullmatch(text) is not None


def is_addressee(text: str) -> bool:
    """Whether the line is an addressee (主送): a greeting, or an organ's name and a colon."""
    if is_greeting(text):
        return True
    if len(text) > 41 or _ADDRESSEE.fullmatch(text) is None:
        return False
    name = squeeze(text[:-1])
    return organ_table().ending.search(name) is not None


def _names_unit(title: str) -> bool:
    organs = organ_table()
    for matter in organs.matter.finditer(title):
        head = title[: matter.start()]
        if len(head) >= 2 and (organs.ending.search(head) or head.endswith(organs.body_suffixes)):
            return True
    return False


_DATE = re.compile(
    r"(?:\d{4}|[二一][〇○零oO九\d]?[一二三四五六七八九〇○零\d]{2})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)
_SIGNATURE_LINES = 4
_WITHIN_SENTENCES = re.compile(f"[，、{CLAUSE_ENDS}]")
_MAX_SIGNATURE_CHARACTERS = 30
_ANNEX = re.compile(
    r"附件?\d{0,2}[一二三四五六七八九十]{0,2}[：:]?|[※*【［\[]{0,2}(?:名词解释|名词注释|注释|有关名词解释)[※*】］\]]{0,2}[：:]?"
)
_LATE_ANNEX = re.compile(r"(?:附[：:])?.{0,20}(?:民生实事|惠民实事).{0,12}")
_LATE_SHARE = 0.6
_NOTE = re.compile(r"注[：:]|[［\[〔]\d{1,3}[］\]〕]|附件[：:]\S|附[：:]\S")


def is_note(text: str) -> bool:
    """Whether the line is a note below the text (注：…, [1] …, 附件：…)."""
    return _NOTE.match(text) is not None


def is_note_list_title(text: str) -> bool:
    """Whether an annex with this title explains note marks of the text."""
    return "解释" in squeeze(text) or "注" in text


def annex_starts(lines: Sequence[SourceLine]) -> set[int]:
    """Indexes of lines that open an annex: 附件, 名词解释, 注释, or late in the report 民生实事."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        if len(line.text) > 40 or line.is_table_row or index == 0:
            continue
        text = squeeze(line.text)
        is_late = index > len(lines) * _LATE_SHARE
        if _ANNEX.fullmatch(text) or (
            is_late and _LATE_ANNEX.fullmatch(text) and "，" not in text and "。" not in text
        ):
            found.add(index)
    return found


def find_signature(lines: Sequence[SourceLine]) -> range:
    """Indexes of the signature: a date line near the end, with the names of organs just before it; else empty."""
    last = len(lines) - 1
    for index in range(last, max(last - 3, 0), -1):
        if _DATE.fullmatch(squeeze(lines[index].text)):
            start = index
            while start > max(index - _SIGNATURE_LINES, 1) and _is_signatory(lines[start - 1].text):
                start -= 1
            return range(start, index + 1)
    if last > 0 and len(lines[last].text) <= _MAX_SIGNATURE_CHARACTERS and _is_signatory(lines[last].text):
        return range(last, last + 1)
    return range(0)


def _is_signatory(text: str) -> bool:
    name = squeeze(text)
    if not 2 <= len(name) <= _MAX_SIGNATURE_CHARACTERS or _WITHIN_SENTENCES.search(name):
        return False
    organs = organ_table()
    return organs.ending.search(name) is not None or name.endswith(organs.body_suffixes)
