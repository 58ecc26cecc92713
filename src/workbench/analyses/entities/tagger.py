"""Where names stand in a parse, and of which type: a conditional random field that repairs spaCy's entities."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.language import STEPS, Tokens, word_lists

CORE = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
NUMBERS = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
KINDS = ["PERSON", "ORG", "PLACE", "OTHER"]
LABELS = ["O"] + [f"{place}-{kind}" for kind in KINDS for place in "BI"]
_OTHERS = ["PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"]
OPENS = CORE | dict.fromkeys(NUMBERS, "NUM") | dict.fromkeys(_OTHERS, "OTHER") | {"NORP": "NORP", "": "O"}
_GROUPS = list(dict.fromkeys(OPENS.values()))
_STEPS = [0.02, 0.1, 0.3, 0.7, 0.9, 0.98]  # of a likelihood, as the model sees it
CLASSES = "title calendar says locative organisation land road built settlement contest event law currency".split()
QUOTES = {'"', "“", "”", "''", "``", "'", "‘", "’"}
_LONGEST_PHRASE = 5
# Features that share their beginning: it, and what follows.
Seen = tuple[str, tuple[str, ...]]


class Span(NamedTuple):
    """A name: its first token, the one past its last, its type, and how well each of `KINDS` fits it ((): spaCy's)."""

    start: int
    end: int
    type: str
    fits: tuple[float, ...] = ()


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table beside this file, without its heading."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return (line.split("\t") for line in lines[1:])


@cache
def gazetteer() -> dict[str, frozenset[str]]:
    """Kinds by name, accents or not: city, region, country, demonym; female, male (first names), last (surnames)."""
    found: dict[str, frozenset[str]] = {}
    for kinds, alike in table("gazetteer.tsv"):
        found.update(dict.fromkeys(alike.split("|"), frozenset(kinds.split())))
    return found


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Words in lower case by kind, from lexicon.tsv."""
    return word_lists(Path(__file__).with_name("lexicon.tsv"))


def plain(text: str) -> str:
    """`text` without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _looks(word: str) -> tuple[str, ...]:
    """What a word is by itself: its letters in lower case, the kinds of name or word it can be, its shape and end."""
    word = "_".join(word.split()) or "_"
    lower = word.lower()
    kinds = [*sorted(gazetteer().get(word, ())), *(kind for kind in CLASSES if lower in lexicon()[kind])]
    return f"w={lower}", *(f"k={kind}" for kind in kinds), f"s={_shape(word)}", f"x={lower[-3:]}"


def _shape(word: str) -> str:
    if word.isdigit():
        return f"d{len(word[:5])}"
    if word.isalpha():
        mixed = "Xx" if word[1:].islower() else "xX"
        return "x" if word.islower() else "XX"[: len(word)] if word.isupper() else mixed
    letters = re.sub(r"[a-z\d]", "x", re.sub("[A-Z]", "X", plain(word[:20])))
    return re.sub(r"(.)\1+", r"\1\1", letters)[:6]


def is_given(name: str) -> bool:
    """Whether it is known as a first name."""
    return not gazetteer().get(name, set()).isdisjoint({"female", "male"})


def islands(t: Tokens) -> Iterator[tuple[int, int]]:
    """Ranges of tokens that may hold names: capitals and spaCy's entities, the small words between, a noun after."""
    candidates = {i for i, (word, lower) in enumerate(zip(t.text, t.lower, strict=True)) if word != lower}
    candidates |= {i for e in t.doc.ents if e.label_ not in NUMBERS for i in range(e.start, e.end)}
    links, starts = lexicon()["link"], {start for start, _ in t.sentence}
    found: list[list[int]] = []
    for i in sorted(candidates):
        gap = range(found[-1][1], i) if found else range(4)
        if len(gap) > 3 or starts & {*gap, i} or any(t.lower[j] not in links for j in gap):
            found.append([i, i])
        found[-1][1] = i + 1
    for start, end in found:
        noun_follows = end < len(t.text) and end not in starts and t.tag[end] in ("NN", "NNS")
        yield start, end + noun_follows


def likely(t: Tokens, types: Sequence[str], at: Sequence[int]) -> NDArray[np.float64]:
    """How likely spaCy takes the tokens `at` for the first of a name of each of `types` ("": of none): a row a token.

    From its recogniser's scores of the steps that open a name, or leave a token out; else from the names it found.
    """
    if (steps := t.doc.user_data.get(STEPS)) is None:
        return np.array([[kind == t.entity[i] for kind in types] for i in at], dtype=float).reshape(-1, len(types))
    names, scores = steps
    opens = [i for i, name in enumerate(names) if name[:2] in {"B-", "U-", "O"}]
    scores = scores[np.ix_(at, opens)]
    shown = np.exp(scores - scores.max(axis=1, keepdims=True))
    sums = shown @ np.array([[names[i][2:] == kind for kind in types] for i in opens], dtype=float)
    return sums / shown.sum(axis=1, keepdims=True)


@lru_cache(maxsize=10_000)
def _odds(steps: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"q={kind}{step}" for kind, step in zip(_GROUPS, steps, strict=True) if step)


def features(t: Tokens) -> list[tuple[tuple[int, int], list[list[Seen]]]]:
    """For each island, its range and what is seen at each of its tokens."""
    size, words = len(t.text), t.text
    looks = [_looks(word) for word in words]
    ranges = list(islands(t))
    within = [i for start, end in ranges for i in range(start, end)]
    given = likely(t, sorted(OPENS), within) @ [[OPENS[kind] == group for group in _GROUPS] for kind in sorted(OPENS)]
    odds = dict(zip(within, map(_odds, map(tuple, np.searchsorted(_STEPS, given).tolist())), strict=True))
    tags = [f"t={tag}" for tag in t.tag]
    entity = ["e=O"] * size
    for span in t.doc.ents:
        kind = "NUM" if span.label_ in NUMBERS else CORE.get(span.label_, span.label_)
        places = "U" if len(span) == 1 else "B" + "I" * (len(span) - 2) + "L"
        entity[span.start : span.end] = [f"e={place}-{kind}" for place in places]
    found = []
    for start, end in ranges:
        phrases = _phrases(words, start, end)
        rows = []
        past = -1
        for i in range(start, end):
            tag, own = tags[i], entity[i]
            row: list[Seen] = [
                ("", ("bias", tag, own, f"d={t.dep[i]}", f"{own} {tag}", *phrases.get(i, ()))),
                ("", looks[i]),
                ("", odds[i]),
                (f"{own} ", looks[i][1:-1]),
            ]
            for side, j in (("-", i - 1), ("+", i + 1)):
                if 0 <= j < size:
                    row += [(side, looks[j][:-1]), (side, (tags[j], entity[j], f"{entity[j]} {own}"))]
            if i >= past and words[i][:1].isupper():
                first, past = i, next((j for j in range(i, end) if not words[j][:1].isupper()), end)
                run = ("run ", (*odds[i], *sorted({e[4:] for e in entity[i:past] if e != "e=O"})))
                sides = [("first ", i), ("last ", past - 1), ("before ", i - 1), ("after ", past)]
                if past < size and words[past] in {",", "(", "–"}:
                    sides.append(("beyond ", past + 1))
                around = [run, *((side, looks[j][:-2]) for side, j in sides if 0 <= j < size)]
            if i < past:  # in a run of capitals
                row += [("run=", (f"{min(i - first, 2)},{min(past - 1 - i, 2)}",)), *around]
            rows.append(row)
        found.append(((start, end), rows))
    return found


def _phrases(words: list[str], start: int, end: int) -> dict[int, list[str]]:
    """The gazetteer's names of several words among an island's tokens: place in it and kind, by token."""
    known = gazetteer()
    found: dict[int, list[str]] = {}
    i = start
    while i < end:
        ahead = (" ".join(words[i:j]) for j in range(min(i + _LONGEST_PHRASE, end), i + 1, -1))
        phrase = next((phrase for phrase in ahead if phrase in known), "")
        length = len(phrase.split())
        for j in range(length):
            found[i + j] = [f"p={'I' if j else 'B'}-{kind}" for kind in sorted(known[phrase])]
        i += max(length, 1)
    return found


class Model(NamedTuple):
    """A conditional random field over `LABELS`: `places` of the rows of weights for what is seen; the last row is 0."""

    places: Callable[[str, tuple[str, ...]], tuple[int, ...]]
    weights: NDArray[np.float64]
    transitions: NDArray[np.float64]

    @classmethod
    def of(cls, features: Sequence[str], labels: Sequence[str], values: Sequence[float]) -> "Model":
        """The model of so many weights of features for labels; a transition's feature is `after=` the label before."""
        rows = {feature: i for i, feature in enumerate(dict.fromkeys(features))}
        columns = {label: i for i, label in enumerate(LABELS)}
        weights = np.zeros((len(rows) + 1, len(LABELS)))
        weights[[rows[feature] for feature in features], [columns[label] for label in labels]] = values

        @lru_cache(maxsize=200_000)
        def places(side: str, seen: tuple[str, ...]) -> tuple[int, ...]:
            return tuple(rows[side + one] for one in seen if side + one in rows)

        return cls(places, weights, weights[[rows.get(f"after={label}", -1) for label in LABELS]])

    def spans(self, seen: Iterable[tuple[tuple[int, int], list[list[Seen]]]]) -> list[Span]:
        """The likeliest names in the islands that `features` found."""
        seen, places = list(seen), self.places
        at, starts = [-1], []
        for row in (row for _, rows in seen for row in rows):
            starts.append(len(at))
            at.append(-1)
            for side, those in row:
                at += places(side, those)
        if not seen:
            return []
        summed = np.add.reduceat(self.weights[at], starts)
        found: list[Span] = []
        for (start, end), _ in seen:
            scores, summed = summed[: end - start], summed[end - start :]
            labels = [LABELS[i] for i in self._best(scores)]
            names: list[list[int]] = []
            for i, label in enumerate(labels):
                if i and label[0] == "I" and label[2:] == labels[i - 1][2:]:
                    names[-1][1] = i + 1
                elif label != "O":
                    names.append([i, i + 1])
            found += [Span(start + i, start + j, labels[i][2:], self._fits(scores[i:j])) for i, j in names]
        return found

    def _best(self, scores: NDArray[np.float64]) -> list[int]:
        """The likeliest labels, by Viterbi's path."""
        best, back = scores[0], []
        for row in scores[1:]:
            paths = best[:, None] + self.transitions
            back.append(paths.argmax(axis=0))
            best = paths.max(axis=0) + row
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return path[::-1]

    def _fits(self, scores: NDArray[np.float64]) -> tuple[float, ...]:
        """The score of each kind for tokens that are one name."""
        begin = np.arange(1, len(LABELS), 2)
        fits = scores[0, begin] + scores[1:, begin + 1].sum(axis=0)
        if len(scores) > 1:
            fits += self.transitions[begin, begin + 1]
            fits += (len(scores) - 2) * self.transitions[begin + 1, begin + 1]
        return tuple(fits.tolist())


@cache
def model() -> Model:
    """The trained model in tagger.tsv."""
    written = Path(__file__).with_name("tagger.tsv").read_text("utf-8")
    cells = written.replace("\n", "\t").split("\t")[3:-1]  # without the three heads, and what is past the last line
    return Model.of(cells[::3], cells[1::3], [*map(float, cells[2::3])])


def names(t: Tokens) -> list[Span]:
    """The names in a parse, in order: PERSON, ORG, PLACE or OTHER as the model has it, and spaCy's others beside."""
    found = model().spans(features(t))
    taken = {i for span in found for i in range(span.start, span.end)}
    unfit = (0.0,) * len(KINDS)
    given = [(e, CORE.get(e.label_, e.label_)) for e in t.doc.ents if e.label_ not in NUMBERS]
    others = [Span(e.start, e.end, kind, unfit if kind in KINDS else ()) for e, kind in given]
    return sorted([*found, *(s for s in others if taken.isdisjoint(range(s.start, s.end)))])
