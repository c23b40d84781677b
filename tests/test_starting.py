"""What a process that only searches, or serves, never loads: half a second of its start, and most of its own memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.wiring import index_sources

INDEXING = {
    "concurrent.futures.process",
    "filelock",
    "multiprocessing",
    "searchapp.engines.embedded.writer",
    "searchapp.lexicon.build",
    "searchapp.reports.structure.parse",
    "searchapp.indexing.gather",
    "searchapp.indexing.run",
    "searchapp.indexing.reindex",
    "searchapp.indexing.verify",
}
"""What reads sources and makes indexes."""
DICTIONARIES = {"jieba", "pypinyin"}
"""Words are cut by rjieba, whose dictionary is loaded; jieba has another."""
FORMATS = {"docx", "openpyxl", "lxml", "pypdfium2", "trafilatura", "PIL"}
WEB = {"flask", "babel", "searchapp.web", "waitress"}

SEARCHING = """
import json, sys
from pathlib import Path
from searchapp.services.search import search
from searchapp.wiring import open_library
library = open_library(Path(sys.argv[1]))
for q in ('责任 落实', '"两个维护"', '"责任*落实"', '党 NEAR/8 建设'):
    assert search(library, {"q": [q]}).result is not None
print(json.dumps(sorted(sys.modules)))
"""
SERVING = """
import json, sys
from pathlib import Path
from searchapp.config import Settings
from searchapp.web import create_app
from searchapp.wiring import library_handle
client = create_app(library_handle(Settings(Path(sys.argv[1]))).current).test_client()
for address in ('/', '/search?q=责任', '/search?q=%22两个维护%22', '/api/v1/search?q=责任', '/api/v1/reports'):
    assert client.get(address).status_code == 200, address
print(json.dumps(sorted(sys.modules)))
"""
COMMAND = """
import json, sys
from searchapp.cli import main
assert not main(["search", "责任", "--index", sys.argv[1], "--json"], standalone_mode=False)
print()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def index(request: pytest.FixtureRequest, sample_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    folder = tmp_path_factory.mktemp(request.param)
    index_sources(Settings(folder, request.param), IndexingOptions((sample_corpus,)))
    return folder


def _loaded(program: str, index: Path, environment: dict[str, str]) -> set[str]:
    """The modules that a fresh process has in the end."""
    command = [sys.executable, "-c", program, str(index)]
    told = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8").stdout
    return set(json.loads(told.splitlines()[-1]))


@pytest.mark.parametrize("program", [SEARCHING, SERVING, COMMAND], ids=["searching", "serving", "command"])
def test_a_process_that_asks_loads_nothing_that_makes_indexes(
    program: str, index: Path, environment: dict[str, str]
) -> None:
    loaded = _loaded(program, index, environment)
    never = INDEXING | DICTIONARIES | FORMATS
    if program != SERVING:
        never |= WEB
    if "tantivy" in loaded:
        never |= {"whoosh"}
    assert loaded & never == set()
    assert {"searchapp.wiring", "rjieba"} <= loaded


def test_of_all_commands_one_is_loaded(environment: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import json, sys\n"
        "from searchapp.cli import main\n"
        "main(['corpus', '--help'], standalone_mode=False)\n"
        "print()\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    loaded = _loaded(program, tmp_path, environment)
    assert "searchapp.cli.corpus" in loaded
    assert not {"searchapp.cli.search", "searchapp.cli.index", "searchapp.cli.server"} & loaded
