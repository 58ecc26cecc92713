"""A run's surroundings change no byte of what it writes, or a line says what is wrong with them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from damaged_files import pdf
from small_notebooks import COMMAND, ON_A_DOCUMENT, TEXT, notebook, seeds

COMMANDS = {
    "measure": ["measure", "seeds", "--to", "out/c.parquet", "--jobs", "1"],
    "render": ["render"],
    "verify": ["verify"],
    "new": ["new", "made"],
}
CLOCK = """import itertools, time
of_day, ticks = time.time, itertools.count()
time.time = lambda: {}
time.time_ns = lambda: int(time.time() * 1e9)
"""  # as sitecustomize, for every process that a run starts
CLOCKS = {"a clock that stands in 1980": "3.2e8", "a clock that goes backwards": "of_day() - 60 * next(ticks)"}
SAME = {
    "few open files": ("ulimit -n 160;", {}),
    "bounds of the system": ("ulimit -t 3000 -v 30000000;", {}),
    "plain C": ("", {"LANG": "C", "LC_ALL": "C"}),
    "output in ASCII": ("", {"PYTHONIOENCODING": "ascii"}),
    "no home": ("", {"HOME": "/nonexistent"}),
    "a home that is a file": ("", {"HOME": "/dev/null"}),
    "the antipodes": ("", {"TZ": "Pacific/Auckland"}),
    "another order of sets": ("", {"PYTHONHASHSEED": "7"}),
    "asserts off": ("", {"PYTHONOPTIMIZE": "1"}),
    "no terminal": ("exec < /dev/null;", {"TERM": "dumb"}),
    "no bytecode": ("", {"PYTHONDONTWRITEBYTECODE": "1"}),
    **{name: ("", {"CLOCK": time}) for name, time in CLOCKS.items()},
}


def run(folder: Path, command: list[str], before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in `folder`, after a line of shell; `CLOCK` is what Python says of the time."""
    if "CLOCK" in environment:
        customized = folder.parent / "customized"
        customized.mkdir(exist_ok=True)
        (customized / "sitecustomize.py").write_text(CLOCK.format(environment.pop("CLOCK")))
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(customized), os.environ.get("PYTHONPATH")]))
    shell = ["bash", "-c", f'{before} exec "$@"', "bash", sys.executable, *COMMAND[1:], *command]
    return subprocess.run(shell, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study in which each command has been run where nothing is odd."""
    folder = tmp_path_factory.mktemp("surroundings") / "study"
    folder.mkdir()
    seeds(folder / "seeds", "oslo.txt", "bergen.txt", "Ærø 🙂.txt")
    (folder / "seeds/graz.pdf").write_bytes(pdf("Talks in Graz", TEXT.format("Graz").splitlines() * 3))
    notebook(
        folder / "notebooks/good.ipynb", ON_A_DOCUMENT, "import workbench as wb\n\nwb.quotations(wb.read(document))"
    )
    for command in COMMANDS.values():
        assert (made := run(folder, command)).returncode == 0, made.stderr
    return folder


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    """The same study before anything has been run."""
    for name in ("seeds", "notebooks"):
        shutil.copytree(whole / name, tmp_path / "study" / name)
    return tmp_path / "study"


@pytest.mark.slow
@pytest.mark.parametrize("surroundings", SAME)
def test_the_surroundings_change_no_byte(whole: Path, study: Path, surroundings: str) -> None:
    before, environment = SAME[surroundings]
    for command in COMMANDS.values():
        made = run(study, command, before, **environment)
        assert (made.returncode, "Traceback" in made.stderr) == (0, False), made.stdout + made.stderr
    assert files(study) == files(whole)


@pytest.mark.slow
def test_what_has_changed_is_made_again_though_the_clock_was_set_back(whole: Path, study: Path) -> None:
    for command in COMMANDS.values():
        run(study, command)
    for path in study.rglob("*"):
        os.utime(path, (4e9, 4e9))
    (study / "seeds/oslo.txt").write_bytes((study / "seeds/bergen.txt").read_bytes() + b"It rained.")
    os.utime(study / "seeds/oslo.txt", (1e9, 1e9))
    fresh = study.parent / "fresh"
    for name in ("seeds", "notebooks"):
        shutil.copytree(study / name, fresh / name)
    for folder, clock in ((study, {"CLOCK": "3.2e8"}), (fresh, {})):
        for command in ("measure", "render"):
            assert run(folder, COMMANDS[command], **clock).returncode == 0
    (made, afresh), before = (files(folder) for folder in (study, fresh)), files(whole)
    assert {name: made[name] for name in afresh} == afresh
    assert made["reports/oslo/good.html"] != before["reports/oslo/good.html"]
    assert run(study, COMMANDS["verify"], CLOCK="3.2e8").returncode == 0


@pytest.fixture(params=["a file too many", "a file too large"])
def full(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """Shell code and a folder within which nothing of any size can be written, its path short enough for a socket."""
    with tempfile.TemporaryDirectory("", "full") as folder:
        yield from filled(Path(folder), request.param)


def filled(folder: Path, how: str) -> Iterator[tuple[str, Path]]:
    if how == "a file too large":
        yield "ulimit -f 1;", folder
        return
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield "", folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_folder_is_a_line_and_the_next_run_makes_the_same_bytes(
    whole: Path, study: Path, full: tuple[str, Path], command: str
) -> None:
    before, folder = full
    place = {
        "measure": ["measure", "seeds", "--to", f"{folder}/c.parquet", "--jobs", "1"],
        "render": ["render", "--reports", str(folder)],
        "verify": ["verify", "reports"],
        "new": ["new", f"{folder}/made"],
    }[command]
    if command == "verify":
        shutil.copytree(whole / "reports", study / "reports")
    environment = {"TMPDIR": str(folder)} if command == "verify" else {}
    made = run(study, place, before, **environment)
    assert made.returncode in (1, 2), made.stdout + made.stderr
    assert "Traceback" not in made.stderr
    said = made.stdout if command == "verify" and not made.stderr else made.stderr
    assert "No space left" in said or "too large" in said
    assert " different " not in said
    if command == "new":
        assert not (folder / "made").exists()
    else:
        again = run(study, COMMANDS[command])
        assert (again.returncode, again.stderr if command != "render" else "") == (0, ""), again.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a b", 'it\'s "so"', "new\nline", "🙂", "-rf", "$HOME", "a;b", "%s", "#1", "a\\b"])
def test_the_target_s_name_is_a_name_only(whole: Path, study: Path, tmp_path: Path, name: str) -> None:
    made = run(study, ["measure", "seeds", "--to", str(tmp_path / name / "c.parquet"), "--jobs", "1"])
    assert (made.returncode, made.stderr) == (0, "")
    assert files(tmp_path / name) == files(whole / "out")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["/dev/full", "/dev/null/c.parquet", "/proc/c.parquet", "x" * 300])
def test_a_target_that_cannot_be_written_is_a_line(study: Path, target: str) -> None:
    made = run(study, ["measure", "seeds", "--to", target, "--jobs", "1"])
    assert made.returncode == 2
    assert len(made.stderr.splitlines()) == 1
    assert "Traceback" not in made.stderr


def test_a_file_name_that_is_no_utf_8_is_measured(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with open(os.path.join(os.fsencode(tmp_path / "seeds"), b"caf\xe9.txt"), "w") as file:
        file.write("The council of Oslo met on Monday. It was a long day.")
    made = run(tmp_path, COMMANDS["measure"])
    assert (made.returncode, made.stderr) == (0, "")
