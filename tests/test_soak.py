"""Two thousand articles, a tenth of them damaged: each is measured and rendered or has its line, whatever the order."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from damaged_files import write_corpus
from small_notebooks import ON_A_DOCUMENT, notebook

import workbench as wb
from workbench.reports.render import _Render

COUNT = int(os.environ.get("WORKBENCH_SOAK", "2000"))  # documents
MEMORY = 1500 << 10  # KiB that a process of a run may hold
MEASURE = r"""
import re, resource, sys, workbench
from workbench.corpus import measuring
if __name__ == "__main__":
    source, target, backwards = sys.argv[1:]
    in_order = measuring._partitions
    if backwards:
        measuring._partitions = lambda *found: iter(list(in_order(*found))[::-1])
    workbench.measure_corpus(source, target, jobs=2, progress=False)
    own = re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]  # RUSAGE_SELF has that of who started it
    print(max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("soak") / "articles"
    damaged = write_corpus(folder, COUNT)
    assert len(damaged) == COUNT // 10
    return folder, set(damaged)


def files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.slow
def test_every_document_is_measured_or_a_named_error_whatever_the_order_of_work(corpus, tmp_path):
    folder, damaged = corpus
    (tmp_path / "run.py").write_text(MEASURE)
    for target, backwards in (("forwards", ""), ("backwards", "yes")):
        command = [sys.executable, str(tmp_path / "run.py"), str(folder), str(tmp_path / target / "c.parquet")]
        run = subprocess.run([*command, backwards], capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, "")
        assert int(run.stdout) < MEMORY
    errors = pd.read_parquet(tmp_path / "forwards" / "c.errors.parquet")
    failed = {Path(place).name.partition(".")[0] for place in errors.document}
    measured = set(pd.read_parquet(tmp_path / "forwards" / "c.parquet").document)
    print(f"{len(measured)} measured, {len(failed)} of {len(damaged)} damaged ones refused")
    assert failed <= damaged
    assert not measured & failed
    assert len(measured | failed) == len(measured) + len(errors) == COUNT
    assert all(reason.isprintable() and len(reason) < 300 for reason in errors.reason)
    assert not [reason for reason in errors.reason if "cannot be measured" in reason]  # a fault of ours
    assert files(tmp_path / "forwards") == files(tmp_path / "backwards")


@pytest.mark.slow
def test_every_damaged_document_and_as_many_good_ones_are_rendered_or_named(corpus, tmp_path, monkeypatch):
    folder, damaged = corpus
    monkeypatch.chdir(tmp_path)
    Path("seeds").mkdir()
    for number, path in enumerate(sorted(folder.rglob("*.*"))):
        if number % 10 == 0 or path.name.partition(".")[0] in damaged:
            shutil.copy(path, "seeds")
    asked = "import workbench as wb\n\ndoc = wb.read(document)\nwb.show(doc)"
    notebook(Path("notebooks/shown.ipynb"), ON_A_DOCUMENT, asked, "wb.quotations(doc)", "wb.entities(doc).tail(9)")
    in_order = _Render._make_all
    for reports, jobs in (("forwards", 4), ("backwards", 2)):
        if reports == "backwards":
            backwards = lambda render, subjects, *how: in_order(render, [*subjects][::-1], *how)  # noqa: E731
            monkeypatch.setattr(_Render, "_make_all", backwards)
        rows = wb.render(reports=reports, jobs=jobs, progress=False)
        assert set(rows.status) == {"rendered", "failed"}
        failed = rows[rows.status == "failed"]
        assert {Path(name).name[:4] for name in failed.document} <= damaged
    assert files(Path("forwards")) == files(Path("backwards"))
