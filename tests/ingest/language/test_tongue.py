"""Tests of which language a text is in."""

from __future__ import annotations

import pytest

from ingest.language.tongue import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The supply of memory is tight, and prices of it will rise with demand.", "en"),
        ("The market for AI 芯片 is large, and it is growing with the cloud.", "en"),
        ("存储芯片供应偏紧，价格有望继续上涨。", "zh"),
        ("NVIDIA发布B100，HBM供应偏紧，价格有望继续上涨。", "zh"),
        ("メモリの供給は逼迫しており、価格は上昇する。", None),
        ("메모리 공급이 빠듯하다.", None),
        ("Das Angebot an Speicher ist knapp, und die Preise werden steigen.", None),
        ("L'offre de mémoire est tendue et les prix vont monter dans les mois qui viennent.", None),
        ("2023 | 26.97 | 60.92", None),
        ("NVIDIA", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    """English and Chinese are known; of anything else, and of too little, nothing is said."""
    assert language_of(text) == language
