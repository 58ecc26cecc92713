"""Names are told by their capitals, as they stand in news of any kind."""

import pytest

from workbench.analyses.sentiment.directions import classes
from workbench.analyses.sentiment.names import without_names
from workbench.documents import Document
from workbench.language import sentence_spans


def crossed(text):
    """The words that are crossed out."""
    document = Document.from_text(text)
    left = without_names(document.text, sentence_spans(document), classes())
    assert len(left) == len(document.text)
    words, kept = document.text.split(), left.split()
    return [word.strip(".,:“”\"'") for word, other in zip(words, kept, strict=True) if word != other]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("She met Joy Love in Nice, then Mr Savage.", ["Joy", "Love", "Nice", "Mr", "Savage"]),
        ("Hope Hicks resigned. Friends had no hope.", ["Hope", "Hicks"]),
        ("Best Buy cut prices.", ["Best", "Buy"]),
        ("Glory came. The singer Glory sang.", ["Glory", "Glory"]),
        ("Glory came. The singer Glory sang of glory.", ["Glory"]),
        ("Great news came on Monday. Poor results did not.", ["Monday"]),
        ("He said: “Great news for all.” She said: “Awful.”", []),
        ("He saw “Pride and Prejudice” twice.", ["Pride", "Prejudice"]),
        ("Great Hopes Fade as Angry Miners Strike", []),
        ("US Jobs Slump as NICE Warns of Great Losses", ["US", "NICE"]),
        ("NICE said so.", ["NICE"]),
        ("GREAT LOSS FOR ALL", []),
        ("They fought in World War II and won the Victory Medal.", ["World", "II", "Victory"]),
        ("Last year Sales rose at Sales Force.", ["Sales", "Force"]),
        ("Freedom House’s report praised Lord Justice Moore-Bick.", ["House’s", "Lord", "Justice", "Moore-Bick"]),
        ("– Good food\n\n- Bad service", []),
        ("école Désirée aimed at École Bonne", ["Désirée", "École", "Bonne"]),
        ("all in small letters", []),
        ("", []),
    ],
)
def test_words_with_a_capital_are_names_unless_something_begins_with_them(text, names):
    assert crossed(text) == names
