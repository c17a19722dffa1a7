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

    mark : size of its markers in points, 0 for none. dashed, line : how it is joined up; line 0: not at all. label : on its last point.
    """

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    line: float = 1.75
    mark: int = 0
    dashed: bool = False
    label: str = "r"


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
            _name_beside(drawn, len(one.points) - 1, one, lang, size)
    return frame


def bar_chart(
    slide: Any,
    box: Box,
    lang: str,
    categories: Sequence[str],
    stacks: Sequence[tuple[str, Sequence[float | None], str]],
    form: str,
    *,
    size: float = 11,
    gap: int = 45,
    high: float | None = None,
    point_colours: Sequence[str] = (),
    labelled: bool = True,
    low: float | None = None,
) -> Any:
    """Horizontal bars from top to bottom, stacked where there are several series; a series without a colour is not seen."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    data = CategoryChartData(number_format="General")
    data.categories = [guarded(name) for name in categories]
    for name, values, _ in stacks:
        data.add_series(guarded(name), values)
    kind = XL_CHART_TYPE.BAR_STACKED if len(stacks) > 1 else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, box.x, box.y, box.w, box.h, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _font(chart, lang, size)
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = RGBColor.from_string(palette.RULE.removeprefix("#"))
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale = 0 if low is None else low
    if high is not None:
        values.maximum_scale = high
    plot = chart.plots[0]
    plot.gap_width = gap
    if len(stacks) > 1:
        plot.overlap = 100
    for drawn, (_, _, colour) in zip(plot.series, stacks, strict=True):
        drawn.invert_if_negative = False
        if not colour:
            drawn.format.fill.background()
            drawn.format.line.fill.background()
            continue
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        for n, own in enumerate(point_colours):
            fill = drawn.points[n].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(own.removeprefix("#"))
        if labelled:
            labels = drawn.data_labels
            labels.show_value = True
            labels.number_format, labels.number_format_is_linked = form, False
            labels.font.size = Pt(size)
            set_fonts(labels.font._element, lang)
            if len(stacks) == 1:
                from pptx.enum.chart import XL_LABEL_POSITION

                labels.position = XL_LABEL_POSITION.OUTSIDE_END
            else:
                labels.font.color.rgb = RGBColor.from_string(palette.readable_on(colour).removeprefix("#"))
    return frame


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
