"""Where sentences begin and end, in English and in Chinese.

nupunkt finds the English ones: it knows that neither "No. 3" nor "$60.922 billion" nor
"the U.S. market" ends a sentence. Chinese is cut at its own full stops first, which
nupunkt does not know. Rules of our own, each by its name below, mend what reports brought
to light.

nupunkt is imported by the first call: its import takes about 50 ms, its model 5 ms more.
"""

from __future__ import annotations

import re

# An empty line ends a sentence whatever stands before it: headings have no full stop.
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")

# A Chinese full stop, or a Western mark right before a Chinese character (U+3400 to U+9FFF).
_CHINESE_STOP = re.compile(r"[。！？；｡]+|[!?]+(?=[\u3400-\u9fff])")

# nupunkt's abbreviations were learnt from court records and hold ordinary words ("chip",
# "bank", "ago"), behind which it misses the end of a sentence.
_LOWER_CASE_END = re.compile(r"(?<![A-Za-z.])([a-z]{2,})\.\s+(?=[\"“‘(]?[A-Z])")
_ABBREVIATION = re.compile(
    "al|approx|apr|aug|avg|bn|bros|ca|cf|ch|co|corp|dec|dept|div|dr|ed|eds|eq|est|etc|excl|feb|"
    "fig|figs|fri|ft|gen|gov|hr|hrs|inc|incl|intl|jan|jr|jul|jun|ltd|mar|max|messrs|min|mln|mn|"
    "mon|mr|mrs|ms|mt|no|nos|nov|oct|op|plc|pp|pres|prof|pt|ref|rep|resp|sec|sen|sep|sept|sr|"
    "st|thu|thur|thurs|trans|tue|tues|univ|viz|vol|vs|yr|yrs"
)

# The full stop of a quoted sentence, perhaps a space, then the closing quotation mark.
_QUOTED_END = re.compile(r"[.!?…]\s*(?=[\"”]\s+[\"“(]?[A-Z0-9])")

_ALWAYS_CLOSING = frozenset("”’」』）】》〉)]")
_INITIALS = re.compile(r"[A-Z]\.[A-Z]\.\Z")
_CAPITALS = re.compile(r"[A-Z]{2,}(?![a-z])")
_LIST_MARK = re.compile(
    r"(?i:\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-z]|[ivx]{1,4})[.)]"
    r"|(?:item|table|figure|exhibit|note|part|section|chapter) \d{1,3}[a-z]?\.)"
)
# Behind these a sentence goes on, behind the others where a number follows.
_NEVER_LAST = re.compile(r"(?<![A-Za-z.])(?i:cf|e\.g|i\.e|approx|viz|vs)\.\Z")
_OF_A_NUMBER = re.compile(r"(?<![A-Za-z.])(?i:nos?|figs?|eqs?|vol|ch|sec|pp?)\.\Z")
_LONGEST_OF_THESE = 8
_LOWER_CASE_START = re.compile(r"[a-z]{2,}(?![A-Za-z0-9])")


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text.

    An empty line always ends a sentence; a single line break does not. A closing quotation
    mark or bracket behind the full stop belongs to the sentence, and so does the number in
    front of a list's entry ("2. Costs fell.", "Table 3. Costs").

    Args:
        text: any text, English, Chinese or both.

    Returns:
        Spans (start, end) in characters, in order, none empty, none overlapping, without
        white space at either end. Together they hold every character that is not white
        space.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        spans += _paragraph(text, start, gap.start())
        start = gap.end()
    spans += _paragraph(text, start, len(text))
    return spans


def _paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a paragraph as spans of the whole text."""
    paragraph = text[start:end]
    marks = [match.start() for match in re.finditer('"', paragraph)]
    closing = frozenset(marks[1::2])
    cuts = sorted({_behind_closing(paragraph, cut, closing) for cut in _cuts(paragraph, closing)})
    pieces = [
        span
        for first, last in zip([0, *cuts], [*cuts, len(paragraph)], strict=True)
        if (span := _trimmed(paragraph, first, last)) is not None
    ]
    return [(start + first, start + last) for first, last in _joined(paragraph, pieces)]


def _cuts(paragraph: str, closing: frozenset[int]) -> set[int]:
    """Offsets at which a sentence may begin; `closing` are the straight quotes that close."""
    import nupunkt

    cuts: set[int] = set()
    chinese = [match.end() for match in _CHINESE_STOP.finditer(paragraph)]
    chinese = [_behind_closing(paragraph, cut, closing, spaces=False) for cut in chinese]
    for first, last in zip([0, *chinese], [*chinese, len(paragraph)], strict=True):
        cuts.add(first)
        piece = paragraph[first:last]
        cuts.update(first + span[0] for span in nupunkt.sentence_spans(piece))
    for match in _LOWER_CASE_END.finditer(paragraph):
        if not _ABBREVIATION.fullmatch(match[1]):
            cuts.add(match.end())
    for match in _QUOTED_END.finditer(paragraph):
        if paragraph[match.end()] == "”" or match.end() in closing:
            cuts.add(match.end() + 1)
    return cuts


def _behind_closing(
    paragraph: str, cut: int, closing: frozenset[int], *, spaces: bool = True
) -> int:
    """Move a cut behind the quotation marks and brackets that close what stands before it.

    With `spaces`, also behind a mark that machine translation set apart by white space, as
    long as white space follows it too.
    """
    while True:
        mark = cut
        while spaces and mark < len(paragraph) and paragraph[mark].isspace():
            mark += 1
        if mark == len(paragraph):
            return cut
        if paragraph[mark] not in _ALWAYS_CLOSING and mark not in closing:
            return cut
        if mark > cut and not paragraph[mark + 1 : mark + 2].isspace():
            return cut
        cut = mark + 1


def _trimmed(paragraph: str, first: int, last: int) -> tuple[int, int] | None:
    """A span without white space at its ends, None if nothing else was in it."""
    piece = paragraph[first:last]
    stripped = piece.strip()
    if not stripped:
        return None
    begin = first + len(piece) - len(piece.lstrip())
    return begin, begin + len(stripped)


def _joined(paragraph: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what is no sentence by itself to its neighbour.

    Two neighbours are one sentence where one of them is only marks or the first is only the
    number of a list's entry; where the first ends with "cf." or the like, or before a number with
    "No."; where the second goes on in lower case behind a Western mark ("1.5 bn. yuan", "Yahoo!
    said"); and where initials meet capitals ("U.S. FDA").
    """
    joined: list[tuple[int, int]] = []
    worded = False  # whether the last of them holds a letter or a digit yet
    for first, last in pieces:
        words = any(map(str.isalnum, paragraph[first:last]))
        if joined and (
            not worded
            or not words
            or _LIST_MARK.fullmatch(paragraph, *joined[-1])
            or _goes_on(paragraph, joined[-1][1], first)
        ):
            joined[-1] = (joined[-1][0], last)
            worded = worded or words
        else:
            joined.append((first, last))
            worded = words
    return joined


def _goes_on(paragraph: str, end: int, start: int) -> bool:
    """Whether a sentence that seems to end at `end` goes on at `start`."""
    if _LOWER_CASE_START.match(paragraph, start):
        return paragraph[end - 1] in ".!?"
    ending = max(0, end - _LONGEST_OF_THESE)
    if _NEVER_LAST.search(paragraph, ending, end):
        return True
    if paragraph[start].isdecimal() and _OF_A_NUMBER.search(paragraph, ending, end):
        return True
    initials = _INITIALS.search(paragraph, max(0, end - 4), end)
    return initials is not None and _CAPITALS.match(paragraph, start) is not None
