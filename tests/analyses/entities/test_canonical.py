"""Names: which stretches of a text are names, of which type, and which mean the same."""

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.analyses.entities import canonical as names
from workbench.documents.document import Document

ODD_TEXTS = [
    "",
    " ",
    "\n\n",
    "word",
    "Moscow",
    "🙂🙂",
    "1234 5678",
    "\x00\x07",
    "a\r\nb\r\n",
    "’s",
    "(((",
    "THE END",
    "U.S.",
]

ODD_WORDS = "Putin the NATO ( ) ’s \n in New York - “ said é U.S. . JONES : of / Mr".split(" ")


def found(text: str, aliases: names.Aliases | None = None) -> dict[str, tuple[str, str]]:
    """Type and canonical name by the mention's text."""
    table = names.mentions(Document.from_text(text), aliases)
    return {row.text: (row.type, row.entity) for row in table.itertuples()}


def test_a_surname_is_counted_under_the_full_name():
    text = "President Maria Keller arrived in Berlin. On Monday Keller met her minister. Keller’s speech was short."
    table = names.mentions(Document.from_text(text))
    assert list(table.loc[table["type"] == "PERSON", "entity"]) == ["Maria Keller"] * 3
    assert set(table.loc[table["type"] == "PERSON", "text"]) == {"Maria Keller", "Keller"}


def test_two_persons_of_one_surname_are_kept_apart_by_mr_and_mrs():
    text = "Margaret Holt leads the council. Her brother, Peter Holt, opposes her.\nMrs Holt smiled. Mr Holt did not."
    table = names.mentions(Document.from_text(text))
    assert list(table["entity"]) == ["Margaret Holt", "Peter Holt", "Margaret Holt", "Peter Holt"]


def test_a_middle_initial_makes_no_second_person():
    text = "Donald J. Trump spoke in Ohio. Donald Trump was late, and Trump was loud."
    table = names.mentions(Document.from_text(text))
    assert set(table.loc[table["type"] == "PERSON", "entity"]) == {"Donald J. Trump"}


def test_words_with_capitals_in_a_headline_are_no_names():
    text = "Wealthy Voters Abandon Maria Keller\nMaria Keller lost votes in Berlin on Sunday, a poll found."
    assert set(found(text)) == {"Maria Keller", "Berlin"}


def test_spelling_variants_and_abbreviations_of_a_country_are_one_entity():
    text = "The United States objected. The US and the U.S. agree with Kiev, he said in Kyiv."
    table = names.mentions(Document.from_text(text))
    assert list(table["entity"]) == ["United States"] * 3 + ["Kyiv"] * 2
    assert set(table["type"]) == {"GPE"}


def test_a_people_is_not_merged_with_its_country():
    mentions = found("The Russian president spoke. Russians listened. Russia waited.")
    assert mentions["Russian"] == mentions["Russians"] == ("NORP", "Russian")
    assert mentions["Russia"] == ("GPE", "Russia")


def test_an_acronym_in_brackets_stands_for_the_name_before_it():
    mentions = found("The Atlantic Mariners' Union (AMU) voted on Friday. The AMU represents 310 engineers.")
    assert mentions["AMU"] == ("ORG", "Atlantic Mariners' Union")


def test_articles_titles_and_possessives_are_not_part_of_a_name():
    mentions = found("Senator Anna Weber left the Treasury. The Treasury's reply surprised Senator Anna Weber.")
    assert {"Anna Weber", "Treasury"} <= set(mentions)
    assert not any(text.startswith(("the ", "The ", "Senator")) or text.endswith("'s") for text in mentions)


def test_a_dateline_is_a_place_even_in_capitals():
    mentions = found("PITTSBURGH, March 3 - Bus drivers in Pittsburgh went on strike on Monday, their union said.")
    assert mentions["PITTSBURGH"] == ("GPE", "Pittsburgh")


def test_one_name_has_one_type_throughout_a_text():
    text = "Kiev rejected the plan. Ministers in Kiev met. Kiev, Moscow and Washington disagree.\nKiev was calm."
    table = names.mentions(Document.from_text(text))
    assert table.groupby("entity")["type"].nunique().max() == 1


