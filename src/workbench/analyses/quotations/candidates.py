"""What each cue in a parsed text may attribute: every sensible stretch of words, none of them judged yet."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from workbench.analyses.quotations.clauses import VERBS, blamed, kind_of_cue, quotation_before, said, without_reaction
from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import REACH, Parse, Pieces
from workbench.analyses.quotations.repairs import TELLING

_PAUSES = frozenset([",", ";", ":", "—", "–", "--", "-"])
_EDGE = _PAUSES | {".", "―", "..."}
_CLAUSES = "ccomp xcomp advcl oprd acomp parataxis pcomp acl relcl conj"
_COMPLEMENTS = frozenset(f"{_CLAUSES} dobj prep attr dative agent npadvmod appos nsubj".split())
_FRONTED = frozenset("all anything everything nothing something that what whatever which".split())
_RELATIVES = frozenset("that which who whom".split())
_FINITE = frozenset("VBZ VBD VBP MD".split())
SUBJECTS = frozenset("expl nsubj nsubjpass".split())
_LEFT = frozenset("nsubj ccomp advcl dobj nsubjpass attr xcomp parataxis".split())
_CLOSING = frozenset("sentence cut subtree xcomp oprd".split())
_NAMING = frozenset("nsubjpass nsubj poss amod compound".split())
_CONJUNCTIONS = frozenset("that whether if how why what".split())
_JOINING = frozenset("although and as because but or since though while".split())
_OPENING = frozenset("ADJ DET NOUN PRON PROPN SCONJ".split())
_CLAUSE = 9  # tokens after a cue within which its clause begins
_FAR = 12  # tokens from a cue to the end of its paragraph for it to introduce the next one
_EDGES = 8  # complements of a cue that may start or end a stretch
_RUN = 6  # pieces, or paragraphs, that one quotation may go on for


class Candidate(NamedTuple):
    """What a cue may attribute, and the ways in which it was come upon."""

    cue: Cue
    pieces: Pieces
    ways: list[str]


def candidates(p: Parse, cue: Cue) -> list[Candidate]:
    """What the cue may attribute: stretches right of it, left of it and around it, and quotations nearby."""
    found: dict[Pieces, list[str]] = {}
    known: dict[Pieces, Pieces] = {}  # many ways lead to the same stretch
    deed, bound = _next_deed(p, cue.token), _joined(p, cue)
    for way, *stretches in _stretches(p, cue):
        whole = tuple([_whole(p, cue.token, *stretch) for stretch in stretches])
        if whole not in known:
            known[whole] = _sensible(p, cue, whole, deed)
        if (pieces := known[whole]) and (not bound or pieces[0][0] > cue.token):
            found.setdefault(pieces, []).append(way)
    return [Candidate(cue, pieces, ways) for pieces, ways in found.items()]


def _joined(p: Parse, cue: Cue) -> bool:
    """Whether a conjunction right before the cue leaves it what follows alone: "It will grow and, said Lee, soon"."""
    before = cue.first - 2
    return before > p.sentence[cue.token][0] and p.lower[before + 1] == "," and p.lower[before] in _JOINING


def _sensible(p: Parse, cue: Cue, pieces: Pieces, deed: int) -> Pieces:
    """What of a stretch the cue may attribute, nothing where it holds the cue, whom it is told or the next deed."""
    i = cue.token
    if any(first > last for first, last in pieces):
        return ()
    if cue.how not in ("colon", "dash"):
        pieces = said(p, i, _clause(p, i, without_reaction(p, pieces)))
    if len(pieces) > 1 and not p.opening.intersection(first for first, _ in pieces):
        first, last = pieces[0]  # "Next, the team hopes to …", but "Never, he said, will …"
        if not _pause(p, min(cue.last + 1, len(p.text) - 1)) and all(p.pos[k] == "ADV" for k in range(first, last + 1)):
            pieces = pieces[1:]
        elif first == last and p.pos[first] == "CCONJ":
            pieces = pieces[1:]  # "But, she said, prices fell"
        elif p.pos[pieces[-1][0]] == "CCONJ" and pieces[-1][0] == pieces[-1][1]:
            pieces = pieces[:-1]  # "…, his spokesman said, and called on …"
    before = i - 1 - (p.lower[i - 1] == ",")
    inverted = cue.how == "inverted" and (p.quote[before] >= 0 or before < i - 1)  # "Is it safe?" asked the boy
    own = (i, cue.speaker) if inverted else (i,)
    if any(first > last or any(first <= k <= last for k in own) for first, last in pieces) or not p.count(pieces):
        return ()
    further = deed >= 0 and any(i < first <= deed <= last for first, last in pieces)
    return () if further or _addressee(p, cue, pieces) else pieces


def _addressee(p: Parse, cue: Cue, pieces: Pieces) -> bool:
    """Whether the last of the pieces is, or begins with, whom the words are told: "…, she told reporters that …"."""
    telling = p.lemma[cue.token] in TELLING
    if pieces[-1][0] < cue.token or (len(pieces) == 1 and not telling):
        return False
    told = [(p.left[k], p.right[k]) for k in p.children[cue.token] if p.dep[k] in ("dobj", "dative")]
    clause = telling and any(p.dep[k] == "ccomp" and k > cue.token for k in p.children[cue.token])
    return pieces[-1] in told or (
        clause and any(pieces[-1][0] == first for first, last in told if last < pieces[-1][1])
    )


def _next_deed(p: Parse, cue: int) -> int:
    """What the cue's speaker does next, over which nothing runs on: "said the mill was safe and accused her"; or -1."""
    clause = next((k for k in p.children[cue] if k > cue and p.dep[k] in ("ccomp", "dobj")), len(p.text))
    joined = next((k for k in p.children[cue] if k > clause and p.dep[k] == "cc"), len(p.text))
    deeds = (k for k in p.children[cue] if k > joined and p.dep[k] == "conj" and p.tag[k] in _FINITE)
    deed = next((k for k in deeds if SUBJECTS.isdisjoint(p.dep[m] for m in p.children[k])), -1)
    return deed if deed >= 0 > p.quote[deed] else -1


