"""The days of publication that the words of a question limit it to, and the day it is asked as of.

A report of 2024 tells the figures of 2023. So a time limits what is searched only where the words
say that it is one of publication:

- it stands right behind a verb of publishing or a noun for reports: "published in", "notes since";
- what was said is asked for, since, after, before or until a time ("What has Heron said since
  May?");
- it is a short stretch up to now: what happened "in the last three months" no older report can
  tell.

A question is asked as of a day where that day limits what was said or known; a figure as of a
day is that day's. In doubt nothing is limited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.research.asked_times import Stretch, stretches_in

_LONGEST_ROLLING = 190  # days; of longer stretches older reports tell a part

_OF_REPORTS = (
    r"(?:reports|notes|articles|papers|publications|research|coverage|news|commentary|commentaries"
    r"|analyses|documents|pieces|updates)"
)
_REPORT = r"(?:report|note|article|paper|publication|piece|update)"
_PUBLISHED = r"(?:published|dated|written|posted|printed|released|issued|put out|that came out|out)"
# filings are named by what they cover, not by when they came out
_FILINGS = re.compile(
    r"\b(?:quarterly|annual|interim|financial|earnings|10-[QK]|results?|filings?|half-year(?:ly)?)"
    r"[\s\w-]{0,12}$|(?:年|季|财|中)$",
    re.IGNORECASE,
)
_BY_WHOM = r"(?:\s+(?:by|on|about|from|of)(?:\s+[^\s,;]+){1,4}?)?"
_BEHIND_REPORTS = re.compile(
    rf"\b(?P<noun>{_OF_REPORTS}){_BY_WHOM}(?:\s+(?:that (?:was|were) )?{_PUBLISHED})?\s+$",
    re.IGNORECASE,
)
_BEHIND_REPORT = re.compile(
    rf"\b{_REPORT}\b[^,;.?]{{0,80}}?\s(?:published|dated|written|posted|of|from)\s+$", re.IGNORECASE
)
_BEHIND_PUBLISHED = re.compile(
    r"\b(?:(?:was|were|been) (?:published|written|posted)|published)\s+$", re.IGNORECASE
)
_REPORTS_NAMED = re.compile(rf"\b(?:{_REPORT}s?|another)\b|报告|研报|报道|文章|新闻", re.IGNORECASE)
_RELATION = re.compile(
    r"(?:\b(?P<since>since)|\b(?P<from>from)|\b(?P<after>after)|\b(?P<before>before|prior to)"
    r"|\b(?P<until>until|till|up to)|\b(?P<as_of>as (?:of|at))|\b(?P<between>between)"
    r"|\b(?:in|on|during|within|over|of))(?:\s+the)?\s+$|(?P<chinese_as_of>截[至止]到?)\s*$"
    r"|(?:自从?|从)\s*$",
    re.IGNORECASE,
)
_RELATION_BEHIND = re.compile(
    r"\s*(?:(?P<since>以来|以后至今|至今|起|开始|onwards?\b|on\b)|(?P<after>之后|以后)|(?P<before>之前|以前))"
)
_JOINT = re.compile(r"\s*(?:to|and|until|through|[-–—~～]|至|到)(?:\s+the)?\s*", re.IGNORECASE)

_BEFORE_BOTH = re.compile(r"(?:\b(?:from|between|in|published|dated)|[从自])\s*$", re.IGNORECASE)

# what was said: perfect, past and passive, which alone go with "since" and "before"
_SAID = re.compile(
    r"\b(?:has|have|had|did|was|were|been)\b[^?;]*?\b(?:said|say|written|write|published|publish"
    r"|commented|comment|recommended|recommend|argued|argue|thought|think|mentioned|mention|advised"
    r"|predicted|predict|forecast|warned|warn|expected|expect)\b",
    re.IGNORECASE,
)
# what is said or known as of a day
_SAY = re.compile(
    r"\b(?:says?|said|thinks?|thought|expects?|expected|views?|recommends?|recommended|recommend"
    r"|known?|knew|believe[sd]?|forecasts?|argues?|opinions?|consensus|outlook"
    r"|reports (?:say|said))\b",
    re.IGNORECASE,
)
_AMOUNT_ASKED = re.compile(
    r"\bhow (?:much|many|large|big|high|low)\b|多少|多大|多高", re.IGNORECASE
)
_CHINESE_SAID = re.compile(
    r"研报|研究报告|(?<![年季财务])报告|报道|文章|观点|看法|评论|新闻|消息|怎么看|怎么说|如何看|说了|说过|提到|认为|怎么评价"
)
_CHINESE_PUBLISHED = re.compile(
    r"\s*(?:期间|里|内|份|间)?(?:所?(?:发布|发表|刊登|出版|写)的?|的)"
    r"[^，。？?了]{0,8}?(?:研报|研究报告|(?<![年季财政行务])报告|报道|文章|新闻|观点)"
)
_CHINESE_PUBLISHED_IN = re.compile(r"(?:发布|发表|刊登|出版)[于在]\s*$")


@dataclass(frozen=True, slots=True)
class DateLimits:
    """By which days a question limits the reports that it is asked of.

    Attributes:
        since: the first day of publication; None where there is none.
        until: the last day of publication; None where there is none.
        as_of: the day the library is asked as of; None for today.
    """

    since: date | None = None
    until: date | None = None
    as_of: date | None = None


def date_limits(text: str, today: date) -> DateLimits:
    """Return by which days the words of a question limit the reports.

    Args:
        text: the question.
        today: the day it is asked on; times are counted from it.

    Returns:
        No limits where the times of the question belong to the facts it asks for, and where it
        gives several reports a time each.
    """
    asked = list(_joined(text, stretches_in(text, today)))
    as_of = [day for each in asked if (day := _as_of(text, each, today)) is not None]
    limits = [limit for each in asked if (limit := _published(text, each, today)) is not None]
    # a day each is that of one of several things
    if len(as_of) > 1 or len(limits) > 2 or sum(each.is_day for each in asked) > 1:
        return DateLimits()
    found = DateLimits(as_of=as_of[0] if as_of else None)
    if len(limits) == 2:
        (a, b), (c, d) = limits
        if (a and c) or (b and d):
            return found
    for since, until in limits:
        found = replace(found, since=since or found.since, until=until or found.until)
    if found.since and found.until and found.since > found.until:
        return replace(found, since=None, until=None)
    return found


def _joined(text: str, stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches, two of them as one where the first leads to the second: "from May to July"."""
    waiting: Stretch | None = None
    for each in stretches:
        if waiting is None:
            waiting = each
        elif _JOINT.fullmatch(text[waiting.end : each.start]) and _may_join(text, waiting):
            first = waiting.first
            if first > each.last:  # "between January and March 2023"
                first = date(each.last.year, first.month, min(first.day, 28))
            waiting = replace(each, first=min(first, each.first), start=waiting.start)
        else:
            yield waiting
            waiting = each
    if waiting is not None:
        yield waiting


