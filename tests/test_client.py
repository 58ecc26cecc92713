"""A study of somebody else's: its types are checked with pandas' stubs, its mistakes are found before it runs."""

import os
import subprocess
import sys
from pathlib import Path

from client import study

import workbench

STUDY = Path(study.__file__)
MARK = "  # type: ignore"


def test_a_strict_type_checker_finds_the_marked_mistakes_and_nothing_else(tmp_path):
    lines = STUDY.read_text("utf-8").splitlines()
    (tmp_path / "study.py").write_text("\n".join(line.split(MARK)[0] for line in lines), "utf-8")
    strict = ["-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary", "study.py"]
    source = str(Path(workbench.__file__).parent.parent)
    checked = subprocess.run(
        [sys.executable, *strict], cwd=tmp_path, env={**os.environ, "MYPYPATH": source}, capture_output=True, text=True
    )
    errors = [line.split(":") for line in checked.stdout.splitlines() if ": error:" in line]
    assert {int(error[1]) for error in errors} == {at for at, line in enumerate(lines, 1) if MARK in line}, (
        checked.stdout + checked.stderr
    )
    assert 'maybe "quotations"' in checked.stdout


def test_the_study_runs(tmp_path):
    (tmp_path / "one.txt").write_text("“We won,” said Ann Lee of the Bank of England.\n\nIt rained in Oslo.", "utf-8")
    assert study.tones(tmp_path).document.tolist() == ["one"]
    assert study.at_a_glance(workbench.read(tmp_path / "one.txt")).startswith("Ann Lee, 1")
