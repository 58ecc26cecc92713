"""What a notebook shows of a document as HTML without script: masthead, annotated article, folded tables."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from importlib import metadata
from itertools import pairwise
from typing import Literal, get_args

from workbench.analyses.entities.table import entities
from workbench.analyses.quotations import direct_speech, quotations, sources
from workbench.analyses.readability import counts
from workbench.analyses.sentiment import sentiment
from workbench.analyses.words import WORD
from workbench.display.tables import Html, folded, prose, term
from workbench.documents import Document, is_document, one_of
from workbench.language import model_name, paragraphs, per_document, pipeline
from workbench.measurement import NEUTRAL, Analysis, Finding, agreement, findings, number

LENGTHY = 8000  # characters from which on the annotated article is scrolled in a frame
TONES = (NEUTRAL, 0.15, 0.3)  # valences from which on a sentence is shaded, and shaded more
Mark = tuple[int, int, str, str]  # start, end, classes, evidence
LONG, DECISIVE = 12, 3  # rows of the table of validity; the first ones decide
DEPENDENCE = (
    "Sentences and paragraphs of one article resemble their neighbours: for another article like this one 95 % "
    "intervals are somewhat too narrow (of the tones of an article's two halves 92 % are not told apart, not 95 %)."
)
LINES = {"person": "persons", "org": "organisations", "norp": "peoples, parties", "gpe": "places and all others"}
TITLE = "workbench: a Jupyter research workbench for the people who study news"
YEAR = "2026"  # in which the version came out, as in CITATION.cff
Layer = Literal["quotations", "entities", "tone", "difficulty"]
LAYERS = get_args(Layer)


def masthead(document: Document, analysis: Analysis | Literal[""] = "") -> Html:
    """The document's title and its source line; with an `analysis`, its three findings too.

    >>> doc = wb.Document.from_text("It rained in Oslo.", metadata={"title": "Rain", "outlet": "Oslo Post"})
    >>> "Oslo Post · 4 words · nothing left out" in wb.masthead(doc)
    True
    """
    is_document(document)
    day, removed = document.metadata.get("date"), len(document.removed)
    written = f"{day.day} {day:%B %Y}" if isinstance(day, date) else day
    source = [str(part) for part in (document.metadata.get("outlet"), document.metadata.get("author"), written) if part]
    source.append(f"{number(len(document.text.split()))} words")
    source.append(f"{removed} line{'s' * (removed != 1)} left out" if removed else "nothing left out")
    points = "".join(f"<li>{_linked(said)}</li>" for said in (findings(document, analysis) if analysis else []))
    listed = f'<ul class="wb-findings">{points}</ul>' if points else ""
    return Html(
        f'<header class="wb-masthead"><h2>{escape(document.title)}</h2>'
        f'<p class="wb-source">{escape(" · ".join(source))}</p>{listed}</header>'
    )


def _linked(finding: Finding) -> str:
    html = prose(finding)
    for measure, words in finding.terms.items():
        html = html.replace(escape(words), term(measure, words), 1)
    return html


def left_out(document: Document) -> Html:
    """What cleaning took away, line by line with the reason.

    >>> "Nothing was left out" in wb.left_out(wb.Document.from_text("It rained."))
    True
    """
    is_document(document)
    return folded(document.removed, "What was left out", missing="Nothing was left out of the article.")


def validity(analysis: Analysis) -> Html:
    """How well the measures of `analysis` agree with human judgement, beside the best peer: what, on what, n, date.

    Of more than twelve rows the first three, which decide, stand open, and the others are folded. A sentence says
    what the intervals leave out.

    >>> "best peer" in wb.validity("quotations")
    True
    """
    table = agreement(analysis)
    first = len(table) if len(table) <= LONG else DECISIVE
    stated = folded(table.head(first), "Agreement with human judgement", open=True)
    rest = folded(table.iloc[first:], "Agreement with human judgement: all else") if first < len(table) else ""
    return Html(f"<p>{prose(DEPENDENCE)}</p>{stated}{rest}")


def cite(analysis: Analysis | Literal[""] = "") -> Html:
    """A sentence for a methods section, with versions and how valid the measures of `analysis` are; and BibTeX.

    >>> "@software{workbench" in wb.cite("sentiment")
    True
    """
    version, model = metadata.version("news-workbench"), pipeline(model_name()).meta["version"]
    made = f"workbench {version} (spaCy {metadata.version('spacy')}, {model_name()} {model})"
    said = [f"{analysis.capitalize() or 'All figures'} measured with {made}."]
    if analysis:
        known = agreement(analysis).head(DECISIVE).itertuples()
        rows = [f"{row.measure}: {row.ours} ({row.on}, n = {row.n})" for row in known]
        said.append(f"Agreement with human judgement: {'; '.join(rows)}.")
    fields = {"author": "{The workbench authors}", "title": TITLE, "year": YEAR, "version": version, "license": "MIT"}
    entry = "@software{workbench,\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}"
    return Html(
        f'<details class="wb-folded" id="how-to-cite"><summary>How to cite</summary><p>{escape(" ".join(said))}</p>'
        f"<pre>{escape(entry)}</pre></details>"
    )


def show(
    document: Document, layers: Sequence[Layer] = ("quotations", "entities"), places: Sequence[tuple[int, int]] = ()
) -> Html:
    """The annotated article. Each of `LAYERS` can be switched on and off in place; `layers` are on at first.

    Quotations are coloured by speaker and marked by kind, names underlined by type, sentences shaded by tone or by
    difficulty; hovering or focusing a passage shows the evidence. `places` (start, end) are pointed out.

    >>> doc = wb.Document.from_text("“We won,” said Ann Lee.")
    >>> "wb-q wb-direct wb-s1" in wb.show(doc, ["quotations"])
    True
    """
    is_document(document)
    for layer in [layers] if isinstance(layers, str) else layers:
        one_of("layer", layer, LAYERS)
    switches = "".join(
        f'<label><input type="checkbox" class="wb-switch-{layer}"{" checked" * (layer in layers)}> {layer}</label>'
        for layer in LAYERS
    )
    framed = ' class="wb-text wb-lengthy" tabindex="0"' if len(document.text) > LENGTHY else ' class="wb-text"'
    return Html(
        f'<section class="wb-reader"><fieldset class="wb-switches"><legend>Show</legend>{switches}</fieldset>'
        f"{_key(document)}<article{framed}>{_article(document, places or None)}</article></section>"
    )


def speakers(document: Document) -> list[str]:
    """Everyone who is quoted or reported, in the order of their share of the reported words.

    >>> wb.speakers(wb.Document.from_text("“We won,” said Ann Lee. “Not we,” said Bo Berg, who lost."))
    ['Ann Lee', 'Bo Berg']
    """
    spoken = quotations(document)
    spoken = spoken[(spoken.kind != "scare") & (spoken.speaker_entity != "")]
    shares = spoken.text.str.count(WORD.pattern).groupby(spoken.speaker_entity).sum()
    return [str(name) for name in shares.sort_values(ascending=False, kind="stable").index]


def first_passages(document: Document, of: str = "quotations") -> dict[str, str]:
    """The address, in the annotated article, of the first passage of each speaker or entity (`of` "entities").

    >>> wb.first_passages(wb.Document.from_text("It rained. “We won,” said Ann Lee."))
    {'Ann Lee': '#at-11'}
    """
    found = entities(document) if of == "entities" else quotations(document)
    name = "entity" if of == "entities" else "speaker_entity"
    first = found[found[name] != ""].drop_duplicates(name)
    return {str(who): f"#at-{start}" for who, start in zip(first[name], first.start, strict=True)}


def _colours(document: Document) -> dict[str, int]:
    """The number of each speaker's colour, from 1; 6 for all further ones."""
    return {speaker: min(place, 6) for place, speaker in enumerate(speakers(document), 1)}


