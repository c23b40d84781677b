"""The contract over the tantivy engine, made to do with small libraries what it does with large ones."""

import pytest

from tests.engines.contract import EngineContract

pytest.importorskip("tantivy")
pytestmark = pytest.mark.usefixtures("small_is_large")


class TestTantivy(EngineContract):
    engine = "tantivy"
