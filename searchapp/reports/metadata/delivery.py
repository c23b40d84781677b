"""Who delivered a report and when. Knows title lines and signatures.

A line of the head names post and holder (``甲县人民政府县长 某某``), or the holder stands on the line after the post.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.metadata.dates import find_date
from searchapp.reports.model import Evidence

_POST = "(?:总理|主席|省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|主任|书记|局长|部长|院长|检察长|校长)"
_NOISE = re.compile(r"&nbsp;|&emsp;|\?{2,}|\s+|　+")
_IN_LINE = re.compile(
    rf"^[（(]?([\u4e00-\u9fff]{{0,24}}{_POST})[：:]?([\u4e00-\u9fff]{{2,4}}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)?(?:同志)?[）)]?$"
)
_AFTER_SESSION = re.compile(rf"会议上?[）)]?([\u4e00-\u9fff]{{0,16}}{_POST})([\u4e00-\u9fff]{{2,4}})(?:同志)?[）)]?$")
_NAME = re.compile("[\u4e00-\u9fff·]{2,12}")


def find_delivered_by(lines: Sequence[str]) -> str | None:
    """Post and name of who delivered the report, from the lines of its head as written, joined by a space; or None."""
    cleaned = [_NOISE.sub("", line) for line in lines]
    for index, line in enumerate(cleaned):
        found = _IN_LINE.match(line) or _AFTER_SESSION.search(line)
        if not found:
            continue
        after = cleaned[index + 1] if index + 1 < len(cleaned) else ""
        name = found[2] or (after if len(after) <= 4 and _NAME.fullmatch(after) else "")
        if name:
            return f"{found[1]} {name}"
    return None


def find_delivery_date(titles: Sequence[str], signature: Sequence[str]) -> tuple[str | None, Evidence]:
    """The date of a report, ISO 8601, from its head or its signature."""
    for line in titles:
        date = find_date(line)
        if date:
            return date, "title"
    for line in reversed(signature):
        date = find_date(line)
        if date:
            return date, "signature"
    return None, "none"
