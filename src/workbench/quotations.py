"""Who says what: marks paired within paragraphs, cues and speakers through the parse, and the voices."""

import re

import pandas as pd
from spacy.tokens import Doc, Token

from workbench.documents import Document
from workbench.language import paragraphs, parse, per_document
from workbench.names import mentions

COLUMNS = [
    "quotation", "start", "end", "text", "kind", "speaker", "speaker_start", "speaker_end", "speaker_entity",
    "cue", "cue_start", "cue_end", "confidence",
]  # fmt: skip
_OFFSETS = ["speaker_start", "speaker_end", "cue_start", "cue_end"]
_MARKED = re.compile(r"“([^“”\n]+)(?:”|(?=\n|$))|\"([^\"\n]+)(?:\"|(?=\n|$))")
CUES = frozenset(
    [
        "say",
        "tell",
        "add",
        "ask",
        "note",
        "argue",
        "claim",
        "state",
        "explain",
        "write",
        "report",
        "warn",
        "insist",
        "announce",
        "declare",
        "reply",
        "stress",
    ]
)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Character ranges between double quotation marks, paired within each paragraph; an unclosed one ends with it."""
    spans = []
    for start, end in paragraphs(text):
        for match in _MARKED.finditer(text, start, end):
            spans.append(match.span(1 if match.group(1) else 2))
    return spans


@per_document
def _quotations(document: Document) -> pd.DataFrame:
    parsed = parse(document)
    names = mentions(document)
    rows: list[dict[str, object]] = []
    for number, (start, end) in enumerate(quoted_spans(document.text)):
        cue = _cue(parsed, start, end)
        speaker = _subject(cue) if cue is not None else None
        words = len(document.text[start:end].split())
        row: dict[str, object] = dict.fromkeys(COLUMNS)
        row |= {"quotation": number, "start": start, "end": end, "text": document.text[start:end], "confidence": 0.5}
        row |= {
            "kind": "direct" if cue is not None and words > 2 else "scare",
            "speaker": "",
            "speaker_entity": "",
            "cue": "",
        }
        if cue is not None:
            row |= {"cue": cue.text, "cue_start": cue.idx, "cue_end": cue.idx + len(cue)}
        if speaker is not None:
            span = parsed[speaker.left_edge.i : speaker.i + 1]
            known = names[(names.start < span.end_char) & (names.end > span.start_char)]
            row |= {"speaker": span.text, "speaker_start": span.start_char, "speaker_end": span.end_char}
            row |= {"speaker_entity": known.entity.iloc[-1] if len(known) else span.text}
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype(dict.fromkeys(["quotation", "start", "end", *_OFFSETS], "Int64") | {"confidence": float})


def quotations(document: Document) -> pd.DataFrame:
    """A row a piece of quoted speech, in the order of the text; columns as `COLUMNS`.

    Pieces of one quotation share `quotation`; offsets are characters in `document.text`; `kind` is direct, mixed,
    indirect or scare; `confidence` runs from 0 to 1.
    """
    return _quotations(document).copy()


def voices(document: Document, spans: pd.DataFrame) -> pd.DataFrame:
    """The voice (narration or quotation) and speaker of each row of `spans` (start, end), on the same index."""
    speech = _quotations(document)
    speech = speech[speech.kind.isin(["direct", "mixed"])]
    found = []
    for start, end in zip(spans.start, spans.end, strict=True):
        overlap = (speech.end.clip(upper=end) - speech.start.clip(lower=start)).clip(lower=0)
        quoted = overlap.sum() > (end - start) / 2
        found.append(("quotation", speech.speaker_entity[overlap.idxmax()]) if quoted else ("narration", ""))
    return pd.DataFrame(found, columns=["voice", "speaker"], index=spans.index)


def _cue(parsed: Doc, start: int, end: int) -> Token | None:
    """The nearest reporting verb outside the marks, in the sentences that the quotation touches."""
    inside = parsed.char_span(start, end, alignment_mode="expand") or parsed[:1]
    first, last = inside[0].sent, inside[-1].sent
    near = [t for t in parsed[first.start : last.end] if t.lemma_ in CUES and not start <= t.idx < end]
    return min(near, key=lambda t: min(abs(t.i - inside.start), abs(t.i - inside.end)), default=None)


def _subject(cue: Token) -> Token | None:
    return next((child for child in cue.children if child.dep_ in ("nsubj", "nsubjpass")), None)
