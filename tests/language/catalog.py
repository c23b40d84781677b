"""The messages that stand in code and templates, and the catalog that translates them.

``python -m tests.language.catalog`` brings the catalog up to date: new messages come in without a translation, those
that are gone go, and all stand in the order of their texts. docs/inside/translating.md.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from searchapp.language import catalog_file

CHECKOUT = Path(__file__).resolve().parents[2]
COUNTED = (1, 1)
"""A message that counts is its own plural in Chinese."""
IN_CONTEXT = ((1, "c"), 2)
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "tr": None,
    "trc": IN_CONTEXT,
    "_c": IN_CONTEXT,
    "later": None,
    "trn": COUNTED,
    "later_n": COUNTED,
    "_": None,
    "_m": None,
    "_n": COUNTED,
    "_mn": COUNTED,
}
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands in code; one that counts has a plural in other languages."""

    text: str
    counts: bool = False
    context: str | None = None


@functools.cache
def extracted() -> dict[Message, str]:
    """Every message, to where it first stands."""
    with (CHECKOUT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    found: dict[Message, str] = {}
    for name, line, texts, _, context in extract_from_dir(CHECKOUT, mapping, options, keywords=KEYWORDS):
        counts = isinstance(texts, tuple)
        found.setdefault(Message(texts[0] if counts else texts, counts, context), f"{name}:{line}")
    return found


def translated() -> Catalog:
    """The English catalog as it stands."""
    with catalog_file("en").open("rb") as file:
        return read_po(file, locale="en")


def written(known: Catalog, messages: Iterable[Message]) -> str:
    """The catalog of ``messages``, with what ``known`` translates of them."""
    catalog = Catalog(locale="en")
    for message in messages:
        entry = known.get(message.text, message.context)
        fits = entry is not None and bool(entry.pluralizable) == message.counts
        identity = (message.text, message.text) if message.counts else message.text
        catalog.add(identity, entry.string if entry is not None and fits else "", context=message.context)
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADER.items())
    entries = out.getvalue().decode().rstrip("\n")
    return f'# English texts of searchapp (docs/inside/translating.md).\nmsgid ""\nmsgstr ""\n{head}\n{entries}\n'


def translations(entry: Entry) -> tuple[str, ...]:
    """The translations of a message: one, or a singular and a plural."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def main() -> None:
    """Brings the catalog up to date, and says what is left to translate."""
    messages = extracted()
    file = catalog_file("en")
    file.write_text(written(translated(), messages), encoding="utf-8")
    for entry in translated():
        if entry.id and not all(translations(entry)):
            print(entry.id)


if __name__ == "__main__":
    main()
