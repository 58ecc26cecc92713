"""A run's surroundings change no byte of what it writes, or a line says what is wrong with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_notebooks import COMMAND, seeds

SAME = {
    "few open files": ("ulimit -n 64;", {}),
    "plain C": ("", {"LANG": "C", "LC_ALL": "C"}),
    "output in ASCII": ("", {"PYTHONIOENCODING": "ascii"}),
    "no home": ("", {"HOME": "/nonexistent"}),
    "a home that is a file": ("", {"HOME": "/dev/null"}),
    "the antipodes": ("", {"TZ": "Pacific/Auckland"}),
    "another order of sets": ("", {"PYTHONHASHSEED": "7"}),
    "asserts off": ("", {"PYTHONOPTIMIZE": "1"}),
    "no terminal": ("exec < /dev/null;", {"TERM": "dumb"}),
    "no bytecode": ("", {"PYTHONDONTWRITEBYTECODE": "1"}),
}


def measured(folder: Path, target: Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *COMMAND[1:], "measure", str(folder), "--to", str(target), "--jobs", "1"]
    shell = ["bash", "-c", f'{before} exec "$@"', "bash", *command]
    return subprocess.run(shell, env={**os.environ, **environment}, capture_output=True, text=True)


def files(target: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(target.rglob("*.parquet")) if p.is_file()}


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = seeds(tmp_path_factory.mktemp("surroundings") / "articles", "oslo.txt", "bergen.txt", "Ærø 🙂.txt")
    assert measured(folder, folder.parent / "plain" / "c.parquet").returncode == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("surroundings", SAME)
def test_the_surroundings_change_no_byte(articles: Path, tmp_path: Path, surroundings: str) -> None:
    before, environment = SAME[surroundings]
    run = measured(articles, tmp_path / "c.parquet", before, **environment)
    assert (run.returncode, run.stderr) == (0, "")
    assert files(tmp_path) == files(articles.parent / "plain")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a b", 'it\'s "so"', "new\nline", "🙂", "-rf", "$HOME", "a;b", "%s", "#1", "a\\b"])
def test_the_target_s_name_is_a_name_only(articles: Path, tmp_path: Path, name: str) -> None:
    run = measured(articles, tmp_path / name / "c.parquet")
    assert (run.returncode, run.stderr) == (0, "")
    assert files(tmp_path / name) == files(articles.parent / "plain")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["/dev/full", "/dev/null/c.parquet", "/proc/c.parquet", "x" * 300])
def test_a_target_that_cannot_be_written_is_a_line(articles: Path, target: str) -> None:
    run = measured(articles, Path(target))
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_a_file_name_that_is_no_utf_8_is_measured(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with open(os.path.join(os.fsencode(tmp_path / "a"), b"caf\xe9.txt"), "w") as file:
        file.write("The council of Oslo met on Monday. It was a long day.")
    run = measured(tmp_path / "a", tmp_path / "c.parquet")
    assert (run.returncode, run.stderr) == (0, "")
