"""Who is quoted most in a corpus, who and what is named most, and in what tone, with intervals over documents."""

from pathlib import Path

import numpy as np
import pandas as pd

from workbench.analyses.quotations import TURNS
from workbench.corpus.stored import measures_by_part, of_names
from workbench.language import stop_words
from workbench.statistics import FEW, t_quantile, wilson

UNITS = {
    "share_of_voice": "share of an article's quoted and reported words",
    "mention_share": "share of an article's mentions",
    "tone_towards": "mean over articles, -1 to 1",
}
LEADING = ["group", "name", "value", "low", "high", "n", "unit"]


def leading(
    measures: str | Path | pd.DataFrame, of: str, groups: pd.Series | None = None, size: int = 12, least: int = 1
) -> pd.DataFrame:
    """A row a name, largest first, the `size` largest of each group: group, name, value, low, high, n, unit.

    `of` is a measure of single speakers or names: "share_of_voice", "mention_share" or "tone_towards". `value` is its
    mean over the documents of the group (of all, where there are no `groups`), in which an article without the name
    counts as a share of 0, and as no tone; of tones the names are those that most articles have. `low` and `high` bound
    the 95 % interval over documents, for shares Wilson's with the effective number of documents. `n` is how many have
    the name, at least `least`; with fewer than five there is no interval, and no row of tone. Pronouns that an article
    leaves open ("he") and the turns of an interview ("answer") are left out: they are another person in each. A name
    in capitals is the one that others write in small letters. Memory grows with the names, not the documents.
    """
    sums: list[pd.DataFrame] = []
    documents: list[pd.Series] = []
    for table in measures_by_part(measures):
        rows = of_names(table, of).dropna(subset="value")
        names = table.document.drop_duplicates()
        group = pd.Series("all", names) if groups is None else groups.dropna().astype(str).reindex(names).dropna()
        documents.append(group.value_counts())
        rows = rows[~rows.name.isin({*stop_words(), *TURNS.values()})]
        if rows.empty:
            continue
        grouped = rows.assign(squares=rows.value**2, group=rows.document.map(group)).groupby(["group", "name"])
        sums.append(grouped.agg(n=("value", "size"), sum=("value", "sum"), squares=("squares", "sum")))
    if not sums:
        return pd.DataFrame(columns=LEADING)
    found = pd.concat(sums).rename_axis(["group", "name"]).reset_index()
    found = found.assign(name=_small_letters(found.name)).groupby(["group", "name"], as_index=False).sum()
    tone = of == "tone_towards"
    of_group = pd.concat(documents).groupby(level=0).sum()
    number = found.n if tone else found.group.map(of_group).astype(float)
    mean = found["sum"] / number
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(((found.squares - number * mean**2) / (number - 1)).clip(lower=0) / number)
        t = t_quantile(number.to_numpy() - 1)
        ends = (mean - t * error, mean + t * error) if tone else wilson(mean, mean * (1 - mean) / error**2, t)
    none = (found.n < FEW) | (error <= 1e-9)
    low, high = (np.where(none, np.nan, end) for end in ends)
    table = found.assign(value=mean, low=low, high=high, unit=UNITS[of])
    table = table[table.n >= (FEW if tone else least)]
    table = table.sort_values("n" if tone else "value", ascending=False, kind="stable").groupby("group").head(size)
    return table.sort_values(["group", "value"], ascending=[True, False])[LEADING].reset_index(drop=True)


def _small_letters(names: pd.Series) -> pd.Series:
    """The names, of which those in capitals (HADDADIN) are written as others do (Haddadin), where any does."""
    written = {name.lower(): name for name in names if not name.isupper()}
    return names.map(lambda name: written.get(name.lower(), name) if name.isupper() and len(name) > 3 else name)
