"""Groups of documents compared: measure by measure, and over time."""

import re
from collections.abc import Iterator, Sequence
from math import nan, sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.corpus.stored import known, measures_by_part, of_file
from workbench.documents import InputError, one_of
from workbench.measurement import label, number
from workbench.statistics import FEW, Floats, interval_of_mean, least_p, permutation_test, welch

KEYS = ["analysis", "measure", "voice"]
MIDDLE = ["median_first", "median_second"]
COMPARED = ["group", *KEYS, "first", "second", "difference", "low", "high", "effect", *MIDDLE, "n_first", "n_second"]
COMPARED += ["p", "p_adjusted"]
# One of each kind: more that say the same in other words would cost each other their chance to be found.
ONE_OF_EACH = [
    "flesch_kincaid_grade",
    "valence",
    "quoted_share",
    "reported_share",
    "words_per_quotation",
    "anonymous_share",
    "speakers_in_5_quotations",
    "mentions_per_1000_words",
    "entities_in_10_mentions",
    "concentration",
]
_DATE = r"((?:19|20)\d\d-[01]\d-[0-3]\d)"


def documents(source: str | Path, text: str | None = None) -> pd.DataFrame:
    """What is known of each document of a folder, file or measured corpus: a row a document, a column a field.

    `date` is always among the columns (NaT where unknown); it is looked for in the name where no metadata give it.
    `folder` is the name of the folder that the document is in. `text` names the column of texts of a table.
    """
    table = known(source, text).pivot(index="document", columns="field", values="value")
    own = of_file(table, "source").map(lambda path: Path(path).parent.name, na_action="ignore")
    table["folder"] = table["folder"].fillna(own) if "folder" in table else own
    written = table["date"] if "date" in table else pd.Series(index=table.index, dtype="str")
    dated = written.fillna(table.index.to_series().str.extract(_DATE)[0])
    return table.assign(date=pd.to_datetime(dated, errors="coerce", format="ISO8601"))


def titles(documents: pd.DataFrame) -> pd.Series:
    """What each document is called: its title or name, and where several have the same its outlet, date, name too."""
    called = documents.reindex(columns=["title"]).title.astype(object).fillna(documents.index.to_series()).astype("str")
    called = called.str[:1].str.upper() + called.str[1:]
    date = pd.to_datetime(documents.reindex(columns=["date"]).date).dt.strftime("%Y-%m-%d")
    for more in (documents.reindex(columns=["outlet"]).outlet, date, documents.index.to_series()):
        called = called.mask(called.duplicated(keep=False) & more.notna(), called + ", " + more.astype("str"))
    return called


