"""What all JSON types have in common: how a value becomes one, and how it becomes text."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from msgspec import Struct, convert, to_builtins


class Shape(Struct):
    """A JSON object; its fields in the order in which they are written."""


_Shape = TypeVar("_Shape", bound=Shape)


def shaped(shape: type[_Shape], *values: object, **fields: Any) -> _Shape:
    """A ``shape`` of ``fields``, and for the rest of the attributes of ``values`` that are called so; the last counts.

    Values inside become the shapes that stand there in the same way. Raises ``ValidationError`` for what is no
    ``shape``.
    """
    names = [name for name in shape.__struct_fields__ if name not in fields]
    attributes = {name: getattr(value, name) for value in values for name in names if hasattr(value, name)}
    return convert(attributes | fields, shape, from_attributes=True)


def json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON: Chinese as it is, keys in their order. It may hold lone surrogates, which UTF-8 cannot."""
    return json.dumps(to_builtins(value), ensure_ascii=False, indent=indent)
