"""The contract over the whoosh engine, made to do with small libraries what it does with large ones."""

import pytest

from searchapp.engines.whoosh import WhooshEngine
from tests.engines.contract import EngineContract
from tests.libraries import ANALYZER

pytestmark = pytest.mark.usefixtures("small_is_large")


class TestWhoosh(EngineContract):
    engine = WhooshEngine(ANALYZER)
