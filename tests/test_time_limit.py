"""Work ends at its deadline, and at once when nobody waits for it; elsewhere checkpoints do nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from searchapp.errors import ClientGoneError, TimeLimitError
from searchapp.time_limit import LOOK_SECONDS, checkpoint, limited, watched


class Clock:
    """Goes on by ``step`` seconds whenever it is read."""

    def __init__(self, step: float) -> None:
        self.now = 0.0
        self.step = step
        self.reads = 0

    def __call__(self) -> float:
        self.reads += 1
        self.now += self.step
        return self.now


def rounds_under(seconds: float, step: float) -> int:
    """How many checkpoints are passed before the deadline."""
    passed = 0
    with pytest.raises(TimeLimitError, match=f"{seconds:g} 秒"), limited(seconds, clock=Clock(step)):
        for _ in watched(range(10_000)):
            passed += 1
    return passed


def test_work_ends_at_its_deadline() -> None:
    assert rounds_under(10, 0.25) == 39
    assert rounds_under(20, 0.25) == 79


def test_without_a_limit_nothing_ends() -> None:
    assert list(watched(range(3))) == [0, 1, 2]
    with pytest.raises(TimeLimitError), limited(1, clock=Clock(2)):
        checkpoint()
    checkpoint()


def test_a_limit_inside_another_stands_in_its_place() -> None:
    with limited(1, clock=Clock(2)):
        with limited(1_000, clock=Clock(1)):
            checkpoint()
        with pytest.raises(TimeLimitError):
            checkpoint()


def test_work_for_nobody_ends_at_the_first_checkpoint() -> None:
    with pytest.raises(ClientGoneError), limited(60, is_gone=lambda: True):
        checkpoint()


def test_it_is_asked_now_and_then_whether_anybody_waits() -> None:
    asked: list[None] = []
    clock = Clock(LOOK_SECONDS / 10)
    with limited(60, lambda: bool(asked.append(None)), clock):
        for _ in range(100):
            checkpoint()
    assert 9 <= len(asked) <= 12
    assert clock.reads == 101


def test_a_generator_is_limited_where_it_is_asked() -> None:
    def rows() -> Iterator[int]:
        yield from watched(range(3))

    made = rows()
    with limited(1, clock=Clock(2)), pytest.raises(TimeLimitError):
        next(made)
    made = rows()
    with limited(60):
        next(made)
    assert list(made) == [1, 2]


def test_the_limits_of_other_threads_are_their_own() -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            checkpoint()
        except TimeLimitError as error:
            failed.append(error)

    with limited(1, clock=Clock(2)):
        other = threading.Thread(target=work)
        other.start()
        other.join()
        with pytest.raises(TimeLimitError):
            checkpoint()
    assert not failed


class RestingClock:
    """Goes on by what is rested, and by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def rest(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> RestingClock:
    made = RestingClock()
    monkeypatch.setattr("searchapp.time_limit.sleep", made.rest)
    return made


def test_work_rests_while_others_wait_and_goes_on_at_a_quarter_of_its_speed(clock: RestingClock) -> None:
    waiting = iter([True] * 100_000)
    with limited(60, clock=clock, others_wait=lambda: next(waiting, False)):
        for _ in range(1_000):
            clock.now += 0.01
            checkpoint()
        assert 39 < clock.now < 41
        waiting = iter([])
        checkpoint()
        assert clock.now < 41


def test_what_it_rests_counts_towards_its_deadline(clock: RestingClock) -> None:
    with pytest.raises(TimeLimitError), limited(4, clock=clock, others_wait=lambda: True):
        for _ in range(102):
            clock.now += 0.01
            checkpoint()
