"""The encodings that texts are written in, by the names that pages, mails and servers give."""

from __future__ import annotations

import codecs
import re

# of the encodings Python knows; among the others are some that take very long, or are no letters'
_OF_TEXTS = re.compile(
    r"(?:utf-8|utf-16|utf-32|iso8859|koi8|gb|big5|euc|shift_jis|cp\d|mac|tis-620|hz|iso2022)[\w-]*"
)
# as browsers have it: what is said is part of what is meant
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}


def encoding_meant(declared: str) -> str | None:
    """Return the encoding that a name means, as Python calls it.

    Args:
        declared: the name as somebody wrote it ("ISO-8859-1", "GB2312").

    Returns:
        None of a name that nobody knows, or of what no text is written in.
    """
    try:
        said = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    encoding = _MEANT.get(said, said)
    return encoding if _OF_TEXTS.fullmatch(encoding) else None
