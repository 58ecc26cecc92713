"""News articles in ten formats, a tenth of them damaged as files get damaged; the same each time."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pandas as pd
from articles import articles

from workbench.reports.excel import excel

Maker = Callable[[str, list[str]], bytes]  # of a title and paragraphs

DAMAGED = 10  # every tenth
TOWNS = "Oslo Bergen Turin Leeds Nantes Utrecht Graz Malaga".split()


def write_corpus(folder: Path, count: int) -> list[str]:
    """Write that many documents into `folder`, 100 a subfolder; the names of those that are damaged."""
    paragraphs = [[line for line in article.text.split("\n") if line.strip()] for article in articles()]
    damaged = []
    for number in range(count):
        draw = random.Random(number)
        lines = draw.choice(paragraphs)[: draw.randint(1, 3)] + draw.choice(paragraphs)[-draw.randint(1, 2) :]
        ending = list(FORMATS)[number % len(FORMATS)]
        content = FORMATS[ending](f"Council of {draw.choice(TOWNS)} meets", lines)
        path = folder / f"{number // 100:02d}" / f"{number:04d}{ending}"
        if number % DAMAGED == DAMAGED - 1 - number // DAMAGED % DAMAGED:  # each format in turn
            content = draw.choice(DAMAGES)(content, draw)
            damaged.append(path.stem.partition(".")[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return damaged


def text(title: str, lines: list[str]) -> bytes:
    return "\n\n".join([title, *lines]).encode()


def markdown(title: str, lines: list[str]) -> bytes:
    return text(f"---\ntitle: {title}\ndate: 2024-03-01\n---\n# {title}", lines)


def html(title: str, lines: list[str]) -> bytes:
    said = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    return f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{said}".encode()


def mail(title: str, lines: list[str]) -> bytes:
    head = f"From: Ann Lee <ann@news.example>\nSubject: {title}\nContent-Type: text/plain; charset=utf-8\n\n"
    return head.encode() + text("", lines)


def rtf(title: str, lines: list[str]) -> bytes:
    said = r"\par ".join([title, *lines])
    return (r"{\rtf1\ansi " + "".join(c if ord(c) < 128 else rf"\u{ord(c)}?" for c in said) + "}").encode()


def zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def docx(title: str, lines: list[str]) -> bytes:
    body = "".join(f"<p><t>{escape(line)}</t></p>" for line in [title, *lines])
    return zipped({"word/document.xml": f"<w>{body}</w>", "docProps/core.xml": "<c/>"})


def odt(title: str, lines: list[str]) -> bytes:
    office, named = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = "".join(f"<t:p>{escape(line)}</t:p>" for line in [title, *lines])
    whole = f"<o:document xmlns:o='{office}' xmlns:t='{named}'><o:body><o:text>{body}</o:text></o:body></o:document>"
    return zipped({"content.xml": whole, "meta.xml": "<m/>"})


def epub(title: str, lines: list[str]) -> bytes:
    listed = '<manifest><item id="a" href="a.html"/></manifest><spine><itemref idref="a"/></spine>'
    return zipped(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
            "b.opf": f"<package>{listed}</package>",
            "a.html": html(title, lines).decode() + "</article></body></html>",
        }
    )


def pdf(title: str, lines: list[str]) -> bytes:
    """A page of lines of 90 characters."""
    rows = [line[at : at + 90] for line in [title, *lines] for at in range(0, len(line), 90)]
    shown = b"".join(
        b"(%s) Tj 0 -11 Td " % row.encode("cp1252", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
        for row in rows
    )
    stream = b"BT /F1 9 Tf 40 800 Td " + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [5 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents 4 0 R "
        b"/Resources << /Font << /F1 3 0 R >> >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


FORMATS: dict[str, Maker] = {
    ".txt": text,
    ".md": markdown,
    ".html": html,
    ".eml": mail,
    ".rtf": rtf,
    ".docx": docx,
    ".odt": odt,
    ".epub": epub,
    ".pdf": pdf,
    ".txt.gz": lambda title, lines: gzip.compress(text(title, lines), mtime=0),
}


def rows(title: str, lines: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"title": title, "date": "2024-03-01", "outlet": "News", "text": lines})


def table(save: Callable[[pd.DataFrame, io.BytesIO], object]) -> Maker:
    def made(title: str, lines: list[str]) -> bytes:
        stream = io.BytesIO()
        save(rows(title, lines), stream)
        return stream.getvalue()

    return made


def sheets(title: str, lines: list[str]) -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    whole = "".join(f"<table:table-row>{cell.format(escape(line))}</table:table-row>" for line in ["text", *lines])
    book = f"<office:spreadsheet><table:table table:name='a'>{whole}</table:table></office:spreadsheet>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": f"<office:document {spaces}><office:body>{book}</office:body></office:document>",
        }
    )


def news(title: str, lines: list[str]) -> bytes:
    item = "<item><title>{}</title><description>{}</description></item>"
    return f"<rss>{''.join(item.format(title, escape(line)) for line in lines)}</rss>".encode()


MANY: dict[str, Maker] = {
    ".csv": table(lambda rows, to: rows.to_csv(to, index=False)),
    ".tsv": table(lambda rows, to: rows.to_csv(to, index=False, sep="\t")),
    ".jsonl": table(lambda rows, to: rows.to_json(to, orient="records", lines=True)),
    ".json": table(lambda rows, to: rows.to_json(to, orient="records")),
    ".xlsx": table(lambda rows, to: to.write(excel({"a": rows}))),
    ".ods": sheets,
    ".parquet": table(lambda rows, to: rows.to_parquet(to)),
    ".zip": lambda title, lines: zipped({f"{n}.txt": line for n, line in enumerate(lines)}),
    ".mbox": lambda title, lines: b"\n\n".join(b"From a@b.example\n" + mail(title, [line]) for line in lines),
    ".xml": news,
    ".csv.gz": lambda title, lines: gzip.compress(MANY[".csv"](title, lines), mtime=0),
}


def flipped(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice([1, 10, 100])):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def without_its_start(content: bytes, draw: random.Random) -> bytes:
    return content[draw.randrange(len(content)) :]


def with_a_hole(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    end = draw.randrange(start, len(content))
    return content[:start] + draw.choice([b"", b"\0" * (end - start)]) + content[end:]


def repeated(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    piece = content[start : draw.randrange(start, len(content)) + 1]
    return content[:start] + piece * draw.choice([2, 30, 200_000 // len(piece)]) + content[start:]


def in_another_encoding(content: bytes, draw: random.Random) -> bytes:
    encodings = ["utf-16", "utf-16-be", "utf-32", "cp037", "cp1252", "mac-roman", "utf-7", "shift-jis", "utf-8-sig"]
    return content.decode("utf-8", "replace").encode(draw.choice(encodings), "replace")


def garbled(content: bytes, draw: random.Random) -> bytes:
    for _ in range(draw.choice([1, 2, 3])):
        content = content.decode("cp1252", "replace").encode()
    return content


MARKUP = [
    b"<script>alert(1)</script>", b"<p><div><table><tr>", b"&amp;&#x2028;&bogus;", b"[a](", b"**", b"{\\rtf1 ",
    b"\\u-1?", b"</p></article></body>", b"<![CDATA[", b"<!--", b"\x1b[2J", b"\xe2\x80\xae", b"---\n", b"\r\r\n",
    b"=cmd|' /C calc'!A0", b"<style>*{display:none}</style>", b"\xe2\x80\x9c" * 40, b'"' * 41, b"(" * 300,
    b"word" * 2000, b"\0", b"\xef\xbf\xbe",
]  # fmt: skip


def with_markup(content: bytes, draw: random.Random) -> bytes:
    for _ in range(draw.choice([1, 5, 50])):
        at = draw.randrange(len(content) + 1)
        content = content[:at] + draw.choice(MARKUP) + content[at:]
    return content


def shuffled(content: bytes, draw: random.Random) -> bytes:
    pieces = [content[at : at + 40] for at in range(0, len(content), 40)]
    draw.shuffle(pieces)
    return b"".join(pieces)


DAMAGES = [
    flipped, cut, without_its_start, with_a_hole, repeated, in_another_encoding, garbled, with_markup, shuffled,
]  # fmt: skip
