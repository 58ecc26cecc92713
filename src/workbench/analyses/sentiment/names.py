"""Names, told by their capitals: they carry no tone, whatever their words mean elsewhere ("Hope Hicks", "in Nice")."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.analyses.entities.tagger import gazetteer, is_given
from workbench.analyses.sentiment.directions import MOVES, THINGS, Classes
from workbench.analyses.sentiment.valence import WORDS

_CAPITAL = re.compile(r"(?<![\w’'-])(?=[^\W\d_])[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]*")
_PLAIN = re.compile(r"(?<![\w’'-])[a-zß-öø-ÿ][\w’'-]*")
_OWNER = re.compile("['’]s?$")
_LETTER = re.compile(r"[^\W\d_]")
_OPENING, _BREAKING = frozenset("\"“‘'(["), frozenset(":–—*•-")  # what may stand before a word that begins something
_SMALL = frozenset("a an and as at by for from in nor of off on or out over per than the to up via vs with".split())
_TITLE = re.compile(rf"[\"“‘][A-Z][\w’'-]*(?: (?:[A-Z][\w’'-]*|{'|'.join(sorted(_SMALL))})){{1,12}}[\"”’]")
_HEADLINE = 4  # times as many words with a capital as others but these, from where on capitals tell nothing
_DIRECTED = MOVES | THINGS  # words that are no name alone: "Sales"


class Word(NamedTuple):
    """A word with a capital: its text, place, and whether a sentence, or something in it, begins with it."""

    text: str
    start: int
    end: int
    begins: bool


def without_names(text: str, sentences: Sequence[tuple[int, int]], listed: Classes) -> str:
    """The text with the letters of its names crossed out: "xxxxx xxxxxx school".

    A name is a word with a capital within a sentence; at its beginning a word that has one within another and is
    nowhere in small letters, or a first name or listed one before another ("Best Buy"). No names are what happens
    ("World War II"), a word of `listed` alone ("Sales"), and a headline's words with capitals, except "US" and "NATO".
    """
    words = list(_words(text, sentences))
    inner = {word.text for word in words if not word.begins} - {plain.capitalize() for plain in _PLAIN.findall(text)}
    parts, past = list[str](), 0
    for place, word in enumerate(words):
        lower = word.text.lower()
        before, behind = words[place - 1], words[(place + 1) % len(words)]
        leads = text[word.end : behind.start] == " " and not behind.begins
        follows = text[before.end : word.start] == " "
        if word.begins:
            known = leads and (is_given(word.text) or text[word.start : behind.end] in gazetteer())
            is_name = known or word.text in inner
        else:
            is_name = leads or follows or listed.get(lower) not in _DIRECTED
        if is_name and lower not in WORDS["happens"]:
            parts += text[past : word.start], _LETTER.sub("x", text[word.start : word.end])
            past = word.end
    return "".join(parts) + text[past:]


def _words(text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """The words with a capital that can be names."""
    for start, end in sentences:
        found = list(_CAPITAL.finditer(text, start, end))
        plain = sum(word not in _SMALL for word in _PLAIN.findall(text, start, end)) if found else 0
        if len(found) > _HEADLINE * plain:
            letters = [word for word in found if _is_short_for(word.group())]
            found = letters if len(letters) < len(found) else []
        for place, word in enumerate(found):
            at = word.start()
            before = text[max(start, at - 2) : at]
            opens = (before[-1:] in _OPENING and not _TITLE.match(text, at - 1)) or before.strip()[-1:] in _BREAKING
            begins = opens or (place == 0 and not text[start:at].strip())
            yield Word(_OWNER.sub("", word.group()), at, word.end(), begins and not _is_short_for(word.group()))


def _is_short_for(word: str) -> bool:
    """Whether it has capitals alone, as "NICE" has."""
    return len(word) > 1 and word.isupper()