def _clause(p: Parse, cue: int, pieces: Pieces) -> Pieces:
    """Without who is told, or when: "his rivals that his team can improve", "them to go", "on Monday it would fail".

    And without who is blamed: "the mayor of lying".
    """
    first, last = pieces[0]
    if first == cue + 1 < last:
        dated = first + (p.lower[first] == "on")
        past = dated
        while past < last and p.entity[past] == "DATE":
            past += 1
        if past > dated and (dated > first or p.dep[first] == "npadvmod") and p.pos[past] in _OPENING:
            return ((past, last), *pieces[1:])
    if p.lemma[cue] == "accuse" and cue < first <= (of := blamed(p, cue)) < last:
        return ((of, last), *pieces[1:])
    if p.lemma[cue] in TELLING and cue < first:
        for k in range(first + 1, min(first + _CLAUSE, last)):
            if p.pos[k] in VERBS or p.quote[k] >= 0:
                break
            order = p.dep[p.head[k]] == "xcomp" and p.head[p.head[k]] == cue and p.left[p.head[k]] == k
            if order or (p.lower[k] == "that" and p.tag[k] == "IN"):
                return ((k, last), *pieces[1:])
    return pieces


def _pause(p: Parse, token: int) -> bool:
    """Whether the sentence pauses at a token; the hyphen of "31-year-old" is none."""
    return p.lower[token] in _PAUSES and p.tag[token] != "HYPH"


def _coordinated(p: Parse, cue: int, conjunction: int) -> str:
    """How the verb that a conjunction joins to one in a cue's clause is like the cue: it may be the next thing done.

    "He said that he would go and warned of rain": two reports, though the parse often hangs "warned" on "go".
    """
    verb = next((k for k in p.children[p.head[conjunction]] if k > conjunction and p.dep[k] == "conj"), -1)
    if verb < 0 or p.tag[verb] not in _FINITE or any(p.dep[k] in ("nsubj", "nsubjpass") for k in p.children[verb]):
        return ""
    same = "same" if p.tag[verb] == p.tag[cue] else "other"
    return f"and_{kind_of_cue(p, verb)}_{same}"


