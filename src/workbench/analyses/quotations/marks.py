"""Quotation marks of every style, paired within each paragraph, and a parse as lists with the marks of its tokens."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from workbench.language import Tokens, paragraphs

# What may close each opening mark. Straight and curly ones stand for each other: many editors mix them.
_CLOSERS: dict[str, tuple[str, ...]] = dict.fromkeys('“”„‟"', ("”", "“", '"'))
_CLOSERS |= {"«": ("»",), "»": ("«",), "‹": ("›",), "›": ("‹",), "``": ("''",), "''": ("''",)}
_CLOSERS |= {"‘": ("’", "'"), "‚": ("‘", "’"), "'": ("'", "’")}
_SINGLE = {"‘", "’", "'", "‚", "‹", "›"}
_ENDS = "\"”“»«›‹’'"
_MARK = re.compile(r"''|``|[\"“”„‟«»‹›‘’‚']")
_MEASURE = re.compile(r"(?<!\w)\d+(?:\.\d+)?(?:['’′] ?\d+(?:\.\d+)?(?:[\"”″]|'')?|-?['′](?=-))")  # 6'2", 5’ 10”
_ELIDED = re.compile(r"(?:\d\ds?|tis|twas|em|till?|cause|bout|n|round)\b", re.IGNORECASE)  # '90s, rock 'n' roll
# "OSLO, March 3 (AP) — ": names, figures and brackets, among them capitals, a date or an agency, before a sentence.
_DATELINE = re.compile(
    r"(?=[^\n]{0,60}?(?:[A-Z]{3}|\d|\())\(?[A-Z\d][\w.'’/-]*[,)]*(?: \(?[A-Z\d][\w.'’/-]*[,)]*){0,8}"
    r"(?: ?[—–]| ?--| -(?= )) ?(?=[\"“”„«‘']?[A-Z\d])"
)
# The boys' fault,': a mark after s, within the sentence, before one that must close and none that may open.
_POSSESSIVE = re.compile(r"s['’] (?=[a-z])(?:[^'’‘\n]|(?<=\w)['’](?=\w| [a-z])){1,80}?[,.?!]['’](?!\w)")
_CALLED = frozenset("christen dub entitle know name nickname title".split())
_ACTIVE = frozenset("aux dobj ccomp".split())
_NAME = 6  # words of the longest name or title in quotation marks
_NESTED = 20  # marks left open that one may close
REACH = 150  # tokens that anything may reach from another: no sentence that is one runs on for longer
Pieces = tuple[tuple[int, int], ...]  # first and last token of each piece of something
_OPEN = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM", "X"])
_BRITISH = re.compile(r"(?<=[a-z]{4})ise$")


def pairs(text: str) -> list[tuple[int, int]]:
    """Character ranges of what stands between quotation marks, the marks included, in order and never overlapping.

    Straight, curly, angle, low and doubled single marks, and single marks as in British print; of nested ones the
    outermost. A quotation never runs over its paragraph: one without an end lasts to the end of its line. Apostrophes
    and the marks of feet, inches and minutes are left out. Linear in the length of `text`.
    """
    return [pair for start, end in paragraphs(text) for pair in _paragraph_pairs(text, start, end)]


def _paragraph_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    measures = [match.span() for match in _MEASURE.finditer(text, start, end)]
    starts = [span[0] for span in measures]
    open_marks: list[tuple[int, str]] = []
    closed: list[tuple[int, int]] = []
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        nearest = bisect_right(starts, at) - 1
        if nearest >= 0 and at < measures[nearest][1]:
            continue
        before = text[at - 1] if at > start else " "
        after = text[match.end()] if match.end() < end else " "
        if mark in _SINGLE and ((before.isalnum() and after.isalnum()) or _POSSESSIVE.match(text, at - 1, end)):
            continue
        latest = range(len(open_marks) - 1, max(-1, len(open_marks) - 1 - _NESTED), -1)
        depth = next((d for d in latest if mark in _CLOSERS[open_marks[d][1]]), None)
        if depth is not None and _may_close(mark, before, after):
            opened = open_marks[depth][0]
            del open_marks[depth:]
            closed.append((opened, match.end()))
        elif mark in _CLOSERS and _may_open(mark, before, after, text, match.end()):
            open_marks.append((at, mark))
    unclosed = next((at for at, mark in open_marks if mark not in _SINGLE), None)
    if unclosed is not None:
        closed.append((unclosed, end))
    return _outermost(closed)


def _may_close(mark: str, before: str, after: str) -> bool:
    """A mark that stands after a space and before a letter opens, whatever is open; singles close only after a word."""
    if mark in _SINGLE:
        return not before.isspace() and not after.isalnum()
    return not (before.isspace() and not after.isspace()) and not (mark == "“" and after.isalnum())


def _may_open(mark: str, before: str, after: str, text: str, following: int) -> bool:
    if mark in _SINGLE:
        return not before.isalnum() and not after.isspace() and not _ELIDED.match(text, following)
    if mark in '"”»':
        return not after.isspace() and not (before.isdigit() and not after.isalpha())
    return True


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


class Parse:
    """A parse as lists by token, quick to read often. `quote` is the number of the marks a token stands in, or -1.

    `unclosed` are the numbers of those that go on in the next paragraph, which opens with a new mark.
    Subtrees and children end REACH tokens from their token, so that looking at them takes constant time.
    """

    def __init__(self, t: Tokens) -> None:
        self.text, self.lower, self.pos = t.text, t.lower, t.pos
        self.tag, self.dep, self.entity = t.tag, t.dep, t.entity
        self.head, self.start, self.end, self.vectors = t.head, t.start, t.end, t.vectors
        # British verbs count as their American twins, of which the training articles have more: criticise, criticize.
        american = {lemma: _BRITISH.sub("ize", lemma.lower()) for lemma in set(t.lemma)}
        self.lemma = [american[lemma] for lemma in t.lemma]
        self.left = [max(edge, i - REACH) for i, edge in enumerate(_edges(t.head, range(len(t.head))))]
        self.right = [min(edge, i + REACH) for i, edge in enumerate(_edges(t.head, range(len(t.head))[::-1]))]
        is_word = {word: any(map(str.isalnum, word)) for word in set(self.text)}
        self.word = [is_word[word] for word in self.text]
        # A token as context: of open classes the part of speech, of others the word itself; "^" before and after all.
        self.context = [
            "¶" if lower.isspace() else pos if pos in _OPEN else lower
            for lower, pos in zip(self.lower, self.pos, strict=True)
        ] + ["^"]
        self.children: list[list[int]] = [[] for _ in self.head]
        for child, head in enumerate(self.head):
            if 0 < abs(child - head) <= REACH:
                self.children[head].append(child)
        inclusive = {first: (first, past - 1) for first, past in set(t.sentence)}
        self.sentence = [inclusive[first] for first, _ in t.sentence]
        breaks = ["\n" in word for word in self.text]
        self.paragraph_number = _sums(breaks)[:-1]
        self.paragraph: list[tuple[int, int]] = []
        for i, ends in enumerate(breaks):
            if ends or i == len(breaks) - 1:
                first = len(self.paragraph)
                self.paragraph += [(first, i - 1 if ends and i > first else i)] * (i + 1 - first)
        lines = set(self.paragraph)
        self.after_dateline = self._after_datelines(t.whole, lines)
        self.script = self._script(lines)
        self.quotes: list[tuple[int, int]] = []
        self.quote = [-1] * len(self.text)
        token = 0
        for start, end in pairs(t.whole):
            while token < len(self.end) and self.end[token] <= start:
                token += 1
            first = token
            while token < len(self.end) and self.start[token] < end:
                token += 1
            if first < token:
                self.quote[first:token] = [len(self.quotes)] * (token - first)
                self.quotes.append((first, token - 1))
        self.unclosed = {
            number
            for number, ((_, last), following) in enumerate(pairwise(self.quotes))
            if self.text[last][-1] not in _ENDS and following[0] == self.paragraph[last][1] + 2 == last + 2
        }
        self.opening, self.closing = {first for first, _ in self.quotes}, {last for _, last in self.quotes}
        outside = [quote < 0 for quote in self.quote]
        self.words = _sums(self.word)
        self.free_words = _sums(map(bool.__and__, self.word, outside))
        self.free_verbs = _sums(pos == "VERB" and free for pos, free in zip(self.pos, outside, strict=True))
        self.free_stops = _sums(word in {".", "?", "!"} and free for word, free in zip(self.text, outside, strict=True))

    def count(self, pieces: Pieces) -> int:
        """Words in the pieces."""
        total = 0
        for first, last in pieces:
            total += self.words[last + 1] - self.words[first]
        return total

    def free(self, pieces: Pieces) -> int:
        """Words of the pieces that stand outside quotation marks."""
        return sum([self.free_words[last + 1] - self.free_words[first] for first, last in pieces])

    def written(self, tokens: Sequence[int]) -> str:
        """The tokens as they are written, with a space where there was one or a token left out."""
        tight = [k - 1 == before and self.end[before] == self.start[k] for before, k in pairwise(tokens)]
        spaces = ["", *("" if close else " " for close in tight)]
        return "".join([space + self.text[k] for space, k in zip(spaces, tokens, strict=False)])

    def passive(self, verb: int) -> bool:
        """Whether its subject does not do it, as in "rain is expected" and a headline's "rain expected"."""
        kinds = [self.dep[k] for k in self.children[verb]]
        return "nsubjpass" in kinds or (self.tag[verb] == "VBN" and _ACTIVE.isdisjoint(kinds))

    def names(self, i: int) -> bool:
        """Whether a verb gives a name that is nobody's words: known as "the Eel", an album titled "Rust"."""
        if self.lemma[i] not in _CALLED or self.tag[i] not in ("VBN", "VBD"):
            return False
        at = next((k for k in range(i + 1, min(i + 4, len(self.text))) if self.quote[k] >= 0), -1)
        if at < 0 or any(self.dep[k] == "agent" for k in self.children[i]):
            return False
        return (self.tag[i] == "VBN" or at == i + 1) and self.count((self.quotes[self.quote[at]],)) <= _NAME

    def _after_datelines(self, whole: str, lines: set[tuple[int, int]]) -> dict[int, int]:
        """The first token after the dateline, by the first token of the paragraph that one opens."""
        found = {first: _DATELINE.match(whole, self.start[first]) for first, _ in lines}
        return {first: bisect_left(self.start, match.end()) for first, match in found.items() if match}

    def _script(self, lines: set[tuple[int, int]]) -> set[int]:
        """The colons of a transcript: after a name in capitals, "Q" or "A", or a name that opens several paragraphs.

        An interview's "Q." and "A." stand for them.
        """
        names = {
            k: " ".join(self.text[first:k])
            for first, last in lines
            for k in range(first + 1, min(first + 5, last + 1))
            if self.text[k] == ":"
        }
        often = Counter(names.values())
        full = {k for k, name in names.items() if name.istitle() and (" " in name or self.pos[k - 1] == "PROPN")}
        capitals = {k for k in names if self.text[k - 1].isupper() and len(self.text[k - 1]) > 1}
        asked = {first for first, last in lines if first < last and self.text[first] in ("Q.", "A.")}
        asked = asked if {self.text[k] for k in asked} == {"Q.", "A."} else set()
        letters = {k for k, name in names.items() if name in ("Q", "A")}
        return capitals | letters | asked | {k for k in full if often[names[k]] > 1}


def _edges(head: list[int], order: range) -> list[int]:
    """Of each token the first in `order` of those that hang on it, itself included."""
    edge = [-1] * len(head)
    for i in order:
        k = i
        while edge[k] < 0:
            edge[k] = i
            k = head[k]
    return edge


def _sums(flags: Iterable[bool]) -> list[int]:
    """How many of those before each place, and before the end, are true."""
    return list(accumulate(flags, initial=0))
