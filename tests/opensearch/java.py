"""Which Java runs OpenSearch: 21 or newer, which the ``java`` of a system need not be."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LEAST_JAVA = 21
"""OpenSearch 3 needs Java 21 (its installation guide)."""
JAVA_FOLDERS = (Path("/usr/lib/jvm"), Path("/opt/java"), Path("/Library/Java/JavaVirtualMachines"))

_RELEASE = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)
_SPOKEN = re.compile(r'version "(?:1\.)?(\d+)')


class NoJavaError(Exception):
    """No Java that is new enough; the message (Chinese) says what was found."""


@dataclass(frozen=True, slots=True)
class Java:
    """A Java installation: ``home`` holds ``bin/java``; ``version`` is the first number of its version."""

    home: Path
    version: int


def find_java(environment: Mapping[str, str] = os.environ, folders: tuple[Path, ...] = JAVA_FOLDERS) -> Java:
    """The Java to use: that of ``OPENSEARCH_JAVA_HOME``, ``JAVA_HOME`` or ``java`` when new enough, else the oldest
    that is new enough of those installed. Raises ``NoJavaError``.
    """
    named = [*_named(environment)]
    installed = sorted(_installed(folders), key=lambda java: (java.version, str(java.home)))
    found = [*named, *installed]
    for java in found:
        if java.version >= LEAST_JAVA:
            return java
    seen = "、".join(f"{java.version}（{java.home}）" for java in found) or "一个也没有"
    raise NoJavaError(
        f"要 Java {LEAST_JAVA} 或更新的版本，找到的是：{seen}。装好后再试，或设 OPENSEARCH_JAVA_HOME=其文件夹"
    )


def _named(environment: Mapping[str, str]) -> Iterator[Java]:
    homes = [environment.get("OPENSEARCH_JAVA_HOME"), environment.get("JAVA_HOME")]
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        homes.append(str(Path(on_path).resolve().parent.parent))
    for home in homes:
        if home and (java := java_at(Path(home))):
            yield java


def _installed(folders: tuple[Path, ...]) -> Iterator[Java]:
    for folder in folders:
        for entry in sorted(folder.glob("*")):
            for home in (entry, entry / "Contents" / "Home"):
                if not entry.is_symlink() and (java := java_at(home)):
                    yield java


def java_at(home: Path) -> Java | None:
    """The Java installed at ``home``, if one is."""
    program = home / "bin" / "java"
    if not os.access(program, os.X_OK):
        return None
    try:
        found = _RELEASE.search((home / "release").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = None
    if found is None:
        spoken = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
        found = _SPOKEN.search(spoken.stderr)
    return Java(home, int(found[1])) if found else None
