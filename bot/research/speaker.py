"""Whose statement a sentence is, as the report itself names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORK = (
    r"(?:calculations?|data|estimates?|figures?|forecasts?|predictions?|projections?|reports?"
    r"|research|statistics|surveys?|technical paper|analysis|views?)"
)
_ACCORDING = re.compile(
    rf"\b[Aa]ccording to (?:(?:the |its )?(?:\w+ )?{_WORK} (?:of|by|from) )?"
    r"(?P<who>[^,，;；:]{2,90})[,，]"
)
_SAYS = (
    r"(?:said|says|believes?|thinks?|expects?|estimates?|predicts?|forecasts?|notes?|noted|argues?"
    r"|pointed out|points out|stated|stating|recommends?)"
)
_SUBJECT = re.compile(rf"^[\"“]?(?P<who>[A-Z][^\"“”:：]{{1,200}}?),? (?:also )?{_SAYS}\b")
_CHINESE = re.compile(
    r"据(?P<a>[^，。；]{2,30}?)(?:的)?(?:预测|测算|统计|数据|估计|报道|报告|显示)"
    r"|^(?P<b>[^，。；]{2,30}?)(?:表示|认为|预计|指出|预测)"
)
# a sentence that begins so goes on with what the one before it began
_GOES_ON = re.compile(
    r"(?:It|This|These|They|That|Those|Such|Its|Their|He|She|The report|The paper|The company)\b"
    r"|该|其|这|预计"
)
_PRONOUN = re.compile(r"^(?:it|this|that|they|he|she|we|there|which|who)\b", re.IGNORECASE)
_OPENING, _CLOSING = "“「『", "”」』"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks in a sentence, and what must be shown with it to see that.

    Attributes:
        speaker: as the report names them; None where the report speaks for itself.
        first: place of the sentence at which what is shown begins.
    """

    speaker: str | None
    first: int


def attribute(sentences: Sequence[str], place: int) -> Attribution:
    """Find whose statement a sentence is.

    Args:
        sentences: of one passage, in order.
        place: which of them.

    Returns:
        The speaker named in the sentence, else in the sentence before it where the sentence
        goes on from there, else in the sentence that opened the quotation it stands in.
    """
    if speaker := speaker_of(sentences[place]):
        return Attribution(speaker, place)
    if (opened := _quotation_opened(sentences, place)) is not None:
        return Attribution(speaker_of(sentences[opened]), opened)
    if place and _GOES_ON.match(sentences[place]):
        return Attribution(speaker_of(sentences[place - 1]), place - 1)
    return Attribution(None, place)


def speaker_of(sentence: str) -> str | None:
    """Whom a sentence itself names as speaking; None where nobody."""
    if found := _ACCORDING.search(sentence):
        return found["who"].strip()
    if found := _SUBJECT.search(sentence):
        # "X, deputy director of Y, said": X is who speaks
        who = found["who"].split(",")[0].strip()
        return None if _PRONOUN.match(who) or len(who.split()) > 8 else who
    if found := _CHINESE.search(sentence):
        return (found["a"] or found["b"]).strip()
    return None


def _quotation_opened(sentences: Sequence[str], place: int) -> int | None:
    """The sentence before this one in which a quotation opened that is open still."""
    opened: int | None = None
    for number, sentence in enumerate(sentences[:place]):
        for letter in sentence:
            if letter in _OPENING or (letter == '"' and opened is None):
                opened = number
            elif letter in _CLOSING or letter == '"':
                opened = None
    return opened
