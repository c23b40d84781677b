"""Promise 1, decided from outside: a quoted phrase returns exactly the blocks that contain it, and counts are exact.

Imports nothing of searchapp but the service and its wiring: its own fold and Python's ``in`` decide. Mutating the
normalizer or the matcher must turn this file red.
"""

from __future__ import annotations

import functools
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import opencc
import pytest
from msgspec import to_builtins

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.services.payloads.encode import answer_json
from searchapp.services.search import search
from searchapp.wiring import index_sources, open_library

PHRASES = 500
PAGED_HITS = 300
simplify = opencc.OpenCC("t2s").convert
Search = Callable[..., dict[str, Any]]


@functools.cache
def fold_character(char: str) -> str:
    return simplify(unicodedata.normalize("NFKC", char).lower())


@functools.lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Ten lines of its own: compatibility forms, case, traditional characters, quotes, dashes, white space."""
    text = "".join(fold_character(char) for char in text)
    text = re.sub("[“”„‟「」『』«»〝〞〟]", '"', text)
    text = re.sub("[‘’‚‛‹›]", "'", text)
    text = re.sub("[‐‑‒–—―−﹣⸺⸻─━]", "-", text)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cs") or char.isspace())
    text = re.sub(r"(?<=[a-z0-9])\s+(?=[a-z0-9])", "\0", text)
    return re.sub(r"\s+", "", text).replace("\0", " ")


def searchable(hit: dict[str, Any]) -> str:
    """A block's text without the marks that are shown but not part of it."""
    marked = {at for start, end in hit["marks"] for at in range(start, end)}
    return "".join(char for at, char in enumerate(hit["text"]) if at not in marked)


def count(text: str, phrase: str) -> int:
    times, at = 0, text.find(phrase)
    while at >= 0:
        times, at = times + 1, text.find(phrase, at + 1)
    return times


def quoted(phrase: str) -> str:
    return '"' + re.sub(r'([*{"“”\\])', r"\\\1", phrase) + '"'


@pytest.fixture(scope="module", params=["corpus", "reports", pytest.param("reports_real", marks=pytest.mark.long)])
def indexed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Search:
    """The service over an index of the sample corpus, the eleven reports, the 156 government reports."""
    checkout = Path(__file__).resolve().parents[1]
    folder = checkout / "corpus" if request.param == "corpus" else checkout.parent / "shared" / request.param
    if not folder.is_dir():
        pytest.skip(f"{request.param} is not beside the checkout")
    settings = Settings(tmp_path_factory.mktemp("exact") / "index")
    index_sources(settings, IndexingOptions([folder]))
    library = open_library(settings.index)
    return lambda **params: to_builtins(
        answer_json(
            search(library, {name: value if isinstance(value, list) else [value] for name, value in params.items()})
        )
    )


def every(ask: Search, **params: Any) -> Iterator[dict[str, Any]]:
    page = 1
    while hits := ask(page=str(page), per_page="100", **params)["hits"]:
        yield from hits
        page += 1


def test_phrases_return_exactly_the_blocks_that_contain_them(indexed: Search) -> None:
    blocks = {hit["paragraph_id"]: hit for hit in every(indexed, block="all")}
    folded = {known: fold(searchable(hit)) for known, hit in blocks.items()}
    apart = {known for known, hit in blocks.items() if hit["block"] in ("annex", "note")}
    chance = random.Random(2)
    texts = [searchable(hit) for hit in blocks.values()]
    checked = 0
    while checked < PHRASES:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        phrase = text[start : start + chance.randint(1, 12)]
        if not fold(phrase):
            continue
        checked += 1
        expected = {known: times for known, of in folded.items() if (times := count(of, fold(phrase)))}
        searched = {known: times for known, times in expected.items() if known not in apart}
        answer = indexed(q=quoted(phrase), per_page="100")
        assert answer["total"] == len(searched), phrase
        assert answer["counts"]["occurrences"] == sum(searched.values()), phrase
        assert answer["apart"] == len(expected) - len(searched), phrase
        assert len({blocks[known]["report_id"] for known in searched}) == answer["counts"]["reports"], phrase
        for hit in answer["hits"]:
            assert hit["occurrences"] == expected[hit["paragraph_id"]], phrase
            assert len(hit["highlights"]) == hit["occurrences"], phrase
            for begin, end in hit["highlights"]:
                inside = [
                    [max(0, at - begin), max(0, to - begin)] for at, to in hit["marks"] if at < end and to > begin
                ]
                shown = fold(searchable({"text": hit["text"][begin:end], "marks": inside}))
                # One character may stand for several (⑵ for (2)): then the whole of it is shown.
                assert shown == fold(phrase) or (fold(phrase) in shown and end - begin <= len(fold(phrase))), phrase
        if checked % 10 == 0 and len(searched) <= PAGED_HITS:
            assert {hit["paragraph_id"] for hit in every(indexed, q=quoted(phrase))} == set(searched), phrase


