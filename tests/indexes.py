"""Folders of small reports and indexes of them, for the tests of services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from searchapp.config import Settings
from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.run import IndexingOptions, IndexingReport
from searchapp.services.library import Library
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import search
from searchapp.wiring import index_sources, open_library

IN_PROCESS = ("--jobs", "1", "--file-seconds", "0", "--file-memory", "0")
"""Options of ``searchapp index`` without which files are read by processes of their own."""
FILLER = "坚持以党的建设为统领，压实管党治党责任，推动各项工作落地见效。" * 12


def report_text(unit: str, year: int, *paragraphs: str) -> str:
    """A report as an office writes it; enough prose to stand alone in its file."""
    body = "\n".join(paragraphs)
    return f"{unit}{year}年落实全面从严治党主体责任情况报告\n\n{year}年，{unit}{FILLER}\n一、主要工作\n{body}\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Makes the folder hold exactly these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in list(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def index(index_folder: Path, *sources: Path, **options: Any) -> IndexingReport:
    """One indexing run; in this process, unless ``options`` say how many others or how much they may take."""
    if not options.keys() & {"jobs", "budget"}:
        options |= {"jobs": 1, "budget": FileBudget(0, 0)}
    return index_sources(Settings(index_folder), IndexingOptions(sources, **options))


def ask(library: Library, **params: str) -> dict[str, Any]:
    """A search by its parameters, as JSON, without what differs from run to run."""
    answer: dict[str, Any] = to_builtins(
        answer_json(search(library, {name: [value] for name, value in params.items()}))
    )
    del answer["took_ms"], answer["build"]
    return answer


def opened(index_folder: Path) -> Library:
    return open_library(index_folder)
