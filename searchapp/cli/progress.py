"""The progress bar of long commands."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bar:
    """A progress bar on standard error: how many of what there is, paragraphs a second, time left.

    ``doing`` and ``unit``: what is done to what, in Chinese.
    """

    def __init__(self, doing: str = "读取", unit: str = "个文件") -> None:
        self._doing = doing
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(unit + " · {task.fields[rate]} 段/秒 · 剩余"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._paragraphs = 0

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, files: int) -> None:
        self._task = self._bar.add_task(self._doing, total=files, rate="0")

    def file_done(self, paragraphs: int) -> None:
        if self._task is None:
            return
        self._paragraphs += paragraphs
        elapsed = self._bar.tasks[0].elapsed or 0.0
        rate = f"{self._paragraphs / elapsed:,.0f}" if elapsed else "–"
        self._bar.update(self._task, advance=1, rate=rate)

    def writing(self) -> None:
        if self._task is not None:
            self._bar.update(self._task, description="写入")
