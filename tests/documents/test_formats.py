"""XML news, mail, e-books and pages; whose word on title, author and date is taken."""

import textwrap
import zipfile
from datetime import date
from email.message import EmailMessage
from html import escape
from pathlib import Path
from time import process_time

import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

import workbench as wb
from workbench.documents.encoding import normalised

FIRST = "The ministers of both countries met on Tuesday to talk about the water of the river, and will meet again."
SECOND = "“We are closer than we were,” said the host, who had asked for the talks after the floods of the spring."
TEXT = f"{FIRST}\n\n{SECOND}"
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p>"
DAY = date(2024, 11, 20)

XML = {
    "nitf": f"<nitf><head><title>x</title></head><body><body.head><hedline><hl1>Talks go on</hl1></hedline><byline>By Ann Lee</byline>"
    f"<dateline><story.date norm='20241120'/></dateline></body.head><body.content>{PARAGRAPHS}</body.content></body></nitf>",
    "newsml-g2": "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet><newsItem><itemMeta><versionCreated>2024-11-20T10:00:00Z"
    "</versionCreated><provider literal='x'><name>The Post</name></provider></itemMeta><contentMeta><headline>Talks go on</headline><by>Ann Lee</by></contentMeta>"
    f"<contentSet><inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><body>{PARAGRAPHS}</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>",
    "tei": "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>Talks go on</title><author>Ann Lee</author></titleStmt>"
    f"<publicationStmt><date when='2024-11-20'>20 November 2024</date></publicationStmt></fileDesc></teiHeader><text><body>{PARAGRAPHS}</body></text></TEI>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>The Post</title><updated>2024-11-22T00:00:00Z</updated><entry>"
    "<title type='html'>Talks go on</title><author><name>Ann Lee</name><email>a@post.example</email></author><summary>Short.</summary>"
    f"<published>2024-11-20T10:00:00Z</published><content type='html'>{escape(PARAGRAPHS)}</content></entry></feed>",
    "rss": "<rss xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><title>The Post</title><item><title>Talks go on</title><author>Ann Lee</author>"
    f"<pubDate>Wed, 20 Nov 2024 10:00:00 GMT</pubDate><c:encoded><![CDATA[{PARAGRAPHS}]]></c:encoded></item></channel></rss>",
    "newsbank": "<docs><doc><headline>Talks go on</headline><byline>Ann Lee</byline><sourceInfo><paper>The Post</paper><date>November 20, 2024</date>"
    f"</sourceInfo><maintext>{PARAGRAPHS}</maintext></doc></docs>",
}


@pytest.mark.parametrize("kind", XML)
def test_news_in_xml_is_read_by_its_known_elements(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(XML[kind], "utf-8")
    (document,) = wb.read_all(path)
    assert document.text == TEXT
    known = document.metadata
    assert (known["title"], known["author"], known["date"]) == ("Talks go on", "Ann Lee", DAY)


def test_each_item_of_a_file_of_news_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    item = XML["rss"].partition("<item>")[2].partition("</item>")[0]
    path.write_text(
        XML["rss"].replace("</channel>", f"<item>{item.replace('Talks', 'More talks')}</item></channel>"), "utf-8"
    )
    assert [item.metadata["title"] for item in wb.read_all(path)] == ["Talks go on", "More talks go on"]


def mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = (
        "Ann Lee <a@b.example>",
        subject,
        "Wed, 20 Nov 2024 10:00:00 +0000",
    )
    message.set_content(TEXT)
    return message


def test_mail_and_mailboxes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail("Talks go on").as_bytes())
    document = wb.read(tmp_path / "a.eml")
    assert (document.text, document.metadata["title"], document.metadata["author"]) == (TEXT, "Talks go on", "Ann Lee")
    assert document.metadata["date"] == DAY
    box = b"".join(
        b"From a@b.example Wed Nov 20 10:00:00 2024\n" + mail(s).as_bytes() + b"\n\n" for s in ("One", "Two")
    )
    (tmp_path / "b.mbox").write_bytes(box)
    assert [item.metadata["title"] for item in wb.read_all(tmp_path / "b.mbox")] == ["One", "Two"]


def test_an_endless_subject_is_cut(tmp_path):
    (tmp_path / "a.eml").write_text(
        "Subject: " + "| a " * 200_000 + "\n\nThe river rose in the night. It fell on Monday."
    )
    begun = process_time()
    assert len(wb.read(tmp_path / "a.eml").metadata["title"]) < 10_000
    assert process_time() - begun < 10


