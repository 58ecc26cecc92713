"""The pages of docs/ that are made from the package itself; `python -m docs.generate` makes them anew."""

import argparse
import ast
import csv
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path

from papermill import inspect_notebook

import workbench
from workbench.cli import command_line
from workbench.measurement import dictionary

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "workbench"


def pages() -> dict[str, str]:
    """What each generated page should hold now, by its path from the root."""
    with (PACKAGE / "measurement" / "validity.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return {
        "docs/measures.md": between("docs/measures.md", "measures", dictionary()),
        "docs/reference.md": "\n".join(reference()),
        "docs/validity.md": between("docs/validity.md", "validity", by_analysis(columns, rows)),
        "README.md": between("README.md", "validity", decisive(columns, rows)),
    }


def parts(page: str, name: str) -> tuple[str, str, str]:
    """The page up to the mark `name`, what stands between it and the closing mark, and the rest."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, rest = (ROOT / page).read_text("utf-8").split(start)
    made, after = rest.split(end)
    return before + start, made, end + after


def between(page: str, name: str, content: str) -> str:
    """The page with `content` between its two marks."""
    before, _, after = parts(page, name)
    return before + content + after


def table(rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown, its heads the first row."""
    heads, *lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in [heads, ["---"] * len(heads), *lines])


def by_analysis(columns: list[str], rows: list[list[str]]) -> str:
    """All rows of the validity table, under a heading for each analysis."""
    names = sorted({row[0] for row in rows})
    tables = (table([columns[1:], *(row[1:] for row in rows if row[0] == name)]) for name in names)
    return "".join(f"\n## {name.capitalize()}\n\n{made}" for name, made in zip(names, tables, strict=True)) + "\n"


def decisive(columns: list[str], rows: list[list[str]]) -> str:
    """README's selection as it is now: the rows that it shows are chosen there, by analysis, measure and set.

    Raises LookupError where one is no longer measured, so that it does not vanish without a word.
    """
    shown = parts("README.md", "validity")[1].splitlines()[2:]
    chosen = [[cell.strip() for cell in line.strip("|").split("|")][:3] for line in shown]
    if gone := [key for key in chosen if key not in [row[:3] for row in rows]]:
        raise LookupError(f"README.md shows {gone[0]}, which validity.csv has no longer; choose another row there")
    return table([columns, *(row for key in chosen for row in rows if row[:3] == key)])


def reference() -> Iterator[str]:
    """Every public name with its docstring, every command with its options, every notebook with its parameters."""
    yield "# Reference\n\nMade by `make docs` from docstrings, the command line and the notebooks.\n\n## Functions\n"
    for name in public_names():
        thing = getattr(workbench, name)
        yield f"### `wb.{name}{signature(thing)}`\n"
        yield described(thing)
        for method in members(thing):
            yield f"#### `wb.{name}.{method}{signature(getattr(thing, method))}`\n"
            yield described(getattr(thing, method))
    yield "## Command line\n"
    for name, command in commands().items():
        yield f"### `workbench {name}`\n"
        options = [a for a in command._actions if not isinstance(a, argparse._HelpAction)]
        rows = [(f"`{' '.join(a.option_strings) or a.dest}`", (a.help or "") % vars(a)) for a in options]
        yield table([("option", "what it does"), *rows]) if rows else "No options.\n"
    yield "## Notebooks\n"
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        found = inspect_notebook(str(path)).values()
        yield f"### `{path.name}`\n"
        rows = [(f"`{p['name']}`", p["inferred_type_name"], f"`{p['default']}`", p["help"]) for p in found]
        yield table([("parameter", "type", "default", "what it is"), *rows])


def public_names() -> list[str]:
    """The names that the package's table of contents has, in its order."""
    imports = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8")).body
    return [name.name for line in imports if isinstance(line, ast.ImportFrom) for name in line.names]


def commands() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    choices = next(a.choices for a in command_line()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(choices)


def members(thing: object) -> list[str]:
    """A class's own public methods."""
    own = vars(thing) if isinstance(thing, type) else {}
    return [name for name in own if not name.startswith("_") and callable(getattr(thing, name))]


def signature(thing: object) -> str:
    """The names of a function's arguments and what they are unless given."""
    if not callable(thing) or (isinstance(thing, type) and issubclass(thing, Exception)):
        return ""
    bare = [p.replace(annotation=p.empty) for p in inspect.signature(thing).parameters.values()]
    written = str(inspect.Signature(bare))
    return written if len(written) < 200 else "(…)"


def described(thing: object) -> str:
    """A docstring as Markdown, its examples as code."""
    blocks = (inspect.getdoc(thing) or "").split("\n\n") if callable(thing) else [f"A constant: `{thing!r}`."]
    return "".join(f"```pycon\n{block}\n```\n\n" if block.startswith(">>>") else f"{block}\n\n" for block in blocks)


def write() -> None:
    """Make the pages anew."""
    for page, content in pages().items():
        (ROOT / page).write_text(content, "utf-8")


if __name__ == "__main__":
    write()
