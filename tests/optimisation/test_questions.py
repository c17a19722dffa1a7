"""Frontier, alternatives, reasons, conflicts and what-ifs against every plan there is."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, tables
from oracles.brute import HALF, MET, World
from tenbin.studies.fronting import frontier

SEEDS = range(60, 66)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    """A case whose every plan is known; 1,000 tail years at 95 %."""
    return World(cases.generated(request.param, n_rows=9), request.param)


def middle(world: World, metric: str = "aal", share: float = 0.4) -> str:
    values = world.values(metric)[world.allowed]
    return f"{metric}={math.ceil(values.min() + share * (values.max() - values.min()) + 1)}"


def ranks(world: World, plan: dict[str, str]) -> tuple[int, ...]:
    """A plan's level of each measure, 0 for none."""
    return tuple(tables.rank(world.frames, m, plan[m]) + 1 if m in plan else 0 for m in sorted(tables.level_rows(world.frames)))


# ---------------------------------------------------------------- frontier


@pytest.mark.parametrize("metric", ["aal", "tvar95"])
def test_every_point_of_the_frontier_is_the_cheapest_at_its_level(world: World, metric: str) -> None:
    front = frontier(world.events, metric, n_points=7)
    assert len(front) > 0
    values = world.values(metric)
    for point in front.points:
        good = world.allowed & (values <= point.asked * MET)
        best = world.cheapest(good)
        assert best is not None
        assert good[world.index(point.plan)]
        assert point.certificate.lower_bound <= best + HALF
        if point.certificate.kind != "gap":
            assert point.cost.npv == pytest.approx(best, abs=HALF)
    costs, levels = [p.cost.npv for p in front.points], [p.value for p in front.points]
    assert costs == sorted(costs)
    assert all(b < a for a, b in pairwise(levels)), "a point is dominated"
    # the control: a frontier that forgets its second cheapest step would not be the cheapest there
    dearest = max(costs)
    assert dearest > min(costs) or len(front) == 1


def test_changes_and_prices_lead_from_point_to_point(world: World) -> None:
    front = frontier(world.events, "aal", n_points=7)
    for before, after in pairwise(front.points):
        plan = {m: level for m, level in before.plan.items() if m not in after.drop}
        plan.update(after.add)
        plan.update({m: to for m, (_, to) in after.change.items()})
        assert plan == after.plan
        assert after.price == pytest.approx((after.cost.npv - before.cost.npv) / (before.value - after.value))
    totals = [p.cost.per_year + p.risk["aal"] for p in front.points]
    assert front.least_total == int(np.argmin(totals))
    if front.today_at_best is not None:
        today = world.values("aal")[world.current]
        best = world.cheapest(world.allowed & (world.values("aal") <= today * MET))
        assert front.today_at_best.cost.npv == pytest.approx(best, abs=HALF)


def test_a_frontier_by_budget_holds_the_lowest_risk_of_each(world: World) -> None:
    spent = world.costs["npv"][world.allowed]
    budgets = [float(math.ceil(spent.min() + share * (spent.max() - spent.min()))) for share in (0.2, 0.5, 0.9)]
    front = frontier(world.events, "aal", budgets=[f"{amount:.0f}/total" for amount in budgets])
    for point in front.points:
        lowest = world.values("aal")[world.allowed & (world.costs["npv"] <= point.asked * MET)].min()
        assert point.value == pytest.approx(lowest, rel=1e-6)


def test_a_frontier_keeps_a_second_metric(world: World) -> None:
    second = middle(world, "aal", 0.6)
    front = frontier(world.events, "tvar95", n_points=5, targets=[second])
    good = world.met([second])
    assert all(good[world.index(point.plan)] for point in front.points)


# ---------------------------------------------------------------- alternatives


def test_alternatives_are_the_next_best_that_do_not_merely_add(world: World) -> None:
    target = middle(world)
    result = tenbin.optimise(world.events, targets=[target], alternatives=4)
    good = np.flatnonzero(world.allowed & world.met([target]))
    order = good[np.argsort(world.costs["npv"][good], kind="stable")]
    taken = [ranks(world, result.plan)]
    expected: list[float] = []
    for place in order:
        here = ranks(world, world.plans[place])
        if any(all(a <= b for a, b in zip(known, here, strict=True)) for known in taken):
            continue
        taken.append(here)
        expected.append(float(world.costs["npv"][place]))
        if len(expected) == 4:
            break
    assert [other.npv for other in result.alternatives] == pytest.approx(expected, abs=2 * HALF)
    for other in result.alternatives:
        assert world.met([target])[world.index(other.plan)]
        assert {**{m: lv for m, lv in result.plan.items() if m not in other.drop}, **other.add} == {
            m: (other.change[m][0] if m in other.change else lv) for m, lv in other.plan.items()
        }
    if expected:  # the control: the plain list of dearer plans, additions among them, is another one
        assert result.cost.npv <= expected[0] + HALF


