"""The words of a question that say something of its subject."""

from __future__ import annotations

import re

from bot.research.answer_kind import HOW_MUCH
from ingest.language.words import words

_ENGLISH = """
    a about according all am an and any are as asked at be because been before being between both
    but by can could did do does doing done during each for from further give get had happen
    happened happening happens has have
    having he her here him his how i if in into is it its itself just know like list many may me
    might more most much must my name no nor not now of off on once only or other our out over own
    please report reports said same say saying says see she should show so some such tell than
    that the their them then there these they thing things think this those through to too under
    until up us very was we were what whats when where which while who whom whose why will with
    would you your
    aren't can't couldn't didn't doesn't don't hadn't hasn't haven't i'm i've isn't shouldn't wasn't
    weren't won't wouldn't
"""
_CHINESE = "什么 多少 怎么 怎样 如何 哪些 哪个 哪家 为何 为什 是否 有没 没有 的是 是多 是什"
STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
"""Words of questions that say nothing of their subject, lower case."""

# what happened, of whatever it is asked
_FRAME = re.compile(
    r"(?:[都会]?(?:有|发生)(?:了|过)?)?(?:什么|哪些|哪[一二两三几]个)?(?:重大|重要|主要)?的?(?:事件|事情|新闻|消息)(?:及|和|与)?"
    r"(?:发生)?|发生了?(?:什么|哪些)?(?:重大|重要|主要)?的?"
)
_POSSESSIVE = re.compile(r"['’]s$")


def said_words(text: str) -> list[str]:
    """Return the words of a question in order, lower case, without what asks for a figure."""
    bare = (_POSSESSIVE.sub("", word) for word in words(_FRAME.sub(" ", HOW_MUCH.sub(" ", text))))
    return [word for word in bare if word]


def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a question that say something, in order, lower case, none twice."""
    return tuple(dict.fromkeys(word for word in said_words(text) if word not in STOP_WORDS))
