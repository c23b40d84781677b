"""The state of a search: its parameters in one canonical form. Every link of the results page is such a state.

Knows the names of parameters and which of them hold one value; must not know what they mean to an engine. A state never
changes: each change gives a new one, and each state has its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from searchapp.search.request import DEFAULT_PER_PAGE
from searchapp.search.schema import EXCLUSION_PREFIX, FILTER_NAMES, FacetField
from searchapp.services.concordance import DEFAULT_WIDTH
from searchapp.services.headings import MAX_DEPTH

EXCLUSION_NAMES = tuple(EXCLUSION_PREFIX + name for name in FILTER_NAMES)
NARROWING_NAMES: tuple[str, ...] = (*FILTER_NAMES, *EXCLUSION_NAMES, "year_from", "year_to", "block")
"""The parameters that narrow or move what is searched, besides the query itself."""

_DEFAULTS = {
    "match": "all",
    "punct": "exact",
    "synonyms": "false",
    "fillers": "false",
    "names": "now",
    "group": "none",
    "fold": "false",
    "explain": "false",
    "sort": "relevance",
    "page": "1",
    "per_page": str(DEFAULT_PER_PAGE),
    "view": "blocks",
    "width": str(DEFAULT_WIDTH),
    "depth": str(MAX_DEPTH),
}
"""What the parameters of one value mean when they are not given; such values are left out of addresses."""

_NAMES = ("q", *NARROWING_NAMES, *_DEFAULTS)
_SINGLE = frozenset({"q", "year_from", "year_to", *_DEFAULTS})
_PLACE = {name: place for place, name in enumerate(_NAMES)}

_ESCAPED = re.compile(
    r"[^A-Za-z0-9_.~\-\u2010-\u2027\u3001-\u303e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uffee]+"
)
"""What an address escapes: all but letters, digits, and the signs of Chinese text that can be seen."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SearchState:
    """``pairs``: name and value of every parameter that says something, in canonical order. Make it by :meth:`of`."""

    pairs: Pairs = ()

    @classmethod
    def of(cls, params: Mapping[str, Sequence[str]]) -> SearchState:
        """The state that ``params`` mean, without unknown names, blanks, defaults and repeats; values sorted."""
        return cls(tuple((name, value) for name in _NAMES for value in _canonical(name, params.get(name, ()))))

    @property
    def query(self) -> str:
        """The query as typed."""
        return next(iter(self.values("q")), "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the query decides what is found."""
        return any(name in NARROWING_NAMES for name, _ in self.pairs)

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one parameter."""
        return tuple(value for known, value in self.pairs if known == name)

    def replacing(self, name: str, *values: str) -> SearchState:
        """With ``values`` in place of those of ``name``. All but a change of page leads back to the first page."""
        kept = [pair for pair in self.pairs if pair[0] not in (name, "page")]
        added = [(name, value) for value in _canonical(name, values)] if name in _PLACE else []
        return SearchState(tuple(sorted([*kept, *added], key=lambda pair: _PLACE[pair[0]])))

    def without(self, name: str, value: str | None = None) -> SearchState:
        """Without one value of ``name``, or without all of them."""
        left = () if value is None else tuple(kept for kept in self.values(name) if kept != value)
        return self.replacing(name, *left)

    def toggled(self, facet: FacetField, value: str) -> SearchState:
        """With ``value`` of ``facet`` chosen, or no longer chosen by any of the facet's filters."""
        if any(value in self.values(name) for name in facet.filters):
            state = self
            for name in facet.filters:
                state = state.without(name, value)
            return state
        return self.replacing(facet.name, *self.values(facet.name), value)

    def cleared(self) -> SearchState:
        """Without anything that narrows; query, order and page size stay."""
        return SearchState(tuple((name, value) for name, value in self.pairs if name not in (*NARROWING_NAMES, "page")))

    def fields(self, *but: str) -> Pairs:
        """The pairs a form carries along that sets the parameters ``but`` itself. A form leads to the first page."""
        return tuple((name, value) for name, value in self.pairs if name not in (*but, "page"))

    def url(self, path: str = "/search") -> str:
        """The address of this state, where ``path`` is that of the results page.

        Chinese stands in it as it is, which is a third of its escapes: for pages in UTF-8, whose readers' browsers
        escape it; what leaves by a header or in JSON is escaped there.
        """
        query = "&".join(f"{name}={_ESCAPED.sub(_escape, value)}" for name, value in self.pairs)
        return f"{path}?{query}" if query else path


def _escape(found: re.Match[str]) -> str:
    return quote_plus(found[0], errors="replace")


def _canonical(name: str, values: Sequence[str]) -> Iterable[str]:
    if name == "q":
        return [value for value in values[-1:] if value.strip()]
    if name in _SINGLE:
        return [value for value in (value.strip() for value in values[-1:]) if value not in ("", _DEFAULTS.get(name))]
    return sorted({value.strip() for value in values} - {""})


PICK, ADD = "pick", "add"
_FILTERS = (*FILTER_NAMES, *EXCLUSION_NAMES)


def ticked(params: Mapping[str, Sequence[str]], state: SearchState) -> SearchState | None:
    """``state`` with the values ticked in a form; ``None`` when no such form was sent.

    ``pick`` is a ticked value (any number of times), ``add`` the filter that takes them (``unit``, ``not_unit``). The
    answer redirects to the resulting search, so that what is shared and saved is a search like any other.
    """
    if ADD not in params:
        return None
    name = next((each for each in params[ADD] if each in _FILTERS), None)
    if name is None:
        return state
    picked = set(params.get(PICK, ()))
    if name.startswith(EXCLUSION_PREFIX):
        chosen = name.removeprefix(EXCLUSION_PREFIX)
        state = state.replacing(chosen, *(value for value in state.values(chosen) if value not in picked))
    return state.replacing(name, *state.values(name), *picked)
