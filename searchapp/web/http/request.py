"""What comes in: addresses as people, programs and broken links write them, never an error by their bytes alone."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property


class LenientRequest(Request):
    """A request whose parameters can always be read: bytes that are no UTF-8 become U+FFFD."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """The parameters of the address, in order; blank values are kept."""
        text = self.query_string.decode("utf-8", "replace")
        return ImmutableMultiDict(parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace"))
