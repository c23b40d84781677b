"""The library as a whole over HTTP: the start page, the list of reports, the basket and the help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for

from searchapp.language import from_to, later, tr, trn
from searchapp.search.request import SearchRequest
from searchapp.search.result import LibraryStats
from searchapp.services.counts import KindSums, Series, by_kind, by_year, tally
from searchapp.services.report_list import lenient_list_request, list_reports
from searchapp.services.unit_year_grid import Grid, grid
from searchapp.web import labels
from searchapp.web.bar_chart import Bars, report_kind_bars, report_year_bars
from searchapp.web.grid import Extent, GridView, reports_grid
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.responses import page
from searchapp.web.library.report_list import list_view
from searchapp.web.links import search_url
from searchapp.web.search_state import SearchState

blueprint = Blueprint("library", __name__)


@blueprint.get("/")
def start() -> Response:
    """What is in the library, and the box to search it. ``rows=all``: the grid with every unit."""
    library = current_library()
    everything = SearchRequest()
    tallied = tally(library, everything)
    view = home_view(
        library.reader.stats(),
        grid(tallied, everything),
        by_year(tallied),
        by_kind(tallied),
        is_whole=request.args.get("rows") == "all",
    )
    return page("home.html", view=view)


@blueprint.get("/reports")
def reports() -> Response:
    """Every report, narrowed, sorted and paged."""
    library = current_library()
    listed = list_reports(library, lenient_list_request(request.args.to_dict(flat=False)))
    return page("report_list.html", view=list_view(listed.within()), is_behind=library.is_behind)


@blueprint.get("/basket")
def basket() -> Response:
    """The excerpt basket, which the reader's browser keeps."""
    return page("basket.html")


@blueprint.get("/help")
def help_page() -> Response:
    """How a query is written."""
    return page("help.html", sections=help_sections())


ROWS_ON_START = 24
YEARS_ON_START = 14
NARROW_YEARS = 7
"""With so many years or fewer the grid leaves room beside it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and where to look at it."""

    number: str
    noun: str
    url: str | None


@dataclass(frozen=True, slots=True)
class HomeView:
    """``grid`` is ``None`` for an empty library; bars with one value only are left out (``None``)."""

    figures: tuple[Figure, ...]
    grid: GridView | None
    years: Bars | None
    kinds: Bars | None
    is_narrow: bool


def home_view(
    stats: LibraryStats,
    grid: Grid,
    years: Series,
    kinds: tuple[KindSums, ...],
    is_whole: bool = False,
) -> HomeView:
    """``grid``, ``years`` and ``kinds`` are those of the whole library; ``is_whole``: every unit is listed."""
    by_year, by_kind = report_year_bars(years), report_kind_bars(kinds)
    extent = Extent(None if is_whole else ROWS_ON_START, YEARS_ON_START)
    return HomeView(
        figures=_figures(stats),
        grid=reports_grid(grid, url_for("library.start", rows="all", _anchor="grid"), extent) if grid.rows else None,
        years=by_year if len(by_year.bars) > 1 else None,
        kinds=by_kind if len(by_kind.bars) > 1 else None,
        is_narrow=len(grid.years) <= NARROW_YEARS,
    )


