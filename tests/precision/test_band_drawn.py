"""The worlds' band in the exceedance chart: the data's own values, named in words, on the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib.figure import Figure

from reporting.fake import chart_data
from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.reporting.charts import exceedance
from tenbin.reporting.curve_points import WorldBand
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style

LOSS = np.geomspace(1e4, 1e9, 60)
CHANCE = np.exp(-((LOSS / 3e7) ** 0.5))
BAND = WorldBand(LOSS, CHANCE**1.3, CHANCE**0.75, 0.9)
WORDS = {"en": "90% of the worlds we hold possible lie in this band", "ja": "ありうると考える世界の90%がこの帯に入ります"}


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


def page(lang: str, band: WorldBand | None) -> Figure:
    return exceedance.page(chart_data(2_000, worlds=band), Style(resolve(lang)))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_band_is_drawn_and_named(lang: str) -> None:
    figure = page(lang, BAND)
    found = [area for area in figure.axes[0].collections if area.get_label() == "worlds"]
    assert len(found) == 1
    corners = found[0].get_paths()[0].vertices
    inside = BAND.low > 1e-4  # the axis ends near one year in a thousand; what lies far below stands at its foot
    for chance in (BAND.low[inside], BAND.high[inside]):
        for loss, at in zip(BAND.loss[inside], chance, strict=True):
            assert np.isclose(corners, (loss, at)).all(axis=1).any()
    assert any(WORDS[lang] in text for text in texts(figure))
    figure.canvas.draw()
    check_on_page(figure)
    check_no_overlap(figure)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_worlds_nothing_is_said_of_them(lang: str) -> None:
    figure = page(lang, None)
    assert not [area for area in figure.axes[0].collections if area.get_label() == "worlds"]
    assert not any(WORDS[lang] in text for text in texts(figure))


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in drawn(figure)]
