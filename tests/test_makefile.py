"""``make serve``, with a Python that only writes down what it is asked to run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKE = shutil.which("make")
PYTHON = """#!/bin/sh
printf '%s\\n' "$*" >> "$ASKED"
"""
SERVE = "-m searchapp serve --index my ix --host 127.0.0.1 --port 5000"


def served(checkout: Path, folder: Path, *variables: str) -> list[str]:
    """The commands that ``make serve INDEX='my ix'`` runs in ``folder``, without the environment."""
    if MAKE is None:
        pytest.skip("there is no make here")
    shutil.copy(checkout / "Makefile", folder)
    shutil.copy(checkout / "pyproject.toml", folder)
    python = folder / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    asked = folder / "asked"
    # The environment counts as made: its stamp names this folder and this pyproject.toml.
    stamp = subprocess.run(
        ["/bin/sh", "-c", 'echo "$(pwd -P) $(cksum < pyproject.toml)"'], cwd=folder, check=True, capture_output=True
    )
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".stamp").write_bytes(stamp.stdout)
    command = [MAKE, "-s", "serve", f"PY={python}", "INDEX=my ix", *variables]
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    subprocess.run(command, cwd=folder, env={**clean, "ASKED": str(asked)}, check=True, timeout=60)
    return asked.read_text("utf-8").splitlines()


def test_with_no_index_the_sample_is_indexed_and_served(checkout: Path, tmp_path: Path) -> None:
    assert served(checkout, tmp_path) == ["-m searchapp index corpus --index my ix", SERVE]


def test_an_index_that_is_there_is_served_as_it_is(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "my ix").mkdir()
    (tmp_path / "my ix" / "CURRENT").write_text("b-1")
    assert served(checkout, tmp_path) == [SERVE]


def test_a_given_corpus_takes_the_place_of_the_index(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "my ix").mkdir()
    (tmp_path / "my ix" / "CURRENT").write_text("b-1")
    assert served(checkout, tmp_path, "CORPUS=my reports") == [
        "-m searchapp index my reports --index my ix --replace",
        SERVE,
    ]
