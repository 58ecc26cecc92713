"""Which words are attributed to whom: the likeliest of the candidates, by trained weights."""

import json
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import NamedTuple

from workbench.candidates import Candidate, Cue, Parse, Pieces, candidates, cues, mark_cues

MODEL = Path(__file__).parent / "models" / "quotations.json"
Weights = dict[str, float]

THRESHOLD = 0.3  # of confidence: about half the F1 that is reached, where taking one more begins to cost
UNLIKELY_CUE = 0.03
UNLIKELY_SPAN = 0.02
SAME = 0.8  # Jaccard overlap in words from which two stretches count as the same
FLOATING = 0.5
SIGNED = 0.9  # the training articles have no quotations signed after a dash, so this is not learned


class Attribution(NamedTuple):
    """Words attributed to someone: pieces, cue token or -1, speaker's head token or -1, probability."""

    pieces: Pieces
    cue: int
    head: int
    confidence: float


@cache
def weights() -> dict[str, Weights]:
    """The trained weights of each of the three models, read once."""
    return json.loads(MODEL.read_text("utf-8"))


def attributions(p: Parse) -> list[Attribution]:
    """The attributed stretches of a parsed text, none overlapping another, in the order of the text."""
    found = chosen(p)
    for number, taken in left_over(p, found):
        found = _with_floating(p, found, number, taken)
    return sorted(found, key=lambda attribution: attribution.pieces)


class _Option(NamedTuple):
    cue: Cue
    likely: float  # that the cue attributes anything
    spans: dict[Pieces, float]  # what, given that it does


def _rated(p: Parse) -> list[_Option]:
    """The likely cues with the likely stretches of each."""
    model = weights()
    rated = [(cue, _logistic(score(model["cue"], cue_features(p, cue)))) for cue in cues(p)]
    rated = [(cue, likely) for cue, likely in rated if likely >= UNLIKELY_CUE]
    rivals = Rivals(rated)
    options = []
    for cue, likely in rated:
        found = candidates(p, cue)
        scores = [score(model["span"], span_features(p, candidate, rivals)) for candidate in found]
        if scores:
            top = max(scores)
            powers = [exp(value - top) for value in scores]
            total = sum(powers)
            shares = {c.pieces: power / total for c, power in zip(found, powers, strict=True)}
            least = min(UNLIKELY_SPAN, 1 / total)
            options.append(_Option(cue, likely, {pieces: v for pieces, v in shares.items() if v >= least}))
    return options


def score(model: Weights, features: list[str]) -> float:
    """The sum of the features' weights."""
    return sum(model.get(feature, 0.0) for feature in features)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def chosen(p: Parse) -> list[Attribution]:
    """What cues attribute; cues whose stretches may collide are decided together."""
    groups: list[list[_Option]] = []
    reach = -1
    for option in sorted(_rated(p), key=lambda option: min(option.spans)):
        if not groups or min(option.spans)[0][0] > reach:
            groups.append([])
        groups[-1].append(option)
        reach = max(reach, *(pieces[-1][1] for pieces in option.spans))
    return [attribution for group in groups for attribution in _taken(p, group)]


def _taken(p: Parse, options: list[_Option]) -> list[Attribution]:
    """One by one, surest first, each cue's stretch that is most likely to be the same as the right one.

    What overlaps a stretch already taken drops out, and the rest of its cue's probability is shared out anew: a cue
    whose likeliest stretch has gone to another may still be sure of the next.
    """
    rated = [(*_best(p, option), option) for option in options]
    taken: list[Attribution] = []
    while rated:
        index = max(range(len(rated)), key=lambda k: rated[k][0])
        confidence, pieces, option = rated.pop(index)
        if confidence < THRESHOLD:
            break
        taken.append(Attribution(pieces, option.cue.token, option.cue.speaker, confidence))
        for k, (_, _, other) in enumerate(rated):
            kept = {span: share for span, share in other.spans.items() if not _overlap(span, pieces)}
            if len(kept) < len(other.spans):
                left, all_shares = sum(kept.values()), sum(other.spans.values())
                likely = other.likely * left / (1 - other.likely * (all_shares - left))
                rest = _Option(other.cue, likely, {span: share / left for span, share in kept.items()})
                rated[k] = (*_best(p, rest), rest)
    return taken


def _best(p: Parse, option: _Option) -> tuple[float, Pieces]:
    """How likely it is that the cue attributes a stretch that is, small differences aside, this one; and this one."""
    if not option.spans:
        return 0.0, ()
    together = {a: sum(share for b, share in option.spans.items() if _same(p, a, b)) for a in option.spans}
    pieces = max(together, key=together.__getitem__)
    return option.likely * together[pieces], pieces


def _overlap(a: Pieces, b: Pieces) -> bool:
    return any(first <= end and start <= last for first, last in a for start, end in b)


