"""The oracle shares no matching code with what it is compared with, and is plain loops: no arrays."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests import oracle

COMPARED = {
    "searchapp.literal",
    "searchapp.engines.embedded",
    "searchapp.engines.embedded.bm25",
    "searchapp.engines.embedded.packed_report",
    "searchapp.engines.embedded.question_model",
    "searchapp.engines.embedded.word_postings",
    "searchapp.engines.embedded.writer",
    "searchapp.engines.opensearch",
    "searchapp.engines.tantivy",
    "searchapp.engines.whoosh",
}


def test_the_oracle_loads_nothing_of_what_it_is_compared_with(environment: dict[str, str], checkout: Path) -> None:
    code = "import sys, tests.oracle; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=checkout, capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "searchapp.search.occurrences" in loaded
    assert not loaded & COMPARED


def test_the_oracle_has_no_arrays() -> None:
    modules = [path for path in Path(oracle.__file__).parent.glob("*.py") if not path.name.startswith("test_")]
    assert len(modules) > 3
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "numpy" for name in names), module.name
