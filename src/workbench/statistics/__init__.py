"""Drawing again, the arithmetic of small learned models, and how many threads and processes."""

from workbench.statistics.intervals import Floats, interval, interval_of_mean, running_mean
from workbench.statistics.networks import Network, Numbers, logistic
from workbench.statistics.threads import cores, one_thread

__all__ = [
    "Floats",
    "Network",
    "Numbers",
    "cores",
    "interval",
    "interval_of_mean",
    "logistic",
    "one_thread",
    "running_mean",
]
