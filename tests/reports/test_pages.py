"""What pages lead to and show: reading order, neighbours, an Excel workbook, prose only where there is something."""

import io
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from small_notebooks import ON_A_DOCUMENT, notebook, seeds

import workbench as wb
from workbench.measurement import defined, inert
from workbench.reports.excel import excel
from workbench.reports.page import page

ROOT = Path(__file__).parents[2]


def test_a_workbook_has_inert_formulas_and_the_same_bytes_each_time():
    sheets = {"figures": pd.DataFrame({"name": ["=1+1", "@x", "a\x07b"], "value": [1.5, None, 3.0]})}
    written = excel(sheets)
    assert written == excel(sheets)
    sheet = openpyxl.load_workbook(io.BytesIO(written))["figures"]
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s", "n"}  # no formula, "f"
    cells = list(sheet.iter_rows(values_only=True))
    assert cells == [("name", "value"), ("=1+1", 1.5), ("@x", None), ("ab", 3)]
    assert pd.read_excel(io.BytesIO(written), engine="openpyxl").value.tolist()[0] == 1.5


@pytest.fixture(scope="module")
def office():
    """LibreOffice Calc, which opens a file and writes each of its sheets as a .csv; gives their texts by name."""
    program = shutil.which("soffice") or pytest.skip("needs Debian's LibreOffice: apt-get install libreoffice-calc")

    def opened(path: Path) -> dict[str, str]:
        target = path.parent / f"opened_{path.suffix[1:]}"
        every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", every_sheet, "--outdir", target, path]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {sheet.stem.partition("-")[2]: sheet.read_text("utf-8") for sheet in target.iterdir()}

    return opened


def test_the_downloads_open_in_libreoffice_with_formulas_as_text(office, tmp_path):
    names = ["=1+1", "+2", "-3", "@x", "=HYPERLINK(A1)", "plain", "0042"]
    table = pd.DataFrame({"name": names, "value": [1.5, -2.25, 3, 4, 5, 6, 1e-9]})
    (tmp_path / "workbook.xlsx").write_bytes(excel({"figures": table, "definitions": defined()}))
    sheets = office(tmp_path / "workbook.xlsx")
    read = pd.read_csv(io.StringIO(sheets["figures"]), dtype={"name": str})
    assert list(read.name) == names
    assert read.value.tolist() == pytest.approx(table.value.tolist())
    assert list(pd.read_csv(io.StringIO(sheets["definitions"])).measure) == list(defined().measure)

    table.map(inert).to_csv(tmp_path / "measures.csv", index=False)
    (text,) = office(tmp_path / "measures.csv").values()
    assert [name.lstrip("'") for name in pd.read_csv(io.StringIO(text), dtype=str).name][:5] == names[:5]


def test_prose_that_needs_an_output_is_shown_only_with_one():
    shown = new_code_cell("1", outputs=[new_output("stream", text="something")])
    needy = {"tags": ["needs-output"]}
    cells = [
        new_markdown_cell("always"),
        new_code_cell("x = 1"),
        new_markdown_cell("with figure", metadata=needy),
        new_code_cell("y = 1"),
        shown,
        new_markdown_cell("without figure", metadata=needy),
        new_code_cell("hidden()"),
        new_markdown_cell("last"),
    ]
    html = page(new_notebook(cells=cells), "Title")
    assert [text in html for text in ("always", "with figure", "something", "last")] == [True] * 4
    assert "without figure" not in html
    assert "hidden()" not in html


def test_figures_have_addresses_of_their_own_and_links_that_stay_in_the_page():
    drawn = {"image/svg+xml": "<svg/>"}
    links = [["Ann", "#at-3", 10.0, 5.0], ["Bad", "https://example.org", 1.0, 1.0]]
    told = {
        "image/svg+xml": {"alt": "Share of voice. Ann 3.", "narrow": '<div class="wb-narrow">3</div>', "links": links}
    }
    output = new_output("display_data", drawn, metadata=told)
    html = page(new_notebook(cells=[new_code_cell("1", outputs=[output, output])]), "Title")
    assert 'id="share-of-voice"' in html
    assert 'id="share-of-voice-2"' in html
    assert 'href="#at-3"' in html
    assert "example.org" not in html


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order")
    seeds(folder / "seeds", "a.txt", "b.txt", "c.txt")
    for name in ("comparison", "overview"):
        notebook(folder / "notebooks" / f"{name}.ipynb", 'seeds: str = ""', "1")
    for name in ("own", "readability", "sentiment"):
        notebook(folder / "notebooks" / f"{name}.ipynb", ON_A_DOCUMENT, "1")
    wb.render(folder / "seeds", folder / "notebooks", folder / "reports", progress=False)
    return folder / "reports"


