"""All documents on one page: what is known of each, in any order, and who is unlike the others."""

import re
import sys

import pandas as pd

import workbench as wb
from workbench.display.overview import PAGES, by_group, figures_shown, outliers
from workbench.reports.page import safe_html

COLUMNS = ["document", "measure", "value", "low", "high", "unit"]
GRADES = [
    (name, "flesch_kincaid_grade", grade, grade - 1, grade + 1, "grade")
    for name, grade in zip("cab", (9.0, 5.0, 7.0), strict=True)
]
TABLE = pd.DataFrame(GRADES, columns=COLUMNS).assign(voice="all", speaker="")
KNOWN = pd.DataFrame(
    {
        "title": ["A <b>title</b>", None, "Zebras"],
        "outlet": ["Star", None, "Echo"],
        "date": pd.to_datetime(["2024-03-01", None, "2024-04-01"]),
    },
    index=pd.Index(["a", "b", "c"], name="document"),
)


def order(html, key):
    """The titles in the order in which the page shows them when sorted by its `key`th switch."""
    rows = re.findall(r'<tr role="row" style="(.*?)"><th[^>]*>(.*?)<', html)
    if key == 0:  # as the rows stand
        return [title for _, title in rows]
    return [
        title for _, title in sorted((int(re.search(rf"--by{key}:(\d+);", style)[1]), title) for style, title in rows)
    ]


def test_the_overview_has_a_row_a_document_with_links_to_the_reports_that_there_are(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "quote_density.html").touch()
    html = wb.overview(TABLE, str(tmp_path))
    assert order(html, 0) == ["A", "B", "C"]
    assert re.findall(r'<a href="(\w+/.*?)"', html) == ["a/quote_density.html"]
    assert "9.0 [8.0, 10.0]" in html
    assert "href" not in wb.overview(TABLE)


def test_what_is_known_of_a_document_is_shown_and_sorted_by():
    html = wb.overview(TABLE, known=KNOWN)
    switches = re.findall(r"> (\w+)</label>", html)
    assert switches[:4] == ["document", "outlet", "date", "grade"]
    assert order(html, switches.index("outlet")) == ["B", "Zebras", "A &lt;b&gt;title&lt;/b&gt;"]
    assert order(html, switches.index("grade")) == ["Zebras", "B", "A &lt;b&gt;title&lt;/b&gt;"]
    assert "Echo · 2024-04-01" in html
    assert "3 documents · 2 outlets · 2024-03-01 to 2024-04-01" in html
    assert "1 document · 1 outlet · 2024-03-01<" in wb.overview(TABLE[TABLE.document == "a"], known=KNOWN)
    assert "<b>" not in html


def test_an_overview_of_nothing_is_still_one():
    assert "0 documents" in wb.overview(TABLE[:0])
    assert by_group(TABLE[:0], KNOWN[:0], "outlet").empty


def test_a_document_far_from_the_others_is_named_unless_its_interval_reaches_back_to_them():
    values = [5.0, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 12.0, 13.0]
    table = pd.DataFrame(
        {"document": list("abcdefghi"), "measure": "flesch_kincaid_grade", "value": values, "unit": ""}
    )
    table = table.assign(low=table.value - 0.5, high=table.value + 0.5)
    table.loc[8, "low"] = 4.0
    titles = {name: name.upper() + "." for name in table.document}
    assert list(outliers(table, titles)) == [
        "Flesch-Kincaid grade: half of the documents lie between 5.20 and 5.60; far outside: “H” 12.0 [11.5, 12.5]."
    ]
    assert list(outliers(table.head(7), titles)) == []


def test_an_outlying_share_is_written_as_per_cent():
    rows = [(str(n), "quoted_share", 0.1 + n / 100, 0.09, 0.2, "share of words") for n in range(9)]
    table = pd.DataFrame([*rows, ("far", "quoted_share", 0.95, 0.9, 1.0, "share of words")], columns=COLUMNS).assign(
        voice="all", speaker=""
    )
    (said,) = outliers(table, {**{str(n): "near" for n in range(9)}, "far": "Far"})
    assert re.search(r"between 12 % and 17 %; far outside: “Far” 95 % \[90, 100\]", said)


def test_of_many_outliers_the_furthest_are_named_and_the_others_counted():
    rows = [(str(n), "lix", float(n % 5), n % 5 - 0.5, n % 5 + 0.5, "LIX") for n in range(60)]
    rows += [(f"far{n}", "lix", 90.0 + n, 89.5 + n, 90.5 + n, "LIX") for n in range(8)]
    table = pd.DataFrame(rows, columns=COLUMNS).assign(voice="all", speaker="")
    (said,) = outliers(table, {name: name for name in table.document})
    assert re.search(r"“far7” .*; “far6” .*; “far5” .*; “far4” .*; “far3” .*; 3 others\.", said)