def _may_join(text: str, first: Stretch) -> bool:
    return _BEFORE_BOTH.search(text[: first.start]) is not None


def _published(text: str, stretch: Stretch, today: date) -> tuple[date | None, date | None] | None:
    """First and last day of publication that a stretch limits reports to; None for no limit."""
    before, behind = text[: stretch.start], text[stretch.end :]
    relation = _RELATION.search(before)
    said = relation.lastgroup if relation and relation.lastgroup else "in"
    head = before[: relation.start()] if relation else before
    after = _RELATION_BEHIND.match(behind)
    is_from = relation is not None and (relation["from"] or relation[0].startswith(("自", "从")))
    if after and after.lastgroup and (is_from or not after[0].strip().startswith("on")):
        said = after.lastgroup
    if said in {"as_of", "chinese_as_of"}:
        return None
    limits = _days(stretch, said)
    if stretch.rolling:
        short = (today - stretch.first).days <= _LONGEST_ROLLING
        of_reports = _CHINESE_SAID.search(text) or _speaks_of_reports(head, stretch, text, relation)
        meant = short or of_reports
        return (stretch.first, None) if meant else None
    if _speaks_of_reports(head, stretch, text, relation):
        return limits
    if _CHINESE_PUBLISHED_IN.search(head) or (
        _CHINESE_PUBLISHED.match(behind) and not after and len(_REPORTS_NAMED.findall(text)) <= 1
    ):
        return limits
    if said in {"since", "after", "before", "until"}:
        spoken = _SAID.search(head) or (not head.strip(" ,") and _SAID.search(behind))
        return limits if spoken or (_CHINESE_SAID.search(text) and after) else None
    return None


def _speaks_of_reports(
    head: str, stretch: Stretch, text: str, relation: re.Match[str] | None
) -> bool:
    """Whether what stands before a time is the publishing of reports, or reports themselves."""
    before = head if head.endswith(" ") or not head else f"{head} "
    found = _BEHIND_REPORTS.search(before)
    if found and found["noun"].islower() and not _FILINGS.search(before[: found.start()]):
        return relation is not None or found[0].lower().rstrip().endswith(("published", "dated"))
    if len(_REPORTS_NAMED.findall(text)) > 1:
        return False  # one of several reports is said to be of a day
    if _BEHIND_PUBLISHED.search(before):
        return True
    whole = text[: stretch.start]
    return stretch.is_day and _BEHIND_REPORT.search(whole) is not None


def _days(stretch: Stretch, said: str) -> tuple[date | None, date | None]:
    """First and last day of what stands in a relation to a stretch."""
    if said == "since":
        return stretch.first, None
    if said == "after":
        return stretch.last + timedelta(days=1), None
    if said == "before":
        return None, stretch.first - timedelta(days=1)
    if said == "until":
        return None, stretch.last
    return stretch.first, stretch.last


def _as_of(text: str, stretch: Stretch, today: date) -> date | None:
    """The day as of which the library is asked; None where the day belongs to a figure."""
    relation = _RELATION.search(text[: stretch.start])
    if relation is None or not (relation["as_of"] or relation["chinese_as_of"]):
        return None
    begins = not text[: relation.start()].strip()
    ends = not text[stretch.end :].strip(" ?.？。")
    spoken = _CHINESE_SAID.search(text) if relation["chinese_as_of"] else _SAY.search(text)
    if not (begins or ends) or not spoken or _AMOUNT_ASKED.search(text) or stretch.last > today:
        return None
    return stretch.last
