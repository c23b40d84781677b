"""Results as Markdown. Knows figures and names; must not know how they came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks import figures
from benchmarks.aims import judged
from benchmarks.figures import COSTS, Part
from benchmarks.measure import Spread
from benchmarks.registry import ENGINE_PREFIX, PEERS, entry_of

BUSY_LOAD = 6.0
"""More than the measured themselves make on two cores."""
_MEBIBYTE = 1 << 20
_TRUE_CLASSES = ("one character", "phrase, frequent", "phrase, rare", "phrase that cuts a word", "gap")
MADE = "<!-- Made by `make bench` from results.json: do not edit. -->"


def results_markdown(results: Mapping[str, Any], plots: Mapping[str, str]) -> str:
    """All of it as one page. ``plots``: names of files by what they show (:mod:`benchmarks.plots`)."""
    parts = [MADE, "# Results", "How they were measured: [README.md](README.md).", _machine(results)]
    parts += ["## What was aimed at", _aims(results)]
    for part in sorted(results["corpora"].values(), key=lambda of: of["facts"]["blocks"]):
        parts += _corpus(part, plots)
    if any(figures.slope(cost.points(results, peer)) for cost in COSTS for peer in _peers_of(results)):
        parts += [
            "## Cost as the work grows",
            _picture(plots.get("growth"), "cost by number of blocks"),
            _growth(results),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def engines_table(results: Mapping[str, Any]) -> str:
    """For who must choose an engine: one row for each corpus and engine."""
    rows = []
    for part in figures.generated(results):
        for peer in (peer for peer in _order(part) if peer.startswith(ENGINE_PREFIX)):
            made, memory = part.get("indexing", {}).get(peer), part.get("memory", {}).get(peer)
            fresh = part.get("starts", {}).get(peer, {}).get("fresh")
            rows.append(
                (
                    f"{part['facts']['paragraphs']:,}: {entry_of(peer).engine}",
                    _spread(figures.spread(part, "answers", peer, "first")),
                    _spread(figures.spread(part, "answers", peer, "again")),
                    _seconds(made["seconds"]) if made else "",
                    _mebibytes(made and made["bytes"]),
                    f"{fresh['whole'] / 1000:.2f} s" if fresh else "",
                    _mebibytes(memory and memory["alone"]),
                )
            )
    head = ("paragraphs: engine", "answer, first time (ms)", "again (ms)", "indexing", "on disk", "start", "memory")
    return _table(head, rows)


def _corpus(part: Part, plots: Mapping[str, str]) -> Iterator[str]:
    facts = part["facts"]
    yield f"## {facts['name'][0].upper()}{facts['name'][1:]}"
    yield f"{facts['blocks']:,} blocks, {facts['characters']:,} characters, seed {facts['seed']}."
    if "answers" in part:
        yield "### Whole answers, milliseconds"
        yield (
            "Median / 95th percentile. Ratios are searchapp's median by the peer's over the queries that both answered:"
            " below 1 searchapp is faster."
        )
        yield _picture(plots.get(f"answers {facts['name']}"), "whole answers by peer")
        yield _answers(part)
        yield "#### By class of queries: median of the first time / of the repeat"
        yield _picture(plots.get(f"classes {facts['name']}"), "whole answers by class of queries")
        yield _classes(part)
        yield "### Phrases, gaps and single characters against brute force"
        yield "Queries whose total is exact, and blocks too few (−) and too many (+) over all of them."
        yield _exactness(part)
    if "counts" in part:
        yield "### Counts alone, milliseconds"
        yield (
            "The number of blocks; searchapp: occurrences, reports and units as well. Without filters. Median / 95th"
            " percentile."
        )
        yield _counts(part)
    if "indexing" in part:
        yield "### Indexing"
        yield (
            "searchapp: the whole way from files to a published build, on all cores. The others: the same blocks,"
            " already read and parsed."
        )
        yield _indexing(part)
    if "starts" in part:
        yield "### The first answer of a fresh process, milliseconds"
        yield (
            "Files in the system's cache, the quickest of some processes; then cold: files dropped from the cache,"
            " median / 95th percentile over queries of all classes."
        )
        yield _starts(part)
    if "memory" in part:
        yield "### Memory after all queries, MiB"
        yield (
            "searchapp: the whole web application; the others: their index in a bare process. Private and shared while"
            " a second process serves the same index; what that adds by proportional size (Pss)."
        )
        yield _memory(part)
    yield _measured(part)


def _answers(part: Part) -> str:
    engines = [peer for peer in _order(part) if peer.startswith(ENGINE_PREFIX)]
    rows = []
    for peer in _order(part):
        first = figures.spread(part, "answers", peer, "first")
        if first is None:
            continue
        ratios = []
        for ours in engines:
            pair = [figures.ratio(part, ours, peer, phase) for phase in ("first", "again")]
            ratios.append("" if ours == peer else " / ".join("" if of is None else f"{of:.2g}" for of in pair))
        exact = "" if part["answers"][peer]["facets_exact"] else " (facet counts do not add up to the total)"
        again = figures.spread(part, "answers", peer, "again")
        cells = (str(first.count), _spread(figures.cold(part, peer)), _spread(first), _spread(again))
        rows.append((entry_of(peer).label + exact, *cells, *ratios))
    head = ("", "queries", "cold", "first time", "again")
    return _table((*head, *(f"{entry_of(ours).engine} by it: first / again" for ours in engines)), rows)


def _classes(part: Part) -> str:
    peers = [peer for peer in _order(part) if peer in part["answers"] and not entry_of(peer).counts_only]
    rows = []
    for name, of in part["facts"]["classes"].items():
        cells = []
        for peer in peers:
            pair = [figures.spread(part, "answers", peer, phase, (name,)) for phase in ("first", "again")]
            cells.append(" / ".join(_ms(of.median) for of in pair if of) or "cannot")
        rows.append((f"{name}: {of['note']} ({len(of['true'])})", *cells))
    return _table(("", *(entry_of(peer).label for peer in peers)), rows)


def _exactness(part: Part) -> str:
    rows = []
    for peer in _order(part):
        cells = []
        for name in _TRUE_CLASSES:
            found = figures.exactness(part, peer, name)
            wrong = f" (−{found.too_few:,} +{found.too_many:,})" if found and found.exact < found.queries else ""
            cells.append(f"{found.exact} of {found.queries}{wrong}" if found else "cannot")
        rows.append((entry_of(peer).label, *cells))
    return _table(("", *_TRUE_CLASSES), rows)


def _counts(part: Part) -> str:
    names = [name for name in part["facts"]["classes"] if not name.startswith("filtered")]
    groups = {
        "all": names,
        "phrases": [name for name in names if name.startswith("phrase")],
        "one character": ["one character"],
        "words": [name for name in names if "word" in name and not name.startswith("phrase")],
        "gaps": ["gap"],
    }
    rows = []
    for peer in _order(part):
        cells = []
        for classes in groups.values():
            pair = [figures.spread(part, "counts", peer, phase, classes) for phase in ("first", "again")]
            cells.append(" · ".join(map(_spread, pair)) if all(pair) else "cannot")
        if peer in part["counts"]:
            rows.append((entry_of(peer).label, *cells))
    return _table(("first time · again", *groups), rows)


def _indexing(part: Part) -> str:
    rows = []
    for peer in _order(part):
        made = part["indexing"].get(peer)
        if made:
            rows.append(
                (
                    entry_of(peer).label,
                    f"{made['seconds']:.1f}",
                    f"{made['processor_seconds']:.1f}",
                    f"{part['facts']['characters'] / made['seconds']:,.0f}",
                    f"{made['peak_bytes'] / _MEBIBYTE:,.0f}",
                    f"{made['bytes'] / _MEBIBYTE:,.0f}",
                )
            )
    head = ("", "seconds", "processor s", "characters/s", "MiB of memory, the largest process", "MiB on disk")
    return _table(head, rows)


def _starts(part: Part) -> str:
    rows = []
    for peer in _order(part):
        of = part["starts"].get(peer)
        if of:
            fresh = [f"{of['fresh'][name]:.0f}" for name in ("import", "open", "answer", "whole")]
            cold = [_spread(Spread.of(of["cold"][name])) for name in ("open", "answer", "whole")]
            rows.append((entry_of(peer).label, *fresh, *cold))
    head = ("", "import", "open", "answer", "whole", "cold: open", "cold: answer", "cold: whole")
    return _table(head, rows)


def _memory(part: Part) -> str:
    rows = []
    for peer in _order(part):
        of = part["memory"].get(peer)
        if of:
            sizes = [f"{of[name] / _MEBIBYTE:,.0f}" for name in ("alone", "anonymous", "private", "shared", "adds")]
            rows.append((entry_of(peer).label, *sizes, "loaded" if of["jieba_loaded"] else "not loaded"))
    head = ("", "one process", "of it not files", "private", "shared", "a second adds", "jieba's dictionary")
    return _table(head, rows)


def _growth(results: Mapping[str, Any]) -> str:
    rows = []
    for peer in _peers_of(results):
        slopes = [figures.slope(cost.points(results, peer)) for cost in COSTS]
        if any(slope is not None for slope in slopes):
            rows.append((entry_of(peer).label, *("" if slope is None else f"{slope:.2f}" for slope in slopes)))
    told = "Slopes on logarithmic axes: 1 is linear, 0 does not grow."
    return told + "\n\n" + _table(("", *(cost.name for cost in COSTS)), rows)


def _aims(results: Mapping[str, Any]) -> str:
    words = {None: "", True: "reached", False: "**missed**"}
    rows = [(of.figure, of.aim, of.measured, words[of.reached]) for of in judged(results)]
    return _table(("figure", "aim", "measured", ""), rows)


def _machine(results: Mapping[str, Any]) -> str:
    of = results.get("machine")
    return f"- {of['machine']}\n- {of['software']}" if of else ""


def _measured(part: Part) -> str:
    """When each stage was measured, and how busy the machine was."""
    told, busy = [], False
    for stage in ("indexing", "answers", "counts", "starts", "memory"):
        runs = part.get(stage, {}).values()
        if runs:
            days = sorted({run["when"] for run in runs})
            when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
            load = max(run["load"] for run in runs)
            busy = busy or load > BUSY_LOAD
            told.append(f"{stage} {when}, load at the end {load}")
    words = "**The machine was busy with other work: these times are of little worth.** " if busy else ""
    return f"{words}Measured (UTC): {'; '.join(told)}." if told else ""


def cannot_table() -> str:
    """What each peer is not asked, or does in another way."""
    lines = ["| | what it cannot do, or does in another way |", "|---|---|"]
    return "\n".join([*lines, *(f"| {of.label} | {of.cannot} |" for of in PEERS.values())])


def _order(part: Part) -> list[str]:
    """searchapp's engines, then the peers in their usual order."""
    known = {peer for stage in ("indexing", "answers", "counts") for peer in part.get(stage, {})}
    engines = sorted(
        (peer for peer in known if peer.startswith(ENGINE_PREFIX)), key=lambda peer: peer != "searchapp-whoosh"
    )
    return [*engines, *(peer for peer in PEERS if peer in known)]


def _peers_of(results: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(peer for part in figures.generated(results) for peer in _order(part)))


def _picture(name: str | None, told: str) -> str:
    return f"![{told}]({name})" if name else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def _spread(of: Spread | None) -> str:
    return f"{_ms(of.median)} / {_ms(of.p95)}" if of else ""


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _seconds(value: float) -> str:
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


def _mebibytes(value: float | None) -> str:
    return f"{value / _MEBIBYTE:,.0f} MiB" if value else ""
