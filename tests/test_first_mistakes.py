"""What somebody types who has not read the documentation is answered with what to type instead."""

import inspect
from pathlib import Path

import pytest

import workbench as wb

TAKES_A_DOCUMENT = [
    name
    for name in wb.__all__
    if inspect.isfunction(getattr(wb, name)) and "document" in list(inspect.signature(getattr(wb, name)).parameters)[:1]
]
WRONG = {
    "a path": "seeds/article.txt",
    "a Path": Path("seeds/article.txt"),
    "a text": "The mayor said no.\nShe left.",
    "nothing": None,
    "a list": ["seeds/article.txt"],
    "a number": 3,
}


@pytest.mark.parametrize("name", TAKES_A_DOCUMENT)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_document_is_named_with_the_way_to_one(name, wrong):
    function = getattr(wb, name)
    others = [p for p in list(inspect.signature(function).parameters.values())[1:] if p.default is p.empty]
    with pytest.raises(TypeError, match=r"is not a Document; .*wb\.(read|Document\.from_text|measure_all)\("):
        function(WRONG[wrong], *("x" for _ in others))


def test_the_functions_of_documents_are_found():
    assert {"quotations", "entities", "sentiment", "readability", "measures", "show", "findings"} <= {*TAKES_A_DOCUMENT}


DOCUMENT = wb.Document.from_text("“We won,” said Ann Lee.")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wb.readability(DOCUMENT, "naration"), "no voice 'naration'; did you mean 'narration'?"),
        (lambda: wb.readability(DOCUMENT, "Quotation"), "no voice 'Quotation'; did you mean 'quotation'?"),
        (lambda: wb.findings(DOCUMENT, "readabilty"), "no analysis 'readabilty'; did you mean 'readability'?"),
        (lambda: wb.masthead(DOCUMENT, "quotes"), "no analysis 'quotes'; did you mean 'quotations'?"),
        (lambda: wb.validity("entity"), "no analysis 'entity'; did you mean 'entities'?"),
        (lambda: wb.explore("seeds", "tone"), "no analysis 'tone'; there is"),
        (lambda: wb.show(DOCUMENT, ["quotation"]), "no layer 'quotation'; did you mean 'quotations'?"),
        (lambda: wb.together(DOCUMENT, ["Ann Lee"], "sentences"), "no unit 'sentences'; did you mean 'sentence'?"),
        (lambda: wb.entities(DOCUMENT, aliases=["Ann"]), "aliases=['Ann']: give {'a name': 'its canonical name'}"),
        (lambda: wb.quotation(DOCUMENT), "workbench has no 'quotation'; did you mean 'quotations'?"),
        (lambda: wb.readabilty(DOCUMENT), "did you mean 'readability'?"),
    ],
)
def test_a_wrong_name_or_value_is_answered_in_one_line_with_the_nearest(call, said):
    with pytest.raises((ValueError, TypeError, AttributeError)) as error:
        call()
    assert said in str(error.value)
    assert "\n" not in str(error.value)
