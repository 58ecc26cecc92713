"""Which tokens of a parsed text may attribute words to somebody, and who that somebody may be."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.analyses.quotations.clauses import CLAUSAL, bidden, is_listed, kind_of_cue, told_of
from workbench.analyses.quotations.marks import Parse
from workbench.analyses.quotations.repairs import TELLING
from workbench.analyses.quotations.words import WORDS

DASHES = frozenset("― — – -- -".split())
_MODIFIERS = frozenset("det compound amod poss nummod nmod".split())
_CUES = frozenset("VERB AUX NOUN ADJ".split())
_NEAR = 11  # tokens from a quotation to a word of any kind that may tell whose it is
_PHRASE = 12  # tokens of the longest name of a speaker between commas
_IN_PHRASE = frozenset("ADJ ADP DET NOUN NUM PART PROPN".split())
_AFTER_PHRASE = frozenset([",", ".", ";", "!", "?"])
_BLAMING = frozenset("accuse blame charge".split())
_TIMES = frozenset("day decade hour minute month moment season second week year".split())
_SPEAKERS = frozenset("PROPN NOUN DET PRON ADJ".split())
_NOMINAL = frozenset("PROPN NOUN PRON NUM X PUNCT".split())
_FIRST = frozenset("i i'm my our us we".split())
_LABEL = 3  # tokens of a name before a headline's colon
_GENERATIONS = 5  # heads above a cue whose subjects may be its speaker
_TAIL = 4  # tokens after a headline's colon that may name its speaker

# “…” -Robert Diaz; “…” (Robert Diaz, council president); in the next line: ― Jacklyn Moss, 43; ― Ann Lee “…” ― Bo Moss
_SIGNATURE = re.compile(
    r"\s{0,3}(?:[-–—―]{1,2}[^\S\n]?|\()((?:[^\W\d_a-z][\w.'’-]*[^\S\n]){1,3}[^\W\d_a-z][\w'’-]+)"
    r"(?=[,)]|\.?\s*(?:\n|$|[“\"]))"
)


class Cue(NamedTuple):
    """A token that may attribute others; its speaker's head token or -1, how found; first and last token of both."""

    token: int
    speaker: int
    how: str
    first: int
    last: int


def cues(p: Parse) -> Iterator[Cue]:
    """Every token that could be a cue: verbs, "according", colons and dashes beside a name.

    And nouns of saying, any noun or adjective on which a clause hangs or that stands near a quotation.
    """
    near = {k for first, last in p.quotes for k in range(first - _NEAR, last + _NEAR + 1)}
    for i, lower in enumerate(p.lower):
        if lower == ":" or lower in DASHES or i in p.turns:
            yield from mark_cues(p, i)
        elif lower in ("according", "per") or (p.pos[i] in _CUES and _may_attribute(p, i, near)):
            if p.names(i) or (p.lemma[i] in WORDS["nobody's"] and p.passive(i) and not _agents(p, i)):
                continue
            speaker, how = _likeliest(p, i)
            if speaker >= 0 and i not in near and p.lemma[told_of(p, i, speaker)] in WORDS["thought"]:
                continue  # "a principle of safety, which says that …"
            first = last = i
            for child in p.children[i]:
                beside = p.dep[child] in ("aux", "auxpass", "neg", "advmod", "prt") and abs(child - i) <= 3
                if (beside and p.quote[child] == p.quote[i]) or (p.lower[child] == "as" and p.dep[i + 1] == "prt"):
                    first, last = min(first, child), max(last, child)
            if how in ("own", "ownpassive", "inverted", "before") and p.quote[speaker] == p.quote[i]:
                first, last = min(first, p.left[speaker]), max(last, p.right[speaker]) if speaker > i else last
            elif how == "according":
                first, last = p.head[i] if p.dep[i] == "pobj" else first, max(last, p.right[speaker])
            yield Cue(i, speaker, how, first, last)


