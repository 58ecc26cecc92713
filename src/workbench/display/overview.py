"""All documents on one page: a table to sort, who is unlike the others, and means by outlet and over time."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from workbench.corpus import comparison, measures_by_part
from workbench.display.chart import spark
from workbench.display.tables import DEFINITIONS, Html, prose, scrolling
from workbench.measurement import label, number, numbers, of_few

MEASURES = {
    "flesch_kincaid_grade": "grade",
    "valence": "tone",
    "quoted_share": "quoted",
    "speakers": "speakers",
    "distinct_entities": "names",
}
KNOWN = ["outlet", "date"]
LISTED = 1000  # documents in the table: a page of more is no use to anybody
NAMED = 5  # outlying documents that are named, of each measure
PAGES = {
    "readability": "readability",
    "sentiment": "sentiment",
    "quote_density": "quotations",
    "entity_frequency": "entities",
}


def figures_shown(measures: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Those rows of a table of measures, or of a corpus of any size, that an overview is made from."""
    whole = []
    for part in measures_by_part(measures):
        shown = part.measure.isin(MEASURES) | part.measure.str.startswith("gender_share[")
        whole.append(part[(part.voice == "all") & (part.speaker == "") & shown])
    return pd.concat(whole, ignore_index=True)


def overview(measures: str | Path | pd.DataFrame, reports: str = "", known: pd.DataFrame | None = None) -> Html:
    """A row a document: its main figures with their intervals, sortable, and links to its reports in `reports`.

    `measures` is a table of them or the corpus that `measure_corpus` has written; `known` (of `comparison.documents`)
    has titles, outlets and dates; links lead to those reports that are there. Of more than 1,000 documents the first
    ones are listed; who is unlike the others is said of all.

    >>> table, _ = wb.measure_all("seeds/2024-03-14_harbour-city-news_ferry-strike.txt")
    >>> "1 document" in wb.overview(table)
    True
    """
    table = figures_shown(measures)
    folders = table.attrs.get("folders", {})  # of reports, where a document's name is unfit for one
    table = table[table.measure.isin(MEASURES)]
    listed = sorted(set(table.document))[:LISTED]
    found = table[table.document.isin(listed)]
    values = found.pivot(index="document", columns="measure", values="value")
    values = values.reindex(columns=[*MEASURES])
    about = _about(values.index, known)
    keys = {"document": about.title, **{name: about[name] for name in KNOWN if about[name].any()}}
    ranks = pd.DataFrame({name: key.rank(method="first") for name, key in keys.items()})
    orders = ranks.join(values.rank(ascending=False, method="first", na_option="bottom")).astype(int)
    ends = found.assign(low=found[["low", "value"]].min(axis=1), high=found[["high", "value"]].max(axis=1))
    limits = ends.groupby("measure").agg({"low": "min", "high": "max"})
    found = found.assign(written=numbers(found))
    rows, described = [], {row.Index: row for row in about.itertuples()}
    figures = {(figure.document, figure.measure): figure for figure in found.itertuples()}
    # in the order of the first switch, which needs none of its own
    for name, *places in orders.loc[orders.document.sort_values().index].itertuples(name=None):
        row = described[name]
        cells = "".join(_cell(figures.get((name, measure)), text, limits) for measure, text in MEASURES.items())
        made = {f"{folders.get(name, name)}/{page}.html": text for page, text in PAGES.items() if reports}
        links = [f'<a href="{quote(to)}">{text}</a>' for to, text in made.items() if Path(reports, to).exists()]
        below = [escape(" · ".join(filter(None, (getattr(row, key) for key in KNOWN)))), " ".join(links)]
        lines = "".join(f'<div class="wb-links">{line}</div>' for line in below if line)
        placed = "".join(f"--by{key}:{place};" for key, place in enumerate(places) if key)
        title = f'<th scope="row" role="rowheader">{escape(row.title)}{lines}</th>'
        rows.append(f'<tr role="row" style="{placed}">{title}{cells}</tr>')
    terms = {text: f'<a href="{DEFINITIONS}#{measure}">{text}</a>' for measure, text in MEASURES.items() if reports}
    columns = (terms.get(text, text) for text in ["document", *MEASURES.values()])
    head = "".join(f'<th scope="col" role="columnheader">{text}</th>' for text in columns)
    switches = "".join(
        f'<label><input type="radio" name="by" class="wb-by{key}"{" checked" * (key == 0)}> {text}</label>'
        for key, text in enumerate([*keys, *MEASURES.values()])
    )
    body = (
        f'<table class="wb-table" role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )
    documents = table.document.nunique()
    count = f"{number(documents)} document{'s' * (documents != 1)}"
    count += f", the first {number(len(rows))} of them listed" * (len(rows) < documents)
    outlets, dates = ({*about[name]} - {""} for name in KNOWN)
    said = [count, f"{number(len(outlets))} outlet{'s' * (len(outlets) != 1)}" if outlets else ""]
    said.append(" to ".join(dict.fromkeys([min(dates), max(dates)])) if dates else "")
    return Html(
        f'<section class="wb-folded wb-overview"><p class="wb-source">{escape(" · ".join(filter(None, said)))}</p>'
        f'<fieldset class="wb-switches"><legend>Sort by</legend>{switches}'
        f"</fieldset>{scrolling(body, count)}{_unlike(table, known)}</section>"
    )


def by_group(table: pd.DataFrame, known: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean grade, tone and quoted share of the documents of each outlet, or day, month or year (`by` "date").

    A row a group and measure: group (with its number of documents), value, low, high (95 %), n, measure, unit, and
    whether it `holds`: it differs from that of the other groups by more than chance.
    """
    tables = []
    part = comparison.periods(known.date) if by == "date" else known.get(by, pd.Series(dtype="str")).dropna()
    holds = _holding(table[table.measure.isin(list(MEASURES)[:3])], part.astype(str))
    for measure in list(MEASURES)[:3]:
        rows = table[table.measure == measure]
        scale = "share" if rows.unit.str.startswith("share").any() else "mean"
        means = comparison.means(rows.set_index("document").value, part, scale)
        marked = [(group, measure) in holds for group in means.group]
        tables.append(means.assign(measure=measure, unit=rows.unit.max() if len(rows) else "", holds=marked))
    groups = pd.concat(tables, ignore_index=True)
    documents = groups.groupby("group").n.transform("max").astype("str")
    return groups.assign(group=groups.group + " · " + documents)


def _holding(table: pd.DataFrame, part: pd.Series) -> set[tuple[str, str]]:
    """The groups and measures that differ from the others by more than chance, corrected for their number."""
    part = part[part.index.isin(table.document)]
    sizes = part.value_counts()
    part = part[part.isin(sizes.index[sizes > 1])]
    groups = pd.Series(pd.Categorical(part), part.index, name="group")
    if groups.nunique() < 2:
        return set()
    rows = table.assign(analysis="", voice="all")
    compared = comparison.compare(rows.pivot(index="document", columns=comparison.KEYS, values="value"), groups)
    sure = compared[compared.p_adjusted < 0.05]
    names = list(groups.cat.categories) if groups.nunique() == 2 else None
    return {(group, row.measure) for row in sure.itertuples() for group in names or [row.group]}


def by_gender(table: pd.DataFrame) -> pd.DataFrame:
    """Means over documents of what people of each gender say, as shares of what all people say; as of `means`."""
    shares = table[table.measure.str.startswith("gender_share[")]
    gender = shares.measure.str.extract(r"\[(.*)\]")[0]
    return comparison.means(shares.value, gender, "share").assign(unit="share")


def outliers(table: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[str]:
    """A sentence a measure that has documents far outside the others: which, the furthest first.

    Far: more than one and a half times the middle half's width beyond it (Tukey 1977), its interval too; from eight
    documents on. Figures without an interval are left out: nobody knows how far they reach.
    """
    for measure, rows in table.dropna(subset=["low", "high"]).groupby("measure", sort=False):
        quarter, half, three_quarters = rows.value.quantile([0.25, 0.5, 0.75], interpolation="nearest")
        reach, unit = 1.5 * (three_quarters - quarter), rows.unit.iloc[0]
        far = rows[(rows.low > three_quarters + reach) | (rows.high < quarter - reach)]
        if len(rows) < 8 or far.empty:
            continue
        furthest = far.loc[(far.value - half).abs().sort_values(ascending=False, kind="stable").index]
        furthest = furthest.assign(written=numbers(furthest))
        named = [f"“{titles[row.document].rstrip('.;')}” {row.written}" for row in furthest.itertuples()]
        named = [*named[:NAMED], f"{len(named) - NAMED} others"] if len(named) > NAMED + 1 else named
        middle = f"{number(quarter, unit=unit)} and {number(three_quarters, unit=unit)}"
        yield f"{label(str(measure))}: half of the documents lie between {middle}; far outside: {'; '.join(named)}."


def _about(documents: pd.Index, known: pd.DataFrame | None) -> pd.DataFrame:
    """Title, outlet and date of each document as written; empty where unknown."""
    known = pd.DataFrame(index=documents) if known is None else known
    about = known.reindex(index=documents, columns=["title", *KNOWN]).astype(object)
    titles = about.title.fillna(documents.to_series().astype(object)).astype("str")
    dates = pd.to_datetime(about.date).dt.strftime("%Y-%m-%d")
    about = about.assign(title=titles.str[:1].str.upper() + titles.str[1:], date=dates.astype(object))
    return about.fillna("").astype("str")


def _cell(row: Any, measure: str, limits: pd.DataFrame) -> str:
    """The figure, beside its measure's name on a narrow page, and where it has an interval a small picture of both."""
    name = f'<span class="wb-measure">{measure}</span> '
    if row is None:
        return f'<td class="wb-n" role="cell">{name}–</td>'
    if pd.isna(row.low):
        return f'<td class="wb-n" role="cell">{name}{row.written}{of_few(row)}</td>'
    drawn = spark(row.value, row.low, row.high, tuple(limits.loc[row.measure]))
    return f'<td class="wb-n" role="cell">{name}{row.written}{drawn}</td>'


def _unlike(table: pd.DataFrame, known: pd.DataFrame | None) -> str:
    documents = pd.Index(sorted(set(table.document)))
    titles = comparison.titles(pd.DataFrame(index=documents) if known is None else known.reindex(documents))
    odd = "".join(f"<li>{prose(said)}</li>" for said in outliers(table, titles))
    return f'<h2>Unlike the others</h2><ul class="wb-unlike">{odd}</ul>' if odd else ""
