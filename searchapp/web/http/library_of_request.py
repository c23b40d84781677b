"""The build a request is answered from: opened when first asked for, kept to the end of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app, g

from searchapp.errors import LibraryError
from searchapp.services.library import Library

_OPENER = "searchapp.open_library"


def install(app: Flask, open_library: Callable[[], Library]) -> None:
    """Tells ``app`` where its library comes from."""
    app.extensions[_OPENER] = open_library


def current_library() -> Library:
    """This request's library, the same at every call; so is the error. Raises ``LibraryError``."""
    if "library_error" in g:
        raise g.library_error
    if "library" not in g:
        try:
            g.library = current_app.extensions[_OPENER]()
        except LibraryError as error:
            g.library_error = error
            raise
    return cast(Library, g.library)
