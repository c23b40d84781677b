"""``python -m benchmarks.soak``: many readers at once on a real server while another process exchanges the build.

``searchapp serve`` runs as a process of its own on loopback; ``searchapp index`` runs again and again over a corpus
that changes each time; readers are browsers: threads of this process with six kept-alive connections each, which ask
again, on any of them, as soon as they have an answer. Every answer is read to its end and held to the rule of its
version (``soak_corpus``). The standard library is client enough: what is asked is whether answers are right, which no
load generator knows. Then they ask for as long again beside heavy work (``attacks.crowd``), and the times are compared.

Errors are connections that fail, statuses that are not due, answers that cannot be read. Mixed is an answer whose
texts or numbers are not all those of the build it names, or of one build when it names none. Stale is one of a build
that had been replaced for over a second when it was asked for.
"""

from __future__ import annotations

import http.client
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

import click

from benchmarks.attacks.crowd import CONNECTIONS_A_BROWSER, Work, abandoned_concordance, crowd, long_check, whole_export
from benchmarks.attacks.server import running
from benchmarks.measure import Spread
from benchmarks.soak_asking import Ask, Asker, BrokenAnswerError, Claim
from benchmarks.soak_corpus import PHRASE, WORDS, YEARS, Corpus
from searchapp.store.builds import current_build

