"""The quote checker over HTTP: the page ``/check``, the view of a checked text, and ``POST /api/v1/check``.

Nothing sent is stored, so there is nothing to protect from other sites but the time it takes: bodies and texts have
limits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Blueprint, Response, request

from searchapp.errors import ParameterError, RequestError
from searchapp.language import Labels, later, tr, trn
from searchapp.services.labels import years_text
from searchapp.services.payloads.quote_check import CheckedTextJson, CheckJson, check_json
from searchapp.services.quote_check.check import check
from searchapp.services.quote_check.values import VERDICTS, CheckAnswer, CheckedSentence, Place, Segment, Verdict
from searchapp.web import labels
from searchapp.web.api.openapi import described
from searchapp.web.http.library_of_request import current_library
from searchapp.web.http.limits import heavy
from searchapp.web.http.problems import Problem, answer
from searchapp.web.http.responses import json_answer, page
from searchapp.web.links import located_url
from searchapp.web.search_state import SearchState

blueprint = Blueprint("check", __name__)

MAX_CHARACTERS = 20_000
MAX_BODY_BYTES = 20 * MAX_CHARACTERS
"""As much as ``MAX_CHARACTERS`` can take: twelve bytes each in a form or as escapes of JSON, and room around them."""

_TOO_LONG = later("一次最多核对 {most:,} 字；请分几次核对，或在命令行里用 searchapp check。")


@blueprint.get("/check")
@heavy(when=lambda params: "text" in params)
def form() -> Response:
    """The form; ``?text=`` checks a short text, so that a check can be a link."""
    return _checked_page(request.args["text"]) if "text" in request.args else _page("")


@blueprint.post("/check")
@heavy()
def checked() -> Response:
    """The form with what was found of the text in it."""
    if _is_too_large():
        return _page("", 413, told=_too_long())
    return _checked_page(request.form.get("text", ""))


def _checked_page(text: str) -> Response:
    if len(text) > MAX_CHARACTERS:
        return _page(
            text[:MAX_CHARACTERS],
            413,
            told=tr("文字有 {count:,} 字。{too_long}", count=len(text), too_long=_too_long()),
        )
    library = current_library()
    try:
        found = check(library, text)
    except RequestError as error:
        return _page(text, 400, told=tr("{message}。", message=error))
    return page("check.html", text=text, told="", limit=f"{MAX_CHARACTERS:,}", view=check_view(found))


def _page(text: str, status: int = 200, told: str = "") -> Response:
    return page("check.html", status, text=text, told=told, limit=f"{MAX_CHARACTERS:,}", view=None)


@blueprint.post("/api/v1/check")
@heavy()
@described(CheckJson, sent=CheckedTextJson, also_sent={"text/plain": {"type": "string"}}, others=(413, 415))
def check_text() -> Response:
    """Checks the quotations of a text, sentence by sentence.

    The text is sent as JSON, or as itself in UTF-8.
    """
    if _is_too_large():
        return _problem_too_long()
    match request.mimetype:
        case "application/json":
            text = _json_text(request.get_data())
        case "text/plain":
            text = _plain_text(request.get_data())
        case _:
            told = tr('请用 application/json（{"text": …}）或 text/plain（UTF-8）发送文字。')
            return answer(Problem(415, tr("不收这种内容"), told))
    if len(text) > MAX_CHARACTERS:
        return _problem_too_long()
    return json_answer(check_json(check(current_library(), text)))


def _too_long() -> str:
    return tr(_TOO_LONG, most=MAX_CHARACTERS)


def _is_too_large() -> bool:
    return (request.content_length or 0) > MAX_BODY_BYTES


def _problem_too_long() -> Response:
    return answer(Problem(413, tr("文字太长"), _too_long(), "urn:searchapp:problem:text-too-long", parameter="text"))


def _json_text(data: bytes) -> str:
    try:
        sent = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise RequestError(tr("发来的不是 JSON。")) from exc
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise ParameterError("text", tr("JSON 里要有 text，值是要核对的文字。"))
    return text


def _plain_text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise RequestError(tr("发来的文字不是 UTF-8。")) from exc


VERDICT_LABELS: Mapping[Verdict, str] = Labels(
    {
        "exact": later("一字不差"),
        "punctuation": later("仅标点不同"),
        "nearest": later("相近"),
        "absent": later("库中没有"),
        "short": later("太短"),
    }
)
_QUERY_CHARACTERS = 200
"""A longer stretch is not marked in the report that a link leads to: the address would be too long."""


@dataclass(frozen=True, slots=True)
class CountView:
    """How many sentences have a verdict, and where the first of them stands on the page."""

    verdict: Verdict
    label: str
    number: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place of the library; ``before`` and ``after`` are the text around it, with ellipses."""

    title: str
    url: str
    unit: str
    year: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence of the text; ``number`` counts from 1, 0 for what stands inside another."""

    number: int
    verdict: Verdict
    label: str
    note: str
    segments: tuple[Segment, ...]
    places: tuple[PlaceView, ...]
    more: str
    inside: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class StretchView:
    """A stretch of the text as pasted: a sentence (``number``, ``verdict``) or the white space between two (0)."""

    text: str
    number: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CheckView:
    """``unlike``: sentences that are not in the library as they stand; ``alike``: those that are."""

    total: str
    counts: tuple[CountView, ...]
    stretches: tuple[StretchView, ...]
    unlike: tuple[SentenceView, ...]
    alike: tuple[SentenceView, ...]


def check_view(answer: CheckAnswer) -> CheckView:
    """The view of a checked text."""
    views = [_sentence(sentence, number) for number, sentence in enumerate(answer.sentences, 1)]
    return CheckView(
        total=labels.number(len(views)),
        counts=tuple(_count(verdict, answer) for verdict in VERDICTS if answer.counts[verdict]),
        stretches=tuple(_stretches(answer.text, answer.sentences)),
        unlike=tuple(view for view in views if view.verdict not in ("exact", "short")),
        alike=tuple(view for view in views if view.verdict == "exact"),
    )


def _count(verdict: Verdict, answer: CheckAnswer) -> CountView:
    first = next(number for number, each in enumerate(answer.sentences, 1) if each.verdict == verdict)
    anchor = f"t{first}" if verdict == "short" else f"s{first}"
    return CountView(verdict, VERDICT_LABELS[verdict], labels.number(answer.counts[verdict]), anchor)


def _stretches(text: str, sentences: Sequence[CheckedSentence]) -> list[StretchView]:
    edges = [0, *(edge for sentence in sentences for edge in sentence.span), len(text)]
    found: list[StretchView] = []
    for at, (begin, end) in enumerate(pairwise(edges)):
        number = (at + 1) // 2 if at % 2 else 0
        if begin < end:
            found.append(StretchView(text[begin:end], number, sentences[number - 1].verdict if number else "short"))
    return found


def _sentence(sentence: CheckedSentence, number: int) -> SentenceView:
    shown = len(sentence.places)
    reports = trn("{count:,} 篇报告", sentence.reports)
    more = trn("共 {count:,} 段，{reports}", sentence.blocks, reports=reports)
    is_nearest = sentence.verdict == "nearest" and sentence.similarity is not None
    return SentenceView(
        number=number,
        verdict=sentence.verdict,
        label=VERDICT_LABELS[sentence.verdict],
        note=f"{sentence.similarity:.0%}" if is_nearest else "",
        segments=tuple(sentence.segments()),
        places=tuple(_place(place) for place in sentence.places),
        more=more if sentence.blocks > shown else "",
        inside=tuple(_sentence(each, 0) for each in sentence.inside),
    )


def _place(place: Place) -> PlaceView:
    located = place.located
    block, meta = located.block, located.report.meta
    begin, end = place.span
    return PlaceView(
        title=meta.title or tr("（无题目）"),
        url=located_url(located, SearchState.of({"q": [_quoted(place.text)]})),
        unit=meta.unit or tr("单位未注明"),
        year=years_text(meta) if meta.year is not None else tr("年份未注明"),
        before=("…" if begin > len(place.before) else "") + place.before,
        text=place.text,
        after=place.after + ("…" if end + len(place.after) < len(block.text) else ""),
    )


def _quoted(text: str) -> str:
    """The query that finds ``text`` as a phrase (docs/using/query.md); none for a long one."""
    if len(text) > _QUERY_CHARACTERS:
        return ""
    return '"' + "".join("\\" + char if char in '\\*{"“”' else char for char in text) + '"'
