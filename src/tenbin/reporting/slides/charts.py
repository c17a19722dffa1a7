"""Native charts: their numbers stand in a workbook within the slide, so that PowerPoint can edit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from tenbin.reporting import palette
from tenbin.reporting.slides.texts import Box, cleaned, set_language

__all__ = ["Axis", "Bar", "Series", "bar_chart", "guarded", "xy_chart"]

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn in one colour: points (x, y) of a scatter, or (category's value, nothing) of bars.

    mark : size of its markers in points, 0 for none. dashed, line : how it is joined up; line 0: not at all.
    label : at which side of point ``label_at`` its name stands; "" for none. shift : how far it is moved from there, in shares of the
    chart's width and height.
    """

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    line: float = 1.75
    mark: int = 0
    dashed: bool = False
    label: str = "r"
    label_at: int = -1
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its value in the chart's unit, how that is written, its colour; a limit is an empty bar, dashed."""

    name: str
    value: float
    form: str
    colour: str
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its words, how numbers are written, its ends, whether equal steps are equal ratios."""

    title: str
    form: str
    low: float | None = None
    high: float | None = None
    is_log: bool = False


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
    _ground(chart, size)
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
    name: str,
    bars: Sequence[Bar],
    *,
    size: float = 11,
    gap: int = 45,
    high: float | None = None,
    low: float | None = None,
    names_wide: float | None = None,
) -> Any:
    """Horizontal bars from top to bottom, each in a colour with its value behind it.

    name : of the values. high, low : ends of the axis. names_wide : share of the width that is left to the names; as they need it
    unless given.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK

    data = CategoryChartData(number_format="General")
    data.categories = [guarded(bar.name) for bar in bars]
    data.add_series(guarded(name), [bar.value for bar in bars])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, box.x, box.y, box.w, box.h, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    _ground(chart, size)
    names, amounts = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = _rgb(palette.RULE)
    amounts.visible = False
    amounts.has_major_gridlines = False
    amounts.minimum_scale = 0 if low is None else low
    if high is not None:
        amounts.maximum_scale = high
    plot = chart.plots[0]
    plot.gap_width = gap
    drawn = plot.series[0]
    drawn.invert_if_negative = False
    labels = drawn.data_labels
    labels.show_value = True
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for n, bar in enumerate(bars):
        _paint(drawn.points[n].format, bar)
        _write_value(labels._element, n, bar, size)
    if names_wide is not None:
        _lay_out(chart, names_wide)
    return frame


def _paint(form: Any, bar: Bar) -> None:
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    form.fill.solid()
    form.fill.fore_color.rgb = _rgb(palette.PAPER if bar.is_limit else bar.colour)
    if bar.is_limit:
        form.line.color.rgb = _rgb(bar.colour)
        form.line.width = Pt(1.25)
        form.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _write_value(labels: Any, n: int, bar: Bar, size: float) -> None:
    """The number at the end of a bar, in one line."""
    from pptx.oxml import parse_xml

    xml = f"""<c:dLbl xmlns:c="{C}" xmlns:a="{A}"><c:idx val="{n}"/><c:numFmt formatCode={quoteattr(bar.form)} sourceLinked="0"/>
  <c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>
  <c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}"/></a:pPr><a:endParaRPr lang="en-GB"/></a:p>
  </c:txPr><c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>
  <c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>"""
    labels.insert(n, parse_xml(xml))


def _lay_out(chart: Any, names_wide: float) -> None:
    """Fix where the bars begin, as a share of the chart's width, so that charts can share a scale."""
    from pptx.oxml import parse_xml

    xml = f"""<c:layout xmlns:c="{C}"><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>
  <c:x val="{names_wide:.5f}"/><c:y val="0.02"/><c:w val="{0.99 - names_wide:.5f}"/><c:h val="0.96"/></c:manualLayout></c:layout>"""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(f"{{{C}}}layout"):
        area.remove(old)
    area.insert(0, parse_xml(xml))


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#"))


def _ground(chart: Any, size: float) -> None:
    """Ink on paper, whatever a template's ground is: what is drawn has the same colours everywhere."""
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    chart.font.size = Pt(size)
    chart.font.color.rgb = _rgb(palette.INK)
    xml = f"""<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:solidFill><a:srgbClr val="{palette.PAPER.removeprefix("#")}"/></a:solidFill>
  <a:ln><a:noFill/></a:ln></c:spPr>"""
    space = chart._chartSpace
    for old in space.findall(f"{{{C}}}spPr"):
        space.remove(old)
    space.chart.addnext(parse_xml(xml))


def _axis(axis: Any, how: Axis, lang: str, size: float) -> None:
    from pptx.enum.chart import XL_AXIS_CROSSES, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    rule = _rgb(palette.RULE)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rule
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.has_minor_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rule
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = how.form, False
    axis.tick_labels.font.size = Pt(size)
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
    run.font.color.rgb = _rgb(palette.SECONDARY)
    set_language(run._r.get_or_add_rPr(), lang)


def _style(drawn: Any, one: Series) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    colour = _rgb(one.colour)
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
        drawn.marker.format.line.color.rgb = _rgb(palette.PAPER)
    else:
        drawn.marker.style = XL_MARKER_STYLE.NONE


def _name_beside(drawn: Any, point: int, one: Series, lang: str, size: float) -> None:
    """The series' name as the label of one of its points: it follows when the series is renamed."""
    from pptx.oxml import parse_xml

    hundredths = round(size * 100)
    colour = one.colour.removeprefix("#")
    bold = 0 if lang == "ja" else 1  # not every program has Japanese type in bold
    across, up = one.shift
    moved = (
        f'<c:layout><c:manualLayout><c:x val="{across}"/><c:y val="{up}"/></c:manualLayout></c:layout>'
        if any(one.shift)
        else ""
    )
    xml = f"""<c:dLbls xmlns:c="{C}" xmlns:a="{A}">
  <c:dLbl><c:idx val="{point}"/>{moved}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>
    <c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{hundredths}" b="{bold}"><a:solidFill><a:srgbClr val="{colour}"/>
      </a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>
    <c:dLblPos val="{one.label}"/><c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="1"/>
    <c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>
  <c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>
  <c:showBubbleSize val="0"/></c:dLbls>"""
    element = drawn._element
    behind = next(child for child in element if child.tag in (f"{{{C}}}xVal", f"{{{C}}}yVal", f"{{{C}}}trendline"))
    behind.addprevious(parse_xml(xml))
