"""axe-core finds no violation on any page, light and dark, and none on a phone where pages are laid out anew."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import DESK, PATIENCE_MS, PHONE

pytestmark = pytest.mark.long

# Of hits a few: what breaks a rule breaks it at each, and axe takes its time for every element.
PAGES = {
    "start": "/",
    "results": "/search?q=主体责任&per_page=5",
    "narrowed": "/search?q=学习&year=2022&year=2023&group=report&fold=true&per_page=5",
    "without": "/search?q=学习&not_unit=澄川市图书馆&year_from=2022&per_page=5",
    "explained": "/search?q=党建+引领&explain=true&per_page=5",
    "nothing": "/search?q=两个唯护",
    "help": "/help",
    "reports": "/reports?per_page=10",
    "check": "/check",
    "checked": "/check?text=落实主体责任。坚持两个维户。",
    "occurrences": "/search?q=学习&view=kwic&per_page=10",
    "headings": "/search?q=学习&view=headings",
    "overview": "/overview?q=学习",
    "basket": "/basket",
    "choose": "/compare",
    "missing": "/reports/000000000000",
}


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": ["color-contrast"]}
"""What the dark scheme alone can break."""
NARROW = ("start", "results", "narrowed", "report")
"""Pages that are laid out anew on a phone."""
IN_ENGLISH = ("start", "results", "report", "checked", "basket")


@pytest.mark.parametrize("name", [*PAGES, "report"])
def test_no_page_breaks_a_rule_of_axe(chromium: Browser, site: str, name: str) -> None:
    with opened(chromium, site, name, DESK) as page:
        assert not violations(page, RULES)
        page.emulate_media(color_scheme="dark")
        assert not violations(page, COLOURS)


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_no_page_breaks_a_rule_in_english(chromium: Browser, site: str, name: str) -> None:
    with opened(chromium, site, name, PHONE, "en") as page:
        assert not violations(page, RULES)


@pytest.mark.parametrize("name", NARROW)
def test_no_page_breaks_a_rule_on_a_phone(chromium: Browser, site: str, name: str) -> None:
    with opened(chromium, site, name, PHONE) as page:
        assert not violations(page, RULES)


@contextlib.contextmanager
def opened(chromium: Browser, site: str, name: str, viewport: dict[str, int], locale: str = "zh-CN") -> Iterator[Page]:
    """A page by its name, its facets unfolded."""
    context = chromium.new_context(  # type: ignore[arg-type]
        base_url=site, viewport=viewport, color_scheme="light", locale=locale
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(PAGES.get(name, PAGES["results"]))
    if name == "report":
        page.locator(".hit h3 a").first.click()
        page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('.facets details').forEach(fold => (fold.open = true))")
    yield page
    context.close()


def violations(page: Page, rules: dict[str, list[str]]) -> list[str]:
    """Rule and element of every violation on a page."""
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
