"""Tests of what the names of encodings mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.encodings import encoding_meant


@pytest.mark.parametrize(
    ("declared", "meant"),
    [
        ("UTF8", "utf-8"),
        ("utf-16le", "utf-16-le"),
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("ISO-8859-15", "iso8859-15"),
        ("GB2312", "gb18030"),
        ("gbk", "gb18030"),
        ("Big5", "big5"),
        ("Shift_JIS", "cp932"),
        ("euc-jp", "euc_jp"),
        ("KOI8-R", "koi8-r"),
        ("windows-1251", "cp1251"),
        *((name, None) for name in ("punycode", "idna", "unicode_escape", "raw_unicode_escape")),
        *((name, None) for name in ("utf-7", "rot13", "hex", "zip", "undefined", "none-such")),
        *((name, None) for name in ("", "a\x00b", "ÿ", "x" * 5_000)),
    ],
)
def test_a_name_means_what_browsers_take_it_for(declared: str, meant: str | None) -> None:
    """A name of an encoding that texts are written in is known, any other is none."""
    assert encoding_meant(declared) == meant


@given(st.text(max_size=20))
def test_whatever_is_declared(declared: str) -> None:
    """Whatever is declared, what is meant decodes ASCII, or nothing is meant."""
    meant = encoding_meant(declared)
    assert meant is None or isinstance(b"abcd".decode(meant, "replace"), str)
