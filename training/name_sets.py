"""Texts with their names marked, of six kinds of news and web text, for training/tagger.py and benchmarks/entities.py.

From ../shared/gold or $WORKBENCH_GOLD: general news, Reuters of 1996, politics. From $WORKBENCH_NAMES, a folder with
clones of public repositories, where it is set: FiNER (gtfintechlab/FiNER), UNER_English-EWT (UniversalNER), and
en-worldwide-newswire (stanfordnlp), of which 330 articles are taken. From frames.txt beside this file: plain
sentences about names of the gazetteer and about names made from them, like none that exist.
"""

import gzip
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from csv import DictReader
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from workbench.analyses.entities import tagger
from workbench.documents import Document
from workbench.language import Tokens, tokens

ROOT = Path(__file__).parents[1]
GOLD = Path(os.environ.get("WORKBENCH_GOLD", ROOT.parent / "shared/gold"))
CLONES = Path(os.environ.get("WORKBENCH_NAMES", "clones"))
WORLDWIDE = 330
FRAMED = {"ORG": 2000, "PERSON": 2000, "GPE": 500}  # sentences
MADE_UP = 0.4  # of organisations and persons
RECURS = 4  # organisations from which on a word in their names is of none of them: "Foods", "Grupo"
FOLDS = 2
FINER = "O B-PER I-PER B-LOC I-LOC B-ORG I-ORG".split()

KINDS = {"PERSON": "PERSON", "PER": "PERSON", "Person": "PERSON", "ORG": "ORG", "Organization": "ORG"}
KINDS |= dict.fromkeys(("PLACE", "GPE", "LOC", "FAC", "Location", "Facility"), "PLACE")


@dataclass(eq=False)
class Text:
    """A text of a set: its names, by start and end, with the set's own word for their type; those of no known type."""

    domain: str
    id: str
    text: str
    names: dict[tuple[int, int], str]
    ignored: list[tuple[int, int]] = field(default_factory=list)
    fold: int = 0

    @cached_property
    def document(self) -> Document:
        return Document.from_text(self.text, name=self.id)

    def core(self) -> dict[tuple[int, int], str]:
        """The names of persons, organisations and places by these words."""
        return {span: KINDS[kind] for span, kind in self.names.items() if kind in KINDS}

    @property
    def tokens(self) -> Tokens:
        return tokens(self.document)


def read() -> list[Text]:
    """The texts of all sets that are here, each in one of FOLDS, the same at every call."""
    found = [*_general(), *_reuters(), *_politics(), *_finer(), *_uner(), *_worldwide(), *_framed()]
    chance = random.Random(5)
    by_domain = defaultdict(list)
    for text in found:
        by_domain[text.domain].append(text)
    for texts in by_domain.values():
        order = [*texts]
        chance.shuffle(order)
        for i, text in enumerate(order):
            text.fold = i % FOLDS
    return found


def _general() -> Iterator[Text]:
    for record in records("names_general"):
        yield Text("general", record["id"], record["text"], {(a, b): kind for a, b, kind, _ in record["mentions"]})


def _reuters() -> Iterator[Text]:
    for record in records("names_reuters"):
        yield Text("reuters", record["id"], record["text"], {(a, b): kind for a, b, kind in record["entities"]})


def _politics() -> Iterator[Text]:
    for record in records("entities_politics"):
        yield _of_words(record)


def _of_words(record: dict) -> Text:
    """A record of CrossNER, its words joined by spaces."""
    starts = [0]
    for word in record["words"]:
        starts.append(starts[-1] + len(word) + 1)
    names = {(starts[a], starts[b] - 1): kind for a, b, kind in record["entities"]}
    ignored = [(starts[a], starts[b] - 1) for a, b, *_ in record["ignored"]]
    return Text("politics", str(record["id"]), " ".join(record["words"]), names, ignored)


def records(name: str) -> Iterator[dict]:
    """The records of a gold set."""
    return (json.loads(line) for line in (GOLD / f"{name}.jsonl").open(encoding="utf-8"))


def _finer() -> Iterator[Text]:
    folder = CLONES / "FiNER/data/news_data"
    for part in ("train", "val", "test") if folder.exists() else ():
        texts, words = defaultdict(list), defaultdict(list)
        with gzip.open(folder / f"{part}_input_df.csv.gz", "rt", encoding="utf-8") as file:
            for row in sorted(DictReader(file), key=lambda row: int(row["sent_idx"])):
                texts[row["doc_idx"]].append(row["text"])
        with gzip.open(folder / f"{part}_gold_data.csv.gz", "rt", encoding="utf-8") as file:
            for row in DictReader(file):
                words[row["doc_idx"]].append((row["gold_token"], FINER[int(row["gold_label"])]))
        for i, labelled in words.items():
            text = " ".join(texts[i])
            yield Text("finer", f"{part}{i}", text, _names(text, labelled)[0])


