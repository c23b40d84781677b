"""The opensearch engine: the distributed one, when one machine is not enough (docs/operating/opensearch.md).

Blocks and reports both live in the cluster, so any number of processes on any number of hosts can serve them. Words
are cut in Python on both sides; every normalized character is a token with its position, and decides what matches.
"""

from searchapp.engines.opensearch.client import OpensearchSettings
from searchapp.engines.opensearch.engine import OpensearchEngine

__all__ = ["OpensearchEngine", "OpensearchSettings"]
