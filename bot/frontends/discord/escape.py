"""Making Discord show a text as it stands, whatever it holds."""

from __future__ import annotations

import re

# What Discord reads as markup, by its guides to markdown and to message formatting:
# anywhere, the signs of emphasis, code, spoilers and masked links, and what opens a mention,
# a channel, a time, an emoji or a command; a colon that makes an address or an emoji's name;
# at the start of a line, the signs of headings, small text, quotes and lists.
# (discord.py's own escape_markdown lets addresses, emoji, mentions and numbered lists through.)
_MARKUP = re.compile(
    r"""
      [\\`*_~|<\[@]
    | :(?=//|[\w+~-]+:)
    | (?P<margin> (?:\A|(?<=\n)) [^\S\n]*) (?: (?P<sign>[\#+>-]) | (?P<number>\d+)(?=[.)]\s) )
    """,
    re.VERBOSE,
)


def literal(text: str) -> str:
    """The text, written so that Discord shows exactly it.

    Discord takes a backslash before a sign that is neither letter, digit nor white space to
    mean "show that sign". Nothing invisible is put in, so what a reader copies is what the
    report says. That nobody is notified does not rest on this: every message is sent with
    its mentions switched off.

    Args:
        text: any text; every kind of line end is taken as one.
    """
    return _MARKUP.sub(_escaped, text.replace("\r\n", "\n").replace("\r", "\n"))


def _escaped(match: re.Match[str]) -> str:
    if match["number"]:  # of "1. " the digit cannot be escaped; the dot behind it can
        return f"{match['margin']}{match['number']}\\"
    if match["sign"]:
        return f"{match['margin']}\\{match['sign']}"
    return f"\\{match[0]}"
