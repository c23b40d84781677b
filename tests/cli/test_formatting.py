"""Help fits the terminal: Chinese takes two columns, and punctuation stays with what it belongs to."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from searchapp.cli import main
from searchapp.cli.help_format import ChineseFormatter, wrapped

from .test_help import ALL_COMMANDS

COLUMNS = 80
TEXT = "把读出的元数据写成更正表（带 BOM 的 UTF-8 CSV，可用 Excel 修改），再运行 searchapp index；没有改的值“照旧”。"


@pytest.mark.parametrize("width", [20, 33, 40, 79])
def test_lines_fit_and_nothing_is_lost(width: int) -> None:
    lines = list(wrapped(TEXT, width))
    assert max(map(cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "") == TEXT.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。；）”" or line[-1] in "（“"]
    assert all(any(word in line for line in lines) for word in ("searchapp", "Excel", "UTF-8"))


def test_a_line_break_in_the_source_leaves_no_space_between_chinese() -> None:
    assert list(wrapped("写得\n  出来，\nsearchapp show\n显示。", 80)) == ["写得出来，searchapp show显示。"]


def test_examples_stay_as_they_stand() -> None:
    formatter = ChineseFormatter(width=40)
    formatter.write_text("说明。\n\n\b\n  searchapp search 党建\n  searchapp reports")
    assert formatter.getvalue() == "说明。\n\n  searchapp search 党建\n  searchapp reports\n"


def test_the_second_column_is_straight_and_long_terms_stand_alone() -> None:
    formatter = ChineseFormatter(width=40)
    formatter.write_dl([("--单位 名", "一"), ("--a", "二三四"), ("--" + "long" * 10, "五")])
    lines = formatter.getvalue().splitlines()
    assert {cell_len(re.split("[一二五]", line)[0]) for line in lines if re.search("[一二五]", line)} == {32}
    assert lines[2] == "--" + "long" * 10


@pytest.mark.parametrize("path", [path for path, _ in ALL_COMMANDS], ids=lambda path: " ".join(path) or "-")
def test_help_fits_a_terminal_of_eighty_columns_and_has_no_english(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*path, "--help"], prog_name="searchapp", terminal_width=COLUMNS).output
    assert max(map(cell_len, told.splitlines())) <= COLUMNS
    for english in ("Usage", "Options", "default:", "INTEGER", "ARGS", "<=x"):
        assert english not in told
