"""Who and what a text is about: every mention of a name, counted under one name."""

from collections.abc import Sequence
from itertools import combinations

import pandas as pd
from spacy.tokens import Doc

from workbench import names, tagger
from workbench.documents import Document
from workbench.language import parse
from workbench.quotations import voices

ENTITY_COLUMNS = [*names.MENTION_COLUMNS, "voice", "sentence", "demonym", "metonym"]


def entities(document: Document, aliases: names.Aliases | None = None, numbers: bool = False) -> pd.DataFrame:
    """A row a mention of a name, in order of place.

    Columns: start, end (characters of `document.text`, end exclusive), text, type (spaCy's OntoNotes labels), entity
    (canonical name), voice ("narration" or "quotation"), sentence (its number, from 0), demonym (the country or region
    of a people's name, else ""), metonym (the government meant by a capital's name, as in "Moscow denied it", else "";
    the entity stays the capital).

    `aliases` adds to the names known: {name: canonical name}, or the path of a tab-separated file with columns name,
    entity and, where wanted, type and country. `numbers` adds spaCy's numbers, dates and sums of money.
    """
    parsed = parse(document)
    table = names.mentions(document, aliases)
    if numbers:
        found = [(e.start_char, e.end_char, e.text, e.label_, e.text) for e in parsed.ents]
        extra = pd.DataFrame([row for row in found if row[3] in tagger.NUMBERS], columns=names.MENTION_COLUMNS)
        table = pd.concat([table, extra]).sort_values(["start", "end"], ignore_index=True)
    table["voice"] = voices(document, table)["voice"].astype("str")
    sentences = [sentence.start_char for sentence in parsed.sents]
    table["sentence"] = pd.Index(sentences).searchsorted(table["start"], side="right") - 1
    known = names.known(aliases)
    countries = {alias.entity: alias.country for alias in known.values() if alias.type == "NORP"}
    peoples = table["type"] == "NORP"
    table["demonym"] = table["entity"].map(countries).where(peoples, "").fillna("").astype("str")
    governments = [
        known[row.text].country if row.text in known and row.type != "NORP" and _acts(parsed, row) else ""
        for row in table.itertuples()
    ]
    table["metonym"] = pd.Series([f"Government of {c}" if c else "" for c in governments], table.index, "str")
    return table[ENTITY_COLUMNS]


def _acts(parsed: Doc, row: tuple) -> bool:
    """Whether a place stands where one who acts would: wants, denies, is asked, or has a response of its own."""
    span = parsed.char_span(row.start, row.end, alignment_mode="expand")
    head = span.root
    while head.dep_ == "conj":
        head = head.head
    governor = head.head
    if head.dep_ in {"nsubj", "nsubjpass"}:
        return governor.lemma_ not in tagger.lexicon()["unmoved"]
    if head.dep_ in {"dobj", "dative"}:
        return governor.lemma_ not in tagger.lexicon()["visited"]
    if head.dep_ == "pobj":
        return governor.lower_ not in tagger.lexicon()["where"]
    return head.dep_ == "poss"


def together(document: Document, names: Sequence[str]) -> pd.DataFrame:
    """In how many sentences each two of `names` are mentioned together: a square table, 0 on its diagonal."""
    table = pd.DataFrame(0, index=list(names), columns=list(names))
    found = entities(document)
    for sentence in parse(document).sents:
        here = found.entity[(found.start >= sentence.start_char) & (found.start < sentence.end_char)]
        for one, other in combinations(sorted(set(here) & set(names)), 2):
            table.loc[one, other] += 1
            table.loc[other, one] += 1
    return table


def concordance(document: Document, name: str, width: int = 60) -> pd.DataFrame:
    """A row a mention of the entity `name`: up to `width` characters before it, the mention, and as many after it."""
    text = document.text.replace("\n", " ")
    found = entities(document).query("entity == @name")
    rows = [
        (text[max(0, s - width) : s], text[s:e], text[e : e + width])
        for s, e in zip(found.start, found.end, strict=True)
    ]
    return pd.DataFrame(rows, columns=["before", "mention", "after"])
