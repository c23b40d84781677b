"""What starts the cluster, tried without starting one: which Java, which processes are its own, which ports free."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.opensearch import archive
from tests.opensearch.cluster import CANNOT, cluster, main
from tests.opensearch.java import Java, NoJavaError, find_java
from tests.opensearch.nodes import Node, NodeError


@pytest.fixture
def java(tmp_path: Path) -> Callable[[str], Path]:
    """Makes what looks like a Java installation of a version."""

    def make(version: str) -> Path:
        home = tmp_path / "jvm" / f"java-{version}"
        (home / "bin").mkdir(parents=True)
        (home / "bin" / "java").write_text("#!/bin/sh\n")
        (home / "bin" / "java").chmod(0o755)
        (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
        return home

    return make


def test_the_java_named_is_used_before_those_installed(java: Callable[[str], Path], tmp_path: Path) -> None:
    java("21.0.4")
    named = java("25.0.1")
    assert find_java({"JAVA_HOME": str(named), "PATH": ""}, (tmp_path / "jvm",)) == Java(named, 25)


def test_an_old_java_on_the_path_gives_way_to_the_oldest_that_will_do(
    java: Callable[[str], Path], tmp_path: Path
) -> None:
    old, right = java("17.0.15"), java("21.0.4")
    java("25.0.1"), java("1.8.0_402")
    assert find_java({"PATH": str(old / "bin")}, (tmp_path / "jvm",)) == Java(right, 21)


def test_without_a_java_that_will_do_the_message_names_those_found(java: Callable[[str], Path], tmp_path: Path) -> None:
    java("17.0.15")
    with pytest.raises(NoJavaError, match=r"Java 21.*17（"):
        find_java({"PATH": ""}, (tmp_path / "jvm",))


@pytest.mark.parametrize("pid", [str(os.getpid()), "0", "999999999", "", "x"], ids=["ours", "0", "most", "none", "x"])
def test_a_process_that_is_not_the_nodes_own_is_never_taken_for_it(tmp_path: Path, pid: str) -> None:
    node = Node("node-1", tmp_path, 1, 2)
    (tmp_path / "pid").write_text(pid)
    assert node.pid() is None
    node.stop()
    node.kill()


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NodeError, match=f"端口 {port} "):
            Node("node-1", tmp_path, port, port).check_ports()


def test_ports_and_folder_come_from_the_environment(tmp_path: Path) -> None:
    found = cluster({"OPENSEARCH_FOLDER": str(tmp_path), "OPENSEARCH_HTTP_PORT": "9421"})
    assert found.urls == "http://127.0.0.1:9421,http://127.0.0.1:9422,http://127.0.0.1:9423"
    assert {node.folder.parent for node in found.nodes} == {tmp_path}


def test_programs_stay_programs_when_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "opensearch-0.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for name, mode in (("bin/opensearch", 0o755), ("config/opensearch.yml", 0o660)):
            info = zipfile.ZipInfo(f"opensearch-0/{name}")
            info.external_attr = (0o100000 | mode) << 16
            made.writestr(info, "x")
    monkeypatch.setattr(archive, "_fetch", lambda folder, version: packed)
    home = archive.unpacked(tmp_path / "here", "0")
    assert os.access(home / "bin" / "opensearch", os.X_OK)
    assert (home / "config" / "opensearch.yml").stat().st_mode & 0o777 == 0o644


def test_where_it_cannot_run_the_command_says_so_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENSEARCH_FOLDER", str(tmp_path))
    monkeypatch.setattr("tests.opensearch.java.LEAST_JAVA", 1000)
    assert main(["fetch"]) == CANNOT
    assert capsys.readouterr().err.count("\n") == 1
