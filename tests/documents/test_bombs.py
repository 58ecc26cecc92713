"""Small files that unfold to anything: each is read within 1 GiB and 30 s of work, or a line says why not."""

import gzip
import io
import re
import resource
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import workbench as wb
from workbench.documents import Document, DocumentError

SENTENCE = "The ministers of both countries met on Tuesday to talk about the water of the river. "
SECONDS, MEMORY = 30, 1 << 20  # of work; KiB

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
BOOK = {
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    '</Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas'
    '.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet"/></Relationships>',
}  # fmt: skip


def zipped(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx(rows: str, shared: str = "") -> bytes:
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{shared}</sst>'
    return zipped({**BOOK, "xl/worksheets/sheet1.xml": SHEET.format(rows), "xl/sharedStrings.xml": strings})


def cell(place: str) -> str:
    return f'<row r="{place.strip("ABCDFX")}"><c r="{place}" t="inlineStr"><is><t>text</t></is></c></row>'


def ods(cells: str) -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = f'<office:body><office:spreadsheet><table:table table:name="a">{cells}</table:table></office:spreadsheet></office:body>'
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def table(texts: pa.Array, **how: object) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pa.table({"text": texts}), stream, compression="zstd", **how)
    return stream.getvalue()


def pdf(pages: int, content: bytes, forms: int = 0) -> bytes:
    """A PDF of that many pages of the same content; with forms, each of which draws the next ten times."""
    stream = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (pages, b" ".join(b"%d 0 R" % (n + 5 + forms) for n in range(pages))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    for n in range(forms):
        inner = b"/F Do " * 10 if n < forms - 1 else b"BT /F1 9 Tf (ha) Tj ET"
        named = b"/XObject << /F %d 0 R >>" % (n + 6) if n < forms - 1 else b""
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> %s >> /Length %d >>\n"
            b"stream\n%s\nendstream" % (named, len(inner), inner)
        )
    first = b"/XObject << /F 5 0 R >>" if forms else b""
    objects += [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> %s >> >>"
        % first
    ] * pages
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def docx(body: str) -> bytes:
    return zipped({"word/document.xml": body, "docProps/core.xml": "<c/>"})


def epub(pages: list[str]) -> bytes:
    items = "".join(f'<item id="p{n}" href="{n}.html"/>' for n in range(len(pages)))
    order = "".join(f'<itemref idref="p{n}"/>' for n in range(len(pages)))
    return zipped(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
            "b.opf": f"<package><manifest>{items}</manifest><spine>{order}</spine></package>",
            **{f"{n}.html": page for n, page in enumerate(pages)},
        }
    )


def mails(count: int) -> str:
    head = "From a@b Mon Jan  1 00:00:00 2024\nSubject: The river\nFrom: Ann <a@b.example>\n\n"
    return "\n\n".join([head + SENTENCE] * count)


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
MANY_PARTS = (
    "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    + f"--b\nContent-Type: text/plain\n\n{SENTENCE}\n" * 50_000
)
NESTED_PARTS = "Subject: x\n" + "".join(
    f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(5000)
)

