"""The help page: what to write, what it means and an example to run; then the switches of the results page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.web.links import search_url
from searchapp.web.state import SearchState


@dataclass(frozen=True, slots=True)
class HelpRow:
    """``write``: ways to write it, of one meaning, or a switch; ``example``: a query, ``url`` its search."""

    write: tuple[str, ...]
    mean: str
    example: str
    url: str


@dataclass(frozen=True, slots=True)
class HelpSection:
    """Rows of one subject."""

    title: str
    rows: tuple[HelpRow, ...]


SECTIONS: tuple[tuple[str, tuple[tuple[tuple[str, ...], str, str], ...]], ...] = (
    (
        "词和短语",
        (
            (("党建 引领",), "同一段里这些词都有", "党建 引领"),
            (("创新举措",), "词也可拆开：有“举措”又有“创新”也算", "创新举措"),
            (("“两个维护”", '"两个维护"'), "一字不差的短语", "“两个维护”"),
            (("党建 OR 群团", "党建 或 群团", "党建|群团"), "有其中一个就行", "党建 OR 群团"),
            (("党建 -宣传", "党建 NOT 宣传", "党建 非 宣传"), "有前者，没有后者", "党建 -宣传"),
            (("(党建 OR 群团) 培训",), "括号里的先算", "(党建 OR 群团) 培训"),
        ),
    ),
    (
        "间隔和远近",
        (
            (("“开展*教育”",), "中间隔 0 到 12 个字，不跨句", "“开展*教育”"),
            (("“开展{0,40}教育”",), "中间隔 0 到 40 个字，不跨句", "“开展{0,40}教育”"),
            (("党建 NEAR/20 融合", "党建 邻近/20 融合"), "两词相距不超过 20 字，先后不论", "党建 NEAR/20 融合"),
            (("落实 PRE/10 责任", "落实 先后/10 责任"), "前者在先，后者在后，相距不超过 10 字", "落实 PRE/10 责任"),
            (("“党建 业务 融合”~20",), "引号里的几段，前后两段相距不超过 20 字", "“党建 业务 融合”~20"),
        ),
    ),
    (
        "限定范围",
        (
            (("单位:水务局", "部门:水务局"), "单位或部门名称里含这几个字", "单位:局 党建"),
            (("年份:2023", "年份:2021..2023", "年份:2021.."), "报告的年份", "年份:2021..2023 党建"),
            (("回顾年:2022", "计划年:2024"), "报告回顾、安排的是哪一年", "回顾年:2022"),
            (("栏目:组织建设", "部分:存在问题"), "内容的栏目、所在的部分", "部分:存在问题"),
            (("标题:总结", "小标题:四风"), "报告题目、所在小标题里含这几个字", "小标题:党建"),
            (("文种:工作报告", "主送:市委"), "文种、主送单位", "文种:报告"),
            (("地区:甲市", "层级:市级"), "地区、层级", "层级:市级"),
            (("-单位:区委", "单位:(水务局 OR 农业局)"), "限定也能排除，也能几个并列", "-单位:区委 党建"),
        ),
    ),
    (
        "其他",
        (
            (("创新^3 举措",), "这个词在排序里更要紧，找到的段落不变", "创新^3 举措"),
            ((r"“\*\*局”",), "反斜杠后的 * { 引号 按原字查找", r"“\*\*局”"),
        ),
    ),
)
"""Title, rows; a row: ways to write it, what it means, an example that finds something in most libraries."""


OPTIONS_TITLE = "结果页上的选项"
OPTIONS: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    ("按报告归并", "同一篇报告的段落放在一起", "党建", ("group", "report")),
    ("匹配：任意一个词", "有任意一个词就行；一整句问话可以这样查", "怎样推进党建和业务融合", ("match", "any")),
    ("标点：不计", "标点、引号和空格不同也算", "“不敢腐不能腐不想腐”", ("punct", "ignore")),
    ("同义词：一并查找", "同义词表 synonyms.csv 里的其他说法也查", "党建", ("synonyms", "true")),
    ("相似段落：只显示一次", "只差数字、代号、标点的段落只列一段", "党建", ("fold", "true")),
    ("单位名称：当时的名称", "改过名的单位，左边按当时的名称列", "党建", ("names", "then")),
    ("列出间隔里的文字", "间隔里写的是什么，各有几处", "“开展*教育”", ("fillers", "true")),
    ("为什么排在这里", "每段得分的由来", "党建 引领", ("explain", "true")),
)
"""What the results page calls it, what it does, an example, the parameter that is set."""


def help_sections() -> tuple[HelpSection, ...]:
    """The help page in its order."""
    sections = (HelpSection(title, tuple(_rows(rows))) for title, rows in SECTIONS)
    return (*sections, HelpSection(OPTIONS_TITLE, tuple(_options())))


def _rows(rows: tuple[tuple[tuple[str, ...], str, str], ...]) -> Iterator[HelpRow]:
    for write, mean, example in rows:
        yield HelpRow(write, mean, example, search_url(SearchState.of({"q": [example]})))


def _options() -> Iterator[HelpRow]:
    for label, mean, example, (name, value) in OPTIONS:
        yield HelpRow((label,), mean, example, search_url(SearchState.of({"q": [example], name: [value]})))
