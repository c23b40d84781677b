"""Six threads ask a real server while another process exchanges the build ten times."""

from __future__ import annotations

import gc
import http.client
import itertools
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import waitress

from searchapp.config import Settings
from searchapp.query import Phrase, Word
from searchapp.search.request import SearchRequest
from searchapp.web import create_app
from searchapp.wiring import library_handle

from .conftest import ENGINES, Builder
from .versions import PHRASE, UNITS, hits_of, mark

pytestmark = pytest.mark.long

THREADS = 6
SECONDS = 60
"""How long anything here may take on a busy machine."""
EXCHANGES = 10
NOTICED_WITHIN_SECONDS = 1.0
BETWEEN_EXCHANGES_SECONDS = 0.2

QUERY = f'"{PHRASE}"'
REQUESTS: tuple[dict[str, str], ...] = (
    {"q": QUERY, "per_page": "100"},
    {"q": QUERY, "per_page": "5", "page": "2", "sort": "document"},
    {"q": QUERY, "per_page": "100", "unit": UNITS[0]},
    {"q": QUERY, "per_page": "100", "year": "2021"},
)


@dataclass
class Answered:
    """An answer, what was asked, and when asking began."""

    params: dict[str, str]
    began: float
    status: int
    body: dict[str, Any]


@dataclass
class Crowd:
    """Threads that ask until told to stop."""

    port: int
    answers: list[Answered] = field(default_factory=list)
    pages: list[tuple[int, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Crowd:
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(THREADS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(timeout=SECONDS)
        assert not any(thread.is_alive() for thread in self._threads)

    def _ask(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            for turn in itertools.count(number):
                if self.stop.is_set():
                    return
                params = REQUESTS[turn % len(REQUESTS)]
                self.answers.append(ask(connection, params))
                if turn % 7 == 0:
                    connection.request("GET", f"/search?{urlencode(params)}")
                    response = connection.getresponse()
                    self.pages.append((response.status, response.read().decode("utf-8")))
        except BaseException as exc:
            self.failures.append(exc)
        finally:
            connection.close()


def ask(connection: http.client.HTTPConnection, params: dict[str, str]) -> Answered:
    began = time.monotonic()
    connection.request("GET", f"/api/v1/search?{urlencode(params)}")
    response = connection.getresponse()
    return Answered(params, began, response.status, json.loads(response.read()))


@pytest.fixture
def port(builder: Builder) -> Iterator[int]:
    """A server on the builder's index."""
    handle = library_handle(Settings(builder.index))
    server = waitress.create_server(create_app(handle.current), host="127.0.0.1", port=0, threads=THREADS + 2)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(timeout=SECONDS)
    assert not thread.is_alive()
    handle.current().reader.close()


def expected(params: dict[str, str], version: int) -> dict[str, Any]:
    """The numbers of an answer, counted from the rule of the versions."""
    hits = hits_of(version)
    chosen = [
        (unit, year)
        for unit, year in hits
        if params.get("unit", unit) == unit and params.get("year", str(year)) == str(year)
    ]
    begin = (int(params.get("page", "1")) - 1) * int(params["per_page"])
    return {
        "total": len(chosen),
        "counts": {
            "occurrences": len(chosen),
            "paragraphs": len(chosen),
            "reports": len(set(chosen)),
            "units": len({unit for unit, _ in chosen}),
        },
        "shown": max(0, min(int(params["per_page"]), len(chosen) - begin)),
        "unit": dict(Counter(unit for unit, year in hits if params.get("year", str(year)) == str(year))),
        "year": dict(Counter(str(year) for unit, year in hits if params.get("unit", unit) == unit)),
    }


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The numbers of an answer as the server gave them."""
    return {
        "total": answer["total"],
        "counts": answer["counts"],
        "shown": len(answer["hits"]),
        "unit": {value["label"]: value["count"] for value in answer["facets"]["unit"] if value["count"]},
        "year": {value["value"]: value["count"] for value in answer["facets"]["year"] if value["count"]},
    }


@pytest.mark.parametrize("builder", ENGINES, indirect=True)
def test_no_answer_is_wrong_mixed_or_failed_while_builds_are_exchanged(builder: Builder, port: int) -> None:
    current = [(time.monotonic(), 0)]
    own = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with Crowd(port) as crowd:
        for version in range(1, EXCHANGES + 1):
            time.sleep(BETWEEN_EXCHANGES_SECONDS)
            build = builder.build(version)
            exchanged = time.monotonic()
            current.append((exchanged, version))
            while ask(own, REQUESTS[0]).body["build"] != build:
                assert time.monotonic() - exchanged < NOTICED_WITHIN_SECONDS, f"version {version} goes unnoticed"
        time.sleep(BETWEEN_EXCHANGES_SECONDS)
    own.close()

    assert crowd.failures == []
    assert {answered.status for answered in crowd.answers} == {200}
    for answered in crowd.answers:
        version = builder.versions[answered.body["build"]]
        assert told(answered.body) == expected(answered.params, version)
        assert all(mark(version) in hit["text"] for hit in answered.body["hits"])
        due = max(v for moment, v in current if moment <= max(answered.began - NOTICED_WITHIN_SECONDS, current[0][0]))
        assert version >= due, "an answer of a build that was replaced over a second before"
    seen = {builder.versions[answered.body["build"]] for answered in crowd.answers}
    assert len(seen) > EXCHANGES // 2, "the threads saw too few of the builds for this test to mean anything"

    assert {status for status, _ in crowd.pages} == {200}
    for _, page in crowd.pages:
        versions = {version for version in range(EXCHANGES + 1) if f"{mark(version)}。" in page}
        assert len(versions) == 1, "a page of several builds"


def test_an_export_keeps_the_build_it_began_with_to_its_last_hit(builder: Builder) -> None:
    """Also after its folder has been removed."""
    handle = library_handle(Settings(builder.index))
    library = handle.current()
    export = library.reader.stream(SearchRequest(Phrase(PHRASE, PHRASE)))
    hits = [next(export), next(export)]
    builder.build_until_gone(library.build)
    later = handle.current()
    assert builder.versions[later.build] == max(builder.versions.values())
    hits.extend(export)
    assert len(hits) == len(hits_of(0))
    assert all(mark(0) in hit.located.block.text for hit in hits)
    library.reader.close()
    later.reader.close()


@pytest.mark.parametrize("builder", ENGINES, indirect=True)
def test_a_library_in_use_goes_on_answering_after_its_folder_is_gone(builder: Builder) -> None:
    handle = library_handle(Settings(builder.index))
    library = handle.current()
    builder.build_until_gone(library.build)
    assert library.reader.search(SearchRequest(Phrase(PHRASE, PHRASE))).total == len(hits_of(0))
    assert library.reader.search(SearchRequest(Word.of("责任"))).total > 0
    assert list(library.retired.successors("none")) == []
    library.reader.close()


def test_the_build_before_the_current_one_is_kept_however_fast_they_follow(builder: Builder) -> None:
    """For a reader that has read ``CURRENT`` and not yet opened what it names."""
    before = builder.build(1)
    for version in range(2, 12):
        current = builder.build(version)
        assert {path.name for path in builder.index.glob("b-*")} == {before, current}
        before = current


@pytest.mark.parametrize("builder", ENGINES, indirect=True)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_replaced_build_lets_go_of_its_files(builder: Builder) -> None:
    handle = library_handle(Settings(builder.index))
    request = SearchRequest(Phrase(PHRASE, PHRASE))
    for version in range(1, 6):
        assert handle.current().reader.search(request).total == len(hits_of(version - 1))
        builder.build(version)
    last = handle.current()
    last.reader.search(request)
    gc.collect()
    held = {build for build in builder.versions if build in _open_files()}
    assert held == {last.build}
    last.reader.close()


def _open_files() -> str:
    """Every file this process has mapped or open."""
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return "\n".join([Path("/proc/self/maps").read_text(encoding="utf-8"), *links])
