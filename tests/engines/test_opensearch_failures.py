"""What the opensearch engine does when a cluster refuses, answers in part, or is not there: no cluster is needed."""

from __future__ import annotations

import base64
import json
import shutil
import ssl
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("opensearchpy", reason="opensearch-py is not installed")

from searchapp.engines.opensearch import OpensearchEngine, bulk
from searchapp.engines.opensearch import snapshot as snapshot_module
from searchapp.engines.opensearch.bulk import Bulk
from searchapp.engines.opensearch.client import OpensearchSettings, connect, settings_of
from searchapp.engines.opensearch.indices import POINTER_FILE, Pointer, read_pointer, write_pointer
from searchapp.engines.opensearch.snapshot import Snapshot
from searchapp.engines.opensearch.writer import STEP, numbered
from searchapp.errors import (
    EngineUnavailableError,
    IndexDamagedError,
    IndexVersionError,
    LibraryError,
    ParameterError,
    QueryRefusedError,
)
from searchapp.text.analyzer import Analyzer
from searchapp.web.http.problems import problem_of

Answer = tuple[int, Any]


@dataclass
class Played:
    """A server that answers as it is told; ``asked``: what it was sent."""

    url: str = ""
    answers: deque[Answer | Callable[[bytes], Answer]] = field(default_factory=deque)
    asked: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture
def played() -> Iterator[Played]:
    told = Played()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append((f"{self.command} {self.path}", body))
            if "point_in_time" in self.path:
                status, value = 200, {"pit_id": f"point-{len(told.asked)}"}
            else:
                answer = told.answers.popleft()
                status, value = answer(body) if callable(answer) else answer
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


def _actions(count: int) -> list[dict[str, Any]]:
    return [{"_op_type": "index", "_index": "i", "_id": str(n), "_source": {"n": n}} for n in range(count)]


def _written(statuses: dict[str, int]) -> Answer:
    items = [{"index": {"_index": "i", "_id": known, "status": status}} for known, status in statuses.items()]
    return 200, {"errors": any(status >= 300 for status in statuses.values()), "items": items}


def test_a_full_cluster_is_waited_for_and_only_what_it_refused_is_sent_again(played: Played) -> None:
    busy = (429, {"error": {"type": "rejected_execution_exception"}, "status": 429})
    played.answers.extend([busy, busy, _written({"0": 201, "1": 429, "2": 503}), _written({"1": 201, "2": 201})])
    writing = Bulk(_plain(played.url), first_pause=0.001)
    writing.send(_actions(3))
    writing.finish()
    sizes = [body.count(b'"_id"') for _, body in played.asked]
    assert sizes == [3, 3, 3, 2]


def test_a_cluster_that_stays_full_is_an_error_not_a_loss(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LONGEST_PAUSE", 0.001)
    played.answers.extend([_written({"0": 429})] * bulk.ATTEMPTS)
    writing = Bulk(_plain(played.url), first_pause=0.001)
    writing.send(_actions(1))
    with pytest.raises(EngineUnavailableError, match="忙不过来"):
        writing.finish()
    assert not played.answers


def test_a_document_that_cannot_be_taken_is_an_error_at_once(played: Played) -> None:
    played.answers.append(_written({"0": 400}))
    writing = Bulk(_plain(played.url), first_pause=0.001)
    writing.send(_actions(1))
    with pytest.raises(EngineUnavailableError, match="不收"):
        writing.finish()


_WHOLE = {"timed_out": False, "_shards": {"total": 3, "successful": 3, "failed": 0}, "hits": {"hits": []}}
_LOST = (
    404,
    {"error": {"type": "search_context_missing_exception", "reason": "No search context found"}, "status": 404},
)


@pytest.mark.parametrize(
    "part",
    [
        {**_WHOLE, "timed_out": True},
        {**_WHOLE, "_shards": {"total": 3, "successful": 2, "failed": 1}},
        {**_WHOLE, "_shards": {"total": 3, "successful": 2, "failed": 0}},
    ],
)
def test_an_answer_in_part_is_never_passed_off_as_whole(
    played: Played, part: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = Snapshot(_plain(played.url), "i")
    monkeypatch.setattr(snapshot_module, "PAUSE_SECONDS", 0.0)
    played.answers.extend([(200, part)] * snapshot_module.ATTEMPTS)
    with pytest.raises(EngineUnavailableError, match="不完整"):
        snapshot.search({"size": 0})
    played.answers.extend([(200, part), (200, _WHOLE)])
    assert snapshot.search({"size": 0}) == _WHOLE
    played.answers.extend([(200, {"responses": [_WHOLE, part]})] * snapshot_module.ATTEMPTS)
    with pytest.raises(EngineUnavailableError, match="不完整"):
        snapshot.search_all([{}, {}])


def test_a_snapshot_that_was_lost_is_opened_again(played: Played) -> None:
    snapshot = Snapshot(_plain(played.url), "i")
    played.answers.extend([(200, _WHOLE), _LOST, (200, _WHOLE)])
    snapshot.search({})
    snapshot.search({})
    points = [json.loads(body)["pit"]["id"] for path, body in played.asked if path.startswith("POST /_search?")]
    assert points[0] == points[1] != points[2]


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (401, "Unauthorized", EngineUnavailableError),
        (403, "Forbidden", EngineUnavailableError),
        (429, "rejected_execution_exception", EngineUnavailableError),
        (400, "too_many_nested_clauses", QueryRefusedError),
        (404, "index_not_found_exception", IndexDamagedError),
    ],
)
def test_errors_are_told_in_searchapps_own_words(
    played: Played, status: int, reason: str, error: type[Exception]
) -> None:
    played.answers.extend([(status, {"error": {"type": reason, "reason": reason}, "status": status})] * 9)
    with pytest.raises(error) as told:
        Snapshot(_plain(played.url), "i").search({})
    assert played.url not in str(told.value)
    assert "http" not in str(told.value)


