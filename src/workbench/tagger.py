"""Where names stand in a parse, and of which type: a conditional random field that repairs spaCy's entities."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

Span = tuple[int, int, str]  # first token, past the last token, type
CORE = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
NUMBERS = {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"}
LABELS = ["O"] + [f"{place}-{kind}" for kind in ("PERSON", "ORG", "PLACE", "OTHER") for place in "BI"]
_LINKS = set("of the for and to in on at & - – / ' ’ 's ’s . de la le les du des del di da do dos das e y et".split())
_LINKS |= set("van von der den zu bin ibn al el ni na ve".split())
_LONGEST_PHRASE = 5
_LAND = set("river sea ocean lake bay gulf strait cape island islands isles mount mountain mountains peninsula".split())
_LAND |= set("valley desert coast continent basin delta reef forest".split())
_BUILT = set("airport bridge street avenue road square station stadium prison palace tower hall building".split())
_BUILT |= set("castle cathedral museum park dam canal highway lane hotel harbour harbor terminal".split())


@cache
def gazetteer() -> dict[str, set[str]]:
    """Kinds (city, region, country, demonym, first, last) by name, with and without its accents."""
    kinds: dict[str, set[str]] = {}
    for line in files("workbench").joinpath("models/gazetteer.tsv").read_text("utf-8").splitlines()[1:]:
        kind, name = line.split("\t")
        kinds.setdefault(name, set()).add(kind)
        kinds.setdefault(plain(name), set()).add(kind)
    return kinds


def plain(text: str) -> str:
    """`text` without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _traits(word: str) -> tuple[str, str, str]:
    """How a word looks: its letters in lower case, its shape, and the gazetteer's kinds of it."""
    kinds = "+".join(sorted(gazetteer().get(word, ())))
    return word.lower(), _shape(word), kinds


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
    starts = {sentence.start for sentence in parsed.sents}
    first = last = -1
    for i in [i for i, is_candidate in enumerate(candidate) if is_candidate] + [len(parsed) + 4]:
        gap = range(last, i)
        if first < 0 or len(gap) > 3 or any(parsed[j].lower_ not in _LINKS for j in gap) or starts & {*gap, i}:
            if first >= 0:
                noun_follows = last < len(parsed) and last not in starts and parsed[last].tag_ in ("NN", "NNS")
                yield first, last + noun_follows
            first = i
        last = i + 1


def features(parsed: Doc) -> list[tuple[tuple[int, int], list[list[str]]]]:
    """For each island, its range and what is to be seen at each of its tokens."""
    size = len(parsed)
    words = [token.text for token in parsed]
    tags = [token.tag_ for token in parsed]
    entity = ["O"] * size
    for span in parsed.ents:
        kind = "NUM" if span.label_ in NUMBERS else CORE.get(span.label_, span.label_)
        for i in range(span.start, span.end):
            place = "U" if len(span) == 1 else "B" if i == span.start else "L" if i == span.end - 1 else "I"
            entity[i] = f"{place}-{kind}"
    lower, shapes, kinds = zip(*map(_traits, words), strict=True) if words else ((), (), ())
    capital = [word[:1].isupper() for word in words]
    found = []
    for start, end in islands(parsed):
        phrases = _phrases(words, start, end)
        rows = []
        run = (-1, -1)
        for i in range(start, end):
            if capital[i] and i >= run[1]:
                run = (i, next((j for j in range(i, end) if not capital[j]), end))
            here = entity[i]
            before, after = (entity[i - 1] if i else "^"), (entity[i + 1] if i + 1 < size else "$")
            row = [
                "bias",
                f"w={lower[i]}",
                f"suffix={lower[i][-3:]}",
                f"e={here}",
                f"t={tags[i]}",
                f"s={shapes[i]}",
                f"k={kinds[i]}",
                f"d={parsed[i].dep_}",
                f"es={here}|{shapes[i]}",
                f"et={here}|{tags[i]}",
                f"ek={here}|{kinds[i]}",
                f"ee-={before}|{here}",
                f"ee+={here}|{after}",
            ]
            for sign, j in (("-", i - 1), ("+", i + 1)):
                if 0 <= j < size:
                    row += [f"w{sign}={lower[j]}", f"t{sign}={tags[j]}", f"s{sign}={shapes[j]}", f"k{sign}={kinds[j]}"]
                    row.append(f"e{sign}={entity[j]}")
            if i in phrases:
                row.append(f"p={phrases[i]}")
            if i < run[1]:
                a, b = run
                row += [
                    f"rf={lower[a]}",
                    f"rl={lower[b - 1]}",
                    f"rb={lower[a - 1] if a else '^'}",
                    f"ra={lower[b] if b < size else '$'}",
                    f"rp={min(i - a, 2)}|{min(b - 1 - i, 2)}",
                    f"re={'+'.join(sorted({e[2:] for e in entity[a:b] if e != 'O'}))}",
                ]
            rows.append(row)
        found.append(((start, end), rows))
    return found


def _phrases(words: list[str], start: int, end: int) -> dict[int, str]:
    """The gazetteer's names of several words among an island's tokens: place in it and kind, by token."""
    known = gazetteer()
    found: dict[int, str] = {}
    i = start
    while i < end - 1:
        for length in range(min(_LONGEST_PHRASE, end - i), 1, -1):
            if kinds := known.get(" ".join(words[i : i + length])):
                kind = "+".join(sorted(kinds))
                found |= {j: f"{'B' if j == i else 'I'}-{kind}" for j in range(i, i + length)}
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
        for (start, end), rows in seen:
            scores = np.array([sum((self.emissions.get(feature, none) for feature in row), none) for row in rows])
            labels = [*self._best(scores), "O"]
            opened = None
            for i, label in enumerate(labels, start):
                if opened is not None and label != f"I-{labels[opened - start][2:]}":
                    found.append((opened, i, labels[opened - start][2:]))
                    opened = None
                if opened is None and label != "O":
                    opened = i
        return found

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
    """The names in a parse, in order: persons, organisations and places as the model sees them, the others as spaCy does.

    Types are spaCy's OntoNotes labels without those of numbers and dates.
    """
    found = [span for span in model().spans(features(parsed)) if span[2] != "OTHER"]
    taken = {i for start, end, _ in found for i in range(start, end)}
    others = [e for e in parsed.ents if e.label_ not in CORE and e.label_ not in NUMBERS]
    found += [(e.start, e.end, e.label_) for e in others if taken.isdisjoint(range(e.start, e.end))]
    places = {i: e.label_ for e in parsed.ents if CORE.get(e.label_) == "PLACE" for i in range(e.start, e.end)}
    return sorted((a, b, _place(parsed, a, b, places) if kind == "PLACE" else kind) for a, b, kind in found)


def _place(parsed: Doc, start: int, end: int, places: dict[int, str]) -> str:
    """GPE, LOC or FAC: by the word that names the kind of place, else as spaCy has it."""
    words = {parsed[start].lower_, parsed[end - 1].lower_} if end > start + 1 else set()
    if words & _LAND:
        return "LOC"
    if words & _BUILT:
        return "FAC"
    return next((places[i] for i in range(start, end) if i in places), "GPE")
