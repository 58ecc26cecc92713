"""Of the stretches that a text's cues may attribute those that are worth most together, none overlapping another."""

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import Pieces

TOGETHER, STEPS = 12, 500  # cues whose stretches are weighed against each other, and choices tried


class Stretch(NamedTuple):
    """What a cue may attribute: what it is worth (negative, the best first), its pieces, its cue, its probability."""

    loss: float
    pieces: Pieces
    cue: Cue
    confidence: float


def most_worth(offers: list[list[Stretch]]) -> list[Stretch]:
    """At most one stretch of each cue; `offers` holds each cue's, the best first, none of them empty."""
    return [stretch for group in groups(offers) for stretch in _best(group)]


def groups(offers: list[list[Stretch]]) -> Iterator[list[list[Stretch]]]:
    """The cues' stretches in groups that do not overlap: what is taken in one leaves the others as they are."""
    group: list[list[Stretch]] = []
    end = -1
    for offer in sorted(offers, key=lambda offer: min(s.pieces[0][0] for s in offer)):
        if group and min(s.pieces[0][0] for s in offer) > end:
            yield group
            group = []
        group.append(offer)
        end = max(end, *(s.pieces[-1][1] for s in offer))
    if group:
        yield group


def _best(group: list[list[Stretch]]) -> list[Stretch]:
    """One stretch a cue at most, none overlapping another: those worth most, looked for among a few cues at a time."""
    start = min(s.pieces[0][0] for offer in group for s in offer)
    ranked = sorted(group)
    found: list[Stretch] = []
    used = 0
    for number in range(0, len(ranked), TOGETHER):
        masked = [[(s, _mask(s.pieces, start)) for s in offer] for offer in ranked[number : number + TOGETHER]]
        best = _search(masked, used)
        found += [s for s, _ in best]
        for _, mask in best:
            used |= mask
    return found


def _mask(pieces: Pieces, start: int) -> int:
    """The tokens of a stretch as bits."""
    return sum([((1 << (last + 1 - first)) - 1) << (first - start) for first, last in pieces])


def _search(offers: list[list[tuple[Stretch, int]]], used: int) -> list[tuple[Stretch, int]]:
    """The best choice that some hundreds of steps find, depth first, leaving out what cannot become better."""
    hope = [0.0, *accumulate(-offer[0][0].loss for offer in reversed(offers))][::-1]
    best: list[tuple[Stretch, int]] = []
    most, steps = 0.0, 0

    def go_on(number: int, used: int, value: float, taken: list[tuple[Stretch, int]]) -> None:
        nonlocal best, most, steps
        steps += 1
        if value > most:
            best, most = taken, value
        if number == len(offers) or steps > STEPS:
            return
        for stretch, mask in offers[number]:
            if value - stretch.loss + hope[number + 1] <= most:
                break
            if not used & mask:
                go_on(number + 1, used | mask, value - stretch.loss, [*taken, (stretch, mask)])
        if value + hope[number + 1] > most:
            go_on(number + 1, used, value, taken)

    go_on(0, used, 0.0, [])
    return best
