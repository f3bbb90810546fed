"""Presentations: a page for each slide, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from ingest.parse.charts import write_chart
from ingest.parse.grids import Merged, write_grid
from ingest.parse.raised import raised
from ingest.parse.shapes import is_list_item
from ingest.parse.writer import ReportWriter
from ingest.parse.zipped import (
    Parts,
    Relation,
    child,
    descendants,
    local,
    number_of,
    open_parts,
    own,
)
from ingest.records import BlockKind, ParsedReport

_TITLES = frozenset({"title", "ctrTitle"})
_UNREAD = frozenset({"dt", "ftr", "hdr", "sldNum"})  # on every slide alike
_BULLETED = frozenset({"body", "obj", None})  # text in these has bullets by the layout
_SHAPES = frozenset({"sp", "grpSp", "graphicFrame", "cxnSp", "pic"})
_LINE = 228_600  # a quarter of an inch; shapes whose tops are nearer stand side by side
_MOST_SPAN = 100  # cells that one may span
_MOST_CELLS = 1_000_000  # of a table
_NOTES = "Notes"

_Layout = dict[tuple[str, str], tuple[int, int]]


class _Shape(NamedTuple):
    """A shape and where its upper left corner is, in its slide's or group's lengths."""

    top: int
    left: int
    element: Any


@dataclass(frozen=True, slots=True)
class _Slide:
    """A slide that is being read.

    Attributes:
        parts: the presentation's parts.
        relations: what the slide points at.
        places: where shapes stand by their place in the layout, where they do not say it.
        page: its number, from 1.
        writer: what it is written with.
    """

    parts: Parts
    relations: dict[str, Relation]
    places: _Layout
    page: int
    writer: ReportWriter


def parse_pptx(content: bytes, name: str) -> ParsedReport:
    """Parse a presentation.

    Hidden slides are left out, and what stands on every slide alike. Charts are the tables they
    are drawn from. What the speaker noted stands behind its slide under the heading "Notes".

    Args:
        content: the presentation's bytes.
        name: its name, for messages.

    Returns:
        The report: a page for each slide, the hidden ones counted, its title a heading; a row of
        a table "cell | cell". Stated are the title, and the author if it is a house.

    Raises:
        ParseError: it is no presentation, damaged, locked, or made to harm.
    """
    parts = open_parts(content, name, ".pptx")
    main = parts.main()
    relations = parts.relations(main)
    writer = ReportWriter()
    layouts: dict[str, _Layout] = {}
    pages = 0
    for entry in descendants(parts.tree(main), "sldId"):
        key = next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
        relation = relations.get(key)
        if relation is None or relation.kind != "slide":
            continue
        pages += 1
        _write_slide(parts, relation.target, pages, writer, layouts)
    stated = parts.stated()
    if stated.get("title") == "PowerPoint Presentation":  # what the program writes by itself
        del stated["title"]
    return writer.report(stated, pages)


def _write_slide(
    parts: Parts, part: str, page: int, writer: ReportWriter, layouts: dict[str, _Layout]
) -> None:
    """Write a slide, unless it is hidden."""
    root = parts.tree(part)
    if root.get("show") in {"0", "false"}:
        return
    relations = parts.relations(part)
    layout = _target(parts, relations, "slideLayout")
    if layout not in layouts:
        layouts[layout] = _places(parts, layout)
    slide = _Slide(parts, relations, layouts[layout], page, writer)
    tree = child(root, "cSld", "spTree")
    if tree is None:
        return
    shapes = _in_order(tree, slide)
    titles = [shape for shape in shapes if _placeholder(shape)[0] in _TITLES]
    for shape in titles:
        text = " ".join(_text(shape).split())
        writer.add(BlockKind.HEADING, text, page, 1 if page == 1 else 2)
    for shape in shapes:
        if not any(shape is title for title in titles):
            _write_shape(shape, slide)
    for relation in relations.values():
        if relation.kind == "notesSlide" and relation.target in parts:
            _write_notes(parts.tree(relation.target), slide)


def _write_notes(root: Any, slide: _Slide) -> None:
    """Write what the speaker noted."""
    lines = [
        _text(paragraph)
        for shape in descendants(root, "sp")
        if _placeholder(shape)[0] == "body"
        for paragraph in descendants(shape, "p")
    ]
    if any(line.strip() for line in lines):
        slide.writer.add(BlockKind.HEADING, _NOTES, slide.page, 3)
    for line in lines:
        slide.writer.add(BlockKind.PARAGRAPH, line, slide.page)


def _places(parts: Parts, layout: str) -> _Layout:
    """Where a layout puts its shapes, by their numbers and by their sorts."""
    places: _Layout = {}
    master = _target(parts, parts.relations(layout), "slideMaster") if layout else ""
    for part in filter(None, (layout, master)):
        for shape in descendants(parts.tree(part), "sp"):
            sort, number = _placeholder(shape)
            place = _corner(shape)
            if place is not None:
                places.setdefault(("number", number or ""), place)
                places.setdefault(("sort", sort or ""), place)
    return places


def _target(parts: Parts, relations: dict[str, Relation], kind: str) -> str:
    """The part of a kind that something points at; empty where there is none."""
    targets = (relation.target for relation in relations.values() if relation.kind == kind)
    return next((target for target in targets if target in parts), "")


def _placeholder(shape: Any) -> tuple[str | None, str | None]:
    """The sort and the number that a shape has in its layout; None where it has none."""
    for properties in shape:
        if local(properties).startswith("nv"):
            found = child(properties, "nvPr", "ph")
            if found is not None:
                return found.get("type", "obj"), found.get("idx", "0")
    return None, None


def _corner(shape: Any) -> tuple[int, int] | None:
    """Where a shape's upper left corner is, down and across; None where it does not say."""
    for holder in shape:
        offset = holder if local(holder) == "xfrm" else child(holder, "xfrm")
        offset = None if offset is None else child(offset, "off")
        if offset is not None:
            try:
                return int(offset.get("y", "0")[:20]), int(offset.get("x", "0")[:20])
            except ValueError:
                return None
    return None


