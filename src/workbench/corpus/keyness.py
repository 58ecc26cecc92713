"""Words, names and speakers that tell one group of documents from another."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.corpus.comparison import against, with_p_written
from workbench.corpus.stored import documents, measures_by_part, of_names
from workbench.documents import Document
from workbench.language import stop_words
from workbench.statistics import FEW, fisher, holm, permutation_test

LARGEST = 1000  # documents of a group whose words are counted; of more every second, every third …
TABLE = ["group", "first", "second", "log_ratio", "documents", "p", "p_adjusted"]
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def words(source: str | Path, groups: pd.Series, text: str | None = None) -> pd.DataFrame:
    """How often each document has each word: a row a document, a column a word, per 1,000 words.

    In lower case, except what stands in capitals in a line that is not all so: "US" is not "us". Only words that five
    documents have, for those of fewer tell of a document, not of a group; at most 1,000 documents of a group are read.
    `text` names the column of texts where `source` is a table.
    """
    return rates(documents(source, text), groups)


def rates(documents: Iterable[Document], groups: pd.Series) -> pd.DataFrame:
    """`words` of documents that are given."""
    chosen: dict[object, Counter[str]] = {}
    for _, group in groups.groupby(groups, observed=True):
        chosen |= {name: Counter() for name in sorted(group.index)[:: -(-len(group) // LARGEST)]}
    for document in documents:
        if document.name in chosen:
            for line in document.text.splitlines():
                capitals = not line.isupper()
                found = _WORD.findall(line)
                chosen[document.name].update(w if capitals and len(w) > 1 and w.isupper() else w.lower() for w in found)
    having = Counter(word for counts in chosen.values() for word in counts)
    kept = {word: place for place, word in enumerate(sorted(w for w, number in having.items() if number >= FEW))}
    table = np.zeros((len(chosen), len(kept)))
    for row, counts in enumerate(chosen.values()):
        for word in counts.keys() & kept.keys():
            table[row, kept[word]] = 1000 * counts[word] / counts.total()
    return pd.DataFrame(table, pd.Index(chosen, name="document"), pd.Index(kept, name="word"))


def keyness(rates: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """A row a word and group, what is sure and large first: group, first, second, log_ratio, documents, p, p_adjusted,
    function_word.

    `first` and `second` are mean rates over the documents on either side (as `comparison.compare` has them),
    `log_ratio` the binary logarithm of the second over the first: 1 is twice as often. Words come in bursts, so
    that documents are the units: `statistics.permutation_test` on square roots of the rates, which bursts sway less,
    corrected for all words together.
    """
    members = pd.DataFrame(dict(against(groups.reindex(rates.index)))).to_numpy(bool)
    names = [name for name, _ in against(groups)]
    p, adjusted = permutation_test(np.sqrt(rates.to_numpy()), members)
    least = 0.5 / max(1, len(rates))  # a rate of nought is taken as half an occurrence in a document of 1,000 words
    rows = []
    for place, name in enumerate(names):
        one, two = (rates[side].mean().to_numpy() for side in (~members[:, place], members[:, place]))
        ratio = np.log2(np.maximum(two, least) / np.maximum(one, least))
        having = (rates > 0).sum().to_numpy()
        found = [name, one, two, ratio, having, p[place], adjusted[place]]
        rows.append(pd.DataFrame(dict(zip(TABLE, found, strict=True)), rates.columns))
    table = _sorted(pd.concat(rows) if rows else pd.DataFrame(columns=TABLE))
    return table.assign(function_word=table.index.isin(stop_words()))


def having(measures: str | Path | pd.DataFrame, groups: pd.Series, of: str) -> tuple[pd.DataFrame, pd.Series]:
    """How many documents of each group have each name, and how many each group has.

    Names of entities with `of` "mention_share", of speakers with "share_of_voice".
    """
    parts = [pd.Series(0, pd.MultiIndex.from_tuples([], names=["name", "group"]))]
    for table in measures_by_part(measures):
        rows = of_names(table, of).join(groups, on="document").dropna(subset="group")
        parts.append(rows.groupby(["name", "group"], observed=True).document.nunique())
    counts = pd.concat(parts).groupby(level=[0, 1]).sum().unstack(fill_value=0)
    return counts.reindex(columns=groups.cat.categories, fill_value=0), groups.value_counts()


def documents_having(counts: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """A row a name and group, what is sure and large first: the columns of `keyness`, from the tables of `having`.

    `first` and `second` are shares of the documents on either side; a count of 0 is taken as 0.5 in `log_ratio` (Hardie
    2014). `p` is from Fisher's exact test, `p_adjusted` corrected for all rows (Holm 1979).
    """
    rows = []
    total, names = counts.sum(axis=1), list(counts.columns)
    for name in names[1:] if len(names) == 2 else names:
        numbers = np.column_stack([total - counts[name], counts[name]])
        of = int(sizes.sum() - sizes[name]), int(sizes[name])
        one, two = (numbers / np.maximum(of, 1)).T
        either = np.where(numbers > 0, numbers, 0.5) / np.maximum(of, 1)
        ratio, p = np.log2(either[:, 1] / either[:, 0]), fisher(numbers, of)
        rows.append(pd.DataFrame(dict(zip(TABLE[:-1], [name, one, two, ratio, total, p], strict=True)), counts.index))
    table = pd.concat(rows) if rows else pd.DataFrame(columns=TABLE[:-1])
    return _sorted(table.assign(p_adjusted=holm(table.p.to_numpy(float))))


def telling(table: pd.DataFrame) -> pd.DataFrame:
    """Those rows of `keyness` or `documents_having` that hold by more than chance, as a page writes them."""
    return with_p_written(table[table.p_adjusted < 0.05]).drop(columns="p").reset_index()


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """What holds after correction by the size of its effect, then the others by their p."""
    sure = (table.p_adjusted < 0.05).to_numpy()
    size = np.where(sure, table.log_ratio.abs(), -table.p)
    return table.iloc[np.lexsort([-size, ~sure])]
