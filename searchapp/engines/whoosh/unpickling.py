"""What Whoosh unpickles: an index holds pickles, and a pickle can name any function of Python and have it called.

Whoosh loads them by names of the ``pickle`` module in several of its own modules. :func:`guard` puts into their place
an unpickler that knows the few classes that a build really holds; whatever else a pickle names is not imported, not
called, and an ``UnknownGlobalError``. It binds the whole process: other indexes of Whoosh are read by the same rule.
"""

from __future__ import annotations

import functools
import pickle
import sys
from io import BytesIO
from types import ModuleType
from typing import IO, Any

# All modules of Whoosh that load pickles of an index, so that they are there to be guarded.
import whoosh.codec.whoosh3
import whoosh.filedb.compound
import whoosh.index  # noqa: F401

KNOWN_GLOBALS = frozenset(
    {
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("whoosh.codec.whoosh3", "W3Codec"),
        ("collections", "defaultdict"),
        ("builtins", "int"),
        ("_codecs", "encode"),  # how protocol 2 writes bytes
    }
)
"""Module and name of what pickles of a build refer to; its schema is not unpickled but given (``whoosh_schema``)."""


class UnknownGlobalError(pickle.UnpicklingError):
    """A pickle names what no build of searchapp holds."""


def _find_class(unpickler: pickle.Unpickler, module: str, name: str) -> Any:
    if (module, name) not in KNOWN_GLOBALS:
        raise UnknownGlobalError(f"{module}.{name}")
    return pickle.Unpickler.find_class(unpickler, module, name)


class _Unpickler(pickle.Unpickler):
    find_class = _find_class


def load(file: IO[bytes]) -> Any:
    """As ``pickle.load``. Raises ``UnknownGlobalError``, and for damage whatever unpickling raises."""
    return _Unpickler(file).load()


def loads(data: bytes) -> Any:
    """As ``pickle.loads``. Raises as :func:`load`."""
    return _Unpickler(BytesIO(data)).load()


class _Pickle(ModuleType):
    """The module ``pickle``, its loading guarded."""

    def __init__(self) -> None:
        super().__init__(pickle.__name__)
        vars(self).update(vars(pickle), load=load, loads=loads)


@functools.cache
def guard() -> None:
    """From here on Whoosh unpickles only what :data:`KNOWN_GLOBALS` names. To be called before an index is opened.

    Its three distributions import ``pickle`` and what is in it under different names, so they are found by what they
    are.
    """
    guarded = _Pickle()
    for module in [module for name, module in sys.modules.items() if name.partition(".")[0] == "whoosh"]:
        for name, value in list(vars(module).items()):
            if value is pickle:
                setattr(module, name, guarded)
            elif value is pickle.load:
                setattr(module, name, load)
            elif value is pickle.loads:
                setattr(module, name, loads)
            elif isinstance(value, type) and issubclass(value, pickle.Unpickler):
                value.find_class = _find_class  # type: ignore[method-assign]
