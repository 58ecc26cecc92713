"""How the words of a sentence hang on a target in the parse: who acts, who is acted on, whose support falls."""

from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import accumulate

from workbench.analyses.sentiment.directions import MOVES, THINGS, Classes, outcome
from workbench.analyses.sentiment.valence import negates, outdone
from workbench.language import Tokens

Range = tuple[int, int]  # of tokens, the last exclusive
_STEPPED_OVER = frozenset(["appos", "compound", "flat", "nmod", "nummod", "pcomp", "pobj"])
_NOMINAL = frozenset(["ADJ", "NOUN", "NUM", "PRON", "PROPN", "SYM", "X"])
_SUBJECTS = frozenset(["csubj", "nsubj", "nsubjpass"])
_OBJECTS = frozenset(["attr", "dative", "dobj"])
_MODIFIERS = frozenset(["amod", "compound", "nmod"])
_OF_ITS_HEAD = frozenset(["acomp", "advmod", "amod", "attr", "compound", "npadvmod", "prep", "prt"])
_PROOF = frozenset(["basis", "evidence", "indication", "proof", "sign", "suggestion"])
_PROVING = frozenset(["indicate", "prove", "show", "suggest"])
_UNTRUE = frozenset(["baseless", "false", "groundless", "unfounded", "untrue"])
_DENYING = frozenset(["debunk", "deny", "disprove", "refute"])
_COMPLETING = frozenset(["acomp", "advmod", "amod", "attr", "dobj", "oprd", "prt", "xcomp"])
_SUPPOSING = frozenset(["believe", "expect", "imagine", "suppose", "think"])
_TO_ITS_HEAD = frozenset(["advmod", "cc", "det", "neg", "preconj"])
_NEW_CLAUSE = frozenset([",", ";", ":", "but"])
_ACTING = frozenset(["agent", "nsubj", "poss"])
_ACTED_ON = frozenset(
    ["dobj", "nsubjpass", "prep:against", "prep:behind", "prep:of", "prep:over", "prep:than", "prep:to"]
)
_CHOOSING = frozenset(["choose", "favor", "favour", "pick", "prefer", "preferable", "superior"])
_FAR = 200  # tokens, more than the surroundings of a target have
_HIGHEST = 60  # heads one above the other, twice as many as in any sentence of news
_ADDED = frozenset(["dobj", "nsubjpass", "prt", "to"])
_SETTING_APART = frozenset(["whereas", "while"])
_THING_PREPOSITIONS = frozenset(["for", "in", "of"])


@lru_cache(maxsize=4)
def children(t: Tokens) -> list[list[int]]:
    """The tokens that hang on each token, in their order."""
    below: list[list[int]] = [[] for _ in t.head]
    for token, head in enumerate(t.head):
        if head != token:
            below[head].append(token)
    return below


@lru_cache(maxsize=4)
def names_passed(t: Tokens) -> list[int]:
    """How many tokens of names stand before each token, and at last in all."""
    return list(accumulate((pos == "PROPN" for pos in t.pos), initial=0))


@lru_cache(maxsize=4)
def denials(t: Tokens) -> list[bool]:
    """Whether each token is denied: by one of the three words before it in its clause, or in the parse.

    There a verb's negation, or that of its subject, denies the verb and what completes it: "no critic has a bad word".
    """
    denied, clause = [], list[str]()
    for token, word in enumerate(t.lower):
        clause = [] if t.opens(token) else clause
        denied.append(negates(*clause))
        opens = word in _NEW_CLAUSE and clause[-1:] != ["anything"]  # "anything but" is a denial
        clause = [] if opens else [*clause[-2:], "" if outdone(t.lower, token) else word]
    for token, word in enumerate(t.lower):
        if negates(word) and negates(*t.lower[token : token + 2]) and not outdone(t.lower, token):
            governed = t.head[token] if t.dep[token] in _TO_ITS_HEAD else token
            if word == "neither" or t.dep[governed] in _SUBJECTS:
                governed = t.head[governed]
            through = _COMPLETING | {"ccomp"} if t.lemma[governed] in _SUPPOSING else _COMPLETING
            for completing in [governed, *_below(t, governed, through)]:
                denied[completing] = denied[completing] or completing > token or word == "neither"
    return denied


