"""Names found and typed right, beside plain spaCy, on texts of six kinds; canonical names on articles marked by hand.

Ours is cross-validated by text: each is read by models that learned from the others. Needs what training/tagger.py
needs; sets that are not here are left out. The articles were never trained on, but the rules were written with them
in view. The run ends with an error where a figure of ours lies below plain spaCy's.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from workbench.analyses.entities import canonical as names, tagger
from workbench.documents.document import Document
from workbench.language.parsing import parse

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("tests", "training")]
name_sets, name_types = import_module("name_sets"), import_module("name_types")
articles = import_module("articles").articles
Row = tuple[str, str, int, str, str]
Names = set[tuple[int, int, str]]
ON = {
    "general": "general news of 2004/5 and 2023",
    "reuters": "Reuters reports of 1996",
    "politics": "CrossNER politics",
    "finer": "financial news (FiNER)",
    "uner": "web texts (UNER)",
    "world": "newspapers outside the West",
}
# Organisations, some of them listed nowhere, and persons, in frames that fit both.
ORGANISATIONS = (
    "Procter & Gamble|Tesco|Siemens|Carrefour|Tata Motors|Petrobras|Eskom|Qantas|Hyundai|Ericsson|Safaricom|Cemex|"
    "Fiat|Repsol|Aston Villa|Kaizer Chiefs|Mumbai Indians|Chicago Bears|Olympique Lyonnais|Flamengo|Oxfam|Barnardo's|"
    "Environmental Protection Agency|Reserve Bank of India|Médecins Sans Frontières|Red Cross|Ofcom|Network Rail|"
    "Vestas|Ørsted|Grupo Bimbo|Falabella|Sasol|Dangote Group|Jollibee|Petronas|Maybank|Singtel|Garuda Indonesia|"
    "Pertamina|Fonterra|Air New Zealand|Tim Hortons|Loblaw|Bouygues|Pirelli|Barilla|Lego|Spar|Migros|Turkish Airlines|"
    "ActionAid|WaterAid|Care International|Islamic Relief|Sparta Prague|Dinamo Zagreb|Rosenborg|Peñarol|"
    "Raja Casablanca|Urawa Red Diamonds|Financial Conduct Authority|Competition and Markets Authority|"
    "Federal Trade Commission|Central Election Commission|Maruti Suzuki|Ooredoo|Etisalat|Banco do Brasil|"
    "Brightwell Foods|Kestrel Dynamics|Norvik|Tellurian Mining|Harrow & Finch|Pellworth|Zentara|Moorfield United|"
    "Dunholm Athletic|Ravensgate Capital|Helping Hands for Nepal|Association of Small Brewers|Office for Water Safety|"
    "Institute for Rural Studies|Lindqvist Marine|Okonjo Textiles|Sato Precision|Varga Pharma|Bluefin Energy|"
    "Quayside Trust|Grupo Alcázar|Banque Merlon|Hartmann Werke|Tarnovia Steel|Silverlake Partners|Deepa Foundation|"
    "Campaign for Better Buses|Kirkmuir Thistle|Brolin & Sons|Vexalis|Omdurman Cement|Puerto Sereno Wanderers"
)
PERSONS = (
    "Maria Keller|Thabo Nkosi|Chidi Okafor|Anita Desai|Rajesh Kumar|Li Wei|Hiroshi Tanaka|Kim Min-jun|Fatima Mansour|"
    "Carlos Mendoza|Lucía Fernández|João Silva|Pierre Lefebvre|Hans Gruber|Ingrid Svensson|Olga Petrova|Marek Nowak|"
    "Giulia Rossi|Patrick O'Brien|Emily Clarke|James Whitfield|Kwame Mensah|Aisha Bello|Ahmad Rizal|"
    "Ayşe Yılmaz|Yael Cohen|Henry Ford|Michael Dell|Walt Harper|Grace Chen|Sofia Papadopoulos|Jan de Vries"
)
FRAMES = (  # none of those in training/frames.txt
    "A spokesman for {} declined to comment.",
    "{} said it would appeal.",
    "Critics of {} were not surprised.",
    "The decision was welcomed by {}.",
    "Supporters of {} gathered outside the court.",
)


@cache
def figures() -> dict[tuple[str, str], tuple[int, float, float]]:
    """How many names, our F1 and spaCy's, by set and measure: span, typed, or a type."""
    trained = import_module("tagger").Trained()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for text in (text for text in trained.texts if text.domain in ON):
        with trained.unseen(text):
            ours = names.mentions(text.document)
        found = set(zip(ours["start"], ours["end"], ours["type"], strict=True))
        spacy = {
            (e.start_char, e.end_char, e.label_) for e in parse(text.document).ents if e.label_ not in tagger.NUMBERS
        }
        sides = {"gold": {(*span, kind) for span, kind in text.names.items()}, "ours": found, "spacy": spacy}
        sides = {who: {kept for n in side if (kept := _counted(text, n))} for who, side in sides.items()}
        for who, side in sides.items():
            for name in side:
                for measure in ("typed", name[2]):
                    counts[text.domain, measure][who] += 1
                    counts[text.domain, measure][f"{who} right"] += name in sides["gold"]
            spans = {name[:2] for name in side}
            counts[text.domain, "span"][who] += len(spans)
            counts[text.domain, "span"][f"{who} right"] += len(spans & {name[:2] for name in sides["gold"]})

    def f1(count: Counter[str], who: str) -> float:
        return 2 * count[f"{who} right"] / (count[who] + count["gold"])

    return {key: (n["gold"], f1(n, "ours"), f1(n, "spacy")) for key, n in sorted(counts.items()) if n["gold"]}


