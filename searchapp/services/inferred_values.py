"""Values that no report states: units, years and kinds known from a file's name, its folder, or by inference alone.

Such values are shown as what they are. Knows the evidence of metadata; must not know how it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

from searchapp.engines.base import Reader
from searchapp.fields import BLOCK_FIELDS
from searchapp.reports.model import Evidence, Metadata
from searchapp.search.schema import FACET_NAMES, NONE_VALUE, FacetName, report_values

INFERRED: frozenset[Evidence] = frozenset({"file name", "folder", "frequency", "name"})
"""Ways of knowing a value that is not written in the report itself."""

Inferred = Mapping[FacetName, frozenset[str]]
NOTHING_INFERRED: Inferred = MappingProxyType({})

_OF_REPORTS = tuple(name for name in FACET_NAMES if name not in BLOCK_FIELDS)

_KNOWN: WeakKeyDictionary[Reader, Inferred] = WeakKeyDictionary()


def is_inferred(meta: Metadata, field: str) -> bool:
    """Whether ``field`` of a report is known, but not from what is written in it."""
    return meta.evidence.get(field) in INFERRED


def inferred_values(reader: Reader) -> Inferred:
    """For each facet of whole reports, its values that every report of theirs has by inference; once a build."""
    if (known := _KNOWN.get(reader)) is None:
        _KNOWN[reader] = known = _inferred_values(reader)
    return known


def _inferred_values(reader: Reader) -> Inferred:
    guessed: dict[FacetName, set[str]] = {name: set() for name in _OF_REPORTS}
    stated: dict[FacetName, set[str]] = {name: set() for name in _OF_REPORTS}
    for summary in reader.reports():
        meta = summary.meta
        for name, values in _values(meta).items():
            (guessed if is_inferred(meta, name) else stated)[name].update(values)
    return {name: frozenset(guessed[name] - stated[name] - {NONE_VALUE}) for name in guessed}


def _values(meta: Metadata) -> dict[FacetName, set[str]]:
    """The values under which the facets list a report, whatever names of units they go by."""
    return {name: set(report_values("department" if name == "unit" else name, meta)) for name in _OF_REPORTS}