def _uner() -> Iterator[Text]:
    folder = CLONES / "UNER_English-EWT"
    for part in ("dev", "test") if folder.exists() else ():
        documents: dict[str, Text] = {}
        for block in (folder / f"en_ewt-ud-{part}.iob2").read_text("utf-8").split("\n\n"):
            lines = block.split("\n")
            name = next((line.split("= ")[1] for line in lines if line.startswith("# newdoc")), None)
            document = documents.setdefault(name or [*documents][-1], Text("uner", name or "", "", {}))
            sentence = next((line[9:] for line in lines if line.startswith("# text = ")), "")
            start = len(document.text) + 1 if document.text else 0
            document.text = f"{document.text} {sentence}".strip()
            words = [line.split("\t")[1:3] for line in lines if line and line[0] != "#"]
            document.names |= {(a + start, b + start): kind for (a, b), kind in _names(sentence, words)[0].items()}
        yield from documents.values()


def _worldwide() -> Iterator[Text]:
    folder = CLONES / "en-worldwide-newswire"
    found = []
    for path in sorted((folder / "processed_annotated").glob("*.tsv")):
        source = folder / "original_articles" / path.name.removesuffix(".tsv")
        text = source.read_text("utf-8", errors="replace").replace("\r", "") if source.exists() else ""
        rows = [line.split("\t") for line in path.read_text("utf-8").split("\n") if "\t" in line]
        names, lost = _names(text, [(row[0], row[1].strip() or "O") for row in rows])
        if text and lost <= max(3, 0.02 * len(rows)):
            names = {span: kind for span, kind in names.items() if kind not in {"Date", "Money"}}
            found.append(Text("world", path.name, text, names))
    random.Random(0).shuffle(found)
    yield from found[:WORLDWIDE]


def _framed() -> Iterator[Text]:
    chance = random.Random(7)
    lines = (line.split(": ", 1) for line in Path(__file__).with_name("frames.txt").read_text("utf-8").splitlines())
    frames = {kind: listed.split("|") for kind, listed in lines}
    listed = defaultdict(list)
    for name, kinds in sorted(tagger.gazetteer().items()):
        for kind in kinds:
            listed[kind].append(name)
    organisations = [name for name in listed["organisation"] if name[0].isupper() and len(name) < 40]
    recurring = {
        word for word, n in Counter(word for name in organisations for word in name.split()).items() if n >= RECURS
    }
    for kind, number in FRAMED.items():
        for i in range(number):
            if kind == "ORG":
                name = chance.choice(organisations)
            elif kind == "PERSON":
                name = f"{chance.choice(listed[chance.choice(['female', 'male'])])} {chance.choice(listed['last'])}"
            else:
                name = chance.choice(listed[chance.choice(["city", "country", "region"])])
            if kind != "GPE" and chance.random() < MADE_UP:
                kept = recurring if kind == "ORG" else {chance.choice([*name.split(), ""])}
                name = " ".join(word if word in kept else _made_up(word, chance) for word in name.split())
            frame = chance.choice(frames[kind] + (frames["ANY"] if kind != "GPE" else []))
            if frame.startswith(("Mr {}", "Ms {}")):
                name = name.split()[-1]
            start = frame.index("{")
            yield Text("framed", f"{kind}{i}", frame.format(name), {(start, start + len(name)): kind})


def _made_up(word: str, chance: random.Random) -> str:
    """A word like none, but as long and with vowels and consonants in the same places; a common or short one itself."""
    if len(word) < 5 or not word.istitle() or word.lower() in tagger.lexicon()["organisation"]:
        return word
    letters = list(word)
    for i in chance.sample(range(len(word)), 3):
        pool = "aeiou" if letters[i].lower() in "aeiou" else "bcdfghklmnprstvz"
        letters[i] = chance.choice(pool.upper() if i == 0 else pool)
    return "".join(letters)


def _names(text: str, words: Iterable[Sequence[str]]) -> tuple[dict[tuple[int, int], str], int]:
    """Names by start and end from words labelled B, I and O, and how many words the text doesn't have in order."""
    names: dict[tuple[int, int], str] = {}
    past = lost = 0
    last: tuple[int, int] | None = None
    for word, label in words:
        start = text.find(word, past)
        if start < 0 or start - past > 40:
            lost, last = lost + 1, None
            continue
        past = start + len(word)
        begins, kind = label[:1], label[2:]
        if begins == "O":
            last = None
        elif begins in "BS" or last is None or names[last] != kind:
            last = (start, past)
            names[last] = kind
        else:
            names[last[0], past] = names.pop(last)
            last = (last[0], past)
    return names, lost
