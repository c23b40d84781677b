"""Who reports: unit, department and body of party reports, and the units of reports to congresses.

The unit is who reports, as written; the department is the unit without its body's suffix, when an organ's name
remains (READING.md 3).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from searchapp.reports.cue_tables import organ_table
from searchapp.reports.metadata.kinds import CONGRESS, RESOLUTION
from searchapp.reports.metadata.places import frequent_place
from searchapp.reports.model import Evidence

TEAM, PERSONAL, PARTY_COMMITTEE, WORK_COMMITTEE, PARTY_GROUP = "领导班子", "书记个人", "党委", "党工委", "党组"
_MAX_NAME_CHARACTERS = 25
_YEAR = re.compile(r"(?:19|20)\d\d年?(?:度)?|[\d二〇○零]{4}年(?:度)?")
_LOCAL_COMMITTEE = re.compile(r"(?:[省市区县州旗盟镇乡]|自治区|街道)委$")
_SELF = re.compile("我(局|委|馆|院|校|办|会|厅|部|处|中心|公司|机关)")
_BOUNDARY = "，。；、：:,;！？“”‘’《》（）() \u3000\t\n"
_BODIES_IN_TEXT = re.compile("(党工委|党组|党委)(?:会议?|书记|成员|班子|理论)")


@dataclass(frozen=True, slots=True)
class UnitReading:
    """Who reports: unit as written, department, body, and the evidence for the unit and the body."""

    unit: str | None
    department: str | None
    body: str | None
    evidence: Evidence = "none"
    department_evidence: Evidence = "none"
    body_evidence: Evidence = "none"


def read_unit(title: str, text: str) -> UnitReading:
    """The unit of a party report from its squeezed title, completed from its squeezed text.

    A title may name a body without an organ (领导班子, 党组书记, 党工委): the organ then comes from the text. Without
    any, ``我局`` in the text is resolved to the name that the text uses.
    """
    name = unit_in_title(title)
    body: str | None = None
    for post in organ_table().posts:
        if name.endswith(post) and name != post[:-2]:
            name, body = name[:-2], PERSONAL
            break
    body = body or body_of(name)
    if name == TEAM:
        organ = _organ_before(TEAM, text)
        return _reading(organ, department_of(organ) if organ else None, TEAM, "body", "title")
    if name == WORK_COMMITTEE:
        park = _organ_before(WORK_COMMITTEE, text)
        return replace(
            _reading(name, park or name, body, "title", "title"), department_evidence="body" if park else "title"
        )
    if name in (PARTY_GROUP, PARTY_COMMITTEE):
        organ = _organ_before(name, text)
        return _reading(organ + name if organ else None, organ, body, "body", "title")
    if name:
        if body is None:
            return _reading(name, department_of(name), body_in_text(text), "title", "body")
        return _reading(name, department_of(name), body, "title", "title")
    return _unit_in_text(text)


def _reading(unit: str | None, department: str | None, body: str | None, known: Evidence, how: Evidence) -> UnitReading:
    known = known if unit else "none"
    return UnitReading(unit, department, body, known, known, how if body else "none")


def unit_in_title(title: str) -> str:
    """The unit that a title names, as written, or an empty string.

    ``2023年市水务局党组落实…``, ``区委2023年落实…``, ``关于…``: what stands before the matter, without the year.
    """
    title = title.replace("“", "").replace("”", "").removeprefix("关于")
    for matter in organ_table().matter.finditer(title):
        name = _YEAR.sub("", title[: matter.start()])
        if is_unit(name):
            return name
    name = _YEAR.sub("", title)
    return name if is_unit(name) and not title.endswith(("报告", "总结", "汇报")) else ""


def is_unit(name: str) -> bool:
    """Whether a name is an organ's, a body's or a post's."""
    organs = organ_table()
    if not 1 < len(name) <= _MAX_NAME_CHARACTERS or any(mark in name for mark in _BOUNDARY):
        return False
    return bool(organs.ending.search(name)) or name.endswith(organs.body_suffixes) or name.endswith(organs.posts)


def department_of(unit: str) -> str:
    """The unit without its body's suffix when an organ's name remains, and without a leading 某."""
    organs = organ_table()
    name = unit.removeprefix("某")
    for suffix in organs.body_suffixes:
        rest = name.removesuffix(suffix)
        if rest and rest != name:
            return rest if organs.ending.search(rest) else name
    return name


def body_of(unit: str) -> str | None:
    """The body (责任主体) that a unit's name ends with, or None."""
    if unit.endswith("机关党组"):
        return "机关党组"
    for suffix in (TEAM, WORK_COMMITTEE, PARTY_GROUP, PARTY_COMMITTEE):
        if unit.endswith(suffix):
            return suffix
    if _LOCAL_COMMITTEE.search(unit):
        return PARTY_COMMITTEE
    return "政府" if unit.endswith(("政府", "国务院")) else None


def body_in_text(text: str) -> str | None:
    """The body that the text speaks of most as the one that meets and leads, or None."""
    found = Counter(match[1] for match in _BODIES_IN_TEXT.finditer(text))
    return found.most_common(1)[0][0] if found else None