def _counted(text, name: tuple[int, int, str]) -> tuple[int, int, str] | None:
    """The name with the set's types, trimmed; None where the set doesn't mark its kind."""
    start, end, kind = *name_types.trimmed(text.text, *name[:2]), name[2]
    if text.domain != "general":
        kind = name_sets.KINDS.get(kind, "MISC")
    unmarked = kind == "MISC" and text.domain != "reuters"
    return None if unmarked or any(a < end and start < b for a, b in text.ignored) else (start, end, kind)


def validity() -> list[Row]:
    """Rows of the validity table: measure, on what, n, ours, best peer."""
    rows = []
    if name_sets.GOLD.exists() and find_spec("pycrfsuite"):
        order = [*ON]  # the figures over all types first, as tables show the first rows at once
        found = sorted(figures().items(), key=lambda row: (row[0][1] != "typed", order.index(row[0][0]), row[0][1]))
        for (domain, measure), (n, ours, spacy) in found:
            label = {"span": "span, F1", "typed": "span and type, F1"}.get(measure, f"{measure}, F1")
            rows.append((label, f"{ON[domain]}, cross-validated", n, f"{ours:.3f}", f"{spacy:.3f} (spaCy)"))
    else:
        print(f"sets left out: {name_sets.GOLD} or python-crfsuite is not there")
    return rows + on_plain_sentences() + on_articles()


def on_plain_sentences() -> list[Row]:
    """Of organisations, in our lists and in none, and of persons in plain sentences, the share typed so."""
    listed = {name for name, kinds in tagger.gazetteer().items() if "organisation" in kinds} | {*names.known()}
    organisations, persons = ORGANISATIONS.split("|"), PERSONS.split("|")
    groups = {
        "organisations in our lists": ("ORG", [name for name in organisations if name in listed]),
        "organisations in none": ("ORG", [name for name in organisations if name not in listed]),
        "persons": ("PERSON", persons),
    }
    rows = []
    for group, (kind, members) in groups.items():
        ours = spacy = n = 0
        for frame in FRAMES:
            start = frame.index("{")
            for name in members:
                document, n = Document.from_text(frame.format(name)), n + 1
                found = names.mentions(document)
                ours += (start, start + len(name), kind) in set(zip(found.start, found.end, found.type, strict=True))
                spacy += (name, kind) in {(e.text, e.label_) for e in parse(document).ents}
        on = f"plain sentences, {group}"
        rows.append((f"typed {kind}, share", on, n, f"{ours / n:.3f}", f"{spacy / n:.3f} (spaCy)"))
    return rows


def on_articles() -> list[Row]:
    """The rows of the articles marked by hand."""
    pairs, exact, counts = [], 0, Counter()
    for article in articles():
        document = Document.from_text(article.text)
        truth = {(r.start, r.end): r.entity for r in article.entities.itertuples()}
        typed = {(r.start, r.end, r.type) for r in article.entities.itertuples()}
        found = names.mentions(document)
        ours = set(zip(found["start"], found["end"], found["type"], strict=True))
        spacy = [(*name_types.trimmed(article.text, e.start_char, e.end_char), e.label_) for e in parse(document).ents]
        spacy = {name for name in spacy if name[2] not in tagger.NUMBERS}
        counts.update(gold=len(typed), ours=len(ours), spacy=len(spacy))
        counts.update({"ours right": len(ours & typed), "spacy right": len(spacy & typed)})
        for row in found.itertuples():
            if (row.start, row.end) in truth:
                name = truth[row.start, row.end]
                pairs.append(((article.name, row.entity), (article.name, name)))
                exact += row.entity == name
    on = "20 articles marked by hand"
    f1 = [2 * counts[f"{who} right"] / (counts[who] + counts["gold"]) for who in ("ours", "spacy")]
    return [
        ("span and type, F1", on, counts["gold"], f"{f1[0]:.3f}", f"{f1[1]:.3f} (spaCy)"),
        ("canonical names of mentions found, B-cubed F1", on, len(pairs), f"{b_cubed(pairs):.3f}", ""),
        ("canonical names of mentions found, the same as marked", on, len(pairs), f"{exact / len(pairs):.3f}", ""),
    ]


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
    """Print the figures; fail where one of ours lies below plain spaCy's."""
    rows = validity()
    for measure, on, n, ours, peer in rows:
        print(f"{measure:55} {on:50} n {n:5}  ours {ours}  {peer}")
    print(f"processor time on top of spaCy's: {extra_time():.1%}")
    below = [f"{measure} on {on}: {ours} to {peer}" for measure, on, _, ours, peer in rows if peer and ours < peer[:5]]
    if below:
        raise SystemExit("below plain spaCy:\n" + "\n".join(below))


if __name__ == "__main__":
    main()
