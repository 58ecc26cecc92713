"""Coding sheets: samples for people to judge, and how well they agree with each other and with the workbench."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import interval_distance

from workbench.corpus.stored import Tables, evidence
from workbench.measurement import NEUTRAL, inert, written
from workbench.statistics import Floats, interval

SHEET = ["item", "document", "before", "text", "after", "question", "ask", "answer"]
ASKED = {
    "sentences": {
        "tone": "Is the sentence negative (-1), neutral (0) or positive (1)?",
        "reports": "Does it hold words or thoughts of somebody quoted or reported? 1 yes, 0 no",
        "names": "Does it hold the name of a person, organisation or place? 1 yes, 0 no",
    },
    "quotations": {
        "quotation": "Is this somebody's speech or thought, from its first word to its last? 1 yes, 0 no",
        "speaker": "Is it that of the speaker in square brackets? 1 yes, 0 no",
    },
    "entities": {
        "mention": "Is this a name, from its first word to its last? 1 yes, 0 no",
        "type": "Is it of the type in square brackets? 1 yes, 0 no",
    },
}
CODES = ["item", "question", "coder", "answer"]
CLASS = {"sentences": "voice", "quotations": "kind", "entities": "type"}
ANSWERS = {question: (-1, 0, 1) if question == "tone" else (0, 1) for asked in ASKED.values() for question in asked}
CONTEXT = 200  # characters on each side


def sample(source: str | Path, of: str, size: int, seed: int = 1, strata: pd.Series | None = None) -> pd.DataFrame:
    """About `size` sentences, quotations or entities (`of`) to judge: a row an item and question, with columns as
    `SHEET`, the workbench's own answer in `workbench`, and the `stratum`.

    Drawn without replacement, from each stratum in proportion: voice, kind or type, within each value of `strata`
    (by document's name). An item's place in the draw is a hash of `seed`, document and offsets: the same documents and
    seed give the same sample on any machine and in any order.
    """
    drawn, sizes = pd.DataFrame(), Counter[str]()
    rows: dict[str, list[dict[str, object]]] = {}
    for tables in evidence(source):
        found = tables[of]
        found = found[found[CLASS[of]] != "scare"]
        places = zip(found.document, found.start, found.end, strict=True)
        items = [sha256(f"{seed} {of} {place}".encode("utf-8", "replace")).hexdigest()[:12] for place in places]
        stratum = found[CLASS[of]].astype(str)
        if strata is not None:
            stratum = stratum + ", " + found.document.map(strata).fillna("").astype(str)
        sizes.update(stratum)
        new = found.assign(item=items, stratum=stratum).set_index("item")
        drawn = pd.concat([drawn, new]).sort_index().groupby("stratum").head(size)
        rows = {item: rows.get(item) or list(_asked(new.loc[item], of, tables)) for item in drawn.index}
    kept = [item for name, share in _shares(sizes, size).items() for item in drawn.index[drawn.stratum == name][:share]]
    table = pd.DataFrame([row | {"item": item} for item in sorted(kept) for row in rows[item]])
    return table.reindex(columns=[*SHEET, "workbench", "stratum"])


def _shares(sizes: Counter[str], size: int) -> dict[str, int]:
    """`size` divided in proportion to `sizes`: whole numbers by largest remainder."""
    exact = {name: min(1.0, size / sizes.total()) * count for name, count in sizes.items()}
    left = round(sum(exact.values())) - sum(map(int, exact.values()))
    more = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))[:left]
    return {name: int(share) + (name in more) for name, share in exact.items()}


def _asked(row: pd.Series, of: str, tables: Tables) -> Iterator[dict[str, object]]:
    """Each question about an item, with what a coder needs to see and what the workbench answers."""
    here = {name: table[table.document == row.document] for name, table in tables.items()}
    reported = here["quotations"][here["quotations"].kind != "scare"]
    text = ""
    for start, piece in zip(here["sentences"].start, here["sentences"].text, strict=True):
        text = text.ljust(start) + piece
    shown = {"quotations": f" [{row.get('speaker_entity') or 'nobody'}]", "entities": f" [{row.get('type')}]"}
    answers = {
        "tone": int(row.get("valence", 0) > NEUTRAL) - int(row.get("valence", 0) < -NEUTRAL),
        "reports": int(((reported.start < row.end) & (reported.end > row.start)).any()),
        "names": int(((here["entities"].start < row.end) & (here["entities"].end > row.start)).any()),
    }
    for question, ask in ASKED[of].items():
        yield {
            "document": row.document,
            "before": text[max(0, row.start - CONTEXT) : row.start].strip(),
            "text": row.text + shown.get(of, ""),
            "after": text[row.end : row.end + CONTEXT].strip(),
            "question": question,
            "ask": ask,
            "answer": "",
            "workbench": answers.get(question, 1),
            "stratum": row.stratum,
        }


def write_sheet(sample: pd.DataFrame, path: str | Path) -> None:
    """Write the coding sheet, without the workbench's answers: a CSV file that no spreadsheet takes for formulas."""
    sheet = sample[SHEET].map(inert)
    sheet.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")  # the mark tells Excel that it is UTF-8


def read_sheets(paths: Iterable[str | Path]) -> pd.DataFrame:
    """The answers in coded sheets: item, question, coder (the file's name), answer. What is not answered is left out.

    Raises ValueError naming the file and the rows where an answer is none of those allowed.
    """
    tables = []
    for path in map(Path, paths):
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig", "replace")
        table = pd.read_csv(io.StringIO(text), sep=None, engine="python", dtype="str", na_filter=False).fillna("")
        if missing := {"item", "question", "answer"} - set(table):
            raise ValueError(f"{path}: no column {', '.join(sorted(missing))}; code the sheet that was written for it")
        answered = table[table.answer.str.strip() != ""]
        answer = pd.to_numeric(answered.answer.str.strip().str.lstrip("'").str.replace("−", "-"), errors="coerce")
        allowed = [given in ANSWERS.get(asked, ()) for given, asked in zip(answer, answered.question, strict=True)]
        if wrong := [f"{row + 2}: {answered.answer[row]!r}" for row in answered.index[~np.array(allowed, dtype=bool)]]:
            raise ValueError(f"{path}: answers that are not allowed, in row {'; row '.join(wrong[:5])}; correct them")
        tables.append(answered[["item", "question"]].assign(coder=path.stem, answer=answer.astype(int)))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CODES)


