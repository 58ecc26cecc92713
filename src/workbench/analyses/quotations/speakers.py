"""Who a speaker is: names, pronouns and descriptions led to one name where the article supports it."""

import re
from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

from workbench.analyses.entities.canonical import known
from workbench.analyses.quotations.attribution import Attribution
from workbench.analyses.quotations.clauses import told_of
from workbench.analyses.quotations.marks import Parse, Pieces
from workbench.analyses.quotations.people import GENDERED, Mention, genders, named, phrase
from workbench.analyses.quotations.words import WORDS
from workbench.documents import Document

PRONOUNS = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female", "hers": "female"}
TURNS = {"Q": "question", "A": "answer"}  # of an interview, by the letters before them
_TITLES = frozenset([*GENDERED, *"chair chairman chairwoman dr dr. gov. president rep. sen. senator the".split()])
_MODIFIERS = ("amod", "compound", "nmod")
_DEFINITE = frozenset("the this that their its his her".split())
_DETERMINERS = _DEFINITE | {"a", "an"}
_RANKS = frozenset("acting assistant deputy first foreign former junior prime second senior shadow vice".split())
_ACRONYM = 4  # letters of the longest label that may be one
_REACH = 15  # names back within which a pronoun finds its own
_LEAD = 4  # paragraphs, the headline among them, that may call someone by what he is before his name is given
_RECENT = 200  # names back within which a description finds its own


class Speaker(NamedTuple):
    """The canonical name of who speaks, or the words for them; how that was found; what `source` that is.

    Named (a person, organisation, place), anonymous (people without a name in the article: "officials", "an aide"),
    impersonal ("the report", "the government") or unknown (nobody found, a pronoun that may mean anyone).
    """

    entity: str = ""
    how: str = "no speaker found"
    source: str = "unknown"


Turn = tuple[Pieces, tuple[int, int]]


def resolved(document: Document, p: Parse, attributions: list[Attribution]) -> list[Speaker]:
    """Each attribution's speaker, in the order given, that of the text.

    A name gives its entity, and so does a noun with a name in apposition. A pronoun gives the likeliest one named or
    speaking before it: of fitting gender, near, a subject. A description ("the Russian president", "the union") gives
    the person to whom the article ties those words by title or apposition, or the name that ends in them; if there is
    none, it stands as it is, without determiner, number and what follows the noun.
    """
    cast = _Cast(p, named(document, p))
    return [cast.speaker(a, p.turns.get(a.cue)) if a.head >= 0 else Speaker() for a in attributions]


