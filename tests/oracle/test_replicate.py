"""The interval for the true cheapest cost against the truth: every plan's exact law by Fourier transform.

The limits are on a knife's edge, just above or just below what some plan truly has (by the width of the law's bracket, a
twentieth of the samples' standard error), for there an interval is hardest to get right. An end misses with probability
β = (1 − confidence)/2 at most; so many misses in so many intervals as have a chance below 1 in 16,000 (four standard errors)
are too many.
"""

from __future__ import annotations

import json
import math
import threading
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

import tenbin
from oracles import cases, cost, plans, risk, tables
from tenbin.evaluation import Quantity
from tenbin.model import Metric
from tenbin.studies.assuring import Condition, most_exceeding

STEP, GRID = 8000.0, 2**17
YEARS = 2_000
REPEATED = 12
HOW: dict[str, Any] = {"confidence": 0.9, "n_replications": 8}
CASES = {"independent": cases.independent, "triggers": cases.with_triggers}


def too_many(n: int, chance: float) -> int:
    """The least number of misses that has a chance below that of four standard errors."""
    return int(stats.binom.isf(stats.norm.sf(4), n, chance)) + 1


# ---------------------------------------------------------------- the truth


@cache
def case(name: str) -> Any:
    return tenbin.load(CASES[name](n_trials=YEARS))


@cache
def priced(name: str) -> list[tuple[float, dict[str, str]]]:
    """Every plan with its cost, cheapest first."""
    frames = tables.prepared(CASES[name]())
    found = [(cost.plan_cost(frames, plan)["npv"], plan) for plan in plans.all_plans(frames)]
    return sorted(found, key=lambda pair: pair[0])


@cache
def truth(name: str, metric: str) -> np.ndarray:
    """Bounds of a metric of every plan, in the order of ``priced``: shape (n_plans, 2)."""
    frames = tables.prepared(CASES[name]())
    laws = [risk.compound(frames, plan, STEP, GRID) for _, plan in priced(name)]
    assert all(law.lost < 1e-6 for law in laws)
    statistic = "value_at_risk" if metric.startswith("var") else "tail_value_at_risk"
    return np.array([getattr(law, statistic)(float(metric.lstrip("tvar")) / 100) for law in laws])


@dataclass
class Edge:
    """A question whose limits are on a knife's edge, with the true cheapest cost."""

    name: str
    targets: list[str]
    cheapest: float


def edge(name: str, metric: str, place: float, within: bool, share: bool = False) -> Edge:
    """A limit just above (within) or just below what a plan of the frontier truly has; ``place``: how far up the frontier."""
    bounds = truth(name, metric)
    best = [p for p in range(len(bounds)) if bounds[p, 1] < bounds[:p, 0].min(initial=math.inf)]
    plan = best[round(place * (len(best) - 1))]
    if share:
        of = bounds[next(p for p, (_, chosen) in enumerate(priced(name)) if not chosen)]
        per_cent = 100 * (bounds[plan, 1] / of[0] if within else bounds[plan, 0] / of[1])
        target = f"{metric}={per_cent:.9f}%of-inherent"
        low, high = per_cent / 100 * of
    else:
        low = high = float(math.ceil(bounds[plan, 1]) if within else math.floor(bounds[plan, 0]) - 1)
        target = f"{metric}={low:.0f}"
    assert all((below or above) for below, above in zip(bounds[:, 1] <= high + 1, bounds[:, 0] > low - 1, strict=True))
    meets = [p for p in range(len(bounds)) if (p == plan and within) or (p != plan and bounds[p, 1] <= low)]
    return Edge(name, [target], priced(name)[meets[0]][0])


EDGES = {
    "tvar, just within": lambda: edge("independent", "tvar95", 0.4, True),
    "tvar, just beyond": lambda: edge("independent", "tvar95", 0.6, False),
    "tvar with triggers and a factor, just within": lambda: edge("triggers", "tvar90", 0.5, True),
    "var, just within": lambda: edge("independent", "var95", 0.5, True),
    "var with triggers and a factor, just beyond": lambda: edge("triggers", "var90", 0.5, False),
    "share of the inherent tvar, just within": lambda: edge("independent", "tvar95", 0.5, True, share=True),
}


HALF = 0.5  # plans within half a unit cost the same


@cache
def repeated(which: str) -> tuple[float, list[Any]]:
    """The true cheapest cost of a question, and what is said of it on samples that no other question has."""
    asked, first = EDGES[which](), REPEATED * list(EDGES).index(which)
    seeds = range(first, first + REPEATED)
    return asked.cheapest, [tenbin.replicate(case(asked.name), asked.targets, seed=seed, **HOW) for seed in seeds]


