"""What is taken out of a text, what stays, and how well that agrees with articles marked by hand."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from textwrap import fill

import pytest
from articles import articles
from hypothesis import example, given, settings, strategies as st

from workbench.documents import Document, cleaning

SEED = Path(__file__).parents[2] / "seeds/000_a061b665f34dc456.txt"
GOLD = Path(os.environ.get("WORKBENCH_GOLD", Path(__file__).parents[3] / "shared/gold")) / "cleaning.jsonl"
ARTICLE = [
    "The committee will meet again on Thursday to decide on the budget, its chairwoman said after the vote.",
    "Members of both parties had asked for more time to read the report, which runs to four hundred pages.",
    "“We are not there yet,” she told reporters.",
]


def reasons(text: str) -> dict[str, str]:
    return {piece: reason for _, piece, reason in cleaning.clean(text)[1]}


def test_the_seed_comes_out_as_an_editor_would_leave_it() -> None:
    source = SEED.read_text("utf-8")
    text, removed = cleaning.clean(source)
    paragraphs = source.split("\n")
    expected = [paragraphs[1].removeprefix("2 year old"), *paragraphs[2:9]]
    assert text.split("\n\n") == expected
    assert text.startswith("Russia is thoroughly analyzing")
    assert removed == [
        (1, "This article is more than 2 year old", "template phrase"),
        (10, "20/11/2024", "date or time alone"),
        (11, "18/11/2024", "date or time alone"),
        (12, "Newer articles", "navigation"),
        (13, paragraphs[12], "teaser in markup"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("20/11/2024", "date or time alone"),
        ("November 18, 2019 11:03 PM", "date or time alone"),
        ("Published: 3 March 2021, 14:05 GMT", "date or time alone"),
        ("Updated 2 hours ago", "date or time alone"),
        ("5 min read", "date or time alone"),
        ("Older articles", "navigation"),
        ("Skip to main content", "navigation"),
        ("Tags: budget, parliament", "navigation"),
        ("Read more: The budget explained", "read more"),
        ("READ MORE »", "read more"),
        ("Also read: Why the vote failed", "read more"),
        ("Related: five charts on the deficit", "read more"),
        ("Share this article", "share or subscribe"),
        ("Facebook Twitter WhatsApp Email", "share or subscribe"),
        ("Follow us on Twitter @outlet", "share or subscribe"),
        ("Sign up for our daily newsletter.", "share or subscribe"),
        ("12 Comments", "comments"),
        ("Leave a comment", "comments"),
        ("By Jane Doe and John Q. Public", "byline"),
        ("Photo: Jane Doe / Agency", "caption or credit"),
        ("Jane Doe/Getty Images", "caption or credit"),
        ("We use cookies to improve your visit. Read about cookies here.", "cookie notice"),
        ("© 2019 The Outlet. All rights reserved.", "copyright"),
        ("Advertisement", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("https://outlet.example/story", "link or page number"),
        ("* * *", "separator"),
    ],
)
def test_a_template_line_is_taken_out_with_its_reason(line: str, reason: str) -> None:
    text = "\n".join([ARTICLE[0], line, *ARTICLE[1:]])
    assert cleaning.clean(text)[0].split("\n\n") == ARTICLE
    assert reasons(text) == {line: reason}


@pytest.mark.parametrize(
    "line",
    [
        "He laughed.",
        "Share prices fell by 3 percent.",
        "By Monday, the river had risen.",
        "Home prices rose again in May.",
        "Comments like these cost him the election.",
        "On 20 November 2024, the court ruled.",
        "Read the bill before you vote, he said.",
        "“No comment.”",
        "Photographs of the scene show a burnt car.",
        "Sign of the times: nobody came.",
        "The Next Big Thing",
        "AT&T rose 2 < 3 points, R&D costs fell.",
        "Printers cost $20; ink costs more.",
        "By all accounts, <The Palace> was a success.",
    ],
)
def test_a_real_sentence_stays(line: str) -> None:
    text = "\n\n".join([ARTICLE[0], line, *ARTICLE[1:]])
    kept, removed = cleaning.clean(text)
    assert kept == text
    assert not removed


def test_template_phrases_within_a_line_are_cut_and_the_sentence_stays() -> None:
    line = "The vote was close (Photo by Jane Doe/Agency), she said. Read more »"
    assert cleaning.clean(line)[0] == "The vote was close, she said."
    assert reasons(line) == {"(Photo by Jane Doe/Agency)": "caption or credit", "Read more »": "read more"}
    assert cleaning.clean("AdvertisementThe vote was close.")[0] == "The vote was close."


def test_tags_and_entities_go_and_their_text_stays() -> None:
    text = "Profits at Smith &amp; Sons <b>rose</b> in May.<br/>\n" + ARTICLE[0]
    kept, removed = cleaning.clean(text)
    assert kept.split("\n\n")[0].split() == ["Profits", "at", "Smith", "&", "Sons", "rose", "in", "May."]
    assert [piece for _, piece, _ in removed] == ["&amp; <b> </b> <br/>"]


def test_an_article_marked_up_throughout_keeps_its_paragraphs() -> None:
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE)
    assert cleaning.clean(text)[0].split() == " ".join(ARTICLE).split()


def test_hard_wrapped_lines_become_paragraphs_with_the_number_of_their_first_line() -> None:
    text = (
        "The committee will meet again on Thursday to decide on the\n"
        "budget, its chairwoman said after the vote.\n"
        "Members of both parties had asked for more time to read the\n"
        "report, which runs to four hundred pages and has not been\n"
        "printed.\n\n20/11/2024\n"
    )
    kept, removed = cleaning.clean(text)
    assert [len(paragraph.split()) for paragraph in kept.split("\n\n")] == [18, 24]
    assert [line for line, _, _ in removed] == [7]


def test_articles_wrapped_at_any_width_with_one_long_line_keep_their_words() -> None:
    lost = read = 0
    whole = []
    for article in articles():
        paragraphs = [line for line in article.text.split("\n") if line]
        for width in range(30, 101, 3):
            long = width % len(paragraphs)
            wrapped = "\n\n".join(p if n == long else fill(p, width) for n, p in enumerate(paragraphs))
            kept = cleaning.clean(wrapped)[0]
            read += len(wrapped.split())
            lost += (Counter(wrapped.split()) - Counter(kept.split())).total()
            whole.append(kept.split("\n\n") == paragraphs)
    assert lost <= 0.005 * read
    assert sum(whole) > 0.9 * len(whole)


def test_short_lines_that_are_sentences_are_not_joined() -> None:
    lines = ["He came in from the cold and sat down by the fire.", "She did not look up from her book at all."] * 3
    assert cleaning.clean("\n".join(lines))[0].split("\n\n") == lines


def test_a_saved_page_keeps_its_article_and_loses_what_surrounds_it() -> None:
    menu = [f"* {word}" for word in ("Home", "World", "Business", "Opinion", "Sport", "Travel", "Weather", "Jobs")] * 2
    teasers = [
        "Ten things to know about the new tax…",
        "Why the river flooded",
        "More from Politics",
        "Terms of Use",
    ] * 3
    kept, removed = cleaning.clean("\n".join([*menu, *ARTICLE, *teasers]))
    assert kept.split("\n\n") == ARTICLE
    assert {piece for _, piece, _ in removed} == {*menu, *teasers}


@pytest.mark.parametrize("width", [0, 30, 64, 100])
@pytest.mark.parametrize(
    "items",
    [
        [f"{10 + n} per cent off the Kestrel {n} home printer, ${90 + n} (down from ${120 + n})" for n in range(40)],
        ["Best home sales", "Shop Tern's mega sale", "Up to 40 per cent off lamps", "Recommended oil: 5W-30"] * 10,
        [f"Alnmouth {n % 4}-{n % 3} Seaham" for n in range(30)],
        ["* Two eggs", "* 200 g of flour", "* A pinch of salt, or more if you like it", "Serves 4"] * 6,
        ["Nobody knows the road", "that leads to the home", "of the latest wind", "and about us all"] * 8,
    ],
    ids=["offers", "headings", "results", "recipe", "verse"],
)
def test_lists_that_are_the_article_stay(items: list[str], width: int) -> None:
    places = [0, len(items) // 2, len(items)]
    lines = [line for a, b, prose in zip([0, *places], places, ARTICLE, strict=False) for line in [*items[a:b], prose]]
    text = "\n\n".join(fill(line, width) if width else line for line in [*lines, "Advertisement"])
    assert cleaning.clean(text)[0].split() == " ".join(lines).split()


@pytest.mark.parametrize("above", [["* Nyheter", "* Sport", "* Ekonomi", "* Kultur", "* Åsikt", "* Väder"]])
def test_a_page_in_any_language_is_known_by_the_lists_around_its_article(above: list[str]) -> None:
    below = ["© 2024 Bladet", "Fler artiklar", *above[::-1]]
    assert "Sport" not in cleaning.clean("\n".join([*above * 2, *ARTICLE, *below]))[0]


@pytest.mark.parametrize("length", [1, 3, 10, 40])
def test_a_long_article_loses_the_same_furniture_as_a_short_one(length: int) -> None:
    above = ["Home", "News", "Sport", "Business", "Opinion", "Subscribe", "Weather", "Share this article", "Twitter"]
    below = ["Most read", "Storm closes the bridge", "Mayor quits over leak", "12 Comments", "Contact us", "About us"]
    above += ["Opinion", "Podcasts", "Travel", "Obituaries", "Puzzles", "Live scores"]
    below += ["School hall closed", "Terms and conditions", "Privacy policy", "Jobs", "Advertise with us"]
    article = [line.replace("Thursday", f"May {number}") for number in range(1, length + 1) for line in ARTICLE]
    assert cleaning.clean("\n".join([*above, *article, *below]))[0].split("\n\n") == article


@given(st.text(st.characters(codec=None), max_size=300))
@example("")
@example("\n\n\n")
@example("\ud800 <b>")
@example("<p>" * 50)
@example("\x02\n a\n" * 30)
@settings(max_examples=150, deadline=None)
def test_any_text_is_cleaned_without_an_error(text: str) -> None:
    kept, pieces = cleaning.clean(text)
    removed = Document("any", kept, left_out=pieces).removed
    assert list(removed) == ["line", "text", "reason"]
    assert removed["line"].dtype == "int64"
    assert removed["line"].between(1, text.count("\n") + 1).all()
    assert all(line.strip() for line in kept.split("\n\n") if kept)


@given(st.lists(st.sampled_from([*ARTICLE, "Advertisement", "20/11/2024", "He laughed.", "Share"]), max_size=12))
@settings(max_examples=60, deadline=None)
def test_cleaning_twice_changes_nothing_and_loses_no_word(lines: list[str]) -> None:
    kept, removed = cleaning.clean("\n".join(lines))
    assert cleaning.clean(kept)[0] == kept
    assert Counter(" ".join([kept, *(piece for _, piece, _ in removed)]).split()) == Counter(" ".join(lines).split())


@pytest.mark.skipif(not GOLD.exists(), reason=f"{GOLD} is not here")
@pytest.mark.parametrize("name", ["cleaning", "cleaning_news2023"])
def test_articles_marked_by_hand_lose_hardly_a_word(name: str) -> None:
    lost = read = 0
    for line in GOLD.with_stem(name).read_text("utf-8").strip().split("\n"):
        words = Counter((article := json.loads(line)["clean"]).split())
        read += words.total()
        lost += (words - Counter(cleaning.clean(article)[0].split())).total()
    assert lost <= 0.005 * read


@pytest.mark.skipif(not GOLD.exists(), reason=f"{GOLD} is not here")
def test_pages_come_out_close_to_the_articles_marked_by_hand() -> None:
    scores = []
    for line in GOLD.read_text("utf-8").strip().split("\n"):
        page = json.loads(line)
        found, marked = (
            Counter(re.findall(r"\w+", t.lower())) for t in (cleaning.clean(page["dirty"])[0], page["clean"])
        )
        scores.append(2 * (found & marked).total() / (found.total() + marked.total()))
    assert sum(scores) / len(scores) > 0.9
