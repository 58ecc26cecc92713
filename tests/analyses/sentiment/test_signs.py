"""Who does what to whom, which way things go, what is denied, and names: sentences of our own with the right sign."""

import pytest

import workbench as wb
from workbench.analyses.sentiment import valence as tone
from workbench.analyses.sentiment.directions import classes

# The name in brackets, the tone towards it before the sentence.
TOWARDS = {
    "role": """
         1 [Biden] tops Trump in a new poll.
        -1 Biden tops [Trump] in a new poll.
        -1 [Harland] trails Whitcombe by nine points.
         1 Harland trails [Whitcombe] by nine points.
         1 Starmer praised [Khan] but attacked Sunak.
        -1 Starmer praised Khan but attacked [Sunak].
        -1 Union leaders condemned [Dalton] and thanked Reyes.
         1 Union leaders condemned Dalton and thanked [Reyes].
        -1 [Morley] was accused of fraud by three former colleagues.
        -1 Three former colleagues accused [Morley] of fraud.
         1 [Okafor] was praised by the nurses for her courage.
         1 The mayor of Leeds hailed [Okafor] as a hero.
        -1 [Grayson] was beaten by Lindqvist in the final.
         1 Grayson was beaten by [Lindqvist] in the final.
         1 [Lindqvist] beat Grayson in the final.
         1 [Velora] outperformed all of its rivals last year.
        -1 [Brightwell] was booed off the stage.
        -1 The court convicted [Farrow] of bribery.
        -1 [Farrow] was jailed for six years.
         1 Voters trust [Adeyemi] more than any other minister.
        -1 The report blames [Holt] for the collapse of the bridge.
        -1 [Castellan] lied to the committee about the payments.
         1 [Marchetti] rescued two children from the burning house.
        -1 Senators mocked [Pryce] for his clumsy answers.
         1 [Nakamura] won the prize for her brilliant novel.
        -1 [Tarrant] insulted the widow at her husband's funeral.
    """,
    "negation": """
         1 [Smith] was acquitted of all charges.
         1 The charges against [Smith] were dropped.
         1 Police cleared [Smith] of any wrongdoing.
         1 The judge dismissed the allegations against [Norling].
         1 [Norling] was exonerated after a long inquiry.
        -1 Nobody trusts [Bexley] any more.
        -1 [Bexley] failed to protect the workers.
        -1 [Corvane] is not an honest man.
        -1 The party refused to endorse [Wexford].
        -1 [Quill] never apologised for the scandal.
        -1 [Dunmore] is no hero.
         1 There is no evidence that [Ashby] did anything wrong.
    """,
    "direction": """
        -1 Support for [Starmer] is plummeting.
         1 Support for [Starmer] is growing.
        -1 Confidence in [Rowe] has fallen to a record low.
         1 Confidence in [Rowe] has risen sharply.
         1 [Trevanne]'s approval rating climbed to its highest level in years.
        -1 [Trevanne]'s approval rating sank again in May.
        -1 Opposition to [Rowe] is growing.
        -1 [Zentrix] shares fell 12 percent on Tuesday.
         1 [Zentrix] shares rose 12 percent on Tuesday.
         1 Profits at [Almaro] doubled in the third quarter.
        -1 Losses at [Almaro] widened in the third quarter.
         1 [Almaro] narrowed its losses in the third quarter.
         1 [Kestrel Foods] reported record sales.
        -1 [Kestrel Foods] reported a sharp drop in sales.
         1 Under [Okafor], unemployment fell to its lowest level in a decade.
        -1 Crime rose under [Holt].
        -1 Doubts about [Tennant] are mounting.
         1 Donations to [Reyes] have surged since the debate.
        -1 [Velora] slashes its profit forecast
         1 [Velora] Profit Jumps on Strong Demand
        -1 [Brantley] Loses Support Among Younger Voters
         1 [Brantley] Gains Support Among Younger Voters
    """,
    "name": """
         0 [Ann Love] met reporters at noon.
         0 [Fred Savage] arrived in Leeds on Monday.
         0 The meeting took place at [Happy Valley] school.
         0 [Best Buy] has offices in four cities.
         0 [Joy Grace] spoke to the committee on Tuesday.
         0 The train to [Hope] leaves at nine.
         0 [Grant Slaughter] chairs the committee.
         0 [Payne] will speak in Geneva on Friday.
         0 [Virgin] moved its office to Bristol in 2012.
         0 [Moody] lives in Boston with his wife.
    """,
}
FEWEST_RIGHT = {"role": 23, "negation": 9, "direction": 20, "name": 9}

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


@pytest.mark.parametrize("kind", TOWARDS)
def test_the_tone_towards_a_name_has_the_right_sign(kind):
    sentences = [line.split(maxsplit=1) for line in lines(TOWARDS[kind])]
    wrong = [sentence for label, sentence in sentences if towards(sentence)["label"] != int(label)]
    assert len(sentences) - len(wrong) >= FEWEST_RIGHT[kind], wrong


def test_names_and_function_words_are_no_evidence():
    document = wb.Document.from_text(
        "The minister said that Lindqvist's plan, which he had seen, was a brilliant idea."
    )
    start = document.text.index("Lindqvist")
    words = wb.entity_sentiment(document, [(start, start + 9)])["words"][0]
    assert "brilliant" in words
    assert {word.rsplit(" ", 1)[0] for word in words.split("; ")}.isdisjoint(
        {"that", "'s", "which", "he", "was", "The"}
    )


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
    ],
)
def test_what_rises_or_falls_decides(sentence, sign):
    assert wb.sentiment(wb.Document.from_text(sentence))["valence"][0] * sign > 0.1


@pytest.mark.parametrize(
    "name", ["Ann Love", "Fred Savage", "Grant Slaughter", "Joy Behar", "Best Buy", "Happy Valley", "Virgin Atlantic"]
)
def test_a_name_adds_nothing_to_the_valence(name):
    words = wb.sentiment(wb.Document.from_text(f"{name} was seen in Leeds on Monday."))["words"][0].lower()
    assert not [part for part in name.lower().split() if part in words]


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
