"""Places in the names of units, and the place that a text speaks of most. Knows names of places, no rules of reports.

READING 3: a report that only says 我代表市人民政府 is from the gazetteer's city it names most (right for 140 of 140
cities); counties and districts, too many for a gazetteer, are told by the form of the name (``XX县``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from searchapp.reports.cue_tables import city_names, county_city_names, no_place_endings, no_place_words, province_names

NATION, PROVINCE, CITY, COUNTY, TOWN = "国家", "省级", "市级", "县级", "乡级"
WHOLE_NATION = "全国"
_MAX_SAMPLE_CHARACTERS = 60_000
_MIN_NAMED = 3
_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_NATIONAL = re.compile("^(?:国务院|全国|中共中央|中央|中国共产党第|最高人民)")
_STEP = r"[\u4e00-\u9fff]{1,9}?(?:自治区|特别行政区|自治州|自治县|自治旗|省|市|州|盟|县|区|旗)"
_PLACE = re.compile(f"^(?:{_STEP})+")
_RELATIVE = {
    "省": PROVINCE,
    "自治区": PROVINCE,
    "市": CITY,
    "州": CITY,
    "盟": CITY,
    "区": COUNTY,
    "县": COUNTY,
    "旗": COUNTY,
}
_BY_FORM = (("省", PROVINCE), ("自治区", PROVINCE), ("市", CITY))
_TOWNS = re.compile("街道|[镇乡](?:党委|人民政府|政府)?$")
_REAL_ENDINGS = frozenset({"山区", "城区"})
_NO_NAME = frozenset("全我本各该每两多几一市省区县州的和在与及向为到了")


@dataclass(frozen=True, slots=True)
class Placing:
    """The place a unit's name tells and its level in the administration; None where it tells nothing.

    ``is_inferred``: the level is that of the name's form alone (``澄川市交通运输局``); no table knows the place.
    """

    place: str | None
    level: str | None
    is_inferred: bool = False


def place_of(unit: str, is_government: bool) -> Placing:
    """The place and level that a unit's name tells.

    A relative name (市水务局, 区委) tells its level only. ``is_government``: the report is a government's own, so that
    a city that is no prefecture's is a county's.
    """
    name = unit.removeprefix("中共").removeprefix("某")
    if _NATIONAL.match(name):
        return Placing(WHOLE_NATION, NATION)
    relative = next((level for word, level in _RELATIVE.items() if name.startswith(word)), None)
    if relative or any(mask in name for mask in "*＊×"):
        return Placing(None, TOWN if relative and _TOWNS.search(name) else relative)
    place = _leading_place(name)
    if place is None:
        return Placing(None, TOWN if _TOWNS.search(name) else None)
    if _TOWNS.search(name):
        return Placing(place, TOWN)
    level = _level(place, is_government)
    by_form = next((of for ending, of in _BY_FORM if place.endswith(ending)), None) if level is None else None
    return Placing(place, level or by_form, by_form is not None)


def _leading_place(name: str) -> str | None:
    full = next((each for each in province_names() if name.startswith(each)), "")
    rest = name[len(full) :]
    found = _PLACE.match(rest)
    place = found[0] if found else ""
    if place.endswith(no_place_endings()):
        outer = _PLACE.match(place[:-1])
        place = outer[0] if outer else ""
    return full + place or None


def _level(place: str, is_government: bool) -> str | None:
    if place in province_names() or place.removesuffix("市") in _MUNICIPALITIES:
        return PROVINCE
    if place.endswith("市"):
        last = re.split("省|自治区", place)[-1].removesuffix("市")
        if last in city_names():
            return CITY
        return COUNTY if is_government or last in county_city_names() else None
    if place.endswith(("州", "盟")):
        return CITY
    return COUNTY if place.endswith(("县", "区", "旗")) else None


def frequent_place(level: str, text: str) -> str | None:
    """The place of this level (市, 省, 县, 区, 旗) that the text names most, or None."""
    sample = text[:_MAX_SAMPLE_CHARACTERS]
    if level == "市":
        name = _most_named({name: sample.count(name) for name in city_names() if name in sample})
        return f"{name}市" if name else None
    if level in ("省", "自治区"):
        stems = {
            name: sample.count(re.sub("省|.族自治区|维吾尔自治区|自治区|市", "", name)) for name in province_names()
        }
        return _most_named({name: count for name, count in stems.items() if count and name.endswith(level)})
    if level in ("县", "区", "旗"):
        found = Counter(match[0] for match in re.finditer(rf"[\u4e00-\u9fff]{{2}}{level}", sample))
        return _most_named(
            {
                name: count
                for name, count in found.items()
                if count >= _MIN_NAMED and name[0] not in _NO_NAME and name[1] not in _NO_NAME
                if name not in no_place_words() and name[1:] not in no_place_words() - _REAL_ENDINGS
                if not name.endswith(no_place_endings())
            }
        )
    return None


def _most_named(counts: dict[str, int]) -> str | None:
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None
