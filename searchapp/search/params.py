"""Parameters by name and text (URL, command line) to a :class:`SearchRequest`: one parser for every door.

Raises :class:`ParameterError` for a value that cannot be; an unknown name is passed over with a diagnostic, so that old
addresses go on working, unless it is refused (:func:`refuse_unknown`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from searchapp.errors import ParameterError
from searchapp.fields import YEAR_FIELDS
from searchapp.language import listed, tr
from searchapp.query import Diagnostic, YearRange, parse_query
from searchapp.reports.model import BLOCK_KINDS, BlockKind
from searchapp.search.request import DEFAULT_PER_PAGE, MAX_PER_PAGE, Filters, Group, Match, Names, Punct, SearchRequest
from searchapp.search.schema import (
    ALL_KINDS,
    EXCLUSION_PREFIX,
    FILTER_NAMES,
    NONE_VALUE,
    SORTS,
    FilterName,
    Sort,
    spoken,
)

MAX_PAGE = 1_000_000
MAX_VALUES = 200
MAX_VALUE_CHARACTERS = 200
_MAX_NUMBER_DIGITS = 9

PARAMETER_NAMES = frozenset(
    {"q", "year_from", "year_to", "block", "sort", "page", "per_page"}
    | {"names", "match", "punct", "group", "fold", "explain", "synonyms", "fillers"}
    | set(FILTER_NAMES)
    | {EXCLUSION_PREFIX + name for name in FILTER_NAMES}
)

_NAMES: Mapping[str, Names] = {"now": "now", "then": "then"}
_MATCHES: Mapping[str, Match] = {"all": "all", "any": "any"}
_PUNCTS: Mapping[str, Punct] = {"exact": "exact", "ignore": "ignore"}
_GROUPS: Mapping[str, Group | None] = {"none": None, "report": "report"}
_SWITCH = {"false": False, "true": True, "0": False, "1": True}

Chosen = TypeVar("Chosen")

Parameters = Mapping[str, Sequence[str]]
"""Every value given for a name, in order."""


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """``query`` is the text as typed; ``diagnostics`` tell what was mended or passed over.

    ``synonyms``: whether the user's synonyms are sought too; ``request`` holds the tree as typed. ``fillers``: whether
    to tell what stands in the gaps of phrases.
    """

    query: str
    request: SearchRequest
    diagnostics: tuple[Diagnostic, ...]
    synonyms: bool = False
    fillers: bool = False


def parse_request(params: Parameters) -> ParsedRequest:
    """Reads the parameters of a search.

    Raises :class:`ParameterError` (page, year, sort … that cannot be) and ``QueryRefusedError`` (over the limits).
    """
    query = parse_query(_one(params, "q") or "")
    unknown = sorted(set(params) - PARAMETER_NAMES)
    passed_over = tuple(Diagnostic(tr("不认识的参数“{name}”，已略去", name=printable(name))) for name in unknown)
    page = _number(params, "page", 1, 1, MAX_PAGE)
    per_page = _number(params, "per_page", DEFAULT_PER_PAGE, 1, MAX_PER_PAGE)
    request = SearchRequest(
        query=query.root,
        filters=_filters(params),
        kinds=_kinds(params),
        sort=_sort(params),
        page=page,
        per_page=per_page,
        names=_choice(params, "names", _NAMES),
        match=_choice(params, "match", _MATCHES),
        punct=_choice(params, "punct", _PUNCTS),
        group=_choice(params, "group", _GROUPS),
        fold=_choice(params, "fold", _SWITCH),
        explain=_choice(params, "explain", _SWITCH),
    )
    return ParsedRequest(
        query.text,
        request,
        (*query.diagnostics, *passed_over),
        synonyms=_choice(params, "synonyms", _SWITCH),
        fillers=_choice(params, "fillers", _SWITCH),
    )


def refuse_unknown(params: Parameters) -> None:
    """Raises :class:`ParameterError` for a name that is none of :data:`PARAMETER_NAMES`."""
    for name in params:
        if name not in PARAMETER_NAMES:
            told = tr(
                "没有“{name}”这个参数；可用：{choices}。",
                name=printable(str(name)),
                choices=listed(sorted(PARAMETER_NAMES)),
            )
            raise ParameterError(str(name), told)


def values_of(params: Parameters, name: str) -> Sequence[str]:
    """Every value given for ``name``. Raises :class:`ParameterError` where they are no list of texts."""
    values: object = params.get(name, ())
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        wrong = next((value for value in values if not isinstance(value, str)), None)
        if wrong is None:
            return values
        given = f"{type(values).__name__}[{type(wrong).__name__}]"
    else:
        given = type(values).__name__
    told = tr('参数“{name}”要给文字的列表，如 ["2023"]；现在是 {given}。', name=name, given=given)
    raise ParameterError(name, told)


def _filters(params: Parameters) -> Filters:
    first, last = _year(params, "year_from"), _year(params, "year_to")
    if first is not None and last is not None and first > last:
        first, last = last, first
    years = YearRange(first, last)
    return Filters(
        include={name: values for name in FILTER_NAMES if (values := _values(params, name, name))},
        exclude={name: values for name in FILTER_NAMES if (values := _values(params, EXCLUSION_PREFIX + name, name))},
        years=None if years == YearRange(None, None) else years,
    )


def _values(params: Parameters, parameter: str, name: FilterName) -> frozenset[str]:
    values = [value.strip() for value in values_of(params, parameter) if value.strip()]
    if len(values) > MAX_VALUES:
        raise ParameterError(
            parameter,
            tr(
                "{name}的值太多：{count} 个，最多 {most} 个。",
                name=spoken(parameter),
                count=len(values),
                most=MAX_VALUES,
            ),
        )
    for value in values:
        if len(value) > MAX_VALUE_CHARACTERS:
            raise ParameterError(
                parameter,
                tr(
                    "{name}的值太长：最多 {most} 个字符。",
                    name=spoken(parameter),
                    most=MAX_VALUE_CHARACTERS,
                ),
            )
        if name in YEAR_FIELDS and value != NONE_VALUE:
            _checked_year(parameter, value)
    return frozenset(values)


def _kinds(params: Parameters) -> frozenset[BlockKind] | None:
    values = [value.strip() for value in values_of(params, "block") if value.strip()]
    if not values:
        return None
    if "all" in values:
        return ALL_KINDS
    for value in values:
        if value not in BLOCK_KINDS:
            raise ParameterError(
                "block",
                tr(
                    "{name}没有“{value}”这个值；可用：{choices}。",
                    name=spoken("block"),
                    value=printable(value),
                    choices=listed(("all", *BLOCK_KINDS)),
                ),
            )
    return frozenset(cast(list[BlockKind], values))


def _sort(params: Parameters) -> Sort:
    value = _one(params, "sort") or "relevance"
    if value not in SORTS:
        raise ParameterError(
            "sort",
            tr(
                "{name}没有“{value}”这个值；可用：{choices}。",
                name=spoken("sort"),
                value=printable(value),
                choices=listed(SORTS),
            ),
        )
    return value


def _choice(params: Parameters, name: str, choices: Mapping[str, Chosen]) -> Chosen:
    """What the value given for ``name`` stands for; the first of ``choices`` when there is none."""
    value = (_one(params, name) or "").strip() or next(iter(choices))
    if value not in choices:
        raise ParameterError(
            name,
            tr(
                "{name}没有“{value}”这个值；可用：{choices}。",
                name=spoken(name),
                value=printable(value),
                choices=listed(filter(None, choices)),
            ),
        )
    return choices[value]


def _one(params: Parameters, name: str) -> str | None:
    values = values_of(params, name)
    return values[-1] if values else None


def _number(params: Parameters, name: str, default: int, least: int, most: int) -> int:
    text = (_one(params, name) or "").strip()
    if not text:
        return default
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MAX_NUMBER_DIGITS:
        raise ParameterError(
            name,
            tr(
                "{name}应是 {least} 到 {most} 的整数，现在是“{text}”。",
                name=spoken(name),
                least=least,
                most=most,
                text=printable(text),
            ),
        )
    number = int(text)
    if not least <= number <= most:
        raise ParameterError(
            name,
            tr(
                "{name}应是 {least} 到 {most} 的整数，现在是 {number}。",
                name=spoken(name),
                least=least,
                most=most,
                number=number,
            ),
        )
    return number


def _year(params: Parameters, name: str) -> int | None:
    text = (_one(params, name) or "").strip()
    return _checked_year(name, text) if text else None


def _checked_year(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise ParameterError(
            name, tr("{name}应是四位数的年份（如 2023），现在是“{text}”。", name=spoken(name), text=printable(text))
        )
    return int(text)


def printable(text: str) -> str:
    """A person's own value, short and printable, for a message."""
    printable = "".join(char if char.isprintable() else "�" for char in text)
    return printable if len(printable) <= 40 else printable[:40] + "…"
