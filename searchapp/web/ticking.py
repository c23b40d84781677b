"""Several values of a facet at once: ticked in a form, which says with its button what is to become of them.

``pick`` is a ticked value (any number of times), ``add`` the filter that takes them (``unit``, ``not_unit``). The
answer leads on to the search that they make, so that what is sent on and kept is a search as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searchapp.search.schema import EXCLUSION_PREFIX, FILTER_NAMES
from searchapp.web.state import EXCLUSION_NAMES, SearchState

PICK, ADD = "pick", "add"
_FILTERS = (*FILTER_NAMES, *EXCLUSION_NAMES)


def ticked(params: Mapping[str, Sequence[str]], state: SearchState) -> SearchState | None:
    """``state`` with the values that are ticked; ``None`` when no such form was sent."""
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
