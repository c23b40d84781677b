"""The quote checker: nothing is found that is not there, nothing missed that is, and differences are the right ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError, RequestError
from searchapp.search.request import SearchRequest
from searchapp.search.result import LocatedBlock
from searchapp.search.schema import ALL_KINDS
from searchapp.services.library import Library
from searchapp.services.quote_check import nearest as nearest_wording
from searchapp.services.quote_check.check import check, draft_text, plain_text
from searchapp.services.quote_check.differences import wording
from searchapp.services.quote_check.sentences import MAX_SENTENCE_CHARACTERS, quotation_spans, sentence_spans
from searchapp.services.quote_check.values import CheckedSentence
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind
from tests.indexes import index, opened, report_text, write
from tests.test_exact_phrases import fold

PUNCTUATION = "，。、；：！“”（）—"
DAMAGED = 60


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("checking")
    files = {
        "a.txt": report_text(
            "市水务局党组",
            2023,
            "一是坚持人民至上，全年供水保障率达到99.5%，办结信访事项128件，新建管网112公里并全部通水。二是纠治四风，做到“两个维护”。",
            "江山就是人民，人民就是江山。",
            "附件：任务清单",
            "1.完成河道清淤任务三项并通过验收",
        ),
        "b.txt": report_text("区委", 2022, "江山就是人民、人民就是江山；守江山守的是人民的心。"),
    }
    write(place / "in", files)
    index(place / "ix", place / "in")
    return opened(place / "ix")


@pytest.fixture(scope="module")
def corpus(sample_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("checked-corpus")
    index(place / "ix", sample_corpus)
    return opened(place / "ix")


@pytest.fixture(scope="module")
def texts(corpus: Library) -> list[str]:
    """Every block of the sample corpus without marks in it."""
    return [block.text for report in corpus.reader.iterate() for block in report.blocks if not block.marks]


def only(library: Library, text: str) -> CheckedSentence:
    (sentence,) = check(library, text).sentences
    return sentence


def told(sentence: CheckedSentence) -> str:
    """The sentence with its differences, as the command line marks them."""
    marks = {"same": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in sentence.segments())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("甲。乙！丙？丁；戊", ["甲。", "乙！", "丙？", "丁；", "戊"]),
        ("他说：“好。”我说：“不！”", ["他说：“好。”", "我说：“不！”"]),
        ("（见附件。）第二句……第三句", ["（见附件。）", "第二句……", "第三句"]),
        ("一、\n  标题\r\n\r\n正文\u2028尾", ["一、", "标题", "正文", "尾"]),
        ('他说"好。"又说"不。"', ['他说"好。"', '又说"不。"']),
        ('好。"不"', ["好。", '"不"']),
        ("增长5.2%，达到1.5倍。", ["增长5.2%，达到1.5倍。"]),
        ("真的吗？！是的", ["真的吗？！", "是的"]),
        ("　\n \n", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[begin:end] for begin, end in sentence_spans(text)] == sentences


@given(st.text(st.sampled_from('甲乙。！；…，“”"）\n\r 　a.'), max_size=60) | st.text(max_size=40))
def test_sentences_put_together_are_the_text(text: str) -> None:
    spans = list(sentence_spans(text))
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        assert not text[begin:end].strip()
    assert all(begin < end for begin, end in spans)


def test_a_stretch_without_an_end_is_cut_at_commas() -> None:
    text = "很长的一段，" * 400
    spans = list(sentence_spans(text))
    assert len(spans) > 1
    assert all(end - begin <= MAX_SENTENCE_CHARACTERS and text[end - 1] == "，" for begin, end in spans)


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("他说“甲‘乙’丙”，又说「丁」。", ["甲‘乙’丙", "丁"]),
        ("强调：“外“内”外”。", ["外“内”外"]),
        ("强调：“没有完。", ["没有完。"]),
        ("这里才完。”他说", ["这里才完。"]),
        ('他说"甲"和"乙"', ["甲", "乙"]),
        ("没有引号", []),
    ],
)
def test_quotations_are_what_stands_between_marks(sentence: str, quoted: list[str]) -> None:
    assert [sentence[begin:end] for begin, end in quotation_spans(sentence)] == quoted


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("江山就是人民，人民就是江山。", "exact"),
        ("江山就是人民", "exact"),
        ("「江山就是人民", "punctuation"),
        ("江山就是人民：人民就是江山", "punctuation"),
        ("江山就是人民人民就是江山", "punctuation"),
        ("江山就是人民，人民就是社稷。", "nearest"),
        ("完成河道清淤任务三项并通过验收", "exact"),  # stands in an annex
        ("１．完成河道清淤任務三項", "exact"),  # other forms of the same characters
        ("天边飞过一群不知名的白鸟", "absent"),
        ("一、", "short"),
        ("四风。", "short"),
    ],
)
def test_each_sentence_gets_its_verdict(library: Library, text: str, verdict: str) -> None:
    assert only(library, text).verdict == verdict


def test_counts_and_spans_are_those_of_the_whole_text(library: Library) -> None:
    text = "一、\n 江山就是人民，人民就是江山。天边飞过一群不知名的白鸟！"
    answer = check(library, text)
    assert answer.counts == {"exact": 1, "punctuation": 0, "nearest": 0, "absent": 1, "short": 1}
    assert [text[slice(*sentence.span)] for sentence in answer.sentences] == [each.text for each in answer.sentences]


def test_an_exact_find_names_blocks_reports_and_the_stretch(library: Library) -> None:
    found = only(library, "人民就是江山")
    assert (found.blocks, found.reports) == (2, 2)
    assert {place.located.report.meta.year for place in found.places} == {2022, 2023}
    assert {place.text for place in found.places} == {"人民就是江山"}
    assert not found.differences and found.similarity == 1.0


def test_of_places_that_differ_in_punctuation_the_most_alike_is_first(library: Library) -> None:
    found = only(library, "江山就是人民、人民就是江山。")
    assert found.verdict == "punctuation" and found.blocks == 2
    assert told(found) in ("江山就是人民[-、-]{+，+}人民就是江山。", "江山就是人民、人民就是江山[-。-]{+；+}")
    assert len(found.differences) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("江山就是人民，人民就是社稷。", "江山就是人民，人民就是[-社稷-]{+江山+}。"),
        ("人民至上，供水保障率达到99.5%，办结信访事项", "人民至上，{+全年+}供水保障率达到99.5%，办结信访事项"),
        ("全年供水的保障率达到99.5%，办结信访事项128件", "全年供水[-的-]保障率达到99.5%，办结信访事项128件"),
        ("供水保障率达到99.5%，办结信访事项138件，", "供水保障率达到99.5%，办结信访事项1[-3-]{+2+}8件，"),
    ],
)  # fmt: skip
def test_differences_are_marked_character_by_character(library: Library, text: str, expected: str) -> None:
    found = only(library, text)
    assert found.verdict == "nearest"
    assert told(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        "全年供水保障率达到995%",
        "供水保障率达到99.5，办结信访事项",
        "全年供水保障率达到9.95%",
        "办结信访事项1.28件",
    ],
)
def test_punctuation_inside_a_number_is_no_mere_punctuation(library: Library, text: str) -> None:
    found = only(library, text)
    assert found.verdict == "nearest"
    assert found.differences and found.similarity is not None and found.similarity < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12公里并全部通水", "{+1+}12公里并全部通水"),
        ("28件", "short"),
        ("达到99", "达到99{+.5%+}"),
        ("办结信访事项12。", "办结信访事项12[-。-]{+8+}"),
        ("12公里，并全部通水", "{+1+}12公里[-，-]并全部通水"),
        ("9.5%，办结信访", "{+9+}9.5%，办结信访"),
        ("99.5%，办结信访", "exact"),
        ("128件，新建管网", "exact"),
    ],
)
def test_a_number_does_not_stand_inside_a_longer_one(library: Library, text: str, expected: str) -> None:
    found = check(library, text).sentences[0]
    assert (found.verdict if found.verdict in ("exact", "short") else told(found)) == expected


def test_a_quotation_inside_a_new_sentence_is_checked_by_itself(library: Library) -> None:
    text = "我们始终牢记“守江山守的是人民的心”这一殷殷嘱托，在本地实践里写下属于自己的崭新答卷，谱就壮丽诗篇。"
    found = only(library, text)
    assert found.verdict == "absent"
    (quoted,) = found.inside
    assert quoted.verdict == "exact" and quoted.text == "守江山守的是人民的心"
    assert text[slice(*quoted.span)] == quoted.text
    (wrong,) = only(library, text.replace("的心", "之心")).inside
    assert wrong.verdict == "nearest" and told(wrong) == "守江山守的是人民[-之-]{+的+}心"


def test_the_longest_stretch_that_stands_exactly_is_told(library: Library) -> None:
    text = "开头十几个字谁也没有写过这样的话江山就是人民，人民就是江山结尾又是十几个谁也没有写过的字呀真的"
    (stretch,) = only(library, text).inside
    assert stretch.verdict == "exact" and stretch.text == "江山就是人民，人民就是江山"
    assert text[slice(*stretch.span)] == stretch.text


@settings(max_examples=80)
@given(st.data())
def test_any_stretch_of_any_block_is_found_exactly(corpus: Library, texts: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(texts))
    begin = data.draw(st.integers(0, len(text) - 1))
    stretch = text[begin : begin + data.draw(st.integers(4, 80))]
    assume(stretch.strip() and not cuts_number(text, begin, begin + len(stretch)))
    for sentence in check(corpus, stretch).sentences:
        is_short = len(blind(normalize(sentence.text))) < 4
        assert sentence.verdict == ("short" if is_short else "exact")
        for place in sentence.places:
            assert fold(sentence.text) in fold(place.text)


@settings(max_examples=60)
@given(st.data())
def test_other_punctuation_never_hides_a_find(corpus: Library, texts: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(texts))
    begin = data.draw(st.integers(0, len(text) - 1))
    stretch = text[begin : begin + data.draw(st.integers(4, 60))]
    changed = "".join(
        data.draw(st.sampled_from(PUNCTUATION)) if char in PUNCTUATION and not beside_digits(text, begin + at) else char
        for at, char in enumerate(stretch)
    )
    assume(changed.strip() and not cuts_number(text, begin, begin + len(stretch)))
    for sentence in check(corpus, changed).sentences:
        assert sentence.verdict in ("exact", "punctuation", "short")
        assert_told_rightly(sentence)


def cuts_number(text: str, begin: int, end: int) -> bool:
    """Whether a stretch begins or ends inside of a number, or of a number and its unit."""
    edges = (text[max(0, begin - 2) : begin + 1], text[max(0, end - 1) : end + 2])
    return any(re.search(r"\d[^\w\s]?[\d万亿]|\d[%％‰]", edge) is not None for edge in edges)


def beside_digits(text: str, at: int) -> bool:
    """Whether the run of other signs around ``at`` touches a digit."""
    before = re.search(r"\d?[^\w]*$", text[:at])
    after = re.match(r"[^\w]*\d?", text[at:])
    return any(found is not None and re.search(r"\d", found.group()) is not None for found in (before, after))


def assert_told_rightly(sentence: CheckedSentence) -> None:
    """What is kept and deleted is the sentence; what is kept and inserted is the library's wording."""
    segments = list(sentence.segments())
    assert "".join(text for kind, text in segments if kind != "insert") == sentence.text
    if sentence.verdict in ("punctuation", "nearest"):
        theirs = "".join(text for kind, text in segments if kind != "delete")
        assert normalize(theirs).replace(" ", "") == normalize(sentence.places[0].text).replace(" ", "")
        block = sentence.places[0].located.block.text
        for difference in sentence.differences:
            assert difference.found == block[slice(*difference.found_span)]
            assert difference.text == sentence.text[slice(*difference.span)]


