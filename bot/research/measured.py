"""What a question for a figure measures: an answer names it, or its figure is another thing's."""

from __future__ import annotations

import re
from itertools import takewhile

from bot.research.answer_kind import ATTRIBUTE, CHINESE_ATTRIBUTE
from bot.research.content_words import STOP_WORDS
from ingest.language.words import words

_HOW_MANY = re.compile(r"\bhow many (?P<behind>[^?.,;]+)", re.IGNORECASE)
# what reports write as a sign, or not at all ("$5", "40%", "3x")
_UNITS = "percent percentage basis points dollars cents euros pounds yuan yen rmb times"
_SIGNS = frozenset(_UNITS.split())
_WHO_HOLDS = re.compile(
    r"\bwho(?:'s| is| was| are| were| became| becomes)? (?:the |its |their |[\w&.-]+['’]s )?"
    r"(?:new |former |current )?(?P<office>(?:(?:chief|vice|deputy|managing|executive|general|co-?)"
    r" ?)*(?:officer|executive|ceo|cfo|cto|coo|chair(?:man|woman|person)?|president|director"
    r"|founder|head|governor|minister|manager|analyst|author|secretary"
    r"|spokes(?:man|woman|person)))\b"
    r"|(?P<chinese>董事长|总经理|首席[\u4e00-\u9fff]{2,4}官|总裁|行长|主席|创始人|部长|分析师)(?:是|为)?谁",
    re.IGNORECASE,
)

_BE = r"(?:is|are|was|were|will|would|do|does|did|has|have|had|can|could|may|might|should)"
_HOW_LARGE = re.compile(
    rf"\bhow (?:large|big|high|low|small|great) {_BE} (?P<phrase>[^?.,;:]+)", re.IGNORECASE
)
_HOW_MUCH_OF_IT = re.compile(rf"\b[Hh]ow much (?P<phrase>[a-z][\w-]*(?: [\w-]+){{0,2}}?) {_BE}\b")
_SHARE_OF = re.compile(
    r"\b(?:share|percentage|proportion|percent|fraction) of (?P<phrase>[^?.,;:]+)", re.IGNORECASE
)
# what ends the phrase whose last word is what is measured
_END_IT = """
    after and as at be become been before by comes come came compared could currently did do does
    during expected for forecast from get goes go went grow grown had has have in is are was were
    last likely may might next now of on or projected should since than that this to today under
    until when which who will with would
"""
_ENDS = frozenset(_END_IT.split())
_NO_THINGS = "money cash it this that they he she we you more less of"
_MEASURES_NOTHING = frozenset(_NO_THINGS.split())
# told by the figure alone ("sells at $9,000 a tonne", "up 5%"), or in one of many words
_LEFT_OUT = "cost costs expense expenses expenditure expenditures growth price prices size spending"
_UNSAID = frozenset([*_LEFT_OUT.split(), "value"])
_OF_ALL = frozenset({"average", "current", "effective", "total"})  # attributes have these
_SALES = frozenset({"revenue", "revenues", "sales"})
_OF = re.compile(r"\s+of (?P<phrase>[^?.,;:]+)", re.IGNORECASE)


def counted_in(text: str) -> frozenset[str]:
    """Return what a question counts or whose office it asks for, lower case.

    Args:
        text: a question.

    Returns:
        The words behind "how many", up to the next that says nothing, without units that are
        written as signs; the words of the office where it asks who holds one.
    """
    many = _HOW_MANY.search(text)
    behind = words(many["behind"]) if many else []
    count = frozenset(takewhile(lambda word: word not in STOP_WORDS, behind)) - _SIGNS
    holds = _WHO_HOLDS.search(text)
    office = words(holds["office"] or holds["chinese"]) if holds else []
    return count | (frozenset(office) - STOP_WORDS)


def measured_in(text: str) -> frozenset[str]:
    """Return the words for what a question wants measured, lower case.

    "revenue" of "What was Apple's revenue?", "market" of "How large is the cloud market?",
    "electricity" of "How much electricity do they use?".

    Args:
        text: a question for a figure.

    Returns:
        None where it names nothing of the kind, as in "How much did it raise?".
    """
    if found := ATTRIBUTE.search(text):
        of = _OF.match(text, found.end())
        attribute = _of_attribute(found["attribute"])
        return attribute or (_last_of(of["phrase"]) if of else frozenset())
    if chinese := CHINESE_ATTRIBUTE.search(text):
        return frozenset(words(chinese["attribute"]))
    for manner in (_SHARE_OF, _HOW_LARGE, _HOW_MUCH_OF_IT):
        if found := manner.search(text):
            return _last_of(found["phrase"])
    return frozenset()


def _of_attribute(said: str) -> frozenset[str]:
    """The words of an attribute that reports cannot do without."""
    attribute = frozenset(words(said)) - _OF_ALL
    if attribute & _SALES:
        attribute -= {"net"}  # with or without it reports mean the same
    if "cash" in attribute and "free" not in attribute:
        attribute -= {"flow", "flows"}  # "net cash from operating activities" is one
    if "size" in attribute or len(attribute) == 1:
        attribute -= _UNSAID
    return attribute


def _last_of(phrase: str) -> frozenset[str]:
    """The last word of a phrase up to what goes on from it; nothing where that is a name."""
    within = list(takewhile(lambda word: word.casefold() not in _ENDS, phrase.split()))
    last = within[-1] if within else ""
    if not last.isalpha() or any(map(str.isupper, last)) or last in _MEASURES_NOTHING:
        return frozenset()
    return frozenset({last}) if last not in STOP_WORDS else frozenset()