def _may_attribute(p: Parse, i: int, near: set[int]) -> bool:
    if not p.word[i] or p.dep[i] in ("aux", "auxpass"):
        return False
    if p.pos[i] == "VERB" or i in near or is_listed(p, i):
        return True
    return any(p.dep[k] in CLAUSAL for k in p.children[i])


def _likeliest(p: Parse, cue: int) -> tuple[int, str]:
    """The first of its speakers who does not stand in a quotation that the cue stands outside of, else the first."""
    first = (-1, "none")
    for speaker, how in possible_speakers(p, cue):
        if p.quote[speaker] in (-1, p.quote[cue]):
            return speaker, how
        first = (speaker, how) if first[0] < 0 else first
    return first


def mark_cues(p: Parse, i: int) -> Iterator[Cue]:
    """A colon after a speaker early in its paragraph, or a dash between a quotation or a short remark and a speaker.

    A headline's colon may stand before its speaker: "Most voters back the tax: poll", "‘No panic’: doctors in Oslo".
    """
    if i >= len(p.text):
        return
    first, last = p.paragraph[i]
    quoted_headline = p.lower[i] == ":" and not first and i > 0 and p.quote[i - 1] >= 0 > p.quote[i]
    if i in p.turns:
        label = p.turns[i][1]
        yield Cue(i, next((k for k in range(label[1], label[0], -1) if p.word[k]), label[0]), "colon", *label)
    elif (speaker := introduced(p, i)) >= 0:
        yield Cue(i, speaker, "colon", first, i)
    elif (name := signed(p, i)) >= 0:
        yield Cue(i, name, "dash", i, name)
    elif p.lower[i] == ":" and i < last <= i + _TAIL and not first and p.lemma[last] in WORDS["signing"]:
        yield Cue(i, last, "dash", i, last)
    elif p.lower[i] == ":" and first < i <= first + 15 and not quoted_headline and p.pos[i - 1] != "VERB":
        yield Cue(i, _before_colon(p, i), "colon", max(p.sentence[i][0], first), i)
    elif (
        (p.lower[i] in DASHES or quoted_headline)
        and i < last
        and p.quote[i] < 0
        and (p.quote[i - 1] >= 0 or last - i < 8)
    ):
        speaker = i + 1
        while p.dep[speaker] == "compound" and speaker < p.head[speaker] <= last:
            speaker = p.head[speaker]
        yield Cue(i, speaker, "dash", i, last)


def signature(p: Parse, quote: tuple[int, int]) -> tuple[int, int, int] | None:
    """The mark before the name that signs a quotation, the first and the last token of the name; None without one."""
    name = _SIGNATURE.match(p.whole, p.end[quote[1]])
    return (p.tokens(name.start(), name.start(1))[1], *p.tokens(*name.span(1))) if name else None


def signed(p: Parse, dash: int) -> int:
    """The last token of the name that signs, behind a dash, the quotation before it; -1 where none does."""
    if p.lower[dash] not in DASHES or not p.quote[dash] < 0 <= p.quote[dash - 1]:
        return -1
    name = signature(p, p.quotes[p.quote[dash - 1]])
    return name[2] if name else -1


def introduced(p: Parse, colon: int) -> int:
    """Who speaks, without marks, all that stands behind a colon in its paragraph, as the first person tells, or -1.

    "Ann Lee, the owner, reports good results: As we near the end, we are glad", a headline's "Moss: I will not go".
    """
    first, last = p.paragraph[colon]
    behind = range(colon + 1, last + 1)
    if p.lower[colon] != ":" or p.lower[max(first, colon - 1)] == p.lower[min(last, colon + 1)] == ":":
        return -1  # also within a row of colons, behind each of which all would be looked through
    if colon in p.turns or any(p.quote[k] >= 0 for k in behind):
        return -1
    if _FIRST.isdisjoint(p.lower[k] for k in behind) or not _FIRST.isdisjoint(p.lower[first:colon]):
        return -1
    person = first < colon and (
        p.entity[colon - 1] == "PERSON" or (p.pos[colon - 1] == "PROPN" and p.lower[colon + 1] == "i")
    )
    if person and not first and colon - first <= _LABEL:
        return colon - 1
    verbs = [k for k in range(max(first, p.sentence[colon][0]), colon) if p.pos[k] == "VERB"]
    telling = (k for k in verbs if kind_of_cue(p, k) in ("say", "ask"))
    return next((m for k in telling for m in p.children[k] if p.dep[m] == "nsubj" and m < k), -1)


