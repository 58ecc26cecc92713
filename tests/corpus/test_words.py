"""Any word or phrase: where it stands, in whose voice, with which words around it; and lists of them, counted."""

import pandas as pd
import pytest

import workbench as wb
from workbench.cli import main

FERRY = wb.Document.from_text(
    "The strike began on Monday in the harbour of Oslo.\n"
    "Anna Berg said that the strikes would end soon. “A strike hurts us all,” Anna Berg said.\n"
    "Nobody was striking\nin Bergen, but Berg expects it. The ferry strike is the first in years.",
    "ferry",
)


def test_a_word_is_found_as_a_whole_in_any_case_with_voice_and_speaker():
    found = wb.concordance(FERRY, "Strike")
    assert list(found) == ["document", "start", "end", "before", "text", "after", "voice", "speaker"]
    assert [FERRY.text[row.start : row.end] for row in found.itertuples()] == ["strike"] * 3
    assert list(found.voice) == ["narration", "quotation", "narration"]
    assert list(found.speaker) == ["", "Anna Berg", ""]


@pytest.mark.parametrize(
    ("phrase", "regex", "found"),
    [
        ("strik*", False, ["strike", "strikes", "strike", "striking", "strike"]),
        ("ferry strike", False, ["ferry strike"]),
        ("striking in bergen", False, ["striking\nin Bergen"]),
        (r"strik(e|es)\b", True, ["strike", "strikes", "strike", "strike"]),
        ("stri", False, []),
        ("  ", False, []),
        ("*", False, []),
        ("a.b(", False, []),
    ],
)
def test_phrases_may_have_wildcards_or_be_regular_expressions(phrase, regex, found):
    table = wb.concordance(FERRY, phrase, regex)
    assert [FERRY.text[row.start : row.end] for row in table.itertuples()] == found


def test_a_name_is_found_where_it_is_mentioned_by_a_part_of_it():
    assert list(wb.concordance(FERRY, "Anna Berg").text) == ["Anna Berg", "Anna Berg", "Berg"]


def test_no_word_is_cut_at_the_edge_of_a_context():
    words = set(FERRY.text.replace("\n", " ").split())
    for row in wb.concordance(FERRY, "strik*", width=13).itertuples():
        assert {*row.before.split(), *row.after.split()[1:]} <= words
        assert max(len(row.before), len(row.after)) <= 13


def test_a_regular_expression_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a regular expression"):
        wb.concordance(FERRY, "(", regex=True)


def test_a_folder_and_a_measured_corpus_are_searched_alike(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("one", "two"):
        (seeds / f"{name}.txt").write_text(FERRY.text.replace("\nin", " in"), "utf-8")
    wb.measure_corpus(seeds, tmp_path / "c.parquet", jobs=1, evidence=True, progress=False)
    columns = ["document", "start", "end", "text", "voice", "speaker"]
    read, measured = (wb.concordance(source, "strike")[columns] for source in (seeds, tmp_path / "c.parquet"))
    assert set(read.document) == {"one", "two"}
    places = [table[["document", "text"]].value_counts().to_dict() for table in (read, measured)]
    assert places[0] == places[1]
    assert wb.concordance(seeds, "nowhere").shape == (0, 8)
    wb.measure_corpus(seeds, tmp_path / "bare.parquet", jobs=1, only="lix", progress=False)
    for search in (wb.concordance, wb.collocates):
        with pytest.raises(ValueError, match="measured without evidence; measure it again with evidence"):
            search(tmp_path / "bare.parquet", "strike")


def test_a_collocate_stands_near_more_often_than_elsewhere():
    text = "The heavy rain fell. The heavy rain stopped. " * 3 + "The sun was light and the day was long. " * 6
    found = wb.collocates(wb.Document.from_text(text), "rain", span=1)
    assert found.word[0] == "heavy"
    assert found.near[0] == 6
    assert found.log_ratio[0] > 1
    assert (found.log_ratio > 0).all()
    assert "sun" not in set(found.word)
    assert len(wb.collocates(FERRY, "nowhere")) == 0


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "conflict.txt").write_text("strik*  # any form\nhurts\n\n# nothing\n", "utf-8")
    (tmp_path / "tone.tsv").write_text("word\tweight\nhurts\t-2\nsoon\t1\n", "utf-8")
    return tmp_path


def test_lists_may_be_given_as_words_without_weights():
    assert wb.word_lists({"one": "ferry strike", "two": ["harbour", "Oslo"], "three": {"rain": 2.0}}) == {
        "one": {"ferry strike": 1.0},
        "two": {"harbour": 1.0, "Oslo": 1.0},
        "three": {"rain": 2.0},
    }


def test_lists_are_read_with_comments_wildcards_and_weights(lists):
    assert wb.word_lists(lists) == {
        "conflict": {"strik*": 1, "hurts": 1},
        "tone": {"hurts": -2, "soon": 1},
    }
    with pytest.raises(ValueError, match="no such file"):
        wb.word_lists(lists / "none.txt")
    (lists / "bad.tsv").write_text("a\tb\n1\t2\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad.tsv: no column `word`"):
        wb.word_lists(lists)
    (lists / "bad.tsv").write_text("word\tweight\na\tmuch\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv: .*numbers in its column weight"):
        wb.word_lists(lists)
    (lists / "bad.tsv").unlink()
    (lists / "latin.txt").write_bytes("café".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin\.txt: .*UTF-8"):
        wb.word_lists(lists)


def test_a_list_that_is_missing_is_a_line_on_the_command_line(capsys):
    assert main(["measure", "seeds", "--lists", "nowhere"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_words_of_a_list_are_measures_by_voice_like_all_others(lists):
    table = wb.measures(FERRY, ["words", "all", "narration", "reported", "quotation"], lists)
    assert list(table) == list(wb.measures(FERRY))
    pd.testing.assert_frame_equal(
        table.query("voice == 'all'").reset_index(drop=True), wb.measures(FERRY, "words", lists)
    )
    whole = wb.measures(FERRY, lists=lists)
    assert set(whole.analysis) == {"readability", "sentiment", "quotations", "entities", "words"}
    pd.testing.assert_frame_equal(table, whole[whole.analysis == "words"].reset_index(drop=True))
    shares = table[table.measure == "list_share[conflict]"].set_index("voice").value
    words = len(FERRY.text.split())
    assert shares["all"] == pytest.approx(6 / words)
    assert shares["quotation"] == pytest.approx(2 / 5)
    weight = table[(table.measure == "list_weight[tone]") & (table.voice == "all")].value.item()
    assert weight == pytest.approx(-0.5)
    assert pd.isna(table[(table.measure == "list_weight[tone]") & (table.voice == "narration")].value.item())
    assert not table.measure.str.startswith("list_weight[conflict]").any()


def test_lists_are_found_from_the_folder_of_notebooks_and_a_missing_one_is_a_line(lists, tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert wb.word_lists("conflict.txt") == wb.word_lists(lists / "conflict.txt")
    with pytest.raises(ValueError, match="no such file") as missing:
        wb.word_lists("no-such-lists")
    assert missing.value._render_traceback_() == [str(missing.value)]
