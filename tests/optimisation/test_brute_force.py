"""The optimiser against every plan there is, for generated cases that mix everything a case can have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, cost, law_cases, tables
from oracles.brute import HALF, MET, World

VARIED = range(201, 205)  # laws of losses and of frequency of every kind
GUESSED = range(301, 303)  # ranges of frequencies, effects and costs: sixteen worlds
PLAIN = range(12)  # among them everything that a case can have, twice at least: the test below
SEEDS = [*PLAIN, 101, 102, *VARIED, *GUESSED]
ROWS = {101: 12, 102: 12}  # of measures
COSTS = ("npv", "per_year", "first_year", "first_year_cash", "days_first_year", "days_per_year", "capex", "subsidy")


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    """One case: (1 − α)N = 1,000 tail years at 95 %, the least that an audited certificate takes."""
    seed = request.param
    if seed in VARIED:
        return World(law_cases.varied(seed), seed)
    if seed in GUESSED:
        return World(law_cases.guessed(seed), seed)
    return World(cases.generated(seed, n_rows=ROWS.get(seed)), seed)


def between(world: World, metric: str, share: float) -> str:
    """A target between the least within reach (0) and the most an allowed plan has (1)."""
    values = world.values(metric)[world.allowed]
    return f"{metric}={math.ceil(values.min() + share * (values.max() - values.min()) + 1)}"


def edge(world: World, metric: str, salt: int) -> str:
    """A target on a knife's edge: just above the value of some allowed plan."""
    places = np.flatnonzero(world.allowed)
    place = np.random.default_rng([world.seed, salt]).choice(places)
    return f"{metric}={math.ceil(world.values(metric)[place])}"


def check_agrees(world: World, targets: list[str], **how: Any) -> Any:
    """Optimise, and hold every claim of the result against the brute force; the result, None when there is no plan."""
    chosen = world.chosen(how.get("require", ()), how.get("exclude", ()))
    for period, column in (("first-year", "days_first_year"), ("year", "days_per_year")):
        if str(how.get("max_days", "")).endswith("/" + period):
            chosen &= world.costs[column] <= float(how["max_days"].split("/")[0]) * MET
    good = chosen & world.met(targets)
    best = world.cheapest(good)
    if best is None:
        with pytest.raises(tenbin.Infeasible):
            tenbin.optimise(world.events, targets=targets, raise_infeasible=True, **how)
        return None
    result = tenbin.optimise(world.events, targets=targets, raise_infeasible=True, **how)
    claims(world, result, targets)
    place = world.index(result.plan)
    assert good[place], f"the plan {result.plan} breaks a rule or misses a target by the oracle"
    assert result.cost.npv == pytest.approx(world.costs["npv"][place], abs=1e-3)

    certificate = result.certificate
    assert certificate.lower_bound <= best + HALF, "the lower bound is above a plan that exists"
    assert result.cost.npv >= best - HALF
    if certificate.kind == "gap":
        assert result.status in ("optimal", "feasible")
        expected = (result.cost.npv - certificate.lower_bound) / result.cost.npv if result.cost.npv else 0.0
        assert certificate.gap == pytest.approx(expected, abs=1e-9)
    else:
        assert result.status == "optimal"
        cheaper = [world.plans[i] for i in np.flatnonzero(good & (world.costs["npv"] < result.cost.npv - HALF))]
        assert cheaper == [], f"false certificate {certificate}: {len(cheaper)} cheaper plans meet {targets}"
    if all(metric.endswith("aal") for target in targets for metric, _ in world.limits(target)):
        assert certificate.kind == "proved"
        assert result.cost.npv == pytest.approx(best, abs=HALF)
    return result


