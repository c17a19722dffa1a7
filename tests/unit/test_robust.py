"""The question asked again of other years at other prices, each run held against every plan there is."""

import json
import math
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases
from oracles.brute import World
from tenbin.errors import InputError
from tenbin.model import Case, CostTable, Range
from tenbin.studies.robustness import Standing, other_prices, robust

SEED = 26  # whatever is chosen is not so dear that prices within 40 % change nothing; nothing is mandatory
N_TRIALS = 20_000


@pytest.fixture(scope="module")
def world() -> World:
    return World(cases.generated(SEED, n_trials=N_TRIALS), SEED)


def target(world: World, metric: str, share: float = 0.4) -> str:
    """Between the least within reach (0) and the most that an allowed plan has (1)."""
    values = world.values(metric)[world.allowed]
    return f"{metric}={math.ceil(values.min() + share * (values.max() - values.min()) + 1)}"


def shares(found: Any) -> dict[tuple[str, str], float]:
    return {(one.measure, level): share for one in found.measures for level, share in one.by_level.items() if share}


def test_shares_and_costs_are_those_of_every_run_solved_by_brute_force(world: World) -> None:
    """An expected loss does not depend on the years drawn: a run is its prices, and the oracle prices every plan."""
    asked, runs = target(world, "aal"), 12
    found = robust(world.events, [asked], n_runs=runs, cost_spread=0.4, seed=3)
    chosen: Counter[tuple[str, str]] = Counter()
    npvs = []
    for run in range(runs):
        priced = World(tenbin.to_frames(other_prices(world.events.case, 0.4, 3, run)), SEED)
        good = np.flatnonzero(priced.allowed & world.met([asked]))
        assert priced.plans == world.plans
        best = good[np.argmin(priced.costs["npv"][good])]
        npvs.append(priced.costs["npv"][best])
        chosen.update(world.plans[best].items())
    assert any(0 < count < runs for count in chosen.values()), "the prices change nothing here"
    assert shares(found) == {key: count / runs for key, count in chosen.items()}
    assert found.npvs == pytest.approx(npvs, rel=1e-9)
    assert list(found.npv.values()) == pytest.approx(np.quantile(npvs, [0.05, 0.5, 0.95]))
    # the control: the prices of other runs
    assert found.npvs != pytest.approx(npvs[1:] + npvs[:1], rel=1e-3)


def test_prices_alike_and_an_expected_loss_give_the_plain_plan_every_time(world: World) -> None:
    found = robust(world.events, [target(world, "aal")], n_runs=3, cost_spread=0.0)
    assert shares(found) == dict.fromkeys(found.plain.plan.items(), 1.0)
    assert all(one.in_plan == (one.standing is Standing.CORE) for one in found.measures)
    assert set(found.npvs) == {found.plain.cost.npv}


def test_other_years_alone_move_a_tail(world: World) -> None:
    """On the knife's edge of a plan that none cheaper undercuts: it holds in about half of the samples, so the costs differ."""
    values, costs = world.values("tvar95"), world.costs["npv"]
    by_cost = sorted(np.flatnonzero(world.allowed), key=lambda place: (costs[place], values[place]))
    frontier = [p for n, p in enumerate(by_cost) if all(values[p] < values[before] for before in by_cost[:n])]
    asked = f"tvar95={math.ceil(values[frontier[len(frontier) // 2]])}"
    found = robust(world.events, [asked], n_runs=8, cost_spread=0.0)
    assert len({round(npv) for npv in found.npvs}) > 1


def test_a_share_of_todays_value_is_taken_of_each_samples_own(world: World) -> None:
    """Doing nothing is within the inherent value in every sample; within the amount that this is here only in some."""
    nothing = world.plans.index({})
    assert world.allowed[nothing]
    assert world.costs["npv"][nothing] == 0
    assert robust(world.events, ["tvar95=100%of-inherent"], n_runs=8, cost_spread=0.0).npvs == (0.0,) * 8
    amount = f"tvar95={math.ceil(world.values('tvar95')[nothing])}"
    assert len(set(robust(world.events, [amount], n_runs=8, cost_spread=0.0).npvs)) > 1


def test_the_same_seed_gives_the_same_answer_and_another_does_not(world: World) -> None:
    asked = [target(world, "tvar95")]
    first, second, other = (robust(world.events, asked, n_runs=4, seed=seed).to_dict() for seed in (5, 5, 6))
    assert first == second
    assert first["npv"] != other["npv"]


