"""The contract over the whoosh engine."""

from tests.engines.contract import EngineContract


class TestWhoosh(EngineContract):
    engine = "whoosh"
