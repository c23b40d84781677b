"""The language of an answer: chosen for each request, kept in a cookie by a link, and what templates need of it.

Flask-Babel asks :func:`_chosen` once a request; from then on all floors speak that language (``searchapp.language``).
Addresses say nothing of the language, so a page that is sent is read in the language of whoever opens it. Answers
vary by the two headers that choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from babel import negotiate_locale
from flask import Blueprint, Flask, Response, request, url_for
from flask_babel import Babel, get_locale
from markupsafe import Markup, escape
from werkzeug.urls import uri_to_iri

from searchapp.errors import NotFoundError
from searchapp.language import LANGUAGES, NAMES, OWN, TAGS, Language, language, speak, tr, trc, trn
from searchapp.query.ast import FIELD_NAMES
from searchapp.web.http.responses import moved_to

blueprint = Blueprint("languages", __name__)

COOKIE = "searchapp_language"
COOKIE_SECONDS = 365 * 24 * 60 * 60
CORPUS_TAG = "zh-Hans"
"""What the texts of reports are marked as where the page is in another language."""

_ASKED = "language"
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_PATH = re.compile(r"[\s\\]")
"""What :data:`_OWN_PATH` does not let through."""
_LETTER = re.compile(r"[^\W\d_]")
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")
"""A path on this host: ``//host`` and ``/\\host`` are other hosts to a browser."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """Another language, by its own name, and where it is chosen; ``is_form``: by sending the page's form again."""

    name: str
    tag: str
    url: str
    is_form: bool


@blueprint.get("/language/<code>")
def choose(code: str) -> Response:
    """Keeps a language in this browser and leads back to ``next``, a path of this site."""
    chosen = _known(code)
    if chosen is None:
        raise NotFoundError(tr("没有这种语言。"))
    response = moved_to(own_path(request.args.get("next", "")) or url_for("library.start"))
    response.headers["Cache-Control"] = "no-store"
    _keep(response, chosen)
    return response


def install_languages(app: Flask) -> None:
    """Makes ``app`` answer every request in its language."""
    Babel(app, default_locale=OWN, locale_selector=_chosen, configure_jinja=False)
    app.before_request(_speak)
    app.after_request(_told)
    app.teardown_request(_silent)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(
        _=tr,
        _n=trn,
        _c=trc,
        _m=_markup,
        _mn=_counted_markup,
        lang=_lang,
        own=_own,
        words=_words,
        lang_of_page=lang_of_page,
        language_tag=lambda: TAGS[language()],
        other_languages=_other_languages,
        typed_field=_typed_field,
        other_stylesheet=_stylesheet,
    )


def own_path(address: str) -> str:
    """``address`` when it is a path of this host, else nothing."""
    return address if _OWN_PATH.fullmatch(address) else ""


def _chosen() -> str:
    """What this request asks for: what its form sets, what was kept, what the browser prefers, else Chinese."""
    asked = _known(request.args.get(_ASKED, "")) if request.method == "POST" else None
    kept = asked or _known(request.cookies.get(COOKIE, ""))
    preferred = [tag for tag, quality in request.accept_languages if quality]
    return kept or negotiate_locale(preferred, LANGUAGES, sep="-") or OWN


def _known(code: str) -> Language | None:
    return next((each for each in LANGUAGES if each == code), None)


def _speak() -> None:
    locale = get_locale()
    speak(_known(locale.language) or OWN if locale else OWN)


def _silent(error: BaseException | None) -> None:
    speak(OWN)


def _told(response: Response) -> Response:
    """Says what an answer's language is and what it was chosen by."""
    if request.endpoint == "static":
        return response
    response.vary.update(("Accept-Language", "Cookie"))
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = TAGS[language()]
    if request.method == "POST" and (asked := _known(request.args.get(_ASKED, ""))):
        _keep(response, asked)
    return response


def _keep(response: Response, chosen: Language) -> None:
    response.set_cookie(
        COOKIE,
        chosen,
        max_age=COOKIE_SECONDS,
        path=request.script_root or "/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _other_languages() -> list[LanguageLink]:
    """Every language but that of this page; a page that was made of a sent form is made of it again."""
    is_form = request.endpoint == "check.checked"
    return [
        LanguageLink(
            NAMES[code],
            TAGS[code],
            url_for("check.checked", language=code)
            if is_form
            else url_for("languages.choose", code=code, next=_here()),
            is_form,
        )
        for code in LANGUAGES
        if code != language()
    ]


def _here() -> str | None:
    if request.method != "GET" or (request.endpoint == "library.start" and not request.query_string):
        return None
    # Chinese as it is, so that it is percent-encoded once; what no path here may hold stays encoded.
    query = uri_to_iri("?" + request.query_string.decode("utf-8", "replace"))
    return request.script_root + request.path + _NO_PATH.sub(lambda found: quote(found[0]), query)


def _markup(message: str, **values: Any) -> Markup:
    """A message that holds markup; ``values`` are escaped."""
    return Markup(tr(message)).format(**values)


def _counted_markup(message: str, count: int | str, **values: Any) -> Markup:
    return Markup(trn(message, count, **{name: escape(value) for name, value in values.items()}))


def _lang(text: object = None) -> Markup:
    """The attribute that marks ``text`` (none: whatever comes) as the corpus's own on pages of another language."""
    if language() == OWN or not (text is None or _HAN.search(str(text))):
        return Markup("")
    return Markup(' lang="{}"').format(CORPUS_TAG)


def _own(text: object) -> Markup:
    """``text`` in an element of its own that is marked so, where it must be."""
    attribute = _lang(text if text is not None else "")
    return Markup("<span{}>{}</span>").format(attribute, text) if attribute else escape(text)


def _words(text: object) -> Markup:
    """Words of the page (年份未注明) where the corpus's own stand, in an element marked so; other text as it is."""
    is_own = language() == OWN or _HAN.search(str(text)) or not _LETTER.search(str(text))
    return escape(text) if is_own else Markup("<span{}>{}</span>").format(lang_of_page(), text)


def _stylesheet() -> str:
    """The address of what pages in other languages need besides; none for Chinese ones."""
    return "" if language() == OWN else url_for("static", filename="languages.css")


def lang_of_page() -> Markup:
    """The attribute that marks words of the page inside texts of the corpus."""
    return Markup("") if language() == OWN else Markup(' lang="{}"').format(TAGS[language()])


def _typed_field(field: str) -> str:
    """The name of a field as it is typed in a query by who reads this language."""
    if language() != OWN:
        return field
    return next(typed for typed, known in FIELD_NAMES.items() if known == field)
