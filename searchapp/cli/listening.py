"""What the server does beyond what waitress does: it reads addresses as people type them into curl, and ends politely.

RFC 9110 wants addresses percent-encoded, and browsers encode them; curl sends Chinese as it was typed, and waitress
refuses such a line, in English. Bytes beyond ASCII mean nothing else in a request line, so that they are encoded here;
everything else is left to waitress.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

PATIENCE_SECONDS = 30
"""For how long a server that is told to stop goes on with the answers under way."""
_LOOK_SECONDS = 0.5

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LINE_END = b"\r\n"


class LenientParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A parser that takes bytes beyond ASCII in the request line for percent-encoded ones."""

    def parse_header(self, header_plus: bytes) -> None:
        """Raises waitress's ``ParsingError``."""
        line, end, rest = header_plus.partition(_LINE_END)
        super().parse_header(percent_encoded(line) + end + rest)


class LenientChannel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests are read by :class:`LenientParser`."""

    parser_class = LenientParser


def percent_encoded(line: bytes) -> bytes:
    """``line`` with every byte beyond ASCII as ``%XX``."""
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)


Sockets = dict[int, Any]
"""What a server of waitress waits for, by descriptor: whom it listens to, connections, and how its threads wake it."""


def be_lenient(sockets: Sockets) -> None:
    """Makes a server of waitress, or each of several for a name with several addresses, read requests so."""
    for listener in _listeners(sockets):
        listener.channel_class = LenientChannel


class Serving:
    """A server of waitress at work until it is told to stop, and then until the answers under way are out.

    waitress itself gives its threads five seconds and drops what they have left to be sent.
    """

    def __init__(self, sockets: Sockets, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._sockets = sockets
        self._patience = patience_seconds
        self._until: float | None = None

    def stop(self, *_: object) -> None:
        """Takes no more connections, and ends when its patience does; at once when it is told so again.

        A signal handler: it may come at any moment, so it raises nothing and leaves the work to the loop.
        """
        self._until = monotonic() + (self._patience if self._until is None else 0)
        for listener in _listeners(self._sockets):
            listener.pull_trigger()

    def run(self) -> int:
        """Answers until stopped. How many answers have been cut off."""
        while self._until is None:
            wasyncore.loop(timeout=_LOOK_SECONDS, map=self._sockets, count=1)
        for listener in _listeners(self._sockets):
            # Its trigger stays: by it the threads tell that there is something to send.
            wasyncore.dispatcher.close(listener)
        wasyncore.loop(timeout=0, map=self._sockets, count=1)  # requests that have come meanwhile
        while (left := self._under_way()) and monotonic() < self._until:
            wasyncore.loop(timeout=_LOOK_SECONDS, map=self._sockets, count=1)
        return left

    def _under_way(self) -> int:
        """Connections with a request or an answer in them; others are closed."""
        left = 0
        for channel in [each for each in self._sockets.values() if isinstance(each, HTTPChannel)]:
            # In this order: a thread takes the request away when all of the answer is there to be sent.
            if channel.requests or channel.request is not None or channel.total_outbufs_len:
                left += 1
            else:
                channel.handle_close()
        return left


def _listeners(sockets: Sockets) -> list[Any]:
    return [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]
