"""A scan recognized for real, from the command line to the text that is found; skipped where no recognizer is."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp.cli import main
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.readers.pdf.glyphs import close_gaps
from tests.indexes import ask, opened
from tests.reports.readers.test_pdf import distance

TEXT = (
    "示例局2022年度工作报告",
    "一、过去一年的工作",
    "　　2022年，我们坚持稳中求进工作总基调，认真落实各项决策部署，全面完成了年初确定的目标，各项事业都有新的进展。",
    "　　（一）加强组织建设。召开专题会议12次，研究解决突出问题36个，开展业务培训8期，参加人员达到460人次。",
    "　　（二）改进工作作风。深入基层调查研究，听取群众意见建议127条，已经办结119条，办结率达到百分之九十三点七。",
    "二、存在的问题",
    "　　在总结成绩的同时，我们也清醒地看到，工作中还存在一些不足：有的制度落实不够到位，有的同志创新意识不强。",
    "三、下一步工作安排",
    "　　下一步，我们将继续发扬优良传统，扎实推进重点项目建设，努力为人民群众提供更加优质高效的服务。",
)
WIDTH, HEIGHT, DOTS_PER_INCH = 1654, 2339, 200
LINE_CHARACTERS = 27
MAX_ERROR = 0.05
"""Measured with tesseract 5.3 (chi_sim): 2.3 to 2.6 %, most of it commas and brackets of the other width."""


def _has_recognizer() -> bool:
    if shutil.which("ocrmypdf") is None or shutil.which("tesseract") is None:
        return False
    known = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout
    return "chi_sim" in known.split()


def _font() -> Path | None:
    """A font with Chinese characters, of those that Debian installs."""
    folder = Path("/usr/share/fonts")
    return next((path for path in sorted(folder.rglob("NotoS*CJK-Regular.ttc"))), None) if folder.is_dir() else None


def scan() -> bytes:
    """One page as a scanner sees it: slightly turned, soft, with specks, and no text layer."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    font = ImageFont.truetype(str(_font()), 48, index=2)
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw, height = ImageDraw.Draw(page), 200
    for paragraph in TEXT:
        for start in range(0, len(paragraph), LINE_CHARACTERS):
            draw.text((180, height), paragraph[start : start + LINE_CHARACTERS], font=font, fill=20)
            height += 84
    page = page.rotate(0.6, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.0))
    source = random.Random(1)
    for _ in range(6_000):
        page.putpixel((source.randrange(WIDTH), source.randrange(HEIGHT)), source.randrange(255))
    buffer = io.BytesIO()
    page.save(buffer, "PDF", resolution=DOTS_PER_INCH)
    return buffer.getvalue()


@pytest.mark.skipif(not _has_recognizer(), reason="ocrmypdf, or the Chinese of tesseract, is not installed")
@pytest.mark.skipif(_font() is None, reason="no font to make a scan with is installed")
def test_a_scan_is_recognized_and_found(tmp_path: Path) -> None:
    pytest.importorskip("PIL", reason="a scan needs pillow")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/扫描.pdf").write_bytes(scan())
    command = ["index", str(tmp_path / "in"), "--index", str(tmp_path / "ix"), "--strict"]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code != 0 and "扫描件" in refused.output
    shutil.rmtree(tmp_path / "ix", ignore_errors=True)
    done = CliRunner().invoke(main, [*command, "--ocr"])
    assert done.exit_code == 0, done.output
    library = opened(tmp_path / "ix")
    (report,) = library.reader.iterate()
    found, wanted = squeeze("".join(block.text for block in report.blocks)), squeeze("".join(TEXT))
    assert distance(found, wanted) / len(wanted) < MAX_ERROR
    assert ask(library, q='"稳中求进工作总基调"')["total"] == 1
    assert (report.meta.year, report.meta.unit) == (2022, "示例局")


@pytest.mark.parametrize(
    ("raw", "closed"),
    [
        ("示例 局工 作", "示例局工作"),
        ("工作作风 。深入", "工作作风。深入"),
        ("共 3 项", "共3项"),
        ("使用 Python language 编写", "使用Python language编写"),
        ("12 34", "12 34"),
    ],
)
def test_gaps_that_recognition_makes_are_closed(raw: str, closed: str) -> None:
    assert close_gaps(raw) == closed
