"""The indices of a library: their names, fields and settings, and the file of a build that points to them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from searchapp.engines.opensearch.settings import OpensearchSettings
from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.language import tr
from searchapp.search.schema import FILTER_NAMES

LAYOUT_VERSION = 1
"""Raise it whenever what the indices hold, or how, changes: older ones are then refused with a clear message."""

POINTER_FILE = "opensearch.json"
NAME_FIELDS = (
    *("unit", "department", "place", "level", "addressee"),
    *("section", "part", "kind", "heading", "title"),
)
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
        "vocabulary": unindexed,
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
    derived = ["chars", "blind", *(f"name_{name}" for name in NAME_FIELDS), "vocabulary", "text"]
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
