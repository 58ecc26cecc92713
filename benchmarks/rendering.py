"""How fast reports are rendered, on generated documents, beside a loop of papermill and nbconvert.

python -m benchmarks.rendering [--documents 20] [--pairs 3]; by default one pair on 5 documents, some minutes
"""

import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PEOPLE = ["Ann Lee", "Omar Reyes", "Ines Falk", "Tom Okoro", "Mara Lindt", "Jon Berg", "Pia Sanz", "Ravi Nair"]
BODIES = ["the Harbour Board", "Northgate Council", "the Transit Union", "Vale Hospital", "the Water Authority"]
PLACES = ["Northgate", "Vale", "Port Aster", "Millbrook", "Easton"]
VERBS = ["said", "told reporters", "argued", "warned", "explained", "added"]
CLAIMS = [
    "the plan will cost twice as much as promised",
    "nobody asked the people who live here",
    "we are proud of what the teams achieved this winter",
    "the delay is a disaster for small shops",
    "the numbers do not support that fear",
    "this is a good day for everyone who depends on the ferry",
]
FACTS = [
    "The vote followed a debate that lasted until midnight.",
    "Work on the new line began in March after years of argument over its route.",
    "A report published on Tuesday found that repairs had been postponed four times since 2019.",
    "Residents gathered outside the town hall, where the mood was calm but far from happy.",
    "The budget, which the council adopted by a narrow majority, foresees cuts of 12 per cent.",
]


def articles(number: int) -> dict[str, str]:
    """File name to text of `number` invented news articles of 300 to 900 words; always the same ones."""
    draw = random.Random(20240101)
    found = {}
    for place in range(number):
        paragraphs = [f"{draw.choice(BODIES)} faces questions in {draw.choice(PLACES)}".capitalize()]
        while sum(len(paragraph.split()) for paragraph in paragraphs) < 300 + 600 * place / max(1, number - 1):
            speaker, body, town = draw.choice(PEOPLE), draw.choice(BODIES), draw.choice(PLACES)
            claim, verb, fact = draw.choice(CLAIMS), draw.choice(VERBS), draw.choice(FACTS)
            paragraphs += [
                f"“{claim.capitalize()},” {verb} {speaker} of {body}. {fact}",
                f"{fact} In {town}, {speaker} {verb} that {draw.choice(CLAIMS)}, and {body} agreed.",
            ]
        found[f"article_{place:02}.txt"] = "\n".join(paragraphs) + "\n"
    return found


def peer(seeds: Path, notebooks: Path, target: Path) -> None:
    """The loop that users write: papermill, then nbconvert, notebook by notebook."""
    import papermill
    from nbconvert import HTMLExporter

    target.mkdir()
    runs = [(path, {"document": str(document)}) for document in sorted(seeds.iterdir()) for path in each(notebooks)]
    for path, parameters in [*runs, (notebooks / "overview.ipynb", {"seeds": str(seeds)})]:
        out = target / f"{Path(parameters.get('document', '')).stem}-{path.name}"
        papermill.execute_notebook(str(path), str(out), parameters, progress_bar=False)
        html, _ = HTMLExporter().from_filename(str(out))
        out.with_suffix(".html").write_text(html, "utf-8")


def ours(seeds: Path, notebooks: Path, target: Path) -> None:
    """What `workbench render` does."""
    import workbench

    rows = workbench.render(seeds, notebooks, target, progress=False)
    assert not (rows.status == "failed").any(), rows[rows.status == "failed"].message.iloc[0]


def each(notebooks: Path) -> list[Path]:
    """The notebooks that are run for each document."""
    return sorted(path for path in notebooks.glob("*.ipynb") if path.stem != "overview")


@dataclass
class Cost:
    """What a fresh Python took to run one of the two: seconds of wall clock and of CPU, MiB of memory at the peak."""

    wall: float
    cpu: float
    memory: float


