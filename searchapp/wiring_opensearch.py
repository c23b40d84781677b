"""Wiring of the opensearch engine: how it is configured, and builds read by processes that have none on their disk.

``opensearch-py`` comes with the extra ``opensearch``; it is imported when the engine is first asked for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from searchapp.engines.base import Engine
from searchapp.errors import LibraryError, NoIndexError, RequestError
from searchapp.language import tr
from searchapp.services.library import Library, LibraryHandle
from searchapp.store import builds
from searchapp.text.analyzer import Analyzer

if TYPE_CHECKING:
    from searchapp.engines.opensearch.assets import Assets

NAME = "opensearch"
LOOK_SECONDS = 2.0
"""How often a process asks the cluster whether there is another build."""


def opensearch_engine(analyzer: Analyzer, urls: str = "", prefix: str = "", indexing: bool = False) -> Engine:
    """The adapter; what is not given comes from the environment, and at last from the build that is opened.

    Raises ``RequestError`` when the extra is not installed, ``ParameterError`` for settings that cannot be.
    """
    with _told_when_missing():
        from searchapp.engines.opensearch import OpensearchEngine
        from searchapp.engines.opensearch.client import VARIABLE, settings_of
    known = bool(urls or os.environ.get(VARIABLE + "URL"))
    return OpensearchEngine(analyzer, settings_of(os.environ, urls, prefix) if known else None, indexing)


def publish_build(index: Path, urls: str = "", prefix: str = "") -> None:
    """Lets processes without a build folder read the current build of ``index``. Does nothing when they do already."""
    assets = _assets(urls, prefix)
    build = builds.current_build(index)
    if assets.current() != build:
        assets.publish(build, builds.build_folder(index, build))


def remote_handle(open_library: Callable[[Path], Library], urls: str = "", prefix: str = "") -> LibraryHandle:
    """The library of a server that has nothing but the address of the cluster."""
    return MirroringHandle(_assets(urls, prefix), open_library)


class MirroringHandle(LibraryHandle):
    """A library whose small files are fetched from the cluster into a temporary folder, again for every build."""

    def __init__(self, assets: Assets, open_library: Callable[[Path], Library]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="searchapp-"))
        super().__init__(folder, open_library)
        self._folder = folder
        self._assets = assets
        self._fetching = threading.Lock()
        self._looked = -LOOK_SECONDS
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def current(self) -> Library:
        """The newest build. Raises as :meth:`LibraryHandle.current`, and ``EngineUnavailableError``.

        While the cluster does not answer, the library that is open stays: its own questions tell.
        """
        if time.monotonic() - self._looked >= LOOK_SECONDS and self._fetching.acquire(blocking=self._library is None):
            try:
                self._fetch()
            except LibraryError:
                if self._library is None:
                    raise
            finally:
                self._fetching.release()
        return super().current()

    def _fetch(self) -> None:
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        try:
            held = builds.current_build(self._folder)
        except NoIndexError:
            held = ""
        build = self._assets.current()
        if build is None or build != held:
            with tempfile.TemporaryDirectory(dir=self._folder, prefix="fetching-") as scratch:
                build = self._assets.fetch(Path(scratch))
                target = builds.build_folder(self._folder, build)
                with contextlib.suppress(FileNotFoundError):
                    shutil.rmtree(target)
                (Path(scratch) / build).rename(target)
            builds.publish(self._folder, build)
            for path in self._folder.iterdir():
                if builds.BUILD_NAME.fullmatch(path.name) and path.name not in (build, held):
                    shutil.rmtree(path, ignore_errors=True)
        self._looked = time.monotonic()


def _assets(urls: str, prefix: str) -> Assets:
    with _told_when_missing():
        from searchapp.engines.opensearch.assets import Assets
        from searchapp.engines.opensearch.client import connect, settings_of
    settings = settings_of(os.environ, urls, prefix)
    return Assets(connect(settings), settings)


@contextlib.contextmanager
def _told_when_missing() -> Iterator[None]:
    """Raises ``RequestError`` when the adapter cannot be imported because the extra is not installed."""
    try:
        yield
    except ModuleNotFoundError as exc:
        told = tr("这里没有装 opensearch 引擎。在 searchapp 的源文件夹里装上：pip install '.[opensearch]'")
        raise RequestError(told) from exc
