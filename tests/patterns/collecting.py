"""Every regular expression of the program, and what it is used for."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import searchapp
from searchapp.lexicon.completion import mixed_pattern
from searchapp.reports import cue_tables
from searchapp.reports.topics import parts

_ANCHORED = {"match", "fullmatch"}
_ALL_THROUGH = {"sub", "subn", "split", "findall", "finditer"}
_METHODS = _ANCHORED | _ALL_THROUGH | {"search"}

BUILT: Mapping[str, tuple[str, Callable[[], object]]] = {
    "searchapp.lexicon.completion.mixed_pattern": ("match", lambda: mixed_pattern("党jian")),
    "searchapp.lexicon.completion._by_sound": ("finditer", lambda: re.compile(b"\na(?:[^\n ]* )?a(?:[^\n ]* )?b")),
    "searchapp.reports.metadata.units._unit_in_text": (
        "finditer",
        lambda: re.compile(r"(?:[*＊×]{1,4}|[省市区县州][\u4e00-\u9fff]{1,8}?)局"),
    ),
    "searchapp.reports.metadata.places.frequent_place": ("finditer", lambda: re.compile(r"[\u4e00-\u9fff]{2}县")),
    "searchapp.reports.topics.parts.__init__": ("search", parts._text_patterns),
    "searchapp.reports.cue_tables.part_table": ("search", cue_tables.part_table),
    "searchapp.reports.cue_tables.topic_table": (
        "search",
        lambda: [cue_tables.topic_table(kind) for kind in ("政府工作报告", "")],
    ),
    "searchapp.reports.cue_tables.organ_table": ("search", cue_tables.organ_table),
    "searchapp.reports.cue_tables.unit_type_table": ("search", cue_tables.unit_type_table),
}
"""Functions that build patterns out of others' words: a method that uses them, and patterns as they are built."""


@cache
def modules() -> dict[str, ModuleType]:
    """All modules of the program by name."""
    names = [each.name for each in pkgutil.walk_packages(searchapp.__path__, "searchapp.")]
    return {name: importlib.import_module(name) for name in names if not name.endswith("__main__")}


def patterns() -> dict[re.Pattern[Any], tuple[set[str], set[str]]]:
    """Every pattern with the places where it stands (module and name) and the methods by which it is used there."""
    used = _methods_by_name()
    found: defaultdict[re.Pattern[Any], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for module, content in modules().items():
        for name, value in vars(content).items():
            for pattern, last in _reachable(value, name, set()):
                found[pattern][0].add(f"{module}.{name}")
                found[pattern][1].update((used[_key(module, last)] | used[last]) or {"search", "fullmatch"})
    for place, (method, build) in BUILT.items():
        for pattern, last in _reachable(build(), "", set()):
            found[pattern][0].add(place)
            found[pattern][1].update(used[last] or {method})
    for place, call in calls_in_functions():
        if pattern := _literal(call):
            method = call.func.attr  # type: ignore[attr-defined]
            found[pattern][0].add(place)
            found[pattern][1].update({"search", "fullmatch"} if method == "compile" else {_kind(method)})
    for _, methods in found.values():
        if "finditer" in methods:
            methods.discard("search")
    return dict(found)


def calls_in_functions() -> Iterator[tuple[str, ast.Call]]:
    """Every call of ``re`` inside a function, with the module and the name of the function."""
    for module, tree in _trees().items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if _is_call_of_re(node):
                        yield f"{module}.{function.name}", node


def unknown_calls() -> set[str]:
    """Functions that build patterns and stand not in ``BUILT``."""
    return {place for place, call in calls_in_functions() if _literal(call) is None} - set(BUILT)


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _METHODS | {"compile"}
    )


def _literal(call: ast.Call) -> re.Pattern[Any] | None:
    if not isinstance(call.args[0], ast.Constant):
        return None
    flags = [word.value for word in call.keywords if word.arg == "flags"]
    return re.compile(call.args[0].value, eval(ast.unparse(flags[0]), {"re": re}) if flags else 0)


@cache
def _trees() -> dict[str, ast.Module]:
    return {name: ast.parse(inspect.getsource(module)) for name, module in modules().items()}


def _kind(method: str) -> str:
    return "finditer" if method in _ALL_THROUGH else method


def _methods_by_name() -> defaultdict[str, set[str]]:
    """The methods that are called of a variable or attribute; a variable that is passed on may be searched for."""
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for module, tree in _trees().items():
        owners = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                owner = owners[node]
                key = _key(module, node.id) if isinstance(node, ast.Name) else node.attr
                if isinstance(owner, ast.Attribute):
                    methods[key].update({_kind(owner.attr)} & _METHODS)
                elif isinstance(node, ast.Name):
                    methods[key].update(("search", "fullmatch"))
    return methods


def _key(module: str, name: str) -> str:
    """What is private to a module, or a variable of a function, has nothing to do with its namesakes elsewhere."""
    return name if name.isupper() and not name.startswith("_") else f"{module}.{name}"


def _reachable(value: object, name: str, seen: set[int]) -> Iterator[tuple[re.Pattern[Any], str]]:
    """Patterns in a value, its items and attributes, each with the last name on the way to it."""
    if isinstance(value, re.Pattern):
        yield value, name
    elif id(value) not in seen:
        seen.add(id(value))
        for inner, inner_name in _inside(value):
            yield from _reachable(inner, inner_name, seen)


def _inside(value: object) -> list[tuple[object, str]]:
    if isinstance(value, Mapping):
        return [(each, "") for pair in list(value.items()) for each in pair]
    if isinstance(value, list | tuple | set | frozenset) and not hasattr(value, "_fields"):
        return [(each, "") for each in value]
    owner = value if isinstance(value, type) else type(value)
    if not owner.__module__.startswith("searchapp"):
        return []
    slots = [slot for each in owner.__mro__ for slot in getattr(each, "__slots__", ())] if owner is not value else []
    names = [*getattr(value, "__dict__", {}), *slots, *getattr(value, "_fields", ())]
    return [
        (inspect.getattr_static(value, name) if owner is value else getattr(value, name, None), name) for name in names
    ]