def test_an_e_book_is_read_in_its_order(tmp_path: Path) -> None:
    container = "<container xmlns='c'><rootfiles><rootfile full-path='O/p.opf'/></rootfiles></container>"
    package = (
        "<package xmlns='o' xmlns:dc='d'><metadata><dc:title>Talks</dc:title><dc:creator>Ann Lee</dc:creator></metadata><manifest>"
        "<item id='b' href='b.xhtml'/><item id='a' href='a%201.xhtml'/></manifest><spine><itemref idref='a'/><itemref idref='b'/></spine></package>"
    )
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as book:
        book.writestr("META-INF/container.xml", container)
        book.writestr("O/p.opf", package)
        book.writestr("O/a 1.xhtml", f"<html><body><p>{FIRST}</p></body></html>")
        book.writestr(
            "O/b.xhtml", f"<html><body><p>{SECOND.replace('“', '&#8220;').replace('”', '&#8221;')}</p></body></html>"
        )
    document = wb.read(tmp_path / "a.epub")
    assert (document.text, document.metadata["title"], document.metadata["author"]) == (TEXT, "Talks", "Ann Lee")


FRONT = {
    "yaml": "---\ntitle: >\n  Talks go\n  on\nauthors:\n  - Ann Lee\n  - Tom Reed\ndate: 2024-11-20\n---\n",
    "loose yaml": "---\ntitle: Talks go on\nauthor: Ann Lee, Tom Reed\nnote: a: b: c\ndate: 20 November 2024\n---\n",
    "toml": '+++\ntitle = "Talks go on"\nauthor = ["Ann Lee", "Tom Reed"]\ndate = 2024-11-20\n+++\n',
    "json": '{\n"title": "Talks go on",\n"author": "Ann Lee, Tom Reed",\n"date": "2024-11-20"\n}\n',
}


@pytest.mark.parametrize("kind", FRONT)
def test_front_matter_is_metadata(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.markdown"
    path.write_text(FRONT[kind] + TEXT)
    document = wb.read(path)
    assert document.text == TEXT
    known = document.metadata
    assert (known["title"].strip(), known["author"], known["date"]) == ("Talks go on", "Ann Lee, Tom Reed", DAY)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_docx(path: Path, lines: list[str], core: str = "") -> Path:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        if core:
            archive.writestr("docProps/core.xml", f'<c xmlns:dc="d">{core}</c>')
    return path


def test_the_article_s_own_lines_outweigh_who_saved_its_file(tmp_path: Path) -> None:
    core = "<dc:title>Draft of May</dc:title><dc:creator>Some Secretary</dc:creator><dc:created>2013-01-02</dc:created>"
    path = write_docx(
        tmp_path / "a.docx", ["Will the talks go on?", "By Ann Lee", "20 November 2024", FIRST, SECOND], core
    )
    known = wb.read(path).metadata
    assert (known["title"], known["author"], known["date"]) == ("Will the talks go on?", "Ann Lee", DAY)


@pytest.mark.parametrize(
    "core",
    [
        "",
        "<dc:title>Microsoft Word - a.docx</dc:title><dc:creator>Administrator</dc:creator>",
        "<dc:title>Document1</dc:title><dc:creator>Microsoft Office User</dc:creator>",
        "<dc:title></dc:title><dc:creator>python-docx</dc:creator><dc:created>2013-12-23T23:15:00Z</dc:created>",
    ],
)
def test_properties_that_are_nobody_s_are_no_metadata(core: str, tmp_path: Path) -> None:
    known = wb.read(write_docx(tmp_path / "a.docx", [FIRST, SECOND], core)).metadata
    assert not {"title", "author", "date"} & set(known)


def page(head: str = "", before: str = "", after: str = "", body: str = PARAGRAPHS) -> str:
    more = body + f"<p>{FIRST.replace('Tuesday', 'Wednesday')}</p>"
    return f"<html><head>{head}</head><body>{before}<article>{more}</article>{after}</body></html>"


@pytest.mark.parametrize(
    ("head", "before", "title"),
    [
        ("<title>Talks go on - The Post</title><meta property='og:site_name' content='The Post'>", "", "Talks go on"),
        (
            "<title>Talks to go on | Post</title>",
            "<h1>Will the talks go on this year?</h1>",
            "Will the talks go on this year?",
        ),
        ("<title>Talks Go On</title>", "<h1>Talks go on</h1>", "Talks go on"),
        ("<title>Talks go on</title>", "<h1>World | Talks go on</h1>", "Talks go on"),
        (
            "<title>Talks go on</title><meta property='og:site_name' content='The Daily Post'>",
            "<h1>The Daily Post</h1>",
            "Talks go on",
        ),
    ],
)
def test_the_title_is_the_headline_that_the_page_shows(head: str, before: str, title: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(head, before), "utf-8")
    assert wb.read(tmp_path / "a.html").metadata["title"] == title


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("Thursday 21 November 2024 09:03, UK", date(2024, 11, 21)),  # where the paper is, it is the next day
        ("Published on Nov 21, 2024 - 9:03AM", date(2024, 11, 21)),
        ("Updated on Nov 21, 2024", DAY),
        ("2 January 2020", DAY),  # too far away to be the same day elsewhere
        ("11/12/2024", DAY),  # which of two days, it does not say
        ("Ministers of 21 November 2024", DAY),
    ],
)
def test_the_day_printed_below_the_headline_outweighs_the_page_s_head(below: str, day: date, tmp_path: Path) -> None:
    head = "<title>Talks go on</title><meta property='article:published_time' content='2024-11-20T22:03:00Z'>"
    (tmp_path / "a.html").write_text(page(head, f"<h1>Talks go on</h1><p>{below}</p>"), "utf-8")
    assert wb.read(tmp_path / "a.html").metadata["date"] == day


