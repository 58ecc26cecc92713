"""Each format's text and metadata, corpora in folders, zips and tables, languages, duplicates."""

import json
import os
import zipfile
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pandas as pd
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

import workbench as wb
from workbench.documents.copies import duplicates
from workbench.documents.metadata import language_of, parsed_date
from workbench.documents.reading import unread

TITLE = "River talks go on"
FIRST = "The ministers of both countries met on Tuesday to talk about the water of the river, and will meet again."
SECOND = "“We are closer than we were,” said the host, who had asked for the talks after the floods of the spring."
TEXT = f"{FIRST}\n\n{SECOND}"
GERMAN = "Die Minister beider Länder trafen sich am Dienstag, um über das Wasser des Flusses zu sprechen. " * 3
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def zipped(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_docx(path: Path) -> None:
    runs = "".join(f"<w:p><w:r><w:t>{half}</w:t></w:r></w:p>" for half in (FIRST, SECOND))
    body = f"{runs}<w:p><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p>"
    zipped(
        path,
        {
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": f'<c xmlns:dc="d"><dc:title>{TITLE}</dc:title><dc:creator>Ann Lee</dc:creator></c>',
        },
    )


def test_the_place_of_a_picture_and_a_text_box_are_no_part_of_a_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent><w:p><w:r><w:t>{SECOND}</w:t></w:r></w:p></w:txbxContent>"
    drawing = f"<w:drawing><d:positionH xmlns:d='d'><d:posOffset>1234</d:posOffset></d:positionH>{box}</w:drawing>"
    body = f"<w:p><w:r>{drawing}<w:t>{FIRST[:3]}</w:t><w:tab/><w:t>{FIRST[4:]}</w:t></w:r></w:p>"
    parts = {"word/document.xml": f'<w:document xmlns:w="{WORD}">{body}</w:document>', "docProps/core.xml": "<c/>"}
    assert wb.read(zipped(tmp_path / "a.docx", parts)).text == TEXT


def write_odt(path: Path) -> None:
    body = f"<text:p>{FIRST.replace('both', '<text:span>both</text:span>')}</text:p><text:p>{SECOND}</text:p>"
    meta = f"<meta:creation-date>2024-11-20T10:00:00</meta:creation-date><meta:title>{TITLE}</meta:title>"
    zipped(
        path,
        {
            "content.xml": f'<o xmlns:text="{ODF}text:1.0">{body}</o>',
            "meta.xml": f'<o xmlns:meta="{ODF}meta:1.0">{meta}</o>',
        },
    )


def write_pdf(path: Path) -> None:
    with PdfPages(path, metadata={"Title": TITLE}) as pages:
        for paragraph in (FIRST, SECOND):
            page = Figure()
            page.text(0.1, 0.5, paragraph, fontsize=5, parse_math=False)
            pages.savefig(page)


def write_html(path: Path) -> None:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "World", "Sport"))
    article = "".join(f"<p>{paragraph}</p>" for paragraph in (FIRST, SECOND, FIRST.replace("Tuesday", "Wednesday")))
    path.write_text(
        f"<html><head><title>{TITLE}</title><meta property='og:site_name' content='The Outlet'>"
        f"<meta property='article:published_time' content='2024-11-20'></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>{TITLE}</h1>{article}</article><footer>Terms of Use</footer></body></html>",
        "utf-8",
    )


def write_rtf(path: Path) -> None:
    body = TEXT.replace("“", r"\'93").replace("”", r"\'94").replace("\n\n", r"\par ")
    path.write_text(rf"{{\rtf1\ansi\ansicpg1252 {body}}}", "ascii")


WRITERS = {".docx": write_docx, ".odt": write_odt, ".pdf": write_pdf, ".html": write_html, ".rtf": write_rtf}


