"""The contract over the tantivy engine, made to do with small libraries what it does with large ones."""

import pytest

from tests.engines.contract import EngineContract
from tests.libraries import ANALYZER

pytest.importorskip("tantivy")

from searchapp.engines.tantivy import TantivyEngine

pytestmark = pytest.mark.usefixtures("small_is_large")


class TestTantivy(EngineContract):
    engine = TantivyEngine(ANALYZER)
