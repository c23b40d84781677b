"""What to try instead: links to other searches, what may have been meant first."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.services.search import search
from searchapp.web.http.responses import page as rendered
from searchapp.web.search.results import OfferViews, offer_views, results_view
from searchapp.web.search_state import SearchState

from .markup import Page
from .samples import HOSTILE, library, water_2023

PARAMS = {"q": ["廉正风险 党建"], "year": ["2023"], "punct": ["ignore"], "page": ["2"]}


@dataclass(frozen=True)
class Offered:
    kind: str
    label: str
    changes: tuple[tuple[str, tuple[str, ...]], ...]
    total: int


OFFERS = (
    Offered("without", "去掉“廉正风险”", (("q", ("党建",)),), 1234),
    Offered("nearest", "廉政风险 党建", (("q", ("廉政风险 党建",)),), 12),
    Offered("filters", HOSTILE, (("year", ()), ("match", ("any",))), 3),
)


@pytest.fixture(scope="module")
def offers(client: FlaskClient) -> OfferViews:
    with client.application.test_request_context():
        return offer_views(OFFERS, SearchState.of(PARAMS))


def test_an_offer_changes_what_it_names_and_leads_to_the_first_page(offers: OfferViews) -> None:
    changed = [parse_qs(urlsplit(each.url).query) for each in (*offers.nearest, *offers.others)]
    assert changed == [
        {"q": ["廉政风险 党建"], "year": ["2023"], "punct": ["ignore"]},
        {"q": ["党建"], "year": ["2023"], "punct": ["ignore"]},
        {"q": ["廉正风险 党建"], "punct": ["ignore"], "match": ["any"]},
    ]
    assert [each.count for each in offers.others] == ["1,234", "3"]


@pytest.mark.parametrize(("query", "list_classes"), [("廉正风险 党建", ["nearest", "offers"]), ("党建", ["nearest"])])
def test_offers_stand_on_the_page(client: FlaskClient, query: str, list_classes: list[str]) -> None:
    """All of them where nothing is found, only what may have been meant beside hits."""
    params = {"q": [query]}
    answer = search(library([water_2023()]), params)
    with client.application.test_request_context():
        view = results_view(answer, SearchState.of(params), OFFERS, 1)
        page = Page(rendered("results.html", view=view).get_data(as_text=True))
    lists = [each for each in page.all("ul") if each.attributes.get("class") in ("nearest", "offers")]
    assert [each.attributes["class"] for each in lists] == list_classes
    assert lists[0].text.split("→")[-1].strip() == "12 段"
    assert page.link("廉政风险 党建")
    assert not page.foreign_scripts()


def test_without_offers_nothing_is_offered(client: FlaskClient) -> None:
    page = Page(client.get("/search?q=“航天飞机”").text)
    assert not page.all("ul", class_="nearest")
    assert not page.all("ul", class_="offers")
