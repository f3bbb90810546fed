"""Whose statement a sentence is, as the report itself names them.

The sentence is shown with the speaker, so a speaker that is missed costs little and a wrong one
much: in doubt there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.research.telling import closed

_WORK = (
    r"(?:calculations?|data|estimates?|figures?|forecasts?|predictions?|projections?|reports?"
    r"|research|statistics|surveys?|technical paper|analysis|views?)"
)
_ACCORDING = re.compile(
    rf"\b(?P<begins>A|a)ccording to (?:(?:the |its )?(?:\w+ ){{0,2}}{_WORK}(?: \w+)? "
    r"(?:of|by|from) )?(?P<who>[^,，;；:：]{2,90}?)(?:[,，;；:：]|[.。]?[\"”’)）]*$)"
)
_OF_WORK = re.compile(rf"(?:['’]s?(?: [\w-]+){{0,3}})? {_WORK}$")
_SAYS = (
    r"(?:sa(?:id|ys?)|believed?s?|thinks?|expects?|predicts?|argue[ds]?|recommends?|recommended"
    r"|warn(?:s|ed)|announced(?= that\b)|wrote|sees|noted|point(?:s|ed) out|stated|stating"
    # nouns too, so what an object begins with must follow
    r"|(?:estimates?|forecasts?|notes?)(?= (?:that|the|an?|its?|there)\b| [A-Z$€£¥\d]))"
)
_SUBJECT = re.compile(
    rf"^[\"“]?(?P<who>[A-Z][^\"“”:：;；]{{1,200}}?)(?P<comma>,?) (?:also )?{_SAYS}\b"
)
# "On Monday, Heron said": what stands before the speaker
_BEFORE_SPEAKER = re.compile(
    r"(?:in|on|at|by|for|as|from|with|after|before|during|since|under|despite|unlike|to|given)\b"
    r"|(?:however|meanwhile|moreover|therefore|thus|yet|also|first|second|finally|then|now|today"
    r"|still|overall|nevertheless|\w+ly)$",
    re.IGNORECASE,
)
_BEFORE_SAYING = re.compile(r"(?: (?:has|have|had|also|still|now|do|does|did|not|[a-z]+ly))+$")
# who is meant, only the sentences before can say; or the words are no name at all
_UNNAMED = re.compile(
    r"(?:it|this|that|these|those|they|he|she|we|i|neither|none|nobody|no"
    r"|there|who|which|what|why|how|if|when|where"
    r"|while|whether|although|because|our|my|its|their|his|her)\b"
    r"|(?:the|an?)(?: (?:report|paper|company|firm|agency|study|survey|note|authors?))?$"
    r"|(?-i:The|An?)(?-i: [a-z][\w-]*)*$",
    re.IGNORECASE,
)
# where one of these is among the words, they are a clause and not a speaker
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|will|would|can|could|may|might|than|who|which|that|if|we|they"
    r"|he|she|it|you)\b|\b(?:and|or|but|to|as|of|the)$"
)
_NAME = re.compile(r"[A-Z][^ ]*(?: (?:of|the|for|[A-Z][^ ]*))*")
_LONGEST = 8  # words of a speaker's name

_CHINESE = re.compile(
    r"(?<![数证占论单收凭])据(?P<a>《[^》]+》|[^，。；]{2,30}?)(?:最新)?(?:发布|公布|披露)?的?"
    r"(?:预测|测算|统计(?!局)|数据(?!局|中心)|估计|报道|报告|显示)"
    r"|^(?P<b>《[^》]+》|[^，。；]{2,30}?)的?(?:统计|数据)?"
    # "市场规模预计将达…" is expected by nobody named
    r"(?:表示|认为|指出|显示|(?:预计|预测)(?!将|会|可|达|为|到|在|约|超|增|同比|\d))"
)
_CHINESE_UNNAMED = re.compile(
    r"我|本|笔者|公司|该|其|它|他|她|这|[图表]|\d|到|但|而|因此|所以|如果|随着|尽管|不完全|公开|官方|有关"
    r"|大?数据|证据|结果|(?:研究|报告|财报|年报|文章|讲话)$|.*(?:规模|收入|利润|需求|产量|销量|出货量|价格|增速|份额)$"
)
# "X对此表示", "X在2018年指出", "X普遍认为"
_CHINESE_BEFORE_SAYING = re.compile(
    r"(?<=..)(?:(?:对(?!外)|在|就|于\d).*|(?:普遍|首先|日前|近日|此前|曾|还|也|则|均|都)+)$"
)
# a sentence that begins so goes on with what the one before it began
_GOES_ON = re.compile(
    r"(?:In (?:our|its|their) view,? (?:it|this|that|these|they)\b"
    r"|It|This(?! (?:year|quarter|month|week|time))|These|They|That|Those|Such|Its|Their|He|She"
    r"|The (?:report|paper|company|firm|agency|study|survey))\b"
    r"|该|其(?![他余实])|这|公司|预计"
)
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
        The speaker named in the sentence, else in the sentence that opened the quotation it
        stands in, else in the sentence before it where the sentence goes on from there.
    """
    if speaker := speaker_of(sentences[place]):
        return Attribution(speaker, place)
    if (opened := _quotation_opened(sentences, place)) is not None:
        return Attribution(speaker_of(sentences[opened]), opened)
    # nothing goes on from a heading
    if place and goes_on(sentences[place]) and closed(sentences[place - 1]):
        return Attribution(speaker_of(sentences[place - 1]), place - 1)
    return Attribution(None, place)