def claims(world: World, result: Any, targets: list[str]) -> None:
    """What the document says is what evaluating the plan says, and the costs are the oracle's; how sure is not looked at."""
    document = result.to_dict(how_sure=False)
    assert {row["measure"]: row["level"] for row in document["plan"]} == dict(result.plan)
    found = tenbin.evaluate(world.events, plan=result.plan)
    inherent = tenbin.evaluate(world.events, plan={})
    for name, of in (("residual", found), ("inherent", inherent)):
        stated = document["risk"][name]
        assert stated["aal"] == of.aal
        for confidence in (0.95, 0.99):
            assert stated[f"var{round(confidence * 100)}"] == of.var(confidence)
            assert stated[f"tvar{round(confidence * 100)}"] == of.tvar(confidence)
    priced = cost.plan_cost(world.frames, result.plan)
    today = cost.plan_cost(world.frames, tables.current(world.frames))
    for name in COSTS:
        assert document["cost"][name] == pytest.approx(priced[name], rel=1e-9, abs=1e-6), name
        assert document["current"]["cost"][name] == pytest.approx(today[name], rel=1e-9, abs=1e-6), name
    simple = [(target, world.limits(target)[0]) for target in targets if not target.startswith("keep")]
    for target, (metric, limit) in simple:
        (line,) = [row for row in document["targets"] if row["target"] == target]
        assert line["limit"] == pytest.approx(limit, rel=1e-9)
        scope, _, name = metric.rpartition(":")
        part = found.scope(scope) if scope else found
        value = part.aal if name == "aal" else getattr(part, name.rstrip("0123456789"))(float(name.lstrip("tvar")) / 100)
        assert line["value"] == value
        assert line["met"] is True
    change = {k: {row["measure"] if isinstance(row, dict) else row for row in v} for k, v in document["change"].items()}
    now = tables.current(world.frames)
    assert change["add"] == set(result.plan) - set(now)
    assert change["drop"] == set(now) - set(result.plan)
    assert change["keep"] | change["raise"] >= set(now) & set(result.plan) - lowered(world, now, result.plan)


def lowered(world: World, now: dict[str, str], plan: Any) -> set[str]:
    """Measures that the plan has at a lower level than today."""
    both = set(now) & set(plan)
    return {m for m in both if tables.rank(world.frames, m, plan[m]) < tables.rank(world.frames, m, now[m])}


# ---------------------------------------------------------------- what the cases hold


def kinds(frames: Any) -> set[str]:
    """What a case has of all that ``cases.generated`` mixes."""
    found = {f"{len(levels)} levels" for levels in tables.level_rows(frames).values()}
    found |= {row["kind"] for row in tables.rows(frames, "relations")}
    for row in tables.rows(frames, "scenarios"):
        law = row.get("loss_model", "lognormal by its ends").partition("(")[0]
        found |= {f"{law}, capped" if "loss_cap" in row and law == "pareto" else law}
        found |= {column for column in ("deductible", "loss_cap", "factor") if column in row}
    for row in tables.rows(frames, "effects"):
        found |= {row["acts_on"], "overlap_group" if "overlap_group" in row else "no group"}
    for name in ("measures", "shared"):
        for row in tables.rows(frames, name):
            found |= {f"{name} {column}" for column in ("shared", "subsidy") if column in row}
            found |= {"two capabilities"} if ";" in row.get("shared", "") else set()
    found |= {"subsidy until" if "valid_until" in row else "subsidy" for row in tables.rows(frames, "subsidies")}
    found |= {f"{row['status']}{'' if 'level' in row else ', capability'}" for row in tables.rows(frames, "status")}
    many = {"triggers": 2, "factors": 1}
    return found | {f"{name}: {len(tables.rows(frames, name)) > n}" for name, n in many.items() if name in frames}


def test_the_cases_hold_everything_that_a_case_can_have() -> None:
    """Each kind of thing that a hundred generated cases have is in two of the plain ones at least; of eight it would not be."""
    every = set().union(*(kinds(cases.generated(seed)) for seed in range(100)))
    assert len(every) > 30
    plain = [kinds(cases.generated(seed)) for seed in PLAIN]
    assert {kind for kind in every if sum(kind in one for one in plain) < 2} == set()
    assert {kind for kind in every if sum(kind in one for one in plain[:8]) < 2} != set()


# ---------------------------------------------------------------- every plan's cost


