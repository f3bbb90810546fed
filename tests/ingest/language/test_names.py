"""Tests of names without their forms of law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.names import bare_name, spoken_name


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Apple Inc.", "Apple"),
        ("Amazon.com, Inc.", "Amazon"),
        ("NVIDIA CORP", "NVIDIA"),
        ("Microsoft Corp /WA/", "Microsoft"),
        ("The Walt Disney Company", "Walt Disney"),
        ("CITIC Securities Co., Ltd.", "CITIC Securities"),
        ("Heron (China) Limited", "Heron"),
        ("贵州茅台酒股份有限公司", "贵州茅台酒"),
        ("中信证券股份有限公司", "中信证券"),
        ("The Verge", "The Verge"),
        ("Company", "Company"),
        ("Quill", "Quill"),
    ],
)
def test_nobody_says_the_form_of_law(name: str, spoken: str) -> None:
    """Forms of law, places in brackets and articles go; something is always left."""
    assert spoken_name(name) == spoken


@given(name=st.text(alphabet="AaInc.,Corp Ltd公司有限(){}股份 the", max_size=30))
def test_a_spoken_name_is_spoken_already(name: str) -> None:
    """To shorten a name twice shortens it no more, in any letters."""
    assert bare_name(spoken_name(name)) == bare_name(name)
