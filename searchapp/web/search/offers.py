"""What to try instead, as links: the nearest spelling first, then the query with something taken off or loosened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from searchapp.services.offers import Offer
from searchapp.web import labels
from searchapp.web.links import search_url
from searchapp.web.state import SearchState

NEAREST = "nearest"
"""The kind of an offer that says what may have been meant."""


@dataclass(frozen=True, slots=True)
class OfferLink:
    """An offer; ``count`` is what it finds."""

    label: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class OfferViews:
    """``nearest``: what may have been meant; ``others``: ways to find more."""

    nearest: tuple[OfferLink, ...]
    others: tuple[OfferLink, ...]


def offer_views(offers: Iterable[Offer], state: SearchState) -> OfferViews:
    """``offers`` to the search ``state``, in their order; what does not change stays as it is."""
    nearest: list[OfferLink] = []
    others: list[OfferLink] = []
    for offer in offers:
        changed = state
        for name, values in offer.changes:
            changed = changed.replacing(name, *values)
        link = OfferLink(offer.label, labels.number(offer.total), search_url(changed))
        (nearest if offer.kind == NEAREST else others).append(link)
    return OfferViews(tuple(nearest), tuple(others))
