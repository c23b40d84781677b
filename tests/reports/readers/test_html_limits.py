"""Pages that would keep the parser for minutes: refused before it sees them."""

from __future__ import annotations

from typing import Any

import lxml.html  # type: ignore[import-untyped]
import pytest

from searchapp.errors import ReadError
from searchapp.reports import read_report_file
from searchapp.reports.readers.html.article import MAX_ATTRIBUTES
from searchapp.reports.readers.html.lines import PageReader

PAGE = "<html><body>{}<p>示例局2022年工作报告</p><p>全面落实各项任务，完成了年初确定的目标。</p></body></html>"


@pytest.mark.parametrize("attribute", [" a{}", " a{}=1", ' a{}="<p >"', " a{} = '>'", "/a{}"], ids=repr)
def test_a_tag_with_too_many_attributes_is_refused(attribute: str) -> None:
    tag = f"<p{''.join(attribute.format(number) for number in range(MAX_ATTRIBUTES + 1))}>"
    with pytest.raises(ReadError, match="属性过多"):
        read_report_file(PAGE.format(tag).encode(), "甲.html")


@pytest.mark.parametrize(
    "tag",
    [
        f"<p{''.join(f' a{number}=1' for number in range(MAX_ATTRIBUTES // 2))}>",
        f'<img src="data:image/png;base64,{"iVBORw0KGgo= " * 5_000}">',
        "<p title='" + "a=1 " * 5_000 + "'>",
        "若 a<b " + "x=1 " * 100 + "</p>",
    ],
    ids=["attributes", "picture", "long value", "text"],
)
def test_other_tags_are_read(tag: str) -> None:
    assert "完成了年初确定的目标" in str(read_report_file(PAGE.format(tag).encode(), "甲.html").reports)


def test_rows_in_rows_are_read_once_however_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    start = PageReader._start

    def counted(reader: PageReader, element: Any) -> None:
        begun.append(1)
        start(reader, element)

    monkeypatch.setattr(PageReader, "_start", counted)
    counts = []
    for depth in (10, 20):
        begun.clear()
        rows = "<table>" + "<tr><td>甲乙丙</td><td><div>" * depth + "字" * 600
        lines = PageReader().read(lxml.html.document_fromstring(rows))
        assert [line.text for line in lines] == ["甲乙丙"] * depth + ["字" * 600]
        counts.append(len(begun))
    assert counts[1] < 3 * counts[0]