@lru_cache(maxsize=4)
def _steps(t: Tokens) -> list[str]:
    """How each token hangs on its head, "" where that only joins; a "while" with a subject of its own is a "conj"."""
    steps = [f"prep:{word}" if dep == "prep" else dep for dep, word in zip(t.dep, t.lower, strict=True)]
    for token, dep in enumerate(t.dep):
        if dep in _STEPPED_OVER:
            steps[token] = ""
        elif dep == "advcl" and t.lemma[token] != "be":  # "while she was mayor" says when
            below = [word for child in children(t)[token] for word in (t.dep[child], t.lower[child])]
            if not (_SUBJECTS.isdisjoint(below) or _SETTING_APART.isdisjoint(below)):
                steps[token] = "conj"
    return steps


def relations(t: Tokens, target: Range, root: int, context: Range) -> Iterator[tuple[int, str]]:
    """Each token of `context` outside `target`, whose head is `root`, and how it hangs on the target in the parse.

    "^nsubj/dobj": up from the target as subject, down to an object, that is, what the target does something to. Steps
    that only join names, lists and prepositions to their objects are left out; at most two steps up and one down.
    A verb joined to another one by "and" or "but" is taken for that one's own only as far as they share the target.
    """
    ups: dict[int, tuple[str, ...]] = {root: ()}
    steps: tuple[str, ...] = ()
    while t.head[root] != root and len(ups) < _HIGHEST:
        is_shared = t.dep[root] == "conj" and steps == ("dobj",) and _lacks_object(t, t.head[root])
        if _steps(t)[root] and not is_shared and not _listed(t, root):
            steps = (*steps, _steps(t)[root])
        root = t.head[root]
        ups.setdefault(root, steps)
    found = {node: "^".join(["", *up[:2]]) + "+" * (len(up) > 2) + "/" for node, up in ups.items()}
    for token in (*range(context[0], target[0]), *range(target[1], context[1])):
        node, path = token, list[int]()
        while node not in found and t.head[node] != node and len(path) < _HIGHEST:
            path.append(node)
            node = t.head[node]
        relation = found.get(node, "far")
        for below in reversed(path if node in found else ()):
            if relation[-1] == "/":  # the first step down alone
                head = t.head[below]
                if t.dep[below] != "conj":
                    relation += _steps(t)[below]
                elif head in ups and not _listed(t, below) and not _shared(t, below, ups[head]):
                    relation += "conj"
            found[below] = relation
        yield token, relation


def _shared(t: Tokens, verb: int, steps: tuple[str, ...]) -> bool:
    """Whether a joined verb has the target as its own subject or object too, after `steps` up to the first verb."""
    own = {t.dep[child] for child in children(t)[verb]}
    last = steps[-1] if steps else ""
    return (last in _SUBJECTS and own.isdisjoint(_SUBJECTS)) or (last == "dobj" and own.isdisjoint(_OBJECTS))


def _listed(t: Tokens, token: int) -> bool:
    """Whether `token` is one of several names, things or qualities, not a verb that the tagger takes for one."""
    return t.dep[token] == "conj" and t.pos[token] in _NOMINAL and t.pos[t.head[token]] in _NOMINAL


def _lacks_object(t: Tokens, verb: int) -> bool:
    """Whether a verb has nothing of its own that it is done to: "praised and thanked" her."""
    return not any(
        t.dep[child] in _OBJECTS or t.dep[child] in {"prep", "ccomp", "xcomp"} for child in children(t)[verb]
    )