def _key(document: Document) -> str:
    """The speakers with a colour of their own, and how many others there are."""
    colours = _colours(document)
    named = [name for name, colour in colours.items() if colour < 6]
    named += [f"{len(colours) - 5} others"] if len(colours) > 5 else []
    items = "".join(f'<li class="wb-q wb-s{colour}">{escape(name)}</li>' for colour, name in enumerate(named, 1))
    types = "".join(f'<li class="wb-e wb-{kind}">{text}</li>' for kind, text in LINES.items())
    listed = f'<ul class="wb-key" aria-label="Speakers">{items}</ul>' if items else ""
    return f'{listed}<ul class="wb-key wb-types" aria-label="Names by type">{types}</ul>'


@per_document
def _article(document: Document, places: Sequence[tuple[int, int]] | None = None) -> str:
    """The text with all marks, and the `places` pointed out."""
    pointed = [(start, end, "wb-chosen", "") for start, end in places or ()]
    return _annotated(document.text, [*_marks(document), *pointed])


def _marks(document: Document) -> Iterator[Mark]:
    """Each stretch to mark, layer by layer."""
    colours = _colours(document)
    how = sources(document).set_index("quotation")["how"].to_dict()
    for row in quotations(document).itertuples():
        found = f" ({how[row.quotation]})" if how.get(row.quotation) else ""
        cue = f", “{row.cue}”" if row.cue else ""
        evidence = f"{row.kind}: {row.speaker_entity or 'speaker unknown'}{found}{cue}, confidence {row.confidence:.2f}"
        yield row.start, row.end, f"wb-q wb-{row.kind} wb-s{colours.get(row.speaker_entity, 0)}", evidence
    for row in direct_speech(document).itertuples():
        yield row.start, row.end, f"wb-spoken wb-s{colours.get(row.speaker, 0)}", ""
    for row in entities(document).itertuples():
        yield row.start, row.end, f"wb-e wb-{row.type.lower()}", f"{row.entity} ({row.type})"
    for row in sentiment(document).itertuples():
        step = sum(abs(row.valence) > bound for bound in TONES)
        tone = "negative" if row.valence < 0 else "positive"
        yield row.start, row.end, f"wb-t wb-{tone}{step}" if step else "wb-t", f"tone {number(row.valence)}"
    for row in counts(document).query("kind == 'sentence'").itertuples():
        step = max(0, min(3, math.ceil(2 * row.difficulty)))
        evidence = f"difficulty {number(row.difficulty)}, {row.words} words"
        yield row.start, row.end, f"wb-hard{step}" if step else "", evidence


