"""The text of one Word paragraph as a reader sees it. Knows runs and what stands in them, nothing of blocks.

Read: text, insertions, hyperlinks, smart tags, content controls, results of fields, choices and ticks of form fields,
symbols, formulas as plain characters, marks of notes, WordArt. Left out: deletions, hidden text, field codes and what
is inside them, phonetic guides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from searchapp.reports.readers.docx.styles import Styles, hidden_by

LINE_BREAK = "\n"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATES, _CHOICE, _FALLBACK = (_COMPATIBILITY + name for name in ("AlternateContent", "Choice", "Fallback"))

_RUN, _VAL = qn("w:r"), qn("w:val")
_TEXTS = {qn("w:t"), _MATH + "t"}
_CHARACTERS = {
    # A tab is a gap to the reader; as a character it would be another kind of white space in every hit.
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:br"): LINE_BREAK,
    qn("w:cr"): LINE_BREAK,
    qn("w:noBreakHyphen"): "-",
}
_SYMBOL, _TEXT_BOX = qn("w:sym"), qn("w:txbxContent")
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
# Tab stops stand in the properties under the same tag as tab characters.
_SKIPPED = {
    qn(name)
    for name in ("w:pPr", "w:rPr", "w:sdtPr", "w:del", "w:moveFrom", "w:delText", "w:instrText", "w:rt", "w:softHyphen")
}
_CONTROL, _CONTROL_CONTENT = qn("w:sdt"), qn("w:sdtContent")
_TRANSPARENT = {qn(name) for name in ("w:customXml", "w:smartTag", "w:ins", "w:moveTo")}
_DELETED = {qn("w:del"), qn("w:moveFrom")}
# Boxes and ticks that forms are made of, in the fonts that have them; other symbols keep their code.
_SYMBOLS = {
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0x6C): "●",
    ("wingdings", 0x6E): "■",
    ("wingdings", 0x75): "◆",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0xA3): "□",
}
_PRIVATE_USE = 0xF000
_FIELD, _FIELD_PLACE = qn("w:fldChar"), qn("w:fldCharType")
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"


@dataclass(slots=True)
class Notes:
    """Notes in the order in which the text refers to them; footnotes and endnotes are numbered together."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    order: dict[tuple[str, str], int] = field(default_factory=dict)

    def mark(self, kind: str, identity: str) -> str:
        """The mark in the text (``［1］``), or nothing when there is no such note."""
        key = (kind, identity)
        if not self.texts.get(key):
            return ""
        return f"［{self.order.setdefault(key, len(self.order) + 1)}］"

    def lines(self) -> Iterator[str]:
        """One line a note, with its mark."""
        for key, number in self.order.items():
            yield f"［{number}］{self.texts[key]}"


@dataclass(slots=True)
class _Field:
    """A field that is open: where its code begins among the pieces, and what a form field shows."""

    start: int
    shown: str = ""
    has_result: bool = False


@dataclass(slots=True)
class ParagraphText:
    """The text of a paragraph (a soft break is ``LINE_BREAK``); text boxes and WordArt anchored in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    arts: list[str] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All pieces, in order."""
        return "".join(self.pieces)


def read_paragraph(paragraph: Any, styles: Styles, notes: Notes) -> ParagraphText:
    """What a reader sees of a ``w:p``, without its automatic number."""
    found = ParagraphText()
    _collect(paragraph, found, styles, notes, styles.find(paragraph.style).is_hidden)
    return found


def has_vanished(paragraph: Any) -> bool:
    """Whether the end of a paragraph is deleted or hidden, so that an empty one is not there at all."""
    mark = _end_mark(paragraph)
    return mark is not None and (has_lost_its_end(paragraph) or bool(hidden_by(mark)))


def has_lost_its_end(paragraph: Any) -> bool:
    """Whether the end of a paragraph is deleted or moved away, so that what is left of it belongs to the next one."""
    mark = _end_mark(paragraph)
    return mark is not None and any(mark.find(tag) is not None for tag in _DELETED)


