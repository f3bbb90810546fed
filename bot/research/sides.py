"""The houses, or those they speak of, whose views a question sets side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.research.content_words import STOP_WORDS
from bot.research.model import Query
from bot.research.name_index import Mention
from bot.research.names import publishers_in
from bot.research.telling import Kind
from ingest.records import Known

_MOST = 4
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_BESIDE = r"(?:,|and|or|with|to|against|from|versus|vs\.?|、|和|与|跟)"
_NAME = r"[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4}"
_NAME_BEHIND = re.compile(rf"\s*{_BESIDE}\s+(?P<name>{_NAME})")
_NAME_BEFORE = re.compile(rf"(?P<name>{_NAME})\s+{_BESIDE}\s*$")
# "What do Heron and Quill think of copper?"
_BOTH_SAY = re.compile(
    r"^\s*(?:what|how) (?:do|does|did)\b.*\b(?:think|say|said|see|expect|view|make of|judge|rate"
    r"|differ|disagree|agree)\b"
    r"|怎么看|如何看|看法",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:views?|opinions?|differences?|differ|contrast|comparison|compar\w+|versus|vs|expect|make"
    r"|view|judge|rate|against)\b\.?|对比|比较|相比|如何|怎么|看待?|认为|[和与跟、]|的?(?:看法|观点|不同|区别|差异)|分别"
    r"|有什么|什么|对于?",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"^['’]s?\b")


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are set side by side.

    Attributes:
        label: what it is called: a publisher as the library writes it, or as the question does.
        publishers: whose reports are asked; None where all are, for what they say of it.
        asks: the question that is put to them.
    """

    label: str
    publishers: frozenset[str] | None
    asks: str


def sides_of(query: Query, known: Known) -> tuple[Side, ...]:
    """Return the sides of a comparison of what houses say.

    Args:
        query: what is asked.
        known: what the library holds.

    Returns:
        Two to four of them, at least one a publisher of the library; none where the question
        sets nothing side by side, or says nothing of what.
    """
    text = query.text
    if query.kind is not Kind.COMPARISON and not _BOTH_SAY.search(text):
        return ()
    houses = sorted(publishers_in(text, known), key=lambda each: each.start)
    if not houses:
        return ()
    others = _others(text, houses) if len(houses) == 1 else []
    spans = sorted([*((each.start, each.end) for each in houses), *others])
    topic = _topic(text, spans)
    if topic:
        topic = f"对{topic}的看法" if _CHINESE.search(topic) else f"our view of {topic}"
    if not topic or not 1 < len(spans) <= _MOST:
        return ()
    sides: dict[str, Side] = {}
    for each in houses:
        label = " · ".join(sorted(each.names))
        sides[label] = Side(label, each.names, topic)
    for start, end in others:
        name = text[start:end]
        sides.setdefault(name, Side(name, None, f"{name} {topic}"))
    return tuple(sides.values()) if len(sides) > 1 else ()


def _others(text: str, houses: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where a name stands that is set beside a publisher."""
    [house] = houses
    behind = _NAME_BEHIND.match(_POSSESSIVE.sub("", text[house.end :]))
    if behind:
        at = text.find(behind["name"], house.end)
        return [(at, at + len(behind["name"]))]
    if before := _NAME_BEFORE.search(text[: house.start]):
        return [before.span("name")]
    return []


def _topic(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """What a question asks of, without those it asks and without its own frame."""
    for start, end in reversed(spans):
        text = f"{text[:start]} {_POSSESSIVE.sub('', text[end:])}"
    text = _FRAME.sub(" ", text).strip(" ?？.。,，")
    if _CHINESE.search(text):
        return "".join(text.split())
    kept = [word for word in text.split() if word.strip("?.,;:").casefold() not in STOP_WORDS]
    return " ".join(kept).strip("?.,;: ")
