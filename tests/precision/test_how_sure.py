"""Standard errors, intervals and bands as they are asked for, written and shown."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases
from tenbin.cli.console import Grid
from tenbin.cli.render import simulated
from tenbin.errors import InputError
from tenbin.evaluation import Evaluator, estimate, expected_estimate
from tenbin.model import Metric
from tenbin.studies.results import side_by_side

ONE = tenbin.load(cases.independent(n_trials=20_000))
MANY = tenbin.load(cases.uncertain(3, 8_000, 32))
METRICS = ("aal", "var95", "tvar95", "var99", "tvar99")


@pytest.fixture(scope="module")
def one() -> tenbin.Risk:
    return tenbin.evaluate(tenbin.simulate(ONE), {})


@pytest.fixture(scope="module")
def many() -> tenbin.Risk:
    return tenbin.evaluate(tenbin.simulate(MANY), {})


def test_the_metric_stands_in_its_interval_which_grows_with_its_level(one: tenbin.Risk, many: tenbin.Risk) -> None:
    for risk in (one, many):
        values = {**risk.metrics(), "mean": float(risk.annual_loss.mean())}
        for name, value in values.items():
            found = risk.estimate(name)
            assert math.isclose(found.value, value, rel_tol=1e-12)
            narrow, wide = risk.interval(name, 0.5), risk.interval(name, 0.99)
            assert wide[0] <= found.low <= narrow[0] <= value <= narrow[1] <= found.high <= wide[1]
            assert risk.standard_error(name) == math.hypot(found.error.years, found.error.worlds)


def test_the_expected_loss_errs_by_the_worlds_alone(one: tenbin.Risk, many: tenbin.Risk) -> None:
    assert one.estimate("aal").error.total == 0
    assert one.interval("aal") == (one.aal, one.aal)
    assert one.estimate("tvar95").error.worlds == 0
    of_aal, of_mean = many.estimate("aal").error, many.estimate("mean").error
    assert (of_aal.years, of_mean.worlds) == (0, of_aal.worlds)
    assert of_aal.worlds > 0


def test_stratified_worlds_err_by_what_is_stated_and_by_far_less_than_independent_ones() -> None:
    """The spread of 120 samples is known to within 4/√(2·119) = 26 %, the one stated, from 64 draws, to 4/√126 = 36 %."""
    values, stated, independent = [], [], []
    for seed in range(120):
        events = tenbin.simulate(MANY, 64, seed, n_worlds=32)
        risk = tenbin.evaluate(events, {})
        values.append(risk.aal)
        if seed < 20:
            stated.append(risk.standard_error("aal"))
            independent.append(expected_estimate(Evaluator(events).expected, risk.phi, risk.gamma, risk.flags).error.worlds)
    ratio = float(np.sqrt(np.mean(np.square(stated))) / np.std(values, ddof=1))
    assert abs(ratio - 1) < math.hypot(0.26, 0.36 / math.sqrt(20))
    assert np.mean(independent) > 2 * np.std(values, ddof=1)


def test_values_that_many_years_have_need_no_width() -> None:
    """Fixed losses: VaR is known to the yen where the share beyond is far from its own; no event at all: nought, for certain."""
    loss = np.repeat([0.0, 3e6], [18_500, 1_500])
    found = estimate(Metric.VAR, Decimal("0.95"), loss)
    assert (found.low, found.value, found.high, found.error.total) == (3e6, 3e6, 3e6, 0.0)
    near = estimate(Metric.VAR, Decimal("0.925"), loss)
    assert (near.low, near.high) == (0.0, 3e6)
    for metric in (Metric.TVAR, Metric.AAL):
        none = estimate(metric, Decimal("0.95"), np.zeros(100), 4)
        assert (none.low, none.value, none.high) == (0, 0, 0)


def test_what_is_no_metric_is_refused(one: tenbin.Risk) -> None:
    for name in ("tvar", "var100", "loss"):
        with pytest.raises(InputError):
            one.estimate(name)
    with pytest.raises(ValueError, match="level"):
        one.interval("tvar95", 1.0)
    with pytest.raises(ValueError, match=r"risk\.scope"):
        one.estimate("L2:tvar95")
    with pytest.raises(ValueError, match="no year"):
        one.estimate("tvar99.999")


def test_a_part_has_its_own_error_and_band(many: tenbin.Risk) -> None:
    part = many.scope("L1")
    assert 0 < part.standard_error("tvar95") < many.standard_error("tvar95")
    low, median, high = part.between_worlds("tvar95")
    assert 0 < low < median < high < many.between_worlds("tvar95")[2]


def test_bands_between_worlds(one: tenbin.Risk, many: tenbin.Risk) -> None:
    assert set(one.between_worlds("tvar95")) == {one.tvar(0.95)}
    assert one.curve_band() is None
    by_world = Evaluator(tenbin.simulate(MANY)).expected.by_world(many.phi, many.gamma, many.flags)
    assert np.allclose(many.between_worlds("aal"), np.quantile(by_world, (0.05, 0.5, 0.95)))
    for name in METRICS:
        low, median, high = many.between_worlds(name)
        narrow = many.between_worlds(name, 0.5)
        assert low < narrow[0] < median == narrow[1] < narrow[2] < high
    band = many.curve_band()
    assert band is not None
    assert (np.diff(band.loss) > 0).all()
    assert (band.low <= band.median).all()
    assert (band.median <= band.high).all()
    for curve in (band.low, band.high):
        assert (np.diff(curve) <= 0).all()
    # the band turned by a quarter: where its upper edge passes 5 % lies the upper end of VaR95
    at = float(np.interp(-0.05, -band.high, band.loss))
    assert math.isclose(at, many.between_worlds("var95")[2], rel_tol=0.02)


def document(risk: tenbin.Risk) -> dict[str, Any]:
    return {
        "currency": "JPY",
        "risk": {"inherent": risk.metrics(), "today": risk.metrics()},
        **side_by_side({"inherent": risk, "today": risk}),
        "current": risk.to_dict(),
        "n_trials": risk.evaluator.n_trials,
        "n_worlds": risk.evaluator.events.n_worlds,
        "seed": 1,
    }


def test_documents_say_how_sure(one: tenbin.Risk, many: tenbin.Risk) -> None:
    found = document(many)
    for plan in ("inherent", "today"):
        for name in METRICS:
            error, sure = found["error"][plan][name], many.estimate(name)
            assert error == {
                "standard_error": sure.error.total,
                "of_years": sure.error.years,
                "of_worlds": sure.error.worlds,
                "low": sure.low,
                "high": sure.high,
            }
            assert tuple(found["between_worlds"][plan][name].values()) == many.between_worlds(name)
    assert "between_worlds" not in document(one)
    assert side_by_side({"residual": None}) == {"error": {"residual": None}}


def shown(risk: tenbin.Risk, lang: str, **more: Any) -> tuple[str, str]:
    """The table's cells and the lines round it."""
    blocks = list(simulated({**document(risk), **more}, risk.case, lang))
    grids = [block for block in blocks if isinstance(block, Grid)]
    return " ".join(cell for grid in grids for row in grid.rows for cell in row), "\n".join(
        str(block) for block in blocks if not isinstance(block, Grid)
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_terminal_shows_give_or_take(one: tenbin.Risk, many: tenbin.Risk, lang: str) -> None:
    cells, lines = shown(one, lang)
    assert cells.count("±") == 4  # all but the expected loss, which is exact
    assert "±" in lines
    worlds = {"en": "worlds we hold possible", "ja": "ありうると考える世界"}[lang]
    assert worlds not in lines
    cells, lines = shown(many, lang)
    assert cells.count("±") == 5
    assert worlds in lines
    cells, lines = shown(many, lang, error=None, between_worlds=None)  # an older run's document
    assert "±" not in cells
