"""Who and what a text is about: every mention of a name, counted under one name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from workbench.analyses.entities import tagger
from workbench.analyses.entities.canonical import MENTION_COLUMNS, Aliases, known, mentions
from workbench.analyses.quotations import voices
from workbench.documents import Document, one_of
from workbench.language import paragraphs, parse

if TYPE_CHECKING:  # what needs no parse starts without spaCy
    from spacy.tokens import Span

_SEATS = {"GPE", "FAC", "ORG"}


def entities(document: Document, aliases: Aliases | None = None, numbers: bool = False) -> pd.DataFrame:
    """A row a mention of a name, in order of place.

    Columns: start, end (characters of `document.text`, end exclusive), text, type (spaCy's OntoNotes labels), entity
    (canonical name), voice (narration, reported or quotation), sentence (its number, from 0), demonym (the country or
    region of a people's name, else ""), metonym (the government meant by a capital's name, as in "Moscow denied it",
    else ""; the entity stays the capital).

    `aliases` adds to the names known: {name: canonical name}, or the path of a tab-separated file with columns name,
    entity and, where wanted, type and country. `numbers` adds spaCy's numbers, dates and sums of money.

    >>> doc = wb.Document.from_text("Ann Lee met Bo Berg in Oslo. Lee left Oslo on Monday.")
    >>> wb.entities(doc)[["text", "entity"]].values.tolist()[-2:]
    [['Lee', 'Ann Lee'], ['Oslo', 'Oslo']]
    """
    parsed = parse(document)
    table = mentions(document, aliases)
    if numbers:
        taken = {i for start, end in zip(table["start"], table["end"], strict=True) for i in range(start, end)}
        apart = [e for e in parsed.ents if taken.isdisjoint(range(e.start_char, e.end_char))]
        rows = [(e.start_char, e.end_char, e.text, e.label_, e.text) for e in apart if e.label_ in tagger.NUMBERS]
        table = pd.concat([table, pd.DataFrame(rows, columns=MENTION_COLUMNS)])
        table = table.sort_values("start", ignore_index=True)
    sentences = [sentence.start_char for sentence in parsed.sents]
    listed = known(aliases).values()
    peoples = {alias.entity: alias.country for alias in listed if alias.type == "NORP"}
    capitals = {alias.entity: alias.country for alias in listed if alias.type != "NORP" and alias.country}
    demonyms, metonyms = [], []
    for start, end, _, kind, entity in table.itertuples(index=False):
        demonyms.append(peoples.get(entity, "") if kind == "NORP" else "")
        country = capitals.get(entity) if kind in _SEATS else None
        acts = country and _acts(parsed.char_span(start, end, alignment_mode="expand"), kind)
        metonyms.append(f"Government of {country}" if acts else "")
    return table.assign(
        voice=voices(document, table)["voice"].astype("str"),
        sentence=np.searchsorted(sentences, table["start"].to_numpy(), side="right") - 1,
        demonym=pd.array(demonyms, dtype="str"),
        metonym=pd.array(metonyms, dtype="str"),
    )


def _acts(place: "Span | None", kind: str) -> bool:
    """Whether a place stands where one who acts would: it wants, denies, is asked, has a response."""
    if place is None or (place.text.isupper() and place.start == place.sent.start):  # a dateline
        return False
    words = tagger.lexicon()
    head = place.root
    while head.dep_ == "conj":
        head = head.head
    governor = head.head
    if head.dep_ in {"nsubj", "nsubjpass"}:
        return governor.lemma_ not in words["unmoved"]
    if head.dep_ in {"dobj", "dative"}:
        return governor.lemma_ not in words["visited"]
    if head.dep_ == "pobj":
        return governor.lower_ not in words["where"] or (kind == "ORG" and governor.lower_ == "of")
    return head.dep_ == "poss"


def together(
    document: Document, names: Sequence[str], within: Literal["sentence", "paragraph"] = "sentence"
) -> pd.DataFrame:
    """In how many sentences (or paragraphs) each two of `names` are mentioned: a square table, 0 on its diagonal.

    >>> doc = wb.Document.from_text("Ann Lee met Bo Berg in Oslo. Ann Lee left Oslo.")
    >>> int(wb.together(doc, ["Ann Lee", "Oslo"]).loc["Ann Lee", "Oslo"])
    2
    """
    one_of("unit", within, ["sentence", "paragraph"])
    found = entities(document)
    if isinstance(names, str):
        raise TypeError(f"{names!r} is one name; give several, as in ['Ann Lee', 'Oslo']")
    if within == "paragraph":
        found["paragraph"] = np.searchsorted([end for _, end in paragraphs(document.text)], found.start, side="right")
    mentioned = pd.crosstab(found.entity, found[within]).clip(upper=1).reindex(list(names), fill_value=0)
    shared = mentioned.to_numpy() @ mentioned.to_numpy().T
    np.fill_diagonal(shared, 0)
    return pd.DataFrame(shared, index=list(names), columns=list(names))


def who_on_whom(document: Document) -> pd.DataFrame:
    """A row a speaker (or "narration") and a name in what they say, quoted or reported: speaker, entity, mentions.

    >>> doc = wb.Document.from_text("Ann Lee left. “Oslo is a good town,” said Bo Berg.")
    >>> wb.who_on_whom(doc).values.tolist()
    [['Bo Berg', 'Oslo', 1], ['narration', 'Ann Lee', 1], ['narration', 'Bo Berg', 1]]
    """
    found = entities(document)
    speaker = voices(document, found).speaker.where(found.voice != "narration", "narration").replace("", "(unknown)")
    counted = found.groupby([speaker.rename("speaker"), "entity"]).size().rename("mentions").reset_index()
    return counted.sort_values(["speaker", "mentions"], ascending=[True, False], kind="stable", ignore_index=True)
