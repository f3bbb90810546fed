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
        # the source at the end of the sentence
        ("Demand doubles, according to Heron Research.", "Heron Research"),
        (
            "Demand doubles, according to the latest survey by the Bureau of Tin.",
            "the Bureau of Tin",
        ),
        # what stands before the speaker
        ("On Monday, Heron said that copper is dear.", "Heron"),
        ("However, in a note, Heron Research expects more.", "Heron Research"),
        ("Heron has also said that copper is dear.", "Heron"),
        ("Heron, Quill and Wren believe that copper is dear.", "Heron, Quill and Wren"),
        ("Heron Research, which owns a mine, expects more.", "Heron Research"),
        # whose work it is
        ("According to Heron's latest forecast, demand doubles.", "Heron"),
        ("According to Quill data, demand doubles.", "Quill"),
        ("Heron estimates that demand doubles.", "Heron"),
        # the report itself, or somebody named before
        ("According to our estimates, demand doubles.", None),
        ("We believe that demand doubles.", None),
        ("The company said that demand doubles.", None),
        ("Neither company said that demand doubles.", None),
        ("Its forecast of May estimates that demand doubles.", None),
        ("Copper rises, it is said.", None),
        ("Copper rises, Heron said.", "Heron"),
        ("Copper rises, Heron and Quill said.", "Heron and Quill"),
        # no speech
        ("Revenue estimates were raised.", None),
        ("Heron announced a mine on Monday, and demand doubles.", None),
        ("Copper rose more than Heron expects.", None),
        ("Investors who believe that buy copper.", None),
        ("Prices vary according to the season and the place.", None),
        ("The United States has mines.", None),
        ("据鹭研究发布的数据，铜价上涨。", "鹭研究"),
        ("据《铜业报告》显示，铜价上涨。", "《铜业报告》"),
        ("鹭研究统计显示，铜价上涨。", "鹭研究"),
        ("据国家统计局数据，铜价上涨。", "国家统计局"),
        ("鹭研究对此也表示不满。", "鹭研究"),
        ("鹭研究在2018年指出，铜价将上涨。", "鹭研究"),
        ("The dry summer, farmers say, is over.", "farmers"),
        ("我们认为铜价将上涨。", None),
        ("报告显示，铜价上涨。", None),
        ("2024年市场规模预计将达到5亿元。", None),
        ("数据中心的统计很全。", None),
        ("据不完全统计，铜价上涨。", None),
        ("图3显示铜价上涨。", None),
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
        (["Copper is dear.", "In our view it rises."], 1, None, 0),
        (['Ada Quill said: "Copper is dear.', 'Wheat is not."', "Rain falls."], 1, "Ada Quill", 0),
        (['Ada Quill said: "Copper is dear.', 'Wheat is not."', "Rain falls."], 2, None, 2),
        (["Ada Quill said: “Copper is dear.", "Wheat is not.", "Nor is rye.”"], 2, "Ada Quill", 0),
        (["It is expected to rise."], 0, None, 0),
        # a heading names nobody, and what is of this year goes on from nothing
        (["Heron said copper", "It is expected to rise."], 1, None, 1),
        (["Heron said so.", "This year copper rises."], 1, None, 1),
        # a passage that begins within a quotation
        (['It rises." Ada Quill left.', "Copper is dear."], 1, None, 1),
    ],
)
def test_the_sentence_before_may_hold_the_speaker(
    sentences: list[str], place: int, speaker: str | None, first: int
) -> None:
    """What goes on from the sentence before, or stands in its quotation, is shown with it."""
    found = attribute(sentences, place)
    assert (found.speaker, found.first) == (speaker, first)