def _organ_before(body: str, text: str) -> str | None:
    """The first organ's name that stands right before a body's name in the text."""
    organs = organ_table()
    start = text.find(body)
    while start >= 0:
        first = start
        while first > max(start - _MAX_NAME_CHARACTERS, 0) and text[first - 1] not in _BOUNDARY:
            first -= 1
        lead = organs.lead_words.match(text, first, start)
        # The name itself may begin like a lead word (对外…): then the whole stretch was no organ's anyway.
        name = _YEAR.sub("", text[lead.end() if lead else first : start])
        follows = text[start + len(body) : start + len(body) + 1]
        if name and follows != "织" and organs.ending.search(name):
            return name
        start = text.find(body, start + len(body))
    return None


def _unit_in_text(text: str) -> UnitReading:
    """``我局`` names the sort of organ; its name is the masked or placed one that the text uses most."""
    found = _SELF.search(text)
    if not found:
        return UnitReading(None, None, None)
    noun = found[1]
    names = Counter(re.findall(rf"(?:[*＊×]{{1,4}}|[省市区县州][\u4e00-\u9fff]{{1,8}}?){noun}", text))
    if not names:
        return UnitReading(None, None, body_in_text(text), body_evidence="body")
    unit = names.most_common(1)[0][0]
    return _reading(unit, department_of(unit), body_in_text(text), "body", "body")


STATE_COUNCIL = "国务院"
_STATE_COUNCIL_SIGNS = re.compile("我代表(?:中华人民共和国)?国务院|国务院(?:副?总理|政府工作报告)|全国人民代表大会")
_PLACE = r"(?:(?!在)[\u4e00-\u9fff]){1,14}?(?:省|自治区|市|自治州|州|盟|自治县|县|区|旗)"
_COUNCIL = re.compile(rf"(?:在|[日号—])({_PLACE}(?:{_PLACE})?)(?:第?[一二三四五六七八九十]{{1,3}}届)?人民代表大会")
_COUNCIL_PLAIN = re.compile(rf"在({_PLACE})第?[一二三四五六七八九十]{{1,3}}届")
_ON_BEHALF = re.compile(r"我(?:谨)?代表([\u4e00-\u9fff]{1,20}?)(?:人民)?政府")
_IN_TITLE = re.compile(r"(?:(?:19|20)\d\d年)?([\u4e00-\u9fff]{2,14}?)(?:(?:19|20)\d\d年)?(?:人民)?政府工作报告")
_HOLDER = re.compile(rf"({_PLACE})(?:人民政府)?(?:代|代理)?(?:省长|市长|县长|区长|州长|主席)")
_LEVELS = ("自治区", "省", "市", "县", "区", "州", "自治州", "旗", "盟")


def read_government_unit(kind: str, titles: Sequence[str], opening: str, text: str) -> tuple[str | None, Evidence]:
    """The unit of a report to a congress (a government, the State Council, a congress, the centre) with its evidence.

    READING.md 3: the council in the subtitle; else “我代表X人民政府”; else the title; else the level from
    “我代表市人民政府” with the most frequent place of that level.
    ``titles`` are the squeezed title lines, ``opening`` the squeezed first body text, ``text`` the squeezed whole.
    """
    if kind == RESOLUTION:
        return _resolving_congress([*titles, opening])
    if kind == CONGRESS:
        return "中共中央", "title" if any("代表大会" in title for title in titles) else "body"
    for source, evidence in ((titles, "title"), ([opening], "body")):
        if any(_STATE_COUNCIL_SIGNS.search(each) for each in source):
            return STATE_COUNCIL, "title" if evidence == "title" else "body"
    place, evidence_found = _place(titles, opening, text)
    return (f"{place}人民政府", evidence_found) if place else (None, "none")


def _resolving_congress(texts: Sequence[str]) -> tuple[str | None, Evidence]:
    for index, text in enumerate(texts):
        found = re.search(
            r"届([\u4e00-\u9fff]{0,12}?人民代表大会)|^([\u4e00-\u9fff]{2,12}?)第[^，。]{1,3}届人民代表大会", text
        )
        if found:
            name = found[1] or f"{found[2]}人民代表大会"
            return name, "title" if index < len(texts) - 1 else "body"
    return None, "none"


def _place(titles: Sequence[str], opening: str, text: str) -> tuple[str | None, Evidence]:
    for title in titles:
        council = _COUNCIL.search(title) or _COUNCIL_PLAIN.search(title)
        if council:
            return council[1], "title"
    behalf = _ON_BEHALF.search(opening)
    level = behalf[1] if behalf else ""
    if len(level) > 1 and level not in _LEVELS:
        return level, "body"
    # Some sites run the whole head and the text into one line.
    council = _COUNCIL.search(opening[:200]) or _COUNCIL_PLAIN.search(opening[:200])
    if council:
        return council[1], "body"
    for title in titles:
        named = _IN_TITLE.match(title)
        if named and named[1] not in _LEVELS:
            return named[1], "title"
        holder = _HOLDER.match(title)
        if holder and holder[1] not in _LEVELS:
            return holder[1], "title"
    if level in _LEVELS:
        place = frequent_place(level, text)
        return (place, "frequency") if place else (None, "none")
    return None, "none"
