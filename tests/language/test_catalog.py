"""Every message is translated, with the placeholders and tags that it has, and nothing else is in the catalog."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Message as Entry

from searchapp.language import Labels, language, later, listed, quoted, speaking, tr, trc, trn

from .catalog import CHECKOUT, KEYWORDS, Message, extracted, translated, translations, written

HAN = re.compile("[\u3400-\u9fff]")
SPEAKING = ("engines", "literal", "search", "store")
"""Packages whose Chinese texts are all for readers: none is data."""
TAG = re.compile(r"</?\w+")
ENTRIES = [entry for entry in translated() if entry.id]


def message_of(entry: Entry) -> Message:
    counts = isinstance(entry.id, tuple)
    return Message(entry.id[0] if counts else entry.id, counts, entry.context)


def placeholders(text: str) -> list[tuple[str, str]]:
    """Names and formats; none in a text with other braces, which is never formatted."""
    try:
        return sorted((name, spec or "") for _, name, spec, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return []


def test_every_message_is_in_the_catalog() -> None:
    known = {message_of(entry) for entry in ENTRIES}
    missing = {message.text: place for message, place in extracted().items() if message not in known}
    assert not missing, "python -m tests.language.catalog"


def test_no_message_escapes_the_extractor() -> None:
    """It does not see into f-strings."""
    known = {message.text for message in extracted()}
    for file in sorted((CHECKOUT / "searchapp").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                assert not texts or known.intersection(texts), f"{file.name}:{node.lineno}"


def unmarked(code: str) -> Iterator[tuple[int, str]]:
    """The sentences of ``code`` that are given to nobody who translates, by their lines; no docstrings.

    A sentence has three Chinese characters in a row at least: shorter ones are names, signs and words to try with.
    """
    tree = ast.parse(code)
    marked: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            marked.update(node.args)
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in marked
        if is_text and re.search(HAN.pattern + "{3}", node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("package", SPEAKING)
def test_no_message_is_unmarked(package: str) -> None:
    files = sorted((CHECKOUT / "searchapp" / package).rglob("*.py"))
    assert files
    found = {f"{file.name}:{line}": text for file in files for line, text in unmarked(file.read_text("utf-8"))}
    assert found == {}


def test_unmarked_messages_are_seen() -> None:
    assert list(unmarked('def f(x):\n    """没有这篇报告"""\n    raise E(f"没有这篇报告：{x}")')) == [
        (3, "没有这篇报告：")
    ]
    assert list(unmarked('A = "没有这篇报告"\nB = later("没有这个段落")\nC = tr("没有{x}", x="没有这一段")')) == [
        (1, "没有这篇报告"),
        (3, "没有这一段"),
    ]


def test_the_catalog_has_no_other_messages() -> None:
    stale = {message_of(entry) for entry in ENTRIES} - set(extracted())
    assert not stale, "python -m tests.language.catalog"


def test_the_catalog_is_in_its_order() -> None:
    catalog = translated()
    again = written(catalog, extracted())
    assert again == written(catalog, reversed(list(extracted())))


def test_every_message_is_translated() -> None:
    assert not [entry.id for entry in ENTRIES if not all(translations(entry))]


def test_a_message_says_one_thing_in_one_way() -> None:
    """A text is counted everywhere or nowhere: gettext knows it by its text alone."""
    messages = [(message.text, message.context) for message in extracted()]
    assert len(messages) == len(set(messages))


def test_placeholders_and_tags_are_those_of_the_message() -> None:
    for entry in ENTRIES:
        message = message_of(entry)
        for text in translations(entry):
            assert placeholders(text) == placeholders(message.text)
            assert sorted(TAG.findall(text)) == sorted(TAG.findall(message.text))
            assert not text.endswith(" ") or message.text.endswith(("，", "、", "：")), text


def test_translations_are_english() -> None:
    """Chinese stands in them only as examples of queries and words of the corpus: in quotes, or after a field."""
    for entry in ENTRIES:
        message = message_of(entry)
        is_query = bool(re.search(r"[\w)]:|\bOR\b|NOT|NEAR|PRE", translations(entry)[0]))
        for text in translations(entry):
            bare = re.sub(r"“[^”]*”|\"[^\"]*\"", "", text)
            assert is_query or not HAN.search(bare), message.text


def test_messages_are_chinese_unless_another_language_is_spoken() -> None:
    assert language() == "zh"
    assert tr("全部报告") == "全部报告"
    with speaking("en"):
        assert tr("全部报告") == "Reports"
        assert tr("{year}年", year=2023) == "2023"
        assert tr("不在目录里的话") == "不在目录里的话"
    assert tr("全部报告") == "全部报告"


def test_english_has_a_singular() -> None:
    assert trn("{count:,} 段", 1) == "1 段"
    with speaking("en"):
        assert [trn("{count:,} 段", count) for count in (0, 1, 1200)] == [
            "0 paragraphs",
            "1 paragraph",
            "1,200 paragraphs",
        ]
        assert [trn("段", count) for count in ("1", "1,200")] == ["paragraph", "paragraphs"]


def test_a_context_tells_messages_apart() -> None:
    assert trc("button", "摘录") == "摘录"
    with speaking("en"):
        assert trc("button", "摘录") != tr("摘录")


def test_labels_are_looked_up_when_they_are_used() -> None:
    labels = Labels({"unit": later("单位")})
    assert dict(labels) == {"unit": "单位"}
    with speaking("en"):
        assert labels["unit"] == labels.get("unit") == "Unit"
        assert dict(labels) == {"unit": "Unit"}


def test_lists() -> None:
    assert (listed("ab"), quoted("ab")) == ("a、b", "“a”“b”")
    with speaking("en"):
        assert (listed("ab"), quoted("ab")) == ("a, b", "“a”, “b”")
