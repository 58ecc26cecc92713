"""Words and names that tell one group of documents from another."""

import re
from collections import Counter
from math import erfc, sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.corpus.comparison import holm
from workbench.corpus.stored import measures_by_part, texts

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def keyness(counts: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """A row a word or name, the most telling first: its two counts, log_ratio, g2, p, p_adjusted.

    `counts` has a column a group, `totals` how much they are counts of: words, or documents. `log_ratio` is the binary
    logarithm of the second's share over the first's, a count of 0 taken as 0.5 (Hardie 2014): 1 is twice as often, -1
    half as often. `g2` is the log-likelihood ratio for equal shares (Dunning 1993), with one degree of freedom.
    """
    observed = counts.to_numpy(float)
    total = totals.loc[counts.columns].to_numpy(float)
    share = observed.sum(axis=1, keepdims=True) / max(total.sum(), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        having = np.where(observed > 0, observed * np.log(observed / (share * total)), 0)
        lacking = np.where(observed < total, (total - observed) * np.log((1 - observed / total) / (1 - share)), 0)
        shares = np.log2(np.where(observed > 0, observed, 0.5) / total)
    g2 = 2 * (having + lacking).sum(axis=1).clip(min=0)
    p = np.array([erfc(sqrt(value / 2)) for value in g2])
    table = counts.assign(log_ratio=shares[:, 1] - shares[:, 0], g2=g2, p=p, p_adjusted=holm(p))
    return table.sort_values("g2", ascending=False, kind="stable")


def words(source: str | Path, groups: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """How often the documents of each group have each word (in lower case), and how many words they have in all.

    Words in fewer than two documents are left out, for they tell of a document, not of a group.
    """
    counts = {name: Counter[str]() for name in groups.cat.categories}
    having: Counter[str] = Counter()
    group = groups.to_dict()
    for name, text in texts(source):
        if name in group:
            found = Counter(word.lower() for word in _WORD.findall(text))
            counts[group[name]].update(found)
            having.update(found.keys())
    table = pd.DataFrame(counts).rename_axis("word").fillna(0)
    several = np.array([having[word] > 1 for word in table.index], dtype=bool)
    return table[several], pd.Series({name: c.total() for name, c in counts.items()})


def having(measures: str | Path | pd.DataFrame, groups: pd.Series, of: str) -> tuple[pd.DataFrame, pd.Series]:
    """How many documents of each group have each name, and how many each group has.

    Names of entities with `of` "mention_share", of speakers with "share_of_voice".
    """
    parts = [pd.Series(0, pd.MultiIndex.from_tuples([], names=["name", "group"]))]
    for table in measures_by_part(measures):
        rows = table[table.measure.str.partition("[")[0] == of].join(groups, on="document").dropna(subset="group")
        name = rows.speaker.where(rows.speaker != "", rows.measure.str.slice(len(of) + 1, -1)).rename("name")
        parts.append(rows.groupby([name, rows.group], observed=True).document.nunique())
    counts = pd.concat(parts).groupby(level=[0, 1]).sum().unstack(fill_value=0)
    return counts.reindex(columns=groups.cat.categories, fill_value=0), groups.value_counts()
