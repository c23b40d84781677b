"""A process of its own that indexes version after version: reads a number a line, prints the name of the build.

Arguments: the folder of reports, the index folder, the engine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from searchapp.config import Settings
from searchapp.indexing.read_all import FileBudget
from searchapp.indexing.run import IndexingOptions
from searchapp.wiring import index_sources
from tests.concurrency.versions import write_version


def main() -> None:
    """Answers until standard input ends."""
    source, index = Path(sys.argv[1]), Path(sys.argv[2])
    for line in sys.stdin:
        write_version(source, int(line))
        report = index_sources(
            Settings(index, sys.argv[3]), IndexingOptions((source,), jobs=1, budget=FileBudget(0, 0))
        )
        print(report.build, flush=True)


if __name__ == "__main__":
    main()