def _before_colon(p: Parse, colon: int) -> int:
    """The speaker before a colon: the noun beside it, else its clause's subject: "Others said on Monday: “…”"."""
    beside = colon - 1
    owner = p.head[p.head[beside]]
    person = p.entity[beside] == "PERSON"
    if p.dep[beside] == "pobj" and not person and (p.entity[owner] == "PERSON" or p.lemma[beside] in _TIMES):
        return owner  # "Anna Reed of the union", "tweet of the day"
    if p.pos[beside] in _NOMINAL and (person or p.dep[beside] not in ("npadvmod", "pobj")):
        return beside
    clauses = [beside]
    while p.head[clauses[-1]] != clauses[-1] and len(clauses) < _GENERATIONS:
        clauses.append(p.head[clauses[-1]])
    near = [k for clause in clauses for k in p.children[clause]]
    return next((k for k in (*near, *range(p.sentence[colon][0], colon)) if p.dep[k] == "nsubj" and k < colon), beside)


def possible_speakers(p: Parse, cue: int) -> Iterator[tuple[int, str]]:
    """Those of `speakers` who can be: no place or day of a dateline, nobody who is asked, told or spoken of.

    "Asked whether he would resign, Khan said", "Khan is said to be ill", "Khan was accused of “theft”", "the jury was
    told that", "the court heard that", "…, the boy told the BBC", "Lee, whose bank it is, called it": others speak.
    """
    opening, lemma = p.after_dateline.get(p.paragraph[cue][0], 0), p.lemma[cue]
    asked = p.sentence[cue][0] == cue and p.tag[cue] in ("VBN", "VBD") and lemma in WORDS["of others"]
    others = lemma in WORDS["of others"] or lemma in TELLING or (kind_of_cue(p, cue) == "name" or lemma in _BLAMING)
    told = p.pos[cue] == "VERB" and (asked or (others and p.passive(cue)))
    asked_to = bidden(p, cue)
    for speaker, how in speakers(p, cue):
        if p.paragraph[cue][0] <= speaker < opening:  # "LONDON, May 3 - The bank on Monday said": hung on the place
            behind = (k for k in range(opening, cue) if p.pos[k] in _SPEAKERS and p.head[k] < opening)
            speaker = next(behind, speaker)
        nobody = (
            p.paragraph[cue][0] <= speaker < opening
            or p.lemma[speaker] in _TIMES
            or p.quote[speaker] in p.titles
            or (told and how != "agent")
            or speaker == asked_to
            or (lemma == "hear" and p.lemma[speaker] in WORDS["hearing"])
            or (how == "ownpassive" and p.lower[speaker] == "it")
            or (how == "inverted" and lemma in TELLING and p.dep[speaker] in ("dobj", "dative"))
            or (p.head[speaker] != cue and "whose" in [p.lower[k] for k in p.children[speaker]])
            or (how == "own" and cue < speaker and _opens_clause(p, speaker))
        )
        if not nobody:
            yield speaker, how


def _opens_clause(p: Parse, noun: int) -> bool:
    """Whether a noun after its verb opens what a headline says: "Bank holds rates, says inflation risks easing"."""
    headline = p.paragraph[noun][0] == 0 and p.lower[p.paragraph[noun][1]] not in (".", "?", "!")
    return headline and noun < p.paragraph[noun][1] and p.dep[noun + 1] == "acl"


