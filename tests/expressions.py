"""The regular expressions that the package compiles, and how it uses each; as a script, a list of them in JSON.

What is compiled from within the package is watched while all rooms are imported, files of every format and export are
read, and what is read is analysed and shown. Expressions in code that this doesn't reach are read from the code.
"""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

METHODS = {"sub", "subn", "match", "search", "fullmatch", "split", "findall", "finditer"}
PACKAGE = "/src/workbench/"


class Expression(NamedTuple):
    """`methods` are those of `re.Pattern` that it is used with; none where it is not seen in use."""

    place: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    methods: set[str]


def expressions() -> list[Expression]:
    """All that the package compiles, found in a process that has not imported it yet."""
    run = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)
    return [
        Expression(place, re.compile(source.encode("latin-1") if is_bytes else source, flags), set(methods))
        for place, source, is_bytes, flags, methods in json.loads(run.stdout.splitlines()[-1])
    ]


class _Watched:
    """A compiled expression that notes which of its methods are asked for."""

    def __init__(self, pattern: re.Pattern[str], methods: set[str]) -> None:
        self._whole, self._methods = pattern, methods

    def __getattr__(self, name: str) -> object:
        self._methods.update({name} & METHODS)
        return getattr(self._whole, name)


Found = dict[tuple[str | bytes, int], tuple[str, set[str]]]


def _watch() -> Found:
    """From now on, what is compiled from within the package: its place and methods."""
    found: Found = {}
    compiled = re._compile  # type: ignore[attr-defined]

    def watched(pattern: object, flags: int) -> object:
        pattern = pattern._whole if isinstance(pattern, _Watched) else pattern
        whole = compiled(pattern, flags)
        caller = sys._getframe(2)
        room = caller.f_code.co_filename.partition(PACKAGE)[2]
        if not room:
            return whole
        return _Watched(whole, found.setdefault(_key(whole), (f"{room}:{caller.f_lineno}", set()))[1])

    re._compile = watched  # type: ignore[attr-defined]
    return found


def _use() -> None:
    """Most of what the package does with texts."""
    from articles import articles
    from damaged_files import MANY, write_corpus
    from documents.exports_of_databases import ARTICLES, PAGES, TEXTS, write_html, write_txt

    import workbench as wb

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder, 40)
        for ending, make in MANY.items():
            (folder / f"many{ending}").write_bytes(make("The river", articles()[0].text.split("\n")))
        for number, export in enumerate(TEXTS.values()):
            write_txt(folder / f"text {number}.txt", export(ARTICLES))
            write_html(folder / f"text {number}.html", export(ARTICLES))
        for number, export in enumerate(PAGES.values()):
            (folder / f"page {number}.html").write_text(export(ARTICLES))
        list(wb.read_all(folder))
    for article in articles()[:6]:
        document = wb.Document.from_text(article.text)
        wb.measures(document)
        wb.sources(document)
        wb.concordance(document, "the")
        wb.show(document)._repr_html_()


def _written(found: Found) -> None:
    """Adds the expressions that stand in the code as they are, and how the code uses those that have names."""
    folder = Path(importlib.import_module("workbench").__path__[0])
    trees = {path.relative_to(folder).as_posix(): ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py")}
    used: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for room, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                used.setdefault(ast.unparse(node.value), set()).add(node.attr)
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("re.compile"):
                names[f"{room}:{node.value.lineno}"] = ast.unparse(node.targets[0])
            elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                method = ast.unparse(node.func).removeprefix("re.")
                if ast.unparse(node.func) == f"re.{method}" and method in METHODS:
                    pattern = re.compile(node.args[0].value, _flags(node))
                    found.setdefault(_key(pattern), (f"{room}:{node.lineno}", {method}))
    for place, methods in found.values():
        if not methods:
            methods |= used.get(names.get(place, ""), set())


def _flags(call: ast.Call) -> int:
    """The flags that a call states."""
    stated = [word.value for word in call.keywords if word.arg == "flags"] or call.args[2:3]
    named = re.findall(r"re\.([A-Z]+)", ast.unparse(stated[0])) if stated else []
    return sum({getattr(re, name).value for name in named})


def _key(pattern: re.Pattern[str]) -> tuple[str | bytes, int]:
    return pattern.pattern, pattern.flags & ~re.U


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent)]
    found = _watch()
    workbench = importlib.import_module("workbench")
    for module in pkgutil.walk_packages(workbench.__path__, "workbench."):
        importlib.import_module(module.name)
    _use()
    _written(found)
    listed = [
        (
            place,
            str(source, "latin-1") if isinstance(source, bytes) else source,
            isinstance(source, bytes),
            flags,
            [*used],
        )
        for (source, flags), (place, used) in found.items()
    ]
    print(json.dumps(listed))