def standing(relation: str, kind: str) -> str:
    """ "+" or "-": by a word "ahead" or "behind" the target comes before or after another; "" where it does neither."""
    steps = relation.partition("/")[0].split("^")[1:]
    if len(steps) != 1 or kind not in {"ahead", "behind"} or steps[0] not in _ACTING | _ACTED_ON:
        return ""
    return "+" if (steps[0] in _ACTING) == (kind == "ahead") else "-"


def compared(t: Tokens, token: int) -> bool:
    """Whether the word at `token` is said of somebody less than of another: "less trusted"."""
    return t.lower[max(token - 1, 0)] in {"least", "less"}


def worse_of_two(t: Tokens, root: int, classes: Classes) -> bool:
    """Whether the target, whose head is `root`, is what another is better than: "a victory over", "prefer A to" it."""
    joint = t.head[root]
    if t.dep[root] != "pobj" or t.dep[joint] != "prep":
        return False
    above, word = t.lower[t.head[joint]], t.lower[joint]
    return (
        word == "than"
        or (word in {"against", "over"} and classes.get(above) == "ahead")
        or (word in {"over", "to"} and t.lemma[t.head[joint]].lower() in _CHOOSING)
    )


def coarser(relation: str) -> Iterator[str]:
    """`relation` and then ever coarser ones: without prepositions, the step down, all steps up but the first."""
    up, _, down = relation.partition("/")
    steps, more = up.rstrip("+").split("^")[1:], "+" * up.endswith("+")
    plain, plain_down = [step.partition(":")[0] for step in steps], down.partition(":")[0]
    yield relation
    yield f"{up}/{plain_down}"
    yield f"{up}/"
    climbs = ["".join(f"^{step}" for step in plain) + more]
    climbs += [f"^{first[0]}{'+' * (len(steps) > 1)}" for first in (steps, plain) if first]
    for climb in climbs:
        yield f"{climb}/{plain_down}"
        yield f"{climb}/"


@lru_cache(maxsize=100_000)
def known_relation(relation: str, known: frozenset[str]) -> str:
    """`relation`, or the nearest coarser one that was frequent in training."""
    return next((name for name in coarser(relation) if name in known), "far")


@lru_cache(maxsize=16)
def used(t: Tokens, context: Range, classes: Classes) -> tuple[dict[int, str], set[int]]:
    """The class of each listed word of `context` as the sentence uses it, and the words that are turned round.

    A rise or fall of a listed thing is a "gain" or a "harm". What falls, ends or is dropped is turned round, and so is
    what somebody is cleared of and what there is no evidence of.
    """
    kinds, turned, unproven = dict[int, str](), set[int](), _unproven(t)
    for token in range(*context):
        kind = classes.get(t.lower[token], "")
        if kind in MOVES and _moves_nothing(t, token, classes):
            kind = ""
        if kind in MOVES:
            near = _what_moves(t, token)
            listed = [part for _, thing in near for part in _parts(t, thing) if _thing(t, part, classes)]
            if kind == "falling":
                turned |= {*listed[:1], *(part for rank, thing in near if not rank for part in _parts(t, thing))}
            if listed:
                kind = "gain" if outcome(kind, _thing(t, listed[0], classes)) > 0 else "harm"
        elif kind == "cleared":
            turned |= {i for i in _below(t, token) if t.dep[i] == "pobj" or t.dep[t.head[i]] == "pobj"}
        elif token in unproven:
            turned.update(_below(t, token))
        elif t.lower[token] in _UNTRUE and not denials(t)[token]:
            turned |= {token, *_said_of(t, token)}
        if kind:
            kinds[token] = kind
    return kinds, turned


def _moves_nothing(t: Tokens, token: int, classes: Classes) -> bool:
    """Whether a word of rising or falling is none here: "dried up", "up to 40 people", "she added that"."""
    if t.dep[token] == "prt" and t.lower[t.head[token]] in classes:
        return True
    below = {word for child in children(t)[token] for word in (t.dep[child], t.lower[child])}
    speaks = "ccomp" in below or (t.lemma[token] == "add" and below.isdisjoint(_ADDED))
    return speaks or t.lower[token : token + 2] == ["up", "to"]


