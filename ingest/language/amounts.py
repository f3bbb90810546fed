"""Amounts: figures with what they are counted in, however they are written.

"US$13 bn", "13 billion dollars", "13,000 million dollars" and "130亿美元" are one amount.
Percent and percentage points are two things. A number with neither a scale nor a unit is an
amount only where it is written with commas ("553,052"): years, days, versions and numbers of
chapters are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.language.currencies import BEHIND, IN_FRONT, currency_code

_SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "mn": 6, "mln": 6,
    "b": 9, "bn": 9, "t": 12, "tn": 12, "trn": 12, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8,
    "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
_TENS = {"ten": 1, "hundred": 2}  # "100 million" and "hundred million" stand for 亿 in translations
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SIMPLIFIED = str.maketrans("億萬個點兩幣歐韓", "亿万个点两币欧韩")
_NO_MONEY = frozenset({"%", "pp", "x"})

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d|[.,]\d)"
_IN_CHINESE = (
    r"(?:[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*"
    r"(?:点[零一二三四五六七八九]+)?)"
)
# a single letter is a scale where money is counted, else a name or a length: "910B", "5m"
_LETTER = r"(?<=\d)(?P<letter>[kmbtKMBT])(?![A-Za-z0-9])"
_SCALE = (
    r"[\s-]?(?:(?P<tens>ten|hundred)\s)?(?P<word>(?:thousand|million|billion|trillion)s?"
    r"|mn|mln|bn|tn|trn)(?![A-Za-z0-9])"
    r"|\s?[多余]?(?P<sign>万亿|千亿|百亿|十亿|亿|千万|百万|万|千)"
)
_UNIT = (
    r"[\s-]?(?P<points>percentage points?|per ?cent points?|%-?points?|ppts?\b|pps?\b|个?百分点)"
    r"|[\s-]?(?P<basis>basis points?|bps?\b|个?基点)"
    r"|\s?(?P<percent>%|％|per ?cent\b|pct\b)"
    r"|(?P<times>\s?[x×](?![A-Za-z0-9])|[\s-]?(?:times|fold)\b|\s?倍)"
    rf"|\s?(?:of\s)?(?P<behind>(?:{BEHIND})(?![A-Za-z]))(?!旦)"
)
_AMOUNT = re.compile(
    rf"(?:百分之(?P<share>{_NUMBER}|{_IN_CHINESE}|百)"
    rf"|(?P<minus>(?<![A-Za-z0-9)%％.百千万亿元点倍])[-−–])?(?:(?<![A-Za-z])(?P<front>{IN_FRONT})\s?[-−]?)?"
    rf"(?:(?<![A-Za-z0-9_./])(?<!\d,)(?<![A-Za-z]-)|(?<=[A-Za-z.])(?<!\d\.)(?(front)|(?!)))"
    rf"(?:(?P<plain>{_NUMBER})|[(（](?P<inside>{_NUMBER})[)）])"
    rf"(?:{_SCALE}|{_LETTER})?(?:{_UNIT})?(?:(?<=[\u3400-\u9fff])|(?![A-Za-z0-9]))"
    rf"|(?<![{''.join(_DIGITS)}{''.join(_PLACES)}第万亿])(?P<chinese>{_IN_CHINESE})"
    r"(?:(?P<scale>万亿|亿|万)(?P<money>美元|港元|日元|欧元|人民币|元)?"
    r"|(?P<many>倍)|(?P<gap>个?百分点)))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s?(?:[-–—~～至到]|to)\s?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_CELL_BEFORE = re.compile(r"(?:^|[|\t\n])\s*[(（]$")
_CELL_BEHIND = re.compile(r"[)）]\s*(?:$|[|\t\n])")
_IN_YEN = re.compile(r"\byen\b|\bJPY\b|日元", re.IGNORECASE)
_FORMS = {
    Decimal(10) ** exponent: forms
    for exponent, forms in (
        (12, (" trillion", "tn", "t", "万亿")),
        (9, (" billion", "bn", "b")),
        (8, ("亿",)),
        (6, (" million", "mn", "m")),
        (4, ("万",)),
        (3, (" thousand", "k")),
    )
}
_LEAST, _MOST = Decimal("0.1"), 100_000  # figures in front of a scale that people write
_DECIMALS = 3
_THOUSAND = 1000
_WRITTEN_OUT = 10_000_000  # what is more is written with a scale


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of a text.

    Attributes:
        value: in full, "13 billion" as 13,000,000,000.
        unit: the ISO 4217 code of a currency; "%"; "pp" of percentage points, hundred basis points
            each; "x" of multiples; empty of a number of things.
        step: what one in the last place that is printed counts for: 0.1 billion of "13.0 billion".
        start: offset of its first character.
        end: offset behind its last character.
    """

    value: Decimal
    unit: str
    step: Decimal
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Read:
    """An amount as it is read first, before its neighbours are looked at.

    Attributes:
        amount: the amount.
        scale: what its number is multiplied by; None where nothing says.
        written: its number.
        by_sign: its scale is Chinese.
    """

    amount: Amount
    scale: Decimal | None
    written: str
    by_sign: bool

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing else."""
        return self.scale is None and not self.amount.unit


def amounts_in(text: str) -> list[Amount]:
    """Find the amounts of a text.

    Of a range both ends are told, each with the scale and the unit that stand behind the second
    ("1-2 billion"). Brackets are a minus where they stand inside of a currency or a unit, or fill a
    cell of a table. "$" alone is the dollar of the United States; "¥" is yuan, or yen where the
    text names yen.

    Args:
        text: any text, English or Chinese.

    Returns:
        Amounts in order, none overlapping.
    """
    found: list[_Read] = []
    for each in _read(text):
        before = found[-1] if found else None
        gap = text[before.amount.end : each.amount.start] if before else None
        if before and gap == "" and _goes_on(before, each):
            found[-1] = _together(before, each)
            continue
        if before and gap and _BETWEEN.fullmatch(gap):
            found[-1], each = _ends_of_range(before, each)
        found.append(each)
    return [each.amount for each in found if not each.bare or "," in each.written]


def same(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts are one, rounded to the places of the one that has fewer.

    "13.0 billion" meets "12,960 million". A number without a unit meets one in money: a question
    may leave the currency out.
    """
    if one.unit != other.unit and ({one.unit, other.unit} & _NO_MONEY or (one.unit and other.unit)):
        return False
    return abs(one.value - other.value) <= max(one.step, other.step) / 2


