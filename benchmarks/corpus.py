"""What measuring a corpus costs: beside the plain spaCy pipeline and the usual stack, with two processes, in memory.

CPU time, in one run over the same texts, so that a loaded machine matters little.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
ARTICLES = 48
MEMORY = (2_000, 20_000)  # documents, short ones
MEASURE = """
import pathlib, re, sys, workbench
workbench.measure_corpus(sys.argv[1], sys.argv[2], "sync", progress=False)
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def texts() -> list[str]:
    """News articles of about 4,000 characters."""
    with (GOLD / "quotations_dev.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines][:ARTICLES]


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def plain_spacy(articles: list[str]) -> None:
    """`nlp.pipe` with its defaults."""
    import spacy

    from workbench.language.model import model_name

    nlp = spacy.load(model_name())
    for _ in nlp.pipe(articles):
        pass


def usual_stack(articles: list[str]) -> None:
    """spaCy with entities, textstat's formulas, NLTK's VADER by sentence, textacy's quotations."""
    import spacy
    import textacy.extract

    from benchmarks.readability import textstat_formulas
    from workbench.analyses.sentiment.vader import Vader
    from workbench.language.model import model_name

    nlp, vader = spacy.load(model_name()), Vader()
    formulas = textstat_formulas()
    for parsed in nlp.pipe(articles):
        [entity.label_ for entity in parsed.ents]
        [formula(parsed.text) for formula in formulas.values()]
        [vader.polarity_scores(sentence.text) for sentence in parsed.sents]
        with suppress(ValueError):  # an odd number of quotation marks
            list(textacy.extract.direct_quotations(parsed))


def workbench(articles: list[str]) -> None:
    """All four analyses, to Parquet, in this process."""
    with corpus(articles) as folder:
        measure(folder, "sync")


def measure(folder: Path, scheduler: str, jobs: int = 1) -> None:
    from workbench import measure_corpus

    target = tempfile.mkdtemp()
    measure_corpus(folder, Path(target) / "c.parquet", scheduler, jobs, progress=False)


class corpus:
    """A folder of articles, for as long as it is needed."""

    def __init__(self, articles: list[str]) -> None:
        self.articles, self.folder = articles, tempfile.TemporaryDirectory()

    def __enter__(self) -> Path:
        for number, text in enumerate(self.articles):
            (Path(self.folder.name) / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        return Path(self.folder.name)

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()


def main() -> None:
    """Print CPU times beside the peers', the gain of a second process, and peak memory by number of documents."""
    if not GOLD.is_dir():
        print(f"skipped: no gold sets at {GOLD}")
        return
    articles = texts()
    workbench(articles[:8])  # models loaded, caches filled
    spacy_alone = seconds(lambda: plain_spacy(articles))
    ours = seconds(lambda: workbench(articles))
    print(f"{len(articles)} articles, CPU seconds: spaCy alone {spacy_alone:.1f}, four analyses {ours:.1f}")
    print(f"ratio {ours / spacy_alone:.2f} (at most 1.3 wanted)")
    try:
        print(f"usual stack {seconds(lambda: usual_stack(articles)):.1f}")
    except ImportError as error:
        print(f"usual stack not measured: {error}")
    with corpus(articles * 8) as folder:
        waited = []
        for jobs in (1, 2):
            start = time.perf_counter()
            measure(folder, "processes", jobs)
            waited.append(time.perf_counter() - start)
    print(
        f"{8 * len(articles)} articles, seconds: one process {waited[0]:.0f}, two {waited[1]:.0f}: "
        f"{waited[0] / waited[1]:.2f} times as fast (at least 1.8 wanted; on a machine with nothing else to do)"
    )
    peaks = []  # of Linux's own account: what getrusage says begins with the parent's peak
    for size in MEMORY:
        with corpus([article[:300] for article in articles] * (size // len(articles) + 1)) as folder:
            command = [sys.executable, "-c", MEASURE, str(folder), tempfile.mkdtemp()]
            peaks.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024)
    print(
        f"peak memory, MB: {dict(zip(MEMORY, map(round, peaks), strict=True))}: {peaks[1] / peaks[0]:.2f} (1.1 wanted)"
    )


if __name__ == "__main__":
    main()
