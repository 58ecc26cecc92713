"""Figures that are ratios of sums over a text's paragraphs or other units, with their intervals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.quotations import VOICES, direct_speech, quotations, voices
from workbench.documents import Document
from workbench.language import paragraphs, per_document
from workbench.statistics import Floats, interval

# Of `interval`, by unit; of others it is their first word.
SCALES = {"share of sentences": "items", "share of quotations": "items", "per 1,000 words": "rate", "words": "rate"}
Row = dict[str, Any]


def ratios(
    tops: Sequence[Floats], bottoms: Sequence[Floats], labels: Sequence[Mapping[str, object]], of: str = "paragraph"
) -> Iterator[Row]:
    """A row for each of `labels`: the sum of its top over that of its bottom, counts a unit, and its interval.

    A rate whose interval reaches beyond what there can be has none. Where all that the top of a share or rate counts is
    in one of several units (`of`) the note says so, and there is an interval only of items that are counted: that of
    anything else would reach from nearly nought to nearly all.
    """
    if not labels:
        return
    counts = np.array([*tops, *bottoms]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        values = counts[:, : len(labels)].sum(axis=0) / counts[:, len(labels) :].sum(axis=0)
    units = (counts[:, len(labels) :] > 0).sum(axis=0)
    scales = [SCALES.get(unit := str(label["unit"]), unit.split()[0]) for label in labels]
    ends = interval(counts, lambda sums: sums[:, : len(labels)] / sums[:, len(labels) :], scales, units)
    single = ((counts[:, : len(labels)] != 0).sum(axis=0) == 1) & (len(counts) > 1)
    beyond = np.array([str(label["unit"]).startswith("per 1,000") for label in labels]) & (ends[1] > 1000)
    alone = single & np.isin(scales, ["share", "rate"])
    bounds = [np.where(beyond | alone, np.nan, end) for end in ends]  # too little to tell
    for label, value, low, high, number, one in zip(labels, values, *bounds, units, single, strict=True):
        note = f"all in one {of}" if one and str(label["unit"]).startswith(("share", "per")) else ""
        yield {"value": value, "low": low, "high": high, "n": number, "note": note, **label}


def words(document: Document, spans: Iterable[tuple[int, int]] | None = None) -> Floats:
    """Words a paragraph, of the whole text or of those inside `spans` (start, end)."""
    begins = _word_starts(document)
    if spans is not None:
        inside = np.zeros(len(document.text) + 1, dtype=bool)
        for start, end in spans:
            inside[start:end] = True
        begins = begins[inside[begins]]
    return starts(document, begins)


@per_document
def words_by_voice(document: Document) -> list[Floats]:
    """Words a paragraph: all, and those of each of `VOICES`."""
    total, spoken = words(document), quotations(document)
    tables = direct_speech(document), spoken[spoken["kind"] != "scare"]
    quoted, others = (words(document, zip(table["start"], table["end"], strict=True)) for table in tables)
    return [total, total - others, others - quoted, quoted]


def by_voice(document: Document, spans: pd.DataFrame, weights: Floats | None = None, told: bool = True) -> list[Floats]:
    """`starts` of all of `spans`, and if they are `told` apart of those in each of `VOICES`."""
    begin = spans["start"].to_numpy(dtype=int)
    weights = np.ones(len(spans)) if weights is None else weights
    voice = voices(document, spans)["voice"].to_numpy(object) if told else None
    kept = [weights, *(weights * (voice == name) for name in VOICES if told)]
    return [starts(document, begin, some) for some in kept]


def starts(document: Document, positions: NDArray[np.int_], weights: Floats | None = None) -> Floats:
    """How many of the positions lie in each paragraph, or the sum of their weights."""
    return np.bincount(paragraph(document, positions), weights, len(_paragraph_ends(document))).astype(float)


def paragraph(document: Document, positions: NDArray[np.int_]) -> NDArray[np.int_]:
    """The number of the paragraph in which each of the positions lies."""
    return np.searchsorted(_paragraph_ends(document), positions, side="right")


@per_document
def _paragraph_ends(document: Document) -> NDArray[np.int_]:
    return np.array([end for _, end in paragraphs(document.text)], dtype=int)


@per_document
def _word_starts(document: Document) -> NDArray[np.int_]:
    return np.array([match.start() for match in re.finditer(r"\w+(?:[-'’.]\w+)*", document.text)], dtype=int)
