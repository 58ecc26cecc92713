"""Mistakes that the parser often makes around words of saying, put right before anything is read off the parse."""

from workbench.analyses.quotations.words import WORDS
from workbench.language import Tokens

# Verbs with somebody told before what is told.
TELLING = frozenset("advise assure caution inform notify persuade remind tell warn".split())
_FINITE = frozenset("VBD VBP VBZ MD".split())
_CLAUSES = frozenset("ccomp conj".split())
_NAMED = frozenset("nsubj pobj dobj".split())
_SUBJECTS = frozenset("nsubj nsubjpass expl".split())
_RELATIVES = frozenset("that which who whom whose where when".split())
_THINGS = frozenset("lie story tale truth".split())  # told, but to nobody
_LONG = 60  # tokens that a told clause may begin after its verb
_BEFORE_PHRASE = frozenset(", ; . : ( — – - is are was were".split())
_AFTER_PHRASE = frozenset([",", *'“"‘'])
_WAY = 6  # tokens from "put it" to a colon behind how
_WAYS = frozenset("another like more that this way".split())
_HIGH = 8  # heads above a verb that may be what it goes on after


class Repairs:
    """Heads, relations, tags, parts of speech, words, lemmas of a parse as they should be; its own stay as they are.

    What is put right, and nothing else: "told officers he had not slept", where the clause hangs on the officers;
    "the 52-year-old told", where nobody tells; "according to the Echo, Ann Lee said", where Ann Lee is the Echo; "said
    the mill was safe and accused", where it accuses; "Bank holds rates, says risks easing", where the risks speak.
    And "in the words of", "as Lee puts it" count as words of saying.
    """

    def __init__(self, t: Tokens) -> None:
        self.t = t
        self.head, self.dep, self.tag, self.pos = list(t.head), list(t.dep), list(t.tag), list(t.pos)
        self.children: list[list[int]] = [[] for _ in self.head]
        for child, head in enumerate(self.head):
            if child != head:
                self.children[head].append(child)
        for i, lemma in enumerate(t.lemma):
            if t.lower[i] == "old" and self.tag[i] == "JJ":
                self._aged(i)
            elif lemma in WORDS["shown"] and self.tag[i] == "NNS" and self._kids(i, "compound") == [i - 1]:
                self.tag[i], self.pos[i], self.dep[i - 1] = "VBZ", "VERB", "nsubj"  # "“No,” Ann Lee shrugs."
            elif lemma == "." and self.dep[i] in _NAMED:
                self._abbreviated(i)
            elif lemma in TELLING and self.pos[i] == "VERB":
                self._told(i)
            elif t.lower[i] == "according":
                self._according(i)
        for i, lemma in enumerate(t.lemma):
            if self.dep[i] == "conj" and self.tag[i] in _FINITE and self.pos[i] == "VERB":
                self._goes_on(i)
            elif lemma == "say" and self.tag[i] == "VBZ":
                self._headline(i)
        self.lower, self.lemma = list(t.lower), list(t.lemma)
        for i, word in enumerate(t.text):
            if word == "words" and self.dep[i] == "pobj":
                self._in_the_words_of(i)
            elif t.lemma[i] == "put" and t.lower[i + 1 : i + 2] == ["it"]:
                self._put_it(i)

    def _hang(self, child: int, head: int, dep: str) -> None:
        """Hang a token with all of its own on another, unless that is among its own."""
        above = head
        while above != child and self.head[above] != above:
            above = self.head[above]
        if above == child != head:
            return
        old = self.head[child]
        if old != child:
            self.children[old].remove(child)
        self.head[child], self.dep[child] = head, dep
        if head != child:
            self.children[head] = sorted([*self.children[head], child])

    def _left(self, token: int) -> int:
        """The first token of what hangs on it."""
        while (first := min(self.children[token], default=token)) < token:
            token = first
        return token

    def _kids(self, token: int, *deps: str) -> list[int]:
        return [k for k in self.children[token] if self.dep[k] in deps]

    def _finite(self, verb: int) -> str:
        """The tag that makes a verb finite: of its first helping verb, else its own; "" where there is none."""
        tags = [self.tag[k] for k in self._kids(verb, "aux", "auxpass")] or [self.tag[verb]]
        return tags[0] if tags[0] in _FINITE else ""

    def _aged(self, old: int) -> None:
        """ "The 52-year-old told officers": the old one is the subject of the verb that follows."""
        verb, first = old + 1, self._left(old) - 1
        years = any(self.t.lower[k] == "year" for k in self._kids(old, "npadvmod"))
        if not years or first < 0 or self.t.lower[first] not in ("the", "a") or verb >= len(self.head):
            return
        if self.tag[verb] not in ("VBD", "VBN", "VBZ") or self.pos[verb] not in ("VERB", "AUX"):
            return
        noun = self.head[verb]
        if self.dep[verb] == "amod" and noun > verb:
            self._hang(verb, self.head[noun] if self.head[noun] != noun else verb, self.dep[noun])
            self._hang(noun, verb, "dobj")
            for k in [k for k in self.children[noun] if k < old]:
                self._hang(k, old, self.dep[k])
        if self.head[old] == verb or self.head[old] == noun or self.head[old] > verb:
            self._hang(old, verb, "nsubj")
            self._hang(first, old, "det")
            self.tag[old], self.pos[old] = "NN", "NOUN"
            if self.tag[verb] == "VBN" and not self._kids(verb, "aux", "auxpass"):
                self.tag[verb] = "VBD"

    def _abbreviated(self, stop: int) -> None:
        """ "According to Lt. Ann Lee": what ends in a stop belongs to the name behind it."""
        head, dep = self.head[stop], self.dep[stop]
        name = next((k for k in self._kids(head, dep) if k > stop and self._left(k) == stop + 1), -1)
        if name >= 0 and self.head[stop - 1] == head and self.dep[stop - 1] == dep:
            self._hang(stop, name, "punct")
            self._hang(stop - 1, name, "compound")

    def _told(self, telling: int) -> None:
        """ "Assured the fans he would stay", "told analysts on a call that": the clause is what is told."""
        told = [k for k in self._kids(telling, "dobj", "dative") if k > telling]
        if not told or self.t.lemma[told[0]] in _THINGS:
            return
        clauses = [k for k in self._kids(telling, "ccomp") if k > telling]
        if clauses:  # "told investors demand had fallen"
            lacking = self._finite(clauses[0]) and not self._kids(clauses[0], *_SUBJECTS)
            if len(told) > 1 and lacking and told[-1] == self._left(clauses[0]) - 1:
                self._hang(told[-1], clauses[0], "nsubj")
            return
        nouns = [told[0]]
        nouns += [
            k for prep in self._kids(telling, "prep") + self._kids(told[0], "prep") for k in self._kids(prep, "pobj")
        ]
        for noun in nouns:
            for verb in self._kids(noun, "relcl", "acl"):
                first = self._left(verb)
                marked = self.t.lower[first] == "that" and (self.tag[first] == "IN" or self.dep[first] == "mark")
                bare = noun == told[0] and self.t.lower[first] not in _RELATIVES and first == noun + 1
                complete = bool(self._kids(verb, *_SUBJECTS)) and self._finite(verb)
                if complete and (marked or bare) and verb - telling < _LONG:
                    self._hang(verb, telling, "ccomp")
                    return

    def _according(self, according: int) -> None:
        """ "According to the Echo, Ann Lee said": who stands right before the verb is its subject."""
        verb = self.head[according]
        sources = (k for to in self._kids(according, "prep") for k in self._kids(to, "pobj"))
        beside = [k for source in sources for k in self._kids(source, "appos") if k == verb - 1]
        if beside and self._finite(verb) and not self._kids(verb, *_SUBJECTS):
            self._hang(beside[0], verb, "nsubj")

    def _goes_on(self, verb: int) -> None:
        """ "Said the mill was safe and accused the union": the second is done by whoever did the first."""
        before = self.head[verb]
        joined = [k for k in self._kids(before, "cc") if before < k < verb]
        if self._kids(verb, *_SUBJECTS) or not joined or not (form := self._finite(verb)):
            return
        above = before
        for _ in range(_HIGH):
            if self.dep[above] not in _CLAUSES or self.head[above] >= above:
                return
            clause, above = above, self.head[above]
            if self.dep[clause] == "ccomp":
                break
        if self.t.lemma[above] not in WORDS["reporting"] or self.pos[above] != "VERB" or self._finite(above) != form:
            return
        marks = [k for k in range(above, verb) if self.t.lower[k] == '"' or self.tag[k] in ("``", "''")]
        if len(marks) % 2 or (marks and self.t.lemma[verb] not in WORDS["reporting"]):
            return
        within = [before, *self._kids(before, "ccomp")]
        alike = any(self._finite(k) == form for k in within)
        if alike and not (self.t.lemma[verb] in WORDS["reporting"] and not self._could(before)):
            return
        for k in [k for k in self.children[before] if before < k < verb and self.dep[k] in ("cc", "punct")]:
            if k > max((other for other in self._kids(before, "conj") if other < verb), default=before):
                self._hang(k, above, self.dep[k])
        self._hang(verb, above, "conj")

    def _could(self, verb: int) -> bool:
        """Whether a verb's subject could go on to speak: a person, or whom a pronoun means."""
        subjects = self._kids(verb, *_SUBJECTS)
        return any(
            self.t.lower[k] in ("he", "she", "they", "who", "we", "i") or self.t.entity[k] == "PERSON" for k in subjects
        )

    def _in_the_words_of(self, words: int) -> None:
        """ "Was, in the words of Ann Lee, “a gift”", "in Lee's words, “a gift”": like "according to"."""
        before, after = self.head[words] - 1, self.t.lower[words + 1 : words + 2]
        opens = before < 0 or self.t.lower[before].isspace() or self.t.lower[before] in _BEFORE_PHRASE
        owned = self._kids(words, "poss") and after and after[0] in _AFTER_PHRASE
        if self.t.lower[before + 1] == "in" and opens and (after == ["of"] or owned):
            self.lower[words], self.lemma[words] = "according", "accord"

    def _put_it(self, put: int) -> None:
        """ "As Lee likes to put it", "put it this way: “We are tired”": like "say"."""
        above = self.head[put] if self.dep[put] == "xcomp" else put
        as_said = any(self.t.lower[k] == "as" for k in self.children[above])
        behind = range(put + 2, min(put + _WAY, len(self.tag)))
        how = next((k for k in behind if self.pos[k] != "ADV" and self.t.lower[k] not in _WAYS), -1)  # what follows it
        if as_said or (how > 0 and self.t.lower[how] == ":"):
            self.lemma[put], self.dep[put + 1] = "say", "prt"

    def _headline(self, says: int) -> None:
        """ "Bank holds rates, says inflation risks easing": the subject of what stands before goes on."""
        line = self.t.whole.find("\n") if "\n" in self.t.whole else len(self.t.whole)
        if self.t.start[says] > line or says < 2 or self.t.lower[says - 1] != ",":
            return
        before = next((k for k in self._kids(says, "ccomp") if k < says and self._kids(k, "nsubj")), -1)
        noun = next((k for k in self._kids(says, "nsubj", "dobj") if k > says), -1)
        clause = next((k for k in self._kids(noun, "acl") if k > noun), -1) if noun >= 0 else -1
        if before < 0 or clause < 0:
            return
        above, dep = self.head[says], self.dep[says]
        self._hang(before, above if above != says else before, dep)
        self._hang(says, before, "conj")
        self._hang(clause, says, "ccomp")
        self._hang(noun, clause, "nsubj")
