"""Exports as news databases lay them out, made of articles of our own: text by database, then files of each kind."""

import html
import textwrap
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RULE = "_" * 60


class Article(NamedTuple):
    title: str
    outlet: str
    day: int
    author: str
    section: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


def _paragraphs(place: str, thing: str) -> tuple[str, ...]:
    return (
        f"The council of {place} decided on Monday to repair the {thing}, which has been closed since the storm of the spring.",
        f"“We had hoped to open the {thing} sooner,” the mayor said. “Nobody wants to walk around it for another year.”",
        f"Work on the {thing} will begin in May, and the town has set aside two million for it, the council's clerk added.",
    )


ARTICLES = [
    Article(
        "Town to mend its old bridge", "The Harbour Post", 3, "Anna Berg", "News", _paragraphs("Alnmouth", "bridge")
    ),
    Article(
        "Will the ferry ever sail again?", "The Harbour Post", 4, "Tom Reed", "Business", _paragraphs("Seaham", "pier")
    ),
    Article(
        "A theatre waits for its roof",
        "Lakeside Ledger",
        9,
        "Eva Lind and Tom Reed",
        "Arts",
        _paragraphs("Kendal", "theatre"),
    ),
    Article(
        "Storm damage: 'worse than feared'",
        "Northern Echo Weekly",
        11,
        "Ida Holm",
        "News",
        _paragraphs("Whitby", "harbour wall"),
    ),
    Article(
        "School hall closed until autumn",
        "Lakeside Ledger",
        12,
        "Per Dahl",
        "Local",
        _paragraphs("Bowness", "school hall"),
    ),
    Article(
        "The library that would not open",
        "The Morning Star of Hexham",
        15,
        "Ann Lee",
        "Opinion",
        _paragraphs("Hexham", "library"),
    ),
]


def lexisnexis(articles: list[Article], width: int = 78) -> str:
    """As LexisNexis Academic gave them, with lines of `width` characters."""
    parts = [
        "\n\n\nDownload Request: All Items\nTime Of Request: Friday, March 20, 2020  16:51:31\n\nTerms: (council)\n\n"
    ]
    for number, a in enumerate(articles, 1):
        body = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in a.paragraphs)
        parts.append(
            f"{f'{number} of {len(articles)} DOCUMENTS':^78}\n\n\n\n{a.outlet:^78}\n\n{f'March {a.day}, 2020 Tuesday':^78}\n\n"
            f"{a.title}\n\nBYLINE: By {a.author}\n\nSECTION: {a.section}; Pg. 4\n\nLENGTH: {a.words} words\n\n{body}\n\n"
            f"LOAD-DATE: March {a.day + 1}, 2020\n\nLANGUAGE: ENGLISH\n\nGRAPHIC: A photo of the place\n\n"
            f"PUBLICATION-TYPE: Newspaper\n\n\n{'Copyright 2020 The Owner Ltd.':^78}\n{'All Rights Reserved':^78}\n"
        )
    return "\n".join(parts)


def nexis_uni(articles: list[Article]) -> str:
    cover = [
        "",
        "Date and Time: Friday, 5. June 2020 09:31:00 CEST",
        "Job Number: 00000001",
        f"Documents ({len(articles)})",
    ]
    for number, a in enumerate(articles, 1):
        cover += [
            f"{number}. {a.title}",
            "Client/Matter: -None-",
            "Search Terms: council",
            "Narrowed by:",
            "",
            "Content Type",
            "News",
        ]
    lines = [*cover, "", "", ""]
    for a in articles:
        lines += [
            "",
            a.title,
            a.outlet,
            f"March {a.day}, 2020 Tuesday 9:20 AM GMT",
            "",
            "Copyright 2020 The Owner Ltd. All Rights Reserved",
        ]
        lines += [
            " ",
            f"Section:\xa0{a.section}; Version:2",
            f"Length:\xa0{a.words} words",
            f"Byline:\xa0{a.author}",
            "Body",
            "",
            "",
        ]
        lines += [line for paragraph in a.paragraphs for line in (paragraph, "")]
        lines += [
            "Classification",
            "",
            "Language: ENGLISH",
            "",
            "Publication-Type: Newspaper",
            "",
            "Subject: BRIDGES (90%); MAYORS (75%)",
        ]
        lines += ["", f"Load-Date: March {a.day + 1}, 2020", "", "", " End of Document", "", ""]
    return "\n".join(lines)


