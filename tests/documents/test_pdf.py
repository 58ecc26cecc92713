"""PDFs whose text stands in columns, turned, over other text or not at all: read in order, or refused with a reason."""

import textwrap
from math import cos, radians, sin
from pathlib import Path

import pytest

import workbench as wb

Placed = list[tuple[float, float, float, str, float]]  # left, height and size in points, text, angle in degrees
STORIES = [
    " ".join(
        f"{ordinal} the ministers met on {day} to talk about the water of the river that both countries share."
        for day in ("Monday", "Tuesday", "Friday", "Sunday")
    )
    for ordinal in ("First", "Second", "Third", "Fourth", "Fifth")
]
HEADLINE = "A headline that stands above all of the columns"


def write_pdf(path: Path, *pages: Placed) -> None:
    """A page of 600 by 800 points for each list of texts, all in a type whose letters are 0.6 of its size wide."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    for n, placed in enumerate(pages):
        content = b"".join(
            b"BT /F1 %g Tf %.4f %.4f %.4f %.4f %g %g Tm (%s) Tj ET\n"
            % (size, cos(radians(a)), sin(radians(a)), -sin(radians(a)), cos(radians(a)), left, height, text.encode())
            for left, height, size, text, a in placed
        )
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources"
            b" << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    written = b"".join(b"%d 0 obj\n%s\nendobj\n" % row for row in enumerate(objects, 1))
    path.write_bytes(b"%PDF-1.4\n" + written + b"trailer << /Root 1 0 R >>\n%%EOF")


def set_in_columns(stories: list[str], top: float, by_row: bool, indent: float = 0) -> Placed:
    """The stories beside each other; the file has their lines by column or by row."""
    width = 520 / len(stories)
    wrapped = [textwrap.wrap(story, int((width - 14) / 4.8)) for story in stories]
    cells = [(row, column) for column, lines in enumerate(wrapped) for row in range(len(lines))]
    return [
        (40 + column * width + indent * (row % 7), top - row * 11, 8, wrapped[column][row], 0)
        for row, column in (sorted(cells) if by_row else cells)
    ]


def words_of(path: Path) -> str:
    return " ".join(wb.read(path).text.split())


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("by_row", [True, False])
def test_columns_below_a_headline_are_read_one_after_another(columns: int, by_row: bool, tmp_path: Path) -> None:
    headline = (40, 750, 16, HEADLINE, 0)
    write_pdf(tmp_path / "a.pdf", [headline, *set_in_columns(STORIES[:columns], 720, by_row)])
    assert words_of(tmp_path / "a.pdf") == " ".join([HEADLINE, *STORIES[:columns]])


@pytest.mark.parametrize("above", [1, 2])
@pytest.mark.parametrize("by_row", [True, False])
def test_each_part_of_a_page_has_columns_of_its_own(above: int, by_row: bool, tmp_path: Path) -> None:
    parts = [*set_in_columns(STORIES[:above], 750, by_row), *set_in_columns(STORIES[2:5], 530, by_row)]
    write_pdf(tmp_path / "a.pdf", parts)
    assert words_of(tmp_path / "a.pdf") == " ".join([*STORIES[:above], *STORIES[2:5]])


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("by_row", [True, False])
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_as_if_upright(turned: int, by_row: bool, columns: int, tmp_path: Path) -> None:
    placed = set_in_columns(STORIES[:columns], 760, by_row)
    place = {90: lambda x, y: (800 - y, x), 180: lambda x, y: (600 - x, 800 - y), 270: lambda x, y: (y - 200, 800 - x)}
    write_pdf(tmp_path / "a.pdf", [(*place[turned](x, y), size, text, turned) for x, y, size, text, _ in placed])
    assert words_of(tmp_path / "a.pdf") == " ".join(STORIES[:columns])


def test_columns_whose_edges_nothing_tells_are_read_as_the_file_has_them_or_refused(tmp_path: Path) -> None:
    write_pdf(tmp_path / "ordered.pdf", set_in_columns(STORIES[:3], 720, by_row=False, indent=9))
    assert words_of(tmp_path / "ordered.pdf") == " ".join(STORIES[:3])
    write_pdf(tmp_path / "mixed.pdf", set_in_columns(STORIES[:3], 720, by_row=True, indent=9))
    with pytest.raises(
        wb.DocumentError, match=r"mixed\.pdf: the columns on page 1 cannot be told apart; open it, copy"
    ):
        wb.read(tmp_path / "mixed.pdf")


def test_text_over_other_text_is_refused_but_not_its_shadow_or_a_stamp(tmp_path: Path) -> None:
    backwards = " ".join(STORIES[0].split()[::-1])
    story, other = (set_in_columns([text], 720, by_row=True) for text in (STORIES[0], backwards))
    write_pdf(tmp_path / "over.pdf", set_in_columns(STORIES[2:3], 720, by_row=True), story + other)
    with pytest.raises(wb.DocumentError, match=r"over\.pdf: text lies over other text on page 2; open it, copy its"):
        wb.read(tmp_path / "over.pdf")
    shadow = [(x + 0.5, y - 0.5, size, text, angle) for x, y, size, text, angle in story]
    write_pdf(tmp_path / "shadow.pdf", story + shadow)
    assert words_of(tmp_path / "shadow.pdf") == STORIES[0]
    write_pdf(tmp_path / "stamp.pdf", [*story, (100, 500, 60, "DRAFT", 45), (20, 100, 8, "Printed by hand", 90)])
    assert words_of(tmp_path / "stamp.pdf").startswith(STORIES[0])


def test_text_that_is_askew_is_refused(tmp_path: Path) -> None:
    lines = set_in_columns(STORIES[:1], 720, by_row=True)
    write_pdf(
        tmp_path / "a.pdf", [(x + 60, y - 5 * n, size, text, 30) for n, (x, y, size, text, _) in enumerate(lines)]
    )
    with pytest.raises(wb.DocumentError, match=r"a\.pdf: the text on page 1 is askew; open it, copy its text, and"):
        wb.read(tmp_path / "a.pdf")


def test_a_page_without_text_among_others_is_named(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", set_in_columns(STORIES[:2], 720, by_row=True), [], [])
    document = wb.read(tmp_path / "a.pdf")
    assert " ".join(document.text.split()) == " ".join(STORIES[:2])
    assert "pages 2, 3" in " ".join(document.removed["text"])
    write_pdf(tmp_path / "b.pdf", [], [])
    with pytest.raises(
        wb.DocumentError, match=r"b\.pdf: no text found on any of its 2 pages; it looks like a scan, so run OCR"
    ):
        wb.read(tmp_path / "b.pdf")
