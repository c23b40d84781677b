"""axe-core finds no violation on any page, light and dark, and none on a phone where pages are laid out anew."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from .conftest import DESK, PHONE

PAGES = {
    "start": "/",
    "results": "/search?q=主体责任",
    "narrowed": "/search?q=学习&year=2022&year=2023&group=report&fold=true",
    "without": "/search?q=学习&not_unit=澄川市图书馆&year_from=2022",
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


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": ["color-contrast"]}
"""What the dark scheme alone can break."""
NARROW = ("start", "results", "narrowed", "report")
"""Pages that are laid out anew on a phone."""
IN_ENGLISH = ("start", "results", "report", "checked", "basket")


@pytest.mark.parametrize("name", [*PAGES, "report"])
def test_no_page_breaks_a_rule_of_axe(chromium: Browser, site: str, name: str) -> None:
    assert not violations(chromium, site, name, "light", DESK, RULES)
    assert not violations(chromium, site, name, "dark", DESK, COLOURS)


@pytest.mark.parametrize("name", IN_ENGLISH)
def test_no_page_breaks_a_rule_in_english(chromium: Browser, site: str, name: str) -> None:
    assert not violations(chromium, site, name, "light", PHONE, RULES, "en")


@pytest.mark.parametrize("name", NARROW)
def test_no_page_breaks_a_rule_on_a_phone(chromium: Browser, site: str, name: str) -> None:
    assert not violations(chromium, site, name, "light", PHONE, RULES)


def violations(  # noqa: PLR0917
    chromium: Browser,
    site: str,
    name: str,
    scheme: str,
    viewport: dict[str, int],
    rules: dict[str, list[str]],
    locale: str = "zh-CN",
) -> list[str]:
    """Rule and element of every violation on a page."""
    context = chromium.new_context(  # type: ignore[arg-type]
        base_url=site, viewport=viewport, color_scheme=scheme, locale=locale
    )
    page = context.new_page()
    page.goto(PAGES.get(name, PAGES["results"]))
    if name == "report":
        page.locator(".hit h3 a").first.click()
        page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('.facets details').forEach(fold => (fold.open = true))")
    found = Axe().run(page, options=rules).response["violations"]
    context.close()
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
