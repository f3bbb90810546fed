"""Tests of whose statement a sentence is taken to be."""

from __future__ import annotations

import pytest

from bot.research.speaker import attribute, speaker_of


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("According to the forecast of Heron Research, demand doubles.", "Heron Research"),
        ("According to Heron Research, demand doubles.", "Heron Research"),
        ("Demand doubles, according to data from Quill, in a year.", "Quill"),
        ("Ada Quill, head of metals at Heron, said: “Copper is dear.”", "Ada Quill"),
        ("Heron Research believes that copper is dear.", "Heron Research"),
        ("据鹭研究预测，铜价将上涨。", "鹭研究"),
        ("鹭研究认为铜价将上涨。", "鹭研究"),
        ("It is expected that copper rises.", None),
        ("Copper rose by 5 percent.", None),
        ("It said that copper rose.", None),
    ],
)
def test_a_sentence_names_its_speaker(sentence: str, speaker: str | None) -> None:
    """The speaker is named as the sentence names them, or is unknown."""
    assert speaker_of(sentence) == speaker


@pytest.mark.parametrize(
    ("sentences", "place", "speaker", "first"),
    [
        (
            [
                "According to Heron, sales reach 5 million in 2028.",
                "It is expected that they double.",
            ],
            1,
            "Heron",
            0,
        ),
        (["According to Heron, sales reach 5 million.", "Copper is dear."], 1, None, 1),
        (["Copper is dear.", "It is expected to rise."], 1, None, 0),
        (['Ada Quill said: "Copper is dear.', 'Wheat is not."', "Rain falls."], 1, "Ada Quill", 0),
        (['Ada Quill said: "Copper is dear.', 'Wheat is not."', "Rain falls."], 2, None, 2),
        (["Ada Quill said: “Copper is dear.", "Wheat is not.", "Nor is rye.”"], 2, "Ada Quill", 0),
        (["It is expected to rise."], 0, None, 0),
    ],
)
def test_the_sentence_before_may_hold_the_speaker(
    sentences: list[str], place: int, speaker: str | None, first: int
) -> None:
    """What goes on from the sentence before, or stands in its quotation, is shown with it."""
    found = attribute(sentences, place)
    assert (found.speaker, found.first) == (speaker, first)
