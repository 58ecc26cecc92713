"""Quotation marks of every style, paired within each paragraph, and a parse as lists with the marks of its tokens."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from workbench.analyses.quotations.repairs import Repairs
from workbench.analyses.quotations.transcripts import DATELINE, Turn, turns
from workbench.analyses.quotations.words import WORDS
from workbench.language import Tokens, paragraphs

# What may close each opening mark. Straight and curly ones stand for each other: many editors mix them.
_CLOSERS: dict[str, tuple[str, ...]] = dict.fromkeys('“”„‟"', ("”", "“", '"'))
_CLOSERS |= {"«": ("»",), "»": ("«",), "‹": ("›",), "›": ("‹",), "``": ("''",), "''": ("''",)}
_CLOSERS |= {"‘": ("’", "'"), "‚": ("‘", "’"), "'": ("'", "’")}
_SINGLE = {"‘", "’", "'", "‚", "‹", "›"}
OPENING = "\"“”„‟«»‹›‘’‚'`"
_ENDS = "\"”“»«›‹’'"
_MARK = re.compile(r"''|``|[\"“”„‟«»‹›‘’‚']")
_DOUBLE = frozenset('“”„‟"')
# A sentence that somebody outside of a quotation speaks in: Mr Smith said …
_NARRATION = re.compile(r"[.?!…] (?=[^.?!…]*?(?:[A-Z][\w’'-]+,?|\b[Hh]e|\b[Ss]he) (?:added|said|says|told)\b)")
# Behind a closing mark: she wrote, Mr Smith said, said Smith
_ATTRIBUTED = re.compile(
    r" (?:(?:he|she|they|[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}) )?(?:added|explained|said|says|told|writes|wrote)\b"
)
_MEASURE = re.compile(r"(?<!\w)\d+(?:\.\d+)?(?:['’′] ?\d+(?:\.\d+)?(?:[\"”″]|'')?|-?['′](?=-))")  # 6'2", 5’ 10”
_ELIDED = re.compile(r"(?:\d\ds?|tis|twas|em|till?|cause|bout|n|round)\b", re.IGNORECASE)  # '90s, rock 'n' roll
# The boys' fault,': a mark after s, within the sentence, before one that must close and none that may open.
_POSSESSIVE = re.compile(r"s['’] (?=[a-z])(?:[^'’‘\n]|(?<=\w)['’](?=\w| [a-z])){1,80}?[,.?!]['’](?!\w)")
_CALLED = frozenset("christen dub entitle know name nickname title".split())
_MADE = frozenset("perform play read record sing write".split())
_STOPS = frozenset("! , . ? …".split())
_LONG = 5  # letters of words that a title writes with a capital
_ACTIVE = frozenset("aux dobj ccomp".split())
_NAME = 6  # words of the longest name or title in quotation marks
_PLACE = 4  # tokens of the longest place before a colon
_NESTED = 20  # marks left open that one may close
REACH = 150  # tokens that anything may reach from another: no sentence that is one runs on for longer
Pieces = tuple[tuple[int, int], ...]  # first and last token of each piece of something
_OPEN = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM", "X"])
BRITISH = re.compile(r"(?<=[a-z]{4})ise$")


def pairs(text: str) -> list[tuple[int, int]]:
    """Character ranges of what stands between quotation marks, the marks included, in order and never overlapping.

    Straight, curly, angle, low and doubled single marks, and single marks as in British print; of nested ones the
    outermost. A quotation never runs over its paragraph: one without an end lasts to the end of its line, or to the
    mark that opens the next one, as where paragraphs were merged; not over a sentence that tells who said something.
    Without a beginning, it is its paragraph up to the mark, if who said it comes next. Lines after a colon that begin
    with "> " are quotations, too.
    Apostrophes and the marks of feet, inches and minutes are left out. Linear in the length of `text`.
    """
    found: list[tuple[int, int]] = []
    introduced = False
    for start, end in paragraphs(text):
        cited = introduced and text.startswith("> ", start, end)  # a block quotation
        found += [(start, end)] if cited else _paragraph_pairs(text, start, end)
        introduced = cited or text[end - 1] == ":"
    return found


def _paragraph_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    measures = [match.span() for match in _MEASURE.finditer(text, start, end)]
    open_marks: list[tuple[int, str]] = []
    closed: list[tuple[int, int]] = []
    found = list(_MARK.finditer(text, start, end))
    doubles = [match.start() for match in found if match.group() in _DOUBLE]
    for match in found:
        at, mark = match.start(), match.group()
        nearest = bisect_right(measures, (at, end)) - 1
        if nearest >= 0 and at < measures[nearest][1]:
            continue
        before = text[at - 1] if at > start else " "
        after = text[match.end()] if match.end() < end else " "
        if mark in _SINGLE and ((before.isalnum() and after.isalnum()) or _POSSESSIVE.match(text, at - 1, end)):
            continue
        latest = range(len(open_marks) - 1, max(-1, len(open_marks) - 1 - _NESTED), -1)
        depth = next((d for d in latest if mark in _CLOSERS[open_marks[d][1]]), None)
        if match is found[0] and mark in _DOUBLE and before in ",.?!" and _ATTRIBUTED.match(text, match.end(), end):
            closed.append((start, match.end()))  # its opening mark was lost
            continue
        if depth is not None and _may_close(mark, before, after):
            closed.append((open_marks[depth][0], match.end()))
            del open_marks[depth:]
        elif mark in _CLOSERS and _may_open(mark, before, after, text, match.end(), bool(doubles) and at < doubles[-1]):
            if open_marks and {open_marks[-1][1], mark} <= _DOUBLE and _opens_anew(text, at, doubles):
                opened = open_marks.pop()[0]
                closed.append((opened, _before_narration(text, opened, opened + len(text[opened:at].rstrip()))))
            open_marks.append((at, mark))
    unclosed = next((at for at, mark in open_marks if mark not in _SINGLE), None)
    if unclosed is not None:
        goes_on = text[end : end + 3].strip()[:1] in _DOUBLE
        closed.append((unclosed, end if goes_on else _before_narration(text, unclosed, end)))
    return outermost(closed)


def _opens_anew(text: str, at: int, doubles: list[int]) -> bool:
    """Whether the mark at `at`, within a quotation, opens the next one: after a sentence, and not nested.

    A nested one is closed before the one around it: the next two marks stand behind words.
    """
    if text[max(0, at - 3) : at].rstrip()[-1:] not in {*".?!…"} or not text[at + 1 : at + 2].isupper():
        return False
    number = bisect_right(doubles, at)
    following = [not text[k - 1].isspace() for k in doubles[number : number + 2]]
    return following != [True, True]


def _before_narration(text: str, start: int, end: int) -> int:
    """Where a quotation ends that nobody closed before `end`: before a sentence that tells who said something."""
    return narration.start() + 1 if (narration := _NARRATION.search(text, start, end)) else end


def _may_close(mark: str, before: str, after: str) -> bool:
    """A mark that stands after a space and before a letter opens, whatever is open; singles close only after a word."""
    if mark in _SINGLE:
        return not before.isspace() and not after.isalnum()
    return not (before.isspace() and not after.isspace()) and not (mark == "“" and after.isalnum())


def _may_open(mark: str, before: str, after: str, text: str, following: int, more: bool) -> bool:
    """Doubles open before what is no space; a straight one between spaces, too, where more marks follow."""
    if mark in _SINGLE:
        return not before.isalnum() and not after.isspace() and not _ELIDED.match(text, following)
    if mark == '"' and before.isspace() and after.isspace():
        return more
    if mark in '"”»':
        return not after.isspace() and not (before.isdigit() and not after.isalpha())
    return True


def outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other, in order."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


class Parse:
    """A parse as lists by token, quick to read often. `quote` is the number of the marks a token stands in, or -1.

    `turns` has those of a transcript: by their marks' tokens the pieces, and the label. `unclosed` are the numbers of
    marks that go on in the next paragraph, which opens with a new one; `titles` those of names, titles and ratings.
    Subtrees and children end REACH tokens from their token, so that looking at them takes constant time.
    """

    def __init__(self, t: Tokens) -> None:
        mended = Repairs(t)
        self.head, self.dep, self.tag, self.pos = mended.head, mended.dep, mended.tag, mended.pos
        self.text, self.lower, self.entity = t.text, mended.lower, t.entity
        self.start, self.end, self.vectors, self.whole = t.start, t.end, t.vectors, t.whole
        # British verbs count as their American twins, of which the training articles have more: criticise, criticize.
        american = {lemma: BRITISH.sub("ize", lemma.lower()) for lemma in set(mended.lemma)}
        self.lemma = [american[lemma] for lemma in mended.lemma]
        here = np.arange(len(t.head))
        self.left = np.maximum(_edges(self.head, range(len(t.head))), here - REACH).tolist()
        self.right = np.minimum(_edges(self.head, range(len(t.head))[::-1]), here + REACH).tolist()
        is_word = {word: any(map(str.isalnum, word)) for word in set(self.text)}
        self.word = [is_word[word] for word in self.text]
        # A token as context: of open classes the part of speech, of others the word itself; "^" before and after all.
        self.context = [
            "¶" if lower.isspace() else pos if pos in _OPEN else lower
            for lower, pos in zip(self.lower, self.pos, strict=True)
        ] + ["^"]
        self.children = mended.children
        for i in {head for child, head in enumerate(self.head) if abs(child - head) > REACH}:
            self.children[i] = [k for k in self.children[i] if abs(k - i) <= REACH]
        inclusive = {first: (first, past - 1) for first, past in set(t.sentence)}
        self.sentence = [inclusive[first] for first, _ in t.sentence]
        breaks = ["\n" in word for word in self.text]
        self.paragraph_number = _sums(breaks)[:-1]
        self.paragraph: list[tuple[int, int]] = []
        for i, ends in enumerate(breaks):
            if ends or i == len(breaks) - 1:
                first = len(self.paragraph)
                self.paragraph += [(first, i - 1 if ends and i > first else i)] * (i + 1 - first)
        self.after_dateline = self._after_datelines(t.whole, set(self.paragraph))
        self.turns = self._turns(turns(t.whole))
        self.quotes: list[tuple[int, int]] = []
        self.quote = [-1] * len(self.text)
        token = 0
        for start, end in pairs(t.whole):
            while token < len(self.end) and self.end[token] <= start:
                token += 1
            first, token = token, max(token, bisect_left(self.start, end))
            if first < token:
                self.quote[first:token] = [len(self.quotes)] * (token - first)
                self.quotes.append((first, token - 1))
        self.unclosed = {
            number
            for number, ((_, last), following) in enumerate(pairwise(self.quotes))
            if self.text[last][-1] not in _ENDS and following[0] == self.paragraph[last][1] + 2 == last + 2
        }
        self.titles = {number for number in range(len(self.quotes)) if self._titled(number)}
        self.opening, self.closing = {first for first, _ in self.quotes}, {last for _, last in self.quotes}
        free = np.array(self.quote) < 0
        self.words, self.free_words = _sums(self.word), _sums(self.word, free)
        self.free_verbs = _sums([pos == "VERB" for pos in self.pos], free)
        self.free_predicates = _sums([pos in ("VERB", "AUX") for pos in self.pos], free)
        self.free_stops = _sums([word in {".", "?", "!"} for word in self.text], free)

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
        """Whether a verb has a name that is nobody's words: known as "the Eel", an album titled "Rust", read "Emma"."""
        if self.lemma[i] in _MADE and i + 1 < len(self.text) and (quote := self.quote[i + 1]) >= 0 > self.quote[i]:
            first, last = self.quotes[quote]
            words = [k for k in range(first + 1, last) if self.word[k]]
            if self.lemma[i] == "read" and not any(self.pos[k] in ("PRON", "PROPN") for k in self.children[i] if k < i):
                return False  # the sign read "Keep Out"
            titled = all(self.text[k][0].isupper() or len(self.text[k]) < _LONG for k in words)
            return titled and len(words) <= _NAME and self.text[last - 1] not in _STOPS and self.lower[words[0]] != "i"
        if self.lemma[i] not in _CALLED or self.tag[i] not in ("VBN", "VBD"):
            return False
        at = next((k for k in range(i + 1, min(i + 4, len(self.text))) if self.quote[k] >= 0), -1)
        if at < 0 or any(self.dep[k] == "agent" for k in self.children[i]):
            return False
        return (self.tag[i] == "VBN" or at == i + 1) and self.count((self.quotes[self.quote[at]],)) <= _NAME

    def _titled(self, number: int) -> bool:
        """Whether a quotation is a title, name or rating: the memoir, “A Life”; on CNN's “The Lead.”; a “buy”."""
        first, last = self.quotes[number]
        words = [k for k in range(first + 1, last) if self.word[k]]
        before = first - 1 - (self.lower[first - 1] == ",")
        known = self.tag[before] == "POS"
        if before < 0 or not 1 <= len(words) <= _NAME or (self.text[last - 1] in _STOPS - {","} and not known):
            return False
        known |= self.lower[before] == "as" and any(self.lemma[k] in _CALLED for k in range(max(0, before - 4), before))
        known |= self.pos[before] == "NOUN" and self.lemma[before] in WORDS["work"]
        known |= self.tag[before] == "VBN" and self.dep[before] == "acl" and self.lemma[before] in _CALLED | {"call"}
        opens = self.sentence[before][0] == before  # "On “The Lead,” she said", "the host of “The Lead”"
        known |= self.tag[before] == "IN" and (opens or self.lemma[before - 1] in WORDS["billed"])
        known |= len(words) == 1 and self.lower[words[0]] in WORDS["rating"]
        return known and all(self.text[k][0].isupper() or len(self.text[k]) < _LONG for k in words)

    def _after_datelines(self, whole: str, lines: set[tuple[int, int]]) -> dict[int, int]:
        """The first token after the dateline, by the first token of the paragraph that one opens."""
        opened = {}
        for first, last in lines:  # "Nagpur: The high court …"; in a headline, "China: Tariffs are unfair", it speaks
            colon = next((k for k in range(first + 1, min(first + _PLACE, last)) if self.lower[k] == ":"), -1)
            if match := DATELINE.match(whole, self.start[first]):
                opened[first] = bisect_left(self.start, match.end())
            elif 0 < first < colon and all(self.entity[k] == "GPE" for k in range(first, colon)):
                opened[first] = colon + 1
        return opened

    def _turns(self, found: list[Turn]) -> dict[int, tuple[Pieces, tuple[int, int]]]:
        """By the token of its mark, or the letter that stands for it, the pieces of each turn, and its label."""
        return {
            self.tokens(*turn.cue)[0]: (tuple(self.tokens(*piece) for piece in turn.pieces), self.tokens(*turn.label))
            for turn in found
        }

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The first and last token in a character range."""
        return bisect_right(self.end, start), bisect_left(self.start, end) - 1


def _edges(head: list[int], order: range) -> list[int]:
    """Of each token the first in `order` of those that hang on it, itself included."""
    edge = [-1] * len(head)
    for i in order:
        k = i
        while edge[k] < 0:
            edge[k] = i
            k = head[k]
    return edge


def _sums(flags: ArrayLike, free: ArrayLike = True) -> list[int]:
    """How many of those before each place, and before the end, are true, of the free ones."""
    return [0, *np.cumsum(np.logical_and(flags, free)).tolist()]
