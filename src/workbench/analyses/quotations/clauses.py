"""What words are as contents: whether they are a clause, of what form, and what kind of word attributes them."""

from workbench.analyses.quotations.marks import BRITISH, Parse, Pieces
from workbench.analyses.quotations.repairs import TELLING
from workbench.analyses.quotations.words import WORDS

_VERBS = ("say", "ask", "think", "show", "name")
ATTITUDES = WORDS["noun"] | WORDS["wish"]
_KIND = {BRITISH.sub("ize", lemma): kind for kind in _VERBS for lemma in WORDS[kind]}
_KIND_OF_NOUN = dict.fromkeys(WORDS["noun"], "noun")
_NAMING = frozenset("call describe dub label nickname refer sing term".split())
_FINITE = frozenset("MD VBD VBP VBZ".split())
VERBS = frozenset(["VERB", "AUX"])
_BIDDING = frozenset("expect like require want".split())
_PROVOKING = frozenset("draw earn prompt provoke spark trigger".split())
_MOVING = frozenset("boost drag drive knock lift pull push send".split())
_TRADED = frozenset("price share stock".split())
_SHORTEST = 3  # words of a clause before what came of it
_OF_CLAUSE = frozenset("aux auxpass csubj det expl nsubj nsubjpass poss".split())
_HELPING = ("aux", "auxpass")
_OPENERS = frozenset("how if that to what when where whether which who whom why".split())
CLAUSAL = frozenset("ccomp xcomp advcl parataxis acl pcomp".split())


def kind_of_cue(p: Parse, cue: int) -> str:
    """What the word does in most news: say, ask, think, show or name; of others its part of speech."""
    return _listed(p, cue) or ("mark" if not p.word[cue] else p.pos[cue].lower())


def is_listed(p: Parse, cue: int) -> bool:
    """Whether the word is one of saying, asking, thinking, showing or naming, or a noun of these."""
    return bool(_listed(p, cue))


def _listed(p: Parse, cue: int) -> str | None:
    return (_KIND_OF_NOUN if p.pos[cue] == "NOUN" else _KIND).get(p.lemma[cue])


def form(p: Parse, roots: list[int], first: int) -> tuple[str, str, str]:
    """Of contents the form (finite, infinitive, participle, none), the opening word, the relation of their verb.

    The verb is the first of their `roots`, which hang on no other word in them: "will fall" of "that prices will fall".
    """
    verb = next((k for k in roots if p.pos[k] in VERBS), -1)
    opener = p.lower[first] if p.lower[first] in _OPENERS else ""
    if verb < 0:
        return "none", opener, ""
    tags = {p.tag[verb], *(p.tag[k] for k in p.children[verb] if p.dep[k] in _HELPING and k >= first)}
    shape = "infinitive" if "TO" in tags else "finite" if tags & _FINITE else "participle"
    return shape, opener, p.dep[verb]


def said(p: Parse, cue: int, pieces: Pieces) -> Pieces:
    """What of the pieces somebody may have said: all of a clause, of other words those in quotation marks.

    "that he was 'tired'", "Kane 'has no plan'": all; "the offer as 'an insult'": the last two; "the offer to pay":
    nothing, since its verb only tells which offer.
    """
    outside = [(first, last) for first, last in pieces if p.free_predicates[last + 1] > p.free_predicates[first]]
    free = p.free(pieces)
    if not free and p.quote[cue] < 0:
        return pieces
    if free == p.count(pieces) or p.quote[cue] >= 0:
        inside = ((k, *piece) for piece in pieces for k in range(piece[0], piece[1] + 1))
        clause = any((p.tag[k] in _FINITE and not _of_noun(p, k)) or _main_verb(p, k, *piece) for k, *piece in inside)
        return pieces if clause else ()
    if kind_of_cue(p, cue) == "name":
        outside = [piece for piece in outside if any(_main_verb(p, k, *piece) for k in range(piece[0], piece[1] + 1))]
    if outside:
        return pieces
    spans = [quote for first, last in pieces for quote in dict.fromkeys(p.quote[first : last + 1]) if quote >= 0]
    marked = tuple(p.quotes[quote] for quote in spans)
    opening = (k for first, last in marked for k in range(first + 1, min(first + 4, last)))
    told = any(p.pos[k] in VERBS and p.tag[k] != "VBG" and _subject_outside(p, k) for k in opening)
    return pieces if told else marked


