"""Tables as a notebook shows them, which are plain DataFrames in every other way."""

import io
import pickle
import re
import subprocess
import sys
from html import unescape
from math import nan

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import workbench as wb
from workbench.display import tables

SPEECH = "“We will never leave this <b>terrible</b> town, whatever they say in the capital,” said Anna Berg on Monday."
DOCUMENT = wb.Document.from_text(f"The mayor met Anna Berg in Oslo.\n{SPEECH}", "town")
RESULTS = [wb.quotations, wb.entities, wb.sentiment, wb.entity_sentiment, wb.readability, wb.measures, wb.counts]


@pytest.fixture
def shell():
    shell = InteractiveShell()
    wb.load_ipython_extension(shell)
    return shell


def cells(html):
    """The table's rows, header first, each a list of what is written in its cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [[unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in rows]


@pytest.mark.parametrize("analysis", RESULTS)
def test_a_result_is_a_plain_table_that_a_notebook_shows_with_a_row_for_each_of_its_rows(shell, analysis):
    table = analysis(DOCUMENT)
    before = table.copy()
    shown = shell.display_formatter.format(table)[0]["text/html"]
    assert len(cells(shown)) == 1 + min(len(table), 20)
    assert "wb-table" in shown
    assert shown == shell.display_formatter.format(pickle.loads(pickle.dumps(table)))[0]["text/html"]
    assert type(table) is pd.DataFrame
    assert not table.attrs
    pd.testing.assert_frame_equal(table, before)


def test_a_text_is_shown_in_full_as_text():
    shown = tables.shown(wb.quotations(DOCUMENT))
    assert "<b>" not in shown
    assert any("<b>terrible</b> town, whatever they say in the capital" in cell for row in cells(shown) for cell in row)


def test_offsets_are_one_column_at_the_end_that_slices_the_text():
    table = wb.entities(DOCUMENT)
    head, *rows = cells(tables.shown(table))
    assert head[-1] == "start:end"
    sliced = [slice(*map(int, row[-1].split(":"))) for row in rows]
    assert [DOCUMENT.text[place] for place in sliced] == list(table.text)


def test_a_figure_is_shown_with_its_interval_and_a_share_as_per_cent():
    rows = [("a", 0.4217, 0.314, 0.528, "share of words"), ("b", 12345.0, nan, nan, "words")]
    shown = cells(tables.shown(pd.DataFrame(rows, columns=["measure", "value", "low", "high", "unit"])))
    assert [row[1:3] for row in shown] == [
        ["measure", "value [low, high]"],
        ["a", "42 % [31, 53]"],
        ["b", "12\u2009345"],
    ]


def test_a_column_has_one_set_of_digits_two_or_as_many_as_show_that_its_least_is_not_nought():
    table = pd.DataFrame({"text": list("abcd"), "p": [0.123456, -0.00041, 0.0, nan], "n": [1, -2, 3, 12345]})
    rows = [row[2:] for row in cells(tables.shown(table))[1:]]
    assert rows == [["0.1235", "1"], ["−0.0004", "−2"], ["0.0000", "3"], ["", "12\u2009345"]]


def test_dates_do_not_wrap_and_numbers_kept_as_text_stand_to_the_right():
    html = wb.folded(pd.DataFrame({"ours": ["0.980", "1"], "date": ["2024-03-14", ""], "who": ["x" * 13, "y"]}), "Rows")
    assert re.findall(r"<td[^>]*>", html)[:3] == ['<td class="wb-n">', '<td class="wb-brief">', "<td>"]


def test_of_a_long_table_the_first_rows_are_shown_and_how_many_there_are(shell):
    table = pd.DataFrame({"start": range(15000), "end": range(15000), "text": "x"})
    shown = tables.shown(table)
    assert len(cells(shown)) == 21
    assert "the first 20 of 15\u2009000 rows" in shown
    with pd.option_context("display.max_rows", None):
        assert len(cells(tables.shown(table))) == 15001


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [1]}),
        pd.DataFrame([[1, 2, 3]], columns=["start", "end", "start"]),
        pd.DataFrame({("text", "x"): [1]}),
        pd.DataFrame({"text": ["x"]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
    ],
)
def test_other_tables_are_shown_as_pandas_shows_them(table):
    assert tables.shown(table) == table._repr_html_()


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"low": ["x"], "high": ["y"], "value": [None]}),
        pd.DataFrame({"text": [["a", "b"], {"c": 1}], "when": pd.to_datetime(["2024-01-01", None])}),
        pd.DataFrame({"value": [float("inf")], "low": [float("-inf")], "high": [float("inf")]}),
        pd.DataFrame({"value": pd.array([None, 1.5], "Float64"), "low": [nan, 1], "high": [nan, 2], "unit": [None, 1]}),
        pd.DataFrame({1: [True], "start": pd.array([None], "Int64"), "end": pd.array([None], "Int64"), "text": [b"x"]}),
        pd.DataFrame(columns=["start", "end", "text"]),
    ],
)
def test_whatever_is_in_a_table_it_can_be_shown(table):
    assert len(cells(tables.shown(table))) == 1 + max(1, len(table))


def test_a_table_read_from_a_file_is_shown_alike():
    table = wb.measures(DOCUMENT)
    written = io.BytesIO()
    table.to_parquet(written)
    assert tables.shown(pd.read_parquet(written)) == tables.shown(table)


def test_tables_are_shown_so_in_a_shell_that_imports_the_workbench_and_importing_it_stays_quick():
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "import sys, workbench\n"
        "assert 'pandas' not in sys.modules\n"
        "shown = shell.display_formatter.format(workbench.Document.from_text('It rained.').removed)[0]\n"
        "assert 'wb-table' in shown['text/html'], shown\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_kernel_shows_a_table_so_also_where_it_was_forked_with_the_workbench_imported(tmp_path):
    import nbformat

    from workbench.reports import kernels

    source = "import workbench as wb\n\nwb.entities(wb.Document.from_text('The mayor met Anna <b>Berg</b> in Oslo.'))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    kernels.execute(notebook, {}, tmp_path)
    shown = notebook.cells[-1].outputs[0].data
    assert "wb-table" in shown["text/html"]
    assert "<b>" not in shown["text/html"]
    assert "Oslo" in shown["text/plain"]


def test_pieces_of_html_can_be_shown_one_below_the_other():
    both = wb.folded(pd.DataFrame({"word": ["ferry"]}), "Words") + wb.folded(pd.DataFrame({"word": []}), "None")
    assert both._repr_html_().count("<style>") == 1
    assert both.index("Words (1)") < both.index("None: none.")


def test_a_note_that_says_nothing_is_no_column():
    table = pd.DataFrame({"measure": ["mtld", "mattr"], "note": ["", None]})
    assert ">note</th>" not in wb.folded(table, "Told")
    assert ">note</th>" in wb.folded(table.assign(note=["", "few"]), "Told")