@pytest.mark.parametrize("suffix", WRITERS)
def test_each_format_gives_its_text(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"river{suffix}"
    WRITERS[suffix](path)
    document = wb.read(path)
    assert document.text.startswith(TEXT)
    assert "struck" not in document.text
    assert document.name == "river"
    if suffix != ".rtf":
        assert document.metadata["title"] == TITLE
    if suffix in (".html", ".odt"):
        assert document.metadata["date"] == date(2024, 11, 20)


def test_what_a_page_holds_beside_the_article_is_listed(tmp_path: Path) -> None:
    write_html(tmp_path / "page.html")
    document = wb.read(tmp_path / "page.html")
    assert document.metadata["outlet"] == "The Outlet"
    assert {"Home", "World", "Sport", "Terms of Use"} <= set(document.removed["text"])
    assert FIRST not in set(document.removed["text"])


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"# {TITLE}\n\n> The *ministers* met [here](https://a.b) for __talks__.\n\n{FIRST}\n")
    assert wb.read(path).text == f"{TITLE}\n\nThe ministers met here for talks.\n\n{FIRST}"
    assert wb.read(path).metadata["title"] == TITLE


def test_a_front_matter_block_is_metadata_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        f"---\ntitle: {TITLE}\noutlet: The Outlet\ndate: 20 November 2024\n---\nAdvertisement\n{FIRST}\n{SECOND}\n"
    )
    document = wb.read(path)
    assert document.text == TEXT
    assert document.metadata["outlet"] == "The Outlet"
    assert document.metadata["date"] == date(2024, 11, 20)
    assert document.removed.values.tolist() == [[6, "Advertisement", "advertisement"]]


def test_byline_date_and_headline_at_the_head_become_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{TITLE}\nBy Jane Doe\nNovember 18, 2019\n{FIRST}\n{SECOND}\n20/11/2024")
    document = wb.read(path)
    assert (document.metadata["title"], document.metadata["author"]) == (TITLE, "Jane Doe")
    assert document.metadata["date"] == date(2019, 11, 18)


def test_a_file_name_tells_date_outlet_and_title(tmp_path: Path) -> None:
    path = tmp_path / "2024-11-20_The Outlet_Talks.txt"
    path.write_text(TEXT)
    known = wb.read(path).metadata
    assert (known["date"], known["outlet"], known["title"]) == (date(2024, 11, 20), "The Outlet", "Talks")


@pytest.mark.parametrize(
    ("written", "title"),
    [("ferry-strike", "ferry strike"), ("the_long_night", "the long night"), ("Anti-war talks", "Anti-war talks")],
)
def test_a_title_from_a_file_name_reads_as_words(written: str, title: str, tmp_path: Path) -> None:
    path = tmp_path / f"2024-03-14_harbour-city-news_{written}.txt"
    path.write_text(TEXT)
    assert wb.read(path).metadata["title"] == title


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-11-20T10:00:00Z", date(2024, 11, 20)),
        ("20241120", date(2024, 11, 20)),
        ("20/11/2024", date(2024, 11, 20)),
        ("11/20/2024", date(2024, 11, 20)),
        ("20.11.2024, 10:15", date(2024, 11, 20)),
        ("Nov. 20, 2024 7:04 pm ET", date(2024, 11, 20)),
        ("Wednesday, 20th November 2024", date(2024, 11, 20)),
        (pd.Timestamp("2024-11-20 10:00"), date(2024, 11, 20)),
        ("31 February 2024", None),
        ("10:15", None),
        ("a061b665f34dc456", None),
        (None, None),
    ],
)
def test_dates_are_parsed(written: object, day: date | None) -> None:
    assert parsed_date(written) == day


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_told_apart(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.replace("river", "Río Bravo").encode(encoding))
    assert wb.read(path).text == TEXT.replace("river", "Río Bravo")


