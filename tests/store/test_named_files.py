"""Files that a person names: what is there already keeps its kind, mode and, until the new one is whole, its text."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchapp.store.files import write_named

TEXT = b"old"
CHUNKS = (b"new ", b"text")
NEW = b"".join(CHUNKS)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes are POSIX")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_mode_of_new_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_named(tmp_path / "a", CHUNKS)
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == NEW
    assert mode_of(tmp_path / "a") == 0o640
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_that_was_there_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a"
    file.write_bytes(TEXT)
    file.chmod(mode)
    number = file.stat().st_ino
    write_named(file, CHUNKS)
    assert (file.read_bytes(), mode_of(file)) == (NEW, mode)
    assert file.stat().st_ino != number, "it was not replaced in one step"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root to give files away")
def test_a_file_that_was_there_keeps_its_owner_and_group(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(TEXT)
    os.chown(file, 65534, 65533)
    file.chmod(0o4750)
    write_named(file, CHUNKS)
    there = file.stat()
    assert (there.st_uid, there.st_gid, mode_of(file)) == (65534, 65533, 0o4750)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root to give its rights away")
def test_who_may_not_write_a_file_does_not_replace_it_and_no_other_group_gets_to_read_it(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o777)
    (tmp_path / "secret").write_bytes(TEXT)
    (tmp_path / "secret").chmod(0o444)
    (tmp_path / "shared").write_bytes(TEXT)
    os.chown(tmp_path / "shared", 0, 65533)
    (tmp_path / "shared").chmod(0o662)
    process = os.fork()
    if process == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            write_named(tmp_path / "shared", CHUNKS)
            write_named(tmp_path / "secret", CHUNKS)
            os._exit(1)
        except PermissionError:
            os._exit(7)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 7
    assert (tmp_path / "secret").read_bytes() == TEXT
    assert (tmp_path / "shared").read_bytes() == NEW
    assert mode_of(tmp_path / "shared") == 0o602
    assert names_in(tmp_path) == ["secret", "shared"]


@pytest.mark.parametrize("target", ["old", "new"])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "old").write_bytes(TEXT)
    (tmp_path / "second").symlink_to(f"there/{target}")
    (tmp_path / "first").symlink_to("second")
    write_named(tmp_path / "first", CHUNKS)
    assert (tmp_path / "first").readlink() == Path("second")
    assert (tmp_path / "second").readlink() == Path(f"there/{target}")
    assert (tmp_path / "there" / target).read_bytes() == NEW
    assert names_in(tmp_path / "there") == sorted({"old", target})


@pytest.mark.parametrize("through_link", [False, True])
def test_a_pipe_is_written_to(tmp_path: Path, through_link: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    name = pipe
    if through_link:
        name = tmp_path / "link"
        name.symlink_to("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_named(name, CHUNKS)
    reader.join()
    assert read == [NEW]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_to(tmp_path: Path, device: Callable[[str], Path]) -> None:
    null = device("null")
    (tmp_path / "link").symlink_to(null)
    write_named(tmp_path / "link", CHUNKS)
    assert stat.S_ISCHR(null.stat().st_mode)
    with pytest.raises(OSError) as refused:
        write_named(device("full"), CHUNKS)
    assert refused.value.errno == errno.ENOSPC


SCRIPT = """
import os, sys
from pathlib import Path
from searchapp.store.files import write_named
os.write(1, b"before ")
write_named(Path(sys.argv[1]), (b"new ", b"text"))
os.write(1, b" after")
"""


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "link"])
@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_standard_output_by_name_is_what_it_is(
    tmp_path: Path, environment: dict[str, str], name: str, kind: str
) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    command = [sys.executable, "-c", SCRIPT, tmp_path / name]
    expected = b"before new text after"
    if kind == "pipe":
        assert subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout == expected
        return
    with (tmp_path / "out").open("wb") as out:
        subprocess.run(command, env=environment, stdout=out, check=True)
    assert (tmp_path / "out").read_bytes() == expected


def test_links_in_a_circle_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError) as refused:
        write_named(tmp_path / "a", CHUNKS)
    assert refused.value.errno == errno.ELOOP
    with pytest.raises(IsADirectoryError):
        write_named(tmp_path, CHUNKS)


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), ValueError(), KeyboardInterrupt()], ids=repr)
def test_a_failure_half_way_leaves_what_was_there(tmp_path: Path, failure: BaseException) -> None:
    def failing() -> Iterator[bytes]:
        yield b"half" * 100_000
        raise failure

    file = tmp_path / "a"
    file.write_bytes(TEXT)
    with pytest.raises(type(failure)):
        write_named(file, failing())
    assert file.read_bytes() == TEXT
    with pytest.raises(type(failure)):
        write_named(tmp_path / "new", failing())
    assert names_in(tmp_path) == ["a"]
