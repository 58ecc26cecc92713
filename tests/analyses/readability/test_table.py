"""Readability: formulas by their publications, counts by hand, estimated difficulty by what it must do."""

import tracemalloc
from unicodedata import combining, normalize

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from workbench.analyses.readability import difficulty, formulas, table
from workbench.analyses.readability.counting import count, tally
from workbench.analyses.readability.table import counts, readability
from workbench.analyses.readability.words import COUNTS, is_complex, is_familiar, spoken_long
from workbench.documents.document import Document
from workbench.language import sentence_spans

SIMPLE = (
    "Ann has a dog. The dog is big and brown. It likes to run in the park. One day the dog ran away. Ann was sad."
    " She looked in the park. She looked in the street. Then she went home. The dog sat at the door. Ann was very"
    " happy. "
) * 3
HARD = (
    "The commission's deliberations concerning the proportionality of retaliatory tariffs, which had been "
    "postponed repeatedly owing to irreconcilable interpretations of the underlying jurisprudence, culminated in "
    "a resolution whose ambiguous formulation satisfied neither the manufacturers nor the legislature. "
    "Notwithstanding considerable apprehension among institutional investors, the administration reiterated its "
    "determination to pursue comprehensive harmonisation of environmental regulations, an undertaking whose "
    "implementation presupposes unprecedented cooperation between jurisdictions. "
) * 3

PASSAGE = "This sentence, taken as a reading passage unto itself, is being used to prove a point."
PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."


@pytest.fixture(autouse=True)
def quoted_by_marks(monkeypatch):
    """Voices by quotation marks alone, spoken by Ann, so that these tests stand by themselves."""

    def voices(document):
        quoted = [document.text[start] == '"' for start, _ in sentence_spans(document)]
        voice = np.where(quoted, "quotation", "narration")
        return pd.DataFrame({"voice": voice, "speaker": np.where(quoted, "Ann", "")})

    monkeypatch.setattr(table, "sentence_voices", voices)


def sums(**counted):
    return {name: np.array(float(counted.get(name, 0))) for name in [*COUNTS, "sentences"]}


# The sums of worked examples: (formula, counts, published value, tolerance).
PUBLISHED = [
    # E. Dale and J. S. Chall (1948), Instructions: their three samples.
    ("dale_chall_1948", {"words": 132, "sentences": 7, "unfamiliar": 6}, 5.3684, 1e-4),
    ("dale_chall_1948", {"words": 131, "sentences": 9, "unfamiliar": 20}, 6.7490, 1e-4),
    ("dale_chall_1948", {"words": 111, "sentences": 6, "unfamiliar": 17}, 6.9474, 1e-4),
    # M. Coleman and T. L. Liau (1975): the abstract, measured by its own formula.
    ("coleman_liau_index", {"words": 119, "sentences": 5, "letters": 639}, 14.53, 0.02),
    ("coleman_liau_index", {"words": 14, "sentences": 4, "letters": 65}, 3.04, 0.05),
    ("coleman_liau_index", {"words": 56, "sentences": 4, "letters": 214}, 4.56, 0.05),
    # G. H. McLaughlin (1969), equation D.
    ("smog_index", {"words": 500, "sentences": 30, "polysyllables": 64}, 11.473, 1e-3),
    ("smog_index", {"words": 500, "sentences": 30, "polysyllables": 95}, 13.295, 1e-3),
    # J. S. Caylor et al. (1973): 60 words of one syllable in 150.
    ("forcast", {"words": 150, "sentences": 9, "monosyllables": 60}, 14.0, 1e-9),
    # Own arithmetic from the definitions: 100 words, 5 sentences.
    ("flesch_reading_ease", {"words": 100, "sentences": 5, "syllables": 150}, 59.635, 1e-9),
    ("flesch_kincaid_grade", {"words": 100, "sentences": 5, "syllables": 150}, 9.91, 1e-9),
    ("gunning_fog", {"words": 100, "sentences": 5, "complex": 10}, 12.0, 1e-9),
    ("automated_readability_index", {"words": 100, "sentences": 5, "letters": 470}, 10.707, 1e-9),
    ("dale_chall", {"words": 100, "sentences": 5, "unfamiliar": 10}, 40.7, 1e-9),
    ("linsear_write", {"words": 100, "sentences": 5, "polysyllables": 10}, 12.0, 1e-9),
    ("linsear_write", {"words": 100, "sentences": 10, "polysyllables": 10}, 5.0, 1e-9),
    ("lix", {"words": 100, "sentences": 5, "long": 30}, 50.0, 1e-9),
    ("rix", {"words": 100, "sentences": 5, "long": 30}, 6.0, 1e-9),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "counted", "value", "tolerance"), PUBLISHED)
