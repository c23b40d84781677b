"""Two states of a folder of reports, and everything an index of either of them answers.

From ``BEFORE`` to ``AFTER`` one file stays, one is changed, one goes and two come, one of them a second copy of what
stays. ``PHRASE`` stands in them a different number of times.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import to_builtins

from searchapp.services.payloads.encode import answer_json
from searchapp.services.payloads.types import SearchJson
from searchapp.services.search import search
from searchapp.store.builds import BUILD_NAME, CURRENT_FILE, LOCK_FILE, is_finished
from searchapp.wiring import open_library

PHRASE = "一岗双责"


def _report(unit: str, year: int, *body: str) -> str:
    lead = f"{year}年，{unit}党组深入学习贯彻党的二十大精神，认真履行全面从严治党主体责任。"
    close = "特此报告。"
    return "\n".join([f"{unit}{year}年度落实全面从严治党主体责任情况报告", lead, *body, close]) + "\n"


_STAYS = _report(
    "临江区水务局",
    2023,
    "一、压实责任",
    f"班子成员履行{PHRASE}，{PHRASE}清单逐项销号。",
    "二、存在问题",
    "调研还不够深。",
)

BEFORE: Mapping[str, str] = {
    "水务局2023.txt": _STAYS,
    "农业局2023.txt": _report(
        "临江区农业局", 2023, "一、加强学习", f"开展专题学习，落实{PHRASE}。", "二、抓好整改", "整改完成十二项。"
    ),
    "旅游局2023.txt": _report("临江区旅游局", 2023, "一、转变作风", f"推动{PHRASE}向基层延伸。", "走访企业三十家。"),
}

AFTER: Mapping[str, str] = {
    "水务局2023.txt": _STAYS,
    "农业局2023.txt": _report(
        "临江区农业局",
        2023,
        "一、加强学习",
        "开展专题学习，明确责任。",
        "二、抓好整改",
        "整改完成十五项。",
        "群众满意。",
    ),
    "农业局2024.txt": _report(
        "临江区农业局", 2024, "一、加强学习", f"{PHRASE}、{PHRASE}，常抓不懈，{PHRASE}落到实处。"
    ),
    "水务局2023副本.txt": _STAYS,
}


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Makes ``folder`` hold exactly ``files``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Truth:
    """All that an index of a folder answers, but for build names and times taken."""

    reports: tuple[object, ...]
    stats: object
    answers: tuple[object, ...]


def truth_of(index: Path) -> Truth:
    """Reads the current build as a reader would."""
    library = open_library(index)
    try:
        return Truth(
            reports=tuple(library.reader.iterate()),
            stats=library.reader.stats(),
            answers=tuple(
                _told(answer_json(search(library, {"q": [query], "per_page": ["100"]})))
                for query in (f'"{PHRASE}"', "学习 整改", "", "二十大 NOT 局")
            ),
        )
    finally:
        library.reader.close()


def _told(answer: SearchJson) -> dict[str, object]:
    return {name: value for name, value in to_builtins(answer).items() if name not in ("build", "took_ms")}


def retired_of(index: Path) -> object:
    """Where addresses of earlier builds lead."""
    library = open_library(index)
    try:
        return dict(library.retired.records)
    finally:
        library.reader.close()


def leftovers(index: Path) -> list[str]:
    """What stands in the index folder beside the lock, ``CURRENT`` and finished builds."""
    return sorted(
        path.name
        for path in index.iterdir()
        if path.name not in (CURRENT_FILE, LOCK_FILE)
        and not (BUILD_NAME.fullmatch(path.name) and is_finished(index, path.name))
    )


def build_count(index: Path) -> int:
    """How many builds stand in the index folder."""
    return sum(1 for path in index.iterdir() if BUILD_NAME.fullmatch(path.name))
