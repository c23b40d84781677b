"""Makes one index in a process of its own: ``python -m benchmarks.making PEER SOURCE FOLDER`` prints a JSON object.

``SOURCE`` is a folder of reports for searchapp, a file of passages for the peers. Seconds of wall time, processor
seconds and the most memory of a process, those of child processes included; bytes on disk.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from benchmarks.passages import PassageFile
from benchmarks.peers import files_below, folder_bytes
from benchmarks.registry import entry_of
from benchmarks.results import now

PROGRESS_PASSAGES = 20_000
_KIBIBYTE = 1024


def main() -> None:
    """Reads its arguments from the command line; the folder must be there and empty."""
    entry, source, folder = entry_of(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    if entry.engine:
        from benchmarks.searchapp_peer import index_searchapp
    if entry.name.startswith("whoosh-"):
        # A dictionary that is loaded once is no part of indexing.
        from benchmarks.whoosh_peer import warm_jieba

        warm_jieba()
    processor, began = _processor_seconds(), time.perf_counter()
    if entry.engine:
        index_searchapp(source, folder, entry.engine)
    else:
        entry.make(PassageFile(source), folder, _told)
    seconds = time.perf_counter() - began
    made = {
        "seconds": seconds,
        "processor_seconds": _processor_seconds() - processor,
        "peak_bytes": _peak_bytes(),
        "bytes": folder_bytes(folder),
    }
    # On the disk before anything is asked, so that files can be dropped from the system's cache.
    for path in files_below(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    print(json.dumps(made | now()))


def _told(done: int) -> None:
    if done % PROGRESS_PASSAGES == 0:
        print(f"  {done:,}", file=sys.stderr, flush=True)


def _peak_bytes() -> int:
    """Of this process since it began (``ru_maxrss`` would also hold its parent's), or of its largest child."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    own = int(status["VmHWM"].split()[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * _KIBIBYTE


def _usages() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _processor_seconds() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usages())


if __name__ == "__main__":
    main()
