"""A table's rows become documents, whichever sheet, row, column, order of dates or quotation marks it has."""

import gzip
import inspect
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import workbench as wb
from workbench.corpus import coding, comparison, keyness, measuring, stored, words

STORY = (
    "The ministers of both countries met on Tuesday to talk about the water of the river, and will meet again in May."
)


def documents(path: Path, **options: object) -> list[wb.Document]:
    return [item for item in wb.read_all(path, **options) if isinstance(item, wb.Document)]


def errors(path: Path) -> list[str]:
    return [str(item) for item in wb.read_all(path) if not isinstance(item, wb.Document)]


@pytest.mark.parametrize(
    "name",
    "Full text,texts,Text_Content,speech,story_text,Artikeltext,Volltext,Texte,Contenido,body_text,Corpo,текст,本文,TEXT".split(
        ","
    ),
)
def test_columns_of_texts_are_known_by_many_names(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"note": ["a note"], name: [STORY]}).to_csv(path, index=False)
    assert [document.text for document in documents(path)] == [STORY]


@pytest.mark.parametrize(
    ("column", "value", "key", "known"),
    [
        ("Headline", "Talks go on", "title", "Talks go on"),
        ("webTitle", "Talks go on", "title", "Talks go on"),
        ("Titel", "Talks go on", "title", "Talks go on"),
        ("publication", "The Post", "outlet", "The Post"),
        ("media_name", "The Post", "outlet", "The Post"),
        ("publishedAt", "2024-11-20T10:00:00Z", "date", date(2024, 11, 20)),
        ("Datum", "20. November 2024", "date", date(2024, 11, 20)),
        ("Datum", "20. März 2024", "date", date(2024, 3, 20)),
        ("webPublicationDate", "2024-11-20", "date", date(2024, 11, 20)),
        ("authors", "Ann Lee", "author", "Ann Lee"),
    ],
)
def test_other_columns_are_known_by_what_they_mean(
    column: str, value: str, key: str, known: object, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": [STORY], column: [value]}).to_csv(path, index=False)
    (document,) = documents(path)
    assert document.metadata[key] == known
    assert column.lower() in document.metadata


def test_the_sheet_with_the_texts_is_read_below_its_title_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"about": ["Exported by the library"]}).to_excel(writer, sheet_name="Read me", index=False)
        pd.DataFrame({"Titel": ["One", "Two"], "Volltext": [STORY, STORY + " Soon."]}).to_excel(
            writer, sheet_name="Data", index=False, startrow=3
        )
    assert [document.metadata["title"] for document in documents(path)] == ["One", "Two"]


def test_a_declared_separator_and_a_title_row_are_no_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"sep=;\nMy export, of May; 2020\n\nHeadline;Body;Outlet\nTalks;{STORY};The Post\n", "utf-8")
    (document,) = documents(path)
    assert (document.text, document.metadata["outlet"]) == (STORY, "The Post")


@pytest.mark.parametrize("at", [0, 4, 9])
def test_a_quotation_mark_that_never_closes_is_one_row_s(at: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'{i},"{STORY} ""Day"" {i}, then."' for i in range(10)]
    rows[at] = rows[at].removesuffix('"')
    path.write_text("\n".join(["id,text", *rows]) + "\n", "utf-8")
    assert [document.name for document in documents(path)] == [str(i) for i in range(10) if i != at]
    (error,) = errors(path)
    assert f"row {at + 1}: a quotation mark in it is never closed; close it" in error


def test_paragraphs_within_quotation_marks_are_one_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'id,text,outlet\n1,"{STORY}\n\nShe said ""no"", and\nleft.",Post\n2,"{STORY}",Echo\n', "utf-8")
    assert [document.metadata["outlet"] for document in documents(path)] == ["Post", "Echo"]


def test_column_names_that_occur_twice_and_cells_beyond_the_header_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,Text,outlet\n{STORY},x,y\n")
    with pytest.raises(wb.DocumentError, match="more than one column is called text; give each a name of its own"):
        list(wb.read_all(path))
    path.write_text("id,text\n1,A short text\n2,A text, which has a comma\n")
    assert [document.name for document in documents(path)] == ["1"]
    assert "row 2: has 1 cells beyond the header's 2 columns ( which has a comma…)" in errors(path)[0]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (float("nan"), "is a number"),
        (True, "is true or false"),
        (["a"], "is a list"),
        (7, "is a number"),
        ("NaN", "(NaN)"),
    ],
)
def test_what_is_no_text_is_named(value: object, says: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in (("x", value), ("y", STORY))))
    assert [document.name for document in documents(path)] == ["y"]
    (error,) = errors(path)
    assert "row 1" in error
    assert says in error or "empty" in error


