"""docs/operating/deploy/nginx.conf, run: nginx in front of a real ``searchapp serve``, over TLS, on loopback."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "operating" / "deploy"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
BURST = 40
"""Requests of an address at once, where the file has as many as an office makes."""
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(not NGINX or not shutil.which("openssl"), reason="nginx or openssl is not installed")


@dataclass(frozen=True, slots=True)
class Site:
    """Where nginx answers (ports of loopback), and what it wrote down."""

    plain: int
    tls: int
    log: Path

    def get(
        self, path: str, server_name: str = "search.example", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """An answer over TLS, from the server that the handshake names."""
        trusting = ssl._create_unverified_context()
        named = {"Host": "search.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
        with closing(http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=30, context=trusting)) as connection:
            plain = socket.create_connection(("127.0.0.1", self.tls), timeout=30)
            connection.sock = trusting.wrap_socket(plain, server_hostname=server_name)
            connection.request("GET", quote(path, safe="/?=&%*"), headers=named)
            answer = connection.getresponse()
            return answer, answer.read()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample corpus, served."""
    top = tmp_path_factory.mktemp("site")
    searchapp = [sys.executable, "-m", "searchapp"]
    made = subprocess.run([*searchapp, "index", CORPUS, "--index", top / "ix"], capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")
    serve = [*searchapp, "serve", "--index", top / "ix", "--port", "0", "--trusted-proxy", "127.0.0.1"]
    serve += ["--allow-host", "search.example"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as web:
        try:
            assert web.stdout
            upstream = web.stdout.readline().partition("127.0.0.1:")[2].split()[0]
            found = Site(free_port(), free_port(), top / "access.log")
            config = configured(top, found, upstream)
            assert NGINX
            tried = subprocess.run([NGINX, "-t", "-c", config], capture_output=True, text=True, check=False)
            assert tried.returncode == 0, tried.stderr
            assert "[warn]" not in tried.stderr
            with subprocess.Popen([NGINX, "-c", config, "-g", "daemon off;"], stderr=subprocess.DEVNULL) as nginx:
                try:
                    wait_for(found.tls)
                    yield found
                finally:
                    nginx.terminate()
        finally:
            web.terminate()


def configured(top: Path, site: Site, upstream: str) -> Path:
    """The configuration as it stands in the folder, with other ports, paths and no IPv6."""
    certificate = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=search.example"),
        *("-keyout", str(top / "searchapp.key"), "-out", str(top / "searchapp.crt")),
    ]
    subprocess.run(certificate, check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        (r"server 127\.0\.0\.1:5000;", f"server 127.0.0.1:{upstream};"),
        (r"listen 80\b", f"listen 127.0.0.1:{site.plain}"),
        (r"listen 443\b", f"listen 127.0.0.1:{site.tls}"),
        (r"rate=50r/s", "rate=1r/m"),
        (r"burst=400", f"burst={BURST}"),
        (r"/etc/nginx/tls", str(top)),
        (r"/var/log/nginx/searchapp\.log", str(site.log)),
    ):
        text, times = re.subn(old, new, text)
        assert times, old
    text = re.sub(r"listen \[::\].*", "", text)
    whole = top / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {top / kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\npid {top / 'nginx.pid'};\nerror_log {top / 'error.log'};\n"
        f"events {{}}\nhttp {{\n{temporary}\n{text}\n}}\n",
        encoding="utf-8",
    )
    return whole


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Waits until something listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nginx does not listen")


def test_plain_http_leads_to_https(site: Site) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", site.plain, timeout=30)) as connection:
        connection.request("GET", "/search?q=x", headers={"Host": "search.example"})
        answer = connection.getresponse()
        answer.read()
    assert (answer.status, answer.getheader("Location")) == (301, "https://search.example/search?q=x")


def test_pages_come_whole_compressed_and_with_the_headers_of_both(site: Site) -> None:
    plain, body = site.get("/search?q=党建")
    packed, data = site.get("/search?q=党建", Accept_Encoding="gzip")
    assert (plain.status, packed.status) == (200, 200)
    assert packed.getheader("Content-Encoding") == "gzip"
    assert len(data) < len(body) / 2
    timing = re.compile(rb"\d+(\.\d+)?\s*(ms|\xe6\xaf\xab\xe7\xa7\x92)")
    shorn = [timing.sub(b"", each) for each in (gzip.decompress(data), body)]
    assert shorn[0] == shorn[1]
    assert "default-src 'none'" in str(packed.getheader("Content-Security-Policy"))
    assert packed.getheader("Strict-Transport-Security")
    assert packed.headers.get_all("X-Content-Type-Options") == ["nosniff"]


def test_a_page_that_the_browser_has_is_not_sent_again(site: Site) -> None:
    first, _ = site.get("/search?q=党建", Accept_Encoding="gzip")
    tag = first.getheader("ETag")
    assert tag
    again, body = site.get("/search?q=党建", Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status, body) == (304, b"")


def test_lasting_addresses_are_those_of_the_outside(site: Site) -> None:
    _, body = site.get("/opensearch.xml")
    assert b'"https://search.example/' in body
    _, rows = site.get("/export?q=党建&format=jsonl")
    assert b"https://search.example/" in rows


def test_an_export_comes_with_its_length_also_compressed(site: Site) -> None:
    answer, rows = site.get("/export?q=党建&format=jsonl")
    assert answer.getheader("Content-Length") == str(len(rows))
    assert rows.count(b"\n") == int(answer.getheader("Searchapp-Total") or 0) > 50
    packed, data = site.get("/export?q=党建&format=jsonl", Accept_Encoding="gzip")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(data) == rows


def test_what_is_searched_for_is_not_written_down(site: Site) -> None:
    site.get("/search?q=不会记下的词")
    deadline = time.monotonic() + 10
    while '"/search"' not in (logged := site.log.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert '"/search"' in logged
    assert "q=" not in logged and "%E4" not in logged and "不会" not in logged


def test_other_names_are_not_answered(site: Site) -> None:
    with pytest.raises(ssl.SSLError):
        site.get("/", server_name="evil.example")
    with pytest.raises(http.client.RemoteDisconnected):
        site.get("/", Host="evil.example")
    with closing(http.client.HTTPConnection("127.0.0.1", site.plain, timeout=30)) as connection:
        connection.request("GET", "/", headers={"Host": "evil.example"})
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()


def test_one_address_is_limited(site: Site) -> None:
    """This test is the last: it uses up what the address may ask."""
    statuses = [site.get("/static/icon.svg")[0].status for _ in range(BURST + 2)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert set(statuses) == {200, 429}
