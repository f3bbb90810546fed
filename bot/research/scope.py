"""Whether a question asks for the newest report, or over several of them."""

from __future__ import annotations

import re

from bot.research.names import NamesAsked
from bot.research.times import times_in

_DOCUMENT = r"(?:10-[QK]s?|reports?|filings?|notes?|articles?|quarter(?:ly)?s?|periods?|updates?)"
_FIGURE = (
    r"(?:figures?|numbers?|data|results?|revenues?|sales|earnings|income|profits?|margins?|guidance"
    r"|forecasts?|estimates?|outlook|ratings?|targets?|views?|opinions?|prices?|valuations?|news"
    r"|position|10-K|research)"
)
# "the latest model" is the thing's own newness, which any report may tell of
_NEWEST = re.compile(
    rf"\b(?:most recent|newest|latest|most up-to-date)\s+(?:[\w&'’-]+\s+){{0,2}}?"
    rf"(?:{_DOCUMENT}|{_FIGURE})\b"
    r"|\bthe (?:latest|newest|most recent)(?:\s+(?:on|about|from|by|one)\b|\s*(?:[?,.]|$))"
    rf"|\brecent {_DOCUMENT}\b"
    r"|(?:最新|最近)的?[^，。？?]{0,4}?(?:研报|报告|财报|年报|季报|季度|数据|观点|看法|消息|新闻|预测|预期|评级|目标价"
    r"|营收|收入|利润|业绩|股价|价格|进展|情况)",
    re.IGNORECASE,
)
_ACROSS = re.compile(
    rf"\b(?:over|across|through|throughout|during|in|from|between) (?:all |both )?(?:of )?"
    rf"(?:these|those|all|several|different|multiple|the (?:reported|reporting|last \w+|past"
    rf"|previous|various|covered|different)|each) (?:\w+ ){{0,2}}?(?:10-[QK]s|reports|filings|notes"
    rf"|articles|quarters|periods|years|publishers|brokers|sources)\b"
    rf"|\b(?:across|over|between) (?:the )?(?:quarters|periods|years|reports|publishers|brokers)\b"
    rf"|\b10-[QK]s\b"
    rf"|\b(?:these|those) (?:\w+ )?(?:10-[QK]s|reports|filings|quarters|periods)\b"
    rf"|\b(?:each|every) (?:reporting |reported |fiscal )?(?:quarter|period|year|report|filing)\b"
    rf"|\breport(?:ed|ing) (?:periods?|quarters)\b"
    rf"|\b(?:quarterly|annual) reports\b|\bquarter[- ](?:by|over|to)[- ]quarter\b"
    rf"|\byear[- ](?:by|to)[- ]year\b"
    rf"|\bover (?:time|the (?:years|quarters|months))\b"
    rf"|\bhow (?:has|have|did) .{{1,80}}?\b(?:chang|evolv|develop|shift|trend|progress|fluctuat"
    rf"|var[iy])"
    rf"|\b(?:trends?|trajectory)\b.{{0,40}}\b(?:in|of|over)\b"
    rf"|\b(?:compared? (?:to|with)|than) (?:the )?(?:previous|prior|past|earlier|other)"
    rf" {_DOCUMENT}\b"
    rf"|\b(?:publishers|brokers|houses) (?:say|see|think|expect|differ|disagree|agree|compare)"
    rf"|[这各几多]个?(?:季度|季|份报告|家(?:机构|券商))|历[年次季]|逐[季年]|随时间|变化趋势|各(?:期|家|年)|各方",
    re.IGNORECASE,
)


def asks_newest(text: str) -> bool:
    """Return whether a question asks for the latest there is."""
    return _NEWEST.search(text) is not None


def asks_across(text: str, names: NamesAsked) -> bool:
    """Return whether a question asks over several reports, quarters or publishers.

    Args:
        text: the question.
        names: the names it holds.
    """
    quarters = {time for time in times_in(text).named if time.quarter}
    return len(names.publishers) > 1 or len(quarters) > 1 or _ACROSS.search(text) is not None
