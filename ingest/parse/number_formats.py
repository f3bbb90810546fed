"""Numbers as a sheet shows them, by the format of their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
BUILT_IN: dict[int, str] = {
    # those that differ from country to country show a day
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((32, 34, 55), "h:mm"),
    **dict.fromkeys((33, 35, 56), "h:mm:ss"),
    **dict.fromkeys((5, 6, 37, 38), "#,##0;(#,##0)"),
    **dict.fromkeys((7, 8, 39, 40), "#,##0.00;(#,##0.00)"),
    **dict.fromkeys((41, 42), '#,##0;(#,##0);"-"'),
    **dict.fromkeys((43, 44), '#,##0.00;(#,##0.00);"-"'),
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    49: "@",
}
"""Formats that a workbook names by a number alone; those that hang on the country show a day."""

_DIGITS = 15  # that a sheet holds of a number; what is behind them is noise
_LONGEST = 400  # characters of a format that are read
_FIGURES = frozenset({"digits", "general", "@"})
_SHOWN = 10  # digits that are shown of a number without a format
_LARGEST = Decimal("1e20")  # beyond it digits are no help
_SMALLEST = Decimal("1e-9")
_PIECE = re.compile(
    r"\"(?P<quoted>[^\"]*)\"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<filler>.)"
    r"|\[(?P<bracket>[^\]]*)\]|(?P<exponent>E[+-])|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<general>General)|(?P<time>y+|m+|d+|h+|s+(?:\.0+)?|e+|b+|a{3,4}|g+)|(?P<digits>[0#?.,]+)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_CURRENCY = re.compile(r"\$([^-]*)")
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+|(?:黑|蓝|青|绿|洋红|红|白|黄)色?",
    re.IGNORECASE,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 # sheets know no time zones
_FIRST_DAY_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 # likewise
_LAST_DAY = 2_958_466  # serial number of the first day after the year 9999
_PHANTOM = 60  # serial number of 29 February 1900, which was no day
_WHOLE = Context(prec=400)
_HELD = Context(prec=_DIGITS)
_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"


class _Piece(NamedTuple):
    """A piece of a format: its sort, and how it is written."""

    sort: str
    text: str


class _Section(NamedTuple):
    """A section of a format.

    Attributes:
        pieces: its pieces.
        condition: on which numbers it is used (">=1000"); empty where it does not say.
        is_time: it shows a day or a time.
        is_known: it shows a number in a way that is known.
        digits: its digits ("#,##0.0"); empty where the number is shown plainly.
        scale: by how many places the point moves to the right.
        before: what stands before the digits.
        behind: what stands behind them.
        has_figure: it shows the number at all.
        has_colour: it is printed in a colour.
    """

    pieces: tuple[_Piece, ...]
    condition: str
    is_time: bool
    is_known: bool
    digits: str
    scale: int
    before: str
    behind: str
    has_figure: bool
    has_colour: bool


def shown(written: str, code: str, *, from_1904: bool = False) -> str:
    """Return a number as a sheet shows it.

    Args:
        written: the number as the file holds it ("0.30000000000000004").
        code: the format of its cell ("0.0%", "#,##0;(#,##0)", "yyyy-mm-dd").
        from_1904: days are counted from 1904, as old files do.

    Returns:
        What is shown, without the spaces that line figures up. Where the format is of a sort
        that is not known the number itself, without noise behind its fifteenth digit.

    Raises:
        ValueError: it is no number.
    """
    try:
        number = _HELD.create_decimal(written.strip())
    except DecimalException as error:
        raise ValueError(f"{written[:40]!r} is no number") from error
    if not number.is_finite():
        raise ValueError(f"{written[:40]!r} is no number")
    section, absolute = _chosen(code, number)
    if section.is_time:
        return _shown_time(number, section.pieces, from_1904=from_1904) or _plain(number)
    if not section.is_known:
        return _plain(number)
    return _shown_number(abs(number) if absolute else number, section)


def _plain(number: Decimal) -> str:
    """A number without a format."""
    if not number:
        return "0"
    size = abs(number)
    if not _SMALLEST <= size < _LARGEST:
        return f"{number:.6g}".upper()
    # at least one digit before the point, ten in all
    places = max(0, _SHOWN - max(1, size.adjusted() + 1))
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WHOLE)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format: for positive numbers, negative ones, nought and text."""
    sections: list[list[_Piece]] = [[]]
    for found in _PIECE.finditer(code[:_LONGEST]):
        sort, text = str(found.lastgroup), found[found.lastgroup or 0]
        if sort == "other" and text == ";":
            sections.append([])
        elif sort == "bracket":
            sections[-1].extend(_bracket(text))
        elif sort in {"escaped", "quoted", "other"}:
            is_mark = sort == "other" and text in "%@/"
            sections[-1].append(_Piece(text if is_mark else "literal", text))
        elif sort not in {"space", "filler"}:
            sections[-1].append(_Piece(sort, text))
    return tuple(_section(tuple(section)) for section in sections[:4])