def test_formulas_give_the_published_values(formula, counted, value, tolerance):
    assert float(getattr(formulas, formula)(sums(**counted))) == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("The cat sat on the mat.", "flesch_reading_ease", 116.145),
        ("The cat in the hat ate breakfast.", "flesch_reading_ease", 103.044),
        ("The cat in the hat ate breakfast.", "gunning_fog", 2.8),
        ("Cool dogs wear da sunglasses.", "flesch_reading_ease", 83.32),
        ("Cool dogs wear da sunglasses.", "gunning_fog", 2.0),
        ("Cool dogs wear da sunglasses.", "automated_readability_index", 3.678),
        ("Cool dogs wear da sunglasses.", "coleman_liau_index", 6.504),
        ("Cool dogs wear da sunglasses.", "smog_index", 8.842),
        ("Go.", "flesch_reading_ease", 121.22),
        (PASSAGE, "flesch_reading_ease", 68.983),
        (PLATYPUS, "flesch_kincaid_grade", 11.265),
    ],
)  # fmt: skip
def test_short_texts_of_known_value_come_out_right(text, measure, value):
    table = readability(Document.from_text(text)).set_index("measure")
    assert table.score[measure] == pytest.approx(value, abs=0.006)


def test_figures_and_abbreviations_are_one_syllable_in_flesch_and_read_aloud_in_smog():
    counted = count("In 1984 the U.S. sent 21 men and 12 more.").iloc[0]
    assert (counted.words, counted.syllables, counted.letters) == (10, 10, 29)
    assert counted.polysyllables == 2
    assert [n for n in range(30) if spoken_long(str(n))] == [11, 17, *range(21, 30)]


@pytest.mark.parametrize("word", ["created", "trespasses", "sunglasses", "beginning", "butterfly", "well-known"])
def test_fog_leaves_out_easy_compounds_and_endings(word):
    assert not is_complex(word)


@pytest.mark.parametrize("word", ["deliberation", "considered", "university", "anti-government", "remarkably"])
def test_fog_counts_words_of_three_syllables(word):
    assert is_complex(word)


@pytest.mark.parametrize("word", ["factories", "operating", "suitable", "leadership", "capable"])
def test_fog_takes_neither_a_chance_stem_for_a_base_nor_a_suffix_for_half_a_compound(word):
    assert is_complex(word)


@pytest.mark.parametrize(
    "word", ["baby", "babies", "running", "bigger", "quickly", "don't", "dog’s", "1984", "book-shelf"]
)
def test_inflections_contractions_and_figures_of_familiar_words_are_familiar(word):
    assert is_familiar(word)


def test_words_outside_the_list_are_unfamiliar():
    assert not any(map(is_familiar, ["tariff", "jurisdiction", "ambiguous", "well-tariffed"]))


def test_names_are_neither_complex_nor_unfamiliar_wherever_they_stand():
    counted = count("Then Okonkwo-Barrington met Alexandria there. Alexandria smiled. Jurisdiction ended.")
    assert counted.complex.tolist() == [0, 0, 1]
    assert counted.unfamiliar.tolist() == [0, 0, 1]
    counted = count(
        "MANCHESTER — They came from Manchester. Al-Qaradawi met no al-Qaradawi but Al-Qaradawi. MAYORALTY!"
    )
    assert counted.unfamiliar.tolist() == [0, 1, 1]


