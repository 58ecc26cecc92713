"""A headline in which every word has a capital, read as a sentence: the parser takes such words for names."""

import re
from functools import cache, lru_cache

from workbench.analyses.sentiment.valence import false_friends, word_weights
from workbench.language import Tokens, annotate, model_name, pipeline, stop_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FEWEST, _SHARE, _SHORT = 3, 0.8, 3
_LONGEST = 300  # characters to either side; no headline has more, and each name of it has a parse of its own


def as_sentence(t: Tokens, start: int, end: int) -> tuple[Tokens, int]:
    """The line around the characters from `start` to `end`, parsed without its capitals, and where it begins.

    `t` itself and 0 unless four in five of the line's words of more than three letters have a capital, and where the
    line is too long for a headline. Common words lose theirs; what stands from `start` to `end` keeps it.
    """
    before = t.whole[max(0, start - _LONGEST) : start].rpartition("\n")[2]
    after = t.whole[end : end + _LONGEST].partition("\n")[0]
    first, line = start - len(before), before + t.whole[start:end] + after
    if max(len(before), len(after)) == _LONGEST or not _in_capitals(line):
        return t, 0
    lowered = _lowered(line)
    text = lowered[: start - first] + line[start - first : end - first] + lowered[end - first :]
    return _parsed(t, text), first


@lru_cache(maxsize=1_000)
def _in_capitals(line: str) -> bool:
    words = [word for word in _WORD.findall(line) if len(word) > _SHORT]
    return len(words) >= _FEWEST and sum(word[0].isupper() for word in words) >= _SHARE * len(words)


def _lowered(line: str) -> str:
    """The line with its common words, but the first, in lower case."""
    opening = _WORD.search(line)
    start = opening.end() if opening else 0
    return line[:start] + _WORD.sub(lambda found: _common(found[0]), line[start:])


def _common(word: str) -> str:
    """A word in lower case if that is how news writes it."""
    lower = word.lower()
    is_acronym = word.isupper() and len(word) <= _SHORT
    return word if is_acronym or lower.replace("’", "'") not in _written_small() else lower


@cache
def _written_small() -> frozenset[str]:
    return frozenset([*word_weights().index.tolist(), *false_friends(), *stop_words()])


@lru_cache(maxsize=20)
def _parsed(t: Tokens, text: str) -> Tokens:
    """The parse of a line of `t`, not kept for another text: spaCy may by then have forgotten this one's words."""
    return Tokens(annotate(pipeline(model_name()), text, names=False))