TIMEOUT_SECONDS = 60
BOUND = 1.5
"""How much longer a light answer may take (95th percentile) while there is heavy work."""
NOTICED_WITHIN_SECONDS = 1.0
REDIRECTS = 3
SHOWN = 10
_HEAVY_KINDS = frozenset({"export", "kwic", "headings"})
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked, when (``time.time``), how long its last byte took, and what the answer said of itself."""

    kind: str
    path: str
    began: float
    took_ms: float
    status: int
    claim: Claim


@dataclass
class Soak:
    """All that happened. ``versions``: which version each build is of; ``exchanged``: when each became current."""

    corpus: Corpus
    answers: list[Answered] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    exchanged: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    heavy_since: float | None = None
    """When heavy work began (``time.time``): answers before and after are compared."""
    heavy: Counter[str] = field(default_factory=Counter)
    """What of it was done, by its kind."""
    server_mib: tuple[float, float] = (0.0, 0.0)
    """Resident memory of the server before and after; zeros where the system does not say."""

    @property
    def refused(self) -> int:
        """Exports refused because their build was replaced, as they should be."""
        return sum(answered.status == http.client.CONFLICT for answered in self.answers)

    def light_p95(self) -> tuple[float, float]:
        """The 95th percentile of light answers in ms, without heavy work and with it. ``ValueError``: none there."""
        since = self.heavy_since if self.heavy_since is not None else float("inf")
        light = [answered for answered in self.answers if answered.kind not in _HEAVY_KINDS]
        without = [each.took_ms for each in light if each.began + each.took_ms / 1000 <= since]
        return Spread.of(without).p95, Spread.of(each.took_ms for each in light if each.began > since).p95

    def mixed(self) -> Iterator[str]:
        """Every answer that is not wholly of one build, and why."""
        for answered in self.answers:
            if told := self._mixture(answered.claim):
                yield f"{answered.path}: {told}"

    def stale(self) -> Iterator[str]:
        """Every answer of a build that was replaced long before it was asked for."""
        for answered in self.answers:
            build = answered.claim.build
            due = max(
                (
                    self.versions[each]
                    for each, at in self.exchanged.items()
                    if at <= answered.began - NOTICED_WITHIN_SECONDS
                ),
                default=0,
            )
            if build is not None and self.versions.get(build, due) < due:
                yield f"{answered.path}: version {self.versions[build]}, {due} was due"

    def _mixture(self, claim: Claim) -> str:
        if len(claim.versions) > 1:
            return f"texts of the versions {sorted(claim.versions)}"
        if claim.build is not None and claim.build not in self.versions:
            return f"of {claim.build}, which never was"
        named = set(claim.versions) | ({self.versions[claim.build]} if claim.build else set())
        if len(named) > 1:
            return f"names the versions {sorted(named)}"
        possible = named or set(self.versions.values())
        if not any(self._agrees(claim, version) for version in possible):
            return f"its numbers are not those of {sorted(possible)}"
        return ""

    def _agrees(self, claim: Claim, version: int) -> bool:
        figures = self.corpus.figures(version, claim.unit, claim.year) if claim.figures is not None else {}
        size = self.corpus.size(version) if claim.size is not None else {}
        return (
            all(figures[name] == value for name, value in (claim.figures or {}).items())
            and all(size[name] == value for name, value in (claim.size or {}).items())
            and self._grid_agrees(claim, version)
        )

    def _grid_agrees(self, claim: Claim, version: int) -> bool:
        if claim.grid is None:
            return True
        hits = self.corpus.hits(version)
        for unit, cells in claim.grid.items():
            known = hits.get(unit, {})
            due = tuple((1 if claim.counts_reports else known[year]) if year in known else None for year in YEARS)
            if cells != due:
                return False
        return True


class Reader(threading.Thread):
    """A browser that asks until told to stop, on any of its connections, each kept as long as it lasts."""

    def __init__(self, port: int, soak: Soak, seed: int, stop: threading.Event, pause: float) -> None:
        super().__init__(name=f"reader {seed}")
        self._random = random.Random(seed)
        self._connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS) for _ in range(CONNECTIONS_A_BROWSER)
        ]
        self._soak, self._stop_asking, self._pause = soak, stop, pause
        self._asker = Asker(soak.corpus, seed)

    def run(self) -> None:
        """Until the event is set; the answer that is awaited then still counts."""
        while not self._stop_asking.is_set():
            asked, connection = self._asker.draw(), self._random.choice(self._connections)
            try:
                answered = self._ask(connection, asked)
            except (OSError, http.client.HTTPException, BrokenAnswerError, ValueError, KeyError) as exc:
                self._soak.errors.append(f"{asked.path}: {type(exc).__name__} {exc}")
                connection.close()
                continue
            self._asker.learn(answered.claim)
            self._soak.answers.append(answered)
            if self._pause:
                self._stop_asking.wait(self._pause)
        for each in self._connections:
            each.close()

    def _response(self, connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
        """The answer, on a new connection when the server has closed this one meanwhile: browsers do so, too."""
        kept = connection.sock is not None
        try:
            connection.request("GET", path)
            return connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            if not kept:
                raise
        connection.request("GET", path)
        return connection.getresponse()

    def _ask(self, connection: http.client.HTTPConnection, asked: Ask) -> Answered:
        began, clock, path = time.time(), time.perf_counter(), asked.path
        for _ in range(REDIRECTS):
            response = self._response(connection, path)
            body = response.read()
            if response.status not in _MOVED:
                break
            moved = urlsplit(response.headers["Location"])
            path = f"{moved.path}?{moved.query}" if moved.query else moved.path
        took_ms = (time.perf_counter() - clock) * 1000
        if response.status == http.client.CONFLICT and asked.may_refuse:
            return Answered(asked.kind, asked.path, began, took_ms, response.status, Claim())
        if response.status != http.client.OK:
            raise BrokenAnswerError(f"status {response.status}: {body[:200].decode('utf-8', 'replace')}")
        claim = asked.examine(body, response.headers)
        return Answered(asked.kind, asked.path, began, took_ms, response.status, claim)


def soak(
    scratch: Path,
    *,
    corpus: Corpus,
    readers: int,
    seconds: float,
    every: float,
    pause: float = 0.0,
    heavy: int = 0,
    drips: int = 0,
) -> Soak:
    """Lets ``readers`` ask for ``seconds``; a build follows the last after ``every`` seconds. Works in ``scratch``.

    With ``heavy`` workers or ``drips`` they ask for as long again beside those (``attacks.crowd``). Raises
    ``RuntimeError`` when the server does not start or indexing fails.
    """
    source, index = scratch / "报告", scratch / "index"
    source.mkdir()
    found = Soak(corpus)
    _exchange(found, source, index, 0)
    stop = threading.Event()
    with running(index) as server:
        browsers = [Reader(server.port, found, number, stop, pause) for number in range(readers)]
        before, began = server.resident_mib(), time.monotonic()
        for reader in browsers:
            reader.start()
        try:
            _exchanges(found, source, index, seconds, every)
            if heavy or drips:
                found.heavy_since = time.time()
                with crowd(server, _heavy_works(heavy), (PHRASE, *WORDS), drips) as found.heavy:
                    _exchanges(found, source, index, seconds, every)
        finally:
            stop.set()
            for reader in browsers:
                reader.join()
        found.seconds = time.monotonic() - began
        found.server_mib = (before, server.resident_mib())
    return found


def _heavy_works(count: int) -> list[Work]:
    """So many, of each kind in turn."""
    return list(islice(cycle((abandoned_concordance, whole_export, long_check)), count))


def _exchanges(found: Soak, source: Path, index: Path, seconds: float, every: float) -> None:
    """One build after another for so long."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(every, left))
        if time.monotonic() < until:
            _exchange(found, source, index, len(found.versions))


