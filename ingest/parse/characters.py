"""From bytes to characters: the encodings reports come in, and what is no text in them."""

from __future__ import annotations

import codecs
import re

from ingest.errors import ParseError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_STRAY = 4  # control characters in a text that are dropped; more of them are no accident
_STRAY_SHARE = 0.01
_NEW_LINE = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
# What is never seen: controls, soft hyphens, zero-width characters, noncharacters.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")


def decode(content: bytes, name: str, declared: str | None = None) -> str:
    """Decode a text file's bytes.

    A byte order mark decides; without one it is UTF-8, then what the document declares, then
    GB18030, in which Chinese files are often kept.

    Args:
        content: the bytes.
        name: the file's name, for the message.
        declared: the encoding the document itself names, if it names one.

    Returns:
        The characters, cleaned as by `clean`.

    Raises:
        ParseError: the bytes are no text, or in an encoding that is not known.
    """
    text = _decoded(content, declared)
    if text is None:
        message = f"{name}: its encoding is not known; save it as UTF-8"
        raise ParseError(message)
    if "\x00" in text or len(_BINARY.findall(text)) > max(_STRAY, len(text) * _STRAY_SHARE):
        message = f"{name} holds bytes that are no text; save it as UTF-8 text or in its own format"
        raise ParseError(message)
    return clean(text)


def clean(text: str) -> str:
    r"""Return a text with "\n" for every sort of line break and without unseen characters."""
    return _UNSEEN.sub("", _NEW_LINE.sub("\n", text))


def _decoded(content: bytes, declared: str | None) -> str | None:
    """The characters of the first encoding that fits, None if none does."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_as(content, encoding)
    for encoding in ("utf-8", declared or "utf-8"):
        text = _decode_as(content, encoding)
        if text is not None:
            return text
    text = _decode_as(content, "gb18030")
    return text if text is not None and _plausibly_chinese(text) else None


def _decode_as(content: bytes, encoding: str) -> str | None:
    """The characters, None if these bytes are not in this encoding or nobody knows it."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _plausibly_chinese(text: str) -> bool:
    """Whether GB18030 made common characters of the bytes.

    Western encodings decode as GB18030 too, but to rare characters: real Chinese is mostly
    of the 6,763 that GB 2312 holds.
    """
    beyond = [character for character in text if not character.isascii()]
    common = sum(_in_gb2312(character) for character in beyond)
    return common * 2 > len(beyond)


def _in_gb2312(character: str) -> bool:
    """Whether GB 2312, the set of common Chinese characters, holds this one."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
