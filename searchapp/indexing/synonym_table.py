"""``synonyms.csv``: the user's ways of saying the same. It stands in a source folder and holds for the library.

No header; each line is a group, each cell a way of saying it (``三不腐,不敢腐、不能腐``); groups that have a member in
common are one. UTF-8 with or without BOM, or GB18030. What is wrong about a line is a warning, never an error.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from searchapp.indexing.sources import SourceFile
from searchapp.query.synonyms import MAX_ALTERNATIVES, Synonyms
from searchapp.reports import ReadWarning
from searchapp.store.files import decode_table, reason_of
from searchapp.text.normalize import normalize

MAX_BYTES = 16_000_000
MAX_GROUPS = 20_000
"""Lines of one table that are read."""
MAX_MEMBER_CHARACTERS = 100
MAX_WARNINGS = 20
"""Lines of one table that are named; the rest is counted."""

_CHINESE_SEPARATORS = "，；;\t"


def read_synonyms(files: Sequence[SourceFile], warnings: list[ReadWarning]) -> tuple[tuple[str, ...], ...]:
    """The groups of all tables, disjoint, as written. What was left out is told in ``warnings``."""
    groups: list[tuple[str, ...]] = []
    for file in files:
        told: list[ReadWarning] = []
        groups.extend(_groups(file, told))
        warnings.extend(told[:MAX_WARNINGS])
        if len(told) > MAX_WARNINGS:
            warnings.append(ReadWarning(file.file, 0, f"还有 {len(told) - MAX_WARNINGS} 处这样的问题，不再列出"))
    joined = Synonyms(groups).groups
    for group in joined:
        if len(group) > MAX_ALTERNATIVES:
            warnings.append(
                ReadWarning(files[0].file, 0, f"“{group[0]}”这一组同义词太多（{len(group)} 个），查找时不会展开")
            )
    return joined


def _groups(file: SourceFile, told: list[ReadWarning]) -> Iterator[tuple[str, ...]]:
    try:
        if file.reason or file.path.stat().st_size > MAX_BYTES:
            told.append(ReadWarning(file.file, 0, f"同义词表没有采用：{file.reason or '文件太大'}"))
            return
        text = decode_table(file.path.read_bytes())
    except OSError as exc:
        told.append(ReadWarning(file.file, 0, f"同义词表读不出来：{reason_of(exc)}"))
        return
    except UnicodeDecodeError:
        told.append(ReadWarning(file.file, 0, "同义词表不是文本文件（UTF-8 或 GB18030），没有采用"))
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        taken = 0
        for row in reader:
            group = _members(row, file.file, reader.line_num, told)
            if group and taken == MAX_GROUPS:
                told.append(ReadWarning(file.file, reader.line_num, f"同义词表太长，只采用了前 {MAX_GROUPS} 行"))
                return
            taken += bool(group)
            yield group
    except csv.Error as exc:
        told.append(ReadWarning(file.file, reader.line_num, f"从这一行起格式不对，没有采用：{exc}"))


def _members(row: list[str], name: str, line: int, told: list[ReadWarning]) -> tuple[str, ...]:
    """The members of a line; none when there are fewer than two."""
    members: list[str] = []
    for cell in row:
        text = " ".join(cell.split())
        if len(text) > MAX_MEMBER_CHARACTERS:
            told.append(
                ReadWarning(name, line, f"说法太长（最多 {MAX_MEMBER_CHARACTERS} 个字），没有采用：{text[:20]}…")
            )
        elif normalize(text):
            members.append(text)
        elif text:
            told.append(ReadWarning(name, line, "有一格没有可查找的文字，没有采用"))
    if len({normalize(member) for member in members}) > 1:
        return tuple(members)
    if members:
        hint = "（各种说法之间要用英文逗号）" if any(sign in members[0] for sign in _CHINESE_SEPARATORS) else ""
        told.append(ReadWarning(name, line, f"这一行只有一种说法，没有采用{hint}"))
    return ()
