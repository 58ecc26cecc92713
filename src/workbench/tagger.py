"""Where names stand in a parse, and of which type: a conditional random field that repairs spaCy's entities."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

CORE = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
NUMBERS = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
KINDS = ["PERSON", "ORG", "PLACE", "OTHER"]
LABELS = ["O"] + [f"{place}-{kind}" for kind in KINDS for place in "BI"]
_CLASSES = ["title", "calendar", "says", "locative", "organisation", "land", "road", "built", "settlement"]
_CLASSES += ["contest", "event", "law", "currency"]
_LONGEST_PHRASE = 5


class Span(NamedTuple):
    """A name: its first token, the one past its last, its type, and how well each of `KINDS` fits it ((): spaCy's)."""

    start: int
    end: int
    type: str
    fits: tuple[float, ...] = ()


@cache
def gazetteer() -> dict[str, set[str]]:
    """Kinds by name, accents or not: city, region, country, demonym; female, male (first names), last (surnames)."""
    kinds: dict[str, set[str]] = {}
    for line in files("workbench").joinpath("models/gazetteer.tsv").read_text("utf-8").splitlines()[1:]:
        kind, name = line.split("\t")
        kinds.setdefault(name, set()).add(kind)
        if not name.isascii():
            kinds.setdefault(plain(name), set()).add(kind)
    return kinds


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Words in lower case by kind, from models/lexicon.tsv."""
    lines = files("workbench").joinpath("models/lexicon.tsv").read_text("utf-8").splitlines()[1:]
    return {kind: frozenset(words.split()) for kind, words in (line.split("\t") for line in lines)}


def plain(text: str) -> str:
    """`text` without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _looks(word: str) -> tuple[str, ...]:
    """What a word is by itself: its letters in lower case, the kinds of name or word it can be, its shape and end."""
    lower = word.lower()
    kinds = [*sorted(gazetteer().get(word, ())), *(kind for kind in _CLASSES if lower in lexicon()[kind])]
    return f"w={lower}", *(f"k={kind}" for kind in kinds), f"s={_shape(word)}", f"x={lower[-3:]}"


def _shape(word: str) -> str:
    if word.isalpha():
        if word.islower():
            return "x"
        if word.isupper():
            return "X" if len(word) == 1 else "XX"
        return "Xx" if word[0].isupper() and word[1:].islower() else "xX"
    if word.isdigit():
        return f"d{len(word[:5])}"
    return re.sub(r"(.)\1+", r"\1\1", re.sub("[A-Z]", "X", re.sub("[a-z]", "x", re.sub(r"\d", "d", plain(word[:20])))))[
        :6
    ]


def islands(parsed: Doc) -> Iterator[tuple[int, int]]:
    """Ranges of tokens that may hold names: capitals and spaCy's entities, the small words between, a noun after."""
    candidate = [token.text != token.lower_ and not token.is_space for token in parsed]
    for entity in parsed.ents:
        if entity.label_ not in NUMBERS:
            candidate[entity.start : entity.end] = [True] * len(entity)
    links = lexicon()["link"]
    starts = {sentence.start for sentence in parsed.sents}
    first = last = -1
    for i in [i for i, is_candidate in enumerate(candidate) if is_candidate] + [len(parsed) + 4]:
        gap = range(last, i)
        if first < 0 or len(gap) > 3 or any(parsed[j].lower_ not in links for j in gap) or starts & {*gap, i}:
            if first >= 0:
                noun_follows = last < len(parsed) and last not in starts and parsed[last].tag_ in ("NN", "NNS")
                yield first, last + noun_follows
            first = i
        last = i + 1


def features(parsed: Doc, typed: bool = True) -> list[tuple[tuple[int, int], list[list[str]]]]:
    """For each island, its range and what is seen at each of its tokens; `typed`: with the types spaCy gave."""
    size = len(parsed)
    words = [token.text for token in parsed]
    tags = [f"t={token.tag_}" for token in parsed]
    entity = ["e=O"] * size
    for span in parsed.ents:
        kind = "NUM" if span.label_ in NUMBERS else CORE.get(span.label_, span.label_) if typed else "ENT"
        for i in range(span.start, span.end):
            place = "U" if len(span) == 1 else "B" if i == span.start else "L" if i == span.end - 1 else "I"
            entity[i] = f"e={place}-{kind}"
    looks = [_looks(word) for word in words]
    found = []
    for start, end in islands(parsed):
        phrases = _phrases(words, start, end)
        rows = []
        first, past = -1, -1
        for i in range(start, end):
            if i >= past and words[i][:1].isupper():
                first, past = i, next((j for j in range(i, end) if not words[j][:1].isupper()), end)
            row = ["bias", *looks[i], tags[i], entity[i], *phrases.get(i, ())]
            row += [f"{entity[i]} {look}" for look in (*looks[i][1:-1], tags[i])]
            row.append(f"d={parsed[i].dep_}")
            for side, j in (("-", i - 1), ("+", i + 1)):
                if 0 <= j < size:
                    row += [side + look for look in (*looks[j][:-1], tags[j], entity[j])]
                    row.append(f"{side}{entity[j]} {entity[i]}")
            if i < past:
                row.append(f"run={min(i - first, 2)},{min(past - 1 - i, 2)}")
                sides = [("first ", first), ("last ", past - 1), ("before ", first - 1), ("after ", past)]
                if past < size and words[past] in {",", "(", "–"}:
                    sides.append(("beyond ", past + 1))
                for side, j in sides:
                    if 0 <= j < size:
                        row += [side + look for look in looks[j][:-2]]
                row += sorted({"run " + e[4:] for e in entity[first:past] if len(e) > 3})
            rows.append(row)
        found.append(((start, end), rows))
    return found


def _phrases(words: list[str], start: int, end: int) -> dict[int, list[str]]:
    """The gazetteer's names of several words among an island's tokens: place in it and kind, by token."""
    known = gazetteer()
    found: dict[int, list[str]] = {}
    i = start
    while i < end - 1:
        for length in range(min(_LONGEST_PHRASE, end - i), 1, -1):
            if kinds := known.get(" ".join(words[i : i + length])):
                for j in range(i, i + length):
                    found[j] = [f"p={'B' if j == i else 'I'}-{kind}" for kind in sorted(kinds)]
                i += length - 1
                break
        i += 1
    return found


class Model:
    """Weights of a conditional random field over `LABELS`: of what is seen at a token, and of a label after another."""

    def __init__(self, emissions: dict[str, NDArray[np.float64]], transitions: NDArray[np.float64]) -> None:
        self.emissions = emissions
        self.transitions = transitions

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, float]]) -> "Model":
        """The model of rows (feature, label, weight); a transition's feature is `after=` the label before."""
        emissions: dict[str, NDArray[np.float64]] = {}
        for feature, label, weight in rows:
            emissions.setdefault(feature, np.zeros(len(LABELS)))[LABELS.index(label)] = weight
        none = np.zeros(len(LABELS))
        return cls(emissions, np.array([emissions.pop(f"after={label}", none) for label in LABELS]))

    def spans(self, seen: Iterable[tuple[tuple[int, int], list[list[str]]]]) -> list[Span]:
        """The likeliest names in the islands that `features` found."""
        none = np.zeros(len(LABELS))
        found: list[Span] = []
        for (start, _), rows in seen:
            scores = np.array([sum((self.emissions.get(feature, none) for feature in row), none) for row in rows])
            labels = [*self._best(scores), "O"]
            first = None
            for i, label in enumerate(labels):
                if first is not None and label != f"I-{labels[first][2:]}":
                    fits = self._fits(scores[first:i])
                    found.append(Span(start + first, start + i, labels[first][2:], fits))
                    first = None
                if first is None and label != "O":
                    first = i
        return found

    def _fits(self, scores: NDArray[np.float64]) -> tuple[float, ...]:
        """The score of each kind for tokens that are one name."""
        inside = [
            self.transitions[begin, begin + 1] + (len(scores) - 2) * self.transitions[begin + 1, begin + 1]
            for begin in range(1, len(LABELS), 2)
        ]
        kinds = scores[0, 1::2] + scores[1:, 2::2].sum(axis=0) + (inside if len(scores) > 1 else 0)
        return tuple(kinds.tolist())

    def _best(self, scores: NDArray[np.float64]) -> list[str]:
        """Viterbi's path."""
        best, back = scores[0], []
        for row in scores[1:]:
            paths = best[:, None] + self.transitions
            back.append(paths.argmax(axis=0))
            best = paths.max(axis=0) + row
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return [LABELS[i] for i in reversed(path)]


