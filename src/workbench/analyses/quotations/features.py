"""What speaks for and against a cue, a stretch, a speaker, a quotation without a cue: features, for trained weights.

A feature is what is looked at and what was seen, written "lemma|dep=say|ccomp"; "|" joins what is seen together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from workbench.analyses.quotations.candidates import Candidate
from workbench.analyses.quotations.clauses import complement, form, kind_of_cue
from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import Parse
from workbench.analyses.quotations.weights import Block

_FUNCTION = frozenset(["neg", "mark", "aux", "advmod", "prt", "auxpass", "det"])
_CROWD = 50  # rivals looked at in one stretch
_ABOVE = 8  # heads above a word within which it hangs on something before it
_NEAR = 12  # tokens to a quotation that is far
_CUE = (
    "bias lemma lemma|dep lemma|tag tag|dep suffix|pos speaker|how lemma|speaker tag|how lemma|how quoted|near "
    "quoted|pos lemma|near after|pos lemma|following before|pos lemma|before top|pos corners|quoted|pos saying "
    "saying|lemma|pos kids|pos class class|how class|speaker class|complement class|complement|how class|near "
    "complement|lemma path:path|pos"
)
_SPAN = (
    "marked|exact|side lemma|side lemma|length start|side next|side ending|side before|start lemma gap|side|marked "
    "whole|side|marked how|side beside|side|marked first|side entity|start|side verbs|side|marked stops|side|marked "
    "within|side between|side|pieces later|side earlier|side roots|side number|side lemma|number goes|place|side "
    "ahead|roots place|following goes|place|next class|form|opener class|form|root|side lemma|form form|ending|next"
)
_FLOATING = "bias length length|whole whole|earlier earlier before next start verbs capital|length stop top"
_SPEAKER = (
    "how rank|how how|pos|dep lemma|how kind|how word word|how outside|how side|how role|how tag|how form before|how"
)

_UP = "up:path|word up:path|pos|lemma"
_HELPING = "child:word|pos child:word|lemma"
_CHILD = "child:side|lemma child:side|tag child:kind|word"
_WAY = "way|lemma way|pos|dep"


def _bucket(n: int) -> str:
    return str(n if n < 4 else 4 + min(4, (n - 4) // 4) if n < 24 else 9)


def _kind(p: Parse, speaker: int) -> str:
    word = p.lower[speaker] if p.pos[speaker] == "PRON" else p.pos[speaker]
    return "none" if speaker < 0 else p.entity[speaker] or word


def _nearest_quote(p: Parse, i: int) -> str:
    if not p.quotes:
        return "-"
    first, last = p.paragraph[i]
    at = bisect_right(p.quotes, (i, i))
    near = [(i - b, "l") for _, b in p.quotes[max(0, at - 2) : at] if first <= b < i]
    near += [(a - i, "r") for a, _ in p.quotes[at : at + 1] if a <= last]
    distance, side = min(near, default=(_NEAR, ""))
    return f"{side}{_bucket(distance)}" if distance < _NEAR else "-"


def cue_features(p: Parse, found: Sequence[Cue]) -> list[Block]:
    """What speaks for and against cues: word, form and place, speaker, neighbours, children and heads of each."""
    tokens = [cue.token for cue in found]
    lower, edges = [*p.lower, "^"], [p.paragraph[i] for i in tokens]
    above = [(row, p.dep[i], i, p.head[i]) for row, i in enumerate(tokens) if p.head[i] != i]
    above += [(row, f"{way}<{p.dep[k]}", i, p.head[k]) for row, way, i, k in above if p.head[k] != k]
    path = [p.dep[i] for i in tokens]
    for row, way, _, k in above:
        path[row] = f"{way}<{p.dep[k]}"
    seen = {
        "bias": [""] * len(tokens),
        "lemma": [p.lemma[i] for i in tokens],
        "dep": [p.dep[i] for i in tokens],
        "tag": [p.tag[i] for i in tokens],
        "pos": [p.pos[i] for i in tokens],
        "how": [cue.how for cue in found],
        "suffix": [lower[i][-3:] for i in tokens],
        "kids": [",".join(sorted({p.dep[k] for k in p.children[i] if k > i} - {"punct"})) for i in tokens],
        "top": [str(first == 0) for first, _ in edges],
        "speaker": [_kind(p, cue.speaker) for cue in found],
        "saying": [p.lemma[cue.speaker] if cue.speaker >= 0 else "" for cue in found],
        "before": [p.context[i - 1] for i in tokens],
        "after": [p.context[i + 1] for i in tokens],
        "following": [lower[i + 1].partition("\n")[0] for i in tokens],
        "near": [_nearest_quote(p, i) for i in tokens],
        "quoted": [str(p.quote[i] >= 0) for i in tokens],
        "corners": [str((p.quote[first] >= 0) + (p.quote[last] >= 0)) for first, last in edges],
        "class": [kind_of_cue(p, i) for i in tokens],
        "complement": [complement(p, i) for i in tokens],
        "path": path,
    }
    breaks = [row for row, i in enumerate(tokens) for mark in lower[i + 1] if mark == "\n"]
    blocks = [Block(_CUE, seen, range(len(tokens))), Block("breaks", {"breaks": [""] * len(breaks)}, breaks)]
    seen = {"path": [way for _, way, *_ in above], "lemma": [p.lemma[i] for *_, i, _ in above]}
    seen |= {"word": [p.lemma[k] for *_, k in above], "pos": [p.pos[k] for *_, k in above]}
    blocks.append(Block(_UP, seen, [row for row, *_ in above]))
    kids = [(row, i, k) for row, i in enumerate(tokens) for k in p.children[i] if p.dep[k] != "punct"]
    helping = [kid for kid in kids if p.dep[kid[2]] in _FUNCTION or p.dep[kid[2]] == "prep"]
    seen = {"lemma": [p.lemma[i] for _, i, _ in helping], "word": [p.lower[k] for *_, k in helping]}
    seen["pos"] = ["" if p.dep[k] in _FUNCTION else p.pos[i] for _, i, k in helping]
    blocks.append(Block(_HELPING, seen, [row for row, *_ in helping]))
    others = [kid for kid in kids if p.dep[kid[2]] not in _FUNCTION and p.dep[kid[2]] != "prep"]
    seen = {"lemma": [p.lemma[i] for _, i, _ in others], "word": [p.lemma[k] for *_, k in others]}
    seen |= {"tag": [p.tag[k] for *_, k in others], "kind": [p.dep[k] for *_, k in others]}
    seen["side"] = [f"{p.dep[k]}{k > i}" for _, i, k in others]
    return [*blocks, Block(_CHILD, seen, [row for row, *_ in others])]


class Rivals:
    """How likely other cues are within a stretch: words that another cue claims are less likely this one's."""

    def __init__(self, rated: Iterable[tuple[Cue, float]]) -> None:
        ordered = sorted((cue.token, likely) for cue, likely in rated)
        self.tokens = [token for token, _ in ordered]
        self.classes = [bisect_right((0.03, 0.1, 0.3, 0.6, 0.9), likely) for _, likely in ordered]

    def strongest(self, first: int, last: int, but: int) -> int:
        """The class, 0 to 5, of the likeliest cue from token `first` to `last` other than `but`."""
        start = bisect_left(self.tokens, first)
        end = min(bisect_right(self.tokens, last, start), start + _CROWD)
        if start >= end:
            return 0
        own = bisect_left(self.tokens, but, start, end)
        if own == end or self.tokens[own] != but:
            return max(self.classes[start:end])
        past = bisect_right(self.tokens, but, own, end)
        return max(*self.classes[start:own], *self.classes[past:end], 0, 0)


