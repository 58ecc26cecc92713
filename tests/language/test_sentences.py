"""Sentences and paragraphs: where they begin and end."""

import re
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


# By hand: where sentences end, each line a kind of its own.
BROKEN = """
Shares of Acme Corp. (NYSE: ACM) fell on Monday.
Borealis Inc. (BOR) and Delta Ltd. (DLT) merged.
Martin Luther King Jr. (1929–1968) spoke there.
The call starts at 10 a.m. (GMT) and ends at noon.
The rule of Okafor et al. (2020) still holds.
Okafor et al. 2020 is cited twice.
Sec. 9 of the law says so.
The ban rests on Sec. 9 of the law. | It fell.
See para. 3 of the ruling. | It is short.
They cite Art. 5 of the treaty.
As fig. 3 shows, output fell. | So did pay.
It stands in vol. 5, p. 12 of the report.
Yahoo! Inc. was sold in 2017. | Few noticed.
Yum! Brands runs the chain. | It grew.
She takes vitamin D. | Both help.
Police questioned Person A. | Police then left.
He fought in World War II. | The town fell.
He died in World War I. | Nobody wrote home.
They went back to plan B. | Nobody liked it.
The virus is hepatitis C. | Doctors treat it.
The film was written by J. Smith and F. Scott Keller.
President George W. Bush met Samuel L. Jackson.
J. K. Rowling and George R. R. Martin were there.
My sister is older than I. | Mary is younger.
Neither he nor I. | Then who?
The U.S. Senate voted. | The U.K. did not.
He left the U.S. | Both sons stayed.
The bank left the E.U. | Is that wise?
The U.S. Supreme Court ruled against the U.S. Army.
At 9 a.m. Eastern time the bell rang.
She came at 9 a.m. | They left at 5 p.m. | He slept.
The shop opens at 8 a.m. Monday and closes at 6 p.m. Friday.
He was born on Jan. 3, 1950, and died on Dec. 9.
It closed on Oct. 31. | In Nov. 2 it opened.
Sen. Ann Lee (R-Tex.) and Rep. Bo Ray (D-Calif.) agreed.
Gov. Mary Fallon, R-Okla., signed it. | Rep. Ray did not.
Dr. A. Berg and Prof. Li left St. Paul, Minn., on Friday.
Mr. and Mrs. Ortega live on Elm St. near Oak Ave. and 5th Rd.
He lives at 12 Elm St. | Nobody visits.
The vs. in Ali vs. Frazier is short for versus.
Smith v. Jones was heard first. | Roe v. Wade came later.
She has a Ph.D. from Yale. | He has an M.A. | They met in D.C.
The No. 1 seed lost. | The No. 2 seed won.
She is the world no. 1 and he the no. 12.
He said no. | She said yes.
Oh, no. | I hope not.
The answer was No. | That hurt.
It cost approx. $3 million, i.e. a lot, e.g. for us.
The town (pop. 3,500) lies near Mt. Hood and Ft. Worth.
The abbey, c. 1200, was rebuilt ca. 1450 and est. 1990 as a museum.
Who wrote this? | I did! | Really? | Yes.
"Who wrote this?" she asked. | "I did."
"Stop!" the guard shouted at the crowd.
“Why?” Ann Lee said. | “Because,” Bo answered.
“Is it over?” | “No,” he said.
He asked “why?” and left. | She stayed.
‘It’s a deal!’ Mr. Berg told reporters. | Nobody cheered.
"It is late," he said. | "We should go. | Now."
He paused... then spoke. | Nobody answered.
Well … maybe. | We will see.
I waited . . . and waited. | It rained.
The bill (H.R. 3200) passed. | (The Senate had waited.) | It is law.
He won (again!) and left (why?) early.
Prices rose 3.5 percent. | 40 people complained.
He turned 40. | 12 friends came.
1. Wash the rice. | 2. Boil it.
The index fell to 1,250.75. | Oil rose.
The site example.com is down. | Visit example.org instead.
It runs on Node.js and ASP.NET. | Both are old.
Version 2.0 is out. | Version 3.1 is not.
The deal is worth $3 bn. | It closes in May.
He is 6 ft. tall and weighs 180 lbs. | She is taller.
It weighs 5 kg. | The box is small.
The company, Acme Co., sued Delta Bros. and Ray & Sons Ltd. in May.
He works for Acme Inc. | Nobody else does.
It was sold to Acme Corp. | None of them cheered.
Ray Jr. and Ray Sr. spoke. | Ray Jr. left first.
Maj. Gen. Li met Lt. Col. Berg and Sgt. 1st Class Ray.
Lt. Gov. Fallon met Atty. Gen. Ortega. | Insp. Gen. Ray did not come.
The Rev. Al Sharp and the Hon. Ann Lee prayed.
The Washington Post Co. (WPO) and Dow Chemical Co. (DOW) rose.
He said: "Go." | She went.
She said, "I am leaving (for good)." | Then she left.
They asked [the mayor] to go. | [He refused.] | They stayed.
"We won." | That was all he said.
It was a tie. | — Nobody won.
Is he No. 10? | Who knows?
The team is from St. Louis, Mo. | Others came along.
He moved to Washington, D.C. | His wife followed.
They met on Tues. | Nobody came on Wed. morning.
He teaches at Mass. General and Johns Hopkins Univ. in Md.
It is in Ch. 4, pp. 12–19, and in App. B.
Turn to pg. 7. | There it is.
Call ext. 12 after 5 p.m. | Nobody will ask.
Type A blood is rare. | Type O is not.
The suspect is known as Witness B. | Jurors never saw her.
The court cited Reg. 7 and Cl. 4 of the code.
The opera, Op. 27, No. 2, was played. | Critics slept.
“The U.S. must act,” he said. | “The E.U. will not.”
He lives in the U.S. | "We like it," he said.
"He lives in the U.S." | "So do I."
""".strip().splitlines()


@pytest.mark.parametrize("marked", BROKEN)
def test_sentences_end_where_they_end(marked):
    text = marked.replace(" | ", " ")
    assert [text[start:end] for start, end in sentences(text)] == marked.split(" | ")


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
    assert sentences("U.S. " * 200_000) == ((0, 999_999),)


def test_going_through_the_pipeline_alone_gives_what_spacy_gives():
    nlp = language.pipeline(language.model_name())
    ruled = "He ain't gonna go: there is no  nothin' to do. Y'all gotta let's see what got lost, c'mon."
    for text in [*(path.read_text("utf-8") for path in Path("seeds").glob("*.txt")), "", " ", "Oslo", ruled]:
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


@pytest.mark.parametrize("text", ["One came.\nTwo went.", "One came.\n", "One came.", ""])
def test_a_text_is_parsed_in_one_piece_and_a_long_one_by_whole_paragraphs(text, monkeypatch):
    document = Document.from_text(text)
    pieces = []
    annotate = language.annotate
    monkeypatch.setattr(language, "annotate", lambda nlp, part: pieces.append(part) or annotate(nlp, part))
    assert parse(document).text == text
    assert pieces == [text]
    monkeypatch.setattr(language, "_PARTS", re.compile(language._PARTS.pattern.replace(str(language.AT_ONCE), "12")))
    assert "".join(language._PARTS.findall(text)) == text
    assert all(part.endswith("\n") for part in language._PARTS.findall(text)[:-1])
