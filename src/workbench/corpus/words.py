"""A word or phrase in any number of documents: each place with its context, and the words that keep it company."""

from collections import Counter
from math import erfc, log, log2, sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.analyses.words import WORD, in_context, matches, occurrences
from workbench.corpus.stored import documents, evidence, folder
from workbench.documents import Document
from workbench.statistics import holm

LINES = ["document", "start", "end", "before", "text", "after", "voice", "speaker"]
NEAR = ["word", "near", "elsewhere", "log_ratio", "g2", "p_adjusted"]


def concordance(
    source: Document | str | Path, phrase: str, regex: bool = False, width: int = 60, text: str | None = None
) -> pd.DataFrame:
    """A row a place where `phrase` stands: document, start, end, before, text, after, voice, speaker.

    `source` is a document, or what `read_all` reads, or a corpus measured with evidence, in whose sentences is looked.
    `phrase` is found in small letters or capitals, as whole words, `*` standing for any ending; the name of an entity
    also where it is mentioned by another one; with `regex` it is a regular expression. `before` and `after` have up to
    `width` characters. `text` names the column of texts where `source` is a table. Raises ValueError for a regular
    expression that is none.

    >>> doc = wb.Document.from_text("Ann Lee met Bo Berg in Oslo. “Striking helps,” she said.")
    >>> wb.concordance(doc, "strik*", width=20)[["before", "text", "after", "voice"]].values.tolist()
    [['Bo Berg in Oslo. “', 'Striking', ' helps,” she said.', 'quotation']]
    """
    if isinstance(source, Document) or not folder(source, "documents").is_dir():
        read = documents(source, text)
        tables = [occurrences(item, phrase, regex, width).assign(document=item.name) for item in read]
    else:
        tables = []
        for row in (row for part in evidence(source) for row in part["sentences"].itertuples()):
            places = matches(row.text, phrase, regex)
            lines = in_context(row.text, places, width).assign(document=row.document)
            spans = {"start": [row.start + start for start, _ in places], "end": [row.start + end for _, end in places]}
            tables.append(lines.assign(voice=row.voice, speaker=row.speaker, **spans))
    found = [table for table in tables if len(table)] or [pd.DataFrame(columns=LINES)]
    return pd.concat(found, ignore_index=True)[LINES]


def collocates(
    source: Document | str | Path,
    phrase: str,
    regex: bool = False,
    span: int = 5,
    least: int = 2,
    text: str | None = None,
) -> pd.DataFrame:
    """A row a word that stands near `phrase` more often than elsewhere, the surest first: columns as `NEAR`.

    `near` counts it among the `span` words on each side in the same paragraph, `elsewhere` outside of them; `log_ratio`
    says how many times as often it stands near (1: twice; none elsewhere is taken as half a one), `g2` (log-likelihood
    ratio) how surely, `p_adjusted` is corrected for the number of words compared. Words that stand near fewer than
    `least` times are left out.

    >>> doc = wb.Document.from_text("The ferry strike began. The ferry strike went on. It was wet in Oslo.")
    >>> wb.collocates(doc, "strike", span=1)[["word", "near"]].values.tolist()
    [['ferry', 2]]
    """
    from nltk.metrics import BigramAssocMeasures  # start-up time

    near, elsewhere = Counter[str](), Counter[str]()
    for line in (line for item in documents(source, text) for line in item.text.split("\n")):
        places, words = matches(line, phrase, regex), [(w.start(), w.group().lower()) for w in WORD.finditer(line)]
        own = {k for k, (at, _) in enumerate(words) for start, end in places if start <= at < end}
        around = {k for mine in own for k in range(mine - span, mine + span + 1)} - own
        for place, (_, word) in enumerate(words):
            if place not in own:
                (near if place in around else elsewhere)[word] += 1
    rows, size, others = [], near.total(), elsewhere.total()
    for word in (word for word, count in near.items() if count >= least):
        here, there = near[word], elsewhere[word]
        ratio = log2(here / size) - log2((there or 0.5) / max(1, others))
        if ratio > 0:  # and by the likelihood ratio of two shares (Dunning 1993)
            surely = BigramAssocMeasures.likelihood_ratio(here, (here + there, size), size + others)
            rows.append((word, here, there, ratio, surely))
    table = pd.DataFrame(rows, columns=NEAR[:-1])
    p = np.array([erfc(sqrt(max(0, value) / 2)) for value in table.g2])
    return table.assign(p_adjusted=holm(p)).sort_values("g2", ascending=False, kind="stable", ignore_index=True)


def typical(source: Document | str | Path, text: str | None = None) -> str:
    """The word, in small letters, that the documents have most above its share of English at large; "" without one.

    Of words that are fewer than one in 10,000 there: others are everywhere.
    """
    from wordfreq import word_frequency, zipf_frequency  # start-up time

    words = (word for item in documents(source, text) for word in WORD.findall(item.text))
    counts = Counter[str](word for word in words if word.islower() and word.isalpha())
    size = counts.total()

    def above(word: str) -> tuple[float, str]:
        return counts[word] * log(counts[word] / size / max(word_frequency(word, "en"), 1e-8)), word

    return max((word for word in counts if zipf_frequency(word, "en") < 5), key=above, default="")
