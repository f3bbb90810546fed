"""Currencies: their ISO 4217 codes, and the one that most figures of a text are counted in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_ISO_4217 = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES "
    "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU "
    "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND "
    "TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CODES = frozenset(_ISO_4217.split())
"""Codes of ISO 4217 that money is counted in."""

# What stands in front of a figure, the longer marks first; of "$" and "¥" more has to be known.
_MARKS = {
    "US$": "USD", "U.S.$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "AU$": "AUD",
    "C$": "CAD", "CA$": "CAD", "S$": "SGD", "NZ$": "NZD", "R$": "BRL", "MX$": "MXN", "CN¥": "CNY",
    "RMB": "CNY", "人民币": "CNY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "$": "$",
    "¥": "¥", "￥": "¥", "NTD": "TWD", "CNH": "CNY", "Rs.": "INR",
}  # fmt: skip
_NAMES = {
    "us dollar": "USD", "u.s. dollar": "USD", "american dollar": "USD", "美元": "USD",
    "美金": "USD", "hong kong dollar": "HKD", "hk dollar": "HKD", "港元": "HKD", "港币": "HKD",
    "new taiwan dollar": "TWD", "nt dollar": "TWD", "新台币": "TWD", "canadian dollar": "CAD",
    "加元": "CAD", "australian dollar": "AUD", "澳元": "AUD", "singapore dollar": "SGD",
    "新加坡元": "SGD", "yuan": "CNY", "renminbi": "CNY", "chinese yuan": "CNY", "人民币": "CNY",
    "元": "CNY", "euro": "EUR", "欧元": "EUR", "pound sterling": "GBP", "pound": "GBP",
    "英镑": "GBP", "yen": "JPY", "japanese yen": "JPY", "日元": "JPY", "won": "KRW",
    "韩元": "KRW", "swiss franc": "CHF", "瑞士法郎": "CHF", "indian rupee": "INR",
    "rupee": "INR", "dollar": "$",
}  # fmt: skip
_MAIN = "USD|HKD|CNY|EUR|GBP|JPY|KRW|TWD|AUD|CAD|SGD|CHF|INR"


def _either(written: Iterable[str]) -> str:
    """A pattern of any of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(written, key=len, reverse=True))


_SCALE = (
    r"(?:thousand|million|billion|trillion|bn|mn|mln|tn|[kmb]\b"
    r"|万亿|百亿|千亿|百万|千万|[百千万亿])"
)
IN_FRONT = re.sub(r"(?<=[A-Z.])\\\$", r"\\s?\\$", _either((*_MARKS, *_MAIN.split("|"))))
"""A pattern of what stands in front of a figure for its currency, "HK $" among it."""

BEHIND = rf"(?:{_either(_NAMES)})s?|(?:{_MAIN}|RMB|CNH)\b"
"""A pattern of what stands behind a figure for its currency, in any case of letters."""

_BEFORE = re.compile(rf"(?<![A-Za-z])({_either(_MARKS)}|{_MAIN})\s?\(?-?(?=\d)")
_BEHIND = re.compile(
    rf"\d\s?(?:{_SCALE}\s?){{0,2}}(?:of )?"
    rf"(?:({_either(_NAMES)})|({_MAIN}|RMB|CNH)\b)(?![a-rt-z])",
    re.IGNORECASE,
)
_IN_UNIT = re.compile(rf"({_either(_MARKS)}|\b(?:{_MAIN})\b)|({_either(_NAMES)})", re.IGNORECASE)

_ENOUGH = 3  # figures; fewer tell of no report what it counts in
_MAJORITY = 2 / 3
_OTHER_DOLLARS = frozenset({"HKD", "TWD", "AUD", "CAD", "SGD", "NZD"})


def currency_code(text: str) -> str | None:
    """Return the ISO 4217 code of a currency as people write it.

    Args:
        text: nothing but the currency: "USD", "usd", "US$", "RMB", "yuan", "人民币". "$" and
            "dollars" alone are those of the United States.

    Returns:
        The code, None of what is no currency.
    """
    written = " ".join(text.split())
    code = written.upper()
    if code in CODES:
        return code
    marks = {mark.upper(): known for mark, known in _MARKS.items()}
    found = marks.get(code) or _NAMES.get(written.lower().removesuffix("s"))
    return {"$": "USD", "¥": None}.get(found, found) if found else None


def currency_of(text: str, units: Iterable[tuple[str, int]] = ()) -> str | None:
    """Tell which money most figures of a text are counted in.

    "$" alone is the dollar of the United States where no figure is in another country's; "¥"
    is yuan or yen where the text counts in one of them by name and not in the other.

    Args:
        text: any text, English or Chinese.
        units: of its tables, what their figures are counted in and how many rows they have.

    Returns:
        The ISO 4217 code of the money of at least two thirds of three or more figures; None
        where no currency has so many.
    """
    counted: Counter[str] = Counter(
        _MARKS.get(match[1], match[1]) for match in _BEFORE.finditer(text)
    )
    for match in _BEHIND.finditer(text):
        counted[_named(match[1], match[2])] += 1
    for unit, rows in units:
        found = _IN_UNIT.search(unit)
        if found is not None:
            counted[_named(found[2], found[1])] += rows
    dollars, yens = counted.pop("$", 0), counted.pop("¥", 0)
    counted["USD" if not _OTHER_DOLLARS & counted.keys() else "?"] += dollars
    named = {code for code in ("CNY", "JPY") if counted[code]}
    counted[named.pop() if len(named) == 1 else "?"] += yens
    code, most = counted.most_common(1)[0]
    enough = most >= _ENOUGH and most >= counted.total() * _MAJORITY
    return code if enough and code != "?" else None


def _named(name: str | None, mark: str | None) -> str:
    """The code of a name or mark that a pattern found."""
    if name:
        return _NAMES[name.lower()]
    mark = (mark or "").upper()
    return next((code for known, code in _MARKS.items() if known.upper() == mark), mark)
