"""One counting pass: what the readability formulas count, sentence by sentence."""

import re
import struct
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.language import ABBREVIATIONS, TITLES, paragraphs, sentences

COUNTS = ["words", "syllables", "letters", "long", "monosyllables", "polysyllables", "complex", "unfamiliar"]
COLUMNS = ["start", "end", "text", "kind", *COUNTS]
SHORTENED = ABBREVIATIONS | TITLES

# Letters and figures, with what stands inside abbreviations, contractions, compounds, figures and addresses; and the
# mark that opens before them, since after it a capital is no sign of a name.
WORD = re.compile(r"""["“‘'(]?[^\W_]+(?:(?:-?['’]-?|[&@.\-‐‑]|(?<=\d)[,:/–](?=\d))[^\W_]+|[\u0300-\u036f]+[^\W_]*)*""")
_LONGEST_EASY = 30  # letters of a familiar word, at most
_LONGEST_LINE = 20  # words of a headline, caption or date line, at most
OPENING = "\"“‘'("
INSIDE = re.compile(r"\W+")
PARTS = re.compile(r"[^\w']+")
HISSES = re.compile("(?:[sxz]|ch|sh|[cg]e)$")
# Familiar words that at the end of another make no compound of it.
DERIVING = frozenset(["able", "age", "ant", "ate", "fully", "hood", "less", "ship", "some"])
CONTRACTED = re.compile(r"(?:n't|'(?:s|ll|ve|re|d|m)?)$")
STOPPING, CLOSING = frozenset(".!?…:;,—–-"), "\"'”’»)]*_"


@cache
def dictionary() -> dict[str, tuple[int, bool, bool]]:
    """Syllables of the CMU Pronouncing Dictionary's words, and whether they are complex and unfamiliar.

    Made by `training/syllables.py`, in the pronunciation that the dictionary names first and by the rules below.
    """
    words = {}
    for line in (files("workbench") / "models" / "words.tsv").read_text("utf-8").splitlines():
        syllables, is_complex, is_unfamiliar, alike = line.split("\t")
        words.update(dict.fromkeys(alike.split(" "), (int(syllables), is_complex == "1", is_unfamiliar == "1")))
    return words


@cache
def spelling_rule() -> dict[str, Any]:
    """What each letter sequence adds to a word's syllables, as a tree; learned by `training/syllables.py`.

    Under each letter: what the sequence up to it adds, and the tree of the letters that may follow.
    """
    root: list[Any] = [0.0, {}]
    for line in (files("workbench") / "models" / "syllables.tsv").read_text("utf-8").splitlines():
        sequence, weight = line.split("\t")
        branch = root
        for letter in sequence:
            branch = branch[1].setdefault(letter, [0.0, {}])
        branch[0] = float(weight)
    tree: dict[str, Any] = root[1]
    return tree


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


@lru_cache(maxsize=1 << 16)
def spelled_syllables(word: str) -> int:
    """Syllables of a lower-case word by its spelling alone: a learned sum over its sequences of one to five letters."""
    marked, total = f"^{word}$", 0.0
    for start in range(len(marked)):
        tree = spelling_rule()
        for letter in marked[start : start + 5]:
            if letter not in tree:
                break
            weight, tree = tree[letter]
            total += weight
    return max(1, round(total))


def syllables(word: str) -> int:
    """Syllables of a word as it is spoken: the dictionary's, else by its parts, else by its spelling."""
    word = word.lower().replace("’", "'")
    if known := dictionary().get(word):
        return known[0]
    if word.isalpha():
        return spelled_syllables(word)
    if len(parts := PARTS.split(word)) > 1:
        return sum(map(syllables, parts))
    if word.endswith(("'s", "s'")) and len(word) > 2:
        stem = word[:-2]
        return syllables(stem) + (word[-2:] == "'s" and bool(HISSES.search(stem)))
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
    parts = PARTS.split(word.replace("’", "'"))
    if len(parts) > 1:
        return all(map(is_familiar, parts))
    return parts[0] in familiar or CONTRACTED.sub("", parts[0]) in familiar


