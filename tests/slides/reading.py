"""What stands on slides, read from the file alone: texts, tables, charts with the workbooks within them, places."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pptx import Presentation

POINT = 12_700


@dataclass(frozen=True)
class Chart:
    """A native chart: the rows of its workbook, the number formats of its labels, its series by name."""

    rows: list[list[Any]]
    forms: list[str]
    series: list[str]
    kind: str

    def column(self, name: str) -> list[float]:
        """The numbers of a workbook's column that has this heading."""
        return [row[self.rows[0].index(name)] for row in self.rows[1:]]


def opened(path: Path) -> Any:
    return Presentation(str(path))


def texts_of(slide: Any) -> list[str]:
    """Every text of a slide, a cell's and a paragraph's too."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def notes_of(slide: Any) -> str:
    return slide.notes_slide.notes_text_frame.text


def charts_of(slide: Any) -> list[Chart]:
    found = []
    for shape in slide.shapes:
        if shape.has_chart:
            part = shape.chart.part.chart_workbook.xlsx_part
            assert part is not None, "a chart without its workbook cannot be edited"
            sheet = load_workbook(io.BytesIO(part.blob)).worksheets[0]
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            forms = [one.get("formatCode") for one in shape.chart._chartSpace.xpath(".//c:dLbl/c:numFmt")]
            series = [one.name for plot in shape.chart.plots for one in plot.series]
            found.append(Chart(rows, forms, series, str(shape.chart.chart_type)))
    return found


def outside(file: Any) -> list[str]:
    """What reaches beyond its slide."""
    wide, high = file.slide_width, file.slide_height
    return [
        f"{n}: {shape.name} {shape.left, shape.top, shape.width, shape.height}"
        for n, slide in enumerate(file.slides, start=1)
        for shape in slide.shapes
        if min(shape.left, shape.top) < 0 or shape.left + shape.width > wide or shape.top + shape.height > high
    ]


def overlapping(file: Any) -> list[str]:
    """Shapes that lie on each other; inner margins may touch."""
    found = []
    for n, slide in enumerate(file.slides, start=1):
        shapes = [shape for shape in slide.shapes if shape.width and shape.height]
        for k, one in enumerate(shapes):
            for other in shapes[k + 1 :]:
                wide = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                high = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                if wide > 3 * POINT and high > 3 * POINT:
                    found.append(f"{n}: {one.name} on {other.name}, {wide // POINT} by {high // POINT} points")
    return found


def area_of(text: str, points: float) -> float:
    """Square points that a text takes at least: half an em for a narrow letter, one for a wide one."""
    ems = sum(
        1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.42
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Mn", "Me")
    )
    return ems * points * points


def overfull(file: Any) -> list[str]:
    """Boxes whose text takes more room than they have."""
    found = []
    for n, slide in enumerate(file.slides, start=1):
        for shape in slide.shapes:
            if shape.has_text_frame:
                found += [f"{n}: {text[:40]}" for text in _over(shape.text_frame, shape.width, shape.height)]
            if shape.has_table:
                widths = [column.width for column in shape.table.columns]
                for row in shape.table.rows:
                    for cell, width in zip(row.cells, widths, strict=True):
                        found += [f"{n}: {text[:40]}" for text in _over(cell.text_frame, width, row.height)]
    return found


def _over(frame: Any, width: int, height: int) -> Iterator[str]:
    taken = sum(
        area_of(run.text, run.font.size.pt if run.font.size else 18) for paragraph in frame.paragraphs for run in paragraph.runs
    )
    if taken > width * height / POINT**2:
        yield frame.text


def colours_of(slide: Any) -> set[str]:
    """Colours said outright on a slide and in its charts."""
    elements = [slide._element, *(shape.chart._chartSpace for shape in slide.shapes if shape.has_chart)]
    return {one.get("val") for element in elements for one in element.iter() if one.tag.endswith("}srgbClr")}
