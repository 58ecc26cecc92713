"""What speaks for and against a cue, a stretch, a speaker, a quotation without a cue: features, for trained weights.

A feature is a string: what is looked at and what was seen, "lemma|dep=say|ccomp"; "|" joins what is seen together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, pairwise
from operator import itemgetter

from workbench.analyses.quotations.candidates import Candidate
from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import Parse

_FUNCTION = frozenset(["neg", "mark", "aux", "advmod", "prt", "auxpass", "det"])
_CROWD = 50  # rivals looked at in one stretch
_ABOVE = 8  # heads above a word within which it hangs on something before it
_NEAR = 12  # tokens to a quotation that is far


def _writer(looked_at: str) -> Callable[[Mapping[str, object]], list[str]]:
    """What writes the features of all that is looked at, given what was seen."""
    names = [features.split("|") for features in looked_at.split()]
    lines = "\n".join("|".join(parts) + "=" + "|".join(["%s"] * len(parts)) for parts in names)
    values = itemgetter(*chain(*names))
    return lambda seen: (lines % values(seen)).split("\n")


_CUE = _writer(
    "bias lemma lemma|dep lemma|tag tag|dep suffix|pos speaker|how lemma|speaker tag|how lemma|how quoted|near "
    "quoted|pos lemma|near after|pos lemma|following before|pos lemma|before top|pos corners|quoted|pos saying "
    "saying|lemma|pos kids|pos"
)
_SPAN = _writer(
    "marked|exact|side lemma|side lemma|length start|side next|side ending|side before|start lemma gap|side|marked "
    "whole|side|marked how|side beside|side|marked first|side entity|start|side verbs|side|marked stops|side|marked "
    "within|side between|side|pieces later|side earlier|side roots|side number|side lemma|number goes|place|side "
    "ahead|roots place|following goes|place|next"
)
_WAY = _writer("way|lemma way|pos|dep")
_FLOATING = _writer("bias length length|whole whole|earlier earlier before next start verbs capital|length stop top")
_SPEAKER = _writer(
    "how rank|how how|pos|dep lemma|how kind|how word word|how outside|how side|how role|how tag|how form before|how"
)


def _token(p: Parse, i: int) -> dict[str, object]:
    return {"lemma": p.lemma[i], "dep": p.dep[i], "tag": p.tag[i], "pos": p.pos[i]}


def _bucket(n: int) -> int:
    return n if n < 4 else 4 + min(4, (n - 4) // 4) if n < 24 else 9


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


def cue_features(p: Parse, cue: Cue) -> list[str]:
    """What speaks for and against a cue: its word, form and place, its speaker, neighbours, children and heads."""
    i, how = cue.token, cue.how
    lemma, pos = p.lemma[i], p.pos[i]
    first, last = p.paragraph[i]
    following = p.lower[i + 1] if i + 1 < len(p.lower) else "^"
    kids = ",".join(sorted({p.dep[k] for k in p.children[i] if k > i and p.dep[k] != "punct"}))
    seen = {
        "lemma": lemma,
        "dep": p.dep[i],
        "tag": p.tag[i],
        "pos": pos,
        "bias": "",
        "how": how,
        "suffix": p.lower[i][-3:],
        "kids": kids,
        "top": first == 0,
        "speaker": _kind(p, cue.speaker),
        "saying": p.lemma[cue.speaker] if cue.speaker >= 0 else "",
        "before": p.context[i - 1],
        "after": p.context[i + 1],
        "following": following,
        "near": _nearest_quote(p, i),
        "quoted": p.quote[i] >= 0,
        "corners": (p.quote[first] >= 0) + (p.quote[last] >= 0),
    }
    found = _CUE(seen)
    for k in p.children[i]:
        kind = p.dep[k]
        if kind in _FUNCTION or kind == "prep":
            found += [f"child={p.lower[k]}|{'' if kind in _FUNCTION else pos}", f"child={p.lower[k]}|{lemma}"]
        elif kind != "punct":
            found += [f"child={kind}{k > i}|{seen}" for seen in (lemma, p.tag[k])] + [f"child={kind}|{p.lemma[k]}"]
    path, k = p.dep[i], i
    for _ in range(2):
        if p.head[k] == k:
            break
        k = p.head[k]
        found += [f"up={path}|{p.lemma[k]}", f"up={path}|{p.pos[k]}|{lemma}"]
        path += f"<{p.dep[k]}"
    return [*found, f"path={path}|{pos}"]


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


def span_features(p: Parse, candidate: Candidate, rivals: Rivals) -> list[str]:
    """What speaks for and against a stretch as that which the cue attributes: how found, edges, marks, rivals."""
    cue, pieces, ways = candidate
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
    seen: dict[str, object] = {
        "lemma": p.lemma[i],
        "dep": p.dep[i],
        "pos": p.pos[i],
        "how": cue.how,
        "side": side,
        "marked": marked,
        "exact": exact,
        "length": _bucket(words),
        "pieces": len(pieces),
        "number": min(4, len(roots)),
        "roots": "+".join([p.dep[k] + ("@" if p.head[k] == i else "<" if p.head[k] < i else ">") for k in roots[:3]]),
        "ahead": p.context[i - 1] if i > p.paragraph[i][0] else "¶",
        "goes": goes,
        "place": place,
        "following": following,
        "verbs": min(3, p.free_verbs[b] - p.free_verbs[a]),
        "stops": min(2, p.free_stops[b] - p.free_stops[a]),
        "gap": _bucket(first - i if side == "right" else i - last),
        "beside": p.context[i + (1 if side == "right" else -1)],
        "start": p.context[first],
        "first": p.dep[first],
        "entity": p.entity[first],
        "before": p.context[first - 1],
        "ending": p.context[last],
        "next": p.context[last + 1],
        "whole": f"{last >= p.sentence[i][1] - 1}|{first <= p.sentence[i][0]}",
        "within": max([rivals.strongest(*piece, i) for piece in pieces]),
        "between": max([rivals.strongest(*gap, i) for gap in gaps]),
        "later": rivals.strongest(last + 1, last + 4, i),
        "earlier": rivals.strongest(first - 4, first - 1, i),
    }
    found = _SPAN(seen)
    for way in ways:
        seen["way"] = way
        found += _WAY(seen)
    return found


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


def floating_features(p: Parse, number: int, taken: set[int]) -> list[str]:
    """What speaks for and against a quotation without a cue being speech: length, place, what stands around it."""
    first, last = p.quotes[number]
    start, end = p.paragraph[first]
    earlier = "paragraph" if number - 1 in taken and p.quotes[number - 1][0] >= start else number - 1 in taken
    seen = {"bias": "", "length": _bucket(p.count(((first, last),))), "verbs": min(3, p.pos[first:last].count("VERB"))}
    seen |= {"whole": f"{first - start <= 1}{end - last <= 1}", "earlier": earlier, "top": start == 0}
    seen |= {"before": p.context[first - 1], "start": p.context[first + 1], "next": p.context[last + 1]}
    seen |= {"capital": p.text[min(first + 1, last)].istitle(), "stop": p.lower[last - 1] in ",.?!…"}
    return _FLOATING(seen)


def speaker_features(p: Parse, cue: int, speaker: int, how: str, rank: int) -> list[str]:
    """What speaks for and against someone as the cue's speaker: how found, what word, where."""
    seen = _token(p, cue) | {"how": how, "rank": min(rank, 4), "side": f"{speaker > cue}|{_bucket(abs(speaker - cue))}"}
    seen |= {"kind": _kind(p, speaker), "word": p.lemma[speaker], "role": p.dep[speaker], "form": p.tag[speaker]}
    seen |= {"before": p.context[speaker - 1], "outside": p.quote[speaker] == p.quote[cue]}
    return _SPEAKER(seen)