@pytest.mark.parametrize("how", ["style='display: none'", "hidden", "aria-hidden='true'", "class='sr-only'"])
def test_hidden_elements_are_no_text(how: str, tmp_path: Path) -> None:
    hidden = f"<p>{FIRST} <span {how}>Nobody can see these words on it.</span></p><p>{SECOND}</p>"
    (tmp_path / "a.html").write_text(page("<title>Talks</title>", body=hidden), "utf-8")
    assert "Nobody" not in wb.read(tmp_path / "a.html").text


def test_a_page_without_an_article_says_what_it_has(tmp_path: Path) -> None:
    links = "".join(
        f"<p><a href='/{i}'>Minister number {i} met the others on a Tuesday in the spring, for talks</a></p>"
        for i in range(30)
    )
    (tmp_path / "a.html").write_text(
        f"<html><head><title>Home</title></head><body><article>{links}</article></body></html>"
    )
    rules = (
        "<p>We moderate all comments. Comments that break our community guidelines will be removed without a note to you.</p>"
        * 3
    )
    (tmp_path / "b.html").write_text(
        f"<html><head><title>River talks resume</title></head><body><article>{rules}</article></body></html>"
    )
    teasers = "".join(
        f"<div><h2><a href='/{i}'>Minister number {i} met the others</a></h2><p>Talks number {i} went on after the floods of"
        f" the spring, and will go on for {i} days, the hosts said.</p></div>"
        for i in range(20)
    )
    (tmp_path / "c.html").write_text(f"<html><head><title>Home</title></head><body>{teasers}</body></html>")
    for name in ("a", "b", "c"):
        with pytest.raises(wb.DocumentError, match="no article"):
            wb.read(tmp_path / f"{name}.html")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("She said â€œnoâ€\x9d.", "She said “no”."),
        ("She said \x93no\x94 \x96 twice.", "She said “no” – twice."),
        ("cafe\u0301", "café"),
        ("a\ud800b", "ab"),
    ],
)
def test_garbled_and_broken_characters_are_repaired(written: str, read: str) -> None:
    assert normalised(written)[0] == read


def test_latin_1_means_windows_1252(tmp_path: Path) -> None:
    raw = page("<meta charset=ISO-8859-1><title>x</title>").replace("“", "\x93").replace("”", "\x94").encode("latin-1")
    (tmp_path / "a.html").write_bytes(raw)
    assert "“We are closer than we were,”" in wb.read(tmp_path / "a.html").text


def test_entities_whose_mark_is_lost_are_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "It#39;s the town#39;s bridge, quot;mended at lastquot;, she said &amp;#39;again&amp;#39;."
    )
    assert wb.read(tmp_path / "a.txt").text == "It's the town's bridge, \"mended at last\", she said 'again'."


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("by_row", [True, False])
def test_the_columns_of_a_pdf_are_read_one_after_another(columns: int, by_row: bool, tmp_path: Path) -> None:
    stories = [
        " ".join(f"{ordinal.capitalize()} {sentence}" for sentence in (FIRST[4:], SECOND[1:].replace("”", "")) * 3)
        for ordinal in ("first", "second", "third", "fourth")[:columns]
    ]
    wrapped = [textwrap.wrap(story, 100 // columns - 4) for story in stories]
    cells = [(row, column) for column in range(columns) for row in range(len(wrapped[column]))]
    page = Figure(figsize=(8.3, 11.7))
    page.text(0.08, 0.93, "A headline that stands above all of the columns", fontsize=18)
    for row, column in sorted(cells) if by_row else cells:
        page.text(0.08 + 0.86 * column / columns, 0.88 - row * 0.013, wrapped[column][row], fontsize=8)
    with PdfPages(tmp_path / "a.pdf") as pages:
        pages.savefig(page)
    text = wb.read(tmp_path / "a.pdf").text
    assert " ".join(text.split()) == " ".join(["A headline that stands above all of the columns", *stories])


def test_a_table_in_a_pdf_is_no_columns_of_prose(tmp_path: Path) -> None:
    page = Figure(figsize=(8.3, 11.7))
    rows = [("The ministers' town", f"{n * 137 % 900}", f"{n * 31 % 60}.{n}") for n in range(1, 31)]
    for n, row in enumerate(rows):
        for place, cell in zip((0.1, 0.5, 0.8), row, strict=True):
            page.text(place, 0.9 - n * 0.013, cell, fontsize=8)
    with PdfPages(tmp_path / "a.pdf") as pages:
        pages.savefig(page)
    assert wb.read(tmp_path / "a.pdf", language="any").text.split()[:5] == ["The", "ministers'", "town", "137", "31.1"]
