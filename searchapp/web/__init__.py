"""Floor 7: the pages and the JSON API over HTTP. The only place that knows Flask.

:func:`create_app` is the whole public face. It knows how to ask the services and how to show what they answer; it
must not know engines, stores or files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

import searchapp
from searchapp.services.library import Library
from searchapp.web import site
from searchapp.web.api import citation, export
from searchapp.web.api import routes as api
from searchapp.web.check import routes as check
from searchapp.web.compare import routes as compare
from searchapp.web.http import caching, hosts, languages, library_of_request, limits, problems, security_headers
from searchapp.web.http.hosts import AllowedHosts
from searchapp.web.http.request import LenientRequest
from searchapp.web.library import routes as library
from searchapp.web.report import routes as report
from searchapp.web.search import routes as search

__all__ = ["AllowedHosts", "create_app"]


def create_app(
    open_library: Callable[[], Library],
    config: Mapping[str, Any] | None = None,
    allowed_hosts: AllowedHosts | None = None,
) -> Flask:
    """The web application over the library that ``open_library`` gives.

    ``open_library`` is called at most once a request, and the whole answer is made from what it returns; it may raise
    any ``LibraryError``, which becomes an answer with status 503. ``config`` updates Flask's configuration;
    ``allowed_hosts`` are the names that it answers to, none: all, for servers that see to that themselves.
    """
    app = Flask("searchapp.web", template_folder=str(template_folder()))
    app.request_class = LenientRequest
    app.config.from_mapping(config or {})
    app.url_map.strict_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    library_of_request.install_library(app, open_library)
    languages.install_languages(app)
    if allowed_hosts is not None:
        hosts.install_hosts(app, allowed_hosts)
    limits.install_limits(app)
    for room in (library, search, report, api, check, export, citation, compare, site, languages):
        app.register_blueprint(room.blueprint)
    caching.install_caching(app, template_folder())
    problems.install_problems(app)
    security_headers.install_security_headers(app)
    return app


def template_folder() -> Path:
    """Where the templates are: inside the installed package, else at the top of the checkout."""
    package = Path(searchapp.__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
