"""NLTK's VADER, equal to the last digit and faster."""

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from string import punctuation
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import vaderSentiment


def _nltk() -> ModuleType:
    """NLTK's module of VADER without what NLTK imports besides, which takes ten times as long.

    Where NLTK is imported later it is whole.
    """
    if "nltk" not in sys.modules and (nltk := find_spec("nltk")) and nltk.origin:
        folder = Path(nltk.origin).parent
        for name in ("nltk", "nltk.sentiment", "nltk.data", "nltk.util"):
            sys.modules[name] = ModuleType(name)
        sys.modules["nltk"].__path__ = [str(folder)]
        sys.modules["nltk.sentiment"].__path__ = [str(folder / "sentiment")]
        vars(sys.modules["nltk.util"])["pairwise"] = pairwise
        try:
            return import_module("nltk.sentiment.vader")
        finally:
            for name in [name for name in sys.modules if name.partition(".")[0] == "nltk"]:
                del sys.modules[name]
    return import_module("nltk.sentiment.vader")


if TYPE_CHECKING:
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants
else:
    SentimentIntensityAnalyzer, VaderConstants = (
        vars(_nltk())[name] for name in ("SentimentIntensityAnalyzer", "VaderConstants")
    )

_PUNCTUATION = frozenset(punctuation)


class _Constants(VaderConstants):
    def negated(self, input_words: list[str], include_nt: bool = True) -> bool:
        """NLTK's answer, remembered; it asks about one word at a time."""
        return _is_negated(*input_words) if len(input_words) == 1 else super().negated(input_words, include_nt)


@lru_cache(100_000)
def _is_negated(word: str) -> bool:
    return VaderConstants().negated([word])


class Vader(SentimentIntensityAnalyzer):
    """NLTK's VADER with NLTK's scores to the last digit, more than four times as fast.

    NLTK builds for every text a dictionary of all its words joined with all punctuation marks, and walks through all
    words; here each token's bare form is remembered and only words of the lexicon are scored, by NLTK's own method.
    Hutto & Gilbert (2014), VADER, ICWSM. The lexicon is the vaderSentiment package's.
    """

    def __init__(self) -> None:
        self.lexicon_file = (Path(vaderSentiment.__file__).parent / "vader_lexicon.txt").read_text("utf-8")
        self.lexicon = self.make_lex_dict()
        self.constants = _Constants()
        self._marks = frozenset(self.constants.PUNC_LIST)
        self._token = lru_cache(100_000)(self._analysed)

    def _analysed(self, token: str) -> tuple[str, str, bool, bool]:
        """A token without the marks that NLTK strips, in lower case, and whether it is in capitals and is scored."""
        bare = token
        if not token.isalpha() and len(word := token.strip(punctuation)) > 1 and _PUNCTUATION.isdisjoint(word):
            before, _, after = token.partition(word)
            if not (before and after) and before + after in self._marks:
                bare = word
        lower = bare.lower()
        scored = lower in self.lexicon and lower not in self.constants.BOOSTER_DICT
        return bare, lower, bare.isupper(), scored

    def polarity_scores(self, text: str) -> dict[str, float]:
        """`compound` (-1 to 1) and the shares `pos`, `neu`, `neg` (0 to 1) of `text`."""
        analysed = self._token
        tokens = [analysed(token) for token in text.split() if len(token) > 1]
        sentiments = [0.0] * len(tokens)
        scored = [position for position, token in enumerate(tokens) if token[3]]
        if scored:
            words = [token[0] for token in tokens]
            capitals = sum(token[2] for token in tokens)
            context = SimpleNamespace(words_and_emoticons=words, is_cap_diff=0 < capitals < len(words))
            firsts: dict[str, int] = {}
            for position in scored:
                bare, lower, _, _ = tokens[position]
                first = firsts.setdefault(bare, position)  # NLTK judges every repetition of a word by its first context
                if lower == "kind" and "of" in [word.lower() for word in words[first + 1 : first + 2]]:
                    continue
                sentiments[position] = self.sentiment_valence(0, context, bare, first, [])[0]
            if "but" in text.lower():
                sentiments = self._but_check(words, sentiments)
        return self.score_valence(sentiments, text)
