"""OpenSearch itself: fetched by Maven, unpacked once.

The archive is the one that OpenSearch's own integration tests run on: the bare server. That of 3.2 has no module but
the transports (no script language, no reindex, no analysis-common), so whatever runs here runs on every distribution.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

GROUP = "org.opensearch.distribution.integ-test-zip"
FETCH_SECONDS = 300


class NoArchiveError(Exception):
    """The archive can be had from nowhere; the message (Chinese) says why."""


def unpacked(folder: Path, version: str) -> Path:
    """The distribution in ``folder``, fetched and unpacked when it is not there yet. Raises ``NoArchiveError``."""
    home = folder / f"opensearch-{version}"
    if (home / "bin" / "opensearch").is_file():
        return home
    folder.mkdir(parents=True, exist_ok=True)
    archive = _fetch(folder, version)
    partial = folder / "unpacking"
    shutil.rmtree(partial, ignore_errors=True)
    _unpack(archive, partial)
    shutil.rmtree(home, ignore_errors=True)
    (partial / home.name).rename(home)
    partial.rmdir()
    archive.unlink()
    return home


def _fetch(folder: Path, version: str) -> Path:
    """The archive, out of Maven's own store or from the registry that Maven is configured for."""
    maven = shutil.which("mvn")
    if maven is None:
        raise NoArchiveError("要 Maven 才能取得 OpenSearch（Debian、Ubuntu：apt install maven）")
    command = [
        *(maven, "--batch-mode", "--quiet", "dependency:copy", "-Dmdep.overWriteReleases=true"),
        *(f"-Dartifact={GROUP}:opensearch:{version}:zip", f"-DoutputDirectory={folder}"),
    ]
    said = ""
    for offline in (["--offline"], []):
        if not offline:
            print(f"用 Maven 取 OpenSearch {version}（只取一次）", flush=True)
        try:
            done = subprocess.run(
                command + offline, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS, cwd=folder
            )
        except subprocess.TimeoutExpired:
            raise NoArchiveError(f"取 OpenSearch {version} 超过了 {FETCH_SECONDS} 秒") from None
        archive = folder / f"opensearch-{version}.zip"
        if done.returncode == 0 and archive.is_file():
            return archive
        said = done.stdout + done.stderr
    raise NoArchiveError(f"取不到 OpenSearch {version}：{_reason(said)}")


def _reason(said: str) -> str:
    """The first error that Maven names, in one line."""
    found = re.search(r"\[ERROR\] *(?:Failed to execute goal [^ ]* .*?on project [^ ]*: )?(\S.*)", said)
    return found[1][:300] if found else "Maven 没有说明原因"


def _unpack(archive: Path, folder: Path) -> None:
    """Unpacks for every user of the machine to read, programs to run: the server runs as one who owns nothing of it."""
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            path = Path(packed.extract(info, folder))
            program = info.external_attr >> 16 & 0o111
            path.chmod(0o755 if info.is_dir() or program else 0o644)
