"""No text makes the work grow faster than its length: each expression and each stage is tried with what repeats.

The texts that an expression is tried with are drawn from itself, so a new one is tried, too.
"""

import gc
import random
import re
import resource
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]

import pytest
from expressions import expressions
from threadpoolctl import threadpool_limits

import workbench as wb
from workbench.analyses.readability import hard_words
from workbench.documents import DocumentError, cleaning, exports, formats, sketch_of
from workbench.documents.encoding import FormatError, normalised
from workbench.documents.metadata import language_of
from workbench.language import model_name, parsing, pipeline, sentence_spans, sentences, tokens

AT_THE_START = {"match", "fullmatch"}
ONE_OF_EACH = {
    "CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "-",
}  # fmt: skip


class TooLongError(Exception):
    pass


@pytest.fixture(autouse=True)
def without_idle_threads():
    """One thread for arithmetic: a second one that waits for work takes the processor's time, too."""
    with threadpool_limits(1, user_api="blas"):
        yield


def seconds(work: Callable[[], object], most: float = 1) -> float:
    """The processor's time for some work, cut off after `most`."""

    def cut(*_: object) -> None:
        raise TooLongError

    gc.disable()  # it takes the longer the more there is
    before = signal.signal(signal.SIGPROF, cut)
    signal.setitimer(signal.ITIMER_PROF, most)
    begun = time.process_time()
    try:
        work()
    except TooLongError:
        return float("inf")
    except (DocumentError, FormatError):
        pass  # a line that says why not
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        gc.enable()
    return time.process_time() - begun