def factiva(articles: list[Article]) -> str:
    """The display of full articles, without codes."""
    parts = []
    for a in articles:
        parts.append(
            f"{a.section}\n{a.title}\n\nBy {a.author} \n{a.words} words\n{a.day} March 2020\n{a.outlet}\nHARBP\n4\nEnglish\n"
            f"Copyright 2020. The Owner Ltd. \n\n"
            + "\n\n".join(a.paragraphs)
            + f"\n\nDocument HARBP00020200{300 + a.day}eg3{a.day:02}0001x\n\n"
        )
    return (
        "\n".join(parts)
        + "\nSearch Summary\nText\ncouncil\nDate\nAll Dates\nResults Found\n6\nTimestamp\n20 March 2020 16:51"
    )


def factiva_coded(articles: list[Article]) -> str:
    """The display of full articles with indexing: each field with its code."""
    parts = []
    for a in articles:
        first, *others = a.paragraphs or ("",)
        parts.append(
            f"SE    {a.section}\nHD    {a.title}\nBY    By {a.author}\nWC    {a.words} words\nPD    {a.day} March 2020\nET    15:32\n"
            f"SN    {a.outlet}\nSC    HARBP\nPG    4\nLA    English\nCY    (c) 2020 The Owner Ltd.\n\nLP\n\n{first}\n\nTD\n\n"
            + "\n\n".join(others)
            + f"\n\nNS\ngcat : Political/General News | gpol : Domestic Politics\nRE\nuk : United Kingdom\nPUB\nThe Owner Ltd.\n"
            f"AN\nDocument HARBP00020200{300 + a.day}eg3{a.day:02}0001x\n"
        )
    return "\n".join(parts)


def proquest(articles: list[Article], width: int = 0) -> str:
    parts = ["\nReport Information from ProQuest\n20 March 2020 16:51\n"]
    for number, a in enumerate(articles, 1):
        body = "\n\n".join(textwrap.fill(p, width) if width else p for p in a.paragraphs)
        parts.append(
            f"\nDocument {number} of {len(articles)}\n\n{a.title}\n\nAuthor: {a.author}\n\n"
            f"Publication info: {a.outlet} ; Hexham [Hexham]{a.day:02} Mar 2020: A.4.\n\nProQuest document link\n\n"
            f"Abstract: None available.\n\nLinks: Get it here\n\nFull text: {body}\nCREDIT: {a.author}; The Post\n\n"
            f"Subject: Bridges; Mayors\n\nLocation: Hexham\n\nPublication title: {a.outlet}; Hexham\n\nPages: A.4\n\n"
            f"Publication year: 2020\n\nPublication date: Mar {a.day}, 2020\n\nSection: {a.section}\n\nPublisher: The Owner Ltd.\n\n"
            f"Source type: Newspapers\n\nLanguage of publication: English\n\nProQuest document ID: 25143{number:04}\n\n"
            f"Document URL: https://search.proquest.com/docview/25143{number:04}\n\nCopyright: Copyright The Owner Ltd. Mar {a.day}, 2020\n\n"
            f"Last updated: 2020-04-07\n\nDatabase: Newsstream\n"
        )
    end = "\nContact us at: support\nDatabase copyright © 2020 ProQuest LLC. All rights reserved."
    return RULE + f"\n{RULE}\n".join(parts) + f"\n{RULE}\n{end}"


def newsbank(articles: list[Article]) -> str:
    return "\n\n".join(
        f"{a.title}\nMarch {a.day}, 2020 | {a.outlet} (UK)\nAuthor: {a.author} | Section: {a.section}\n{a.words} Words\nPage: A4\n"
        "OpenURL Link\n\n"
        + "\n\n".join(a.paragraphs)
        + f"\n\nCopyright (c) 2020 {a.outlet}. All rights reserved.\nRecord Number: 0FD{a.day:09}\n"
        for a in articles
    )


def newsbank_labelled(articles: list[Article]) -> str:
    return "\n\n".join(
        f"Paper: {a.outlet} (UK)\nTitle: {a.title}\nDate: March {a.day}, 2020\nSection: {a.section}\nPage: A4\nAuthor: {a.author}\n\n"
        + "\n\n".join(a.paragraphs)
        + f"\n\nCopyright (c) 2020 {a.outlet}\nRecord Number: 0FD{a.day:09}\n"
        for a in articles
    )


