"""栏目: what a block is about, told by its headings and by how it opens. Applies the topic table; knows one block.

Order (READING 2): the paragraph's own topic sentence, then the headings from the innermost out, then, where none of
these names a topic, the first words of the paragraph: old government reports have hardly any headings, and their
paragraphs say with their first words what they are about. A topic sentence may be longer than the 领句 that ``小标题:``
searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from searchapp.reports.cue_tables import topic_table
from searchapp.reports.model import Block, TopicCue
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.structure.list_items import MAX_LEAD_CHARACTERS, MIN_LEAD_CHARACTERS
from searchapp.reports.structure.marks import without_marks
from searchapp.text.punctuation import CLAUSE_ENDS, FULL_STOPS

MAX_TOPICS = 3
MAX_TOPIC_SENTENCE_CHARACTERS = 30
MAX_OPENING_CHARACTERS = 40
"""How much of a paragraph's first sentence may name its topic when no heading does."""

_SILENT_PARTS = frozenset({"开头", "结束语", "目标要求", "存在问题"})
_ADDRESS = re.compile(
    r"(?:\s|各位代表|同志们|[！!，,：:、—－-]|(?:这)?[一二两三五几十]{1,2}年(?:以)?来|过去(?:的)?[一五]年|今年(?:以来)?|(?:19|20)\d\d年"
    r"|同时|此外|我们|第[一二三四五六七八九十]{1,2}[、，]|其[一二三四五]、)*"
)
_GENERAL = re.compile(
    r".{0,6}是.{0,40}(?:年|时期|阶段)|(?:当前|面对|在.{0,16}领导下|展望|回顾|做好今年|全面完成|实现(?:上述|今年|这些))"
)
"""How a paragraph opens that speaks of the whole: what its first words name is an occasion, no topic."""
_CLAUSE = re.compile(
    rf"(?!随着|为|根据|按照|面对|由于|经过|由)[^，,]{{{MIN_LEAD_CHARACTERS},{MAX_LEAD_CHARACTERS}}}(?=[，,])"
)
_SENTENCE_END = re.compile(f"[{CLAUSE_ENDS}]")
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
    if not table.any_topic.search(text):
        return ()
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


def path_topics(headings: Iterable[str], kind: str) -> tuple[TopicCue, ...]:
    """Topics of the innermost heading that has any; none at all is 未归类, never a guess."""
    for heading in reversed(tuple(headings)):
        topics = heading_topics(heading, kind)
        if topics:
            return topics
    return ()


def block_topics(block: Block, kind: str) -> tuple[TopicCue, ...]:
    """The topics of a block (its own ``topics`` are not looked at) in a report of this kind."""
    own = without_marks(block.text[slice(*block.lead)]) if block.lead else ""
    if block.kind == "heading":
        own = without_marks(block.text)
    table = topic_table(kind)
    if block.kind != "paragraph" or not table.reads_openings:
        return path_topics([*block.headings, own], kind)
    part = block.parts[0].part if block.parts else ""
    if part == "结束语":
        return ()
    opening, is_sentence = _opening(block)
    is_general = _GENERAL.match(opening) is not None
    if is_general:
        own = ""
    elif not own and not block.run_in:
        own = _topic_sentence(opening, is_sentence)
    topics = path_topics([*block.headings, own], kind)
    if topics or part in _SILENT_PARTS or is_general:
        return topics
    return _first_topic(opening, kind)


def with_topics(block: Block, kind: str) -> Block:
    """The block with the topics that it has in a report of this kind."""
    topics = block_topics(block, kind)
    return block if topics == block.topics else replace(block, topics=topics)


def _opening(block: Block) -> tuple[str, bool]:
    """The first words of a paragraph after its run-in heading and its address, and whether they are a sentence."""
    start = block.run_in[1] if block.run_in else 0
    text = without_marks(block.text[start : start + 2 * MAX_OPENING_CHARACTERS]).lstrip(FULL_STOPS)
    found = _ADDRESS.match(text)
    text = text[found.end() :] if found else text
    stop = _SENTENCE_END.search(text, 0, MAX_OPENING_CHARACTERS)
    return (text[: stop.start()], True) if stop else (text[:MAX_OPENING_CHARACTERS], False)


def _topic_sentence(opening: str, is_sentence: bool) -> str:
    """The first sentence when it is short, else its first clause when that is; empty when neither."""
    if is_sentence and len(opening) <= MAX_TOPIC_SENTENCE_CHARACTERS:
        return opening
    found = _CLAUSE.match(opening)
    return found[0] if found else ""


def _first_topic(opening: str, kind: str) -> tuple[TopicCue, ...]:
    """The topic of the first cue in the opening: further cues are mostly means and ends."""
    topics = heading_topics(opening, kind)
    return tuple(sorted(topics, key=lambda topic: squeeze(opening).find(topic.cue)))[:1]
