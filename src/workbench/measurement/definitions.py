"""How figures and measures are written: as many digits as the interval supports, labels, definitions."""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from statistics import median_low
from typing import Any, Literal, NamedTuple, get_args

import pandas as pd

from workbench.analyses.quotations import VOICES
from workbench.analyses.readability import FORMULAS
from workbench.documents import InputError, one_of
from workbench.measurement.lists import Fixed, Lists, fixed
from workbench.statistics import FEW

Analysis = Literal["readability", "sentiment", "quotations", "entities"]
TYPES = {
    "PERSON": "persons",
    "NORP": "peoples, parties, faiths",
    "ORG": "organisations",
    "GPE": "countries, states, cities",
    "LOC": "other places",
    "FAC": "buildings",
    "PRODUCT": "products",
    "EVENT": "events",
    "WORK_OF_ART": "works",
    "LAW": "laws",
    "LANGUAGE": "languages",
}
COUNTED = ["speakers", "entities", "Herfindahl index, 0 to 1", "share of the text before it"]  # without intervals
# The measures of each analysis; of single entities and types without these.
ANALYSES = {
    "readability": [*FORMULAS, "estimated_difficulty", "mtld", "mattr"],
    "sentiment": "valence vader_compound positive_share neutral_share negative_share "
    "valence_narration_minus_quotation tone_towards".split(),
    "quotations": "quoted_share reported_share narration_share quotations_per_1000_words words_per_quotation "
    "anonymous_share unattributed_share share_of_voice lead_of_voice speakers speakers_in_5_quotations "
    "gender_share sources_by_gender".split(),
    "entities": "mentions_per_1000_words first_position distinct_entities concentration entities_in_10_mentions "
    "type_share mention_share".split(),
    "words": ["list_share", "list_weight"],  # where there are lists of them
}
DIFFERENCE, COMPARED = "valence_narration_minus_quotation", {"narration", "quotation"}
TOWARDS = "tone_towards"
RATED = {*ANALYSES["sentiment"]} - {"vader_compound", TOWARDS}  # what is made of the sentences' valence
# Where no voice is asked for.
WITHOUT_PARSE = {*ANALYSES["readability"], *ANALYSES["words"], "vader_compound", *RATED} - {DIFFERENCE}
MEANINGS = {
    "document": "name of the article",
    "analysis": "readability, sentiment, quotations, entities or words",
    "measure": "as defined below; one of a single entity or type names it in brackets, as in `mention_share[NATO]`",
    "voice": (
        "what is measured: `all`, the journalist's `narration`, what is `reported` in the journalist's words (indirect "
        "speech, the unmarked part of mixed), or what stands in quotation marks (`quotation`); a sentence or name has "
        "the voice of most of its words"
    ),
    "speaker": "whose speech is measured; empty where it is not that of one speaker",
    "value": "the figure; empty where it is not defined, as for a text without a word",
    "low, high": "95 % interval for a text like this one, from leaving out each sentence or paragraph in turn",
    "n": "how many sentences, paragraphs, mentions or quotations the figure comes from",
    "unit": "as below",
    "note": "what to beware of",
}
COLUMNS = [name for names in MEANINGS for name in names.split(", ")]


class UnknownFigure(InputError):
    """A figure that is asked for and not known; the message names the nearest that is."""


