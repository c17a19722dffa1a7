"""The metric over ever longer parts of a sample: nested in the worlds, ending at the run's own value, narrowing as it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import tenbin
from reporting.fake import chart_data, years
from reporting.texts import check_no_overlap, check_on_page
from running.commands import ROOT
from tenbin.reporting import ChartData, Convergence
from tenbin.reporting.charts import convergence as chart
from tenbin.reporting.fonts import resolve
from tenbin.reporting.frame import drawing
from tenbin.reporting.style import Style
from tenbin.simulation import world_sizes
from tenbin.studies import chart_data as data_of
from tenbin.studies.converging import convergence, first_years


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    with drawing():
        yield


@pytest.fixture(scope="module")
def data() -> ChartData:
    return chart_data(2000)


@pytest.fixture(scope="module")
def loss() -> np.ndarray:
    return years(2**17, 7, 2.0, 1e6, 0.8)


def style(lang: str = "en") -> Style:
    return Style(resolve(lang, {}))


def lead(data: ChartData, found: Convergence | None) -> str:
    return chart.summary(replace(data, convergence=found), style())


def test_the_picture_is_the_data(data: ChartData, loss: np.ndarray) -> None:
    found = convergence(loss, "tvar95", limit=9e6)
    axes = chart.page(replace(data, convergence=found), style()).axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["value"].get_xydata().tolist() == np.column_stack((found.years, found.value)).tolist()
    assert set(lines["limit"].get_ydata()) == {9e6}
    corners = {(x, y) for x, y in axes.collections[0].get_paths()[0].vertices}
    assert corners >= {*zip(found.years, found.low, strict=True), *zip(found.years, found.high, strict=True)}
    without = chart.page(replace(data, convergence=convergence(loss, "tvar95")), style()).axes[0]
    assert "limit" not in {line.get_label() for line in without.lines}  # the control


@pytest.mark.parametrize("metric", ["tvar95", "var99"])
def test_the_last_point_is_the_runs_own_value(metric: str) -> None:
    events = tenbin.simulate(tenbin.load(ROOT / "scenarios" / "two-cells"), 4001, n_worlds=7)
    result = tenbin.optimise(events, targets=[f"{metric}=90%"])
    shown = data_of(result)
    assert shown.convergence is not None
    assert result.risk is not None
    assert shown.convergence.value[-1] == shown.metric_after == result.targets[0].value
    ends = shown.convergence.low[-1], shown.convergence.high[-1]
    assert ends == pytest.approx(result.risk.interval(metric), rel=1e-12)
    assert shown.convergence.limit == result.targets[0].limit
    assert shown.convergence.years[-1] == 4001


def test_the_average_has_its_closed_form_beside_it() -> None:
    events = tenbin.simulate(tenbin.load(ROOT / "scenarios" / "two-cells"), 4000)
    shown = data_of(tenbin.optimise(events, targets=["aal=1.3M"]))
    assert shown.convergence is not None
    assert shown.convergence.exact == shown.metric_after <= 1.3e6
    assert shown.convergence.value[-1] == pytest.approx(float(shown.annual_loss_after.mean()))
    assert "by which it is judged, is not above it" in chart.summary(shown, style())


@pytest.mark.parametrize(("n_trials", "n_worlds"), [(100, 1), (100, 7), (1003, 64)])
def test_beginnings_respect_the_worlds(n_trials: int, n_worlds: int) -> None:
    world = np.repeat(np.arange(n_worlds), world_sizes(n_trials, n_worlds))
    year = np.concatenate([np.arange(size) for size in world_sizes(n_trials, n_worlds)])
    before: set[float] = set()
    for n in (n_worlds * 3 // 2, n_trials // 4, n_trials // 2, n_trials):
        kept = first_years(world + year / 1e6, n, n_worlds)
        assert len(kept) == n
        assert np.bincount(kept.astype(int), minlength=n_worlds).tolist() == world_sizes(n, n_worlds).tolist()
        assert before <= set(kept)
        before = set(kept)
    plain = (world + year / 1e6)[: n_trials // 2]  # the control: the first half of all years leaves worlds out
    assert n_worlds == 1 or len(set(plain.astype(int))) < n_worlds


@pytest.mark.parametrize("metric", ["aal", "tvar95"])
def test_intervals_narrow_with_the_root_of_the_years(loss: np.ndarray, metric: str) -> None:
    """Sixteen times the years, a quarter of the width, within four standard errors of the width itself.

    A standard deviation over n values with kurtosis κ has the relative error √((κ − 1) / 4n) (Kendall & Stuart, 10.5).
    """
    found = convergence(loss, metric)
    width = dict(zip(found.years.tolist(), (found.high - found.low).tolist(), strict=True))
    influence = loss if metric == "aal" else np.maximum(loss - np.quantile(loss, 0.95), 0)
    off = influence - influence.mean()
    error = np.sqrt((np.mean(off**4) / np.mean(off**2) ** 2 - 1) / 4 / 2**13)
    assert error < 0.1
    assert width[2**13] / width[2**17] == pytest.approx(4, rel=4 * error)
    assert width[2**13] / width[2**17] != pytest.approx(16, rel=4 * error)  # the control: not with the years themselves


def test_worlds_that_differ_keep_it_wide(loss: np.ndarray) -> None:
    """What worlds differ by does not narrow with their years, and the chart says whose doing it is."""
    n_worlds = 16
    apart = np.exp(np.linspace(-1, 1, n_worlds)).repeat(len(loss) // n_worlds)
    found, same = convergence(loss * apart, "aal", n_worlds), convergence(loss, "aal", n_worlds)
    width = found.high - found.low
    assert width[-4] / width[-1] < 1.2
    assert found.worlds_share > 0.9
    assert same.worlds_share < 0.5  # the control: worlds alike


def test_the_sentence_says_what_is_seen(data: ChartData) -> None:
    n = np.array([12_500, 25_000, 50_000, 100_000])
    value = np.array([110.0, 98.5, 101.0, 100.0]) * 1e6
    found = Convergence("tvar95", n, value, value * 0.9, value * 1.1, 120e6)
    said = lead(data, found)
    assert said.startswith("From 25,000 years on the loss of a bad year moves by less than 2%. With all 100,000 it is ¥100M,")
    assert said.endswith("the whole interval is below it.")
    assert "lies within the interval" in lead(data, replace(found, limit=105e6))
    assert lead(data, replace(found, limit=80e6)).endswith("the whole interval is above it.")
    assert "dashed" not in lead(data, replace(found, limit=None))
    assert "less than 5%" in lead(data, replace(found, value=np.array([110.0, 96.5, 101.0, 100.0]) * 1e6))
    assert "still moves by more than 50%" in lead(data, replace(found, value=np.array([9.0, 220.0, 101.0, 100.0]) * 1e6))
    assert "too few years" in lead(data, Convergence("tvar95", n[1:], value[1:], value[1:], value[1:]))
    assert "the value is 0" in lead(data, convergence(np.zeros(4000), "var95"))
    assert "not worked out" in lead(data, None)


def test_what_no_chart_could_show_is_refused() -> None:
    one = np.ones(2)
    for n, value in (([2, 1], one), ([1, 2], one[:1]), ([1, 2], one * np.nan), ([], one[:0])):
        with pytest.raises(ValueError, match="convergence"):
            Convergence("aal", np.array(n, np.int64), np.asarray(value), np.asarray(value), np.asarray(value))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("limit", [None, 1e5, 7.5e6, 8.2e6, 3e7])
def test_texts_have_their_places(data: ChartData, loss: np.ndarray, lang: str, limit: float | None) -> None:
    figure = chart.page(replace(data, convergence=convergence(loss[:100_000], "tvar95", 64, limit)), style(lang))
    figure.canvas.draw()
    check_on_page(figure)
    check_no_overlap(figure)