def test_costs_and_violations_of_plans_are_the_oracle_s(world: World) -> None:
    picked = np.random.default_rng(world.seed).choice(len(world.plans), min(40, len(world.plans)), replace=False)
    for i in picked:
        found = tenbin.evaluate(world.events, plan=world.plans[i])
        for name in COSTS:
            stated = getattr(found.cost, name)
            assert stated == pytest.approx(world.costs[name][i], rel=1e-9, abs=1e-6), (name, world.plans[i])
        assert bool(found.violations) == (not world.allowed[i]), (found.violations, world.plans[i])


# ---------------------------------------------------------------- expected loss: always the optimum


@pytest.mark.parametrize("share", [0.1, 0.35, 0.7])
def test_expected_loss(world: World, share: float) -> None:
    check_agrees(world, [between(world, "aal", share)])


def test_expected_loss_on_a_knife_s_edge(world: World) -> None:
    check_agrees(world, [edge(world, "aal", 1)])


def test_expected_loss_as_a_share(world: World) -> None:
    check_agrees(world, ["aal=60%"])
    check_agrees(world, ["aal=45%of-inherent"])


def test_expected_loss_of_several_scopes(world: World) -> None:
    row = world.frames["scenarios"][0]
    component = tables.listed(row, "components")[0]
    scopes = [f"L{int(row['layer'])}", f"L{int(row['layer'])}/{component}"]
    check_agrees(world, [between(world, f"{scope}:aal", 0.4) for scope in scopes] + [between(world, "aal", 0.6)])


# ---------------------------------------------------------------- tail metrics


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_tail_value_at_risk(world: World, share: float) -> None:
    check_agrees(world, [between(world, "tvar95", share)])


@pytest.mark.parametrize("metric", ["tvar95", "var95"])
def test_a_tail_metric_on_a_knife_s_edge(world: World, metric: str) -> None:
    check_agrees(world, [edge(world, metric, 2)])


def test_value_at_risk(world: World) -> None:
    check_agrees(world, [between(world, "var95", 0.35)])


def test_surviving_a_bad_year(world: World) -> None:
    check_agrees(world, ["survive=95%"])


def test_several_targets_at_once(world: World) -> None:
    scenario = world.frames["scenarios"][-1]["id"]
    check_agrees(world, [between(world, "tvar95", 0.5), between(world, "var90", 0.6), between(world, f"{scenario}:aal", 0.6)])


def test_a_tail_metric_of_a_scope(world: World) -> None:
    component = tables.listed(world.frames["scenarios"][1], "components")[0]
    check_agrees(world, [between(world, f"{component}:tvar90", 0.5)])


def test_nowhere_worse_than_a_plan(world: World) -> None:
    check_agrees(world, ["keep=current"])
    check_agrees(world, ["keep=draft"])


# ---------------------------------------------------------------- constraints


def test_required_and_excluded_measures(world: World) -> None:
    """Every measure that some allowed plan has, required and excluded in turn, with an expected-loss target."""
    target = [between(world, "aal", 0.5)]
    levels = tables.level_rows(world.frames)
    for measure, found in list(levels.items())[:3]:
        if world.chosen((measure,)).any():
            check_agrees(world, target, require=(measure,))
        top = f"{measure}={found[-1]['level']}"
        if world.chosen((top,)).any():
            check_agrees(world, target, require=(top,))
        if world.chosen((), (measure,)).any():
            check_agrees(world, target, exclude=(measure,))


