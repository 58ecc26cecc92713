"""Coding sheets: fair samples, safe files, and agreement as the textbook has it."""

import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.corpus import coding, stored
from workbench.display import coding_form

TEXT = (
    "The council of Oslo met on Monday, a dark and terrible day. “We agreed on the budget,” said Anna Berg.\n"
    "Nobody was glad.\n“It is wonderful,” said Carl Lund. The bakers of Turin cheered. It rained.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for number in range(4):
        (folder / f"{number}.txt").write_text(TEXT.replace("Oslo", ["Oslo", "Bergen", "Lyon", "Porto"][number]))
    return folder


@pytest.fixture(scope="module")
def sample(folder):
    return pd.concat([coding.sample(folder, of, 12) for of in coding.ASKED], ignore_index=True)


def test_the_same_seed_draws_the_same_and_another_one_others(folder, tmp_path):
    one = coding.sample(folder, "sentences", 8, seed=1)
    pd.testing.assert_frame_equal(one, coding.sample(folder, "sentences", 8, seed=1))
    assert set(one.item) != set(coding.sample(folder, "sentences", 8, seed=2).item)


def test_a_measured_corpus_gives_the_sample_of_its_folder(folder, tmp_path):
    wb.measure_corpus(folder, tmp_path / "c.parquet", "sync", evidence=True, progress=False)
    for of in coding.ASKED:
        ours, theirs = coding.sample(folder, of, 9), coding.sample(tmp_path / "c.parquet", of, 9)
        pd.testing.assert_frame_equal(ours, theirs)


def test_a_corpus_without_evidence_is_said(folder, tmp_path):
    wb.measure_corpus(folder, tmp_path / "c.parquet", "sync", progress=False)
    with pytest.raises(ValueError, match="evidence"):
        coding.sample(tmp_path / "c.parquet", "sentences", 9)


def test_strata_are_drawn_in_proportion(folder):
    strata = pd.Series({"0": "x", "1": "y", "2": "y", "3": "y"})
    drawn = coding.sample(folder, "sentences", 12, strata=strata).drop_duplicates("item")
    assert len(drawn) == 12
    assert abs(drawn.stratum.str.endswith("x").sum() - 3) <= 1
    assert set(drawn.weight) == {2.0}
    assert set(drawn.strata) == {"voice and group"}


def test_each_stratum_has_its_part_but_for_one_item_and_each_item_the_same_chance():
    numbers, taken = np.random.default_rng(1), []
    for design in range(1000):
        sizes = Counter({f"s{n}": int(size) for n, size in enumerate(numbers.integers(1, 60, numbers.integers(1, 40)))})
        size = int(numbers.integers(1, 60))
        step = max(1, sizes.total() / size)
        shares = coding._shares(sizes, size, design, 0)
        assert all(abs(number - sizes[name] / step) < 1 for name, (number, _) in shares.items())
        assert sum(number for number, _ in shares.values()) in {min(size, sizes.total()) + off for off in (-1, 0, 1)}
        taken.append(coding._shares(Counter(a=3, b=97), 10, design, 0)["a"][0])
    assert np.mean(taken) == pytest.approx(0.3, abs=0.045)


def test_of_small_strata_more_are_drawn_and_weigh_less():
    shares = coding._shares(Counter(a=1000, b=20, c=3), 50, 1, 5)
    assert shares["b"] == (5, 4.0)
    assert shares["c"] == (3, 1.0)
    assert shares["a"][0] * shares["a"][1] == pytest.approx(1000, rel=0.05)


def test_every_item_is_in_its_text_with_what_stands_around_it(folder, sample):
    texts = {document.name: " ".join(document.text.split()) for document in wb.read_all(folder)}
    for row in sample.itertuples():
        text = row.text.rpartition(" [")[0] if row.question in ("speaker", "speakers") else row.text
        assert row.question in ("speaker", "speakers") or "[" not in row.text
        assert text
        around = " ".join(f"{row.before} {text} {row.after}".split()).replace(" ", "")
        assert around in texts[row.document].replace(" ", "")


def test_the_sheet_keeps_the_workbenchs_answers_from_the_coders(sample, tmp_path):
    coding.write_sheet(sample, tmp_path / "sheet.csv")
    sheet = pd.read_csv(tmp_path / "sheet.csv")
    assert list(sheet) == coding.SHEET
    assert sheet.answer.isna().all()


def test_no_cell_is_a_formula(sample, tmp_path):
    dangerous = sample.assign(text='=HYPERLINK("http://x","y")', before="@SUM(A1)", after="-1+1")
    coding.write_sheet(dangerous, tmp_path / "sheet.csv")
    sheet = pd.read_csv(tmp_path / "sheet.csv", dtype="str", keep_default_na=False)
    assert not sheet.apply(lambda column: column.str[:1].isin(list("=+-@\t\r"))).any(axis=None)


def coded(sample, path, answers):
    coding.write_sheet(sample.assign(answer=answers), path)
    return path


def test_a_coded_sheet_is_read_back(sample, tmp_path):
    codes = coding.read_sheets([coded(sample, tmp_path / "anna.csv", sample.workbench)])
    assert set(codes.coder) == {"anna"}
    merged = codes.merge(sample, on=["item", "question"])
    assert len(merged) == len(sample)
    assert (merged.answer_x == merged.workbench).all()


def test_a_sheet_saved_by_a_german_excel_is_read_too(sample, tmp_path):
    path = coded(sample, tmp_path / "bo.csv", sample.workbench)
    sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
    sheet.to_csv(tmp_path / "excel.csv", sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")
    ours, theirs = coding.read_sheets([path]), coding.read_sheets([tmp_path / "excel.csv"])
    assert ours.answer.tolist() == theirs.answer.tolist()


def test_what_is_not_answered_is_left_out(sample, tmp_path):
    assert coding.read_sheets([coded(sample, tmp_path / "anna.csv", "")]).empty
    assert coding.read_sheets([]).empty
    (tmp_path / "short.csv").write_text("item,question,answer\na,tone,1\nb,tone\n")  # its last, empty field cut off
    assert coding.read_sheets([tmp_path / "short.csv"]).item.tolist() == ["a"]


def test_an_answer_that_is_not_allowed_is_named_with_its_row(sample, tmp_path):
    answers = sample.workbench.astype(object).where(sample.index != 3, "yes")
    with pytest.raises(ValueError, match=r"anna\.csv: .*row 5: 'yes'"):
        coding.read_sheets([coded(sample, tmp_path / "anna.csv", answers)])


def test_another_table_is_said_not_to_be_a_coding_sheet(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"other\.csv: no column answer"):
        coding.read_sheets([tmp_path / "other.csv"])


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: four observers, twelve units
KRIPPENDORFF = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""


def krippendorff(question, allowed=range(1, 6)):
    rows = [
        (str(unit), question, coder, int(answer))
        for coder, line in enumerate(KRIPPENDORFF.split("\n")[1:-1])
        for unit, answer in enumerate(line.split())
        if answer != "." and int(answer) in allowed
    ]
    return pd.DataFrame(rows, columns=["item", "question", "coder", "answer"]).astype({"coder": "str"})


def test_alpha_as_in_krippendorffs_worked_example_for_interval_data():
    row = coding.agreement(krippendorff("tone")).iloc[0]
    assert row.value == pytest.approx(0.849, abs=0.0005)
    assert np.isnan(row.low)
    assert row.note == "coders differ on 3 items only: no interval"
    assert row.n == 11


@pytest.mark.parametrize("design", range(40))
def test_alpha_is_that_of_the_package_krippendorff(design):
    peer = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    numbers = np.random.default_rng(design)
    coders, items = int(numbers.integers(2, 6)), int(numbers.integers(8, 40))
    question, allowed = [("tone", [-1, 0, 1]), ("names", [0, 1]), ("type", [1, 2, 3, 4, 5])][design % 3]
    truth = numbers.choice(allowed, items)
    answers = np.where(numbers.random((coders, items)) < 0.7, truth, numbers.choice(allowed, (coders, items))) * 1.0
    answers[numbers.random((coders, items)) < 0.25] = np.nan
    rows = [(f"i{i}", question, f"c{c}", answers[c, i]) for c in range(coders) for i in range(items)]
    codes = pd.DataFrame(rows, columns=["item", "question", "coder", "answer"]).dropna()
    level = "interval" if question == "tone" else "nominal"
    theirs = peer.alpha(answers, level_of_measurement=level)
    assert coding.agreement(codes).value[0] == pytest.approx(theirs)


@pytest.mark.slow
def test_alphas_interval_holds_the_alpha_that_many_items_have():
    numbers = np.random.default_rng(2)

    def judged(items):
        truth = numbers.random(items) < 0.4
        wrong = numbers.random((2, items)) < 0.15
        rows = [(str(i), "names", "ab"[c], int(truth[i] ^ wrong[c, i])) for c in (0, 1) for i in range(items)]
        return coding.agreement(pd.DataFrame(rows, columns=["item", "question", "coder", "answer"])).iloc[0]

    truth = judged(20_000).value
    found = pd.DataFrame([judged(60) for _ in range(200)]).dropna(subset="low")
    assert 0.90 <= ((found.low <= truth) & (truth <= found.high)).mean() <= 0.99


def test_what_does_not_apply_counts_neither_way(sample):
    asked = sample[sample.question == "speaker"]
    codes = pd.concat(asked[["item", "question"]].assign(coder=coder, answer=9) for coder in "ab")
    assert coding.agreement(codes).empty
    assert coding.correctness(codes, sample).empty


def test_chance_answers_agree_as_chance_has_it():
    numbers = np.random.default_rng(1)
    codes = pd.DataFrame(
        [(str(n), "names", coder, numbers.integers(2)) for n in range(400) for coder in "abc"],
        columns=["item", "question", "coder", "answer"],
    )
    row = coding.agreement(codes).iloc[0]
    assert row.low < 0 < row.high
    assert abs(row.value) < 0.1


def test_without_a_second_coder_or_without_variation_there_is_no_alpha():
    one = krippendorff("tone").query("coder == '0'")
    assert coding.agreement(one).empty or coding.agreement(one).value.isna().all()
    same = krippendorff("tone").assign(answer=1)
    assert coding.agreement(same).value.isna().all()


def test_precision_and_recall_by_coders_of_whom_each_counts(sample):
    sentences = sample[sample.question == "quotations"].head(10).assign(workbench=[1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    coders = {"anna": [1, 1, 1, 0, 1, 0, 0, 0, 0, 0], "bo": [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]}
    codes = [sentences[["item", "question"]].assign(coder=coder, answer=given) for coder, given in coders.items()]
    right = coding.correctness(pd.concat(codes), sentences).set_index("measure")
    assert right.value["precision"] == pytest.approx((3 + 2) / 8)
    assert right.value["recall"] == pytest.approx((3 + 2) / (4 + 2))
    assert right.low.isna().all()  # of four items


def test_precision_has_wilsons_interval_and_is_not_certain_where_all_is_right(sample):
    asked = sample[sample.question == "mention"].assign(weight=1.0)
    codes = asked[["item", "question"]].assign(coder="anna", answer=1)
    row = coding.correctness(codes, asked).iloc[0]
    assert row.value == row.high == 1
    assert row.low == pytest.approx(row.n / (row.n + 1.96**2), abs=0.001)


def test_items_of_an_oversampled_stratum_count_by_what_they_stand_for(sample):
    asked = sample[sample.question == "mention"].head(10).assign(weight=[9.0] * 5 + [1.0] * 5)
    codes = asked[["item", "question"]].assign(coder="anna", answer=[1] * 5 + [0] * 5)
    assert coding.correctness(codes, asked).value[0] == pytest.approx(0.9)


def test_of_claims_there_is_precision_alone(sample):
    codes = sample[["item", "question"]].assign(coder="anna", answer=sample.workbench)
    right = coding.correctness(codes, sample)
    assert set(right.measure[right.question == "mention"]) == {"precision"}
    assert set(right.measure[right.question == "names"]) == {"precision", "recall"}
    assert set(right.name[right.question == "speakers"]) == {"recall of speakers of sentences"}
    assert (right.value.dropna() == 1).all()


def test_the_methods_sentence_has_the_numbers(sample):
    codes = pd.concat(sample[["item", "question"]].assign(coder=c, answer=sample.workbench) for c in ("anna", "bo"))
    text = coding.methods(sample, codes)
    assert "12 sentences" in text
    assert "2 coders" in text
    assert "(by voice)" in text
    assert "seed 1" in text
    assert "nominal" in text
    assert "en_core_web_sm" in text
    assert "blind" not in text
    assert "questions)" not in text
    assert "not applicable" not in text
    assert "recall of sentences with names 100" in text
    assert "not been coded" in coding.methods(sample, codes[:0])


def test_the_methods_sentence_says_who_has_judged_a_part_only_and_what_was_left_out(sample):
    anna = sample[["item", "question"]].assign(coder="anna", answer=sample.workbench)
    assert "One coder judged them, in a sheet" in coding.methods(sample, anna)
    bo = anna[anna.question == "speaker"].head(2).assign(coder="bo", answer=9)
    text = coding.methods(sample, pd.concat([anna, bo]))
    assert f"2 coders judged them, each in a sheet of their own (bo 2 of {len(sample)} questions)" in text
    both = coding.methods(sample, pd.concat([anna, anna.assign(coder="cleo"), bo]))
    assert "“not applicable” left out" in both


def test_the_methods_sentence_has_the_versions_that_measured_not_those_of_today(folder, tmp_path):
    wb.measure_corpus(folder, tmp_path / "c.parquet", "sync", evidence=True, progress=False)
    note = tmp_path / "c.parquet" / stored.NOTE
    assert note.read_text("utf-8") == stored.measured_with(folder)
    note.write_text("workbench 0.1 and the pipeline xx_news 2.0", "utf-8")
    drawn = coding.sample(tmp_path / "c.parquet", "sentences", 9)
    assert "Measured with workbench 0.1 and the pipeline xx_news 2.0." in coding.methods(drawn, pd.DataFrame())
    note.unlink()
    assert stored.measured_with(tmp_path / "c.parquet") == "an earlier workbench"


def test_answers_about_another_sample_are_not_silently_dropped(folder, sample):
    codes = sample[["item", "question"]].assign(coder="anna", answer=0)
    with pytest.raises(ValueError, match="answers of anna are about what is not in this sample"):
        coding.correctness(codes, sample[sample.item.isin(sample.item.unique()[:3])])


def test_a_pronoun_that_nobody_stands_behind_is_shown_as_nobody(tmp_path):
    (tmp_path / "a.txt").write_text("“It was late,” he said.\n\n“We won the match in the rain,” said Ann Lee.\n")
    drawn = coding.sample(tmp_path, "quotations", 9).query("question == 'speaker'")
    assert set(drawn.text.str.extract(r" \[(.*)\]$")[0]) == {"nobody", "Ann Lee"}


def test_the_form_keeps_each_answer_and_begins_where_it_was_left(sample, tmp_path):
    pytest.importorskip("ipywidgets", reason="ipywidgets is not installed")
    path = tmp_path / "coded" / "anna.csv"
    for number in range(3):
        bar, passage, buttons = coding_form.form(sample, path).children
        assert bar.value == number
        buttons.children[-1].click()
        assert len(coding.read_sheets([path])) == number + 1
    assert "<mark>" in passage.value


def test_without_widgets_the_sheet_is_written(sample, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert "spreadsheet" in coding_form.form(sample, tmp_path / "anna.csv")
    assert (tmp_path / "anna.csv").exists()
