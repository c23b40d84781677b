"""One first answer in a fresh process: ``python -m benchmarks.cold PEER FOLDER QUERY`` prints a JSON object.

``import_ms`` from the first line to all modules loaded (with jieba's dictionary where the peer needs it to answer),
``open_ms`` to an open index, ``answer_ms`` to the answer.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

BEGAN = time.perf_counter()


def main() -> None:
    """Reads its three arguments from the command line; the query is a JSON object."""
    name, folder, typed = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    from benchmarks.peers import SEARCHAPP, Peer, Query

    asked = Query(**(typed | {"texts": tuple(typed["texts"])}))
    open_peer: Callable[[Path], Peer]
    if name == SEARCHAPP:
        from benchmarks.searchapp_peer import SearchappPeer

        open_peer = SearchappPeer
    else:
        from benchmarks.whoosh_peer import PlainPeer, warm_jieba

        warm_jieba()
        open_peer = PlainPeer.open
    imported = time.perf_counter()
    peer = open_peer(folder)
    opened = time.perf_counter()
    peer.answer(asked)
    answered = time.perf_counter()
    times = {"import_ms": imported - BEGAN, "open_ms": opened - imported, "answer_ms": answered - opened}
    print(json.dumps({key: seconds * 1000 for key, seconds in times.items()}))


if __name__ == "__main__":
    main()