def _thing(t: Tokens, token: int, classes: Classes) -> str:
    """ "good" or "bad" for what is so when it rises, as is a lead or a victory; "" for anything else."""
    kind = classes.get(t.lower[token], "")
    return kind if kind in THINGS else "good" if kind == "ahead" and t.pos[token] == "NOUN" else ""


def _said_of(t: Tokens, quality: int) -> list[int]:
    """The subject of a quality and what hangs on it: "the rumours about her turned out to be untrue"."""
    while t.dep[quality] in {"acomp", "oprd", "xcomp"} and t.head[quality] != quality:
        quality = t.head[quality]
    subjects = [child for child in children(t)[quality] if t.dep[child] in _SUBJECTS]
    return [token for subject in subjects for token in (subject, *_below(t, subject))]


@lru_cache(maxsize=4)
def _unproven(t: Tokens) -> frozenset[int]:
    """The tokens that open what there is no evidence of: "no proof that", "nothing to suggest", "denied that"."""
    found = set()
    for token, (word, lemma) in enumerate(zip(t.lower, t.lemma, strict=True)):
        below = children(t)[token]
        if lemma in _DENYING:
            opens = not denials(t)[token] and any(t.dep[child] == "ccomp" for child in below)
        elif word in _PROOF:
            opens = any(t.lower[child] in {"no", "without"} for child in below)
        else:
            near = (t.head[token], *below)
            opens = lemma.lower() in _PROVING and any(t.lower[other] == "nothing" for other in near)
        found |= {token} if opens else set()
    return frozenset(found)


def _what_moves(t: Tokens, token: int) -> list[tuple[int, int]]:
    """What the word of rising or falling at `token` may be said of, the likeliest first: its rank and its token."""
    below, head = children(t), t.head[token]
    joining = _THING_PREPOSITIONS | {"to"} if t.pos[token] == "NOUN" else _THING_PREPOSITIONS  # not "fell to a loss"
    near: list[tuple[int, int]] = []
    for child in below[token]:
        if t.dep[child] in {"dobj", "nsubjpass"}:
            near.append((0, child))
        elif t.dep[child] == "nsubj" or t.dep[child] in _MODIFIERS:
            near.append((1, child))
        elif t.dep[child] == "prep" and t.lower[child] in joining:
            near += [(2, inner) for inner in below[child] if t.dep[inner] == "pobj"]
    if t.dep[token] in _OF_ITS_HEAD and head != token:
        near.append((1, head))
        near += [(2, other) for other in below[head] if t.dep[other] in _SUBJECTS or t.dep[other] == "dobj"]
    elif t.dep[token] == "conj":
        near += [(3, other) for other in below[head] if t.dep[other] in _SUBJECTS]
    level = head if t.dep[token] == "amod" else token
    if t.dep[level] == "pobj" and t.lower[t.head[level]] in {"at", "near"}:  # "is at its lowest level"
        above = t.head[t.head[level]]
        near += [(3, other) for other in (above, *below[above]) if other == above or t.dep[other] in _SUBJECTS]
    return sorted(near)


def _parts(t: Tokens, thing: int) -> list[int]:
    """A noun and the words that are joined to it from before: "pre-tax profit"."""
    return [thing, *(child for child in children(t)[thing] if t.dep[child] in _MODIFIERS)]


def _below(t: Tokens, token: int, by: Container[str] | None = None) -> list[int]:
    """The tokens within reach that hang on `token`, directly or not; only by the relations `by` where given."""
    found = [token]
    for node in found:
        near = (child for child in children(t)[node] if abs(child - token) <= _FAR)
        found += [child for child in near if by is None or t.dep[child] in by]
    return found[1:]
