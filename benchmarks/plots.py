"""Results as SVG, drawn by matplotlib, the same bytes for the same results. Knows figures, no peer.

Colours are variables of the file's own style sheet, so that a picture suits a light page and a dark one; its
background is that of the page. Letters stay letters.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from benchmarks import figures
from benchmarks.figures import COSTS, Cost, Part
from benchmarks.registry import entry_of

_MEBIBYTES = ("MiB", 1 << 20)
WIDTH_INCHES = 9.0
_ROW_INCHES = 0.31

# What is drawn with (matplotlib takes only colours), and what stands for it in a light and in a dark page.
_INK, _FAINT, _PAGE = "#010101", "#020202", "#030303"
_COLOURS = {_INK: ("#24292f", "#e6edf3"), _FAINT: ("#d0d7de", "#3d444d"), _PAGE: ("#ffffff", "#0d1117")}
_SERIES = {
    "searchapp-whoosh": ("#0a5fd1", "#6cb0ff", "o"),
    "searchapp-tantivy": ("#c2410c", "#ff9e64", "*"),
    "whoosh-plain": ("#57606a", "#a6afb8", "s"),
    "fts5-words": ("#1a7f37", "#57c46c", "^"),
    "fts5-trigram": ("#6f8f00", "#b5cf3a", "v"),
    "tantivy-raw": ("#a3357f", "#f08fcb", "D"),
    "xapian": ("#7a4fd0", "#b79cff", "P"),
    "grep": ("#8a6500", "#d9b24a", "X"),
}
"""Colour on light and on dark, and the mark, of every peer."""


def _of(peer: str) -> str:
    """The colour that stands for a peer while it is drawn."""
    return f"#{0x040404 + list(_SERIES).index(peer):06x}" if peer in _SERIES else _INK


def write_plots(folder: Path, results: Mapping[str, Any]) -> dict[str, str]:
    """Writes every plot that the results have figures for; names of files by what they show."""
    written: dict[str, str] = {}
    for key, part in results["corpora"].items():
        peers = [peer for peer in _SERIES if figures.spread(part, "answers", peer, "first")]
        if peers:
            name = part["facts"]["name"]
            written[f"answers {name}"] = _write(folder, f"answers-{key}", lambda p=part, of=peers: _answers(p, of))
            written[f"classes {name}"] = _write(folder, f"classes-{key}", lambda p=part, of=peers: _classes(p, of))
    if len(figures.generated(results)) > 1:
        written["growth"] = _write(folder, "growth", lambda: _growth(results))
    return written


def _write(folder: Path, name: str, draw: Callable[[], Figure]) -> str:
    with _style():
        held = io.StringIO()
        draw().savefig(held, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    path = folder / f"{name}.svg"
    path.write_text(_themed(held.getvalue()), encoding="utf-8")
    return path.name


@contextmanager
def _style() -> Iterator[None]:
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "searchapp",
        "font.size": 10,
        "axes.edgecolor": _FAINT,
        "axes.labelcolor": _INK,
        "axes.titlecolor": _INK,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "figure.constrained_layout.h_pad": 0.12,
        "figure.constrained_layout.w_pad": 0.12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": _FAINT,
        "grid.linewidth": 0.6,
        "text.color": _INK,
        "xtick.color": _FAINT,
        "ytick.color": _FAINT,
        "xtick.labelcolor": _INK,
        "ytick.labelcolor": _INK,
        "legend.frameon": False,
    }
    with mpl.rc_context(settings):
        yield


def _themed(svg: str) -> str:
    """Colours as variables with their values on a light and on a dark page, and the reader's own letters."""
    pairs = {_of(peer): of[:2] for peer, of in _SERIES.items()} | _COLOURS
    names = {colour: f"--c{number}" for number, colour in enumerate(pairs)}
    for colour, name in names.items():
        svg = svg.replace(colour, f"var({name})")
    svg = re.sub(r"'DejaVu Sans'[^;\"]*", "system-ui, sans-serif", svg)

    def values(which: int) -> str:
        return "".join(f"{names[colour]}:{pair[which]};" for colour, pair in pairs.items())

    sheet = f"<style>:root{{{values(0)}}}@media(prefers-color-scheme:dark){{:root{{{values(1)}}}}}</style>"
    return re.sub(r"(<svg[^>]*>)", lambda found: found.group(1) + "\n " + sheet, svg, count=1)


