"""The contract over the oracle, but for what compares an engine with it."""

from tests.engines.contract import EngineContract
from tests.oracle import ORACLE


class TestOracle(EngineContract):
    engine = ORACLE
    # Compared with itself it would always be right.
    test_answers_about_the_sample_corpus_equal_the_oracles = None
    test_answers_about_any_library_equal_the_oracles = None
