"""What goes wrong while rendering: good reports stay whole, a line says what happened, the next run finishes."""

import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_notebooks import COMMAND, ON_A_DOCUMENT, notebook, seeds, states

from workbench.cli import main
from workbench.reports import warm_process
from workbench.reports.manifest import LockedError, Shelf, differing, recorded
from workbench.reports.render import render

READ = "import workbench as wb\n\nwb.read(document).text[:20]"


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A working directory with two documents and a notebook that works."""
    monkeypatch.chdir(tmp_path)
    warm_process.warm.start()
    seeds(tmp_path / "seeds", "bergen.txt", "oslo.txt")
    notebook(tmp_path / "notebooks/good.ipynb", ON_A_DOCUMENT, READ)
    return tmp_path


def rendered(**options):
    return render(progress=False, **options).set_index(["document", "notebook"])


def whole():
    """No file that the manifest records is torn, and nothing is left lying about."""
    entries = recorded(Path("reports"))
    return not [name for entry in entries.values() for name in differing(Path("reports"), entry)]


CELLS = {
    "raises": ("1 / 0", r"ZeroDivisionError: division by zero"),
    "exits": ("raise SystemExit('no')", r"SystemExit: no"),
    "does not parse": ("1 +", r"SyntaxError: "),
    "kills its kernel": ("import os; os.kill(os.getpid(), 9)", r"its kernel died"),
    "crashes": ("import ctypes; ctypes.string_at(0)", r"its kernel died"),
    "aborts": ("import os; os.abort()", r"its kernel died"),
    "leaves": ("import os; os._exit(0)", r"its kernel died"),
    "never ends": ("while True: pass", r"still running after 2 s; make it faster, or raise the time limit"),
    "ignores interrupts": (
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)",
        r"still running after 2 s",
    ),
    "runs out of memory": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\nx = bytearray(4 << 30)",
        r"MemoryError",
    ),
    "needs what is not there": ("import nonesuch", r"ModuleNotFoundError: No module named 'nonesuch'"),
}


@pytest.mark.parametrize("time_limit", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_a_cell_that_fails_is_named_and_the_rest_is_rendered(time_limit):
    Path("seeds/bergen.txt").unlink()
    faults = {name: fault for name, fault in CELLS.items() if ("2 s" in fault[1]) == (time_limit == 2)}
    for name, (source, _) in faults.items():
        notebook(Path(f"notebooks/{name}.ipynb"), ON_A_DOCUMENT, "print('before')", source, "print('after')")
    rows = rendered(time_limit=time_limit)
    assert rows.status["oslo", "good"] == "rendered"
    for name, (_, reason) in faults.items():
        assert rows.status["oslo", name] == "failed"
        kept = f"reports/oslo/{name}.failed.ipynb"
        said = rf"notebooks/{name}.ipynb, cell 4, document seeds/oslo.txt: {reason}.*; see {kept}"
        assert re.fullmatch(said, rows.message["oslo", name])
        assert states(Path(kept)) == ["completed"] * 4 + ["failed", "pending"]
        assert "Not made: " in Path(f"reports/oslo/{name}.html").read_text()  # other pages link to it


def test_the_last_good_report_stays_until_the_next_good_one():
    rendered()
    before = Path("reports/oslo/good.html").read_bytes()
    notebook(Path("notebooks/good.ipynb"), ON_A_DOCUMENT, "1 / 0")
    assert rendered().status["oslo", "good"] == "failed"
    assert Path("reports/oslo/good.html").read_bytes() == before
    assert Path("reports/oslo/good.failed.ipynb").exists()
    assert rendered().status["oslo", "good"] == "failed"
    notebook(Path("notebooks/good.ipynb"), ON_A_DOCUMENT, "print('well')")
    assert rendered().status["oslo", "good"] == "rendered"
    assert not Path("reports/oslo/good.failed.ipynb").exists()


GERMAN = "Der Stadtrat hat am Montag getagt. „Wir haben uns geeinigt“, sagte die Bürgermeisterin Anna Berg. " * 8
BAD_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "binary.txt": bytes(range(256)) * 20,
    "scan.pdf": b"%PDF-1.4 torn",
    "german.txt": GERMAN.encode(),
}


def test_a_document_that_cannot_be_read_is_named_once_and_the_others_are_rendered(capsys):
    for name, content in BAD_FILES.items():
        Path("seeds", name).write_bytes(content)
    assert main(["render"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    for name in BAD_FILES:
        assert len([line for line in said.splitlines() if f"seeds/{name}" in line]) == 1
    assert Path("reports/oslo/good.html").exists()


def test_an_analysis_that_fails_leaves_the_notebooks_to_run(monkeypatch):
    monkeypatch.setattr("workbench.reports.report.MEASURING", "os:abort")
    rows = rendered()
    assert rows.status["oslo", "measures"] == "failed"
    assert rows.message["oslo", "measures"].startswith("measures, document seeds/oslo.txt: ")
    assert rows.status["oslo", "good"] == "rendered"


def test_wrong_use_is_said_in_a_line_and_exits_with_2(capsys):
    for arguments in (["--seeds", "none"], ["--notebooks", "none"], ["-p", "nonesuch", "1"]):
        assert main(["render", *arguments]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_file_that_is_no_notebook_is_named(capsys):
    Path("notebooks/torn.ipynb").write_text('{"cells": [')
    assert main(["render"]) == 2
    assert "notebooks/torn.ipynb: not a notebook (" in capsys.readouterr().err


def test_a_notebook_for_a_kernel_that_is_not_installed_says_which_to_choose():
    path = notebook(Path("notebooks/other.ipynb"), ON_A_DOCUMENT, "1")
    path.write_text(path.read_text().replace('"name": "python3"', '"name": "nonesuch"'))
    rows = rendered()
    assert "nonesuch" in rows.message["oslo", "other"]
    assert rows.status["oslo", "good"] == "rendered"


@pytest.mark.parametrize("full_for", [".html", ".ipynb", ".csv", "manifest.json"])
def test_a_full_disk_tears_no_file_and_the_next_run_finishes(full_for, monkeypatch):
    rendered()
    before = {path: path.read_bytes() for path in Path("reports").rglob("*") if path.is_file()}
    write = Shelf.write

    def full(shelf, name, content):
        if name.endswith(full_for):
            monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
        try:
            return write(shelf, name, content)
        finally:
            monkeypatch.setattr(os, "fsync", lambda _: None)

    monkeypatch.setattr(Shelf, "write", full)
    Path("seeds/oslo.txt").write_text("The council of Oslo met again on Tuesday. It was a short day, said Anna Berg.")
    rows = rendered(jobs=1)
    assert "No space left" in " ".join(rows.message)
    assert "what was there before is kept" in " ".join(rows.message)
    for path, content in before.items():
        if path.suffix == full_for and "bergen" in str(path):
            assert path.read_bytes() == content
    monkeypatch.setattr(Shelf, "write", write)
    rendered()
    assert whole()
    assert set(rendered().status) == {"current"}


@pytest.mark.slow
def test_a_disk_that_is_really_full_keeps_what_was_good_and_the_next_run_finishes():
    Path("reports").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "reports"], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        seeds(Path("seeds"), *(f"town{number}.txt" for number in range(12)))
        assert "No space left" in " ".join(rendered().message)
        assert whole()
        subprocess.run(["mount", "-o", "remount,size=16m", "reports"], check=True)
        assert "failed" not in set(rendered().status)
        assert set(rendered().status) == {"current"}
        assert whole()
    finally:
        subprocess.run(["umount", "reports"], check=True)


def test_a_second_render_into_the_same_folder_is_refused_while_the_first_goes_on(capsys):
    with Shelf.locked(Path("reports")), pytest.raises(LockedError, match="another render is writing here"):
        rendered()
    assert set(rendered().status) == {"rendered"}


def test_a_killed_render_leaves_no_lock():
    holding = "import sys; from pathlib import Path; from workbench.reports.manifest import Shelf\n"
    holding += "with Shelf.locked(Path('reports')): print('locked', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(LockedError, match="another render"), Shelf.locked(Path("reports")):
        pass
    holder.kill()
    holder.communicate()
    with Shelf.locked(Path("reports")) as shelf:
        assert shelf.staging.is_dir()


def test_a_torn_manifest_and_leftovers_are_no_obstacle():
    rendered()
    Path("reports/manifest.json").write_text('{"reports": {"oslo/good"')
    Path("reports/.staging").mkdir()
    Path("reports/.staging/half").write_text("half a rep")
    rows = rendered()
    assert "every report is made again" in rows.loc[("", "manifest.json")].message
    assert set(rows.drop(("", "manifest.json")).status) == {"rendered"}
    assert not Path("reports/.staging").exists()
    assert whole()


@pytest.mark.slow
def test_kernels_are_plain_where_the_platform_cannot_fork(monkeypatch):
    Path("seeds/bergen.txt").unlink()
    forked = rendered()
    before = Path("reports/oslo/good.html").read_bytes()
    warm_process.warm.stop()
    monkeypatch.setattr(warm_process, "CAN_FORK", False)
    notebook(Path("notebooks/later.ipynb"), ON_A_DOCUMENT, "'seen' in dir(), len(get_ipython().user_ns['In'])")
    notebook(Path("notebooks/good.ipynb"), ON_A_DOCUMENT, READ, "seen = 1")
    for _ in range(2):
        rendered(force=True, jobs=1)
    assert "(False, " in Path("reports/oslo/later.ipynb").read_text()
    Path("notebooks/later.ipynb").unlink()
    rendered()
    notebook(Path("notebooks/good.ipynb"), ON_A_DOCUMENT, READ)
    assert set(rendered(force=True).status) == {"rendered"} == set(forked.status)
    assert Path("reports/oslo/good.html").read_bytes() == before


@pytest.mark.slow
def test_the_warm_process_may_die_in_between():
    kill = f"    os.kill({warm_process.warm.popen.pid}, 9)\n    time.sleep(20)"
    source = f"import os, time\n\nif 'oslo' in document:\n{kill}"
    notebook(Path("notebooks/kills.ipynb"), ON_A_DOCUMENT, source)
    rows = rendered(jobs=1)
    assert rows.status["oslo", "kills"] == "failed"
    assert set(rows.status.drop(("oslo", "kills"))) == {"rendered"}


@pytest.mark.slow
def test_what_is_done_is_remembered_though_the_render_never_ends_well(monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(sys.modules["workbench.reports.render"]._Render, "finish", lambda render: None)
        assert set(rendered().status) == {"rendered"}
    assert set(rendered().status) == {"current"}


def started(*arguments):
    """A render in a process of its own."""
    command = [*COMMAND, "render", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def descendants(pid):
    """The processes that a process has started, they and theirs."""
    found, new = set(), {pid}
    while new:
        found |= new
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] not in "ZX":
                parents[int(stat.parent.name)] = int(fields[1])
        new = {child for child, parent in parents.items() if parent in found} - found
    return found - {pid}


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_render_that_is_killed_leaves_whole_reports_and_no_process(how, project):
    seeds(project / "seeds", *(f"town{number}.txt" for number in range(6)))
    draw = random.Random(how)
    for _ in range(4):
        under_way = started()
        time.sleep(draw.uniform(1, 9))
        others = descendants(under_way.pid)
        under_way.send_signal(how)
        under_way.communicate(timeout=30)
        end = time.monotonic() + 20
        while (left := [pid for pid in others if Path(f"/proc/{pid}").exists()]) and time.monotonic() < end:
            time.sleep(0.05)
        assert not left
        for path in Path("reports").rglob("*.ipynb"):
            json.loads(path.read_text())
        assert all(path.read_text().endswith("</html>") for path in Path("reports").rglob("*.html"))
    assert set(rendered().status) <= {"rendered", "current"}
    assert whole()


@pytest.mark.slow
def test_two_renders_at_once_make_one_good_folder():
    both = [started(), started()]
    codes = sorted(process.wait(120) for process in both)
    said = b"".join(process.stderr.read() for process in both)
    assert codes in ([0, 2], [0, 0])
    assert codes == [0, 0] or b"another render is writing here" in said
    assert set(rendered().status) == {"current"}


OUTSIDE = [
    "../victim/precious.txt",
    "/{here}/victim/precious.txt",
    "oslo/../../victim/precious.txt",
    "away/precious.txt",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("report", ["oslo/gone", "../victim/gone", "..", ""])
def test_no_name_in_a_manifest_leads_out_of_the_folder(project, name, report):
    Path("victim").mkdir()
    precious = Path("victim/precious.txt")
    precious.write_text("mine")
    Path("victim/gone.failed.ipynb").write_text("mine, too")
    Path("reports").mkdir()
    Path("reports/away").symlink_to(project / "victim")
    entry = {"inputs": {}, "outputs": {name.format(here=project): "0" * 64}}
    Path("reports/manifest.json").write_text(json.dumps({"reports": {report: entry}}))
    rows = rendered()
    assert precious.read_text() == "mine"
    assert Path("victim/gone.failed.ipynb").exists()
    assert "nothing is touched there" in rows.loc[("", "manifest.json")].message
    assert set(rendered().status) == {"current"}


SHAPES = [
    *("[]", "null", "3", '"x"', "{}", "[" * 100_000, "\ufeff{", ""),
    *(json.dumps({"reports": reports}) for reports in ([], {"a/b": 3}, {"a/b": {}})),
    *(
        json.dumps({"reports": {"oslo/good": {"inputs": inputs, "outputs": outputs}}})
        for inputs, outputs in [
            ([], {}), ({}, []), ({}, {"oslo/good.html": 3}), ({"document": "x"}, {}), ({"parameters": []}, {}),
            ({}, {"a\0b": "x"}),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize("content", SHAPES, ids=range(len(SHAPES)))
def test_a_manifest_of_another_form_is_named_and_all_is_made_again(content):
    Path("reports").mkdir()
    Path("reports/manifest.json").write_text(content)
    entries = recorded(Path("reports"), refused := [])
    assert entries == {}
    assert len(refused) == 1
    assert all("manifest.json" in said for said in refused)


def test_a_report_is_stale_when_a_file_that_a_parameter_names_has_changed():
    notebook(Path("notebooks/listed.ipynb"), 'document: str = ""\nlisted: str = "names.tsv"', "open(listed).read()")
    Path("names.tsv").write_text("Oslo")
    rendered()
    assert set(rendered().status) == {"current"}
    Path("names.tsv").write_text("Bergen")
    again = rendered()
    assert set(again.xs("listed", level="notebook").status) == {"rendered"}
    assert set(again.xs("good", level="notebook").status) == {"current"}


def test_too_few_files_to_open_are_said_in_a_line():
    limited = ["bash", "-c", 'ulimit -n 64; exec "$@"', "bash", *COMMAND, "render"]
    run = subprocess.run(limited, capture_output=True, text=True)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    assert "ulimit -n 1024" in run.stderr


@pytest.mark.slow
def test_few_files_to_open_change_no_byte():
    rendered(reports="plain")
    limited = ["bash", "-c", 'ulimit -n 160; exec "$@"', "bash", *COMMAND, "render"]
    assert subprocess.run(limited, capture_output=True).returncode == 0
    made = {path.relative_to("plain") for path in Path("plain").rglob("*.*") if path.suffix in (".html", ".csv")}
    assert made
    assert [path for path in made if Path("reports", path).read_bytes() != Path("plain", path).read_bytes()] == []


@pytest.mark.slow
def test_without_a_home_nothing_stays_behind(tmp_path):
    (tmp_path / "temporary").mkdir()
    homeless = {**os.environ, "HOME": "/dev/null", "TMPDIR": str(tmp_path / "temporary")}
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        homeless.pop(name, None)
    run = subprocess.run([*COMMAND, "render"], env=homeless, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert [*(tmp_path / "temporary").iterdir()] == []


def test_sockets_are_made_where_their_paths_fit(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert set(rendered().status) == {"rendered"}