def speakers(p: Parse, cue: int) -> Iterator[tuple[int, str]]:
    """Head tokens of who may be saying it, with how each was found; at first sight likely ones first."""
    if inverted := inverted_speaker(p, cue):
        yield inverted, "inverted"
        return
    if p.lower[cue] in ("according", "per"):
        yield from ((k, "according") for k in p.children[cue] if p.dep[k] == "poss")  # "in Ann Lee's words"
        for prep in (*p.children[cue], cue + 1, cue):
            yield from ((k, "according") for k in _objects(p, prep))
        return
    if p.pos[cue] == "NOUN":
        yield from ((k, "poss") for k in p.children[cue] if p.dep[k] == "poss")
        for k in p.children[cue]:
            if p.lower[k] in ("by", "from", "of"):
                yield from ((k, "by") for k in _objects(p, k))
    verb, how = cue, "own"
    for _ in range(_GENERATIONS):
        yield from ((k, "agent") for k in _agents(p, verb))
        for k in p.children[verb]:
            if p.dep[k] in ("nsubj", "nsubjpass"):
                if p.lower[k] in ("who", "that", "which") and p.dep[verb] == "relcl":
                    yield p.head[verb], "relative"
                elif p.lower[k] == "who" and (noun := _before_who(p, k)) >= 0:
                    yield noun, "relative"
                else:
                    yield k, how + "passive" * p.passive(verb)
        if p.dep[verb] in ("acl", "relcl") and p.pos[p.head[verb]] in ("NOUN", "PROPN", "PRON"):
            yield p.head[verb], "noun"
        if p.head[verb] == verb:
            break
        verb, how = p.head[verb], "above"
    after = cue + 1
    if p.pos[cue] == "VERB" and after < len(p.pos) and p.quote[after] < 0 and p.pos[after] in _SPEAKERS:
        while p.dep[after] in _MODIFIERS and after < p.head[after]:
            after = p.head[after]
        yield after, "inverted"
    before = cue - 1
    while before > p.paragraph[cue][0] and p.pos[before] in ("ADV", "AUX", "PUNCT", "PART"):
        before -= 1
    if before >= 0 and p.pos[before] in ("PROPN", "NOUN", "PRON") and p.quote[before] == p.quote[cue]:
        while before < p.head[before] < cue or (p.dep[before] in ("appos", "pobj", "prep") and p.head[before] < before):
            before = p.head[before]
        if p.pos[before] != "ADP":
            yield before, "before"


def _before_who(p: Parse, who: int) -> int:
    """The noun right before a "who" that the parse hangs elsewhere, or -1."""
    before = who - 1
    while before > p.sentence[who][0] and p.pos[before] in ("ADV", "PUNCT"):
        before -= 1
    return before if before >= p.sentence[who][0] and p.pos[before] in ("NOUN", "PROPN") else -1


def inverted_speaker(p: Parse, cue: int) -> int:
    """The head of who speaks in "Prices, said Ann Smith of the bank, will fall", "“Is it?” asked the boy"; else 0."""
    if cue + 1 >= len(p.text) or p.tag[cue] not in ("VBD", "VBZ") or kind_of_cue(p, cue) not in ("say", "ask"):
        return 0
    behind = p.lower[cue - 1] == "," or p.quote[cue - 1] >= 0
    if not behind or p.pos[cue + 1] not in ("PROPN", "DET", "NOUN", "ADJ") or p.quote[cue] >= 0:
        return 0
    end = cue + 1
    while end < min(p.sentence[cue][1], cue + _PHRASE) and p.pos[end] in _IN_PHRASE:
        end += 1
    if p.lower[end] not in _AFTER_PHRASE:
        return 0
    if p.lemma[cue] in TELLING and any(p.dep[k] in ("dobj", "dative") for k in p.children[cue] if cue < k < end):
        return 0  # "…, told the Echo by telephone."
    nouns = [k for k in range(cue + 1, end) if p.pos[k] in ("PROPN", "NOUN")]
    return next((k for k in nouns if k + 1 not in nouns), 0)


def _agents(p: Parse, verb: int) -> list[int]:
    """By whom it is done."""
    return [k for agent in p.children[verb] if p.dep[agent] == "agent" for k in _objects(p, agent)]


def _objects(p: Parse, preposition: int) -> list[int]:
    return [k for k in p.children[preposition] if p.dep[k] == "pobj"] if preposition < len(p.dep) else []
