"""Tickers: the codes of shares, where a text gives evidence that they are such.

A word in capitals is none by itself. Evidence is an exchange in front of the code ("NASDAQ: NVDA")
or behind it ("0700.HK", "AAPL.O", "NVDA US"), a label ("Ticker: NVDA", "证券代码：600519"), a
dollar sign ("$NVDA"), or brackets behind the name of a company ("Apple Inc. (AAPL)", "中芯国际
（688981）").

A code of letters is told alone, a number with its exchange behind it ("600519.SH", "0700.HK").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What stands behind a number for its exchange, by what people write for it.
_PLACES = {
    **dict.fromkeys(("HK", "HKEX", "SEHK", "HKG", "HKSE"), "HK"),
    **dict.fromkeys(("SH", "SS", "SSE", "SHA", "SHSE", "XSHG", "CG"), "SH"),
    **dict.fromkeys(("SZ", "SZSE", "SHE", "XSHE", "CS"), "SZ"),
    **dict.fromkeys(("BJ", "BSE"), "BJ"),
    **dict.fromkeys(("T", "TSE", "TYO", "JP", "JT"), "T"),
    **dict.fromkeys(("TW", "TT", "TPE", "TWSE"), "TW"),
    "TWO": "TWO",
    **dict.fromkeys(("KS", "KRX", "KOSPI"), "KS"),
    **dict.fromkeys(("KQ", "KOSDAQ"), "KQ"),
}
_LETTERED = (
    r"NASDAQ(?:GS|GM|CM)?|NYSE(?: ?(?:American|Arca|MKT))?|AMEX|OTC(?:MKTS|QX|QB)?|LSE|LON"
    r"|TSXV?|ASX|NSE|SGX|XETRA|ETR|FRA|EPA|Euronext(?: \w+)?|SIX|SWX|BME|BIT|STO|CPH|OSL|HEL"
    r"|JSE|B3|BMV"
)
_NUMBERED = "|".join(sorted((place for place in _PLACES if len(place) > 2), key=len, reverse=True))
_CODE = r"[A-Z]{1,5}(?:[.-][A-Z])?"

_IN_FRONT = rf"(?:{_LETTERED})\s?[:：]\s?(?P<listed>{_CODE})\b"
_NUMBER_IN_FRONT = rf"(?P<front>{_NUMBERED})\s?[:：.]\s?(?P<fronted>\d{{1,6}})\b"
_NUMBER_BEHIND = (
    r"(?P<behind>\d{6}(?=\.(?:SH|SS|SZ|BJ|KS|KQ)\b)|\d{1,5}(?=\.HK\b)|\d{4}(?=\.(?:TWO?|T)\b))"
    r"\.(?P<at>[A-Z]{1,3})\b"
)
_LETTERS_BEHIND = r"(?P<suffixed>[A-Z]{2,5}|(?<=[(（])[A-Z])\.(?:O|OQ|N|US|A)\b(?!\.)"
# "NVDA US" between marks or with "Equity" behind it, "700 HK" likewise
_TERMINAL = (
    r"(?:(?<=[(（\[|,，;；/:：])|^)\s?(?P<terminal>[A-Z]{1,5}|\d{1,6})\s"
    r"(?P<country>US|UN|UW|UQ|HK|CH|CG|CS|TT|JP|JT|KS|LN|GR|GY|FP|NA|SW|AU|CN)"
    r"(?:\s(?:Equity|EQUITY)\b|\s?(?=[)）\]|,，;；/]|$))"
)
_CASHTAG = r"(?<![\w$])\$(?P<cash>[A-Z]{2,5})(?![\w$])"
_LABEL = (
    r"(?:\b(?:ticker|(?:stock|trading|ticker) symbol|stock code|bloomberg(?: (?:code|ticker))?"
    r"|reuters(?: (?:code|ric))?|RIC)s?|(?:股票|证券|公司|交易|上市)代码)(?:\(s\))?\s?"
    r"(?:[:：]\s*|\|\s*(?=[^|\n]*$))"
)
_LABELLED = (
    rf"(?i:{_LABEL})(?:(?:{_LETTERED})\s?[:：]\s?)?(?P<labelled>{_CODE}(?![\w/])|\d{{1,6}}(?!\w))"
    r"(?:\.(?P<labelled_at>[A-Z]{1,3})\b|\s(?P<labelled_in>US|HK|CH|TT|JP|KS|LN)\b)?"
)
_BRACKETED = r"(?<=\S)\s?[(（](?P<bracketed>[A-Z]{3,5}|\d{6}|0\d{3,4})(?=[)）,，;；/])"
_EVIDENCE = re.compile(
    "|".join(
        (
            *(_LABELLED, _IN_FRONT, _NUMBER_IN_FRONT, _TERMINAL, _CASHTAG, _BRACKETED),
            rf"(?<![\w.])(?:{_NUMBER_BEHIND}|{_LETTERS_BEHIND})",
        )
    ),
    re.MULTILINE,
)

_MAINLAND = re.compile(
    r"(?:60[0135]|68[89]|900)\d{3}|(?:00[0-3]|30[01]|200)\d{3}|(?:43|8[378]|92)\d{4}"
)
# What capitals in brackets or behind a dollar sign are instead.
_OTHER_CAPITALS = (
    "USD RMB CNY HKD EUR JPY GBP MM BN MN NA NONE TBD ADR ADS NYSE AMEX AI AR VR EV CPU GPU NPU "
    "TPU DRAM NAND HBM SSD LLM AIGC SAAS EPS GDP CPI PPI PMI ESG IPO ETF REIT CAGR CAPEX EBIT "
    "ROE ROA YOY QOQ TP PT CEO CFO USA FDA SEC FED ECB FY TTM LTM NTM"
)
_NO_CODE = frozenset(_OTHER_CAPITALS.split())

# A company's name as far as it stands right in front of a bracket.
_NAME = re.compile(
    r"(?:(?:[A-Z0-9][A-Za-zÀ-ÿ0-9'’.&-]*|&|of|and|de|the)"
    r"(?:, (?=(?:Inc|Ltd|LLC|L\.P|Corp|Co|plc|S\.A|N\.V)\b)| )){0,6}[A-Z0-9][A-Za-zÀ-ÿ0-9'’.&!-]*\Z"
)
_LEGAL = re.compile(
    r"\b(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|plc|PLC|AG|SA|SE|NV|N\.V|S\.A|LLC|LP|Co"
    r"|Company|Holdings?|Group|Technologies|Bancorp)\b\.?\Z"
)
_NO_NAME = re.compile(
    r"(?:(?:buy|sell|hold|why|the|we|our|shares|of|and|initiate|initiating|upgrade|upgrading|like"
    r"|downgrade|downgrading|in|on|at|for|from|prefer|maintain|reiterate|see|both|while|with|as"
    r"|if|company|name|ticker|stock|source|including|peers?|top|pick|picks|buying|how|what|is|a)"
    r"(?=\s|\Z)\s*)+",
    re.IGNORECASE,
)
_HAN = r"\u3400-\u9fff"
_CHINESE_NAME = re.compile(rf"(?:(?<![{_HAN}\w])|\A)[{_HAN}A-Za-z·-]{{2,20}}\Z")
_CHINESE_LEAD = re.compile(
    r"\A(?:我们|继续|建议|重点|持续|推荐|关注|看好|买入|增持|包括|例如|其中|受益标的|相关标的|上市公司|A股|港股|公司|标的|龙头"
    r"|以及|首推)+"
)
_DOUBTFUL = "和及与如为"  # names begin with these, and so do the words between names


@dataclass(frozen=True, slots=True)
class Mention:
    """A ticker where a text names it.

    Attributes:
        code: the ticker, tidy.
        company: the name right in front of it; None where there is none to be sure of.
        start: offset in the text of what names it.
    """

    code: str
    company: str | None
    start: int


def tickers_in(text: str, *, headline: bool = False) -> Iterator[Mention]:
    """Yield the tickers that a text gives evidence of, in order, as often as they are named.

    Args:
        text: any text.
        headline: it stands at the head of a report on companies, where brackets behind a name
            hold its ticker ("Apple (AAPL): a fine year").
    """
    for match in _EVIDENCE.finditer(text):
        name = _name_before(text, match.start())
        code = _code(match, name, headline=headline)
        if code is not None and code not in _NO_CODE:
            yield Mention(code, name, match.start())


def ticker_of(text: str) -> str | None:
    """Read a ticker as people write it.

    Args:
        text: nothing but the ticker: "NVDA", "$NVDA", "NASDAQ: NVDA", "NVDA US", "AAPL.O",
            "0700.HK", "700 HK", "600519", "BRK.B".

    Returns:
        The ticker, tidy; None of what is none. A number whose exchange is not told and cannot be
        one of mainland China's is none.
    """
    written = " ".join(text.split()).strip("()（）").strip()
    if re.fullmatch(r"[A-Z]{1,5}(?:[.-][A-Z])?", written) and not re.search(r"\.[ON]\Z", written):
        return written
    if re.fullmatch(r"[a-z]{1,5}", written):
        return written.upper()
    if re.fullmatch(r"\d+", written):
        return _numbered(written, None)
    match = _EVIDENCE.fullmatch(written) or _EVIDENCE.fullmatch(written.upper())
    return None if match is None else _code(match, None)


def _code(match: re.Match[str], name: str | None, *, headline: bool = False) -> str | None:
    """The ticker that a match of `_EVIDENCE` gives evidence of, None if it gives none."""
    group = match.groupdict()
    if group["labelled"]:
        code = re.sub(r"(?<=[A-Z]{2})\.[ON]\Z", "", group["labelled"])
        place = group["labelled_at"] or group["labelled_in"]
        # Hong Kong alone has a "stock code" that short
        hong_kong = "HK" if len(code) < 6 and re.match(r"(?i)stock code", match[0]) else None
        return _numbered(code, place or hong_kong) if code.isdigit() else code
    if group["fronted"]:
        return _numbered(group["fronted"], group["front"])
    if group["behind"]:
        return _numbered(group["behind"], group["at"])
    if group["terminal"]:
        code = group["terminal"]
        if code.isdigit():
            return _numbered(code, group["country"])
        return code if group["country"] not in _PLACES else None
    if group["bracketed"]:
        return _bracketed(group["bracketed"], name, headline=headline)
    return next((group[each] for each in ("listed", "suffixed", "cash") if group[each]), None)


def _bracketed(code: str, name: str | None, *, headline: bool) -> str | None:
    """A code in brackets behind a name, None where it may as well be something else.

    Letters stand for a share where the name is a company's by its form, or where the name's
    letters hold them and they are no initials ("Tesla (TSLA)", but not "Central Bank (CB)").
    """
    if name is None:
        return None
    if code.isdigit():
        return _numbered(code, None) if len(code) == 6 else _numbered(code, "HK")
    words = re.findall(r"[A-Za-z]+", name)
    if len(words) > 1 and "".join(word[0] for word in words).upper().startswith(code):
        return None
    if code in name.upper().split():  # a company's short name
        return None
    if headline or _LEGAL.search(name):
        return code
    letters = iter(name.upper())
    inside = name[0].upper() == code[0] and all(letter in letters for letter in code)
    return code if len(code) == 4 and len(words) == 1 and inside else None


def _numbered(code: str, place: str | None) -> str | None:
    """A number with its exchange behind it, None where the exchange is not known."""
    if len(code) == 6 and place in {None, "CH"}:
        match = _MAINLAND.fullmatch(code)
        if match is None:
            return None
        shanghai, shenzhen = code[0] == "6" or code[:3] == "900", code[0] in "023"
        return f"{code}.{'SH' if shanghai else 'SZ' if shenzhen else 'BJ'}"
    exchange = _PLACES.get(place or "")
    if exchange is None or not int(code):
        return None
    return f"{int(code):04d}.HK" if exchange == "HK" else f"{code}.{exchange}"


def _name_before(text: str, end: int) -> str | None:
    """The name of a company that ends right at `end`, but for an opening bracket."""
    begin = max(text.rfind("\n", 0, end) + 1, end - 80)
    before = text[begin:end].rstrip(" ")
    opened = before[-1:] in ("(", "（") or text[end : end + 2].lstrip()[:1] in ("(", "（")
    before = before.rstrip("(（ ")
    if not before or not opened:
        return None
    western = _NAME.search(before)
    if western:
        name = _NO_NAME.sub("", western[0], count=1) if _NO_NAME.match(western[0]) else western[0]
        known = len(name) > 1 and any(map(str.isalpha, name))
        return name if known else None
    chinese = _CHINESE_NAME.search(before)
    if chinese:
        name = _CHINESE_LEAD.sub("", chinese[0])
        return name if 2 <= len(name) <= 8 and name[0] not in _DOUBTFUL else None
    return None
