"""A notebook's parameters, beside papermill's reading of them."""

from pathlib import Path

import pytest
from papermill import inspect_notebook

from workbench.reports.parameters import Notebook

NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_parameters_types_and_defaults_are_those_that_papermill_finds(path):
    theirs = inspect_notebook(str(path))
    ours = Notebook.read(path).parameters
    assert list(ours) == list(theirs)
    assert [kind for kind, _ in ours.values()] == [found["inferred_type_name"] for found in theirs.values()]
    assert [default.replace("'", '"') for _, default in ours.values()] == [one["default"] for one in theirs.values()]