def test_headlines_captions_and_date_lines_are_no_sentences():
    text = (
        "Minister quits over ferry row\nOSLO, Jan. 5.\nThe minister left. Nobody was told.\n20/11/2024\nPhoto: Ann Lee"
    )
    assert count(text).kind.tolist() == ["line", "line", "sentence", "sentence", "line", "line"]
    table = readability(Document.from_text(text))
    assert set(table.sentences) == {2}
    assert set(table.words) == {6}


def test_lines_are_sentences_where_most_words_stand_in_them():
    assert set(count("no stops in this verse\nnor in this line\nnor here").kind) == {"sentence"}


def test_a_table_has_a_row_a_measure_in_the_order_agreed():
    table = readability(Document.from_text(SIMPLE))
    assert table.columns.tolist() == ["measure", "score", "low", "high", "unit", "sentences", "words", "note"]
    assert table.measure.tolist() == [
        "flesch_reading_ease", "flesch_kincaid_grade", "gunning_fog", "smog_index", "automated_readability_index",
        "coleman_liau_index", "dale_chall", "linsear_write", "lix", "rix", "forcast", "estimated_difficulty",
        "mtld", "mattr",
    ]  # fmt: skip


def test_every_measure_finds_the_hard_text_harder_beyond_its_interval():
    simple = readability(Document.from_text(SIMPLE)).set_index("measure")
    hard = readability(Document.from_text(HARD * 2)).set_index("measure")
    for measure in simple.index.drop(["mtld", "mattr"]):  # varied words are not hard ones
        sign = -1 if measure in {"flesch_reading_ease", "dale_chall"} else 1
        ends = (simple.low, hard.high) if sign < 0 else (simple.high, hard.low)  # none where all sentences agree
        ends = [end.fillna(table.score)[measure] for end, table in zip(ends, (simple, hard), strict=True)]
        assert sign * ends[0] < sign * ends[1], measure


def test_scores_lie_in_their_intervals_and_come_again_the_same():
    first, again = (readability(Document.from_text(SIMPLE + HARD)) for _ in range(2))
    assert (first.low <= first.score).all()
    assert (first.score <= first.high).all()
    pd.testing.assert_frame_equal(first, again)


def test_notes_say_where_a_text_is_too_short_and_grades_disagree():
    table = readability(Document.from_text(SIMPLE[:200])).set_index("measure")
    assert "100 words" in table.note["lix"]
    assert "30 sentences" in table.note["smog_index"]
    longer = readability(Document.from_text(HARD)).set_index("measure")
    assert longer.note["forcast"].endswith("grades below the middle of the grade formulas")


def test_voices_and_speakers_are_measured_apart():
    document = Document.from_text(SIMPLE.strip() + '\n"' + HARD.strip() + '"')
    whole, told, said = (readability(document, voice) for voice in ("all", "narration", "quotation"))
    assert whole.words[0] == told.words[0] + said.words[0]
    assert told.score[0] > whole.score[0] > said.score[0]
    by_ann = readability(document, speaker="Ann")
    pd.testing.assert_frame_equal(by_ann, said)
    with pytest.raises(ValueError, match="no voice 'editor'"):
        readability(document, "editor")


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("abz .!?\n\r\t\"'“’AB9…()-\x00é🙂$"), max_size=60))
def test_any_text_gives_whole_tables(text):
    document = Document.from_text(text)
    counted = counts(document)
    assert (counted.text == [text[start:end] for start, end in zip(counted.start, counted.end, strict=True)]).all()
    assert counted.dtypes[["start", "end", "words"]].tolist() == ["int64"] * 3
    assert len(readability(document)) == 14
    assert len(difficulty.hard_words(document).columns) == 3


def test_contributions_add_up_to_the_difficulty():
    document = Document.from_text(HARD)
    table = difficulty.contributions(document)
    score = readability(document).set_index("measure").score["estimated_difficulty"]
    assert table.contribution.sum() == pytest.approx(score)
    assert set(table.aspect) == {"words", "grammar", "sentences", "vocabulary"}


