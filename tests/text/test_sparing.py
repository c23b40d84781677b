"""A segmenter that knows only the words of what it cuts cuts as one that knows the whole dictionary."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.text import sparing
from searchapp.text.analyzer import Analyzer, bundled_terms
from searchapp.text.normalize import normalize
from searchapp.text.sparing import LONGEST, DictionaryFile, SparingSegmenter

USER_WORDS = ("三会一课", "主体责任清单", "园区党工委", "水务", "高富帅", "责任")
"""New ones, and two of the dictionary."""
_HAN = re.compile("[\u4e00-\u9fd5]+")
WHOLE = {words: Analyzer(words, "rjieba") for words in ((), USER_WORDS)}
SPARING = {words: SparingSegmenter(sorted({*bundled_terms(), *words})) for words in WHOLE}


def _runs(folder: Path) -> list[str]:
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in sorted(folder.rglob("*.txt"))]
    return sorted({run for text in texts for run in _HAN.findall(normalize(text))})


@pytest.mark.parametrize("words", WHOLE, ids=["plain", "user words"])
def test_runs_of_reports_and_splicings_of_them_are_cut_alike(sample_corpus: Path, words: tuple[str, ...]) -> None:
    runs = _runs(sample_corpus)
    chance = random.Random(7)
    for _ in range(6_000):
        left, right = chance.choice(runs), chance.choice(runs)
        runs.append(left[chance.randrange(len(left)) :][:12] + right[: chance.randrange(1, 12)])
    differing = [run for run in runs if list(SPARING[words].cut(run)) != WHOLE[words].words(run)]
    assert differing == []


def test_runs_of_real_reports_are_cut_alike(shared: Path) -> None:
    runs = random.Random(7).sample(_runs(shared / "reports_real"), 8_000)
    assert [run for run in runs if list(SPARING[()].cut(run)) != WHOLE[()].words(run)] == []


@given(st.lists(st.sampled_from("吉林工业大学高富帅姓名一不的责任龥党建领引"), max_size=12).map("".join))
@settings(max_examples=300)
def test_any_characters_are_cut_alike(run: str) -> None:
    for words, segmenter in SPARING.items():
        assert list(segmenter.cut(run)) == WHOLE[words].words(run)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), max_size=8))
@settings(max_examples=200)
def test_rare_characters_are_cut_alike(run: str) -> None:
    assert list(SPARING[()].cut(run)) == WHOLE[()].words(run)


def test_every_word_of_the_dictionary_is_looked_up_with_its_frequency() -> None:
    import jieba

    with jieba.get_dict_file() as file:
        lines = file.read().decode("utf-8").splitlines()
    entries = [(word, int(often)) for word, often, _ in map(str.split, lines) if _HAN.fullmatch(word)]
    assert sum({word: int(often) for word, often, _ in map(str.split, lines)}.values()) == sparing._FREQUENCIES
    out_of_order = {"吉林工业大学", "吉林", "高富帅", "高姓大名"}
    sample = random.Random(7).sample(entries, 10_000) + [each for each in entries if each[0] in out_of_order]
    dictionary = DictionaryFile()
    assert [(word, often) for word, often in sample if dict(dictionary.words_in(word)).get(word) != often] == []


@pytest.mark.parametrize("words", WHOLE, ids=["plain", "user words"])
def test_where_two_ways_to_cut_are_as_likely_the_same_is_taken(words: tuple[str, ...]) -> None:
    """学·学学 and 学学·学: rounding decides, and it hangs on the sum of all frequencies to the last bit."""
    doubled = "一二三四五六七八九十学人大天红绿爸妈哥姐弟妹看想谈走笑"
    pairs = [(one, other) for one in doubled for other in doubled]
    runs = [run for one, other in pairs for run in (one * 3 + other, other + one * 5, one * 4 + other * 3)]
    assert [run for run in runs if list(SPARING[words].cut(run)) != WHOLE[words].words(run)] == []


def test_what_was_cut_before_changes_nothing() -> None:
    runs = ["责任清单", "全面从严治党", "推进党的建设", "主体责任清单", "高富帅", "水务局"]
    again = SparingSegmenter(sorted({*bundled_terms(), *USER_WORDS}))
    assert [again.cut(run) for run in reversed(runs)] == [SPARING[USER_WORDS].cut(run) for run in runs][::-1]


def test_threads_share_a_segmenter(sample_corpus: Path) -> None:
    runs, shared_by_all = _runs(sample_corpus)[:2_000], SparingSegmenter(bundled_terms())
    with ThreadPoolExecutor(8) as pool:
        for found in [pool.submit(lambda: [list(shared_by_all.cut(run)) for run in runs]) for _ in range(8)]:
            assert found.result() == [WHOLE[()].words(run) for run in runs]


def test_long_runs_and_other_characters_are_cut_alike() -> None:
    text = "2023年gdp增长93.5%，" + "坚持以党的建设为统领压实管党治党责任推动各项工作落地见效" * 5 + "。〇㐀"
    assert max(map(len, _HAN.findall(text))) > LONGEST
    for words, whole in WHOLE.items():
        assert Analyzer(words, sparing=True).words(text) == whole.words(text)


def test_another_dictionary_than_the_known_one_is_loaded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparing, "_BYTES", 1)
    with pytest.raises(sparing.UnexpectedInsideError):
        SparingSegmenter(())
    words = ("另一部词典",)
    assert Analyzer(words, sparing=True).words("另一部词典的词") == Analyzer(words).words("另一部词典的词")


def test_short_texts_load_no_dictionary(environment: dict[str, str]) -> None:
    program = (
        "import sys\n"
        "from searchapp.text.analyzer import Analyzer, _segmenter\n"
        "analyzer = Analyzer(['主体责任清单'], sparing=True)\n"
        "assert analyzer.words('落实主体责任清单，93.5%') == ['落实', '主体责任清单', '93.5']\n"
        "assert not {'jieba', 'rjieba'} & set(sys.modules), 'importing rjieba reads the dictionary'\n"
        "assert not _segmenter.cache_info().currsize\n"
        "assert analyzer.words('党' * 61) and _segmenter.cache_info().currsize\n"
    )
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
