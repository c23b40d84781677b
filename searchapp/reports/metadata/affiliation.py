"""unit_type: what sort of unit reports, told by its name. Applies the table of ``unit_types.toml``."""

from __future__ import annotations

from searchapp.reports.cue_tables import unit_type_table

PARK = "园区"


def unit_type_of(unit: str, department: str | None) -> str | None:
    """The type of a unit, by the name of its department, else by its own; None when neither tells."""
    names = (department, unit) if department else (unit,)
    for name in names:
        for unit_type, pattern in unit_type_table():
            if pattern.search(name):
                return unit_type
    return None