def test_a_party_is_one_name():
    mentions = found("He joined the Liberal Party of Australia in 1998 and left the Democratic Unionist Party.")
    assert {"Liberal Party of Australia", "Democratic Unionist Party"} <= set(mentions)


def test_days_months_and_numbers_are_no_names():
    mentions = found("On Tuesday 14 May, 300 people paid EUR 20 million in Riga.")
    assert set(mentions) == {"Riga"}


@pytest.mark.parametrize("as_file", [False, True])
def test_own_aliases_come_first(tmp_path, as_file):
    aliases: names.Aliases = {"Big Apple": "New York City"}
    if as_file:
        aliases = tmp_path / "aliases.tsv"
        aliases.write_text("name\tentity\ttype\nBig Apple\tNew York City\tGPE\n")
        assert found("They moved to the Big Apple in June.", aliases)["Big Apple"][0] == "GPE"
    mentions = found("She loves the Big Apple. The Big Apple is loud.", aliases)
    assert mentions["Big Apple"][1] == "New York City"


def test_own_aliases_hold_for_persons_too():
    mentions = found("Volodymyr Zelensky spoke in Kyiv. Zelensky left.", {"Volodymyr Zelensky": "Volodymyr Zelenskyy"})
    assert mentions["Zelensky"] == ("PERSON", "Volodymyr Zelenskyy")


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_gives_the_same_columns(text):
    table = names.mentions(Document.from_text(text))
    assert list(table.columns) == names.MENTION_COLUMNS
    assert table["start"].dtype == table["end"].dtype == "int64"
    assert [text[row.start : row.end] for row in table.itertuples()] == list(table["text"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(ODD_WORDS), max_size=25))
def test_mentions_are_in_order_apart_and_point_at_their_text(words):
    text = " ".join(words)
    table = names.mentions(Document.from_text(text))
    assert [text[row.start : row.end] for row in table.itertuples()] == list(table["text"])
    assert (table["end"] > table["start"]).all()
    assert (table["start"].to_numpy()[1:] >= table["end"].to_numpy()[:-1]).all()
    assert table["entity"].str.len().gt(0).all()


def test_a_changed_table_does_not_change_the_next():
    document = Document.from_text("Angela Merkel met Emmanuel Macron in Paris.")
    table = names.mentions(document)
    table["entity"] = "nobody"
    assert "Angela Merkel" in set(names.mentions(document)["entity"])


def test_the_shipped_aliases_are_sound():
    table = pd.read_csv(names.__file__.replace("canonical.py", "aliases.tsv"), sep="\t", keep_default_na=False)
    assert list(table.columns) == ["name", *names.Alias._fields]
    assert table["name"].is_unique
    assert set(table["type"]) <= {"GPE", "LOC", "FAC", "ORG", "NORP", "PRODUCT"}
    assert not table["entity"].eq("").any()


@pytest.mark.parametrize("name", ["Qantas", "Barclays", "AT&T", "Johnson & Johnson", "Tesco", "Oxfam", "Juventus"])
@pytest.mark.parametrize(
    "frame", ["Workers at {} voted to strike on Friday.", "A spokesman for {} declined to comment."]
)
def test_a_well_known_company_or_body_is_one_organisation(name, frame):
    assert {text: kind for text, (kind, _) in found(frame.format(name)).items()} == {name: "ORG"}


@pytest.mark.parametrize("frame", ["A spokesman for {} declined to comment.", "{} said it would appeal."])
def test_a_person_stays_one_where_a_company_might_stand(frame):
    assert found(frame.format("Fatima Mansour"))["Fatima Mansour"][0] == "PERSON"


def test_a_verb_of_saying_is_no_part_of_a_name():
    assert "Peter Holt" in found('"It is late," Peter Holt said on Monday. Peter Holt left.')


def test_a_title_with_its_land_is_a_person():
    mentions = found("The Prince of Wales met the Duke of Sussex in London.")
    assert mentions["Prince of Wales"][0] == mentions["Duke of Sussex"][0] == "PERSON"


def test_spellings_of_a_name_with_and_without_accents_are_one():
    table = names.mentions(Document.from_text("Recep Tayyip Erdoğan spoke in Ankara. Erdogan left early."))
    assert table.loc[table["type"] == "PERSON", "entity"].nunique() == 1


