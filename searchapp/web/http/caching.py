"""Caching by browsers and programs: everything may be cached, and is revalidated by its ETag each time.

An answer is a function of the build, the request, its language and the program, some also of the day
(:func:`of_its_day`). Its ETag is made of these, not of its bytes: it is known before anything is searched, and the time
an answer took makes no difference. It is weak for that reason. An answer to a POST is never cached.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

import searchapp
from searchapp.errors import LibraryError
from searchapp.language import language
from searchapp.search.params import PARAMETER_NAMES
from searchapp.web.http.library_of_request import current_library
from searchapp.web.search_state import SearchState

REVALIDATE = "no-cache"
NEVER = "no-store"
_PROGRAM = "searchapp.program"
_OF_THE_ADDRESS = frozenset({"sort", "per_page"})
"""Parameters that have not the same default everywhere: they count as they are given."""
_BUILD_FREE = frozenset({"static"})
"""Endpoints whose answers come from files; Flask gives these ETags of their own."""


def install_caching(app: Flask, templates: Path) -> None:
    """Gives ETags to the answers of ``app`` and answers 304 to who already has them."""
    app.extensions[_PROGRAM] = program_stamp(templates)
    app.before_request(_not_modified)
    app.after_request(_with_validators)


def program_stamp(templates: Path) -> str:
    """Changes with the program: its version, and when the newest of its files was written."""
    package = Path(searchapp.__file__).parent
    files = [path for folder in (package, templates) for path in folder.rglob("*") if path.suffix != ".pyc"]
    newest = max(path.stat().st_mtime_ns for path in files)
    return f"{searchapp.__version__} {newest}"


def _not_modified() -> Response | None:
    """The answer 304, when the asker already has what this address gives.

    Only an answer with status 200 ever carries a tag, so who has the tag had such an answer.
    """
    held = request.if_none_match
    if not held or held.star_tag:
        return None
    tag = _tag()
    return Response(status=304) if tag is not None and held.contains_weak(tag) else None


def _with_validators(response: Response) -> Response:
    if request.endpoint in _BUILD_FREE:
        return response
    if request.method not in ("GET", "HEAD"):
        response.headers.setdefault("Cache-Control", NEVER)
        return response
    response.headers.setdefault("Cache-Control", REVALIDATE)
    tag = _tag() if response.status_code in (200, 304) else None
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


def _tag() -> str | None:
    """The tag of what this request asks for; ``None`` when it asks for nothing that there is, or there is no build."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None or request.endpoint in _BUILD_FREE:
        return None
    try:
        library = current_library()
    except LibraryError:
        return None
    day = day_of(current_app.view_functions[request.endpoint])
    build = [library.build, library.is_behind]
    asked = [current_app.extensions[_PROGRAM], build, day, request.root_url, request.path, language(), _canonical()]
    return hashlib.blake2b(json.dumps(asked).encode(), digest_size=16).hexdigest()


def _canonical() -> list[object]:
    """The state of the search, and the parameters besides it in the order of their names."""
    params = request.args.to_dict(flat=False)
    others = sorted(
        (name, values) for name, values in params.items() if name not in PARAMETER_NAMES or name in _OF_THE_ADDRESS
    )
    return [SearchState.of(params).pairs, others]


View = TypeVar("View", bound=Callable[..., Any])

_of_their_day: set[Callable[..., Any]] = set()


def today() -> datetime.date:
    """The day where the server stands."""
    return datetime.datetime.now().astimezone().date()


def of_its_day(view: View) -> View:
    """Marks a view whose answers change with the day; the view itself stays as it is."""
    _of_their_day.add(view)
    return view


def day_of(view: Callable[..., Any]) -> str:
    """What the day adds to the tag of an answer of ``view``; nothing for most."""
    return today().isoformat() if view in _of_their_day else ""
