"""What a person reads where a bot wrote Discord's markdown.

A small reader of the same language Discord's clients read. It interprets: a mention becomes
a name, a link its label, emphasis disappears. So text that was not escaped comes out
changed, and a test that compares sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Rules that hold at the start of a line, tried in this order.
_LINE_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r" *-# +(?=\S)"), ""),
    (re.compile(r" *#{1,3} +(?=\S)"), ""),
    (re.compile(r" *>(?:>>)? +"), ""),
    (re.compile(r" *[-*+] +(?=\S)"), "• "),
    (re.compile(r" *(\d+)\. +(?=\S)"), "№ "),
)

_FENCE = re.compile(r"```(?:[a-z0-9_+.#-]+\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)
_CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")

# Rules that hold anywhere: what stands inside is read again.
_PAIRS: tuple[re.Pattern[str], ...] = (
    re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    re.compile(r"~~(?=\S)((?:\\[\s\S]|[^\\])*?\S)~~"),
    re.compile(r"\|\|((?:\\[\s\S]|[^\\])+?)\|\|"),
    re.compile(r"\*(?=\S)((?:\\[\s\S]|[^*\\])+?)(?<!\s)\*(?!\*)"),
    re.compile(r"_(?=\S)((?:\\[\s\S]|[^_\\])+?)_(?![0-9A-Za-z_])"),
)

# Rules that hold anywhere and show something else than what stands there.
_TOKENS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"<@[!&]?\d+>"), lambda _: "@somebody"),
    (re.compile(r"@(everyone|here)"), lambda match: f"@EVERYONE({match[1]})"),
    (re.compile(r"<#\d+>"), lambda _: "#somewhere"),
    (re.compile(r"<id:\w+>|</[^>]+:\d+>"), lambda _: "a link within Discord"),
    (re.compile(r"<t:-?\d+(?::\w)?>"), lambda _: "a time"),
    (re.compile(r"<a?:\w+:\d+>"), lambda _: "an emoji"),
    (re.compile(r"<(https?://[^\s>]+|mailto:[^\s>]+|tel:[^\s>]+)>"), lambda match: match[1]),
    (re.compile(r":(?:[\w+~-]+)(?:::skin-tone-\d)?:"), lambda _: "an emoji"),
    (re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]"), lambda m: f"link({m[0]})"),
    (re.compile(r"\[((?:\\.|[^\]\\])+)\]\(\s*<?[^\s>)]+>?[^)]*\)"), lambda match: match[1]),
)


def readable(markdown: str) -> str:
    """The text a reader sees, white space at the ends of lines and of the whole aside."""
    return "\n".join(line.rstrip() for line in _read(markdown, fresh=True).split("\n")).strip()


def _read(text: str, *, fresh: bool) -> str:
    """Read a text; `fresh` where it begins a line."""
    shown: list[str] = []
    place = 0
    while place < len(text):
        seen, place, fresh = _step(text, place, fresh=fresh)
        shown.append(seen)
    return "".join(shown)


def _step(text: str, place: int, *, fresh: bool) -> tuple[str, int, bool]:
    """Read one element: what is seen, where the next begins, whether that begins a line."""
    if match := _ESCAPE.match(text, place):
        return match[1], match.end(), False
    if fresh:
        for rule, shown in _LINE_RULES:
            if match := rule.match(text, place):
                # what follows a sign may itself be one: "> # a" is a heading in a quote
                return shown, match.end(), True
    if match := _FENCE.match(text, place):
        return match[1], match.end(), False
    if match := _CODE.match(text, place):
        return match[2], match.end(), False
    for pair in _PAIRS:
        if match := pair.match(text, place):
            return _read(match[1], fresh=False), match.end(), False
    for token, meaning in _TOKENS:
        if match := token.match(text, place):
            return meaning(match), match.end(), False
    letter = text[place]
    return letter, place + 1, letter == "\n" or (fresh and letter == " ")