def _end_mark(paragraph: Any) -> Any | None:
    properties = paragraph.pPr
    return None if properties is None else properties.find(qn("w:rPr"))


def visible_children(parent: Any) -> Iterator[Any]:
    """Children of a block, table or row, with what only wraps them taken off and deleted ones left out."""
    for child in parent:
        if child.tag == _CONTROL:
            for content in child.iterchildren(_CONTROL_CONTENT):
                yield from visible_children(content)
        elif child.tag in _TRANSPARENT:
            yield from visible_children(child)
        elif child.tag == _ALTERNATES:
            yield from visible_children(_alternative(child))
        elif child.tag not in _DELETED:
            yield child


def _alternative(alternates: Any) -> Any:
    """One of the versions that say the same: the first, which Word shows; the old one only when it stands alone."""
    for tag in (_CHOICE, _FALLBACK):
        found = alternates.find(tag)
        if found is not None:
            return found
    return ()


def _collect(element: Any, found: ParagraphText, styles: Styles, notes: Notes, hidden: bool) -> None:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == _RUN:
            _collect(child, found, styles, notes, _is_hidden(child, styles, hidden))
        elif tag == _FIELD:
            _turn_field(child, found)
        elif tag == _TEXT_BOX:
            found.boxes.append(child)
        elif tag == _WORD_ART:
            if art := " ".join(child.get("string", "").split()):
                found.arts.append(art)
        elif tag == _ALTERNATES:
            _collect(_alternative(child), found, styles, notes, hidden)
        elif (text := None if hidden else _text_of(child, notes)) is not None:
            found.pieces.append(text)
        else:
            _collect(child, found, styles, notes, hidden)


def _turn_field(mark: Any, found: ParagraphText) -> None:
    """Drops what stands in the code of a field, results of fields in it too, once it is known to be code."""
    place = mark.get(_FIELD_PLACE)
    if place == "begin":
        found.fields.append(_Field(len(found.pieces), _form_field(mark)))
    elif found.fields and place == "separate":
        del found.pieces[found.fields[-1].start :]
        found.fields[-1].has_result = True
    elif found.fields and place == "end":
        closed = found.fields.pop()
        if not closed.has_result:
            del found.pieces[closed.start :]
            found.pieces.append(closed.shown)


def _form_field(mark: Any) -> str:
    """The chosen entry of a drop-down list or the tick of a box; other fields show their result."""
    box = next(mark.iter(qn("w:checkBox")), None)
    if box is not None:
        state = box.find(qn("w:checked"))
        state = box.find(qn("w:default")) if state is None else state
        return "☑" if state is not None and state.get(_VAL, "1") not in ("0", "false", "off") else "□"
    entries = [each.get(_VAL, "") for each in mark.iter(qn("w:listEntry"))]
    chosen = next((each.get(_VAL, "") for each in mark.iter(qn("w:result"))), "0")
    return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""


def _text_of(element: Any, notes: Notes) -> str | None:
    """The characters an element stands for, or None when they stand in its children."""
    tag = element.tag
    if tag in _TEXTS:
        return element.text or ""
    if tag in _CHARACTERS:
        return _CHARACTERS[tag]
    if tag == _SYMBOL:
        return _symbol(element)
    if tag in _NOTES:
        return notes.mark(_NOTES[tag], element.get(qn("w:id"), ""))
    return None


def _is_hidden(run: Any, styles: Styles, inherited: bool) -> bool:
    properties = run.find(qn("w:rPr"))
    own = hidden_by(properties)
    if own is not None:
        return own
    style = None if properties is None else properties.find(qn("w:rStyle"))
    return inherited or (style is not None and styles.is_hidden_run(style.get(_VAL, "")))


def _symbol(element: Any) -> str:
    try:
        code = int(element.get(qn("w:char"), ""), 16)
        character = chr(code)
    except (ValueError, OverflowError):
        return ""
    font = str(element.get(qn("w:font"), "")).strip().lower()
    known = _SYMBOLS.get((font, code - _PRIVATE_USE if code >= _PRIVATE_USE else code))
    return known or ("" if 0xD800 <= code <= 0xDFFF else character)
