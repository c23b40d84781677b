"""``python -m benchmarks``: searchapp beside plain Whoosh over generated reports, and over any folder given.

Progress goes to stderr, the result in Markdown to stdout and to ``--output``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.generate import generate
from benchmarks.literal import literal_markdown, measure_literal
from benchmarks.measure import cold, exactness, latencies, measured_indexing
from benchmarks.pages import measure_pages, pages_markdown, write_long_report
from benchmarks.peers import PLAIN, SEARCHAPP, Peer
from benchmarks.queries import draw_queries
from benchmarks.report import Results, machine_facts, markdown
from benchmarks.searchapp_peer import SearchappPeer, index_searchapp, source_files
from benchmarks.whoosh_peer import PlainPeer, index_plain, warm_jieba
from searchapp.text.analyzer import Analyzer

DEFAULT_PARAGRAPHS = 20_000
DEFAULT_PAGES = 60_000
DEFAULT_QUERIES = 30
DEFAULT_SEED = 1
STOCK_SAMPLE_BLOCKS = 2_000
PROGRESS_BLOCKS = 5_000

_BEGAN = time.perf_counter()


@click.command()
@click.option("--paragraphs", type=click.IntRange(0), default=DEFAULT_PARAGRAPHS, show_default=True, help="0: none.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Reports, as they are.")
@click.option("--literal", type=click.IntRange(1), multiple=True, help="Also literal/ alone, over so many paragraphs.")
@click.option(
    "--pages", type=click.IntRange(0), default=DEFAULT_PAGES, show_default=True, help="Also the site's pages."
)
@click.option("--only-pages", is_flag=True, help="Nothing but the pages: over --folder when it is given.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Of the reports and of the queries.")
@click.option("--queries", type=click.IntRange(1), default=DEFAULT_QUERIES, show_default=True, help="In each class.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Also write the result here.")
def main(  # noqa: PLR0917  (one parameter an option)
    paragraphs: int,
    folder: Path | None,
    literal: tuple[int, ...],
    pages: int,
    only_pages: bool,
    seed: int,
    queries: int,
    output: Path | None,
) -> None:
    """Measure searchapp beside plain Whoosh."""
    if only_pages:
        paragraphs, literal = 0, ()
    if not paragraphs and folder is None and not literal and not pages:
        raise click.UsageError("Nothing to measure: --paragraphs and --pages are 0, no --folder, no --literal.")
    sections = [machine_facts(seed) + "\n"]
    warm_jieba()
    with tempfile.TemporaryDirectory(prefix="searchapp-bench-") as scratch:
        if paragraphs:
            source = Path(scratch) / "generated"
            source.mkdir()
            told(f"writing {paragraphs:,} paragraphs")
            generate(source, paragraphs, seed)
            name = f"Generated: {paragraphs:,} paragraphs"
            sections.append(markdown(measure(name, source, Path(scratch) / "a", queries, seed)))
        for size in literal:
            told(f"literal/ over {size:,} paragraphs")
            target = Path(scratch) / f"literal-{size}"
            target.mkdir()
            sections.append(literal_markdown(measure_literal(target, size, queries, seed, folder)))
            shutil.rmtree(target)
        if pages or only_pages:
            of_folder = folder if only_pages else None
            sections.append(_pages(of_folder, Path(scratch), pages or DEFAULT_PAGES, queries, seed))
        if folder is not None and not literal and not only_pages:
            name = f"Folder: {folder.resolve().name}"
            sections.append(markdown(measure(name, folder, Path(scratch) / "b", queries, seed)))
    text = "\n".join(sections)
    click.echo(text)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    told("done")


def _pages(folder: Path | None, scratch: Path, paragraphs: int, queries: int, seed: int) -> str:
    """The section of the pages: over ``folder``, else over generated reports and a long one."""
    if folder is None:
        folder = scratch / f"generated-{paragraphs}"
        folder.mkdir()
        told(f"writing {paragraphs:,} paragraphs for the pages")
        generate(folder, paragraphs, seed)
        write_long_report(folder, seed)
    return pages_markdown(measure_pages(folder.resolve(), scratch / "pages", queries, seed, told))


def measure(name: str, source: Path, scratch: Path, queries: int, seed: int) -> Results:
    """All figures of the reports in ``source``; indexes go below ``scratch``, a folder that is not there yet."""
    scratch.mkdir()
    folders = {SEARCHAPP: scratch / "searchapp", PLAIN: scratch / "plain"}
    told(f"{name}: indexing with searchapp")
    ours = measured_indexing(
        SEARCHAPP,
        folders[SEARCHAPP],
        lambda: index_searchapp(source, folders[SEARCHAPP]),
    )
    opened = SearchappPeer(folders[SEARCHAPP])
    passages = list(opened.passages())
    opened.close()
    told(f"searchapp: {ours.seconds:.1f} s; indexing {len(passages):,} blocks with plain Whoosh")
    plain = measured_indexing(
        PLAIN,
        folders[PLAIN],
        lambda: index_plain(passages, folders[PLAIN], _counted(len(passages))),
    )
    told(f"plain Whoosh: {plain.seconds:.1f} s; drawing queries")
    results = Results(
        name, source_files(folders[SEARCHAPP]), len(passages), sum(len(passage.text) for passage in passages)
    )
    results.indexing = [ours, plain]
    classes = draw_queries(passages, Analyzer().words, queries, seed)
    results.cold = cold(folders, classes, told)

    def open_peers() -> list[Peer]:
        return [SearchappPeer(folders[SEARCHAPP]), PlainPeer.open(folders[PLAIN])]

    results.classes = list(zip(classes, latencies(open_peers, classes, told), strict=True))
    peers = open_peers()
    sample = passages[:STOCK_SAMPLE_BLOCKS]
    results.sampled = len(sample)
    told("phrases against brute force")
    stock = PlainPeer.stock(sample)
    for drawn in classes:
        if drawn.is_phrase:
            results.exactness.extend(exactness(peers, drawn, passages))
            results.stock_exactness.extend(exactness([stock], drawn, sample))
    for peer in (*peers, stock):
        peer.close()
    return results


def told(message: str) -> None:
    """One line of progress, with the seconds since the start."""
    print(f"[{time.perf_counter() - _BEGAN:6.1f} s] {message}", file=sys.stderr, flush=True)


def _counted(total: int) -> Callable[[int], None]:
    def count(done: int) -> None:
        if done % PROGRESS_BLOCKS == 0:
            told(f"  {done:,} of {total:,}")

    return count


if __name__ == "__main__":
    main()
