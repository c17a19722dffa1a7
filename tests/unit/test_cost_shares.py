"""A plan's cost shared out over its measures: by hand, and summing to the plan's own figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tenbin
from tenbin.evaluation import CostModel, cost_per_year_by_row

ROOT = Path(__file__).resolve().parents[2]


def model_by_hand() -> CostModel:
    """Three measures, the first two on a platform; one subsidy pays half of the first's and the platform's capex, 300 at most."""
    return CostModel(
        rows=(("A", ""), ("B", ""), ("C", "")),
        capabilities=("platform",),
        capex=np.array([200.0, 100.0, 50.0, 600.0]),
        opex=np.array([10.0, 0.0, 5.0, 20.0]),
        initial_days=np.array([1.0, 0.0, 0.0, 0.0]),
        yearly_days=np.array([0.0, 2.0, 0.0, 0.0]),
        needs=np.array([[0, 3], [1, 3]]),
        subsidies=(("grant", 0.5, 300.0, (0, 3)),),
        day_rate=10.0,
        annuity=2.0,
        horizon_years=2,
    )


def test_by_hand():
    """A: 200 + 10 + 20 − 75, B: 100 + 40, the platform 600 + 40 − 225 = 415, half each; over two years."""
    found = cost_per_year_by_row(model_by_hand(), np.array([True, True, False]))
    assert found == pytest.approx([(155 + 207.5) / 2, (140 + 207.5) / 2, 0.0])


def test_who_is_alone_pays_for_the_platform_alone():
    """B alone: the platform's 640 less the grant of 300 = 340."""
    assert cost_per_year_by_row(model_by_hand(), np.array([False, True, False])) == pytest.approx([0.0, (140 + 340) / 2, 0.0])


@pytest.mark.parametrize("name", ["machine-parts-sme", "control-units-midtier", "two-cells"])
def test_the_shares_are_the_plans_cost(name):
    case = tenbin.load(ROOT / "scenarios" / name)
    model = CostModel.of(case)
    draw = np.random.default_rng(7)
    for _ in range(20):
        chosen = np.asarray(draw.random(model.n_rows) < 0.4)
        shares = cost_per_year_by_row(model, chosen)
        assert shares.sum() == pytest.approx(model.cost(chosen).per_year, rel=1e-12)
        assert not shares[~chosen].any()


def test_rows_alone_would_not_add_up():
    """The negative control: without the platform's part the sum is another."""
    model, chosen = model_by_hand(), np.array([True, True, False])
    alone = model.npv_weight[: model.n_rows][chosen].sum() / model.annuity
    assert alone != pytest.approx(model.cost(chosen).per_year)