def goes_on(sentence: str) -> bool:
    """Whether a sentence goes on with what the one before it began."""
    return _GOES_ON.match(sentence) is not None


def speaker_of(sentence: str) -> str | None:
    """Whom a sentence itself names as speaking; None where nobody."""
    if found := _ACCORDING.search(sentence):
        who = _OF_WORK.sub("", found["who"].strip())
        # "prices vary according to the season": within a sentence only a name is a speaker
        named = found["begins"] == "A" or any(map(str.isupper, who))
        return _named(who) if named else None
    if found := _SUBJECT.search(sentence):
        return _named(_subject(found["who"], apart=bool(found["comma"])))
    if found := _CHINESE.search(sentence):
        who = _CHINESE_BEFORE_SAYING.sub("", (found["a"] or found["b"]).strip())
        return None if _CHINESE_UNNAMED.match(who) else who
    return None


def _subject(words: str, *, apart: bool) -> str:
    """The speaker among the words before "said"; `apart` where a comma stands between."""
    parts = words.split(", ")
    while len(parts) > 1 and _BEFORE_SPEAKER.match(parts[0]):
        parts = parts[1:]
    if apart:  # "X, deputy director of Y, said"
        speaker = parts[0]
    elif " and " in parts[-1] and all(map(_NAME.fullmatch, parts[:-1])):  # "X, Y and Z said"
        speaker = ", ".join(parts)
    else:  # "prices rise, X said"
        speaker = parts[-1]
    return _BEFORE_SAYING.sub("", speaker)


def _named(who: str) -> str | None:
    """The words if they can be a speaker's name."""
    unnamed = _UNNAMED.match(who) or _BEFORE_SPEAKER.match(who) or _CLAUSE.search(who)
    return None if unnamed or not who or len(who.split()) > _LONGEST else who


def _quotation_opened(sentences: Sequence[str], place: int) -> int | None:
    """The sentence before this one in which a quotation opened that is open still."""
    opened: int | None = None
    for number, sentence in enumerate(sentences[:place]):
        for at, letter in enumerate(sentence):
            if letter in _OPENING or (letter == '"' and _opens(sentence, at, opened is None)):
                opened = number
            elif letter in _CLOSING or letter == '"':
                opened = None
    return opened


def _opens(sentence: str, at: int, otherwise: bool) -> bool:
    """Whether a straight quotation mark opens a quotation, by the spaces around it."""
    behind_space = not sentence[:at].strip() or sentence[at - 1] in " \n(（—"
    before_space = not sentence[at + 1 :].strip() or sentence[at + 1] in " \n,.;:!?)），。；：！？"
    return otherwise if behind_space == before_space else behind_space