def is_complex(word: str) -> bool:
    """Three syllables or more, unless by an easy compound or by the ending -es, -ed or -ing (Gunning 1952)."""
    return syllables(word) > 2 and is_hard(word.lower())


def is_hard(word: str) -> bool:
    """Whether a word of three syllables or more has them by none of these."""
    if not word.isalpha() and len(parts := re.split(r"\W+", word.replace("’", "'").removesuffix("'s"))) > 1:
        return any(map(is_complex, parts))
    if word.endswith(("es", "ed", "ing")):
        known = [dictionary().get(base) for base in bases(word) if len(base) > 2]
        if any(base and base[0] < 3 for base in known):
            return False
    easy = listed("familiar_words")
    for i in range(3, min(len(word) - 2, _LONGEST_EASY)):
        first, second = word[:i], word[i:]
        if first in easy and second in easy and second not in DERIVING and max(map(syllables, (first, second))) < 3:
            return False
    return True


def bases(word: str) -> list[str]:
    """What a word in -es, -ed or -ing may be a form of: created of create, beginning of begin, factories of factory."""
    stem = word[:-3] if word.endswith("ing") else word[:-2]
    if stem.endswith("i"):
        return [stem[:-1] + "y"]
    return [stem, stem + "e", *([stem[:-1]] if stem[-2:-1] == stem[-1:] else [])]


def judged(word: str) -> tuple[int, bool, bool]:
    """Syllables of a word in lower case, whether it is complex, whether unfamiliar; if it has hyphens by its parts."""
    if known := dictionary().get(word):
        return known
    if not word.isalpha() and len(parts := PARTS.split(word.replace("’", "'"))) > 1:
        spoken, are_complex, unfamiliar = zip(*map(judged, filter(None, parts)), strict=True)
        return sum(spoken), any(are_complex), any(unfamiliar)
    return by_rules(word)


def by_rules(word: str) -> tuple[int, bool, bool]:
    """The same by the rules above."""
    return (spoken := syllables(word)), spoken > 2 and is_hard(word), not is_familiar(word)


# What is kept of a word: its COUNTS; whether it has a capital, whether a mark opens before it; its hash and its lower
# case's. A row without a word, of "", stands before each sentence.
ROW = np.dtype(
    [
        ("counts", "<u4", len(COUNTS)),
        ("capital", "?"),
        ("opened", "?"),
        ("begins", "?"),
        ("", "V5"),
        ("word", "<i8"),
        ("lower", "<i8"),
    ]
)
PACK = struct.Struct(f"<{len(COUNTS)}I3?5xqq").pack
BEGINNING = PACK(*[0] * len(COUNTS), False, False, True, 0, 0)
OPENED = ROW.fields["opened"][1]  # type: ignore[index]


class Facts(dict[str, bytes]):
    """For a piece of text without white space a ROW for each word in it, one after the other; kept once looked up."""

    def __missing__(self, piece: str) -> bytes:
        if not piece:
            facts = BEGINNING
        elif piece.isalpha():
            facts = self.of_word(piece)
        elif (bare := piece.rstrip(".,;:!?\"”’')")).isalpha():
            facts = self[bare]
        else:
            found = WORD.findall(piece)
            facts = self.of_word(piece) if found == [piece] else b"".join(map(self.__getitem__, found))
        if len(self) < 1 << 17 and len(piece) < 100:
            self[piece] = facts
        return facts

    def of_word(self, found: str) -> bytes:
        if found[0] in OPENING:
            row = bytearray(self[found[1:]])
            row[OPENED] = True
            return bytes(row)
        lower, bare = found.lower(), found if found.isalpha() else INSIDE.sub("", found)
        letters = alphabetic = len(bare)
        if bare.isalpha():
            syllables, is_long, is_unfamiliar = dictionary().get(lower) or judged(lower)
            aloud = syllables > 2
            shortened = "." in found or found in SHORTENED or (1 < letters < 6 and found.isupper())
        else:
            shortened, aloud, alphabetic = True, spoken_long(found), sum(map(str.isalpha, bare))
        if shortened:
            syllables, is_long, is_unfamiliar = 1, False, False
        counts = 1, syllables, letters, alphabetic > 6, syllables == 1, aloud, is_long, is_unfamiliar
        capital = found[0].isupper() and found[:2] not in {"I", "I'", "I’"}
        return PACK(*counts, capital, False, False, hash(found), hash(lower))


