"""How likely what was chosen is a quotation, on any news: a last judgement by what all genres share."""

from bisect import bisect
from collections.abc import Sequence
from typing import NamedTuple

from workbench.analyses.quotations.candidates import Candidate
from workbench.analyses.quotations.clauses import ATTITUDES, VERBS, bidden, complement, form, kind_of_cue
from workbench.analyses.quotations.marks import Parse, Pieces
from workbench.analyses.quotations.words import WORDS

_STEPS = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.96)
_LENGTHS = (3, 6, 12, 25, 60)
_DOING = frozenset("discover feel find know learn prove realize recognize remember see show".split())
_WHOLE = frozenset("MD TO VBD VBP VBZ".split())  # of verbs, those that a clause has
_RELATIVES = frozenset("that which who".split())
_REFUSING = frozenset("decline refuse".split())
_ANSWERING = frozenset("confirm contest deny dispute make rebut refute reject repeat verify".split())
_ENABLING = frozenset("help let".split())
_NO_ONE = frozenset("nobody none neither".split())
_TERM = 4  # words of the longest name or term
NARRATORS = frozenset("i me my us we you your".split())
_PRONOUNS = {"he": "person", "she": "person", "who": "person", "they": "they", "some": "they", "others": "they"}


def nobodys(p: Parse, candidate: Candidate) -> bool:
    """Whether it is what nobody says by the definition of a quotation, likely as it may seem.

    What the journalist, outside of all quotation marks, thinks, or the reader may ("I doubt it"; but "I asked her
    whether it was over" is reported); what somebody learns, tries or begins to do, or is shown doing; what nobody says
    ("declined to comment", "did not say whether"), or a relative clause tells of something ("a contract that binds"); a
    name or term in quotation marks beside a verb that reports nothing ("they hopped on “the Eel”").
    """
    cue, pieces, _ = candidate
    i, what, free = cue.token, kind_of_cue(p, cue.token), p.free(pieces)
    if p.titles:
        inside = [k for first, last in pieces for k in range(first, last + 1)]
        marked = {p.quote[k] for k in inside} - {-1}
        if marked and marked <= p.titles and not any(p.tag[k] in _WHOLE and p.quote[k] < 0 for k in inside):
            return True
    if cue.how in ("colon", "dash") or p.quote[i] >= 0:
        return False
    if what == "show" and pieces[0][0] > p.sentence[i][1]:
        return True  # "The accounts show a loss. Lee said it was late. “We looked everywhere.”"
    if (first := pieces[0][0]) > i and p.lower[first] in _RELATIVES and p.dep[p.head[first]] == "relcl":
        return True
    if p.pos[i] == "NOUN" and p.lower[first] == "that" and p.lemma[verb := p.head[first]] in _ANSWERING:
        return not any(p.dep[k] in ("dobj", "ccomp", "nsubjpass") for k in p.children[verb])  # "a claim that I deny"
    if cue.speaker >= 0 and p.lower[cue.speaker] in NARRATORS and free == p.count(pieces):
        return not (p.tag[i] == "VBD" and what in ("say", "ask"))
    if p.lemma[i] in _REFUSING and any(p.dep[k] == "xcomp" and p.lemma[k] in WORDS["unsaid"] for k in p.children[i]):
        return True
    if p.dep[i] == "xcomp" and p.lemma[p.head[i]] in _REFUSING and p.lemma[i] in WORDS["unsaid"]:
        return True
    if free == p.count(pieces) and (p.lemma[i] in WORDS["shown"] or _only_asked(p, i, first)):
        return True
    if p.pos[i] == "NOUN" and p.lemma[i] not in ATTITUDES and p.lower[first] == "to":
        return True  # "in no hurry to go to bed"
    if p.lemma[i] in _ENABLING and free == p.count(pieces):
        return True  # "an act that lets people install it"
    if p.lemma[i] == "thank" and free:
        return True  # "thanked the crew for what she called “a miracle”"
    if free == p.count(pieces) and p.lemma[i] in WORDS["unsaid"] and _unsaid(p, i, cue.speaker):
        return True
    if p.pos[i] == "VERB" and what not in ("say", "ask", "name"):
        doing = p.lower[pieces[0][0]] == "to" and (what not in ("think", "show") or p.lemma[i] in _DOING)
        term = p.count(pieces) - free <= _TERM and not any(
            p.pos[k] in VERBS for a, b in pieces for k in range(a, b + 1)
        )
        plain = not any(p.tag[k] in _WHOLE for a, b in pieces for k in range(a, b + 1))
        return doing or (plain if free == p.count(pieces) else term)
    return False


