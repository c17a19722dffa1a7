"""The charts of a calibration, in both languages, of friendly and hostile data: their own values, nothing off the page or over another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy import stats

import tenbin
from reporting.texts import check_no_overlap, check_on_page, drawn
from tenbin.calibration.picturing import chart_data_of
from tenbin.reporting import write_charts
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.palette import contrast
from tenbin.reporting.style import Style
from tenbin.reporting.writing import CALIBRATION_CHARTS

HOSTILE = "$x^2$ {} \u202e 山田 " + "long " * 40


def counts(numbers: list[int]) -> tenbin.CountFit:
    return tenbin.fit_counts(pd.DataFrame({"year": range(len(numbers)), "incidents": numbers}))


def experts(*rows: tuple[Any, ...], **how: Any) -> tenbin.ExpertPool:
    return tenbin.pool_experts(pd.DataFrame(rows, columns=["expert", "p05", "p50", "p95", "weight"]), **how)


@cache
def found() -> dict[str, Any]:
    generator = np.random.default_rng(3)
    some = generator.lognormal(15, 1.2, 60)
    short = {"n_bootstrap": 99}
    return {
        "losses": tenbin.fit_losses(some, **short),
        "recorded": tenbin.fit_losses(some, above="1M", **short),
        "tail": tenbin.fit_losses(np.concatenate([some, 1e8 * generator.random(30) ** -0.8]), law="tail", **short),
        "few": tenbin.fit_losses(generator.lognormal(15, 0.3, 5), **short),
        "many": tenbin.fit_losses(generator.lognormal(25, 2.5, 600), law="lognormal", **short),
        "no mean": tenbin.fit_losses(1e6 * generator.random(50) ** -2.0, law="pareto", **short),
        "experts": experts(("Tanaka", "1M", "5M", "40M", 1), ("佐藤", "2M", "", "30M", 2), overconfidence="70%"),
        "hostile": experts(*((f"{HOSTILE}{n}", f"{n + 1}M", "", f"{40 * (n + 1)}M", n + 1) for n in range(20))),
        "rates": experts(("A", "1/500", "1/200", "1/50", ""), ("B", "2", "3", "9", ""), quantity="frequency"),
        "poisson": counts([0, 1, 0, 0, 2]),
        "never": counts([0, 0, 0]),
        "spread": counts([0, 0, 9, 0, 1, 12, 0, 0, 5, 0]),
        "once": counts([1, 1, 1, 1, 0, 0, 1, 1, 1, 1]),
        "often": counts([200, 180, 220, 190]),
        "update": tenbin.update_frequency("1/10", "1/30", "1/3", incidents=2, years=5),
        "range": tenbin.update_frequency(0.01, "1/1000", "1/5", incidents=1, years=4),
        "apart": tenbin.update_frequency(5, 3, 8, incidents=0, years=20),
    }


NAMES = (
    *("losses", "recorded", "tail", "few", "many", "no mean"),
    *("experts", "hostile", "rates"),
    *("poisson", "never", "spread", "once", "often"),
    *("update", "range", "apart"),
)


def pages(name: str, lang: str) -> Iterator[tuple[str, Any, Any]]:
    data = chart_data_of(found()[name])
    for chart, module in CALIBRATION_CHARTS[type(data)].items():
        with drawing():
            yield chart, data, module.page(data, Style(resolve(lang), data.currency))


def line(axes: Axes, label: str) -> Line2D:
    (one,) = [artist for artist in axes.lines if artist.get_label() == label]
    return one


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_off_the_page_or_over_another(name: str, lang: str) -> None:
    for _, _, figure in pages(name, lang):
        figure.canvas.draw()
        check_on_page(figure)
        check_no_overlap(figure)
        for text in drawn(figure):
            assert contrast(str(text.get_color()), "#FFFFFF") >= 4.5, text.get_text()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_charts_are_files_in_one_language(lang: str, tmp_path: Path) -> None:
    files = write_charts(chart_data_of(found()["losses"]), tmp_path, lang, ("png", "svg"))
    assert sorted(path.name for path in files.paths) == sorted(
        f"{name}.{lang}.{kind}" for name in ("losses-fit", "losses-quantiles") for kind in ("png", "svg")
    )
    assert all(path.stat().st_size > 5000 for path in files.paths)
    again = write_charts(chart_data_of(found()["losses"]), tmp_path / "again", lang, ("png",))
    assert again.paths[0].read_bytes() == files.paths[0].read_bytes()
    assert (("対数正規分布" if lang == "ja" else "Lognormal law") in files.summaries["losses-fit"]) is True


def test_losses_stand_where_they_are() -> None:
    one = found()["losses"]
    charts = {chart: figure.axes[0] for chart, _, figure in pages("losses", "en")}
    shown = line(charts["losses-fit"], "losses")
    assert np.array(shown.get_xdata()) == pytest.approx(one.losses)
    assert np.array(shown.get_ydata()) == pytest.approx((60 - np.arange(60) - 0.5) / 60)
    law = line(charts["losses-fit"], f"law:law_{one.chosen.name}")
    x, y = (np.array(values) for values in law.get_data())
    assert y == pytest.approx([one.law.survival(float(loss)) for loss in x], rel=1e-6)
    points = [line(charts["losses-quantiles"], label).get_data() for label in ("inside", "outside")]
    seen = sorted(zip(*(np.concatenate(values) for values in zip(*points, strict=True)), strict=True))
    expected = [one.law.quantile((k + 0.5) / 60) for k in range(60)]
    assert np.array(seen)[:, 0] == pytest.approx(expected, rel=1e-6)
    assert np.array(seen)[:, 1] == pytest.approx(one.losses)


def test_shares_are_of_what_was_recorded() -> None:
    one = found()["recorded"]
    chart, data, figure = next(pages("recorded", "en"))
    x, y = (np.array(values) for values in line(figure.axes[0], f"law:law_{one.chosen.name}").get_data())
    assert y * one.law.survival(1e6) == pytest.approx([one.law.survival(float(loss)) for loss in x], rel=1e-6)
    assert x.min() >= 1e6
    assert data.low.min() > 0.99e6
    assert chart == "losses-fit"


def test_a_tail_s_beginning_is_drawn() -> None:
    one = found()["tail"]
    _, _, figure = next(pages("tail", "ja"))
    assert line(figure.axes[0], "start").get_xdata()[0] == one.thresholds.start
    with pytest.raises(ValueError, match="not enough values"):
        line(next(pages("losses", "ja"))[2].axes[0], "start")


def test_experts_stand_with_what_they_said() -> None:
    one = found()["experts"]
    ((_, _, figure),) = pages("experts", "en")
    axes = figure.axes[0]
    assert list(line(axes, "bar:0").get_xdata()) == [1e6, 40e6]
    assert list(line(axes, "wide:0").get_xdata()) == pytest.approx([one.experts[0].p05, one.experts[0].p95])
    assert list(line(axes, "bar:2").get_xdata()) == pytest.approx([one.pool[0], one.pool[2]])
    assert list(line(axes, "bar:4").get_xdata()) == pytest.approx([one.chosen.law.quantile(p) for p in (0.05, 0.95)])
    texts = " ".join(text.get_text() for text in drawn(figure))
    assert "Tanaka (33%)" in texts
    ((_, _, figure),) = pages("hostile", "en")
    assert "4 more experts" in " ".join(text.get_text() for text in drawn(figure))


def test_counts_are_what_was_seen_and_expected() -> None:
    ((_, data, figure),) = pages("spread", "en")
    axes = figure.axes[0]
    assert [bar.get_height() for bar in axes.patches[: len(data.seen)]] == list(data.seen)
    assert (data.first, data.width, data.seen) == (0, 2, (7, 0, 1, 0, 1, 0, 1, 0))
    assert sum(data.expected) == pytest.approx(10)
    assert sum(data.poisson) == pytest.approx(10)
    ((_, many, _),) = pages("often", "ja")
    assert sum(many.seen) == 4
    assert many.seen[(180 - many.first) // many.width] == 1
    assert sum(many.expected) == pytest.approx(4)
    model = found()["spread"].model
    assert data.expected[0] == pytest.approx(10 * stats.nbinom.cdf(1, model.cv**-2, 1 / (1 + 2.7 * model.cv**2)))
    assert list(line(axes, "expected").get_ydata()) == pytest.approx(data.expected)


def test_beliefs_are_densities() -> None:
    for name in ("update", "range"):
        ((_, data, figure),) = pages(name, "ja")
        for key, belief in (("before", data.prior), ("after", data.posterior)):
            x, y = (np.array(values) for values in line(figure.axes[0], key).get_data())
            area = ((y[1:] + y[:-1]) / 2 * np.diff(np.log(x))).sum()
            assert area == pytest.approx(1, abs=0.01)
            assert list(line(figure.axes[0], f"range:{key}").get_xdata()) == pytest.approx([belief.points[0], belief.points[2]])
