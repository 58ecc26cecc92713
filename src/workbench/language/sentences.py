"""Paragraphs and sentences of a text, by rules on its characters alone."""

import re


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Character ranges of the non-blank lines of `text`, without the white space around them."""
    return [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]


# A full stop after one of these ends no sentence.
TITLES = frozenset(
    "Adm Attorney Atty Brig Capt Cmdr Col Cpl Det Dr Fr Gen Gov Hon Insp Lt Maj Messrs Mr Mrs Ms Msgr Mt Pfc Pres "
    "Prof Pvt Rep Reps Rev Sen Sens Sgt St Supt Fig Figs Nos v vs viz cf eg ie approx ed".split()
)
# After one of these it does where the next word is one that seldom follows it inside a sentence.
ABBREVIATIONS = frozenset(
    "Jr Sr Inc Co Corp Ltd Bros Llc Plc Dept Assn Ave Blvd Rd Est No Vol Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct "
    "Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La "
    "Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo pm etc al p pp ft oz "
    "lb lbs dept est".split()
)
STARTERS = frozenset(
    "a after again all also although an and another any as at because before but by despite during each earlier "
    "either even every few for from he her here his how however i if in instead it it's its last many meanwhile "
    "more most mr mrs ms my no nor not now of on once one only or other others our she since so some still such "
    "than that that's the their then there there's these they this those though through thus to today two under "
    "until we we're what when where whether which while who why with yesterday yet you your".split()
)
STOP = re.compile(
    r"""[.!?…](?:\s?[.!?…])*              # the stop itself, also a spaced ellipsis
        (?P<closing>["'”’»)\]*_]*)          # what closes after it
        (?:(?P<space>\s+)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])|(?<=[a-z]{2}[.!?]["”])(?=[A-Z]))
        (?P<opening>["'“‘«(\[*_—–-]*)\s?(?P<next>[\w'’]{0,20})""",
    re.VERBOSE,
)
DASH, LETTERS_WITH_STOPS = re.compile(r"[-–—/]"), re.compile(r"(?:\w\.)+\w")
SAYS = re.compile(r"(?:[\w.’'-]+ ){1,3}(?:said|says|asked|asks|cried|replied|added|wrote|told)\b")


def sentences(text: str) -> list[tuple[int, int]]:
    """Character ranges of the sentences of `text`, a line's last part being one with or without a full stop.

    A sentence ends with its line, or at a full stop, question or exclamation mark (and what closes after it) that white
    space and a capital, a figure or an opening mark follow; not after titles (`Dr. No`), initials, the figure that
    numbers a line, or abbreviations, unless a word follows that starts sentences (`in the U.S. The`); and not where a
    quotation that asks or exclaims goes on with its speaker (`"Why?" Ann said`). Several sentences between quotation
    marks are several.
    """
    return [span for paragraph in paragraphs(text) for span in parted(text, *paragraph)]


def parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Character ranges of the sentences of the paragraph of `text` from `start` to `end`."""
    ranges = []
    for stop in STOP.finditer(text, start, end):
        if ends_sentence(text, start, stop):
            ranges.append((start, stop.end("closing")))
            start = stop.start("opening")
    ranges.append((start, end))
    return ranges


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence that began at `start` ends at `stop`."""
    closing, _, opening, following = stop.groups()
    if following[:1].islower() or not (following or (opening and stop.end() < stop.endpos)):
        return False
    at = stop.start()
    if text[at] != ".":
        return not (closing and not opening and SAYS.match(text, stop.start("next")))
    word = text[text.rfind(" ", start, at) + 1 : at]
    if len(word) > 1 and word.isalpha() and word not in ABBREVIATIONS:
        return word not in TITLES
    before = text[max(start, at - 40) : at].rsplit(None, 1)
    word = before[-1].strip("\"'“‘([") if before else ""
    if not word.isalpha():
        word = DASH.split(word)[-1]
    if word in TITLES or not word:
        return False
    initial = len(word) == 1 and word.isalpha()
    if initial or word in ABBREVIATIONS or ("." in word and LETTERS_WITH_STOPS.fullmatch(word)):
        if following[:1].isupper() and following.lower() in STARTERS:
            return not initial or len(before) > 1
        return not initial and opening[:1] in tuple("\"“‘'(")
    return not (len(before) == 1 and word.isdigit())
