"""``searchapp search``: takes the parameters of the API, prints a readable list or the API's JSON."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import (
    command_line,
    dashed,
    index_option,
    json_option,
    matching_options,
    narrowing_options,
    params_of,
)
from searchapp.cli.output import console, print_json
from searchapp.config import DEFAULT_INDEX
from searchapp.query.ast import text_clauses
from searchapp.search.highlight import merged
from searchapp.search.result import Contribution, Hit, SearchResult
from searchapp.search.schema import FACETS
from searchapp.search.snippet import fragments
from searchapp.services.gap_fillers import ClauseFillers
from searchapp.services.labels import BLOCK_LABELS, PART_LABELS, years_text
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import Answer, search
from searchapp.wiring import open_library

_SORT_HELP = "次序：relevance 最相关（默认）、newest 从新到旧、oldest 从旧到新、document 按原文。"
SWITCHES = frozenset({"synonyms", "fold", "explain", "fillers"})


@click.command("search", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@narrowing_options
@click.option("--sort", metavar="ORDER", help=_SORT_HELP)
@click.option("--page", metavar="N", help="第几页。")
@click.option("--per-page", metavar="N", help="每页几条（最多 100）。")
@click.option("--names", metavar="now|then", help="单位用现名（now，默认）还是当时的名称（then）统计。")
@matching_options
@click.option("--group", metavar="report", help="按报告归并，每篇最多列 3 段。")
@click.option("--fold", is_flag=True, help="相似段落（只差数字、代号、标点）只列一段。")
@click.option("--explain", is_flag=True, help="每条结果说明得分的由来。")
@click.option("--fillers", is_flag=True, help='短语带间隔时（如 "意识形态*责任制"），列出间隔里是什么、各多少处。')
@index_option
@json_option
def search_command(query: tuple[str, ...], index: Path, *, as_json: bool, **given: Any) -> None:
    """查找词语和短语。

    词用空格隔开；一字不差的短语加引号，外面再加一层单引号。筛选的选项都可以写几次。每条结果下面有段落编号，
    searchapp show 编号 显示原文。以减号开头的检索式，前面加 -- 隔开。

    \b
      searchapp search 党建 引领
      searchapp search '"两个维护"' --department 临溪区委 --year 2023
      searchapp search '"意识形态*责任制"' --fillers
      searchapp search '怎样推进党建和业务融合' --match any
    """
    params = params_of(query, given)
    library = open_library(index)
    try:
        answer = search(library, params)
        if as_json:
            print_json(answer_json(answer))
        else:
            beyond = [] if index == DEFAULT_INDEX else ["--index", str(index)]
            tell(answer, lambda changes: _command(beyond, params, changes), console())
    finally:
        library.reader.close()


def _command(beyond: list[str], params: dict[str, list[str]], changes: dict[str, tuple[str, ...]]) -> str:
    """The command line of the same search with ``changes``; ``beyond``: words that are no parameters."""
    changed = {**params, **changes}
    words = ["searchapp", "search", *beyond]
    for name, values in changed.items():
        if name in SWITCHES:
            words += [f"--{dashed(name)}"] if values == ["true"] else []
        elif name not in ("q", "page"):
            words += [f"--{dashed(name)}={value}" for value in values]
    return command_line([*words, "--", *changed["q"]])


_SHOWN_FACET_VALUES = 8
_SHOWN_FILLERS = 20

Command = Callable[[dict[str, tuple[str, ...]]], str]
"""Changed parameters to the command line that asks so."""


def tell(answer: Answer, command: Command, out: Console) -> None:
    """Prints counts, diagnostics, hits and offers of ``answer``; ``command`` makes the offers' command lines."""
    result = answer.result
    counts = result.counts
    occurrences = "处数未数（命中太多），" if counts.occurrences is None else f"{counts.occurrences:,} 处，"
    occurrences = occurrences if any(text_clauses(answer.request.query)) else ""
    line = f"{counts.reports:,} 篇报告，{occurrences}{counts.paragraphs:,} 段，{counts.units:,} 个单位"
    if not result.total:
        line = "没有找到符合条件的段落"
    if answer.request.fold and not result.grouped and result.groups is not None:
        line += f"；相似段落只列一次，列出 {result.groups:,} 段"
    if result.apart:
        line += f"；另有 {result.apart:,} 段在附件、注释（--block all）"
    out.print(line, style="bold", soft_wrap=True)
    for told in answer.diagnostics:
        out.print(f"  · {told.message}", soft_wrap=True)
    _offers(answer, command, out)
    for fillers in answer.fillers:
        _fillers(fillers, out)
    _hits(answer.result, out)
    if result.total:
        out.print()
        for facet in FACETS:
            listed = result.facets[facet.name]
            values = [f"{value.label} {value.count}" for value in listed[:_SHOWN_FACET_VALUES]]
            more = len(listed) - _SHOWN_FACET_VALUES
            rest = f" ……另 {more} 个" if more > 0 else ""
            out.print(f"{facet.label}：{'  '.join(values)}{rest}", style="dim", soft_wrap=True)


