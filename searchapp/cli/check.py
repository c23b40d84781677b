"""``searchapp check``: a draft compared with the library, sentence by sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.text import Text

from searchapp.cli.help_format import ChineseCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console, print_json
from searchapp.errors import ReadError, RequestError
from searchapp.services.labels import years_text
from searchapp.services.payloads.quote_check import check_json
from searchapp.services.quote_check.check import answered, checked, draft_text, plain_text
from searchapp.services.quote_check.sentences import sentence_spans
from searchapp.services.quote_check.values import VERDICTS, CheckAnswer, CheckedSentence, Place, Segment, Verdict
from searchapp.wiring import open_library

VERDICT_LABELS: dict[Verdict, str] = {
    "exact": "一字不差",
    "punctuation": "仅标点不同",
    "nearest": "相近",
    "absent": "库中没有",
    "short": "太短",
}
EXIT_DIFFERENT = 1
STANDARD_INPUT = "-"
_UNKNOWN = "未注明"
_MARKS = {"delete": ("[-", "-]"), "insert": ("{+", "+}"), "same": ("", "")}
_STYLES = {"delete": "red strike", "insert": "green underline", "same": ""}
_LEGEND: tuple[Segment, ...] = (("delete", "文稿有、库中没有"), ("same", " "), ("insert", "库中有、文稿没有"))


@click.command("check", cls=ChineseCommand)
@click.argument("file", metavar="FILE|-")
@index_option
@click.option("--all", "show_all", is_flag=True, help="一字不差的和太短的也列出。")
@click.option("--strict", is_flag=True, help="有一句不是一字不差（太短的不算）就以状态 1 结束。")
@json_option
def check_command(file: str, index: Path, *, show_all: bool, strict: bool, as_json: bool) -> None:
    """逐句核对文稿：库中是否有、在哪里、差在哪些字。

    FILE 是任何读得出的文件（.txt、.docx、.pdf 等）；- 为标准输入（UTF-8）。不论结果如何，核对完了就以状态 0 结束。

    \b
      searchapp check 讲话稿.docx
      searchapp check 讲话稿.docx --all
    """
    text = _draft(file)
    library = open_library(index)
    try:
        answer = answered(library, text, tuple(_told_of(checked(library, text), text)))
    finally:
        library.reader.close()
    if not answer.sentences:
        raise RequestError("没有可核对的文字")
    if as_json:
        print_json(check_json(answer))
    else:
        _tell(answer, console(), show_all)
    if strict and any(sentence.verdict not in ("exact", "short") for sentence in answer.sentences):
        sys.exit(EXIT_DIFFERENT)


def _draft(file: str) -> str:
    if file == STANDARD_INPUT:
        return plain_text(sys.stdin.buffer.read(), "标准输入")
    path = Path(file)
    try:
        data = path.read_bytes()
    except (FileNotFoundError, ValueError) as exc:
        raise ReadError(path.name, "没有这个文件") from exc
    except IsADirectoryError as exc:
        raise ReadError(path.name, "是文件夹；请给出一个文件") from exc
    except OSError as exc:
        raise ReadError(path.name, f"打不开（{exc.strerror}）") from exc
    return draft_text(data, path.name)


def _told_of(sentences: Iterator[CheckedSentence], text: str) -> Iterator[CheckedSentence]:
    """The sentences, with a bar on a terminal while they are checked."""
    errors = console(stderr=True)
    if not errors.is_terminal:
        return sentences
    total = sum(1 for _ in sentence_spans(text))
    return iter(track(sentences, "核对", total=total, console=errors, transient=True))


def _tell(answer: CheckAnswer, out: Console, show_all: bool) -> None:
    counts = "，".join(
        f"{VERDICT_LABELS[verdict]} {answer.counts[verdict]}" for verdict in VERDICTS if answer.counts[verdict]
    )
    out.print(f"共 {len(answer.sentences)} 句：{counts}", style="bold", soft_wrap=True)
    if any(sentence.differences for sentence in answer.sentences):
        out.print(Text("标记：").append_text(_marked(_LEGEND, out)), soft_wrap=True)
    for number, sentence in enumerate(answer.sentences, 1):
        if show_all or sentence.verdict not in ("exact", "short"):
            out.print()
            _tell_sentence(f"{number}. ", sentence, out)


def _tell_sentence(lead: str, sentence: CheckedSentence, out: Console) -> None:
    indent = " " * len(lead)
    told = Text(f"{lead}{_verdict(sentence)}  ", style="bold")
    told.append_text(_marked(sentence.segments(), out))
    out.print(told, soft_wrap=True)
    for place in sentence.places:
        for line in _place(place):
            out.print(Text(indent + line, style="dim"), soft_wrap=True)
    if sentence.blocks > len(sentence.places):
        out.print(Text(f"{indent}共 {sentence.blocks} 段，{sentence.reports} 篇报告", style="dim"), soft_wrap=True)
    for inside in sentence.inside:
        _tell_sentence(f"{indent}其中 ", inside, out)


def _verdict(sentence: CheckedSentence) -> str:
    label = VERDICT_LABELS[sentence.verdict]
    if sentence.verdict == "nearest" and sentence.similarity is not None:
        return f"{label} {sentence.similarity:.0%}"
    return label


def _marked(segments: Iterable[Segment], out: Console) -> Text:
    """The segments in colour on a terminal that has any, between signs elsewhere."""
    in_colour = out.color_system is not None and not out.no_color
    line = Text(style="not bold")
    for kind, text in segments:
        opening, closing = ("", "") if in_colour else _MARKS[kind]
        line.append(f"{opening}{text}{closing}", style=_STYLES[kind])
    return line


def _place(place: Place) -> tuple[str, str, str]:
    """Whose it is, where it stands, and its text in its context."""
    meta, block = place.located.report.meta, place.located.block
    before = f"…{place.before}" if place.span[0] > len(place.before) else place.before
    after = f"{place.after}…" if place.span[1] + len(place.after) < len(block.text) else place.after
    where = f"{meta.unit or _UNKNOWN}  {years_text(meta)}  {meta.title}"
    source = f"{block.source.file}:{block.source.line}  {place.located.paragraph_id}"
    return where, source, f"{before}【{place.text}】{after}"
