"""What the server takes for a request beyond what waitress does: addresses as people type them into curl.

RFC 9110 wants addresses percent-encoded, and browsers encode them; curl sends Chinese as it was typed, and waitress
refuses such a line, in English. Bytes beyond ASCII mean nothing else in a request line, so that they are encoded here;
everything else is left to waitress.
"""

from __future__ import annotations

import re
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

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


def be_lenient(server: Any) -> None:
    """Makes a server of waitress, or each of several for a name with several addresses, read requests so."""
    for each in getattr(server, "map", {}).values():
        if hasattr(each, "channel_class"):
            each.channel_class = LenientChannel
    if hasattr(server, "channel_class"):
        server.channel_class = LenientChannel
