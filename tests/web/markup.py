"""A page as tests look at it: elements with their attributes and text, parsed by the standard library."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"col", "meta", "link", "input", "br", "img", "hr"})


@dataclass
class Element:
    """An element of a page; ``text`` is all the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """``elements`` in order of their start tags. Raises ``AssertionError`` for tags that do not nest."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert not self._open, f"left open: {[each.tag for each in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        path = tuple(each.tag for each in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, inside=path)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes {[each.tag for each in self._open]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def foreign_scripts(self) -> list[Element]:
        """Scripts besides the site's own modules: there is never one."""
        scripts = self.all("script")
        return [each for each in scripts if each.text or not each.attributes.get("src", "").startswith("/static/js/")]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements with this tag whose attributes have these values (``class_``: among its classes)."""
        return [each for each in self.elements if each.tag == tag and _fits(each, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} x <{tag} {attributes}>"
        return found[0]

    def link(self, text: str) -> str:
        """The address of the first link with ``text`` in it."""
        return next(each.attributes["href"] for each in self.elements if each.tag == "a" and text in each.text)


def _fits(element: Element, attributes: dict[str, str]) -> bool:
    for name, value in attributes.items():
        if name == "class_":
            if value not in element.attributes.get("class", "").split():
                return False
        elif element.attributes.get(name) != value:
            return False
    return True


FOREIGN_SCRIPT = re.compile(r'<script(?! type="module" src="/static/js/[a-z]+\.js"></script>)', re.IGNORECASE)
"""The beginning of a script that is none of the site's own modules."""
