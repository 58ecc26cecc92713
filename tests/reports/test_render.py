"""Rendering: what is made, from what, when it is made again, and what a page may hold."""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest
from small_notebooks import COMMAND, ON_A_DOCUMENT, notebook, seeds

from workbench.cli import main
from workbench.corpus import account, comparison, measure_corpus, stored
from workbench.language.model import model_name
from workbench.reports import warm_process
from workbench.reports.manifest import environment, folders, slug
from workbench.reports.page import page, safe_html
from workbench.reports.parameters import Notebook, ParameterError
from workbench.reports.render import RenderError, render
from workbench.reports.report import Workshop
from workbench.reports.verifying import verify

READ = "import workbench as wb\n\ndoc = wb.read(document)\nprint(len(doc.text.split()), 'words', limit)\ndoc.source"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with two documents, a notebook for each and one for both, and what a render makes of them."""
    folder = tmp_path_factory.mktemp("template")
    seeds(folder / "seeds", "bergen.txt", "oslo.txt")
    notebook(folder / "notebooks/words.ipynb", f"{ON_A_DOCUMENT}\nlimit: int = 3  # how many", READ)
    whole = 'seeds: str = "seeds"\ntable: str = ""\nreports: str = ""'
    notebook(folder / "notebooks/overview.ipynb", whole, "import pandas\n\nlen(pandas.read_parquet(table))", "reports")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        warm_process.warm.start()
        assert set(rendered().status) == {"rendered"}
    return folder


@pytest.fixture(autouse=True)
def project(template, tmp_path, monkeypatch):
    """A working directory with the same documents and notebooks, not rendered yet."""
    monkeypatch.chdir(tmp_path)
    warm_process.warm.start()
    for folder in ("seeds", "notebooks"):
        shutil.copytree(template / folder, folder)
    return tmp_path


@pytest.fixture
def made(template, project):
    """The files of the reports, rendered."""
    shutil.copytree(template / "reports", "reports")
    return files(project / "reports")


def rendered(**options):
    return render(progress=False, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_document_gets_each_report_and_all_of_them_an_overview(made):
    expected = {
        f"{name}/{file}" for name in ("bergen", "oslo") for file in ("measures.parquet", "words.html", "words.ipynb")
    }
    expected |= {
        "account.txt",
        "index.html",
        "index.ipynb",
        "measures.csv",
        "measures.documents.parquet",
        "measures.errors.parquet",
        "measures.md",
        "measures.parquet",
        "measures.sketches.parquet",
        "measures.xlsx",
        "measures.html",
        "report.css",
        "manifest.json",
        ".lock",
    }
    assert set(made) == expected
    assert b"22 words 3" in made["oslo/words.html"]


def test_measures_of_all_documents_stand_in_one_table_in_both_forms(made):
    table = pd.read_parquet("reports/measures.parquet")
    assert list(table.document.unique()) == ["bergen", "oslo"]
    plain = pd.read_csv("reports/measures.csv", keep_default_na=False, na_values={"value": "", "low": "", "high": ""})
    assert len(plain) == len(table)
    assert plain.value.to_numpy() == pytest.approx(table.value.to_numpy(), nan_ok=True, abs=0, rel=1e-11)
    written = Path("reports/measures.csv").read_text()  # no digit in which versions of numpy differ
    assert not re.search(r"(?<![\d.])\d*\.\d{14,}", written)


def test_the_overview_reaches_a_document_whose_name_is_unfit_for_a_folder(project):
    Path("seeds/år 1.txt").write_text("The council of Bergen met on Monday. It said that nothing happened.")
    rendered()
    (folder,) = {path.parent.name for path in Path("reports").rglob("words.html")} - {"bergen", "oslo"}
    assert pd.read_parquet("reports/measures.parquet").attrs["folders"] == {"år 1": folder}


def test_a_render_knows_of_its_documents_what_a_measured_corpus_does(project):
    for name in ("a/oslo.txt", "b/oslo.txt"):  # of one name, and copies of the third
        Path("seeds", name).parent.mkdir()
        shutil.copy("seeds/oslo.txt", Path("seeds", name))
    story = "The council of Bergen met on Monday. It said that nothing happened."
    rows = {"id": ["t", "t"], "text": [story, f"{story} Soon."], "source": ["wire", "own"], "document": ["x", "y"]}
    pd.DataFrame(rows).to_csv("seeds/t.csv", index=False)
    shutil.copy("seeds/oslo.txt", "seeds/t-2.txt")  # the name of the second row, did it not come before
    shutil.copy("seeds/oslo.txt", "seeds/a/t.txt")
    Path("seeds/a/bergen.txt").touch()  # refused, and yet its name is taken
    shutil.copy("seeds/oslo.txt", "seeds/b/bergen.txt")
    Path(os.fsdecode(b"seeds/no\xff.txt")).touch()
    shutil.copy("seeds/oslo.txt", os.fsdecode(b"seeds/yes\xff.txt"))
    os.mkfifo("seeds/pipe.txt")
    Path("seeds/dangling.txt").symlink_to("nowhere.txt")
    for place in ("seeds/z.zip", "seeds/a/y.zip"):
        with ZipFile(place, "w") as archive:
            archive.write("seeds/bergen.txt", f"within/{Path(place).stem}-bergen.txt")
    Path("seeds/bad.txt").write_bytes(b"\0\1\2bad")
    assert set(rendered().status) == {"rendered", "failed"}
    measure_corpus("seeds", "corpus.parquet", scheduler="sync", progress=False)
    ours, measured = (comparison.documents(table) for table in ("reports/measures.parquet", "corpus.parquet"))
    pd.testing.assert_frame_equal(ours, measured)
    assert ours.folder[["bergen", "oslo", "oslo-2", "oslo-3"]].to_list() == ["seeds", "seeds", "a", "b"]
    assert ours.folder[["bergen-3", "y-bergen", "z-bergen"]].to_list() == ["b", "a", "within"]
    assert list(ours.loc[["t", "t-3"], "source"]) == ["wire", "own"]
    assert set(pd.read_parquet("reports/measures.parquet").document) == set(ours.index)
    assert Path("reports/account.txt").read_text().splitlines() == account("corpus.parquet")
    refused = pd.read_parquet("reports/measures.errors.parquet").document
    assert set(refused) == {f"seeds/{name}.txt" for name in ("a/bergen", "bad", "dangling", "no?", "pipe")}
    pd.testing.assert_frame_equal(stored.copies("reports/measures.parquet"), stored.copies("corpus.parquet"))


def test_a_document_that_can_no_longer_be_read_is_not_counted_with_its_old_figures(made, capsys):
    Path("seeds/oslo.txt").write_bytes(b"\0\1\2bad")
    assert main(["render"]) == 1
    documents, refused, _ = Path("reports/account.txt").read_text().splitlines()
    assert documents == "1 document of 1 file (1 .txt)"
    assert refused.startswith("1 refused: ")
    assert documents in capsys.readouterr().out
    assert set(pd.read_parquet("reports/measures.parquet").document) == {"bergen"}
    Path("seeds/bergen.txt").write_bytes(b"\0\1\2worse")
    assert main(["render"]) == 1
    assert "document" not in capsys.readouterr().out.replace("no document can be read", "")
    assert not {"account.txt", "index.html", "measures.csv"} & set(files(Path("reports")))


def test_the_style_is_there_before_the_first_page(project, monkeypatch):
    there = []
    monkeypatch.setattr(Workshop, "make", lambda *_: there.append(Path("reports/report.css").exists()))
    rendered()
    assert there
    assert all(there)


def test_what_is_current_is_kept_and_starts_no_kernel(made, monkeypatch):
    monkeypatch.setattr(warm_process.WarmProcess, "start", lambda self: pytest.fail("a kernel is not needed"))
    assert set(rendered().status) == {"current"}
    assert files(Path("reports")) == made


def test_the_number_of_jobs_and_the_place_change_no_byte(made):
    shutil.rmtree("reports")
    rendered(jobs=1)
    assert files(Path("reports")) == made


@pytest.mark.slow
def test_another_process_and_another_order_of_sets_change_no_byte(made):
    shutil.rmtree("reports")
    subprocess.run([*COMMAND, "render"], env={**os.environ, "PYTHONHASHSEED": "7"}, check=True)
    assert files(Path("reports")) == made


def test_folders_outside_the_working_directory_leave_no_path_of_this_machine(
    made, project, tmp_path_factory, monkeypatch
):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    rendered(seeds=project / "seeds", notebooks=project / "notebooks", reports=project / "other/reports")
    again = files(project / "other/reports")
    assert not [name for name, content in again.items() if str(project).encode() in content]
    assert {name for name in made if again.get(name) != made[name]} == set()


def test_a_changed_document_renders_its_own_reports_and_the_overview(made):
    Path("seeds/oslo.txt").write_text("Quite another text. It says that nothing happened in Oslo on Tuesday.")
    rows = rendered().set_index(["document", "notebook"]).status
    assert rows["bergen"].eq("current").all()
    assert rows["oslo"].eq("rendered").all()
    assert rows["", "overview"] == "rendered"


def test_the_document_that_a_notebook_names_itself_is_nothing_to_the_reports_on_others(made):
    notebook(Path("notebooks/words.ipynb"), 'document: str = "seeds/oslo.txt"\nlimit: int = 3', READ)
    rendered()
    Path("seeds/oslo.txt").write_text("Quite another text. It says that nothing happened in Oslo on Tuesday.")
    assert rendered().set_index("document").status["bergen"].eq("current").all()


def test_a_changed_notebook_renders_that_notebook(made):
    notebook(Path("notebooks/words.ipynb"), f"{ON_A_DOCUMENT}\nlimit: int = 4", READ)
    rows = rendered().set_index("notebook").status
    assert set(rows["words"]) == {"rendered"}
    assert set(rows["measures"]) == {"current"}


def test_a_parameter_renders_the_notebooks_that_declare_it(made):
    rows = rendered(parameters={"limit": "5"}).set_index("notebook").status
    assert set(rows["words"]) == {"rendered"}
    assert set(rows["measures"]) == {"current"}
    assert b"22 words 5" in Path("reports/oslo/words.html").read_bytes()


def test_another_version_of_a_dependency_renders_everything(made, monkeypatch):
    changed = {**environment(), "packages": {**environment()["packages"], "spacy": "0"}}
    monkeypatch.setattr("workbench.reports.render.environment", lambda: changed)
    assert set(rendered().status) == {"rendered"}


def test_another_language_model_renders_everything(made, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODEL", model_name())
    assert set(rendered().status) == {"rendered"}


def test_force_renders_everything_to_the_same_bytes(made):
    assert set(rendered(force=True).status) == {"rendered"}
    assert files(Path("reports")) == made


def test_reports_of_a_removed_document_are_removed_and_that_is_said(made):
    Path("seeds/oslo.txt").unlink()
    Path("reports/bergen/notes.txt").write_text("mine")
    rows = rendered()
    assert set(rows[rows.status == "removed"].notebook) == {"measures", "words"}
    assert "seeds/oslo.txt is gone" in rows[rows.status == "removed"].message.iloc[0]
    assert not Path("reports/oslo").exists()
    assert Path("reports/bergen/notes.txt").exists()
    assert set(pd.read_parquet("reports/measures.parquet").document) == {"bergen"}


def test_an_emptied_folder_of_documents_is_said_once_and_leaves_no_report(made):
    for path in Path("seeds").iterdir():
        path.unlink()
    rows = rendered()
    assert rows[rows.status != "removed"].message.tolist() == ["seeds: nothing to read in it; put documents there"]
    assert "index: removed, as every document is gone" in set(rows.message)
    assert not list(Path("reports").rglob("*.html"))
    Path("seeds/torn.pdf").write_bytes(b"%PDF-1.4 torn")
    assert rendered().document.tolist() == ["torn"]


def test_a_table_or_a_file_is_rendered_as_a_folder_is(project):
    Path("table.csv").write_text("text\nIt rained in Oslo on Monday.\n")
    for source in ("table.csv", "seeds/oslo.txt"):
        assert set(rendered(seeds=source).status) <= {"rendered", "removed"}


def test_a_report_that_was_touched_or_lost_is_made_again(made):
    Path("reports/oslo/words.html").write_text("edited")
    Path("reports/bergen/words.ipynb").unlink()
    rows = rendered().set_index(["notebook", "document"]).status
    assert set(rows["words"]) == {"rendered"}
    assert files(Path("reports")) == made


def test_the_manifest_says_what_each_report_was_made_from(made):
    manifest = json.loads(made["manifest.json"])
    inputs = manifest["reports"]["oslo/words"]["inputs"]
    assert inputs["document"]["path"] == "seeds/oslo.txt"
    assert len(inputs["document"]["sha256"]) == 64
    assert inputs["parameters"] == {}
    assert manifest["environment"]["packages"]["spacy"]


def test_verifying_finds_what_was_changed_and_what_is_missing(made):
    assert set(verify().status) == {"same"}
    Path("reports/oslo/words.html").write_text("edited")
    Path("reports/bergen/words.ipynb").unlink()
    Path("seeds/bergen.txt").write_text("Another text about Bergen, where it rained on Monday and on Tuesday.")
    found = verify().set_index("file")
    assert found.status["oslo/words.html"] == "changed"
    assert found.status["bergen/words.ipynb"] == "missing"
    assert found.status["bergen/words.html"] == "different"
    assert found.message["bergen/words.html"] == "made from another document"


def test_what_cannot_be_rendered_again_is_unknown_and_says_why(made, project):
    notebook(project / "notebooks/words.ipynb", ON_A_DOCUMENT, "1 / 0")
    found = verify().set_index("file")
    assert found.status["oslo/words.html"] == "unknown"
    assert "ZeroDivisionError" in found.message["oslo/words.html"]
    assert found.status["measures.csv"] == "same"


def test_what_is_printed_comes_out_the_same_however_it_was_cut(project):
    both = "    print(i)\n    print(i, file=sys.stderr, flush=True)"
    printing = f"import sys\nfor i in range(300):\n{both}\ndisplay(1)\nprint(2)"
    notebook(project / "notebooks/words.ipynb", ON_A_DOCUMENT, printing)
    rendered()
    outputs = nbformat.read("reports/oslo/words.ipynb", 4).cells[-1].outputs
    lines = "".join(f"{i}\n" for i in range(300))
    assert [output.get("text") for output in outputs] == [lines, lines, None, "2\n"]


def test_papermill_alone_runs_the_same_notebook(project):
    papermill = pytest.importorskip("papermill")
    papermill.execute_notebook("notebooks/words.ipynb", "out.ipynb", {"document": "seeds/oslo.txt"}, progress_bar=False)
    assert "22 words 3" in nbformat.read("out.ipynb", 4).cells[-1].outputs[0].text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limitt": 3}, "no notebook has a parameter 'limitt'; did you mean 'limit'? there is limit"),
        ({"limit": "many"}, "parameter limit is int (default 3), not 'many'"),
        ({"limit": "true"}, "parameter limit is int (default 3), not True"),
        ({"limit\nprint(1)": 3}, "no notebook has a parameter"),
        ({"document": "seeds/oslo.txt"}, "no notebook has a parameter 'document'"),
    ],
)
def test_an_unknown_parameter_or_a_wrong_type_is_refused_with_what_there_is(given, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        rendered(parameters=given)


def test_values_are_typed_as_the_notebook_declares(tmp_path):
    declared = 'a: bool = False\nb: float = 1.0\nc: str | None = None\nd: list[str] = []\ne = "x"\nf: int | None = None'
    found = Notebook.read(notebook(tmp_path / "notebooks/typed.ipynb", declared))
    given = {"a": "true", "b": "2", "c": "true", "d": "['x']", "e": "3", "f": "none"}
    assert found.typed(given) == {"a": True, "b": 2.0, "c": "true", "d": ["x"], "e": "3", "f": None}
    with pytest.raises(ParameterError, match=re.escape("""(default []), as in '["a.csv"]', not 'a.csv'""")):
        found.typed({"d": "a.csv"})


@pytest.mark.parametrize("folder", ["seeds", "notebooks"])
def test_a_folder_that_is_not_there_is_named(folder):
    with pytest.raises(RenderError, match=f"^{folder}x: no such folder"):
        rendered(**{folder: f"{folder}x"})


NAMES = [
    "a'b\"c.txt",
    "new\nline.txt",
    "{x}.txt",
    "-..txt",
    "n" * 200 + ".txt",
    "🙂.txt",
    "-rf.txt",
    "$(touch x).txt",
    "CON.txt",
]


def test_document_names_are_names_only(project):
    seeds(project / "seeds", *NAMES, "same.txt", "same.md", "SAME.html")
    found = folders(project / "seeds")
    assert len(found) == len(NAMES) + 5
    assert len({name.lower() for name in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9][\w-]{0,79}", name) for name in found)
    assert slug("a/b") != slug("a-b")


def test_documents_with_hostile_names_are_rendered_inside_the_folder_and_no_formulas(project):
    for path in (project / "seeds").iterdir():
        path.unlink()
    seeds(project / "seeds", *NAMES[:4], "🙂.txt", "<img src=x onerror=alert(1)>.txt", "=cmd().txt")
    before = {path.name for path in project.iterdir()}
    assert set(rendered().status) == {"rendered"}
    assert {path.name for path in project.iterdir()} == before | {"reports"}
    assert not [
        name
        for name, content in files(project / "reports").items()
        if b"<img src=x" in content and name.endswith("html")
    ]
    assert "'=cmd()" in set(pd.read_csv("reports/measures.csv").document)
    assert "=cmd()" in set(pd.read_parquet("reports/measures.parquet").document)


class Elements(HTMLParser):
    """The elements that a browser would find."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="\x01da\tta:text/html,<script>alert(1)</script>">x</a>',
    "<style>body{display:none}</style>",
    "<iframe src=https://example.org></iframe>",
    '<img src="https://example.org/pixel.png">',
    '<div style="background:url(https://example.org/x)">x</div>',
    "<svg><script>alert(1)</script></svg>",
    '<form action="https://example.org"><input type="text"></form>',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<b onclick="alert(1)">x</b>',
]


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "text/plain", "stream", "markdown", "code", "alt"])
def test_nothing_in_a_page_executes_or_is_fetched(html, kind):
    output = nbformat.v4.new_output("display_data", {kind: html} if "/" in kind else {"image/png": "AAAA"})
    if kind == "alt":
        output.metadata = {"image/png": {"alt": html}}
    if kind == "stream":
        output = nbformat.v4.new_output("stream", text=html)
    cell = nbformat.v4.new_code_cell(html if kind == "code" else "1", outputs=[output])
    if kind == "markdown":
        cell = nbformat.v4.new_markdown_cell(html)
    written = page(
        nbformat.v4.new_notebook(cells=[cell]), title=html, links=[(html, "x.html")], provenance=[(html, html)]
    )
    elements = Elements()
    elements.feed(written[written.index("<body") :])
    attributes = [(name, value or "") for _, pairs in elements.found for name, value in pairs]
    assert not {tag for tag, _ in elements.found} & {"script", "style", "iframe", "svg", "form", "meta"}
    assert not [name for name, _ in attributes if name.startswith("on")]
    addresses = [re.sub(r"[\0-\x20]", "", value) for name, value in attributes if name in ("href", "src", "style")]
    assert not [value for value in addresses if re.search("javascript:|https?:|data:text", value)]
    assert "<title>" not in written.split("<title>")[1].split("</title>")[0]


def test_what_reports_are_made_of_passes():
    switches = '<fieldset><legend>Show</legend><label><input type="checkbox" class="a" checked=""> x</label></fieldset>'
    folded = '<details class="wb-folded" open=""><summary>Table (3)</summary></details>'
    marked = '<span class="wb-q" title="evidence" tabindex="0" aria-label="x">quoted</span>'
    assert safe_html(switches + folded + marked) == switches + folded + marked


def test_dollars_and_terminal_codes_are_text():
    cells = [nbformat.v4.new_markdown_cell("$x$ \\(y\\)")]
    cells += [nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m $z$")])]
    written = page(nbformat.v4.new_notebook(cells=cells), title="t")
    assert "MathJax" not in written
    assert "red $z$" in written


def test_the_smaller_form_of_a_figure_is_shown_with_its_description():
    shapes = {"image/png": "A" * 4000, "image/svg+xml": "<svg/>", "text/plain": "<Figure>"}
    output = nbformat.v4.new_output("display_data", shapes, metadata={"image/png": {"alt": "From 1 to 3."}})
    written = page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])]), title="t")
    assert 'src="data:image/svg+xml;base64,' in written
    assert 'alt="From 1 to 3."' in written
