"""What the form of a name tells: where it begins and ends, and which names are sure by it, as titles of works."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from workbench.analyses.entities import tagger
from workbench.analyses.entities.aliases import Alias
from workbench.analyses.entities.tagger import Span
from workbench.language import Tokens, stop_words

# "HALIFAX, Nova Scotia, March 14 -", "JONES:" and "MR. JONES:".
_OPENING = re.compile(
    r"^[^\S\n]*(?:(?:DR|GEN|MRS?|MS|REP|SEN)\.? )?(?P<name>[^\W\d_]{3,}(?: [^\W\d_]+)*)"
    r"(?:(?: ?[,(/][^\n]{0,60}?)? (?:--|[-–—])|(?P<colon>:))",
    re.MULTILINE,
)
_DATED = re.compile(r"\b(?:9/11|7/7)(?: (?:attacks?|bombings?))?\b")
_INITIALS = 4  # before a name, at most
_INITIAL = re.compile(r"[^\W\d_a-z]\.?")
_LONGEST_TITLE = 9
_FINITE = {"VBZ", "VBD", "VBP"}
_POSSESSIVE = {"'s", "’s"}
_ACTS = {"campaign", "action", "citizens", "friends", "alliance", "voices", "initiative", "network"}
_PLACES = {"city", "region", "country"}
_SENIORITY = {"jr", "jr.", "sr", "sr."}
_STATUTES = {"Act", "Bill", "Treaty", "Directive"}
_CALLED = {"album", "novel", "memoir", "sitcom", "musical", "film", "movie", "drama", "thriller", "comedy", "song"}


def sure(t: Tokens) -> Iterator[Span]:
    """Names sure by their form: a dateline's place; who speaks in a transcript, there at least twice; titles of works;
    products with a trade mark; attacks named by their date; bills; firms as "Faber and Faber".
    """
    opening = [match for match in _OPENING.finditer(t.whole) if match["name"].isupper()]
    times = Counter(match["name"] for match in opening if match["colon"])
    for match in opening:
        place = t.doc.char_span(*match.span("name"))
        speaks = times[match["name"]] > 1 and match["name"].lower() not in tagger.lexicon()["nameless"]
        if place is not None and (speaks or not match["colon"]):
            yield Span(place.start, place.end, "PERSON" if match["colon"] else "GPE")
    for start, end in titles(t):
        yield Span(start, end, "WORK_OF_ART")
    for i, word in enumerate(t.text):
        if word[0] in "™®" and i:
            first = _first_capital(t, i)
            if (first := first + (t.lower[first] == "the")) < i:
                yield Span(first, i, "PRODUCT")
        if word == "and" and 0 < i < len(t.text) - 1 and (span := _firm(t, i)):
            yield Span(*span, "ORG")
        if word in _STATUTES and t.lower[(first := _first_capital(t, i)) - 1] == "the" and 0 < first < i:
            yield Span(first, i + 1, "LAW")
    for match in _DATED.finditer(t.whole):
        if event := t.doc.char_span(*match.span()):
            yield Span(event.start, event.end, "EVENT")


def _first_capital(t: Tokens, i: int) -> int:
    """The first of the words with a capital before a token; itself without one."""
    return next((j + 1 for j in range(i - 1, -1, -1) if not t.text[j][0].isupper()), 0)


def _firm(t: Tokens, i: int) -> tuple[int, int] | None:
    """The firm that an "and" stands in: one with its owners' name, or listed so, or with "&"."""
    before, behind = t.text[i - 1], t.text[i + 1]
    if before.istitle() and (before == behind or behind in {"Sons", "Daughters"}):
        return i - 1, i + 2
    sides = (range(max(i - 2, 0), i), range(i + 2, min(i + 4, len(t.text) + 1)))
    for first, past in ((first, past) for first in sides[0] for past in sides[1]):
        for joint in ("and", "&"):
            name = f"{t.written(first, i)} {joint} {t.written(i + 1, past)}"
            if "organisation" in tagger.gazetteer().get(name, ()):
                return first, past
    return None


