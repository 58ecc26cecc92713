"""A parse as lists by token, quick to read often, with the paragraphs and quotation marks that tokens stand in."""

import re
from itertools import accumulate

from spacy.tokens import Doc

from workbench import marks

Pieces = tuple[tuple[int, int], ...]  # first and last token of each piece of something
_BRITISH = re.compile(r"(?<=[a-z]{4})ise$")


class Parse:
    """A parse as lists by token, quicker to read often. `quote` is the number of the marks a token stands in, or -1."""

    def __init__(self, doc: Doc, text: str) -> None:
        self.text = [token.text for token in doc]
        self.lower = [token.lower_ for token in doc]
        # British verbs count as their American twins, of which the training articles have more: criticise, criticize.
        self.lemma = [_BRITISH.sub("ize", token.lemma_.lower()) for token in doc]
        self.pos = [token.pos_ for token in doc]
        self.tag = [token.tag_ for token in doc]
        self.dep = [token.dep_ for token in doc]
        self.entity = [token.ent_type_ for token in doc]
        self.head = [token.head.i for token in doc]
        self.left = [token.left_edge.i for token in doc]
        self.right = [token.right_edge.i for token in doc]
        self.start = [token.idx for token in doc]
        self.end = [start + len(word) for start, word in zip(self.start, self.text, strict=True)]
        self.word = [any(map(str.isalnum, word)) for word in self.text]
        self.words = list(accumulate(self.word, initial=0))
        self.children: list[list[int]] = [[] for _ in self.head]
        for child, head in enumerate(self.head):
            if head != child:
                self.children[head].append(child)
        self.sentence: list[tuple[int, int]] = []
        for sentence in doc.sents:
            self.sentence += [(sentence.start, sentence.end - 1)] * len(sentence)
        self.paragraph: list[tuple[int, int]] = []
        first = 0
        for i, word in enumerate(self.text):
            if "\n" in word or i == len(self.text) - 1:
                self.paragraph += [(first, i - 1 if "\n" in word and i > first else i)] * (i + 1 - first)
                first = i + 1
        self.paragraph_number = list(accumulate(("\n" in word for word in self.text[:-1]), initial=0))
        self.script = {colon for span in dict.fromkeys(self.paragraph) for colon in self._script(*span)}
        self.quotes: list[tuple[int, int]] = []
        self.quote = [-1] * len(self.text)
        token = 0
        for start, end in marks.pairs(text):
            while token < len(self.end) and self.end[token] <= start:
                token += 1
            first = token
            while token < len(self.end) and self.start[token] < end:
                token += 1
            if first < token:
                self.quote[first:token] = [len(self.quotes)] * (token - first)
                self.quotes.append((first, token - 1))
        self.quoted_words = list(
            accumulate((w and q >= 0 for w, q in zip(self.word, self.quote, strict=True)), initial=0)
        )

    def count(self, pieces: Pieces) -> int:
        """Words in the pieces."""
        return sum(self.words[last + 1] - self.words[first] for first, last in pieces)

    def quoted(self, pieces: Pieces) -> int:
        """Words of the pieces that stand between quotation marks."""
        return sum(self.quoted_words[last + 1] - self.quoted_words[first] for first, last in pieces)

    def _script(self, first: int, last: int) -> list[int]:
        """The colon after a name in capitals with which a transcript's paragraph opens."""
        opening = range(first + 1, min(first + 5, last + 1))
        return [k for k in opening if self.text[k] == ":" and self.text[k - 1].isupper() and len(self.text[k - 1]) > 1]
