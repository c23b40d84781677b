"""A small library, and ways to run commands on it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from searchapp.cli import main

Run = Callable[..., Result]
RunProcess = Callable[..., subprocess.CompletedProcess[bytes]]

WATER_2023 = """临江区水务局2023年度落实全面从严治党主体责任情况报告
2023年，临江区水务局党组深入学习贯彻党的二十大精神，坚决做到“两个维护”。
一、加强政治建设
始终把“两个维护”作为最高政治原则，逐项落实“第一议题”。
二、存在的问题
理论学习还不够深入，调查研究还不够扎实。
三、下一步工作打算
下一步，继续抓好学习，以实际行动践行“两个维护”。
"""
FARM_2024 = """临江区农业局2024年度落实全面从严治党主体责任情况报告
2024年，临江区农业局党组坚持以习近平新时代中国特色社会主义思想为指导，履行主体责任。
一、加强基层组织建设
规范支部建设，开展主题党日，推动党建与业务融合。
二、存在的问题
个别支部活动不经常。
"""


@pytest.fixture
def run() -> Run:
    """Runs ``searchapp`` in this process. No command may ever end in a traceback."""

    def invoke(*args: str | Path) -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args], prog_name="searchapp")
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def run_process(environment: dict[str, str]) -> RunProcess:
    """Runs ``searchapp`` as a process of its own, its output in pipes."""

    def start(*args: str | Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "searchapp", *(str(arg) for arg in args)]
        done = subprocess.run(command, env={**environment, **variables}, capture_output=True, timeout=60, check=False)
        assert b"Traceback" not in done.stderr, done.stderr.decode("utf-8", "replace")
        return done

    return start


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with two reports."""
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "水务局2023.txt").write_text(WATER_2023, encoding="utf-8")
    (folder / "农业局2024.txt").write_text(FARM_2024, encoding="utf-8")
    return folder


@pytest.fixture(scope="package")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the two reports, for reading only."""
    top = tmp_path_factory.mktemp("cli")
    (top / "报告").mkdir()
    (top / "报告" / "水务局2023.txt").write_text(WATER_2023, encoding="utf-8")
    (top / "报告" / "农业局2024.txt").write_text(FARM_2024, encoding="utf-8")
    result = CliRunner().invoke(main, ["index", str(top / "报告"), "--index", str(top / "index")])
    assert result.exit_code == 0, result.output
    return top / "index"
