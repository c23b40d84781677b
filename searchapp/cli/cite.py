"""``searchapp cite``: a passage with its source, ready to be pasted."""

from __future__ import annotations

from pathlib import Path

import click

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import console, index_option, json_option, print_json
from searchapp.services.citation.cited_passage import cited, cited_json, span_of
from searchapp.wiring import open_library


@click.command("cite", cls=ChineseCommand)
@click.argument("paragraph", metavar="PARAGRAPH_ID")
@index_option
@click.option("--start", type=click.IntRange(0), help="只引这一处所在的“一是”条目或句子：起点（从 0 数的字）。")
@click.option("--end", type=click.IntRange(0), help="这一处的终点（不含）。")
@json_option
def cite_command(paragraph: str, index: Path, *, start: int | None, end: int | None, as_json: bool) -> None:
    """引用一个段落：原文、公文写法的出处、GB/T 7714 的著录。

    PARAGRAPH_ID 是检索结果和 searchapp search --json 里的段落编号。
    """
    library = open_library(index)
    try:
        found = cited(library, paragraph, span_of(start, end))
        if as_json:
            print_json(cited_json(library.build, found))
            return
    finally:
        library.reader.close()
    out = console()
    if found.moved:
        out.print("原段落已不在，这里是离它最近的段落。")
    out.print(found.text + found.citation.official, soft_wrap=True)
    out.print(found.citation.gbt7714, soft_wrap=True)
