"""Paragraphs and sentences of a text, by rules on its characters alone."""

import re
from functools import lru_cache


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Character ranges of the non-blank lines of `text`, without the white space around them."""
    return [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]


# A full stop after one of these ends no sentence.
TITLES = frozenset(
    "Adm Attorney Atty Brig Capt Cmdr Col Cpl Det Dr Fr Gen Gov Hon Insp Lt Maj Messrs Mr Mrs Ms Msgr Mt Pfc Pres "
    "Prof Pvt Rep Reps Rev Sen Sens Sgt St Supt Fig Figs Nos Ft Univ v vs viz cf eg ie approx ed".split()
)
# After one of these it ends none where a number follows: a figure, a Roman one or a letter.
NUMBERED = frozenset(
    "sec secs para paras Art Arts fig figs vol vols ch chs chap chaps cl eq eqs pg pgs ext ca pop no nos op reg regs "
    "Sec Secs Para Paras Vols Ch Chs Chap Chaps Cl Eq Eqs Pg Ext Op Reg Regs App".split()
)
# After one of these it does where the next word is one that seldom follows it inside a sentence.
ABBREVIATIONS = frozenset(
    "Jr Sr Inc Co Corp Ltd Bros Llc Plc Dept Assn Ave Blvd Rd Est No Vol Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct "
    "Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La "
    "Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo pm etc al p pp ft oz "
    "lb lbs dept est".split()
)
SHORTENED = TITLES | NUMBERED | ABBREVIATIONS
STARTERS = frozenset(
    "a after again all also although an and another any are as at because before both but by can could despite did "
    "do does during each earlier either even every everyone everything few finally for from had has have he her here "
    "his how however i if in instead is it it's its last many maybe meanwhile more moreover most mr mrs ms my "
    "neither never nevertheless no nobody none nor not nothing now of on once one only or other others our perhaps "
    "she should since so some someone something still such than that that's the their then there there's these they "
    "this those though through thus to today two under until was we we're were what when where whether which while "
    "who whose why with without would yesterday yet you your".split()
)
# A single letter after one of these names a thing and is no initial.
LETTERED = frozenset(
    "appendix block building candidate category class company country exhibit gate grade group hepatitis influenza "
    "level line model option part patient person plan player section side student suspect team terminal type "
    "vitamin war witness zone".split()
)
BEFORE_I = frozenset("am and are did do had have or should than was were will would".split())  # the pronoun
AFTER_NAME = frozenset("Brands Co Corp Holdings Inc Ltd Plc".split())  # of a company that may end in a mark: Yahoo!
STOP = re.compile(
    r"""(?<![.!?…])(?<![.!?…][^\S\n])[.!?…](?:\s?[.!?…])*  # the stop itself, also a spaced ellipsis, from its start
        (?P<closing>["'”’»)\]*_]*)          # what closes after it
        (?:(?P<space>\s+)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])|(?<=[a-z]{2}[.!?]["”])(?=[A-Z]))
        (?P<opening>["'“‘«(\[*_—–-]*)\s?(?P<next>[\w'’]{0,20})""",
    re.VERBOSE,
)
DASH, LETTERS_WITH_STOPS = re.compile(r"[-–—/]"), re.compile(r"(?:\w\.)+\w")
NUMBER = re.compile(r"\d\w*|[IVXLC]{2,}|[B-HJ-Z]")  # `A` and `I` are words
SAYS = re.compile(r"(?:[\w.’'-]+ ){1,3}(?:said|says|asked|asks|cried|replied|added|wrote|told)\b")


@lru_cache(maxsize=2)  # asked of a document by several analyses, one after another
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges of the sentences of `text`, a line's last part being one with or without a full stop.

    A sentence ends with its line, or at a full stop, question or exclamation mark (and what closes after it) that white
    space and a capital, a figure or an opening mark follow; not after titles (`Dr. No`), initials, the figure that
    numbers a line, what a number follows (`Sec. 9`), or abbreviations, unless a word follows that starts sentences
    (`in the U.S. The`); and not where a quotation that asks or exclaims goes on with its speaker (`"Why?" Ann said`).
    Several sentences between quotation marks are several.
    """
    return tuple(span for paragraph in paragraphs(text) for span in parted(text, *paragraph))


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
        said = closing and not opening and SAYS.match(text, stop.start("next"))
        return not (said or following in AFTER_NAME)
    word = text[text.rfind(" ", start, at) + 1 : at]
    if len(word) > 1 and word.isalpha() and word not in SHORTENED:
        return True
    before = text[max(start, at - 40) : at].rsplit(None, 2)
    word = before[-1].strip("\"'“‘([") if before else ""
    if not word.isalpha():
        word = DASH.split(word)[-1]
    starts = following[:1].isupper() and following.lower() in STARTERS
    if word in TITLES or not word:
        return word == "St" and starts
    if word in NUMBERED:
        return not NUMBER.fullmatch(following)
    if len(word) == 1 and word.isalpha():  # an initial, unless it stands alone for a thing or is the pronoun
        previous = before[-2].lower() if len(before) > 1 else ""
        alone = previous in LETTERED or (word == "I" and previous in BEFORE_I)
        return len(before) > 1 and (starts or (alone and following[:1].isupper() and len(following) > 1))
    if word in ABBREVIATIONS or ("." in word and LETTERS_WITH_STOPS.fullmatch(word)):
        return starts or opening[:1] in tuple("\"“‘'")
    return not (len(before) == 1 and word.isdigit())
