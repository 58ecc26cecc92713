"""What a word counts: syllables and letters, and whether it is long, complex or unfamiliar."""

import re
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import combining, normalize

from workbench.language import ABBREVIATIONS, TITLES

COUNTS = ["words", "syllables", "letters", "long", "monosyllables", "polysyllables", "complex", "unfamiliar"]
SHORTENED = ABBREVIATIONS | TITLES

_LONGEST_EASY = 30  # letters of a familiar word, at most
PARTS, PIECES = re.compile(r"[^\w']+"), re.compile(r"\W+")
BELOW_100 = re.compile(r"(\d{1,2})\D*")
HISSES = re.compile("(?:[sxz]|ch|sh|[cg]e)$")
ENDINGS = ("s", "es", "d", "ed", "r", "er", "n", "en", "ly")  # of inflected words, beside -ing and -est
# Familiar words that at the end of another make no compound of it.
DERIVING = frozenset(["able", "age", "ant", "ate", "fully", "hood", "less", "ship", "some"])
# Letters that Unicode takes apart into none with an accent.
PLAIN = str.maketrans({"’": "'", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"})
SOUNDED_END, VOWEL = re.compile(r"(.*)[éèêë](?:s|'s|s')?$"), re.compile("[aeiouy]")
CONTRACTED = re.compile(r"(?:n't|'(?:s|ll|ve|re|d|m)?)$")


@cache
def dictionary() -> dict[str, tuple[int, bool, bool]]:
    """Syllables of the CMU Pronouncing Dictionary's words, and whether they are complex and unfamiliar.

    Made by `training/syllables.py`, in the pronunciation that the dictionary names first and by the rules below.
    """
    words = {}
    for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines():
        syllables, is_complex, is_unfamiliar, alike = line.split("\t")
        words.update(dict.fromkeys(alike.split(" "), (int(syllables), is_complex == "1", is_unfamiliar == "1")))
    return words


@cache
def spelling_rule() -> dict[str, float]:
    """What each letter sequence adds to a word's syllables; learned by `training/syllables.py`."""
    lines = Path(__file__).with_name("syllables.tsv").read_text("utf-8").splitlines()
    return {sequence: float(weight) for sequence, weight in (line.split("\t") for line in lines)}


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list beside this file."""
    return frozenset(Path(__file__).with_name(f"{name}.txt").read_text("utf-8").split())


@cache
def _stems(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """What the words of a list are before an ending, and before -ing and -est, where a silent e is dropped."""
    words = listed(name)
    stems = words | {word + word[-1] for word in words} | {word[:-1] + "i" for word in words if word.endswith("y")}
    return stems, stems | {word[:-1] for word in words if word.endswith("e")}


def is_listed(word: str, name: str) -> bool:
    """Whether a word is on a list or inflected from one: plural, tense, comparative, adverb (Dale & Chall 1948)."""
    stems, silent = _stems(name)
    return word in listed(name) or any(
        word.endswith(ending) and len(word) > len(ending) + 1 and word[: -len(ending)] in those
        for endings, those in ((ENDINGS, stems), (("ing", "est"), silent))
        for ending in endings
    )


@lru_cache(maxsize=1 << 16)
def spelled_syllables(word: str) -> int:
    """Syllables of a lower-case word by its spelling alone: a learned sum over its sequences of one to five letters."""
    weights, marked, total = spelling_rule(), f"^{word}$", 0.0
    for start in range(len(marked)):
        for end in range(start + 1, min(start + 5, len(marked)) + 1):
            total += weights.get(marked[start:end], 0.0)
    return max(1, round(total))


def plain(word: str) -> str:
    """A word in small letters without accents: naïve as naive."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(mark for mark in normalize("NFD", word.translate(PLAIN)) if not combining(mark))


def syllables(word: str) -> int:
    """Syllables of a word as it is spoken: those of its plain form, and one for an accented e at its end (résumé)."""
    spoken = syllables_of_plain(plain(word))
    if word.isascii() or not (end := SOUNDED_END.match(normalize("NFC", word.lower()).replace("’", "'"))):
        return spoken
    stem = plain(end[1])
    return max(spoken, syllables_of_plain(stem + "ay")) if VOWEL.search(stem) else spoken


def syllables_of_plain(word: str) -> int:
    """Those of a word in small letters without accents: the dictionary's, else by its parts, else by its spelling."""
    if known := dictionary().get(word):
        return known[0]
    if word.isalpha():
        return spelled_syllables(word)
    if len(parts := PARTS.split(word)) > 1:
        return sum(map(syllables_of_plain, parts))
    if word.endswith(("'s", "s'")) and 2 < len(word) < 100:  # longer is no word
        stem = word[:-2]
        return syllables_of_plain(stem) + (word[-2:] == "'s" and bool(HISSES.search(stem)))
    return spelled_syllables(bare(word))


def bare(word: str) -> str:
    """A word's letters and figures."""
    return word if word.isalpha() else "".join(filter(str.isalnum, word))


def spoken_long(figure: str) -> bool:
    """Whether a figure read aloud has three syllables or more: all but round tens and most up to twenty."""
    below_100 = BELOW_100.fullmatch(figure)
    number = int(below_100[1]) if below_100 else 100
    return number in (11, 17, 70) or number > 99 or (number > 20 and number % 10 > 0)


def is_familiar(word: str) -> bool:
    """Whether a word is on the Dale-Chall list, or an inflection, contraction or hyphenation of words that are."""
    word = plain(word)
    if (familiar := is_listed(word, "familiar_words")) or word.isalpha():
        return familiar
    if any(map(str.isdigit, word)):
        return True
    parts = PARTS.split(word)
    if len(parts) > 1:
        return all(map(is_familiar, parts))
    return any(is_listed(part, "familiar_words") for part in (parts[0], CONTRACTED.sub("", parts[0])))


def is_complex(word: str) -> bool:
    """Three syllables or more, unless by an easy compound or by the ending -es, -ed or -ing (Gunning 1952)."""
    return syllables(word) > 2 and is_hard(plain(word))


def is_hard(word: str) -> bool:
    """Whether a word of three syllables or more has them by none of these."""
    if not word.isalpha() and len(parts := PIECES.split(word.removesuffix("'s"))) > 1:
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
    """Syllables of a plain word, whether it is complex, whether unfamiliar; if it has hyphens by its parts."""
    if known := dictionary().get(word):
        return known
    if word.isalpha():
        spoken = spelled_syllables(word)
        return spoken, spoken > 2 and is_hard(word), not is_listed(word, "familiar_words")
    if len(parts := PARTS.split(word)) > 1:
        each, are_complex, unfamiliar = zip(*map(judged, filter(None, parts)), strict=True)
        return sum(each), any(are_complex), any(unfamiliar)
    return by_rules(word)


def by_rules(word: str) -> tuple[int, bool, bool]:
    """The same by the rules above."""
    return (spoken := syllables(word)), spoken > 2 and is_hard(word), not is_familiar(word)


def counted(word: str) -> tuple[int, ...]:
    """The COUNTS of one word: figures and abbreviations have one syllable; `polysyllables` takes them as read aloud.

    `letters` counts figures, too; `long` does not.
    """
    spelled = bare(word)
    if not spelled:  # an accent on nothing
        return (0,) * len(COUNTS)
    letters = alphabetic = len(spelled)
    shortened = "." in word or word in SHORTENED or (1 < letters < 6 and word.isupper())
    if spelled.isalpha():
        easy = plain(word)
        spoken, *others = judged(easy)
        if spoken < (accented := syllables(word) if easy != word.lower() else 0):
            spoken, others[0] = accented, accented > 2 and is_hard(easy)
        aloud = spoken > 2
    else:
        shortened, aloud, alphabetic = True, spoken_long(word), sum(map(str.isalpha, spelled))
    if shortened:
        spoken, others = 1, [False, False]
    return 1, spoken, letters, alphabetic > 6, spoken == 1, aloud, *others
