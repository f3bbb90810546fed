"""What a follow-up refers to: the question in full, given the turns before it.

A question that stands by itself is left alone. Of an ellipsis ("and in 2030?", "那英伟达呢？")
it is the question before with the part exchanged; of a question that points back ("who said that?",
"what do they cost?") its own words with the content words of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.research.asked_times import stretches_in, written_out
from bot.research.content_words import content_words
from bot.research.model import Turn
from bot.research.names import spans_of_companies, spans_of_publishers
from ingest.language.quarters import FULL_YEAR
from ingest.records import Known

_TURNS = 4  # what was said longer ago is not meant
_LONGEST = 8  # content words of a question that begins by pointing back; more stand alone

_AHEAD = 2  # content words ahead of a pronoun that are no thing it could stand for: "what risks"
_SHORT, _LONG = 4, 6  # words of a part that is put in place of another, without and with "about"

_POLITE = re.compile(
    r"^\s*(?:(?:and|but|so|ok(?:ay)?|well|thanks?|thank you|then|also)\b[\s,.!:-]*"
    r"|[那而]么?|好的?[，,])+",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"\W*(?:(?:oh|ok(?:ay)?|hi|hello|hey|thanks?|thank you|that(?: is|'s)? (?:fine|great|good|all)"
    r"|i see|great|fine|good|perfect|i (?:completely )?understand|yes|no|please"
    r"|can you (?:please )?help me"
    r"|here|very much|so much|谢谢|好的?|你好|明白了|知道了)\W*)+",
    re.IGNORECASE,
)
_ASKS_AGAIN = re.compile(
    r"(?:why(?: not| so| is that| was that)?|how(?: come| so)?|when|where|who|by whom|how much"
    r"|how many|what else|anything else|who (?:said|says|wrote|thinks) (?:that|this|so|it)"
    r"|says who|according to whom|in what way|for example|such as"
    r"|为什么|为何|怎么会|什么时候|谁|谁说的|多少|还有呢|还有吗|比如|例如)(?:呢)?\s*[?？.。!]*",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"(?:(?:what|how) about|(?:and |but )?(?:as |compared )?(?:in|for|at|by|from|with"
    r"|on|to|since|before|after|as of|during|until)(?: the)?)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
# of what, the question before has said
_THINKS = re.compile(
    r"what (?:do|does|did) (?P<rest>.{2,40}?) (?:think|say|expect|see|recommend|believe)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?=[\w-]*[A-Za-z])(?=[\w-]*\d)(?!(?:Q[1-4]|H[12]|FY\d+)\b)[A-Z][\w-]+\b")
_CHINESE_ABOUT = re.compile(r"(?P<rest>[^，。？?]{1,20}?)呢[？?]?\s*")
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|what"
    r"|which|who|why|how|when|where)\b",
    re.IGNORECASE,
)
_AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)"
    r"(?:n['’]t)?"
)
# "these filings" are the library's, "this year" is the calendar's
_OWN = (
    r"(?!\s+(?:\w+ )?(?:10-|reports?|filings?|quarters?|periods?|articles?|notes?|years?|months?"
    r"|weeks?))"
)
_BACK = rf"(?:(?:this|that|these|those)\b{_OWN}|(?:it|they|he|she)\b)"
_SUBJECT = re.compile(rf"\b{_AUXILIARY} {_BACK}", re.IGNORECASE)
_SUBJECT_FIRST = re.compile(rf"\s*(?:{_BACK}|(?:its|their|his|her)\b)", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:its|their|them|him|his|her|(?:of|about|with|for|in|on) it|(?:about|of|for|like|with)"
    r" that)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:get|need|have|want|buy|open|use|find|choose|own) one\b", re.IGNORECASE)
# "it" that stands for nothing
_EXPLETIVE = re.compile(
    r"\bit (?:(?:is |be |still )?(?:worth|possible|true|likely|important|necessary|convenient"
    r"|better|best|good|bad|wise|legal|safe|ok|okay|a good|a bad|too late|time|normal|common|hard"
    r"|easy)\b"
    r"|takes?\b|make sense|mean\b|seems?\b|pay to\b)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:this|these|those|such)\s+(?:an?\s+)?(?!year|quarter|month|week|day|time|way|report|filing"
    r"|10-|period|document|article|note|who|that|of|as|moment|point|morning|evening)[a-z]+",
    re.IGNORECASE,
)
_THE_ONE = re.compile(
    r"\bthe (?:company|companies|firm|bank|fund|stock|chip|product|former|latter|same|others?)\b"
    r"(?! (?:that|which|who|of|as)\b)",
    re.IGNORECASE,
)
_CHINESE_POINTING = re.compile(
    r"^.{0,6}?(?:它们?|(?<!其)他们?|她们?|这(?![年月周天]|个月|几年)|该(?:公司|行|基金|股|产品|机构)|其(?![他它中实余次])|上述|前者|后者)"
)
_PREPOSITION = re.compile(r"^(?:in|on|since|before|after|for|during|from|as of)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\b")
_CLAUSE_BEFORE = re.compile(
    r",|\b(?:and|but|if|when|while|after|before|because|that|than)\b", re.IGNORECASE
)


def in_full(text: str, history: Sequence[Turn], known: Known, today: date) -> str:
    """Return a question in full.

    Args:
        text: in the asker's words.
        history: the turns before it, the last one last.
        known: what the library holds; its names may be exchanged for one another.
        today: the day it is asked on.

    Returns:
        The text itself where it stands by itself, and where nothing before it says anything.
    """
    before = ""
    for turn in history[-_TURNS:]:
        said = _joined(turn.question, before, known, today)
        if content_words(said) and not _SAYS_NOTHING.fullmatch(said):
            before = said
    return _joined(text, before, known, today)


def _joined(text: str, before: str, known: Known, today: date) -> str:
    """A question with what it takes from the one before; itself where it takes nothing."""
    if not before:
        return text
    asked = _POLITE.sub("", text).strip()
    if _ASKS_AGAIN.fullmatch(asked):
        return _with_content(asked.rstrip("?？.。! "), before)
    goes_on = asked != text.strip()
    if (part := _ellipsis(asked, goes_on=goes_on)) is not None:
        return _exchanged(part, before, known, today)
    if _points_back(asked, known):
        return _with_content(text.strip(), before)
    return text


def _with_content(asked: str, before: str) -> str:
    """A question with the content words of the one before that it has not itself."""
    if _is_chinese(asked) and _is_chinese(before):
        return f"{asked} {before}"
    own = set(content_words(asked))
    added = [
        before[found.start() : found.end()]  # as written: a name has its capital
        for word in content_words(before)
        if word not in own and (found := re.search(re.escape(word), before, re.IGNORECASE))
    ]
    return f"{asked} {' '.join(added)}"


def _ellipsis(asked: str, *, goes_on: bool) -> str | None:
    """What a question names in place of something in the one before; None where it is whole.

    Args:
        asked: without what it begins with out of politeness.
        goes_on: it began with "and" or the like.
    """
    if found := _CHINESE_ABOUT.fullmatch(asked):
        return found["rest"].removesuffix("的")
    asked = asked.rstrip("?？. ")
    found = _WHAT_ABOUT.fullmatch(asked) or _THINKS.fullmatch(asked)
    part = found["rest"] if found else asked if goes_on else ""
    if not part or _VERB.search(part) or len(part.split()) > (_LONG if found else _SHORT):
        return None
    return part.strip(" ,") or None


def _exchanged(part: str, before: str, known: Known, today: date) -> str:
    """The question before, with what a part is of the same kind as exchanged for it."""
    times = stretches_in(part, today)
    if times:
        part = _PREPOSITION.sub("", written_out(part, today))
        old = [(each.start, each.end) for each in stretches_in(before, today)]
        if len(old) == 1 and not re.search(FULL_YEAR, part):
            part = _of_the_year(part, before[slice(*old[0])])
    else:
        part = re.sub(r"^(?:the|an?)\s+", "", part, flags=re.IGNORECASE)
        old = _alike(part, before, known)
    if len(old) == 1:
        start, end = old[0]
        if _POSSESSIVE.match(before[end:]):
            part = re.sub(r"['’]s?$", "", part)
        return f"{before[:start]}{part}{before[end:]}"
    if times:
        whole = before.rstrip("?？.。 ")
        return f"{whole} {'' if _is_chinese(part) else 'in '}{part}?"
    return _with_content(part, before)


def _alike(part: str, before: str, known: Known) -> list[tuple[int, int]]:
    """Where the question before names things of the same kind as a part is."""
    if _CODE.search(part):
        return [match.span() for match in _CODE.finditer(before)]
    is_name = part[:1].isupper() and len(part.split()) <= _SHORT
    for spans in (spans_of_companies, spans_of_publishers):
        if (spans(part, known) or is_name) and (found := spans(before, known)):
            return found
    return []


def _of_the_year(part: str, old: str) -> str:
    """A part of a year, of the year that stood with the one it is exchanged for."""
    year = re.search(FULL_YEAR, old)
    if year is None:
        return part
    return f"{year[0]}年{part}" if _is_chinese(part) else f"{part} {year[0]}"


def _points_back(asked: str, known: Known) -> bool:
    """Whether a question speaks of something that it does not name itself."""
    if _is_chinese(asked):
        return _CHINESE_POINTING.search(asked) is not None
    plain = _EXPLETIVE.sub(" ", asked)
    if found := _SUBJECT.search(plain):
        ahead = plain[: found.start()]
        if not _CLAUSE_BEFORE.search(ahead) and len(content_words(ahead)) <= _AHEAD:
            return not spans_of_companies(ahead, known)
    if _SUBJECT_FIRST.match(plain) and len(content_words(asked)) < _LONGEST:
        return True
    if _ONE.search(plain):
        return True
    if (found := _OTHER.search(plain)) and not content_words(plain[: found.start()]):
        return True
    if _POINTING.search(plain):
        return True
    names = re.findall(r"(?<!^)(?<![.?!] )\b[A-Z]\w+", asked)
    return _THE_ONE.search(plain) is not None and not names


def _is_chinese(text: str) -> bool:
    return re.search(r"[\u3400-\u9fff]", text) is not None
