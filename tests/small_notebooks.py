"""Folders of small documents and notebooks for the tests of rendering."""

import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TEXT = "The council of {} met on Monday.\n“We agreed on the budget,” said Anna Berg, the mayor.\nIt was a long day.\n"
COMMAND = [sys.executable, "-c", "import sys; from workbench.cli import main; sys.exit(main())"]
ON_A_DOCUMENT = 'document: str = ""  # the file to read'


def notebook(path: Path, parameters: str, *cells: str) -> Path:
    """A notebook file with a heading, a parameters cell (cell 2) and code cells (from cell 3)."""
    declared = new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="declared")
    code = [new_code_cell(source, id=f"code-{place}") for place, source in enumerate(cells)]
    path.parent.mkdir(exist_ok=True)
    cells = [new_markdown_cell(f"# {path.stem}", id="head"), declared, *code]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def seeds(folder: Path, *names: str) -> Path:
    """A folder of short documents."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(TEXT.format(Path(name).stem.capitalize()), "utf-8")
    return folder


def states(path: Path) -> list[str]:
    """The state of each of an executed notebook's cells: completed, failed or pending."""
    return [cell.metadata.get("state", "completed") for cell in nbformat.read(path, 4).cells]
