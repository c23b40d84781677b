"""A passage asked for by its address, with its citation: what the API and the command line answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.errors import ParameterError
from searchapp.language import tr
from searchapp.reports.model import Item, Span
from searchapp.search.result import LocatedBlock
from searchapp.services.addresses import located_url
from searchapp.services.citation.cite import Citation, cite
from searchapp.services.citation.passages import Passage, passage_around
from searchapp.services.library import Library
from searchapp.services.payloads.listings import CitedJson
from searchapp.services.payloads.shape import shaped


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage with its source; ``span`` is where it stands in the block's text, ``items`` are those it touches.

    ``moved``: the paragraph asked for is gone and this is the nearest that is left, whole.
    """

    located: LocatedBlock
    span: Span
    items: tuple[Item, ...]
    citation: Citation
    moved: bool

    @property
    def text(self) -> str:
        """The passage as written."""
        return self.located.block.text[slice(*self.span)]


def span_of(start: int | None, end: int | None) -> Span | None:
    """The stretch that two parameters name; ``None`` for neither.

    Raises ``ParameterError`` for one without the other.
    """
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise ParameterError("start" if start is None else "end", tr("start 和 end 要一起给，或都不给。"))
    return start, end


def cited(
    library: Library,
    paragraph_id: str,
    found: Span | None = None,
    address: Callable[[str], str] | None = None,
    today: datetime.date | None = None,
) -> Cited:
    """The passage around the stretch ``found`` of a paragraph, or all of it, with its citation.

    ``address`` gives the whole address of a paragraph id. Raises ``NotFoundError``, and ``ParameterError`` for a place
    that the paragraph does not have.
    """
    location = library.locate(paragraph_id)
    located = location.located
    text = located.block.text
    passage = Passage((0, len(text)))
    if location.moved:
        found = None
    if found is not None:
        if not 0 <= found[0] <= found[1] <= len(text):
            raise ParameterError(
                "end", tr("起止不对：这一段有 {count} 字，要 0 ≤ start ≤ end ≤ {count}。", count=len(text))
            )
        passage = passage_around(located.block, found)
    url = None if address is None else address(located.paragraph_id)
    return Cited(located, passage.span, passage.items, cite(located, found, url, today), location.moved)


def cited_json(build: str, found: Cited) -> CitedJson:
    """A cited passage; ``span`` in code points of the block's text, end-exclusive."""
    located = found.located
    items = [item.mark for item in found.items]
    return shaped(
        CitedJson, found, build=build, paragraph_id=located.paragraph_id, items=items, url=located_url(located)
    )