class _Cast:
    """Those who are named in an article, what else it calls them, and who spoke last."""

    def __init__(self, p: Parse, found: list[Mention]) -> None:
        self.p = p
        self.found = found
        self.people = [mention for mention in found if mention.person]
        self.named = {token: mention for mention in found for token in range(mention.first, mention.last + 1)}
        self.genders = genders(p, self.people)
        self.namesakes: dict[str, dict[str, Mention]] = defaultdict(dict)  # by surname and name
        self.called: dict[str, list[tuple[Mention, set[str]]]] = defaultdict(list)  # by each of the words
        for person in self.people:
            self.namesakes[_surname(person)].setdefault(person.entity, person)
            words = _words_beside(p, person)
            for word in words:
                self.called[word].append((person, words))
        self.spoken_of: set[str] = set()  # those named within the quotation whose speaker is looked for
        self.spoke: dict[str, Speaker] = {}  # the latest speaker: any, an organisation or place, several

    def speaker(self, attribution: Attribution, turn: Turn | None) -> Speaker:
        """Who speaks there; called in the order of the text, since speakers take turns.

        It is nobody whom the words in quotation marks name: people don't speak of themselves so.
        """
        head = attribution.head
        head = head if head in self.named else told_of(self.p, attribution.cue, head)
        self.spoken_of = {
            self.named[k].entity
            for first, last in attribution.pieces
            for k in range(first, last + 1)
            if k in self.named and self.p.quote[k] >= 0
        }
        mention = self._mention(head) if not turn else None
        if turn:
            speaker = self._labelled(turn[1])
        else:
            speaker = self._named(head, mention) if mention else self._unnamed(head, attribution.pieces)
        self.spoke["last"] = speaker
        if mention and not mention.person:
            self.spoke["thing"] = speaker
        elif self.p.tag[head] == "NNS" and speaker.source != "impersonal":
            self.spoke["several"] = speaker
        return speaker

    def _labelled(self, label: tuple[int, int]) -> Speaker:
        """Whom the label of a transcript's turn means: whoever has that surname, or that name; "Q" is a question."""
        p = self.p
        name = p.written(range(label[0], label[1] + 1))
        if letter := TURNS.get(name.rstrip(".")):
            return Speaker(letter, "by the label of the turn", "anonymous")
        words = re.sub(r" ?\([^()]*\)", "", name).split()
        words = words[1:] if len(words) > 1 and words[0].lower() in _TITLES else words
        plain = " ".join(words)
        bearers = self.namesakes.get(words[-1].casefold(), {})
        fitting = [entity for entity in bearers if set(plain.casefold().split()) <= set(entity.casefold().split())]
        entity = fitting[0] if fitting else plain
        entity = entity.title() if entity.isupper() and len(entity) > _ACRONYM else entity
        return Speaker(entity, "by the label of the turn", "named")

    def _named(self, head: int, mention: Mention) -> Speaker:
        """Whom a name, or a noun with a name in apposition, means."""
        before = self.p.text[mention.first - 1].lstrip("-–—") if mention.first else ""
        hidden = before and before != self.p.text[mention.first - 1] and mention.first <= head  # "-Robert" Diaz
        entity = f"{before} {mention.entity}" if hidden and " " not in mention.entity else mention.entity
        written = self.p.written(range(mention.first, mention.last + 1))
        if not mention.first <= head <= mention.last:
            return Speaker(entity, "by the name beside it", "named")
        if written.casefold() == entity.casefold():
            return Speaker(entity, "by name", "named")
        part = set(written.casefold().split()) <= set(entity.casefold().split())
        return Speaker(entity, "by part of the name" if part else "by another name", "named")

    def _unnamed(self, head: int, pieces: Pieces) -> Speaker:
        """Whom a pronoun or description means."""
        p = self.p
        lower = p.lower[head]
        if gender := PRONOUNS.get(lower):
            entity = self._antecedent(head, gender)
            return Speaker(entity, "pronoun, by gender, nearness and turn", "named") if entity else _pronoun(lower)
        if turn := {"it": "thing", "its": "thing", "they": "several", "them": "several", "their": "several"}.get(lower):
            spoke = self._subject(head) if turn == "thing" else None
            spoke = spoke or self.spoke.get(turn)
            how = "pronoun, by the subject before it, or whoever spoke last"
            return spoke._replace(how=how) if spoke else _pronoun(lower)
        if p.pos[head] == "PRON":
            return _pronoun(lower)
        if entity := self._described(head):
            return Speaker(entity, "by a description that is tied to the name", "named")
        if p.lemma[head] in WORDS["thought"]:
            return Speaker("", "a thought, which is no speaker")
        impersonal = p.lemma[head] in WORDS["impersonal"]
        return Speaker(phrase(p, head, pieces), "described, not named", "impersonal" if impersonal else "anonymous")

    def _mention(self, head: int) -> Mention | None:
        """The name at `head`, in apposition to it, or, where it is a proper noun, within its phrase or ending in it."""
        p = self.p
        beside = [k for k in p.children[head] if p.dep[k] == "appos" and "(" not in p.text[head:k]]
        beside += [p.head[head]] * (p.dep[head] == "appos")
        near = [head, *beside, *(range(p.left[head], head) if p.pos[head] == "PROPN" else ())]
        mention = next((self.named[k] for k in near if k in self.named), None) or self._set_off(head)
        if not mention and p.pos[head] != "PROPN" and not p.text[head].isupper():
            return None
        name = mention.entity if mention else p.text[head]
        return next(iter(self.namesakes.get(name.casefold(), {}).values()), mention)

    def _set_off(self, head: int) -> Mention | None:
        """The person named between commas right after a common noun."""
        p, mention = self.p, self.named.get(head + 2)
        if not mention or not mention.person or p.pos[head] != "NOUN" or mention.last + 1 >= len(p.text):
            return None
        between = p.text[head + 1] == "," == p.text[mention.last + 1] and mention.first == head + 2
        return mention if between else None

    def _subject(self, head: int) -> Speaker | None:
        """The body that the sentence before, in its paragraph, is about, or this one, before its pronoun."""
        p = self.p
        first = max(p.sentence[max(p.sentence[head][0] - 1, 0)][0], p.paragraph[head][0])
        subjects = (m for m in _latest(self.found, (head,), _REACH) if m.first >= first and p.dep[m.head] == "nsubj")
        entity = next((m.entity for m in subjects if not m.person), "")
        return Speaker(entity, "", "named") if entity else None

    def _antecedent(self, pronoun: int, gender: str) -> str:
        """The best placed of the people named before the pronoun, if nobody is the next of its paragraph; else ""."""
        p, last = self.p, self.spoke.get("last", Speaker()).entity

        def place(person: Mention) -> float:
            same_sentence, same_paragraph = (person.first >= unit[pronoun][0] for unit in (p.sentence, p.paragraph))
            beside = p.dep[person.head] == "appos" and p.pos[p.head[person.head]] == "NOUN"  # "the cook, Ed Hill, was"
            role = p.head[person.head] if beside else person.head
            spoke, subject = person.entity == last, p.dep[role] in ("nsubj", "nsubjpass")
            apart = p.paragraph_number[pronoun] - p.paragraph_number[person.first]
            near = 2.0 * same_sentence + same_paragraph - apart / 2 - 2.0 * (p.dep[person.head] in _MODIFIERS)
            return near + 1.5 * (subject + spoke - (p.quote[person.first] >= 0)) + (person.entity in self.genders) / 2

        named = _latest(self.people, (pronoun,), _REACH)
        others = [person for person in named if person.entity not in self.spoken_of]
        fitting = [person for person in others if self.genders.get(person.entity, gender) == gender]
        if fitting or named:
            return max(fitting, key=place).entity if fitting else ""
        ahead = [m for m in self.people if p.paragraph[m.first] == p.paragraph[pronoun] and p.dep[m.head] == "nsubj"]
        return next((m.entity for m in ahead if self.genders.get(m.entity) == gender), "")

    def _described(self, head: int) -> str:
        """The latest person before `head` to whom all its words are tied, or name that holds them; "" if none is.

        Without one, the only person tied to the noun whom the article gives neither to another country nor another
        office ("the prime minister" is not the housing minister); in the lead, of "a judge" too, the only one named so
        later.
        """
        p = self.p
        children = p.children[head]
        if p.tag[head] in ("NNS", "NNPS"):
            return ""
        words = {p.lower[head], *(_word(p, k) for k in children if p.dep[k] in _MODIFIERS)}
        if not any(p.lower[k] in _DEFINITE for k in children):
            return self._named_later(head, words)
        called = _latest(self.called.get(p.lower[head], []), ((head,),), _RECENT)
        if fully := next((person.entity for person, tied in called if words <= tied), ""):
            return fully
        office = {_word(p, k) for k in children if p.pos[k] in ("NOUN", "PROPN") or p.lower[k] in _RANKS}
        office &= words - _countries(words)
        fitting = {
            person.entity
            for person, tied in called
            if not (_countries(words) and _countries(tied - words))
            and not (office - tied and tied - _countries(tied) - _DETERMINERS - {p.lower[head]})
        }
        if len(fitting) == 1:
            return fitting.pop()
        named = (m.entity for m in _latest(self.found, (head,), _RECENT) if not m.person)
        holding = (entity for entity in named if words <= set(entity.casefold().split()))
        return next(holding, "") or self._named_later(head, words)

    def _named_later(self, head: int, words: set[str]) -> str:
        """Whom the lead calls by these words and no more: the one name, or person so called, after it."""
        p = self.p
        children = [k for k in p.children[head] if p.word[k]]
        definite = any(p.lower[k] in _DEFINITE for k in children)
        more = any(k > head or p.dep[k] == "nummod" or (p.dep[k] == "poss" and p.pos[k] != "PRON") for k in children)
        if more or p.paragraph_number[head] >= _LEAD:
            return ""
        if p.lemma[head] not in WORDS["impersonal"]:
            later = {m.entity for m, tied in self.called.get(p.lower[head], []) if m.first > head and words <= tied}
        else:
            things = {m.entity for m in self.found if m.first > head and not m.person}
            ending = {name for name in things if name.casefold().split()[-1] == p.lower[head]}
            later = {name for name in ending if definite and words <= set(name.casefold().split())}
        return later.pop() if len(later) == 1 else ""