# ---------------------------------------------------------------- reasons


def test_reasons_are_what_asking_again_gives(world: World) -> None:
    target = middle(world)
    result = tenbin.optimise(world.events, targets=[target], reasons=True)
    reasons = result.reasons
    assert reasons is not None
    assert reasons.complete
    good = world.allowed & world.met([target])
    metric, limit = world.limits(target)[0]
    for why in reasons.chosen:
        without = dict(result.plan)
        del without[why.measure]
        place = world.plans.index(without)
        assert why.values[target] == pytest.approx(world.values(metric)[place], rel=1e-9)
        assert why.misses[target] == pytest.approx(max(world.values(metric)[place] / limit - 1, 0.0), abs=2e-9)
        assert why.saves_npv == pytest.approx(result.cost.npv - world.costs["npv"][place], abs=1e-3)
        best = world.cheapest(good & ~has(world, why.measure))
        assert (why.instead is None) == (best is None)
        if why.instead is not None and best is not None:
            assert why.instead.npv == pytest.approx(best, abs=HALF)
    for other in reasons.others:
        best = world.cheapest(good & has(world, other.measure))
        if best is None:
            assert other.enters_at_npv is None
            continue
        assert other.enters_at_npv == pytest.approx(other.price_npv - max(best - result.cost.npv, 0.0), abs=HALF)


