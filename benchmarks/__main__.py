"""``python -m benchmarks``: searchapp's engines beside their peers over generated reports, and over any folder given.

Progress goes to stderr. Figures are added to ``docs/benchmarks/results.json``, and the documents are made anew from it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.asking import counts_alone, whole_answers
from benchmarks.documents import DOCS, RESULTS, write_documents
from benchmarks.generate import generate
from benchmarks.literal import literal_markdown, measure_literal
from benchmarks.pages import measure_pages, pages_markdown, write_long_report
from benchmarks.queries import DEFAULT_QUERIES
from benchmarks.registry import PEERS, Entry, engines, missing
from benchmarks.results import STAGES, Results, corpus, machine, merge, read_results, write_results
from benchmarks.starting import first_answers, memory_serving
from benchmarks.workshop import Corpus, facts

DEFAULT_SIZES = (20_000,)
FULL_SIZES = (10_000, 60_000, 200_000, 1_000_000)
FULL_PAGES = 60_000
PAGES, MADE_PAGES = "benchmarks/pages.md", "<!-- Made by `make bench`: do not edit. -->\n\n# The site's pages"
DEFAULT_SEED = 1
ROUNDS = 3
COLD_QUERIES, FULL_COLD_QUERIES = 20, 60
FRESH_PROCESSES = 5

_BEGAN = time.perf_counter()


@dataclass(frozen=True, slots=True)
class Run:
    """What one run measures. ``named``: whether peers were named, and so are not left out for the size of a corpus."""

    engines: tuple[Entry, ...]
    peers: tuple[Entry, ...]
    named: bool
    stages: tuple[str, ...]
    queries: int
    rounds: int
    cold: int
    results: Path

    def entries(self, paragraphs: int) -> list[Entry]:
        """Who takes part over a corpus of that size."""
        small = [
            of for of in self.peers if self.named or of.most_paragraphs is None or paragraphs <= of.most_paragraphs
        ]
        return [*self.engines, *small]


def _listed(known: Callable[[], Sequence[str]]) -> Callable[..., tuple[str, ...] | None]:
    def parse(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
        if value is None:
            return None
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        if unknown := sorted(set(names) - set(known())):
            raise click.BadParameter(f"{', '.join(unknown)}; known: {', '.join(known())}")
        return names

    return parse


def _sizes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    sizes = [size.strip().replace("_", "") for size in value.split(",") if size.strip()]
    if not all(size.isdecimal() for size in sizes):
        raise click.BadParameter("numbers of paragraphs, commas between them; 0: none")
    return tuple(size for size in map(int, sizes) if size)


@click.command()
@click.option("--sizes", callback=_sizes, help="Paragraphs to generate: 60000,1000000. Default: 20000; 0: none.")
@click.option("--full", is_flag=True, help="10,000, 60,000, 200,000 and 1,000,000 paragraphs, and 60,000 for pages.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Reports, as they are.")
@click.option(
    "--engines",
    "engine_names",
    callback=_listed(lambda: [of.engine or "" for of in engines().values()]),
    help="Of searchapp's engines only these: whoosh,tantivy; one at least.",
)
@click.option("--peers", "peer_names", callback=_listed(lambda: list(PEERS)), help="Of them only these; '' for none.")
@click.option("--stages", callback=_listed(lambda: STAGES), help=f"Of {', '.join(STAGES)} only these.")
@click.option(
    "--work", type=click.Path(file_okay=False, path_type=Path), help="Keeps corpora and indexes between runs."
)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Of the reports and of the queries.")
@click.option("--queries", type=click.IntRange(1), default=DEFAULT_QUERIES, show_default=True, help="In all.")
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True, help="The best of them counts.")
@click.option("--cold", type=click.IntRange(1), help="Queries asked of fresh processes with cold files.")
@click.option("--docs", type=click.Path(file_okay=False, path_type=Path), default=DOCS, help="Where documents go.")
@click.option("--only-documents", is_flag=True, help="Measure nothing: make the documents from results.json anew.")
@click.option(
    "--literal", type=click.IntRange(1), multiple=True, help="Instead: literal/ alone, over so many paragraphs."
)
@click.option("--pages", type=click.IntRange(0), default=0, help="Also the site's pages, over so many paragraphs.")
@click.option("--only-pages", is_flag=True, help="Nothing but the pages: over --folder when it is given.")
def main(  # noqa: PLR0917  (one parameter an option)
    sizes: tuple[int, ...] | None,
    full: bool,
    folder: Path | None,
    engine_names: tuple[str, ...] | None,
    peer_names: tuple[str, ...] | None,
    stages: tuple[str, ...] | None,
    work: Path | None,
    seed: int,
    queries: int,
    rounds: int,
    cold: int | None,
    docs: Path,
    only_documents: bool,
    literal: tuple[int, ...],
    pages: int,
    only_pages: bool,
) -> None:
    """Measure searchapp's engines beside their peers."""
    run = Run(
        engines=_present(of for of in engines().values() if engine_names is None or of.engine in engine_names),
        peers=_present(
            of for of in PEERS.values() if (of.most_paragraphs != 0 if peer_names is None else of.name in peer_names)
        ),
        named=peer_names is not None,
        stages=stages or STAGES,
        queries=queries,
        rounds=rounds,
        cold=cold or (FULL_COLD_QUERIES if full else COLD_QUERIES),
        results=docs / RESULTS,
    )
    with tempfile.TemporaryDirectory(prefix="searchapp-bench-") as scratch:
        place = work or Path(scratch)
        if not (only_documents or literal or only_pages):
            for paragraphs in sizes if sizes is not None else FULL_SIZES if full else DEFAULT_SIZES:
                _measure(Corpus(place / f"generated-{paragraphs}-{seed}", paragraphs, seed), run)
            if folder is not None:
                _measure(Corpus(place / f"folder-{folder.resolve().name}-{seed}", 0, seed, folder.resolve()), run)
        for size in literal:
            told(f"literal/ over {size:,} paragraphs")
            target = Path(scratch) / f"literal-{size}"
            target.mkdir()
            click.echo(literal_markdown(measure_literal(target, size, queries, seed, folder)))
            shutil.rmtree(target)
        if pages or only_pages or (full and not only_documents):
            text = _pages(folder if only_pages else None, Path(scratch), pages or FULL_PAGES, queries, seed)
            (docs / "benchmarks").mkdir(parents=True, exist_ok=True)
            (docs / PAGES).write_text(f"{MADE_PAGES}\n\n{text}", encoding="utf-8")
    if not (literal or only_pages):
        for path in write_documents(docs, read_results(run.results)):
            told(f"written: {path.name}")
    told("done")


