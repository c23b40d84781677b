"""Whatever files and addresses hold is text on every page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from .markup import Page
from .samples import HOSTILE, HOSTILE_FILE

ADDRESSES = [
    "/",
    "/search?q=党建",
    "/search?q=" + quote(HOSTILE),
    "/search?q=党建&unit=" + quote(HOSTILE) + "&not_part=" + quote(HOSTILE) + "&section=" + quote(HOSTILE),
    "/search?q=党建&group=report&explain=true",
    "/search?q=党建&fold=true&explain=true&match=any",
    "/search?page=" + quote(HOSTILE),
    "/help",
    "/search?" + quote(HOSTILE) + "=1",
    "/reports",
    "/reports/cccc00?q=" + quote(HOSTILE),
    "/reports/cccc00?q=党建",
    "/reports/" + quote(HOSTILE, safe=""),
    "/p/" + quote(HOSTILE, safe=""),
    "/" + quote(HOSTILE, safe=""),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_element_or_attribute_comes_from_texts(hostile_client: FlaskClient, address: str) -> None:
    page = Page(hostile_client.get(address).text)
    assert not page.foreign_scripts()
    assert not page.all("img")
    assert not [name for each in page.elements for name in each.attributes if name.startswith("on") or name == "style"]
    links = [each.attributes["href"] for each in page.elements if "href" in each.attributes]
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)


def test_texts_are_shown_as_they_are_written(hostile_client: FlaskClient) -> None:
    page = Page(hostile_client.get("/search?q=党建&block=paragraph").text)
    assert f"党建{HOSTILE}党建" in page.one("p", class_="snippet").text
    assert f"标题{HOSTILE}" in [each.text for each in page.all("h3")]
    assert page.one("span", class_="source").text.startswith(HOSTILE_FILE)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_chinese_and_load_nothing_foreign(hostile_client: FlaskClient, address: str) -> None:
    page = Page(hostile_client.get(address).text)
    assert page.one("html").attributes["lang"] == "zh-CN"
    loaded = [each.attributes.get("src", each.attributes.get("href", "")) for each in page.all("link")]
    assert loaded
    assert all(each.startswith("/") for each in loaded)
    assert page.one("main")