def completed(p: Parse, cue: Cue, pieces: Pieces) -> Pieces:
    """The pieces with the pronoun that they are about before them: "which" of "which he said would fail".

    Of a quotation in which the cue stands with both halves: "“Not so,” she said, “not yet.”".
    """
    before, after = cue.first - 1, cue.last + 1
    adjacent = cue.how == "own" and before >= p.paragraph[cue.token][0] and pieces[0][0] == after
    if adjacent and p.lower[before] in _RELATIVES and p.tag[before] != "DT" and p.tag[after] in _FINITE:
        return ((before, before), *pieces)
    half = quotation_before(p, cue.token, cue.speaker)
    if half >= 0 and p.lower[after : after + 1] == [","] and after + 1 in p.opening:
        halves = {p.quotes[half], p.quotes[p.quote[after + 1]]}
        return tuple(sorted(halves.union(pieces))) if halves.intersection(pieces) else pieces
    return pieces


def _whole(p: Parse, cue: int, first: int, last: int) -> tuple[int, int]:
    """Without dateline, without punctuation at the edges, widened to whole quotations unless the cue stands in them."""
    if first <= last and p.after_dateline:
        first = max(first, p.after_dateline.get(p.paragraph[first][0], first))
    while first <= last and (p.lower[first] in _EDGE or p.lower[first].isspace()):
        first += 1
    while first <= last and (p.lower[last] in _EDGE or p.lower[last].isspace()):
        last -= 1
    if first > last:
        return first, last
    opened = next((k for k in range(last - (p.lower[last] == ")"), first, -1) if p.lower[k] in "()"), first)
    if p.lower[opened] == "(" and p.lower[last] == ")":  # where it was said: "(Letters, 3 May)"
        last = opened - 1 if any(p.entity[k] == "DATE" for k in range(opened, last)) else last
    elif p.lower[opened] == "(":  # a bracket that isn't closed
        last = last + 1 if p.lower[last + 1 : last + 2] == [")"] else opened - 1
    at_first, at_last = p.quote[first], p.quote[last]
    return (
        first if at_first in (-1, p.quote[cue]) else p.quotes[at_first][0],
        last if at_last in (-1, p.quote[cue]) else p.quotes[at_last][1],
    )


def _stretches(p: Parse, cue: Cue) -> Iterator[tuple]:
    """A way of finding something that the cue may attribute, and the first and last token of each of its pieces."""
    i, (first, last) = cue.token, p.paragraph[cue.token]
    sentence_first = max(p.sentence[i][0], first, i - REACH)
    sentence_last = min(p.sentence[i][1], last, i + REACH)
    if first < cue.speaker < i:
        edge = p.left[cue.speaker]
        fronted = [k for k in (edge, edge - 1) if first <= k < cue.speaker and p.lower[k] in _FRONTED]
        yield from (("fronted", (k, k)) for k in fronted)
        if (
            fronted
            and p.tag[fronted[0]] != "WDT"
            and p.lower[fronted[0]] != "that"
            and p.tag[min(i + 1, last)] in _FINITE
        ):
            return  # "everything he says is true": the rest is not what he says
    middle = bisect_right(p.quotes, (i, i))
    near = [n for n in range(max(0, middle - _RUN), min(middle + _RUN, len(p.quotes))) if n not in p.titles]
    left = [p.quotes[n] for n in near if n < middle and p.quotes[n][0] >= first]
    right = [p.quotes[n] for n in near if n >= middle and p.quotes[n][1] <= last]
    starts, ends = _edges(p, cue, sentence_last, [quote for quote in right if quote[0] <= sentence_last])
    yield from ((f"{way}>{end}", (a, b)) for a, way in starts.items() for b, end in ends.items() if a <= b)
    closing = {k: end for k, end in ends.items() if end in _CLOSING and k > cue.last + 1}
    if p.head[i] > i and p.right[p.head[i]] > cue.last + 1:
        closing.setdefault(p.right[p.head[i]], "over")
    for start, way in _left_edges(p, cue, sentence_first).items():
        if start < cue.first - 1:
            yield f"{way}<", (start, cue.first - 1)
            yield from ((f"{way}<>{end}", (start, cue.first - 1), (cue.last + 1, k)) for k, end in closing.items())
    if p.dep[i] == "relcl":
        yield "relative", (p.left[p.head[i]], max(p.head[i], p.left[i] - 1))
    for k in p.children[i]:
        if k < i and k != cue.speaker and p.dep[k] in _NAMING:
            yield p.dep[k], (p.left[k], min(p.right[k], i - 1))
    if cue.how in ("colon", "dash"):
        if cue.how == "dash" or last - i <= REACH:
            yield "paragraph>", (i + 1, last if cue.how == "colon" else min(last, i + REACH))
        yield "paragraph<", (max(first, i - REACH), i - 1)
    if p.quote[i] >= 0:
        return
    for before in {0, 1, 2, len(left)}:
        for after in {0, 1, 2, 3, len(right)}:
            if before <= len(left) and after <= len(right) and before + after:
                yield f"quotes{before}{after}", *left[len(left) - before :], *right[:after]
    if not right and last - i < _FAR and cue.how != "dash":
        yield from _next_paragraphs(p, last)


