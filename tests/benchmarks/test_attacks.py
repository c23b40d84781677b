"""That attacks reach the server they are meant for, and that its light readers are answered beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.attacks.crowd import abandoned_concordance, crowd, light_readers, long_check, whole_export
from benchmarks.attacks.server import running
from benchmarks.generate import generate
from tests.indexes import index

WORKS = (abandoned_concordance, whole_export, long_check)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    generate(source, 80, 1)
    index(tmp_path / "index", source)
    return tmp_path / "index"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="what a process uses is read from /proc")
def test_heavy_clients_work_beside_light_readers_and_are_counted(library: Path) -> None:
    with running(library) as server:
        with crowd(server, WORKS, ("落实", "推进"), drips=3) as done:
            seen = light_readers(server, 2, 3, 0.1)
        assert server.resident_mib() > 0
        assert server.processor_seconds() > 0
    assert len(seen.times) > 1 and not seen.failed
    assert done.keys() & {work.__name__ for work in WORKS}
