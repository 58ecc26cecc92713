"""How well tone agrees with human judgement, beside its peers, and how fast VADER is beside NLTK's own loop.

The shipped weights were learned from these corpora, so their own figures here would be too good: shown as ours are
those cross-validated by article that training wrote to sentiment.json and targets.md. Nothing was learned of the
sentences on finance.
"""

import json
import os
import time
from functools import cache
from pathlib import Path

import pandas as pd
from nltk.sentiment.vader import SentimentIntensityAnalyzer

import workbench as wb
from workbench.analyses.sentiment import valence as tone
from workbench.analyses.sentiment.vader import Vader, VaderConstants

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
CORPORA = {
    "editorials": "New York Times editorials (Hutto & Gilbert 2014), sentences",
    "newspaper": "EmoBank, newspaper sentences",
    "headlines": "EmoBank, headlines",
}


class Plain(SentimentIntensityAnalyzer):
    """NLTK's own loop over the same lexicon."""

    def __init__(self) -> None:
        self.lexicon = Vader().lexicon
        self.constants = VaderConstants()


def rated() -> dict[str, pd.DataFrame]:
    """Texts with readers' mean rating, by corpus."""
    editorials = pd.read_json(GOLD / "sentiment_sentences.jsonl", lines=True)
    emobank = pd.read_json(GOLD / "sentiment_emobank.jsonl", lines=True)
    is_newspaper = emobank["category"] == "newspaper"
    tables = {"editorials": editorials, "newspaper": emobank[is_newspaper], "headlines": emobank[~is_newspaper]}
    return {name: table[["text", "valence"]] for name, table in tables.items()}


@cache
def validity() -> list[tuple[object, ...]]:
    """Rows (measure, on, n, ours, best peer)."""
    if not GOLD.is_dir():
        return []
    ours = tone.parameters()["cross_validated"]
    vader = Vader()
    rows: list[tuple[object, ...]] = []
    for name, table in rated().items():
        peer = table["valence"].corr(table["text"].map(lambda text: vader.polarity_scores(text)["compound"]))
        best = f"{peer:.3f} (NLTK VADER)"
        rows.append(("valence, Pearson r", CORPORA[name], len(table), f"{ours['words'][name]:.3f}", best))
    rows += [*finance(), *towards()]
    return rows


def finance() -> list[tuple[object, ...]]:
    """An investor's view of sentences on companies, from which nothing was learned: r, and how positive ones rank."""
    table = pd.read_json(GOLD / "tone_finance.jsonl", lines=True)
    vader = Vader()
    ours = table["text"].map(lambda text: wb.sentiment(wb.Document.from_text(text))["valence"].mean()).fillna(0.0)
    peer = table["text"].map(lambda text: vader.polarity_scores(text)["compound"])
    on = "Financial PhraseBank (Malo et al. 2014), an investor's view"
    r = f"{table['label'].corr(peer):.3f} (NLTK VADER)"
    area = f"{above(peer, table['label']):.3f} (NLTK VADER)"
    return [
        ("valence, Pearson r", on, len(table), f"{table['label'].corr(ours):.3f}", r),
        ("valence, positive over neutral, AUC", on, len(table), f"{above(ours, table['label']):.3f}", area),
    ]


def above(scores: pd.Series, labels: pd.Series) -> float:
    """The chance that a positive text scores above a neutral one."""
    kept = labels >= 0
    ranks = scores[kept].rank()[labels[kept] == 1]
    n, others = len(ranks), int((labels == 0).sum())
    return float((ranks.sum() - n * (n + 1) / 2) / (n * others))


def towards() -> list[tuple[object, ...]]:
    """Macro F1 towards names by kind of text, as training wrote it to targets.md: cross-validated, with its peer."""
    genres = {
        "NewsMTSC": "NewsMTSC (Hamborg & Donnay 2021), training part, cross-validated by article",
        "NewsMTSC, several targets in a sentence": "the same, several names in a sentence",
        "sentiment_targets": "NewsMTSC, sentences that nothing was learned from",
        "sentiment_targets, several targets in a sentence": "the same, several names in a sentence",
        "SEN_R": "SEN, headlines on politicians, marked by researchers, cross-validated by headline",
        "SEN_AMT": "SEN, headlines on politicians, marked by crowd workers, cross-validated by headline",
        "SEntFiN": "SEntFiN (Sinha et al. 2022), headlines on companies, cross-validated by headline",
    }
    lines = (tone.MODELS / "targets.md").read_text("utf-8").splitlines()
    card = {cells[0]: cells[1:] for line in lines if len(cells := [c.strip() for c in line.strip("|").split("|")]) == 4}
    measure = "tone towards a name, macro F1"
    return [
        (measure, on, int(card[name][0]), card[name][1], f"{card[name][2]} (VADER on the text)")
        for name, on in genres.items()
    ]


def seconds(analyzer: SentimentIntensityAnalyzer, texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        analyzer.polarity_scores(text)
    return time.process_time() - start


def main() -> None:
    if not GOLD.is_dir():
        print(f"{GOLD}: no gold sets here; nothing measured")
        return
    for row in validity():
        print("{:<34}{:<62}n={:<6}{}  peer {}".format(*row))
    minilm = tone.parameters()["cross_validated"]["minilm"]
    print("with MiniLM:", json.dumps(minilm))
    texts = [text for table in rated().values() for text in table["text"]]
    fast, plain = Vader(), Plain()
    slow = seconds(plain, texts)
    first, again = seconds(fast, texts), seconds(fast, texts)
    differing = sum(fast.polarity_scores(text) != plain.polarity_scores(text) for text in texts)
    print(f"VADER on {len(texts)} texts: {slow / first:.1f} times as fast as NLTK's loop,")
    print(f"{slow / again:.1f} times once its words are known; {differing} texts with another score")


if __name__ == "__main__":
    main()
