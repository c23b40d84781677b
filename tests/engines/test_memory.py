"""The contract over the memory engine."""

from tests.engines.contract import EngineContract


class TestMemory(EngineContract):
    engine = "memory"