def test_accents_written_apart_are_composed_and_that_is_said(tmp_path: Path) -> None:
    text = "The café’s résumé of São Paulo was long, and the people of the town read it all. " * 5
    composed, apart = tmp_path / "composed.txt", tmp_path / "apart.txt"
    composed.write_text(text, "utf-8")
    apart.write_text(normalize("NFD", text), "utf-8")
    assert wb.read(apart).text == wb.read(composed).text
    assert "NFC" in str(wb.read(apart).metadata["repaired"])
    assert "repaired" not in wb.read(composed).metadata


def test_garbled_characters_are_repaired_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("utf-8").decode("cp1252", "ignore").encode("utf-8"))
    document = wb.read(path)
    assert "We are closer than we were" in document.text
    assert "â€" not in document.text
    assert document.metadata["repaired"] == "garbled characters (lines: 1)"


def test_odd_spaces_line_ends_and_control_characters_are_made_plain(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        FIRST.replace(" ", "\xa0", 3).replace("river", "ri\xadv\u200ber\x07").encode() + b"\r\n\r\n" + SECOND.encode()
    )
    assert wb.read(path).text == TEXT
    assert wb.read(path, clean=False).text == TEXT


def test_without_cleaning_everything_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"Advertisement\n{FIRST}\n")
    document = wb.read(path, clean=False)
    assert document.text == f"Advertisement\n{FIRST}\n"
    assert document.removed.empty


def test_a_text_made_by_hand_is_never_changed_but_for_half_a_character() -> None:
    text = "Advertisement\r\n\ufeff \ud800 x"
    assert wb.Document.from_text(text).text == text.replace("\ud800", "\ufffd")


def test_another_language_is_refused_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(GERMAN)
    with pytest.raises(wb.DocumentError, match=r"a\.txt: its language is German, not English.*language='any'"):
        wb.read(path)
    assert wb.read(path, language="any").metadata["language"] == "de"
    assert wb.read(path, language="de").text == GERMAN.strip()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FIRST, "en"),
        ("Breaking: Senate votes", ""),
        ("", ""),
        ("12 34 !!", ""),
        (GERMAN, "de"),
        ("Президент заявил во вторник, что переговоры продолжатся.", "ru"),
        ("大統領は火曜日に、協議は続くと述べた。両国の大臣は再び会う予定である。", "ja"),
        (
            "Les ministres des deux pays se sont réunis mardi pour parler de l'eau du fleuve.",
            "fr",
        ),
    ],
)
def test_languages_are_found_offline(text: str, code: str) -> None:
    assert language_of(text) == code


ROWS = [
    {"Headline": f"Story {i}", "Body": f"{FIRST} It was day {i} of the talks.", "outlet": "The Outlet"}
    for i in range(3)
]


def write_table(path: Path) -> None:
    table = pd.DataFrame(ROWS)
    if path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, ROWS)))
    elif path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".xlsx":
        pytest.importorskip("openpyxl")
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ";")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet", ".xlsx"])
def test_each_row_of_a_table_is_a_document(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"articles{suffix}"
    write_table(path)
    documents = list(wb.read_all(path))
    assert [document.text for document in documents] == [row["Body"] for row in ROWS]
    assert [document.name for document in documents] == ["articles-1", "articles-2", "articles-3"]
    assert documents[1].metadata["headline"] == "Story 1"
    assert documents[1].metadata["outlet"] == "The Outlet"


def test_a_table_s_text_column_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"column": [FIRST], "note": ["Short."], "id": ["x7"]}).to_csv(path, index=False)
    assert [document.text for document in wb.read_all(path, text="note")] == ["Short."]
    with pytest.warns(UserWarning, match="taken is that of the longest values, column; name another with text="):
        assert [(document.name, document.text) for document in wb.read_all(path)] == [("x7", FIRST)]
    with pytest.raises(wb.DocumentError, match=r"a\.csv: no column none among column, note, id; name another with"):
        list(wb.read_all(path, text="none"))


