"""What is public is documented, and what is documented is so: generated pages, examples, paths, options, columns."""

import doctest
import os
import re
from pathlib import Path

import pandas as pd
import pytest

import workbench as wb
from docs import generate
from workbench.cli import command_line
from workbench.measurement.definitions import definitions

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "tests" / "README.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}
SEED = ROOT / "seeds" / "2024-03-14_harbour-city-news_ferry-strike.txt"


def in_a_folder_of_its_own(tmp_path, monkeypatch):
    for name in ("seeds", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXTS[page], re.M | re.S)


@pytest.mark.parametrize("page", ["docs/measures.md", "docs/reference.md", "docs/validity.md", "README.md"])
def test_a_generated_page_is_as_the_package_is_now(page):
    assert generate.pages()[page] == TEXTS[page], "run `make docs`"


def test_the_readme_is_short_and_shows_figures():
    assert TEXTS["README.md"].count("\n") <= 120
    assert len(generate.parts("README.md", "validity")[1].splitlines()) > 5


@pytest.mark.parametrize("page", [page for page in TEXTS if blocks(page, "python")])
def test_python_examples_run(page, tmp_path, monkeypatch):
    in_a_folder_of_its_own(tmp_path, monkeypatch)
    monkeypatch.setenv("WORKBENCH_MODEL", os.environ.get("WORKBENCH_MODEL", ""))
    names = {"__name__": "__main__"}
    for number, code in enumerate(blocks(page, "python"), 1):
        exec(compile(code, f"{page}, example {number}", "exec"), names)


def test_the_study_of_the_example_ends_in_a_methods_section(tmp_path, monkeypatch, capsys):
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in blocks("docs/corpora.md", "python"):
        exec(compile(code, "docs/corpora.md", "exec"), names)
    said = capsys.readouterr().out
    parts = (
        "drawn systematically",
        "seed 1",
        "2 coders",
        "Krippendorff's alpha",
        "precision of quotations, word for word",
        "recall of sentences with names",
    )
    for part in parts:
        assert part in said
    assert "With so few articles" in names["comparison"].findings(names["compared"], names["groups"])
    assert (tmp_path / "study.md").exists()


@pytest.mark.parametrize("page", TEXTS)
def test_commands_in_examples_are_understood(page):
    lines = [line.partition("#")[0] for block in blocks(page, "sh") for line in block.splitlines()]
    for line in lines:
        if line.startswith("workbench "):
            command_line().parse_args(line.split()[1:])


@pytest.mark.parametrize("page", TEXTS)
def test_files_that_a_page_names_are_there(page):
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXTS[page])
    assert [path for path in linked if not (ROOT / page).parent.joinpath(path).exists()] == []
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", TEXTS[page])
    places = [ROOT, generate.PACKAGE, ROOT / "tests"]
    missing = [path for path in named if not any((place / path).exists() for place in places)]
    made = re.compile(r"reports/|own_reports/|\.venv/|\.\./shared")  # what a render or a set-up makes
    assert [path for path in missing if not made.match(path)] == []


def test_every_command_option_and_parameter_says_what_it_is():
    for command in generate.commands().values():
        assert [action for action in command._actions if not action.help] == []
    for line in TEXTS["docs/reference.md"].partition("## Notebooks")[2].splitlines():
        assert not line.endswith("|  |"), line


def test_every_measure_is_defined():
    stems = wb.measures(wb.read(SEED)).measure.str.partition("[")[0]
    assert set(stems) <= set(definitions().index)
    assert all(f"| {measure} |" in TEXTS["docs/measures.md"] for measure in definitions().index)


def public_things():
    """Every public name that can be called, and the methods of those that are classes."""
    for name in dir(wb):
        thing = getattr(wb, name)
        if callable(thing):
            yield f"wb.{name}", thing
            yield from ((f"wb.{name}.{method}", getattr(thing, method)) for method in generate.members(thing))


@pytest.mark.parametrize(
    ("name", "thing"), [*public_things()], ids=lambda given: given if isinstance(given, str) else ""
)
def test_a_public_name_has_an_example_that_runs(name, thing, tmp_path, monkeypatch):
    in_a_folder_of_its_own(tmp_path, monkeypatch)
    example = doctest.DocTestParser().get_doctest(thing.__doc__ or "", {"wb": wb, "pd": pd}, name, None, None)
    assert [one for one in example.examples if not one.options.get(doctest.SKIP)], "no example in its docstring"
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


def test_public_names_are_those_of_the_table_of_contents():
    assert sorted(generate.public_names()) == dir(wb)
    assert [name for name in generate.public_names() if f"`wb.{name}" not in TEXTS["docs/reference.md"]] == []


@pytest.mark.parametrize("of", ["quotations", "sources", "entities", "sentiment", "entity_sentiment", "readability"])
def test_every_column_of_a_table_of_evidence_is_in_its_docstring(of):
    function = getattr(wb, of)
    columns = function(wb.read(SEED)).columns
    assert [column for column in columns if not re.search(rf"\b{column}\b", function.__doc__)] == []


@pytest.mark.parametrize("of", ["counts", "contributions", "hard_words", "who_on_whom", "lexicon_agreement"])
def test_every_column_of_the_other_tables_is_too(of):
    function = getattr(wb, of)
    document = wb.read(SEED)
    columns = function(wb.sentiment(document) if of == "lexicon_agreement" else document).columns
    written = function.__doc__ + " ".join(wb.COUNTS) * (of == "counts")
    assert [column for column in columns if not re.search(rf"\b{column}\b", written)] == []


def test_every_column_of_the_measures_is_defined():
    defined = {name for line in re.findall(r"^- `(.*)`:", TEXTS["docs/measures.md"], re.M) for name in line.split(", ")}
    assert set(wb.measures(wb.read(SEED)).columns) == defined
