"""Train src/workbench/analyses/entities/tagger.tsv: the conditional random field that repairs spaCy's entities.

`python training/tagger.py` reads entities_politics.jsonl in ../shared/gold or $WORKBENCH_GOLD, prints the figures of a
five-fold cross-validation by sentence, and writes the model trained on all sentences. Needs python-crfsuite.
"""

import json
import os
import random
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.analyses.entities import canonical as names, tagger
from workbench.documents.document import Document
from workbench.language.parsing import tokens

ROOT = Path(__file__).parents[1]
GOLD = Path(os.environ.get("WORKBENCH_GOLD", ROOT.parent / "shared/gold")) / "entities_politics.jsonl"
PARAMETERS = {"c1": 0.6, "c2": 0.2, "max_iterations": 150}
FOLDS = 5
CHANGED = {"PERSON": 0.8, "ORG": 0.4, "PLACE": 0.4}
NAMES: dict[str, list[str]] = {}
for _name, _kinds in sorted(tagger.gazetteer().items()):
    for _kind in _kinds:
        NAMES.setdefault(_kind, []).append(_name)
ORGANISATIONS = sorted(word.capitalize() for word in tagger.lexicon()["organisation"] if len(word) > 3)


def renamed(record: dict, chance: random.Random) -> dict:
    """The sentence with most of its names made up, as spaCy knows the famous ones but not those in the local paper."""
    words, entities, ignored, moved = [], [], [], {}
    names = {first: (past, kind) for first, past, kind in record["entities"]}
    i = 0
    while i < len(record["words"]):
        moved[i] = len(words)
        past, kind = names.get(i, (i + 1, ""))
        old = record["words"][i:past]
        new = made_up(kind, old, chance) if kind and chance.random() < CHANGED[kind] else old
        if kind:
            entities.append([len(words), len(words) + len(new), kind])
        words += new
        i = past
    moved[i] = len(words)
    ignored = [[moved[a], moved[b]] for a, b, *_ in record["ignored"] if a in moved and b in moved]
    return {"words": words, "entities": entities, "ignored": ignored}


