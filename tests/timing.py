"""How long work takes, on machines that are busy with other things."""

from __future__ import annotations

import time
from collections.abc import Callable


def takes_less(seconds: float, work: Callable[[], object], tries: int = 5) -> bool:
    """Whether ``work`` takes less than so much processor time; of several tries one is enough, as others' work only
    adds to it. The first that is quick enough is the last.
    """
    return any(processor_seconds(work) < seconds for _ in range(tries))


def processor_seconds(work: Callable[[], object]) -> float:
    """Of this process, all threads together."""
    began = time.process_time()
    work()
    return time.process_time() - began
