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
        return ImmutableMultiDict(_pairs(self.query_string))


def parameters_of(query: bytes) -> dict[str, list[str]]:
    """What ``args`` of a request with this query holds, all values by name."""
    return ImmutableMultiDict(_pairs(query)).to_dict(flat=False)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    text = query.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace")
