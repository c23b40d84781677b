"""In English every page is English: Chinese stands only in what is marked as the corpus's own, or is quoted.

Pages are crawled over the sample corpus, a page of each shape. Attributes and titles cannot be marked: there the names
that reports have are taken away first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.web import create_app
from searchapp.wiring import index_sources, library_handle

HAN = re.compile("[\u3400-\u9fff\u3001-\u301f\uff00-\uffef]")
QUOTED = re.compile("“[^”]*”")
READ_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-done", "data-failed", "data-suggestions-label")
MOST_PAGES = 80
"""Looked at in all: those below, then one of each path (ids aside) with the same parameters."""
STARTS = (
    "/",
    "/?rows=all",
    "/help",
    "/basket",
    "/check",
    "/check?text=坚决做到两个维户。压紧压实主体责任。好。",
    "/compare",
    "/reports?text=nothing&year=2023",
    "/reports?year=2023&kind=主体责任报告",
    "/reports/nothing",
    "/nowhere",
    "/search",
    "/search?q=主体责任",
    "/search?q=党建+引领&group=report&explain=true&fold=true",
    "/search?q=两个唯护",
    "/search?q=nothing+at+all&unit=none&section=none",
    "/search?q=党建&page=999",
    "/search?q=党建&view=kwic&page=999",
    "/search?q=党建&sort=best",
    "/search?q=党建&block=heading&block=annex&year_from=2023&not_unit=临溪区委&synonyms=true&match=any",
    "/search?q=党建 NEAR/1 群众",
    "/search?q=AND+(+)+year:x+%22党%22^99+NEAR+“开{9,1}展”",
    "/search?q=“开展*教育”&fillers=true",
    "/search?q=学习&view=kwic&sort=left",
    "/search?q=学习&view=headings",
    "/overview?q=学习&with=教育&by=share",
)


ASKED_FOR = {"学习", "教育", "主体责任", "党建"}
"""Of the pages above, what stands in labels of a drawing."""


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> FlaskClient:
    """A reader of English, of the sample corpus."""
    settings = Settings(tmp_path_factory.mktemp("english") / "index")
    index_sources(settings, IndexingOptions([sample_corpus]))
    client = create_app(library_handle(settings).current).test_client()
    client.set_cookie("searchapp_language", "en")
    return client


@pytest.fixture(scope="module")
def names(english: FlaskClient) -> list[str]:
    """What reports are called and come from, the longest first."""
    found: set[str] = set()
    for report in english.get("/api/v1/reports?limit=500").get_json()["reports"]:
        values = (report[name] for name in ("title", "unit", "kind", "department"))
        found |= {value for value in values if value} | {source["file"] for source in report["sources"]}
    return sorted(found | ASKED_FOR, key=len, reverse=True)


def foreign(page: html.HtmlElement, names: list[str]) -> Iterator[str]:
    """Chinese that a reader of English meets without a mark."""

    def bare(text: str) -> str:
        for name in names:
            text = text.replace(name, "")
        return QUOTED.sub("", text)

    def look(element: html.HtmlElement, of_corpus: bool) -> Iterator[str]:
        if not isinstance(element.tag, str):
            return
        tag = element.get("lang")
        of_corpus = of_corpus if tag is None else tag.startswith("zh")
        if not of_corpus:
            texts = [element.text or "", *(child.tail or "" for child in element)]
            if element.tag == "title":
                texts = [bare(texts[0].rpartition(" — ")[2])]
            for text in texts:
                if element.tag != "textarea" and HAN.search(QUOTED.sub("", text)):
                    yield f"<{element.tag}> {text.strip()[:80]}"
            for name in READ_ATTRIBUTES:
                if HAN.search(bare(element.get(name, ""))):
                    yield f"<{element.tag} {name}> {element.get(name)[:80]}"
        for child in element:
            yield from look(child, of_corpus)

    yield from look(page, False)


def shape(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address.partition("#")[0])
    path = re.sub(r"^/(reports|p)/[^/]+", r"/\1/…", parts.path)
    return path, tuple(sorted({name for name, _ in parse_qsl(parts.query)}))


def test_every_page_is_english(english: FlaskClient, names: list[str]) -> None:
    waiting, seen, told = list(STARTS), set(map(shape, STARTS)), {}
    looked_at = 0
    while waiting and looked_at < MOST_PAGES:
        address = waiting.pop(0)
        response = english.get(address)
        if response.mimetype != "text/html":
            continue
        looked_at += 1
        assert response.status_code in (200, 300, 400, 404)
        page = html.fromstring(response.data)
        assert page.get("lang") == "en"
        for each in foreign(page, names):
            told.setdefault(each, address)
        for link in page.xpath("//a/@href"):
            if link.startswith("/") and not link.startswith("/language/") and shape(link) not in seen:
                seen.add(shape(link))
                waiting.append(link)
    assert looked_at > len(STARTS)
    assert not told, "\n".join(f"{each}   {address}" for each, address in told.items())


def test_a_sent_text_is_checked_in_english(english: FlaskClient, names: list[str]) -> None:
    for text in ("", "坚决做到“两个维护”。落实主体责任。", "长" * 20_001):
        page = html.fromstring(english.post("/check", data={"text": text}).data)
        assert not list(foreign(page, names))


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search?q=党建&page=x",
        "/api/v1/search?q=党建&nonsense=1",
        "/api/v1/search?q=两个唯护",
        "/api/v1/search?q=党建&year=1900",
        "/api/v1/facets?q=党建",
        "/api/v1/suggest?q=党&limit=0",
        "/api/v1/suggest?q=党&format=opensearch",
        "/api/v1/reports?sort=x",
        "/api/v1/reports/nothing",
        "/api/v1/blocks/nothing",
        "/api/v1/kwic?q=unit:x",
        "/api/v1/cite",
        "/api/v1/compare",
        "/api/v1/export?format=x",
        "/api/v1/headings?depth=x",
    ],
)
def test_what_the_api_tells_is_english(english: FlaskClient, address: str) -> None:
    def told(value: object, name: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from told(each, key)
        elif isinstance(value, list):
            for each in value:
                yield from told(each, name)
        elif isinstance(value, str) and name in ("message", "detail", "title", "label"):
            yield value

    answer = english.get(address).get_json(force=True)
    if isinstance(answer, list):
        assert answer[2] and all(each.endswith((" paragraph", " paragraphs")) for each in answer[2])
        return
    answer.pop("hits", None)
    if "facets" in answer:
        labels = [each["label"] for values in answer["facets"].values() for each in values if each["value"] == "none"]
        assert not HAN.search("".join(labels))
        del answer["facets"]
    assert not HAN.search(QUOTED.sub("", " ".join(told(answer))))
