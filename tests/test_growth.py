"""No text makes the work grow faster than its length: each regular expression is tried with what repeats.

The texts that are tried are drawn from the expressions themselves, so a new one is tried, too.
"""

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]

import pytest

import workbench
from workbench.documents import DocumentError, cleaning
from workbench.language import sentences

METHODS = {"sub", "subn", "match", "search", "fullmatch", "split", "findall", "finditer"}
AT_THE_START = {"match", "fullmatch"}
MATCHED_ELSEWHERE = {"_CODE", "_NUMBERED", "_END", "_OUTLET", "_NO_TITLE", "_NOBODY"}  # under other names
ONE_OF_EACH = {
    "CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": "-",
}  # fmt: skip


class TooLongError(Exception):
    pass


def seconds(work: Callable[[], object], most: float = 1) -> float:
    """The processor's time for some work, cut off after `most`."""

    def cut(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, cut)
    signal.setitimer(signal.ITIMER_PROF, most)
    begun = time.process_time()
    try:
        work()
    except TooLongError:
        return float("inf")
    except DocumentError:
        pass  # a line that says why not
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - begun


def grows(work: Callable[[str], object], unit: str, length: int, allowed: float) -> bool:
    """Whether twice as long a text takes more than `allowed` seconds and clearly more than twice as long."""
    text = unit * (length // len(unit))
    if seconds(lambda: work(text)) < allowed:
        return False
    long = min(seconds(lambda: work(text)) for _ in range(2))
    return long > allowed and long > 2.8 * min(seconds(lambda: work(text[: len(text) // 2])) for _ in range(3))


def _within(value: object, depth: int = 4) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and not isinstance(value, type):
        fields = list(vars(value).values()) if hasattr(value, "__dataclass_fields__") else []
        parts = list(value.values()) if type(value) is dict else fields
        for part in value if isinstance(value, list | tuple | set | frozenset) else parts:
            yield from _within(part, depth - 1)


def expressions() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Each regular expression of the package by its place, and whether it is only tried at one place of a text."""
    modules = [importlib.import_module(m.name) for m in pkgutil.walk_packages(workbench.__path__, "workbench.")]
    trees = {module: ast.parse(Path(module.__file__ or "").read_text("utf-8")) for module in modules}
    used: dict[str, set[str]] = {}
    found = {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                used.setdefault(name, set()).add(node.attr)
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                method = ast.unparse(node.func)[3:]
                if method in METHODS and isinstance(node.args[0], ast.Constant):
                    flags = [word.value for word in node.keywords if word.arg == "flags"] or node.args[2:]
                    flags = [flag for flag in flags if re.fullmatch(r"re\.[A-Z]( \| re\.[A-Z])*", ast.unparse(flag))]
                    joined = eval(ast.unparse(flags[0]), {"re": re}) if flags else 0
                    pattern = re.compile(node.args[0].value, joined)
                    found[f"{module.__name__}:{node.lineno}"] = pattern, method in AT_THE_START
    for module in modules:
        for name, value in vars(module).items():
            for number, pattern in enumerate(_within(value) if not name.startswith("__") else ()):
                methods = used.get(name) or used.get(f"self.{name}") or set()
                at_start = name in MATCHED_ELSEWHERE or (bool(methods) and methods <= AT_THE_START)
                found.setdefault(f"{module.__name__}.{name} {number}", (pattern, at_start or isinstance(value, tuple)))
    for where in ("line", "within", "brackets"):
        found[f"cleaning {where}"] = cleaning.rules(where)[0], where == "line"
    found["cleaning phrases"] = cleaning.phrase_pattern(), False
    once = {pattern: place for place, (pattern, _) in reversed(found.items())}
    return {place: found[place] for place in once.values()}


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


def units(pattern: re.Pattern[str]) -> list[str]:
    """What is repeated: each character that an expression asks for, each two of them, and each of its words."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")  # type: ignore[attr-defined]
    runs: set[str] = set()
    drawn = [
        *dict.fromkeys([*" a\n.", *_letters(_parser.parse(source, pattern.flags & ~re.A & ~re.L), runs), "A", "1"])
    ]
    marks = [c for c in drawn if not c.isalnum()][:9]
    chosen = marks + [c for c in drawn if c.isalnum()][:5]
    twos = [a + b for a in chosen for b in chosen if a != b]
    words = [run + end for run in sorted(runs, key=len)[-20:] if len(run) > 1 for end in ("", " ", "a ")]
    return chosen + twos + words


@pytest.mark.slow
def test_no_regular_expression_takes_longer_than_its_text_is_long() -> None:
    slow: list[str] = []
    found = expressions()
    assert len(found) > 100
    for place, (pattern, at_start) in found.items():
        is_bytes = isinstance(pattern.pattern, bytes)

        def work(text: str, pattern=pattern, at_start=at_start, is_bytes=is_bytes) -> None:  # type: ignore[no-untyped-def]
            given = text.encode("latin-1", "ignore") if is_bytes else text
            pattern.match(given)
            if not at_start:
                for _ in pattern.finditer(given):
                    pass

        slow += [
            f"{place} {unit!r}: {pattern.pattern!r:.90}" for unit in units(pattern) if grows(work, unit, 2000, 0.01)
        ][:3]
    assert slow == []


@pytest.mark.parametrize("unit", [".", "!?", ". ", "a.", '".', "A. ", "(", '"', "\u201c", "a-", "\n", "1."])
def test_sentences_take_no_longer_than_their_text_is_long(unit: str) -> None:
    assert not grows(sentences, unit, 20_000, 0.05)
