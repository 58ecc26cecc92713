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