def titles(t: Tokens) -> Iterator[tuple[int, int]]:
    """Tokens of works' titles: capitals in quotation marks, several, or beside "album" or "film"; or after "titled",
    or after "album" and the like; or with a second title, as "Avatar: The Last Airbender".
    """
    words = tagger.lexicon()
    for i, word in enumerate(t.text):
        ahead = t.lower[i - 1] if i else ""
        made = (ahead, word) == ("author", "of") or (word == "in" and ahead in {"starred", "starring"})
        called = t.lower[i] in _CALLED and i + 1 < len(t.text) and not tagger.is_given(t.text[i + 1])
        if called or t.lower[i] in {"titled", "entitled"}:
            end = _end_of_title(t, i + 1)
            maker = end == i + 2 and word in {"film", "movie", "song"} and {*t.tag[end : end + 1]} & {"VBD", "VBZ"}
            if end > i + 1 and not maker:  # "the song Sony released"
                yield i + 1, end
        elif made and (end := _end_of_title(t, i + 1)) > i + 2 and t.written(i + 1, end) not in tagger.gazetteer():
            if t.text[end : end + 1] not in (["'s"], ["’s"]):
                yield i + 1, end
        elif word == ":" and t.text[i + 1 : i + 2] in (["The"], ["A"]) and not t.opens(i - 1):
            first = _first_capital(t, i)
            if first < i and not t.opens(first) and (end := _end_of_title(t, i + 1)) > i + 2:
                yield first, end
        elif word in tagger.QUOTES and _opens_quote(t, i):
            within = range(i + 1, min(i + 1 + _LONGEST_TITLE, len(t.text)))
            close = next((j for j in within if t.text[j] in tagger.QUOTES), i)
            near = {*t.lower[max(0, i - 3) : i], *t.lower[close + 1 : close + 3]} & words["work"]
            end = close - (close > i + 1 and t.text[close - 1] in {",", "."})
            title = t.text[i + 1 : end]
            if not title or not title[0][0].isupper() or not all(map(_in_title, title)) or not _in_title(title[-1]):
                continue
            capitals = sum(word[0].isupper() for word in title)
            if near or (capitals > 1 and title[0].lower() in stop_words()):
                yield i + 1, end


def _end_of_title(t: Tokens, start: int) -> int:
    """Past the last word with a capital of a title that begins at a token."""
    end = next((j for j in range(start, len(t.text)) if not _in_title(t.text[j])), len(t.text))
    while end > start and not t.text[end - 1][0].isupper():
        end -= 1
    return end if start < len(t.text) and t.text[start][0].isupper() else start


def _in_title(word: str) -> bool:
    """Whether a word may stand in a title."""
    small = word[0].islower() and (word in tagger.lexicon()["link"] or word in stop_words())
    return word[0].isupper() or word[0].isdigit() or small or word == "n't"


def _opens_quote(t: Tokens, i: int) -> bool:
    """Whether a quotation mark stands before a word and behind none."""
    before, behind = t.whole[: t.start[i]][-1:], t.whole[t.end[i] : t.end[i] + 1]
    return behind.isalnum() and not (before.isalnum() or before in {".", ","})


def is_quoted(t: Tokens, start: int, end: int) -> bool:
    """Whether a name of several words stands alone in quotation marks, and not as what something is called."""
    opening = start - 1 - (start > 0 and t.lower[start - 1] == "the")
    closing = end + (end < len(t.text) and t.text[end] in {",", "."})
    if end < start + 2 or opening < 0 or closing >= len(t.text):
        return False
    marks = t.text[opening] in tagger.QUOTES and t.text[closing] in tagger.QUOTES
    return marks and not (opening and t.lower[opening - 1] in tagger.lexicon()["called"])


def loud(t: Tokens) -> set[int]:
    """The tokens of sentences in capitals throughout."""
    shouted = [span for span in dict.fromkeys(t.sentence) if span[1] > span[0] + 3 and t.written(*span).isupper()]
    return {i for span in shouted for i in range(*span)}


def has_initials(t: Tokens, i: int) -> bool:
    """Whether two initials stand at a token, as in "W. A. Lyle" and "A S Kulkarni"."""
    return i + 1 < len(t.text) and all(_INITIAL.fullmatch(word) for word in t.text[i : i + 2])


def is_rank(t: Tokens, i: int) -> bool:
    """Whether a word is a rank or half of one: "Lt" of "Lt. Ann Lee", "County" of "County Commissioner Ann Lee"."""
    words, after = tagger.lexicon(), t.text[i + 1] if i + 1 < len(t.text) else ""
    titled = after.istitle() and after.lower() in words["title"] and t.lower[i] in words["settlement"]
    return titled or (after == "." and f"{t.lower[i]}." in words["title"])


