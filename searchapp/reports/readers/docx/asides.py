"""What a Word file holds beside its text: headers, footers, comments, and what cannot be read. Knows parts only.

Headers and footers repeat on every page and comments are remarks on the text; they are accounted for as furniture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

_EDGES = (qn("w:headerReference"), qn("w:footerReference"))
_UNREAD = ("/chart", "/diagramData", "/oleObject", "/package")


def part_root(document: Any, relation: str) -> Any | None:
    """The XML of a part of the document, or None."""
    try:
        return _root(document.part.part_related_by(relation))
    except KeyError:
        return None


def aside_roots(document: Any) -> Iterator[Any]:
    """Elements that hold paragraphs: headers and footers in the order of their sections, each once; then comments."""
    seen: set[str] = set()
    for reference in document.element.body.iter(*_EDGES):
        part = document.part.related_parts.get(reference.get(qn("r:id"), ""))
        if part is not None and str(part.partname) not in seen:
            seen.add(str(part.partname))
            yield _root(part)
    comments = part_root(document, RELATIONSHIP_TYPE.COMMENTS)
    yield from () if comments is None else comments.iterchildren(qn("w:comment"))


def unread_objects(document: Any) -> int:
    """How many charts, diagrams (SmartArt) and embedded objects the document has; what they show is not read."""
    return sum(relation.reltype.endswith(_UNREAD) for relation in document.part.rels.values())


def _root(part: Any) -> Any:
    """Parts that python-docx has no class for are parsed by its parser."""
    root = getattr(part, "element", None)
    return parse_xml(part.blob) if root is None else root
