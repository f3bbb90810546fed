"""Tests of where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.sentences import sentences


def split(text: str) -> list[str]:
    """The sentences of a text as strings."""
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Revenue rose by 126% to US $60.922 billion in a year.",
        "The house ranked No. 3 on the list.",
        "Users of the U.S. market turned away from U.S. AI chips.",
        "The U.S. FDA agreed.",
        "Dr. Wu met Mr. Lin.",
        "J.P. Morgan & Co. LLC sold 1.5 bn. yuan of it.",
        "It compares Q3 2024 vs. Q3 2023.",
        "Gemini 1.5 came first.",
        "Yahoo! said so.",
        "“Full?” she asked.",
        "One line\nand the next.",
        "See Fig. 3 on p. 4.",
        "Table 3. Costs by year",
        "今年营收为12.3亿元，增长3.5%。",
        "Revenue was 60.922 billion yuan (approx. 8.4 billion dollars).",
        "Nos. 3 and 4 fell by approx. 3%.",
        "Fig. 2 and Figs. 3-4 show it.",
        "Others, e.g. Intel, and some, i.e. AMD, fell.",
        "Alphabet Inc., Meta Platforms, Inc. and Foxconn (Hon Hai Co., Ltd.) said so.",
        "NVIDIA Corp. (NVDA) rose on Jan. 5.",
        "U.S. Treasury yields and U.S. 10-year yields fell.",
        "cf. Table 2.",
        "Nvidia vs. AMD.",
        "3.2. Results were good.",
        "Capex was 60.922亿元, up 3.2%.",
        "营收60.922亿，同比增长3.2%。",
        "第3.2节介绍了方法。",
        "如图2.1所示，毛利率为45.1%。",
        "据No. 3工厂统计，产量上升。",
        "公司（Apple Inc.）公布财报。",
    ],
)
def test_one_sentence_stays_whole(sentence: str) -> None:
    """A full stop inside a figure, a name or an abbreviation ends no sentence."""
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Costs fell. Sales rose.", ["Costs fell.", "Sales rose."]),
        ("What? Really! Yes.", ["What?", "Really!", "Yes."]),
        ("They sell the chip. NVIDIA rose.", ["They sell the chip.", "NVIDIA rose."]),
        ("That was years ago. Mr. Lin knew.", ["That was years ago.", "Mr. Lin knew."]),
        ("It sells in the U.S. The market fell.", ["It sells in the U.S.", "The market fell."]),
        ("A heading\n\nA text", ["A heading", "A text"]),
        ("A heading\r\n \r\nA text", ["A heading", "A text"]),
        ("1. Costs fell. 2. Sales rose.", ["1. Costs fell.", "2. Sales rose."]),
        ("One.\u00a0\u00a0 Two.\u00a0 ", ["One.", "Two."]),
        ("营收增长。成本下降！真的？是；好", ["营收增长。", "成本下降！", "真的？", "是；", "好"]),
        ("Sora很好。It is.", ["Sora很好。", "It is."]),
        ("It sold 60.922 billion. It fell.", ["It sold 60.922 billion.", "It fell."]),
        ("It is the No. 1 maker. It sells.", ["It is the No. 1 maker.", "It sells."]),
        ("They said no. Then it fell.", ["They said no.", "Then it fell."]),
        ("It grows 3% p.a. Next year it falls.", ["It grows 3% p.a.", "Next year it falls."]),
        ("营收60.922亿。第3.2节说明。", ["营收60.922亿。", "第3.2节说明。"]),
    ],
)
def test_sentences_end(text: str, expected: list[str]) -> None:
    """Full stops of both scripts and empty lines end sentences; their marks stay with them."""
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said: "It is over." Then he left.', ['He said: "It is over."', "Then he left."]),
        ('"It rose. It fell. " Then he left.', ['"It rose.', 'It fell. "', "Then he left."]),
        ("“It rose. ” He left.", ["“It rose. ”", "He left."]),
        ('It rose. "It fell," he said.', ["It rose.", '"It fell," he said.']),
        ("It rose (see p. 3.) It fell.", ["It rose (see p. 3.)", "It fell."]),
        (
            "他说：“很好。”然后走了。（见图1。）好",
            ["他说：“很好。”", "然后走了。", "（见图1。）", "好"],
        ),
        ('他说:"很好。"然后走了。"是的。"', ['他说:"很好。"', "然后走了。", '"是的。"']),
    ],
)
def test_a_closing_mark_belongs_to_its_sentence(text: str, expected: list[str]) -> None:
    """A quotation mark or bracket that closes behind the full stop stays with the sentence."""
    assert split(text) == expected


def test_nothing_has_no_sentences() -> None:
    """A text of white space alone has no sentence."""
    assert sentences("") == []
    assert sentences(" \n\u3000\n ") == []


reports = st.text(
    st.one_of(st.sampled_from('ab AB. \n\n\r"”“)。！；!?12中文U.S.\u00a0'), st.characters())
)


@given(reports)
def test_spans_hold_every_character_in_order(text: str) -> None:
    """Spans follow each other, are trimmed, and leave out nothing but white space."""
    behind = 0
    for start, end in sentences(text):
        assert behind <= start < end
        assert text[behind:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        behind = end
    assert text[behind:].strip() == ""


@given(st.lists(st.sampled_from(['. "', "A. ", "(1) ", ") ", "。", "\n", "U.S. ", "x"])))
def test_an_empty_line_always_ends_a_sentence(pieces: list[str]) -> None:
    """No sentence reaches over an empty line."""
    text = "\n\n".join(pieces)
    assert not any("\n\n" in sentence for sentence in split(text))