def amount_words(text: str) -> tuple[str, ...]:
    """Return other ways in which the amounts of a text may be written, none twice.

    Args:
        text: such as "who raised 13 billion dollars".

    Returns:
        Such as "13bn", "130亿" and "13,000 million", without currencies: nothing is rounded, and
        what the text writes itself is left out.
    """
    ways = (way for amount in amounts_in(text) for way in _ways(amount))
    return tuple(dict.fromkeys(way for way in ways if way not in text))


def _read(text: str) -> Iterator[_Read]:
    text = text.translate(_SIMPLIFIED)
    yen = _IN_YEN.search(text) is not None
    for match in _AMOUNT.finditer(text):
        if match["letter"] and not (match["front"] or match["behind"]):
            continue
        number = match["share"] or match["plain"] or match["inside"] or match["chinese"]
        scale = _scale_of(match)
        factor = scale or Decimal(1)
        digits = _number(number)
        exponent = digits.as_tuple().exponent
        step = Decimal(1).scaleb(min(int(exponent), 0)) * factor
        unit = _unit_of(match, yen=yen)
        if match["basis"]:
            factor, step = factor / 100, step / 100
        negative = match["minus"] is not None or re.search(r"[-−]$", _front(match)) is not None
        if not negative:
            negative = _in_brackets(text, match, scaled=scale is not None or bool(unit))
        value = digits * factor * (-1 if negative else 1)
        amount = Amount(value, unit, step, match.start(), match.end())
        by_sign = bool(match["sign"] or match["scale"])
        yield _Read(amount, scale, number, by_sign)


def _front(match: re.Match[str]) -> str:
    """What stands before the digits of an amount."""
    place = match.start("plain") if match["plain"] else match.start("inside")
    return match.string[match.start() : place].rstrip() if place >= 0 else ""