def _answers(part: Part, peers: Sequence[str]) -> Figure:
    """Every peer's median and 95th percentile, first time and again, on one logarithmic axis."""
    figure = Figure(figsize=(WIDTH_INCHES, 1.3 + 1.75 * _ROW_INCHES * len(peers)), layout="constrained")
    axes = figure.subplots()
    rows = list(figures.fastest(part, peers))
    for row, peer in enumerate(rows):
        for phase, offset, filled in (("first", -0.16, False), ("again", 0.16, True)):
            of = figures.spread(part, "answers", peer, phase)
            if of is None:
                continue
            colour = _of(peer)
            axes.plot([of.median, of.p95], [row + offset] * 2, color=colour, linewidth=2.2, solid_capstyle="round")
            face = colour if filled else _PAGE
            axes.plot(
                of.median, row + offset, "o", color=colour, markerfacecolor=face, markersize=7, markeredgewidth=1.8
            )
            axes.plot(of.p95, row + offset, "|", color=colour, markersize=8, markeredgewidth=2.2)
            told = f"{_figure(of.median)} – {_figure(of.p95)} ms"
            axes.annotate(told, (of.p95, row + offset), (8, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set_yticks(range(len(rows)), [entry_of(peer).label for peer in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    _milliseconds(axes)
    low, high = axes.get_xlim()
    axes.set_xlim(low, high * (high / low) ** 0.22)
    axes.set_title(f"Whole answers over {part['facts']['name']}: median to 95th percentile")
    axes.set_xlabel("milliseconds; ○ a query's first time in an open index, ● asked again")
    return figure


def _classes(part: Part, peers: Sequence[str]) -> Figure:
    """Every class of queries: each peer's median of the first time."""
    names = list(part["facts"]["classes"])
    figure = Figure(figsize=(WIDTH_INCHES, 1.7 + _ROW_INCHES * len(names)), layout="constrained")
    axes = figure.subplots()
    for peer in reversed(peers):
        spreads = [figures.spread(part, "answers", peer, "first", (name,)) for name in names]
        found = [(of.median, row) for row, of in enumerate(spreads) if of]
        ours = peer.startswith("searchapp")
        axes.plot(
            *zip(*found, strict=True),
            linestyle="-" if ours else "none",
            linewidth=1.2,
            marker=_SERIES[peer][2],
            markersize=8 if ours else 6.5,
            color=_of(peer),
            label=entry_of(peer).label,
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    _milliseconds(axes)
    axes.set_title(f"Whole answers over {part['facts']['name']}: median of a query's first time, by class")
    axes.set_xlabel("milliseconds")
    _legend(figure, axes, reverse=True)
    return figure


def _growth(results: Mapping[str, Any]) -> Figure:
    """Four costs by the number of blocks, both axes logarithmic; the dotted line grows as the work does (slope 1)."""
    figure = Figure(figsize=(WIDTH_INCHES, 7.4), layout="constrained")
    panels = figure.subplots(2, 2)
    by_name = {cost.name: cost for cost in COSTS}
    first = [by_name[f"an answer, first time: {share}"] for share in ("median", "95th percentile")]
    _panel(panels[0][0], results, "A first answer: median (95th percentile dashed)", ("ms", 1), first)
    _panel(panels[0][1], results, "Indexing", ("seconds", 1), [by_name["indexing"]])
    _panel(panels[1][0], results, "Index on disk", _MEBIBYTES, [by_name["index on disk"]])
    _panel(panels[1][1], results, "Memory while serving, one process", _MEBIBYTES, [by_name["memory while serving"]])
    for axes in panels[1]:
        axes.set_xlabel("blocks")
    _legend(figure, panels[0][0])
    return figure


def _panel(axes: Any, results: Mapping[str, Any], title: str, unit: tuple[str, float], costs: Sequence[Cost]) -> None:
    """``unit``: its name, and what costs are divided by to be in it. Peers have only the first of ``costs``.

    The slopes of searchapp's engines stand beside their lines.
    """
    drawn: dict[str, list[tuple[float, float]]] = {}
    for peer, (*_, mark) in _SERIES.items():
        if entry_of(peer).counts_only:
            continue
        ours = entry_of(peer).engine is not None
        for cost, line in zip(costs if ours else costs[:1], ("-", "--"), strict=False):
            points = [(blocks, value / unit[1]) for blocks, value in cost.points(results, peer)]
            if points:
                label = entry_of(peer).label if line == "-" else None
                look = {"linewidth": 2.2, "markersize": 6} if ours else {"linewidth": 1.1, "markersize": 5}
                axes.plot(*zip(*points, strict=True), line, marker=mark, color=_of(peer), label=label, **look)
                drawn.setdefault(peer, points)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(x=0.14)
    engines = sorted((peer for peer in drawn if entry_of(peer).engine), key=lambda peer: drawn[peer][-1][1])
    for place, peer in enumerate(engines):
        slope = figures.slope(drawn[peer])
        if slope is not None:
            style = {"textcoords": "offset points", "va": "center", "fontsize": 9, "color": _of(peer)}
            axes.annotate(f"{slope:.2f}", drawn[peer][-1], (7, 5 * (2 * place - len(engines) + 1)), **style)
    highest = max((points for points in drawn.values() if len(points) > 1), key=lambda of: of[0][1], default=None)
    if highest:
        (x0, y0), x1 = highest[0], highest[-1][0]
        axes.autoscale(False)
        axes.plot([x0, x1], [y0, y0 * x1 / x0], ":", color=_INK, linewidth=1, alpha=0.6, zorder=0)
    axes.set_title(title, fontsize=10)
    axes.set_ylabel(unit[0])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _milliseconds(axes: Any) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _legend(figure: Figure, axes: Any, reverse: bool = False) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if reverse:
        handles, labels = handles[::-1], labels[::-1]
    figure.legend(handles, labels, loc="outside lower center", ncols=4)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
