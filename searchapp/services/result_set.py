"""The whole of what a search finds, not a page of it: what is asked for, once its own parameters are set apart.

Exports, concordances and lists of headings take the parameters of a search and a few of their own; both are read here,
so that every door counts the same hits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from searchapp.errors import ParameterError
from searchapp.language import listed, tr
from searchapp.query import Diagnostic
from searchapp.query.synonyms import with_synonyms
from searchapp.search.compiled_query import CompiledQuery
from searchapp.search.params import Parameters, parse_request, printable, values_of
from searchapp.search.request import SearchRequest
from searchapp.search.schema import spoken
from searchapp.services.library import Library

VIEW_NAMES = frozenset({"view", "width", "depth"})
"""Parameters of the views of a search, which a page has and the search itself has not."""

OWN_NAMES = VIEW_NAMES | {"format", "build"}
"""All parameters that a search does not have."""

Chosen = TypeVar("Chosen")


@dataclass(frozen=True, slots=True)
class WholeRequest:
    """``query`` as typed; ``request`` as searched, with synonyms, and its query ``compiled``."""

    query: str
    request: SearchRequest
    compiled: CompiledQuery
    diagnostics: tuple[Diagnostic, ...]


def whole_request(library: Library, params: Parameters, *apart: str) -> WholeRequest:
    """What ``params`` ask for, without :data:`OWN_NAMES` and ``apart``. Raises ``RequestError``."""
    kept = {name: values for name, values in params.items() if name not in OWN_NAMES and name not in apart}
    parsed = parse_request(kept)
    query = with_synonyms(parsed.request.query, library.synonyms)[0] if parsed.synonyms else parsed.request.query
    # Explanations are of pages; folding and groups are ways of showing: none of them changes what is found.
    request = replace(parsed.request, query=query, explain=False, fold=False, group=None)
    return WholeRequest(parsed.query, request, CompiledQuery.of(request, library.analyzer.words), parsed.diagnostics)


def value_of(params: Parameters, name: str) -> str:
    """The last value given for ``name``; empty when there is none."""
    return next(iter(reversed(values_of(params, name))), "").strip()


def lists_fillers(params: Parameters) -> bool:
    """Whether what stands in gaps is asked for, which is looked for in the text of every hit."""
    return value_of(params, "fillers") not in ("", "false", "0")


def choice_of(params: Parameters, name: str, choices: Mapping[str, Chosen]) -> Chosen:
    """What the value given for ``name`` stands for; the first of ``choices`` when none is. ``ParameterError``."""
    value = value_of(params, name) or next(iter(choices))
    if value not in choices:
        raise ParameterError(
            name,
            tr(
                "{name}没有“{value}”这个值；可用：{choices}。",
                name=spoken(name),
                value=printable(value),
                choices=listed(choices),
            ),
        )
    return choices[value]


def number_of(params: Parameters, name: str, default: int, most: int) -> int:
    """The whole number from 1 to ``most`` given for ``name``. Raises ``ParameterError``."""
    text = value_of(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ParameterError(
            name,
            tr("{name}应是 1 到 {most} 的整数，现在是“{text}”。", name=spoken(name), most=most, text=printable(text)),
        )
    return int(text)