def _scale_of(match: re.Match[str]) -> Decimal | None:
    written = match["word"] or match["sign"] or match["scale"] or match["letter"]
    if not written:
        return None
    exponent = _SCALES.get(written.lower()) or _SCALES[written.lower().removesuffix("s")]
    return Decimal(10) ** (exponent + _TENS.get((match["tens"] or "").lower(), 0))


def _unit_of(match: re.Match[str], *, yen: bool) -> str:
    if match["share"] or match["percent"]:
        return "%"
    if match["points"] or match["basis"] or match["gap"]:
        return "pp"
    if match["times"] or match["many"]:
        return "x"
    written = match["behind"] or match["money"] or match["front"]
    if not written:
        return ""
    # of "¥" alone no code is known
    return currency_code(re.sub(r"\s(?=\$)", "", written)) or ("JPY" if yen else "CNY")


def _in_brackets(text: str, match: re.Match[str], *, scaled: bool) -> bool:
    """Whether brackets around an amount are a minus."""
    if match["inside"]:
        start, end = match.start("inside"), match.end("inside")
        if scaled:
            return True
    else:
        start, end = match.span()
    return bool(_CELL_BEFORE.search(text[:start][-80:]) and _CELL_BEHIND.match(text, end))


def _number(written: str) -> Decimal:
    """The value of digits, or of a Chinese number below ten thousand."""
    if written[0].isdecimal():
        return Decimal(written.replace(",", ""))
    whole, _, behind = written.partition("点")
    total, digit = 0, 0
    for sign in whole:
        if sign in _PLACES:
            # "十三" begins with its ten
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    fraction = "".join(str(_DIGITS[sign]) for sign in behind)
    return Decimal(f"{total + digit}.{fraction}" if fraction else total + digit)


def _goes_on(one: _Read, other: _Read) -> bool:
    """Whether a Chinese amount is told in two pieces: "1亿2000万元"."""
    if not (one.by_sign and other.by_sign and one.scale and other.scale):
        return False
    return not one.amount.unit and other.scale < one.scale and abs(other.amount.value) < one.scale


def _together(one: _Read, other: _Read) -> _Read:
    sign = -1 if one.amount.value < 0 else 1
    amount = replace(
        other.amount, value=one.amount.value + sign * other.amount.value, start=one.amount.start
    )
    return replace(other, amount=amount)


def _ends_of_range(one: _Read, other: _Read) -> tuple[_Read, _Read]:
    """Two amounts with a dash between them, each with what the other says for both."""
    first, last = one.amount, other.amount
    year = one.bare and _YEAR.fullmatch(one.written) is not None
    if year or other.bare or (first.unit and last.unit and first.unit != last.unit):
        return one, other
    unit = first.unit or last.unit
    if one.scale is None and other.scale is not None and first.unit not in _NO_MONEY:
        first = replace(first, value=first.value * other.scale, step=first.step * other.scale)
        one = replace(one, scale=other.scale)
    return replace(one, amount=replace(first, unit=unit)), replace(
        other, amount=replace(last, unit=unit)
    )


def _ways(amount: Amount) -> Iterator[str]:
    """The ways of writing an amount that round nothing."""
    value = abs(amount.value)
    if amount.unit == "%":
        yield from (f"{_shown(value)}{behind}" for behind in ("%", " percent", " per cent"))
    elif amount.unit == "pp":
        yield from (f"{_shown(value)}{behind}" for behind in (" percentage points", "个百分点"))
        yield f"{_shown(value * 100)} basis points"
    elif amount.unit == "x":
        yield from (f"{_shown(value)}{behind}" for behind in ("x", " times", "倍"))
    else:
        for scale, forms in _FORMS.items():
            number = value / scale
            places = _DECIMALS if scale > _THOUSAND else 0
            if _LEAST <= number < _MOST and number == round(number, places):
                for form in forms:
                    shown = _shown(number)
                    yield f"{shown if form.isascii() else shown.replace(',', '')}{form}"
        if value == round(value, _DECIMALS) and value < _WRITTEN_OUT:
            yield from (_shown(value), _shown(value).replace(",", ""))


def _shown(number: Decimal) -> str:
    """A number without noughts at its end, with commas."""
    whole, _, behind = f"{number:,f}".partition(".")
    behind = behind.rstrip("0")
    return f"{whole}.{behind}" if behind else whole