def grows(work: Callable[[str], object], make: Callable[[int], str], length: int, allowed: float) -> bool:
    """Whether twice as long a text takes more than `allowed` seconds and clearly more than twice as long."""
    text, half = make(length), make(length // 2)
    if seconds(lambda: work(text), 30 * allowed) < allowed:
        return False
    long = min(seconds(lambda: work(text), 30 * allowed) for _ in range(2))
    return long > allowed and long > 2.8 * min(seconds(lambda: work(half)) for _ in range(3))


def repeated(unit: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Texts of about a length in which `unit` is repeated."""
    return lambda length: before + unit * (length // len(unit)) + after


def _letters(tree: object, runs: set[str]) -> Iterator[str]:
    """A character of each kind that an expression asks for; its words go to `runs`."""
    run = ""
    for operation, value in tree:  # type: ignore[attr-defined]
        name = str(operation)
        run = run + chr(value) if name == "LITERAL" else runs.add(run) or ""
        if name in ("LITERAL", "NOT_LITERAL"):
            yield chr(value) if name == "LITERAL" else "a"
        elif name == "IN":
            for kind, inner in value:
                ranged = {"LITERAL": inner, "RANGE": inner[0] if isinstance(inner, tuple) else 0}
                yield chr(ranged[str(kind)]) if str(kind) in ranged else ONE_OF_EACH.get(str(inner), "a")
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _letters(branch, runs)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "SUBPATTERN", "ASSERT", "ASSERT_NOT"):
            yield from _letters(value[-1], runs)
    runs.add(run)


def units(tree: object) -> list[str]:
    """What is repeated: each character that an expression asks for, each two of them, and each of its words."""
    runs: set[str] = set()
    drawn = [*dict.fromkeys([*" a\n.", *_letters(tree, runs), "A", "1"])]
    marks = [c for c in drawn if not c.isalnum()][:9]
    chosen = marks + [c for c in drawn if c.isalnum()][:5]
    twos = [a + b for a in chosen for b in chosen if a != b]
    words = [run + end for run in sorted(runs, key=len)[-20:] if len(run) > 1 for end in ("", " ", "a ")]
    return chosen + twos + words


def _matched(tree: object, before: str, pumped: set[tuple[str, str]]) -> str:
    """A text that an expression matches, roughly; to `pumped` goes what it may repeat and what stands before that."""
    text = ""
    for operation, value in tree:  # type: ignore[attr-defined]
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, repeated = value
            unit = _matched(repeated, before + text, pumped)
            pumped |= {(before + text, unit or " ")} if most > 9 else set()
            text += unit * max(least, 1)
        elif name == "BRANCH":
            branches = [_matched(branch, before + text, pumped) for branch in value[1]]
            text += branches[0]
        elif name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
            inner = _matched(value[-1], before + text, pumped)
            text += inner if name == "SUBPATTERN" else ""
        else:
            text += next(_letters([(operation, value)], set()), "")
    return text


def trials(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Kinds of text to try an expression with: its units, and where it repeats something that again and again."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _parser.parse(source, pattern.flags & ~re.A & ~re.L)
    for unit in units(tree):
        yield repr(unit), repeated(unit)
    pumped: set[tuple[str, str]] = set()
    _matched(tree, "", pumped)
    for before, unit in sorted(pumped):
        for again in dict.fromkeys([unit, *" a1.\n"]):
            for after in ("", "\0"):
                yield f"{before!r} {again!r} {after!r}", repeated(again, before, after)


@pytest.mark.slow
def test_no_regular_expression_takes_longer_than_its_text_is_long() -> None:
    found = expressions()
    assert len(found) > 180
    slow = []
    for place, pattern, methods in found:

        def work(text: str, pattern=pattern, anywhere=not methods or methods - AT_THE_START) -> None:  # type: ignore[no-untyped-def]
            given = text.encode("latin-1", "ignore") if isinstance(pattern.pattern, bytes) else text
            pattern.match(given)
            pattern.fullmatch(given)
            for _ in pattern.finditer(given) if anywhere else ():
                pass

        kinds = (kind for kind, make in trials(pattern) if grows(work, make, 2000, 0.01))
        slow += [f"{place} {kind}: {pattern.pattern!r:.90}" for kind in islice(kinds, 3)]
    assert slow == []


UNITS = [
    *("a", "A", "1", " ", "\n", ".", "é", "字", "😀", "\u0301", "\u200b", "\u202e", "\ufeff", "\u2028", "\0", "…", "ﬁ"),
    "\u0301\u0316",
    *"([{<\"'“”‘’-—*_#@/\\&;:|~=+%$^`!?,",
    *("a ", "A ", "a\n", "a. ", "A. ", "1. ", "1,", "$1 ", "a-", "a/b", "!?", '".', "Mr. ", "U.S. ", "Inc. ", "@a "),
    *("“a ", "“a” ", "”a “", "‘a ", "'a ", "“a\n", "\n\n“", "(a ", "[a](", "![a", "**a ", "<a ", "<b>", "&#60;", "â€™"),
    *("http://a.b/", "a@b.c ", "Q: a\n", "Ann: a\n", "- a\n", "| a ", "1/2/24 ", "Share\n", "By Ann Lee\n", "#a "),
    *("Ann said ", "said that ", "“No,” said Ann. ", "Ann Lee, ", "Ann Lee of NATO ", "and ", "not ", "very good "),
    *("he said she said ", "because of ", " said.", "Lee ", "Lee’s ", "who ", "the ", "âÂ€™"),
    *("NATO ", "Ann ", "Ann, ", "Ann and ", "ANN LEE ", "Ann Lee beat Bob. ", "University of ", "Lee said Ann said "),
]  # fmt: skip
STAGES: dict[str, Callable[[str], object]] = {
    "encoding": normalised,
    "cleaning": lambda text: cleaning.clean(text, judge=True),
    "language of a text": language_of,
    "near-copies": sketch_of,
    "exports": lambda text: exports.articles("Load-Date: 3 May\n" + text),
    "sentences": sentences,
    "tokenizer": lambda text: parsing._tokenised(pipeline(model_name()), text),
    "formulas": lambda text: wb.measures(wb.Document.from_text(text), only="readability"),
    "tone without voices": lambda text: wb.measures(wb.Document.from_text(text), only="sentiment"),
    ".md": lambda text: formats.contents(text.encode(), ".md"),
    ".html": lambda text: formats.contents(b"<p>" + text.encode(), ".html"),
    ".rtf": lambda text: formats.contents(b"{\\rtf1 " + text.encode(), ".rtf"),
    ".eml": lambda text: formats.contents(b"Subject: " + text.encode() + b"\n\n" + text.encode(), ".eml"),
}  # fmt: skip
LENGTH = 4000  # characters that are parsed
LITTLE = {"parse": 1.0}  # seconds that it may take, however it grows; the others 0.05
ANALYSES: dict[str, Callable[[wb.Document], object]] = {
    "parse": tokens, "sentences": sentence_spans,
    "quotations": wb.quotations, "sources": wb.sources, "entities": wb.entities, "sentiment": wb.sentiment,
    "tone towards": wb.entity_sentiment, "readability": wb.readability, "hard words": hard_words,
    "figures": wb.measures,
    "page": lambda document: wb.show(document)._repr_html_(),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_takes_longer_than_its_text_is_long(stage: str) -> None:
    STAGES[stage]("“It works,” said Ann Lee. " * 9)  # what is loaded once
    assert [unit for unit in UNITS if grows(STAGES[stage], repeated(unit), 40_000, 0.3)] == []


def costs(text: str) -> dict[str, float]:
    """The seconds that each analysis takes after those before it."""
    document = wb.Document.from_text(text)
    return {name: seconds(partial(analysis, document), 20) for name, analysis in ANALYSES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_no_analysis_takes_longer_than_its_text_is_long(unit: str) -> None:
    wb.measures(wb.Document.from_text("“It works,” said Ann Lee of NATO. It is good."))  # what is loaded once
    text = unit * (LENGTH // len(unit))
    slow = {name for name, took in costs(text).items() if took > LITTLE.get(name, 0.05)}
    for _ in range(3 if slow else 0):
        long, short = costs(text), costs(text[: len(text) // 2])
        slow = {name for name in slow if long[name] > max(LITTLE.get(name, 0.05), 2.8 * short[name])}
    assert slow == set()


KINDS = {
    "one word": lambda n: "a" * n,
    "words": lambda n: "word " * (n // 5),
    "figures": lambda n: "1" * n,
    "quotation marks": lambda n: "“" * (n // 3),
    "brackets": lambda n: "([{<" * (n // 4),
    "spaces": lambda n: "a" + " " * (n - 2) + "a",
    "lines": lambda n: "a\n" * (n // 2),
    "Chinese": lambda n: "字" * (n // 3),
    "Cyrillic": lambda n: "слово " * (n // 11),
    "pictures": lambda n: "😀" * (n // 4),
    "accents": lambda n: "e" + "\u0301" * (n // 2 - 1),
    "accents above and below": lambda n: "e" + "\u0301\u0316" * (n // 4 - 1),
    "rows": lambda n: "Lee | 1 | 2.5 |\n" * (n // 16),
    "capitals": lambda n: "ANN LEE " * (n // 8),
    "control characters": lambda n: "a\0\x1b" * (n // 3),
    "garbled": lambda n: "â€™" * (n // 8),
    "any": lambda n: "".join(map(chr, random.Random(0).choices(range(32, 0xD7FF), k=n // 3))),
    "prose": lambda n: "“The river rose,” said Anna Berg of NATO on Monday. It fell again.\n" * (n // 72),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ten_megabytes_of_whatever_characters_are_measured_or_refused_in_two_minutes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(KINDS[kind](10_000_000), "utf-8")
    assert path.stat().st_size > 9_000_000
    wb.measures(wb.Document.from_text("“It works,” said Ann Lee of NATO. It is good."))  # what is loaded once
    begun = sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    measured, errors = wb.measure_all(path)
    took = sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) - begun
    print(f"{kind}: {took:.0f} s, {len(measured)} figures, {' '.join(errors.reason)[:150]}")
    assert took < 120
    assert len(measured) > 50 or len(errors) == 1
    assert all(reason.isprintable() and "cannot be measured" not in reason for reason in errors.reason)
