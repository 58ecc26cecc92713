"""Tokens: whatever the text, they are all of it, in order, each within its sentence."""

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from workbench.documents import Document, DocumentError
from workbench.language import annotate, memory, model, model_name, parse, pipeline, sentence_spans, tokens

PIECES = [
    *("“", "”", '"', "'", "’s", "(", ")", "[", "—", "-", "…", ".", "!?", ":", ";", "/", "\n", "\n\n", " ", "\u2028"),
    *("Anna Berg ", "said ", "that it rains", " U.S. ", "Mr. ", "NATO", "https://a.b/c?d=e ", "a@b.c", "1,000.5"),
    *("字", "😀", "\u0301", "\u200b", "\u202e", "\0", "\ud800", "ﬁ", "x" * 700, '"' * 120, "a-" * 90, "can't "),
]  # fmt: skip


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=80)))
@settings(deadline=None, max_examples=150)
def test_tokens_are_all_of_any_text_in_order(text: str) -> None:
    document = Document.from_text(text)
    found, text = tokens(document), document.text
    assert [text[start:end] for start, end in zip(found.start, found.end, strict=True)] == found.text
    assert all(end <= start for end, start in zip(found.end, found.start[1:], strict=False))
    covered = {place for start, end in zip(found.start, found.end, strict=True) for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)
    assert all(first <= head < past for head, (first, past) in zip(found.head, found.sentence, strict=True))
    assert all(first <= token < past for token, (first, past) in enumerate(found.sentence))
    assert all(before[1] <= after[0] for before, after in pairwise(sentence_spans(document)))
    assert all(found.written(i, i + 1) == word for i, word in enumerate(found.text))


def test_a_text_of_more_words_than_can_be_parsed_is_refused_in_a_line() -> None:
    with pytest.raises(DocumentError, match="long: 150,001 words and marks, and no more than 150,000 can be parsed"):
        parse(Document.from_text("a " * 150_001, name="long"))


def test_a_text_is_annotated_as_by_spacys_own_components_one_after_another():
    text = "There is none.  They're gonna win, let's go! I ain't; y'all got nothin'.\n\nC'mon, said Ann Lee of NATO."
    nlp = pipeline(model_name())
    plain = nlp.make_doc(text)
    for _, component in nlp.pipeline:
        plain = component(plain)
    layers = ["POS", "TAG", "MORPH", "LEMMA", "DEP", "ENT_TYPE", "ENT_IOB"]
    assert annotate(nlp, text).to_array(layers).tolist() == plain.to_array(layers).tolist()
    assert {"nothing", "you", "us", "go"} <= {token.lemma_ for token in plain}


def test_words_are_kept_up_to_a_bound_and_then_forgotten_with_their_texts(monkeypatch: pytest.MonkeyPatch):
    nlp = pipeline(model_name())
    monkeypatch.setattr(model, "KEPT", len(nlp.vocab) + 20)
    for part in range(4):
        with memory(model_name()):
            nlp.make_doc(" ".join(f"{part}wug{number}" for number in range(15)))
    assert [f"{part}wug0" in nlp.vocab for part in range(4)] == [True, True, False, False]
