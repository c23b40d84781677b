"""searchapp's whole web application without a network, for measuring what a server holds. Knows its public doors."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import waitress
from werkzeug.test import EnvironBuilder

from benchmarks.peers import PeerAnswer, Query
from benchmarks.searchapp_peer import parameters
from searchapp.config import Settings
from searchapp.web import create_app
from searchapp.wiring import library_handle

SERVER = waitress.create_server
"""Loaded as in a server, never started."""


class Site:
    """Answers by the page of results."""

    def __init__(self, folder: Path) -> None:
        self._handle = library_handle(Settings(folder))
        self._handle.current()
        self._app = create_app(self._handle.current)

    def answer(self, asked: Query) -> PeerAnswer:
        """Raises ``RuntimeError`` for a page that is none; a page tells no total, so that is 0."""
        environ = EnvironBuilder(path=f"/search?{urlencode(parameters(asked), doseq=True)}").get_environ()
        statuses: list[str] = []

        def start(status: str, headers: Any, error: Any = None) -> None:
            statuses.append(status)

        for _ in self._app(environ, start):
            pass
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{asked.texts}: {statuses}")
        return PeerAnswer((), 0, 0)

    def close(self) -> None:
        self._handle.current().reader.close()
