"""The command line: what it says and how it exits."""

import runpy
import subprocess
import sys
from unittest.mock import patch

import pandas as pd
import pytest

from workbench.cli import main


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "good.txt").write_text("The council met on Monday in Oslo. “We agreed on the budget,” said Anna Berg.\n")
    return folder


def test_measuring_writes_a_table(folder, tmp_path, capsys):
    target = tmp_path / "measures.parquet"
    assert main(["measure", str(folder), "--to", str(target)]) == 0
    assert set(pd.read_parquet(target).document) == {"good"}


def test_a_document_that_cannot_be_read_is_named_with_the_remedy_and_the_others_are_measured(folder, tmp_path, capsys):
    (folder / "empty.txt").write_text("")
    target = tmp_path / "measures.parquet"
    assert main(["measure", str(folder), "--to", str(target)]) == 1
    said = capsys.readouterr().err
    assert "empty.txt" in said
    assert "Traceback" not in said
    assert set(pd.read_parquet(target).document) == {"good"}


@pytest.mark.parametrize("arguments", [["measure", "no-such-folder"], ["render", "--seeds", "no-such-folder"]])
def test_a_folder_that_does_not_exist_is_wrong_use(arguments, capsys):
    assert main(arguments) == 2
    assert "no-such-folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["measure"], ["render", "--jobs", "many"]])
def test_wrong_use_is_said_with_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "see workbench" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["render", "verify", "measure", "doctor"])
def test_each_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "exit codes" in capsys.readouterr().out


def test_the_doctor_names_the_model(capsys):
    assert main(["doctor"]) == 0
    assert "en_core_web_sm" in capsys.readouterr().out


def test_the_doctor_says_how_to_get_a_missing_model(capsys, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODEL", "en_core_web_nowhere")
    assert main(["doctor"]) == 1
    assert "en_core_web_nowhere" in capsys.readouterr().out


def test_the_package_runs_as_a_module_too(capsys):
    runpy.run_module("workbench", run_name="other")
    with pytest.raises(SystemExit) as stopped, patch("sys.argv", ["workbench", "frobnicate"]):
        runpy.run_module("workbench", run_name="__main__")
    assert stopped.value.code == 2
    assert "frobnicate" in capsys.readouterr().err


WRONG = {
    "no number": "many", "nought": "0", "below nought": "-1", "a fraction": "1.5", "not a number": "nan",
    "endless": "inf", "nothing": "", "a file": "a-file", "a zip": "a.zip/..", "an address": "tcp://", "foreign": "foo",
}  # fmt: skip
OPTIONS = [
    ("render", "--jobs"), ("render", "--time-limit"), ("render", "--seeds"), ("render", "--notebooks"),
    ("render", "--reports"), ("measure", "--jobs"), ("measure", "--to"), ("measure", "--scheduler"),
    ("measure", "--only"), ("verify", "--seeds"), ("verify", "--notebooks"),
]  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_answers_every_wrong_value_in_a_line(command, option, kind, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").write_text("x")
    given = [command, *(["seeds"] if command == "measure" else []), f"{option}={WRONG[kind]}"]
    monkeypatch.setattr("workbench.corpus.measuring.measure_partition", lambda *_, **__: pytest.skip("a right value"))
    try:
        code = main(given)
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert code == 2
    assert said.err.strip()


def test_no_message_has_what_a_terminal_would_obey(tmp_path, capsys):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a\x1b[2J\x07.txt").write_text("")
    (folder / "b.csv").write_text("te\x1b]0;x\x07xt,b\x9b31m\n1,2\n")
    assert main(["measure", str(folder), "--to", str(tmp_path / "c.parquet")]) == 1
    said = capsys.readouterr()
    assert "b.csv" in said.err
    assert all(character.isprintable() for line in (said.out + said.err).splitlines() for character in line)


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_closed_output_stops_no_command(closed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, closed, None)
    assert main(["new", "study"]) == 0
    assert main(["new", "study"]) == 2
    assert (tmp_path / "study" / "notebooks").is_dir()


def test_a_stop_that_falls_into_the_clearing_up_of_an_object_stops_the_run():
    code = """
import argparse, signal, sys, time
from workbench import cli

class Cleared:
    def __del__(self):
        raise KeyboardInterrupt

def run():
    Cleared()
    time.sleep(60)

signal.signal(signal.SIGINT, signal.default_int_handler)
cli._CommandLine.parse_args = lambda *_: argparse.Namespace(run=run)
sys.exit(cli.main([]))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (130, "workbench: stopped; the same command goes on from here\n")
