"""Where a report says what it is not to be taken for: its own disclaimer.

It is shown with whatever is quoted from the report, so what only may be one is none. A disclaimer
stands below a heading of its own, or is a sentence near the beginning or the end of a report that
speaks of the report itself; a filing warns that its statements look ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from bot.research.speaker import goes_on, speaker_of
from bot.research.telling import closed
from ingest.language.sentences import sentences

_MOST = 300  # characters of several sentences
_LONGEST = 600  # what is longer is no sentence, but lines that ran into one
_SECTION = 1500  # characters below a heading that are looked at
_BEGINNING, _END = 1000, 3000  # characters of a report in which a sentence alone is looked for
_PARAGRAPH = 3000  # characters before and behind a sentence that are looked at
_NARROW = 40  # columns; a line that is broken at a width is wider
_SHOWN, _LOOKED_AT = 2, 3  # sentences below a heading
_MARKS = 2  # words of the law that make a section a disclaimer

_BEFORE = r"[ \t]*(?:[#>*_■▍●【\[（(]+[ \t]*)?(?:\d{1,2}[.、)]|[一二三四五六七八九十]+、)?[ \t]*"
_BEHIND = r"[ \t]*(?:[*_]*[】\]）)][ \t]*[:：]?|[*_]*(?:[:：.。–—-][ \t*_]*|\s*\n\s*))"
_SURE = (
    r"(?:(?:general|legal|important) )?disclaimers?(?: (?:statement|clause|of liability))?"
    r"|(?:important )?disclosures? (?:and|&) disclaimers?|important disclosures?"
    r"|legal (?:notice|statement)|exemption (?:clause|statement)|免责(?:声明|条款|申明)|法律声明"
)
# below these a disclaimer may stand, or a list of risks
_UNSURE = (
    r"(?:risk|investment) (?:warning|disclosure|notice|reminder)|risk tips?|disclosures?"
    r"|(?:important|special|solemn) (?:notice|statement|information|note|reminder|declaration)"
    r"|statement"
    r"|风险(?:提示|揭示|警示)|(?:重要|特别|郑重)?(?:声明|提示|提醒)"
)
_HEADING = re.compile(
    rf"^{_BEFORE}(?:(?P<sure>{_SURE})|(?:{_UNSURE})){_BEHIND}", re.IGNORECASE | re.MULTILINE
)
_LAW = re.compile(
    r"\b(?:advice|liab(?=le|ility)|responsib|accura|relian|reliab|solicit|guarant|warrant)"
    r"|责任|准确性?|完整性|保证|参考|依据|法律",
    re.IGNORECASE,
)

_ADVICE = (
    r"(?:(?:investment|financial|trading|professional|legal)[- ]"
    r"(?:advice|recommendations?|suggestions?|proposals?|opinions?|guidance|basis)"
    r"|basis (?:for|of) (?:any )?(?:investment|trading)"
    r"|(?:offer|solicitation|invitation|recommendation)s? (?:or [a-z]+ )?(?:to|for the) "
    r"(?:buy|sell|purchase|sale|trade|subscribe))"
)
_NO_ADVICE = re.compile(
    r"(?:(?<!did )(?<!was )(?<!were )(?<!had )(?<!could )(?<!would )\bnot|\b(?:nor|never|nothing"
    rf"|none))\b[^.;。]{{0,90}}?\b{_ADVICE}|\bno (?:investment|financial) advice\b"
    r"|\bfor (?:investors['’]? |your |general )?(?:reference|information)(?: purposes)? only\b"
    r"|\bonly for (?:investors['’]? |your |general )?reference\b"
    r"|不(?:构成|作为|视为|应视为|应被视为|能作为|是)[^。；]{0,24}?(?:投资|买卖|操作|交易|入市)"
    r"[^。；]{0,8}?(?:建议|依据|意见|邀请|邀约|要约|推荐|指导)|仅供(?:投资者|读者|客户)?参考",
    re.IGNORECASE,
)
# what only a disclaimer says, whatever it speaks of
_OWN_RISK = re.compile(
    r"\b(?:operate|act|trade|invest|proceed)s? (?:accordingly|on this basis|based on (?:it|this)) "
    r"at (?:their|your) own risk\b"
    r"|据此(?:操作|入市|投资|交易)[^。]{0,8}(?:自负|自担|自行承担)"
    r"|(?:股市|市场|投资|入市)有风险[，,]?\s?(?:投资|入市)?[需须]?(?:谨慎|慎重)"
    r"|\bpast performance (?:is|does) (?:not|no) [^.]{0,30}(?:future|guarant)",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:this|the|these|our|all|any|above|its|such)\b[^.。]{0,60}?\b(?:report|note|article"
    r"|document|material|publication|content|information|opinion|view|statement|data|text"
    r"|research|commentary|newsletter|presentation|email|website|page)s?\b"
    r"|\bnothing (?:in (?:it|this)|here(?:in)?)\b|\bnone of (?:this|it)\b|\bherein\b"
    r"|^(?:this is not|not? (?:an? |any )?(?:investment|financial)|for reference|only for)\b"
    r"|本(?:文|报告|研报|资料|材料|内容|观点|公众号|刊|页|篇|研究)|以上|上述|文中|文章|报告"
    r"|内容均?仅|^(?:仅|不构成)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:said|says|told|warned|warns|argued|ruled|remind(?:s|ed))\b|提醒|称[，,：]|表示"
)
_AHEAD = re.compile(
    r"\b(?:contains?|includes?|are|constitutes?)\b[^.;]{0,320}?forward[-\u2010\u2011 ]?looking "
    r"(?:statements|information)|(?:包含|载有|含有)[^。]{0,20}前瞻性(?:陈述|声明|表述)"
)
_BEGINS_AHEAD = re.compile(
    r"(?:This|These|Certain|Some|The following|Statements|Except for|In addition to) |本|以下|此"
)

_Span = tuple[int, int]


def disclaimer_of(text: str) -> tuple[int, int] | None:
    """Find a report's own disclaimer.

    What stands below a heading of disclaimers comes before a sentence alone, the last one of
    several first, and both come before a warning that statements look ahead.

    Args:
        text: the whole text of the report, English or Chinese.

    Returns:
        The span of its first sentence, or of the first ones where these have 300 characters at
        most. None where nothing is sure to be a disclaimer.
    """
    for found in (_headed(text), _alone(text), _ahead(text)):
        for span in found:
            return span
    return None


def _headed(text: str) -> Iterator[_Span]:
    """What stands below each heading of disclaimers, the last heading first."""
    for heading in reversed(list(_HEADING.finditer(text))):
        start = heading.end()
        section = text[start : start + _SECTION]
        spans = [(start + first, start + last) for first, last in sentences(section)[:_LOOKED_AT]]
        # what is no sentence may stand between: "Analyst certification"
        spans = [span for span in spans if closed(text[slice(*span)])][:_SHOWN]
        together = _short(spans) and "\n\n" not in text[spans[0][0] : spans[-1][1]]
        shown = spans if together else spans[:1]
        if not _short(shown):
            continue
        begin, end = shown[0][0], shown[-1][1]
        if heading["sure"]:
            marks = {match[0].casefold() for match in _LAW.finditer(section)}
            if len(marks) >= _MARKS or _warns(section):
                yield begin, end
        elif _warns(text[begin:end]):
            yield begin, end


def _alone(text: str) -> Iterator[_Span]:
    """Sentences that say it, with those beside them that go with them, the last first."""
    places = {
        match.start()
        for says in (_NO_ADVICE, _OWN_RISK)
        for start, end in ((0, _BEGINNING), (max(len(text) - _END, 0), len(text)))
        for match in says.finditer(text, start, end)
    }
    for at in sorted(places, reverse=True):
        spans = _around(text, at)
        said = [text[slice(*span)] for span in spans]
        place = next((n for n, (first, last) in enumerate(spans) if first <= at < last), None)
        if place is None or not _short([spans[place]]) or not _is_own(said[place]):
            continue
        first = last = place
        while (
            first > 0
            and _short(spans[first - 1 : last + 1])
            and (_warns(said[first - 1]) or (goes_on(said[first]) and closed(said[first - 1])))
        ):
            first -= 1
        while last + 1 < len(spans) and _short(spans[first : last + 2]) and _warns(said[last + 1]):
            last += 1
        yield spans[first][0], spans[last][1]


def _ahead(text: str) -> Iterator[_Span]:
    """The sentences that warn of statements that look ahead."""
    for match in _AHEAD.finditer(text):
        for span in _around(text, match.start()):
            holds = span[0] <= match.start() < span[1]
            if holds and _BEGINS_AHEAD.match(text, span[0]) and _short([span]):
                yield span


def _warns(text: str) -> bool:
    return bool(_NO_ADVICE.search(text) or _OWN_RISK.search(text))


def _is_own(sentence: str) -> bool:
    """Whether a sentence says it of its own report and in its own name."""
    if _TOLD.search(sentence) or speaker_of(sentence):
        return False
    if _OWN_RISK.search(sentence):
        return True
    found = _NO_ADVICE.search(sentence)
    if found is None or not _ITSELF.search(sentence):
        return False
    before = sentence[: found.start()]
    return before.count("“") <= before.count("”") and before.count('"') % 2 == 0


def _short(spans: Sequence[_Span]) -> bool:
    """Whether sentences are short enough to be shown together; not where there are none."""
    most = _LONGEST if len(spans) == 1 else _MOST
    return bool(spans) and spans[-1][1] - spans[0][0] <= most


def _around(text: str, at: int) -> list[_Span]:
    """The sentences of the paragraph that a place stands in.

    Lines are one paragraph as far as they are broken at a width: what is narrower ends one.
    """
    start, end = text.rfind("\n", 0, at) + 1, _end_of_line(text, at)
    while start and at - start < _PARAGRAPH:
        before = text.rfind("\n", 0, start - 1) + 1
        if _columns(text[before : start - 1]) < _NARROW:
            break
        start = before
    line = text.rfind("\n", 0, end) + 1
    while end < len(text) and end - at < _PARAGRAPH and _columns(text[line:end]) >= _NARROW:
        line, end = end + 1, _end_of_line(text, end + 1)
    # a line may be longer than any paragraph: its ends are looked at no further
    first, last = max(start, at - _PARAGRAPH), min(end, at + _PARAGRAPH)
    spans = [(first + begin, first + stop) for begin, stop in sentences(text[first:last])]
    return spans[first > start : len(spans) - (last < end)]


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _columns(line: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line.strip())
