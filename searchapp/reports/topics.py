"""栏目: what a block is about, told by its headings. Applies the topic table; knows headings only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from searchapp.reports.model import TopicCue
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.tables import topic_table

MAX_TOPICS = 3
_BLANK = "\x00"


@lru_cache(maxsize=8192)
def heading_topics(heading: str, kind: str) -> tuple[TopicCue, ...]:
    """Up to three topics that a heading names, by the table for this kind of report; longest cue first.

    Where cues overlap the longest wins, so that a short cue inside a longer one of another topic does not count.
    """
    table = topic_table(kind)
    # Headings are often set with spaces between the characters: 名 词 解 释.
    heading = squeeze(heading)
    text = table.not_cues.sub(lambda found: _BLANK * len(found[0]), heading)
    candidates = sorted(
        (-len(found[0]), found.start(), found.end(), topic, heading[found.start() : found.end()])
        for topic, pattern in table.topics
        for found in pattern.finditer(text)
    )
    taken: list[tuple[int, int]] = []
    topics: dict[str, TopicCue] = {}
    for _, start, end, topic, cue in candidates:
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        topics.setdefault(topic, TopicCue(topic, cue))
    return tuple(topics.values())[:MAX_TOPICS]


def path_topics(headings: Sequence[str], kind: str) -> tuple[TopicCue, ...]:
    """Topics of the innermost heading that has any; none at all is 未归类, never a guess."""
    for heading in reversed(headings):
        topics = heading_topics(heading, kind)
        if topics:
            return topics
    return ()
