"""Pairing of quotation marks. Expected stretches are marked in the examples themselves, between ⟦ and ⟧."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from workbench.analyses.quotations.marks import Parse, pairs
from workbench.documents.document import Document
from workbench.language.parsing import tokens

STYLES = {
    "straight": 'She said ⟦"no"⟧ and left.',
    "curly": "She said ⟦“no”⟧ and left.",
    "opened curly, closed straight": 'She said ⟦“no"⟧ and left.',
    "opened straight, closed curly": 'She said ⟦"no”⟧ and left.',
    "both halves the closing form": "She said ⟦”no”⟧ and left.",
    "doubled single marks": "He said ⟦''That makes me smart''⟧ again.",
    "typewriter": "He said ⟦``no''⟧ again.",
    "angle": "He said ⟦«no»⟧ again.",
    "German": "He said ⟦„no“⟧ again.",
    "British single": "He said: ⟦‘I’m not going, and that’s final.’⟧ Then he went.",
    "British single, straight": "He said: ⟦'I'm not going.'⟧ Then he went.",
    "a plural's apostrophe within": "⟦'It's the boys' fault, and the girls' too,'⟧ said Mrs Hale.",
    "single, closed after s": "The ⟦'boys'⟧ and the ⟦'girls,'⟧ he said.",
    "single within double": "⟦“She called it ‘a farce’ twice,”⟧ he said.",
    "double within single": "⟦‘She called it “a farce” twice,’⟧ he said.",
    "straight within straight": '⟦"We heard "never again" too often,"⟧ he said.',
    "two in a line": "⟦“One,”⟧ he said. ⟦“Two.”⟧",
    "brackets": "The plan (⟦“a mess”⟧) and [⟦“worse”⟧] failed.",
    "after a dash": "The plan—⟦“a mess”⟧—failed.",
}
APART = {
    "apostrophes": "It's the workers' and the bosses’ year; rock 'n' roll in the '90s, ’tis said.",
    "feet and inches": "He is 6'2\" tall, she 5’ 10”.",
    "inches alone": 'A 12" disc and a 7" one.',
    "minutes": "A 90' match and a 5'-wide road.",
    "a closing mark without an opening one": 'of his systems" including the heart',
}


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of an example without its ⟦⟧, and where they stood."""
    text, ends = "", []
    for character in example:
        if character in "⟦⟧":
            ends.append(len(text))
        else:
            text += character
    return text, list(zip(ends[::2], ends[1::2], strict=True))


@pytest.mark.parametrize("style", STYLES)
def test_marks_of_every_style_are_paired(style):
    text, expected = marked(STYLES[style])
    assert pairs(text) == expected


@pytest.mark.parametrize("what", APART)
def test_what_is_no_quotation_mark_is_left_alone(what):
    assert pairs(APART[what]) == []


def test_an_unclosed_quotation_ends_with_its_paragraph():
    text, expected = marked("⟦“We will win, and win again.⟧\n⟦“And then we rest,”⟧ she said.")
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "dateline",
    [
        "SPRINGFIELD, Ore., March 14 - ",
        "March 14 (Reuters) — ",
        "OSLO — ",
        "PORT-AU-PRINCE, Haiti (AP) -- ",
        "Washington (CNN) – ",
        "New Delhi, Jun 12 (PTI) ",
        "MUMBAI, June 12 (PTI): ",
    ],
)
def test_a_dateline_ends_with_its_dash(dateline):
    p = Parse(tokens(Document.from_text(f"It rained.\n{dateline}Ferry crews will strike.")))
    assert [p.text[token] for token in p.after_dateline.values()] == ["Ferry"]


@pytest.mark.parametrize(
    "text",
    ["NASA — the agency — said so.", "In May, Mr. Moss - who was ill - said no.", "Voters — Many of them — came."],
)
def test_a_dash_alone_makes_no_dateline(text):
    assert not Parse(tokens(Document.from_text(text))).after_dateline


def test_an_unclosed_single_mark_is_an_apostrophe():
    assert pairs("He went for ’ever and a day.\nShe stayed.") == []


@given(st.text(alphabet="ab 1.,\n\r\t\0😀\"'“”‘’„«»`", max_size=200))
def test_any_text_gives_ordered_pairs_within_its_lines(text):
    found = pairs(text)
    assert all(start < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert not any("\n" in text[start:end] for start, end in found)


def test_a_long_line_of_marks_is_paired_in_time():
    assert len(pairs('"a" ' * 100_000)) == 100_000