FACTS = Facts()


def is_line(part: str) -> bool:
    """Whether a whole paragraph of 20 words at most is a headline, caption, date line or the like and not a sentence.

    It has no stop at its end; or no word in lower case, but a figure or capitals throughout; or no word at all.
    """
    if part.rstrip(CLOSING)[-1:] not in STOPPING:
        return True
    if any(found[0].lstrip(OPENING)[0].islower() for found in WORD.finditer(part)):
        return False
    return any(map(str.isdigit, part)) or part.isupper() or not WORD.search(part)


def tally(text: str) -> tuple[list[tuple[int, int]], NDArray[np.bool_], NDArray[np.int64]]:
    """The sentences of `text`: their ranges, whether each is one or but a line, and a row of COUNTS for each."""
    spans, whole = sentences(text), set(paragraphs(text))
    pieces: list[str] = []
    for start, end in spans:
        pieces.append("")
        pieces += text[start:end].split()
    facts = np.frombuffer(b"".join(map(FACTS.__getitem__, pieces)), dtype=ROW)
    each, begins, capital, word = facts["counts"].astype(np.int64), facts["begins"], facts["capital"], facts["word"]
    starts = np.flatnonzero(begins)
    words = np.append(starts[1:], len(facts)) - starts - 1
    few = zip(spans, (words <= _LONGEST_LINE).tolist(), strict=True)
    lines = [short and span in whole and is_line(text[slice(*span)]) for span, short in few]
    is_sentence = ~np.array(lines, dtype=bool)
    opens = facts["opened"].copy()
    opens[1:] |= begins[:-1]
    names = capital & ~opens
    known = set(word[names & np.repeat(is_sentence, words + 1)].tolist())
    at = np.flatnonzero(capital & opens)
    at = at[[number in known for number in word[at].tolist()]]
    lower = facts["lower"][at].tolist()
    unseen = {number: not (word == number).any() for number in set(lower)}
    names[at] = [unseen[number] for number in lower]
    each[names, len(COUNTS) - 2 :] = 0
    counts = np.add.reduceat(each, starts, axis=0) if spans else each
    if words[~is_sentence].sum() > 0.9 * words.sum():
        is_sentence = words > 0
    return spans, is_sentence, counts


def count(text: str) -> pd.DataFrame:
    """A row a sentence of `text`, and a row a line that is none: start, end, text, kind and COUNTS.

    `kind` is `sentence`, or `line` for headlines, captions and date lines; where nine words in ten stand in such
    lines, as in verse and transcripts, all are sentences. Words are runs of letters and figures: contractions,
    hyphenated words, abbreviations and figures are one word each; `letters` counts the figures in them, `long` words
    have over 6 others. `syllables` and `monosyllables` take figures and abbreviations as one syllable (Flesch 1948);
    `polysyllables` (three or more) takes them as read aloud (McLaughlin 1969). `complex` words: see `is_complex`;
    `unfamiliar`: see `is_familiar`; names (capitals inside a sentence, or at its start where the text has them inside
    one and never in lower case) are neither.
    """
    spans, is_sentence, counts = tally(text)
    ranges = np.array(spans, dtype=int).reshape(-1, 2)
    texts = pd.array([text[start:end] for start, end in spans], dtype="str")
    columns = [*ranges.T, texts, np.where(is_sentence, "sentence", "line"), *counts.T]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
