"""What somebody types who has not read the documentation is answered with what to type instead."""

import inspect
import shutil
import subprocess
from pathlib import Path

import pytest

import workbench as wb
from workbench.cli import main

TAKES_A_DOCUMENT = [
    name
    for name in wb.__all__
    if inspect.isfunction(getattr(wb, name)) and "document" in list(inspect.signature(getattr(wb, name)).parameters)[:1]
]
WRONG = {
    "a path": "seeds/article.txt",
    "a Path": Path("seeds/article.txt"),
    "a text": "The mayor said no.\nShe left.",
    "nothing": None,
    "a list": ["seeds/article.txt"],
    "a number": 3,
}


@pytest.mark.parametrize("name", TAKES_A_DOCUMENT)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_document_is_named_with_the_way_to_one(name, wrong):
    function = getattr(wb, name)
    others = [p for p in list(inspect.signature(function).parameters.values())[1:] if p.default is p.empty]
    with pytest.raises(TypeError, match=r"is not a Document; .*wb\.(read|Document\.from_text|measure_all)\("):
        function(WRONG[wrong], *("x" for _ in others))


def test_the_functions_of_documents_are_found():
    assert {"quotations", "entities", "sentiment", "readability", "measures", "show", "findings"} <= {*TAKES_A_DOCUMENT}