def _in_order(group: Any, slide: _Slide) -> list[Any]:
    """The shapes of a slide or a group as they are read: from the top down, left to right."""
    shapes = []
    for element in _shapes(group):
        sort, number = _placeholder(element)
        if sort in _UNREAD:
            continue
        place = _corner(element)
        if place is None and sort is not None:
            place = slide.places.get(("number", number or ""))
            place = place or slide.places.get(("sort", sort))
        shapes.append(_Shape(*(place or (0, 0)), element))
    shapes.sort(key=lambda shape: shape.top)
    ordered: list[_Shape] = []
    line: list[_Shape] = []
    for shape in shapes:
        if line and shape.top - line[0].top >= _LINE:
            ordered.extend(sorted(line, key=lambda each: each.left))
            line = []
        line.append(shape)
    ordered.extend(sorted(line, key=lambda each: each.left))
    return [shape.element for shape in ordered]


def _shapes(group: Any) -> Iterator[Any]:
    """The shapes in a group, and in what merely wraps them."""
    for element in group:
        name = local(element)
        if name in _SHAPES:
            if not _is_hidden(element):
                yield element
        elif name in {"AlternateContent", "Choice"}:
            yield from _shapes(element)


def _is_hidden(shape: Any) -> bool:
    """Whether a shape is not to be seen."""
    names = (child(properties, "cNvPr") for properties in shape)
    return any(name is not None and name.get("hidden") in {"1", "true"} for name in names)


