"""How many processors there are, and one thread for arithmetic that several would only slow down."""

import os

from threadpoolctl import ThreadpoolController

# Several threads only wait for each other over matrices as small as ours, and round differently.
one_thread = ThreadpoolController().wrap(limits=1, user_api="blas")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
