"""How stretches are chosen and judged: against a search through all choices, and against sums done by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from workbench.analyses.quotations import attribution
from workbench.analyses.quotations.context import CUE_INPUTS, WORD_INPUTS, around_cues, strengths
from workbench.analyses.quotations.cues import Cue
from workbench.analyses.quotations.marks import Parse
from workbench.analyses.quotations.selection import Stretch, most_worth
from workbench.documents.document import Document
from workbench.language.parsing import parse, tokens
from workbench.statistics.networks import Network

PIECE = st.tuples(st.integers(0, 20), st.integers(0, 4)).map(lambda at: (at[0], at[0] + at[1]))
OFFERS = st.lists(st.lists(st.tuples(PIECE, st.integers(1, 50)), min_size=1, max_size=4), max_size=5)


def offered(offers: list) -> list[list[Stretch]]:
    return [
        sorted(Stretch(-worth / 10, (piece,), Cue(n, -1, "none", n, n), 0.5) for piece, worth in offer)
        for n, offer in enumerate(offers)
    ]


def apart(stretches: list[Stretch]) -> bool:
    taken = [k for s in stretches for first, last in s.pieces for k in range(first, last + 1)]
    return len(taken) == len(set(taken))


@settings(deadline=None)
@given(OFFERS)
def test_no_other_choice_of_stretches_is_worth_more(offers):
    rows = offered(offers)
    chosen = most_worth(rows)
    assert apart(chosen)
    assert len({s.cue for s in chosen}) == len(chosen)
    every = ([s for s in choice if s] for choice in product(*([None, *row] for row in rows)))
    best = max(-sum(s.loss for s in choice) for choice in every if apart(choice))
    assert -sum(s.loss for s in chosen) == pytest.approx(best)


def test_many_stretches_over_each_other_are_chosen_from_in_little_time():
    rows = offered([[((n % 7, n % 7 + n % 11), n % 13 + 1) for n in range(k, k + 9)] for k in range(400)])
    assert apart(most_worth(rows))


def test_two_short_quotations_may_be_worth_more_than_a_long_one():
    rows = offered([[((0, 9), 10)], [((0, 3), 7)], [((5, 9), 6)]])
    assert {s.cue.token for s in most_worth(rows)} == {1, 2}


def test_a_network_is_a_line_and_units_over_its_inputs():
    network = Network({"a": "1 2 -1", "b": "0.5 0 3", "one": "0.1 -1 0", "out": "2 10 100"})
    known, inputs = np.array([0.25]), np.array([[1.0, 2.0]])
    line, units = 0.1 + 1 * 1 + 0.5 * 2, [max(0, -1 + 2 * 1), max(0, -1 * 1 + 3 * 2)]
    assert network(known, inputs) == pytest.approx([2 * 0.25 + line + 10 * units[0] + 100 * units[1]])


def test_a_network_works_on_one_thread():
    class Watched(np.ndarray):
        def __matmul__(self, other):
            blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
            numpys = [library for library in blas if "numpy" in library["filepath"]] or blas
            threads.update(library["num_threads"] for library in numpys)
            return np.asarray(self) @ other

    threads = set()
    with threadpool_limits(2, "blas"):
        Network({"a": "1 2", "one": "0 0", "out": "1 1"})(np.zeros(1), np.ones((1, 1)).view(Watched))
    assert threads == {1}


def test_the_networks_know_the_inputs_that_they_are_given():
    assert attribution.model()["cue network"].names == CUE_INPUTS
    assert attribution.model()["word network"].names == WORD_INPUTS


def read(text: str) -> Parse:
    return Parse(tokens(Document.from_text(text)))


def test_words_after_a_cue_are_likelier_to_be_reported_than_narration():
    p = read("Rain fell on the harbour all day. The minister said that the bridge would be closed for a year.")
    chances = dict(zip(p.text, attribution.reported(p, attribution.read(p)), strict=True))
    assert min(chances["bridge"], chances["closed"]) > 0.5 > max(chances["Rain"], chances["harbour"])


def test_without_the_vectors_of_the_parser_cues_are_judged_by_their_features():
    document = Document.from_text("The minister said that the bridge would be closed for a year.")
    p = read(document.text)
    p.vectors = np.zeros(0)
    assert [p.text[a.cue] for a in attribution.chosen(p)] == ["said"]


def test_what_stands_around_a_cue_is_read_off_the_parsers_vectors():
    document = Document.from_text("The minister said that the bridge would be closed.")
    p = Parse(tokens(document))
    said = Cue(2, 1, "own", 1, 2)
    row = dict(zip(CUE_INPUTS, around_cues(p, [said], strengths(p, [(said, 1.5)]))[0], strict=True))
    vectors = parse(document).tensor
    for place, token in (("cue", 2), ("before", 1), ("after", 3), ("second", 4), ("speaker", 1), ("complement", 8)):
        assert [row[f"{place} {k}"] for k in range(96)] == pytest.approx(vectors[token].tolist())
    assert row["itself"] == 1.5
