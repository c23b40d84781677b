"""Citing and excerpts over HTTP: sources as they are written, documents that open, hostile input that does nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt
from werkzeug.test import TestResponse

from searchapp.reports.model import Report
from searchapp.services.citation.excerpts import MAX_EXCERPTS, MAX_NOTE_CHARACTERS
from searchapp.web.api.citation import MAX_BODY_BYTES

from .samples import HOSTILE, hostile, plans

WATER = "aaaaaaaaaaaa00000023"
TEXT = "全年以党建引领业务，党建工作扎实，做到“两个维护”。"
ClientWith = Callable[[Sequence[Report]], FlaskClient]


def take(client: FlaskClient, sent: Any, name: str = "txt") -> TestResponse:
    return client.post(f"/api/v1/excerpts?format={name}", json=sent)


def test_a_paragraph_is_cited_in_both_forms(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/cite?paragraph={WATER}-k4").get_json()
    assert answer["text"].endswith(TEXT) and answer["span"] == [0, len(answer["text"])] and not answer["moved"]
    official = "（甲县水务局党组，2023年，《甲县水务局党组2023年工作报告》第一部分第（一）点）"
    assert answer["citation"]["official"] == official
    reference = answer["citation"]["gbt7714"]
    assert reference.startswith("甲县水务局党组. 甲县水务局党组2023年工作报告[R/OL]. [2023][")
    assert reference.endswith(f"]. http://localhost/p/{WATER}-k4.")
    assert answer["url"] == f"/reports/{WATER}#p-k4"


def test_of_a_long_paragraph_the_sentence_is_cited(plans_client: FlaskClient) -> None:
    text = plans()[0].blocks[4].text
    at = text.index("除险加固")
    answer = plans_client.get(f"/api/v1/cite?paragraph=eeee01-e5&start={at}&end={at + 4}").get_json()
    start, end = answer["span"]
    assert answer["text"] == text[start:end] and answer["text"].startswith("坚持除险加固，") and end - start < 40


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("", 400, "paragraph"),
        ("paragraph=nothing", 404, None),
        (f"paragraph={WATER}-k4&start=1", 400, "end"),
        (f"paragraph={WATER}-k4&start=x&end=2", 400, "start"),
        (f"paragraph={WATER}-k4&start=-1&end=2", 400, "start"),
        (f"paragraph={WATER}-k4&start=5&end=2", 400, "end"),
        (f"paragraph={WATER}-k4&start=0&end=99999", 400, "end"),
        (f"paragraph={WATER}-k4&start={'9' * 5000}&end=2", 400, "start"),
    ],
)
def test_what_cannot_be_cited_is_a_problem(client: FlaskClient, query: str, status: int, parameter: str | None) -> None:
    response = client.get(f"/api/v1/cite?{query}")
    assert response.status_code == status
    assert response.get_json().get("parameter") == parameter


def test_plain_text_holds_passage_note_source_and_link(client: FlaskClient) -> None:
    start = 10
    entry = {"paragraph_id": f"{WATER}-k4", "start": start, "end": start + 9, "note": "可用\r\n再核对"}
    response = take(client, [entry])
    assert response.content_type == "text/plain; charset=utf-8"
    assert unquote(response.headers["Content-Disposition"]).endswith("filename*=UTF-8''摘录.txt")
    text = client.get(f"/api/v1/blocks/{WATER}-k4").get_json()["text"]
    assert f"　　{text[start : start + 9]}\n批注：可用\n再核对\n出处：（甲县水务局党组，2023年，" in response.text
    assert f"链接：http://localhost/p/{WATER}-k4" in response.text


def test_a_word_document_holds_the_same_and_opens(client: FlaskClient) -> None:
    sent = {"excerpts": [{"paragraph_id": f"{WATER}-k4", "note": "可用"}, {"paragraph_id": f"{WATER}-k5"}]}
    response = take(client, sent, "docx")
    assert response.status_code == 200 and response.content_type.startswith("application/vnd.openxmlformats")
    document = docx.Document(io.BytesIO(response.data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:3] == ["摘录", "1. （一）坚持党建引领。", f"（一）坚持党建引领。{TEXT}"]
    assert "批注：可用" in texts and "供水改革［15］取得进展。" in texts
    assert sum(text.startswith("（甲县水务局党组，2023年，") for text in texts) == 2
    assert {paragraph.style.name for paragraph in document.paragraphs} == {
        "Title",
        "Heading 2",
        "摘录原文",
        "摘录批注",
        "摘录出处",
    }
    links = [each.target_ref for each in document.part.rels.values() if each.is_external]
    assert links == [f"http://localhost/p/{WATER}-k4", f"http://localhost/p/{WATER}-k5"]


def test_ids_that_lead_nowhere_are_told_and_stop_nothing(client: FlaskClient) -> None:
    sent = [{"paragraph_id": "nothing-1"}, {"paragraph_id": f"{WATER}-k5", "start": 900, "end": 999}]
    for name in ("txt", "md"):
        text = take(client, sent, name).text
        assert "有 1 条摘录的段落已不在库中：nothing-1" in text and "取得进展。" in text
    assert "nothing-1" in docx_text(take(client, sent, "docx"))
    assert take(client, sent[:1]).status_code == 404


def docx_text(response: TestResponse) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(response.data)).paragraphs)


def test_markup_in_notes_and_reports_stays_text(client_with: ClientWith) -> None:
    client = client_with([hostile()])
    note = f"{HOSTILE}\n# 题\n- 项\n1. 项\n[x](javascript:alert(1)) `a` **b** | &lt;\n> 引\n==="
    sent = [{"paragraph_id": "cccc00-h2", "note": note}]
    html = MarkdownIt("commonmark").render(take(client, sent, "md").text)
    assert "<script" not in html and "javascript:" not in html.replace("(javascript:", "")
    for element in ("<ul", "<ol", "<code", "<h3", "<h1>题"):
        assert element not in html
    assert html.count("<a ") == 1 and html.count("<strong>") == 1
    assert f"党建{HOSTILE}党建" in docx_text(take(client, sent, "docx"))


def test_any_code_point_can_stand_in_a_note(client: FlaskClient) -> None:
    body = json.dumps([{"paragraph_id": f"{WATER}-k4", "note": "\x00\x0b\ud800\uffff\U0001f600字"}])
    for name in ("docx", "md", "txt"):
        response = client.post(f"/api/v1/excerpts?format={name}", data=body, content_type="application/json")
        assert response.status_code == 200 and response.data
    response = client.post("/api/v1/excerpts", data=body, content_type="application/json")
    assert "\U0001f600字" in docx_text(response)
    assert zipfile.ZipFile(io.BytesIO(response.data)).testzip() is None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], "空"),
        ({}, "列表"),
        ("x", "列表"),
        ([3], "第 1 条"),
        ([{}], "段落编号"),
        ([{"paragraph_id": 3}], "段落编号"),
        ([{"paragraph_id": "x" * 1000}], "段落编号"),
        ([{"paragraph_id": "a-b", "note": 3}], "批注"),
        ([{"paragraph_id": "a-b", "note": "字" * (MAX_NOTE_CHARACTERS + 1)}], "太长"),
        ([{"paragraph_id": "a-b", "start": 1}], "起止"),
        ([{"paragraph_id": "a-b", "start": True, "end": 3}], "起止"),
        ([{"paragraph_id": "a-b", "start": 3, "end": 3}], "起止"),
        ([{"paragraph_id": "a-b", "start": -1, "end": 1.5}], "起止"),
    ],
)
def test_what_is_no_list_of_excerpts_is_a_problem(client: FlaskClient, sent: Any, told: str) -> None:
    response = take(client, sent)
    assert response.status_code == 400
    assert response.content_type.startswith("application/problem+json") and told in response.get_json()["detail"]


def test_too_much_is_refused(client: FlaskClient) -> None:
    entry = {"paragraph_id": f"{WATER}-k4"}
    assert take(client, [entry] * 10_000).status_code == 413
    assert take(client, [entry] * (MAX_EXCERPTS + 1)).status_code == 413
    response = client.post("/api/v1/excerpts", data=b"[" * (MAX_BODY_BYTES + 1), content_type="application/json")
    assert response.status_code == 413
    assert take(client, [entry] * MAX_EXCERPTS, "md").text.count("[查看原文]") == MAX_EXCERPTS


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 9999, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[]", "text/plain", 415),
    ],
)
def test_other_bodies_are_problems(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    assert client.post("/api/v1/excerpts", data=body, content_type=kind).status_code == status


def test_unknown_formats_are_told(client: FlaskClient) -> None:
    response = take(client, [], "exe")
    assert response.status_code == 400 and response.get_json()["parameter"] == "format"
    assert client.get("/api/v1/excerpts").status_code == 405


def test_a_report_without_title_is_named_by_its_file(client_with: ClientWith) -> None:
    bare = replace(hostile(), meta=replace(hostile().meta, title="", unit=None))
    text = take(client_with([bare]), [{"paragraph_id": "cccc00-h2"}]).text
    assert "None" not in text and "（《" in text
