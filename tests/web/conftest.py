"""An application over a small library, and its test client."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from flask.testing import FlaskClient

from searchapp.reports.model import Report
from searchapp.services.library import Library
from searchapp.web import create_app

from .samples import hostile, library, many, plans, water_2022, water_2023

MakeClient = Callable[..., FlaskClient]


def client_of(open_library: Callable[[], Library]) -> FlaskClient:
    return create_app(open_library).test_client()


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """Two reports of one unit."""
    held = library([water_2023(), water_2022()])
    return client_of(lambda: held)


@pytest.fixture(scope="session")
def client_with() -> Callable[[Sequence[Report]], FlaskClient]:
    def make(reports: Sequence[Report]) -> FlaskClient:
        held = library(reports)
        return client_of(lambda: held)

    return make


@pytest.fixture(scope="session")
def hostile_client() -> FlaskClient:
    held = library([hostile()])
    return client_of(lambda: held)


@pytest.fixture(scope="session")
def crowded_client() -> FlaskClient:
    """Thirty units with a paragraph each."""
    held = library(many(30))
    return client_of(lambda: held)


@pytest.fixture(scope="session")
def plans_client() -> FlaskClient:
    """Two reports with paragraphs that are alike, that differ in punctuation, that are long."""
    held = library(plans())
    return client_of(lambda: held)
