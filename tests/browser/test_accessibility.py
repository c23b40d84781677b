"""axe-core finds no violation on any page, light and dark, at a desk's and at a phone's width."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from .conftest import DESK, PHONE

PAGES = {
    "start": "/",
    "results": "/search?q=主体责任",
    "narrowed": "/search?q=学习&year=2022&year=2023&group=report&fold=true",
    "explained": "/search?q=党建+引领&explain=true",
    "nothing": "/search?q=两个唯护",
    "help": "/help",
    "reports": "/reports",
    "check": "/check",
    "checked": "/check?text=落实主体责任。坚持两个维户。",
    "occurrences": "/search?q=学习&view=kwic",
    "headings": "/search?q=学习&view=headings",
    "overview": "/overview?q=学习",
    "basket": "/basket",
    "choose": "/compare",
    "missing": "/reports/000000000000",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "report"])
def test_no_page_breaks_a_rule_of_axe(chromium: Browser, site: str, name: str, scheme: str) -> None:
    for viewport in (DESK, PHONE):
        context = chromium.new_context(base_url=site, viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        if name == "report":
            page.goto(PAGES["results"])
            page.locator(".hit h3 a").first.click()
        else:
            page.goto(PAGES[name])
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        context.close()
        told = [
            f"{each['id']}: {node['html'][:200]}" for each in found.response["violations"] for node in each["nodes"]
        ]
        assert not told, "\n".join(told)
