"""The file of results: what every run adds to, and all documents are made from. Knows figures, no peer.

``{"corpora": {key: {"facts": …, "indexing": {peer: …}, "answers": {peer: …}, …}}}``, with a part for every stage. A run
replaces what it measured anew, peer by peer, and leaves the rest. Answers to other queries than those of the run are
dropped: no table compares unlike queries.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("whoosh-reloaded", "tantivy", "jieba", "rjieba", "numpy")
STAGES = ("indexing", "answers", "counts", "starts", "memory")
_OF_QUERIES = ("answers", "counts", "starts")
_GIBIBYTE = 1 << 30

Results = dict[str, Any]


def read_results(path: Path) -> Results:
    """The results so far, or none."""
    if not path.exists():
        return {"corpora": {}}
    given: Results = json.loads(path.read_text(encoding="utf-8"))
    return given


def write_results(path: Path, results: Results) -> None:
    """Writes them, whole or not at all; one line a list, so that differences can be read."""
    part = path.with_suffix(".part")
    part.write_text(_text(results) + "\n", encoding="utf-8")
    part.replace(path)


def corpus(results: Results, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of one corpus, which is emptied of answers when its ``facts`` (``drawn`` among them) are other ones."""
    of = results["corpora"].setdefault(key, {"facts": dict(facts)})
    if of["facts"].get("drawn") != facts["drawn"]:
        for stage in _OF_QUERIES:
            of.pop(stage, None)
    of["facts"] = dict(facts)
    return of  # type: ignore[no-any-return]


def merge(of: dict[str, Any], stage: str, measured: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts what a stage measured of some peers into the part of a corpus, with the time unless they have their own."""
    at = now()
    of.setdefault(stage, {}).update({peer: {**at, **figures} for peer, figures in measured.items()})


def now() -> dict[str, Any]:
    """When something was measured, and how busy the machine was."""
    return {"when": f"{datetime.now(UTC):%Y-%m-%d %H:%M}", "load": round(os.getloadavg()[0], 1)}


def machine() -> dict[str, str]:
    """What all figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIBIBYTE
    import sqlite3

    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return {
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}",
        "software": f"Python {platform.python_version()}, {packages}, SQLite {sqlite3.sqlite_version}",
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _text(value: Any, depth: int = 0) -> str:
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inside = " " * (depth + 1)
    lines = [f"{inside}{json.dumps(name, ensure_ascii=False)}: {_text(value[name], depth + 1)}" for name in value]
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
