"""Coding sheets: samples for people to judge, and how well they agree with each other and with the workbench."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from math import nan
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from workbench.corpus.stored import Tables, evidence, measured_with
from workbench.documents import InputError, located, one_of
from workbench.measurement import NEUTRAL, inert, written
from workbench.statistics import FEW, Floats, interval, t_quantile, wilson

SHEET = ["item", "document", "before", "text", "after", "question", "ask", "answer"]
SAMPLE = [*SHEET, "workbench", "of", "stratum", "weight", "strata", "seed", "measured_with"]
TYPES = {"PERSON": 1, "ORG": 2, "GPE": 3, "LOC": 3, "FAC": 3, "NORP": 4}  # any other type is 5
TONES = {-1: "negative ", 0: "neutral ", 1: "positive "}
NOT_APPLICABLE = 9
ASKED = {
    "sentences": {
        "tone": "Is the news here bad (-1: “Ten people died.”), good (1: “She was rescued.”) or neither (0)?",
        "quotations": "Does it tell what somebody says, writes or thinks? 1 yes (“Rates will rise, he said.”), 0 no",
        "names": "Is a person, organisation or place named in it? 1 yes (“Anna”, “the UN”, “Oslo”), 0 no (“the mayor”)",
        "speakers": "Are words in it those of the one in brackets? 1 yes, by whatever name (“she said”: [Anna Berg]); "
        "0 no, the text names somebody else, also for [nobody]; 9 nobody speaks in it, or the text does not tell who",
    },
    "quotations": {
        "quotation": "Does somebody say, write or think just this? 1 yes (in “She said it was late”: “it was late”); "
        "0 no: nobody does, or words are missing or too many",
        "speaker": "Are these the words of the one in brackets? 1 yes, by whatever name (“she said”: [Anna Berg]); "
        "0 no, also for [nobody]; 9 nobody's words",
    },
    "entities": {
        "mention": "Is just this a name? 1 yes (“Bank of England”); 0 no: it is none, or words are missing or too many",
        "type": "What does it name? 1 a person (“Anna”), 2 an organisation (“the UN”), 3 a place (“Oslo”), 4 a people, "
        "faith or party's members (“French”), 5 another thing (“Easter”), 9 it is no name",
    },
}
TOLD = {  # what the answers to each question tell about
    "tone": "tone", "quotations": "sentences with speech", "names": "sentences with names", "type": "types of names",
    "speakers": "speakers of sentences", "quotation": "quotations, word for word", "speaker": "speakers of quotations",
    "mention": "names, word for word",
}  # fmt: skip
CODES = ["item", "question", "coder", "answer"]
CLASS = {"sentences": "voice", "quotations": "kind", "entities": "type"}
Sampled = Literal["sentences", "quotations", "entities"]
ANSWERS: dict[str, tuple[int, ...]] = {question: (0, 1) for asked in ASKED.values() for question in asked}
ANSWERS |= {"tone": (-1, 0, 1), "type": (1, 2, 3, 4, 5, 9), "speaker": (0, 1, 9), "speakers": (0, 1, 9)}


def sample(
    source: str | Path,
    of: Sampled,
    size: int,
    seed: int = 1,
    strata: pd.Series | None = None,
    least: int = 0,
    text: str | None = None,
) -> pd.DataFrame:
    """About `size` sentences, quotations or entities (`of`) to judge: a row an item and question, with columns
    `SAMPLE`: those of the sheet, the workbench's own answer, the item's stratum and weight, and how it was drawn.

    Drawn without replacement and systematically, from a start that `seed` gives, over the strata in order: voice, kind
    or type, within each value of `strata` (by document's name). So each item has the same chance and each stratum its
    part, but for one item. From a stratum whose part is below `least` that many are drawn, and weigh the less. Which
    items of a stratum is a hash of `seed`, document and offsets: the same anywhere and in any order. `text` names the
    column of texts where `source` is a table.
    """
    one_of("sample", of, ASKED)
    drawn, sizes = pd.DataFrame(), Counter[str]()
    rows: dict[str, list[dict[str, object]]] = {}
    for tables in evidence(source, text):
        found = tables[of].drop_duplicates(["document", "start", "end"])
        found = found[found[CLASS[of]] != "scare"]
        places = zip(found.document, found.start, found.end, strict=True)
        items = [sha256(f"{seed} {of} {place}".encode("utf-8", "replace")).hexdigest()[:12] for place in places]
        stratum = found[CLASS[of]].astype(str)
        if strata is not None:
            stratum = stratum + ", " + found.document.map(strata).fillna("").astype(str)
        sizes.update(stratum)
        new = found.assign(item=items, stratum=stratum).set_index("item")
        drawn = pd.concat([drawn, new]).sort_index().groupby("stratum").head(max(size, least))
        for document, some in new[new.index.isin(drawn.index)].groupby("document"):
            here = {name: table[table.document == document] for name, table in tables.items()}
            rows |= {str(item): list(_asked(row, of, here)) for item, row in some.iterrows()}
        rows = {item: rows[item] for item in drawn.index}
    by = CLASS[of] + (f" and {strata.name or 'group'}" if strata is not None else "")
    design = {"of": of, "strata": by, "seed": seed, "measured_with": measured_with(source)}
    kept = []
    for stratum, (number, weight) in _shares(sizes, size, seed, least).items():
        chosen = drawn.index[drawn.stratum == stratum][:number]
        kept += [row | design | {"stratum": stratum, "weight": weight} for item in chosen for row in rows[item]]
    order = list(ASKED[of])
    # what a later question shows comes later
    kept.sort(key=lambda row: (order.index(str(row["question"])), str(row["item"])))
    return pd.DataFrame(kept, columns=SAMPLE).assign(ask=lambda table: table.question.map(ASKED[of]), answer="")


def _shares(sizes: Counter[str], size: int, seed: int, least: int) -> dict[str, tuple[int, float]]:
    """How many items of each stratum are drawn, and how many others each of them stands for."""
    step = max(1.0, sizes.total() / max(1, size))
    at = -step * (1 + int(sha256(f"start {seed}".encode()).hexdigest()[:8], 16)) / 2**32
    taken = {}
    for stratum in sorted(sizes):
        before, at = np.floor(at / step), at + sizes[stratum]
        number, few = int(np.floor(at / step) - before), min(least, sizes[stratum])
        taken[stratum] = (few, sizes[stratum] / few) if sizes[stratum] / step < few else (number, step)
    return taken


def _asked(row: pd.Series, of: str, here: Tables) -> Iterator[dict[str, object]]:
    """Each question about an item, with its paragraph and what the workbench answers, shown only where it is asked.

    `here` has the evidence of its document. A speaker who is only a pronoun is nobody: it would be right of anybody.
    """
    sentences, quotations, whose = here["sentences"], here["quotations"], here["sources"]
    at = sentences[(sentences.start < row.end) & (sentences.end > row.start)].paragraph
    text = ""
    for sentence in sentences[sentences.paragraph.isin(at)].itertuples():
        text = (text.ljust(sentence.start) if text else " " * sentence.start) + sentence.text
    inside = quotations[(quotations.kind != "scare") & (quotations.start < row.end) & (quotations.end > row.start)]
    asked = inside.quotation if of == "sentences" else [row.get("quotation")]
    theirs = whose[whose.quotation.isin(asked) & (whose.source != "unknown")].speaker_entity
    speakers = "; ".join(dict.fromkeys(filter(None, theirs))) or "nobody"
    names = (here["entities"].start < row.end) & (here["entities"].end > row.start)
    answers = {
        "tone": int(row.get("valence", 0) > NEUTRAL) - int(row.get("valence", 0) < -NEUTRAL),
        "quotations": int(len(inside) > 0),
        "names": int(names.any()),
        "type": TYPES.get(row.get("type"), 5),
    }
    for question in ASKED[of]:
        yield {
            "item": row.name,
            "document": row.document,
            "before": text[: row.start].strip(),
            "text": row.text + (f" [{speakers}]" if question.startswith("speaker") else ""),
            "after": text[row.end :].strip(),
            "question": question,
            "workbench": answers.get(question, 1),
        }


def write_sheet(sample: pd.DataFrame, path: str | Path) -> None:
    """Write the coding sheet, without the workbench's answers: a CSV file that no spreadsheet takes for formulas.

    Its folder is made where it is missing.
    """
    sheet = sample[SHEET].map(inert)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    sheet.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")  # the mark tells Excel that it is UTF-8


def read_sheets(paths: Iterable[str | Path]) -> pd.DataFrame:
    """The answers in coded sheets: item, question, coder (the file's name), answer. What is not answered is left out.

    Raises ValueError naming the file and the rows where an answer is none of those allowed.
    """
    tables = []
    for path in map(located, paths):
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig", "replace")
        table = pd.read_csv(io.StringIO(text), sep=None, engine="python", dtype="str", na_filter=False).fillna("")
        if missing := {"item", "question", "answer"} - set(table):
            raise InputError(f"{path}: no column {', '.join(sorted(missing))}; code the sheet that was written for it")
        answered = table[table.answer.str.strip() != ""]
        answer = pd.to_numeric(answered.answer.str.strip().str.lstrip("'").str.replace("−", "-"), errors="coerce")
        allowed = [given in ANSWERS.get(asked, ()) for given, asked in zip(answer, answered.question, strict=True)]
        if wrong := [f"{row + 2}: {answered.answer[row]!r}" for row in answered.index[~np.array(allowed, dtype=bool)]]:
            raise InputError(f"{path}: answers that are not allowed, in row {'; row '.join(wrong[:5])}; correct them")
        tables.append(answered[["item", "question"]].assign(coder=path.stem, answer=answer.astype(int)))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CODES)


def agreement(codes: pd.DataFrame) -> pd.DataFrame:
    """A row a question: Krippendorff's alpha between its coders (1 perfect, 0 as by chance), low, high, n (items),
    coders, agreement, note.

    Of items that two coders or more have judged, "not applicable" left out. The distance of tones is that of numbers,
    of other answers their being unlike. `agreement` is the share of pairs of coders that give the same answer. The
    interval (95 %) is the jackknife's over items; where coders differ on fewer than five there is none, since these few
    decide it all. NaN where all answers are the same. Krippendorff (2018), Content Analysis, ch. 12.
    """
    rows = []
    for question, judged in codes[codes.answer != NOT_APPLICABLE].groupby("question", sort=False):
        judged = judged[judged.groupby("item").coder.transform("nunique") > 1]
        counts = pd.crosstab(judged.item, judged.answer)
        answers = counts.columns.to_numpy(float)
        unlike = (answers[:, None] - answers) ** 2.0 if question == "tone" else (answers[:, None] != answers) * 1.0
        cells = counts.to_numpy(float)
        pairs = cells.sum(axis=1) * (cells.sum(axis=1) - 1)
        apart = np.einsum("ij,jk,ik->i", cells, unlike, cells) / (cells.sum(axis=1) - 1)
        sums = np.column_stack([apart, cells])
        alpha = partial(_alpha, unlike=unlike)
        value = float(alpha(sums.sum(axis=0, keepdims=True))[0]) if counts.shape[1] > 1 else nan
        few = int((apart > 0).sum())
        low, high = interval(sums, alpha) if few >= FEW else (nan, nan)
        same = float(((cells * (cells - 1)).sum(axis=1) / pairs).mean()) if len(cells) else nan
        note = f"coders differ on {few} item{'s' * (few != 1)} only: no interval" if few < FEW else ""
        coders = ", ".join(sorted(judged.coder.unique()))
        rows.append((question, coders, value, low, min(high, 1.0), len(counts), same, note))
    columns = ["question", "coders", "value", "low", "high", "n", "agreement", "note"]
    return pd.DataFrame(rows, columns=columns).assign(unit="alpha")


def _alpha(sums: Floats, unlike: Floats) -> Floats:
    answers = sums[:, 1:]
    number = answers.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - sums[:, 0] / (np.einsum("ij,jk,ik->i", answers, unlike, answers) / (number - 1))


def correctness(codes: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """How right the workbench is by its coders: question, label, measure, name, value, low, high, n, unit.

    `precision` is the share of what the workbench says that coders confirm; `recall` the share of what coders say that
    the workbench finds, for questions about sentences, of which also those were drawn that it is silent on. Where
    coders disagree on an item each counts by their number: leaving such items out would leave out the hard ones. Items
    count by their weight. Wilson's interval (95 %) over items, none with fewer than five. Raises ValueError where
    there are answers about what is not in the sample.
    """
    strange = codes[~codes.item.isin(sample.item)]
    if len(strange):
        whose = ", ".join(sorted(strange.coder.unique()))
        raise InputError(
            f"{len(strange)} answers of {whose} are about what is not in this sample: draw it from the documents and "
            "with the seed, size and strata that the sheet was written with"
        )
    both = sample.merge(codes[["item", "question", "answer"]].rename(columns={"answer": "judged"}))
    both = both[both.judged != NOT_APPLICABLE]
    rows = []
    for question, judged in both.groupby("question", sort=False):
        of_sentences = question in ASKED["sentences"]
        for label in (-1, 0, 1) if question == "tone" else (1,):
            ours, theirs = judged.workbench == label, judged.judged == label
            if question == "type":
                ours, theirs = judged.workbench > 0, judged.workbench == judged.judged
            votes = judged[["item", "weight"]].assign(both=ours & theirs, precision=ours, recall=theirs)
            votes = votes.groupby("item").mean().astype(float)
            for measure in ("recall",) if question == "speakers" else ("precision", "recall")[: 1 + of_sentences]:
                base = votes.weight * (1.0 if question == "speakers" else votes[measure])
                share = (votes.weight * votes.both).sum() / base.sum() if base.any() else nan
                number = int((base > 0).sum())
                effective = base.sum() ** 2 / (base**2).sum() if number else nan  # Kish (1965)
                ends = wilson(share, effective, t_quantile(np.inf)) if number >= FEW else (nan, nan)
                name = f"{measure} of {TONES[label] * (question == 'tone')}{TOLD[question]}"
                rows.append((question, label, measure, name, share, *map(float, ends), number, "share of items"))
    return pd.DataFrame(rows, columns=["question", "label", "measure", "name", "value", "low", "high", "n", "unit"])


def drawn(sample: pd.DataFrame) -> pd.DataFrame:
    """How many items of each stratum are drawn, and how many each stands for: sample, stratum, items, weight."""
    strata = sample.drop_duplicates("item").groupby(["of", "stratum"])
    return strata.agg(items=("item", "size"), weight=("weight", "first")).reset_index(names=["sample", "stratum"])


def methods(sample: pd.DataFrame, codes: pd.DataFrame) -> str:
    """What was done and what came out, in sentences for a methods section."""
    table = drawn(sample)
    strata, counts = sample.groupby("of").strata.first(), table.groupby("sample")["items"].sum()
    parts = ", ".join(f"{count} {name} (by {strata[name]})" for name, count in counts.items())
    unequal = bool((table.groupby("sample").weight.nunique() > 1).any())
    text = (
        f"{parts} from {sample.document.nunique()} articles were drawn systematically over the strata named, from a "
        f"random start (seed {', '.join(map(str, sorted(sample.seed.unique())))})"
        f"{'; small strata were oversampled, and items weighted accordingly' * unequal}. Measured with "
        f"{'; '.join(sample.measured_with.unique())}."
    )
    if codes.empty:
        return f"{text} They have not been coded yet."
    given = codes.coder.value_counts(sort=False)
    judged = ", ".join(f"{name} {number}" for name, number in given.items() if number < len(sample))
    text += f" {len(given)} coders judged them, each" if len(given) > 1 else " One coder judged them,"
    text += (
        f" in a sheet of their own{f' ({judged} of {len(sample)} questions)' * bool(judged)}, shown the passage and "
        "its paragraph; the speaker that the workbench names was shown only where they were asked about it, its other "
        "answers never."
    )
    found = agreement(codes)
    alphas = [
        f"{TOLD[row.question]} {written(row)} ({100 * row.agreement:.0f} % of pairs agree"
        f"{f'; {row.note}' * bool(row.note)})"
        for row in found[found.n > 0].itertuples()
    ]
    level = "interval for tone, nominal for the others, 95 % intervals from leaving out each item in turn"
    level += "; answers of “not applicable” left out" * bool((codes.answer == NOT_APPLICABLE).any())
    text += f" Krippendorff's alpha ({level}): {'; '.join(alphas)}." * bool(alphas)
    right = correctness(codes, sample)
    rates = [f"{row.name} {written(row)} (n = {row.n})" for row in right[right.n > 0].itertuples(index=False)]
    by = f"The workbench by the coders' judgement, with Wilson's 95 % intervals from {FEW} items on"
    return f"{text} {by}: {'; '.join(rates)}."