BOMBS: dict[str, Callable[[], str | bytes]] = {
    "rows.xlsx": lambda: xlsx(cell("A1") + cell("A99999999999")),
    "corner.xlsx": lambda: xlsx(cell("A1") + cell("XFD1048576")),
    "column.xlsx": lambda: xlsx(cell("A1") + cell("XFDXFD2")),
    "shared.xlsx": lambda: xlsx(
        "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_000)),
        f"<si><t>{SENTENCE * 20_000}</t></si>",
    ),
    "rows.ods": lambda: ods('<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string"><text:p>text</text:p></table:table-cell></table:table-row>'),
    "columns.ods": lambda: ods('<table:table-row><table:table-cell table:number-columns-repeated="1000000000" office:value-type="string"><text:p>text</text:p></table:table-cell></table:table-row>'),
    "small.xlsx": lambda: xlsx(cell("A1") + cell("B3")),
    "unfolds.ods": lambda: zipped({"content.xml": b" " * 60_000_000}),
    "long.xls": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 51_000_000,
    "page.parquet": lambda: table(pa.array([SENTENCE * 130_000] * 60), use_dictionary=False),
    "dictionary.parquet": lambda: table(pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 20_000_000]))),
    "row.parquet": lambda: table(pa.array(["x" * 400_000_000], pa.large_string()), use_dictionary=False),
    "many.parquet": lambda: table(pa.array(["x"] * 2_000)),
    "pages.pdf": lambda: pdf(100_000, b"BT /F1 9 Tf 50 700 Td (The river rose.) Tj ET"),
    "stream.pdf": lambda: pdf(1, b"BT /F1 9 Tf 50 700 Td " + b"(The river rose.) Tj " * 15_000_000 + b"ET"),
    "forms.pdf": lambda: pdf(1, b"/F Do", forms=9),
    "spaces.pdf": lambda: pdf(1, b" " * 300_000_000),
    "links.md": lambda: "[a](" * 2_500_000,
    "images.md": lambda: "![a" * 3_300_000,
    "stars.md": lambda: "**a " * 2_500_000,
    "underlines.md": lambda: "_a" * 5_000_000,
    "front.md": lambda: "---\n" + "a:" + " " * 19_000 + "\n---\n" + SENTENCE,
    "front_rows.md": lambda: "---\n" + "- " * 9_000 + "\n---\n" + SENTENCE,
    "anchors.md": lambda: "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)) + "---\n" + SENTENCE,
    "no_end.md": lambda: "---\n" + "a: b\n" * 150_000,
    "brackets.txt": lambda: "[" * 10_000_000,
    "marks.txt": lambda: '"' * 10_000_000,
    "spaces.txt": lambda: "a" + " " * 9_999_990 + "b",
    "digits.txt": lambda: "1" * 10_000_000,
    "accents.txt": lambda: "e" + "\u0301\u0316" * 2_450_000,
    "tags.txt": lambda: "<a b='" * 1_600_000,
    "entities.txt": lambda: "&#60;" * 2_000_000,
    "garbled.txt": lambda: "â€™" * 1_400_000,
    "lines.txt": lambda: "a\n" * 199_000,
    "bomb.txt.gz": lambda: gzip.compress(b"0" * 200_000_000),
    "bomb.csv.gz": lambda: gzip.compress(b"text\n" + b"0" * 200_000_000),
    "bomb.zip": lambda: zipped({f"{n}.txt": b"0" * 49_000_000 for n in range(3)}),
    "many.zip": lambda: zipped({f"{n}.txt": SENTENCE for n in range(5000)}),
    "paragraphs.docx": lambda: docx("<w>" + "<p/>" * 2_400_000 + "</w>"),
    "laughs.docx": lambda: docx(f"<!DOCTYPE l [{LAUGHS}]><w><p>&j;</p></w>"),
    "attributes.docx": lambda: docx("<w " + " ".join(f'a{n}=""' for n in range(900_000)) + "/>"),
    "nested.docx": lambda: docx("<w>" + "<p><t>a</t>" * 200 + "</p>" * 200 + "</w>"),
    "text.docx": lambda: docx(f"<w><p><t>{'word ' * 1_990_000}</t></p></w>"),
    "members.docx": lambda: zipped({"word/document.xml": f"<w><p><t>{SENTENCE}</t></p></w>", "docProps/core.xml": "<c/>", **{str(n): "" for n in range(50_000)}}),
    "laughs.odt": lambda: zipped({"content.xml": f"<!DOCTYPE l [{LAUGHS}]><w><p>&j;</p></w>", "meta.xml": "<m/>"}),
    "pages.epub": lambda: epub(["<body>" + "<p>a" * 3_000_000 + "</body>"] * 5),
    "same.epub": lambda: epub([f"<body><p>{SENTENCE * 1000}</p></body>"] * 3000),
    "laughs.xml": lambda: f"<!DOCTYPE l [{LAUGHS}]><rss><item><title>T</title><description>&j;</description></item></rss>",
    "deep.xml": lambda: "<item>" * 1_000_000,
    "items.xml": lambda: "<rss>" + f"<item><title>T</title><description>{SENTENCE}</description></item>" * 80_000 + "</rss>",
    "names.xml": lambda: "<doc>" + "<text>" * 200 + "<title/>" * 900_000 + "</doc>",
    "deep.json": lambda: "[" * 100_000 + "]" * 100_000,
    "objects.json": lambda: '{"a":' * 100_000 + "1" + "}" * 100_000,
    "lists.json": lambda: "[" + ",".join(['{"text": "a"}'] * 500_000) + "]",
    "lists_in_lists.json": lambda: '[{"a":' * 900 + "1" + "}]" * 900,
    "number.json": lambda: '{"text": ' + "9" * 4_000_000 + "}",
    "deep.jsonl": lambda: "[" * 9_000_000,
    "columns.csv": lambda: ",".join(f"a{n}" for n in range(1_000_000)) + "\n" + "x," * 1_000_000,
    "quotes.csv": lambda: "text\n" + '"a\n' * 100_000,
    "cells.csv": lambda: "text\n" + "," * 9_000_000,
    "deep.html": lambda: "<div>" * 49_000 + SENTENCE * 9,
    "bold.html": lambda: "<b>" * 49_000 + SENTENCE * 9,
    "list.html": lambda: "<ul><li>" * 24_000 + SENTENCE * 9,
    "tables.html": lambda: "<table><tr><td>" * 16_000 + SENTENCE * 9,
    "attributes.html": lambda: "<p " + " ".join(f"a{n}=b" for n in range(1_000_000)) + ">" + SENTENCE * 9,
    "class.html": lambda: "<p class='" + "a " * 4_000_000 + f"'>{SENTENCE * 9}</p>",
    "links.html": lambda: f"<a href=x>{SENTENCE}</a>" * 24_000,
    "headlines.html": lambda: "<h1>The river - the river - the river</h1>" * 24_000 + SENTENCE * 9,
    "title.html": lambda: f"<title>{'River - ' * 100_000}</title><h1>River</h1><p>{SENTENCE * 9}</p>",
    "ld.html": lambda: "<script type='application/ld+json'>" + "[" * 3_000_000 + f"</script><p>{SENTENCE * 9}</p>",
    "body.html": lambda: '<script type="application/ld+json">{"articleBody": "' + "<" * 9_000_000 + f'"}}</script><p>{SENTENCE}</p>',
    "text.html": lambda: f"<p>{'word ' * 1_900_000}</p>",
    "lines.html": lambda: f"<p>{SENTENCE}</p>" * 24_000,
    "hidden.html": lambda: "<div hidden>" * 24_000 + SENTENCE * 9,
    "mails.mbox": lambda: mails(40_000),
    "from.mbox": lambda: "From " * 2_000_000,
    "parts.eml": lambda: MANY_PARTS,
    "nested.eml": lambda: NESTED_PARTS,
    "headers.eml": lambda: "a: b\n" * 1_000_000 + "\n" + SENTENCE,
    "address.eml": lambda: "Subject: x\nFrom: " + "(" * 100_000 + f"\n\n{SENTENCE}",
    "addresses.eml": lambda: "Subject: x\nFrom: " + "a@b, " * 100_000 + f"\n\n{SENTENCE}",
    "subject.eml": lambda: "Subject: " + "=?utf-8?q?a?= " * 100_000 + f"\n\n{SENTENCE}",
    "braces.rtf": lambda: r"{\rtf1 " + "{" * 9_000_000,
    "words.rtf": lambda: r"{\rtf1 " + r"\b" * 4_500_000,
    "groups.rtf": lambda: r"{\rtf1 " + r"{\b a}" * 1_500_000,
    "digits.rtf": lambda: r"{\rtf1 \u" + "9" * 9_000_000,
}  # fmt: skip

