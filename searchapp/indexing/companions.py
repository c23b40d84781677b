"""Companion files: tables in the sources that speak of reports. Their names stand here and nowhere else."""

from __future__ import annotations

from pathlib import PurePosixPath

METADATA_FILE = "metadata.csv"
UNITS_FILE = "units.csv"
SYNONYMS_FILE = "synonyms.csv"
TOML_SUFFIX = ".toml"
"""A file of this suffix stands beside a report file and bears its name."""


def is_companion(file: str) -> bool:
    """Whether the file with this display name speaks of others rather than being a report."""
    name = PurePosixPath(file).name.lower()
    return name in (METADATA_FILE, UNITS_FILE) or is_toml(name)


def is_synonyms(file: str) -> bool:
    """Whether the file is a table of expressions that say the same."""
    return PurePosixPath(file).name.lower() == SYNONYMS_FILE


def is_units(file: str) -> bool:
    """Whether the file is a table of departments and their names."""
    return PurePosixPath(file).name.lower() == UNITS_FILE


def is_toml(file: str) -> bool:
    """Whether the file holds the corrections of one report file."""
    return file.lower().endswith(TOML_SUFFIX)