def test_a_column_of_dates_is_read_in_one_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    many = ["03/04/2024"] * 60
    for dates, expected in (
        ([*many, "12/25/2024"], date(2024, 3, 4)),
        ([*many, "25/12/2024"], date(2024, 4, 3)),
    ):
        pd.DataFrame({"date": dates, "text": STORY}).to_csv(path, index=False)
        assert documents(path)[0].metadata["date"] == expected
    pd.DataFrame({"date": many, "text": STORY}).to_csv(path, index=False)
    with pytest.warns(UserWarning, match="are read day first; if they are month first, say dates='month first'"):
        assert documents(path)[0].metadata["date"] == date(2024, 4, 3)
    assert documents(path, dates="month first")[0].metadata["date"] == date(2024, 3, 4)


NESTED = {
    "guardian": {
        "response": {
            "results": [
                {"webTitle": "Talks", "fields": {"bodyText": STORY}, "webPublicationDate": "2024-11-20T10:00:00Z"}
            ]
        }
    },
    "newsapi": {
        "status": "ok",
        "articles": [
            {"source": {"id": None, "name": "Post"}, "title": "Talks", "content": STORY, "publishedAt": "2024-11-20"}
        ],
    },
    "array": [{"title": "Talks", "text": STORY, "date": "2024-11-20"}],
    "one": {"title": "Talks", "text": STORY, "date": "2024-11-20", "tags": [{"name": "water"}]},
    "nyt": {
        "response": {"docs": [{"headline": {"main": "Talks"}, "body": STORY, "pub_date": "2024-11-20T10:00:00+0000"}]}
    },
    "ninjs": {
        "items": [
            {"headline": "Talks", "body_text": STORY, "versioncreated": "2024-11-20T10:00:00Z", "byline": "Ann Lee"}
        ]
    },
}


@pytest.mark.parametrize("kind", NESTED)
def test_json_of_news_services_is_a_table(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(NESTED[kind]))
    (document,) = documents(path)
    assert document.text == STORY
    assert (document.metadata["title"], document.metadata["date"]) == ("Talks", date(2024, 11, 20))
    if kind == "newsapi":
        assert document.metadata["outlet"] == "Post"


def test_gzip_of_a_text_or_table_is_read(tmp_path: Path) -> None:
    for name, content in (("a.csv.gz", f"id,text\nx,{STORY}\n".replace("river,", "river")), ("b.txt.gz", STORY)):
        (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    assert [document.name for document in documents(tmp_path)] == ["x", "b"]
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(STORY.encode())[:40])
    assert "c.txt.gz: damaged, cut short, or not compressed with gzip" in errors(tmp_path)[0]


def test_subfolders_are_a_column_to_group_by(tmp_path: Path) -> None:
    for category in ("sport", "tech"):
        (tmp_path / category).mkdir()
        (tmp_path / category / "001.txt").write_text(STORY)
    assert [document.metadata["folder"] for document in documents(tmp_path)] == ["sport", "tech"]


def test_a_document_of_a_table_is_read_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame({"id": ["x", "y"], "text": [STORY, STORY + " Soon."]}).to_csv(path, index=False)
    assert wb.read(f"{path}#2").name == "y"
    with pytest.raises(wb.DocumentError, match="no such document in it"):
        wb.read(f"{path}#3")


def test_spreadsheets_of_libreoffice_are_read(tmp_path: Path) -> None:
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row>{}</table:table-row>"
    rows = "".join(row.format("".join(map(cell.format, cells))) for cells in (("Headline", "Text"), ("Talks", STORY)))
    odf = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f"<office:document-content xmlns:office='{odf}office:1.0' xmlns:table='{odf}table:1.0' xmlns:text='{odf}text:1.0'>"
        f"<office:body><office:spreadsheet><table:table table:name='A'>{rows}</table:table></office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<m:manifest xmlns:m='{odf}manifest:1.0'/>")
        archive.writestr("content.xml", content)
    assert [document.metadata["title"] for document in documents(tmp_path / "a.ods")] == ["Talks"]


