"""How fast reports are rendered, on generated documents, beside a loop of papermill and nbconvert.

python benchmarks/rendering.py [--documents 20] [--pairs 3]
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
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


def peer(seeds: Path, target: Path) -> None:
    """The loop that users write: papermill, then nbconvert, notebook by notebook."""
    import papermill
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    for document in sorted(seeds.iterdir()):
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            if notebook.stem in ("overview", "validation"):
                continue
            out = target / f"{document.stem}-{notebook.name}"
            papermill.execute_notebook(str(notebook), str(out), {"document": str(document)}, progress_bar=False)
            html, _ = exporter.from_filename(str(out))
            out.with_suffix(".html").write_text(html)


def ours(seeds: Path, target: Path) -> None:
    """What `workbench render` does."""
    import workbench

    rows = workbench.render(seeds, NOTEBOOKS, target, progress=False)
    assert not (rows.status == "failed").any(), rows[rows.status == "failed"].message.tolist()


def timed(what: str, seeds: Path, target: Path) -> tuple[float, float]:
    """Wall clock and CPU seconds of a fresh Python that runs one of the two."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, __file__, "--run", what, str(seeds), str(target)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cells_cpu(seeds: Path) -> float:
    """CPU seconds that the cells themselves take, in kernels that have everything imported."""
    import nbformat
    from nbformat.v4 import new_code_cell

    from workbench.execution import execute
    from workbench.kernels import warm

    total = 0.0
    for document in sorted(seeds.iterdir()):
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            if path.stem in ("overview", "validation"):
                continue
            notebook = nbformat.read(path, 4)
            notebook.cells.insert(0, new_code_cell("import time\n_started = time.process_time()"))
            notebook.cells.append(new_code_cell("print(time.process_time() - _started)"))
            execute(notebook, {"document": str(document)}, Path.cwd())
            total += float(notebook.cells[-1].outputs[0].text)
    warm.stop()
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        what, seeds, target = options.run
        {"peer": peer, "ours": ours}[what](Path(seeds), Path(target))
        return
    with tempfile.TemporaryDirectory() as folder:
        seeds, reports = Path(folder, "seeds"), Path(folder, "reports")
        seeds.mkdir()
        for name, text in articles(options.documents).items():
            (seeds / name).write_text(text, "utf-8")
        ratios = []
        for pair in range(options.pairs):
            loop = Path(folder, f"peer{pair}")
            loop.mkdir()
            theirs, mine = timed("peer", seeds, loop), timed("ours", seeds, reports)
            again = timed("ours", seeds, reports)
            ratios.append(mine[0] / theirs[0])
            print(json.dumps({"papermill": theirs, "render": mine, "nothing changed": again, "ratio": ratios[-1]}))
            shutil.rmtree(reports)
        cells = cells_cpu(seeds)
        print(f"ratio {statistics.median(ratios):.3f} (asked: 0.15)")
        print(f"cells' own CPU {cells:.2f} s; by {os.cpu_count()} cores {cells / (os.cpu_count() or 1):.2f} s")


if __name__ == "__main__":
    main()
