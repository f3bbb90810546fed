"""The several things that one question asks of, each in words of its own.

"Did A report a loss, while B reported a gain?" asks of two things that no one passage tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MOST = 4
_FEWEST_WORDS = 5  # an English part of fewer says nothing alone
_FEWEST_SIGNS = 4  # a Chinese one likewise

_BETWEEN = re.compile(
    r",?\s+(?:while|whereas|compared (?:to|with)|versus|vs\.?|as opposed to|similar to"
    r"|in contrast to)\s+"
    r"|;\s+|,\s+(?:(?:and|but|or)\s+)?"
    r"|\s+and (?=(?:is|are|was|were|has|had|does|did|do|who|which|what|how|also|the|by)\b)",
    re.IGNORECASE,
)
_BETWEEN_CHINESE = re.compile(r"[、，,；;。：:？?]|和|与|以?及|还是|\d+[.．、]\s*(?!\d)")
_TIME_ALONE = re.compile(r"[在于截至]*[\d年月日号上下半初底中末季度第一二三四]+[有的]?")
# what of a Chinese question asks which of its events came first, or whether together
_ASKS_WHEN = re.compile(
    r"(?:是否|是不是)?(?:都)?(?:是)?(?:在|发生在|发生于)?(?:同|哪)一?个?[年月天日]份?(?:内|里|中)?"
    r"(?:发生|进行|举行|公布)?(?:的)?(?:事情|事件)?吗?"
    r"|(?:在?(?:以下|下列|下面|这|几|两|三|四)个?)*事件中?"
    r"|哪一?[个件项]?(?:事件?|赛事|日期)?(?:的)?(?:发生)?(?:时间)?(?:是)?(?:更|最|较)?[早晚先后]?"
    r"(?:的)?(?:发生|进行|举行)?[得于]?(?:更|最|较)?[早晚先后]?"
    r"|[更最][早晚先后](?:发生)?(?:的)?(?:是)?|发生的?(?:时间|先后|顺序)"
)
_ON_THAT_DAY = (
    re.compile(r"(?P<event>.{4,}?)的?[那当](?P<unit>[天日月年])[，,]?(?P<rest>.{3,})"),
    re.compile(
        r"(?:on|in) the (?:same )?(?P<unit>day|month|year) (?:that|when|of|as|in which)?\s*"
        r"(?P<event>[^,]{8,}), (?P<rest>.{8,})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<rest>.{8,}?),? (?:on|in) the (?:same )?(?P<unit>day|month|year)"
        r" (?:that|when|as|in which) (?P<event>.{8,})",
        re.IGNORECASE,
    ),
)


class Span(StrEnum):
    """How near in time two things are."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event by whose time a question says when.

    Attributes:
        event: what happened then.
        span: how near in time.
        rest: what is asked of that time.
    """

    event: str
    span: Span
    rest: str


def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a question that asks of several things, in order.

    Args:
        text: the question.

    Returns:
        Two to four parts; none of a question about one thing.
    """
    if _CHINESE.search(text):
        parts, time = [], ""
        for part in _BETWEEN_CHINESE.split(_ASKS_WHEN.sub("，", text)):
            part = part.strip()
            if part and _TIME_ALONE.fullmatch(part):
                time += part
            elif len(part) >= _FEWEST_SIGNS:
                parts.append(time + part)
                time = ""
    else:
        parts = []
        for part in _BETWEEN.split(text):
            part = part.strip(" ?.,;")
            short = min(len(part.split()), len(parts[-1].split()) if parts else 0) < _FEWEST_WORDS
            if parts and short:
                parts[-1] = f"{parts[-1]}, {part}"
            elif part:
                parts.append(part)
    return tuple(parts[:_MOST]) if len(parts) > 1 else ()


def anchor_of(text: str) -> Anchor | None:
    """Return the event by which a question says when; None where it names none.

    Args:
        text: "On the day that A was founded, what did B announce?", "…当天，…".
    """
    for manner in _ON_THAT_DAY:
        found = manner.fullmatch(text.strip())
        if found and not _TIME_ALONE.fullmatch(found["event"].strip()):
            span = {"天": Span.DAY, "日": Span.DAY, "月": Span.MONTH, "年": Span.YEAR}.get(
                found["unit"]
            ) or Span(found["unit"].lower())
            return Anchor(found["event"].strip(" ?？.。"), span, found["rest"].strip())
    return None