def newsbank_forms(head: str, foot: str) -> Callable[[list[Article]], str]:
    """NewsBank's other forms, which differ in what stands above and below the text."""

    def form(articles: list[Article]) -> str:
        parts = []
        for a in articles:
            known = a._asdict() | {"day": f"March {a.day}, 2020", "outlet": f"{a.outlet} (London, England)"}
            record = f"Record Number: 0FD{a.day:09}"
            parts.append("\n\n".join([head, *a.paragraphs, foot]).format(**known, record=record, words=a.words))
        return "\n\n".join(parts)

    return form


TEXTS = {
    "LexisNexis": lexisnexis,
    "Nexis Uni": nexis_uni,
    "Factiva": factiva,
    "Factiva with codes": factiva_coded,
    "ProQuest": proquest,
    "NewsBank": newsbank,
    "NewsBank with labels": newsbank_labelled,
    "NewsBank with bars": newsbank_forms(
        "{title}\n{day} | {outlet} | {author} | Page 3\nSection: {section}\n{words} Words\nOpenURL Link\n\nSQN: 127147919",
        "Caption: A photo of it, above\n\nCopyright (c) 2020 The Owner\n\n{record}",
    ),
    "NewsBank with a dash": newsbank_forms(
        "{title}\n{outlet} - {day}\nAuthor: {author}\nSection: {section}\nPage: A3",
        "Copyright (c) 2020 The Owner\n{record}\nOpenURL Link",
    ),
    "NewsBank, older": newsbank_forms(
        "{outlet}\n{title}\n{day}\nSection: {section}\nEdition: FINAL\nPage: A3\nAuthor: {author}",
        "Memo: A note on it\nIndex Terms: bridges\n{record}\nCopyright (c) 2020 The Owner",
    ),
    "NewsBank with a citation": newsbank_forms(
        "{title}\n{outlet}\n{day}\nAuthor: {author}\nSection: {section}",
        "Citation (APA Style)\nBerg, A. (2020, {day}). {title}. {outlet}, p. 3. Available from NewsBank.\n{record}",
    ),
}


def write_txt(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def write_docx(path: Path, text: str) -> None:
    runs = "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{runs}</w:body></w:document>')


def write_rtf(path: Path, text: str) -> None:
    escaped = "".join(c if c < "\x7f" else f"\\u{ord(c)}?" for c in text.replace("\\", "\\\\").replace("{", "\\{"))
    lines = escaped.replace("\n", "\\par\n")
    path.write_text(rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{{\f0 Times;}}}}\pard {lines}}}", "ascii")


def write_html(path: Path, text: str) -> None:
    blocks = "".join(
        f"<div><p><span>{html.escape(block)}</span></p></div>" for block in text.split("\n") if block.strip()
    )
    path.write_text(f"<html><head><title>Export</title></head><body>{blocks}</body></html>", "utf-8")


WRITERS = {".txt": write_txt, ".docx": write_docx, ".rtf": write_rtf, ".html": write_html}


def factiva_html(articles: list[Article]) -> str:
    def row(code: str, value: str) -> str:
        return f'<tr><td align="right" class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>'

    pages = []
    for a in articles:
        first, *others = (
            f'<p class="articleParagraph enarticleParagraph">{html.escape(p)}</p>' for p in a.paragraphs or ("",)
        )
        rows = [
            row("SE", a.section),
            row("HD", f"<b class='enHeadline'>{a.title}</b>"),
            row("BY", f"By {a.author}"),
            row("WC", f"{a.words} words"),
        ]
        rows += [
            row("PD", f"{a.day} March 2020"),
            row("SN", a.outlet),
            row("SC", "HARBP"),
            row("LA", "English"),
            row("CY", "(c) 2020"),
        ]
        rows += [
            row("LP", first),
            row("TD", "".join(others)),
            row("NS", "gcat : General News"),
            row("PUB", "The Owner Ltd."),
        ]
        rows += [row("AN", f"Document HARBP00020200{300 + a.day}eg3{a.day:02}0001x")]
        pages.append(f'<div class="article enArticle"><table>{"".join(rows)}</table></div><br/>')
    return f"<html><head><title>Factiva</title></head><body><h1>Factiva</h1>{''.join(pages)}</body></html>"


