"""Train tagger.tsv and types.npz in src/workbench/analyses/entities: where names stand, of which type they are.

`python training/tagger.py` reads the sets of `name_sets`, prints the figures of a two-fold cross-validation by text,
and writes the models trained on all. Needs python-crfsuite, and what `name_types` needs.
"""

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import name_sets
import name_types
import numpy as np
from name_sets import FOLDS, KINDS, ROOT, Text

from workbench.analyses.entities import canonical as names, mentions, tagger, types

PARAMETERS = {"c1": 0.6, "c2": 0.2, "max_iterations": 100}
MODELS = ROOT / "src/workbench/analyses/entities"
CHANGED = {"PERSON": 0.8, "ORG": 0.6, "PLACE": 0.4}
NAMES: dict[str, list[str]] = {}
for _name, _kinds in sorted(tagger.gazetteer().items()):
    for _kind in _kinds:
        NAMES.setdefault(_kind, []).append(_name)
ORGANISATIONS = sorted(word.capitalize() for word in tagger.lexicon()["organisation"] if len(word) > 3)


def renamed(record: dict, chance: random.Random) -> dict:
    """The sentence with most of its names made up, as spaCy knows the famous ones but not those in the local paper."""
    words, entities, ignored, moved = [], [], [], {}
    named = {first: (past, kind) for first, past, kind in record["entities"]}
    i = 0
    while i < len(record["words"]):
        moved[i] = len(words)
        past, kind = named.get(i, (i + 1, ""))
        old = record["words"][i:past]
        new = made_up(kind, old, chance) if kind and chance.random() < CHANGED[kind] else old
        if kind:
            entities.append([len(words), len(words) + len(new), kind])
        words += new
        i = past
    moved[i] = len(words)
    ignored = [[moved[a], moved[b]] for a, b, *_ in record["ignored"] if a in moved and b in moved]
    return {"id": record["id"], "words": words, "entities": entities, "ignored": ignored}


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
    if chance.random() < 0.5:
        return any_of("organisation").split()
    if len(old) == 1:
        acronym = "".join(chance.choices("ABCDEFGHILMNOPRSTU", k=chance.randint(3, 5)))
        return [acronym if old[0].isupper() else coined()]
    return [chance.choice([coined(), any_of("last", "city", "region").split()[0]]), chance.choice(ORGANISATIONS)]


def twins(texts: Iterable[Text]) -> list[Text]:
    """The political sentences with most of their names made up, in their folds."""
    chance = random.Random(0)
    folds = {text.id: text.fold for text in texts if text.domain == "politics"}
    found = [
        name_sets.of_words("made up", renamed(record, chance)) for record in name_sets.records("entities_politics")
    ]
    for text, fold in zip(found, folds.values(), strict=True):
        text.fold = fold
    return found


def labels(text: Text) -> list[str]:
    """A label a token; in sets without names of other types, those that spaCy finds are OTHER."""
    t = text.tokens
    spans = [(*span, KINDS.get(kind, "OTHER")) for span, kind in text.names.items()]
    spans += [(*span, "OTHER") for span in text.ignored]
    if text.domain in {"finer", "uner"}:
        others = [e for e in t.doc.ents if e.label_ not in tagger.NUMBERS and e.label_ not in tagger.CORE]
        apart = [e for e in others if not any(a < e.end_char and e.start_char < b for a, b in text.names)]
        spans += [(e.start_char + 4 * e.text.lower().startswith("the "), e.end_char, "OTHER") for e in apart]
    found = ["O"] * len(t.text)
    for start, end, kind in spans:
        inside = [i for i, at in enumerate(t.start) if at < end and start < t.end[i]]
        for i in inside:
            found[i] = f"{'B' if i == inside[0] else 'I'}-{kind}"
    return found


def train(texts: Iterable[Text]) -> list[tuple[str, str, float]]:
    """Feature, label and weight of a trained field; a transition's feature is `after=` the label before."""
    from pycrfsuite import Tagger, Trainer

    trainer = Trainer(verbose=False)
    trainer.set_params(PARAMETERS)
    for text in texts:
        labelled = labels(text)
        for (start, end), rows in tagger.features(text.tokens):
            trainer.append(rows, labelled[start:end])
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        model = Tagger()
        model.open(f"{folder}/model")
        learned = model.info()
    rows = [(feature, label, weight) for (feature, label), weight in learned.state_features.items()]
    rows += [(f"after={a}", b, weight) for (a, b), weight in learned.transitions.items()]
    return sorted((feature, label, round(weight, 3)) for feature, label, weight in rows if abs(weight) >= 0.02)


