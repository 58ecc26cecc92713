"""What stands around a cue and around a word, as numbers for networks: the parser's vectors, and how likely others are.

The vectors are those by which spaCy's tagger and parser know a word in its context (`Doc.tensor`).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import Parse
from workbench.statistics import Numbers, logistic

Places = NDArray[np.int64]
VECTOR = 96  # numbers in a vector of spaCy's small English model
_FLOOR = 7.0  # no score counts for more, or for less than minus this
_CLOSE, _WIDE = 40, 60  # tokens
_CONTENT = 12  # tokens after a cue that are likely to be of what it attributes
_COMPLEMENTS = frozenset("ccomp xcomp dobj prep acl attr advcl relcl pcomp".split())
_PLACES = "cue before after second speaker head complement sentence content".split()
_OTHERS = "itself earlier later above children article paragraph far_above preceding succeeding length".split()
CUE_INPUTS = [*_OTHERS, *(f"{place} {k}" for place in _PLACES for k in range(VECTOR))]
WORD_INPUTS = (
    "said most said-1 said+1 said-3 said+3 highest sentence before paragraph article quoted said_quoted from to top "
    "number head marks around cue strongest left right cues above far_above"
).split()


def strengths(p: Parse, rated: Iterable[tuple[Cue, float]]) -> Numbers:
    """For each token the score of the cue that it is, the lowest there is where it is none."""
    strength = np.full(len(p.text), -_FLOOR)
    for cue, score in rated:
        strength[cue.token] = max(strength[cue.token], min(_FLOOR, score))
    return strength


def around_cues(p: Parse, found: Sequence[Cue], strength: Numbers) -> Numbers:
    """A row for each cue, of CUE_INPUTS: other cues near it, and vectors of words that matter to it."""
    token, speaker = np.array([(cue.token, cue.speaker) for cue in found], dtype=int).reshape(-1, 2).T
    head = np.array(p.head, dtype=int)[token]
    complement = np.array([_complement(p, i) for i in token], dtype=int)
    first, last = np.array([p.sentence[i] for i in token], dtype=int).reshape(-1, 2).T
    vectors = np.asarray(p.vectors, dtype=float)
    sums = np.concatenate([np.zeros((1, VECTOR)), np.cumsum(vectors, axis=0)])

    def at(places: Places) -> Numbers:
        inside = (places >= 0) & (places < len(vectors))
        return np.where(inside[:, None], vectors[np.where(inside, places, 0)], 0)

    def mean(start: Places, end: Places) -> Numbers:
        return (sums[end + 1] - sums[start]) / (end + 1 - start)[:, None]

    places = [at(token + step) for step in (0, -1, 1, 2)]
    places += [at(speaker), at(np.where(head == token, -1, head)), at(complement)]
    around = [mean(first, last), mean(token, np.minimum(last, token + _CONTENT))]
    return np.hstack([_other_cues(p, token, strength), *places, *around])


def _complement(p: Parse, cue: int) -> int:
    return next((k for k in p.children[cue] if k > cue and p.dep[k] in _COMPLEMENTS), -1)


def _other_cues(p: Parse, token: Places, strength: Numbers) -> Numbers:
    """How strong the cues around each token are: in its sentence, above and below it, in paragraph and article."""
    score, chance = strength.tolist(), logistic(strength)
    sums = np.concatenate([[0.0], np.cumsum(chance)]).tolist()
    size, rows = len(score), []
    for i in token.tolist():
        (first, last), (start, end), head = p.sentence[i], p.paragraph[i], p.head[i]
        row = [score[i], max(score[first:i], default=-_FLOOR), max(score[i + 1 : last + 1], default=-_FLOOR)]
        row += [score[head] if head != i else -_FLOOR, max([score[k] for k in p.children[i]], default=-_FLOOR)]
        row += [min(2.0, 30 * sums[-1] / size), 20 * (sums[end + 1] - sums[start] - chance[i]) / max(1, end - start)]
        row += [score[p.head[head]] if head != i else -_FLOOR, sums[first] - sums[max(0, first - _CLOSE)]]
        row += [sums[min(size, last + 1 + _CLOSE)] - sums[last + 1], (last - first) / 30]
        rows.append(row)
    return np.array(rows).reshape(-1, len(_OTHERS))


def around_words(p: Parse, said: Numbers, most: Numbers, strength: Numbers) -> Numbers:
    """A row for each token, of WORD_INPUTS, given how likely any cue is, and the likeliest, to attribute it."""
    size = len(said)
    here, head = np.arange(size), np.array(p.head)
    first, last = np.array(p.sentence).T
    start, end = np.array(p.paragraph).T
    quoted = (np.array(p.quote) >= 0).astype(float)
    score = log_odds(said)
    chance = logistic(strength)

    def total(values: Numbers, begin: Places, stop: Places) -> Numbers:
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return sums[stop + 1] - sums[begin]

    def mean(begin: Places, stop: Places) -> Numbers:
        return log_odds(total(said, begin, stop) / (stop + 1 - begin))

    def moved(by: int) -> Numbers:
        return score[np.clip(here + by, 0, size - 1)]

    def highest(values: Numbers) -> Numbers:
        starts = np.flatnonzero(here == first)
        return np.maximum.reduceat(values, starts)[np.searchsorted(starts, first)]

    before = np.maximum(first - 1, 0)
    columns = [score, log_odds(most), moved(-1), moved(1), moved(-3), moved(3), highest(score), mean(first, last)]
    columns += [mean(before, before), mean(start, end), log_odds(np.full(size, said.mean())), quoted, score * quoted]
    columns += [(here - first) / 20, (last - here) / 20, start == 0, np.minimum(p.paragraph_number, 20) / 20]
    columns += [score[head], log_odds(np.full(size, quoted.mean()))]
    columns += [mean(np.maximum(here - _WIDE, 0), np.minimum(here + _WIDE, size - 1)), strength, highest(strength)]
    columns += [total(chance, first, here - 1), total(chance, here, last), total(chance, start, end)]
    columns += [strength[head], strength[head[head]]]
    return np.column_stack(columns)


def log_odds(chance: Numbers) -> Numbers:
    """The score of a probability, none below 0.003 or above 0.997."""
    chance = np.clip(chance, 0.003, 0.997)
    return np.log(chance / (1 - chance))
