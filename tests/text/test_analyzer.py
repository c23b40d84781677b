"""The analyzer: jieba words, the same from both segmenters."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from searchapp.reports import read_report_file
from searchapp.text.analyzer import Analyzer, bundled_terms, dictionary_words
from searchapp.text.normalize import normalize
from searchapp.text.word_table import BulkCutter

USER_WORDS = ("三会一课", "水务", "四个意识", "园区党工委", "主体责任清单")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全面从严治党的责任", ["全面从严治党", "的", "责任"]),
        ("占比93.5%", ["占", "比", "93.5"]),
        ("2023年gdp增长", ["2023", "年", "gdp", "增长"]),
        ("cd-rom", ["cd", "rom"]),
        ("，。！**", []),
        ("", []),
        ("〇㐀龦", ["〇", "㐀", "龦"]),
    ],
)
def test_words_are_cut_and_punctuation_is_none(text: str, words: list[str]) -> None:
    analyzer = Analyzer()
    assert analyzer.words(text) == words


def test_set_phrases_of_the_genre_are_words() -> None:
    assert Analyzer().words("坚决做到两个维护落实一岗双责") == ["坚决", "做到", "两个维护", "落实", "一岗双责"]
    assert all(normalize(term) == term for term in bundled_terms())


def test_a_dictionary_file_is_read_forgivingly() -> None:
    text = "# 词表\n主體責任清單 3 n\n  园区党工委  # 机关\n\nX大学\n局\n“两个”\n"
    assert dictionary_words(text) == (["主体责任清单", "园区党工委"], ["x大学", "局", '"两个"'])


def test_user_words_stay_whole() -> None:
    assert "主体责任清单" in Analyzer(["主体责任清单"]).words("制定主体责任清单")
    assert "主体责任清单" not in Analyzer().words("制定主体责任清单")


def _paragraphs(folder: Path) -> list[str]:
    readings = [
        read_report_file(path.read_bytes(), path.name) for path in sorted(folder.iterdir()) if path.suffix == ".txt"
    ]
    return [normalize(block.text) for reading in readings for report in reading.reports for block in report.blocks]


@pytest.mark.parametrize("dictionary", [(), USER_WORDS], ids=["plain", "user words"])
def test_rjieba_and_jieba_give_the_same_words(sample_corpus: Path, dictionary: tuple[str, ...]) -> None:
    """10,000 paragraphs: the sample corpus and random splicings of its sentences, which cut words anywhere."""
    texts = _paragraphs(sample_corpus)
    chance = random.Random(11)
    while len(texts) < 10_000:
        left, right = chance.choice(texts), chance.choice(texts)
        texts.append(left[chance.randrange(len(left) + 1) :][:90] + right[: chance.randrange(len(right) + 1)][:90])
    fast, reference = Analyzer(dictionary, "rjieba"), Analyzer(dictionary, "jieba")
    differing = [text for text in texts if fast.words(text) != reference.words(text)]
    assert differing == []


@pytest.mark.long
def test_rjieba_and_jieba_give_the_same_words_on_real_reports(shared: Path) -> None:
    texts = [text for name in ("reports", "reports_real") for text in _paragraphs(shared / name)]
    fast, reference = Analyzer(USER_WORDS, "rjieba"), Analyzer(USER_WORDS, "jieba")
    assert [text for text in texts[:6000] if fast.words(text) != reference.words(text)] == []


def test_the_fingerprint_tells_dictionaries_apart_and_not_segmenters() -> None:
    assert Analyzer(backend="rjieba").fingerprint == Analyzer(backend="jieba").fingerprint
    assert Analyzer(["水务"]).fingerprint != Analyzer().fingerprint
    assert Analyzer(["水务", "四风"]).fingerprint == Analyzer(["四风", "水务"]).fingerprint


def test_a_segmenter_is_the_same_however_many_there_were_before() -> None:
    text = "学学学吉" + "".join(bundled_terms())
    words = Analyzer(USER_WORDS, "rjieba").words(text)
    for number in range(6):
        assert Analyzer(backend="rjieba").words(text) == Analyzer(backend="auto").words(text)
        assert Analyzer([f"第{'一二三四五六'[number]}类词"]).words("责任") == ["责任"]
    assert Analyzer(USER_WORDS, "rjieba").words(text) == words


_ASKING = """
import json, sys
from searchapp.text.analyzer import Analyzer
texts, dictionaries = json.load(sys.stdin)
analyzers = [Analyzer(words) for words in dictionaries]
print(json.dumps([[analyzer.words(text) for text in texts] for analyzer in analyzers]))
"""


@pytest.mark.parametrize("dictionaries", [[(), USER_WORDS], [USER_WORDS, ()]], ids=["plain first", "user words first"])
def test_queries_of_a_fresh_process_are_cut_as_texts_are(
    sample_corpus: Path, environment: dict[str, str], dictionaries: list[tuple[str, ...]]
) -> None:
    """The first segmenter of a process takes rjieba's own dictionary: neither its words nor others' change for it."""
    texts, chance = _paragraphs(sample_corpus), random.Random(7)
    for _ in range(2_000):
        text = chance.choice(texts)
        start = chance.randrange(len(text) + 1)
        texts.append(text[start : start + chance.randrange(2, 12)])
    command = [sys.executable, "-c", _ASKING]
    asked = json.dumps([texts, dictionaries])
    done = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8", input=asked)
    for words, of_queries in zip(dictionaries, json.loads(done.stdout), strict=True):
        table = BulkCutter(Analyzer(words)).cut(texts)
        cut = [table.vocabulary[number] for number in table.numbers.tolist()]
        assert of_queries == [cut[begin:end] for begin, end in pairwise(table.limits.tolist())]
