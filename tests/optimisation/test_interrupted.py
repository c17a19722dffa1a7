"""A search that is stopped, by the user or by the clock, returns what it has with a bound that is true."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from benchmarks.generate import generate_case

import tenbin
from tenbin.evaluation import CostModel, Evaluator, Quantity
from tenbin.model import Metric
from tenbin.optimisation import Clock, Limit, Problem, Rules, cheapest_plan
from tenbin.simulation import EventTable, simulate_case


@pytest.fixture(scope="module")
def events() -> EventTable:
    """Hard enough that most of the interruptions below fall into the search."""
    return simulate_case(generate_case(55, 40, 5), 100_000, 1)


@pytest.fixture(scope="module")
def limit(events: EventTable) -> Limit:
    from decimal import Decimal

    flags = (True,) * 40
    quantity = Quantity(Metric.TVAR, Decimal("0.95"), flags)
    zero = np.zeros((1, 40))
    return Limit(quantity, 0.6 * Evaluator(events).value(quantity, zero, zero), "tvar95=60%")


@pytest.fixture(scope="module")
def cheapest_known(events: EventTable, limit: Limit) -> float:
    """The cheapest plan that a search finds which is not stopped: what every bound has to stay below; twelve seconds find no other."""
    problem = Problem(Evaluator(events), CostModel.of(events.case), Rules(events.case), [limit])
    solution = cheapest_plan(problem, Clock(3.0), 0.005, 1)
    assert solution.point is not None
    return solution.point.cost


@pytest.mark.parametrize("progress_calls", [0, 1, 2, 4, 8, 12])
def test_stopped_at_any_moment(events: EventTable, limit: Limit, cheapest_known: float, progress_calls: int) -> None:
    stop = threading.Event()
    calls = iter(range(10_000))

    def on_progress(*_: object) -> None:
        if next(calls) >= progress_calls:
            stop.set()

    if progress_calls == 0:
        stop.set()
    problem = Problem(Evaluator(events), CostModel.of(events.case), Rules(events.case), [limit])
    solution = cheapest_plan(problem, Clock(30.0, stop), 0.005, 1, on_progress)
    assert solution.status in ("interrupted", "optimal")
    assert solution.point is not None, "everything together meets the target: there is always a plan to keep"
    assert problem.is_met(solution.point)
    assert problem.is_allowed(solution.point.chosen)
    certificate = solution.certificate
    assert certificate is not None
    assert certificate.lower_bound <= min(cheapest_known, solution.point.cost) + 0.5
    gap = (solution.point.cost - certificate.lower_bound) / solution.point.cost
    assert certificate.gap == pytest.approx(gap, abs=1e-9)
    # the control: a bound put at the plan's own price would be false while the plan is not the cheapest
    if solution.point.cost > cheapest_known + 0.5:
        assert certificate.gap > 0


@pytest.mark.parametrize("seconds", [0.05, 0.3, 1.0])
def test_out_of_time(events: EventTable, limit: Limit, cheapest_known: float, seconds: float) -> None:
    problem = Problem(Evaluator(events), CostModel.of(events.case), Rules(events.case), [limit])
    solution = cheapest_plan(problem, Clock(seconds), 0.005, 1)
    assert solution.status in ("feasible", "optimal")
    assert solution.certificate is not None
    assert solution.certificate.lower_bound <= cheapest_known + 0.5


def test_no_time_and_no_plan_is_no_proof_that_there_is_none() -> None:
    """A budget and a target whose plan takes a search to find, and no time for it: failed, not infeasible."""
    case = generate_case(30, 20, 2)
    events = tenbin.simulate(case, n_trials=20_000)
    result = tenbin.optimise(events, targets=["tvar95=60%"], max_days="40/first-year", time_limit=1e-9)
    assert result.status in ("failed", "feasible")
    longer = tenbin.optimise(tenbin.simulate(case, n_trials=20_000), targets=["tvar95=60%"], max_days="400/first-year")
    assert longer.risk is not None
