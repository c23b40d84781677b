"""The indices of a library in the cluster: names, fields, settings, versions, states, and a build's pointer to them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch

from searchapp.engines.opensearch.client import OpensearchSettings, steadily, translated
from searchapp.errors import EngineUnavailableError, IndexDamagedError, IndexVersionError
from searchapp.fields import FIELDS
from searchapp.language import tr
from searchapp.search.schema import FILTER_NAMES, SCHEMA_VERSION

_REFRESH_SECONDS = 120
_COPIES_SECONDS = 15
"""How long the copies of a new index may take to be there; it is written to without those that are not."""


class Indices:
    """All versions of the indices of one library."""

    def __init__(self, client: OpenSearch, settings: OpensearchSettings) -> None:
        self.client = client
        self._settings = settings

    def create(self) -> Names:
        """Makes the indices of the next version, empty, with all copies that the cluster has room for.

        Before its second copy is there, a node that goes takes a shard with it, and writing waits until it is back.
        """
        prefix = self._settings.prefix
        names = Names(prefix, max(self._versions(), default=0) + 1)
        meta = _meta("", changing=True)
        waiting = {
            "wait_for_active_shards": "all",
            "timeout": f"{_COPIES_SECONDS}s",
            "request_timeout": 4 * _COPIES_SECONDS,
        }
        with translated():
            self.client.indices.create(index=names.blocks, body=blocks_body(self._settings, meta), params=dict(waiting))
            self.client.indices.create(
                index=names.reports, body=reports_body(self._settings, meta), params=dict(waiting)
            )
        return names

    def pointer(self, names: Names, generation: str) -> Pointer:
        """What a build folder is to hold."""
        return Pointer(names.prefix, names.version, generation, self._settings.urls)

    def refresh(self, names: Names) -> None:
        """Makes visible what was written, in every copy."""

        def refreshed() -> None:
            with translated():
                answer = self.client.indices.refresh(
                    index=f"{names.blocks},{names.reports}", params={"request_timeout": _REFRESH_SECONDS}
                )
            if answer["_shards"]["failed"]:
                raise EngineUnavailableError(tr("搜索集群有分片没有写完；索引没有换成新的"))

        steadily(refreshed)

    def check(self, names: Names, reports: int, blocks: int) -> None:
        """Raises ``EngineUnavailableError`` unless the indices hold so many documents."""
        found = [steadily(partial(self._count, index)) for index in (names.reports, names.blocks)]
        if found != [reports, blocks]:
            raise EngineUnavailableError(
                tr(
                    "搜索集群里应有 {reports} 篇 {blocks} 段，实有 {reports_found} 篇 {blocks_found} 段",
                    reports=reports,
                    blocks=blocks,
                    reports_found=found[0],
                    blocks_found=found[1],
                )
            )

    def mark(self, names: Names, generation: str, changing: bool) -> None:
        """Says in which state the indices are."""

        def marked() -> None:
            with translated():
                self.client.indices.put_mapping(index=names.reports, body={"_meta": _meta(generation, changing)})

        steadily(marked)

    def check_readable(self, pointer: Pointer) -> None:
        """Raises ``IndexDamagedError`` or ``IndexVersionError``."""
        check_layout(self._state(pointer)["layout"])

    def check_state(self, pointer: Pointer) -> None:
        """Raises ``IndexDamagedError`` too when the indices are not as the build left them."""
        state = self._state(pointer)
        check_layout(state["layout"])
        if state["changing"] or state["generation"] != pointer.generation:
            raise IndexDamagedError(tr("搜索集群里的索引上次没有更新完，或被别的进程改过"))

    def switch(self, names: Names) -> None:
        """Lets the aliases lead to ``names``, both at once, and drops versions but this one and the one before."""
        before = steadily(self._aliased)
        steadily(lambda: self._switch(names, before))
        for version in steadily(self._versions):
            if version not in {names.version, before}:
                self.drop(Names(self._settings.prefix, version))

    def _switch(self, names: Names, before: int | None) -> None:
        prefix = self._settings.prefix
        aliases = {f"{prefix}-blocks": names.blocks, f"{prefix}-reports": names.reports}
        with translated():
            actions: list[dict[str, Any]] = []
            for alias, index in aliases.items():
                actions.append({"remove": {"index": f"{index.rpartition('-v')[0]}-v*", "alias": alias}})
                actions.append({"add": {"index": index, "alias": alias}})
            self.client.indices.update_aliases(body={"actions": actions if before else actions[1::2]})

    def drop(self, names: Names) -> None:
        """Removes the indices of a version."""
        with translated():
            for index in (names.blocks, names.reports):
                self.client.indices.delete(index=index, params={"ignore_unavailable": "true"})

    def _state(self, pointer: Pointer) -> dict[str, Any]:
        with translated():
            found = self.client.indices.get_mapping(index=pointer.names.reports)
        meta = found[pointer.names.reports]["mappings"].get("_meta", {})
        try:
            return {name: meta[name] for name in ("layout", "generation", "changing")}
        except KeyError as exc:
            raise IndexDamagedError(tr("搜索集群里的索引不是 searchapp 建的")) from exc

    def _count(self, index: str) -> int:
        with translated():
            answer = self.client.count(index=index)
        if answer["_shards"]["successful"] < answer["_shards"]["total"]:
            raise EngineUnavailableError(tr("搜索集群有分片没有回答；索引没有换成新的"))
        count: int = answer["count"]
        return count

    def _versions(self) -> list[int]:
        prefix = self._settings.prefix
        with translated():
            found = self.client.indices.get(
                index=f"{prefix}-blocks-v*,{prefix}-reports-v*", params={"filter_path": "*.aliases"}
            )
        return sorted({version for name in found if (version := version_of(name, prefix)) is not None})

    def _aliased(self) -> int | None:
        prefix = self._settings.prefix
        with translated():
            found = self.client.indices.get_alias(index=f"{prefix}-blocks-v*")
        versions = [version_of(name, prefix) for name, told in found.items() if f"{prefix}-blocks" in told["aliases"]]
        return max((version for version in versions if version is not None), default=None)


def _meta(generation: str, changing: bool) -> dict[str, Any]:
    return {
        "layout": LAYOUT_VERSION,
        "schema": SCHEMA_VERSION,
        "generation": generation,
        "changing": changing,
        "made_by": "searchapp",
    }


LAYOUT_VERSION = 1
"""Raise it whenever what the indices hold, or how, changes: older ones are then refused with a clear message."""

POINTER_FILE = "opensearch.json"
NAME_FIELDS = tuple(field.name for field in FIELDS if field.is_queried and field.type == "text")
"""Fields of the query language that match as substrings; characters as tokens, like the text."""

MAX_TERMS = 1 << 20
_VERSION = re.compile(r"-(?:blocks|reports)-v([0-9]+)")


@dataclass(frozen=True, slots=True)
class Names:
    """The indices of version ``version`` of the library ``prefix``."""

    prefix: str
    version: int

    @property
    def blocks(self) -> str:
        """The index of blocks."""
        return f"{self.prefix}-blocks-v{self.version}"

    @property
    def reports(self) -> str:
        """The index of reports."""
        return f"{self.prefix}-reports-v{self.version}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the build folder holds of a build: where in the cluster it is, and in which state of it.

    ``generation`` is another one after every change; an index whose generation differs has been changed since.
    ``urls``: the cluster, for who is not told otherwise; they hold no user names.
    """

    prefix: str
    version: int
    generation: str
    urls: tuple[str, ...] = ()
    layout: int = LAYOUT_VERSION

    @property
    def names(self) -> Names:
        """The indices."""
        return Names(self.prefix, self.version)


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Writes the pointer of the build in ``folder``."""
    (folder / POINTER_FILE).write_text(json.dumps(asdict(pointer)), encoding="utf-8")


def read_pointer(folder: Path) -> Pointer:
    """Raises ``IndexDamagedError`` or ``IndexVersionError``."""
    try:
        data = json.loads((folder / POINTER_FILE).read_text(encoding="utf-8"))
        check_layout(data["layout"])
        return Pointer(str(data["prefix"]), int(data["version"]), str(data["generation"]), tuple(data["urls"]))
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError(tr("索引里指向搜索集群的文件缺失或损坏")) from exc


def check_layout(layout: object) -> None:
    """Raises ``IndexVersionError`` for indices that another version of searchapp has made."""
    if layout != LAYOUT_VERSION:
        raise IndexVersionError(
            tr("搜索集群里的索引是另一版本的 searchapp 建的。请重建：searchapp index --rebuild 报告文件夹")
        )


def version_of(index: str, prefix: str) -> int | None:
    """The version of an index of the library ``prefix``; ``None`` for any other index."""
    if not index.startswith(prefix):
        return None
    match = _VERSION.fullmatch(index[len(prefix) :])
    return int(match.group(1)) if match else None


def blocks_body(settings: OpensearchSettings, meta: dict[str, Any]) -> dict[str, Any]:
    """The index of blocks, one document for each.

    ``chars`` and ``blind``: every normalized character (without punctuation in ``blind``) is a token; a kept space is
    one as well. ``words``, ``heading_words``, ``title_words``: jieba words. All are cut in Python, spaces between.
    ``block`` is the block as written, ``text`` a column of normalized texts. Sorted by place, so that walks in document
    order stop early.
    """
    keyword = {"type": "keyword"}
    unindexed = {"type": "keyword", "index": False}
    chars = {"type": "text", "analyzer": "whitespace"}
    names = {"type": "text", "analyzer": "whitespace", "norms": False}
    properties: dict[str, Any] = {
        "block": {"type": "keyword", "index": False, "doc_values": False},
        "pid": unindexed,
        "report": keyword,
        "order": {"type": "long"},
        "position": {"type": "integer"},
        "block_kind": keyword,
        "chars": chars,
        "blind": chars,
        "words": chars,
        "heading_words": chars,
        "title_words": chars,
        "text": {"type": "binary", "doc_values": True},
        "fold": keyword,
        "organ": keyword,
        "then": keyword,
        "years": {"type": "integer"},
        "newest": {"type": "integer", "index": False},
        "oldest": {"type": "integer", "index": False},
        "review_years": {"type": "integer"},
        "plan_years": {"type": "integer"},
        **{f"filter_{name}": keyword for name in FILTER_NAMES},
        **{f"name_{name}": names for name in NAME_FIELDS},
    }
    derived = ["chars", "blind", *(f"name_{name}" for name in NAME_FIELDS), "text"]
    return {
        "settings": {
            "index": {
                **_shared_settings(settings),
                "number_of_shards": settings.shards,
                "max_terms_count": MAX_TERMS,
                "sort.field": ["order", "position"],
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            "_routing": {"required": True},
            "_source": {"excludes": derived},
            "properties": properties,
        },
    }


def reports_body(settings: OpensearchSettings, meta: dict[str, Any]) -> dict[str, Any]:
    """The index of reports: their heads (``head``), the keys of their blocks, and what is summed up over them."""
    keyword = {"type": "keyword"}
    unsearched = {"type": "keyword", "index": False, "doc_values": False}
    number = {"type": "long"}
    properties = {
        "report": keyword,
        "order": number,
        "head": unsearched,
        "keys": unsearched,
        "unit": keyword,
        "then": keyword,
        "organ": keyword,
        "unit_type": keyword,
        "years": {"type": "integer"},
        "blocks": number,
        "paragraphs": number,
        "characters": number,
    }
    return {
        "settings": {"index": {**_shared_settings(settings), "number_of_shards": 1}},
        "mappings": {"dynamic": "strict", "_meta": meta, "properties": properties},
    }


def _shared_settings(settings: OpensearchSettings) -> dict[str, Any]:
    """Nothing that is written can be seen before a refresh is asked for, at the end of a run."""
    copies = {"auto_expand_replicas": settings.replicas} if "-" in settings.replicas else {}
    fixed = {} if copies else {"number_of_replicas": int(settings.replicas)}
    return {**copies, **fixed, "refresh_interval": "-1"}
