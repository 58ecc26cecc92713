"""A run is killed at random moments, again and again: nothing is lost, nothing is blamed, nothing stays behind."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

import workbench as wb

KILLS = int(os.environ.get("WORKBENCH_KILLS", "10"))  # of each kind
RUN = (
    "import sys, workbench\n"
    "if __name__ == '__main__':\n"
    "    print(len(workbench.measure_corpus(*sys.argv[1:3], jobs=2, progress=False)))"
)
TOWNS = "Oslo Bergen Turin Leeds Nantes Utrecht Graz Malaga".split()


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kills") / "articles"
    folder.mkdir()
    for number in range(64):
        town = TOWNS[number % len(TOWNS)]
        said = f"The council of {town} met on day {number}. “We agreed on the budget,” said Anna Berg, the mayor. " * 12
        (folder / f"{number:03d}.txt").write_text(said)
    wb.measure_corpus(folder, folder.parent / "whole" / "c.parquet", progress=False)
    return folder


def files(target: Path) -> dict[str, bytes]:
    paths = [path for path in target.parent.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(target.parent)): path.read_bytes() for path in paths}


def workers_of(pid: int) -> list[int]:
    """The processes that measure for a run: those that say in their command line whose they are."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"parent_pid={pid}" in path.read_text():
                found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["parent", "worker"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_a_run_killed_at_any_moment_is_finished_by_the_next_with_the_same_bytes(articles, tmp_path, how, whom):
    script, target, draw = tmp_path / "run.py", tmp_path / "out" / "c.parquet", random.Random(f"{how} {whom}")
    script.write_text(RUN)
    command = [sys.executable, str(script), str(articles), str(target)]
    for _ in range(KILLS):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.5, 9))
        workers = workers_of(run.pid)
        if whom == "parent":
            run.send_signal(how)
        elif workers:
            with suppress(ProcessLookupError):
                os.kill(draw.choice(workers), how)
            time.sleep(draw.uniform(0, 2))
            run.send_signal(signal.SIGTERM)
        else:
            run.kill()
        run.wait(60)
        end = time.monotonic() + 20
        while (left := workers_of(run.pid)) and time.monotonic() < end:
            time.sleep(0.1)
        assert not left
    assert subprocess.run(command, capture_output=True, text=True).stdout == "0\n"  # documents that failed
    assert files(target) == files(articles.parent / "whole" / "c.parquet")
    assert pd.read_parquet(target).document.nunique() == 64
