"""The wings stand in one direction, each entered through its door, none too large: every import is read and judged."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parent.parent / "src"
WINGS = ["statistics", "documents", "language", "analyses", "measurement", "corpus", "display", "reports"]
LONGEST = 300  # lines of a room

# Which rooms of another analysis the rooms of an analysis may use.
BETWEEN_ANALYSES = {
    "quotations": {"entities.canonical", "entities.tagger"},  # a speaker is a name, and known by its words
    "entities.table": {"quotations"},  # in whose voice a name stands
    "readability": {"quotations"},
    "words": {"quotations", "entities.canonical"},  # in whose voice a phrase stands; a name by its other names
    "sentiment": {"quotations", "entities.canonical", "entities.tagger"},  # towards whom: a target is a name
}
# What a room takes from above all the same, and why.
FROM_ABOVE = {("workbench.reports.warm_process", "workbench"): "it imports as a notebook does"}
# Rooms that others enter directly, and why not through their wing's door.
PAST_THE_DOOR = {
    "workbench.analyses.entities.table": "quotations need names, this needs quotations: one door is a circle",
    "workbench.analyses.entities.canonical": "the same",
    "workbench.analyses.entities.tagger": "the same",
    "workbench.corpus.coding": "notebooks use it by its own name",
    "workbench.corpus.comparison": "the same",
    "workbench.reports.study": "it needs nothing of what renders, and starts at once without",
    "workbench.reports.render": "the warm process, of the same wing, starts sooner without it",
    "workbench.reports.verifying": "the same",
}


class Import(NamedTuple):
    """An import: the room it stands in, the module it names, its line, whether in a function, and with what comment."""

    room: str
    module: str
    line: int
    inside: bool
    comment: str


@cache
def rooms() -> dict[str, Path]:
    """Every module by its dotted name; a package's is its door."""
    paths = sorted((SOURCE / "workbench").rglob("*.py"))
    names = [".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return dict(zip(names, paths, strict=True))


@cache
def shown() -> set[str]:
    """What doors name in `__all__`, also where it has the name of a room: `workbench.measurement.findings`."""
    names = set()
    for door, path in rooms().items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names |= {f"{door}.{name}" for name in ast.literal_eval(node.value)}
    return names


@cache
def imports() -> list[Import]:
    """Every import of every room and of the table of contents."""
    tops = [(name, path) for name, path in rooms().items()]
    return [found for name, path in tops for found in imports_in(name, path.read_text("utf-8"))]


def imports_in(room: str, source: str) -> Iterator[Import]:
    tree, lines = ast.parse(source), source.splitlines()
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    within = {node for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        first = node.lineno
        while lines[first - 2].lstrip().startswith(("import ", "from ")):  # a run of imports shares a comment
            first -= 1
        above = lines[first - 2].strip()
        comment = [above * above.startswith("#"), *lines[first - 1 : node.end_lineno]]
        said = " ".join(line.partition("#")[2].strip() for line in comment if "#" in line)
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            assert node.level == 0, f"{room}, line {node.lineno}: a relative import"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            named = [name if name in rooms() and name not in shown() else str(node.module) for name in named]
        for module in dict.fromkeys(named):
            yield Import(room, module, node.lineno, node in within, said)


def own() -> list[Import]:
    return [found for found in imports() if found.module.partition(".")[0] == "workbench"]


def wing(module: str) -> str:
    """`documents` of `workbench.documents.reading`; "" of what stands on top."""
    name = [*module.split("."), ""][1]
    return name if name in WINGS else ""


def analysis(module: str) -> str:
    """`quotations.table` of `workbench.analyses.quotations.table`."""
    return module.removeprefix("workbench.analyses.")


def test_a_wing_imports_only_wings_before_it():
    order = {name: place for place, name in enumerate([*WINGS, ""])}
    upwards = [found for found in own() if order[wing(found.module)] > order[wing(found.room)]]
    assert [found for found in upwards if (found.room, found.module) not in FROM_ABOVE] == []


def test_one_analysis_uses_of_another_what_the_design_allows():
    wrong = []
    for found in own():
        if wing(found.room) == wing(found.module) == "analyses" and analysis(found.room).count("."):
            here, there = analysis(found.room), analysis(found.module)
            allowed = BETWEEN_ANALYSES.get(here, set()) | BETWEEN_ANALYSES.get(here.partition(".")[0], set())
            if here.partition(".")[0] != there.partition(".")[0] and there not in allowed:
                wrong.append(found)
    assert wrong == []


def test_a_wing_is_entered_through_its_door():
    wrong = []
    for found in own():
        door = ".".join(found.module.split(".")[: 3 if wing(found.module) == "analyses" else 2])
        inside = found.room == door or found.room.startswith(f"{door}.")
        free = found.module in (door, *PAST_THE_DOOR) or wing(found.module) in ("", "display")  # its rooms are all open
        if not inside and not free:
            wrong.append(found)
    assert wrong == []


def test_every_exception_is_needed():
    used = {found.module for found in own()}
    assert set(PAST_THE_DOOR) <= used
    assert set(FROM_ABOVE) <= {(found.room, found.module) for found in own()}


def test_no_import_leads_back():
    graph: dict[str, set[str]] = {name: set() for name in rooms()}
    for found in own():
        if found.module != found.room:
            graph[found.room].add(found.module)
    assert len([*TopologicalSorter(graph).static_order()]) == len(rooms())


def test_an_import_inside_a_function_says_why():
    assert [found for found in imports() if found.inside and not found.comment] == []


@pytest.mark.parametrize("name", rooms())
def test_a_room_is_small_and_says_its_purpose(name):
    source = rooms()[name].read_text("utf-8")
    assert source.count("\n") <= LONGEST
    assert (ast.get_docstring(ast.parse(source)) or "").strip()


def test_a_render_with_nothing_to_do_loads_no_model_and_no_kernel():
    slow = "spacy nltk matplotlib papermill nbclient nbformat ipykernel jupyter_client trafilatura"
    code = f"import sys, workbench.cli, workbench.reports.render; print(*set(sys.modules).intersection({slow.split()}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_packages_of_which_a_part_was_taken_are_whole_for_who_imports_them():
    code = """
import workbench as wb
wb.measures(wb.Document.from_text("A fine day."))
import nltk, nltk.sentiment.vader, spacy.cli
from nltk.collocations import BigramCollocationFinder
assert nltk.data.path and nltk.sentiment.vader.VaderConstants and spacy.cli.info
assert len(spacy.blank("en").tokenizer.rules) > 1000
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_reader_of_imports_sees_what_is_wrong():
    bad = "def f():\n    import os\n\n\ndef g():\n    import re  # start-up time\n    from workbench.cli import main\n"
    found = [*imports_in("workbench.statistics.intervals", bad)]
    assert [(one.module, one.inside, one.comment) for one in found] == [
        ("os", True, ""),
        ("re", True, "start-up time"),
        ("workbench.cli", True, "start-up time"),
    ]
