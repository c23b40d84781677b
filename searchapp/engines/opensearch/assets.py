"""The small files of a build (manifest, lexicon, retired addresses …) in the cluster, for processes on other hosts.

They are cut into chunks, each a document of ``<prefix>-assets``. One document more, ``current``, says which build is to
be read and what its files are; it is written last, so whoever reads it finds all chunks there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from searchapp.engines.opensearch.bulk import Action, Bulk
from searchapp.engines.opensearch.client import OpensearchSettings, steadily, translated
from searchapp.engines.opensearch.indices import LAYOUT_VERSION, check_layout
from searchapp.errors import IndexDamagedError, NoIndexError
from searchapp.language import tr

CHUNK = 1 << 20
"""Bytes of a file in one document."""

_CURRENT = "current"
_EXISTS = "resource_already_exists_exception"

Listing = dict[str, Any]


class Assets:
    """The files of builds of one library."""

    def __init__(self, client: OpenSearch, settings: OpensearchSettings) -> None:
        self._client = client
        self._index = f"{settings.prefix}-assets"
        self._copies = settings.replicas

    def current(self) -> str | None:
        """The build that is to be read."""
        listing = self._listing()
        return None if listing is None else str(listing["build"])

    def publish(self, build: str, folder: Path) -> None:
        """Uploads every file of the build in ``folder`` and makes it the one to be read."""
        self._make_index()
        before = self.current()
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = [self._upload(build, path.relative_to(folder).as_posix(), path) for path in paths]
        listing = {"build": build, "layout": LAYOUT_VERSION, "listing": {"files": files}}
        steadily(lambda: self._point_to(listing))
        self._remove_but([build, *([before] if before else [])])

    def fetch(self, folder: Path) -> str:
        """Writes the files of the build that is to be read into ``folder``/<build>; gives its name.

        Raises ``NoIndexError``, ``IndexVersionError``, or ``IndexDamagedError`` when a file is not whole.
        """
        listing = self._listing()
        if listing is None:
            raise NoIndexError(tr("搜索集群里还没有索引。先建立：searchapp index --engine opensearch 报告文件夹"))
        check_layout(listing["layout"])
        build = str(listing["build"])
        for file in listing["listing"]["files"]:
            path = PurePosixPath(file["name"])
            if path.is_absolute() or ".." in path.parts or PurePosixPath(build).name != build:
                raise IndexDamagedError(tr("搜索集群里的文件名不对"))
            target = folder / build / path
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with target.open("wb") as out:
                for number in range(file["chunks"]):
                    data = self._chunk(build, file["name"], number)
                    digest.update(data)
                    out.write(data)
            if digest.hexdigest() != file["sha256"]:
                raise IndexDamagedError(tr("搜索集群里的文件 {name} 不完整", name=file["name"]))
        return build

    def _listing(self) -> Listing | None:
        with translated():
            try:
                found = self._client.get(index=self._index, id=_CURRENT)
            except NotFoundError:
                return None
        source: Listing = found["_source"]
        return source

    def _point_to(self, listing: Listing) -> None:
        with translated():
            self._client.index(index=self._index, id=_CURRENT, body=listing, params={"refresh": "true"})

    def _upload(self, build: str, name: str, path: Path) -> Listing:
        digest, count = hashlib.sha256(), 0
        bulk = Bulk(self._client)
        with path.open("rb") as file:
            while data := file.read(CHUNK):
                digest.update(data)
                bulk.send([self._action(build, name, count, data)])
                count += 1
        bulk.finish()
        return {"name": name, "chunks": count, "sha256": digest.hexdigest()}

    def _action(self, build: str, name: str, number: int, data: bytes) -> Action:
        document = {"build": build, "data": base64.b64encode(data).decode("ascii")}
        return {"_op_type": "index", "_index": self._index, "_id": _id(build, name, number), "_source": document}

    def _chunk(self, build: str, name: str, number: int) -> bytes:
        with translated():
            try:
                found = self._client.get(index=self._index, id=_id(build, name, number))
            except NotFoundError:
                raise IndexDamagedError(tr("搜索集群里的文件 {name} 不完整", name=name)) from None
        return base64.b64decode(found["_source"]["data"])

    def _make_index(self) -> None:
        copies = {"auto_expand_replicas": self._copies} if "-" in self._copies else {"number_of_replicas": self._copies}
        properties = {
            "build": {"type": "keyword"},
            "layout": {"type": "integer"},
            "listing": {"type": "object", "enabled": False},
            "data": {"type": "keyword", "index": False, "doc_values": False},
        }
        body = {
            "settings": {"index": {**copies, "number_of_shards": 1}},
            "mappings": {"dynamic": "strict", "properties": properties},
        }
        with translated():
            try:
                self._client.indices.create(index=self._index, body=body)
            except RequestError as exc:
                if exc.error != _EXISTS:
                    raise

    def _remove_but(self, builds: list[str]) -> None:
        """Removes the files of all other builds; what cannot be removed now goes the next time."""
        query = {"bool": {"must_not": [{"terms": {"build": builds}}]}}
        with translated():
            bulk = Bulk(self._client)
            for known in self._ids(query):
                bulk.send([{"_op_type": "delete", "_index": self._index, "_id": known}])
            bulk.finish()

    def _ids(self, query: dict[str, Any]) -> Iterator[str]:
        body = {"query": query, "_source": False, "size": 10_000}
        for hit in self._client.search(index=self._index, body=body)["hits"]["hits"]:
            yield hit["_id"]


def _id(build: str, name: str, number: int) -> str:
    return hashlib.blake2b(f"{build}\n{name}\n{number}".encode(), digest_size=16).hexdigest()
