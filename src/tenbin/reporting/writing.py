"""Drawing charts and writing them, each file whole or not at all. Which charts there are stands here, in one table."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tenbin.reporting.calibration_data import CalibrationData, CountData, ExpertData, LossFitData, UpdateData
from tenbin.reporting.chart_data import ChartData
from tenbin.reporting.charts import (
    abatement,
    calibration_counts,
    calibration_experts,
    calibration_losses,
    calibration_quantiles,
    calibration_update,
    cash_flow,
    composition,
    convergence,
    costs,
    exceedance,
    find_out,
    frontier,
    heatmap,
    regret,
    stress,
    sweep_curves,
    sweep_surface,
    tornado,
    waterfall,
)
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.frontier_data import FrontierData
from tenbin.reporting.matters_data import MattersData, StressData, TornadoData, WorthData
from tenbin.reporting.style import Style
from tenbin.reporting.sweep_data import CurvesData, RegretData, SurfaceData, SweepData
from tenbin.words import speaker

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CHART_FORMATS", "FRONTIER_CHARTS", "PLAN_CHARTS", "ChartFiles", "write_chart", "write_charts"]

say = speaker("charts")


class Chart(Protocol):
    """A module of a chart: what sets it on a page, and what says it."""

    def page(self, data: Any, style: Style) -> Figure: ...
    def summary(self, data: Any, style: Style) -> str: ...


PLAN_CHARTS: Mapping[str, Chart] = {
    "exceedance": exceedance,
    "heatmap": heatmap,
    "costs": costs,
    "waterfall": waterfall,
    "abatement": abatement,
    "cash-flow": cash_flow,
    "convergence": convergence,
}
FRONTIER_CHARTS: Mapping[str, Chart] = {"frontier": frontier, "composition": composition}
CALIBRATION_CHARTS: Mapping[type, Mapping[str, Chart]] = {
    LossFitData: {"losses-fit": calibration_losses, "losses-quantiles": calibration_quantiles},
    ExpertData: {"experts": calibration_experts},
    CountData: {"counts": calibration_counts},
    UpdateData: {"update": calibration_update},
}
MATTERS_CHARTS: Mapping[type, Mapping[str, Chart]] = {
    TornadoData: {"tornado": tornado, "tornado-cost": tornado},
    WorthData: {"find-out": find_out},
    StressData: {"stress": stress},
}
SWEEP_CHARTS: Mapping[type, Mapping[str, Chart]] = {
    CurvesData: {"sweep-curves": sweep_curves},
    RegretData: {"regret": regret},
    SurfaceData: {"sweep-surface": sweep_surface},
}
Data = ChartData | FrontierData | CalibrationData | MattersData | SweepData
"""What can be drawn."""

CHART_FORMATS = ("svg", "png", "pdf")


@dataclass(frozen=True, slots=True)
class ChartFiles:
    """What was written: the files, the language that was drawn, one line of advice ("" when all is well), and each chart's
    sentence by its name, for a reader who does not see it.
    """

    paths: tuple[Path, ...]
    advice: str = ""
    lang: str = "en"
    summaries: Mapping[str, str] = field(default_factory=dict)


def write_charts(
    data: Data,
    folder: Path,
    lang: str,
    formats: tuple[str, ...] = ("png", "svg"),
    names: Iterable[str] | None = None,
) -> ChartFiles:
    """Draw charts and write each as ``<chart>.<language>.<format>``; equal data give equal files, byte for byte.

    Parameters
    ----------
    data : what is drawn: the charts of a plan, of a frontier, of a calibration, of guesses or of stress.
    folder : made when it is not there.
    lang : ``ja`` or ``en``; without a font for Japanese the charts are in English, and ``advice`` says what helps.
    formats : of ``svg`` (its text as outlines, so that the reader needs no font), ``png`` and ``pdf``.
    names : of ``PLAN_CHARTS`` or ``FRONTIER_CHARTS``; every chart of the data unless given.

    Raises
    ------
    ValueError : for another language, format or name.
    OSError : when the folder cannot be written.
    """
    style, advice = _style(data, lang)
    asked = list(_charts(data) if names is None else names)
    _check(data, asked, formats)
    paths, summaries = [], {}
    for name in asked:
        pictures, summaries[name] = _drawn(data, name, style, formats)
        for kind, content in pictures.items():
            paths.append(Path(folder) / f"{name}.{style.lang}.{kind}")
            _write(paths[-1], content)
    return ChartFiles(tuple(paths), advice, style.lang, summaries)


def write_chart(data: Data, name: str, path: Path, lang: str, kind: str) -> ChartFiles:
    """Draw one chart and write it as ``path``; as ``write_charts``, with ``kind`` the format."""
    style, advice = _style(data, lang)
    _check(data, [name], [kind])
    pictures, summary = _drawn(data, name, style, [kind])
    _write(Path(path), pictures[kind])
    return ChartFiles((Path(path),), advice, style.lang, {name: summary})


def _charts(data: Data) -> Mapping[str, Chart]:
    if isinstance(data, CalibrationData):
        return CALIBRATION_CHARTS[type(data)]
    if isinstance(data, MattersData):
        return MATTERS_CHARTS[type(data)]
    if isinstance(data, SweepData):
        return SWEEP_CHARTS[type(data)]
    return FRONTIER_CHARTS if isinstance(data, FrontierData) else PLAN_CHARTS


def _check(data: Data, names: Iterable[str], formats: Iterable[str]) -> None:
    for what, given, known in (("name", names, _charts(data)), ("format", formats, CHART_FORMATS)):
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"a chart's {what} must be one of {', '.join(known)}; got {', '.join(unknown)}")


def _style(data: Data, lang: str) -> tuple[Style, str]:
    """How the charts of the data are set, and a line of advice."""
    if lang not in ("ja", "en"):
        raise ValueError(f"the language must be ja or en; got {lang!r}")
    fonts = resolve(lang)
    style = Style(fonts, data.currency)
    if not fonts.japanese and not fonts.advice and _lost(data, style):
        fonts = replace(fonts, advice=say("no_japanese_font", lang))
    return style, fonts.advice


def _lost(data: Data, style: Style) -> bool:
    """Whether some title exists only in Japanese, which cannot be drawn."""
    return any(label.title_ja and not label.title_en and style.title(label) == label.id for label in data.labels)


def _drawn(data: Data, name: str, style: Style, formats: Iterable[str]) -> tuple[dict[str, bytes], str]:
    """A chart's pictures by format, and its sentence."""
    chart = _charts(data)[name]
    with drawing():
        figure, summary = chart.page(data, style), chart.summary(data, style)
        title = style.say(f"{name.replace('-', '_')}_title")
        return {kind: _picture(figure, kind, title, summary) for kind in formats}, summary


def _picture(figure: Figure, kind: str, title: str, summary: str) -> bytes:
    """The figure as a file's bytes: no date, no version, so that equal charts are equal files."""
    metadata: dict[str, Any] = {"Software": "tenbin"}
    if kind == "svg":
        metadata = {"Creator": "tenbin", "Date": None, "Title": title, "Description": summary}
    elif kind == "pdf":
        metadata = {"Creator": "tenbin", "Producer": "tenbin", "CreationDate": None, "Title": title, "Subject": summary}
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, facecolor=figure.get_facecolor(), metadata=metadata)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)  # still there only when something failed
