"""Who leads in a corpus: means over documents, with their intervals."""

import numpy as np
import pandas as pd
import pytest

from workbench.corpus.leading import LEADING, leading


def shares(table, of="share_of_voice"):
    """A row a document and speaker, from {document: {name: value}}."""
    rows = [
        (name, of if of == "share_of_voice" else f"{of}[{who}]", who if of == "share_of_voice" else "", value)
        for name, values in table.items()
        for who, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["document", "measure", "speaker", "value"])


def test_an_article_without_a_speaker_counts_as_none_of_its_words():
    table = shares({f"d{n}": {"Ann": 0.5, "Bo": 0.2} if n % 2 else {"Bo": 0.4} for n in range(20)})
    found = leading(table, "share_of_voice").set_index("name")
    assert found.value["Ann"] == pytest.approx(0.25)
    assert found.value["Bo"] == pytest.approx(0.3)
    assert list(found.index) == ["Bo", "Ann"]
    assert found.n.to_dict() == {"Ann": 10, "Bo": 20}
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


def test_a_pronoun_is_nobody_who_leads_but_a_name_like_a_function_word_may():
    table = shares({f"d{n}": {"he": 0.4, "answer": 0.1, "May": 0.2} for n in range(6)})
    assert leading(table, "share_of_voice").name.tolist() == ["May"]


def test_a_name_in_capitals_is_the_one_that_others_write_in_small_letters():
    table = shares({f"d{n}": {"HADDADIN" if n < 3 else "Haddadin": 0.2, "NATO": 0.1, "ADA": 0.1} for n in range(6)})
    found = leading(table, "share_of_voice").set_index("name")
    assert found.n.to_dict() == {"Haddadin": 6, "NATO": 6, "ADA": 6}
    assert found.value["Haddadin"] == pytest.approx(0.2)


def test_of_groups_each_has_its_leading_names_and_few_documents_have_no_interval():
    table = shares({f"d{n}": {"Ann" if n < 6 else "Bo": 0.3 + n / 100} for n in range(9)}, "mention_share")
    groups = pd.Series(["Post"] * 6 + ["Times"] * 3, [f"d{n}" for n in range(9)])
    found = leading(table, "mention_share", groups)
    assert list(found) == LEADING
    assert found.set_index("group").name.to_dict() == {"Post": "Ann", "Times": "Bo"}
    assert found.low.notna().tolist() == [True, False]


def test_a_tone_is_the_mean_over_the_articles_that_have_it():
    table = shares(
        {f"d{n}": {"Ann": (-1) ** n * 0.2 + 0.1} if n < 8 else {"Bo": 0.9} for n in range(10)}, "tone_towards"
    )
    (row,) = leading(table, "tone_towards").itertuples()
    assert (row.name, row.n) == ("Ann", 8)
    assert row.value == pytest.approx(0.1)
    margin = 2.365 * np.std([0.3, -0.1] * 4, ddof=1) / np.sqrt(8)
    assert (row.low, row.high) == pytest.approx((0.1 - margin, 0.1 + margin), abs=1e-3)


def test_a_corpus_in_which_nobody_speaks_has_no_leading_speaker():
    assert leading(shares({}).astype({"measure": "str", "speaker": "str"}), "share_of_voice").empty
