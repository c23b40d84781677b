"""The memory engine: plain loops over blocks. The oracle that every other engine is compared with.

It is written to be read, not to be fast, and shares with the other engines only values, the analyzer and the plain text
work of ``search``: no arrays, no bigrams, no postings. It never imports ``literal``.
"""

from searchapp.text.analyzer import Analyzer
from tests.oracle.engine import MemoryEngine, MemoryReader, MemoryWriter

__all__ = ["ORACLE", "MemoryEngine", "MemoryReader", "MemoryWriter"]

ORACLE = MemoryEngine(Analyzer())
