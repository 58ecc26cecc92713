"""Faults of what is beneath: disks, permissions, processes, locks, pipes. Each is a line, and gone, the same bytes."""

import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from damaged_files import pdf, zipped
from small_notebooks import COMMAND, ON_A_DOCUMENT, TEXT, notebook, seeds

from workbench.cli import main
from workbench.corpus import measuring, parts
from workbench.documents import files as finding, reading
from workbench.reports import manifest, warm_process

Arm = Callable[[pytest.MonkeyPatch], None]
OSLO, GRAZ, LEEDS = "oslo.txt", "graz.pdf", "leeds.zip"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of four documents, and what measuring and rendering it writes where nothing fails."""
    folder = seeds(tmp_path_factory.mktemp("faults") / "seeds", OSLO, "bergen.txt").parent
    (folder / "seeds" / GRAZ).write_bytes(pdf("Talks in Graz", TEXT.format("Graz").splitlines() * 3))
    (folder / "seeds" / LEEDS).write_bytes(zipped({"leeds.txt": TEXT.format("Leeds")}))
    notebook(folder / "notebooks/good.ipynb", ON_A_DOCUMENT, "import workbench as wb\n\nwb.read(document).text[:20]")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        assert [main(MEASURE), main(RENDER)] == [0, 0]
    return folder


MEASURE, RENDER = ["measure", "seeds", "--to", "out/c.parquet", "--jobs", "1"], ["render", "--jobs", "1"]


def files(folder: str | Path) -> dict[str, bytes]:
    paths = [path for path in Path(folder).rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def failing(owner: object, name: str, error: int | BaseException, of: str = "", after: int = 0) -> Arm:
    """Have a function raise an error where its first argument names `of`, after it was called so often."""

    def arm(monkeypatch: pytest.MonkeyPatch) -> None:
        whole, calls = getattr(owner, name, open), 0

        def broken(*given: object, **named: object) -> object:
            nonlocal calls
            calls += of in str(given[:1])
            if of in str(given[:1]) and calls > after:
                raise OSError(error, os.strerror(error)) if isinstance(error, int) else error
            return whole(*given, **named)

        monkeypatch.setattr(owner, name, broken, raising=False)

    return arm


def opening(read: Callable[[Path], object], of: str = OSLO) -> Arm:
    """Have a document be opened by `read`."""

    def arm(monkeypatch: pytest.MonkeyPatch) -> None:
        whole = finding.open_file
        for room in (finding, reading):
            monkeypatch.setattr(room, "open_file", lambda path: read(path) if path.name == of else whole(path))

    return arm


def raising(number: int) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        raise OSError(number, os.strerror(number))

    return read


class Torn(BytesIO):
    """A file that cannot be read to its end."""

    error = errno.EIO

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(self.error, os.strerror(self.error))


def child(does: Callable[[], object]) -> Arm:
    """What the process that reads a PDF does instead."""
    return lambda monkeypatch: monkeypatch.setattr(finding, "_give", lambda make, writing: does() or os._exit(0))


def ill(error: BaseException) -> Arm:
    """An analysis that fails."""
    return failing(measuring, "figures", error, after=1)


ON_OPENING = "EIO EACCES EPERM ENOENT EISDIR EMFILE ENFILE ESTALE ETIMEDOUT ELOOP EBUSY ENOMEM EINVAL ENODEV".split()
DOCUMENTS: dict[str, tuple[Arm, str]] = {  # each costs a document, which is named
    **{f"{name} as it is opened": (opening(raising(getattr(errno, name))), OSLO) for name in ON_OPENING},
    "EIO as it is read": (opening(lambda path: Torn(b"x")), OSLO),
    "cut to nothing as it is read": (opening(lambda path: BytesIO()), OSLO),
    "another's bytes as it is read": (opening(lambda path: BytesIO(b"\x89PNG\r\n\x1a\n" * 9)), OSLO),
    "no process to read in": (failing(os, "fork", errno.EAGAIN), GRAZ),
    "no memory for a process to read in": (failing(os, "fork", errno.ENOMEM), GRAZ),
    "no pipe to a process": (failing(os, "pipe", errno.EMFILE), GRAZ),
    "a reader that is killed": (child(lambda: os.kill(os.getpid(), signal.SIGKILL)), GRAZ),
    "a reader that crashes": (child(os.abort), GRAZ),
    "a reader that ends": (child(lambda: os._exit(0)), GRAZ),
    "an analysis out of memory": (ill(MemoryError()), "memory"),
    "an analysis too deep": (ill(RecursionError("too deep")), "too deep"),
    "an analysis that divides by nought": (ill(ZeroDivisionError("by nought")), "by nought"),
    "an analysis without its file": (ill(FileNotFoundError(errno.ENOENT, "words.tsv")), "words.tsv"),
}
RUNS: dict[str, Arm] = {  # each stops the run with a line
    **{
        f"{name} as a part is made fast": failing(os, "fsync", getattr(errno, name))
        for name in ("ENOSPC", "EDQUOT", "EIO")
    },
    **{
        f"{name} as a part is put in its place": failing(os, "replace", getattr(errno, name))
        for name in ("EACCES", "EXDEV", "EROFS")
    },
    **{f"{name} as a part is opened": failing(parts, "open", getattr(errno, name)) for name in ("ENOSPC", "EROFS")},
    "ENOSPC at the second part": failing(os, "fsync", errno.ENOSPC, after=1),
    "no place for folders": failing(Path, "mkdir", errno.EROFS),
    "no place for the note of a worker": failing(Path, "open", errno.ENOSPC, of="deaths"),
    "no place for what columns mean": failing(Path, "write_text", errno.ENOSPC, of="c.md"),
    "no locks here": failing(__import__("fcntl"), "flock", errno.ENOLCK),
    "no place for the lock": failing(os, "open", errno.ENOSPC, of=".lock"),
    "a lock that may not be opened": failing(os, "open", errno.EACCES, of=".lock"),
    "the memory of the run itself": failing(measuring, "_key", MemoryError()),
}
RENDERS: dict[str, Arm] = {
    **{
        f"{name} as a report is put in its place": failing(os, "replace", getattr(errno, name))
        for name in ("EACCES", "EXDEV", "EROFS")
    },
    "ENOSPC as the second report is made fast": failing(os, "fsync", errno.ENOSPC, after=1),
    "no place for what is prepared": failing(Path, "mkdir", errno.ENOSPC, of=".staging"),
    "no locks for reports": failing(__import__("fcntl"), "flock", errno.ENOLCK),
    "no place for the lock of reports": failing(os, "open", errno.ENOSPC, of=".lock"),
    "no warm process": failing(subprocess, "Popen", errno.EAGAIN),
    "no sockets": failing(warm_process.socket, "socketpair", errno.EMFILE),
    "no temporary folder": failing(warm_process.tempfile, "mkdtemp", errno.ENOSPC),
    "a manifest that cannot be written": failing(manifest.Shelf, "record", errno.ENOSPC),
}


@pytest.fixture
def study(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("seeds", "notebooks"):
        (tmp_path / folder).mkdir()
        for name, content in files(made / folder).items():
            (tmp_path / folder / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that were written about what went wrong."""
    lines = capsys.readouterr().err.splitlines()
    assert not [line for line in lines if "Traceback" in line or not line.isprintable() or len(line) > 500]
    return [line for line in lines if not re.match(r"\d+%|.*\|.*report", line)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", DOCUMENTS)
def test_a_fault_costs_a_document_which_is_named(made, study, fault, capsys, monkeypatch) -> None:
    arm, named = DOCUMENTS[fault]
    with monkeypatch.context() as armed:
        arm(armed)
        assert main(MEASURE) == 1
    lines = said(capsys)
    assert len(lines) >= 1
    assert all(named in line or named.partition(".")[0] in line for line in lines) or "memory" in named
    for name, content in files(made / "seeds").items():
        (study / "seeds" / name).write_bytes(content)
    assert main(MEASURE) == 0
    assert files("out") == files(made / "out")


@pytest.mark.parametrize("fault", RUNS)
def test_a_fault_stops_a_run_in_a_line_and_the_next_one_finishes_it(made, study, fault, capsys, monkeypatch) -> None:
    with monkeypatch.context() as armed:
        RUNS[fault](armed)
        assert main(MEASURE) == 2
    assert len(said(capsys)) == 1
    assert main(MEASURE) == 0
    assert files("out") == files(made / "out")


@pytest.mark.slow
@pytest.mark.parametrize("fault", RENDERS)
def test_a_fault_stops_a_render_in_lines_and_the_next_one_finishes_it(made, study, fault, capsys, monkeypatch) -> None:
    warm_process.warm.stop()
    vars(warm_process.warm).pop("temporary", None)
    with monkeypatch.context() as armed:
        RENDERS[fault](armed)
        assert main(RENDER) in (1, 2)
    assert said(capsys)
    assert main(RENDER) == 0
    assert files("reports") == files(made / "reports")


OUTPUTS = {
    "nobody reads what is printed": '"$@" | true',
    "a full disk for what is printed": '"$@" > /dev/full',
    "no output": '"$@" >&-',
    "no place for messages": '"$@" 2>&-',
    "no input": '"$@" <&-',
    "a full disk for messages": '"$@" 2> /dev/full',
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", OUTPUTS)
def test_a_fault_of_the_terminal_loses_no_figure(made, study, fault) -> None:
    command = [sys.executable, *COMMAND[1:], *MEASURE]
    run = subprocess.run(["bash", "-c", OUTPUTS[fault], "bash", *command], capture_output=True, text=True)
    assert "Traceback" not in run.stderr
    assert files("out") == files(made / "out")


def test_forty_faults_are_named() -> None:
    assert len(DOCUMENTS) + len(RUNS) + len(RENDERS) + len(OUTPUTS) >= 40