@contextmanager
def using(model: tagger.Model | None = None, learned: types.Learned | None = None) -> Iterator[None]:
    """With these models in the place of those shipped."""
    shipped = tagger.model, types.learned
    tagger.model, types.learned = (lambda: model or shipped[0]()), (lambda: learned or shipped[1]())
    try:
        yield
    finally:
        tagger.model, types.learned = shipped


class Trained:
    """The models of each fold, which did not see its texts, and what the networks learn from."""

    def __init__(self) -> None:
        self.texts = name_sets.read()
        self.made_up = twins(self.texts)
        everything = [*self.texts, *self.made_up]
        words, steps = name_types.reduced(self.texts)
        self.words, self.steps = words, steps
        vectors = np.vstack([steps * np.float32(name_types.STEP), np.zeros(steps.shape[1])]).astype(np.float32)
        self.vectors = types.Learned({word: i for i, word in enumerate(words)}, vectors, [])
        self.taggers = [tagger.Model.of(train(self._others(fold))) for fold in range(FOLDS)]
        self.seen, self.allowed, self.domains, self.folds = self._examples(everything)
        self.networks = [self._network(self.folds != fold) for fold in range(FOLDS)]

    def _others(self, fold: int) -> list[Text]:
        return [text for text in [*self.texts, *self.made_up] if text.fold != fold]

    def _examples(self, texts: Iterable[Text]) -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
        rows, allowed, of = [], [], []
        for text in texts:
            with using(self.taggers[text.fold], self.vectors):
                found = mentions.candidates(text.tokens, names.known())
                if not found:
                    continue
                seen = types.evidence(text.tokens, [tagger.Span(m.start, m.end, m.type, m.fits) for m in found])
            for row, kinds in zip(seen, name_types.targets(text, found, seen), strict=True):
                if kinds is not None:
                    rows.append(row)
                    allowed.append([kind in kinds for kind in types.TYPES])
                    of.append(text)
        domains, folds = [text.domain for text in of], np.array([text.fold for text in of])
        return np.array(rows, dtype=np.float32), np.array(allowed, dtype=np.float32), domains, folds

    def _network(self, rows: np.ndarray) -> list[np.ndarray]:
        domains = [domain for domain, kept in zip(self.domains, rows, strict=True) if kept]
        return name_types.fitted(self.seen[rows], self.allowed[rows], domains)

    def unseen(self, text: Text) -> Iterator[None]:
        """With the models that did not see the text."""
        return using(self.taggers[text.fold], self.vectors._replace(layers=self.networks[text.fold]))

    def write(self) -> None:
        """The models trained on all texts."""
        rows = train([*self.texts, *self.made_up])
        lines = ["feature\tlabel\tweight", *("\t".join(map(str, row)) for row in rows)]
        (MODELS / "tagger.tsv").write_text("\n".join(lines) + "\n", "utf-8")
        hidden, out = self._network(self.folds >= 0)
        words = np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8)
        weights = {"hidden": hidden.astype(np.float16), "out": out.astype(np.float32)}
        scale = np.full(self.steps.shape[1], name_types.STEP, dtype=np.float32)
        np.savez_compressed(MODELS / "types.npz", words=words, vectors=self.steps, scale=scale, **weights)


def main() -> None:
    """Print the cross-validated F1 of span and type by set, of persons, organisations, places; write the models."""
    trained = Trained()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for text in trained.texts:
        with trained.unseen(text):
            found = names.mentions(text.document)
        predicted = {
            (*name_types.trimmed(text.text, a, b), tagger.CORE[kind])
            for a, b, kind in zip(found["start"], found["end"], found["type"], strict=True)
            if kind in tagger.CORE
        }
        marked = {(*name_types.trimmed(text.text, *span), kind) for span, kind in text.core().items()}
        predicted = {s for s in predicted if not any(s[0] < b and a < s[1] for a, b in text.ignored)}
        for i, number in enumerate((len(predicted & marked), len(predicted), len(marked))):
            counts[text.domain][i] += number
    for domain, (right, predicted, marked) in counts.items():
        print(f"{domain:10} cross-validated F1 of span and type {2 * right / (predicted + marked):.3f}, n {marked}")
    trained.write()


if __name__ == "__main__":
    main()
