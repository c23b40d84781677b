"""The documents that results are written into: ``docs/benchmarks/`` and the table of ``docs/operating/engines.md``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.report import cannot_table, engines_table, results_markdown

DOCS = Path(__file__).resolve().parent.parent / "docs"
RESULTS = "benchmarks/results.json"
_BEGIN, _END = "<!-- {}: made by `make bench` -->", "<!-- {}: end -->"


def write_documents(docs: Path, results: Mapping[str, Any]) -> list[Path]:
    """Writes all that is made from results below ``docs``; plots only where matplotlib is installed."""
    folder = docs / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    plots: dict[str, str] = {}
    if find_spec("matplotlib"):
        from benchmarks.plots import write_plots

        plots = write_plots(folder, results)
    page = folder / "results.md"
    page.write_text(results_markdown(results, plots), encoding="utf-8")
    written = [page, *(folder / name for name in plots.values())]
    for path, name, text in (
        (docs / "operating/engines.md", "figures", engines_table(results)),
        (folder / "README.md", "peers", cannot_table()),
    ):
        if path.exists():
            path.write_text(_replaced(path.read_text(encoding="utf-8"), name, text), encoding="utf-8")
            written.append(path)
    return written


def _replaced(text: str, name: str, made: str) -> str:
    """The text with what stands between its two marks replaced. Raises ``ValueError`` without them."""
    begin, end = _BEGIN.format(name), _END.format(name)
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"no marks of {name!r}")
    return f"{before}{begin}\n{made}\n{end}{after}"
