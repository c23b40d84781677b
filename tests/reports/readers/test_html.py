"""The article of saved pages: what is kept, what is left out, and how it is counted."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import ReadError
from searchapp.reports.readers.html.article import MAX_DEPTH, read_html
from searchapp.reports.readers.html.lines import collapse
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine, squeeze

SENTENCES = [
    f"第{number}段说的是这一年的工作，经济社会发展取得新的进展，群众的获得感、幸福感、安全感不断增强。"
    for number in range(1, 9)
]
NAVIGATION = (
    "<div class='nav'><ul>" + "".join(f"<li><a href='/{i}'>栏目{i}</a></li>" for i in range(12)) + "</ul></div>"
)
COMMENTS = "<div class='comments'><p>网友评论：写得很好，值得学习。</p><p><a href='#'>回复</a></p></div>"
FOOTER = "<div id='footer'><a href='/about'>关于我们</a> 版权所有 某某网 <a href='/map'>网站地图</a></div>"
ARTICLE = "<h2>一、总体情况</h2>" + "".join(f"<p>{each}</p>\n" for each in SENTENCES) + "<p>特此报告。</p>"


def page(article: str, title: str = "示例市2023年政府工作报告_示例网", above: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title><style>p{{}}</style></head><body>\n"
        f"{NAVIGATION}\n<div class='main'><div class='head'>{above}</div>\n<div class='article'>{article}</div></div>\n"
        f"{COMMENTS}{FOOTER}<script>var a='脚本';</script></body></html>"
    )


def read(source: str) -> tuple[SourceLine, ...]:
    return read_html(source.encode(), "a.html").lines


def texts(source: str) -> list[str]:
    return [line.text for line in read(source)]


def test_every_paragraph_of_the_article_is_kept_and_nothing_around_it() -> None:
    found = texts(page(ARTICLE))
    assert found == ["示例市2023年政府工作报告", "一、总体情况", *SENTENCES, "特此报告。"]


def test_what_is_left_out_is_counted() -> None:
    encoding = read_html(page(ARTICLE).encode(), "a.html").encoding
    found = re.fullmatch(r"html（utf-8，正文以外 (\d+) 字未读）", encoding)
    assert found
    assert int(found[1]) == len(
        squeeze("".join(f"栏目{i}" for i in range(12)) + "网友评论：写得很好，值得学习。回复")
    ) + len(squeeze("关于我们版权所有某某网网站地图"))


def test_the_heading_above_the_article_is_its_title_and_a_dashed_line_its_subtitle() -> None:
    above = (
        "<h1>示例市2023年政府工作报告</h1><p>——2023年1月5日在市人民代表大会上</p><p>选择字号：<a href='#'>大</a></p>"
    )
    lines = read(page(ARTICLE, above=above))
    assert [(line.text, line.style) for line in lines[:3]] == [
        ("示例市2023年政府工作报告", TITLE_STYLE),
        ("——2023年1月5日在市人民代表大会上", None),
        ("一、总体情况", 2),
    ]


def test_line_numbers_are_those_of_the_source_and_columns_part_what_shares_one() -> None:
    source = page(ARTICLE)
    rows = source.split("\n")
    lines = read(source)
    for line in lines[2:]:
        assert line.text in rows[line.number - 1]
    places = [(line.number, line.column) for line in lines]
    assert places == sorted(set(places))


def test_short_paragraphs_lists_and_tables_of_the_article_stay() -> None:
    extra = (
        "<p>（一）</p><ol><li>甲项</li><li>乙项</li></ol><ol start='3'><li>三、自带</li></ol><ul><li>圆点</li></ul>"
        "<table><tr><th>项目</th><th>数</th></tr><tr><td>支部</td><td>3</td></tr></table>"
    )
    found = read(page(ARTICLE + extra))
    tail = [(line.text, line.is_table_row) for line in found if line.text not in [*SENTENCES, "特此报告。"]][2:]
    assert tail == [
        ("（一）", False),
        ("1. 甲项", False),
        ("2. 乙项", False),
        ("三、自带", False),
        ("圆点", False),
        ("项目 | 数", True),
        ("支部 | 3", True),
    ]


def test_tables_that_lay_out_a_page_are_no_rows() -> None:
    side = "".join(f"<a href='/{i}'>链接{i}</a><br>" for i in range(20))
    source = (
        f"<html><title>工作报告</title><body><table><tr><td>{side}</td><td>{ARTICLE}</td></tr></table></body></html>"
    )
    lines = read(source)
    assert not any(line.is_table_row for line in lines)
    assert [line.text for line in lines] == ["工作报告", "一、总体情况", *SENTENCES, "特此报告。"]


def test_paragraphs_parted_by_line_breaks_are_lines() -> None:
    found = texts(page("<div>" + "<br>\n　　".join(SENTENCES) + "</div>"))
    assert found[1:] == SENTENCES


def test_a_page_without_navigation_is_read_in_full() -> None:
    source = (
        "<html><body><h1>报告</h1><p>短。</p><p style='display:none'>隐</p><!-- 注释 --><p hidden>隐</p>"
        "<p>完&amp;毕</p></body></html>"
    )
    result = read_html(source.encode(), "a.html")
    assert [(line.text, line.style) for line in result.lines] == [
        ("报告", TITLE_STYLE),
        ("短。", None),
        ("完&毕", None),
    ]
    assert result.encoding == "html（utf-8）"


def test_a_page_without_an_article_is_read_in_full() -> None:
    found = texts(f"<html><title>首页</title><body>{NAVIGATION}</body></html>")
    assert [each for each in found if each.startswith("栏目")] == [f"栏目{i}" for i in range(12)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("中国\n  人民", "中国人民"),
        ("word\nword", "word word"),
        ("中  文", "中 文"),
        ("，\r\n而", "，而"),
        ("甲\nb", "甲 b"),
    ],
)
def test_white_space_is_collapsed_as_a_reader_sees_it(source: str, expected: str) -> None:
    assert collapse(source) == expected


@pytest.mark.parametrize(
    ("codec", "meta", "encoding"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("gb18030", "gb2312", "gb18030"),
        ("gb18030", "", "gb18030"),
        ("utf-8", "gb2312", "utf-8"),
        ("utf-8-sig", "gbk", "utf-8-sig"),
        ("utf-16", "", "utf-16"),
    ],
)
def test_the_encoding_is_found(codec: str, meta: str, encoding: str) -> None:
    source = page(ARTICLE).replace("<meta charset='utf-8'>", f"<meta charset='{meta}'>" if meta else "")
    result = read_html(source.encode(codec), "a.htm")
    assert result.encoding.startswith(f"html（{encoding}，")
    assert result.lines[2].text == SENTENCES[0]


def test_big5_pages_are_read() -> None:
    source = "<html><head><meta charset=big5></head><body><p>各位代表，現在報告工作。</p></body></html>"
    result = read_html(source.encode("big5"), "a.html")
    assert (result.lines[0].text, result.encoding) == ("各位代表，現在報告工作。", "html（big5）")


def test_text_named_html_is_text() -> None:
    assert texts("第一行\n第二行") == ["第一行", "第二行"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空"),
        (b"<html><body><script>1</script></body></html>", "没有文字"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n<html>", "MHT"),
        (b"\x7fELF\x00\x00\x00", "空字节"),
        (b"<html><body>" + b"<div>a" * (MAX_DEPTH + 1), "嵌套"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_html(data, "a.html")


def test_a_page_as_found_is_read_without_navigation(shared: Path) -> None:
    file = shared / "originals" / "aisixiang_22351.html"
    if not file.is_file():
        pytest.skip("no original files")
    data = file.read_bytes()
    lines = read_html(data, file.name).lines
    source = data.decode().split("\n")
    whole = "".join(squeeze(line.text) for line in lines)
    start = next(i for i, row in enumerate(source) if 'class="article-content"' in row)
    end = next(i for i, row in enumerate(source) if "</p></body></html>" in row)
    paragraphs = [squeeze(re.sub(r"<[^>]+>", "", row)) for row in source[start : end + 1] if row.startswith("<p>")]
    assert sum(map(bool, paragraphs)) >= 72
    assert [each for each in paragraphs if each not in whole] == []
    assert lines[0].style == TITLE_STYLE
    assert not re.search("字号|责编|备案|相同作者|热门专栏|登录|公众号|slotbydup", whole)
    assert len(whole) < sum(map(len, paragraphs)) + 60


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for each in (data, b"<html>" + data):
        try:
            assert read_html(each, "a.html").lines
        except ReadError as error:
            assert error.reason


@given(st.integers(0, 10**9))
@settings(max_examples=60)
def test_a_damaged_page_is_read_or_refused(seed: int) -> None:
    source = random.Random(seed)
    data = bytearray(page(ARTICLE).encode())
    del data[source.randrange(len(data)) :]
    for _ in range(source.randint(0, 9)):
        place = source.randrange(len(data)) if data else 0
        data[place : place + 1] = bytes([data[place] ^ 1 << source.randrange(8)]) if data else b""
    try:
        assert read_html(bytes(data), "a.html").lines
    except ReadError as error:
        assert error.reason


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<a>", "<li>", "<ol>", "甲", "<br>", "<pre>", "\n"]
        )
    )
)
def test_any_tags_are_read_or_refused(parts: list[str]) -> None:
    try:
        found = "".join(line.text for line in read("<html>" + "".join(parts)))
        assert found.count("甲") == parts.count("甲")
    except ReadError:
        assert "甲" not in parts
