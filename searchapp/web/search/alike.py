"""Blocks that are nearly a hit's copies, folded into it: how many, and a search that shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from searchapp.reports.model import Block
from searchapp.search.result import Hit
from searchapp.web import labels
from searchapp.web.links import search_url
from searchapp.web.state import SearchState

LEAST_CHARACTERS = 8
"""A shorter wording stands in many blocks that are not alike."""
MOST_CHARACTERS = 60

# What may differ between them (searchapp.search.near_duplicates), and what has a meaning inside a phrase.
_BETWEEN = re.compile(r"[\d×xX○□△◯\"＂*＊{}｛｝\\\n]+")
_EDGES = "，。；：、！？…,.;:!? 　"


@dataclass(frozen=True, slots=True)
class Alike:
    """``url``: the search that shows them; ``None`` when their wording is too short to look for."""

    count: str
    url: str | None


def alike(hit: Hit, state: SearchState) -> Alike | None:
    """Those folded into ``hit``; the filters of ``state`` stay. ``None`` when there are none."""
    if not hit.alike:
        return None
    wording = common_wording(hit.located.block)
    url = None
    if len(wording) >= LEAST_CHARACTERS:
        unfolded = state.without("fold").without("group").without("match")
        url = search_url(unfolded.replacing("q", f'"{wording}"').replacing("punct", "ignore"))
    return Alike(labels.number(hit.alike), url)


def common_wording(block: Block) -> str:
    """The beginning of the longest stretch of ``block`` that all blocks alike have but for punctuation."""
    text = block.text
    for start, end in block.marks:
        text = text[:start] + "\n" * (end - start) + text[end:]
    stretches = [stretch.strip(_EDGES) for stretch in _BETWEEN.split(text)]
    return max(stretches, key=len)[:MOST_CHARACTERS]
