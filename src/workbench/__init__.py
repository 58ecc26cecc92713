"""Numbers about news texts, each with its evidence, its interval and its known validity."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.corpus import measure_all, measure_corpus
    from workbench.difficulty import contributions, hard_words
    from workbench.documents import Document, DocumentError, read, read_all
    from workbench.duplicates import duplicates
    from workbench.entities import concordance, entities, together, who_on_whom
    from workbench.explorer import explore
    from workbench.findings import findings
    from workbench.measures import measures
    from workbench.overview import overview
    from workbench.quotations import quotations, sources
    from workbench.readability import COUNTS, counts, readability
    from workbench.reader import left_out, masthead, show, speakers, validity
    from workbench.reports import render
    from workbench.sentiment import entity_sentiment, lexicon_agreement, sentiment
    from workbench.tables import folded

_ROOMS = {
    "corpus": ["measure_all", "measure_corpus"],
    "difficulty": ["contributions", "hard_words"],
    "documents": ["Document", "DocumentError", "read", "read_all"],
    "duplicates": ["duplicates"],
    "entities": ["concordance", "entities", "together", "who_on_whom"],
    "explorer": ["explore"],
    "findings": ["findings"],
    "measures": ["measures"],
    "overview": ["overview"],
    "quotations": ["quotations", "sources"],
    "readability": ["COUNTS", "counts", "readability"],
    "reader": ["left_out", "masthead", "show", "speakers", "validity"],
    "reports": ["render"],
    "sentiment": ["entity_sentiment", "lexicon_agreement", "sentiment"],
    "tables": ["folded"],
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = [
    "COUNTS",
    "Document",
    "DocumentError",
    "concordance",
    "contributions",
    "counts",
    "duplicates",
    "entities",
    "entity_sentiment",
    "explore",
    "findings",
    "folded",
    "hard_words",
    "left_out",
    "lexicon_agreement",
    "masthead",
    "measure_all",
    "measure_corpus",
    "measures",
    "overview",
    "quotations",
    "read",
    "read_all",
    "readability",
    "render",
    "sentiment",
    "show",
    "sources",
    "speakers",
    "together",
    "validity",
    "who_on_whom",
]


def __getattr__(name: str) -> object:
    """Import a public name's room when it is first used, so that `import workbench` stays quick."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"workbench.{_ROOM_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Importing the room `workbench.sentiment` must not hide the function of that name.
        if not (name in _ROOM_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def load_ipython_extension(shell: Any) -> None:
    """Show tables of evidence and of figures, which are plain DataFrames, in full and with their intervals."""
    html = shell.display_formatter.formatters["text/html"]
    for module in ("pandas", "pandas.core.frame"):  # where pandas 3 and pandas 2 say that DataFrame is from
        html.for_type_by_name(module, "DataFrame", lambda table: import_module("workbench.tables").shown(table))


if _shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
    load_ipython_extension(_shell)
