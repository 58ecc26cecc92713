"""What a document's name and lines tell of it: title, author, outlet, date; and which language it is in."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime

from dateutil.parser import parse

from workbench.documents.cleaning import Removed, model


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


_NOBODY = re.compile(
    r"(?:microsoft|windows|office|ms)[- ]?(?:office|word)?(?: user)?|administrators?|admin|users?|owner|unknown"
    r"|author|root|default|python-docx|apache poi|libreoffice|openoffice(?:\.org)?|un-?named|none|pc|laptop|hp|dell"
    r"|lenovo|asus|acer",
    re.I,
)
_NO_TITLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint|excel)(?: \W .*| document)?|document\d*|untitled.*|title|dokument\d*"
    r"|.*\.\w{2,5}|(?:slide|page) \d+|word document|about:blank",
    re.I,
)
SPOKEN_BY_MANY = frozenset("en de es fr it pt nl pl tr id vi sv da no fi cs hu ro".split())
TEMPLATE_DAY = date(2013, 12, 23)  # on which python-docx's template was made


def from_properties(properties: Mapping[str, object]) -> dict[str, object]:
    """What a word processor says of a file that is not the word processor's, its owner's or a template's own."""
    known = dict(properties)
    made_by_template = parsed_date(known.get("date")) == TEMPLATE_DAY or known.get("author") == "python-docx"
    for key, nobodys in (("title", _NO_TITLE), ("author", _NOBODY)):
        if made_by_template or nobodys.fullmatch(str(known.get(key) or "").strip()):
            known.pop(key, None)
    if made_by_template:
        known.pop("date", None)
    return known


def from_furniture(text: str, removed: Removed) -> dict[str, object]:
    """The date and author in lines that were taken out near the start, and a headline in the first line."""
    first, _, rest = text.partition("\n\n")
    is_headline = rest and len(first.split()) <= 20 and not re.search(r"[.:;,\"”]$", first)
    found: dict[str, object] = {"title": first} if is_headline else {}
    for line, piece, reason in removed:
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


ORDERED_DATE = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](?:19|20)\d\d(?!\d)")
_FOREIGN = re.compile(r"(?<!\d)\d{1,2}\.?(?:er|o|º)? (?:de )?([^\W\d_]{3,12})\.? (?:de )?(?:19|20)\d\d(?!\d)")


def parsed_date(value: object, month_first: bool = False) -> date | None:
    """The day in `value`, None where there is none; day before month in 3/4/2024, unless that is impossible.

    With `month_first` it is the month before the day. Months may be English, French, German, Spanish, Italian, Dutch or
    Portuguese.
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    for match in _DATE.finditer(str(value)):
        with suppress(ValueError, OverflowError):
            return parse(match[0], dayfirst=not (match[0][:4].isdigit() or month_first)).date()
    if foreign := _FOREIGN.search(str(value)):
        from dateparser import parse as parse_foreign  # start-up time

        found = parse_foreign(foreign[0], languages=["fr", "de", "es", "it", "nl", "pt"])
        return found.date() if found else None
    return None


_LANGUAGES = """
en English ar Arabic de German es Spanish fr French it Italian ja Japanese ko Korean nl Dutch pt Portuguese ru
Russian zh Chinese id Indonesian tr Turkish pl Polish sv Swedish da Danish no Norwegian nb Norwegian nn Norwegian
fi Finnish cs Czech sk Slovak hu Hungarian ro Romanian bg Bulgarian el Greek he Hebrew fa Persian hi Hindi bn
Bengali ur Urdu ta Tamil te Telugu vi Vietnamese th Thai ms Malay tl Tagalog uk Ukrainian hr Croatian sr Serbian sl
Slovenian et Estonian lv Latvian lt Lithuanian ca Catalan eu Basque gl Galician af Afrikaans sw Swahili sq Albanian
mk Macedonian is Icelandic ga Irish cy Welsh mt Maltese lb Luxembourgish
""".split()
_NAMES = dict(zip(_LANGUAGES[::2], _LANGUAGES[1::2], strict=True))


def language_name(code: str) -> str:
    """The English name of a language, or its code where we have no name."""
    return _NAMES.get(code, f"the language with the code {code}")


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "" where there is too little to tell.

    A text with as many of the commonest words as English prose has is English; py3langid judges the others. Of a short
    one, or one mostly of names and figures, in Latin letters it is believed only for a language of many speakers, and
    where the text has hardly a common English word.
    """
    start = text[:2000]
    words = start.lower().split()  # quicker than to find its letters
    if len(words) >= 50 and sum(map(model()["stop_words"].__contains__, words)) >= 0.2 * len(words):
        return "en"
    words = re.findall(r"[^\W\d_]+", start.lower())
    common = sum(map(model()["stop_words"].__contains__, words))
    if len(words) >= 5 and common >= 0.2 * len(words):
        return "en"
    letters = "".join(words)
    latin = sum(letter < "\u0250" for letter in letters) >= 0.5 * len(letters)
    if len(letters) < 60 and latin:
        return ""
    from py3langid import classify  # start-up time

    code = str(classify(start)[0])
    if latin and code != "en":
        names = sum(word[0].isupper() for word in re.findall(r"[^\W\d_]+", start))
        if common >= 0.1 * len(words) or code not in _NAMES:
            return "en" if common >= 0.05 * len(words) else ""
        if (len(words) < 40 or names > 0.5 * len(words)) and code not in SPOKEN_BY_MANY:
            return ""
    return code
