"""The articles marked by hand, the tests' truth: every quotation and every name in them, from tests/articles/*.xml.

Marks in the XML, nested where they nest, tags and all white space but the outermost line breaks left out of the text:

- `<q id kind speaker>`: a piece of a quotation. Pieces of one quotation share `id`; the first says `kind` (direct: at
  least 90 % of its letters between quotation marks, or a turn of a transcript; mixed: some; indirect: a clause without
  any; scare: in marks, but not speech) and
  `speaker`, the canonical name, or of someone unnamed the noun phrase without determiner, number and what follows the
  noun. As in PolNeAR, a piece holds its quotation marks and what stands within them, and the conjunction ("that", "to",
  "whether"), but not the comma or full stop after it; a quotation goes on, across paragraphs too, until another cue.
  A noun phrase ("rejected the offer") is no quotation, but its words in marks may be ("called it 'a bribe'"); nor is
  what is not said ("declined to say") or what nobody says ("a principle, which says that"). A quotation within another
  is a quotation of its own.
- `<source for>` and `<cue for>`: who is said to speak (with title and apposition) and by which word, for which ids.
- `<e type name metonym>`: a name, without title, leading "the" and possessive 's; `name` is the canonical one, a
  demonym's its adjective ("Russians": Russian); `metonym` is the country whose government is meant.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

FOLDER = Path(__file__).with_name("articles")
QUOTATION_COLUMNS = ["quotation", "start", "end", "text", "kind", "speaker", "speaker_start", "speaker_end"]
QUOTATION_COLUMNS += ["speaker_entity", "cue", "cue_start", "cue_end"]
ENTITY_COLUMNS = ["start", "end", "text", "type", "entity", "metonym"]
NOWHERE = ("", -1, -1)


@dataclass(frozen=True, eq=False)
class Article:
    """A hand-marked article; `source` is the seed whose cleaned text `text` is, or None.

    `quotations`: a row a piece, with the columns of `wb.quotations` without confidence; where nobody is named as
    speaking or no word as cue, "" and -1. `entities`: a row a mention.
    """

    name: str
    source: str | None
    style: str
    text: str
    quotations: pd.DataFrame
    entities: pd.DataFrame


@cache
def articles() -> list[Article]:
    """All hand-marked articles, by name."""
    return [_article(path) for path in sorted(FOLDER.glob("*.xml"))]


def _article(path: Path) -> Article:
    root = ElementTree.parse(path).getroot()
    text, spans = _text_and_spans(root)
    return Article(
        path.stem,
        root.get("source"),
        root.get("style", ""),
        text,
        _quotations(text, [span for span in spans if span[2].tag != "e"]),
        _entities(text, [span for span in spans if span[2].tag == "e"]),
    )


def _text_and_spans(root: ElementTree.Element) -> tuple[str, list[tuple[int, int, ElementTree.Element]]]:
    """The text inside `root` and (start, end, element) for each element in it, in order of their starts."""
    pieces, spans = [], []

    def walk(element: ElementTree.Element, start: int) -> int:
        position = start
        index = len(spans)
        spans.append((start, start, element))
        for piece, child in [(element.text, None), *((child.tail, child) for child in element)]:
            if child is not None:
                position = walk(child, position)
            pieces.append(piece or "")
            position += len(piece or "")
        spans[index] = (start, position, element)
        return position

    walk(root, 0)
    whole = "".join(pieces)
    margin = len(whole) - len(whole.lstrip("\n"))
    return whole.strip("\n"), [(start - margin, end - margin, element) for start, end, element in spans[1:]]


def _quotations(text: str, spans: list[tuple[int, int, ElementTree.Element]]) -> pd.DataFrame:
    first, places = {}, {"source": {}, "cue": {}}
    for start, end, element in spans:
        if element.tag == "q":
            first.setdefault(element.get("id"), element)
        else:
            for number in element.get("for").split():
                places[element.tag].setdefault(number, (text[start:end], start, end))
    rows = [
        (
            int(number := element.get("id")),
            *(start, end, text[start:end], first[number].get("kind")),
            *places["source"].get(number, NOWHERE),
            first[number].get("speaker", ""),
            *places["cue"].get(number, NOWHERE),
        )
        for start, end, element in spans
        if element.tag == "q"
    ]
    return pd.DataFrame(rows, columns=QUOTATION_COLUMNS)


def _entities(text: str, spans: list[tuple[int, int, ElementTree.Element]]) -> pd.DataFrame:
    rows = [
        (start, end, text[start:end], element.get("type"), element.get("name"), element.get("metonym", ""))
        for start, end, element in spans
    ]
    return pd.DataFrame(rows, columns=ENTITY_COLUMNS)
