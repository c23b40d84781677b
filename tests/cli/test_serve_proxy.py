"""Behind a proxy that speaks https, lasting addresses are https; what others claim is not believed."""

from __future__ import annotations

import http.client
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("trusted", "scheme"), [("127.0.0.1", "https"), ("*", "https"), ("127.0.0.9", "http"), ("", "http")]
)
def test_only_a_trusted_proxy_says_by_what_scheme_it_was_asked(
    environment: dict[str, str], index: Path, trusted: str, scheme: str
) -> None:
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--port", "0"]
    command += ["--allow-host", "search.example"]
    options = ["--trusted-proxy", trusted] if trusted else []
    with subprocess.Popen(
        command + options, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline().partition("127.0.0.1:")[2].split()[0])
            headers = {"Host": "search.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("GET", "/opensearch.xml", headers=headers)
                assert f'"{scheme}://search.example/' in connection.getresponse().read().decode("utf-8")
        finally:
            process.terminate()
