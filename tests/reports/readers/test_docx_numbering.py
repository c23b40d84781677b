"""Automatic numbers as a reader of Word sees them."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from searchapp.reports.readers.docx.numbering import format_number
from searchapp.reports.readers.docx.reader import read_docx

W = nsdecls("w")


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
        "</w:lvl>"
    )


def texts(levels: str, *paragraphs: tuple[str, int | None, str], numbers: str = "", styles: str = "") -> list[str]:
    """Lines of a document whose paragraphs are (numId, level, text); numId 1 always stands for ``levels``."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    abstract = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    first = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    for child in parse_xml(f"<w:numbering {W}>{abstract}{first}{numbers}</w:numbering>"):
        numbering.append(child)
    for child in parse_xml(f"<w:styles {W}>{styles}</w:styles>"):
        document.styles.element.append(child)
    for number, depth, text in paragraphs:
        if number.isdigit():
            ilvl = "" if depth is None else f'<w:ilvl w:val="{depth}"/>'
            properties = f'<w:numPr>{ilvl}<w:numId w:val="{number}"/></w:numPr>'
        else:
            properties = f'<w:pStyle w:val="{number}"/>' if number else ""
        paragraph = f"<w:p {W}><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        document.element.body.insert(len(document.element.body) - 1, parse_xml(paragraph))
    buffer = io.BytesIO()
    document.save(buffer)
    return [line.text for line in read_docx(buffer.getvalue(), "a.docx").lines]


OFFICIAL = (
    level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
)


def test_the_levels_of_an_official_document_count_and_begin_again() -> None:
    found = texts(
        OFFICIAL,
        ("1", 0, "总体情况"),
        ("1", 1, "经济"),
        ("1", 2, "工业"),
        ("1", 2, "农业"),
        ("1", 3, "粮食"),
        ("1", 1, "社会"),
        ("1", 2, "教育"),
        ("", None, "正文。"),
        ("1", 0, "下一步"),
        ("1", 1, "目标"),
    )
    assert found == [
        "一、总体情况",
        "（一）经济",
        "1. 工业",
        "2. 农业",
        "①粮食",
        "（二）社会",
        "1. 教育",
        "正文。",
        "二、下一步",
        "（一）目标",
    ]


def test_a_start_value_and_an_override_count_from_there() -> None:
    restarted = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    found = texts(
        level(0, "decimal", "%1、", start=3),
        *(("1", 0, "甲"), ("1", 0, "乙"), ("2", 0, "丙"), ("2", 0, "丁"), ("3", 0, "戊")),
        numbers=restarted,
    )
    assert found == ["3、甲", "4、乙", "1、丙", "2、丁", "3、戊"]


def test_a_level_that_never_restarts_counts_on() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')
    found = texts(levels, ("1", 0, "甲"), ("1", 1, "乙"), ("1", 0, "丙"), ("1", 1, "丁"))
    assert found == ["1. 甲", "(1) 乙", "2. 丙", "(2) 丁"]


def test_numbers_of_higher_levels_stand_in_the_text_and_legal_ones_are_digits() -> None:
    levels = level(0, "chineseCounting", "第%1章", '<w:suff w:val="space"/>') + level(
        1, "decimal", "%1.%2", '<w:suff w:val="space"/><w:isLgl/>'
    )
    assert texts(levels, ("1", 0, "总则"), ("1", 1, "目的")) == ["第一章 总则", "1.1 目的"]


def test_a_level_used_first_counts_those_above_as_their_start() -> None:
    levels = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2.")
    assert texts(levels, ("1", 1, "甲"), ("1", 1, "乙")) == ["1.1. 甲", "1.2. 乙"]


def test_a_style_brings_its_numbering_and_a_style_based_on_it_too() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Numbered"><w:name w:val="numbered"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Derived"><w:name w:val="d"/><w:basedOn w:val="Numbered"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Off"><w:name w:val="off"/><w:basedOn w:val="Numbered"/>'
        '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="loop"/><w:basedOn w:val="Loop"/></w:style>'
    )
    found = texts(
        OFFICIAL,
        *(("Numbered", None, "甲"), ("Derived", None, "乙"), ("Off", None, "丙"), ("Loop", None, "丁")),
        styles=styles,
    )
    assert found == ["一、甲", "二、乙", "丙", "丁"]


def test_a_level_bound_to_a_style_is_that_styles_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Second"><w:name w:val="s"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = level(0, "decimal", "%1.") + level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="Second"/>')
    assert texts(levels, ("1", 0, "甲"), ("Second", None, "乙"), styles=styles) == ["1. 甲", "（一）乙"]


def test_a_numbering_style_is_followed() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="Linked"><w:name w:val="l"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    # Abstract numberings stand before numberings in files, but nothing depends on it.
    numbers = (
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="Linked"/></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="7"/></w:num>'
    )
    assert texts(OFFICIAL, ("5", 0, "甲"), numbers=numbers, styles=styles) == ["一、甲"]


@pytest.mark.parametrize(
    ("bullet", "fonts", "expected"),
    [
        ("\uf0b7", "", "• 项"),
        ("l", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>', "• 项"),
        ("——", "", "——项"),
        ("-", "", "- 项"),
        ("", "", "项"),
    ],
)
def test_bullets_are_seen(bullet: str, fonts: str, expected: str) -> None:
    lvl = level(0, "bullet", bullet).replace("</w:lvl>", f"{fonts}</w:lvl>")
    assert texts(lvl, ("1", 0, "项")) == [expected]


@pytest.mark.parametrize("number", ["9", "0"])
def test_a_numbering_that_is_not_there_adds_nothing(number: str) -> None:
    assert texts(OFFICIAL, (number, 0, "甲")) == ["甲"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一〇〇"}),
        (
            "chineseCountingThousand",
            {10: "十", 101: "一百零一", 110: "一百一十", 1010: "一千零一十", 10001: "一万零一"},
        ),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 203: "贰佰零叁"}),
        ("ideographDigital", {10: "一〇", 2023: "二〇二三"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {12: "亥"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥"}),
        ("decimal", {7: "7"}),
        ("decimalZero", {7: "07", 12: "12"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {10: "⑩"}),
        ("decimalEnclosedParen", {3: "⑶"}),
        ("decimalEnclosedFullstop", {3: "⒊"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb"}),
        ("upperLetter", {2: "B"}),
        ("lowerRoman", {4: "iv", 1994: "mcmxciv"}),
        ("upperRoman", {9: "IX"}),
        ("numberInDash", {3: "- 3 -"}),
        ("none", {3: ""}),
        ("hebrew1", {3: "3"}),
    ],
)
def test_number_formats(form: str, expected: dict[int, str]) -> None:
    assert {value: format_number(value, form) for value in expected} == expected


@pytest.mark.parametrize("form", ["lowerLetter", "lowerRoman", "decimalEnclosedCircle", "chineseCounting"])
@pytest.mark.parametrize("value", [-5, 0, 10**9, 10**15])
def test_values_beyond_a_format_are_written_somehow(form: str, value: int) -> None:
    assert 0 < len(format_number(value, form)) < 60
