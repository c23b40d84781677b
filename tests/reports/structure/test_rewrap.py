"""Text set in lines of a fixed width."""

from __future__ import annotations

import pytest

from searchapp.reports import read_report_file
from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.structure.rewrap import join_wrapped, wrapped_width

WIDTH = 28
SENTENCES = "各支部按月开展学习班子成员到联系点讲课职工代表参加座谈提出意见，办公室逐条登记反馈。" * 4


def wrapped(paragraphs: int) -> list[str]:
    lines: list[str] = []
    for number in range(paragraphs):
        text = f"第{number}段里" + SENTENCES
        lines += [text[: WIDTH - 2], *(text[at : at + WIDTH] for at in range(WIDTH - 2, len(text), WIDTH))]
    return lines


def test_the_lines_of_a_paragraph_are_joined() -> None:
    text = "甲县2022年政府工作报告\n" + "\n".join(wrapped(8))
    reading = read_report_file(text.encode(), "甲.txt")
    blocks = reading.reports[0].blocks[1:]
    assert [each.text for each in blocks] == [f"第{number}段里" + SENTENCES for number in range(8)]
    assert [each.source.line for each in blocks[:2]] == [2, 2 + len(wrapped(1))]


@pytest.mark.parametrize("lines", [["短句。"] * 50, [SENTENCES * 2] * 50, wrapped(2)])
def test_other_text_is_not_wrapped(lines: list[str]) -> None:
    assert wrapped_width([SourceLine(line, 1) for line in lines]) is None


def test_a_heading_and_a_piece_between_are_not_joined() -> None:
    texts = [*wrapped(8), "（一）" + "长" * (WIDTH - 3), "下文。"]
    lines = [SourceLine(text, number) for number, text in enumerate(texts, 1)]
    kinds = ["furniture" if number == 3 else None for number in range(len(lines))]
    joined, left = join_wrapped(lines, kinds)
    assert joined[0].text == texts[0] + texts[1] + texts[2]
    assert left[1] == "furniture"
    assert joined[-1].text == "（一）" + "长" * (WIDTH - 3) + "下文。"
    assert sum(len(each.text) for each in joined) == sum(map(len, texts))


def test_the_number_of_a_page_does_not_break_a_paragraph() -> None:
    lines = wrapped(8)
    text = "甲县2022年政府工作报告\n" + "\n".join([lines[0], "— 12 —", *lines[1:], "— 13 —"])
    reading = read_report_file(text.encode(), "甲.txt")
    block = reading.reports[0].blocks[1]
    assert block.text == lines[0] + "— 12 —" + "".join(lines[1 : len(wrapped(1))])
    assert [block.text[slice(*mark)] for mark in block.marks] == ["— 12 —"]
    assert [(piece.kind, piece.text) for piece in reading.pieces] == [("furniture", "— 13 —")]
