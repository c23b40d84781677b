"""The indices of a library in the cluster: made, switched, dropped; which version they are of, and in which state."""

from __future__ import annotations

from functools import partial
from typing import Any

from opensearchpy import OpenSearch

from searchapp.engines.opensearch.client import steadily, translated
from searchapp.engines.opensearch.layout import (
    LAYOUT_VERSION,
    Names,
    Pointer,
    blocks_body,
    check_layout,
    reports_body,
    version_of,
)
from searchapp.engines.opensearch.settings import OpensearchSettings
from searchapp.errors import EngineUnavailableError, IndexDamagedError
from searchapp.language import tr
from searchapp.search.schema import SCHEMA_VERSION

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