def test_no_cluster_is_a_503_with_a_message(tmp_path: Path) -> None:
    engine = OpensearchEngine(Analyzer(), OpensearchSettings(("http://127.0.0.1:1",)))
    with pytest.raises(EngineUnavailableError, match="连不上搜索集群") as told:
        engine.open_writer(tmp_path, None)
    assert isinstance(told.value, LibraryError)
    assert "127.0.0.1" not in str(told.value)
    problem = problem_of(told.value)
    assert (problem.status, problem.detail) == (503, str(told.value))


@pytest.mark.parametrize("url", ["http://user:geheim@host:9200", "https://geheim@host", "http://user:geheim@[bad"])
def test_an_address_with_a_password_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ParameterError) as told:
        settings_of({}, url)
    assert "geheim" not in str(told.value)
    assert "user" not in str(told.value).lower().replace("searchapp_opensearch_user", "")


def test_settings_come_from_the_environment_and_hide_what_is_secret(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("geheim\n", encoding="utf-8")
    settings = settings_of(
        {
            "SEARCHAPP_OPENSEARCH_URL": "https://a:9200, https://b:9200/",
            "SEARCHAPP_OPENSEARCH_USER": "reader",
            "SEARCHAPP_OPENSEARCH_PASSWORD_FILE": str(file),
            "SEARCHAPP_OPENSEARCH_SHARDS": "6",
        }
    )
    assert settings.urls == ("https://a:9200", "https://b:9200")
    assert (settings.user, settings.password, settings.shards) == ("reader", "geheim", 6)
    assert "geheim" not in repr(settings)
    for variable, value in (("SHARDS", "0"), ("SHARDS", "x"), ("REPLICAS", "many"), ("PREFIX", "Grosz")):
        with pytest.raises(ParameterError):
            settings_of({"SEARCHAPP_OPENSEARCH_URL": "http://a", "SEARCHAPP_OPENSEARCH_" + variable: value})
    with pytest.raises(ParameterError):
        settings_of({})
    with pytest.raises(ParameterError):
        connect(settings_of({"SEARCHAPP_OPENSEARCH_CA": str(tmp_path / "none")}, "https://a"))


def _certificate(folder: Path, name: str, signer: str = "") -> None:
    """A certificate (``name.pem``) and its key (``name.key``), for 127.0.0.1, of its own or signed by ``signer``."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    made += ["-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"]
    if signer:
        made += ["-CA", f"{folder}/{signer}.pem", "-CAkey", f"{folder}/{signer}.key"]
        made += ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run(made, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")
def test_tls_the_clients_own_certificate_and_basic_authentication(tmp_path: Path) -> None:
    for name, signer in (("ca", ""), ("node", "ca"), ("client", "ca"), ("stranger", "")):
        _certificate(tmp_path, name, signer)
    seen: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            seen.append(self.headers.get("Authorization"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tmp_path / "ca.pem")
    context.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    whole = OpensearchSettings(
        (f"https://127.0.0.1:{server.server_port}",),
        user="reader",
        password="geheim",
        ca=str(tmp_path / "ca.pem"),
        certificate=str(tmp_path / "client.pem"),
        key=str(tmp_path / "client.key"),
        timeout=5,
    )
    try:
        assert connect(whole).ping()
        assert seen == ["Basic " + base64.b64encode(b"reader:geheim").decode()]
        assert not connect(replace(whole, ca=str(tmp_path / "stranger.pem"))).ping()
        assert not connect(replace(whole, certificate="", key="")).ping()
        assert len(seen) == 1
    finally:
        server.shutdown()
        server.server_close()


def test_a_pointer_is_read_as_written_or_refused(tmp_path: Path) -> None:
    pointer = Pointer("searchapp", 3, "ab", ("http://a:9200",))
    write_pointer(tmp_path, pointer)
    assert read_pointer(tmp_path) == pointer
    data = json.loads((tmp_path / POINTER_FILE).read_text(encoding="utf-8"))
    (tmp_path / POINTER_FILE).write_text(json.dumps({**data, "layout": 99}), encoding="utf-8")
    with pytest.raises(IndexVersionError):
        read_pointer(tmp_path)
    (tmp_path / POINTER_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        read_pointer(tmp_path)


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.dictionaries(st.integers(0, 30), st.integers(-5, 5).map(lambda n: n * STEP // 4), max_size=12),
)
def test_numbers_ascend_and_those_in_order_keep_theirs(order: list[int], known: dict[int, int]) -> None:
    named, before = [str(each) for each in order], {str(each): number for each, number in known.items()}
    numbers = numbered(named, before)
    assert list(numbers) == named or sorted(numbers) == sorted(named)
    ascending = [numbers[each] for each in named]
    assert ascending == sorted(set(ascending))
    held = [before[each] for each in named if each in before]
    if held == sorted(set(held)):
        assert all(numbers[each] == before[each] for each in named if each in before)


def test_all_are_numbered_anew_where_no_room_is_left() -> None:
    numbers = numbered(["a", "b", "c"], {"a": 7, "c": 8})
    assert [numbers[each] for each in "abc"] == [0, STEP, 2 * STEP]


def _plain(url: str) -> Any:
    """A client that sends what it says uncompressed, so that the tests can read it."""
    from opensearchpy import OpenSearch

    return OpenSearch([url], timeout=5, max_retries=0)
