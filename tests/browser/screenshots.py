"""``python -m tests.browser.screenshots``: pictures of every page, into ``docs/screenshots/``."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.web import create_app
from searchapp.wiring import index_sources, library_handle

from .conftest import CHROMIUM, DESK, PHONE

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = {
    "start": "/",
    "results": "/search?q=“主体责任”",
    "narrowed": "/search?q=学习&year_from=2023&not_unit=澄川市图书馆&group=report",
    "occurrences": "/search?q=学习&view=kwic",
    "headings": "/search?q=学习&view=headings",
    "nothing": "/search?q=两个唯护",
    "explained": "/search?q=党建+引领&explain=true&group=report",
    "overview": "/overview?q=学习",
    "report": "/search?q=主体责任",
    "compare": "/search?q=主体责任&unit=临溪区委",
    "check": "/check?text=坚决做到两个维户。压紧压实主体责任。",
    "reports": "/reports",
    "help": "/help",
}
SETTLE_MS = 500
"""Until what moves softly (the outline of a report) stands still."""
WAYS = {"light": ("light", DESK), "dark": ("dark", DESK), "phone": ("light", PHONE)}


def main() -> None:
    """Indexes the sample corpus, serves it and takes the pictures."""
    folder = CHECKOUT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        settings = Settings(Path(scratch) / "index")
        index_sources(settings, IndexingOptions([CHECKOUT / "corpus"]))
        server = create_server(create_app(library_handle(settings).current), host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in PAGES:
            for way in WAYS:
                take(browser, f"http://127.0.0.1:{server.effective_port}", name, way, folder)
        browser.close()
        server.close()


def take(browser: Browser, site: str, name: str, way: str, folder: Path) -> None:
    """One picture of one page."""
    scheme, viewport = WAYS[way]
    context = browser.new_context(  # type: ignore[arg-type]
        base_url=site, viewport=viewport, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(PAGES[name])
    if name in ("report", "compare"):
        page.locator(".hit h3 a").first.click()
        page.wait_for_load_state("load")
    if name == "compare":
        page.locator(".about .compare-with").first.click()
        page.wait_for_load_state("load")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=folder / f"{name}-{way}.png")
    context.close()


if __name__ == "__main__":
    main()
