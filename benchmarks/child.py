"""One peer in a process of its own: ``python -m benchmarks.child PEER FOLDER [serving]`` talks JSON, a line each way.

Says first what importing and opening took. ``{"do": "answer" | "count", "asked": query}`` gives ``ms`` with the answer;
``{"do": "reopen"}`` opens the index anew. Each peer runs alike, alone with its own memory; ``serving`` puts searchapp's
whole web application around it, as a server has it. Uses the standard library alone, until the peer is loaded.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

BEGAN = time.perf_counter()


def main() -> None:
    """Reads its arguments from the command line and questions from stdin, to their end."""
    name, folder, serving = sys.argv[1], Path(sys.argv[2]), sys.argv[3:] == ["serving"]
    from benchmarks.peers import Query
    from benchmarks.registry import entry_of

    entry = entry_of(name)
    module, opening = (import_module("benchmarks.serving"), "Site") if serving else (None, "")
    if module is None:
        module, opening = import_module(entry.module), entry.opening
    imported = time.perf_counter()
    peer = getattr(module, opening)(folder)
    opened = time.perf_counter()
    _say({"import_ms": (imported - BEGAN) * 1000, "open_ms": (opened - imported) * 1000})
    for line in sys.stdin:
        told = json.loads(line)
        if told["do"] == "reopen":
            peer.close()
            peer = getattr(module, opening)(folder)
            _say({})
        elif told["do"] == "status":
            _say({"jieba_loaded": _jieba_loaded()})
        else:
            _say(_asked(peer, told["do"], Query.read(told["asked"])))


def _asked(peer: Any, what: str, asked: Any) -> dict[str, Any]:
    began = time.perf_counter()
    given = getattr(peer, what)(asked)
    took = {"ms": (time.perf_counter() - began) * 1000}
    if what == "count":
        return took | {"total": given}
    return took | {
        "total": given.total,
        "ids": list(given.ids),
        "in_years": given.in_years,
        "snippets": len(given.snippets),
    }


def _jieba_loaded() -> bool:
    """Whether jieba's own dictionary is in this process."""
    jieba = sys.modules.get("jieba")
    return bool(jieba is not None and jieba.dt.initialized)


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
