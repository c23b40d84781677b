"""To add a filter takes three edits of the source; it is then found wherever filters are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EDITS = (
    (
        "fields.py",
        '    FieldDefinition("title", "标题", is_filter=False),\n',
        '    FieldDefinition("confidentiality", later("密级"), "confidentiality (密级)", "如 内部",'
        ' facet="confidentiality"),\n',
    ),
    ("reports/model.py", "    delivered_by: str | None = None\n", "    confidentiality: str | None = None\n"),
    ("search/schema.py", "SCHEMA_VERSION = 5\n", "SCHEMA_VERSION = 6\n#"),
)
"""File, a line of it, what is written before that line: the row, the value of a report, the version of builds."""

PROGRAM = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
from searchapp.cli import main
from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.web import create_app
from searchapp.wiring import index_sources, open_library

sources, index = Path(sys.argv[1]), Path(sys.argv[2])
report = index_sources(Settings(index, "whoosh"), IndexingOptions((sources,)))
library = open_library(index)
client = create_app(lambda: library).test_client()

def command(*words):
    return CliRunner().invoke(main, words, catch_exceptions=False).output

def answer(**params):
    return client.get("/api/v1/search", query_string=params).json

parameters = client.get("/api/v1/openapi.json").json["paths"]["/api/v1/search"]["get"]["parameters"]
print(json.dumps({
    "warnings": [str(warning) for warning in report.warnings],
    "query": [answer(q=q)["total"] for q in ("密级:内部", "confidentiality:内部", "-密级:内部")],
    "filter": [answer(q="支部", **each)["total"] for each in (
        {"confidentiality": "内部"}, {"confidentiality": "none"}, {"not_confidentiality": "内部"})],
    "facet": answer(q="支部")["facets"]["confidentiality"],
    "message": client.get("/api/v1/search?confidentiality=" + 300 * "x").json["detail"],
    "page": client.get("/search?q=支部").get_data(as_text=True),
    "described": {each["name"]: each["description"] for each in parameters},
    "help": command("search", "--help"),
    "option": json.loads(command("search", "支部", "--confidentiality", "内部", "--index", str(index), "--json")),
    "exported": command("corpus", "export-metadata", str(sources), "--output", "-"),
}))
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Two reports; what the first one's confidentiality is, a table of corrections says."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, unit in (("a.txt", "市水务局"), ("b.txt", "市农业局")):
        text = f"{unit}党组2023年党建工作报告\n\n一、加强组织建设\n{unit}建强了支部，抓实了学习。\n"
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "metadata.csv").write_text("文件,字段,值\na.txt,密级,内部\n", encoding="utf-8")
    return folder


def test_a_filter_is_added_in_three_places(checkout: Path, sources: Path, tmp_path: Path) -> None:
    package = tmp_path / "source/searchapp"
    shutil.copytree(checkout / "searchapp", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(checkout / "templates", package.parent / "templates")
    for name, line, written in EDITS:
        text = (package / name).read_text(encoding="utf-8")
        assert text.count(line) == 1
        (package / name).write_text(text.replace(line, written + line), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONUTF8": "1", "COLUMNS": "100"}
    command = [sys.executable, "-c", PROGRAM, str(sources), str(tmp_path / "index")]
    found = json.loads(
        subprocess.run(command, cwd=package.parent, env=environment, check=True, stdout=subprocess.PIPE).stdout
    )
    assert found["warnings"] == []
    assert found["query"] == [1, 1, 1]
    assert found["filter"] == [1, 1, 1]
    assert [(each["value"], each["label"], each["count"]) for each in found["facet"]] == [
        ("none", "未注明", 1),
        ("内部", "内部", 1),
    ]
    assert found["message"].startswith("密级")
    assert 'class="facet facet-confidentiality"' in found["page"] and "密级" in found["page"]
    assert found["described"]["confidentiality"] == "Only: confidentiality (密级); `none` is 未注明."
    assert found["described"]["not_confidentiality"] == "Not: confidentiality (密级)."
    assert "--confidentiality TEXT" in found["help"] and "只要这个密级，如 内部。" in found["help"]
    assert "不要这个密级。" in found["help"]
    assert found["option"]["total"] == 1
    assert "a.txt,1,市水务局党组2023年党建工作报告,confidentiality," in found["exported"]