def test_the_hardest_sentence_and_words_are_found():
    document = Document.from_text(SIMPLE + "\n" + HARD.split(". ")[0] + ".\n" + SIMPLE)
    hardest = counts(document).sort_values("adds").iloc[-1]
    assert hardest.text.startswith("The commission's deliberations")
    words = difficulty.hard_words(document)
    assert {"ambiguous", "interpretations"} <= set(words.word[:10])
    assert not {"the", "which", "had"} & set(words.word)


def test_the_curve_rises_where_the_text_gets_harder():
    curve = counts(Document.from_text(SIMPLE + "\n" + HARD)).around
    assert curve.iloc[3] < curve.iloc[-3]


def test_the_parts_of_sentences_add_up_to_the_article():
    document = Document.from_text(SIMPLE + "\n" + HARD)
    table = counts(document)
    score = readability(document).set_index("measure").score["estimated_difficulty"]
    assert table.adds.sum() == pytest.approx(score)
    assert np.average(table.difficulty, weights=table.words) == pytest.approx(score)


def difficulty_of(text):
    return readability(Document.from_text(text)).set_index("measure").score["estimated_difficulty"]


PLAIN = "The town built a bridge. It cost ten million. Nobody knew who would pay. The mayor said taxes must rise. "
PLAIN += "A judge stopped the work. People walked across the old road."


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        (PLAIN, PLAIN.replace(". It", " and it").replace(". The m", " and the m").replace(". People", ", so people")),
        ("The people use the road.", "The people utilise the road."),
        ("They buy a big house.", "They purchase a voluminous house."),
        ("The man saw the dog.", "The man, whose dog barked, saw the dog which barked."),
        ("You can help.", "One can help."),
    ],
)
def test_longer_sentences_rarer_words_and_more_clauses_are_harder(easier, harder):
    assert difficulty_of(easier) < difficulty_of(harder)


def test_no_feature_but_talking_to_the_reader_makes_a_text_easier():
    coefficients = difficulty.model()["coefficients"]
    assert [name for name, value in coefficients.items() if value < 0] == ["second person"]
    assert coefficients["length"] > 0
    rare = [word for word in difficulty.word_weights() if difficulty.rarity(word) > 4]
    assert len(rare) > 5000
    assert min(difficulty.word_weights()[word] for word in rare) >= 0


def test_joining_every_other_pair_of_sentences_adds_half_a_level():
    sentences = PLAIN.split(". ")
    joined = ". ".join(f"{a} and {b[0].lower()}{b[1:]}" for a, b in zip(sentences[::2], sentences[1::2], strict=True))
    assert difficulty_of(joined) - difficulty_of(PLAIN) > 0.5


@pytest.mark.parametrize(("text", "levels"), [(SIMPLE, {"A1", "A2"}), (HARD, {"C1", "C2"})])
def test_a_note_names_the_nearest_level_and_its_interval(text, levels):
    note = readability(Document.from_text(text)).set_index("measure").note["estimated_difficulty"]
    assert note.split()[3] in levels
    assert note.split()[4].startswith("[")


def test_an_article_in_either_normal_form_and_without_accents_gets_the_same_figures():
    text = "The café in São Paulo was naïve about façades. José Muñoz met the fiancée of Zoë at the château. " * 4
    composed, apart = (readability(Document.from_text(normalize(form, text))) for form in ("NFC", "NFD"))
    bare = "".join(letter for letter in normalize("NFD", text) if not combining(letter))
    pd.testing.assert_frame_equal(composed, apart)
    pd.testing.assert_frame_equal(composed, readability(Document.from_text(bare)))


def test_scores_of_a_whole_text_need_no_parse(monkeypatch):
    monkeypatch.setattr("workbench.language.parsing.annotate", None)
    assert readability(Document.from_text(HARD)).score.notna().all()


def test_names_that_begin_many_sentences_take_no_memory_for_each_pair():
    text = "Trump said that Mr Trump went. " * 3000
    tracemalloc.start()
    spans, is_sentence, counts = tally(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6
    assert (len(spans), is_sentence.sum(), counts[:, 0].sum()) == (3000, 3000, 18000)
