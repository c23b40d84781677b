"""A corrected 文种 chooses the table of topics anew."""

from __future__ import annotations

from pathlib import Path

from tests.indexes import ask, index, opened, report_text, write

REPORT = {"a.txt": report_text("市水务局党组", 2023, "（一）加强污染治理。全年检查河道二十次。")}


def topics(index_folder: Path) -> list[str]:
    (hit,) = ask(opened(index_folder), q="河道二十次")["hits"]
    return list(hit["section"]["topics"])


def test_the_corrected_kind_tells_the_topics(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORT)
    index(tmp_path / "ix", tmp_path / "in")
    assert topics(tmp_path / "ix") == []
    write(tmp_path / "in", {**REPORT, "metadata.csv": "file,field,value\na.txt,kind,政府工作报告\n"})
    index(tmp_path / "ix")
    assert topics(tmp_path / "ix") == ["生态环境", "安全与治理"]
    write(tmp_path / "in", REPORT)
    index(tmp_path / "ix")
    assert topics(tmp_path / "ix") == []
