"""Gender of those quoted, as the text tells it and by what; where it tells nothing, nothing is guessed."""

import pytest

import workbench as wb


@pytest.mark.parametrize(
    ("text", "gender", "how"),
    [
        ("Mrs Robin Berg said that the bridge was safe.", "female", "title"),
        ("James Berg said that the bridge was safe.", "male", "first name"),
        ("Robin Berg said that the bridge was safe.", "other or unknown", ""),
        ("Robin Berg walked in. She said that the bridge was safe.", "female", "pronoun"),
        ("A spokeswoman said that the bridge was safe.", "female", "title"),
        ("Two officials said that the bridge was safe.", "other or unknown", ""),
        ("A report said that the bridge was safe.", "", ""),
    ],
)
def test_a_title_a_pronoun_or_a_first_name_tells(text, gender, how):
    found = wb.sources(wb.Document.from_text(text)).iloc[0]
    assert (found.gender, found.gender_how) == (gender, how)


def test_shares_by_gender_sum_to_one_and_count_people():
    document = wb.Document.from_text(
        "James Berg said that the bridge was safe.\nMary Lund said that it was not.\n“I know,” James Berg said.\n"
        "Officials said that nobody had asked them.\nA report said that cracks had been found."
    )
    table = wb.measures(document).set_index("measure").value
    assert table[[f"gender_share[{g}]" for g in ("female", "male", "other or unknown")]].sum() == pytest.approx(1)
    assert table["sources_by_gender[male]"] == 1
    assert table["sources_by_gender[female]"] == 1