def test_an_outlier_is_named_though_it_is_not_listed_and_what_has_no_interval_is_none(monkeypatch):
    monkeypatch.setattr(sys.modules["workbench.display.overview"], "LISTED", 5)
    rows = [(f"n{n:02}", "flesch_kincaid_grade", 5 + n % 4, 4.5 + n % 4, 5.5 + n % 4, "grade") for n in range(20)]
    rows += [("z", "flesch_kincaid_grade", 40.0, 39.0, 41.0, "grade")]
    assert "far outside: “Z” 40" in wb.overview(pd.DataFrame(rows, columns=COLUMNS).assign(voice="all", speaker=""))
    without = (
        pd.DataFrame(rows, columns=COLUMNS).assign(voice="all", speaker="").assign(low=float("nan"), high=float("nan"))
    )
    assert list(outliers(without, {})) == []


def test_groups_have_the_mean_of_their_documents_and_say_how_many_they_are():
    known = KNOWN.assign(outlet=["Star", "Star", "Echo"])
    means = by_group(TABLE, known, "outlet")
    assert dict(zip(means.group, means.value, strict=True)) == {"Echo · 1": 9.0, "Star · 2": 6.0}
    assert list(by_group(TABLE, known, "date").group) == ["2024-03-01 · 1", "2024-04-01 · 1"]
    assert by_group(TABLE, known, "unknown").empty


def test_a_corpus_is_read_part_by_part_and_of_a_large_one_the_first_documents_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["workbench.display.overview"], "LISTED", 2)
    rows = TABLE.assign(voice="all", speaker="")
    rows = pd.concat([rows, rows.assign(voice="narration"), rows.assign(measure="mention_share[NATO]")])
    (tmp_path / "c.parquet").mkdir()
    for number, part in enumerate([rows[rows.document == "c"], rows[rows.document != "c"]]):
        part.to_parquet(tmp_path / "c.parquet" / f"part-{number:06d}.parquet")
    found = figures_shown(tmp_path / "c.parquet")
    assert sorted(found.document) == ["a", "b", "c"]
    html = wb.overview(found)
    assert order(html, 0) == ["A", "B"]
    assert "3 documents, the first 2 of them listed" in html


def test_an_overview_of_five_hundred_documents_leaves_room_for_figures_in_a_megabyte(tmp_path):
    names = [f"2024-03-{1 + k % 28:02}_harbour-city-news_ferry-crews-walk-off-the-job-{k}" for k in range(500)]
    units = {"flesch_kincaid_grade": "grade", "valence": "", "quoted_share": "share of words", "speakers": "speakers"}
    rows = [
        (name, measure, k / 500, (k - 50) / 500, (k + 50) / 500, unit)
        for k, name in enumerate(names)
        for measure, unit in units.items()
    ]
    titles = [f"Ferry crews walk off the job, number {k}" for k in range(500)]
    known = pd.DataFrame({"title": titles, "outlet": "Harbour City News"}, index=pd.Index(names, name="document"))
    for name in names:
        (tmp_path / name).mkdir()
        for page in PAGES:
            (tmp_path / name / f"{page}.html").touch()
    html = wb.overview(pd.DataFrame(rows, columns=COLUMNS).assign(voice="all", speaker=""), str(tmp_path), known)
    assert html.count('<tr role="row"') == 501
    assert html.count("/sentiment.html") == 500
    assert len(safe_html(html).encode()) < 740_000  # its figures take up to 260,000 bytes
    assert "--at:" in safe_html(html)


def test_a_document_whose_name_is_unfit_for_a_folder_is_linked_too(tmp_path):
    (tmp_path / "a-12345678").mkdir()
    (tmp_path / "a-12345678" / "sentiment.html").touch()
    table = TABLE.copy()
    table.attrs["folders"] = {"a": "a-12345678"}
    assert re.findall(r'<a href="([\w-]+/.*?)"', wb.overview(table, str(tmp_path))) == ["a-12345678/sentiment.html"]
    table.to_parquet(tmp_path / "measures.parquet")
    assert "a-12345678/sentiment.html" in wb.overview(str(tmp_path / "measures.parquet"), str(tmp_path))


def test_a_column_of_the_overview_has_one_set_of_digits():
    rows = [("a", "quoted_share", 0.09, 0.053, 0.147), ("b", "quoted_share", 0.11, 0.03, 0.3)]
    rows += [("c", "quoted_share", 0.2, 0.1, 0.35)]
    table = pd.DataFrame(rows, columns=["document", "measure", "value", "low", "high"])
    html = wb.overview(table.assign(unit="share of words", voice="all", speaker="", n=20, note=""))
    assert re.findall(r"(\d[\d.]* % \[[^\]]*\])<", html) == ["9 % [5, 15]", "11 % [3, 30]", "20 % [10, 35]"]
