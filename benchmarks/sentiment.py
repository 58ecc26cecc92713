"""How well tone agrees with human judgement, beside its peers, and how fast VADER is beside NLTK's own loop.

The shipped weights were learned from these corpora, so their own figures here would be too good: shown as ours are
those cross-validated by article that training wrote to sentiment.json. On the targets nothing was trained on
what is measured.
"""

import json
import os
import time
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
    ours_towards, peer_towards, n = towards()
    best = f"{peer_towards:.3f} (VADER on the sentence)"
    rows.append(("tone towards a target, macro F1", "NewsMTSC (Hamborg & Donnay 2021)", n, f"{ours_towards:.3f}", best))
    return rows


def towards() -> tuple[float, float, int]:
    """Macro F1 towards targets: ours, VADER's on the whole sentence, and the number of targets."""
    table = pd.read_json(GOLD / "sentiment_targets.jsonl", lines=True)
    vader = Vader()
    ours, peer = [], []
    for row in table.itertuples():
        document = wb.Document.from_text(row.text)
        ours.append(wb.entity_sentiment(document, [(row.start, row.end)])["label"][0])
        compound = vader.polarity_scores(row.text)["compound"]
        peer.append(int(compound > 0.05) - int(compound < -0.05))
    return macro_f1(table["label"], ours), macro_f1(table["label"], peer), len(table)


def macro_f1(truth: pd.Series, judged: list[int]) -> float:
    """The mean over the three labels of the harmonic mean of precision and recall."""
    found = pd.Series(judged, index=truth.index)
    scores = [2 * ((truth == x) & (found == x)).sum() / ((truth == x).sum() + (found == x).sum()) for x in (-1, 0, 1)]
    return float(sum(scores) / 3)


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
