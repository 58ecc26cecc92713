"""Runs are killed at random moments, again and again: nothing is lost, nothing is blamed, nothing stays behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from small_notebooks import ON_A_DOCUMENT, notebook

KILLS = int(os.environ.get("WORKBENCH_KILLS", "180"))  # in all
BEGIN = """
import signal, sys
from workbench.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests are run in the background
print("begun", flush=True)
sys.exit(main())
"""
COMMANDS = {
    "measure": ["measure", "seeds", "--to", "out/c.parquet", "--jobs", "2"],
    "render": ["render", "--reports", "out"],
    "verify": ["verify", "out"],
}
LONG, LEFT = 1800, 180  # seconds that a run may take, and that what it started may need to end, on a crowded machine
TOWNS = "Oslo Bergen Turin Leeds Nantes Utrecht Graz Malaga".split()


def begun(command: str, temporary: Path) -> subprocess.Popen[str]:
    """A run that is past its start; its temporary files go to a folder of their own."""
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    arguments = [sys.executable, "-c", BEGIN, *COMMANDS[command]]
    run = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert run.stdout.readline() == "begun\n"
    return run


def files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, they and theirs."""
    found: set[int] = set()
    new = {pid}
    while new:
        found |= new
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                state, parent = stat.read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    parents[int(stat.parent.name)] = int(parent)
        new = {child for child, parent in parents.items() if parent in found} - found
    return found - {pid}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, bytes]], dict[str, float]]:
    """A folder to work in; what each command writes when nobody kills it; how long each takes."""
    folder = tmp_path_factory.mktemp("kills")
    (folder / "seeds").mkdir()
    for number in range(18):
        said = f"The council of {TOWNS[number % 8]} met on day {number}. “We agreed,” said Anna Berg, the mayor. "
        (folder / "seeds" / f"{number:02d}.txt").write_text(said * (40 if number < 2 else 4))
    shared = "import workbench as wb\n\ndoc = wb.read(document)"
    notebook(folder / "notebooks/said.ipynb", ON_A_DOCUMENT, f"{shared}\nwb.quotations(doc)")
    made, seconds = {}, {}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        for command in COMMANDS:
            if command == "measure":
                shutil.rmtree("out", ignore_errors=True)
            since = time.monotonic()
            run = begun(command, folder / "temporary")
            assert run.wait(LONG) == 0, run.stderr.read()
            made[command], seconds[command] = files(Path("out")), time.monotonic() - since
            if command == "measure":
                shutil.rmtree("out")
    return folder, made, seconds


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["parent", "worker"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_run_killed_at_any_moment_is_finished_by_the_next_with_the_same_bytes(
    study, tmp_path, monkeypatch, command, how, whom
):
    folder, made, seconds = study
    draw, kills, temporary = random.Random(f"{command} {how} {whom}"), 0, tmp_path / "temporary"
    for name in ("seeds", "notebooks", *(["out"] if command == "verify" else [])):
        shutil.copytree(folder / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    while kills < KILLS // 18:
        run = begun(command, temporary)
        time.sleep(draw.uniform(0, seconds[command]))
        started = descendants(run.pid)
        victim = run.pid if whom == "parent" else draw.choice([*sorted(started), 0])
        if victim and run.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(victim, how)
                kills += 1
        said = run.communicate(timeout=LONG)[1]
        assert "Traceback" not in said, said
        assert run.returncode in (0, 1, 130, -signal.SIGKILL if whom == "parent" else 0), said
        end = time.monotonic() + LEFT
        while (left := [pid for pid in started if alive(pid)] or [*temporary.iterdir()]) and time.monotonic() < end:
            time.sleep(0.1)
        assert not left
        if command == "measure" and whom == "worker":
            assert (run.returncode, said) == (0, "")  # it has had done again what the worker had
            assert files(Path("out")) == made[command]
        if command != "verify" and run.returncode in (0, 1):
            shutil.rmtree("out")
    last = begun(command, temporary)
    said = last.communicate(timeout=LONG)[1]
    assert (last.returncode, said) == (0, "")
    assert files(Path("out")) == made[command]
    assert not [*temporary.iterdir()]


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False
