"""Two groups compared: against worked examples, second implementations, and what must hold of any two groups."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from nltk.metrics.association import BigramAssocMeasures

import workbench as wb
from workbench.corpus import comparison, keyness
from workbench.measurement import definitions as wording


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


def test_the_permutation_test_tries_every_division():
    assert comparison.permutation_p(np.array([1.0, 2, 3]), np.array([4.0, 5, 6])) == pytest.approx(2 / 20)
    assert comparison.permutation_p(np.array([1.0, 2]), np.array([1.0, 2])) == 1


def test_the_permutation_test_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    numbers = np.random.default_rng(1)
    for size in (5, 40):
        one, two = numbers.normal(0, 1, size), numbers.exponential(1.5, size + 3)
        theirs = stats.permutation_test(
            (one, two), lambda a, b, axis: a.mean(axis) - b.mean(axis), vectorized=True, n_resamples=20_000, rng=1
        ).pvalue
        assert comparison.permutation_p(one, two) == pytest.approx(theirs, abs=0.01)


def test_holm_as_in_his_worked_example():
    adjusted = comparison.holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert len(comparison.holm(np.array([]))) == 0


def test_keyness_is_dunnings_log_likelihood_as_nltk_has_it():
    counts = pd.DataFrame({"a": [30, 5, 0, 12], "b": [10, 10, 7, 24]}, index=["w", "x", "y", "z"])
    totals = pd.Series({"a": 1000, "b": 2000})
    table = keyness.keyness(counts, totals)
    for word, row in counts.iterrows():
        theirs = BigramAssocMeasures.likelihood_ratio(row.a, (row.a + row.b, 1000), 3000)
        assert table.g2[word] == pytest.approx(theirs, rel=1e-6, abs=1e-6)
    assert table.log_ratio["x"] == pytest.approx(0)
    assert table.log_ratio["w"] == pytest.approx(np.log2(10 / 2000) - np.log2(30 / 1000))
    assert table.index[0] == "w"


def test_a_difference_is_the_second_groups_mean_minus_the_firsts_and_lies_in_its_interval():
    figures, group = two([1, 2, 3, 4], [5, 6, 9])
    row = comparison.compare(figures, group).iloc[0]
    assert (row["first"], row.second, row.difference) == pytest.approx((2.5, 20 / 3, 20 / 3 - 2.5))
    assert row.low < row.difference < row.high
    assert (row.n_first, row.n_second) == (4, 3)


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
    with pytest.raises(ValueError, match=r"publisher: .*outlet"):
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
    assert keyness.words(articles, group)[0].to_dict() == keyness.words(corpus, group)[0].to_dict()


def test_words_are_counted_by_group_except_those_of_a_single_document(articles):
    group = comparison.groups(comparison.documents(articles), "name", "Oslo", "Turin")
    counts, totals = keyness.words(articles, group)
    assert counts.loc["oslo"].to_dict() == {"Oslo": 6, "Turin": 0}
    assert counts.loc["the"].to_dict() == {"Oslo": 4, "Turin": 4}
    assert "unique" not in counts.index
    assert totals.to_dict() == {"Oslo": 37, "Turin": 36}


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
    counts, totals = keyness.words(tmp_path, comparison.groups(comparison.documents(tmp_path)))
    assert len(keyness.keyness(counts, totals)) == 0


def test_two_documents_against_two_have_no_effect_and_no_interval():
    groups = pd.Series(pd.Categorical(["a", "a", "b", "b"]), ["w", "x", "y", "z"], name="group")
    figures = pd.DataFrame({("readability", "lix", "all"): [30.0, 31, 50, 51]}, index=groups.index)
    compared = comparison.compare(figures, groups)
    assert compared[["low", "high", "effect"]].isna().all(axis=None)
    assert compared.difference[0] == 20
    assert "too few" in comparison.findings(compared, groups)