def test_prices_move_by_measure_and_by_capability(world: World) -> None:
    """One factor for a measure's levels and for capex, opex and effort, inside the spread, whatever else is in the table."""
    case = world.events.case
    priced = other_prices(case, 0.2, 1, 0)
    factors: dict[str, set[float]] = {}
    for before, after in zip(
        (*case.costs.rows, *case.costs.capabilities), (*priced.costs.rows, *priced.costs.capabilities), strict=True
    ):
        name = getattr(before, "measure", "") or before.id
        for column in ("capex", "opex", "effort_initial", "effort_yearly"):
            if getattr(before, column):
                factors.setdefault(name, set()).add(round(getattr(after, column) / getattr(before, column), 12))
    assert all(len(found) == 1 for found in factors.values())
    drawn = [found.pop() for found in factors.values()]
    assert len(set(drawn)) == len(drawn)
    assert all(0.8 <= factor <= 1.2 for factor in drawn)
    assert priced.costs.subsidies == case.costs.subsidies
    last = case.costs.measures[-1]
    fewer = other_prices(
        Case(
            name="fewer",
            catalogue=case.catalogue,
            scenarios=(),
            effects=(),
            costs=CostTable("fewer", case.costs.levels(last)),
        ),
        0.2,
        1,
        0,
    )
    assert fewer.costs.rows == priced.costs.levels(last)
    assert other_prices(case, 0.2, 1, 1).costs != priced.costs


def test_factors_are_uniform(world: World) -> None:
    """Mean 1 and variance s²/3 over many runs, within four standard errors; the variance of (U − 1)² is 4 s⁴/45."""
    case, spread, runs = world.events.case, 0.3, 400
    row = next(r for r, row in enumerate(case.costs.rows) if row.capex > 0)
    before = case.costs.rows[row].capex
    drawn = np.array([other_prices(case, spread, 2, run).costs.rows[row].capex / before for run in range(runs)])
    assert abs(drawn.mean() - 1) < 4 * spread / math.sqrt(3 * runs)
    assert abs(((drawn - 1) ** 2).mean() - spread**2 / 3) < 4 * spread**2 * math.sqrt(4 / 45 / runs)


def test_an_interruption_keeps_the_runs_done(world: World) -> None:
    stop, seen = threading.Event(), []

    def say(stage: str, done: float, total: float, detail: dict[str, float]) -> None:
        seen.append((stage, done, total))
        if done == 3:
            stop.set()

    asked = [target(world, "aal")]
    found = robust(world.events, asked, n_runs=9, cost_spread=0.4, on_progress=say, stop=stop)
    assert seen == [("robust", n, 9) for n in (1, 2, 3)]
    assert (found.n_runs, found.n_done, len(found.npvs)) == (9, 3, 3)
    whole = robust(world.events, asked, n_runs=3, cost_spread=0.4)
    assert found.measures == whole.measures
    assert robust(world.events, asked, n_runs=3, stop=stop).measures == ()


def test_without_a_plan_there_are_no_shares(world: World) -> None:
    found = robust(world.events, ["aal=1"], n_runs=2)
    assert found.statuses == {"infeasible": 2}
    assert (found.measures, found.npv, found.n_done) == ((), None, 2)
    assert found.to_dict()["npv"] is None
    assert list(found.to_frame().columns) == ["measure", "title", "share", "class", "in_plan"]


def test_document_and_table(world: World) -> None:
    found = robust(world.events, [target(world, "aal")], n_runs=5, cost_spread=0.4)
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    table = found.to_frame()
    assert [row["measure"] for row in document["measures"]] == table["measure"].tolist()
    assert {row["measure"] for row in document["measures"]} == set(world.events.case.costs.measures)
    assert table["share"].is_monotonic_decreasing
    for row in document["measures"]:
        assert row["share"] == pytest.approx(sum(row["levels"].values()))
        assert row["in_plan"] == (row["measure"] in found.plain.plan)


@pytest.mark.parametrize(
    ("chosen", "plans", "standing"),
    [(20, 20, "core"), (19, 20, "core"), (18, 20, "contested"), (2, 20, "contested"), (1, 20, "rare"), (0, 20, "rare")],
)
def test_standing(chosen: int, plans: int, standing: str) -> None:
    assert Standing.of(chosen, plans) == standing


def test_what_is_not_to_be_asked(world: World) -> None:
    with pytest.raises(InputError) as caught:
        robust(world.events, ["aal=1M"], n_runs=0, cost_spread=1.0, seed=-1)
    assert {problem.column for problem in caught.value.problems} == {"n_runs", "cost_spread", "seed"}
    with pytest.raises(InputError, match="tvar"):
        robust(world.events, ["tvarx=1M"])


def test_ranges_of_prices_go_with_them() -> None:
    """With worlds a cost is the mean of its range: one left behind would undo the other price."""
    case = tenbin.load(cases.generated(SEED, n_trials=1000))
    row = next(row for row in case.costs.rows if row.capex)
    ranged = replace(row, ranges=(("capex", Range(row.capex, row.capex / 2, row.capex * 3)),))
    case = replace(case, costs=replace(case.costs, rows=tuple(ranged if one is row else one for one in case.costs.rows)))
    priced = other_prices(case, 0.2, 1, 0)
    after = next(one for one in priced.costs.rows if one.key == row.key)
    factor = after.capex / row.capex
    assert factor != 1
    assert after.range_of("capex").mean == pytest.approx(factor * ranged.range_of("capex").mean)
