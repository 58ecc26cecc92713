"""Whose turn it is in transcripts, interviews and briefings; all of them made up for these tests."""

import pytest

from workbench.analyses.quotations.table import direct_speech, quotations, sources
from workbench.analyses.quotations.transcripts import turns
from workbench.documents.document import Document

# Each turn's speaker, and the words that it ends with.
TRANSCRIPTS = {
    "a briefing, with letters for reporters": (
        """\
Daily briefing by Press Secretary Odile Marchand-Roy

MS. MARCHAND-ROY: Good afternoon. I have two things at the top.

First, the Halden bridge is open again, as of six this morning.

And then the minister leaves for Lisbon tonight.

Q    Thank you, Odile. Will she meet the prime minister?

MS. MARCHAND-ROY: I have nothing to announce on that.

Q    But you are not ruling it out?

MS. MARCHAND-ROY: I am not ruling anything in or out.

(Laughter.)

Q    On the bridge, who is going to pay?

MS. MARCHAND-ROY: The insurers will pay. We said "not a cent" in May, and it stands.

Q    Thank you.""",
        [
            ("Odile Marchand-Roy", "leaves for Lisbon tonight."),
            ("question", "the prime minister?"),
            ("Odile Marchand-Roy", "announce on that."),
            ("question", "not ruling it out?"),
            ("Odile Marchand-Roy", "in or out."),
            ("question", "is going to pay?"),
            ("Odile Marchand-Roy", "and it stands."),
            ("question", "Thank you."),
        ],
    ),
    "an interview, with names in mixed case": (
        """\
The last keeper of Skarholm light

Anna Reed kept the light for forty years. Our reporter Tom Moss met her in her kitchen.

Tom Moss: How long were you out there?

Anna Reed: Forty years, and I would not give back one of them.

The winters were the best. Nobody came.

Tom Moss: Do you miss it?

Anna Reed: Every day. I still wake at four.

Reed pours more coffee and looks out at the rain.

Tom Moss: What will become of the house?

Anna Reed: They say it will be a hotel.""",
        [
            ("Tom Moss", "out there?"),
            ("Anna Reed", "Nobody came."),
            ("Tom Moss", "miss it?"),
            ("Anna Reed", "wake at four."),
            ("Tom Moss", "of the house?"),
            ("Anna Reed", "will be a hotel."),
        ],
    ),
    "questions and answers with full stops": (
        """\
Five questions on the new bins

Q. When do they come?

A. From the third of May, street by street.

Q. What goes into the brown one?

A. Peelings, leaves and paper without print.

Nothing that was ever alive and is cooked now.

Q. And if mine is stolen?

A. Ring the council, and you will get another.""",
        [
            ("question", "do they come?"),
            ("answer", "street by street."),
            ("question", "the brown one?"),
            ("answer", "is cooked now."),
            ("question", "mine is stolen?"),
            ("answer", "get another."),
        ],
    ),
    "a debate, with capitals and brackets": (
        """\
The candidates for mayor met on Thursday. This is what they said about the harbour.

MODERATOR: Mr Okafor, you have a minute.

OKAFOR: The harbour is dying, and everybody in this room knows why.

LINDQVIST: That is not so.

OKAFOR: Let me finish. We lost two hundred jobs.

(APPLAUSE)

MODERATOR: Ms Lindqvist, your answer.

LINDQVIST: We lost ninety, and we have won more than that.

My opponent voted against the dry dock.

OKAFOR: I voted against the price.""",
        [
            ("Moderator", "have a minute."),
            ("Okafor", "knows why."),
            ("Lindqvist", "is not so."),
            ("Okafor", "two hundred jobs."),
            ("Moderator", "your answer."),
            ("Lindqvist", "the dry dock."),
            ("Okafor", "against the price."),
        ],
    ),
    "an earnings call, with titles": (
        """\
Transcript of the call on the third quarter of Brightwell Mills

Operator: Good morning, and welcome. The first question is from Joe Burns.

Joe Burns, Castlegate Research: Thank you. What do you expect of flour?

Dr. Helen Achebe: We expect it to stay where it is. The harvest was late.

Operator: The next question comes from Ines Duarte.

Ines Duarte, Harbour Bank: Do you still mean to buy the Polish mill?

Dr. Helen Achebe: We do, and we hope to close in March.

Operator: That was the last question.""",
        [
            ("Operator", "Joe Burns."),
            ("Joe Burns", "expect of flour?"),
            ("Helen Achebe", "harvest was late."),
            ("Operator", "Ines Duarte."),
            ("Ines Duarte", "the Polish mill?"),
            ("Helen Achebe", "close in March."),
            ("Operator", "last question."),
        ],
    ),
    "an interview, with a letter and a surname": (
        """\
Q: You wrote the song on a ferry?

HADDAD: On the back of a ticket, yes.

Q: And they sang it in Oslo.

HADDAD: They sang it everywhere. My mother said, "You should have asked for money."

I should have.

Q: Will there be another?

HADDAD: If there is another ferry.""",
        [
            ("question", "on a ferry?"),
            ("Haddad", "ticket, yes."),
            ("question", "it in Oslo."),
            ("Haddad", "I should have."),
            ("question", "be another?"),
            ("Haddad", "another ferry."),
        ],
    ),
}