def _section(pieces: tuple[_Piece, ...]) -> _Section:
    """A section of a format by its pieces."""
    sorts = [piece.sort for piece in pieces]
    condition = next((piece.text for piece in pieces if piece.sort == "condition"), "")
    figures = [at for at, sort in enumerate(sorts) if sort in _FIGURES]
    # what stands between digits makes them a telephone number or the like
    parted = bool(figures) and figures[-1] - figures[0] + 1 != len(figures)
    pattern = "".join(piece.text for piece in pieces if piece.sort == "digits")
    digits = pattern.rstrip(",")
    first, last = (figures[0], figures[-1]) if figures else (len(pieces), len(pieces))
    return _Section(
        pieces,
        condition,
        is_time=bool({"time", "elapsed"} & set(sorts)),
        is_known=not (parted or {"/", "exponent", "half"} & set(sorts)),
        digits=digits,
        scale=2 * sorts.count("%") - 3 * (len(pattern) - len(digits)),
        before=_said(pieces[:first]),
        behind=_said(pieces[last:]),
        has_figure=bool(figures),
        has_colour="colour" in sorts,
    )


def _said(pieces: tuple[_Piece, ...]) -> str:
    """What some pieces say in words and marks of their own."""
    return "".join(piece.text for piece in pieces if piece.sort in {"literal", "%"})


def _bracket(text: str) -> list[_Piece]:
    """What stands in brackets: a currency, a condition, a time that runs on; or a colour."""
    if currency := _CURRENCY.match(text):
        return [_Piece("literal", currency[1])] if currency[1] else []
    if _CONDITION.fullmatch(text.strip()):
        return [_Piece("condition", text.strip())]
    if _ELAPSED.fullmatch(text):
        return [_Piece("elapsed", text.lower())]
    return [_Piece("colour", text)] if _COLOUR.fullmatch(text) else []


def _chosen(code: str, number: Decimal) -> tuple[_Section, bool]:
    """The section of a format that shows a number, and whether it shows the sign itself."""
    sections = _sections(code)
    if any(section.condition for section in sections):
        for section in sections:
            if not section.condition or _holds(section.condition, number):
                below = _CONDITION.fullmatch(section.condition)
                alone = below is not None and below[1] in {"<", "<="} and float(below[2]) <= 0
                return section, number < 0 and alone and _tells_sign(section, sections)
        return _sections(GENERAL)[0], False
    if number < 0 and len(sections) > 1:
        return sections[1], _tells_sign(sections[1], sections)
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _tells_sign(section: _Section, sections: Sequence[_Section]) -> bool:
    """Whether a section for negative numbers has a sign other than its colour, which is lost."""
    alike = any(
        (other.before, other.behind) == (section.before, section.behind)
        for other in sections
        if other is not section
    )
    return not (section.has_colour and alike)


