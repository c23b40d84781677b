"""Hostile files: every format, each with repetition, nesting, fan-out, recursion, bombs and truncation.

``python -m tests.hostile.files FOLDER --scale 10 --seed 7`` writes them, to be indexed by hand: ten times as large, and
broken off at other places.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import docx
import openpyxl

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SENTENCE = "坚持以党的建设为统领，压实管党治党责任。"

Named = Iterator[tuple[str, bytes]]


def hostile_files(scale: float = 1.0, seed: int = 0) -> Named:
    """Names and bytes, made one by one.

    ``scale``: how many times as much repetition, nesting and fan-out; ``seed``: where files are broken off, and which
    of their bytes are changed.
    """
    size = int(20_000 * scale)
    for family in (_texts, _markdown, _pages, _tables, _word, _sheets, _pdfs, _archives, _office):
        yield from family(size)
    yield from _broken(random.Random(seed))


def _texts(size: int) -> Named:
    lines = {
        "question-marks": "?",
        "digits": "7",
        "dotted-digits": "1.",
        "spaces": " ",
        "wide-spaces": "　",
        "han": "责",
        "sentences": SENTENCE,
        "years": "2023年",
        "ordinals": "一是",
        "numbers": "（一）",
        "brackets": "（",
        "quotes": "“",
        "titles": "《",
        "dashes": "—",
        "dots": "……",
        "stops": "。",
        "latin": "a1",
        "combining": "e\u0301",
        "joiners": "责\u200d",
        "units": "市水务局",
        "report-words": "年度工作报告",
        "percent": "5.2%、",
        "dates": "2023年1月1日",
        "colons": "主送：",
    }
    for name, piece in lines.items():
        yield f"line-{name}.txt", (piece * size).encode()
        yield (
            f"lines-{name}.txt",
            "\n".join([piece * 30] * (size // 10)).encode(),
        )
    yield "titles.txt", "".join(f"市水务局{1950 + n % 70}年工作报告\n" for n in range(size)).encode()
    yield "headings.txt", "".join(f"{n}.{n}.{n}标题\n" for n in range(size)).encode()
    yield "ends.txt", b"\r\n" * (size * 20)
    yield "one-line.txt", (SENTENCE * (size * 10)).encode()
    yield "controls.txt", ("\x1b]0;x\x07\x1b[2J" + SENTENCE + "\x9b31m\u202e").encode() * (size // 20)
    yield "half-utf16.txt", SENTENCE.encode("utf-16")[:-1]
    yield "false-mark.txt", b"\xff\xfe" + SENTENCE.encode() * 9
    yield "surrogates.txt", ("\ud800\udc00" * size).encode("utf-8", "surrogatepass")
    yield "hz.txt", b"~{" * size + b"~}"
    yield "random.txt", random.Random(1).randbytes(size * 10)


def _markdown(size: int) -> Named:
    for name, piece in {
        "quotes": ">",
        "stars": "*",
        "underscores": "_a",
        "ticks": "`",
        "links": "[a](",
        "images": "![",
        "pipes": "|",
        "hashes": "#",
        "tags": "<a",
        "comments": "<!--",
        "entities": "&amp",
        "items": "- ",
        "backslashes": "\\",
        "references": "[a]: <",
    }.items():
        yield f"line-{name}.md", (piece * size).encode()
    yield "nested.md", "".join(" " * (n % 3_000) + "- 责任\n" for n in range(size)).encode()
    yield "table.md", ("|a" * 500 + "\n" + "|-" * 500 + "\n" + ("|b" * 500 + "\n") * (size // 100)).encode()


def _pages(size: int) -> Named:
    def page(body: str) -> bytes:
        return f"<html><head><title>报告</title></head><body>{body}</body></html>".encode()

    yield "attributes.html", page("<p " + " ".join(f"a{n}=1" for n in range(size * 8)) + f">{SENTENCE}</p>")
    yield "same-attributes.html", page("<p " + "a=1 " * (size * 8) + f">{SENTENCE}</p>")
    yield "attribute.html", page(f'<p a="{"x" * (size * 100)}">{SENTENCE}</p>')
    for tag in ("div", "p", "table><tr><td", "b", "a", "font", "ul><li", "select><option", "svg", "form", "span"):
        name = tag.replace("><", "-")
        yield f"nested-{name}.html", page(f"<{tag}>" * size + SENTENCE)
        yield f"row-{name}.html", page(f"<{tag}>责任" * size)
    yield "misnested.html", page("<b><i><a><p>责" * (size // 8) + "</b></i>" * (size // 8))
    yield "comments.html", page("<!--" * size)
    yield "unclosed.html", page("<" * size)
    yield "entities.html", page("&lt;" * size + "&#x4e00;" * size)
    yield "script.html", page("<script>" * size)
    yield "cells.html", page(f"<table><tr><td colspan=9999999 rowspan=9999999>{SENTENCE}</td></tr></table>")
    yield "links.html", page("".join(f'<a href="{n}">{SENTENCE}</a>' for n in range(size // 2)))
    yield "doctype.html", b'<!DOCTYPE a [<!ENTITY b "' + b"c" * size + b'">]>' + b"&b;" * size


def _tables(size: int) -> Named:
    yield "cells.csv", ("a," * (size * 5)).encode()
    yield "quotes.csv", ('"' * size + ',"' * size).encode()
    yield "open-quote.csv", ('a,"' + f"{SENTENCE}\n" * size).encode()
    yield "rows.csv", ("标题,正文\n" + f"市水务局2023年工作报告,{SENTENCE}\n" * (size // 4)).encode()
    yield "delimiters.csv", (";,\t|" * size).encode()


def _office_file(maker: Callable[[io.BytesIO], None], parts: Mapping[str, bytes]) -> bytes:
    """An office file with parts replaced or added."""
    made, buffer = io.BytesIO(), io.BytesIO()
    maker(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in dict.fromkeys([*source.namelist(), *parts]):
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return buffer.getvalue()


def _word_file(body: str, parts: Mapping[str, str] | None = None, head: str = "") -> bytes:
    document = f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    others = {name: text.encode() for name, text in (parts or {}).items()}
    return _office_file(lambda buffer: docx.Document().save(buffer), {"word/document.xml": document.encode(), **others})


def _word(size: int) -> Named:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    def paragraph(text: str, properties: str = "") -> str:
        return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"

    plain = paragraph(SENTENCE)
    numbered = paragraph("责任", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')

    def numbering(text: str, start: str = "1", form: str = "decimal") -> dict[str, str]:
        level = (
            f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        )
        return {
            "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{level}'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        }

    yield "labels.docx", _word_file(numbered * (size // 10), numbering("%1" * (size // 4)))
    for form in ("chineseCounting", "upperRoman", "upperLetter", "ordinalText", "decimal"):
        yield (
            f"label-{form}.docx",
            _word_file(numbered * 99, numbering("%1、", "9" * 4_000, form)),
        )
    yield "paragraph.docx", _word_file(paragraph(SENTENCE * size))
    yield "runs.docx", _word_file(f"<w:p>{run('责') * (size * 10)}</w:p>")
    yield "paragraphs.docx", _word_file(plain * (size * 2))
    for tag in ("w:tbl><w:tr><w:tc", "w:sdt><w:sdtContent", "w:p", "w:ins", "w:smartTag", "w:txbxContent"):
        name = tag.replace("w:", "").replace("><", "-")
        closing = "".join(f"</{each}>" for each in reversed(tag.split("><")))
        for depth in (200, size):
            yield (
                f"nested-{name}-{depth}.docx",
                _word_file(f"<{tag}>" * depth + plain + closing * depth),
            )
    table = "<w:tbl>{}</w:tbl>"
    row = "<w:tr>" + f"<w:tc>{plain}</w:tc>" * 60 + "</w:tr>"
    yield "cells.docx", _word_file(table.format(row * (size // 100)))
    wide = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>' + plain + "</w:tc></w:tr>"
    yield "span.docx", _word_file(table.format(wide))
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else SENTENCE}">' for n in range(12))
    yield (
        "entities.docx",
        _word_file(paragraph("&a11;"), head=f"<?xml version='1.0'?><!DOCTYPE w [{laughs}]>"),
    )
    yield "external.docx", _word_file(plain, head='<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
    yield "attributes.docx", _word_file("<w:p " + " ".join(f'a{n}="1"' for n in range(size * 4)) + "/>" + plain)
    yield (
        "fields.docx",
        _word_file("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * size + f"</w:p>{plain}"),
    )
    circle = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/><w:basedOn w:val="s{(n + 1) % 900}"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for n in range(900)
    )
    yield (
        "styles.docx",
        _word_file(
            paragraph(SENTENCE, '<w:pStyle w:val="s0"/>') * 99,
            {"word/styles.xml": f'<w:styles xmlns:w="{WORD}">{circle}</w:styles>'},
        ),
    )


def _sheet_file(rows: str, strings: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    parts = {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'}
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{SHEET}">{strings}</sst>'
    parts |= extra or {}

    def book(buffer: io.BytesIO) -> None:
        made = openpyxl.Workbook()
        if made.active is not None:
            made.active["A1"] = "责任"
        made.save(buffer)

    return _office_file(book, {name: text.encode() for name, text in parts.items()})


def _sheets(size: int) -> Named:
    def cell(place: str, text: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    shared = '<c r="A{0}" t="s"><v>0</v></c>'
    yield (
        "shared.xlsx",
        _sheet_file(
            "".join(f'<row r="{n}">{shared.format(n)}</row>' for n in range(1, size)),
            f"<si><t>{SENTENCE * (size // 20)}</t></si>",
        ),
    )
    yield "far.xlsx", _sheet_file(f'<row r="1048576">{cell("XFD1048576", "责任")}</row>')
    yield "beyond.xlsx", _sheet_file(f'<row r="99999999999">{cell("ZZZZZ99999999999", "责任")}</row>')
    yield "cell.xlsx", _sheet_file(f'<row r="1">{cell("A1", SENTENCE * (size * 10))}</row>')
    yield (
        "wide.xlsx",
        _sheet_file("".join(f'<row r="{n}">{cell(f"XFD{n}", "责任")}</row>' for n in range(1, size // 4))),
    )
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "责任"}">' for n in range(12))
    yield (
        "entities.xlsx",
        _sheet_file("", extra={"xl/worksheets/sheet1.xml": f"<!DOCTYPE w [{laughs}]><a>&a11;</a>"}),
    )
    yield "nested.xlsx", _sheet_file("<row>" * size + "</row>" * size)
    yield "rows.xlsx", _sheet_file("".join(f'<row r="{n}"/>' for n in range(1, size * 10)))


def _stream(head: bytes, data: bytes, packed: bool = False) -> bytes:
    if packed:
        head, data = head + b"/Filter /FlateDecode ", zlib.compress(data, 9)
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)


def pdf(objects: list[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first is its catalog."""
    body, starts = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, start=1):
        starts.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _one_page(
    content: bytes, resources: bytes = b"", further: list[bytes] | None = None, packed: bool = False
) -> bytes:
    """A page drawn by ``content``; its further objects begin with number 6, and font /T is 5."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
            b"/Resources << %s/Font << /T 5 0 R >> >> >>" % resources,
            _stream(b"", content, packed),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *(further or []),
        ]
    )


def fan_out_pdf(forms: int, draws: int = 10) -> bytes:
    """Each of ``forms`` form objects draws the next several times: ``draws ** forms`` pieces of text."""
    further = []
    for form in range(forms):
        last = form + 1 == forms
        names = b"" if last else b"/XObject << /F %d 0 R >> " % (7 + form)
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << %s/Font << /T 5 0 R >> >> " % names
        further.append(_stream(head, (b"BT /T 9 Tf 9 9 Td (Work) Tj ET " if last else b"/F Do ") * draws))
    return _one_page(b"/F Do", b"/XObject << /F 6 0 R >> ", further)


def _pdfs(size: int) -> Named:
    text = b"BT /T 9 Tf 9 9 Td (Work report) Tj ET "
    own = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 6 0 R >> >> "
    catalog, pages = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999 >>"
    yield "fan-out.pdf", fan_out_pdf(40)
    yield "drawn-by-itself.pdf", _one_page(b"/F Do", b"/XObject << /F 6 0 R >> ", [_stream(own, b"/F Do " * 9)])
    yield "text.pdf", _one_page(text * size, packed=True)
    yield "lines.pdf", _one_page(b"0 0 m 9 9 l S " * (size * 5), packed=True)
    yield "states.pdf", _one_page(b"q " * (size * 5) + text)
    yield "arrays.pdf", _one_page(b"[" * size + text)
    yield "bomb.pdf", _one_page(b" " * (size * 3_000) + text, packed=True)
    yield "page-tree.pdf", pdf([catalog, pages])
    yield "count.pdf", pdf([catalog, b"<< /Type /Pages /Kids [] /Count 2000000000 >>"])
    many = b" ".join(b"3 0 R" for _ in range(size))
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    yield "pages.pdf", pdf([catalog, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (many, size), leaf])
    yield "box.pdf", _one_page(text).replace(b"[0 0 600 800]", b"[0 0 9e30 9e30]")
    yield "small-text.pdf", _one_page(b"BT /T 0.00001 Tf 0 0 Td (%s) Tj ET" % (b"a" * size))


def _overlapping(name: str, size: int) -> bytes:
    """An archive whose thousand entries are one and the same stretch of it."""
    plain = SENTENCE.encode() * size
    packed = zlib.compress(plain, 9)[2:-4]
    crc = zlib.crc32(plain)
    names = [f"{number:04}{name}".encode() for number in range(1_000)]
    local = b"PK\x03\x04" + struct.pack(
        "<HHHHHLLLHH", 20, 0, 8, 0, 0x21, crc, len(packed), len(plain), len(names[0]), 0
    )
    body = local + names[0] + packed
    entries = b"".join(
        b"PK\x01\x02"
        + struct.pack(
            "<HHHHHHLLLHHHHHLL", 20, 20, 0, 8, 0, 0x21, crc, len(packed), len(plain), len(each), 0, 0, 0, 0, 0, 0
        )
        + each
        for each in names
    )
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, len(names), len(names), len(entries), len(body), 0)
    return body + entries + end


def _zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _archives(size: int) -> Named:
    def nested(depth: int) -> bytes:
        data = _zipped({"a.txt": SENTENCE.encode() * size})
        for _ in range(depth):
            data = _zipped({f"{number}.zip": data for number in range(9)})
        return data

    yield "bomb.zip", _zipped({"a.txt": b" " * (size * 3_000)})
    yield "nested.zip", nested(4)
    yield "members.zip", _zipped({f"{number}.txt": SENTENCE.encode() * 9 for number in range(size)})
    yield "overlap.zip", _overlapping(".txt", size)
    yield "names.zip", _zipped({"../\x1b[31m\n/etc/passwd.txt": SENTENCE.encode(), "/" * 999 + "a.txt": b"a"})
    yield "fan-out.zip", _zipped({f"{number}.pdf": fan_out_pdf(40) for number in range(9)})
    yield (
        "encrypted.zip",
        _zipped({"a.txt": b"a"}).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"),
    )


def _office(size: int) -> Named:
    for suffix in ("doc", "wps", "odt", "rtf"):
        yield f"random.{suffix}", random.Random(2).randbytes(size)
    content = '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
    yield "nested.odt", _zipped({"content.xml": (content + "<office:body>" * size).encode()})


def _broken(rng: random.Random) -> Named:
    """A whole file of every format, broken off at three places and changed at thirty."""
    whole: dict[str, bytes] = {
        "docx": _word_file(f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>" * 50),
        "xlsx": _sheet_file(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{SENTENCE}</t></is></c></row>'),
        "pdf": _one_page(b"BT /T 9 Tf 9 9 Td (Work report) Tj ET " * 50, packed=True),
        "zip": _zipped({"a.txt": SENTENCE.encode() * 50}),
        "html": f"<html><body><p>{SENTENCE * 50}</p></body></html>".encode(),
        "md": f"# 标题\n\n{SENTENCE * 50}\n".encode(),
        "txt": SENTENCE.encode("utf-8") * 50,
        "csv": f"标题,正文\n工作报告,{SENTENCE * 50}\n".encode("gb18030"),
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000),
        "rtf": b"{\\rtf1 " + b"{\\b " * 500 + b"}",
    }
    for suffix, data in whole.items():
        for _ in range(3):
            share = rng.random()
            yield f"cut-{share:.4f}.{suffix}", _cut(data, share)
        seed = rng.randrange(1 << 30)
        yield f"changed-{seed}.{suffix}", _changed(data, seed)


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _changed(data: bytes, seed: int) -> bytes:
    rng, changed = random.Random(seed), bytearray(data)
    for _ in range(30):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def write_files(folder: Path, scale: float = 1.0, seed: int = 0) -> list[str]:
    """Writes all of them, each format into its folder, and gives their names."""
    names = []
    for name, data in hostile_files(scale, seed):
        path = folder / name.rpartition(".")[2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        names.append(path.relative_to(folder).as_posix())
    return names


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--scale", default=1.0, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(folder: Path, scale: float, seed: int) -> None:
    """Write the hostile files into FOLDER."""
    click.echo(f"{len(write_files(folder, scale, seed))} files")


if __name__ == "__main__":
    main()