def _only_asked(p: Parse, cue: int, first: int) -> bool:
    """Whether it is what somebody is to say or not to say: "that" and what follows in "warned them not to say that"."""
    if (somebody := bidden(p, cue)) >= 0 and p.dep[somebody] != "nsubjpass":
        return True
    return any(k < first <= p.right[k] and bidden(p, k) >= 0 for k in p.children[cue] if p.dep[k] == "xcomp")


def _unsaid(p: Parse, verb: int, speaker: int) -> bool:
    """Whether a verb of saying tells that it was not said: "did not say", "declined to say", "nobody said"."""
    nobody = speaker >= 0 and (
        p.lower[speaker] in _NO_ONE or (p.lower[speaker] == "one" and p.lower[speaker - 1] == "no")
    )
    return nobody or any(p.dep[k] == "neg" for k in p.children[verb])


class Choice(NamedTuple):
    """Words that a cue was chosen to attribute to a speaker, -1 where there is none, and how likely that seemed."""

    pieces: Pieces
    cue: int
    head: int
    likely: float  # by the models of cues and stretches
    said: float  # mean of how likely each word is to be reported


def choice_features(p: Parse, choice: Choice) -> list[str]:
    """What speaks for and against a choice, of kinds that any news has: no word but those that open clauses."""
    pieces, cue, head, likely, said = choice
    words, free = p.count(pieces), p.free(pieces)
    kind = "indirect" if free == words else "direct" if free < words / 10 else "mixed"
    first, last = pieces[0][0], pieces[-1][1]
    seen = [f"{kind}", *_steps(kind, "likely", likely, _STEPS), *_steps(kind, "said", said, _STEPS)]
    seen.append(f"{kind} length={bisect(_LENGTHS, words)}")
    if cue < 0:
        return [f"no cue {feature}" for feature in seen]
    what, speaker = kind_of_cue(p, cue), speaker_kind(p, head)
    inside = [(k, a <= p.head[k] <= b and p.head[k] != k) for a, b in pieces for k in range(a, b + 1)]
    roots = [k for k, hangs in inside if p.word[k] and not hangs]
    shape, opener, relation = form(p, roots, first)
    side = "around" if first < cue < last else "after" if first > cue else "before"
    beside = p.head[next((k for k in roots if p.dep[k] == relation), cue)] == cue
    negated = any(p.dep[k] == "neg" for k in p.children[cue])
    how = "passive" if p.pos[cue] == "VERB" and p.passive(cue) else p.tag[cue]
    seen += [f"{kind} cue={what}", f"{kind} speaker={speaker}", f"{kind} {how}", f"{kind} {side}"]
    seen.append(f"{kind} pieces={len(pieces)}")
    if kind == "indirect":
        seen += [f"{what} {shape} {opener}", f"{shape} {relation} {beside} {side}", f"{what} {speaker}"]
        seen += [f"{what} {side}", f"roots={min(3, len(roots))}", f"negated={negated} {what}"]
        seen += [f"{what} {complement(p, cue)}", f"{shape} {opener}"]
    return seen


def speaker_kind(p: Parse, head: int) -> str:
    """Who speaks, roughly: nobody, the narrator or reader, a person, a body, several, a thing that is pointed at."""
    if head < 0:
        return "nobody"
    lower = p.lower[head]
    if lower in NARRATORS:
        return "narrator"
    if p.pos[head] in ("PRON", "DET"):
        return _PRONOUNS.get(lower, "it")
    return p.entity[head] or ("name" if p.pos[head] == "PROPN" else p.tag[head])


def _steps(kind: str, name: str, value: float, steps: Sequence[float]) -> list[str]:
    return [f"{kind} {name}>{step}" for step in steps[: bisect(steps, value)]]