def test_a_damaged_sentence_leads_to_its_original_and_is_never_called_found(corpus: Library, texts: list[str]) -> None:
    chance = random.Random(4)
    folded = [fold(text) for text in texts]
    sentences = [text[a:b] for text in texts for a, b in sentence_spans(text) if b - a >= 14]
    right = 0
    for number in range(DAMAGED):
        original = chance.choice(sentences)
        damaged = (_with_wrong_characters, _with_a_dropped_clause, _with_swapped_words)[number % 3](original, chance)
        found = check(corpus, damaged).sentences
        for sentence in found:
            if sentence.verdict != "short":
                assert (sentence.verdict == "exact") == any(fold(sentence.text) in text for text in folded)
            assert_told_rightly(sentence)
        places = [fold(place.located.block.text) for sentence in found for place in sentence.places]
        right += any(fold(original) in place for place in places)
    assert right >= DAMAGED * 0.95


def test_the_nearest_wording_is_the_nearest_of_all_blocks(
    corpus: Library, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No block that was not compared is nearer: against the alignment of every block that shares enough pairs."""
    monkeypatch.setattr(nearest_wording, "MOST_COMPARED", 1_000_000)
    monkeypatch.setattr(nearest_wording, "ALIGNED", 1_000_000)
    chance = random.Random(11)
    sentences = [text[a:b] for text in texts for a, b in sentence_spans(text) if 14 <= b - a <= 40]
    blocks = [passage.located() for passage in corpus.reader.passages(SearchRequest(kinds=ALL_KINDS))]
    blinds = [blind(normalize(each.block.text, each.block.marks)) for each in blocks]
    for change in (_with_wrong_characters, _with_a_dropped_clause, _with_swapped_words):
        sentence = wording(change(chance.choice(sentences), chance))
        pairs = {sentence.blind[at : at + 2] for at in range(len(sentence.blind) - 1)}
        held = [sum(pair in text for pair in pairs) for text in blinds]
        least = max(1, len(pairs) // 6)
        aligned = [
            (nearest_wording._refined(sentence.blind, block), count)
            for block, count in zip(blocks, held, strict=True)
            if count >= least
        ]
        found = nearest_wording.nearest(corpus, sentence)
        assert found is not None and aligned
        most = max(like.similarity for like, _ in aligned)
        assert found.similarity == most
        best = max(aligned, key=lambda each: (*nearest_wording._rank(sentence, each[0]), each[1]))[0]
        assert found.located.paragraph_id == best.located.paragraph_id


def test_few_blocks_are_aligned_where_one_is_near(
    corpus: Library, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    aligned: list[str] = []
    refined = nearest_wording._refined

    def counted(sentence: str, located: LocatedBlock) -> nearest_wording.Nearest:
        aligned.append(located.paragraph_id)
        return refined(sentence, located)

    monkeypatch.setattr(nearest_wording, "_refined", counted)
    text = next(text[a:b] for text in texts for a, b in sentence_spans(text) if b - a >= 40)
    found = only(corpus, text[:12] + "龘" + text[13:])
    assert found.verdict == "nearest" and len(aligned) <= nearest_wording.ALIGNED


def _with_wrong_characters(text: str, chance: random.Random) -> str:
    chars = list(text)
    for at in chance.sample(range(len(chars)), chance.randint(1, 3)):
        chars[at] = chance.choice("的党建设人民发展工作山水")
    return "".join(chars)


def _with_a_dropped_clause(text: str, chance: random.Random) -> str:
    clauses = re.split("(?<=[，、])", text)
    if len(clauses) < 3:
        return _with_wrong_characters(text, chance)
    del clauses[chance.randrange(1, len(clauses) - 1)]
    return "".join(clauses)


def _with_swapped_words(text: str, chance: random.Random) -> str:
    words = re.findall(r"\w{1,2}|\W", text)
    at = chance.randrange(len(words) - 2)
    words[at], words[at + 2] = words[at + 2], words[at]
    return "".join(words)


@given(st.text(max_size=60) | st.text(st.sampled_from('江山就是人民，。“”"*{\\%9.- \u200b\ud800①㎡'), max_size=40))
def test_whatever_is_pasted_is_answered(library: Library, text: str) -> None:
    try:
        answer = check(library, text)
    except RequestError:
        assert not text.strip()
        return
    for sentence in answer.sentences:
        assert_told_rightly(sentence)


@pytest.mark.parametrize(
    "text", ["人民就㎡江", "㎡江山就是人民，㎡人民就是江山", "江山就是人㎡人民就是江山㎡", "新建管网112㎞并全部通水"]
)
def test_signs_of_several_letters_are_told_whole(library: Library, text: str) -> None:
    """㎡ is m2 in normal form: no half of it is kept, or deleted twice."""
    for sentence in check(library, text).sentences:
        assert_told_rightly(sentence)


@pytest.mark.parametrize("text", ["", "  \n　"])
def test_a_text_of_white_space_is_refused(library: Library, text: str) -> None:
    with pytest.raises(RequestError, match="没有可核对的文字"):
        check(library, text)


def test_a_text_over_the_limit_is_refused(library: Library) -> None:
    with pytest.raises(RequestError, match="最多核对 10 字"):
        check(library, "字" * 11, limit=10)


def test_a_draft_is_read_as_reports_are() -> None:
    text = draft_text("关于某事的报告\r\n　　第一段。\r\n第二段。".encode("gb18030"), "稿.txt")
    assert text.splitlines() == ["关于某事的报告", "第一段。", "第二段。"]


@pytest.mark.parametrize(("data", "told_of"), [(b"\xff\xfe\xfd", "UTF-8"), (b"a\0b", "空字节"), (b" \n", "没有可核对")])
def test_bytes_that_are_no_text_are_refused(data: bytes, told_of: str) -> None:
    with pytest.raises(ReadError, match=told_of):
        plain_text(data, "标准输入")
