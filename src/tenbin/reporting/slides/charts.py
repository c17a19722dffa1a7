"""Native charts: their numbers stand in a workbook within the slide, so that PowerPoint can edit them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.reporting import palette
from tenbin.reporting.slides.texts import EAST_ASIAN, Box, cleaned, set_fonts
from tenbin.units import format_amount

__all__ = ["Axis", "Series", "bar_chart", "guarded", "plain_unit", "xy_chart"]

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn in one colour: points (x, y) of a scatter, or (category's value, nothing) of bars.

    mark : size of its markers in points, 0 for none. dashed, line : how it is joined up; line 0: not at all.
    label : at which side of point ``label_at`` its name stands; "" for none.
    """

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    line: float = 1.75
    mark: int = 0
    dashed: bool = False
    label: str = "r"
    label_at: int = -1


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its words, how numbers are written, its ends, whether equal steps are equal ratios."""

    title: str
    form: str
    low: float | None = None
    high: float | None = None
    is_log: bool = False


def plain_unit(largest: float, lang: str, currency: str) -> tuple[float, str, str]:
    """What amounts are divided by in a chart's workbook, and what stands before and after such a number: 万円; ¥ and M."""
    if lang == "ja":
        size = 1e8 if largest >= 1e10 else 1e4 if largest >= 1e4 else 1.0
    else:
        size = 1e9 if largest >= 1e10 else 1e6 if largest >= 1e6 else 1e3 if largest >= 1e3 else 1.0
    match = re.fullmatch(r"(\D*)1(?:\.00)?(.*)", format_amount(size, lang, currency))
    assert match is not None
    return size, match[1], match[2]


def guarded(text: str) -> str:
    """A name that no spreadsheet takes for a formula or a link: the chart's workbook is a spreadsheet."""
    kept = cleaned(text)
    is_odd = kept.lstrip().startswith(("=", "+", "-", "@", "{", "＝", "＋", "－", "＠"))
    return f"\u200b{kept}" if is_odd or "://" in kept or kept.startswith(("mailto:", "internal:", "external:")) else kept


