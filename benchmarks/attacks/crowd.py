"""Clients of a server: light readers whose answers are timed, and heavy ones that ask over and over."""

from __future__ import annotations

import contextlib
import http.client
import json
import multiprocessing
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.attacks.server import Server
from benchmarks.vocabulary import NOUNS, SET_PHRASES

CONNECTIONS_A_BROWSER = 6
CHECKED_CHARACTERS = 19_500
FIRST_BYTES = 1_000
DRIP_SECONDS = 5.0
"""A byte of a header each so many seconds, as slow readers of headers (Slowloris) send them."""
MOST_ANSWERS = 10_000
STARTED_WITHIN_SECONDS = 60
DRIPS_CLOSED = "drips closed"
_SPAWN = multiprocessing.get_context("spawn")

Work = Callable[[Server, random.Random, Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class _Tally:
    """What several processes count, by name."""

    names: tuple[str, ...]
    shared: Any
    started: Any

    def count(self, name: str) -> None:
        with self.shared:
            self.shared[self.names.index(name)] += 1

    def counts(self) -> dict[str, int]:
        # Without its lock, which a killed process may hold.
        return {name: count for name, count in zip(self.names, self.shared.get_obj(), strict=True) if count}


@dataclass(slots=True)
class LightReaders:
    """Milliseconds of the answers that light readers had, and how many of them were none, by status or error."""

    times: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)


def light_path(draw: random.Random) -> str:
    """A page or an answer of the API that a reader asks for."""
    words, phrase = f"{draw.choice(NOUNS)} {draw.choice(NOUNS)}", draw.choice(SET_PHRASES)
    return draw.choice(
        (
            f"/search?{urlencode({'q': words})}",
            f"/search?{urlencode({'q': chr(34) + phrase + chr(34)})}",
            f"/api/v1/search?{urlencode({'q': words, 'facets': 'true'})}",
            f"/api/v1/search?{urlencode({'q': chr(34) + phrase + chr(34), 'per_page': 20})}",
        )
    )


def abandoned_concordance(server: Server, draw: random.Random, phrases: Sequence[str]) -> int:
    """An export of every line of a phrase, given up after its first bytes or after a second."""
    query = {"q": draw.choice(("的", *phrases)), "view": "kwic", "width": 200}
    with contextlib.closing(server.connection()) as connection:
        connection.timeout = 1
        try:
            connection.request("GET", f"/api/v1/export?{urlencode(query)}")
            response = connection.getresponse()
            response.read(FIRST_BYTES)
        except TimeoutError:
            return http.client.OK
        return response.status


def whole_export(server: Server, draw: random.Random, phrases: Sequence[str]) -> int:
    """All hits as CSV, or all blocks of the library."""
    return server.status(f"/export?{urlencode({'q': draw.choice(('', *phrases)), 'format': 'csv'})}")


def long_check(server: Server, draw: random.Random, phrases: Sequence[str]) -> int:
    """A text of the library's phrases as long as may be checked."""
    sentences = (
        f"{draw.choice(phrases)}和{draw.choice(phrases)}第{n}项任务，{draw.choice(phrases)}。" for n in range(9_999)
    )
    text = "".join(sentences)[:CHECKED_CHARACTERS]
    return server.status("/api/v1/check", json.dumps({"text": text}).encode())


@contextlib.contextmanager
def crowd(server: Server, works: Sequence[Work], phrases: Sequence[str], drips: int = 0) -> Iterator[Counter[str]]:
    """A process with a client for each of ``works`` that does it again and again, and ``drips`` connections whose
    requests trickle in. At the end it is killed, and all its clients are gone at once. Counts what was done.
    Raises ``RuntimeError`` when the process does not start.
    """
    kinds = [*dict.fromkeys(work.__name__ for work in works)]
    names = (*kinds, *(f"{kind} refused" for kind in kinds), DRIPS_CLOSED)
    tally = _Tally(names, _SPAWN.Array("L", len(names)), _SPAWN.Event())
    process = _SPAWN.Process(target=_crowd, args=(server, tuple(works), tuple(phrases), drips, tally))
    done = Counter[str]()
    process.start()
    try:
        if not tally.started.wait(STARTED_WITHIN_SECONDS):
            raise RuntimeError("the clients did not start")
        yield done
    finally:
        process.kill()
        process.join()
        done.update(tally.counts())


def _crowd(server: Server, works: Sequence[Work], phrases: Sequence[str], drips: int, tally: _Tally) -> None:
    threads = [
        threading.Thread(target=_ask, args=(server, work, phrases, seed, tally)) for seed, work in enumerate(works)
    ]
    threads.append(threading.Thread(target=_drip, args=(server, drips, tally)))
    for thread in threads:
        thread.start()
    tally.started.set()


def _ask(server: Server, work: Work, phrases: Sequence[str], seed: int, tally: _Tally) -> None:
    draw = random.Random(seed)
    for _ in range(MOST_ANSWERS):
        try:
            status = work(server, draw, phrases)
            refused = status == http.client.SERVICE_UNAVAILABLE
        except (OSError, http.client.HTTPException):
            refused = True
        tally.count(f"{work.__name__} refused" if refused else work.__name__)
        time.sleep(0.1 if refused else 0)


def _drip(server: Server, drips: int, tally: _Tally) -> None:
    connections: list[socket.socket | None] = [None] * drips
    for _ in range(MOST_ANSWERS):
        for number, known in enumerate(connections):
            connection = known
            try:
                if connection is None:
                    connection = socket.create_connection(("127.0.0.1", server.port), timeout=1)
                    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                connection.sendall(b"x")
            except OSError:
                tally.count(DRIPS_CLOSED)
                if connection is not None:
                    connection.close()
                connection = None
            connections[number] = connection
        time.sleep(DRIP_SECONDS)


def light_readers(server: Server, readers: int, seconds: float, pause: float) -> LightReaders:
    """Asks for ``seconds``, each reader on a kept connection, resting ``pause`` seconds after an answer on average."""
    seen, until = LightReaders(), time.monotonic() + seconds

    def read(seed: int) -> None:
        draw = random.Random(seed)
        with contextlib.closing(server.connection()) as connection:
            while time.monotonic() < until:
                began = time.perf_counter()
                try:
                    connection.request("GET", light_path(draw))
                    response = connection.getresponse()
                    response.read()
                    if response.status != http.client.OK:
                        seen.failed[str(response.status)] += 1
                except (OSError, http.client.HTTPException) as exc:
                    seen.failed[type(exc).__name__] += 1
                    connection.close()
                seen.times.append((time.perf_counter() - began) * 1000)
                time.sleep(draw.uniform(0, 2 * pause))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen
