"""Who does what to whom, which way things go, what is denied, and names: sentences of our own with the right sign."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.analyses.sentiment import targets, valence as tone
from workbench.analyses.sentiment.directions import classes
from workbench.analyses.sentiment.roles import used
from workbench.language import tokens

# The name in brackets, and the tone towards it. "last" and "newest" were written before a round that
# worked on their kinds: of "newest" 30 of 40 were right at first.
TOWARDS = pd.read_csv(Path(__file__).with_name("towards.tsv"), sep="\t")
FEWEST_RIGHT = {"first": 69, "second": 56, "fresh": 22, "last": 22, "newest": 35}

DENIED_BAD = """
    The plan is not bad.
    It was not a failure.
    There is nothing wrong with it.
    The film is never boring.
    It could not be better.
    Things couldn't be better.
    The mood has never been better.
    She could hardly be happier.
    It was nothing but praise.
    The show is not only good but cheap.
    He is not just brilliant.
    It was nothing short of wonderful.
    It is nothing less than excellent.
    The meal was far from terrible.
    The idea is anything but stupid.
    They live free from fear.
    The valley is free of disease.
    She is no longer ill.
    He is unlikely to fail.
    They won without violence.
    Not one was killed.
    Nobody was hurt.
    He didn't fail.
    She wasn't afraid.
    It isn't a disaster.
    No doubt it is a success.
    It is not merely good.
    He chose peace instead of war.
"""
DENIED_GOOD = """
    The plan is not good.
    It is far from good.
    It is anything but good.
    It is less than good.
    It is seldom good.
    It could not be worse.
    Things couldn't be worse.
    The mood has never been worse.
    It was nothing but lies.
    The food is hardly good.
    It is scarcely a success.
    It was barely good.
    They rarely succeed.
    No hope is left.
    There is little hope.
    Few were happy.
    Nobody was happy.
    None of them was happy.
    None of the guests was pleased.
    Not a single guest was happy.
    There is nothing good in it.
    Neither was good.
    He never was honest.
    She lacks courage.
    It lacks beauty.
    A life without joy.
    They failed to win.
    She is no longer happy.
    It is nowhere near good.
    They are unable to win.
    He is unlikely to win.
    The speech was devoid of hope.
    They cannot enjoy it.
    It isn't good.
    It wasn't a success.
    They don't love it.
    He won't succeed.
    The show is not only bad but expensive.
    It is not just ugly.
    The song is no good.
    It is nowhere good.
    Nor was it good.
    It was nothing short of a disaster.
"""


def lines(text):
    return [line.strip() for line in text.strip().splitlines()]


def towards(marked):
    start, end = marked.index("["), marked.index("]") - 1
    document = wb.Document.from_text(marked.replace("[", "").replace("]", ""))
    return wb.entity_sentiment(document, [(start, end)]).iloc[0]


@pytest.mark.parametrize("kind", FEWEST_RIGHT)
def test_the_tone_towards_a_name_has_the_right_sign(kind):
    sentences = TOWARDS[TOWARDS["set"] == kind]
    found = [towards(sentence)["label"] for sentence in sentences["sentence"]]
    right = sentences["label"] == found
    assert right.sum() >= FEWEST_RIGHT[kind], list(sentences["sentence"][~right])


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister said that [Lindqvist]'s plan, which he had seen, was a brilliant idea.",
        '"It was brilliant," [Okafor] told reporters when she was asked how she had done it.',
        "[Holt] also said, and the mayor then replied, that there had never been such brilliant nurses.",
        "[Holt] also said, and the mayor then added, that there had never been such brilliant nurses.",
        "[Rowe], who has said so before, wrote that it was just as brilliant as other ideas.",
        "[Rowe]’s idea, though it was perhaps the last of up to forty, was more brilliant than the first.",
    ],
)
def test_names_function_words_and_plain_speech_are_no_evidence(sentence):
    words = towards(sentence)["words"]
    assert "rilliant" in words
    assert {word.rsplit(" ", 1)[0].lower() for word in words.split("; ")} <= {
        *"brilliant idea plan nurses reporters minister mayor seen before".split()
    }


def test_no_score_has_another_sign_than_its_label():
    found = pd.DataFrame([towards(sentence) for sentence in TOWARDS["sentence"]])
    assert (found["label"] * found["score"] >= 0).all()
    assert not np.signbit(found["score"][found["score"] == 0]).any()


def test_words_that_add_little_are_not_shown_as_evidence():
    shares = [
        [abs(float(word.rsplit(" ", 1)[1])) for word in towards(sentence)["words"].split("; ") if word]
        for sentence in TOWARDS["sentence"]
    ]
    assert all(share >= min(0.5, found[0] / 2) - 0.01 for found in shares for share in found)


@pytest.mark.parametrize("sentence", lines(DENIED_BAD))
def test_what_is_not_bad_is_positive(sentence):
    assert tone.valence(sentence)[0] > 0


@pytest.mark.parametrize("sentence", lines(DENIED_GOOD))
def test_what_is_not_good_is_negative(sentence):
    assert tone.valence(sentence)[0] < 0


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("Unemployment fell to its lowest level.", 1),
        ("Unemployment rose to its highest level.", -1),
        ("Sales slid 29 percent.", -1),
        ("Profit climbed in May.", 1),
        ("The company narrowed its losses.", 1),
        ("Losses widened again.", -1),
        ("Deaths doubled last year.", -1),
        ("Deaths halved last year.", 1),
        ("Crime is down.", 1),
        ("A fall in crime was reported.", 1),
        ("Thousands of jobs were cut.", -1),
        ("The deficit shrank.", 1),
        ("Her approval rating is at its lowest.", -1),
    ],
)
def test_what_rises_or_falls_decides(sentence, sign):
    assert wb.sentiment(wb.Document.from_text(sentence))["valence"][0] * sign > 0.1


@pytest.mark.parametrize(
    "sentence",
    ["Up to forty jobs are on the list.", "She added that jobs are on the list.", "The firm lists its jobs."],
)
def test_what_neither_rises_nor_falls_has_no_direction(sentence):
    document = wb.Document.from_text(sentence)
    assert wb.sentiment(document)["valence"][0] < 0.1
    assert not {"gain", "harm"} & set(used(tokens(document), (0, len(tokens(document).text)), classes())[0].values())


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("[Kulkarni] was booed, while Sheikh was garlanded.", -1),
        ("Kulkarni was booed, while [Sheikh] was praised.", 1),
        ("[Marsh]'s approval rating is at its lowest.", -1),
        ("[Marsh]'s approval rating stood at a record high.", 1),
        ("[Vellacorp] slumped to a loss.", -1),
        ("[Lindell] was anything but honest.", -1),
        ("[Oduya]'s timing could not be better.", 1),
        ("Relations with [Ostrava] could not be worse.", -1),
        ("The allegations against [Norden] were false.", 1),
        ("[Crane] siphoned the money for years.", -1),
    ],
)
def test_each_clause_has_its_own_and_a_level_tells_of_its_subject(sentence, label):
    assert towards(sentence)["label"] == label


def test_function_words_never_take_a_side():
    learned = targets.weights()
    sided = [name for name, (bad, _, good) in learned.items() if name.startswith("either ") and (bad or good)]
    assert not sided
    assert "either any|that" in learned
    assert not {name for name in learned if name.endswith(("|as", "|though", "|more", "|first", "|say", "|’s"))} - {
        name for name in learned if name.startswith("either ")
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Love met reporters at noon.",
        "Fred Savage, 47, spoke to the council.",
        "Best Buy has offices in four cities.",
        "The meeting took place at Happy Valley school.",
        "Grant Slaughter chairs the committee.",
        "Joy Behar was seen in Leeds on Monday.",
        "Virgin Atlantic moved its office to Bristol.",
        '"Pride and Prejudice" was on at the Odeon.',
        "Sir Ed Badger lives near Cape Fear.",
    ],
)
def test_a_name_carries_no_tone(sentence):
    assert wb.sentiment(wb.Document.from_text(sentence))["valence"][0] == 0


def test_own_directions_come_first():
    document = wb.Document.from_text("Rents rose in Leeds.")
    before = wb.sentiment(document)["valence"][0]
    assert wb.sentiment(document, directions={"rent rents": "bad"})["valence"][0] < min(before, -0.1)
    assert wb.sentiment(document)["valence"][0] == before
    with pytest.raises(ValueError, match="no class of directions 'worse'"):
        classes({"rent": "worse"})


def test_a_headline_in_capitals_is_read_as_a_sentence():
    assert towards("[Harland] Praised for Brave Rescue of Lost Children")["label"] == 1
    assert towards("Senators Attack [Harland] Over Shameful Lies")["label"] == -1


@pytest.mark.parametrize(
    "headline",
    ["Biden tops Trump in a new poll.", "Sanders beats Biden in New Hampshire", "Trump slams Sanders over tax plan"],
)
def test_anothers_name_is_no_reason_whatever_the_parser_takes_it_for(headline):
    found = wb.entity_sentiment(wb.Document.from_text(headline))
    assert not any(name in words for name in found.entity for words in found.words)
