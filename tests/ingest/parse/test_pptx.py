"""Tests of parsing presentations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.chart.data import (
    CategoryChartData,
    XyChartData,
)
from pptx.enum.chart import XL_CHART_TYPE

from ingest.errors import ParseError
from ingest.parse.pptx import parse_pptx
from tests.ingest.parse.office import (
    TABLE,
    assert_only_refused,
    changed,
    fill,
    presentation,
    saved,
    spoiled,
)
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said

SOUND = presentation()
INCH = 914_400
WORDS = st.text(st.sampled_from("abc 1.%é价格,|"), min_size=1, max_size=30).filter(str.strip)


def slide_of(document: Any, title: str = "") -> Any:
    """A new slide that holds a title alone, or nothing."""
    slide = document.slides.add_slide(document.slide_layouts[5 if title else 6])
    if title:
        slide.shapes.title.text = title
    return slide


def write(shapes: Any, text: str, down: float, across: float) -> Any:
    """Write a text into a box, its place in inches."""
    box = shapes.add_textbox(int(across * INCH), int(down * INCH), INCH, INCH)
    box.text_frame.text = text
    return box


def parsed(document: Any) -> list[tuple[str, str]]:
    """The blocks of a presentation as kind and text."""
    report = parse_pptx(saved(document), "a.pptx")
    assert_blocks_hold_the_text(report)
    return said(report)


def test_a_talk() -> None:
    """Titles are headings, points entries of a list, tables rows, each on its slide's page."""
    document = Presentation()
    document.core_properties.title = "Chips"
    document.core_properties.author = "Northfield Securities"
    slide = document.slides.add_slide(document.slide_layouts[1])
    slide.shapes.title.text = "Memory"
    slide.placeholders[1].text = "Prices rose.\nCosts fell."
    fill(slide_of(document, "Sales").shapes.add_table(3, 3, 0, 2 * INCH, INCH, INCH).table, TABLE)
    report = parse_pptx(saved(document), "a.pptx")
    blocks = [(block.kind.value, block.page, block.level) for block in report.blocks]
    assert said(report)[1:4] == [
        ("list_item", "Prices rose."),
        ("list_item", "Costs fell."),
        ("heading", "Sales"),
    ]
    assert blocks[0] == ("heading", 1, 1)
    assert blocks[3:] == [("heading", 2, 2), *[("table_row", 2, None)] * 3]
    assert report.tables[0].heads == ("Year", "2022", "2023")
    assert report.pages == 2
    assert report.stated == {"title": "Chips", "publisher": "Northfield Securities"}


def test_text_is_read_down_and_across() -> None:
    """Boxes are read from the top down, those side by side from left to right."""
    document = Presentation()
    shapes = slide_of(document).shapes
    for text, down, across in (("d", 5, 0), ("c", 2.9, 6), ("b", 3, 3), ("a", 1, 8)):
        write(shapes, text, down, across)
    assert [text for _, text in parsed(document)] == ["a", "b", "c", "d"]


def test_a_title_comes_first_and_groups_stay_together() -> None:
    """The title is read before what stands above it, and a group's boxes one after another."""
    document = Presentation()
    shapes = slide_of(document, "Title").shapes
    write(shapes, "above", 0, 0)
    group = shapes.add_group_shape()
    write(group.shapes, "in a group, below", 4, 1)
    write(group.shapes, "in a group", 2, 1)
    write(shapes, "between", 3, 5)
    assert [text for _, text in parsed(document)] == [
        "Title",
        "above",
        "in a group",
        "in a group, below",
        "between",
    ]


def test_hidden_slides_keep_their_numbers() -> None:
    """A hidden slide is not read, but counted, as the program numbers slides."""
    document = Presentation()
    for text in ("one", "two", "three"):
        write(slide_of(document).shapes, text, 1, 1)
    document.slides[1]._element.set("show", "0")
    report = parse_pptx(saved(document), "a.pptx")
    assert [text for _, text in said(report)] == ["one", "three"]
    assert [block.page for block in report.blocks] == [1, 3]
    assert report.pages == 3


def test_numbers_and_footers_of_slides_are_left_out() -> None:
    """What stands on every slide alike is no text."""
    document = Presentation()
    slide = slide_of(document, "Title")
    for kind in ("dt", "ftr", "sldNum"):
        box = write(slide.shapes, kind, 7, 1)
        properties = box._element.nvSpPr.nvPr
        properties.append(properties.makeelement(f"{{{properties.nsmap['p']}}}ph", {"type": kind}))
    assert parsed(document) == [("heading", "Title")]


def test_notes_stand_behind_their_slide() -> None:
    """What the speaker noted is read behind the slide, under a heading that says so."""
    document = Presentation()
    slide = slide_of(document, "Title")
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    report = parse_pptx(saved(document), "a.pptx")
    assert said(report)[1:] == [("heading", "Notes"), ("paragraph", "Say it slowly.")]
    assert report.blocks[1].level == 3


def test_a_chart_is_the_table_it_is_drawn_from() -> None:
    """Categories stand left, names of series above, figures in the chart's own format."""
    figures: Any = CategoryChartData(number_format="0.0%")  # type: ignore[no-untyped-call] # half typed
    figures.categories = ["Q1", "Q2"]
    figures.add_series("Gross margin", (0.123, 0.30000000000000004))
    figures.add_series("Net margin", (0.05, None))
    document = Presentation()
    frame = slide_of(document).shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, INCH, INCH, figures
    )
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Margins"
    report = parse_pptx(saved(document), "a.pptx")
    assert [text for _, text in said(report)] == [
        "Margins",
        "| Gross margin | Net margin",
        "Q1 | 12.3% | 5.0%",
        "Q2 | 30.0%",
    ]
    assert report.tables[0].heads == ("", "Gross margin", "Net margin")


