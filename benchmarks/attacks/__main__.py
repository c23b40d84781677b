"""``python -m benchmarks.attacks``: what a server does under attack, this one or that of another checkout.

::

    python -m benchmarks.attacks                                  # all, 60,000 paragraphs, whoosh
    python -m benchmarks.attacks --only abandoned,browsers
    python -m benchmarks.attacks --checkout ../before             # the same on another version (its own index)
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import click

from benchmarks.attacks.crowd import (
    CONNECTIONS_A_BROWSER,
    abandoned_concordance,
    crowd,
    light_path,
    light_readers,
    long_check,
    whole_export,
)
from benchmarks.attacks.server import Server, program, running
from benchmarks.measure import Spread
from benchmarks.vocabulary import SET_PHRASES
from benchmarks.workshop import Corpus

READERS = 16
ABANDONED, EXPORTS, CHECKS, DRIPS = 8, 20, 8, 100
BROWSERS = 40
IDLE_AFTER_SECONDS, IDLE_FOR_SECONDS = 2.0, 4.0
CHANGED_EVERY, CHECKED_CHARACTERS = 15, 20_000
REPEATED = 2_000


@dataclass(frozen=True, slots=True)
class Scene:
    """What an attack has at hand: a server on a fresh process for each, and the library's own texts."""

    index: Path
    source: Path
    checkout: Path | None
    seconds: float
    pause: float

    @contextmanager
    def server(self) -> Iterator[Server]:
        """A server that has answered before, so that starting is not what is measured."""
        with running(self.index, checkout=self.checkout) as server:
            for seed in range(20):
                server.status(light_path(random.Random(seed)))
            yield server

    def tell(self, what: str, figure: str) -> None:
        """A row of the table."""
        click.echo(f"| {what} | {figure} |")


def abandoned(scene: Scene) -> None:
    """Concordance exports given up after a second: how long the next reader waits, and when the processor rests."""
    with scene.server() as server:
        alone = min(server.timed(light_path(random.Random(seed)))[0] for seed in range(5))
        with crowd(server, [abandoned_concordance] * ABANDONED, SET_PHRASES):
            time.sleep(6)
            during, status = server.timed(light_path(random.Random(1)))
        after, _ = server.timed(light_path(random.Random(2)))
        scene.tell(f"{ABANDONED} abandoned concordances: the next reader, s (alone)", f"{during:.2f} ({alone:.2f})")
        if status != 200:
            scene.tell("its status", str(status))
        scene.tell("the first reader after they have gone, s", f"{after:.2f}")
        scene.tell(*_rest(server))


def beside(scene: Scene) -> None:
    """Light readers alone, then beside all kinds of heavy work: the 95th percentile of their answers."""
    works = [abandoned_concordance] * ABANDONED + [whole_export] * EXPORTS + [long_check] * CHECKS
    with scene.server() as server:
        light_readers(server, READERS, min(5, scene.seconds), scene.pause)
        alone = light_readers(server, READERS, scene.seconds, scene.pause)
        with crowd(server, works, SET_PHRASES, DRIPS) as done:
            time.sleep(3)
            during = light_readers(server, READERS, scene.seconds, scene.pause)
        without, along = Spread.of(alone.times), Spread.of(during.times)
        scene.tell("light answers alone: median, p95, ms (count)", _spread(without))
        scene.tell("beside heavy work: median, p95, ms (count)", _spread(along))
        scene.tell("p95 beside / alone", f"{along.p95 / without.p95:.2f}")
        scene.tell("not answered", str(dict(alone.failed + during.failed)))
        scene.tell("heavy work", ", ".join(f"{count} {kind}" for kind, count in sorted(done.items())))
        scene.tell(*_rest(server))


def browsers(scene: Scene) -> None:
    """Browsers that all keep six connections: how long each waits for its first page."""
    for together in (False, True):
        with scene.server() as server:
            first: list[float] = []
            connections: list[socket.socket] = []

            def come(
                seed: int,
                server: Server = server,
                first: list[float] = first,
                connections: list[socket.socket] = connections,
            ) -> None:
                began = time.perf_counter()
                own = [socket.create_connection(("127.0.0.1", server.port), 60) for _ in range(CONNECTIONS_A_BROWSER)]
                connections.extend(own)
                path = light_path(random.Random(seed))
                own[0].sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                _read_whole(own[0])
                first.append(time.perf_counter() - began)

            threads = [threading.Thread(target=come, args=(seed,)) for seed in range(BROWSERS)]
            for thread in threads:
                thread.start()
                time.sleep(0 if together else 0.1)
            for thread in threads:
                thread.join()
            how = "at one moment" if together else "ten a second"
            scene.tell(
                f"{BROWSERS} browsers, {len(connections)} connections, {how}: first page, median and most, s",
                f"{Spread.of(first).median:.2f}, {max(first):.2f} ({len(first)} answered)",
            )
            for connection in connections:
                connection.close()


