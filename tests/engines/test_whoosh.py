"""The contract over the whoosh engine, made to do with small libraries what it does with large ones."""

import pytest

from tests.engines.contract import EngineContract

pytestmark = pytest.mark.usefixtures("small_is_large")


class TestWhoosh(EngineContract):
    engine = "whoosh"
