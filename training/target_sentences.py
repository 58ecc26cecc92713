"""Plain sentences of our own on who does what to whom and which way things go, made from the words of directions.tsv.

They teach the model of `training/targets.py` what each class of word means in each role, however seldom one of its
words stands in the corpora. In a template "+", "-" and "0" before a name are the tone towards it.
"""

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).parents[1] / "src" / "workbench" / "analyses" / "sentiment" / "directions.tsv"
PERSONS = "Harland Okafor Lindqvist Whitcombe Brennan Sorvino Adeyemi Castell Dunmore Petrova Ashdown Takeda".split()
COMPANIES = "Zentrix Almaro Velora Corvane Nordhavn Kestrel Tamaris Oberon".split()
INTRANSITIVE = frozenset(
    "backtrack best falter fail flop flounder prevail struggle stumble surrender triumph trust".split()
)

# By class: templates with its words' forms {s} (third person) and {part} (past participle), and persons A, B and C.
VERBS = {
    "ahead": ["+A {s} -B", "+A has {part} -B in the final.", "-A was {part} by +B.", "In the latest poll +A {s} -B."],
    "behind": ["-A {s} +B", "In the latest poll -A {s} +B.", "-A has {part} +B for weeks."],
    "praised": [
        "The minister {s} +A.",
        "+A was {part} by the nurses.",
        "0A {s} +B but criticises -C.",
        "Nobody {s} -A.",
        "The unions have not {part} -A.",
        "The party refused to say whether it {s} 0A.",
    ],
    "blamed": [
        "The minister {s} -A.",
        "-A was {part} by the nurses.",
        "0A {s} -B but praises +C.",
        "0A praised +B and {s} -C.",
        "Residents have {part} -A again.",
    ],
    "cleared": [
        "The court has {part} +A.",
        "+A was {part} of all charges.",
        "The inquiry {s} +A of any wrongdoing.",
        "+A was {part} on Friday.",
    ],
}
# By class of the move: sentences about persons and companies with {s} and {part}.
MOVES = {
    "rising": [
        "Support for +A {s}.",
        "Confidence in +A has {part} sharply.",
        "+A's approval rating {s} again.",
        "Opposition to -A {s}.",
        "Doubts about -A have {part}.",
        "Criticism of -A {s}.",
        "+X {s} 4 percent on Tuesday.",
        "Shares of +X have {part}.",
        "Losses at -X {s}.",
        "Profit at +X {s}",
        "Under -A, unemployment has {part}.",
        "Under +A, wages have {part}.",
    ],
    "falling": [
        "Support for -A {s}.",
        "Confidence in -A has {part} sharply.",
        "-A's approval rating {s} again.",
        "Opposition to +A {s}.",
        "Doubts about +A have {part}.",
        "-X {s} 4 percent on Tuesday.",
        "Shares of -X have {part}.",
        "Losses at +X {s}.",
        "Profit at -X {s}",
        "Under +A, unemployment has {part} to a new low.",
        "Under -A, wages have {part}.",
    ],
}
OTHERS = """The charges against +A were dropped.
All charges against +A have been dismissed.
Prosecutors withdrew the indictment against +A.
The judge dismissed the lawsuit against +A.
The allegations against +A were withdrawn.
There is no evidence that +A broke the law.
There is no proof of wrongdoing by +A.
The police found no sign of fraud by +A.
The charges against -A were upheld.
The allegations against -A are mounting.
+X has cut its losses.
+X reduced its debt.
-X has cut its dividend.
+X raised its dividend.
+X reported record profits.
+X posted a rise in revenue.
-X reported a fall in revenue.
-X posted a sharp decline in profit.
-X warned of rising costs.
-A lost support among young voters.
+A gained support among young voters.
-A is not a good leader.
-A is not an honest woman.
-A is no friend of the poor.
-A was far from convincing.
+A is not a bad leader.
+A was never afraid of the truth.
-A never kept her promises.
-A failed to keep her promises.
-A did nothing to help the victims.
+A did everything to help the victims.
-A broke his promise to the miners.
+A kept his promise to the miners.
+A is ahead of -B in the race for mayor.
+A is one point ahead of -B.
+A won a narrow victory over -B.
+A celebrated a victory over -B on Sunday.
-A lost to +B in the final.
-A lost the election to +B.
-A has fallen behind +B.
-A suffered a defeat against +B.
+A edges out -B in a key state.
+A pulls ahead of -B
Voters like +A better than -B.
The voters trust +A more than -B.
-A is less popular than +B.
-A is less trusted than +B.
+A is more popular than -B.
+A is better known and more admired than -B.
-A is worse than +B.
+A was cheered while -B was booed.
+A was applauded, but -B was heckled.
The school was rescued by +A.
The school was destroyed by -A.
Hundreds cheered +A in the square.
Hundreds marched against -A in the square.
-A was criticised by 0B over the cuts.
+A was praised by 0B after the match.
Pressure on -A is growing.
Pressure on -A mounts
Calls for -A to resign are growing.
-X misses its targets
-X missed forecasts for the third time.
+X beats forecasts
+X to hire 300 people
+X will create hundreds of jobs
-X to cut 300 jobs
-A is no hero.
-A is no genius.
+A is no coward.
+A is no liar.
-A is hardly a saint.
-A is not fit for office.
-A did not keep his promise.
The court found +A not guilty.
+A was found not guilty.
+A did nothing wrong.
Few people believe -A.
Nobody believes -A.
Nobody doubts +A.
0A addressed the assembly on Tuesday.
0A met 0B in Vienna.
0A met reporters on Monday.
0A will speak in the city hall at nine.
0A arrived in the capital on Friday.
0A, who is 54, teaches at a school in the north.
0A and 0B discussed the plan on Tuesday.
0A said the meeting would take place in May.
0A told 0B about the timetable.
0X has offices in four countries.
0X moved its office to another street.
0X opens a shop in the north
0A Visits the Capital
0A to Speak at the City Hall""".split("\n")
PER_TEMPLATE = 12


def sentences() -> Iterator[tuple[str, int, int, int]]:
    """Text, start and end of a name in it, and the tone towards that name: -1, 0 or 1."""
    table = pd.read_csv(TABLE, sep="\t")
    forms = {kind: [words.split() for words in rows] for kind, rows in table.groupby("class")["words"]}
    persons, companies = cycle(PERSONS), cycle(COMPANIES)
    templates = [(template, [""] * 3) for template in OTHERS for _ in range(2)]
    for kind, listed in (VERBS | MOVES).items():
        verbs = [
            words for words in forms[kind] if len(words) > 2 and words[0] not in INTRANSITIVE and "ing" in words[2]
        ]
        for place, template in enumerate(listed):
            templates += [(template, verbs[(place + k * len(listed)) % len(verbs)]) for k in range(PER_TEMPLATE)]
    for template, verb in templates:
        text = template.replace("{s}", verb[1]).replace("{part}", verb[-1])
        named = {letter: next(companies if letter == "X" else persons) for letter in "ABCX"}
        pieces = re.split(r"([-+0][ABCX])(?![a-z])", text)
        written = [named[piece[1]] if place % 2 else piece for place, piece in enumerate(pieces)]
        for place in range(1, len(pieces), 2):
            start = len("".join(written[:place]))
            yield "".join(written), start, start + len(written[place]), {"-": -1, "0": 0, "+": 1}[pieces[place][0]]