def _write_shape(shape: Any, slide: _Slide) -> None:
    """Write what a shape says."""
    name = local(shape)
    if name == "grpSp":
        for inner in _in_order(shape, slide):
            _write_shape(inner, slide)
    elif name == "graphicFrame":
        _write_graphic(shape, slide)
    elif name == "sp":
        sort, number = _placeholder(shape)
        bulleted = number is not None and sort in _BULLETED
        for paragraph in _paragraphs(child(shape, "txBody")):
            _write_paragraph(paragraph, slide, bulleted=bulleted)


def _paragraphs(holder: Any) -> list[Any]:
    """The paragraphs of a text."""
    return [] if holder is None else [each for each in holder if local(each) == "p"]


def _write_paragraph(paragraph: Any, slide: _Slide, *, bulleted: bool) -> None:
    """Write a paragraph, as an entry of a list where it has a bullet."""
    text = _text(paragraph).strip()
    properties = child(paragraph, "pPr")
    marks = () if properties is None else tuple(map(local, properties))
    if "buNone" in marks:
        bulleted = False
    elif "buChar" in marks or "buAutoNum" in marks or "buBlip" in marks:
        bulleted = True
    listed = bulleted or is_list_item(text)
    kind = BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH
    slide.writer.add(kind, text, slide.page)


def _text(element: Any) -> str:
    """What an element says, a line for each paragraph."""
    name = local(element)
    if name == "t":
        return element.text or ""
    if name == "br":
        return "\n"
    if name == "Fallback" or _is_struck(element):
        return ""
    said = ""
    for part in element:
        text = _text(part)
        said += raised(said, text) if text and _is_raised(part) else text
    return f"{said}\n" if name == "p" else said


def _is_struck(part: Any) -> bool:
    """Whether a part of a paragraph is struck out."""
    properties = child(part, "rPr")
    return properties is not None and properties.get("strike", "noStrike") != "noStrike"


def _is_raised(part: Any) -> bool:
    """Whether a part of a paragraph is set above the line."""
    properties = child(part, "rPr")
    shift = "" if properties is None else properties.get("baseline", "")
    return shift.rstrip("%").isdigit() and shift.strip("0%") != ""


def _write_graphic(frame: Any, slide: _Slide) -> None:
    """Write a table, a chart, or the words of a diagram."""
    for table in descendants(frame, "tbl"):
        _write_table(table, slide)
    for drawn in descendants(frame, "chart"):
        part = _pointed_at(slide, own(drawn, "id"), "chart")
        if part:
            write_chart(slide.writer, slide.parts.tree(part), slide.page)
    for drawn in descendants(frame, "relIds"):
        part = _pointed_at(slide, own(drawn, "dm"), "diagramData")
        points = descendants(slide.parts.tree(part), "pt") if part else ()
        for paragraph in chain.from_iterable(descendants(point, "p") for point in points):
            _write_paragraph(paragraph, slide, bulleted=True)


def _pointed_at(slide: _Slide, key: str | None, kind: str) -> str:
    """The part of a kind that a slide has a name for; empty where there is none."""
    relation = slide.relations.get(key or "")
    there = relation is not None and relation.kind == kind and relation.target in slide.parts
    return relation.target if relation is not None and there else ""


def _write_table(table: Any, slide: _Slide) -> None:
    """Write a table."""
    rows: list[list[str]] = []
    merged: list[Merged] = []
    for at, line in enumerate(each for each in table if local(each) == "tr"):
        cells = [cell for cell in line if local(cell) == "tc"]
        rows.append([])
        for left, cell in enumerate(cells):
            goes_on = {cell.get("hMerge"), cell.get("vMerge")} & {"1", "true"}
            rows[-1].append("" if goes_on else _text(cell).strip())
            spans = (cell.get("gridSpan"), cell.get("rowSpan"))
            across, down = (number_of(span, 1, _MOST_SPAN) for span in spans)
            if across > 1 or down > 1:
                merged.append(Merged(at, left, at + down, left + across))
    if max(map(len, rows), default=0) * len(rows) > _MOST_CELLS:
        raise slide.parts.damaged("a table in it is too large")
    write_grid(slide.writer, rows, merged, slide.page)
