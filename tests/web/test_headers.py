"""Every answer carries the headers that keep foreign and inline code out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import searchapp.web
from searchapp.services.library import Library
from searchapp.web import create_app, template_folder

from .samples import library, water_2023


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=党建",
        "/search?page=x",
        "/reports",
        "/help",
        "/p/aaaaaaaaaaaa00000023-k4",
        "/nowhere",
        "/static/style.css",
        "/api/v1/stats",
    ],
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    response.close()


def test_templates_hold_no_inline_style_or_script() -> None:
    for template in template_folder().glob("*.html"):
        text = template.read_text(encoding="utf-8")
        text = re.sub(r'<script type="module" src="\{\{[^}]*js/\w+\.js[^}]*\}\}"></script>', "", text)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|\|\s*safe", text), template.name


def test_the_stylesheet_asks_no_other_host() -> None:
    folder = Path(searchapp.web.__file__).parent / "static"
    for file in (path for path in folder.rglob("*") if path.is_file()):
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]|@import|url\(", text), file.name


def test_the_interface_speaks_chinese() -> None:
    markup = r"\{% block page %\}.*?\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}|<code>.*?</code>|<[^>]*>"
    for template in template_folder().glob("*.html"):
        text = re.sub(markup, "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub("JavaScript|Markdown|Word", "", text)  # names of things
        assert not re.search(r"[A-Za-z]{2,}", text), template.name


def test_an_application_can_be_served_below_a_path() -> None:
    held: Library = library([water_2023()])
    client = create_app(lambda: held, {"APPLICATION_ROOT": "/s"}).test_client()
    page = client.get("/search?q=党建", base_url="http://localhost/s/").text
    links = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    assert links
    assert all(link.startswith("/s/") for link in links)
