"""What is a quotation and what is none, whose it is, and where marks end: kinds of sentences, each varied."""

import csv
from importlib.resources import files

import pandas as pd
import pytest
from articles import articles

from workbench.analyses.quotations.attribution import LEAST
from workbench.analyses.quotations.marks import pairs
from workbench.analyses.quotations.table import quotations, sources
from workbench.documents.document import Document

NO_QUOTATIONS = {
    "a noun that is announced or offered": [
        "The ministers announced an agreement.",
        "The bank announced a deal with its rival to build a plant.",
        "The team announced its squad.",
        "The union rejected the offer.",
        "The company offered a refund.",
        "Labour attacked his policies.",
        "The club welcomed the decision to keep the old stand.",
    ],
    "somebody who is named or judged": [
        "Police identified the victim as a 34-year-old man.",
        "The judge sentenced him to six years.",
        "The court ruled on Monday.",
        "Voters elected a new mayor.",
        "The board named Ines Duarte as its chair.",
    ],
    "a thing that does something": [
        "The map shows the river.",
        "The storm claimed ten lives.",
        "Nothing indicated foul play.",
        "The phone is starting to show its age.",
        "The Berm, also known as the Long Wall, was built in May.",
        "Press three for a defect.",
        "It was the second goal of the game.",
        "The ministry did not respond to a request for comment.",
        "Her voice was so soft that the others leaned in.",
    ],
    "a thought has no voice": [
        "The pact names a principle of common safety, which says that no state may arm at the cost of another.",
        "An old rule says that rain on Monday brings wind.",
    ],
    "what may be done": [
        "Luque, for his part, was in no hurry to go to bed.",
        "The act lets Europeans install what they like because it runs on the old model.",
        "She had no time to ask.",
    ],
    "what nobody is said to think": [
        "Rates are expected to rise.",
        "Ten people are believed to have drowned.",
        "The fish is known to live for sixty years.",
    ],
    "the journalist's own thoughts": [
        "I doubt it will rain.",
        "We know what happened to the bridge.",
        "You may wonder why the lamp is broken.",
    ],
}


@pytest.mark.parametrize("text", [text for texts in NO_QUOTATIONS.values() for text in texts])
def test_what_is_no_quotation(text):
    table = quotations(
        Document.from_text(f"Rain fell on the harbour all day.\n{text}\nThe ferries stayed at the quay.")
    )
    assert table["text"].tolist() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The union rejected the offer as 'an insult'.", "'an insult'"),
        ("Moss dismissed the report as “a fairy tale”.", "“a fairy tale”"),
        ("Hale said the plan was “a fairy tale”.", "the plan was “a fairy tale”"),
        ("The minister said that prices would fall.", "that prices would fall"),
        ("Ana Reyes insisted that the mill was safe.", "that the mill was safe"),
    ],
)
def test_a_clause_or_words_in_marks_are_a_quotation(text, words):
    assert words in quotations(Document.from_text(text))["text"].tolist()


def test_a_smaller_confidence_gives_more_of_indirect_speech_and_nothing_less_of_other():
    document = Document.from_text(
        "“We lost,” Ana Reyes said. She said that the mill was old. The report appears to show that it leaked.\n"
        "Halifax saw a strike in May. Moss hopes to sell it."
    )
    all_of_it, default, none = (quotations(document, least) for least in (0, None, 1))
    assert set(default["text"]) < set(all_of_it["text"]) or len(default) == len(all_of_it)
    assert none["text"].tolist() == ["“We lost,”"]
    indirect = default[default["kind"] == "indirect"]
    assert quotations(document, float(indirect["confidence"].max()))["text"].tolist() != none["text"].tolist()
    assert len(sources(document, 1)) == 1
    assert none["quotation"].tolist() == [1]


def test_confidence_means_what_it_says_in_every_tenth_with_enough_quotations():
    rows = csv.DictReader((files("workbench.measurement") / "validity.csv").read_text("utf-8").splitlines())
    tenth = "right of those with a confidence of "
    kept = [row for row in rows if row["measure"].startswith(tenth) and int(row["n"]) >= 20]
    assert len(kept) > 1
    gaps = {row["measure"]: float(row["ours"]) - float(row["measure"][len(tenth) :].split()[0]) - 0.05 for row in kept}
    assert {measure: gap for measure, gap in gaps.items() if abs(gap) > 0.1} == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He posted a message on Facebook, calling her a 'drama queen'.", "'drama queen'"),
        ("The coach shouted at her, calling her a “drama queen”.", "“drama queen”"),
        ("Hill called the vote “a farce” and went home.", "“a farce”"),
        ("She thanked the state for what she described as “a fast and fair” process.", "“a fast and fair”"),
    ],
)
def test_what_somebody_calls_something_is_as_sure_as_what_is_shown(text, words):
    found = quotations(Document.from_text(text)).set_index("text").loc[words]
    assert found["kind"] == "direct"
    assert found["confidence"] >= LEAST


def test_nothing_is_shown_that_is_less_sure_than_the_default():
    for article in articles():
        spoken = quotations(Document.from_text(article.text)).query("kind != 'scare'")
        assert spoken["confidence"].min() >= LEAST


@pytest.mark.parametrize("least", [-0.1, 1.1])
def test_a_confidence_lies_between_0_and_1(least):
    with pytest.raises(ValueError, match="from 0 to 1"):
        quotations(Document.from_text("It rained."), least)


