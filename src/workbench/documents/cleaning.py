"""What in a text is not the article: taken out by line and within lines, with an account of each piece and its reason.

Templates that are certain (`cleaning.tsv`) go wherever they stand. In a text most of whose lines are not prose,
as when a whole web page was saved, every line is also judged by its form and its place (`cleaning.json`, `.md`).
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from pathlib import Path

import numpy as np

from workbench.documents.wrapping import SENTENCE_END, Lines, unwrap
from workbench.statistics import logistic

REMOVED = {"line": "int64", "text": "str", "reason": "str"}
PAGE_PROSE, PAGE_LINES = 0.5, 20  # a text of as many lines with a smaller share of prose ones is a saved page
FURNITURE = {  # by the phrases of a line, for which reason the templates take such a line out
    "navigation": "navigation",
    "share": "share or subscribe",
    "account": "share or subscribe",
    "legal": "copyright",
    "advertising": "advertisement",
    "comments": "comments",
    "more": "read more",
}
LINK_LIST = "list of links"
LONGEST_TEMPLATE = 300  # characters; no longer line is a template as a whole
LONGEST_END = 80  # characters of a phrase fused to the end of a line
MENU = 5  # items of a list

Removed = list[tuple[int, str, str]]  # rows of the account
Columns = dict[str, np.ndarray]

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
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # no spaces between those
_LINK = re.compile(r"https?:|www\.|[@|»#]")


def clean(text: str, judge: bool = True) -> tuple[str, Removed]:
    """The article in `text`, a paragraph a line with a blank line between, and what was left out.

    Of each such piece its line (from 1, in `text`; of hard-wrapped lines the first), its text, the reason. Without
    `judge` only certain templates are taken out, as fits a text that was extracted from its page already.
    """
    removed: Removed = []
    lines = after_rules(text, removed)
    if judge and len(lines) >= PAGE_LINES and _has_furniture([line for _, line in lines], removed):
        likely = article_likelihood([line for _, line in lines])
        removed += [(*line, "page furniture") for line, p in zip(lines, likely, strict=True) if p < 0.5]
        lines = [line for line, p in zip(lines, likely, strict=True) if p >= 0.5]
    return "\n\n".join(line for _, line in lines), sorted(removed)


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
    """How likely each line belongs to the article, 0 to 1; 1 for all where most are prose. No line may be blank.

    Of a long article with furniture around it as many lines are looked at as a short one has, so that both come out
    alike; those of its run of prose are 1.
    """
    likely, places = np.ones(len(lines)), np.arange(len(lines))
    words, prose = _words_and_prose(lines)
    start, stop = _run(words, prose)
    around = len(lines) - (stop - start)
    long = len(lines) > 0 and prose.mean() >= PAGE_PROSE and around >= PAGE_LINES / 2
    if long:
        places = np.flatnonzero((places < start + around / 4) | (places >= stop - around / 4))
    if columns := features([lines[int(i)] for i in places]):
        score = model()["intercept"] + sum(weight * columns[name] for name, weight in model()["weights"].items())
        likely[places] = logistic(score)
    if long:
        likely[start:stop] = 1
    return likely


def _words_and_prose(lines: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """How many words each line has, and whether it is prose."""
    texts = [_LIST_MARK.sub("", line, count=1) or line for line in lines]
    words = np.array([len(text.split()) + len(_CJK.findall(text)) / 3 for text in texts])
    return words, (words >= 8) & np.array([bool(SENTENCE_END.search(text)) for text in texts], bool)


def _run(words: np.ndarray, prose: np.ndarray) -> tuple[int, int]:
    """Where the densest run of prose begins and ends."""
    gained = np.cumsum([0, *np.where(prose, np.minimum(words, 60), -4)])
    stop = int(np.argmax(gained - np.minimum.accumulate(gained)))
    return stop - int(np.argmin(gained[stop::-1])), stop


def _has_furniture(lines: Sequence[str], removed: Removed) -> bool:
    """Whether two kinds of what stands around an article were found; lists, results or verse by themselves stay.

    A line is of a kind if the phrases that tell it are most of the line: "About us", not "Best home sales". Lists both
    before any prose and after it are a kind, too, in any language.
    """
    found = {reason for _, _, reason in removed if reason in {*FURNITURE.values(), "cookie notice"}}
    for line in lines:
        if len(line) <= LONGEST_END:
            text = _LIST_MARK.sub("", line, count=1)
            phrases = [match for match in phrase_pattern().finditer(text) if match.lastgroup in FURNITURE]
            if 2 * sum(len(phrase[0]) for phrase in phrases) > len(text):
                found |= {FURNITURE[phrase.lastgroup or ""] for phrase in phrases}
    listed = 0
    if sum(bool(_LIST_MARK.match(line)) for line in lines) >= 2 * MENU:  # otherwise there is no need to look for prose
        words, prose = _words_and_prose(lines)
        around = lines[: int(np.argmax(prose))], lines[_run(words, prose)[1] :]
        listed = min(sum(bool(_LIST_MARK.match(line)) for line in part) for part in around)
    return len(found) + (listed >= MENU) >= 2


def features(lines: Sequence[str]) -> Columns:
    """Columns that describe each line and its surroundings, by name; none where the text is an article, not a page."""
    if len(lines) < PAGE_LINES:
        return {}
    texts = [_LIST_MARK.sub("", line, count=1) or line for line in lines]
    tokens = [text.split() for text in texts]
    words, prose = _words_and_prose(lines)
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
    start, stop = _run(words, prose)
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
    found: dict[str, list[str]] = {}
    for reason, place, pattern in patterns("cleaning.tsv"):
        if place == where:
            found.setdefault(reason, []).append(pattern)
    groups = (f"({'|'.join(alternatives)})" for alternatives in found.values())
    return re.compile("|".join(groups), re.I), ["", *found]


def patterns(name: str) -> Iterator[tuple[str, str, str]]:
    """The rows of a table of patterns, with those that it defines in place of their names in braces."""
    defined: dict[str, str] = {}
    rows = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    for kind, part, pattern in (row.split("\t") for row in rows if not row.startswith("#")):
        pattern = re.sub(r"\{([a-z]+)\}", lambda inner: defined[inner[1]], pattern)
        if kind == "define":
            defined[part] = pattern
        else:
            yield kind, part, pattern


@cache
def model() -> dict:
    """The model: `stop_words`, `phrases` (regular expressions by kind), `intercept`, `weights` by feature."""
    stored = json.loads(Path(__file__).with_name("cleaning.json").read_text("utf-8"))
    return stored | {"stop_words": frozenset(stored["stop_words"].split())}


@cache
def phrase_pattern() -> re.Pattern[str]:
    kinds = (f"(?P<{kind}>{pattern})" for kind, pattern in model()["phrases"].items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(kinds)})(?!\w)", re.I)
