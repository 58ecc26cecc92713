"""Numbers about news texts, each with its evidence, its interval and its known validity.

`__init__.pyi` beside this file is the table of contents: a name's room is imported when the name is first used, so
that `import workbench` takes no time.
"""

import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import lazy_loader

__version__ = "0.2.0"
_named, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """A public name, from its room; of another AttributeError says which is nearest."""
    if name in __all__:
        return _named(name)
    near = get_close_matches(name, __all__, 1)
    meant = f"did you mean {near[0]!r}?" if near else "dir(workbench) lists its names"
    raise AttributeError(f"workbench has no {name!r}; {meant}")


def load_ipython_extension(shell: Any) -> None:
    """Show tables of evidence and of figures, which are plain DataFrames, in full and with their intervals."""
    html = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame"):  # where pandas 3 and pandas 2 say that DataFrame is from
        html.for_type_by_name(module, "DataFrame", lambda table: import_module("workbench.display.tables").shown(table))


if _shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
    load_ipython_extension(_shell)
