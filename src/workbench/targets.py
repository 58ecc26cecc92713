"""The tone towards a target: the words around it, how each hangs on it in the parse, and a learned linear model."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from spacy.tokens import Doc, Span, Token

from workbench import tone

LABELS = (-1, 0, 1)
_NO_WORDS = frozenset(["NUM", "PROPN", "PUNCT", "SPACE", "SYM", "X"])
_FUNCTION_WORDS = frozenset(["AUX", "CCONJ", "DET", "PRON"])
_STEPPED_OVER = frozenset(["appos", "compound", "conj", "flat", "nmod", "nummod", "pcomp", "pobj"])
_WINDOW = 60
Features = list[tuple[str, float]]


def target_span(parsed: Doc, start: int, end: int) -> Span | None:
    """The tokens that the characters from `start` to `end` touch; None where there are none."""
    if not len(parsed) or not 0 <= start < end <= parsed[-1].idx + len(parsed[-1].text_with_ws):
        return None
    return parsed.char_span(start, end, alignment_mode="expand")


def relations(target: Span, context: Span) -> Iterator[tuple[Token, str]]:
    """Each token of `context` outside `target`, and how it hangs on the target in the parse.

    "^nsubj/dobj": up from the target as subject, down to an object, that is, what the target does something to. Steps
    that only join names, lists and prepositions to their objects are left out; at most two steps up and one down.
    """
    head: Token = target.root
    ups: dict[int, list[str]] = {head.i: []}
    steps: list[str] = []
    while head.head.i != head.i:
        steps = steps if head.dep_ in _STEPPED_OVER else [*steps, head.dep_][:3]
        head = head.head
        ups[head.i] = steps
    for token in context:
        if target.start <= token.i < target.end:
            continue
        node, down = token, ""
        while node.i not in ups and node.head.i != node.i:
            down = down if node.dep_ in _STEPPED_OVER else node.dep_
            node = node.head
        if node.i in ups:
            climbed = ups[node.i]
            yield token, "^".join(["", *climbed[:2]]) + "+" * (len(climbed) > 2) + "/" + down
        else:
            yield token, "far"


def known_relation(relation: str, known: frozenset[str]) -> str:
    """`relation`, or the nearest coarser one that was frequent in training."""
    climbed, _, down = relation.partition("/")
    first = "^".join(climbed.rstrip("+").split("^")[:2]) + "+" * (climbed.count("^") > 1)
    coarser = (relation, f"{climbed}/", f"{first}/{down}", f"{first}/")
    return next((name for name in coarser if name in known), "far")


def context_of(target: Span) -> Span:
    """The target's sentence, at most 60 tokens to either side."""
    sentence = target.root.sent
    first, last = min(sentence.start, target.start), max(sentence.end, target.end)
    return target.doc[max(first, target.start - _WINDOW) : min(last, target.end + _WINDOW)]


def features(target: Span, known: frozenset[str]) -> Iterator[tuple[Token | None, Features]]:
    """What the model sees, by the token that it comes from (None: from the target's place alone).

    Names count as names only: that a text is about somebody must not decide how it stands to them.
    """
    context = context_of(target)
    share = 2 / len(context) ** 0.5
    yield None, [(f"role|{target.root.dep_}", 1.0), (f"role|{target.root.dep_}^{target.root.head.dep_}", 1.0)]
    left, right = _neighbours(target, context, -1), _neighbours(target, context, 1)
    beside = [(f"l1|{left[0]}", 1.0), (f"l2|{left[1]}_{left[0]}", 1.0)]
    yield (target.doc[target.start - 1] if target.start > context.start else None), beside
    beside = [(f"r1|{right[0]}", 1.0), (f"r2|{right[0]}_{right[1]}", 1.0), (f"lr|{left[0]}_{right[0]}", 1.0)]
    yield (target.doc[target.end] if target.end < context.end else None), beside
    for token, relation in relations(target, context):
        if token.pos_ in _NO_WORDS:
            continue
        place = known_relation(relation, known)
        distance = target.start - token.i if token.i < target.start else token.i - target.end + 1
        negated = tone.negates(*(other.lower_ for other in context.doc[max(context.start, token.i - 3) : token.i]))
        lemma, factor = token.lemma_.lower(), -0.5 if negated else 1.0
        found = [(f"{place}|{lemma}{'!' * negated}", 1.0), (f"any|{lemma}", 1.0)]
        if distance <= 3:
            found.append((f"{'before' if token.i < target.start else 'after'}|{lemma}", 1.0))
        near = factor / (1 + distance / 3)
        weighings = [(place, factor), ("near", near), ("any", factor * share)]
        for source, score in word_scores(token.lower_):
            found += [(f"{source}@{where}", score * weight) for where, weight in weighings]
        if token.pos_ not in _FUNCTION_WORDS and (vector := word_vectors().get(token.lower_)) is not None:
            weighings += [("beside", factor)] * (distance <= 4)
            found += [(f"{i}@{where}", x * weight) for where, weight in weighings for i, x in enumerate(vector)]
        yield token, found


