"""What a document's name and lines tell of it: title, author, outlet, date; and which language it is in."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime

import pandas as pd
from dateutil.parser import parse

from workbench.documents.cleaning import model


def joined(sources: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """What any of `sources` says, the last that says something; a date as a date."""
    known: dict[str, object] = {}
    for source in sources:
        for key, given in source.items():
            value = parsed_date(given) if key == "date" else given
            if value not in (None, ""):
                known[key] = value
    return known


def from_name(name: str) -> dict[str, object]:
    """The metadata in a file name like 2024-11-20_Outlet_Some-title, or the date alone where it has one."""
    day, outlet, title = [*name.split("_", 2), "", ""][:3]
    if not (title and parsed_date(day)):
        return {"date": parsed_date(name)}
    return {"date": parsed_date(day), "outlet": outlet, "title": title if " " in title else re.sub("[-_]+", " ", title)}


def from_furniture(text: str, removed: pd.DataFrame) -> dict[str, object]:
    """The date and author in lines that were taken out near the start, and a headline in the first line."""
    first, _, rest = text.partition("\n\n")
    is_headline = rest and len(first.split()) <= 20 and not re.search(r"[.?!:;,\"”]$", first)
    found: dict[str, object] = {"title": first} if is_headline else {}
    for line, piece, reason in zip(*map(removed.get, removed), strict=True):
        if line <= 6 and reason == "byline":
            found["author"] = re.sub(r"^(?:(?:written|posted|words) )?by:? |^author: ", "", piece, flags=re.I)
        elif line <= 6 and reason == "date or time alone":
            found.setdefault("date", piece)
    return found


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?"
_ORDINAL, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?,?", r"(?:19|20)\d\d"
_YEAR_FIRST = rf"{_YEAR}([-/.]?)\d\d\1\d\d(?!\d)"
_YEAR_LAST = rf"(?:\d{{1,2}}([/.])\d{{1,2}}\2|{_ORDINAL}[ -]{_MONTH}[ -]|{_MONTH} {_ORDINAL} ){_YEAR}"
_DATE = re.compile(rf"(?<!\d)(?:{_YEAR_FIRST}|{_YEAR_LAST})", re.I)


def parsed_date(value: object) -> date | None:
    """The day in `value`, None where there is none; day before month in 3/4/2024, unless that is impossible."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    for match in _DATE.finditer(str(value)):
        with suppress(ValueError, OverflowError):
            return parse(match[0], dayfirst=not match[0][:4].isdigit()).date()
    return None


LANGUAGES = {"en": "English", "ar": "Arabic", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian"}
LANGUAGES |= {"ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pt": "Portuguese", "ru": "Russian", "zh": "Chinese"}


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "" where there are too few letters to tell.

    A text with as many of the commonest words as English prose has is English; py3langid judges the others.
    """
    start = text[:2000]
    words = re.findall(r"[^\W\d_]+", start.lower())
    common = sum(word in model()["stop_words"] for word in words)
    if len(words) >= 5 and common >= 0.2 * len(words):
        return "en"
    letters = "".join(words)
    if len(letters) < 60 and sum(letter < "\u0250" for letter in letters) >= 0.5 * len(letters):
        return ""
    from py3langid import classify  # start-up time

    return str(classify(start)[0])
