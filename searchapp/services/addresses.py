"""Where a block stands on the site, below its root: its report's page, of a very long report the part that holds it."""

from __future__ import annotations

from urllib.parse import quote

from searchapp.search.result import LocatedBlock

PART_BLOCKS = 2_000
"""Blocks of one part of a report's page: about 600 kB."""


def anchor(key: str) -> str:
    """The fragment of a report page's address that leads to the block ``key``."""
    return f"p-{key}"


def part_of(position: int, blocks: int, size: int = PART_BLOCKS) -> int | None:
    """The number of the part that holds the block at ``position``; ``None`` when the report is one part."""
    return None if blocks <= size else min(max(0, position), blocks - 1) // size + 1


def block_url(report_id: str, key: str, position: int, blocks: int) -> str:
    """The address of the block ``key`` at ``position`` (from 0) of a report of so many ``blocks``."""
    part = part_of(position, blocks)
    asked = "" if part in (None, 1) else f"?part={part}"
    return f"/reports/{quote(report_id)}{asked}#{anchor(key)}"


def located_url(located: LocatedBlock) -> str:
    """The address of a block that has been looked up."""
    report = located.report
    return block_url(report.report_id, located.block.key, located.position, report.blocks)