def _holds(condition: str, number: Decimal) -> bool:
    """Whether a number meets a condition such as ">=1000"."""
    found = _CONDITION.fullmatch(condition)
    if found is None:
        return False
    try:
        bound = Decimal(found[2])
    except DecimalException:
        return False
    return {
        "<": number < bound,
        ">": number > bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[found[1]]


def _shown_number(number: Decimal, section: _Section) -> str:
    """A number in a format without time."""
    if not section.has_figure:
        return section.before.strip()
    value = number.scaleb(section.scale, _WHOLE) if section.scale else number
    size = value.copy_abs()
    figure = _figure(size, section.digits) if section.digits else _plain(size)
    sign = "-" if value < 0 and figure.strip("0.,") else ""
    return " ".join(f"{sign}{section.before}{figure}{section.behind}".split())


def _figure(value: Decimal, pattern: str) -> str:
    """A number that is not negative, its digits as a pattern of 0, #, ?, commas and a point."""
    if value >= _LARGEST:
        return _plain(value)
    step, least, needed, has_commas = _pattern(pattern)
    text = f"{value.quantize(step, ROUND_HALF_UP, _WHOLE):f}"
    front, _, back = text.partition(".")
    front = front.lstrip("0").rjust(least, "0")
    if has_commas and front and front[0] != "0":
        front = f"{int(front):,}"
    back = back[:needed] + back[needed:].rstrip("0")
    return f"{front}.{back}" if back else front


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> tuple[Decimal, int, int, bool]:
    """What is rounded to, the least digits before and behind the point, and whether by commas."""
    whole, _, behind = pattern.partition(".")
    behind = behind.replace(",", "").replace(".", "")
    step = Decimal(1).scaleb(-len(behind))
    return step, whole.count("0"), len(behind.rstrip("#?")), "," in whole


def _shown_time(number: Decimal, pieces: tuple[_Piece, ...], *, from_1904: bool) -> str:
    """A day or time in a format; empty where it is none that can be."""
    if from_1904:
        first, offset = _FIRST_DAY_1904, Decimal(0)
    else:
        first, offset = _FIRST_DAY, Decimal(1 if number < _PHANTOM else 0)
    if not 0 <= number < _LAST_DAY - (1462 if from_1904 else 0):
        return ""
    elapsed = any(piece.sort == "elapsed" for piece in pieces)
    finest = any(piece.text.lower().startswith("s") for piece in pieces)
    parts = any("." in piece.text for piece in pieces if piece.sort == "time")
    step = Decimal(1000) if parts else Decimal(1) if finest else Decimal(1) / 60
    ticks = (number * 86_400 * step).quantize(Decimal(1), ROUND_HALF_UP, _WHOLE)
    span = timedelta(milliseconds=int((ticks / step * 1000).to_integral_value()))
    moment = first + timedelta(days=int(offset)) + span
    halves = any(piece.sort == "half" for piece in pieces)
    written = []
    for at, piece in enumerate(pieces):
        if piece.sort == "time":
            minutes = piece.text[0] in "mM" and _is_minutes(pieces, at)
            written.append(_time_piece(moment, piece.text, minutes=minutes, halves=halves))
        elif piece.sort == "elapsed":
            seconds = int(span.total_seconds())
            per = {"h": 3600, "m": 60, "s": 1}[piece.text[0]]
            written.append(str(seconds // per).rjust(len(piece.text), "0"))
        elif piece.sort == "half":
            written.append("AM" if moment.hour < 12 else "PM")
        elif piece.sort in {"literal", "/"} or piece.text in {".", ","}:
            written.append(piece.text)
        elif not (elapsed or piece.sort in {"@", "general"}):
            return ""
    return " ".join("".join(written).split())


def _is_minutes(pieces: tuple[_Piece, ...], at: int) -> bool:
    """Whether an m means minutes: behind hours, or before seconds."""
    before = [piece.text[0].lower() for piece in pieces[:at] if piece.sort in {"time", "elapsed"}]
    behind = [piece.text[0].lower() for piece in pieces[at + 1 :] if piece.sort == "time"]
    return before[-1:] == ["h"] or behind[:1] == ["s"]


def _time_piece(moment: datetime, piece: str, *, minutes: bool, halves: bool) -> str:
    """What a run of one letter in a format shows of a moment."""
    letter, length = piece[0].lower(), len(piece)
    if letter in {"y", "e", "b"}:
        return f"{moment.year % 100:02}" if letter == "y" and length <= 2 else f"{moment.year}"
    if minutes:
        return f"{moment.minute:0{min(length, 2)}}"
    if letter == "m":
        name = _MONTHS.split()[moment.month - 1]
        names = {3: name[:3], 4: name, 5: name[0]}
        return names.get(length, f"{moment.month:0{min(length, 2)}}")
    if letter in {"d", "a"} and length > 2:
        name = _WEEKDAYS.split()[moment.weekday()]
        return name[:3] if length == 3 else name
    if letter == "d":
        return f"{moment.day:0{length}}"
    if letter == "h":
        hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
        return f"{hour:0{min(length, 2)}}"
    if letter == "s":
        whole, point, parts = piece.partition(".")
        part = f"{moment.microsecond:06}"[: len(parts)]
        return f"{moment.second:0{min(len(whole), 2)}}{point}{part}"
    return ""
