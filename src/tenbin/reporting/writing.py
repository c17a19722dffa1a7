"""Drawing every chart and writing it, each file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.reporting.chart_data import ChartData
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.frontier_data import FrontierData
from tenbin.reporting.style import Style
from tenbin.words import speaker

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "write_all"]

say = speaker("charts")

FORMATS = ("png", "svg")


def write_all(
    data: ChartData | FrontierData, folder: Path, lang: str, formats: tuple[str, ...]
) -> tuple[tuple[Path, ...], str, str, dict[str, str]]:
    """Paths, advice, the language drawn and each chart's sentence (see ``write_charts``)."""
    if lang not in ("ja", "en"):
        raise ValueError(f"the language must be ja or en; got {lang!r}")
    if unknown := set(formats) - set(FORMATS):
        raise ValueError(f"a chart's format must be one of {', '.join(FORMATS)}; got {', '.join(sorted(unknown))}")
    fonts = resolve(lang)
    style = Style(fonts, data.currency)
    if not fonts.japanese and not fonts.advice and _lost(data, style):
        fonts = replace(fonts, advice=say("no_japanese_font", lang))
    folder.mkdir(parents=True, exist_ok=True)
    paths, summaries = [], {}
    for name, page, summary in _charts(data):
        with drawing():
            figure = page(style)
            summaries[name] = summary(style)
            for kind in formats:
                path = folder / f"{name}.{fonts.lang}.{kind}"
                _write(path, _picture(figure, kind, style.say(f"{name}_title"), summaries[name]))
                paths.append(path)
    return tuple(paths), fonts.advice, fonts.lang, summaries


def _charts(data: ChartData | FrontierData) -> list[tuple[str, Callable[[Style], Figure], Callable[[Style], str]]]:
    """Each chart's name, and what draws and says it."""
    from tenbin.reporting.charts import costs, exceedance, frontier, heatmap, waterfall

    if isinstance(data, FrontierData):
        return [("frontier", partial(frontier.page, data), partial(frontier.summary, data))]
    charts = {"exceedance": exceedance, "heatmap": heatmap, "costs": costs, "waterfall": waterfall}
    return [(name, partial(chart.page, data), partial(chart.summary, data)) for name, chart in charts.items()]


def _lost(data: ChartData | FrontierData, style: Style) -> bool:
    """Whether some title exists only in Japanese, which cannot be drawn."""
    return any(label.title_ja and not label.title_en and style.title(label) == label.id for label in data.labels)


def _picture(figure: Figure, kind: str, title: str, summary: str) -> bytes:
    """The figure as a file's bytes: no date, no version, so that equal charts are equal files."""
    metadata: dict[str, Any] = {"Software": "tenbin"}
    if kind == "svg":
        metadata = {"Creator": "tenbin", "Date": None, "Title": title, "Description": summary}
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, facecolor=figure.get_facecolor(), metadata=metadata)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
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
