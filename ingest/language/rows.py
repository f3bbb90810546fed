"""Rows of tables as words: each figure with what stands left of it, above it, and its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

BETWEEN_CELLS = " | "
"""What stands between two cells of a row in a report's text."""

_MONEY = r"(?:[$€£¥]|US\$|HK\$|NT\$|A\$|C\$|RMB)"
_FIGURE = re.compile(
    r"(?!(?:19|20)\d\d\.\d{1,2}\.\d{1,2})"  # a day stands above a column: 2024.06.30
    rf"(?:[~≈<>+−–-]|{_MONEY}|[(（])*\d(?:[\d,.']*\d)?"
    r"(?:%|pct|bps?|pp|x|[kKmMbB]|bn|mn|tn|倍|[百千]?(?:万亿?|亿)元?|元)?[)）]?%?[)）]?"
    r"(?:[A-Ea-e]|\([\w*]{1,3}\)|[*†‡]+)?"
)
_NONE = re.compile(rf"{_MONEY}?[-–—]+%?|n\.?/?a\.?|n\.?m\.?|\*+", re.IGNORECASE)
_YEAR = re.compile(r"(?:FY|CY)?\s?'?(?:19|20)\d\d\s?[AEFaef]?年?(?:\(\d{1,2}\))?")
# what is counted in something else than the table is
_OWN_UNIT = re.compile(r"%|\bpct\b|\bbps?\b|\bpp\b|\d\s?x\b|倍|[A-Za-z]{3,}", re.IGNORECASE)
_APART = re.compile(r"(.*\S)\s*[(（]([^()（）]{1,60})[)）]")
_BAR = re.compile(r" ?\| ?")
_COUNTED_IN = re.compile(
    r"(?:(?:in|unit:?)\s+)?(?:(?:US|HK|NT|A|C)?[$€£¥]|USD|RMB|CNY|HKD|EUR|GBP|JPY|KRW|TWD)?\s*"
    r"(?:(?:\d+\s*)?(?:thousand|million|billion|trillion|mn|bn|tn|k|m|b)s?)?"
    r"(?:\s*(?:of\s+)?(?:US|U\.S\.|HK)?\s*(?:yuan|dollars?|euros?|pounds?|yen|won|RMB|CNY|USD|HKD"
    r"|units?|people|persons?|shares?|tons?|tonnes?|barrels?|MWh?|GWh?|kWh))?|%|x|times"
    r"|(?:百万|千万|[百千万亿]|百亿|万亿)?(?:元|美元|港元|人民币|人|股|吨|台|辆|户|套|件)",
    re.IGNORECASE,
)


def join_cells(cells: Sequence[str]) -> str:
    """Return the text of a row: its cells, `BETWEEN_CELLS` between them, none behind the last.

    Bars within a cell close up, so that none looks like the end of it.

    Args:
        cells: one for each column, an empty one where it holds nothing.
    """
    cells = [_BAR.sub("|", cell) for cell in cells]
    if cells and cells[0] == "|":
        cells[0] = "¦"  # at the beginning of a row a bar stands for an empty cell
    last = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
    return BETWEEN_CELLS.join(cells[:last]).lstrip(" ")


def split_cells(row: str) -> list[str]:
    """Return the cells of a row, as `join_cells` was given them."""
    return (f" {row}" if row.startswith(BETWEEN_CELLS.lstrip(" ")) else row).split(BETWEEN_CELLS)


class Cell(NamedTuple):
    """A figure of a table with all that says what it is.

    Attributes:
        label: what stands left of it, behind the lines that its row stands under.
        head: what stands above it.
        value: itself, as printed.
        unit: what it is counted in, as printed; empty where it says that itself.
    """

    label: str
    head: str
    value: str
    unit: str

    def __str__(self) -> str:
        """The figure in words: "AIGC market size, 2030: 1144.1 billion yuan"."""
        what = ", ".join(part for part in (self.label, self.head) if part)
        unit = f" ({self.unit})" if _says_how(self.unit) else f" {self.unit}" if self.unit else ""
        return f"{what}: {self.value}{unit}" if what else f"{self.value}{unit}"


def cells_of(row: str, heads: Sequence[str] = (), unit: str = "", group: str = "") -> list[Cell]:
    """Return the cells of a row behind its first one, those that hold something.

    A unit printed behind a label or a head ("Revenue (billion yuan)") goes behind the figure,
    before the table's own.

    Args:
        row: the row as it stands in a report's text, `BETWEEN_CELLS` between its cells.
        heads: what stands above each of its cells, as `ingest.records.Table.heads`.
        unit: what the table's figures are counted in.
        group: the lines that the row stands under ("Net sales").
    """
    first, *rest = split_cells(row)
    label, of_label = _without_unit(first.strip())
    label = ": ".join(filter(None, (group, label)))
    cells: list[Cell] = []
    for place, written in enumerate(rest, 1):
        value = written.strip()
        if not value:
            continue
        head, of_head = _without_unit(heads[place] if place < len(heads) else "")
        own = not is_figure(value) or _OWN_UNIT.search(value) is not None
        cells.append(Cell(label, head, value, "" if own else of_label or of_head or unit))
    return cells


def tell(row: str, heads: Sequence[str] = (), unit: str = "", group: str = "") -> str:
    """Return a row in words, "; " between its figures; the row itself where it has one cell.

    Args:
        row: the row as it stands in a report's text.
        heads: what stands above each of its cells.
        unit: what the table's figures are counted in.
        group: the lines that the row stands under.
    """
    cells = cells_of(row, heads, unit, group)
    is_heads = all(any(f" {cell.value} " in f" {head} " for head in heads) for cell in cells)
    return row if is_heads else "; ".join(map(str, cells))


def is_figure(cell: str) -> bool:
    """Tell whether a cell is a number, with a sign or a short unit perhaps, or says none."""
    cell = "".join(cell.split())
    return _FIGURE.fullmatch(cell) is not None or _NONE.fullmatch(cell) is not None


def is_year(cell: str) -> bool:
    """Tell whether a cell is a year, as stands above a column ("2023", "FY2024E")."""
    return _YEAR.fullmatch(cell.strip()) is not None


def _without_unit(text: str) -> tuple[str, str]:
    """A label or head without the unit behind it, and that unit."""
    apart = _APART.fullmatch(text)
    if apart is None or not _COUNTED_IN.fullmatch(apart[2].strip()):
        return text, ""
    return apart[1], apart[2].strip()


def _says_how(unit: str) -> bool:
    """Whether a unit is a remark on how figures are counted rather than a word behind them."""
    return re.search(r"\bin\b|amounts|except|[,;，；]", unit, re.IGNORECASE) is not None
