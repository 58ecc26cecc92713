"""The bootstrap against what is known of it."""

import numpy as np
import pytest

from workbench.statistics.intervals import interval, running_mean


def mean(sums):
    return sums[:, 0] / sums[:, 1]


def test_the_interval_of_a_mean_is_close_to_the_normal_theory_one():
    values = np.random.default_rng(7).normal(10, 2, 400)
    low, high = interval(np.column_stack([values, np.ones(400)]), mean)
    error = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - error, abs=0.05)
    assert high == pytest.approx(values.mean() + error, abs=0.05)


def test_ninety_five_per_cent_of_intervals_hold_the_true_mean():
    samples = np.random.default_rng(3).exponential(1, (300, 60))
    held = [low <= 1 <= high for low, high in (interval(np.column_stack([s, np.ones(60)]), mean) for s in samples)]
    assert 0.89 <= np.mean(held) <= 0.98


def test_equal_units_leave_no_uncertainty():
    assert interval(np.tile([3.0, 1.0], (5, 1)), mean) == (3.0, 3.0)


@pytest.mark.parametrize("units", [0, 1])
def test_too_few_units_have_no_interval(units):
    assert np.isnan(interval(np.ones((units, 2)), mean)).all()


def test_a_statistic_that_is_nowhere_defined_has_no_interval():
    assert np.isnan(interval(np.zeros((5, 2)), mean)).all()


@pytest.mark.filterwarnings("error")
def test_resamples_where_a_statistic_is_undefined_are_left_out_without_a_warning():
    assert interval([[0, 0], [0, 0], [3, 1]], mean) == (3.0, 3.0)
    low, high = interval([[1, 0], [2, 0], [3, 1]], mean)
    assert low < 4
    assert np.isnan(high)


def test_many_figures_at_once_have_the_intervals_that_each_has_alone():
    counts = np.random.default_rng(1).poisson(4, (30, 3)).astype(float)
    lows, highs = interval(counts, lambda sums: np.column_stack([sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]]))
    for figure in (0, 1):
        alone = interval(counts, lambda sums, figure=figure: sums[:, figure] / sums[:, 2])
        assert (lows[figure], highs[figure]) == alone


def test_a_running_mean_lies_within_its_interval_and_follows_the_values():
    values = np.concatenate([np.random.default_rng(2).normal(0, 1, 30), np.random.default_rng(3).normal(5, 1, 30)])
    mean, low, high = running_mean(values, 7)
    assert len(mean) == len(low) == len(high) == 60
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert high[:20].max() < low[40:].min()
    assert [len(part) for part in running_mean([], 7)] == [0, 0, 0]