def factiva_html_plain(articles: list[Article]) -> str:
    pages = "".join(
        f'<div class="article enArticle"><div>{a.section}</div><div id="hd"><span class="enHeadline">{a.title}</span></div>'
        f'<div class="author">By {a.author}</div><div>{a.words} words</div><div>{a.day} March 2020</div><div>{a.outlet}</div>'
        f"<div>HARBP</div><div>English</div><div>Copyright 2020. The Owner Ltd.</div>"
        + "".join(f'<p class="articleParagraph enarticleParagraph">{html.escape(p)}</p>' for p in a.paragraphs)
        + f"<p>Document HARBP00020200{300 + a.day}eg3{a.day:02}0001x</p></div>"
        for a in articles
    )
    return f"<html><body>{pages}</body></html>"


def proquest_html(articles: list[Article]) -> str:
    def field(label: str, value: str) -> str:
        return f'<p style="margin:0"><strong>{label}: </strong>{value}</p>'

    pages = "".join(
        f'<div style="margin-bottom:20px"><a name="DocID_MSTAR_{number}"></a><p></p><p style="font-weight:bold">{a.title}</p>'
        + field("Author", a.author)
        + '<p><a href="https://search.proquest.com/docview/1">ProQuest document link</a></p>'
        + field("Abstract", "None available.")
        + "<p><strong>Full text: </strong><text>"
        + "".join(f"<p>{html.escape(p)}</p>" for p in a.paragraphs)
        + "</text></p>"
        + field("Subject", "Bridges")
        + field("Publication title", f"{a.outlet}; Hexham")
        + field("Publication date", f"Mar {a.day}, 2020")
        + field("Section", a.section)
        + field("Word count", str(a.words))
        + field("ProQuest document ID", str(number))
        + field("Database", "Newsstream")
        + "</div>"
        for number, a in enumerate(articles, 25143)
    )
    return f"<html><body><table><tr><td>Copyright ProQuest LLC</td></tr></table>{pages}</body></html>"


def proquest_mail(articles: list[Article]) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "noreply@proquest.com", "a@b.example", "Your ProQuest Research"
    mail.set_content("Your documents")
    mail.add_alternative(proquest_html(articles), subtype="html")
    return mail.as_string()


def europresse(articles: list[Article]) -> str:
    pages = "".join(
        f'<article><header><div><span class="DocPublicationName">{a.outlet}, no. 231  </span></div><div><span class="DocHeader">'
        f'{a.section}, mardi {a.day} mars 2020, p. 16</span></div><div class="titreArticle"><p class="titreArticleVisu">{a.title}</p></div>'
        f'<div>{a.author}</div></header><section><div class="DocText"><div class="docOcurrContainer">'
        + "".join(f"<p>{html.escape(p).replace('council', '<mark>council</mark>')}</p>" for p in a.paragraphs)
        + f"</div></div></section><aside><b>Illustration(s) : </b><p>A photo.</p></aside><footer><small>© 2020 {a.outlet}. Tous droits"
        f" réservés.</small><p>Numéro de document : news·2020030{a.day % 10}·HP·0{a.day}</p></footer></article>"
        for a in articles
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body>{pages}</body></html>'


def europresse_old(articles: list[Article]) -> str:
    pages = "".join(
        f'<table><tr><td><table id="tbHeaderImages"><tr><td></td></tr></table><span class="DocPublicationName">{a.outlet}</span><br>'
        f'<span class="DocHeader">{a.section}, </span><span class="DocHeader">mardi </span><span class="DocHeader">{a.day} mars 2020</span>'
        f'<span class="DocHeader">, p. 03</span><br><br><span class="TitreArticleVisu">{a.title}</span><br><br>{a.author}<br><p></p>'
        + "<p></p>".join(map(html.escape, a.paragraphs))
        + f"<p></p><b><i>© 2020 {a.outlet}. Tous droits réservés.</i></b><p></p>Numéro de document : news·20200303·HP·1{a.day}<br></td></tr></table>"
        for a in articles
    )
    return f"<html><body>{pages}</body></html>"


PAGES = {
    "Factiva, codes": factiva_html,
    "Factiva, plain": factiva_html_plain,
    "ProQuest": proquest_html,
    "Europresse": europresse,
    "Europresse, old": europresse_old,
}
