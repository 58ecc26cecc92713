"""A notebook as the function that it is: its parameters, each with the type and default that it declares.

papermill's `inspect_notebook` gives the same (a test compares them), but takes two seconds to import, four times what a
render with nothing to do takes in all.
"""

import ast
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from workbench.documents import InputError

SET_BY_RENDER = {"document", "seeds", "reports", "table"}
TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict, "None": type(None)}

STUDY = "go to the folder of your study (`workbench new` makes one), or name that of the notebooks"


class RenderError(InputError):
    """A render that cannot begin; the message says why and what to do."""


class ParameterError(ValueError):
    """A parameter that no notebook declares, or a value of another type than declared."""


@dataclass(frozen=True, eq=False)
class Notebook:
    """A notebook file: its name, its sha256 and its parameters, each with type and default as written."""

    path: Path
    sha256: str
    parameters: Mapping[str, tuple[str, str]]

    @property
    def name(self) -> str:
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> "Notebook":
        """The notebook in the file `path`. Raises InputError where it is not one."""
        raw = path.read_bytes()
        try:
            cells = json.loads(raw)["cells"]
            tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
            source = "".join(tagged[0]["source"]) if tagged else ""
            return cls(path, sha256(raw).hexdigest(), _declared(source))
        except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
            reason = f"{path}: not a notebook ({error}); repair it in JupyterLab or take it away"
            raise InputError(reason) from None

    def typed(self, given: Mapping[str, object]) -> dict[str, object]:
        """Those of the `given` parameters that this notebook declares, as values of their declared types."""
        return {name: self._typed(name, value) for name, value in given.items() if name in self.parameters}

    def reads(self, given: Mapping[str, object]) -> dict[str, str]:
        """The sha256 of each file that one of its parameters names, by path: a report is as old as what it reads."""
        values = {name: _literal(default) for name, (_, default) in self.parameters.items()} | self.typed(given)
        values = {name: value for name, value in values.items() if name not in SET_BY_RENDER}
        named = [value for value in values.values() for value in (value if isinstance(value, list) else [value])]
        found = {}
        for name in named:
            with suppress(OSError, ValueError, TypeError):  # most texts are no path
                found[str(name)] = sha256(Path(str(name)).read_bytes()).hexdigest() if name else ""
        return dict(sorted((name, digest) for name, digest in found.items() if digest))

    def _typed(self, name: str, value: object) -> object:
        declared, default = self.parameters[name]
        allowed = [TYPES[part] for part in re.findall(r"\w+", re.sub(r"\[[^|]*\]", "", declared)) if part in TYPES]
        if isinstance(value, str) and str not in allowed:
            word = {"true": "True", "false": "False", "none": "None", "null": "None"}.get(value.lower(), value)
            value = _literal(word, value)  # it may stay a text, which is then not of the declared type
        if type(value) is int and float in allowed and int not in allowed:
            value = float(value)
        if allowed and type(value) not in allowed:
            how = f""", as in '["{value}"]'""" if list in allowed else ""
            raise ParameterError(f"{self.path}: parameter {name} is {declared} (default {default}){how}, not {value!r}")
        return value


def notebooks_in(folder: Path, parameters: Mapping[str, object]) -> list[Notebook]:
    """The notebooks in `folder`, each able to take those of the parameters that it declares."""
    if not folder.is_dir():
        raise RenderError(f"{folder}: no such folder; {STUDY}")
    found = [Notebook.read(path) for path in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise RenderError(f"{folder}: no notebook in it; put one there, or name another folder")
    declared = sorted({name for notebook in found for name in notebook.parameters} - SET_BY_RENDER)
    for name in parameters:
        if name not in declared:
            near = "".join(f"did you mean {close!r}? " for close in get_close_matches(name, declared, 1))
            raise ParameterError(
                f"no notebook has a parameter {name!r}; {near}there is {', '.join(declared) or 'none'}"
            )
    for notebook in found:
        notebook.typed(parameters)
    return found


def _literal(text: str, otherwise: object = None) -> object:
    with suppress(ValueError, SyntaxError):
        return ast.literal_eval(text)
    return otherwise


def _declared(source: str) -> dict[str, tuple[str, str]]:
    """Name to (type, default) of each assignment in a parameters cell."""
    found = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found[statement.target.id] = ast.unparse(statement.annotation), ast.unparse(statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            value = statement.value
            kind = type(value.value).__name__ if isinstance(value, ast.Constant) else type(value).__name__.lower()
            found[statement.targets[0].id] = kind if kind in TYPES else "", ast.unparse(value)
    return found