def _annotated(text: str, marks: Sequence[Mark]) -> str:
    """The text's paragraphs, cut wherever a mark begins or ends, each stretch with the classes of the marks over it."""
    opens, closes = (set(edges) for edges in zip(*paragraphs(text), strict=True)) if text.strip() else (set(), set())
    begun: dict[int, list[int]] = {}
    for place, mark in enumerate(marks):
        begun.setdefault(mark[0], []).append(place)
    pieces, places, within = [], list[int](), False
    for left, right in pairwise(sorted({*opens, *closes, *begun, *(mark[1] for mark in marks)})):
        places = sorted(place for place in [*places, *begun.get(left, ())] if marks[place][1] > left)
        within = left in opens or (within and left not in closes)
        if not within:
            continue
        over = [marks[place] for place in places]
        classes = " ".join(dict.fromkeys(name for mark in over for name in mark[2].split()))
        evidence = "; ".join(mark[3] for mark in over if mark[3])
        focus = ' tabindex="0"' if any(mark[0] == left and mark[2].startswith("wb-q") for mark in over) else ""
        name = f' id="at-{left}"' if any(mark[0] == left and mark[3] for mark in over) else ""
        opening = f'<mark class="{classes}" title="{escape(evidence)}"{focus}{name}>' if over else ""
        pieces.append(f"{'<p>' * (left in opens)}{opening}{escape(text[left:right])}{'</mark>' if over else ''}")
        pieces.append("</p>" * (right in closes))
    return "".join(pieces)
