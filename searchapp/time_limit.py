"""How long the work of this thread may take, looked at inside the loops that do it.

A server sets a limit for each request (:func:`limited`). Loops call :func:`checkpoint` once for each piece of work that
takes from microseconds to some tens of milliseconds: a clause, a report, a hit, a row, never a character. Outside a
limit, as on the command line, a checkpoint does nothing and costs 30 ns; inside one 110 ns (measured). A call of numpy
or rapidfuzz is not interrupted, so what it is given must be bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic, sleep
from typing import TypeVar

from searchapp.errors import ClientGoneError, TimeLimitError

LOOK_SECONDS = 0.05
"""How often a limit asks whether anybody still waits: more often costs, and helps nobody."""

REST_SECONDS = 0.002
MOST_GIVEN = 0.75
"""The share of its time that work gives away to others that go first: it goes on at a quarter of its speed at least."""

Item = TypeVar("Item")


class _Limit:
    __slots__ = ("_began", "_clock", "_given", "_is_gone", "_next_look", "_others_wait", "_seconds", "_until")

    def __init__(
        self,
        seconds: float,
        is_gone: Callable[[], bool],
        clock: Callable[[], float],
        others_wait: Callable[[], bool] | None,
    ) -> None:
        self._seconds = seconds
        self._is_gone = is_gone
        self._clock = clock
        self._others_wait = others_wait
        self._given = 0.0
        self._began = self._next_look = clock()
        self._until = self._next_look + seconds

    def look(self) -> None:
        now = self._clock()
        if self._others_wait is not None and self._others_wait():
            now = self._give_way(self._others_wait, now)
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        if self._is_gone():
            raise ClientGoneError
        if now >= self._until:
            raise TimeLimitError(self._seconds)

    def _give_way(self, others_wait: Callable[[], bool], now: float) -> float:
        """Rests while others wait and there is time to give; the time it is then."""
        while self._given < MOST_GIVEN * (now - self._began) and others_wait():
            sleep(REST_SECONDS)
            self._given -= now
            now = self._clock()
            self._given += now
        return now


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@contextmanager
def limited(
    seconds: float,
    is_gone: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = monotonic,
    others_wait: Callable[[], bool] | None = None,
) -> Iterator[None]:
    """Everything done in here, by this thread, ends at a checkpoint when it has taken ``seconds``.

    It ends with ``TimeLimitError``; with ``ClientGoneError`` when ``is_gone`` says that nobody waits any more. A limit
    inside of another stands in its place. What a generator does counts where it is asked for its next value.

    ``others_wait``: whether there is work that goes first; while there is, this one rests at its checkpoints, for
    :data:`MOST_GIVEN` of its time at most. The time given away counts as taken.
    """
    token = _limit.set(_Limit(seconds, is_gone, clock, others_wait))
    try:
        yield
    finally:
        _limit.reset(token)


def checkpoint() -> None:
    """Raises ``TimeLimitError`` or ``ClientGoneError`` when the limit of this thread says so."""
    if (limit := _limit.get()) is not None:
        limit.look()


def watched(items: Iterable[Item]) -> Iterator[Item]:
    """``items``, with a checkpoint before each."""
    for item in items:
        checkpoint()
        yield item