def test_there_are_enough_turns_to_measure():
    assert len(TRANSCRIPTS) >= 6
    assert sum(len(expected) for _, expected in TRANSCRIPTS.values()) >= 40


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_turn_is_direct_speech_of_the_one_whose_label_opens_it(name):
    text, expected = TRANSCRIPTS[name]
    table = quotations(Document.from_text(text))
    found = [
        (rows["speaker_entity"].iloc[0], rows["text"].iloc[-1], set(rows["kind"]))
        for _, rows in table[table["kind"] != "scare"].groupby("quotation", sort=False)
    ]
    assert [(speaker, kinds) for speaker, _, kinds in found] == [(speaker, {"direct"}) for speaker, _ in expected]
    assert all(last.endswith(end) for (_, last, _), (_, end) in zip(found, expected, strict=True))


def test_the_words_of_a_turn_are_its_speakers_without_quotation_marks():
    document = Document.from_text(TRANSCRIPTS["an interview, with names in mixed case"][0])
    speech = direct_speech(document)
    anna = speech[speech["speaker"] == "Anna Reed"]
    spoken = [document.text[a:b] for a, b in zip(anna["start"], anna["end"], strict=True)]
    assert spoken[:2] == [
        "Forty years, and I would not give back one of them.",
        "The winters were the best. Nobody came.",
    ]
    assert not any("pours" in words for words in spoken)


# Kinds of labels: those who speak as written there, and as they are to be named; how a turn opens.
LABELS = {
    "numbers": (["Speaker 1", "Speaker 2", "Speaker 3"], "{}: "),
    "time stamps before": (["Anna Reed", "Tom Hale"], "[00:{:02d}] {}: "),
    "time stamps behind": (["Anna Reed", "Tom Hale"], "{1} (00:{0:02d}): "),
    "capitals and titles": (["MS. JEAN-PIERRE", "MR. SULLIVAN-WRIGHT", "Q"], "{}: "),
    "mixed case and titles": (["Anna Reed", "Prof. Ravi de Souza", "Ms Okafor"], "{}: "),
    "the court": (["THE COURT", "MR. DIAZ", "THE WITNESS", "MS. ST. JOHN"], "{}: "),
    "roles": (["Host", "Guest"], "{}: "),
    "letters": (["Q", "A"], "{}. "),
    "initials": (["AR", "TH"], "{}: "),
}
TURNS = [
    "Thank you for having me.",
    "We looked at it in May. Nobody had asked before.",
    "I said to her that it was late, and she told me to wait.",
    "The council says it has no money: none at all.",
    "Well, that's the question, isn't it?",
    "“Go home,” he told us. We did not.\nAnd that is where we are now.",
    "I think so, yes. My colleague Tom Berg would say otherwise.",
    "No.\nIt goes back to my father, who said the mill would close.",
    "In 2019 it was 14 per cent; now it's 9.",
    "Q1 was better than Q2, frankly.",
]


@pytest.mark.parametrize("kind", LABELS)
def test_of_forty_turns_nearly_all_have_the_right_speaker(kind):
    labels, opening = LABELS[kind]
    said = [(labels[(k + k // 7) % len(labels)], TURNS[(3 * k + k // 10) % len(TURNS)]) for k in range(40)]
    lines = [
        (opening.format(k, label) if "02d" in opening else opening.format(label)) + words
        for k, (label, words) in enumerate(said)
    ]
    table = quotations(Document.from_text("The meeting was recorded in Oslo.\n" + "\n".join(lines)))
    first = table[table["kind"] == "direct"].drop_duplicates("quotation")
    wanted = [{"Q": "question", "A": "answer"}.get(label, label) for label, _ in said]
    right = sum(
        found.casefold() in label.casefold() or label.casefold() in found.casefold()
        for found, label in zip(first["speaker_entity"], wanted, strict=False)
    )
    assert len(first) == len(said)
    assert right >= 0.95 * len(said), first["speaker_entity"].tolist()


def test_a_letter_is_no_name():
    table = sources(Document.from_text(TRANSCRIPTS["questions and answers with full stops"][0]))
    assert set(table["source"]) == {"anonymous"}


@pytest.mark.parametrize(
    "text",
    [
        "Price: 20 euros\n\nRating: 4\n\nPrice: 30 euros\n\nRating: 5",
        "WHEN: Monday\n\nWHERE: the hall\n\nWHEN: Tuesday\n\nWHERE: the park",
        "A man came.\n\nA man went.\n\nA man stayed.",
        "Update: The road is open.\n\nThe mayor: nobody was hurt.\n\nOne thing is certain: it will rain.",
        "LONDON: The bank fell.\n\nIt rained.\n\nMUMBAI: The rupee rose.",
    ],
)
def test_a_list_is_no_transcript(text):
    assert turns(text) == []