def _subject_outside(p: Parse, verb: int) -> bool:
    """Whether a verb between marks, "Kane 'has no plan'", says of what stands outside them."""
    return not any(p.dep[k] in ("nsubj", "nsubjpass") and p.quote[k] == p.quote[verb] for k in p.children[verb])


def _of_noun(p: Parse, verb: int) -> bool:
    """Whether a verb only tells which thing is meant: "rings" of "swears by an app that rings a bell"."""
    return p.dep[verb] == "relcl" and p.dep[p.head[verb]] == "pobj"


def _main_verb(p: Parse, token: int, first: int, last: int) -> bool:
    """Whether a token of a piece is a verb that hangs on nothing in it, so an infinitive or participle of its own."""
    if p.pos[token] not in VERBS or p.dep[token] in ("amod", "compound"):
        return False
    return not first <= p.head[token] <= last or p.head[token] == token


def without_reaction(p: Parse, pieces: Pieces) -> Pieces:
    """Without what came of the words, or another says, behind a comma at their end.

    "…, sending its shares down", "…, prompting jeers", "…, while Mr Lee hit back", "…, and it has asked for help",
    "…, a claim that Mr Lee denies".
    """
    first, last = pieces[-1]
    for k in range(first + _SHORTEST, last):
        if p.lower[k] == "," and p.quote[k] < 0 and p.right[p.head[k]] >= last and _reaction(p, first, k + 1):
            return (*pieces[:-1], (first, k - 1))
    return pieces


def _reaction(p: Parse, first: int, word: int) -> bool:
    if p.lower[word] == "and" and p.lower[first] == "that" and p.tag[word + 1] == "PRP":
        verb = p.head[word + 1]
        perfect = any(p.tag[k] in ("VBZ", "VBP") and p.lemma[k] == "have" for k in p.children[verb])
        return p.dep[verb] == "conj" and p.tag[verb] == "VBN" and perfect
    if p.lower[word] in ("a", "an"):
        noun = p.head[word]
        return p.lemma[noun] in WORDS["noun"] and any(p.dep[k] in ("acl", "relcl") for k in p.children[noun])
    if p.lower[word] == "while":
        above = p.head[word]
        return p.tag[above] in _FINITE and any(
            p.dep[k] == "nsubj" and p.entity[k] == "PERSON" for k in p.children[above]
        )
    if p.tag[word] != "VBG" or p.dep[word] != "advcl":
        return False
    moved = any(p.lemma[k] in _TRADED for k in range(word, p.right[word] + 1))
    return p.lemma[word] in _PROVOKING or (p.lemma[word] in _MOVING and moved)


def reports(p: Parse, cue: int, speaker: int) -> bool:
    """Whether a word of saying or judging, with a speaker, has a clause or words in marks: by rule a quotation.

    "Lee said that …", "Lee replied: “…”", "“…,” Lee answered"; and what a court hears or is told, by whomever.
    """
    kind, clauses = kind_of_cue(p, cue), [k for k in p.children[cue] if k > cue and p.pos[k] in VERBS]
    if p.lower[cue] == "according":
        return speaker >= 0
    if p.lemma[cue] in ("hear", "tell") and p.quote[cue] < 0:
        heard = any(p.dep[k] == "nsubj" and p.lemma[k] in WORDS["hearing"] for k in p.children[cue])
        if heard or (p.lemma[cue] == "tell" and p.passive(cue)):
            return any(p.dep[k] == "ccomp" for k in clauses)
    if speaker < 0 or p.quote[cue] >= 0 or kind not in ("noun", "say", "ask", "name"):
        return False
    if kind == "noun":
        return any(p.dep[k] == "acl" and any(p.lower[m] == "that" for m in p.children[k]) for k in clauses)
    if kind in ("say", "ask") and (_beside_marks(p, cue, speaker) or (p.lemma[cue] == "accuse" and blamed(p, cue) > 0)):
        return True
    marked = kind == "name" and any(p.quote[k] >= 0 for k in range(cue + 1, p.right[cue] + 1))
    return (marked and p.lemma[cue] not in _NAMING) or (kind != "name" and any(p.dep[k] == "ccomp" for k in clauses))


def blamed(p: Parse, cue: int) -> int:
    """The "of" that opens what somebody is accused of doing: "accused the mayor of lying"; -1 where there is none."""
    nouns = [k for k in p.children[cue] if k > cue and p.dep[k] == "dobj"]
    prepositions = (k for above in (cue, *nouns) for k in p.children[above] if k > cue and p.lower[k] == "of")
    return next((k for k in prepositions if any(p.tag[m] == "VBG" for m in p.children[k])), -1)


