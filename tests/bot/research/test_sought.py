"""Tests of which words of a question a text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.sought import Sought, coverage, stem_of, stems


@pytest.mark.parametrize(
    ("terms", "text", "held"),
    [
        (["copper"], "Copper is dear.", {"copper"}),
        (["companies"], "The company's own.", {"compani"}),
        (["mining"], "mines are old", {"mine"}),
        (["tin"], "It is setting in.", set()),  # no part of a word
        (["us"], "We use it.", set()),
        (["h100"], "Forty H100s were sold.", {"h100"}),
        (["gpt"], "GPT-4 is dear.", {"gpt"}),
        (["gpt-4"], "GPT-4 is dear.", {"gpt-4"}),
        (["video"], "Text-to-video is new.", {"video"}),
        (["nvidia"], "NVIDIA’s sales", {"nvidia"}),
        (["14.5"], "It rose 14.5 percent", {"14.5"}),
        (["4.5"], "It rose 14.5 percent", set()),
        (["铜价"], "今日铜价上涨", {"铜价"}),
        (["铜价"], "今日铜的价格", set()),
        (["heron"], "苍鹭发布Heron，售价九元", {"heron"}),  # Chinese stands right beside it
        ([], "Copper", set()),
    ],
)
def test_a_word_is_held_in_any_form(terms: list[str], text: str, held: set[str]) -> None:
    """Stems are compared, whole words alone."""
    assert Sought(terms).held(text) == held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Net sales rose.", {"total", "revenu"}),
        ("Net salesmen rose.", set()),
        ("Revenue rose.", {"revenu"}),
        ("今年营收增长", {"total", "revenu"}),
        ("Gross profit rose.", set()),
    ],
)
def test_another_name_holds_what_it_stands_for(text: str, held: set[str]) -> None:
    """A text that uses another name for what is asked holds the words asked."""
    sought = Sought(["total", "revenue"], [(("total", "revenue"), ("net sales", "营收"))])
    assert sought.held(text) == held


def test_other_names_are_known_with_and_without_hyphens() -> None:
    """A hyphen is a space: reports write "state owned" for "state-owned"."""
    sought = Sought(["sasac"], [(("sasac",), ("State-owned Assets Commission",))])
    assert sought.held("the State owned Assets Commission") == {"sasac"}
    assert sought.held("the State-Owned Assets Commission") == {"sasac"}


WORDS = st.sampled_from(
    [
        *("copper", "Copper's", "companies", "company", "mines", "mining", "tin", "us", "use"),
        *("gpt-4", "GPT", "H100s", "14.5", "铜价", "价上", ",", ".", "-"),
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=6))
def test_looking_for_stems_finds_what_cutting_into_words_finds(text: str, terms: list[str]) -> None:
    """The quick way holds exactly the stems that the text's words have."""
    sought = Sought(term.casefold() for term in terms if any(map(str.isalnum, term)))
    assert sought.held(text) == stems(text) & sought.stems


def test_a_rare_word_tells_more() -> None:
    """Coverage is the share of the words, each weighed by how few texts hold it."""
    sought = Sought(["copper", "lima"])
    held = [sought.held(text) for text in ("copper", "copper", "copper", "copper and lima")]
    rarity = sought.rarity(held)
    assert rarity["lima"] > rarity["copper"] > 0
    assert coverage(["lima"], rarity) > 0.5 > coverage(["copper"], rarity)
    assert coverage(sought.stems, rarity) == pytest.approx(1)
    assert coverage([], rarity) == 0
    assert coverage([], Sought([]).rarity([])) == 0


def test_stems_of_possessives_and_codes() -> None:
    """A possessive and the plural of a code are no other word."""
    assert stem_of("nvidia's") == stem_of("nvidia") == "nvidia"
    assert stem_of("h100s") == "h100"