def _exchange(found: Soak, source: Path, index: Path, version: int) -> None:
    """Makes ``version`` current, by the command line, as a user or a timer would."""
    found.corpus.write(source, version)
    command = [sys.executable, "-m", "searchapp", "index", str(source), "--index", str(index), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise RuntimeError(f"searchapp index: {done.stderr or done.stdout}")
    build = current_build(index)
    found.exchanged[build] = (index / "CURRENT").stat().st_mtime
    found.versions[build] = version


def soak_markdown(found: Soak, readers: int) -> str:
    """The figures as a section."""
    mixed, stale = list(found.mixed()), list(found.stale())
    size = found.corpus.size(0)
    lines = [
        f"{readers} readers with {CONNECTIONS_A_BROWSER} connections each for {found.seconds:.0f} s, "
        f"{size['reports']} reports, {size['blocks']:,} blocks, "
        f"{len(found.versions) - 1} exchanges of the build.",
        "",
        "| | |",
        "|---|---:|",
        f"| answers | {len(found.answers):,} |",
        f"| a second | {len(found.answers) / found.seconds:.0f} |",
        f"| errors | {len(found.errors)} |",
        f"| mixed | {len(mixed)} |",
        f"| stale | {len(stale)} |",
        f"| exports refused for their build (409, as they should) | {found.refused} |",
        f"| server's resident memory, MiB, before / after | {found.server_mib[0]:.0f} / {found.server_mib[1]:.0f} |",
        "",
        "| asked for | answers | median ms | 95th percentile ms | most ms |",
        "|---|---:|---:|---:|---:|",
        *_times(found.answers),
    ]
    if found.heavy_since is not None:
        without, beside = found.light_p95()
        work = ", ".join(f"{count:,} {kind}" for kind, count in sorted(found.heavy.items()))
        lines += ["", f"Light answers, 95th percentile: {without:.0f} ms alone, {beside:.0f} ms beside heavy work"]
        lines[-1] += f" ({beside / without:.2f} times as long; {work})."
    for name, told in (("errors", found.errors), ("mixed", mixed), ("stale", stale)):
        lines.extend(["", f"{name}:", *(f"- {each}" for each in told[:SHOWN])] if told else ())
    return "\n".join(lines) + "\n"


def _times(answers: Sequence[Answered]) -> Iterator[str]:
    kinds = Counter(answered.kind for answered in answers)
    for kind in (*kinds, None):
        took = [answered.took_ms for answered in answers if kind in (None, answered.kind)]
        if took:
            spread = Spread.of(took)
            yield (f"| {kind or 'all'} | {len(took):,} | {spread.median:.0f} | {spread.p95:.0f} | {max(took):.0f} |")


@click.command()
@click.option(
    "--readers", type=click.IntRange(1), default=40, show_default=True, help="Browsers, six connections each."
)
@click.option(
    "--seconds", type=click.IntRange(1), default=60, show_default=True, help="Without heavy work, and with it."
)
@click.option("--every", type=float, default=0.5, show_default=True, help="Seconds from a build to the next run.")
@click.option("--pause", type=float, default=0.0, show_default=True, help="Seconds a reader rests after an answer.")
@click.option("--units", type=click.IntRange(2, 24), default=16, show_default=True, help="How large the corpus is.")
@click.option("--heavy", type=click.IntRange(0), default=4, show_default=True, help="Workers at exports and checks.")
@click.option("--drips", type=click.IntRange(0), default=20, show_default=True, help="Connections that send bytes.")
@click.option(
    "--bound", type=float, default=BOUND, show_default=True, help="Times as long that light answers may take."
)
def main(
    *, readers: int, seconds: int, every: float, pause: float, units: int, heavy: int, drips: int, bound: float
) -> None:
    """Ask a real server from many sides while its index is exchanged, then beside heavy work as well.

    Status 1 for any error or mixed answer, and when light answers took longer than --bound times beside heavy work.
    """
    with tempfile.TemporaryDirectory(prefix="searchapp-soak-") as scratch:
        corpus = Corpus(units)
        found = soak(
            Path(scratch),
            corpus=corpus,
            readers=readers,
            seconds=seconds,
            every=every,
            pause=pause,
            heavy=heavy,
            drips=drips,
        )
    click.echo(soak_markdown(found, readers))
    without, beside = found.light_p95() if found.heavy_since is not None else (1.0, 1.0)
    if found.errors or any(found.mixed()) or any(found.stale()) or beside > bound * without:
        sys.exit(1)


if __name__ == "__main__":
    main()
