"""A real browser against a real server: Debian's Chromium, driven by Playwright. Skipped where there is no Chromium."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress.server import BaseWSGIServer, create_server

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.web import create_app
from searchapp.wiring import index_sources, library_handle
from tests.web.samples import library, many

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 60_000
"""How long a busy machine may take for a page."""
expect.set_options(timeout=PATIENCE_MS)


def _run(server: BaseWSGIServer) -> None:
    """Until it is closed, which its loop may notice by a socket that is gone."""
    with contextlib.suppress(OSError):
        server.run()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> Iterator[str]:
    """The address of a server over the sample corpus."""
    settings = Settings(tmp_path_factory.mktemp("browser") / "index")
    index_sources(settings, IndexingOptions([sample_corpus]))
    server = create_server(create_app(library_handle(settings).current), host="127.0.0.1", port=0)
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def crowded_site() -> Iterator[str]:
    """The address of a server over thirty units."""
    held = library(many(30))
    server = create_server(create_app(lambda: held), host="127.0.0.1", port=0)
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-extensions"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: str, crowded_site: str) -> Iterator[Page]:
    """A page of a desk's width; nothing but the servers is reached."""
    context = chromium.new_context(base_url=site, viewport=DESK, accept_downloads=True, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    foreign: list[str] = []
    context.on(
        "request",
        lambda request: None if request.url.startswith((site, crowded_site, "blob:")) else foreign.append(request.url),
    )
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert not foreign
    assert not problems