def bidden(p: Parse, cue: int) -> int:
    """Whom somebody only asks, tells or wants to say it: "warned them not to say", "he was asked to explain"; or -1."""
    above = p.head[cue]
    if p.dep[cue] not in ("xcomp", "ccomp") or not any(p.tag[k] == "TO" for k in p.children[cue]):
        return -1
    if p.lemma[above] not in TELLING and p.lemma[above] not in _BIDDING and kind_of_cue(p, above) != "ask":
        return -1
    others = (k for k in p.children[above] if k < cue and p.dep[k] in ("dobj", "dative", "nsubjpass"))
    return next((k for k in p.children[cue] if p.dep[k] == "nsubj"), next(others, -1))


def told_of(p: Parse, cue: int, head: int) -> int:
    """What a clause with the cue hangs on; "principle", not "security", of "a principle of security, which says"."""
    above = p.head[p.head[head]]
    part = p.dep[head] == "pobj" and p.lower[p.head[head]] == "of" and p.pos[above] == "NOUN" == p.pos[head]
    return above if part and cue >= 0 and p.dep[cue] == "relcl" and p.head[cue] == head else head


def _beside_marks(p: Parse, cue: int, speaker: int) -> bool:
    """Whether a quotation follows the cue after a colon or comma, or ends before it as `quotation_before` says."""
    after = cue + 1
    if after + 1 < len(p.text) and p.lower[after] in (":", ",") and after + 1 in p.opening:
        return p.count((p.quotes[p.quote[after + 1]],)) > 1
    return quotation_before(p, cue, speaker) >= 0


def quotation_before(p: Parse, cue: int, speaker: int) -> int:
    """The number of the quotation that ends in a comma, question or exclamation right before speaker and cue, or -1.

    The comma may stand behind the mark, as in British print.
    """
    before = (p.left[speaker] if 0 <= speaker < cue == p.head[speaker] else cue) - 1
    behind = before > 1 and p.lower[before] == "," and before - 1 in p.closing
    before -= behind
    ends = before > 0 and before in p.closing and (behind or p.lower[before - 1] in (",", "?", "!"))
    return p.quote[before] if ends and kind_of_cue(p, cue) in ("say", "ask") else -1


def in_clauses(p: Parse, cue: int, speaker: int, values: dict[Pieces, float]) -> dict[Pieces, float]:
    """What stretches are worth, a quotation that is a part of a clause only with it: "It did “too little,” she said".

    Not where the clause tells itself who speaks: "The report says he did: “Too little,” it adds".
    """
    number = quotation_before(p, cue, speaker)
    if number < 0 or not _is_part(p, *p.quotes[number]):
        return values
    first, last = quote = p.quotes[number]
    alone = ((value, pieces[0]) for pieces, value in values.items() if len(pieces) == 1)
    _, whole = max(
        ((value, piece) for value, piece in alone if piece[0] < first and piece[1] == last), default=(0, quote)
    )
    if any(p.lower[k] == ":" or kind_of_cue(p, k) in ("say", "ask") for k in range(whole[0], first)):
        return values
    found: dict[Pieces, float] = {}
    for pieces, value in values.items():
        widened = tuple(whole if piece == quote else piece for piece in pieces)
        found[widened] = max(value, found.get(widened, value))
    return found


def _is_part(p: Parse, first: int, last: int) -> bool:
    """Whether a quotation is a verb, object or predicate of the clause before it, whose subject is outside."""
    before, inside = range(p.sentence[first][0], first), range(first, last + 1)
    heads = (p.head[k] for k in inside if p.head[k] not in inside)
    return any(head in before for head in heads) or any(p.head[k] in inside and p.dep[k] in _OF_CLAUSE for k in before)


def complement(p: Parse, cue: int) -> str:
    """What the cue has beside it: a clause, an object alone, or nothing; whether it stands in what it reports."""
    kinds = {p.dep[k] for k in p.children[cue] if k > cue}
    clause = "+".join(sorted(kinds & CLAUSAL)) or ("object" if "dobj" in kinds else "prep" if "prep" in kinds else "-")
    before = any(p.dep[k] in ("ccomp", "parataxis") for k in p.children[cue] if k < cue)
    return ("before " if before else "") + ("within " if p.dep[cue] == "parataxis" else "") + clause
