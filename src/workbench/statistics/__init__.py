"""Intervals, tests of differences, the arithmetic of small learned models, and how many threads and processes."""

from workbench.statistics.differences import fisher, holm, least_p, permutation_test, welch
from workbench.statistics.intervals import FEW, Floats, interval, interval_of_mean, running_mean, t_quantile, wilson
from workbench.statistics.networks import Network, Numbers, logistic
from workbench.statistics.threads import cores, one_thread

__all__ = [
    "FEW",
    "Floats",
    "Network",
    "Numbers",
    "cores",
    "fisher",
    "holm",
    "interval",
    "interval_of_mean",
    "least_p",
    "logistic",
    "one_thread",
    "permutation_test",
    "running_mean",
    "t_quantile",
    "welch",
    "wilson",
]