def span_features(p: Parse, found: Sequence[Candidate], rivals: Rivals) -> list[Block]:
    """What speaks for and against stretches as that which the cue attributes: how found, edges, marks, rivals."""
    seen = [_stretch(p, candidate, rivals) for candidate in found]
    names = seen[0] if seen else {part for name in _SPAN.split() for part in name.split("|")}
    ways = [(row, way, c.cue.token) for row, c in enumerate(found) for way in c.ways]
    rows, way, cue = zip(*ways, strict=True) if ways else ((), (), ())
    cued = {"way": way, "lemma": [p.lemma[i] for i in cue], "pos": [p.pos[i] for i in cue]}
    return [
        Block(_SPAN, {name: [row[name] for row in seen] for name in names}, range(len(found))),
        Block(_WAY, cued | {"dep": [p.dep[i] for i in cue]}, rows),
    ]


def _stretch(p: Parse, candidate: Candidate, rivals: Rivals) -> dict[str, str]:
    cue, pieces, _ = candidate
    i = cue.token
    first, last = pieces[0][0], pieces[-1][1]
    side = "wrap" if first < i < last else "left" if last < i else "right"
    words, free = p.count(pieces), p.free(pieces)
    marked = ("cue" if p.quote[i] >= 0 else "") + ("all" if not free else "no" if free == words else "part")
    exact = all(a in p.opening and b in p.closing for a, b in pieces)
    a, b = (min(last, i) + 1, max(first, i)) if side != "wrap" else (i, i)
    gaps = [(a, b - 1)] if len(pieces) == 1 else [(left[1] + 1, right[0] - 1) for left, right in pairwise(pieces)]
    roots = [k for piece in pieces for k in _roots(p, *piece)]
    goes, place, following = _going_on(p, i, first, last)
    shape, opener, root = form(p, roots, first)
    hanging = [p.dep[k] + ("@" if p.head[k] == i else "<" if p.head[k] < i else ">") for k in roots[:3]]
    return {
        "class": kind_of_cue(p, i),
        "form": shape if free else "marked",
        "opener": opener,
        "root": root,
        "lemma": p.lemma[i],
        "how": cue.how,
        "side": side,
        "marked": marked,
        "exact": str(exact),
        "length": _bucket(words),
        "pieces": str(len(pieces)),
        "number": str(min(4, len(roots))),
        "roots": "+".join(hanging),
        "ahead": p.context[i - 1] if i > p.paragraph[i][0] else "¶",
        "goes": goes,
        "place": place,
        "following": following,
        "verbs": str(min(3, p.free_verbs[b] - p.free_verbs[a])),
        "stops": str(min(2, p.free_stops[b] - p.free_stops[a])),
        "gap": _bucket(first - i if side == "right" else i - last),
        "beside": p.context[i + (1 if side == "right" else -1)],
        "start": p.context[first],
        "first": p.dep[first],
        "entity": p.entity[first],
        "before": p.context[first - 1],
        "ending": p.context[last],
        "next": p.context[last + 1],
        "whole": f"{last >= p.sentence[i][1] - 1}&{first <= p.sentence[i][0]}",
        "within": str(max([rivals.strongest(*piece, i) for piece in pieces])),
        "between": str(max([rivals.strongest(*gap, i) for gap in gaps])),
        "later": str(rivals.strongest(last + 1, last + 4, i)),
        "earlier": str(rivals.strongest(first - 4, first - 1, i)),
    }