def made_up(kind: str, old: list[str], chance: random.Random) -> list[str]:
    """A name of the same kind."""

    def any_of(*kinds: str) -> str:
        return chance.choice(NAMES[chance.choice(kinds)])

    def coined() -> str:
        first, second = any_of("last", "city").split()[0], any_of("last", "region").split()[0]
        return first[: max(2, len(first) // 2)] + second[len(second) // 2 :].lower()

    if kind == "PERSON":
        first, last = any_of("female", "male"), any_of("last")
        last = coined() if chance.random() < 0.3 else last
        return [last] if len(old) == 1 else [coined() if chance.random() < 0.2 else first, last]
    if kind == "PLACE":
        return [coined()] if chance.random() < 0.5 else any_of("city", "region").split()
    if len(old) == 1:
        acronym = "".join(chance.choices("ABCDEFGHILMNOPRSTU", k=chance.randint(3, 5)))
        return [acronym if old[0].isupper() else coined()]
    return [chance.choice([coined(), any_of("last", "city", "region").split()[0]]), chance.choice(ORGANISATIONS)]


class Sentence:
    """A gold sentence parsed: its text, its names and other names as character spans."""

    def __init__(self, record: dict) -> None:
        self.text = " ".join(record["words"])
        starts = [0]
        for word in record["words"]:
            starts.append(starts[-1] + len(word) + 1)
        self.names = {(starts[a], starts[b] - 1, kind) for a, b, kind in record["entities"]}
        self.ignored = {(starts[a], starts[b] - 1) for a, b, *_ in record["ignored"]}
        self.document = Document.from_text(self.text)
        self.tokens = tokens(self.document)
        self.seen = tagger.features(self.tokens)
        self.untyped = tagger.features(self.tokens, typed=False)

    def labels(self) -> list[str]:
        """A label a token."""
        labels = ["O"] * len(self.tokens.text)
        for start, end, kind in [*self.names, *((*span, "OTHER") for span in self.ignored)]:
            inside = [i for i, at in enumerate(self.tokens.start) if at < end and start < self.tokens.end[i]]
            for i in inside:
                labels[i] = f"{'B' if i == inside[0] else 'I'}-{kind}"
        return labels


def train(sentences: Sequence[Sentence], path: str) -> None:
    """Write a CRFsuite model of the sentences' islands to `path`."""
    from pycrfsuite import Trainer

    trainer = Trainer(verbose=False)
    trainer.set_params(PARAMETERS)
    for sentence in sentences:
        labels = sentence.labels()
        for (start, end), rows in sentence.seen + sentence.untyped:
            trainer.append(rows, labels[start:end])
    trainer.train(path)


def weights(path: str) -> list[tuple[str, str, float]]:
    """Feature, label and weight of a CRFsuite model; a transition's feature is `after=` the label before."""
    from pycrfsuite import Tagger

    model = Tagger()
    model.open(path)
    learned = model.info()
    rows = [(feature, label, weight) for (feature, label), weight in learned.state_features.items()]
    rows += [(f"after={a}", b, weight) for (a, b), weight in learned.transitions.items()]
    return sorted((feature, label, round(weight, 3)) for feature, label, weight in rows if abs(weight) >= 0.02)


def found(document: Document, model: tagger.Model) -> set[tuple[int, int, str]]:
    """What `canonical` finds in a document with this model: start, end, PERSON, ORG or PLACE."""
    shipped, tagger.model = tagger.model, lambda: model
    try:
        mentions = names.mentions(document)
    finally:
        tagger.model = shipped
    rows = zip(mentions["start"], mentions["end"], mentions["type"], strict=True)
    return {(start, end, tagger.CORE[kind]) for start, end, kind in rows if kind in tagger.CORE}


def counted(predicted: set[tuple[int, int, str]], sentence: "Sentence") -> set[tuple[int, int, str]]:
    """The predictions that touch no ignored name."""
    return {s for s in predicted if not any(s[0] < end and start < s[1] for start, end in sentence.ignored)}


def f1(pairs: Iterable[tuple[set, set]]) -> float:
    """Of pairs of predicted and true sets."""
    pairs = list(pairs)
    return 2 * sum(len(p & t) for p, t in pairs) / max(1, sum(len(p) + len(t) for p, t in pairs))


def figures(pairs: Sequence[tuple[set, set]]) -> tuple[float, float]:
    """F1 of span and type, and of the span alone."""
    return f1(pairs), f1(({s[:2] for s in p}, {s[:2] for s in t}) for p, t in pairs)


def read_sentences() -> tuple[list[Sentence], list[Sentence]]:
    """The gold sentences in a fixed random order, and each with its names made up."""
    records = [json.loads(line) for line in GOLD.open(encoding="utf-8")]
    chance = random.Random(0)
    chance.shuffle(records)
    return [Sentence(record) for record in records], [Sentence(renamed(record, chance)) for record in records]


def cross_validated(sentences: Sequence[Sentence], made_up_ones: Sequence[Sentence]) -> list[tuple[set, set]]:
    """Predicted and true names of each sentence, by a model that saw neither it nor its twin."""
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        for fold in range(FOLDS):
            seen = [i for i in range(len(sentences)) if i % FOLDS != fold]
            train([twins[i] for i in seen for twins in (sentences, made_up_ones)], f"{folder}/{fold}")
            model = tagger.Model.of(weights(f"{folder}/{fold}"))
            pairs += [(counted(found(s.document, model), s), s.names) for s in sentences[fold::FOLDS]]
    return pairs


def main() -> None:
    sentences, made_up_ones = read_sentences()
    typed, span = figures(cross_validated(sentences, made_up_ones))
    print(f"cross-validated F1: span and type {typed:.3f}, span {span:.3f}")
    with tempfile.TemporaryDirectory() as folder:
        train([*sentences, *made_up_ones], f"{folder}/all")
        rows = weights(f"{folder}/all")
    lines = ["feature\tlabel\tweight", *("\t".join(map(str, row)) for row in rows)]
    (ROOT / "src/workbench/analyses/entities/tagger.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(rows)} weights written")


if __name__ == "__main__":
    main()