def _present(entries: Any) -> tuple[Entry, ...]:
    """Those that can take part here; of the others, why not."""
    found = []
    for entry in entries:
        reason = missing(entry)
        if reason:
            told(f"left out: {entry.label}: {reason}")
        else:
            found.append(entry)
    return tuple(found)


def _measure(measured: Corpus, run: Run) -> None:
    """All stages over one corpus; what each measured is written at once, so that a run can be broken off."""
    measured.folder.mkdir(parents=True, exist_ok=True)
    if not run.engines:
        raise click.UsageError("At least one of searchapp's engines must be there: it reads the reports.")
    passages = measured.passages(run.engines, told)
    classes = measured.queries(passages, run.queries, told)
    entries = run.entries(measured.paragraphs or len(passages))
    indexes = {entry: measured.index(entry, told) for entry in entries}
    known = facts(measured, passages, classes)
    told(f"{measured.name}: {sum(len(of.queries) for of in classes)} queries, {', '.join(of.label for of in entries)}")
    work: dict[str, Callable[[], Mapping[str, Any]]] = {
        "indexing": lambda: {of.name: measured.made(of) for of in entries},
        "answers": lambda: whole_answers(
            {of: where for of, where in indexes.items() if not of.counts_only}, classes, run.rounds, told
        ),
        "counts": lambda: counts_alone(indexes, classes, run.rounds, told),
        "starts": lambda: first_answers(indexes, classes, run.cold, FRESH_PROCESSES, told),
        "memory": lambda: memory_serving(indexes, classes, told),
    }
    for stage in run.stages:
        told(f"{measured.name}: {stage}")
        figures = work[stage]()
        results: Results = read_results(run.results)
        results["machine"] = machine()
        merge(corpus(results, measured.key, known), stage, figures)
        run.results.parent.mkdir(parents=True, exist_ok=True)
        write_results(run.results, results)


def _pages(folder: Path | None, scratch: Path, paragraphs: int, queries: int, seed: int) -> str:
    """The section of the pages: over ``folder``, else over generated reports and a long one."""
    if folder is None:
        folder = scratch / f"generated-{paragraphs}"
        folder.mkdir()
        told(f"writing {paragraphs:,} paragraphs for the pages")
        generate(folder, paragraphs, seed)
        write_long_report(folder, seed)
    return pages_markdown(measure_pages(folder.resolve(), scratch / "pages", queries, seed, told))


def told(message: str) -> None:
    """One line of progress, with the seconds since the start."""
    print(f"[{time.perf_counter() - _BEGAN:6.1f} s] {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
