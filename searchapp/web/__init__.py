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
from searchapp.web import (
    api,
    caching,
    checking,
    citing,
    comparing,
    exporting,
    headers,
    languages,
    opensearch,
    originals,
    overview,
    pages,
    problems,
    snapshot,
)
from searchapp.web.incoming import LenientRequest

__all__ = ["create_app"]


def create_app(open_library: Callable[[], Library], config: Mapping[str, Any] | None = None) -> Flask:
    """The web application over the library that ``open_library`` gives.

    ``open_library`` is called at most once a request, and the whole answer is made from what it returns; it may raise
    any ``LibraryError``, which becomes an answer with status 503. ``config`` updates Flask's configuration.
    """
    app = Flask("searchapp.web", template_folder=str(template_folder()))
    app.request_class = LenientRequest
    app.config.from_mapping(config or {})
    app.url_map.strict_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    snapshot.install(app, open_library)
    languages.install(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(checking.blueprint)
    app.register_blueprint(exporting.blueprint)
    app.register_blueprint(overview.blueprint)
    app.register_blueprint(citing.blueprint)
    app.register_blueprint(comparing.blueprint)
    app.register_blueprint(originals.blueprint)
    app.register_blueprint(opensearch.blueprint)
    app.register_blueprint(languages.blueprint)
    caching.install(app, template_folder())
    problems.install(app)
    headers.install(app)
    return app


def template_folder() -> Path:
    """Where the templates are: inside the installed package, else at the top of the checkout."""
    package = Path(searchapp.__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
