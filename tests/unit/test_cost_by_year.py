"""What a plan costs year by year, against the sums of interface.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tenbin
from tenbin.evaluation import cost_by_year
from tenbin.model import current_plan

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["machine-parts-sme", "control-units-midtier", "two-cells"])
@pytest.mark.parametrize("every", [True, False])
def test_the_years_add_up_to_the_npv(name, every):
    case = tenbin.load(ROOT / "scenarios" / name)
    plan = {row.measure: row.level for row in case.costs.rows} if every else dict(current_plan(case))
    cost, years = tenbin.evaluate(tenbin.simulate(case, 1000), plan).cost, cost_by_year(case, plan)
    rate, horizon = case.organisation.discount_rate, case.organisation.horizon_years
    assert years.total.shape == (horizon,)
    discounted = sum(amount / (1 + rate) ** t for t, amount in enumerate(years.total))
    assert discounted == pytest.approx(cost.npv, rel=1e-12)
    assert years.total[0] == pytest.approx(cost.first_year)
    assert years.capex[0] + years.opex[0] == pytest.approx(cost.first_year_cash)
    if horizon > 1 and rate > 0 and cost.npv > 0:
        assert not np.isclose(years.total.sum(), cost.npv)  # the discount matters: undiscounted the sum is another
