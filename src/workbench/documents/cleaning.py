"""What in a text is not the article: taken out by line and within lines, with an account of each piece and its reason.

Templates that are certain (`cleaning.tsv`) go wherever they stand. In a text most of whose lines are not prose,
as when a whole web page was saved, every line is also judged by its form and its place (`cleaning.json`, `.md`).
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.statistics import logistic

REMOVED_COLUMNS = ["line", "text", "reason"]
PAGE_PROSE, PAGE_LINES = 0.5, 20  # a text of as many lines with a smaller share of prose ones is a saved page
HYPHENATED = "\x02"  # at a line's end: its last word is divided
PAGE_PHRASES = frozenset({"navigation", "share", "account", "legal", "advertising", "comments", "more"})
PAGE_REASONS = frozenset(
    {"navigation", "share or subscribe", "read more", "comments", "cookie notice", "copyright", "advertisement"}
)
NARROWEST, WIDEST = 18, 130  # characters in the lines of a hard-wrapped text
LINK_LIST = "list of links"
LONGEST_TEMPLATE = 300  # characters; no longer line is a template as a whole
LONGEST_END = 80  # characters of a phrase fused to the end of a line

Lines = list[tuple[int, str]]  # each line with its number, from 1, in the source's text
Removed = list[tuple[int, str, str]]  # rows of the account
Columns = dict[str, np.ndarray]

_NOTHING = pd.DataFrame(columns=REMOVED_COLUMNS).astype({"line": "int64", "text": "str", "reason": "str"})
_AGE = re.compile(r"(This article is more than\s{1,3}\d+\s(?:year|month)s?\s?old\.?[ \t]*)", re.I)
_TAG = re.compile(
    r"</?(?:(?:a|article|b|blockquote|br|div|em|figure|figcaption|font|h[1-6]|hr|i|iframe|img|li|ol|p|script|section|small"
    r"|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul)(?: [^<>]{0,2000})?|[a-z]+ [\w-]+=[\"'][^<>]{0,2000})/?>",
    re.I,
)
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);|#(?:34|39|039|82\d\d|x27);|(?:quot|apos|nbsp|[lr][sd]quo|[mn]dash);",
    re.I,
)  # also where the mark before it is lost
_MARKED_PARAGRAPH = re.compile(r"\s*<p\b[^<>]*>.*(?:</p>)?\s*", re.I)
_LIST_MARK = re.compile(r"\A(?:[*+o•·▪◦■–-]|\d+[.)])(?: +|$)")
_SENTENCE_END = re.compile(r"[.!?。？！…][\"'”’»)\]]*$|[.,!?][\"”]$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # no spaces between those
_LINK = re.compile(r"https?:|www\.|[@|»#]")


def clean(text: str, judge: bool = True) -> tuple[str, Removed]:
    """The article in `text`, a paragraph a line with a blank line between, and what was left out.

    Of each such piece its line (from 1, in `text`; of hard-wrapped lines the first), its text, the reason. Without
    `judge` only certain templates are taken out, as fits a text that was extracted from its page already.
    """
    removed: Removed = []
    lines = after_rules(text, removed)
    judged = judge and len(lines) >= PAGE_LINES and _has_furniture([line for _, line in lines], removed)
    if judged:
        likely = article_likelihood([line for _, line in lines])
        removed += [(*line, "page furniture") for line, p in zip(lines, likely, strict=True) if p < 0.5]
        lines = [line for line, p in zip(lines, likely, strict=True) if p >= 0.5]
    return "\n\n".join(line for _, line in lines), sorted(removed)


def account(removed: Removed) -> pd.DataFrame:
    """The table of what was left out; Arrow's strings, which pandas uses, hold no lone surrogates."""
    rows = [(line, text.encode("utf-8", "replace").decode(), reason) for line, text, reason in removed]
    return pd.DataFrame(rows, columns=REMOVED_COLUMNS) if rows else _NOTHING.copy(deep=False)


def after_rules(text: str, removed: Removed) -> Lines:
    """The paragraphs of `text` without what is certain not to belong, which goes to `removed`."""
    return _without_templates(unwrap(_without_markup(_without_age(text, removed), removed)), removed)


def _without_age(text: str, removed: Removed) -> str:
    """`text` without "This article is more than 2 years old", which comes fused with the lead and over two lines."""
    if "article is more than" not in text.lower():  # much quicker
        return text
    pieces = _AGE.split(text)
    number = 1
    for i, piece in enumerate(pieces):
        if i % 2:
            removed.append((number, " ".join(piece.split()), "template phrase"))
            pieces[i] = "\n" * piece.count("\n")  # so that the lines keep their numbers
        number += piece.count("\n")
    return "".join(pieces)