def test_a_plain_word_misses_no_block_that_contains_it(indexed: Search) -> None:
    blocks = {hit["paragraph_id"]: fold(searchable(hit)) for hit in every(indexed, block="all")}
    chance = random.Random(3)
    texts = [text for text in blocks.values() if len(text) > 20]
    for _ in range(40):
        text = chance.choice(texts)
        start = chance.randrange(len(text) - 6)
        word = re.sub(r'[\s"“”*\\:：|^-]', "", text[start : start + chance.randint(1, 6)])
        if not word or word in ("not", "非", "and", "且", "or", "或", "near", "pre"):
            continue
        found = {hit["paragraph_id"] for hit in every(indexed, q=word, block="all")}
        assert {known for known, of in blocks.items() if word in of} <= found, word


def test_gaps_nearness_and_the_blind_reading_are_exact(indexed: Search) -> None:
    """Regular expressions over the folded text say the same."""
    blocks = {
        hit["paragraph_id"]: fold(searchable(hit))
        for hit in every(indexed, block="all")
        if hit["block"] not in ("annex", "note")
    }
    bare = {
        known: "".join(char for char in text if unicodedata.category(char)[0] not in "PZ")
        for known, text in blocks.items()
    }
    chance = random.Random(4)
    texts = [text for text in blocks.values() if len(text) > 40]
    for _ in range(60):
        text = chance.choice(texts)
        at = chance.randrange(len(text) - 40)
        first = text[at : at + chance.randint(1, 4)]
        start = at + len(first) + chance.randint(0, 14)
        second = text[start : start + chance.randint(1, 4)]
        if not (fold(first) == first and fold(second) == second):
            continue
        a, b = re.escape(first), re.escape(second)
        end = r"(?:[^。!?;⋯.]|(?<!\.)\.(?!\.))"
        queries = {
            f"{quoted(first)[:-1]}*{quoted(second)[1:]}": (rf"(?={a}{end}{{0,12}}{b})", blocks),
            f"{quoted(first)[:-1]}{{2,30}}{quoted(second)[1:]}": (rf"(?={a}{end}{{2,30}}{b})", blocks),
            f"{quoted(first)} PRE/9 {quoted(second)}": (near_pattern(a, b, len(first), 9), blocks),
        }
        for query, (pattern, of) in queries.items():
            expected = {known: len(re.findall(pattern, text)) for known, text in of.items()}
            answer = indexed(q=query)
            assert answer["total"] == sum(1 for times in expected.values() if times), query
            assert answer["counts"]["occurrences"] == sum(expected.values()), query
        stretch = text[at : at + 9]
        without = "".join(char for char in stretch if unicodedata.category(char)[0] not in "PZ")
        if fold(stretch) == stretch and without:
            expected = {known: count(text, without) for known, text in bare.items()}
            answer = indexed(q=quoted(stretch), punct="ignore")
            assert answer["total"] == sum(1 for times in expected.values() if times), stretch
            assert answer["counts"]["occurrences"] == sum(expected.values()), stretch
            exact = indexed(q=quoted(stretch))
            assert exact["punctuation"] == answer["total"] - exact["total"], stretch


def near_pattern(first: str, second: str, size: int, distance: int) -> str:
    """Starts of ``first`` behind whose beginning ``second`` begins, at most ``distance`` characters after its end."""
    return rf"(?={first})(?=.{{1,{size + distance}}}{second})"


def test_the_eleven_reports_hold_the_phrase_as_often_as_their_source(shared: Path, tmp_path: Path) -> None:
    """25 occurrences in 23 blocks: titles and headings are blocks too, the contents list is none."""
    settings = Settings(tmp_path / "index")
    index_sources(settings, IndexingOptions([shared / "reports"]))
    lines = [
        line
        for path in sorted((shared / "reports").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    answer = answer_json(search(open_library(settings.index), {"q": ['"两个维护"']}))
    assert answer.total == sum("两个维护" in line for line in lines) == 23
    assert answer.counts.occurrences == sum(line.count("两个维护") for line in lines) == 25
