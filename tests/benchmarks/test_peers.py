"""Every peer answers right over a small corpus: otherwise its times say nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest

from benchmarks.generate import sentences
from benchmarks.passages import write_passages
from benchmarks.peers import FACETS, GAP_MOST, TEN, Passage, Query, snippet
from benchmarks.queries import QueryClass, draw_queries, with_truth
from benchmarks.registry import PEERS, Entry, missing
from benchmarks.running import running
from benchmarks.words import plain_words, with_words
from searchapp.text.normalize import normalize

BLOCKS = 150
WORDS = [name for name in PEERS if name not in ("grep", "fts5-trigram", "whoosh-stock")]
EXACT = [name for name, entry in PEERS.items() if entry.exact]

Ask = Callable[[str, Query], dict[str, object]]


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    rng = random.Random(3)
    pool = iter(sentences(3, 3 * BLOCKS))
    return [
        Passage(
            f"p{number}",
            normalize("".join(next(pool) for _ in range(rng.randint(1, 3)))),
            rng.choice(("青山市水务局", "临江市教育局", "")),
            rng.choice(("2021", "2022")),
            rng.choice(("组织建设", "作风建设")),
        )
        for number in range(BLOCKS)
    ]


@pytest.fixture(scope="module")
def ask(passages: list[Passage], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a peer in a process of its own; indexes are made when they are first needed."""
    home = tmp_path_factory.mktemp("peers")
    written = write_passages(home / "passages.jsonl", passages)
    opened: dict[str, object] = {}

    def started(entry: Entry) -> Iterator[object]:
        folder = home / entry.name
        folder.mkdir()
        entry.make(written, folder, lambda done: None)
        with running(entry, folder) as peer:
            yield peer

    processes: list[Iterator[object]] = []

    def asked(name: str, query: Query) -> dict[str, object]:
        if reason := missing(PEERS[name]):
            pytest.skip(reason)
        if name not in opened:
            processes.append(started(PEERS[name]))
            opened[name] = next(processes[-1])
        peer = opened[name]
        return peer.answer(with_words(query)) if not PEERS[name].counts_only else peer.count(with_words(query))

    yield asked
    for process in processes:
        next(process, None)


def _frequent(passages: list[Passage]) -> str:
    return max(
        (word for word in plain_words(passages[0].text) if len(word) > 1),
        key=lambda word: sum(word in plain_words(passage.text) for passage in passages),
    )


def _matching(passages: list[Passage], asked: Query) -> set[str]:
    """Ids of the blocks that hold all words, or the words of the phrase one after another, as jieba cuts both."""
    found = set()
    for passage in passages:
        words = plain_words(passage.text)
        if asked.kind == "phrase":
            sought = plain_words(asked.texts[0])
            stands = any(words[at : at + len(sought)] == sought for at in range(len(words)))
        else:
            stands = set(asked.texts) <= set(words)
        if stands and asked.unit in ("", passage.unit) and asked.year in ("", passage.year):
            found.add(passage.id)
    return found


@pytest.mark.parametrize("name", WORDS)
def test_peers_of_words_find_what_holds_the_words(name: str, ask: Ask, passages: list[Passage]) -> None:
    frequent = _frequent(passages)
    words = [word for word in plain_words(passages[0].text) if len(word) > 1]
    phrase = re.search("[\u4e00-\u9fff]{6,}", passages[0].text)
    assert phrase is not None
    unit = next(passage.unit for passage in passages if passage.unit and frequent in plain_words(passage.text))
    for asked in (
        Query((frequent,), "words"),
        Query((words[0], words[-1]), "words"),
        Query((phrase.group(),), "phrase"),
        Query((frequent,), "words", year="2022"),
        Query((frequent,), "words", unit=unit, year="2021"),
    ):
        right = _matching(passages, asked)
        given = ask(name, asked)
        assert right or asked.filtered
        assert given["total"] == len(right), asked
        assert given["in_years"] == len(right), asked
        assert len(given["ids"]) == given["snippets"] == min(TEN, len(right))
        assert set(given["ids"]) <= right


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("text", ["的", "工作", "主体责任", "体责"])
def test_peers_that_claim_exactness_find_what_stands_in_the_text(
    name: str, text: str, ask: Ask, passages: list[Passage]
) -> None:
    right = {passage.id for passage in passages if text in passage.text}
    given = ask(name, Query((text,), "phrase"))
    assert given["total"] == len(right) > 0
    assert set(given.get("ids", ())) <= right


def test_grep_counts_gaps_as_the_truth_does(ask: Ask, passages: list[Passage]) -> None:
    drawn = [of for of in draw_queries(passages, plain_words, 60, 5) if of.name == "gap"]
    (gaps,) = with_truth(passages, drawn)
    assert len(gaps.queries) > 3
    assert [ask("grep", asked)["total"] for asked in gaps.queries] == [asked.true for asked in gaps.queries]


def test_a_gap_has_a_most_and_does_not_go_over_the_end_of_a_sentence() -> None:
    texts = {"学习教育": 1, "学习了教育": 1, "学习。教育": 0, "学习..教育": 0, "学习3.5教育": 1, "教育学习": 0}
    texts |= {f"学习{'好' * GAP_MOST}教育": 1, f"学习{'好' * (GAP_MOST + 1)}教育": 0}
    for text, true in texts.items():
        given = with_truth([Passage("p", text, "", "", "")], [QueryClass("gap", "", (Query(("学习", "教育"), "gap"),))])
        assert given[0].queries[0].true == true, text


def test_a_gap_does_not_go_from_one_block_into_the_next() -> None:
    blocks = [Passage("p1", "认真学习", "", "", ""), Passage("p2", "教育工作", "", "", "")]
    given = with_truth(blocks, [QueryClass("gap", "", (Query(("学习", "教育"), "gap"),))])
    assert given[0].queries[0].true == 0


def test_queries_are_the_same_for_a_seed_and_keep_to_their_bands(passages: list[Passage]) -> None:
    drawn = draw_queries(passages, plain_words, 100, 7)
    assert drawn == draw_queries(passages, plain_words, 100, 7)
    assert drawn != draw_queries(passages, plain_words, 100, 8)
    of = {each.name: each.queries for each in drawn}
    assert Query(("的",), "phrase") in of["one character"]
    holding = {
        asked: sum(set(asked.texts) <= set(plain_words(passage.text)) for passage in passages)
        for name in ("one word, rare", "one word, frequent", "two words", "three words")
        for asked in of.get(name, ())
    }
    assert all(2 <= holding[asked] <= 20 for asked in of["one word, rare"])
    assert all(holding[asked] >= 0.02 * BLOCKS for asked in of["one word, frequent"])
    assert all(count > 0 for count in holding.values())
    assert all(asked.unit and asked.year for asked in of["filtered by unit and year"])


def test_a_snippet_shows_what_is_sought() -> None:
    text = "前" * 300 + "主体责任" + "后" * 300
    assert "<b>主体责任</b>" in snippet(text, ["没有", "主体责任"])
    assert len(snippet(text, ["主体责任"])) < 200
    assert snippet("没有", ["主体责任"]) == "没有"


def test_every_facet_is_one_of_a_passage() -> None:
    assert set(FACETS) <= set(Passage.__slots__)
