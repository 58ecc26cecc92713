"""How each news database lays out the articles of an export: a table of patterns, and the reader of them all."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from workbench.documents.cleaning import patterns
from workbench.documents.metadata import parsed_date
from workbench.documents.wrapping import Lines

Fields = dict[str, str]
Blocks = list[list[str]]  # lines above a text, set apart by blank ones
Parts = tuple[Fields, Lines]  # what is known of an article, and the lines of its body

MARK = "\ue000"  # after the name of a part that only an element's class tells
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Layout:
    """How the exports of a database look, by the patterns of `layouts.tsv`, which says what each is."""

    name: str
    known_by: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    labels: re.Pattern[str] = _NEVER
    first: re.Pattern[str] | None = None
    last: re.Pattern[str] | None = None
    only: re.Pattern[str] | None = None
    skips: re.Pattern[str] = _NEVER
    begins: re.Pattern[str] = re.compile("")
    beside: re.Pattern[str] = _NEVER
    spans: str = ""
    above: str = ""
    suspect: tuple[re.Pattern[str], ...] = ()

    def parts(self, lines: Lines) -> Parts:
        """What the lines of an article say of it, and those of its text."""
        fields: Fields = {}
        above: Blocks = []
        body: Lines = []
        opened = closed = False
        key = ""
        for block in _blocks(lines):
            above.append([])
            key = key if self.spans == "label" else ""
            for number, line in block:
                opening = self.opens.match(line)
                if opening and "text" in self.opens.groupindex:
                    body.append((number, opening["text"] or ""))
                    closed = False
                    continue
                may_end = self.spans != "block" or number == block[0][0]
                if body and not closed and not (may_end and self.closes.match(line)):
                    body.append((number, line))
                    continue
                closed = closed or bool(body)
                said = [found for part in self.beside.split(line) if (found := self.labels.match(part))]
                for found in said:
                    named = found.groupdict()
                    value = named.pop("value") or ""
                    key = next((name for name, label in named.items() if label), "other")
                    if not closed or key not in fields:
                        fields[key] = value
                skipped = self.skips.match(line)
                opened = opened or (opening is not None and not skipped)
                if said or skipped:
                    continue
                closed = closed or (opened and self.closes.match(line) is not None)
                if self.spans and opening:
                    key = "other"
                elif self.spans and key:
                    fields[key] = f"{fields.get(key, '')} {line.strip()}"
                elif opened and not opening and not closed and self.begins.match(line.strip()):
                    body.append((number, line))
                elif not closed:
                    above[-1].append(line.strip())
            if body and not closed:
                body.append((block[-1][0], ""))
        known = _ABOVE[self.above](above, fields, body) if self.above else {}
        return {key: value for key, value in (known | fields).items() if key not in ("header", "other")}, body


_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright\b)", re.I)


def _blocks(lines: Lines) -> list[Lines]:
    """Runs of lines without a blank one."""
    blocks: list[Lines] = [[]]
    for row in lines:
        if row[1].strip():
            blocks[-1].append(row)
        elif blocks[-1]:
            blocks.append([])
    return blocks if blocks[-1] else blocks[:-1]


def _dated(line: str) -> bool:
    return len(line.split()) <= 14 and not _COPYRIGHT.match(line) and parsed_date(line) is not None


def _outlet_date_title(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    texts = [" ".join(block) for block in blocks if block]
    date = next((text for text in texts if _dated(text)), "")
    return dict(zip(("outlet", "title"), (text for text in texts if text != date), strict=False)) | {"date": date}


def _title_outlet_date(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    """The lines before the last date, back to a blank one; where that sets the outlet apart, to the one before it."""
    lines = [line for block in blocks for line in [*block, ""]]
    date = next((i for i in reversed(range(len(lines))) if _dated(lines[i])), None)
    if date is None:
        return {}
    above = [list(filter(None, block.split("\n"))) for block in "\n".join(lines[:date]).split("\n\n")]
    above = [block for block in above if block]
    titled = above[-1] if above else []
    if len(titled) == 1 and above[1:]:
        titled = above[-2] + titled
    return {"date": lines[date], "outlet": titled[-1] if titled else "", "title": " ".join(titled[:-1])}


def _section_title_author(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    """Factiva's: a section and an author may lack; below them length, date and outlet."""
    rows = [line for block in blocks for line in block]
    words = next((i for i, line in enumerate(rows[:12]) if _WORDS.fullmatch(line)), None)
    if words is None:  # what has been taken for the text began too early
        body.clear()
        return {}
    head, below = rows[:words], rows[words + 1 :]
    known = {"length": rows[words]}
    if head[1:] and (
        re.match(r"(?:by|par|von)\b", head[-1], re.I) or (len(head[-1].split()) <= 5 and head[-1].istitle())
    ):
        known["author"] = head.pop()
    if head[1:] and len(head[0].split()) <= 4:
        known["section"] = head.pop(0)
    date = next((i for i, line in enumerate(below) if _dated(line)), len(below))
    outlet = (line for line in below[date + 1 :] if not re.fullmatch(r"\d{1,2}:\d\d.{0,8}", line))
    return known | {"title": " ".join(head), "date": "".join(below[date : date + 1]), "outlet": next(outlet, "")}


