"""From bytes to characters: the encodings reports come in, and what is no text in them."""

from __future__ import annotations

import codecs
import re

from ingest.errors import ParseError
from ingest.language.encodings import encoding_meant

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = "cp1252"
_SHIFTED = ("iso2022", "hz")  # written in ASCII alone, which passes for UTF-8
_STRAY = 4  # control characters in a text that are dropped; more of them are no accident
_STRAY_SHARE = 0.01
_SAMPLE = 20_000  # characters that are looked at to tell an encoding by
_UNBROKEN = 32  # bytes
_PLAIN_SHARE = 0.9  # of the characters of a text, those that are in common use
_COMMON_SHARE = 0.5
_FIRST_OF_GB2312 = range(0xA1, 0xD8)  # by lead byte: signs, and the 3,755 commonest
_FIRST_OF_BIG5 = range(0xA1, 0xC7)  # signs, and the 5,401 commonest
_NEW_LINE = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
# What is never seen: controls, soft hyphens, zero-width characters, noncharacters.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")


def decode(content: bytes, name: str, declared: str | None = None) -> str:
    """Decode a text file's bytes.

    A byte order mark decides; without one it is UTF-8, then what the document declares, then
    UTF-16, and last GB18030 or Big5, in which Chinese files are often kept. These go before
    what declares itself to be of Western letters, as programs have their files do by themselves.

    Args:
        content: the bytes.
        name: the file's name, for the message.
        declared: the encoding the document itself names, if it names one.

    Returns:
        The characters, cleaned as by `clean`.

    Raises:
        ParseError: the bytes are no text, in an encoding that is not known, or broken off in
            the middle of a character.
    """
    if _breaks_off(content):
        message = f"{name} breaks off in the middle of a character; copy it again, whole"
        raise ParseError(message)
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
    if b"\x00" in content:  # as no other text has, and English in UTF-16 has in plenty
        return _utf_16(content) or _decode_as(content, "utf-8")
    meant = encoding_meant(declared) if declared else None
    is_western = meant == _WESTERN
    named = () if meant is None or is_western else (meant,)
    is_shifted = meant is not None and meant.startswith(_SHIFTED)
    for encoding in (*named, "utf-8") if is_shifted else ("utf-8", *named):
        text = _decode_as(content, encoding)
        if text is not None:
            return text
    # without one NUL it has not one line break nor digit, and a few letters may be anything
    unbroken = _utf_16(content) if len(content) >= _UNBROKEN else None
    text = unbroken or _chinese(content)
    return _decode_as(content, _WESTERN) if text is None and is_western else text


def _breaks_off(content: bytes) -> bool:
    """Whether the bytes are UTF-8, with more than ASCII in it, but for a last half character."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        at_end = error.reason == "unexpected end of data" and error.end == len(content)
        return at_end and not content[: error.start].isascii()
    return False


def _decode_as(content: bytes, encoding: str) -> str | None:
    """The characters, None if these bytes are not in this encoding."""
    try:
        return content.decode(encoding)
    except ValueError:
        return None


def _utf_16(content: bytes) -> str | None:
    """The characters of UTF-16 without a byte order mark, None where it makes no text of them.

    Bytes that are something else make characters from everywhere in Unicode; text is nearly
    all of the few thousand that English and Chinese are written with.
    """
    texts = filter(None, (_decode_as(content, each) for each in ("utf-16-le", "utf-16-be")))
    text = max(texts, key=_share_in_use, default="")
    return text if text and _share_in_use(text) >= _PLAIN_SHARE else None


def _share_in_use(text: str) -> float:
    """The share of a text's characters that English or Chinese is written with."""
    sample = text[:_SAMPLE]
    return sum(map(_in_use, sample)) / len(sample)


def _in_use(character: str) -> bool:
    """Whether a character stands in texts, rather than in what is read in a wrong encoding."""
    if character.isascii():
        return character.isprintable() or character.isspace()
    return any(_lead_byte(character, encoding) for encoding in ("cp1252", "gb2312", "big5"))


def _chinese(content: bytes) -> str | None:
    """The characters of GB18030 or Big5, whichever makes the more common ones; None if neither.

    Each decodes much of the other, and Western text too, but to rare characters: real Chinese
    is mostly of those that the two sets put first, by how often they are used.
    """
    simplified, traditional = _decode_as(content, "gb18030"), _decode_as(content, "big5")
    common = _share_common(simplified, "gb2312", _FIRST_OF_GB2312)
    if _share_common(traditional, "big5", _FIRST_OF_BIG5) > max(common, _PLAIN_SHARE):
        return traditional
    return simplified if common > _COMMON_SHARE else None


def _share_common(text: str | None, encoding: str, first: range) -> float:
    """The share of a text's characters beyond ASCII that a Chinese set puts first."""
    beyond = [character for character in text or "" if not character.isascii()][:_SAMPLE]
    found = sum(_lead_byte(character, encoding) in first for character in beyond)
    return found / len(beyond) if beyond else 0.0


def _lead_byte(character: str, encoding: str) -> int:
    """The first byte of a character in an encoding, 0 where it is not in it."""
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0
