"""Train tagger.tsv and types.npz in src/workbench/analyses/entities: where names stand, of which type they are.

`python training/tagger.py` reads the sets of `name_sets`, prints the figures of a two-fold cross-validation by text,
and writes the models trained on all. Needs python-crfsuite, and what `name_types` needs.
"""

import tempfile
import zlib
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
            told = [[side + one for side, seen in row for one in seen] for row in rows]
            trainer.append(told, labelled[start:end])
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


@contextmanager
def half_listed() -> Iterator[None]:
    """With half of the organisations gone from the gazetteer: a name that isn't in it may be one all the same."""
    shipped, listed = tagger.gazetteer, tagger.gazetteer()
    gone = {name for name, kinds in listed.items() if "organisation" in kinds and zlib.crc32(name.encode()) % 2}
    cut = {name: kinds - {"organisation"} if name in gone else kinds for name, kinds in listed.items()}
    found = {name: kinds for name, kinds in cut.items() if kinds}
    tagger.gazetteer = lambda: found
    try:
        _forget()
        yield
    finally:
        tagger.gazetteer = shipped
        _forget()


def _forget() -> None:
    tagger._looks.cache_clear()
    types._kinds.cache_clear()


class Trained:
    """The models of each fold, which did not see its texts, and what the networks learn from."""

    def __init__(self) -> None:
        self.texts = name_sets.read()
        words, steps = name_types.reduced(self.texts)
        self.words, self.steps = words, steps
        vectors = np.vstack([steps * np.float32(name_types.STEP), np.zeros(steps.shape[1])]).astype(np.float32)
        self.vectors = types.Learned({word: i for i, word in enumerate(words)}, vectors, [])
        with half_listed():
            self.taggers = [tagger.Model.of(*zip(*train(self._others(fold)), strict=True)) for fold in range(FOLDS)]
            self.seen, self.allowed, self.domains, self.folds = self._examples(self.texts)
        self.networks = [self._network(self.folds != fold) for fold in range(FOLDS)]

    def _others(self, fold: int) -> list[Text]:
        return [text for text in self.texts if text.fold != fold]

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
        with half_listed():
            rows = train(self.texts)
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