def _without_markup(text: str, removed: Removed) -> Lines:
    """The numbered lines without tags and entities; a <p> in a text that is not marked up is a teaser pasted in."""
    lines = list(enumerate(text.split("\n"), 1))
    if not any(mark in text for mark in "<&;"):
        return lines
    teasers = {number for number, line in lines if "<" in line and _MARKED_PARAGRAPH.fullmatch(line)}
    if 5 * len(teasers) > sum(bool(line.strip()) for _, line in lines):
        teasers = set()
    plain_lines = []
    for number, line in lines:
        if number in teasers:
            removed.append((number, line.strip(), "teaser in markup"))
            line = ""
        elif "<" in line or "&" in line or ";" in line:
            entities = _ENTITY.findall(line)
            decoded = (
                unescape(_ENTITY.sub(lambda mark: "&" + mark[0].lstrip("&"), unescape(line))) if entities else line
            )
            if marks := entities + (_TAG.findall(decoded) if "<" in decoded else []):
                removed.append((number, " ".join(marks), "leftover markup"))
                line = re.sub(" +", " ", _TAG.sub(" ", decoded))
        plain_lines.append((number, line))
    return plain_lines


def unwrap(lines: Lines, ragged: float = 0, width: int | None = None) -> Lines:
    """The lines that are not blank, stripped; those of a hard-wrapped text joined to paragraphs.

    Where no `width` is given, a text is hard-wrapped if most lines end within a sentence just where the next one's
    first word would have overrun the width that most lines have. A line that had room for that word ends its
    paragraph; so does one before an indented line, and so do longer lines. Where letters differ in width, `ragged` is
    the share of the width by which full lines may fall short of it.
    """
    pairs = [(a.rstrip(), b) for (_, a), (_, b) in pairwise([(0, ""), *lines])]
    if width is None:
        width = _wrapped_at(pairs, ragged)
    if not width:
        return [(number, line.strip()) for number, line in lines if line.strip()]
    runs_on = [_runs_on(a, b, width, ragged) for a, b in pairs]
    paragraphs: Lines = []
    for (number, line), runs in zip(lines, runs_on, strict=True):
        if runs:
            first, paragraph = paragraphs[-1]
            paragraphs[-1] = (first, f"{paragraph} {line.strip()}")
        elif line.strip():
            paragraphs.append((number, line.strip()))
    return paragraphs


def wrapped_at(lines: Lines) -> int:
    """The width that the text was wrapped at; 0 where it was not."""
    return _wrapped_at([(a.rstrip(), b) for (_, a), (_, b) in pairwise(lines)], 0)


def _wrapped_at(pairs: list[tuple[str, str]], ragged: float) -> int:
    width = _width(pairs, ragged)
    broken = [b for a, b in pairs if _runs_on(a, b, width, ragged) and not _SENTENCE_END.search(a)]
    neighbours = sum(0.6 * width <= len(a) <= 1.15 * width and bool(b.strip()) for a, b in pairs)
    small = sum(b.lstrip()[:1].islower() for b in broken)
    return width if len(broken) > max(0.5 * neighbours, 1) and small > 0.25 * len(broken) else 0


def _width(pairs: list[tuple[str, str]], ragged: float) -> int:
    """The width that most lines were wrapped at: as long as they are, and too short for the next line's first word."""
    full = [(len(a), len(b.split(maxsplit=1)[0])) for a, b in pairs if NARROWEST <= len(a) <= WIDEST and b.strip()]
    if not full:
        return 0
    if ragged:
        return int(np.quantile([length for length, _ in full], 0.9))
    fitting = np.zeros(2 * WIDEST, int)  # by width, in how many lines it would have been broken here
    for length, word in full:
        fitting[length : length + min(word, WIDEST) + 1] += 1
    return int(fitting.argmax())


def _runs_on(line: str, following: str, width: float, ragged: float) -> bool:
    if not line or not following.strip():
        return False
    indented = following[0].isspace() and not line[0].isspace()
    word = following.split(maxsplit=1)[0]
    overruns = len(line) + 1 + len(word) > width * (1 - ragged)
    longer = max(len(line), len(following.rstrip()) if " " in following.strip() else 0) > width * 1.15
    return line.endswith(HYPHENATED) or (overruns and not indented and not longer)


def _without_templates(lines: Lines, removed: Removed) -> Lines:
    """The lines without those that are a known template, and the others without the template phrases in them."""
    templates, reasons = rules("line")
    (ends, end_reasons), (brackets, bracket_reasons) = rules("end"), rules("brackets")
    kept = []
    for number, line in lines:
        text = line[mark.end() :] if (mark := _LIST_MARK.match(line)) else line
        if len(text) <= LONGEST_TEMPLATE and (match := templates.fullmatch(text)):
            removed.append((number, line, reasons[match.lastindex or 0]))
            continue
        opened = line.find("(")
        fused = [ends.match(line), *ends.finditer(line, max(1, len(line) - LONGEST_END))]
        for (phrases, reason_of), matches in (
            ((ends, end_reasons), [match for match in fused if match]),
            ((brackets, bracket_reasons), list(brackets.finditer(line, max(opened - 1, 0))) if opened >= 0 else []),
        ):
            removed += [(number, match[0].strip(), reason_of[match.lastindex or 0]) for match in matches]
            line = phrases.sub("", line) if matches else line
        if line:
            kept.append((number, line))
    return kept


