"""The user's own word lists, counted as measures: by document and voice, with intervals."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from workbench.analyses.quotations import VOICES
from workbench.analyses.words import expression
from workbench.documents import Document, InputError, located
from workbench.measurement.ratios import Row, by_voice, ratios, words, words_by_voice

Lists = Mapping[str, Mapping[str, float] | Iterable[str]]  # of each list, its words, each with its weight or with 1
Fixed = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]  # the same, the longest words first


class ListError(InputError):
    """A word list that is missing or cannot be read; the message names its file and what to do."""


def word_lists(path: str | Path | Lists) -> Mapping[str, Mapping[str, float]]:
    """The lists in a folder or file, by name: a `.txt` has a word or phrase a line (`#` begins a comment); a `.tsv` the
    columns `word`, `weight` and, for several lists in one, `list`. A word may end in `*`, as in LIWC's dictionaries.

    Raises ListError (a ValueError) naming the file that is missing or cannot be used.

    >>> pd.Series(["strike*", "walk out"]).to_csv("conflict.txt", index=False, header=False)
    >>> wb.word_lists("conflict.txt")
    {'conflict': {'strike*': 1.0, 'walk out': 1.0}}
    """
    if isinstance(path, Mapping):
        each = {name: [words] if isinstance(words, str) else words for name, words in path.items()}
        return {n: words if isinstance(words, Mapping) else dict.fromkeys(words, 1.0) for n, words in each.items()}
    path, lists = located(path), dict[str, dict[str, float]]()
    files = sorted([*path.glob("*.txt"), *path.glob("*.tsv")]) if path.is_dir() else [path]
    for file in files:
        if not file.is_file():
            raise ListError(f"{file}: no such file; name a folder of .txt or .tsv files, or one of them")
        try:
            lists |= _read(file)
        except ListError:
            raise
        except ValueError as error:  # not UTF-8, no table, or a weight that is no number
            remedy = "a .txt has a word a line, a .tsv numbers in its column weight, both in UTF-8"
            raise ListError(f"{file}: {error}; {remedy}") from None
    if not lists:
        raise ListError(f"{path}: no word list in it; put .txt files there, a word a line")
    return lists


def _read(file: Path) -> dict[str, dict[str, float]]:
    """The lists in one file."""
    if file.suffix != ".tsv":
        words = (line.partition("#")[0].strip() for line in file.read_text("utf-8-sig").splitlines())
        return {file.stem: dict.fromkeys(filter(None, words), 1.0)}
    table = pd.read_csv(file, sep="\t", comment="#", encoding="utf-8-sig")
    if "word" not in table:
        raise ListError(f"{file}: no column `word`; its first line names the columns word, weight and list")
    table = table.assign(**{k: table.get(k, other) for k, other in {"weight": 1.0, "list": file.stem}.items()})
    groups = table.dropna(subset="word").groupby("list", sort=False)
    return {str(n): dict(zip(rows.word.astype(str), rows.weight.astype(float), strict=True)) for n, rows in groups}


def fixed(lists: str | Path | Lists | None) -> Fixed:
    """The lists in an order of their own, the longest words first, for of two that begin alike the longer counts."""
    known = word_lists(lists) if lists is not None else {}
    return tuple((str(name), tuple(sorted(known[name].items(), key=_longest))) for name in sorted(known))


def _longest(word: tuple[str, float]) -> tuple[int, str]:
    return -len(word[0]), word[0]


def list_rows(document: Document, lists: Fixed, told: bool) -> Iterator[Row]:
    """How much of the document's words are on each of the lists, in all and by voice, if these are `told` apart."""
    labels = [{"analysis": "words", "voice": voice} for voice in ("all", *VOICES) if told or voice == "all"]
    total = words_by_voice(document) if told else [words(document)]
    for name, weights in lists:
        found = [(*at.span(), weights[(at.lastindex or 1) - 1][1]) for at in _finder(weights).finditer(document.text)]
        columns = {"start": int, "end": int, "weight": float}
        spans = pd.DataFrame(found, columns=[*columns]).astype(columns)
        counts = by_voice(document, spans, None, told)
        named = {"measure": f"list_share[{name}]", "unit": "share of words"}
        yield from ratios(counts, total, [named | label for label in labels])
        if any(weight != 1 for _, weight in weights):
            sums = by_voice(document, spans, spans["weight"].to_numpy(), told)
            named = {"measure": f"list_weight[{name}]", "unit": "mean weight"}
            yield from ratios(sums, counts, [named | label for label in labels])


@cache
def _finder(weights: tuple[tuple[str, float], ...]) -> re.Pattern[str]:
    """What finds any of the words, each in a group of its own; of two that begin alike that which comes first."""
    return re.compile("|".join(f"({expression(word)})" for word, _ in weights) or "(?!)", re.IGNORECASE)
