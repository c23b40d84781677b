"""Answers that hold the day on which they are made: what may be kept of them is kept for that day only."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_of_their_day: set[Callable[..., Any]] = set()


def today() -> datetime.date:
    """The day where the server stands."""
    return datetime.datetime.now().astimezone().date()


def of_its_day(view: View) -> View:
    """Marks a view whose answers change with the day; the view itself stays as it is."""
    _of_their_day.add(view)
    return view


def day_of(view: Callable[..., Any]) -> str:
    """What the day adds to the tag of an answer of ``view``; nothing for most."""
    return today().isoformat() if view in _of_their_day else ""