def has_legal_form(name: str) -> bool:
    """Whether it ends as a company's does, as "Downtown Madison, Inc.", or is as "Faber and Faber"."""
    *before, last = name.lower().split() or [""]
    return before == [last, "and"] or (bool(before) and last in tagger.lexicon()["legal"] - _SENIORITY)


def _can_act(word: str) -> bool:
    """Whether what is "for" a cause can be an organisation of that name: "Campaign for", not "Minister for"."""
    return word in tagger.lexicon()["organisation"] | _ACTS


def whole(t: Tokens, span: Span) -> Span:
    """A name with all its initials, the legal form behind it, and what it is for, as in "Hands for Nepal"; without who
    are of it, as in "Critics of Maybank".
    """
    start, end, kind, fits = span
    for _ in range(_INITIALS):
        start -= start > 0 and has_initials(t, start - 1)
    if "organisation" in tagger.gazetteer().get(t.written(start, end), ()):
        return span
    crowd = t.opens(start) and (t.tag[start] == "NNS" or t.lower[start] in tagger.lexicon()["crowd"])
    if crowd and end > start + 2 and t.lower[start + 1] in {"of", "at", "from"}:
        start += 2 * (t.lower[start + 2] != "the")
    while start > 1 and t.lower[start - 1] == "for" and t.text[start - 2].istitle() and _can_act(t.lower[start - 2]):
        start, kind = next((j + 1 for j in range(start - 2, -1, -1) if not t.text[j].istitle()), 0), "ORG"
    legal = tagger.lexicon()["legal"] - (_SENIORITY if kind != "PERSON" else set())
    comma = end + 1 < len(t.text) and t.text[end] == ","
    behind = end + comma
    written = t.text[behind] if behind < len(t.text) else ""
    short = len(written) < 3 and (comma or kind == "PLACE" or written == "CO")
    if written.lower() in legal and not short and (written[0].isupper() or written == "plc"):
        end = behind + 1
        kind = kind if written.lower() in _SENIORITY else "ORG"
    return Span(start, end, kind, fits)


def halved(t: Tokens, span: Span, aliases: Mapping[str, Alias]) -> list[Span]:
    """Names run into one: a listed organisation and another, or its product, as in "Samsung's Galaxy"; a country and a
    person, as in "ambassador to the United States Ann Lee".
    """
    finite = (i for i in range(span.start + 1, span.end - 1) if t.text[i].islower() and t.tag[i] in _FINITE)
    if span.type != "OTHER" and (verb := next(finite, 0)):  # "Rovers stun City"
        return [span._replace(end=verb), span._replace(start=verb + 1)]
    listed = tagger.gazetteer()
    for i in range(span.start + 1, span.end - 1) if t.written(span.start, span.end) not in listed else ():
        known = ["organisation" in listed.get(t.written(a, b), ()) for a, b in ((span.start, i), (i + 1, span.end))]
        whole = t.written(span.start, i + 1) in listed
        if known[0] and ((t.text[i] == "and" and known[1]) or (t.text[i] in _POSSESSIVE and not whole)):
            return [Span(span.start, i, "ORG"), Span(i + 1, span.end, "ORG" if known[1] else "OTHER")]
        sides = (t.written(span.start, i), t.written(i + 1, span.end)) if t.text[i] == "and" else ()
        if span.type == "PLACE" and sides and all(not _PLACES.isdisjoint(listed.get(side, ())) for side in sides):
            return [span._replace(end=i), span._replace(start=i + 1)]
    before = [word for word in t.lower[max(0, span.start - 3) : span.start] if word != "the"][-2:]
    posted = len(before) == 2 and before[0] in tagger.lexicon()["title"] and before[1] in {"to", "of"}
    for middle in range(span.end - 2, span.start, -1) if posted else ():
        country = aliases.get(t.written(span.start, middle))
        if country and country.type == "GPE":
            return [Span(span.start, middle, "PLACE"), Span(middle, span.end, "PERSON")]
    return [span]


def is_royal(name: str) -> bool:
    """Whether it is a title with its land, as "Duke of Sussex"; "Queen of the South" is a club."""
    title, _, land = name.partition(" of ")
    crowned = title.istitle() and title.lower() in tagger.lexicon()["royal"]
    return bool(land) and crowned and name not in tagger.gazetteer()