def xy_chart(slide: Any, box: Box, lang: str, x: Axis, y: Axis, series: Sequence[Series], size: float = 11) -> Any:
    """A scatter with straight lines and its series named beside their last point."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    series = sorted(series, key=lambda one: -len(one.points))  # LibreOffice loses those that stand before a longer one
    data = XyChartData(number_format="General")
    for one in series:
        added = data.add_series(guarded(one.name))
        for across, up in one.points:
            added.add_data_point(across, up)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES, box.x, box.y, box.w, box.h, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _font(chart, lang, size)
    _axis(chart.category_axis, x, lang, size)
    _axis(chart.value_axis, y, lang, size)
    for drawn, one in zip(chart.plots[0].series, series, strict=True):
        _style(drawn, one)
        if one.label and one.points:
            _name_beside(drawn, one.label_at % len(one.points), one, lang, size)
    return frame


def bar_chart(
    slide: Any,
    box: Box,
    lang: str,
    categories: Sequence[str],
    name: str,
    values: Sequence[float],
    colours: Sequence[str],
    form: str,
    *,
    size: float = 11,
    gap: int = 45,
    high: float | None = None,
    low: float | None = None,
    names_wide: float | None = None,
) -> Any:
    """Horizontal bars from top to bottom, each in a colour with its value behind it.

    high, low : ends of the axis. names_wide : share of the width that is left to the names; as they need it unless given.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    data = CategoryChartData(number_format="General")
    data.categories = [guarded(category) for category in categories]
    data.add_series(guarded(name), values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, box.x, box.y, box.w, box.h, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _font(chart, lang, size)
    names, amounts = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = RGBColor.from_string(palette.RULE.removeprefix("#"))
    amounts.visible = False
    amounts.has_major_gridlines = False
    amounts.minimum_scale = 0 if low is None else low
    if high is not None:
        amounts.maximum_scale = high
    plot = chart.plots[0]
    plot.gap_width = gap
    drawn = plot.series[0]
    drawn.invert_if_negative = False
    for n, colour in enumerate(colours):
        fill = drawn.points[n].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = form, False
    labels.font.size = Pt(size)
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    set_fonts(labels.font._element, lang)
    for body in labels._element.xpath(".//a:bodyPr"):
        body.set("wrap", "none")
    if names_wide is not None:
        _lay_out(chart, names_wide)
    return frame


def _lay_out(chart: Any, names_wide: float) -> None:
    """Fix where the bars begin, as a share of the chart's width, so that charts can share a scale."""
    from pptx.oxml import parse_xml

    xml = f"""<c:layout xmlns:c="{C}"><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>
  <c:x val="{names_wide:.5f}"/><c:y val="0.02"/><c:w val="{0.99 - names_wide:.5f}"/><c:h val="0.96"/></c:manualLayout></c:layout>"""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(f"{{{C}}}layout"):
        area.remove(old)
    area.insert(0, parse_xml(xml))


def _font(chart: Any, lang: str, size: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    chart.font.size = Pt(size)
    chart.font.color.rgb = RGBColor.from_string(palette.INK.removeprefix("#"))
    set_fonts(chart.font._element, lang)


def _axis(axis: Any, how: Axis, lang: str, size: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_AXIS_CROSSES, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    rule = RGBColor.from_string(palette.RULE.removeprefix("#"))
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rule
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.has_minor_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rule
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = how.form, False
    axis.tick_labels.font.size = Pt(size)
    set_fonts(axis.tick_labels.font._element, lang)
    if how.low is not None:
        axis.minimum_scale = how.low
    if how.high is not None:
        axis.maximum_scale = how.high
    axis.crosses = XL_AXIS_CROSSES.MINIMUM
    if how.is_log:
        scaling = axis._element.find(f"{{{C}}}scaling")
        scaling.insert(0, scaling.makeelement(f"{{{C}}}logBase", {"val": "10"}))
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = cleaned(how.title)
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(size), False
    run.font.color.rgb = RGBColor.from_string(palette.SECONDARY.removeprefix("#"))
    set_fonts(run._r.get_or_add_rPr(), lang)


def _style(drawn: Any, one: Series) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    colour = RGBColor.from_string(one.colour.removeprefix("#"))
    drawn.smooth = False
    if one.line:
        drawn.format.line.color.rgb = colour
        drawn.format.line.width = Pt(one.line)
        if one.dashed:
            drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    else:
        drawn.format.line.fill.background()
    if one.mark:
        drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, one.mark
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = colour
        drawn.marker.format.line.color.rgb = RGBColor(255, 255, 255)
    else:
        drawn.marker.style = XL_MARKER_STYLE.NONE


def _name_beside(drawn: Any, point: int, one: Series, lang: str, size: float) -> None:
    """The series' name as the label of one of its points: it follows when the series is renamed."""
    from pptx.oxml import parse_xml

    hundredths = round(size * 100)
    colour = one.colour.removeprefix("#")
    faces = f'<a:latin typeface="{EAST_ASIAN}"/>' if lang == "ja" else ""
    xml = f"""<c:dLbls xmlns:c="{C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
  <c:dLbl><c:idx val="{point}"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>
    <c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{hundredths}" b="1"><a:solidFill><a:srgbClr val="{colour}"/>
      </a:solidFill>{faces}<a:ea typeface="{EAST_ASIAN}"/></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>
    <c:dLblPos val="{one.label}"/><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="1"/>
    <c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>
  <c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>
  <c:showBubbleSize val="0"/></c:dLbls>"""
    element = drawn._element
    behind = next(child for child in element if child.tag in (f"{{{C}}}xVal", f"{{{C}}}yVal", f"{{{C}}}trendline"))
    behind.addprevious(parse_xml(xml))