def cost(what: str, *folders: Path) -> Cost:
    before, start, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.rendering", "--run", what, *map(str, folders)])
    while process.poll() is None:
        peak = max(peak, memory(process.pid))
        time.sleep(0.5)  # looking costs them time, too
    assert process.returncode == 0, f"{what} failed"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - start, cpu, peak)


def memory(root: int) -> float:
    """MiB that a process and all that descend from it take, what they share counted once (Linux; 0 elsewhere)."""
    parents, total = {}, 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    family = {root}
    for _ in range(4):  # render, warm process, branch, kernel
        family |= {child for child, parent in parents.items() if parent in family}
    for pid in family:
        with suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
    return total / 1024


def cells_cpu(seeds: Path, notebooks: Path) -> float:
    """CPU seconds that the cells themselves take, each notebook in a kernel that has everything imported."""
    import nbformat
    from nbformat.v4 import new_code_cell

    from workbench.reports.kernels import execute
    from workbench.reports.warm_process import warm

    total = 0.0
    runs = [(path, {"document": str(document)}) for document in sorted(seeds.iterdir()) for path in each(notebooks)]
    for path, parameters in [*runs, (notebooks / "overview.ipynb", {"seeds": str(seeds)})]:
        notebook = nbformat.read(path, 4)
        notebook.cells.insert(0, new_code_cell("import time\n_started = time.process_time()"))
        notebook.cells.append(new_code_cell("print(time.process_time() - _started)"))
        execute(notebook, parameters, Path.cwd())
        total += float("".join(output.text for output in notebook.cells[-1].outputs))
    warm.stop()
    return total


def page_cost(reports: Path) -> tuple[float, float]:
    """Milliseconds of CPU that a page takes, and kB of the largest page without its figures: medians and maximum."""
    import nbformat

    from workbench.reports.page import page

    notebooks = [nbformat.read(path, 4) for path in reports.glob("*/*.ipynb")]
    page(notebooks[0], "warm up")
    start = time.process_time()
    pages = [page(notebook, "page") for notebook in notebooks]
    seconds = time.process_time() - start
    return 1000 * seconds / len(pages), max(len(re.sub('src="data:[^"]*"', "", written)) for written in pages) / 1000


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.run:
        {"peer": peer, "ours": ours}[options.run[0]](*map(Path, options.run[1:]))
        return
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        seeds, notebooks, reports = (Path(folder, name) for name in ("seeds", "notebooks", "reports"))
        seeds.mkdir(), notebooks.mkdir()
        for name, text in articles(options.documents).items():
            (seeds / name).write_text(text, "utf-8")
        for path in NOTEBOOKS.glob("*.ipynb"):
            if path.stem == "overview" or re.search(r'"document: str', path.read_text("utf-8")):
                shutil.copy(path, notebooks)
        ratios = []
        for pair in range(options.pairs):
            theirs = cost("peer", seeds, notebooks, Path(folder, f"peer{pair}"))
            mine, again = cost("ours", seeds, notebooks, reports), cost("ours", seeds, notebooks, reports)
            print(f"papermill and nbconvert {theirs}\nrender {mine}\nnothing changed {again}", flush=True)
            ratios.append((mine.wall / theirs.wall, mine.cpu / theirs.cpu))
            milliseconds, largest = page_cost(reports)
            shutil.rmtree(reports)
        cells, number = cells_cpu(seeds, notebooks), len(each(notebooks))
    wall, cpu = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"documents {options.documents}, notebooks {number}, pairs {options.pairs}, cores {cores}")
    print(f"of papermill's wall clock {wall:.3f} (asked: 0.08), of its CPU {cpu:.3f}")
    of_cells = cores * mine.wall / cells
    print(f"of the cells' own CPU {cells:.1f} s over the cores: {of_cells:.2f} (asked of 20 documents: 1.3)")
    print(f"a page {milliseconds:.1f} ms (asked: 20), the largest without figures {largest:.0f} kB (asked: 80)")
    print(f"nothing changed {again.wall:.2f} s, memory {mine.memory:.0f} MiB (asked: 900)")


if __name__ == "__main__":
    main(sys.argv[1:])