def _pronoun(word: str) -> Speaker:
    """Nobody whom the article would name: "some", "others", or a pronoun that was not resolved."""
    if word in WORDS["indefinite"]:
        return Speaker(word, "described, not named", "anonymous")
    return Speaker(word, "pronoun, not resolved")


def _latest(ordered: list, before: tuple, number: int) -> list:
    """The last ones of those that come before a place, the latest first."""
    place = bisect_left(ordered, before)
    return ordered[max(0, place - number) : place][::-1]


def _surname(person: Mention) -> str:
    return person.entity.casefold().rpartition(" ")[2]


def _word(p: Parse, token: int) -> str:
    """A token in lower case; of a country or its people the country's name."""
    alias = known().get(p.text[token]) if p.entity[token] in ("NORP", "GPE") else None
    return alias.country or alias.entity if alias else p.lower[token]


def _countries(words: set[str]) -> set[str]:
    return {word for word in words if word[:1].isupper()}


def _words_beside(p: Parse, person: Mention) -> set[str]:
    """What the article calls someone here: the words of title, apposition and "is a …" beside the name."""
    head, above = person.head, p.head[person.head]
    nouns = [k for k in p.children[head] if p.dep[k] == "appos"] + [above] * (p.dep[head] == "appos")
    if p.dep[head] == "nsubj" and p.lemma[above] == "be":
        nouns += [k for k in p.children[above] if p.dep[k] == "attr"]
    beside = [k for noun in nouns for k in (noun, *p.children[noun]) if k == noun or p.dep[k] in _MODIFIERS]
    return {_word(p, k) for k in (*range(p.left[head], person.first), *beside) if p.word[k]}