def article_likelihood(lines: Sequence[str]) -> np.ndarray:
    """How likely each line belongs to the article, 0 to 1; 1 for all where most are prose. No line may be blank."""
    if not (columns := features(lines)):
        return np.ones(len(lines))
    score = model()["intercept"] + sum(weight * columns[name] for name, weight in model()["weights"].items())
    return logistic(score)


def _has_furniture(lines: Sequence[str], removed: Removed) -> bool:
    """Whether there is a sign of a page around the text, without which short lines are results, lists or verse."""
    if any(reason in PAGE_REASONS for _, _, reason in removed):
        return True
    short = [line[:160] for line in lines if len(line.split()) <= 6]
    return any(match.lastgroup in PAGE_PHRASES for line in short for match in phrase_pattern().finditer(line))


def features(lines: Sequence[str]) -> Columns:
    """Columns that describe each line and its surroundings, by name; none where the text is an article, not a page."""
    if len(lines) < PAGE_LINES:
        return {}
    texts = [_LIST_MARK.sub("", line, count=1) or line for line in lines]
    tokens = [text.split() for text in texts]
    words = np.array([len(t) + len(_CJK.findall(text)) / 3 for t, text in zip(tokens, texts, strict=True)])
    prose = (words >= 8) & np.array([bool(_SENTENCE_END.search(text)) for text in texts])
    if prose.mean() >= PAGE_PROSE:
        return {}
    common = model()["stop_words"]
    first = {line: i for i, line in reversed(list(enumerate(lines)))}
    form = {
        "stop_words": [sum(word.lower() in common for word in line) / len(line) for line in tokens],
        "20_words": words >= 20,
        "capitals": [sum(word[0].isupper() for word in line) / len(line) for line in tokens],
        "list_mark": [text is not line for text, line in zip(texts, lines, strict=True)],
        "ellipsis": [text.endswith(("...", "…")) for text in texts],
        "link": [bool(_LINK.search(text)) for text in texts],
        "repeated": [first[line] < i for i, line in enumerate(lines)],
    }
    phrases = {kind: np.zeros(len(lines)) for kind in model()["phrases"]}
    for i, line in enumerate(lines):
        for match in phrase_pattern().finditer(line[:160]):
            phrases[match.lastgroup or ""][i] = 1 / np.sqrt(words[i])
    return {name: np.asarray(column) for name, column in form.items()} | phrases | _surroundings(words, prose, phrases)


def _surroundings(words: np.ndarray, prose: np.ndarray, phrases: Columns) -> Columns:
    """Where each line stands: relative to the densest run of prose, among how long lines, after which markers."""
    gained = np.cumsum([0, *np.where(prose, np.minimum(words, 60), -4)])
    stop = int(np.argmax(gained - np.minimum.accumulate(gained)))
    start = stop - int(np.argmin(gained[stop::-1]))
    place = np.arange(len(words))
    in_run = (place >= start) & (place < stop)
    marks = {"comment": phrases["comments"] * (words < 12), "more": phrases["more"] * (words < 8)}
    return {
        "before_run": np.log1p(np.maximum(start - place, 0)),
        "in_run": in_run,
        "after_run": np.log1p(np.maximum(place + 1 - stop, 0)),
        "prose_in_run": in_run & prose,
        "length_around": np.convolve(np.log1p(words), np.full(9, 1 / 9), "full")[4:-4],
        "page_prose": np.full(len(place), prose.mean()),
        "page_prose_words": np.full(len(place), words[prose].sum() / words.sum()),
    } | {f"{kind}_marks_before": np.log1p(np.cumsum((found > 0) & (place >= start))) for kind, found in marks.items()}


@cache
def rules(where: str) -> tuple[re.Pattern[str], list[str]]:
    """The templates of `cleaning.tsv` for a whole "line", at its "end" or in its "brackets"; their reasons by group."""
    names: dict[str, str] = {}
    patterns: dict[str, list[str]] = {}
    rows = Path(__file__).with_name("cleaning.tsv").read_text("utf-8").splitlines()
    for reason, place, pattern in (row.split("\t") for row in rows if not row.startswith("#")):
        pattern = re.sub(r"\{([a-z]+)\}", lambda name: names[name[1]], pattern)
        if reason == "define":
            names[place] = pattern
        elif place == where:
            patterns.setdefault(reason, []).append(pattern)
    groups = (f"({'|'.join(alternatives)})" for alternatives in patterns.values())
    return re.compile("|".join(groups), re.I), ["", *patterns]


@cache
def model() -> dict:
    """The model: `stop_words`, `phrases` (regular expressions by kind), `intercept`, `weights` by feature."""
    stored = json.loads(Path(__file__).with_name("cleaning.json").read_text("utf-8"))
    return stored | {"stop_words": frozenset(stored["stop_words"].split())}


@cache
def phrase_pattern() -> re.Pattern[str]:
    kinds = (f"(?P<{kind}>{pattern})" for kind, pattern in model()["phrases"].items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(kinds)})(?!\w)", re.I)
