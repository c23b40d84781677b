"""``searchapp search``: the parameters of the API, a readable list or the API's JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from searchapp.cli.chinese import ChineseCommand
from searchapp.cli.options import console, index_option, json_option, print_json
from searchapp.query.ast import text_clauses
from searchapp.search.highlight import merged
from searchapp.search.result import Hit
from searchapp.search.schema import FACET_NAMES, FILTER_NAMES, SORTS
from searchapp.search.snippet import fragments
from searchapp.services.answers import BLOCK_LABELS, answer_json, years_text
from searchapp.services.searching import Answer, search
from searchapp.wiring import open_library

_FACET_TITLES = {"unit": "单位", "year": "年份", "section": "栏目", "part": "部分", "kind": "文种"}
_FILTER_HELP = {
    "unit": "单位（原文写法或部门名，可多次）。",
    "department": "部门（可多次）。",
    "year": "年份（可多次）；none 为未注明。",
    "section": "栏目（可多次）。",
    "part": "部分，如 存在问题（可多次）。",
    "kind": "文种（可多次）。",
    "unit_type": "单位类型，如 政府部门、高校（可多次）。",
    "place": "地区（可多次）。",
    "level": "层级，如 市级（可多次）。",
    "addressee": "主送单位（可多次）。",
}
_SHOWN_FACET_VALUES = 8


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(FILTER_NAMES):
        excluding = f"排除：{_FILTER_HELP[name]}"
        command = click.option(f"--not-{_dashed(name)}", f"not_{name}", multiple=True, help=excluding)(command)
    for name in reversed(FILTER_NAMES):
        command = click.option(f"--{_dashed(name)}", name, multiple=True, help=_FILTER_HELP[name])(command)
    return command


@click.command("search", cls=ChineseCommand)
@click.argument("query", nargs=-1, metavar="QUERY...")
@_filter_options
@click.option("--year-from", help="从哪一年。")
@click.option("--year-to", help="到哪一年。")
@click.option("--block", multiple=True, help="段落类型：all、heading、paragraph、annex……（可多次）。")
@click.option("--sort", help=f"次序：{'、'.join(SORTS)}。")
@click.option("--page", help="第几页。")
@click.option("--per-page", help="每页几条（最多 100）。")
@click.option("--names", help="单位分面用现名（now）还是当时的名称（then）。")
@index_option
@json_option
def search_command(query: tuple[str, ...], index: Path, *, as_json: bool, **given: Any) -> None:
    """查找词语和短语。

    短语加引号：searchapp search '"两个维护"' --department 市水务局。以减号开头的检索式，前面加 -- 隔开。
    """
    params: dict[str, list[str]] = {"q": [" ".join(query)]}
    for name, value in given.items():
        if value not in (None, ()):
            params[name] = [value] if isinstance(value, str) else list(value)
    library = open_library(index)
    try:
        answer = search(library, params)
        if as_json:
            print_json(answer_json(answer))
        else:
            _tell(answer, console())
    finally:
        library.reader.close()


def _tell(answer: Answer, out: Console) -> None:
    result = answer.result
    counts = result.counts
    occurrences = f"{counts.occurrences} 处，" if any(text_clauses(answer.request.query)) else ""
    line = f"{counts.reports} 篇报告，{occurrences}{counts.paragraphs} 段，{counts.units} 个单位"
    if result.apart:
        line += f"；另有 {result.apart} 段在附件、注释（--block all）"
    out.print(line, style="bold", soft_wrap=True)
    for told in answer.diagnostics:
        out.print(f"  · {told.message}", soft_wrap=True)
    first = (result.page - 1) * result.per_page + 1
    for number, hit in enumerate(result.hits, first):
        _tell_hit(number, hit, out)
    shown = first + len(result.hits) - 1
    if result.total > shown and result.hits:
        out.print(f"\n第 {first}—{shown} 条，共 {result.total} 条；下一页：--page {result.page + 1}", soft_wrap=True)
    if result.total:
        out.print()
        for name in FACET_NAMES:
            values = [f"{value.label} {value.count}" for value in result.facets[name][:_SHOWN_FACET_VALUES]]
            more = len(result.facets[name]) - _SHOWN_FACET_VALUES
            rest = f" ……另 {more} 个" if more > 0 else ""
            out.print(f"{_FACET_TITLES[name]}：{'  '.join(values)}{rest}", style="dim", soft_wrap=True)


def _tell_hit(number: int, hit: Hit, out: Console) -> None:
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