class Asked(NamedTuple):
    """What is asked for: measures, of which voices, and of which lists of words."""

    measures: frozenset[str]
    voices: frozenset[str]
    lists: Fixed = ()

    @classmethod
    def of(cls, only: str | Iterable[str] | None, lists: str | Path | Lists | None = None) -> "Asked":
        """What the names of analyses, measures and voices ask for; without a voice, of the text as a whole.

        Everything for None. A difference of voices is asked for by its own name, or by those of both with its analysis,
        the tone towards names by its own, or by both analyses that it belongs to: sentiment and entities.
        Raises UnknownFigure.
        """
        if not isinstance(only, Iterable | None):
            raise UnknownFigure(f"{only!r:.80} is no name of an analysis, measure or voice, as in 'sentiment'")
        counted = fixed(lists)
        names, voices = {only} if isinstance(only, str) else {*(only or ())}, {"all", *VOICES}
        every = {measure for measures in ANALYSES.values() for measure in measures}
        for name in sorted(names - every - ANALYSES.keys() - voices):
            known = [*ANALYSES, *sorted(voices), *sorted(every)]
            near = get_close_matches(name.lower(), known, 1) or [k for k in known if k.startswith(name.lower())]
            meant = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known)}"
            raise UnknownFigure(f"no analysis, measure or voice is called {name!r}; {meant}")
        if not counted and names & {"words", *ANALYSES["words"]}:
            raise UnknownFigure("words are counted of lists: name a folder of them, or a file, as `lists`")
        measures = {measure for name in names - voices for measure in ANALYSES.get(name, [name])} or every
        told = names & voices or ({"all"} if names else voices)
        if DIFFERENCE not in names and not told >= COMPARED:
            measures -= {DIFFERENCE}
        if names - voices and not (TOWARDS in names or names >= {"sentiment", "entities"}):
            measures -= {TOWARDS}
        return cls(frozenset(measures), frozenset(told), counted)

    @property
    def parse(self) -> bool:
        """Whether the text has to be parsed for it."""
        return not (self.voices == {"all"} and self.measures <= WITHOUT_PARSE)

    def any(self, analysis: str, *voices: str) -> bool:
        """Whether a measure of the analysis is asked for, of one of the voices if they are named."""
        return not (self.measures.isdisjoint(ANALYSES[analysis]) or (voices and self.voices.isdisjoint(voices)))

    def has(self, measure: str, voice: str = "all") -> bool:
        """Whether a figure is asked for."""
        measure = measure.partition("[")[0]
        return measure in self.measures and (voice in self.voices or measure == DIFFERENCE)


@cache
def definitions() -> pd.DataFrame:
    """A row a measure, by its name without brackets: label, unit, range, definition."""
    return pd.read_csv(Path(__file__).with_name("measures.csv"), index_col="measure", keep_default_na=False)


def agreement(analysis: Analysis) -> pd.DataFrame:
    """How well the measures of `analysis` agree with human judgement: measure, on, n, ours, best peer, date."""
    one_of("analysis", analysis, get_args(Analysis))
    table = _validity()
    return table[table.analysis == analysis].drop(columns="analysis")


@cache
def _validity() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("validity.csv"), keep_default_na=False, dtype="str")


def is_defined(measure: str) -> bool:
    """Whether there is a measure of this name, without brackets."""
    return measure in definitions().index


def defined() -> pd.DataFrame:
    """A row a measure: measure, label, unit, range, definition."""
    return definitions().reset_index()


def number(
    value: float, low: float = math.nan, high: float = math.nan, unit: str = "", digits: int | None = None
) -> str:
    """`0.42 [0.31, 0.53]`: digits as the interval supports; shares (a `unit` that starts so) as per cent.

    Ends are rounded outwards. What is not nought is not written as nought: a share is `<1 %`, the end of an interval
    that lies to one side of nought `>0.00` or `<0.00`.
    """
    digits, share = _digits(value, low, high, unit) if digits is None else digits, unit.startswith("share")
    if share:
        value, low, high = 100 * value, 100 * low, 100 * high
    least, bounded, ends = 10.0**-digits, 0 <= high - low < math.inf, []
    for end, outwards in ((low, math.floor), (high, math.ceil)) if bounded else ():
        rounded = plain(outwards(round(end * 10**digits, 6)) / 10**digits, digits)
        small = end != 0 and not rounded.strip("0.") and (low > 0 or high < 0)
        beyond = f"<{least:.{digits}f}" if share else f"{'>' if low > 0 else '<'}{rounded}"
        ends.append(beyond if small else rounded)
    interval = f" [{', '.join(ends)}]" if ends else ""
    written = f"<{least:.{digits}f}" if share and 0 < value < least / 2 else plain(value, digits)
    return f"{written}{' %' * (share and not math.isnan(value))}{interval}"


