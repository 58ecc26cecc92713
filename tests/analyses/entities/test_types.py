"""Names by kind: where they begin and end, of which type they are, under which name they are counted."""

import csv
from importlib.resources import files

import pytest

import workbench as wb
from workbench.documents.document import Document

FRAMES = ["The decision was welcomed by {}.", "{} said it would appeal.", "Workers at {} voted to strike on Friday."]


def found(text: str) -> list[tuple[str, str, str]]:
    table = wb.entities(Document.from_text(text))
    return list(table[["text", "type", "entity"]].itertuples(index=False, name=None))


def types(text: str) -> dict[str, str]:
    return {name: kind for name, kind, _ in found(text)}


@pytest.mark.parametrize(
    "name", ["Brightwell Foods", "Harrow & Finch", "Moorfield United", "Tarnovia Steel", "Ravensgate Capital"]
)
@pytest.mark.parametrize("frame", FRAMES)
def test_an_organisation_that_no_list_has_is_one(name, frame):
    assert types(frame.format(name)) == {name: "ORG"}


@pytest.mark.parametrize("group", ["Critics", "Supporters", "Members", "Fans"])
def test_who_is_of_an_organisation_is_no_part_of_its_name(group):
    assert types(f"{group} of Care International were not surprised.") == {"Care International": "ORG"}


def test_what_an_organisation_is_for_is_part_of_its_name_but_a_minister_has_none():
    assert types("A spokesman for Campaign for Better Buses declined.") == {"Campaign for Better Buses": "ORG"}
    assert "Minister for Europe" not in types("The Minister for Europe left on Monday.")


@pytest.mark.parametrize(
    "name", ["Downtown Madison, Inc.", "Othram Inc.", "Joseph A Jones & Co", "Carl Zeiss Meditec AG"]
)
def test_a_legal_form_belongs_to_the_name_and_tells_a_company(name):
    assert (name, "ORG", name) in found(f"The report by {name} was read by many.")


def test_a_legal_form_is_left_out_where_the_text_does_so():
    assert [entity for *_, entity in found("Apple Inc. will pay, it said. Apple has 100 shops.")] == ["Apple"] * 2


def test_a_state_behind_a_town_is_no_legal_form():
    assert "Denver, CO" not in types("He has lived in Denver, CO since 1990.")


def test_an_acronym_stands_for_a_company_with_its_legal_form():
    text = "Downtown Madison, Inc. read it in Madison. Shops in Madison were full, DMI said. The DMI report was long."
    assert {name: entity for name, _, entity in found(text)} == {
        "Downtown Madison, Inc.": "Downtown Madison, Inc.",
        "Madison": "Madison",
        "DMI": "Downtown Madison, Inc.",
    }


def test_a_son_is_not_his_father():
    text = "Donald Trump Jr. spoke in Ohio. His father, Donald Trump, did not."
    assert [entity for *_, entity in found(text)] == ["Donald Trump Jr.", "Ohio", "Donald Trump"]
    assert [entity for *_, entity in found("Martin Luther King Jr. spoke. King was loud.")] == [
        "Martin Luther King Jr."
    ] * 2


def test_a_name_with_a_trade_mark_is_a_product():
    assert types("The EVA NEXUS™ platform is new. Doctors like it.")["EVA NEXUS"] == "PRODUCT"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Her debut album Meet Miley Cyrus came out in June.", "Meet Miley Cyrus"),
        ("He wrote the novel Brick Lane in a year.", "Brick Lane"),
        ("The live-action remake of Avatar: The Last Airbender is here.", "Avatar: The Last Airbender"),
    ],
)
def test_what_is_called_an_album_or_has_a_second_title_is_a_work(text, title):
    assert types(text)[title] == "WORK_OF_ART"


def test_a_work_with_a_second_title_is_called_by_its_first():
    text = "Few saw the remake of Avatar: The Last Airbender. Fans of Avatar waited for years."
    assert [entity for *_, entity in found(text)] == ["Avatar: The Last Airbender"] * 2


def test_a_first_name_that_is_a_verb_too_is_one_before_a_verb_of_its_own():
    assert types("Will Kerr said the force had failed.")["Will Kerr"] == "PERSON"
    assert "Will Macron" not in types("Will Macron win in Paris?")


@pytest.mark.parametrize("name", ["Pellworth", "Vexalis", "Tellurian Mining"])
def test_a_strange_name_that_it_stands_for_is_an_organisation(name):
    assert types(f"{name} said it would appeal.") == {name: "ORG"}


@pytest.mark.parametrize("name", ["Chidi Okafor", "Ingrid Svensson", "Rajesh Kumar", "Marek Nowak"])
def test_a_person_that_he_or_she_stands_for_is_one(name):
    assert types(f"{name} said she would appeal.") == {name: "PERSON"}
    assert types(f"Critics of {name} were not surprised.") == {name: "PERSON"}


@pytest.mark.parametrize("text", ["i am from mexico and live in chicago now", "where in mexico is it like chicago?"])
def test_a_listed_place_in_small_letters_is_one_where_spacy_says_so(text):
    places = [name for name, kind, entity in found(text) if kind == "GPE" and entity == name.title()]
    assert places == ["mexico", "chicago"]


def test_two_places_with_and_between_are_two_but_a_country_of_two_is_one():
    assert types("The storm hit Louisiana and Mississippi on Monday.") == {"Louisiana": "GPE", "Mississippi": "GPE"}
    assert types("She was born in Trinidad and Tobago.") == {"Trinidad and Tobago": "GPE"}


