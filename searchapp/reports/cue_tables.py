"""The editable tables of ``cues/``, read once and compiled, and the fingerprint of reading that depends on them.

Knows the tables' format, not how they are applied.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class PartCues:
    """The cues of one part (部分); parts come in order of strength."""

    name: str
    heading: re.Pattern[str]
    text: str
    sentence_start: str
    closing: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PartTable:
    """All parts, the words that are never cues, and how a paragraph begins that ends a row of headings."""

    not_cues: re.Pattern[str]
    breaks: re.Pattern[str]
    parts: tuple[PartCues, ...]


@dataclass(frozen=True, slots=True)
class TopicTable:
    """Topics (栏目) of one sort of report, each with its pattern.

    ``any_topic`` matches where one of them does. ``reads_openings`` tells that a paragraph's first sentence counts like
    a heading.
    """

    not_cues: re.Pattern[str]
    topics: tuple[tuple[str, re.Pattern[str]], ...]
    any_topic: re.Pattern[str]
    reads_openings: bool


@dataclass(frozen=True, slots=True)
class OrganTable:
    """How names of organs end and what may stand around them."""

    ending: re.Pattern[str]
    body_suffixes: tuple[str, ...]
    posts: tuple[str, ...]
    matter: re.Pattern[str]
    lead_words: re.Pattern[str]


def _read_table(name: str) -> dict[str, Any]:
    text = (resources.files("searchapp.reports.cues") / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def part_table() -> PartTable:
    """The parts of ``parts.toml``."""
    table = _read_table("parts.toml")
    parts = tuple(
        PartCues(
            name=part["name"],
            heading=re.compile(part.get("heading", _NEVER)),
            text=part.get("text", ""),
            sentence_start=part.get("sentence_start", ""),
            closing=re.compile(part.get("closing", _NEVER), re.DOTALL),
        )
        for part in table["part"]
    )
    return PartTable(re.compile("|".join(table["not_cues"])), re.compile(table["break"]), parts)


@cache
def topic_table(kind: str) -> TopicTable:
    """The topics of ``topics.toml`` for reports of this kind (文种)."""
    table = _read_table("topics.toml")
    sort = "government" if kind in table["government_kinds"] else "party"
    topics = tuple((name, re.compile(pattern)) for name, pattern in table[sort].items())
    any_topic = re.compile("|".join(pattern.pattern for _, pattern in topics))
    return TopicTable(re.compile("|".join(table["not_cues"])), topics, any_topic, sort == "government")


@cache
def organ_table() -> OrganTable:
    """The organs of ``unit_names.toml``."""
    table = _read_table("unit_names.toml")
    endings = sorted(table["endings"], key=len, reverse=True)
    return OrganTable(
        ending=re.compile(f"(?:{'|'.join(endings)})$"),
        body_suffixes=tuple(sorted(table["body_suffixes"], key=len, reverse=True)),
        posts=tuple(sorted(table["posts"], key=len, reverse=True)),
        matter=re.compile(table["matter"]),
        lead_words=re.compile(table["lead_words"]),
    )


@cache
def city_names() -> frozenset[str]:
    """Names of cities without 市."""
    return frozenset(_read_table("places.toml")["cities"].split())


@cache
def county_city_names() -> frozenset[str]:
    """Names of county-level cities without 市."""
    return frozenset(_read_table("places.toml")["county_cities"].split())


@cache
def province_names() -> tuple[str, ...]:
    """Full names of provinces, autonomous regions and municipalities."""
    return tuple(_read_table("places.toml")["provinces"].split())


@cache
def unit_type_table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The types of units of ``unit_types.toml``, in order."""
    return tuple((name, re.compile(pattern)) for name, pattern in _read_table("unit_types.toml")["types"].items())


@cache
def no_place_endings() -> tuple[str, ...]:
    """Endings of names that look like a place's and are an institution's (开发区)."""
    return tuple(_read_table("unit_types.toml")["not_places"]["endings"].split())


@cache
def no_place_words() -> frozenset[str]:
    """Whole words that look like the name of a place and are none (市区, 强县)."""
    return frozenset(_read_table("unit_types.toml")["not_places"]["words"].split())


READING_VERSION = 4
"""Raise it with every change of rules in this package that changes what is read out of a file."""


@functools.cache
def reading_fingerprint() -> str:
    """16 hexadecimal digits of rules' version and tables: another whenever a file could be understood otherwise."""
    digest = hashlib.blake2b(f"R{READING_VERSION}".encode(), digest_size=8)
    tables = resources.files("searchapp.reports.cues")
    for table in sorted(tables.iterdir(), key=lambda table: table.name):
        if table.name.endswith(".toml"):
            digest.update(table.name.encode() + table.read_bytes())
    return digest.hexdigest()
