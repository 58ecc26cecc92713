"""How each news database lays out the articles of an export: which of its lines are what."""

import re

from workbench.documents.metadata import parsed_date
from workbench.documents.wrapping import Lines

Fields = dict[str, str]
Parts = tuple[Fields, Lines]  # what is known of an article, and the lines of its body

MARK = "\ue000"  # after the name of a part that only an element's class tells
_KEYS = {
    "title": "headline title hd titre titel überschrift",
    "author": "byline author authors by auteur autor",
    "section": "section se rubrique rubrik",
    "length": "length wc longueur länge wordcount",
    "outlet": "publicationtitle publication paper source sn titredepublication",
    "date": "publicationdate date pd datum",
}
KEYS = {label: key for key, labels in _KEYS.items() for label in labels.split()}
_LABEL = re.compile(r"\s*([^\W\d_][\w ./&'-]{1,32}?)\s?:(?:\s+(.*)|$)")
_WORDS = re.compile(r"\(?(\d[\d.,\s]{0,8}) ?(?:words?|mots|wörter|palabras|parole)\)?\s*\.?", re.I)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|copyright\b|alle? rechte|tous droits|all rights reserved)", re.I)
_LANGUAGES = (
    r"english|french|german|spanish|italian|dutch|portuguese|français|anglais|deutsch|englisch|español|italiano"
)
_LANGUAGE = re.compile(rf"\s*(?:{_LANGUAGES})\s*", re.I)
# labels that only stand after a text, in Nexis and in ProQuest; what follows them is no text either
_AFTER_NEXIS = re.compile(
    r"\s*(?:LOAD-?DATE|LANGUAGE|PUBLICATION-?TYPE|SUBJECT|GRAPHIC|ORGANI[SZ]ATION|PERSON|COMPANY|COUNTRY|CITY|STATE"
    r"|INDUSTRY|GEOGRAPHIC|TICKER|DOC(?:UMENT)?-TYPE|JOURNAL-?CODE|ACC-NO|CORRECTION-DATE|TYPE|NOTES?|URL|UPDATE|SPRACHE"
    r"|LANGUE|DATE-CHARGEMENT|TYPE-PUBLICATION|SUJET|ISSN|PUB-TYPE)\s?:|\s*Classification\s*$",
    re.I,
)
_BEFORE_NEXIS = re.compile(
    r"\s*(?:HEADLINE|BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|SERIES|EDITION|AUTEUR|AUTOR|RUBRIQUE|RUBRIK|LONGUEUR|LÄNGE"
    r"|ENCART|INSERT)\s?:",
    re.I,
)
_AFTER_PROQUEST = re.compile(
    r"\s*(?:Subject|Location|People|Company(?: ?/ ?organi[sz]ation)?|Identifier ?/ ?keyword|Business indexing term"
    r"|Classification|Title|Publication (?:title|year|date|info|subject)|Pages|Number of pages|Credit|Illustration"
    r"|Copyright"
    r"|Place of publication|Country of publication|Publisher|ISSN|Source type|Language of publication|Document type"
    r"|ProQuest document ID|Document URL|Last updated|Database|Volume|Issue|Dateline|Section|Word count)\s?:",
    re.I,
)
_AFTER_NEWSBANK = re.compile(
    r"\s*(?:Caption|Memo|Copyright|Record Number|Index terms?|Citation|Correction|SQN|OpenURL)\b.{0,3}(?::|\(|L)", re.I
)
_NO_NEWSBANK = re.compile(
    r"\s*(?:(?:Page|Edition|OpenURL|SQN|Readability)\b.{0,2}[:L \d]|_{10,}|Document \d+ of \d+)", re.I
)


def _blocks(lines: Lines) -> list[Lines]:
    """Runs of lines without a blank one."""
    blocks: list[Lines] = [[]]
    for row in lines:
        if row[1].strip():
            blocks[-1].append(row)
        elif blocks[-1]:
            blocks.append([])
    return blocks if blocks[-1] else blocks[:-1]


def _label(line: str) -> tuple[str, str]:
    """The key and value of a line "Label: value"; two empty texts where there is no such label."""
    found = _LABEL.match(line)
    key = KEYS.get(re.sub(r"\W", "", found[1]).casefold(), "") if found else ""
    return (key, found[2] or "") if found and key else ("", "")


def _dated(line: str) -> bool:
    return len(line.split()) <= 14 and not _COPYRIGHT.match(line) and parsed_date(line) is not None


