"""Which language a text is written in: English, Chinese, or not known."""

from __future__ import annotations

import re

_ENOUGH = 50_000  # characters that tell the language of a report of any length
_HAN = re.compile(r"[\u3400-\u9fff]")
_OTHER_ASIAN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")  # Japanese kana, Korean
_WORD = re.compile(r"[^\W\d_]+")

# Words that no English paragraph is without and that its neighbours do not share.
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|is|that|for|with|are|from|by|this|it|as|be|on|has|have|will|which|its"
    r"|or|than|been|their)\b"
)
_ENGLISH_SHARE = 0.1  # of the words of English prose about three in ten are of these
_CHINESE_SHARE = 0.3  # a Chinese report quotes names and figures in Latin script
_NAMES = {
    "english": "en", "chinese": "zh", "mandarin": "zh", "英文": "en", "英语": "en", "中文": "zh",
    "汉语": "zh", "简体中文": "zh", "繁體中文": "zh", "japanese": "ja", "korean": "ko",
    "german": "de", "french": "fr",
}  # fmt: skip


def language_code(text: str) -> str | None:
    """Return the ISO 639-1 code of a language as it is written: "en", "zh-CN", "English"."""
    written = text.strip().lower()
    code = re.split(r"[-_]", written, maxsplit=1)[0]
    return _NAMES.get(written) or (code if re.fullmatch(r"[a-z]{2}", code) else None)


def language_of(text: str) -> str | None:
    """Tell the language of most of a text.

    Args:
        text: any text; its first 50,000 characters decide.

    Returns:
        "zh" where Chinese characters make up a good part of its letters, "en" where it is
        built with the commonest English words, None where neither can be said.
    """
    text = text[:_ENOUGH]
    letters = sum(map(str.isalpha, text))
    if len(_OTHER_ASIAN.findall(text)) > letters * 0.05:
        return None
    if len(_HAN.findall(text)) > letters * _CHINESE_SHARE:
        return "zh"
    words = len(_WORD.findall(text))
    common = _ENGLISH.findall(text.lower())
    if len(set(common)) >= 3 and len(common) > words * _ENGLISH_SHARE:
        return "en"
    return None
