"""How hard a text is to read: the known formulas over one count, and a difficulty calibrated on judgements."""

from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analyses.quotations import VOICES, Voice, sentence_voices
from workbench.analyses.readability import diversity
from workbench.analyses.readability.counting import count, totals, words_of
from workbench.analyses.readability.difficulty import by_sentence, estimated_difficulty, level, sentence_sums
from workbench.analyses.readability.diversity import mattr, mtld, word_numbers
from workbench.analyses.readability.formulas import FORMULAS, UNITS, formulas
from workbench.analyses.readability.words import COUNTS
from workbench.documents import Document, one_of
from workbench.language import per_document
from workbench.statistics import interval

READABILITY_COLUMNS = ["measure", "score", "low", "high", "unit", "sentences", "words", "note"]


@per_document
def counts(document: Document) -> pd.DataFrame:
    """A row a sentence, and a row a line that is none: start, end, text, kind, voice, speaker, COUNTS and difficulty.

    The counts are defined in `counting.count`; `difficulty`, `around` (its curve over the article) and `adds` (what the
    sentence adds to the text's) in `difficulty.by_sentence`.

    >>> doc = wb.Document.from_text("A short headline\\n\\nAnn Lee met Bo Berg in Oslo.")
    >>> wb.counts(doc)[["kind", "words", "syllables"]].values.tolist()
    [['line', 3, 4], ['sentence', 7, 8]]
    """
    table = count(document.text)
    told, difficulty = sentence_voices(document), by_sentence(sentence_sums(document))
    return pd.concat([table.iloc[:, :4], told, table[COUNTS], difficulty], axis=1)


def readability(document: Document, voice: Voice = "all", speaker: str | None = None) -> pd.DataFrame:
    """A row a measure: measure, score, low, high, unit, sentences, words, note.

    `low` and `high` bound the 95 % interval from leaving out each sentence in turn; `note` says where a text is too
    short for a formula, a grade is over two away from the middle one, and for the estimated difficulty which level
    of the CEFR is nearest, with the levels nearest to the interval's ends. `voice` is `all`, `narration`, `reported`
    or `quotation`, by the majority of a sentence's words; `speaker` keeps the sentences of one speaker. Headlines,
    captions and date lines are left out (`counts` lists them). Raises ValueError for another voice.

    >>> doc = wb.Document.from_text("Ann Lee met Bo Berg in Oslo.")
    >>> ease = wb.readability(doc).iloc[0]
    >>> ease.measure, f"{ease.score:.3f}", ease.note
    ('flesch_reading_ease', '103.044', 'made for 100 words or more, not 7')
    """
    return pd.DataFrame(dict(zip(READABILITY_COLUMNS, scored(document, voice, speaker), strict=True)))


def scored(
    document: Document, voice: str, speaker: str | None, estimated: bool = True, varied: bool = True
) -> list[list[Any]]:
    """The columns of `readability`; if not `estimated` without the estimated difficulty, if not `varied` without MTLD
    and MATTR."""
    one_of("voice", voice, ["all", *VOICES])
    counted, kept = sentence_counts(document)
    if voice != "all" or speaker is not None:
        voices, speakers = told_apart(document)
        kept = kept & ((voice == "all") | (voices == voice)) & ((speaker is None) | (speakers == speaker))
    each, names = counted[kept], [*FORMULAS]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = formulas(each.sum(axis=0)).tolist()
    low, high = interval(each, formulas)
    if estimated:
        detailed = sentence_sums(document)[kept]
        names.append("estimated_difficulty")
        with np.errstate(divide="ignore", invalid="ignore"):
            scores.append(float(estimated_difficulty(detailed.sum(axis=0))))
        low, high = np.hstack([[low, high], np.reshape(interval(detailed, estimated_difficulty), (2, 1))])
    if varied:
        used = word_numbers(document)[np.repeat(kept, words_of(document).words)]
        each_varied = np.array([mtld(used), mattr(used)])
        names, scores = [*names, *diversity.UNITS], [*scores, *each_varied[:, 0].tolist()]
        low, high = np.append(low, each_varied[:, 1]), np.append(high, each_varied[:, 2])
    units = [(UNITS | diversity.UNITS).get(name, "grade") for name in names]
    sentences, words = len(each), int(each[:, 0].sum())
    middle = median(score for score, unit in zip(scores, units, strict=True) if unit == "grade")
    said = [note(*row, middle, sentences, words) for row in zip(names, scores, units, strict=True)]
    if words and estimated:
        at = names.index("estimated_difficulty")
        nearest = f"nearest CEFR level {level(scores[at])}"
        if not np.isnan(low[at]):
            nearest += f" [{level(low[at])}, {level(high[at])}]"
        said[at] = "; ".join(filter(None, [nearest, said[at]]))
    for at, name in enumerate(names):
        if name in diversity.UNITS and np.isnan(low[at]) and not np.isnan(scores[at]):
            said[at] = "; ".join(filter(None, [said[at], "from fewer than 5 stretches of words: no interval"]))
    many = len(names)
    return [names, scores, low.tolist(), high.tolist(), units, [sentences] * many, [words] * many, said]


@per_document
def told_apart(document: Document) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The voice and the speaker of each sentence."""
    told = sentence_voices(document)
    return told["voice"].to_numpy(object), told["speaker"].to_numpy(object)


@per_document
def sentence_counts(document: Document) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A row a sentence or line: COUNTS and 1; and whether it is a sentence."""
    found = words_of(document)
    return np.column_stack([totals(found), found.is_sentence]).astype(float), found.is_sentence


def note(measure: str, score: float, unit: str, middle: float, sentences: int, words: int) -> str:
    """What to keep in mind with a measure's score, where `middle` is that of the scores that are grades."""
    said = []
    if words == 0:
        said.append("no sentence to measure")
    elif measure == "smog_index" and sentences < 30:
        said.append(f"made for 30 sentences or more, not {sentences}")
    elif words < 100:
        said.append(f"made for 100 words or more, not {words}")
    if unit == "grade" and abs(score - middle) > 2:
        side = "above" if score > middle else "below"
        said.append(f"{abs(score - middle):.1f} grades {side} the middle of the grade formulas")
    return "; ".join(said)