def test_a_folder_is_read_in_order_with_its_subfolders_and_failures(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("2.txt", "1.txt", "b/1.txt"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "3.txt").write_text("")
    (tmp_path / ".hidden.txt").write_text(TEXT)
    items = list(wb.read_all(tmp_path))
    assert [getattr(item, "name", str(item)) for item in items] == [
        "1",
        "2",
        f"{tmp_path}/3.txt: empty; fill or remove it",
        "1-2",
    ]


def test_a_notebook_s_folder_finds_what_stands_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("seeds", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "seeds/a.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path / "notebooks")
    assert wb.read("seeds/a.txt").text == TEXT
    assert [document.name for document in wb.read_all("seeds")] == ["a"]
    with pytest.raises(wb.DocumentError, match=r"^seeds/b\.txt: no such file or folder"):
        wb.read("seeds/b.txt")
    (tmp_path / "notebooks/seeds").mkdir()
    for empty in ("", "seeds"):
        with pytest.raises(wb.DocumentError, match="nothing to read in it; put documents there"):
            list(wb.read_all(empty))


def test_a_zip_holds_documents_and_tables(tmp_path: Path) -> None:
    table = "text,outlet\n" + f'"{FIRST}",The Outlet\n'
    path = zipped(tmp_path / "a.zip", {"x/one.txt": TEXT, "table.csv": table, "__MACOSX/x": "", "../../up.txt": TEXT})
    documents = list(wb.read_all(path))
    assert [document.name for document in documents] == ["up", "table-1", "one"]
    assert documents[2].text == TEXT
    assert not (tmp_path.parent / "up.txt").exists()


def test_no_member_of_a_zip_that_changed_meanwhile_is_taken_for_another(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{name}.txt": TEXT for name in ("one", "three", "two")})
    found = list(unread(path))
    os.utime(zipped(path, {"two.txt": TEXT + " It ended."}), ns=(0, 0))
    for item in found[:2]:  # the last one's bytes are at hand
        with pytest.raises(wb.DocumentError, match="changed while it was read"):
            item.read()


def test_corpora_are_read_one_document_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": FIRST}) + "\n" + "{not json\n" * 5)
    reading = wb.read_all(path)
    assert next(reading).text == FIRST
    assert isinstance(next(reading), wb.DocumentError)


def test_near_duplicates_are_reported_and_different_stories_are_not() -> None:
    story = " ".join(f"word{i % 97} then{i % 89} more{i}" for i in range(200))
    other = " ".join(f"other{i} thing{i % 7}" for i in range(200))
    copies = [
        wb.Document.from_text(text, name) for name, text in [("a", story), ("b", other), ("c", f"{story} Agency.")]
    ]
    found = duplicates([*copies, wb.Document.from_text("Too short.", "d")])
    assert found[["document", "duplicate"]].values.tolist() == [["a", "c"]]
    assert found["similarity"][0] > 0.9
    empty = duplicates([])
    assert list(empty) == ["document", "duplicate", "similarity"]
    assert empty["similarity"].dtype == "float64"


def test_the_estimated_similarity_is_the_share_of_shared_five_word_sequences() -> None:
    words = [f"w{i}" for i in range(304)]
    halves = [wb.Document.from_text(" ".join(words[start : start + 204]), str(start)) for start in (0, 50)]
    assert duplicates(halves)["similarity"][0] == pytest.approx(150 / 250, abs=0.13)  # three standard errors


def test_the_same_bytes_are_the_same_document_while_it_is_alive(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("The council met on Monday and agreed on the budget for the coming year.")
    first = wb.read(path)
    assert wb.read(path) is first
    path.write_text("The council met on Tuesday and agreed on nothing at all, as it had before.")
    assert wb.read(path) is not first


def test_a_document_shows_itself_with_its_text_as_text():
    document = wb.Document("n", "One <b>line</b>.\n\nTwo.\n\nThree.\n\nFour.", {"title": "Rain & wind"})
    html = document._repr_html_()
    assert "Rain &amp; wind" in html
    assert "&lt;b&gt;line" in html
    assert "Four" not in html
