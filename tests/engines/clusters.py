"""A real cluster for tests: where it is, and libraries in indices of their own, removed at the end."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.engines.base import Reader
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.text.analyzer import Analyzer
from tests.libraries import write_change

pytest.importorskip("opensearchpy", reason="opensearch-py is not installed")

from searchapp.engines.opensearch import OpensearchEngine, OpensearchSettings
from searchapp.engines.opensearch.client import VARIABLE, connect, settings_of

RUN = f"test-{secrets.token_hex(4)}"
"""Begins the names of all indices of this run."""

_numbers = itertools.count()


def why_not() -> str:
    """Why there is no cluster to test against; empty when there is one."""
    if not os.environ.get(VARIABLE + "URL"):
        return f"{VARIABLE}URL is not set: the opensearch engine is not tested"
    if not connect(replace(settings(), timeout=5)).ping():
        return f"{VARIABLE}URL is set, but no cluster answers there: the opensearch engine is not tested"
    return ""


def settings(shards: int = 1) -> OpensearchSettings:
    """Settings of a library of its own."""
    return replace(settings_of(os.environ), prefix=f"{RUN}-{next(_numbers)}", shards=shards, replicas="0", timeout=60.0)


def engine_of(of: OpensearchSettings, indexing: bool = False) -> OpensearchEngine:
    """An adapter for a library."""
    return OpensearchEngine(Analyzer(), of, indexing)


def build(of: OpensearchSettings, reports: Sequence[PackedReport], folder: Path) -> Reader:
    """A reader of a build from nothing."""
    engine = engine_of(of)
    folder.mkdir(parents=True, exist_ok=True)
    writer = engine.open_writer(folder, None)
    for report in reports:
        writer.add_report(report)
    writer.commit([report.report.id for report in reports])
    return engine.open_reader(folder)


def change(
    of: OpensearchSettings, base: Path, before: Sequence[PackedReport], after: Sequence[PackedReport], folder: Path
) -> Reader:
    """A reader of the build ``folder`` that holds ``after``, made from the build ``base`` that holds ``before``."""
    engine = engine_of(of)
    folder.mkdir(parents=True, exist_ok=True)
    writer = engine.open_writer(folder, base)
    write_change(writer, before, after)
    return engine.open_reader(folder)


def remove_all() -> None:
    """Removes the indices of this run."""
    client = connect(settings())
    client.indices.delete(index=f"{RUN}-*", params={"ignore_unavailable": "true"})


def remove(of: OpensearchSettings) -> None:
    """Removes the indices of a library."""
    connect(of).indices.delete(index=f"{of.prefix}-*", params={"ignore_unavailable": "true"})