def _title(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    if outlet := fields.get("outlet"):
        fields["outlet"] = outlet.partition(";")[0]
    return {"title": next((line for block in blocks for line in block), "")}


def _newsbank(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    """Title, outlet (with its place in brackets), date, author: in lines of their own, or beside the date."""
    known: Fields = {}
    others = []
    for line in (line for block in blocks for line in block):
        beside = re.split(r" [|–-] ", line)
        day = next((part for part in beside if len(part.split()) <= 6 and parsed_date(part)), None)
        if _WORDS.fullmatch(line):
            known["length"] = line
        elif day:
            rest = (part for part in beside if part != day and not re.match("page", part, re.I))
            known |= {"date": day} | dict(zip(("outlet", "author"), rest, strict=False))
        else:
            others.append(line)
    if "outlet" not in known | fields and len(others) > 1:
        place = next((i for i, line in enumerate(others[:2]) if line.endswith(")")), 0)
        known["outlet"] = others.pop(place)
    missing = (key for key in ("title", "author") if key not in known | fields)
    return known | dict(zip(missing, others, strict=False))


def _marked(blocks: Blocks, fields: Fields, body: Lines) -> Fields:
    """Europresse's: section and date in a line; an author without a mark stands before the text."""
    fields["outlet"] = re.sub(r", no\.? ?\d.*", "", fields.get("outlet", ""))
    header = fields.get("header", "")
    first = body[0][1] if body else ""
    if "author" not in fields and 0 < len(first.split()) <= 6 and not re.search(r"[.!?»”\"]\W*$", first):
        fields["author"] = body.pop(0)[1]
    section, _, rest = header.partition(", ")
    return {"date": header} | ({"section": section} if rest and not parsed_date(section) else {})


_ABOVE: dict[str, Callable[[Blocks, Fields, Lines], Fields]] = {
    "outlet, date, title": _outlet_date_title,
    "title, outlet, date": _title_outlet_date,
    "section, title, author": _section_title_author,
    "title": _title,
    "newsbank": _newsbank,
    "marked": _marked,
}
_WORDS = re.compile(r"\(?(\d[\d.,\s]{0,8}) ?(?:words?|mots|wörter|palabras|parole)\)?\s*\.?", re.I)


@cache
def layouts() -> tuple[Layout, ...]:
    """The rows of `layouts.tsv`, a layout each, in the order in which they are tried."""
    found: dict[str, dict[str, Any]] = {}
    for name, part, pattern in patterns("layouts.tsv"):
        layout = found.setdefault(name, {"name": name.removesuffix(" with codes")})
        if part == "suspect":
            layout[part] = (*layout.get(part, ()), re.compile("^" + pattern, re.I | re.M))
        else:
            layout[part] = pattern if part in ("above", "spans") else re.compile(pattern, re.I)
    return tuple(Layout(**layout) for layout in found.values())