def _same(p: Parse, a: Pieces, b: Pieces) -> bool:
    shared = p.count(tuple((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b if x[0] <= y[1] and y[0] <= x[1]))
    return shared >= SAME * (p.count(a) + p.count(b) - shared)


def left_over(p: Parse, attributed: list[Attribution]) -> list[tuple[int, set[int]]]:
    """The quotations of which nothing is attributed, by number, each with the numbers of those that are."""
    taken = {p.quote[k] for a in attributed for first, last in a.pieces for k in range(first, last + 1)}
    return [(number, taken) for number, quote in enumerate(p.quotes) if number not in taken and p.count((quote,))]


def _with_floating(p: Parse, found: list[Attribution], number: int, taken: set[int]) -> list[Attribution]:
    """Those found and a quotation without a cue of its own, if it is signed after a dash or likely to be speech.

    It goes on with the last quotation of its paragraph or of the one before, else it is of whoever speaks next.
    """
    quote = p.quotes[number]
    for cue in mark_cues(p, quote[1] + 1):
        if cue.how == "dash" and p.text[cue.speaker].istitle():
            return [*found, Attribution((quote,), cue.token, cue.speaker, SIGNED)]
    likely = _logistic(score(weights()["floating"], floating_features(p, number, taken)))
    if likely < FLOATING:
        return found
    before = max((a for a in found if a.pieces[-1] < quote), key=lambda a: a.pieces[-1], default=None)
    if before and p.paragraph_number[quote[0]] - p.paragraph_number[before.pieces[-1][1]] <= 1:
        if p.quote[before.pieces[-1][1]] >= 0:
            return [a for a in found if a is not before] + [before._replace(pieces=(*before.pieces, quote))]
        return [*found, Attribution((quote,), -1, before.head, likely)]
    after = min((a for a in found if a.pieces[0] > quote), key=lambda a: a.pieces[0], default=None)
    return [*found, Attribution((quote,), -1, after.head if after else -1, likely)]


# What the weights speak of. A feature is a string; "|" joins what is seen together.


def _bucket(n: int) -> int:
    return n if n < 4 else 4 + min(4, (n - 4) // 4) if n < 24 else 9


_OPEN = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM", "X"])


def _word(p: Parse, i: int) -> str:
    """A token as context: of open classes the part of speech, of others the word itself."""
    if not 0 <= i < len(p.lower):
        return "^"
    if p.lower[i].isspace():
        return "\n"
    return p.pos[i] if p.pos[i] in _OPEN else p.lower[i]


def _speaker(p: Parse, speaker: int) -> str:
    if speaker < 0:
        return "none"
    return p.entity[speaker] or (p.lower[speaker] if p.pos[speaker] == "PRON" else p.pos[speaker])


def _nearest_quote(p: Parse, i: int) -> str:
    first, last = p.paragraph[i]
    for distance in range(1, 12):
        if i - distance >= first and p.quote[i - distance] >= 0 and p.quote[i - distance] != p.quote[i]:
            return f"l{_bucket(distance)}"
        if i + distance <= last and p.quote[i + distance] >= 0 and p.quote[i + distance] != p.quote[i]:
            return f"r{_bucket(distance)}"
    return "-"


def cue_features(p: Parse, cue: Cue) -> list[str]:
    """What speaks for and against a cue: its word, form and place, its speaker, neighbours, children and heads."""
    i, s = cue.token, cue.speaker
    lemma, dep, tag, pos = p.lemma[i], p.dep[i], p.tag[i], p.pos[i]
    first, last = p.paragraph[i]
    quoted, near, speaker = p.quote[i] >= 0, _nearest_quote(p, i), _speaker(p, s)
    before, after = _word(p, i - 1), _word(p, i + 1)
    following = p.lower[i + 1] if i + 1 < len(p.lower) else "^"
    found = [
        *(
            "bias",
            f"l={lemma}",
            f"l={lemma}|{dep}",
            f"l={lemma}|{tag}",
            f"t={tag}|{dep}",
            f"suf={p.lower[i][-3:]}|{pos}",
        ),
        *(f"s={speaker}|{cue.how}", f"l={lemma}|s={speaker}", f"how={cue.how}|{tag}", f"how={cue.how}|{lemma}"),
        *(
            f"q={quoted}|{near}",
            f"q={quoted}|{pos}",
            f"near={near}|{lemma}",
            f"n={after}|{pos}",
            f"n={following}|{lemma}",
        ),
        *(f"p={before}|{pos}", f"p={before}|{lemma}", f"par={first == 0}|{pos}"),
        f"pq={(p.quote[first] >= 0) + (p.quote[last] >= 0)}|{quoted}|{pos}",
    ]
    if s >= 0:
        found.append(f"sl={p.lemma[s]}")
        if pos != "NOUN":
            found.append(f"sv={p.lemma[s]}|{lemma}")
    if cue.how in ("colon", "dash"):
        found += _mark_features(p, cue, speaker)
    found.append(f"kids={','.join(sorted({p.dep[k] for k in p.children[i] if k > i and p.dep[k] != 'punct'}))}|{pos}")
    for k in p.children[i]:
        kind = p.dep[k]
        if kind in ("neg", "mark", "aux", "advmod", "prt", "auxpass", "det"):
            found += [f"c={p.lower[k]}", f"c={p.lower[k]}|{lemma}"]
        elif kind == "prep":
            found += [f"c={p.lower[k]}|{pos}", f"c={p.lower[k]}|{lemma}"]
        elif kind != "punct":
            found += [f"c={kind}{k > i}|{lemma}", f"c={kind}{k > i}|{p.tag[k]}", f"cl={kind}|{p.lemma[k]}"]
    path, k = dep, i
    for _ in range(2):
        if p.head[k] == k:
            break
        k = p.head[k]
        found += [f"up={path}|{p.lemma[k]}", f"up={path}|{p.pos[k]}|{lemma}"]
        path += f"<{p.dep[k]}"
    found.append(f"path={path}|{pos}")
    return found


def _mark_features(p: Parse, cue: Cue, speaker: str) -> list[str]:
    """Where a colon or dash stands in its paragraph, whether beside a quotation, and how its speaker is written."""
    i, how = cue.token, cue.how
    first, last = p.paragraph[i]
    beside = f"{i > first and p.quote[i - 1] >= 0}{i < last and p.quote[i + 1] >= 0}"
    place = f"{how}|{_bucket(i - first)}|{_bucket(last - i) if how == 'dash' else last - i > 5}"
    word = p.text[cue.speaker]
    opened = p.quote[i] >= 0 and p.quotes[p.quote[i]][0] == first
    return [
        *(f"place={place}", f"place={place}|{beside}", f"place={how}|{beside}|{speaker}"),
        f"script={how}|{min(p.scripted, 3)}|{word.isupper()}|{i - first < 5}",
        *(f"caps={how}|{word.isupper()}|{i - first < 4}|{opened}", f"caps={how}|{word.isupper()}|{speaker}"),
        f"whole={how}|{p.quote[first] >= 0}|{p.quote[i - 1] >= 0}|{last - i < 8}|{word.istitle()}",
    ]


class Rivals:
    """How likely other cues are within a stretch: words that another cue claims are less likely this one's."""

    def __init__(self, rated: list[tuple[Cue, float]]) -> None:
        ordered = sorted((cue.token, likely) for cue, likely in rated)
        self.tokens = [token for token, _ in ordered]
        self.likely = [likely for _, likely in ordered]

    def strongest(self, first: int, last: int, but: int) -> int:
        """The class, 0 to 5, of the likeliest cue from token `first` to `last` other than `but`."""
        span = range(bisect_left(self.tokens, first), bisect_right(self.tokens, last))
        likely = max((self.likely[k] for k in span if self.tokens[k] != but), default=0.0)
        return bisect_right((0.03, 0.1, 0.3, 0.6, 0.9), likely)


def span_features(p: Parse, candidate: Candidate, rivals: Rivals) -> list[str]:
    """What speaks for and against a stretch as that which the cue attributes: how found, edges, marks, rivals."""
    cue, pieces, ways = candidate
    i = cue.token
    lemma, pos, dep = p.lemma[i], p.pos[i], p.dep[i]
    first, last = pieces[0][0], pieces[-1][1]
    side = "wrap" if first < i < last else "left" if last < i else "right"
    words, quoted = p.count(pieces), p.quoted(pieces)
    marked = ("cue" if p.quote[i] >= 0 else "") + ("no" if not quoted else "all" if quoted == words else "part")
    exact = all(p.quote[a] >= 0 and p.quotes[p.quote[a]][0] == a for a, _ in pieces)
    exact = exact and all(p.quote[b] >= 0 and p.quotes[p.quote[b]][1] == b for _, b in pieces)
    start, end, before = _word(p, first), _word(p, last + 1), _word(p, first - 1)
    length, gap = _bucket(words), _bucket(first - i if side == "right" else i - last)
    sentence = p.sentence[i]
    whole = f"{last >= sentence[1] - 1}|{first <= sentence[0]}"
    beyond = p.dep[last + 1] if last + 1 < len(p.dep) else "^"
    found = [feature for w in ways for feature in (f"k={w}", f"k={w}|{lemma}", f"k={w}|{pos}{dep}", f"k={w}|{marked}")]
    found += [
        *(f"nk={len(ways)}", f"flag={marked}{exact}|{side}", f"flag={marked}{exact}|{lemma}", f"side={side}|{lemma}"),
        *(f"len={length}|{side}", f"len={length}|{lemma}", f"start={start}|{side}", f"start={start}|{lemma}"),
        *(
            f"next={end}|{side}",
            f"next={end}|{p.pos[last]}",
            f"next2={end}|{_word(p, last + 2)}",
            f"nd={beyond}|{side}|{dep}",
        ),
        *(f"last={_word(p, last)}|{side}", f"prev={before}|{start}", f"prev={before}|{side}|{lemma}"),
        *(f"gap={gap}|{side}|{marked}", f"sent={whole}|{side}|{marked}", f"n={len(pieces)}|{side}|{marked}"),
        *(f"how={cue.how}|{side}", f"adj={_word(p, i + 1 if side == 'right' else i - 1)}|{side}|{marked}"),
        *(f"dep={p.dep[first]}|{side}", f"entity={p.entity[first]}|{start}|{side}"),
    ]
    if side == "right" and last + 2 < len(p.dep):
        found.append(f"cut={p.dep[last + 2]}|{p.tag[last + 2]}|{end}")
    if side != "wrap":
        between = [k for k in range(min(last, i) + 1, max(first, i)) if p.quote[k] < 0]
        verbs, stops = sum(p.pos[k] == "VERB" for k in between), sum(p.lower[k] in (".", "?", "!") for k in between)
        found += [f"midv={min(3, verbs)}|{side}|{marked}", f"mids={min(2, stops)}|{side}|{marked}"]
    for a, b in pieces if len(pieces) > 1 else ():
        if p.quote[a] >= 0 and (b < i - 1 or a > i + 1):
            found += _far_features(p, i, a, b)
    numbers = {p.quote[k] for piece in pieces for k in piece}
    found.append(f"quotes={min(4, len(numbers - {-1}))}|{side}|{marked}")
    inside = max(rivals.strongest(a, b, i) for a, b in pieces)
    gaps = pairwise(pieces) if len(pieces) > 1 else [((0, min(last, i)), (max(first, i), 0))]
    between_rival = max(rivals.strongest(left[1] + 1, right[0] - 1, i) for left, right in gaps)
    found += [
        *(
            f"ci={inside}|{side}",
            f"ci={inside}|{side}|{len(pieces)}",
            f"cm={between_rival}|{side}|{min(3, len(pieces))}",
        ),
        *(
            f"ca={rivals.strongest(last + 1, last + 4, i)}|{side}",
            f"cb={rivals.strongest(first - 4, first - 1, i)}|{side}",
        ),
    ]
    return found


def _far_features(p: Parse, i: int, first: int, last: int) -> list[str]:
    """Of a quotation that is not next to the cue: what stands between, and whether a verb beside it may claim it."""
    between = range(last + 1, i) if last < i else range(i + 1, first)
    stops = sum(p.lower[k] in (".", "?", "!") and p.quote[k] < 0 for k in between)
    beside = [k for k in (*range(first - 3, first), *range(last + 1, last + 4)) if 0 <= k < len(p.pos)]
    verbs = [p.lemma[k] for k in beside if p.pos[k] == "VERB" and p.quote[k] < 0 and k != i]
    return [
        *(f"far={stops}|{len(verbs)}|{first > i}", f"far={stops}|{_bucket(len(between))}|{first > i}"),
        *(f"farprev={_word(p, first - 1)}|{stops}", f"farnext={_word(p, last + 1)}|{stops}"),
        *(f"farverb={verb}" for verb in verbs),
        f"farcap={p.text[min(first + 1, last)].istitle()}|{stops}|{first > i}",
    ]


def floating_features(p: Parse, number: int, taken: set[int]) -> list[str]:
    """What speaks for and against a quotation without a cue being speech: length, place, what stands around it."""
    first, last = p.quotes[number]
    start, end = p.paragraph[first]
    length = _bucket(p.count(((first, last),)))
    whole = f"{first - start <= 1}{end - last <= 1}"
    earlier = "paragraph" if number - 1 in taken and p.quotes[number - 1][0] >= start else str(number - 1 in taken)
    verbs = sum(p.pos[k] == "VERB" for k in range(first, last + 1))
    return [
        *("bias", f"len={length}", f"len={length}|{whole}", f"whole={whole}|{earlier}", f"before={earlier}"),
        *(
            f"prev={_word(p, first - 1)}",
            f"next={_word(p, last + 1)}",
            f"start={_word(p, first + 1)}",
            f"verbs={min(3, verbs)}",
        ),
        *(
            f"cap={p.text[min(first + 1, last)].istitle()}|{length}",
            f"stop={p.lower[last - 1] in ',.?!…'}",
            f"top={start == 0}",
        ),
    ]