def _neighbours(target: Span, context: Span, side: int) -> list[str]:
    """The lemmas of the two tokens beside the target; "<" past the context's end, the word class of names."""
    places = [target.start - 1, target.start - 2] if side < 0 else [target.end, target.end + 1]
    tokens = [target.doc[i] if context.start <= i < context.end else None for i in places]
    return [
        "<" if t is None or t.is_space else t.pos_ if t.pos_ in ("PROPN", "NUM") else t.lemma_.lower() for t in tokens
    ]


@cache
def word_scores(word: str) -> list[tuple[str, float]]:
    """What the learned valence (times 5) and each source lexicon say of `word`, where they say anything."""
    table = _scores()
    return [(source, score) for source, score in table.get(word, {}).items() if score and score == score]


@cache
def _scores() -> dict[str, dict[str, float]]:
    table = tone.word_weights()
    return table.assign(weight=table["weight"] * 5).to_dict("index")


@cache
def word_vectors() -> dict[str, list[float]]:
    """What a word is like, in 24 numbers: principal components of MiniLM's vectors of the words."""
    lines = (tone.MODELS / "targets_words.tsv").read_text("utf-8").splitlines()
    return {word: [int(x) / 100 for x in numbers] for word, *numbers in (line.split("\t") for line in lines)}


@cache
def weights() -> dict[str, tuple[float, float, float]]:
    """The learned weights of each feature for the labels -1, 0 and 1; "intercept" is added once."""
    lines = (tone.MODELS / "targets.tsv").read_text("utf-8").rstrip("\n").split("\n")
    rows = (line.split("\t") for line in lines[1:])
    return {name: (float(negative), float(neutral), float(positive)) for name, negative, neutral, positive in rows}


@cache
def known_relations() -> frozenset[str]:
    return frozenset(name.partition("@")[2] for name in weights() if name.startswith("weight@")) | {"far"}


def judge(parsed: Doc, start: int, end: int) -> tuple[int, float, list[tuple[str, float]]]:
    """The label (-1, 0, 1), the score (-1 to 1), and the words that decided with their shares, largest first.

    The score is the chance of a positive tone less that of a negative one. A word's
    share is what it adds to the logit of positive less that of negative.
    """
    target = target_span(parsed, start, end)
    if target is None:
        return 0, 0.0, []
    learned = weights()
    logits = list(learned["intercept"])
    shares: dict[str, float] = {}
    for token, found in features(target, known_relations()):
        before = logits[2] - logits[0]
        for name, value in found:
            for label, weight in enumerate(learned.get(name, ())):
                logits[label] += weight * value
        if token is not None:
            shares[token.text] = shares.get(token.text, 0.0) + logits[2] - logits[0] - before
    chances = 1 / (1 + np.exp(-np.array(logits)))
    chances /= chances.sum()
    deciding = sorted(shares.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return LABELS[int(chances.argmax())], round(float(chances[2] - chances[0]), 4), deciding
