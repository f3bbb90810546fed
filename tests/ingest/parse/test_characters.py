"""Tests of decoding."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.characters import clean, decode

CHINESE = "存储芯片供应偏紧，价格有望继续上涨。"
ENGLISH = "Prices “rose” by 3 % – again."


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read(text: str, encoding: str) -> None:
    """UTF-8 with or without its mark and UTF-16 with its mark are read, the mark left out."""
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030"])
def test_chinese_encodings_are_read(encoding: str) -> None:
    """Chinese text in the encodings of Chinese systems is read."""
    assert decode(CHINESE.encode(encoding), "a.txt") == CHINESE


def test_a_declared_encoding_is_read() -> None:
    """What is no UTF-8 is read as the document declares itself."""
    assert decode(ENGLISH.encode("cp1252"), "a.html", "windows-1252") == ENGLISH
    assert decode(CHINESE.encode("big5", "ignore"), "a.html", "big5").startswith("存")


@pytest.mark.parametrize(
    "content",
    [
        ENGLISH.encode("cp1252"),
        "naïve café prices rose".encode("latin-1"),
        ENGLISH.encode("utf-16-le"),
        codecs.BOM_UTF16_LE + b"\x00",
        codecs.BOM_UTF8 + b"\xff\xfe",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(range(256)) * 4,
        b"\x01\x02\x03\x04\x05\x06 text",
    ],
)
def test_what_is_no_known_text_is_refused(content: bytes) -> None:
    """Bytes in no known encoding, and bytes that are no text, are refused naming the file."""
    with pytest.raises(ParseError, match=r"^old\.txt"):
        decode(content, "old.txt")


def test_an_unknown_declared_encoding_does_no_harm() -> None:
    """An encoding nobody knows is passed over."""
    assert decode(CHINESE.encode("gbk"), "a.html", "x-unheard-of") == CHINESE


def test_a_stray_control_does_no_harm() -> None:
    """A few control characters in a text are dropped."""
    assert decode(b"Prices\x07 rose.\x1a", "a.txt") == "Prices rose."


def test_cleaning() -> None:
    """All line breaks become one sort, and what nobody sees goes."""
    assert clean("a\r\nb\rc\x0cd\u2028e") == "a\nb\nc\nd\ne"
    assert clean("\ufeffso\u00adft zero\u200bwidth \x07bell\x00") == "soft zerowidth bell"


@given(st.text())
def test_clean_text_is_clean(text: str) -> None:
    """Cleaning twice changes nothing more, and no letter is lost."""
    once = clean(text)
    assert clean(once) == once
    assert "\r" not in once
    assert [c for c in text if c.isalnum()] == [c for c in once if c.isalnum()]