@pytest.mark.parametrize(("column", "period"), [("days_first_year", "first-year"), ("days_per_year", "year")])
def test_days(world: World, column: str, period: str) -> None:
    target = [between(world, "aal", 0.6)]
    days = np.unique(world.costs[column][world.allowed & world.met(target)])
    for place in {0, len(days) // 2}:
        check_agrees(world, target, max_days=f"{days[place]:.0f}/{period}")


# ---------------------------------------------------------------- nothing meets it


def test_beyond_reach_and_just_within(world: World) -> None:
    """Infeasible exactly below the least that a plan has; what is reachable is that least."""
    for metric in ("aal", "tvar95"):
        values = world.values(metric)[world.allowed]
        beyond = f"{metric}={math.floor(values.min() * 0.999)}"
        with pytest.raises(tenbin.Infeasible) as caught:
            tenbin.optimise(world.events, targets=[beyond], raise_infeasible=True)
        reached = caught.value.reachable[beyond]
        assert np.isclose(values, reached, rtol=1e-9, atol=0).any(), "no allowed plan has this value"
        if metric == "aal":
            assert reached == pytest.approx(values.min(), rel=1e-9)
        result = tenbin.optimise(world.events, targets=[beyond])
        assert result.status == "infeasible"
        assert result.to_dict()["reachable"] == dict(caught.value.reachable)
        check_agrees(world, [f"{metric}={math.ceil(values.min() * (1 + 1e-7))}"])


# ---------------------------------------------------------------- budgets


@pytest.mark.parametrize(("column", "period"), [("first_year_cash", "first-year"), ("per_year", "year"), ("npv", "total")])
@pytest.mark.parametrize("metric", ["aal", "tvar95"])
def test_the_lowest_risk_for_a_budget(world: World, column: str, period: str, metric: str) -> None:
    spent = np.sort(world.costs[column][world.allowed])
    budget = math.ceil(spent[len(spent) // 3]) + 1
    affordable = world.allowed & (world.costs[column] <= budget)
    result = tenbin.optimise(world.events, targets=[], budget=f"{budget}/{period}", metric=metric)
    claims(world, result, [])
    place = world.index(result.plan)
    values = world.values(metric)
    assert affordable[place]
    best = values[affordable].min()
    if metric == "aal":
        assert result.certificate.kind == "proved"
        assert values[place] == pytest.approx(best, rel=1e-9)
    elif result.certificate.kind != "gap":
        assert values[place] <= best * (1 + max(result.certificate.delta, 1e-9))
    equal = affordable & (values <= values[place] * MET)
    assert result.cost.npv <= world.costs["npv"][equal].min() + HALF, "an equal risk is cheaper"


def test_a_budget_beside_a_target_does_not_bind(world: World) -> None:
    """Both given: the cheapest plan that meets the target, over budget or not."""
    target = [between(world, "aal", 0.3)]
    best = world.cheapest(world.allowed & world.met(target))
    result = tenbin.optimise(world.events, targets=target, budget="1000/first-year", raise_infeasible=True)
    assert result.cost.npv == pytest.approx(best, abs=HALF)


# ---------------------------------------------------------------- negative controls


BROKEN_COSTS = ("discount", "shared", "cap", "in_place", "effort")
BROKEN_RULES = ("requires", "excludes", "mandatory", "excluded")
BROKEN_RISKS = ("thinning", "severity", "overlap", "scale", "trigger")


def masked(world: World, mask: Any) -> list[dict[str, str]]:
    """The plans of a mask."""
    return [world.plans[i] for i in np.flatnonzero(mask)]


def mistaken(world: World, target: str, mistake: str) -> float | None:
    """The brute force's optimum with a mistake in the cost, the rules or the expected loss."""
    if mistake in BROKEN_COSTS:
        good = masked(world, world.allowed & world.met([target]))
        return min((cost.plan_cost(world.frames, plan, mistake)["npv"] for plan in good), default=None)
    if mistake in BROKEN_RULES:
        free = np.array([cost.feasible(world.frames, plan, mistake) for plan in world.plans])
        return world.cheapest(free & world.met([target]))
    limit = world.limits(target)[0][1]
    return world.cheapest(world.allowed & (world.broken_values("aal", mistake) <= limit * MET))


def test_controls_a_wrong_oracle_is_rejected() -> None:
    """Each mistake, made by the brute force, gives an optimum that the optimiser disagrees with in some case."""
    left = {*BROKEN_COSTS, *BROKEN_RULES, *BROKEN_RISKS}
    for seed in range(32):
        world = World(cases.generated(seed), seed)
        for share in (0.15, 0.5):
            target = between(world, "aal", share)
            npv = tenbin.optimise(world.events, targets=[target], raise_infeasible=True).cost.npv
            assert mistaken(world, target, "") == pytest.approx(npv, abs=HALF)
            for mistake in sorted(left):
                wrong = mistaken(world, target, mistake)
                if wrong is None or abs(wrong - npv) > HALF:
                    left.discard(mistake)
        if not left:
            return
    assert left == set()
