"""Tests of differences: against worked examples and second implementations, and how often they err by simulation."""

from itertools import combinations

import numpy as np
import pytest

from workbench.statistics import differences
from workbench.statistics.differences import fisher, holm, least_p, permutation_test, welch


def sides(first, second):
    """Figures of one measure in a column, and who is in the second group."""
    return np.concatenate([first, second])[:, None], np.repeat([False, True], [len(first), len(second)])[:, None]


def test_welchs_interval_as_in_his_t_test():
    """A worked example (Wikipedia, Welch's t-test, example 2): t = -1.57, 9.9 degrees; its interval follows."""
    one = [17.2, 20.9, 22.6, 18.1, 21.7, 21.4, 23.5, 24.2, 14.7, 21.8]
    two = [
        21.5,
        22.8,
        21.0,
        23.0,
        21.6,
        23.6,
        22.5,
        20.7,
        23.4,
        21.8,
        20.7,
        21.7,
        21.5,
        22.5,
        23.6,
        21.5,
        22.5,
        23.5,
        21.5,
        21.8,
    ]
    difference, low, high = welch(one, two)
    assert difference == pytest.approx(np.mean(two) - np.mean(one))
    assert difference / ((high - low) / 2 / 2.231) == pytest.approx(1.57, abs=0.02)
    assert np.isnan(welch(one[:4], two)[1:]).all()
    assert np.isnan(welch([], two)).all()


def test_the_permutation_test_tries_every_division_with_welchs_t():
    one, two = np.array([1.0, 2.5, 3.0, 7.0]), np.array([4.0, 5.0, 9.0, 8.5, 6.0])

    def t(first, second):
        """Welch's t as the normal deviate that is as rare (Wallace 1959)."""
        errors = np.array([first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)])
        freedom = errors.sum() ** 2 / (errors**2 / [len(first) - 1, len(second) - 1]).sum()
        square = (first.mean() - second.mean()) ** 2 / errors.sum()
        return (8 * freedom + 1) / (8 * freedom + 3) * np.sqrt(freedom * np.log(1 + square / freedom))

    pooled = np.concatenate([one, two])
    ts = [t(pooled[[*some]], np.delete(pooled, some)) for some in combinations(range(9), 4)]
    p, adjusted = permutation_test(*sides(one, two))
    assert p[0, 0] == adjusted[0, 0] == pytest.approx(np.mean(np.array(ts) >= t(one, two) - 1e-9))


def test_the_least_p_is_that_of_the_most_unlike_groups():
    for first, second in ((3, 3), (3, 4), (2, 5)):
        figures, members = sides(np.arange(first) * 0.01, 100 + np.arange(second) * 0.01)
        assert permutation_test(figures, members)[0][0, 0] >= least_p(members) - 1e-9
    assert least_p(sides([1] * 3, [2] * 3)[1]) == 0.1


@pytest.mark.parametrize(("groups", "size"), [(3, 2), (10, 2), (3, 3), (4, 4)])
def test_the_least_p_of_several_groups_is_that_of_the_most_unlike_one(groups, size):
    group = np.repeat(np.arange(groups), size)
    figures = (100.0 * (group == 0) + 0.01 * np.arange(len(group)))[:, None]
    adjusted = permutation_test(figures, group[:, None] == np.arange(groups))[1]
    least = least_p(group[:, None] == np.arange(groups))
    assert least - 0.01 <= adjusted[0, 0] < 1.2 * least + 0.01


def test_the_least_p_of_very_many_documents_takes_no_time():
    assert least_p(np.arange(10**6)[:, None] < 5 * 10**5) == 1 / differences.DRAWS


DESIGNS = [(5, 5), (8, 8), (20, 20), (5, 60), (20, 100), (3, 250)]


@pytest.mark.parametrize("sizes", DESIGNS)
@pytest.mark.parametrize("spread", [1, 2])
def test_one_in_twenty_comparisons_of_nothing_errs_also_where_the_smaller_group_is_more_spread(
    sizes, spread, monkeypatch
):
    """Of 2,000 comparisons; `benchmarks/statistics.py` makes more."""
    monkeypatch.setattr(differences, "DRAWS", 999)
    monkeypatch.setattr(differences, "EXACT", 1000)
    figures = np.random.default_rng(sizes[1]).normal(size=(sum(sizes), 2000))
    figures[: sizes[0]] *= spread
    members = np.repeat([True, False], sizes)[:, None]
    assert 0.03 <= (permutation_test(figures, members)[0] < 0.05).mean() <= 0.067


def test_measures_that_go_together_cost_less_than_holms_correction_and_nothing_is_found_too_often(monkeypatch):
    monkeypatch.setattr(differences, "DRAWS", 999)
    numbers, members, found = np.random.default_rng(3), np.repeat([True, False], 12)[:, None], 0
    differences_ = []
    for _ in range(100):
        common = numbers.normal(size=(24, 1))
        p, adjusted = permutation_test(common + 0.3 * numbers.normal(size=(24, 10)), members)
        found += (adjusted < 0.05).any()
        differences_.append((adjusted[0] - holm(p[0])).mean())
    assert found / 100 <= 0.1
    assert np.mean(differences_) < -0.1


def test_a_figure_that_some_documents_do_not_have_is_compared_among_the_others():
    numbers = np.random.default_rng(4)
    table = numbers.normal(size=(30, 2))
    table[:15, 1] += 3
    table[[3, 20], 1] = np.nan
    table[:14, 0] = np.nan
    p, _ = permutation_test(table, np.repeat([True, False], 15)[:, None])
    assert np.isnan(p[0, 0])  # one value is not enough
    assert p[0, 1] < 0.01


@pytest.mark.filterwarnings("error")
def test_a_figure_that_no_document_has_is_compared_without_a_warning():
    figures, members = sides([1.0, 2.0, 4.0], [6.0, 7.0, 9.0])
    p, corrected = permutation_test(np.hstack([figures, np.full((6, 1), np.nan)]), members)
    assert p[0, 0] == pytest.approx(permutation_test(figures, members)[0][0, 0])
    assert np.isnan([p[0, 1], corrected[0, 1]]).all()


def test_fishers_test_as_of_the_lady_tasting_tea_and_other_tables():
    assert fisher([[3, 1]], (4, 4)) == pytest.approx([0.4857], abs=1e-4)
    assert fisher([[8, 1]], (10, 6)) == pytest.approx([0.0350], abs=1e-4)
    assert fisher([[0, 0], [5, 5]], (5, 5)).tolist() == [1, 1]


def test_fishers_test_agrees_with_scipys():
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    for one, two in ((3, 9), (0, 4), (12, 1), (7, 7)):
        theirs = stats.fisher_exact([[one, two], [20 - one, 15 - two]]).pvalue
        assert fisher([[one, two]], (20, 15)) == pytest.approx([theirs])


def test_holm_as_in_his_worked_example():
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert len(holm(np.array([]))) == 0