def _next_paragraphs(p: Parse, last: int) -> Iterator[tuple]:
    """What a cue near the `last` token of its paragraph may introduce: the quotations that open the next ones."""
    if p.lower[last] == ":" and last + 2 < len(p.text):
        yield "nextparagraph", p.paragraph[last + 2]
    run: list[tuple[int, int]] = []
    while last + 2 < len(p.text) and len(run) < _RUN:
        first, last = p.paragraph[last + 2]
        if p.quote[first] < 0:
            break
        run.append(p.quotes[p.quote[first]])
        if run[-1][1] < last - 1:
            break
        last = max(last, run[-1][1])
    if run:
        yield "next", run[0]
    if len(run) > 1:
        yield "next*", *run


def _edges(p: Parse, cue: Cue, sentence_last: int, quotes: list) -> tuple[dict[int, str], dict[int, str]]:
    """Where something right of the cue may start and may end: edges of its complements, of quotations, at pauses."""
    i = cue.token
    starts = {i + 1: "next", cue.last + 1: "after"}
    ends = {sentence_last: "sentence"}
    if p.right[i] > i:
        ends.setdefault(p.right[i], "subtree")
    complements = [k for k in p.children[i] if k > i and p.dep[k] in _COMPLEMENTS]
    if p.dep[i] == "nsubj" and p.lemma[p.head[i]] == "be":
        complements += [k for k in p.children[p.head[i]] if k > p.head[i] and p.dep[k] in _COMPLEMENTS]
    for k in complements[:_EDGES]:
        left = max(p.left[k], i + 1)
        way = f"prep_{p.lower[k]}" if p.dep[k] == "prep" else p.dep[k]
        if starts.get(left, "next") in ("next", "after"):
            starts[left] = way
        if p.dep[k] in ("prep", "agent"):
            starts.setdefault(left + 1, way + "+")
        ends.setdefault(p.right[k], p.dep[k])
    clause = next((k for k in range(i + 1, min(i + _CLAUSE, sentence_last)) if p.lower[k] in _CONJUNCTIONS), i + 1)
    starts.setdefault(clause, "clause")
    for first, last in quotes:
        ends.setdefault(last, "quote")
        starts.setdefault(first, "quote")
    pauses = [k for k in range(i + 3, sentence_last) if _pause(p, k) and p.quote[k] == p.quote[i]]
    for k in range(i + 3, sentence_last):
        if p.dep[k] == "cc" and (way := _coordinated(p, i, k)):
            ends.setdefault(k - 1 - (p.lower[k - 1] == ","), way)
    for k in [k for k in pauses if k - 1 not in ends][:3]:
        ends[k - 1] = "cut"
    if cue.how == "according":
        for k in pauses[:3]:
            starts.setdefault(k + 1, "cut")
    return starts, ends


def _left_edges(p: Parse, cue: Cue, sentence_first: int) -> dict[int, str]:
    """Where something left of the cue may start."""
    starts = {sentence_first: "sentence"}
    for k in p.children[cue.token]:
        if k < cue.first and p.dep[k] in _LEFT:
            starts.setdefault(p.left[k], p.dep[k])
    head = p.head[cue.token]
    if head != cue.token:
        starts.setdefault(p.left[head], "head" if head < cue.token else "over")
    pauses = (k for k in range(cue.first - 3, sentence_first, -1) if _pause(p, k) and p.quote[k] < 0)
    for k, _ in zip(pauses, range(2), strict=False):
        starts.setdefault(k + 1, "cut")
    return starts
