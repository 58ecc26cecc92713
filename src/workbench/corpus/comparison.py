"""Two groups of documents compared: measure by measure, in words and names, in whom they quote, and over time."""

import re
from itertools import combinations
from math import comb, erfc, sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.corpus.stored import known, measures_by_part
from workbench.measurement import label, number
from workbench.statistics import Floats, interval, interval_of_mean

KEYS = ["analysis", "measure", "voice"]
COMPARED = [*KEYS, "first", "second", "difference", "low", "high", "effect", "p", "n_first", "n_second"]
FEW = 3  # documents in a group below which an interval or an effect would promise too much
BLOCKS = 1000  # documents beyond so many are resampled in blocks: the interval of 300,000 takes the memory of 1,000
EXACT = 10_000  # ways of dividing the documents that are all tried; with more the normal distribution is close
_DATE = r"((?:19|20)\d\d-[01]\d-[0-3]\d)"


def documents(source: str | Path) -> pd.DataFrame:
    """What is known of each document of a folder, file or measured corpus: a row a document, a column a field.

    `date` is always among the columns (NaT where unknown); it is looked for in the name where no metadata give it.
    """
    table = known(source).pivot(index="document", columns="field", values="value")
    written = table["date"] if "date" in table else pd.Series(index=table.index, dtype="str")
    dated = written.fillna(table.index.to_series().str.extract(_DATE)[0])
    return table.assign(date=pd.to_datetime(dated, errors="coerce", format="ISO8601"))