def _offers(answer: Answer, command: Command, out: Console) -> None:
    if answer.offers and not answer.result.total:
        out.print("\n可以试试：", soft_wrap=True)
    for offer in answer.offers:
        total = "" if answer.result.total else f"（{offer.total:,} 段）"
        out.print(f"  · {offer.label}{total}", soft_wrap=True)
        out.print(f"      {command(dict(offer.changes))}", style="dim", soft_wrap=True)


def _fillers(fillers: ClauseFillers, out: Console) -> None:
    out.print(f"\n{fillers.clause} 的间隔里：{fillers.total:,} 处，{fillers.distinct:,} 种", soft_wrap=True)
    for value in fillers.values[:_SHOWN_FILLERS]:
        out.print(f"  {value.count:>7,}  {' '.join(value.text.split()) or '（没有字）'}", soft_wrap=True)
    if fillers.distinct > _SHOWN_FILLERS:
        out.print(f"         ……另有 {fillers.distinct - _SHOWN_FILLERS:,} 种（--json 列出更多）", soft_wrap=True)


def _hits(result: SearchResult, out: Console) -> None:
    """The hits of the page, each report's rest behind them, and what comes after."""
    begun = (result.page - 1) * result.per_page
    groups = dict(zip(_ends(result), result.grouped, strict=True))
    for number, hit in enumerate(result.hits, 1):
        _hit(number if result.grouped else begun + number, hit, out)
        if (group := groups.get(number)) is not None and group.others:
            out.print(f"\n   这篇报告另有 {group.others} 段", style="bold", soft_wrap=True)
    shown = begun + len(result.grouped or result.hits)
    total = result.total if result.groups is None else result.groups
    unit = "篇报告" if result.grouped else "条"
    if total > shown and result.hits:
        next_page = f"下一页：--page {result.page + 1}"
        out.print(f"\n第 {begun + 1}—{shown} {unit}，共 {total} {unit}；{next_page}", soft_wrap=True)


def _ends(result: SearchResult) -> list[int]:
    """How many hits of the page are told when each report's are."""
    return list(accumulate(group.shown for group in result.grouped))


def _hit(number: int, hit: Hit, out: Console) -> None:
    located = hit.located
    block, meta = located.block, located.report.meta
    kind = "" if block.kind == "paragraph" else f"  ［{BLOCK_LABELS[block.kind]}］"
    out.print()
    head = Text(f"{number}. ", style="bold")
    head.append(f"{meta.unit or '未注明'}  {years_text(meta)}  {meta.title}{kind}")
    out.print(head, soft_wrap=True)
    if block.headings:
        out.print(f"   {' › '.join(heading[:40] for heading in block.headings)}", style="dim", soft_wrap=True)
    out.print(Text("   ").append_text(_fragment(hit)), soft_wrap=True)
    times = f"  {hit.occurrences} 处" if hit.occurrences > 1 else ""
    out.print(f"   {block.source.file}:{block.source.line}  {located.paragraph_id}{times}", style="dim", soft_wrap=True)
    if hit.alike:
        out.print(f"   另有 {hit.alike} 段几乎相同", soft_wrap=True)
    if hit.explanation:
        _explanation(hit, out)


def _explanation(hit: Hit, out: Console) -> None:
    """A line for each clause: how it matched, what each part adds to the score."""
    found = [part for each in hit.explanation for part, _ in each.parts]
    names = list(dict.fromkeys([*(part for part in PART_LABELS if part in found), *found]))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("条件", overflow="fold")
    table.add_column("匹配", no_wrap=True)
    for name in (*names, ""):
        table.add_column(PART_LABELS.get(name, name) or "合计", justify="right", no_wrap=True)
    for each in hit.explanation:
        table.add_row(*_explanation_row(each, names))
    out.print(Padding(table, (0, 0, 0, 3), expand=False))
    out.print(f"   得分 {hit.score:.2f}", style="dim", soft_wrap=True)


def _explanation_row(contribution: Contribution, names: list[str]) -> list[str]:
    shares = dict(contribution.parts)
    each = [f"{shares[name]:.2f}" if name in shares else "—" for name in names]
    how = "一字不差" if contribution.literal else "按词" if "words" in shares else "—"
    return [contribution.text, how, *each, f"{sum(shares.values()):.2f}"]


def _fragment(hit: Hit) -> Text:
    text = hit.located.block.text
    snippet = fragments(text, hit.highlights)
    shown = Text()
    before = 0
    for fragment in snippet.stretches:
        shown.append("…" if fragment.start > before else "")
        at = fragment.start
        for start, end in merged(fragment.marks):
            shown.append(text[at:start])
            shown.append(text[start:end], style="bold red")
            at = end
        shown.append(text[at : fragment.end])
        before = fragment.end
    shown.append("…" if before < len(text) else "")
    return shown.append(f"（本段另有 {snippet.further} 处）" if snippet.further else "", style="dim")