def numbers(table: pd.DataFrame, value: str = "value") -> list[str]:
    """A column's figures as written, those of a unit with the same digits: as many as most of their intervals support,
    and so many that the largest share is not written as less than one of the last.

    `table` has the columns `value`, low, high and unit.
    """
    values, lows, highs = (table[name].to_numpy(float, na_value=math.nan).tolist() for name in (value, "low", "high"))
    rows = list(zip(values, lows, highs, table["unit"].astype("str").fillna(""), strict=True))
    digits: dict[str, int] = {}
    for sure in (True, False):  # figures that have no interval count where none has one
        for unit in {row[3] for row in rows} - digits.keys():
            of = [row for row in rows if row[3] == unit and (row[2] >= row[1]) == sure and row[0] < math.inf]
            if found := [_digits(*row) for row in of if sure or row[0] % 1 > 0]:
                most = 100 * max(row[0] for row in of)  # of shares, as per cent
                least = next((more for more in range(2) if 10**-more <= most or not most), 2)
                digits[unit] = max(least if unit.startswith("share") else 0, median_low(found))
    return [number(*row, digits.get(row[3], 0)) for row in rows]


def _digits(value: float, low: float, high: float, unit: str) -> int:
    """How many digits after the point the width of the interval supports, or, without one, a number of its size."""
    share = unit.startswith("share")
    scale = 100 if share else 1
    width, size = scale * high - scale * low, scale * abs(value)
    if 0 <= width < math.inf:
        return min(2, max(0, 1 - math.floor(math.log10(width)))) if width else 2
    return max(0, 2 - share - (size >= 10) - (size >= 100)) if size % 1 else 0


def plain(value: float, digits: int) -> str:
    """With thin spaces between thousands from 10 000 on, a real minus sign, and no minus nought; "–" for NaN."""
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{digits}f}".replace(",", "\u2009" if abs(value) >= 10_000 else "")
    return f"−{text}" if value < 0 and text.strip("0.") else text


def label(measure: str) -> str:
    """A measure's name as a reader writes it: `Flesch-Kincaid grade`, `valence`, `NATO` for `mention_share[NATO]`."""
    stem, _, of = measure.partition("[")
    return of.removesuffix("]") or TYPES.get(stem) or definitions().label.get(stem, stem.replace("_", " "))


def written(row: Any) -> str:
    """A figure as `number` writes it, from its row's value, low, high and unit."""
    return number(row.value, row.low, row.high, row.unit)


def of_few(row: Any) -> str:
    """ " (n 3)" or " (one paragraph)", behind a figure without an interval as so few units are behind it; else ""."""
    if not math.isnan(row.low) or row.unit in COUNTED:
        return ""
    single = re.match("all in (one [a-z]+)", getattr(row, "note", ""))
    return f" (n {row.n})" if row.n < FEW else f" ({single[1]})" if single else ""


def dictionary() -> str:
    """The data dictionary in Markdown: the columns of each table and the definition of each measure."""
    table = defined()
    rows = [list(table), ["---"] * table.shape[1], *table.itertuples(index=False)]
    measures = "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
    columns = "\n".join(f"- `{name}`: {meaning}" for name, meaning in MEANINGS.items())
    return f"# Data dictionary\n\n{columns}\n\n{measures}\n"


_FORMULA = re.compile(r"[\s\0-\x1f\u200b\u2060\ufeff]*[=+@＝＋－＠﹦﹢﹣﹫−-]|[\t\r]")


def inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula, also behind blanks or by full-width signs, marked as text.

    >>> inert(" =1+1"), inert("1 = 1")
    ("' =1+1", '1 = 1')
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