def test_a_measured_corpus_says_in_three_lines_what_was_read(tmp_path: Path) -> None:
    from workbench.corpus import account

    rows = f"id,text,source,sha256\nx,{STORY},wire,ours\ny,{STORY},wire,ours\nz,,wire,ours\n".replace("river,", "river")
    (tmp_path / "a.csv").write_text(rows)
    wb.measure_corpus(tmp_path / "a.csv", tmp_path / "c.parquet", scheduler="sync", progress=False)
    documents, refused, copies = account(tmp_path / "c.parquet")
    assert documents == "2 documents of 1 file (1 .csv)"
    assert refused == "1 refused: empty (1)"
    assert copies.startswith("1 near-copy of another, 1 with the same bytes")
    known = pd.read_parquet(tmp_path / "c.documents.parquet").pivot(index="document", columns="field", values="value")
    assert known.loc["x", ["source", "sha256"]].tolist() == ["wire", "ours"]


@pytest.mark.slow
def test_a_table_is_rendered_as_its_documents(tmp_path: Path) -> None:
    pd.DataFrame({"id": ["x", "y"], "text": [STORY, STORY + " Soon."]}).to_csv(tmp_path / "a.csv", index=False)
    notebooks = Path(__file__).parents[2] / "notebooks"
    rendered = wb.render(tmp_path / "a.csv", notebooks, tmp_path / "reports", progress=False)
    assert set(rendered.status) == {"rendered"}
    assert {"x", "y"} <= set(rendered.document)


def test_a_source_may_name_its_column_of_texts(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f'id,speech,summary\nx,"{STORY}",so\ny,"{STORY}",so\nz,12,so\n')
    found = [list(wb.read_all(source, text=text)) for source, text in ((f"{table}#summary", None), (table, "summary"))]
    assert [[item.text for item in items] for items in found] == [["so"] * 3] * 2
    assert wb.read(f"{table}#summary#2").text == wb.read_all(f"{tmp_path}#summary").__next__().text == "so"
    assert [type(item).__name__ for item in wb.read_all(table, text="speech")] == [
        "Document",
        "Document",
        "DocumentError",
    ]
    assert wb.explore(table, text="speech").read.text == wb.read(f"{table}#speech#1").text


def test_every_function_that_takes_a_source_takes_its_column_of_texts(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("".join(["id,text,other\n", *(f'{n},"{STORY}",Strikes went on in Oslo.\n' for n in range(6))]))
    halves = pd.Series({str(n): str(n % 2) for n in range(6)})
    found: dict[str, Any] = {
        "concordance": wb.concordance(table, "strikes", text="other").document.nunique(),
        "collocates": "went" in set(wb.collocates(table, "strikes", span=1, text="other").word),
        "comparison": len(comparison.documents(table, text="other")),
        "keyness": "oslo" in keyness.words(table, halves, text="other"),
        "coding": set(coding.sample(table, "sentences", 3, text="other").text.str[:12]),
        "measures": wb.measure_all(table, text="other", only="readability")[0].document.nunique(),
    }
    wanted = {"concordance": 6, "collocates": True, "comparison": 6, "keyness": True, "measures": 6}
    assert found == wanted | {"coding": {"Strikes went"}}
    for room in (comparison, keyness, coding, measuring, stored, words):
        for name, function in inspect.getmembers(room, inspect.isfunction):
            taken = inspect.signature(function).parameters
            if "source" in taken and not name.startswith("_") and name != "has_texts":
                assert "text" in taken, f"{room.__name__}.{name}"


def test_answers_of_news_services_are_read_as_they_come(tmp_path: Path) -> None:
    guardian = {
        "webTitle": "Talks",
        "webPublicationDate": "2024-11-20T10:00:00Z",
        "fields": {"bodyText": STORY, "byline": "By Ann Lee"},
    }
    cloud = {
        "title": "Talks",
        "publish_date": "2024-11-20 10:00:00",
        "media_name": "Post",
        "story_text": STORY,
        "author": "Ann Lee",
    }
    for answer in ({"response": {"status": "ok", "results": [guardian]}}, [cloud]):
        (tmp_path / "a.json").write_text(json.dumps(answer))
        (document,) = wb.read_all(tmp_path / "a.json")
        known = document.metadata
        assert (known["title"], known["author"], str(known["date"])) == ("Talks", "Ann Lee", "2024-11-20")
