"""What the workbench costs beside plain spaCy and the usual stack, stage by stage, for each `only`, and at the start.

CPU time of both in one run over the same texts, medians of five with their range, so that a loaded machine matters
little; what is waited for, and the gain of a second process, wants a machine with nothing else to do. `python -m
benchmarks speed`: about 20 minutes; `python -m benchmarks.speed first ratio` for some of its parts.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
ROUNDS = 5
ARTICLES, MANY = 48, 400
SHORT = (2_000, 50_000)  # documents of 300 characters
TABLE = 500  # MB
ONLY = [
    "readability",
    "flesch_reading_ease",
    "vader_compound",
    "valence",
    "sentiment",
    "tone_towards",
    "quotations",
    "entities",
]
WORDS = 800  # of an article
MACHINES = {  # articles and cores, each working as fast as one alone
    "a million, laptop of 4": (1e6, 4),
    "a million, server of 64": (1e6, 64),
    "a hundred million, server of 64": (1e8, 64),
    "a hundred million, cluster of 1,000": (1e8, 1_000),
}
PEAK = """
import pathlib, re, time
print(time.perf_counter() - started, re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""
MEASURE = """
import sys, time, workbench
started = time.perf_counter()
workbench.measure_corpus(sys.argv[1], sys.argv[2], progress=False, only=sys.argv[3:] or None)
"""
CLICK = """
import sys, time, workbench
from workbench.display.explorer import Explorer
documents = {name: workbench.read(path) for name, path in (("a", sys.argv[1]), ("b", sys.argv[2]))}
shown = Explorer(documents, [])
for name in ("b", "a"):
    shown.document.value = name
started = time.perf_counter()
shown.document.value = "b"
print(time.perf_counter() - started)
started = time.perf_counter()
shown.bars.children[0].children[0].click()
print(time.perf_counter() - started)
"""
FIRST = """
import sys, time
started = time.perf_counter()
import workbench
print(time.perf_counter() - started)
text = open(sys.argv[1], encoding="utf-8").read()
only = sys.argv[2:] or None
for words in (400, 500):
    began = started if words == 400 else time.perf_counter()
    workbench.measures(workbench.Document.from_text(" ".join(text.split(" ")[:words])), only)
    print(time.perf_counter() - began)
"""


def texts(number: int = ARTICLES, of: str = "dev") -> list[str]:
    """News articles of about 4,000 characters."""
    with (GOLD / f"quotations_{of}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line, _ in zip(lines, range(number), strict=False)]


def words(articles: list[str]) -> int:
    return sum(len(article.split()) for article in articles)


def seconds(work: Callable, *given: object, **named: object) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    work(*given, **named)
    return time.process_time() - start


def said(values: list[float], digits: int = 2) -> str:
    """The median and the range."""
    return f"{median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"


@contextmanager
def folder(articles: list[str]) -> Iterator[Path]:
    """A folder of articles and another one beside it to write to, for as long as they are needed."""
    with tempfile.TemporaryDirectory() as path:
        seeds = Path(path, "seeds")
        seeds.mkdir()
        for number, text in enumerate(articles):
            (seeds / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        yield seeds


def measure(seeds: Path, scheduler: str = "sync", jobs: int = 1, only: str | None = None) -> None:
    from workbench import measure_corpus

    target = Path(tempfile.mkdtemp(dir=seeds.parent)) / "c.parquet"
    measure_corpus(seeds, target, scheduler, jobs, progress=False, only=only)


def child(code: str, *arguments: object) -> list[float]:
    """The numbers that a fresh Python prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return [float(n) for n in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()]


def plain_spacy(articles: list[str]) -> None:
    """`nlp.pipe` with its defaults, as who uses spaCy alone has it."""
    for _ in spacys_own().pipe(articles):
        pass


@cache
def spacys_own() -> Any:
    """The pipeline as spaCy loads it, loaded once, as ours is."""
    import spacy

    from workbench.language import model_name

    return spacy.load(model_name())


def usual_stack(articles: list[str]) -> None:
    """spaCy with entities, textstat's formulas, NLTK's VADER by sentence, textacy's quotations."""
    import textacy.extract

    from benchmarks.readability import textstat_formulas
    from workbench.analyses.sentiment.vader import Vader

    vader, formulas = Vader(), textstat_formulas()
    for parsed in spacys_own().pipe(articles):
        [entity.label_ for entity in parsed.ents]
        [formula(parsed.text) for formula in formulas.values()]
        [vader.polarity_scores(sentence.text) for sentence in parsed.sents]
        with suppress(ValueError):  # an odd number of quotation marks
            list(textacy.extract.direct_quotations(parsed))


def machine() -> None:
    """The processor, and what settings of it matter."""
    import numpy
    import spacy
    from threadpoolctl import threadpool_info

    with suppress(OSError):
        names = {
            line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model n" in line
        }
        print("processor:", ", ".join(sorted(names)))
    blas = [f"{pool.get('internal_api')} {pool.get('architecture', '')}" for pool in threadpool_info()]
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, BLAS {', '.join(blas)}")
    print(f"OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'not set')}, Python {platform.python_version()},")
    print(f"numpy {numpy.__version__}, spaCy {spacy.__version__}")


def ratio() -> None:
    """All four analyses, to Parquet, beside plain spaCy and the usual stack."""
    articles = texts()
    stacks: dict[str, list[float]] = {"plain spaCy": [], "usual stack": []}
    with folder(articles) as seeds:
        for work, of in ((measure, seeds), (plain_spacy, articles), (usual_stack, articles)):
            with suppress(ImportError):
                work(of)  # models loaded, caches filled
        for _ in range(ROUNDS):
            alone = seconds(plain_spacy, articles)
            ours = seconds(measure, seeds)
            stacks["plain spaCy"].append(ours / alone)
            with suppress(ImportError):
                stacks["usual stack"].append(ours / seconds(usual_stack, articles))
    for name, asked in (("plain spaCy", 1.25), ("usual stack", 1.0)):
        if stacks[name]:
            print(f"four analyses of {ARTICLES} articles, of {name}'s CPU: {said(stacks[name])} (asked: {asked})")


def stages() -> None:
    """Where the time of all four analyses goes: share of CPU by stage, each with what those before it have left."""
    from workbench import entity_sentiment, quotations, read_all, sentiment, sources
    from workbench.analyses.entities.canonical import mentions
    from workbench.analyses.quotations import sentence_voices
    from workbench.analyses.readability.difficulty import sentence_sums
    from workbench.language import tokens
    from workbench.measurement import Asked, figures

    steps: dict[str, Callable] = {
        "parse": tokens,
        "names": mentions,
        "quotations, speakers": lambda document: (quotations(document), sources(document), sentence_voices(document)),
        "words, sentences": sentence_sums,
        "sentiment": sentiment,
        "tone towards names": entity_sentiment,
        "figures, intervals": lambda document: figures(document, Asked.of(None)),
    }
    found: dict[str, list[float]] = {name: [] for name in ("reading", *steps, "sketch, Parquet")}
    with folder(texts()) as seeds:
        for _ in range(ROUNDS):
            whole = seconds(measure, seeds)
            documents: list[Any] = []
            spent = [seconds(documents.extend, read_all(seeds))]
            spent += [seconds(list, map(step, documents)) for step in steps.values()]
            for name, time_of in zip(found, [*spent, whole - sum(spent)], strict=True):
                found[name].append(100 * time_of / whole)
    for name, shares in found.items():
        print(f"{name:22} {said(shares, 1)} % of the CPU time of all four analyses")


def only() -> None:
    """What each choice costs, from files to Parquet, and what a million and a hundred million articles would take."""
    print("| `only` | words a second a core |" + "".join(f" {name}, hours |" for name in MACHINES))
    print("| --- " * (2 + len(MACHINES)) + "|")
    for name in [*ONLY, None]:
        articles = texts(MANY, "train") if name in ONLY[:5] else texts()
        with folder(articles) as seeds:
            measure(seeds, only=name)
            speeds = [words(articles) / seconds(measure, seeds, only=name) for _ in range(ROUNDS)]
        hours = (WORDS * number / median(speeds) / cores / 3600 for number, cores in MACHINES.values())
        print(f"| {name or 'all'} | {said(speeds, 0)} |" + "".join(f" {one:.2g} |" for one in hours), flush=True)


def processes() -> None:
    """How many times as fast two processes are as one, start-up included."""
    code = (
        MEASURE.replace("progress=False", "jobs=int(sys.argv.pop()), progress=False")
        + "print(time.perf_counter() - started)"
    )
    gains = []
    with folder(texts(MANY, "train")) as seeds:
        for _ in range(3):
            one, two = (child(code, seeds, Path(tempfile.mkdtemp(dir=seeds.parent), "c.parquet"), n)[0] for n in (1, 2))
            gains.append(one / two)
            print(f"{MANY} articles: one process {one:.1f} s, two {two:.1f} s", flush=True)
    print(f"two processes: {said(gains)} times as fast as one (asked: 1.8)")


def first() -> None:
    """How long one waits: for a first answer, for the command line, for a click."""
    bare = [sys.executable, "-m", "workbench"]
    asked = {"import workbench": 0.1, "first measures": 2.2, "next measures": 0.2}
    waits: dict[str, list[float]] = {name: [] for name in asked}
    with folder([text.strip() for text in texts(12, "train") if len(text.split()) > 500][:2]) as seeds:
        one, two = sorted(seeds.iterdir())
        study = seeds.parent / "study"
        subprocess.run([*bare, "new", study], check=True, capture_output=True)
        subprocess.run([*bare, "render"], check=True, capture_output=True, cwd=study)
        for _ in range(ROUNDS):
            for name, wait in zip(asked, child(FIRST, one), strict=True):
                waits[name].append(wait)
            waits.setdefault("first measures, only=readability", []).append(child(FIRST, one, "readability")[1])
            for name, wait in zip(("explore, another document", "explore, a bar"), child(CLICK, one, two), strict=True):
                waits.setdefault(name, []).append(wait)
            for name, arguments in (("workbench --help", ["--help"]), ("render, nothing to do", ["render"])):
                started = time.perf_counter()
                subprocess.run([*bare, *arguments], check=True, capture_output=True, cwd=study)
                waits.setdefault(name, []).append(time.perf_counter() - started)
    asked |= {"first measures, only=readability": 0.8, "workbench --help": 0.2, "render, nothing to do": 0.6}
    for name, found in waits.items():
        print(f"{name}: {said(found)} s (asked: {asked.get(name, 0.3)})")


def memory() -> None:
    """Peak memory by the number of documents, resuming them, and a large table read without holding it."""
    article = texts(1)[0]
    peaks = []
    for size in SHORT:
        with folder([f"{article[:300]} {number}." for number in range(size)]) as seeds:
            target = seeds.parent / "c.parquet"
            took, peak = child(MEASURE + PEAK, seeds, target, "lix")
            peaks.append(peak / 1024)
            again, _ = child(MEASURE + PEAK, seeds, target, "lix")
            print(f"{size} documents: {took:.0f} s, peak {peaks[-1]:.0f} MB; nothing to do {again:.1f} s", flush=True)
    print(f"memory: {peaks[1] / peaks[0]:.2f} times that of the fewer (asked: 1.1), resumed in 10 s asked")
    with tempfile.TemporaryDirectory() as path:
        table, text = Path(path, "articles.csv"), "It rained in Oslo. " * 1_000
        with table.open("w", encoding="utf-8") as file:
            file.write("text\n")
            for number in range(TABLE * 1_000_000 // len(text)):
                file.write(f'"Article {number}. {text}"\n')
        took, peak = child(MEASURE + PEAK, table, Path(path, "c.parquet"), "lix")
        print(f"a table of {table.stat().st_size / 1e6:.0f} MB: {took:.0f} s, peak {peak / 1024:.0f} MB")


PARTS = {"machine": machine, "first": first, "ratio": ratio, "stages": stages, "only": only, "processes": processes}
PARTS["memory"] = memory


def main(*names: str) -> None:
    """Print the parts named, or all."""
    if not GOLD.is_dir():
        print(f"skipped: no gold sets at {GOLD}")
        return
    for name in names or PARTS:
        print(f"\n{name}: {PARTS[name].__doc__}")
        PARTS[name]()


if __name__ == "__main__":
    main(*sys.argv[1:])
