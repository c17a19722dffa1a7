"""CBC, which stands in when HiGHS is missing, gives the same optima."""

from decimal import Decimal

import numpy as np
import pytest
from benchmarks.generate import generate_case

from tenbin.evaluation import CostModel, Evaluator, Quantity
from tenbin.model import Metric
from tenbin.optimisation import Clock, Limit, Problem, Rules, cheapest_plan, mip
from tenbin.simulation import simulate_case


def solve(evaluator, case, metric, share):
    wanted = Quantity(metric, None if metric is Metric.AAL else Decimal("0.95"), (True,) * len(case.scenarios))
    zero = np.zeros((1, len(case.scenarios)))
    limit = share * evaluator.value(wanted, zero, zero)
    problem = Problem(evaluator, CostModel.of(case), Rules(case), [Limit(wanted, limit, "x")])
    return cheapest_plan(problem, Clock(60.0), 0.005, 1)


@pytest.mark.parametrize("metric", [Metric.AAL, Metric.TVAR])
@pytest.mark.parametrize("seed", [1, 2])
def test_cbc_finds_what_highs_finds(monkeypatch, metric, seed):
    case = generate_case(10, 8, seed, per_scenario=5)
    evaluator = Evaluator(simulate_case(case, 20_000, 1))
    highs = solve(evaluator, case, metric, 0.7)
    monkeypatch.setattr(mip, "has_highs", lambda: False)
    cbc = solve(evaluator, case, metric, 0.7)
    assert highs.status == cbc.status == "optimal"
    assert cbc.point.cost == pytest.approx(highs.point.cost, abs=0.5)
    # negative control: another target has another price
    assert solve(evaluator, case, metric, 0.5).point.cost > highs.point.cost + 1
