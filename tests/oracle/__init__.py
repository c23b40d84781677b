"""The oracle that every other engine is compared with: an engine of plain loops over blocks, which no user can choose.

It is written to be read, not to be fast, and shares with the other engines only values, the analyzer and the plain text
work of ``search``: no arrays, no bigrams, no postings. It never imports ``literal``.
"""

from searchapp.text.analyzer import Analyzer
from tests.oracle.engine import OracleEngine, OracleReader, OracleWriter

__all__ = ["ORACLE", "OracleEngine", "OracleReader", "OracleWriter"]

ORACLE = OracleEngine(Analyzer())