def agreement(codes: pd.DataFrame) -> pd.DataFrame:
    """A row a question: Krippendorff's alpha between its coders (1 perfect, 0 as by chance), low, high, items, coders.

    The interval (95 %) is from resampling items that two coders or more have judged. The distance of tones is that of
    numbers. NaN where all answers are the same. Krippendorff (2018), Content Analysis, ch. 12.
    """
    rows = []
    for question, judged in codes.groupby("question", sort=False):
        judged = judged[judged.groupby("item").coder.transform("nunique") > 1]
        counts = pd.crosstab(judged.item, judged.answer)
        answers = counts.columns.to_numpy()
        distance = (answers[:, None] - answers) ** 2.0  # for 0 and 1 their being unlike
        cells = counts.to_numpy(float)
        unlike = np.einsum("ij,jk,ik->i", cells, distance, cells) / (cells.sum(axis=1) - 1)
        low, high = interval(np.column_stack([unlike, cells]), partial(_alpha, distance=distance))
        task = AnnotationTask(judged[["coder", "item", "answer"]].itertuples(index=False), interval_distance)
        alpha = task.alpha() if counts.shape[1] > 1 else float("nan")
        rows.append((question, ", ".join(sorted(judged.coder.unique())), alpha, low, high, len(counts)))
    return pd.DataFrame(rows, columns=["question", "coders", "value", "low", "high", "n"]).assign(unit="alpha")


def _alpha(sums: Floats, distance: Floats) -> Floats:
    answers = sums[:, 1:]
    number = answers.sum(axis=1)
    expected = np.einsum("ij,jk,ik->i", answers, distance, answers) / (number - 1)
    return 1 - sums[:, 0] / expected


def correctness(codes: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """How right the workbench is by its coders: question, label, measure, name, value, low, high, n, unit.

    `precision` is the share of what the workbench says that coders confirm; `recall` the share of what coders say that
    the workbench finds, for questions about sentences, of which also those were drawn that it is silent on. Where
    coders disagree on an item each counts by their number: leaving such items out would leave out the hard ones.
    """
    both = sample.merge(codes[["item", "question", "answer"]].rename(columns={"answer": "judged"}))
    rows = []
    for question, judged in both.groupby("question", sort=False):
        for label in sorted(set(ANSWERS[str(question)]) - ({0} if question != "tone" else set())):
            votes = judged[["item"]].assign(ours=judged.workbench == label, theirs=judged.judged == label)
            votes = votes.assign(both=votes.ours & votes.theirs).groupby("item").mean()
            for measure, base in {"precision": "ours", "recall": "theirs"}.items():
                if measure == "precision" or question in ASKED["sentences"]:
                    counts = votes[["both", base]].to_numpy(float)
                    share = counts[:, 0].sum() / counts[:, 1].sum() if counts[:, 1].any() else float("nan")
                    bounds = interval(counts, lambda sums: sums[:, 0] / sums[:, 1])
                    name = f"{measure} of {question}{f' {label:+d}' * (question == 'tone')}"
                    number = int((counts[:, 1] > 0).sum())
                    rows.append((question, label, measure, name, share, *bounds, number, "share of items"))
    return pd.DataFrame(rows, columns=["question", "label", "measure", "name", "value", "low", "high", "n", "unit"])


def drawn(sample: pd.DataFrame) -> pd.DataFrame:
    """How many items of each stratum are in the sample: sample, stratum, items."""
    of = {question: name for name, asked in ASKED.items() for question in asked}
    items = sample.drop_duplicates("item")
    return items.groupby([items.question.map(of).rename("sample"), "stratum"]).size().reset_index(name="items")


def methods(sample: pd.DataFrame, codes: pd.DataFrame) -> str:
    """What was done and what came out, in sentences for a methods section."""
    counts = drawn(sample).groupby("sample")["items"].sum()
    parts = ", ".join(f"{count} {name}" for name, count in counts.items())
    articles = sample.document.nunique()
    text = f"{parts} from {articles} articles were drawn at random, stratified by voice, kind and type."
    if codes.empty:
        return f"{text} They have not been coded yet."
    coders = codes.coder.nunique()
    text += f" {coders} coder{'s' * (coders != 1)} judged them without seeing the workbench's answers."
    alphas = [f"{row.question} {written(row)}" for row in agreement(codes).itertuples()]
    text += f" Krippendorff's alpha: {'; '.join(alphas)}." * bool(alphas)
    right = correctness(codes, sample)
    rates = [f"{row.name} {written(row)}" for row in right.itertuples(index=False)]
    return f"{text} The workbench by the coders' judgement: {'; '.join(rates)}."
