"""What speaks for and against a cue, a stretch, a quotation without a cue: the features that the weights are for.

A feature is a string; "|" joins what is seen together.
"""

from bisect import bisect_left, bisect_right
from itertools import pairwise

from workbench.candidates import Candidate, Cue
from workbench.tokens import Parse


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
        f"script={how}|{min(len(p.script), 3)}|{word.isupper()}|{i - first < 5}",
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


def speaker_features(p: Parse, cue: int, speaker: int, how: str, rank: int) -> list[str]:
    """What speaks for and against someone as the cue's speaker: how found, what word, where."""
    kind, side = _speaker(p, speaker), f"{speaker > cue}|{_bucket(abs(speaker - cue))}"
    outside = p.quote[speaker] == p.quote[cue]
    return [
        *(
            f"how={how}",
            f"rank={min(rank, 4)}|{how}",
            f"how={how}|{p.pos[cue]}{p.dep[cue]}",
            f"how={how}|{p.lemma[cue]}",
        ),
        *(
            f"kind={kind}|{how}",
            f"lemma={p.lemma[speaker]}",
            f"lemma={p.lemma[speaker]}|{how}",
            f"outside={outside}|{how}",
        ),
        *(f"side={side}|{how}", f"dep={p.dep[speaker]}|{how}", f"tag={p.tag[cue]}|{how}", f"tag={p.tag[speaker]}"),
        f"marked={_word(p, speaker - 1)}|{how}",
    ]
