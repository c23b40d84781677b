"""文种: the kind of a report, by its title lines and opening. Knows no units and no years."""

from __future__ import annotations

import re
from collections.abc import Sequence

COMPILATION, RESOLUTION, CONGRESS, PLAN = "汇编", "决议", "党代会报告", "规划/计划/预决算报告"
GOVERNMENT, OTHER = "政府工作报告", "其他"
CONGRESS_KINDS = (RESOLUTION, CONGRESS, PLAN, GOVERNMENT)
"""Kinds of reports that are given to, or by, a congress."""

# In order: the first that fits (READING.md 3).
_BY_TITLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (COMPILATION, re.compile("汇编")),
    (RESOLUTION, re.compile("决议")),
    (CONGRESS, re.compile("中国共产党.{0,20}代表大会.{0,12}报告|党代会.{0,6}报告")),
    (
        PLAN,
        re.compile(
            "(?:规划|计划|预算|决算|纲要)(?:（草案）|\\(草案\\)|草案)?(?:的)?(?:说明|报告)?$|预算.{0,12}报告|计划.{0,12}报告"
        ),
    ),
    ("第一责任人报告", re.compile("第一责任人")),
    ("述责述廉报告", re.compile("述[责职].{0,4}述?[廉德法]")),
    ("主体责任报告", re.compile("主体责任")),
    ("党建工作报告", re.compile("党建|党的建设")),
    (GOVERNMENT, re.compile("政府工作报告|人民政府工作|政府(?:代|代理)?[省市县区州旗]长")),
    ("政策文件", re.compile("(?:意见|通知|方案|办法|规定|条例|要点|决定)(?:（.{0,12}）)?$")),
)
_BY_OPENING: tuple[tuple[str, re.Pattern[str]], ...] = (
    (RESOLUTION, re.compile("^第.{1,3}届.{0,12}代表大会第.{1,3}次会议(?:听取|审议|批准|审查)")),
    (
        CONGRESS,
        re.compile("(?:代表|受).{0,12}中央委员会.{0,24}大会.{0,4}(?:作|做|的)?报告|向党的第.{1,4}次全国代表大会作报告"),
    ),
    ("第一责任人报告", re.compile("现将.{0,40}第一责任人.{0,40}报告如下")),
    ("主体责任报告", re.compile("现将.{0,40}主体责任.{0,40}(?:报告|汇报)如下")),
    ("党建工作报告", re.compile("现将.{0,40}(?:党建|党的建设).{0,40}(?:报告|汇报)如下")),
    (
        GOVERNMENT,
        re.compile("我代表.{0,24}(?:政府|国务院).{0,24}(?:报告|汇报).{0,6}工作|作政府工作报告|作.{0,2}工作报告"),
    ),
)


def find_kind(titles: Sequence[str], opening: str) -> tuple[str, str] | None:
    """The kind and where it stands (``title`` or ``body``); None when nothing tells.

    ``titles`` are the squeezed title lines, ``opening`` the squeezed first body text.
    """
    for kind, pattern in _BY_TITLE:
        if any(pattern.search(title.replace("“", "").replace("”", "")) for title in titles):
            return kind, "title"
    for kind, pattern in _BY_OPENING:
        if pattern.search(opening.replace("“", "").replace("”", "")):
            return kind, "body"
    return None
