"""Recognition of scanned PDFs by ``ocrmypdf``, an optional program. Knows how to start it, nothing of text.

``run_limited`` starts any outside program of the readers: in a process group of its own that dies with its time limit.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from searchapp.errors import ReadError

OCR_LIMIT_SECONDS = 1_800
LANGUAGE = "chi_sim"


def recognize(data: bytes, file: str) -> bytes:
    """The PDF with a text layer of its pages. Raises ReadError when that cannot be had, saying what to install."""
    program = shutil.which("ocrmypdf")
    if program is None:
        raise ReadError(
            file, f"扫描件，没有文字层；识别需要 ocrmypdf 和 tesseract 的 {LANGUAGE} 语言包，没有找到 ocrmypdf"
        )
    with tempfile.TemporaryDirectory(prefix="searchapp-ocr-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(data)
        command = [program, "--language", LANGUAGE, "--force-ocr", "--output-type", "pdf", "--quiet"]
        status = run_limited([*command, str(source), str(target)], OCR_LIMIT_SECONDS, {"TMPDIR": folder})
        if status is None:
            raise ReadError(file, f"文字识别（OCR）超过 {OCR_LIMIT_SECONDS} 秒，已停止")
        if status != 0 or not target.is_file():
            raise ReadError(
                file, f"文字识别（OCR）没有成功（ocrmypdf 返回 {status}），请检查 {LANGUAGE} 语言包是否装好"
            )
        return target.read_bytes()


def _no_word(seconds: float) -> None:
    """Nobody is told."""


on_wait: Callable[[float], None] = _no_word
"""Told how long a program that is started may take, before it is: a worker process gets so much more time."""


def run_limited(command: Sequence[str], seconds: float, variables: Mapping[str, str]) -> int | None:
    """Run a program without input or output; its exit status, or None when its time ran out and it was killed.

    It may take what memory it needs, also where this process is limited.
    """
    on_wait(seconds)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **variables},
        start_new_session=True,
    ) as process:
        _unlimit(process.pid)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill_group(process)


def _unlimit(process: int) -> None:
    """Lifts the limit of memory that a worker process has and what it starts inherits (Linux)."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.prlimit(process, resource.RLIMIT_AS, (hard, hard))


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the program's process group: soffice leaves its real work to a child."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