def groups(documents: pd.DataFrame, by: str = "date", first: str = "", second: str = "") -> pd.Series:
    """The group of each document that is in one: a categorical of two names, the first one first.

    `by` is a column of `documents`, of whose values `first` and `second` name the groups (the two commonest unless
    given); or "date", for those before the day `second` (unless given, the middle one) and those from it on; or "name",
    for those whose names have the regular expression `first` or `second` in them. Raises ValueError for other columns.
    """
    if by == "date":
        dated = documents.date.dropna().sort_values()
        day = pd.Timestamp(second) if second else dated.iloc[len(dated) // 2] if len(dated) else pd.NaT
        names = [f"before {day:%Y-%m-%d}", f"from {day:%Y-%m-%d}"] if len(dated) else ["before", "after"]
        group = dated.lt(day).map({True: names[0], False: names[1]})
    elif by == "name":
        names = [first, second]
        matching = [next((p for p in names if p and re.search(p, name)), None) for name in documents.index]
        group = pd.Series(matching, documents.index)
    elif by in documents:
        names = [first, second] if first and second else [*documents[by].value_counts().index[:2], "", ""][:2]
        group = documents[by]
    else:
        raise ValueError(f"{by}: not known of these documents; there is name, {', '.join(documents)}")
    group = group[group.isin([name for name in names if name])]
    return pd.Series(pd.Categorical(group, names), group.index, name="group")


def figures_by_document(measures: str | Path | pd.DataFrame) -> pd.DataFrame:
    """A row a document, a column (analysis, measure, voice) a figure about the whole of it."""
    parts = []
    for table in measures_by_part(measures):
        whole = table[(table.speaker == "") & ~table.measure.str.endswith("]")]
        parts.append(whole.pivot(index="document", columns=KEYS, values="value"))
    return pd.concat(parts)


def compare(figures: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """A row a figure: its mean over the documents of each group, and the second's minus the first's.

    `low` and `high` bound the difference's 95 % interval from resampling documents. `effect` is Hedges' g: the
    difference in standard deviations of a document, corrected for few documents. With fewer than 3 documents in a
    group they are NaN: nobody knows its spread. `p` is that of a permutation test; `p_adjusted` is corrected for as
    many comparisons as there are rows (Holm 1979).
    """
    rows = []
    for key, column in figures.items():
        both = pd.concat([column.rename("value"), groups], axis=1, join="inner").dropna()
        one, two = (both.value[both.group == name].to_numpy(float) for name in groups.cat.categories)
        if len(one) and len(two):
            means = one.mean(), two.mean(), two.mean() - one.mean()
            few = min(len(one), len(two)) < FEW
            spread = (float("nan"),) * 3 if few else (*_interval(one, two), hedges_g(one, two))
            rows.append((*key, *means, *spread, permutation_p(one, two), len(one), len(two)))
    table = pd.DataFrame(rows, columns=COMPARED)
    return table.assign(p_adjusted=holm(table.p.to_numpy(float)))


def findings(compared: pd.DataFrame, groups: pd.Series) -> str:
    """In a sentence or two: in how many measures the groups differ, and in which most."""
    one, two = groups.cat.categories
    sizes = groups.value_counts()
    sure = compared[compared.p_adjusted < 0.05]
    text = f"{len(compared)} measures were compared between {sizes[one]} articles ({one}) and {sizes[two]} ({two}). "
    if min(sizes) < FEW:
        return text + f"That is too few to say how they differ: {FEW} in each group are the least."
    if sure.empty:
        return text + "None differs by more than chance would have it, corrected for their number."
    rows = largest(sure, 3)
    named = "; ".join(f"{row.label} {number(row.value, row.low, row.high)}" for row in rows.itertuples())
    text += f"{len(sure)} differ by more than chance would have it (p < 0.05, corrected for their number). "
    return text + f"Most, in standard deviations: {named}." * bool(len(rows))


def largest(compared: pd.DataFrame, size: int = 15) -> pd.DataFrame:
    """The `size` measures of the whole text that differ most: label, value (the effect), low, high, unit.

    The interval is that of the difference, in the same standard deviations as the effect.
    """
    whole = compared[compared.voice == "all"].dropna(subset="effect")
    whole = whole.sort_values("effect", key=abs, ascending=False, kind="stable").head(size)
    deviation = whole.difference / whole.effect
    labels = list(map(label, whole.measure))
    bounds = {"low": whole.low / deviation, "high": whole.high / deviation}
    return whole.assign(label=labels, value=whole.effect, **bounds, unit="standard deviations")


def _interval(one: Floats, two: Floats) -> tuple[float, float]:
    first, ones = np.repeat([1.0, 0.0], [len(one), len(two)]), np.concatenate([one, two])
    counts = np.column_stack([ones * first, first, ones * (1 - first), 1 - first])
    if len(counts) > BLOCKS:
        counts = np.array([counts[block::BLOCKS].sum(axis=0) for block in range(BLOCKS)])
    return interval(counts, lambda sums: sums[:, 2] / sums[:, 3] - sums[:, 0] / sums[:, 1])


def hedges_g(one: Floats, two: Floats) -> float:
    """Difference of the means / pooled standard deviation · (1 - 3 / (4 n - 9)); NaN without spread (Hedges 1981)."""
    freedom = len(one) + len(two) - 2
    squares = ((one - one.mean()) ** 2).sum() + ((two - two.mean()) ** 2).sum()
    if freedom < 1 or squares == 0:
        return float("nan")
    return float((two.mean() - one.mean()) / sqrt(squares / freedom) * (1 - 3 / (4 * freedom - 1)))


def permutation_p(one: Floats, two: Floats) -> float:
    """How often documents divided into two such groups by chance differ in their means as much as these, or more.

    All divisions are tried where there are at most 10,000, else their normal approximation is taken.
    """
    pooled, size = np.concatenate([one, two]), len(one)
    observed = abs(one.mean() - two.mean())
    if comb(len(pooled), size) <= EXACT:
        drawn = pooled[np.array(list(combinations(range(len(pooled)), size)))].sum(axis=1)
        differences = np.abs(drawn / size - (pooled.sum() - drawn) / len(two))
        return float((differences >= observed * (1 - 1e-9)).mean())
    deviation = pooled.std(ddof=1) * sqrt(1 / size + 1 / len(two))
    return erfc(observed / deviation / sqrt(2)) if deviation else 1.0


def holm(p: Floats) -> Floats:
    """Each p value corrected for as many tests as there are values: the chance of any false finding stays below it."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    return adjusted


def means(figure: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """A row a group of documents, in order of the groups: group, value (the mean over its documents), low, high, n."""
    grouped = pd.concat([figure.rename("value"), groups.rename("group")], axis=1, join="inner").dropna()
    rows = []
    for group, values in grouped.groupby("group").value:
        bounds = interval_of_mean(values) if len(values) >= FEW else (np.nan, np.nan)
        rows.append((str(group), values.mean(), *bounds, len(values)))
    return pd.DataFrame(rows, columns=["group", "value", "low", "high", "n"])


def over_time(figure: pd.Series, dates: pd.Series) -> pd.DataFrame:
    """The `means` of each day, month or year, as fits the span of `dates`."""
    dated = dates.dropna()
    days = (dated.max() - dated.min()).days if len(dated) else 0
    return means(figure, dated.dt.to_period("D" if days <= 31 else "M" if days <= 731 else "Y"))
