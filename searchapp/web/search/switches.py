"""How a search is read and shown, as links: two positions a switch, and what is not the usual one can be taken off.

Switches are declared once, in :data:`SWITCHES`. Knows parameters by name and value; must not know what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.language import later, tr
from searchapp.search.params import PARAMETER_NAMES
from searchapp.search.schema import SORTS, Sort
from searchapp.web import labels
from searchapp.web.links import search_url
from searchapp.web.search_state import SearchState


@dataclass(frozen=True, slots=True)
class Choice:
    """A position of a switch, or an order of the hits."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A switch with its positions, the usual one first."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Toggle:
    """Something that is on or off; ``url`` is the other."""

    label: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class OrderBar:
    """What stands above the hits; ``active``: the switches that are not in their usual position, each to be taken off.

    ``explain`` is ``None`` where there is nothing to explain.
    """

    sorts: tuple[Choice, ...]
    group: Toggle
    switches: tuple[SwitchView, ...]
    active: tuple[Toggle, ...]
    explain: Toggle | None


@dataclass(frozen=True, slots=True)
class _Switch:
    """``positions``: value and label, the usual one first. ``active``: the other one, said alone."""

    name: str
    label: str
    positions: tuple[tuple[str, str], tuple[str, str]]
    active: str
    of_text: bool = True
    """Whether it says something only where there is text to be found."""


SWITCHES: tuple[_Switch, ...] = (
    _Switch("match", later("匹配"), (("all", later("全部词")), ("any", later("任意一个词"))), later("任意一个词")),
    _Switch("punct", later("标点"), (("exact", later("计")), ("ignore", later("不计"))), later("不计标点")),
    _Switch("synonyms", later("同义词"), (("false", later("不找")), ("true", later("一并查找"))), later("含同义词")),
    _Switch(
        "fold",
        later("相似段落"),
        (("false", later("都显示")), ("true", later("只显示一次"))),
        later("相似段落只显示一次"),
        of_text=False,
    ),
    _Switch(
        "names",
        later("单位名称"),
        (("now", later("现名")), ("then", later("当时的名称"))),
        later("单位用当时的名称"),
        of_text=False,
    ),
)


def order_bar(state: SearchState, sort: Sort, asks_text: bool) -> OrderBar:
    """The bar of ``state``, whose hits are in the order ``sort``; ``asks_text``: whether there is text to be found."""
    known = [each for each in SWITCHES if each.name in PARAMETER_NAMES and (asks_text or not each.of_text)]
    explain = _toggle(state, "explain", "true", tr("为什么排在这里"))
    active = [Toggle(tr(each.active), _url(state, each.name), True) for each in known if state.values(each.name)]
    if explain.on:
        active.append(Toggle(tr("说明排序"), explain.url, True))
    return OrderBar(
        sorts=tuple(Choice(labels.SORT_LABELS[each], _url(state, "sort", each), each == sort) for each in SORTS),
        group=_toggle(state, "group", "report", tr("按报告归并")),
        switches=tuple(_switch_view(each, state) for each in known),
        active=tuple(active),
        explain=explain if asks_text else None,
    )


def _switch_view(switch: _Switch, state: SearchState) -> SwitchView:
    chosen = next(iter(state.values(switch.name)), switch.positions[0][0])
    return SwitchView(
        tr(switch.label),
        tuple(Choice(tr(label), _url(state, switch.name, value), value == chosen) for value, label in switch.positions),
    )


def _toggle(state: SearchState, name: str, value: str, label: str) -> Toggle:
    on = bool(state.values(name))
    return Toggle(label, _url(state, name) if on else _url(state, name, value), on)


def _url(state: SearchState, name: str, *values: str) -> str:
    return search_url(state.replacing(name, *values))