DOCUMENT = wb.Document.from_text("“We won,” said Ann Lee.")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wb.readability(DOCUMENT, "naration"), "no voice 'naration'; did you mean 'narration'?"),
        (lambda: wb.readability(DOCUMENT, "Quotation"), "no voice 'Quotation'; did you mean 'quotation'?"),
        (lambda: wb.findings(DOCUMENT, "readabilty"), "no analysis 'readabilty'; did you mean 'readability'?"),
        (lambda: wb.masthead(DOCUMENT, "quotes"), "no analysis 'quotes'; did you mean 'quotations'?"),
        (lambda: wb.validity("entity"), "no analysis 'entity'; did you mean 'entities'?"),
        (lambda: wb.explore("seeds", "tone"), "no analysis 'tone'; there is"),
        (lambda: wb.show(DOCUMENT, ["quotation"]), "no layer 'quotation'; did you mean 'quotations'?"),
        (lambda: wb.together(DOCUMENT, ["Ann Lee"], "sentences"), "no unit 'sentences'; did you mean 'sentence'?"),
        (lambda: wb.entities(DOCUMENT, aliases=["Ann"]), "aliases=['Ann']: give {'a name': 'its canonical name'}"),
        (lambda: wb.read("It rained.\nWe left."), "make it a document with wb.Document.from_text(text)"),
        (lambda: wb.Document.from_text(None), "None is not a text; read a file with wb.read(path)"),
        (lambda: wb.duplicates(["seeds/article.txt"]), "is not a Document; read a file"),
        (lambda: wb.duplicates("seeds"), "give several documents, as in wb.duplicates([one, two])"),
        (lambda: wb.read(None), "None is not the path of a file or folder, as in 'seeds/article.txt'"),
        (lambda: wb.overview("seeds"), "seeds: no measured corpus; make one with wb.measure_corpus(source, target)"),
        (lambda: wb.overview(["seeds"]), "is no table of measures; make one with wb.measure_all(source)"),
        (lambda: wb.overview(wb.quotations(DOCUMENT)), "no table of measures: it has no document, measure, value"),
        (lambda: wb.measure_all(DOCUMENT), "is not the path of a file or folder"),
        (lambda: wb.read("https://news.example/article"), "nothing is fetched from the web; save the page"),
        (lambda: wb.quotations(DOCUMENT, least="high"), "from 0 to 1, not 'high'"),
        (
            lambda: wb.entity_sentiment(DOCUMENT, targets="Ann Lee"),
            "places in the text, as in [(18, 25)], not 'Ann Lee'",
        ),
        (lambda: wb.entity_sentiment(DOCUMENT, targets=(16, 23)), "places in the text, as in [(18, 25)], not 16"),
        (lambda: wb.measures(DOCUMENT, 3), "3 is no name of an analysis, measure or voice, as in 'sentiment'"),
        (
            lambda: wb.entities(DOCUMENT, aliases="names.tsv"),
            "names.tsv: no table of names; make it a tab-separated file",
        ),
        (lambda: wb.together(DOCUMENT, "Ann Lee"), "'Ann Lee' is one name; give several, as in ['Ann Lee', 'Oslo']"),
        (lambda: wb.concordance(DOCUMENT, ["won"]), "['won'] is not a word or phrase, as in 'climate change'"),
        (lambda: wb.render(reports="README.md"), "README.md: a file; name a folder to write to"),
        (lambda: wb.plot(DOCUMENT), "workbench has no 'plot'; dir(workbench) lists its names"),
        (lambda: wb.quotation(DOCUMENT), "workbench has no 'quotation'; did you mean 'quotations'?"),
        (lambda: wb.readabilty(DOCUMENT), "did you mean 'readability'?"),
    ],
)
def test_a_wrong_name_or_value_is_answered_in_one_line_with_the_nearest(call, said):
    with pytest.raises((ValueError, TypeError, AttributeError)) as error:
        call()
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    if isinstance(error.value, ValueError):  # a notebook shows the message alone
        assert error.value._render_traceback_() == [str(error.value)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "the following arguments are required: COMMAND; see workbench --help"),
        ("rendr", "invalid choice: 'rendr'; did you mean render?"),
        ("render seeds", "workbench render: no option 'seeds'; did you mean --seeds?"),
        ("render --jops 3", "no option '--jops'; did you mean --jobs?"),
        ("render --jobs many", "many is none: give 1 or more"),
        ("render --time-limit soon", "soon is no time to wait: give seconds, more than 0"),
        ("render --seeds nowhere", "nowhere: no such folder; create it and put documents into it"),
        ("render -p tpo 20", "no notebook has a parameter 'tpo'; did you mean 'top'?"),
        ("render -p top many", "parameter top is int (default 12), not 'many'"),
        ("render --notebooks notebooks/words.ipynb", "no such folder; go to the folder of your study"),
        ("measure seeds --to measures.csv", "measures are written as Parquet; name it measures.parquet"),
        ("verify nowhere", "nowhere: no reports in it; render them first"),
        ("measure nowhere", "nowhere: no such file or folder; check the name"),
        ("measure seeds --lists nowhere", "nowhere: no such file; name a folder of .txt or .tsv files"),
        ("measure seeds --only tone", "no analysis, measure or voice is called 'tone'; did you mean 'tone_towards'?"),
        ("render seeds/article.txt", "no option 'seeds/article.txt'; documents are those in a folder: --seeds FOLDER"),
        ("new seeds", "seeds: is there already"),
    ],
)
def test_a_wrong_command_is_answered_in_one_line(typed, said, capsys, monkeypatch):
    monkeypatch.chdir(Path(__file__).parent.parent)
    try:
        code = main(typed.split())
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert said in (line := capsys.readouterr().err)
    assert line.count("\n") == 1


def test_a_language_model_that_is_not_there_is_said_once(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(Path(__file__).parent.parent)
    monkeypatch.setenv("WORKBENCH_MODEL", "en_core_web_lg")
    assert main(["render", "--reports", str(tmp_path / "reports")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("reprot", "no goal reprot; there is install,"),
        ("report PYTHON=python2", "workbench needs Python 3.11 or later"),
    ],
)
def test_a_wrong_goal_or_python_is_answered_by_make(typed, said, tmp_path):
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "setup.py"):
        shutil.copy(Path(__file__).parent.parent / name, tmp_path)
    made = subprocess.run(["make", "-s", *typed.split()], cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode == 2
    assert made.stderr.startswith(said)
