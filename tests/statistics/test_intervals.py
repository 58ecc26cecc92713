"""Intervals against what is known of them, and by simulation: how often they hold the truth."""

from math import comb

import numpy as np
import pytest

from workbench.statistics.intervals import interval, interval_of_mean, running_mean, t_quantile, wilson


def mean(sums):
    return sums[:, 0] / sums[:, 1]


def test_the_interval_of_a_mean_is_students():
    values = np.array([3.1, 2.4, 5.0, 4.2, 3.3, 2.9, 4.8, 3.7, 4.4, 2.2])
    margin = 2.262 * values.std(ddof=1) / np.sqrt(10)
    assert interval_of_mean(values) == pytest.approx((values.mean() - margin, values.mean() + margin), abs=1e-3)


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (9, 2.262), (19, 2.093), (60, 2.000), (np.inf, 1.960)])
def test_quantiles_are_those_of_the_tables(freedom, quantile):
    assert t_quantile(freedom) == pytest.approx(quantile, abs=0.002)


def test_wilsons_interval_is_as_published():
    """Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for having, of, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]:
        assert wilson(having / of, of, 1.96) == pytest.approx((low, high), abs=0.0001)
    assert wilson(1 / 29, 29, 1.96) == pytest.approx((0.0061, 0.1718), abs=0.0001)


def test_shares_of_items_have_wilsons_middle_and_hold_every_share_often_enough():
    """All outcomes of 10 to 80 items, by the binomial distribution; Wilson's falls to 0.90 at 10 items."""
    for of in (10, 20, 40, 80):
        found = np.arange(of + 1)
        units = [np.column_stack([np.arange(of) < having, np.ones(of)]) for having in found]
        ends = np.array([interval(sample, mean, "items") for sample in units])
        inner = np.array(wilson(found / of, of, t_quantile(np.inf))).T
        assert (ends <= inner + 1e-9)[:, 0].all()
        assert (ends >= inner - 1e-9)[:, 1].all()
        for truth in np.linspace(0.05, 0.95, 91):
            chances = np.array([comb(of, having) * truth**having * (1 - truth) ** (of - having) for having in found])
            assert chances[(ends[:, 0] <= truth) & (truth <= ends[:, 1])].sum() > 0.925


DRAWN = {
    "means of skewed figures": ("mean", 1.0, lambda numbers, n: [numbers.gamma(2, 0.5, n), np.ones(n)]),
    "ratios": ("rate", 0.5, lambda numbers, n: [numbers.poisson(2, n), 1 + numbers.poisson(3, n)]),
    "shares of words": (
        "share",
        0.3,
        lambda numbers, n: [words := numbers.poisson(30, n) * 1.0] and [words * (numbers.random(n) < 0.3), words],
    ),
    "shares of items": ("items", 0.4, lambda numbers, n: [numbers.random(n) < 0.4, np.ones(n)]),
}


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize(("units", "least"), [(5, 0.89), (10, 0.915), (20, 0.92), (40, 0.925)])
def test_about_ninety_five_per_cent_of_intervals_hold_the_truth(kind, units, least):
    """A thousand samples: the share found is within 0.015 of the true one; `benchmarks/statistics.py` has real text."""
    scale, truth, draw = DRAWN[kind]
    numbers = np.random.default_rng(units)
    bounds = np.array([interval(np.column_stack(draw(numbers, units)), mean, scale) for _ in range(1000)])
    bounds = bounds[~np.isnan(bounds).any(axis=1)]
    held = ((bounds[:, 0] <= truth) & (truth <= bounds[:, 1])).mean()
    assert len(bounds) > 800
    assert held >= least
    assert held <= 0.985 or units < 20


@pytest.mark.parametrize("scale", ["mean", "rate", "share"])
def test_equal_units_do_not_tell_how_far_others_would_differ(scale):
    assert np.isnan(interval(np.tile([0.5, 1.0], (8, 1)), mean, scale)).all()
    assert np.isnan(interval(np.tile([0.0, 1.0], (8, 1)), mean, scale)).all()


@pytest.mark.parametrize("units", [0, 1, 4])
def test_too_few_units_have_no_interval(units):
    counts = np.column_stack([np.arange(units), np.ones(units)])
    assert np.isnan(interval(counts, mean)).all()
    assert np.isnan(interval(np.vstack([counts, np.zeros((9, 2))]), mean, units=units)).all()


def test_units_that_have_nothing_to_count_change_nothing():
    counts = np.column_stack([[3.0, 1, 4, 1, 5, 9], [9.0, 8, 9, 7, 9, 10]])
    more = np.vstack([counts, np.zeros((20, 2))])
    assert interval(more, mean, "share", 6) == pytest.approx(interval(counts, mean, "share"))


@pytest.mark.filterwarnings("error")
def test_a_statistic_that_is_nowhere_defined_has_no_interval_and_no_warning():
    assert np.isnan(interval(np.zeros((5, 2)), mean)).all()


@pytest.mark.parametrize(("scale", "least", "most"), [("rate", 0, np.inf), ("share", 0, 1), ("items", 0, 1)])
def test_ends_stay_where_the_figure_can_be(scale, least, most):
    few = np.column_stack([[1.0, 0, 0, 0, 0, 0], np.ones(6)])
    low, high = interval(few, mean, scale)
    assert least < low < 1 / 6 < high < most


def test_many_figures_at_once_have_the_intervals_that_each_has_alone():
    counts = np.random.default_rng(1).poisson(4, (30, 3)).astype(float)
    ends = interval(counts, lambda sums: sums[:, :2] / sums[:, 2:], ["mean", "rate"], [30, 30])
    for figure, scale in enumerate(["mean", "rate"]):
        alone = interval(counts, lambda sums, figure=figure: sums[:, figure] / sums[:, 2], scale)
        assert [end[figure] for end in ends] == pytest.approx(alone)


def test_a_running_mean_lies_within_its_interval_and_follows_the_values():
    values = np.concatenate([np.random.default_rng(2).normal(0, 1, 30), np.random.default_rng(3).normal(5, 1, 30)])
    mean, low, high = running_mean(values, 7)
    assert len(mean) == len(low) == len(high) == 60
    assert np.isnan([low[0], high[-1]]).all()  # of four values there is no interval
    assert (low[1:-1] <= mean[1:-1]).all()
    assert (mean[1:-1] <= high[1:-1]).all()
    assert np.nanmax(high[:20]) < np.nanmin(low[40:])
    assert [len(part) for part in running_mean([], 7)] == [0, 0, 0]


def test_values_with_weights_count_as_often_as_they_weigh():
    values, weights = np.array([3.0, 1, 4, 1, 5, 9]), np.array([2.0, 3, 1, 4, 1, 2])
    whole = np.average(values, weights=weights)
    assert running_mean(values, 99, weights)[0] == pytest.approx(np.full(6, whole))
    assert whole == pytest.approx(np.repeat(values, weights.astype(int)).mean())
    assert interval_of_mean(values, weights=weights * 10) == pytest.approx(interval_of_mean(values, weights=weights))
    assert interval_of_mean(values, weights=np.ones(6)) == interval_of_mean(values)
