"""Heavy work beside light readers: concordances given up after their first bytes, whole exports, checks of long texts,
and connections whose requests trickle in a byte at a time.

Whether its answers are right is not looked at here; how far it slows others down is what ``benchmarks.soak`` measures.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from benchmarks.soak_corpus import PHRASE, WORDS

TIMEOUT_SECONDS = 120
CHECKED_CHARACTERS = 20_000
"""Of a text that is checked: the most that is taken at once (docs/using/checking.md)."""
FIRST_BYTES = 1_000
DRIP_SECONDS = 0.5


@contextlib.contextmanager
def heavy_work(port: int, workers: int, drips: int) -> Iterator[Counter[str]]:
    """``workers``, each at one heavy request after another, and dripping connections. What was done, by its kind."""
    stop, done = threading.Event(), Counter[str]()
    threads = [threading.Thread(target=_work, args=(port, seed, stop, done)) for seed in range(workers)]
    threads.append(threading.Thread(target=_drip, args=(port, drips, stop, done)))
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _work(port: int, seed: int, stop: threading.Event, done: Counter[str]) -> None:
    draw = random.Random(seed)
    kinds: tuple[Callable[[int, random.Random], None], ...] = (_abandon, _export, _check)
    while not stop.is_set():
        kind = draw.choice(kinds)
        try:
            kind(port, draw)
            done[kind.__name__.strip("_")] += 1
        except (OSError, http.client.HTTPException):  # refused, or ended by a deadline
            done["refused"] += 1
            stop.wait(0.1)


def _answer(port: int, method: str, path: str, body: bytes | None = None, most: int | None = None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        connection.getresponse().read(most)


def _abandon(port: int, draw: random.Random) -> None:
    query = {"q": draw.choice(("的", PHRASE, *WORDS)), "view": "kwic", "width": 200}
    _answer(port, "GET", f"/api/v1/export?{urlencode(query)}", most=FIRST_BYTES)


def _export(port: int, draw: random.Random) -> None:
    _answer(port, "GET", f"/export?{urlencode({'q': draw.choice(('', PHRASE)), 'format': 'csv'})}")


def _check(port: int, draw: random.Random) -> None:
    sentences = (f"{draw.choice(WORDS)}和{draw.choice(WORDS)}第{number}项任务，{PHRASE}。" for number in range(10_000))
    text = "".join(sentences)[:CHECKED_CHARACTERS]
    _answer(port, "POST", "/api/v1/check", json.dumps({"text": text}).encode())


def _drip(port: int, drips: int, stop: threading.Event, done: Counter[str]) -> None:
    """A byte of a header for each connection now and then; the server closes them, and they come again."""
    connections: list[socket.socket | None] = [None] * drips
    while not stop.wait(DRIP_SECONDS):
        for number, known in enumerate(connections):
            connection = known
            try:
                if connection is None:
                    connection = socket.create_connection(("127.0.0.1", port), timeout=1)
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                connection.sendall(b"x")
            except OSError:
                done["drips closed"] += 1
                if connection is not None:
                    connection.close()
                connection = None
            connections[number] = connection
    for connection in filter(None, connections):
        connection.close()