def test_a_table_of_too_many_cells_is_refused() -> None:
    """A table of few long rows and many short ones is refused, for it would be filled up."""
    rows = b"<a:tr h='1'>%s</a:tr>" % (b"<a:tc/>" * 10_000) + b"<a:tr h='1'><a:tc/></a:tr>" * 100
    large = changed(
        SOUND, "ppt/slides/slide1.xml", lambda part: part.replace(b"</a:tbl>", rows + b"</a:tbl>")
    )
    with pytest.raises(ParseError, match=r"^a\.pptx is damaged: a table in it is too large"):
        parse_pptx(large, "a.pptx")


def test_what_is_struck_out_is_not_read() -> None:
    """A figure that is struck out is no part of the one beside it."""
    document = Presentation()
    paragraph = write(slide_of(document).shapes, "5", 1, 1).text_frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = "4"
    run.font._element.set("strike", "sngStrike")
    assert parsed(document) == [("paragraph", "5")]


@pytest.mark.parametrize(("from_1904", "day"), [(b"0", "2024-02-28"), (b"1", "2028-02-29")])
def test_days_of_a_chart_are_counted_from_where_it_says(from_1904: bytes, day: str) -> None:
    """A chart of a workbook that counts its days from 1904 shows the days that it shows."""
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call] # half typed
    figures.categories = [date(2024, 2, 28)]
    figures.add_series("Sales", (5,))
    document = Presentation()
    frame = slide_of(document).shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, INCH, INCH, figures)
    part = str(frame.chart.part.partname).lstrip("/")
    content = changed(
        saved(document),
        part,
        lambda xml: xml.replace(b'date1904 val="0"', b'date1904 val="%s"' % from_1904),
    )
    assert f"{day} | 5" in parse_pptx(content, "a.pptx").text


def test_categories_in_levels_say_all_of_them() -> None:
    """A quarter under a year says the year, too."""
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call] # half typed
    for year in ("2022", "2023"):
        category = figures.add_category(year)
        for half in ("H1", "H2"):
            category.add_sub_category(half)
    figures.add_series("Sales", (1, 2, 3, 4))
    document = Presentation()
    slide_of(document).shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, INCH, INCH, figures)
    assert [text for _, text in parsed(document)] == [
        "| Sales",
        "2022 H1 | 1",
        "2022 H2 | 2",
        "2023 H1 | 3",
        "2023 H2 | 4",
    ]


def test_series_over_other_places_are_not_mixed() -> None:
    """Of series drawn over different places, those of the first are read: no row may lie."""
    figures: Any = XyChartData()  # type: ignore[no-untyped-call] # half typed
    for name, points in (("A", ((1, 10), (2, 20))), ("B", ((5, 50), (6, 60)))):
        series = figures.add_series(name)
        for point in points:
            series.add_data_point(*point)
    document = Presentation()
    slide_of(document).shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, INCH, INCH, figures)
    assert [text for _, text in parsed(document)] == ["| A", "1 | 10", "2 | 20"]


def test_merged_cells_are_said_of_each_column_among_heads_alone() -> None:
    """What spans columns is said of each among the heads; below, a row says it once."""
    document = Presentation()
    table = slide_of(document).shapes.add_table(4, 3, 0, 0, INCH, INCH).table
    fill(
        table, [["", "Year ended", ""], ["", "2022", "2023"], ["A", "1.0", "2.0"], ["B", "3.0", ""]]
    )
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(3, 1).merge(table.cell(3, 2))
    report = parse_pptx(saved(document), "a.pptx")
    assert report.tables[0].heads == ("", "Year ended 2022", "Year ended 2023")
    assert said(report)[-1] == ("table_row", "B | 3.0")


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("<a:buNone/>", "paragraph"), ('<a:buChar char="x"/>', "list_item"), ("", "list_item")],
)
def test_bullets_make_a_list(mark: str, kind: str) -> None:
    """A point is an entry of a list unless its bullet was taken away."""

    def marked(part: bytes) -> bytes:
        return part.replace(
            b"<a:p><a:r><a:t>Costs fell.",
            f"<a:p><a:pPr>{mark}</a:pPr><a:r><a:t>Costs fell.".encode(),
        )

    content = changed(SOUND, "ppt/slides/slide1.xml", marked)
    assert (kind, "Costs fell.") in said(parse_pptx(content, "a.pptx"))


@given(st.lists(WORDS, min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_what_was_written_is_read(texts: list[str]) -> None:
    """Every box of a slide is found again, from the top down."""
    document = Presentation()
    shapes = slide_of(document).shapes
    for down, text in enumerate(texts):
        write(shapes, text, down, 0)
    assert [text for _, text in parsed(document)] == [text.strip() for text in texts]


@given(spoiled(SOUND))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_presentations_are_read_or_refused(content: bytes) -> None:
    """Whatever happened to its bytes, a presentation is read or refused with a reason."""
    assert_only_refused(parse_pptx, content, "a.pptx")
