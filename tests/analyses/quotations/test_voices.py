"""Three voices: the journalist's, what is reported in the journalist's words, and what stands in quotation marks."""

import pandas as pd
import pytest

import workbench as wb
from workbench.analyses.quotations import VOICES, voices

REPORTED = wb.Document.from_text(
    "The harbour of Oslo was closed on Monday. Ana Reyes said that the storm had sunk nine boats in Bergen.\n"
    "“We lost the harbour and the mill,” Ana Reyes said.\n"
    "Carl Lund said that Oslo had done “nothing at all” for the fishermen and their families."
)


def told(document, *passages):
    starts = [document.text.index(passage) for passage in passages]
    spans = pd.DataFrame({"start": starts, "end": [s + len(p) for s, p in zip(starts, passages, strict=True)]})
    return [tuple(row) for row in voices(document, spans).itertuples(index=False)]


def test_indirect_speech_is_neither_the_journalists_nor_quoted():
    assert told(REPORTED, "The harbour of Oslo", "nine boats in Bergen", "We lost the harbour") == [
        ("narration", ""),
        ("reported", "Ana Reyes"),
        ("quotation", "Ana Reyes"),
    ]


def test_of_a_mixed_quotation_what_is_in_marks_is_quoted_and_the_rest_reported():
    assert told(REPORTED, "nothing at all", "for the fishermen", "Carl Lund said") == [
        ("quotation", "Carl Lund"),
        ("reported", "Carl Lund"),
        ("narration", ""),
    ]


@pytest.mark.parametrize(
    ("passage", "voice"),
    [
        ("on Monday. Ana Reyes said that the", "narration"),
        ("Ana Reyes said that the storm had sunk nine boats in Bergen", "reported"),
        ("Carl Lund said that Oslo had done “nothing at all”", "reported"),
        ("done “nothing at all”", "quotation"),
        ("mill,” Ana Reyes said", "narration"),
        (".\n", "narration"),
    ],
)
def test_the_majority_of_a_passages_words_decides(passage, voice):
    assert told(REPORTED, passage)[0][0] == voice


def test_the_index_is_kept_and_no_passage_gives_no_row():
    spans = pd.DataFrame({"start": [0, 42], "end": [10, 60]}, index=[7, 3])
    assert voices(REPORTED, spans).index.tolist() == [7, 3]
    assert voices(REPORTED, spans[:0]).shape == (0, 2)


def test_what_is_in_marks_but_is_no_speech_is_the_journalists():
    scare = wb.Document.from_text("The so-called “people's palace” in Oslo was built in 1907 and burned in 1908.")
    assert told(scare, "people's palace") == [("narration", "")]


def test_every_analysis_tells_the_three_apart():
    assert set(wb.entities(REPORTED).voice) >= {"narration", "reported"}
    assert set(wb.sentiment(REPORTED).voice) == {"narration", "reported", "quotation"}
    words = [wb.readability(REPORTED, voice).words.iloc[0] for voice in ("all", *VOICES)]
    assert words[0] == sum(words[1:])
    assert min(words) > 0
    with pytest.raises(ValueError, match="all, narration, reported, quotation"):
        wb.readability(REPORTED, "spoken")


def test_a_name_in_reported_speech_is_mentioned_by_that_speaker():
    counted = wb.who_on_whom(REPORTED).set_index(["speaker", "entity"]).mentions
    assert counted["Ana Reyes", "Bergen"] == 1
    assert counted["Carl Lund", "Oslo"] == 1
    assert counted["narration", "Oslo"] == 1


def test_the_shares_of_the_three_voices_sum_to_one_and_each_speaker_is_counted_by_voice():
    table = wb.measures(REPORTED)
    shares = table[table.measure.isin(["narration_share", "reported_share", "quoted_share"])].set_index("measure").value
    assert shares.sum() == pytest.approx(1)
    assert shares["reported_share"] > shares["quoted_share"] > 0
    tones = table[(table.measure == "valence") & (table.speaker == "Ana Reyes")]
    assert set(tones.voice) == {"reported", "quotation"}
