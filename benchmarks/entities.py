"""Names found and named right, beside plain spaCy: on political sentences (CrossNER) and on articles marked by hand.

The model was trained on the sentences, so ours are cross-validated; that needs python-crfsuite and takes a minute.
The articles were never trained on, but the rules were written with them in view.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from workbench.analyses.entities import canonical as names, tagger
from workbench.documents.document import Document
from workbench.language.parsing import parse

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("tests", "training")]
training = import_module("tagger")
articles = import_module("articles").articles
Row = tuple[str, str, int, str, str]


def validity() -> list[Row]:
    """Rows of the validity table: measure, on what, n, ours, best peer."""
    rows = []
    if training.GOLD.exists() and find_spec("pycrfsuite"):
        sentences, made_up = training.read_sentences()
        ours = training.figures(training.cross_validated(sentences, made_up))
        spacy = training.figures([(training.counted(spacy_names(s.document), s), s.names) for s in sentences])
        on, n = "CrossNER politics, cross-validated", sum(len(s.names) for s in sentences)
        for measure, our, peer in zip(("span and type, F1", "span, F1"), ours, spacy, strict=True):
            rows.append((measure, on, n, f"{our:.3f}", f"{peer:.3f} (spaCy)"))
    else:
        print(f"sentences left out: {training.GOLD} or python-crfsuite is not there")
    return rows + on_articles()


def on_articles() -> list[Row]:
    """The rows of the articles marked by hand."""
    ours, peers, pairs, exact = [], [], [], 0
    for article in articles():
        document = Document.from_text(article.text)
        found = names.mentions(document)
        truth = {(r.start, r.end): (r.type, r.entity) for r in article.entities.itertuples()}
        typed = {(*span, kind) for span, (kind, _) in truth.items()}
        ours.append((set(zip(found.start, found.end, found.type, strict=True)), typed))
        others = [e for e in parse(document).ents if e.label_ not in tagger.NUMBERS]
        peers.append(({(e.start_char, e.end_char, e.label_) for e in others}, typed))
        for row in found.itertuples():
            if (row.start, row.end) in truth:
                name = truth[row.start, row.end][1]
                pairs.append(((article.name, row.entity), (article.name, name)))
                exact += row.entity == name
    n, on = sum(len(truth) for _, truth in ours), f"{len(ours)} articles marked by hand"
    our, peer = training.figures(ours), training.figures(peers)
    return [
        ("mention and type, F1", on, n, f"{our[0]:.3f}", f"{peer[0]:.3f} (spaCy)"),
        ("mention, F1", on, n, f"{our[1]:.3f}", f"{peer[1]:.3f} (spaCy)"),
        ("canonical names of mentions found, B-cubed F1", on, len(pairs), f"{b_cubed(pairs):.3f}", ""),
        ("canonical names of mentions found, the same as marked", on, len(pairs), f"{exact / len(pairs):.3f}", ""),
    ]


def spacy_names(document: Document) -> set[tuple[int, int, str]]:
    """Plain spaCy's persons, organisations and places, without leading article and possessive as in the corpus."""
    found = set()
    for entity in parse(document).ents:
        start, end = entity.start, entity.end
        start += entity[0].lower_ in {"the", "a", "an"}
        end -= entity[-1].text in {"'s", "’s", "'"}
        if start < end and entity.label_ in tagger.CORE:
            last = entity.doc[end - 1]
            found.add((entity.doc[start].idx, last.idx + len(last), tagger.CORE[entity.label_]))
    return found


def b_cubed(pairs: Iterable[tuple[object, object]]) -> float:
    """B-cubed F1 of a clustering, from (found, true) cluster of each item (Bagga & Baldwin 1998)."""
    pairs = list(pairs)
    found, true = defaultdict(set), defaultdict(set)
    for i, (a, b) in enumerate(pairs):
        found[a].add(i)
        true[b].add(i)
    precision = sum(len(found[a] & true[b]) / len(found[a]) for a, b in pairs) / len(pairs)
    recall = sum(len(found[a] & true[b]) / len(true[b]) for a, b in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def extra_time() -> float:
    """Processor time of finding names as a share of spaCy's, over the articles."""
    names.mentions(Document.from_text("Load what is loaded once, in London."))
    documents = [Document.from_text(article.text) for article in articles()]
    begun = time.process_time()
    for document in documents:
        parse(document)
    parsed = time.process_time()
    for document in documents:
        names.mentions(document)
    return (time.process_time() - parsed) / (parsed - begun)


def main() -> None:
    """Print the figures."""
    for measure, on, n, ours, peer in validity():
        print(f"{measure:55} {on:40} n {n:5}  ours {ours}  {peer}")
    print(f"processor time on top of spaCy's: {extra_time():.1%}")


if __name__ == "__main__":
    main()