def _roots(p: Parse, first: int, last: int) -> list[int]:
    """The words of a stretch that hang on none in it: a clause has one, words torn out of several have more."""
    heads = enumerate(p.head[first : last + 1], first)
    return [k for k, head in heads if (head < first or head > last or head == k) and p.word[k]]


def _going_on(p: Parse, cue: int, first: int, last: int) -> tuple[str, str, str]:
    """How the sentence goes on after a stretch: the relation and the place of what its next word hangs on, the word."""
    k = next((k for k in range(last + 1, min(last + 4, p.sentence[last][1] + 1)) if p.word[k]), -1)
    if k < 0:
        return "", "end", ""
    following = p.lower[k]
    for _ in range(_ABOVE):
        if p.head[k] <= last or p.head[k] == k:
            break
        k = p.head[k]
    at = p.head[k]
    place = "cue" if at == cue else "in" if first <= at <= last else "above" if at <= last else "after"
    return p.dep[k], place, following


def floating_features(p: Parse, number: int, taken: set[int]) -> list[Block]:
    """What speaks for and against a quotation without a cue being speech: length, place, what stands around it."""
    first, last = p.quotes[number]
    start, end = p.paragraph[first]
    earlier = "paragraph" if number - 1 in taken and p.quotes[number - 1][0] >= start else number - 1 in taken
    seen = {"bias": "", "length": _bucket(p.count(((first, last),))), "verbs": min(3, p.pos[first:last].count("VERB"))}
    seen |= {"whole": f"{first - start <= 1}{end - last <= 1}", "earlier": earlier, "top": start == 0}
    seen |= {"before": p.context[first - 1], "start": p.context[first + 1], "next": p.context[last + 1]}
    seen |= {"capital": p.text[min(first + 1, last)].istitle(), "stop": p.lower[last - 1] in ",.?!…"}
    return [Block(_FLOATING, {name: [str(value)] for name, value in seen.items()}, [0])]


def speaker_features(p: Parse, options: Sequence[tuple[int, int, str, int]]) -> list[Block]:
    """What speaks for and against each who may be a cue's speaker: how found, what word, where.

    `options`: the cue, who may speak, how found, which of the cue's in their order.
    """
    seen = {"how": [how for *_, how, _ in options], "rank": [str(min(rank, 4)) for *_, rank in options]}
    seen |= {"lemma": [p.lemma[i] for i, *_ in options], "dep": [p.dep[i] for i, *_ in options]}
    seen |= {"pos": [p.pos[i] for i, *_ in options], "tag": [p.tag[i] for i, *_ in options]}
    seen |= {"side": [f"{k > i}&{_bucket(abs(k - i))}" for i, k, *_ in options]}
    seen |= {"outside": [str(p.quote[k] == p.quote[i]) for i, k, *_ in options]}
    tokens = [k for _, k, *_ in options]
    seen |= {"kind": [_kind(p, k) for k in tokens], "word": [p.lemma[k] for k in tokens]}
    seen |= {"role": [p.dep[k] for k in tokens], "form": [p.tag[k] for k in tokens]}
    return [Block(_SPEAKER, seen | {"before": [p.context[k - 1] for k in tokens]}, range(len(options)))]
