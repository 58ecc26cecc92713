"""Workers of a corpus that are told to end while they start."""

import subprocess
import sys

import pytest

ENDED = """
import os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import Thread
from workbench.corpus import workers

if __name__ == "__main__":
    begin = Thread.start

    def ended(thread):
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        begin(thread)

    parent, Thread.start = os.getpid(), ended
    try:
        ProcessPoolExecutor(1, get_context("fork"), workers._start).submit(len, "").result()
    except BrokenProcessPool:
        print("done again")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
def test_a_worker_that_is_told_to_end_while_it_starts_says_nothing():
    run = subprocess.run([sys.executable, "-c", ENDED], capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == ("done again\n", "", 0)