def test_pages_stand_in_the_order_of_reading_with_the_current_one_marked(rendered):
    html = (rendered / "b" / "sentiment.html").read_text("utf-8")
    places = [html.index(f">{name}<") for name in ("Overview", "Readability", "Sentiment", "Own", "Comparison")]
    assert places == sorted(places)
    assert '<span aria-current="page">Sentiment</span>' in html


def test_a_page_leads_to_its_neighbours_and_to_what_can_be_taken_along(rendered):
    html = (rendered / "b" / "sentiment.html").read_text("utf-8")
    for address in (
        "../a/sentiment.html",
        "../c/sentiment.html",
        "../measures.csv",
        "../measures.xlsx",
        "sentiment.ipynb",
    ):
        assert f'href="{address}"' in html
        assert (rendered / "b" / address).exists()
    assert "previous article" not in (rendered / "a" / "sentiment.html").read_text("utf-8")


def test_the_workbook_of_a_render_has_figures_documents_and_definitions(rendered):
    sheets = pd.read_excel(rendered / "measures.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == ["figures", "documents", "definitions"]
    assert len(sheets["figures"]) == len(pd.read_parquet(rendered / "measures.parquet"))
    assert list(sheets["documents"].document) == ["a", "b", "c"]
    assert sheets["documents"].title.str.startswith("The council of").all()


def test_notebooks_declare_what_prose_needs_an_output():
    for name in ("comparison", "validation"):
        cells = nbformat.read(ROOT / f"notebooks/{name}.ipynb", 4).cells
        assert any("needs-output" in cell.metadata.get("tags", []) for cell in cells), name


def test_validation_says_what_it_needs_before_it_draws_anything(monkeypatch):
    monkeypatch.setattr("workbench.corpus.coding.sample", lambda *_: pytest.fail("a sample is drawn"))
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for cell in nbformat.read(ROOT / "notebooks/validation.ipynb", 4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert str(names["needed"]).startswith("Nobody has judged these articles yet.")


def test_a_phrase_that_is_nowhere_is_said_once(tmp_path):
    seeds(tmp_path / "seeds", "a.txt", "b.txt")
    shutil.copy(ROOT / "notebooks/words.ipynb", tmp_path / "words.ipynb")
    wb.render(tmp_path / "seeds", tmp_path, tmp_path / "reports", parameters={"phrase": "quincunx"}, progress=False)
    html = (tmp_path / "reports" / "words.html").read_text("utf-8")
    assert "<em>quincunx</em> stands in none of the 2 documents." in html
    assert not re.search("In context|By document|In company", html)


def test_terms_in_tables_and_findings_lead_to_their_definitions():
    told = wb.folded(pd.DataFrame({"measure": ["mtld", "tone_towards[NATO]", "<b>x"], "value": [1, 2, 3]}), "Told")
    output = new_output("display_data", {"text/html": str(told)})
    html = page(new_notebook(cells=[new_code_cell("1", outputs=[output])]), "Title", root="../")
    assert 'href="../measures.html#mtld" rel="noopener noreferrer">Lexical diversity (MTLD)</a>' in html
    assert 'href="../measures.html#tone_towards" rel="noopener noreferrer">Tone towards an entity: NATO</a>' in html
    assert "&lt;b&gt;x" in html
    document = wb.read(ROOT / "seeds" / "2024-03-14_harbour-city-news_ferry-strike.txt")
    for analysis in ("readability", "sentiment", "quotations", "entities"):
        led = re.findall(r'<span class="wb-term" title="(\w+)">', wb.masthead(document, analysis))
        assert len(led) >= 2, analysis
        assert {*led} <= {*defined().measure}
    assert "newspaper" in re.sub(r"<[^>]*>.*?</[^>]*>", "", wb.masthead(document, "readability"))  # no part of a word


def test_what_notebooks_say_of_the_package_is_in_it():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = nbformat.read(path, 4).cells
        assert len(cells) <= 14, path
        for name in re.findall(r"\bwb\.(\w+)", "\n".join(cell.source for cell in cells)):
            assert hasattr(wb, name), f"{path}: wb.{name}"
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        for name in re.findall(r"`(\w+)\.\w+\(", "\n".join(cell.source for cell in cells)):
            assert re.search(rf"(import|as|,) {name}\b", code) or find_spec(name), f"{path}: {name} is nowhere imported"


def test_every_measure_has_its_definition_on_a_page_that_all_others_lead_to(rendered):
    html = (rendered / "measures.html").read_text("utf-8")
    for measure in pd.read_csv(ROOT / "src/workbench/measurement/measures.csv").measure:
        assert f'id="{measure}"' in html
    assert 'href="../measures.html"' in (rendered / "b" / "sentiment.html").read_text("utf-8")
