"""What an analysis gives for a document, remembered for as long as the document lives."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from workbench.documents import Document, is_document
from workbench.language.model import model_name

Options = ParamSpec("Options")
Result = TypeVar("Result")


def per_document(
    analysis: Callable[Concatenate[Document, Options], Result],
) -> Callable[Concatenate[Document, Options], Result]:
    """Remember `analysis`'s result for as long as its document lives, separately for each language model.

    What it gives with options other than None is not remembered. A table comes out as a copy, the caller's own.
    """
    remembered: WeakKeyDictionary[Document, dict[str, Result]] = WeakKeyDictionary()

    @wraps(analysis)
    def remembering(document: Document, *options: Options.args, **named: Options.kwargs) -> Result:
        is_document(document)
        if any(option is not None for option in (*options, *named.values())):
            return analysis(document, *options, **named)
        results = remembered.setdefault(document, {})
        name = model_name()
        if name not in results:
            results[name] = analysis(document, *options, **named)
        result = results[name]
        return result.copy() if isinstance(result, pd.DataFrame) else result

    remembering.remembered = remembered  # type: ignore[attr-defined]
    return remembering
