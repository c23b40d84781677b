"""Units of reports to congresses: governments, the State Council, congresses and the party's centre.

Knows places and councils; must not know party groups. READING.md 3: the council in the subtitle; else
“我代表X人民政府”; else the title; else the level from “我代表市人民政府” with the place of that level named most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.metadata.kinds import CONGRESS, RESOLUTION
from searchapp.reports.metadata.places import frequent_place
from searchapp.reports.model import Evidence

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
    """The unit of a report to a congress with its evidence.

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
