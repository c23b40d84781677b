"""The build a request is answered from: opened when first asked for, kept to the end of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app, g

from searchapp.services.library import Library

_OPENER = "searchapp.open_library"


def install(app: Flask, open_library: Callable[[], Library]) -> None:
    """Tells ``app`` where its library comes from."""
    app.extensions[_OPENER] = open_library


def current_library() -> Library:
    """This request's library, the same at every call. Raises ``LibraryError``."""
    if "library" not in g:
        g.library = current_app.extensions[_OPENER]()
    return cast(Library, g.library)
