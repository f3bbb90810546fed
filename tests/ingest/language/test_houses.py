"""Tests of whether a name is a house's."""

from __future__ import annotations

import pytest

from ingest.language.houses import looks_like_house


@pytest.mark.parametrize(
    "name",
    [
        "Northfield Securities",
        "Northfield Capital Markets",
        "Bank of the North Research",
        "Harbour & Stone Asset Management Ltd.",
        "North-Field Research Institute",
        "Northfield Securities (Hong Kong)",
        "北方证券",
        "北方证券研究所",
        "北方基金管理咨询有限公司",
    ],
)
def test_names_of_houses(name: str) -> None:
    """A capitalised name that ends as houses' names do is a house's."""
    assert looks_like_house(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Research",
        "Securities",
        "Why research",
        "AI in equity Research",
        "Jane Miller",
        "the costs of Capital",
        "Prices rose at Northfield Securities after the results",
        "Northfield Securities: costs fell",
        "证券",
    ],
)
def test_other_names(name: str) -> None:
    """A person, a sentence, or the bare word is no house."""
    assert not looks_like_house(name)
