"""Tests of the names in questions, and of the texts that tell of them."""

from __future__ import annotations

import pytest

from bot.research.content_words import content_words
from bot.research.proper_names import ProperNames


def names(question: str) -> ProperNames:
    """The names in a question, as ranking has them."""
    return ProperNames(question, content_words(question), [(["quill"], ["羽毛笔"])])


@pytest.mark.parametrize(
    ("question", "text", "every", "any_of_them"),
    [
        ("What did Heron pay Quill?", "Heron paid Quill.", True, True),
        ("What did Heron pay Quill?", "Heron paid.", False, True),
        ("What did Heron pay Quill?", "It paid.", False, False),
        ("What did Heron pay?", "HERON paid; its herons fly.", True, True),
        # a name is written as one
        ("What did Figure AI raise?", "The figures rose.", False, False),
        ("What did Figure AI raise?", "A robot of Figure walks.", True, True),
        # of several words they are told however they are written
        ("What did the Data Center unit earn?", "Our data center unit earned it.", True, True),
        # by another name
        ("What did Quill pay?", "羽毛笔付了钱。", True, True),
        # Chinese stands right beside it
        ("谁发布了Heron", "苍鹭发布Heron，售价九元。", True, True),
        # no names
        ("What did it pay?", "Rain fell.", True, True),
        ("Did the CEO see Q3?", "Rain fell.", True, True),
    ],
)
def test_texts_tell_of_the_names_in_a_question(
    question: str, text: str, every: bool, any_of_them: bool
) -> None:
    """Every name, or any; true of a question without names."""
    assert names(question).are_told(text, every=True) is every
    assert names(question).are_told(text, every=False) is any_of_them


@pytest.mark.parametrize(
    ("text", "others", "surely"),
    [
        ("Quill made it in Lima.", True, True),
        ("Quill announced Heron.", True, False),
        ("Revenue was $9.", True, False),
        ("The report names Quill.", True, True),
        ("Heron announced more.", False, False),
        ("It announced Heron.", False, False),
        ("However, the makers of Heron see demand for AI.", False, False),
        ("苍鹭由羽毛笔制造。", True, False),
    ],
)
def test_other_names_than_those_asked_about_are_seen(text: str, others: bool, surely: bool) -> None:
    """Who asks for a person wants one; a figure is told of another only where one is sure."""
    assert names("Who made Heron?").others_in(text, surely=False) is others
    assert names("Who made Heron?").others_in(text, surely=True) is surely
