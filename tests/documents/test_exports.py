"""Exports of news databases come out article by article, each with its own title, outlet, date and author."""

from datetime import date
from pathlib import Path

import pytest
from documents.exports_of_databases import (
    ARTICLES,
    PAGES,
    TEXTS,
    WRITERS,
    Article,
    lexisnexis,
    nexis_uni,
    proquest,
    proquest_mail,
)

import workbench as wb


def check(path: Path, articles: list[Article], names: list[str] | None = None) -> None:
    found = list(wb.read_all(path))
    assert [str(item) for item in found if not isinstance(item, wb.Document)] == []
    assert len(found) == len(articles)
    for document, article in zip(found, articles, strict=True):
        known = document.metadata
        assert document.text.split("\n\n") == list(article.paragraphs)
        assert known["title"] == article.title
        assert known["outlet"].partition(" (")[0] == article.outlet
        assert known["date"] == date(2020, 3, article.day)
        assert known["author"] == article.author
        assert known["section"].startswith(article.section)
        assert known.get("length", article.words) == article.words
        left_out = " ".join(document.removed["text"])
        assert article.title in left_out
        assert not any(paragraph in left_out for paragraph in article.paragraphs)
    assert len({document.name for document in found}) == len({document.sha256 for document in found}) == len(articles)


def test_a_file_that_becomes_an_export_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text("The council met on Monday and said that it would vote again.")
    assert len(list(wb.read_all(tmp_path))) == 1
    path.write_text(proquest(ARTICLES), "utf-8")
    assert len(list(wb.read_all(tmp_path))) == len(ARTICLES)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("database", TEXTS)
def test_an_export_comes_out_article_by_article(database: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"export{suffix}"
    pages = suffix == ".html" and database == "LexisNexis"  # a page's paragraphs are not wrapped
    WRITERS[suffix](path, lexisnexis(ARTICLES, 9999) if pages else TEXTS[database](ARTICLES))
    check(path, ARTICLES)


@pytest.mark.parametrize("database", PAGES)
def test_an_export_as_a_page_comes_out_article_by_article(database: str, tmp_path: Path) -> None:
    path = tmp_path / "export.html"
    path.write_text(PAGES[database](ARTICLES), "utf-8")
    check(path, ARTICLES)


def test_an_export_by_mail_comes_out_article_by_article(tmp_path: Path) -> None:
    path = tmp_path / "export.eml"
    path.write_text(proquest_mail(ARTICLES), "utf-8")
    check(path, ARTICLES)


@pytest.mark.parametrize("width", [40, 60, 72, 90])
def test_wrapped_articles_become_paragraphs(width: int, tmp_path: Path) -> None:
    for name, text in (("nexis", lexisnexis(ARTICLES, width)), ("proquest", proquest(ARTICLES, width))):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, "utf-8")
        check(path, ARTICLES)


def test_an_export_of_one_article_is_read_as_that_article(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(nexis_uni(ARTICLES[:1]), "utf-8")
    check(path, ARTICLES[:1])
    assert wb.read(path).metadata["outlet"] == "The Harbour Post"
    path.write_text(nexis_uni(ARTICLES), "utf-8")
    with pytest.raises(wb.DocumentError, match=r"one\.txt: holds 6 articles; read it with read_all"):
        wb.read(path)


@pytest.mark.parametrize("database", [*TEXTS, *PAGES])
def test_an_article_without_its_text_is_named_and_the_others_are_read(database: str, tmp_path: Path) -> None:
    cut = [*ARTICLES[:2], ARTICLES[2]._replace(paragraphs=()), ARTICLES[3]]
    text = (TEXTS | PAGES)[database](cut).replace("CREDIT: Eva Lind and Tom Reed; The Post", "")
    path = tmp_path / ("export.html" if "<body>" in text else "export.txt")
    path.write_text(text, "utf-8")
    articles = [item for item in wb.read_all(path) if isinstance(item, wb.Document)]
    assert [item.metadata["title"] for item in articles] == [ARTICLES[n].title for n in (0, 1, 3)]
    (error,) = [item for item in wb.read_all(path) if not isinstance(item, wb.Document)]
    assert f"{path.name}: article 3 (A theatre waits for its roof) has no text in this export; download" in str(error)


@pytest.mark.parametrize("database", [name for name in TEXTS if "NewsBank" not in name])
def test_an_export_that_cannot_be_taken_apart_says_so(database: str, tmp_path: Path) -> None:
    text = TEXTS[database](ARTICLES)
    for mark in (
        "DOCUMENTS",
        "End of Document",
        "Document HARBP",
        "Document link",
        "ProQuest document",
        "Full text:",
        "Body\n",
    ):
        text = text.replace(mark, "–")
    path = tmp_path / "export.txt"
    path.write_text(text)
    (error,) = wb.read_all(tmp_path)
    assert isinstance(error, wb.DocumentError)
    assert f"{path}: looks like an export of {database.removesuffix(' with codes')}" in str(error)
    assert "download it anew" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "The council met. It was the end of the document that they had argued over.\n\nDocument 7 of the file was lost.",
        "Full text: the mayor's speech.\n\nShe said that the bridge would be mended, and that nobody would have to wait.",
        "The notice said who had the copyright in 2020.\n\nThe record number: nine people in one boat, the harbour master said.",
    ],
)
def test_an_article_that_names_such_marks_is_an_article(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    (document,) = wb.read_all(path)
    assert document.text == text
