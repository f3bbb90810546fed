"""Files that were damaged on their way, for tests that nothing but a ParseError comes of them."""

from __future__ import annotations

from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.dispatch import parse
from tests.ingest.parse.reading import assert_blocks_hold_the_text

_STRAY = (
    *(b"\x00", b"\xff", b"\xe4\xb8", b"\xed\xa0\x80", b"\r", b"\x0c", b"\t", b" | ", b"---\n"),
    *(b"<table>", b"</table>", b"<td colspan=99999 rowspan=99999>", b"<!--", b"]]>", b"<svg>"),
    *(b"&#xD800;", b"&#0;", b"<script type='application/ld+json'>", b"charset=idna", b"<?php"),
    *(b"=?utf-8?b?", b"?=", b"\n--b\n", b"\nContent-Transfer-Encoding: base64\n", b"&a [*a]"),
    *(b"\nContent-Type: multipart/alternative; boundary=b\n", b"\nDate: 99 Foo 99999\n", b"!!a b"),
)


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """A file with some of its bytes lost, said twice, or replaced by what does not belong there."""
    length = len(content)
    edit = st.tuples(
        st.integers(0, length),
        st.sampled_from((0, 0, 1, 5, 50, 400)),
        st.one_of(
            st.sampled_from(_STRAY),
            st.binary(max_size=3),
            st.integers(0, length).map(lambda at: content[at : at + 60]),
        ),
        st.sampled_from((1, 1, 1, 40)),
    )
    return st.lists(edit, min_size=1, max_size=6).map(lambda edits: _edited(content, edits))


def assert_read_or_refused(content: bytes, name: str) -> None:
    """A file is read wholly, or refused with an error that names it."""
    refused = ""
    try:
        report = parse(content, name)
    except ParseError as error:
        refused = str(error)
    if refused:
        assert refused.startswith(name)
    else:
        assert_blocks_hold_the_text(report)


def _edited(content: bytes, edits: list[tuple[int, int, bytes, int]]) -> bytes:
    for at, lost, put, times in edits:
        content = content[:at] + put * times + content[at + lost :]
    return content
