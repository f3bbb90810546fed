"""Names of companies and houses without the forms of law that nobody says."""

from __future__ import annotations

import re

_FORM = re.compile(
    r"[\s,，]+(?:Incorporated|Inc|Corporation|Corp|Company|Co|Limited|Ltd|LLC|L\.L\.C|L\.?P|LLP"
    r"|plc|AG|S\.?A|SE|N\.?V|GmbH|Holdings?|Group|Bancorp|(?:&|and) Co|\.com)\b\.?\s*$"
    r"|\.com$|[/\\][A-Z]{2,3}[/\\]?$"
    r"|(?<=..)(?:股份有限公司|有限责任公司|有限公司|集团股份|集团|公司|股份)$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s*[（(][^()（）]{2,30}[)）]\s*$")
_ARTICLE = re.compile(r"^the\s+(?=\S+\s+\S)", re.IGNORECASE)


def spoken_name(name: str) -> str:
    """Return a name as people say it.

    Args:
        name: such as "The Walt Disney Company", "Amazon.com, Inc." or "贵州茅台酒股份有限公司".

    Returns:
        The name without forms of law, a place in brackets, and a leading article that something
        else of two words follows: "Walt Disney", "Amazon", "贵州茅台酒".
    """
    spoken = " ".join(name.split())
    while True:
        shorter = _FORM.sub("", _PLACE.sub("", spoken)).rstrip(" ,，")
        if not shorter or shorter == spoken:
            break
        spoken = shorter
    return _ARTICLE.sub("", spoken)


def bare_name(name: str) -> str:
    """Return what two forms of one name have in common, lower case."""
    return spoken_name(name).casefold()
