"""Entities: the table of mentions with voice, sentence, demonym and metonym."""

import importlib

import pandas as pd
import pytest

import workbench as wb
from workbench.documents.document import Document

entities_room = importlib.import_module("workbench.analyses.entities.table")
TEXT = (
    "Moscow denied the report. The Russian minister Ivan Petrov met reporters in Moscow on Tuesday.\n"
    "“Poland has nothing to fear,” Petrov said. NATO asked Ottawa for 30 ships."
)


@pytest.fixture(autouse=True)
def two_voices(monkeypatch):
    """Voices by quotation marks alone: whose they are is another room's concern."""

    def voices(document, spans):
        quoted = [document.text[:start].count("“") > document.text[:start].count("”") for start in spans["start"]]
        voice = ["quotation" if inside else "narration" for inside in quoted]
        return pd.DataFrame({"voice": voice, "speaker": ""}, index=spans.index)

    monkeypatch.setattr(entities_room, "voices", voices)


@pytest.fixture
def table():
    return entities_room.entities(Document.from_text(TEXT))


def test_columns_come_in_order(table):
    expected = ["start", "end", "text", "type", "entity", "voice", "sentence", "demonym", "metonym"]
    assert list(table.columns) == expected
    assert list(entities_room.entities(Document.from_text("")).columns) == expected


def test_each_mention_is_found_with_its_sentence(table):
    rows = list(zip(table["text"], table["sentence"], strict=True))
    expected = [("Moscow", 0), ("Russian", 1), ("Ivan Petrov", 1), ("Moscow", 1), ("Poland", 2)]
    assert rows == [*expected, ("Petrov", 2), ("NATO", 3), ("Ottawa", 3)]


def test_voices_are_told_apart(table):
    assert set(table.loc[table["voice"] == "quotation", "text"]) == {"Poland"}


def test_a_capital_that_acts_stands_for_its_government_and_one_that_is_a_place_does_not(table):
    capitals = table[table["text"].isin(["Moscow", "Ottawa"])]
    assert list(capitals["metonym"]) == ["Government of Russia", "", "Government of Canada"]
    assert list(capitals["entity"]) == ["Moscow", "Moscow", "Ottawa"]


def test_a_demonym_is_linked_to_its_country_but_counted_as_itself(table):
    row = table[table["text"] == "Russian"].iloc[0]
    assert (row["type"], row["entity"], row["demonym"]) == ("NORP", "Russian", "Russia")
    assert set(table.loc[table["type"] != "NORP", "demonym"]) == {""}


def test_numbers_are_added_only_when_wanted(table):
    with_numbers = entities_room.entities(Document.from_text(TEXT), numbers=True)
    assert "30" in set(with_numbers["text"])
    assert len(with_numbers) > len(table)
    names_again = with_numbers[with_numbers["type"].isin(set(table["type"]))].reset_index(drop=True)
    pd.testing.assert_frame_equal(names_again, table)


def test_dtypes_do_not_depend_on_what_is_found(table):
    assert entities_room.entities(Document.from_text("nothing here")).dtypes.equals(table.dtypes)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The ferry strike began in Halifax on Thursday. Halifax said the ferries would sail.", "Halifax", "GPE"),
        ("Shops near Bolton were shut. Bolton has waited for years.", "Bolton", "GPE"),
        ("The Downtown Merchants Association said it would wait.", "Downtown Merchants Association", "ORG"),
        ("The Riverside Bakers Federation called off its march.", "Riverside Bakers Federation", "ORG"),
    ],
)
def test_a_place_in_which_something_happens_is_one_and_what_the_tagger_is_sure_of_stays(text, name, kind):
    table = wb.entities(wb.Document.from_text(text))
    assert set(table[table.text == name].type) == {kind}
