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


TRADITIONAL = "存儲晶片供應偏緊，價格有望繼續上漲；三家廠商分享市場。"


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, TRADITIONAL, "a\nb", "naïve café 3 €"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read(text: str, encoding: str) -> None:
    """UTF-8 and UTF-16 of either byte order are read, with or without a mark, which is left out."""
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030"])
def test_chinese_encodings_are_read(encoding: str) -> None:
    """Chinese text in the encodings of Chinese systems is read."""
    assert decode(CHINESE.encode(encoding), "a.txt") == CHINESE


def test_traditional_chinese_is_told_from_simplified() -> None:
    """Big5 and GBK, which decode much of each other, are each read as what they are."""
    assert decode(TRADITIONAL.encode("big5"), "a.txt") == TRADITIONAL
    assert decode(TRADITIONAL.encode("gbk"), "a.txt") == TRADITIONAL


@pytest.mark.parametrize("lost", [1, 2])
def test_a_text_that_breaks_off_is_refused(lost: int) -> None:
    """A file cut within its last character is told to be cut, for its end is lost."""
    with pytest.raises(ParseError, match=r"^a\.txt breaks off in the middle of a character"):
        decode(f"{ENGLISH}{CHINESE}".encode()[:-lost], "a.txt")


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "hz"])
def test_what_is_written_in_ascii_alone_is_what_it_declares(encoding: str) -> None:
    """An encoding that passes for UTF-8 counts where it is declared, and only there."""
    content = "中文".encode(encoding)
    assert decode(content, "a.txt", encoding) == "中文"
    assert decode("中文".encode(), "a.txt", encoding) == "中文"


def test_a_declared_encoding_is_read() -> None:
    """What is no UTF-8 is read as the document declares itself."""
    assert decode(ENGLISH.encode("cp1252"), "a.html", "windows-1252") == ENGLISH
    assert decode(CHINESE.encode("big5", "ignore"), "a.html", "big5").startswith("存")


@pytest.mark.parametrize(
    "content",
    [
        ENGLISH.encode("cp1252"),
        "naïve café prices rose".encode("latin-1"),
        CHINESE.encode("utf-16-le") + b"\x00",
        b"caf\xe9",
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


@pytest.mark.parametrize("declared", ["x-unheard-of", "idna", "undefined", "hex", "a\x00b"])
def test_an_unknown_declared_encoding_does_no_harm(declared: str) -> None:
    """An encoding that nobody knows, or that is none of texts, is passed over."""
    assert decode(CHINESE.encode("gbk"), "a.html", declared) == CHINESE


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