@cache
def model() -> Model:
    """The trained model in models/tagger.tsv."""
    lines = files("workbench").joinpath("models/tagger.tsv").read_text("utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return Model.of((feature, label, float(weight)) for feature, label, weight in rows)


def names(parsed: Doc) -> list[Span]:
    """The names in a parse, in order: PERSON, ORG, PLACE as the model has it, others as spaCy.

    What only the model takes for a name of another kind is OTHER.
    """
    found = model().spans(features(parsed))
    taken = {i for span in found if span.type != "OTHER" for i in range(span.start, span.end)}
    others = []
    for entity in parsed.ents:
        start, end, kind = entity.start, entity.end, entity.label_
        if kind in CORE or kind in NUMBERS or not taken.isdisjoint(range(start, end)):
            continue
        wider = (s for s in found if s.start <= start and end <= s.end and parsed[s.start : s.end].text.istitle())
        if kind == "NORP" and (whole := next(wider, None)):
            start, end = whole.start, whole.end
        others.append(Span(start, end, kind))
    taken |= {i for span in others for i in range(span.start, span.end)}
    return sorted(s for s in [*found, *others] if s.type != "OTHER" or taken.isdisjoint(range(s.start, s.end)))


def place_type(parsed: Doc, start: int, end: int) -> str:
    """GPE, LOC or FAC: by the word that names the kind of place, else as spaCy has it."""
    words = {parsed[start].lower_, parsed[end - 1].lower_} if end > start + 1 else set()
    for kind, place in (("land", "LOC"), ("road", "FAC"), ("built", "FAC"), ("settlement", "GPE")):
        if words & lexicon()[kind]:
            return place
    given = [token.ent_type_ for token in parsed[start:end] if CORE.get(token.ent_type_) == "PLACE"]
    return given[0] if given else "GPE"
