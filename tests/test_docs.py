"""What is public is documented, and what is documented is so: generated pages, examples, paths, options, columns."""

import os
import re
from pathlib import Path

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
    for name in ("seeds", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_MODEL", os.environ.get("WORKBENCH_MODEL", ""))
    names = {"__name__": "__main__"}
    for number, code in enumerate(blocks(page, "python"), 1):
        exec(compile(code, f"{page}, example {number}", "exec"), names)


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
