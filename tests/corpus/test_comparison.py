"""Two groups compared: against worked examples, second implementations, and what must hold of any two groups."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from articles import articles as marked

import workbench as wb
from benchmarks import statistics as simulations
from workbench.corpus import comparison, keyness
from workbench.measurement import definitions as wording
from workbench.statistics import differences


def named(values, group):
    return pd.Series(values, index=[f"{group}{number}" for number in range(len(values))], dtype=float)


def two(first, second):
    """Figures of one measure of documents, and which of two groups each is in."""
    values = pd.concat([named(first, "a"), named(second, "b")])
    columns = pd.MultiIndex.from_tuples([("sentiment", "valence", "all")], names=comparison.KEYS)
    group = pd.Series(pd.Categorical(values.index.str[0], categories=["a", "b"]), index=values.index, name="group")
    return pd.DataFrame(values.to_numpy()[:, None], values.index, columns), group


def spread(mean, deviation, size):
    """`size` values with exactly this mean and standard deviation."""
    values = np.linspace(-1, 1, size)
    return mean + deviation * values / values.std(ddof=1)


def test_hedges_g_as_in_borenstein_et_al_2009_chapter_4():
    one, two = spread(100, 4.5, 50), spread(103, 5.5, 50)
    assert comparison.hedges_g(one, two) == pytest.approx(0.5924, abs=0.0001)


def test_a_difference_is_the_second_groups_mean_minus_the_firsts_and_lies_in_its_interval():
    figures, group = two([1, 2, 3, 4, 9], [5, 6, 9, 1, 1, 20])
    row = comparison.compare(figures, group).iloc[0]
    assert (row["first"], row.second, row.difference) == pytest.approx((3.8, 7, 3.2))
    assert (row.median_first, row.median_second) == (3, 5.5)
    assert row.low < row.difference < row.high
    assert (row.n_first, row.n_second) == (5, 6)


def test_the_groups_exchanged_change_the_sign_alone():
    figures, group = two([1, 2, 3, 4, 9], [5, 6, 9, 1, 1])
    there = comparison.compare(figures, group).iloc[0]
    back = comparison.compare(figures, group.cat.reorder_categories(["b", "a"])).iloc[0]
    assert (there.difference, there.effect) == pytest.approx((-back.difference, -back.effect))
    assert there.p == pytest.approx(back.p)


def test_many_documents_give_the_interval_of_the_normal_distribution():
    numbers = np.random.default_rng(2)
    first, second = numbers.normal(0, 1, 4000), numbers.normal(0.1, 2, 7000)
    row = comparison.compare(*two(first, second)).iloc[0]
    margin = NormalDist().inv_cdf(0.975) * np.sqrt(first.var() / 4000 + second.var() / 7000)
    assert (row.high - row.low) / 2 == pytest.approx(margin, rel=0.1)


def test_chance_differences_are_rarely_found():
    numbers = np.random.default_rng(3)
    draws = [two(numbers.normal(size=12), numbers.normal(size=15))[0] for _ in range(40)]
    figures = pd.concat(draws, axis=1)
    figures.columns = pd.MultiIndex.from_tuples([("sentiment", f"m{n}", "all") for n in range(40)])
    table = comparison.compare(figures, two(range(12), range(15))[1])
    assert (table.p_adjusted > 0.05).all()
    assert (table.p < 0.05).mean() < 0.2


@pytest.mark.parametrize(("first", "second"), [([1], [2]), ([1, 1], [1, 1]), ([], [1, 2]), ([np.nan], [1, 2])])
def test_too_few_documents_give_no_interval_and_no_error(first, second):
    table = comparison.compare(*two(first, second))
    assert table.low.isna().all()
    assert "articles" in comparison.findings(table, two(first, second)[1])
    assert len(comparison.largest(table)) == 0 or len(first) + len(second) == 2


DOCUMENTS = pd.DataFrame(
    {
        "outlet": ["Post", "Post", "Times", "Sun", None],
        "date": pd.to_datetime(["2024-01-05", "2024-01-07", "2024-02-01", None, "2023-12-31"]),
    },
    index=["p1", "p2", "t1", "s1", "x1"],
)


def test_groups_by_a_column_are_its_two_commonest_values_or_those_named():
    assert comparison.groups(DOCUMENTS, "outlet", "Times", "Sun").to_dict() == {"t1": "Times", "s1": "Sun"}
    assert comparison.groups(DOCUMENTS, "outlet").cat.categories[0] == "Post"


def test_groups_by_date_are_before_and_from_a_day():
    group = comparison.groups(DOCUMENTS, "date", second="2024-01-07")
    assert group.to_dict() == {
        name: f"{when} 2024-01-07"
        for when, names in {"before": ["p1", "x1"], "from": ["p2", "t1"]}.items()
        for name in names
    }
    assert sorted(comparison.groups(DOCUMENTS, "date").value_counts()) == [2, 2]


def test_groups_by_name_are_those_that_match():
    assert comparison.groups(DOCUMENTS, "name", "^p", "^t").to_dict() == {"p1": "^p", "p2": "^p", "t1": "^t"}


def test_an_unknown_column_is_said_with_those_there_are():
    with pytest.raises(ValueError, match=r"no column 'publisher'; .*outlet"):
        comparison.groups(DOCUMENTS, "publisher")


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for number, (place, verb) in enumerate(
        [("Oslo", "praised"), ("Oslo", "praised"), ("Turin", "blamed"), ("Turin", "blamed")]
    ):
        text = (
            f"The council of {place} met. “We {verb} the budget for {place},” said Anna Berg of {place}.\nIt rained.\n"
        )
        (folder / f"2024-0{number + 1}-01_{place}.txt").write_text(text + ("Unique.\n" if number == 0 else ""))
    return folder


@pytest.fixture(scope="module")
def corpus(articles):
    target = articles.parent / "measured" / "c.parquet"
    wb.measure_corpus(articles, target, "sync", evidence=True, progress=False)
    return target


def test_a_measured_corpus_compares_as_its_folder_does(articles, corpus):
    group = comparison.groups(comparison.documents(articles), "name", "Oslo", "Turin")
    assert group.to_dict() == comparison.groups(comparison.documents(corpus), "name", "Oslo", "Turin").to_dict()
    table = wb.measure_all(articles)[0]
    pd.testing.assert_frame_equal(comparison.figures_by_document(table), comparison.figures_by_document(corpus))
    for of in ("mention_share", "share_of_voice"):
        for ours, theirs in zip(keyness.having(table, group, of), keyness.having(corpus, group, of), strict=True):
            assert ours.to_dict() == theirs.to_dict()
    pd.testing.assert_frame_equal(keyness.words(articles, group), keyness.words(corpus, group))


def test_words_are_rates_of_documents_and_a_word_in_capitals_is_its_own(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(
            "US TROOPS LEAVE US\nThe US asked us to stay. Nobody told us why the US army left the town so early.\n"
            + ("A unique word.\n" if number == 0 else "")
        )
    groups = pd.Series(pd.Categorical(["a", "b"] * 3), list("012345"), name="group")
    rates = keyness.words(tmp_path, groups)
    assert rates.loc["1", "US"] == pytest.approx(1000 * 2 / 22)
    assert rates.loc["1", "us"] == pytest.approx(1000 * 4 / 22)
    assert "unique" not in rates
    table = keyness.keyness(rates, groups)
    assert table.loc["us"].function_word
    assert not table.loc["US"].function_word


def documents_of_words(numbers, sizes, words=60, telling=0):
    """Rates of words that come in bursts, and which of two groups each document is in; the first words tell them."""
    group = np.repeat([0, 1], sizes)
    rates = numbers.gamma(0.4, 2.5, (sum(sizes), words)) * (numbers.random((sum(sizes), words)) < 0.5)
    rates[:, :telling] += 6 * group[:, None]
    names = [f"d{n}" for n in range(sum(sizes))]
    return pd.DataFrame(rates, names, [f"w{n}" for n in range(words)]), pd.Series(
        pd.Categorical.from_codes(group, ["a", "b"]), names, name="group"
    )


@pytest.mark.parametrize("sizes", [(8, 8), (20, 20), (6, 40)])
def test_where_words_come_in_bursts_alike_in_both_groups_hardly_any_is_named(sizes, monkeypatch):
    monkeypatch.setattr(differences, "DRAWS", 999)
    monkeypatch.setattr(differences, "EXACT", 1000)
    numbers = np.random.default_rng(sum(sizes))
    tables = [keyness.keyness(*documents_of_words(numbers, sizes)) for _ in range(60)]
    assert np.mean([(table.p_adjusted < 0.05).any() for table in tables]) <= 0.12  # 0.05, give or take three errors


def test_of_articles_put_into_groups_by_chance_hardly_any_word_is_named():
    stories = [wb.Document.from_text(article.text, f"{n}") for n, article in enumerate(marked())]
    assert simulations.words_named(stories, (5, 5), runs=20) <= 0.2


def test_words_that_tell_the_groups_come_first():
    table = keyness.keyness(*documents_of_words(np.random.default_rng(1), (20, 20), telling=3))
    assert {"w0", "w1", "w2"} == set(table.index[:3])
    assert (table.log_ratio[:3] > 1).all()
    assert (table.p_adjusted[:3] < 0.05).all()


def test_names_are_compared_by_fishers_exact_test():
    counts = pd.DataFrame({"a": [1, 9, 5], "b": [9, 3, 5]}, index=["milk", "tea", "water"])
    table = keyness.documents_having(counts, pd.Series({"a": 12, "b": 12}))
    assert table.p["milk"] == pytest.approx(0.0027594, abs=1e-7)
    assert table.p["tea"] == pytest.approx(0.0391, abs=1e-4)
    assert table.p["water"] == pytest.approx(1)
    assert table.index[0] == "milk"
    assert table.log_ratio["milk"] == pytest.approx(np.log2(9))


def test_of_three_groups_each_is_compared_with_all_others():
    numbers = np.random.default_rng(5)
    groups = pd.Series(pd.Categorical(list("abc") * 12), [f"d{n}" for n in range(36)], name="group")
    columns = pd.MultiIndex.from_tuples([("sentiment", "valence", "all")], names=comparison.KEYS)
    figures = pd.DataFrame(numbers.normal((groups == "b") * 3.0, 1)[:, None], groups.index, columns)
    table = comparison.compare(figures, groups).set_index("group")
    assert list(table.index) == ["a", "b", "c"]
    assert table.difference["b"] == pytest.approx(
        figures[groups == "b"].mean().iloc[0] - figures[groups != "b"].mean().iloc[0]
    )
    assert table.p_adjusted["b"] < 0.01
    assert "Tone, b *" in list(comparison.largest(table.reset_index()).label)
    assert "12 articles (a), 12 articles (b) and 12 articles (c)" in comparison.findings(table.reset_index(), groups)
    names = keyness.documents_having(pd.DataFrame({"a": [0], "b": [9], "c": [1]}, ["Oslo"]), groups.value_counts())
    assert names.set_index("group").second.to_dict() == {"a": 0, "b": 9 / 12, "c": 1 / 12}


def test_a_group_that_no_document_is_in_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"Pots: no document has that outlet; there is Post, Sun, Times") as refused:
        comparison.groups(DOCUMENTS, "outlet", "Pots", "Times")
    assert refused.value._render_traceback_() == [str(refused.value)]  # what a notebook shows
    with pytest.raises(ValueError, match=r"\^q: in no document's name"):
        comparison.groups(DOCUMENTS, "name", "^p", "^q")
    with pytest.raises(ValueError, match="'\\[p': not a regular expression"):
        comparison.groups(DOCUMENTS, "name", "[p", "^q")
    with pytest.raises(ValueError, match=r"soon: no day; .* as in 2024-03-01"):
        comparison.groups(DOCUMENTS, "date", second="soon")


def test_measures_are_one_of_each_kind_unless_chosen():
    table = wb.measures(wb.Document.from_text("“We love Oslo,” said Anna Berg of NATO.\nOslo slept.", "one"))
    usual = comparison.figures_by_document(table)
    assert set(usual.columns.get_level_values("voice")) == {"all"}
    assert set(usual.columns.get_level_values("measure")) <= set(comparison.ONE_OF_EACH)
    chosen = comparison.figures_by_document(table, ["lix", "valence"])
    assert set(chosen.columns.get_level_values("measure")) == {"lix", "valence"}
    assert comparison.figures_by_document(table, ["all"]).shape[1] > 60
    with pytest.raises(ValueError, match="no measure 'ease'"):
        comparison.figures_by_document(table, ["ease"])


def test_of_nothing_that_holds_no_largest_is_shown_and_p_is_never_nought():
    numbers = np.random.default_rng(9)
    assert len(comparison.largest(comparison.compare(*two(numbers.normal(size=9), numbers.normal(size=9))))) == 0
    sure = comparison.largest(comparison.compare(*two(numbers.normal(size=30), numbers.normal(4, 1, size=30))))
    assert list(sure.label) == ["Tone *"]
    assert [comparison.p_written(p) for p in (0.0001, 0.0312, 1.0, np.nan)] == ["< 0.001", "0.031", "1.000", "–"]


def test_names_and_speakers_are_counted_by_documents(articles):
    group = comparison.groups(comparison.documents(articles), "name", "Oslo", "Turin")
    table = wb.measure_all(articles)[0]
    named, sizes = keyness.having(table, group, "mention_share")
    assert named.loc["Oslo"].to_dict() == {"Oslo": 2, "Turin": 0}
    assert sizes.to_dict() == {"Oslo": 2, "Turin": 2}
    assert keyness.having(table, group, "share_of_voice")[0].loc["Anna Berg"].to_dict() == {"Oslo": 2, "Turin": 2}


def test_over_time_is_the_mean_of_each_period():
    dates = pd.Series(pd.to_datetime(["2024-01-05", "2024-01-20", "2024-03-01", None]), index=list("abcd"))
    table = comparison.over_time(pd.Series([1.0, 3, 5, 9], index=list("abcd")), dates)
    assert dict(zip(table.group, table.value, strict=True)) == {"2024-01": 2, "2024-03": 5}
    assert len(comparison.over_time(pd.Series(dtype=float), pd.Series(dtype="datetime64[ns]"))) == 0


def test_every_measure_has_a_definition():
    text = "“We love Oslo,” said Anna Berg of NATO.\n“Oslo is dear to us,” Carl Lund said.\nOslo slept."
    document = wb.Document.from_text(text)
    table = wb.measures(document)
    defined = wording.definitions()
    assert defined.index.is_unique
    assert set(table.measure.str.partition("[")[0]) <= set(defined.index)
    assert (defined[["label", "unit", "range", "definition"]] != "").all(axis=None)
    for column in table.columns:
        assert f"`{column}" in wording.dictionary() or f", {column}`" in wording.dictionary()


def test_documents_without_groups_have_no_words_to_compare_and_no_error(tmp_path):
    (tmp_path / "undated.txt").write_text(
        "The council met in the town hall. It agreed on the budget for the coming year."
    )
    groups = comparison.groups(comparison.documents(tmp_path))
    assert len(keyness.keyness(keyness.words(tmp_path, groups), groups)) == 0


def test_two_documents_against_two_have_no_effect_and_no_interval():
    groups = pd.Series(pd.Categorical(["a", "a", "b", "b"]), ["w", "x", "y", "z"], name="group")
    figures = pd.DataFrame({("readability", "lix", "all"): [30.0, 31, 50, 51]}, index=groups.index)
    compared = comparison.compare(figures, groups)
    assert compared[["low", "high", "effect"]].isna().all(axis=None)
    assert compared.difference[0] == 20
    assert "no difference, however large, could be told" in comparison.findings(compared, groups)


def test_of_three_groups_of_two_no_difference_could_be_told_either():
    groups = pd.Series(pd.Categorical([*"aabbcc"]), [*"uvwxyz"], name="group")
    assert not comparison.enough(groups)
    assert comparison.enough(pd.Series(pd.Categorical([*"aaabbbccc"]), [*"abcdefghi"], name="group"))


def test_periods_are_the_shortest_that_hold_five_articles_for_most():
    days = pd.Series(pd.date_range("2023-01-01", "2024-12-17", periods=60))
    assert set(comparison.periods(days).astype(str)) == {"2023", "2024"}
    assert len(set(comparison.periods(pd.concat([days, days])))) == 24
    assert set(comparison.periods(days[:2]).astype(str)) == {"2023-01-01", "2023-01-13"}
    assert comparison.periods(days[:0]).empty


def test_the_largest_difference_of_many_groups_says_whose_it_is():
    values = pd.concat(
        [pd.Series(spread(10.0 * (name == "c"), 1, 6), [f"{name}{k}" for k in range(6)]) for name in "abcde"]
    )
    columns = pd.MultiIndex.from_tuples([("readability", "flesch_kincaid_grade", "all")], names=comparison.KEYS)
    groups = pd.Series(pd.Categorical(values.index.str[0]), values.index, name="group")
    compared = comparison.compare(values.to_frame().set_axis(columns, axis=1), groups)
    said = comparison.findings(compared, groups)
    assert "between 5 groups of 6 articles each" in said
    assert "standard deviations: Flesch-Kincaid grade, c " in said


def test_documents_of_the_same_title_are_told_apart_by_what_is_known_of_them():
    known = pd.DataFrame(
        {"title": ["letters", "Letters", "Letters", None], "outlet": ["Sun", "Post", "Sun", None]},
        index=pd.Index(["a", "b", "c", "d"]),
    )
    assert list(comparison.titles(known)) == ["Letters, Sun, a", "Letters, Post", "Letters, Sun, c", "D"]
    assert list(comparison.titles(known[["outlet"]])) == ["A", "B", "C", "D"]