def _figures(stats: LibraryStats) -> tuple[Figure, ...]:
    years = stats.years
    span = "" if not years else str(years[0]) if years[0] == years[-1] else from_to(years[0], years[-1])
    told = [
        Figure(labels.number(stats.reports), trn("篇报告", stats.reports), url_for("library.reports")),
        Figure(labels.number(stats.paragraphs), trn("段", stats.paragraphs), url_for("search.results")),
        Figure(labels.number(stats.units), trn("个单位", stats.units), None),
        Figure(span, trn("年", len(set(years))), None),
    ]
    return tuple(figure for figure in told if figure.number)


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
        later("词和短语"),
        (
            (("党建 引领",), later("同一段里这些词都有"), "党建 引领"),
            (("创新举措",), later("词也可拆开：有“举措”又有“创新”也算"), "创新举措"),
            (("“两个维护”", '"两个维护"'), later("一字不差的短语"), "“两个维护”"),
            (("党建 OR 群团", later("党建 或 群团"), "党建|群团"), later("有其中一个就行"), "党建 OR 群团"),
            (("党建 -宣传", "党建 NOT 宣传", later("党建 非 宣传")), later("有前者，没有后者"), "党建 -宣传"),
            (("(党建 OR 群团) 培训",), later("括号里的先算"), "(党建 OR 群团) 培训"),
        ),
    ),
    (
        later("间隔和远近"),
        (
            (("“开展*教育”",), later("中间隔 0 到 12 个字，不跨句"), "“开展*教育”"),
            (("“开展{0,40}教育”",), later("中间隔 0 到 40 个字，不跨句"), "“开展{0,40}教育”"),
            (
                ("党建 NEAR/20 融合", later("党建 邻近/20 融合")),
                later("两词相距不超过 20 字，先后不论"),
                "党建 NEAR/20 融合",
            ),
            (
                ("落实 PRE/10 责任", later("落实 先后/10 责任")),
                later("前者在先，后者在后，相距不超过 10 字"),
                "落实 PRE/10 责任",
            ),
            (("“党建 业务 融合”~20",), later("引号里的几段，前后两段相距不超过 20 字"), "“党建 业务 融合”~20"),
        ),
    ),
    (
        later("限定范围"),
        (
            ((later("单位:水务局"), later("部门:水务局")), later("单位或部门名称里含这几个字"), later("单位:局 党建")),
            (
                (later("年份:2023"), later("年份:2021..2023"), later("年份:2021..")),
                later("报告的年份"),
                later("年份:2021..2023 党建"),
            ),
            ((later("回顾年:2022"), later("计划年:2024")), later("报告回顾、安排的是哪一年"), later("回顾年:2022")),
            ((later("栏目:组织建设"), later("部分:存在问题")), later("内容的栏目、所在的部分"), later("部分:存在问题")),
            (
                (later("标题:总结"), later("小标题:四风")),
                later("报告题目、所在小标题里含这几个字"),
                later("小标题:党建"),
            ),
            ((later("文种:工作报告"), later("主送:市委")), later("文种、主送"), later("文种:报告")),
            ((later("地区:甲市"), later("层级:市级")), later("地区、层级"), later("层级:市级")),
            (
                (later("-单位:区委"), later("单位:(水务局 OR 农业局)")),
                later("限定也能排除，也能几个并列"),
                later("-单位:区委 党建"),
            ),
        ),
    ),
    (
        later("其他"),
        (
            (("创新^3 举措",), later("这个词在排序里更要紧，找到的段落不变"), "创新^3 举措"),
            ((r"“\*\*局”",), later("反斜杠后的 * { 引号 按原字查找"), r"“\*\*局”"),
        ),
    ),
)
"""Title, rows; a row: ways to write it, what it means, an example that finds something in most libraries."""


OPTIONS_TITLE = later("结果页上的选项")
OPTIONS: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    (later("按报告归并"), later("同一篇报告的段落放在一起"), "党建", ("group", "report")),
    (
        later("匹配：任意一个词"),
        later("有任意一个词就行；一整句问话可以这样查"),
        "怎样推进党建和业务融合",
        ("match", "any"),
    ),
    (later("标点：不计"), later("标点、引号和空格不同也算"), "“不敢腐不能腐不想腐”", ("punct", "ignore")),
    (later("同义词：一并查找"), later("同义词表 synonyms.csv 里的其他说法也查"), "党建", ("synonyms", "true")),
    (later("相似段落：只显示一次"), later("只差数字、代号、标点的段落只列一段"), "党建", ("fold", "true")),
    (later("单位名称：当时的名称"), later("改过名的单位，左边按当时的名称列"), "党建", ("names", "then")),
    (later("列出间隔里的文字"), later("间隔里写的是什么，各有几处"), "“开展*教育”", ("fillers", "true")),
    (later("为什么排在这里"), later("每段得分的由来"), "党建 引领", ("explain", "true")),
)
"""What the results page calls it, what it does, an example, the parameter that is set."""


def help_sections() -> tuple[HelpSection, ...]:
    """The help page: what to write, what it means and an example to run; then the switches of the results page."""
    sections = (HelpSection(tr(title), tuple(_rows(rows))) for title, rows in SECTIONS)
    return (*sections, HelpSection(tr(OPTIONS_TITLE), tuple(_options())))


def _rows(rows: tuple[tuple[tuple[str, ...], str, str], ...]) -> Iterator[HelpRow]:
    for write, mean, example in rows:
        written = dict.fromkeys(map(tr, write))
        shown = tr(example)
        yield HelpRow(tuple(written), tr(mean), shown, search_url(SearchState.of({"q": [shown]})))


def _options() -> Iterator[HelpRow]:
    for label, mean, example, (name, value) in OPTIONS:
        yield HelpRow((tr(label),), tr(mean), example, search_url(SearchState.of({"q": [example], name: [value]})))
