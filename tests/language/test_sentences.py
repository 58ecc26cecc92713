"""Sentences and paragraphs: where they begin and end."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from workbench.analyses.readability.counting import count
from workbench.documents.document import Document
from workbench.language import parsing as language
from workbench.language.parsing import parse
from workbench.language.sentences import paragraphs, sentences

# By hand: the text, its sentences, its words.
MARKED = [
    ("Mr. Ortega met Dr. Lindqvist at St. Jude's on Tuesday.", 1, 10),
    ("He moved to the U.S. in 1998. The U.S. has changed since.", 2, 12),
    ("She lives in Washington, D.C. Her brother doesn't.", 2, 8),
    ("Trading opens at 9 a.m. and ends at 4:30 p.m. on most days.", 1, 13),
    ("Doors close at 6 p.m. The concert starts at seven.", 2, 10),
    ('"Why now?" the minister asked. "We had a plan."', 2, 9),
    ('"Stop!" Mr. Haddad shouted. Nobody did.', 3, 6),
    ("“I came. I saw. I went home,” she said.", 3, 9),
    ("Prices rose 3.5 per cent, to $1,250.75 a tonne.", 1, 9),
    ("Acme Inc. sued Borealis Ltd. over a patent.", 1, 8),
    ("He worked for Acme Inc. Then he left.", 2, 8),
    ("J. R. R. Tolkien wrote it; C. S. Lewis read it.", 1, 11),
    ("Well... I don't know. Maybe.", 3, 5),
    ("The vote (it was close!) ended at midnight.", 1, 8),
    ("The vote ended at midnight. (It was close.) Nobody cheered.", 3, 10),
    ("Is that so? Yes! No.", 3, 5),
    ("The so-called know-it-alls aren't well-known.", 1, 5),
    ("Rock-'n'-roll's 1950s stars earned 20% more, didn't they?", 1, 8),
    ("The 9/11 inquiry and the 24-hour news cycle met on 3/4/2011.", 1, 11),
    ("Visit example.org or write to press@example.org today.", 1, 7),
    ("Gen. Okafor, 61, told Sen. Bright: 'Not yet.'", 1, 8),
    ("Smith v. Jones was heard in Oct. 1987 in No. 10 Court Rd.", 1, 13),
    ("He failed—again—and said nothing.", 1, 6),
    ("He failed -- again -- and said nothing.", 1, 6),
    ("First line ends here\nSecond paragraph starts here.", 2, 8),
    ("The score was 3–2. Rovers won.", 2, 6),
    ("What?! You can't be serious...", 2, 5),
    ("A.B. Yehoshua's novel, e.g. this one, sold 10,000 copies.", 1, 9),
    ("It cost €5m (about £4.3m). Who pays?", 2, 7),
    ("'It's over,' said Ms. O'Brien-Lee. 'It is.'", 2, 7),
    ("Ph.D. students earn less, i.e. too little, says the U.N. report.", 1, 11),
    ("The plane landed at JFK. Passengers clapped.", 2, 7),
    ("He said he felt ill. Mary stayed in. Tom sat.", 3, 10),
    ("NATO, the EU and the U.K. agreed.", 1, 7),
    ("He finished in Jan. 2019. Before Feb. 3 she did, too.", 2, 11),
    ("It ended.The next day it began.", 2, 7),
]


@pytest.mark.parametrize(("text", "expected", "words"), MARKED)
def test_sentences_and_words_of_hard_cases_are_those_marked_by_hand(text, expected, words):
    found = [text[start:end] for start, end in sentences(text)]
    assert len(found) == expected, found
    assert count(text)["words"].sum() == words


@given(st.text(alphabet=st.sampled_from("ab.!? \n\r\t\"'“”’AB9…()-\x00é🙂")))
def test_sentences_cover_all_but_white_space_in_order(text):
    covered = set()
    for start, end in sentences(text):
        assert start < end
        assert "\n" not in text[start:end]
        assert text[start:end] == text[start:end].strip()
        assert covered.isdisjoint(range(start, end))
        covered.update(range(start, end))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_a_line_is_a_paragraph_without_the_space_around_it():
    text = "  One line. \r\n\n\tAnother one"
    assert [text[start:end] for start, end in paragraphs(text)] == ["One line.", "Another one"]


def test_the_parse_has_the_same_sentences():
    text = (
        'Dr. No arrived in the U.S. The crowd cheered.\nA headline without a stop\n"Who is it?" Ann asked. Nobody knew.'
    )
    starts = [sentence[0].idx for sentence in parse(Document.from_text(text)).sents]
    assert starts == [start for start, _ in sentences(text)]


def test_a_million_characters_without_a_stop_are_split_at_once():
    assert sentences("U.S. " * 200_000) == [(0, 999_999)]


def test_going_through_the_pipeline_alone_gives_what_spacy_gives():
    nlp = language.pipeline(language.model_name())
    for text in [*(path.read_text("utf-8") for path in Path("seeds").glob("*.txt")), "", " ", "Oslo"]:
        ours, spacys = language.annotate(nlp, text), nlp(text)
        assert ours.to_json() == spacys.to_json()


def test_tokens_are_those_of_the_parse():
    document = Document.from_text("Ann Lee left Oslo.\n\n“He cried,” she said. Then  they left.")
    doc, tokens = language.parse(document), language.tokens(document)
    assert tokens.text == [token.text for token in doc]
    assert tokens.lemma == [token.lemma_ for token in doc]
    assert tokens.entity == [token.ent_type_ for token in doc]
    assert tokens.head == [token.head.i for token in doc]
    assert [document.text[s:e] for s, e in zip(tokens.start, tokens.end, strict=True)] == tokens.text
    assert tokens.sentence == [(token.sent.start, token.sent.end) for token in doc]