@pytest.mark.parametrize(
    "text",
    ["James Madison wrote it. Schools in Madison were shut.", "Madison was James Madison's. Shops in Madison shut."],
)
def test_a_listed_place_is_not_the_person_of_its_name(text):
    mentions = found(text)
    assert ("Madison", "GPE", "Madison") in mentions
    assert ("James Madison", "PERSON", "James Madison") in mentions


def test_no_figure_of_the_validity_table_lies_below_plain_spacy():
    rows = csv.DictReader((files("workbench.measurement") / "validity.csv").read_text("utf-8").splitlines())
    rows = [row for row in rows if row["analysis"] == "entities" and "(spaCy)" in row["best peer"]]
    assert len(rows) > 30
    assert [row for row in rows if float(row["ours"]) < float(row["best peer"].split()[0])] == []


@pytest.mark.parametrize("name", ["Aurora One", "Apollo 11", "Pier Two"])
def test_what_has_a_number_is_no_person(name):
    assert types(f"The first ship of the line will be {name}. She leaves in May.").get(name) != "PERSON"


def test_where_the_network_is_unsure_a_type_stays_as_the_parser_has_it():
    text = "On this night they work through a Bach chorale, two spirituals and a Polish lullaby."
    assert types(text) == {"Bach": "PERSON", "Polish": "NORP"}


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("JAPAN GET LUCKY WIN, CHINA IN SURPRISE DEFEAT", ["Japan", "China"]),
        ("FRANCE BEAT BRAZIL IN FINAL, GERMANY GO HOME", ["France", "Brazil", "Germany"]),
        ("OIL PRICES FALL AS SAUDI ARABIA LIFTS OUTPUT", ["Saudi Arabia"]),
        ("INDIA WIN TOSS AND BAT AGAINST ENGLAND", ["India", "England"]),
    ],
)
def test_a_headline_in_capitals_that_is_the_whole_text_has_its_countries_only(text, countries):
    assert [(kind, entity) for _, kind, entity in found(text)] == [("GPE", country) for country in countries]


@pytest.mark.parametrize("firm", ["Faber and Faber", "Smith and Sons", "Marks and Spencer"])
def test_a_firm_named_after_its_owners_is_one(firm):
    assert types(f"The book was bought at {firm} in June.") == {firm: "ORG"}
    assert types("Tesco and Sainsbury's raised prices.") == {"Tesco": "ORG", "Sainsbury's": "ORG"}


@pytest.mark.parametrize(
    "text",
    [
        "People in Kettle Cross, a village nearby, objected. Kettle Cross will march.",
        "Few residents of Marlbridge objected. Shops in Marlbridge were shut.",
        "Dear Editor, I write as a resident of Harrogate who takes trains.",
    ],
)
def test_where_people_live_is_a_place(text):
    assert set(types(text).values()) == {"GPE"}


def test_what_which_takes_up_is_no_person():
    assert types("Harbour Link, which runs the ferries, will add a night service.") == {"Harbour Link": "ORG"}


def test_a_club_is_called_by_its_last_word_where_nobody_is():
    assert types("Villa have won only once. Aston Villa host Leeds on Sunday.")["Villa"] == "ORG"
    assert types("Queen of the South drew with Partick Thistle.")["Queen of the South"] == "ORG"


def test_a_bill_is_a_law_whatever_first_name_it_ends_in():
    assert types("The Lok Sabha passed the Jan Vishwas Bill on Monday.")["Jan Vishwas Bill"] == "LAW"


@pytest.mark.parametrize(
    "text",
    ["She is the author of Wolf Hall.", "He starred in Slow Horses last year.", "Her novel Brick Lane sold well."],
)
def test_what_someone_is_the_author_of_or_starred_in_is_a_work(text):
    assert set(types(text).values()) == {"WORK_OF_ART"}


def test_a_club_is_called_by_another_name_only_where_the_article_ties_them():
    apart = found("Spurs won on Saturday. Tottenham beat Everton 2-0. Spurs are fourth.")
    assert {name: entity for name, _, entity in apart}["Spurs"] == "Spurs"
    tied = found("Tottenham, known as Spurs, beat Everton 2-0. Spurs are fourth. Spurs play Leeds on Sunday.")
    assert {entity for name, _, entity in tied if name in {"Spurs", "Tottenham"}} == {"Tottenham"}


def test_a_surname_with_no_first_name_near_is_a_person():
    assert types("Modi said India would grow. The opposition accused Modi of hiding the figures.")["Modi"] == "PERSON"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SIR – Charles Moore is right about the Commons.", {"Charles Moore": "PERSON", "Commons": "ORG"}),
        ("NHS England said waiting lists fell.", {"NHS England": "ORG"}),
        ("Speaking in the Commons, Mr Heald agreed.", {"Commons": "ORG", "Heald": "PERSON"}),
        ("The Office of Fair Trading wrote to Wells Fargo.", {"Office of Fair Trading": "ORG", "Wells Fargo": "ORG"}),
    ],
)
def test_titles_greetings_and_what_stands_before_a_name_are_no_part_of_it(text, expected):
    assert types(text) == expected


def test_a_company_is_not_called_by_its_console():
    mentions = found("Nintendo sold more of the Nintendo DS. Nintendo rose.")
    assert {name: entity for name, _, entity in mentions}["Nintendo"] == "Nintendo"