def _joined(block: Lines) -> str:
    return " ".join(line.strip() for _, line in block)


def nexis(lines: Lines) -> Parts:
    """Outlet, date, title, labels, the text, labels, the copyright: blocks set apart by blank lines."""
    fields: Fields = {}
    before: list[str] = []
    body: Lines = []
    labelled = False
    for block in _blocks(lines[1:]):
        if _AFTER_NEXIS.match(block[0][1]):
            break
        if _COPYRIGHT.match(block[0][1]):
            continue
        if not body and _BEFORE_NEXIS.match(block[0][1]):
            labelled = True
            for row in re.split(r"\n(?=[^\S\n]*[^\W\d_][\w-]+\s?: )", "\n".join(line for _, line in block)):
                key, value = _label(row.replace("\n", " "))
                fields |= {key: value} if key else {}
        elif labelled or (len(before) >= 3 and "title" not in fields and len(_joined(block)) > 200):
            body += [*block, (block[-1][0], "")]
        else:
            before.append(_joined(block))
    date = next((i for i, text in enumerate(before) if _dated(text)), None)
    rest = [text for i, text in enumerate(before) if i != date]
    known = {"outlet": rest[0] if rest else "", "title": rest[1] if rest[1:] else ""}
    return known | {"date": before[date] if date is not None else ""} | fields, body


def nexis_uni(lines: Lines) -> Parts:
    """Title, outlet, date; labels; a line "Body"; the text; "Classification" and labels; "End of Document"."""
    at = next((i for i, (_, line) in enumerate(lines) if re.fullmatch(r"\s*(?:Body|Text|Corps|Texte)\s*", line)), None)
    if at is None:
        return {}, []
    head = [line.strip() for _, line in lines[:at]]
    fields = {key: value for key, value in map(_label, head) if key in ("author", "section", "length")}
    date = next((i for i in reversed(range(len(head))) if _dated(head[i]) and not _LABEL.match(head[i])), None)
    if date is not None:
        above = head[:date]
        while above and not above[-1]:
            above.pop()
        start = max((i + 1 for i, line in enumerate(above) if not line), default=0)
        if start == len(above) - 1:  # title and outlet are set apart
            while start and not above[start - 1]:
                start -= 1
            start = max((i + 1 for i, line in enumerate(above[:start]) if not line), default=0)
        titled = [line for line in above[start:] if line]
        fields |= {"date": head[date], "outlet": titled[-1] if titled else "", "title": " ".join(titled[:-1])}
    body = lines[at + 1 : -1]
    end = next((i for i, (_, line) in enumerate(body) if _AFTER_NEXIS.match(line)), len(body))
    return fields, body[:end]


_FACTIVA_CODE = re.compile(
    r"\s*(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|ART|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|CLM|CX|GC|NGC)(?:\s+(\S.*))?\s*"
)


def factiva(lines: Lines) -> Parts:
    """Lines that begin with codes (HD, PD, LP, TD); or title, words, date, outlet, code, language, copyright, text."""
    codes = [_FACTIVA_CODE.fullmatch(line) for _, line in lines]
    if {"HD", "PD"} <= {code[1] for code in codes if code}:
        fields: Fields = {}
        body: Lines = []
        current = ""
        for (number, line), code in zip(lines, codes, strict=True):
            current = code[1] if code else current
            value = (code[2] or "") if code else line
            if current in ("LP", "TD"):
                body.append((number, value))
            elif key := KEYS.get(current.lower()):
                fields[key] = f"{fields.get(key, '')} {value}"
        return fields, body
    rows = [(i, line.strip()) for i, (_, line) in enumerate(lines) if line.strip()]
    words = next((k for k, (_, line) in enumerate(rows[:12]) if _WORDS.fullmatch(line)), None)
    if words is None:
        return {}, []
    head = [line for _, line in rows[:words]]
    fields = {"length": rows[words][1]}
    if len(head) > 1 and (
        re.match(r"(?:by|par|von)\b", head[-1], re.I) or (len(head[-1].split()) <= 5 and head[-1].istitle())
    ):
        fields["author"] = head.pop()
    if len(head) > 1 and len(head[0].split()) <= 4:
        fields["section"] = head.pop(0)
    fields["title"] = " ".join(head)
    start = words + 1
    for k, (_, line) in enumerate(rows[words + 1 : words + 12], words + 1):
        if "date" not in fields and _dated(line):
            fields["date"] = line
        elif "date" in fields and "outlet" not in fields and not re.fullmatch(r"\d{1,2}:\d\d.{0,8}", line):
            fields["outlet"] = line
        if _COPYRIGHT.match(line) or _LANGUAGE.fullmatch(line):
            start = k + 1
    while start < len(rows) and _COPYRIGHT.match(rows[start][1]):
        start += 1
    at = rows[start][0] if start < len(rows) else len(lines)
    return fields, lines[at:-1]