def test_mrs_is_not_her_husband():
    table = names.mentions(Document.from_text("Donald Trump spoke in Ohio. Mrs Trump did not. Mr Trump smiled."))
    assert list(table.loc[table["type"] == "PERSON", "entity"]) == ["Donald Trump", "Trump", "Donald Trump"]


def test_honours_behind_a_name_are_no_part_of_it():
    assert "Zaha Hadid" in found("The architect Zaha Hadid DBE RA designed the museum.")


@pytest.mark.parametrize(
    "text", ["Anglo-Swedish talks failed.", "The British Jews met in London. British Jews agreed."]
)
def test_no_mention_stands_twice(text):
    table = names.mentions(Document.from_text(text))
    assert (table["start"].to_numpy()[1:] >= table["end"].to_numpy()[:-1]).all()


def test_a_party_in_the_plural_is_one_member():
    assert {entity for _, entity in found("The Tories lost. A Tory minister resigned.").values()} == {"Tory"}


def test_a_country_and_its_ambassador_are_two_names():
    mentions = found("He told the ambassador to the United States Hamdullah Mohib on Monday.")
    assert mentions == {"United States": ("GPE", "United States"), "Hamdullah Mohib": ("PERSON", "Hamdullah Mohib")}


def test_a_headline_in_capitals_has_its_countries_only():
    text = "JAPAN GET LUCKY WIN, CHINA IN SURPRISE DEFEAT\nIt was a game to forget for the visitors, who left early."
    assert found(text) == {"JAPAN": ("GPE", "Japan"), "CHINA": ("GPE", "China")}


def test_a_product_does_not_lend_its_name_to_its_maker():
    assert found("Yahoo launched Yahoo Messenger. Yahoo said so.")["Yahoo"] == ("ORG", "Yahoo")


def test_case_variants_of_a_name_are_one():
    table = names.mentions(Document.from_text("The Labour party lost. The Labour Party will recover."))
    assert table["entity"].nunique() == 1


def test_what_is_said_by_a_company_of_a_surname_is_the_company():
    mentions = found("Shares of Ford fell. Ford said it would close the plant. Henry Ford founded it.")
    assert (mentions["Ford"][0], mentions["Henry Ford"][0]) == ("ORG", "PERSON")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (
            "Rovers stun City in five-goal thriller. Doncaster Rovers came from two goals down to beat Bradford City.",
            "City",
            "ORG",
        ),
        ("Rival Marlow & Finch, which reported record sales last week, gained 3%.", "Marlow & Finch", "ORG"),
        ("The novel came out in May. It won the Somerset Maugham Award.", "Somerset Maugham Award", "EVENT"),
        ("She translated Igbo poetry for forty years.", "Igbo", "NORP"),
        ("Most Sikh families in the town had come by 1970.", "Sikh", "NORP"),
    ],
)
def test_neither_verb_nor_trade_begins_a_name_and_a_people_is_no_person(text, name, kind):
    assert (name, kind) in set(
        names.mentions(Document.from_text(text))[["text", "type"]].itertuples(index=False, name=None)
    )


def test_a_letter_is_nobody():
    text = "G. Mohanakrishnan welcomed the order. The judge asked the A-G. to wait."
    assert "G." not in set(names.mentions(Document.from_text(text))["text"])


@pytest.mark.parametrize("name", ["W. A. Lyle", "A S Kulkarni", "C. N. R. Rao"])
def test_a_name_has_all_its_initials(name):
    assert name in found(f"The court heard Justice {name} on Monday. The bench of {name} and M W Sheikh rose.")


def test_a_rank_an_office_and_a_label_are_no_names():
    assert set(found("It was there, according to Lt. Paul Reese. It helps, said County Commissioner Rosa Diaz.")) == {
        "Paul Reese",
        "Rosa Diaz",
    }
    briefing = "MR. OKAFOR: We do.\n\nQUESTION: Is he in Nairobi?\n\nMR. OKAFOR: No.\n\nQUESTION: Is he angry?"
    assert {entity for _, entity in found(briefing).values()} == {"Okafor", "Nairobi"}
