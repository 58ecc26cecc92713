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
    "backtrack capitulate best falter fail flop flounder prevail struggle stumble surrender triumph trust".split()
)

# By class: templates with its words' forms {s} (third person) and {part} (past participle), and persons A, B and C.
VERBS = {
    "ahead": [
        "+A {s} -B",
        "+A has {part} -B in the final.",
        "-A was {part} by +B.",
        "In the latest poll +A {s} -B.",
        "It was +A who {part} -B.",
    ],
    "behind": ["-A {s} +B", "In the latest poll -A {s} +B.", "-A has {part} +B for weeks."],
    "praised": [
        "The minister {s} +A.",
        "+A was {part} by the nurses.",
        "0A {s} +B but criticises -C.",
        "Nobody {s} -A.",
        "The unions have not {part} -A.",
        "The party refused to say whether it {s} 0A.",
        "Fans {base} +A and jeer -B.",
        "Visitors {part} +A, and -B was jeered.",
        "+A, whom the nurses {base}, spoke at noon.",
        "No one in the village {s} -A.",
    ],
    "blamed": [
        "The minister {s} -A.",
        "-A was {part} by the nurses.",
        "0A {s} -B but praises +C.",
        "0A praised +B and {s} -C.",
        "Residents have {part} -A again.",
        "Fans {base} -A and adore +B.",
        "Visitors {part} -A, and +B was thanked.",
        "-A, whom the nurses {base}, spoke at noon.",
    ],
    "wronging": [
        "-A {s} again.",
        "-A has {part} the widow.",
        "-A was caught {ing} a neighbour.",
        "It was -A who {part} the plan.",
        "The report says that -X {part} its own workers.",
        "-A {s} again, a jury finds",
        "+A did not {base}.",
        "+A never {part} anybody.",
        "An inquiry found that -A had {part} the farmers.",
    ],
    "helping": [
        "+A {s} again.",
        "+A has {part} the village.",
        "It was +A who {part} the school.",
        "+A {s} the poor",
        "-A did not {base}.",
        "+A, who {part} hundreds of families, was there on Monday.",
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
        "Under -A, poverty {s}.",
        "Faith in +A {s}.",
        "+A's lead over -B {s}.",
        "Orders at +X have {part}.",
        "Complaints about -X have {part}.",
        "Resentment of -A {s}",
        "Crime has {part} under -A.",
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
        "Under +A, poverty {s}.",
        "Faith in -A {s}.",
        "-A's lead over +B {s}.",
        "Orders at -X have {part}.",
        "Complaints about +X have {part}.",
        "Pressure on +A {s}",
        "Crime has {part} under +A.",
    ],
}
OTHERS = """+A is four points ahead of -B.
+A is well ahead of -B.
-A is far behind +B.
-A is lagging behind +B in every poll.
-A finished behind +B.
+A finished ahead of -B.
+A is nine points clear of -B.
+A enjoyed a victory over -B.
+A celebrates a big win against -B.
+A took the lead over -B.
Most people prefer +A to -B.
Nurses prefer +A to -B.
Readers chose +A over -B.
Workers rate +A more highly than -B.
+A is better than -B.
-A is poorer than +B at keeping promises.
The case against +A collapsed.
The case against +A fell apart.
The court overturned the conviction of +A.
Judges quashed the sentence of +A.
The court lifted the ban on +X.
Investigators found nothing to suggest that +A had lied.
There is nothing to show that +A stole the money.
-A has yet to keep a promise.
-A could not explain the losses.
-A refused to help the victims.
-A refuses to apologise.
-A declined to thank the nurses.
+A won by a landslide.
+A was elected again by a huge majority.
-A stepped down in shame.
-A left office in disgrace.
The crowd was furious with -A.
The crowd was delighted with +A.
Anger at -A grows
Fury at -A over the leak
Praise for +A over the rescue
Parents describe -A as a liar.
Parents describe +A as a kind and honest woman.
Friends remember +A as a generous man.
The paper called -A a coward.
The paper called +A a genius.
+A was singled out for praise.
-A was singled out for criticism.
A jury ordered -A to pay damages.
-A is to blame for the delay.
+A is not to blame for the delay.
+A deserves the prize.
-A deserves to be punished.
+A is admired for her courage.
-A is known for his cruelty.
-A is neither honest nor kind.
+A is neither cruel nor greedy.
+A gave the money to the poor.
+A gave half of his prize to the hospital.
-A took money from the poor.
0A and 0B sit on the board.
0A teaches history at the college.
0A opened the meeting at ten.
0A will chair the session on Thursday.
The road to 0A is seven miles long.
The bus to 0A leaves at noon.
It was 0A who opened the door.
It was 0A who wrote the letter.
0A, whom the nurses met, spoke at noon.
Fans saw 0A and met 0B.
0A was seen by 0B in the street.
0A was asked about the letter by 0B.
0A asks 0B about the timetable
Reporters asked 0A about the vote.
0A is the mayor of a town in the south.
0A's office is in the north.
The house of 0A is on the square.
0A replaced 0B as treasurer.
0A did not speak on Tuesday.
0A never lived in the capital.
The report says that 0X moved to another street.
0A sat behind 0B in the hall.
0A walked ahead of 0B in the street.
0A came over to 0B after the meeting.
0A is two years older than 0B.
0A travels to the capital
0A and 0B to meet on Monday
0A on the timetable: What we know
What 0A said about the plan
How 0A spends the summer
Who is 0A?
Will 0A run for mayor?
Where 0A and 0B stand on schools
Here is what 0A and 0B said on Monday
Tickets for 0A go on sale on Monday.
0A was born in a village in the south.
The charges against +A were dropped.
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
The unions trusted neither -A nor -B.
Regulators dropped an inquiry into +X.
Police ended their investigation of +A.
The council abandoned its case against +A.
Officials denied that +A had lied to the voters.
+A was not blamed but thanked.
-A was not thanked but blamed.
The nurses did not blame +A but thanked her.
The nurses did not thank -A but blamed her.
No teacher has a bad word for +A.
No teacher has a good word for -A.
I do not think that -A is honest.
I do not think that +A is a liar.
-A is no champion.
-A is no expert.
-A is not a gentleman.
-A is not a friend of the nurses.
-A has yet to answer the letters of the widows.
+A is no thief.
+A is no fool.
+A is not a cheat.
+A is not a tyrant.
There is no evidence that +A took the money.
Detectives found nothing to suggest that +A was to blame.
No one has done more for the village than +A.
No one has done more damage to the village than -A.
-A did nothing to end the misery.
0A is not a lawyer.
0A does not live in the capital.
0A has never been to the north.
-A was sent off in the second half.
-A missed a penalty.
+A scored twice in the final.
+A saved two penalties.
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
    templates = [(template, [""] * 3) for template in OTHERS for _ in range(3)]
    for kind, listed in (VERBS | MOVES).items():
        verbs = [
            words for words in forms[kind] if len(words) > 2 and words[0] not in INTRANSITIVE and "ing" in words[2]
        ]
        for place, template in enumerate(listed):
            templates += [(template, verbs[(place + k * len(listed)) % len(verbs)]) for k in range(PER_TEMPLATE)]
    for template, verb in templates:
        text = template.replace("{s}", verb[1]).replace("{part}", verb[-1])
        text = text.replace("{base}", verb[0]).replace("{ing}", verb[2])
        named = {letter: next(companies if letter == "X" else persons) for letter in "ABCX"}
        pieces = re.split(r"([-+0][ABCX])(?![a-z])", text)
        written = [named[piece[1]] if place % 2 else piece for place, piece in enumerate(pieces)]
        for place in range(1, len(pieces), 2):
            start = len("".join(written[:place]))
            yield "".join(written), start, start + len(written[place]), {"-": -1, "0": 0, "+": 1}[pieces[place][0]]