QUICK = set(
    "rows.xlsx corner.xlsx column.xlsx columns.ods small.xlsx unfolds.ods many.parquet front.md front_rows.md anchors.md "
    "brackets.txt marks.txt spaces.txt accents.txt bomb.csv.gz bomb.txt.gz laughs.docx nested.docx laughs.odt pages.epub "
    "laughs.xml deep.xml deep.json objects.json lists_in_lists.json number.json deep.jsonl quotes.csv deep.html bold.html "
    "title.html nested.eml subject.eml address.eml digits.rtf".split()
)


@pytest.fixture(scope="module", autouse=True)
def _begun(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is loaded once is loaded before it is counted."""
    path = tmp_path_factory.mktemp("begun") / "a.html"
    path.write_text(f"<p>{SENTENCE * 9}</p>")
    wb.read(path)


def highest() -> int:
    """KiB that this process has held at most since the last `forget`."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def work() -> float:
    return sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def checked(items: Iterator[Document | DocumentError], path: Path) -> Iterator[str]:
    """What each item is; a document has a text and an error is a line that names the file."""
    for item in items:
        said = str(item) if isinstance(item, DocumentError) else ""
        assert said or item.text.strip()
        assert not said or (path.name in said and "\n" not in said and len(said) < 500)
        yield said


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux says how much memory was held")
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * (n not in QUICK)) for n in BOMBS])
def test_a_small_file_that_unfolds_is_read_within_bounds_or_a_line_says_why_not(name: str, tmp_path: Path) -> None:
    content = BOMBS[name]()
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    del content
    Path("/proc/self/clear_refs").write_text("5")
    held, begun, said = highest(), work(), "x"
    try:
        said = [*islice(checked(wb.read_all(path, language="any"), path), 100)][-1]  # each may take as long
    except DocumentError as error:
        said = str(error)
        assert path.name in said
    print(f"{work() - begun:.1f} s, {(highest() - held) >> 10} MB: {said[:150]}")
    assert work() - begun < SECONDS
    assert highest() - held < MEMORY