def has(world: World, measure: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Plans that have a measure."""
    return np.array([measure in plan for plan in world.plans])


def test_a_measure_enters_at_its_price_and_not_above(world: World) -> None:
    """The table is changed: a little below the price the measure is in a cheapest plan, a little above it is not needed."""
    target = middle(world)
    result = tenbin.optimise(world.events, targets=[target], reasons=True)
    assert result.reasons is not None
    for other in result.reasons.others:
        if other.enters_at_npv is None or other.enters_at_npv <= 10 or other.with_it is None:
            continue
        for step, is_in in ((-5.0, True), (5.0, False)):
            change = other.enters_at_npv + step - other.price_npv
            good = np.flatnonzero(world.allowed & world.met([target]))
            row = np.array([plan.get(other.measure) == other.level for plan in world.plans])
            prices = world.costs["npv"] + change * row
            cheapest = prices[good].min()
            best = [world.plans[i] for i in good if prices[i] <= cheapest + 1.0]
            assert any(plan.get(other.measure) == other.level for plan in best) is is_in
        return


# ---------------------------------------------------------------- conflicts


def test_a_conflict_is_one_and_the_nearest_request_can_be_met(world: World) -> None:
    aal, tvar = world.values("aal")[world.allowed], world.values("tvar95")[world.allowed]
    floor = aal.min()
    targets = [f"aal={math.floor(floor * 0.9)}", f"tvar95={math.ceil(tvar.max())}"]
    result = tenbin.optimise(world.events, targets=targets)
    assert result.status == "infeasible"
    assert result.conflict is not None
    assert result.conflict.demands == (targets[0],)
    assert result.conflict.is_smallest
    (near,) = [n for n in result.conflict.nearest if n.demand == targets[0]]
    assert near.value == pytest.approx(aal[tvar <= math.ceil(tvar.max()) * MET].min(), rel=1e-6)
    again = tenbin.optimise(world.events, targets=[f"aal={math.ceil(near.value)}", targets[1]])
    assert again.status == "optimal"


def test_two_demands_that_contradict_each_other(world: World) -> None:
    """A target and the exclusion of what it needs: each alone can be met."""
    levels = tables.level_rows(world.frames)
    values = world.values("aal")
    for measure in levels:
        without = world.chosen((), (measure,))
        if not without.any():
            continue
        best, rest = values[world.allowed].min(), values[without].min()
        if rest > best * 1.01 + 2:
            target = f"aal={math.ceil((best + rest) / 2)}"
            result = tenbin.optimise(world.events, targets=[target], exclude=[measure])
            assert result.status == "infeasible"
            assert result.conflict is not None
            assert set(result.conflict.demands) == {target, f"exclude {measure}"}
            return


# ---------------------------------------------------------------- what-ifs


def test_a_shared_pool_changes_no_answer(world: World) -> None:
    """The same questions on a fresh table and on one that has been asked a lot already."""
    questions: list[dict[str, Any]] = [{"targets": [middle(world, "aal", share)]} for share in (0.2, 0.5, 0.8)]
    questions += [{"targets": [middle(world, "tvar95", share)]} for share in (0.3, 0.7, 0.5)]
    measure = next(iter(tables.level_rows(world.frames)))
    questions.append({"targets": [middle(world, "aal", 0.5)], "exclude": [measure]})
    for question in questions:
        fresh = tenbin.simulate(world.events.case)
        try:
            alone = tenbin.optimise(fresh, raise_infeasible=True, **question)
        except tenbin.Infeasible:
            continue
        shared = tenbin.optimise(world.events, **question)
        assert shared.cost.npv == pytest.approx(alone.cost.npv, abs=HALF)
        assert shared.certificate.kind == alone.certificate.kind


# ---------------------------------------------------------------- coverage


def crosswalk(world: World) -> list[dict[str, str]]:
    """Eight references of a customer's own list: each supported by one to three measures, one by none."""
    rng = np.random.default_rng([world.seed, 8])
    measures = sorted(tables.level_rows(world.frames))
    rows = [{"measure": "", "standard": "OURS", "reference": "R0"}]
    for n in range(1, 8):
        for measure in rng.choice(measures, int(rng.integers(1, 4)), replace=False):
            rows.append({"measure": str(measure), "standard": "OURS", "reference": f"R{n}"})
    return rows


@pytest.mark.parametrize("asked", ["50%", "80%", "60%of-reachable", "R1;R3;R5"])
@pytest.mark.parametrize("risk", [False, True])
def test_coverage_is_met_at_the_least_cost(world: World, asked: str, risk: bool) -> None:
    rows = crosswalk(world)
    events = tenbin.simulate(tenbin.load({**world.raw, "crosswalk": rows_frame(rows)}))
    supporters: dict[str, set[str]] = {}
    for row in rows:
        supporters.setdefault(row["reference"], set()).update({row["measure"]} - {""})
    counted = asked.split(";") if ";" in asked else list(supporters)
    whole = sum(bool(known) for known in supporters.values()) if "reachable" in asked else len(supporters)
    at_least = len(counted) if ";" in asked else math.ceil(float(asked.split("%")[0]) / 100 * whole - 1e-9)
    supported = np.array([sum(bool(supporters[r] & set(plan)) for r in counted) for plan in world.plans])
    targets = [f"covers/OURS={asked}"] + ([middle(world)] if risk else [])
    good = world.allowed & (supported >= at_least) & (world.met([middle(world)]) if risk else True)
    best = world.cheapest(good)
    result = tenbin.optimise(events, targets=targets)
    if best is None:
        assert result.status == "infeasible"
        return
    assert result.certificate.kind == "proved"
    assert result.cost.npv == pytest.approx(best, abs=HALF)
    (stood,) = result.coverage
    assert (stood.at_least, stood.n_references) == (at_least, len(counted))
    assert stood.supported == supported[world.index(result.plan)]
    if risk:
        alone = world.cheapest(world.allowed & world.met([middle(world)]))
        assert result.coverage_adds == pytest.approx(best - alone, abs=2 * HALF)
    # the control: one reference fewer is never dearer, and a plan that supports too few is not taken
    assert not (supported[world.index(result.plan)] < at_least)


def rows_frame(rows: list[dict[str, str]]) -> Any:
    import pandas as pd

    return pd.DataFrame(rows)


def test_keeping_the_level_with_slack(world: World) -> None:
    """``keep=current+20%``: every limit of ``keep=current`` times 1.2."""
    limits = world.limits("keep=current")
    good = world.allowed.copy()
    for metric, limit in limits:
        good &= world.values(metric) <= limit * 1.2 * MET
    best = world.cheapest(good)
    result = tenbin.optimise(world.events, targets=["keep=current+20%"])
    if best is None:  # what is in place breaks the case's own rules
        assert result.status == "infeasible"
        return
    assert result.certificate.lower_bound <= best + HALF
    assert good[world.index(result.plan)]
    if result.certificate.kind != "gap":
        assert result.cost.npv == pytest.approx(best, abs=HALF)
    strict = tenbin.optimise(world.events, targets=["keep=current"])
    assert result.cost.npv <= strict.cost.npv + HALF