def misses(which: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of the lower and of the upper ends: how many are on the wrong side of the truth, how many there are."""
    cheapest, found = repeated(which)
    lowers, uppers = ([end for one in found if (end := getattr(one, name)) is not None] for name in ("lower", "upper"))
    return (
        (sum(lower > cheapest + HALF for lower in lowers), len(lowers)),
        (sum(upper < cheapest - HALF for upper in uppers), len(uppers)),
    )


@pytest.mark.parametrize("which", EDGES)
def test_the_interval_contains_the_true_cheapest_cost(which: str) -> None:
    """At both ends as often as promised; the controls, the dearest bound and the cheapest plan of any sample, miss too often."""
    cheapest, found = repeated(which)
    allowed = too_many(REPEATED, (1 - HOW["confidence"]) / 2)
    (low, n_low), (high, n_high) = misses(which)
    assert n_low == REPEATED
    assert n_high > REPEATED / 2
    assert max(low, high) < allowed
    if "within" in which:  # about half of the samples say that the plan does not hold
        assert sum(max(interval.bounds) > cheapest + HALF for interval in found) >= allowed
    else:  # about half say that it does
        assert sum(min(c for c in interval.costs if c is not None) < cheapest - HALF for interval in found) >= allowed


@pytest.mark.parametrize("end", [0, 1], ids=["lower", "upper"])
def test_all_intervals_together_miss_no_oftener_than_promised(end: int) -> None:
    """Twelve of one question tell little; together they tell an end that misses a fifth of the time. The control: a third of them."""
    missed, n = np.sum([misses(which)[end] for which in EDGES], axis=0)
    assert n > 0.75 * REPEATED * len(EDGES)
    assert missed < too_many(int(n), (1 - HOW["confidence"]) / 2) <= n / 4
    assert n / 3 >= too_many(int(n), (1 - HOW["confidence"]) / 2)


# ---------------------------------------------------------------- the test that the upper end rests on


def lognormal(metric: Metric, confidence: float, sigma: float) -> float:
    """Exact VaR or TVaR of a lognormal loss with median 1."""
    z = stats.norm.ppf(confidence)
    if metric is Metric.VAR:
        return math.exp(sigma * z)
    return math.exp(sigma**2 / 2) * stats.norm.sf(z - sigma) / (1 - confidence)


@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("metric", [Metric.VAR, Metric.TVAR])
def test_a_plan_that_breaks_a_limit_passes_no_oftener_than_promised(metric: Metric, share: bool) -> None:
    """At the edge itself, where it is worst; with a share the limit comes from the same years, half of it in common.

    The normal law errs by skewness: the Edgeworth term (κ₃/6√n)(2z² + 1)φ(z) with a third cumulant of the influence below 20
    (excess of a lognormal tail) adds less than 0.02 at n = 20,000; the estimate of VaR's own density less than 0.01.
    """
    error, runs, n, sigma = 0.1, 400, 20_000, 0.8
    quantity = Quantity(metric, Decimal("0.95"), (True,))
    exact = lognormal(metric, 0.95, sigma)
    # the plan halves every loss in an independent way: another draw of the same law, half of it
    condition = Condition("", quantity, 0.5 if share else exact, () if share else None)
    easy = Condition("", quantity, 1.1 * condition.bound, condition.base)
    rng = np.random.default_rng([7, share, metric is Metric.VAR])
    passed = easily = without = 0
    for _ in range(runs):
        common, own, other = rng.standard_normal((3, n))
        loss = np.exp(sigma * (common + own) / math.sqrt(2)) * (0.5 if share else 1.0)
        base = np.exp(sigma * (common + other) / math.sqrt(2)) if share else None
        passed += condition.holds(loss, base, error)
        easily += easy.holds(loss, base, error)
        without += condition.holds(loss, base, 0.5)
    slack = 0.0 if metric is Metric.VAR and not share else 0.03
    assert passed < too_many(runs, error + slack)
    assert easily > runs * (1 - error)
    assert without >= too_many(runs, error + slack), "the control: no margin at all"


@pytest.mark.parametrize(("n", "chance", "error"), [(20, 0.5, 0.025), (1000, 0.05, 0.001), (5, 0.5, 0.025), (6, 0.5, 0.025)])
def test_the_largest_number_that_is_too_few(n: int, chance: float, error: float) -> None:
    k = most_exceeding(n, chance, error)
    assert k < 0 or stats.binom.cdf(k, n, chance) <= error
    assert stats.binom.cdf(k + 1, n, chance) > error


# ---------------------------------------------------------------- what it says


def test_an_expected_loss_has_no_sampling_error() -> None:
    frames = tables.prepared(cases.independent())
    asked = 0.7 * risk.expected_loss(frames, {})[0]
    good = [npv for npv, plan in priced("independent") if risk.expected_loss(frames, plan)[0] <= asked]
    found = tenbin.replicate(case("independent"), ["aal=70%of-inherent"])
    assert found.lower == pytest.approx(good[0], abs=0.5)
    assert found.upper == pytest.approx(good[0], abs=0.5)
    assert (found.n_done, found.n_checked, found.notes) == (1, 0, ())


def test_too_few_replications_say_how_many_would_do() -> None:
    found = tenbin.replicate(case("independent"), ["tvar95=16M"], n_replications=5)
    assert found.lower is None
    assert found.notes[0] == "no lower end from 5 replications: 6 would do"
    assert tenbin.replicate(case("independent"), ["tvar95=16M"], n_replications=6).lower is not None
    two = tenbin.replicate(case("independent"), ["tvar95=16M", "var90=12M"], n_replications=12)
    assert two.notes[0] == "no lower end from 12 replications: 13 would do"


def test_replications_can_be_drawn_again() -> None:
    found = tenbin.replicate(case("triggers"), ["tvar90=20M"], n_replications=3, seed=8)
    assert found.to_dict() == tenbin.replicate(case("triggers"), ["tvar90=20M"], n_replications=3, seed=8).to_dict()
    for seed, npv, bound in zip(found.seeds, found.costs, found.bounds, strict=True):
        again = tenbin.optimise(tenbin.simulate(case("triggers"), YEARS, seed), ["tvar90=20M"])
        assert (again.cost.npv, again.certificate.lower_bound) == (npv, bound)
    assert not set(found.seeds) & set(tenbin.replicate(case("triggers"), ["tvar90=20M"], n_replications=3, seed=9).seeds)


def test_beyond_reach() -> None:
    found = tenbin.replicate(case("independent"), ["tvar95=5M"], n_replications=7)
    assert found.bounds == (math.inf,) * 7
    assert (found.lower, found.upper, found.plan) == (None, None, None)
    assert "7 of 7 samples" in found.notes[0]
    assert found.notes[1] == "no upper end: no plan was found"
    json.dumps(found.to_dict(), allow_nan=False)


def test_tighter_limits_are_tried_when_no_plan_found_holds() -> None:
    """One sample's plan on the edge; over the seeds some get their upper end from tighter limits, and some none."""
    asked = EDGES["tvar, just beyond"]()
    found = [tenbin.replicate(case(asked.name), asked.targets, n_replications=1, seed=seed) for seed in range(24)]
    beyond = [i for i in found if i.upper is not None and i.plan not in [plan for plan, _ in i.plans]]
    assert beyond, "no seed gets there"
    assert all(i.upper > i.costs[0] for i in beyond)
    none = [i for i in found if i.upper is None]
    assert none, "every seed gets there"
    assert all("holds for certain" in i.notes[-1] for i in none)


def test_an_interruption_keeps_the_replications_done() -> None:
    stop = threading.Event()

    def say(stage: str, done: float, total: float, detail: dict[str, float]) -> None:
        assert (stage, total) == ("replicate", 20)
        if done == 7:
            stop.set()

    found = tenbin.replicate(case("independent"), ["tvar95=16M"], on_progress=say, stop=stop)
    whole = tenbin.replicate(case("independent"), ["tvar95=16M"], n_replications=7)
    assert (found.n_done, found.n_asked, found.costs, found.lower) == (7, 20, whole.costs, whole.lower)
    assert found.upper is None
    assert found.notes == ("no upper end: interrupted before the plans were checked",)


def test_document() -> None:
    found = tenbin.replicate(case("independent"), ["tvar95=16M"], n_replications=8)
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["lower"] <= document["upper"]
    assert sum(row["count"] for row in document["plans"]) == document["n_done"] == len(document["costs"])
    assert {row["measure"]: row["level"] for row in document["plan"]} == found.plan
    assert cost.plan_cost(tables.prepared(cases.independent()), found.plan)["npv"] == pytest.approx(found.upper)


def test_what_is_not_to_be_asked() -> None:
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.replicate(case("independent"), budget="1M", validate=True, n_replications=0, confidence=1.0, seed=-1)
    columns = {problem.column for problem in caught.value.problems}
    assert columns == {"n_replications", "confidence", "seed", "validate", "targets"}