def proquest(lines: Lines) -> Parts:
    """The title; labels; "Full text:" with the text; labels."""
    fields: Fields = {}
    body: Lines = []
    in_text = False
    for number, line in lines:
        if text := re.match(r"\s*Full text\s?:\s*(.*)", line, re.I):
            in_text = True
            body.append((number, text[1]))
        elif in_text and not _AFTER_PROQUEST.match(line) and not re.match(r"\s*(?:CREDIT: |_{10,})", line):
            body.append((number, line))
        else:
            in_text = False
            key, value = _label(line)
            if key and value:
                fields.setdefault(key, value)
            elif not fields and "title" not in fields and line.strip() and not _SEPARATOR.match(line):
                fields["title"] = line.strip()
    if outlet := fields.get("outlet"):
        fields["outlet"] = outlet.partition(";")[0]
    return fields, body


_SEPARATOR = re.compile(r"\s*(?:_{10,}|(?:Document|Dokument) \d+ (?:of|von|de|sur) \d+|Table of contents)\s*$", re.I)


def newsbank(lines: Lines) -> Parts:
    """Title, outlet (with its place in brackets), date, author and page: labelled, or set apart by bars; the text;
    "Caption", "Memo", "Citation", "Copyright", "Record Number"."""
    fields: Fields = {}
    body: Lines = []
    above: list[str] = []
    for block in _blocks(lines):
        for number, line in block:
            parts = re.split(r" [|–-] ", line.strip())
            day = next((part for part in parts if len(part.split()) <= 6 and parsed_date(part)), None)
            labelled = {key: value for key, value in map(_label, parts) if key}
            if body:
                body.append((number, line))
            elif labelled:
                fields |= labelled
            elif _WORDS.fullmatch(line.strip()):
                fields["length"] = line
            elif day:
                beside = (part for part in parts if part != day and not _NO_NEWSBANK.match(part))
                fields |= {"date": day} | dict(zip(("outlet", "author"), beside, strict=False))
            elif _NO_NEWSBANK.match(line) or _COPYRIGHT.match(line):
                continue
            elif not fields or (len(line.split()) < 25 and not re.search(r"[.!?]\W*$", line.strip())):
                above.append(line.strip())
            else:
                body.append((number, line))
        body += [(block[-1][0], "")] if body else []
    end = next(
        (i for i, (_, line) in enumerate(body) if _AFTER_NEWSBANK.match(line) or _COPYRIGHT.match(line)), len(body)
    )
    if "outlet" not in fields and len(above) > 1:
        place = next((i for i, line in enumerate(above[:2]) if line.endswith(")")), 0)
        fields["outlet"] = above.pop(place)
    for key in ("title", "author"):
        if above:
            fields.setdefault(key, above.pop(0))
    return fields, body[:end]


def europresse(lines: Lines) -> Parts:
    """The outlet; section, date and page in a line; title; author; the text; copyright; the document's number."""
    fields: Fields = {}
    body: Lines = []
    for number, line in lines:
        mark, _, value = line.partition(MARK)
        if mark in ("outlet", "title", "author"):
            fields[mark] = re.sub(r", no\.? ?\d.*", "", value) if mark == "outlet" else value
        elif mark == "header":
            parts = value.split(", ")
            date = next((i for i, part in enumerate(parts) if parsed_date(part)), None)
            fields |= {"date": value} | ({"section": parts[0]} if date else {})
        elif mark == "body":
            body.append((number, value))
        elif re.match(
            r"\s*(?:©|Copyright|(?:Numéro de document|Document number)\s?:|Illustration\(s\)|Note\(s\))", line
        ):
            break
        elif "title" in fields:
            body.append((number, line))
    first = next((row for row in body if row[1].strip()), (0, ""))
    if (
        "author" not in fields
        and len(body) > 1
        and len(first[1].split()) <= 6
        and not re.search(r"[.!?»”\"]\W*$", first[1])
    ):
        fields["author"] = first[1]
        body.remove(first)
    return fields, body