def repeated(scene: Scene) -> None:
    """A query that repeats one word, exported by lines with punctuation ignored."""
    query = " ".join(["的"] * REPEATED)
    path = f"/api/v1/export?{urlencode({'q': query, 'punct': 'ignore', 'view': 'kwic'})}"
    with scene.server() as server:
        seconds, status = server.timed(path)
        scene.tell(f"的 × {REPEATED} in an export: s, status", f"{seconds:.2f}, {status}")
        seconds, status = server.timed(f"/api/v1/search?{urlencode({'q': query, 'punct': 'ignore'})}")
        scene.tell(f"的 × {REPEATED} in a search: s, status", f"{seconds:.2f}, {status}")


def checked(scene: Scene) -> None:
    """A text of the library with every 15th character changed, as long as may be checked."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(scene.source.iterdir()))
    text = ""
    while len(text) < CHECKED_CHARACTERS:
        text += next(texts)
    characters = list(text[:CHECKED_CHARACTERS])
    characters[CHANGED_EVERY - 1 :: CHANGED_EVERY] = "囗" * len(characters[CHANGED_EVERY - 1 :: CHANGED_EVERY])
    body = json.dumps({"text": "".join(characters)}).encode()
    with scene.server() as server:
        times = [server.timed("/api/v1/check", body) for _ in range(3)]
        scene.tell(
            f"check of {CHECKED_CHARACTERS:,} characters, every {CHANGED_EVERY}th changed: s, status",
            ", ".join(f"{seconds:.2f}" for seconds, _ in times) + f", {times[0][1]}",
        )


ATTACKS: dict[str, Callable[[Scene], None]] = {
    attack.__name__: attack for attack in (abandoned, beside, browsers, repeated, checked)
}


def _spread(times: Spread) -> str:
    return f"{times.median:.0f}, {times.p95:.0f} ({times.count:,})"


def _rest(server: Server) -> tuple[str, str]:
    """What the server uses of a processor, from two seconds after its clients have gone."""
    time.sleep(IDLE_AFTER_SECONDS)
    used = server.processor_seconds()
    time.sleep(IDLE_FOR_SECONDS)
    used = server.processor_seconds() - used
    return (
        f"processor seconds in the {IDLE_FOR_SECONDS:g} s from {IDLE_AFTER_SECONDS:g} s after they have gone",
        f"{used:.2f}",
    )


def _read_whole(connection: socket.socket) -> None:
    """An answer with a known length, or in pieces, to its last byte; the connection stays open."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(connection)
    head, _, rest = got.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    ]
    while len(rest) < lengths[0] if lengths else not rest.endswith(b"0\r\n\r\n"):
        rest += _some(connection)


def _some(connection: socket.socket) -> bytes:
    if not (piece := connection.recv(1 << 16)):
        raise ConnectionError("closed before its answer")
    return piece


@click.command()
@click.option("--paragraphs", type=click.IntRange(100), default=60_000, show_default=True)
@click.option("--engine", default="whoosh", show_default=True)
@click.option("--only", default=",".join(ATTACKS), show_default=True, help="Which attacks, commas between them.")
@click.option(
    "--seconds", type=click.FloatRange(1, 600), default=30, show_default=True, help="Of light readers, each time."
)
@click.option(
    "--pause", type=click.FloatRange(0, 10), default=0.5, show_default=True, help="Seconds a light reader rests."
)
@click.option(
    "--checkout", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another version's root."
)
@click.option("--work", type=click.Path(path_type=Path), help="Where the reports and indexes stay for the next time.")
def main(
    *, paragraphs: int, engine: str, only: str, seconds: float, pause: float, checkout: Path | None, work: Path | None
) -> None:
    """Attack a real server on loopback; a table of what its other readers saw."""
    if unknown := set(only.split(",")) - set(ATTACKS):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}; known: {', '.join(ATTACKS)}")
    with tempfile.TemporaryDirectory(prefix="searchapp-attacks-") as scratch:
        home = work or Path(scratch)
        source = Corpus(home / f"generated-{paragraphs}", paragraphs, 1).source(lambda line: click.echo(line, err=True))
        index = home / f"{engine}-{paragraphs}-{checkout.resolve().name if checkout else 'this'}"
        if not (index / "CURRENT").exists():
            click.echo("indexing", err=True)
            _index(source, index, engine, checkout)
        scene = Scene(index, source, checkout and checkout.resolve(), seconds, pause)
        click.echo(f"{paragraphs:,} paragraphs, {engine}\n\n| attack | figure |\n|---|---|")
        for name in only.split(","):
            ATTACKS[name](scene)


def _index(source: Path, index: Path, engine: str, checkout: Path | None) -> None:
    command, environment = program(
        checkout and checkout.resolve(), "index", source.resolve(), "--index", index.resolve(), "--engine", engine
    )
    subprocess.run(command, env=environment, cwd=checkout or Path.cwd(), check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