def groups(documents: pd.DataFrame, by: str = "date", first: str = "", second: str = "") -> pd.Series:
    """The group of each document that is in one: a categorical of two names or more, the first one first.

    `by` is a column of `documents` (among them `folder`), of whose values `first` and `second` name the groups (unless
    given, all that five documents or more have, else the two commonest); or "date", for those before the day `second`
    (unless given, the middle one) and those from it on; or "name", for those whose names have the regular expression
    `first` or `second` in them. Raises InputError (a ValueError) for another column, for what is no
    day or regular expression, and for a value that no document has.
    """
    if by == "date":
        dated = documents.date.dropna().sort_values()
        day = pd.to_datetime(second or None, errors="coerce")
        if second and pd.isna(day):
            raise InputError(f"{second}: no day; give the one on which the second group begins, as in 2024-03-01")
        day = day if second else dated.iloc[len(dated) // 2] if len(dated) else pd.NaT
        names = [f"before {day:%Y-%m-%d}", f"from {day:%Y-%m-%d}"] if len(dated) else ["before", "after"]
        group = dated.lt(day).map({True: names[0], False: names[1]})
    elif by == "name":
        names = [first, second]
        try:
            matching = [next((p for p in names if p and re.search(p, name)), None) for name in documents.index]
        except re.error as error:
            raise InputError(f"{error.pattern!r}: not a regular expression ({error}); correct it") from None
        if unmatched := sorted(set(filter(None, names)) - set(matching)):
            raise InputError(f"{unmatched[0]}: in no document's name; there is {', '.join(documents.index[:20])}")
        group = pd.Series(matching, documents.index)
    elif by in documents:
        group = documents[by]
        counts = group.value_counts()
        for value in filter(None, (first, second)):
            if value not in counts:
                raise InputError(f"{value}: no document has that {by}; there is {', '.join(sorted(counts.index)[:20])}")
        others = [name for name in sorted(counts.index[counts >= FEW]) if name not in (first, second)]
        names = [first, second] if first and second else [*filter(None, (first, second)), *others]
        names = names if len(names) > 1 else [*counts.index[:2]]
    else:
        one_of("column", by, ["name", *documents])
    group = group[group.isin([name for name in names if name])]
    return pd.Series(pd.Categorical(group, names), group.index, name="group")


def figures_by_document(table: str | Path | pd.DataFrame, measures: Sequence[str] = ()) -> pd.DataFrame:
    """A row a document, a column (analysis, measure, voice) a figure about the whole of it.

    `table` is one of measures, or the file or folder of one. `measures` names those wanted, of all voices; by default
    it is one of each kind, of the whole text; ["all"] are all. Raises ValueError for a measure that there is not.
    """
    parts = []
    for part in measures_by_part(table):
        whole = part[(part.speaker == "") & ~part.measure.str.endswith("]")]
        if not measures:
            whole = whole[whole.measure.isin(ONE_OF_EACH) & (whole.voice == "all")]
        elif "all" not in measures:
            for measure in measures if len(whole) else ():
                one_of("measure", measure, whole.measure.unique())
            whole = whole[whole.measure.isin(measures)]
        parts.append(whole.pivot(index="document", columns=KEYS, values="value"))
    return pd.concat(parts)


def against(groups: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Each group that is compared: its name, and of each document whether it is in it rather than in what it is
    compared with. Of two groups the second is compared with the first, of more each with all others."""
    names = list(groups.cat.categories)
    for name in names[1:] if len(names) == 2 else names:
        yield str(name), groups == name


def compare(figures: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """A row a figure and group: its mean over the first group (or the others) and over the second, and the difference.

    Of two groups the second is compared with the first, of more each (`group`) with all others. `low` and `high` bound
    the difference's 95 % interval (Welch 1947). `effect` is Hedges' g: the difference in standard deviations of a
    document, corrected for few documents. With fewer than 5 documents on a side they are NaN: nobody knows its spread.
    `p` is from `statistics.permutation_test`, `p_adjusted` corrected for all rows together (Westfall & Young 1993).
    """
    both = figures.join(groups.rename(("", "", "group")), how="inner").dropna(subset=[("", "", "group")])
    members = pd.DataFrame(dict(against(both.pop(("", "", "group")).astype(groups.dtype))), both.index)
    p, adjusted = permutation_test(both.to_numpy(float), members.to_numpy(bool))
    rows = []
    for place, (name, inside) in enumerate(members.items()):
        for column, (key, values) in enumerate(both.items()):
            one, two = (values[side].dropna().to_numpy(float) for side in (~inside, inside))
            if not (len(one) and len(two)):
                continue
            difference, low, high = welch(one, two)
            effect = hedges_g(one, two) if min(len(one), len(two)) >= FEW else nan
            middle = float(np.median(one)), float(np.median(two))
            figures_ = one.mean(), two.mean(), difference, low, high, effect, *middle, len(one), len(two)
            rows.append((name, *key, *figures_, p[place, column], adjusted[place, column]))
    return pd.DataFrame(rows, columns=COMPARED)


def enough(groups: pd.Series) -> bool:
    """Whether a difference between groups of such sizes, if only it is large, could be told from chance at all."""
    sizes = groups.value_counts(sort=False)
    if len(sizes) < 2 or min(sizes) < 2:
        return False
    return bool(least_p(np.column_stack([*dict(against(groups)).values()])) < 0.05)


def findings(compared: pd.DataFrame, groups: pd.Series) -> str:
    """In a sentence or two: in how many measures the groups differ, and in which most."""
    sizes = groups.value_counts(sort=False)
    if len(sizes) < 2:
        return "There are no two groups to compare: name two values that the documents have."
    named = [f"{size} articles ({name})" for name, size in sizes.items()]
    between = f"{', '.join(named[:-1])} and {named[-1]}"
    if len(named) > 4:
        least, most = min(sizes), max(sizes)
        between = f"{len(named)} groups of {f'{least} to {most} articles' if least < most else f'{most} articles each'}"
    text = f"{compared.measure.nunique()} measures were compared between {between}. "
    if not enough(groups):
        return text + "With so few articles no difference, however large, could be told from chance."
    sure = compared[compared.p_adjusted < 0.05]
    if sure.empty:
        few = f" With fewer than {FEW} in a group only very large ones would be found." * (min(sizes) < FEW)
        return text + "None differs by more than chance would have it, corrected for their number." + few
    rows = largest(compared, min(3, len(sure)))
    are = "difference is" if len(sure) == 1 else "differences are"
    text += f"{len(sure)} {are} larger than chance would have it (p < 0.05, corrected for their number). "
    said = "; ".join(f"{row.label[:-2]} {number(row.value, row.low, row.high)}" for row in rows.itertuples())
    return text + f"The largest, in standard deviations: {said}." * bool(len(rows))


def largest(compared: pd.DataFrame, size: int = 15) -> pd.DataFrame:
    """The `size` measures that differ most, those that hold after correction first: label, value (effect), low, high.

    The interval is that of the difference, in the same standard deviations as the effect; the label of what holds ends
    with a star. None where nothing holds: the largest of what may be nothing say nothing.
    """
    shown = compared.dropna(subset="effect")
    holds = shown.p_adjusted < 0.05
    shown = shown.assign(holds=holds, size=shown.effect.abs()).sort_values(
        ["holds", "size"], ascending=False, kind="stable"
    )
    shown = shown.head(size if holds.any() else 0)
    deviation = shown.difference / shown.effect
    several = compared.group.nunique() > 1
    labels = [
        f"{label(row.measure)}{f', {row.voice}' * (row.voice != 'all')}{f', {row.group}' * several}{' *' * row.holds}"
        for row in shown.itertuples()
    ]
    bounds = {"low": shown.low / deviation, "high": shown.high / deviation}
    return shown.assign(label=labels, value=shown.effect, **bounds, unit="standard deviations", voice="all")


def p_written(p: float) -> str:
    """A p value as it is reported: three digits, `< 0.001` below, "–" where there is none."""
    return "–" if np.isnan(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def with_p_written(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its p values as they are reported."""
    return table.assign(p=table.p.map(p_written), p_adjusted=table.p_adjusted.map(p_written))


def without_copies(groups: pd.Series, copies: pd.DataFrame) -> pd.Series:
    """The groups without near copies (as `wb.duplicates` has them) of an earlier document in the same group."""
    group = groups.to_dict()
    pairs = zip(copies.document, copies.duplicate, strict=True)
    again = {copy for first, copy in pairs if copy in group and group.get(first) == group[copy]}
    return groups[~groups.index.isin(again)]


def hedges_g(one: Floats, two: Floats) -> float:
    """Difference of the means / pooled standard deviation · (1 - 3 / (4 n - 9)); NaN without spread (Hedges 1981)."""
    freedom = len(one) + len(two) - 2
    squares = ((one - one.mean()) ** 2).sum() + ((two - two.mean()) ** 2).sum()
    if freedom < 1 or squares == 0:
        return nan
    return float((two.mean() - one.mean()) / sqrt(squares / freedom) * (1 - 3 / (4 * freedom - 1)))


def means(figure: pd.Series, groups: pd.Series, scale: str = "mean") -> pd.DataFrame:
    """A row a group of documents, in order of the groups: group, value (the mean over its documents), low, high, n.

    `scale` is "share" for what cannot be below 0 or above 1.
    """
    grouped = pd.concat([figure.rename("value"), groups.rename("group")], axis=1, join="inner").dropna()
    rows = []
    for group, values in grouped.groupby("group").value:
        rows.append((str(group), values.mean(), *interval_of_mean(values, scale), len(values)))
    return pd.DataFrame(rows, columns=["group", "value", "low", "high", "n"])


def periods(dates: pd.Series) -> pd.Series:
    """The day, month or year of each of `dates`, as fits their span; those without a date are left out.

    It is the shortest of these that has five or more for at least half of them, where there is one.
    """
    dated = dates.dropna()
    days = (dated.max() - dated.min()).days if len(dated) else 0
    fitting = [dated.dt.to_period(unit) for unit, most in {"D": 31, "M": 731, "Y": days}.items() if days <= most]
    filled = (each for each in fitting if (each.map(each.value_counts()) >= FEW).mean() >= 0.5)
    return next(filled, fitting[0])


def over_time(figure: pd.Series, dates: pd.Series) -> pd.DataFrame:
    """The `means` of each of the `periods`."""
    return means(figure, periods(dates))