WHOSE = {
    "nobody is a dateline's place": (
        "COPENHAGEN, May 6 – Rain fell, officials said on Monday.",
        "Rain fell",
        "officials",
    ),
    "one who speaks of itself": (
        "Clean Baltic Watch was glad. Nordhavn Energy builds terminals. It calls itself “the quiet giant”.",
        "“the quiet giant”",
        "Nordhavn Energy",
    ),
    "said within a sentence": ("House prices, said Ann Smith, are expected to fall.", "House prices", "Ann Smith"),
    "said within a sentence, with a title": (
        "The scheme, said Ann Smith of the Harbour Bank, will fail next year.",
        "The scheme",
        "Ann Smith",
    ),
    "one who is asked does not ask": (
        "Asked whether he would resign, Peter Khan said he would not.",
        "he would not",
        "Peter Khan",
    ),
    "nobody speaks of herself by name": (
        "Martha Hill and Anna Reed met on Monday. “I can't believe Martha would do this to me,” she said.",
        "“I can't believe Martha would do this to me,”",
        "Anna Reed",
    ),
    "a thought in what somebody says": (
        "Ann Lee argued that the state breaks a principle of common safety, which says that nobody may be tried twice.",
        "that the state breaks a principle of common safety, which says that nobody may be tried twice",
        "Ann Lee",
    ),
    "who says it, not in which paper": (
        "According to the Echo, Mayor Ann Lee said the mill was safe.",
        "Mayor Ann Lee said the mill was safe",
        "Echo",
    ),
    "the person beside the subject": (
        "Ed Varga said it would rain.\nThe depot’s manager, Howard Quill, was glad. “I was ready,” he says.",
        "“I was ready,”",
        "Howard Quill",
    ),
    "one who is dead": ("Her late father told the club that it would fail.", "that it would fail", "father"),
    "a report has one": ("The report says that shops lost money.", "that shops lost money", "report"),
    "a signature with a hyphen": (
        "The council met.\n“I will never vote for this again.” -Robert Diaz",
        "“I will never vote for this again.”",
        "Robert Diaz",
    ),
    "a signature with two": (
        "The council met.\n“I will never vote for this again.” --Robert Diaz",
        "“I will never vote for this again.”",
        "Robert Diaz",
    ),
    "a signature in brackets": (
        "The council met.\n“I will never vote for this again.” (Robert Diaz, council president)",
        "“I will never vote for this again.”",
        "Robert Diaz",
    ),
    "a label above": (
        "Rain fell.\nChairwoman Maria Diaz:\n“We will never vote for this again. It is over.”",
        "“We will never vote for this again. It is over.”",
        "Maria Diaz",
    ),
    "a letterhead": (
        "From the desk of John Doe\n“We will never vote for this again. It is over.”",
        "“We will never vote for this again. It is over.”",
        "John Doe",
    ),
    "a headline that ends with its speaker": (
        "‘No need to panic, need to remain alert’: AIIMS\nThe virus spread.",
        "‘No need to panic, need to remain alert’",
        "AIIMS",
    ),
}


@pytest.mark.parametrize("case", WHOSE)
def test_whose_it_is(case):
    text, words, speaker = WHOSE[case]
    table = quotations(Document.from_text(text))
    assert dict(zip(table["text"], table["speaker_entity"], strict=True)).get(words) == speaker, table.to_string()


def test_a_question_is_not_of_the_one_who_is_asked():
    table = quotations(Document.from_text("Asked whether he would resign, Peter Khan said he would not."), 0)
    assert "Peter Khan" not in table[table["text"].str.startswith("whether")]["speaker_entity"].tolist()


@pytest.mark.parametrize(
    "text",
    ["Mr Smith is said to be furious.", "It is understood that the club will appeal.", "It is said that he left."],
)
def test_where_nobody_is_named_nobody_speaks(text):
    assert set(quotations(Document.from_text(text), 0)["speaker_entity"]) <= {""}


MARKS = {
    "opened anew where paragraphs were merged": (
        'It wants "richer lives for all. "It will take time." In 2001, the government said no.',
        ['"richer lives for all.', '"It will take time."'],
    ),
    "the same with curly marks": (
        "“We are through. “Many people think so.” It is his twelfth final.",
        ["“We are through.", "“Many people think so.”"],
    ),
    "a sentence that tells who spoke": (
        '"We will win and win. Rain fell. The minister, Ann Hale, said it was over.',
        ['"We will win and win. Rain fell.'],
    ),
    "spaces inside": ('" We will win, " he said. " We always do. "', ['" We will win, "', '" We always do. "']),
    "nested, after a sentence": (
        '"He asked me. "Why?" I did not know," she said.',
        ['"He asked me. "Why?" I did not know,"'],
    ),
    "nested, within a sentence": (
        '"We heard "never again" too often," he said.',
        ['"We heard "never again" too often,"'],
    ),
}


@pytest.mark.parametrize("case", MARKS)
def test_the_shape_of_a_mark_tells_whether_it_opens(case):
    text, expected = MARKS[case]
    assert [text[start:end] for start, end in pairs(text)] == expected


def test_merged_paragraphs_leave_the_narration_alone():
    text = (
        'The council wants "a city for all. "It will take time," Ann Hale said. In 2001, the government closed the '
        "mill and sold the land on which it stood to a firm from the north."
    )
    table = quotations(Document.from_text(text))
    spoken = table[table["kind"] != "scare"]
    assert not spoken["text"].str.contains("2001").any()
    assert isinstance(spoken, pd.DataFrame)
    assert len(spoken) >= 1
