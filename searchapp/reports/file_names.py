"""What the name of a file says of it: a report, a table that speaks of reports, or neither. Knows names only.

The same holds for a folder and for an archive; ``file`` is a display name or a path inside either.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

METADATA_FILE = "metadata.csv"
UNITS_FILE = "units.csv"
SYNONYMS_FILE = "synonyms.csv"
TOML_SUFFIX = ".toml"
"""A file of this suffix stands beside a report file and bears its name."""

_HIDDEN = (".", "~$")
"""Hidden files, and the locks of office programs."""
_NO_REPORTS = re.compile(r"(readme(\..*)?|thumbs\.db|desktop\.ini|__macosx)", re.IGNORECASE)


def is_left_out(name: str) -> bool:
    """Whether a file or folder of this name is no report and no table about reports: nobody wants to hear of it."""
    return name.startswith(_HIDDEN) or _NO_REPORTS.fullmatch(name) is not None


def is_companion(file: str) -> bool:
    """Whether the file speaks of others rather than being a report."""
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
