"""``python benchmarks/peers.py [--seeds 1] [--quick]``: tenbin against other ways to the cheapest plan, on the same years.

Each row: how long it took, what its plan costs above the cheapest plan within the target that any of them found, the gap
that it proves (none: it proves nothing), its value on the study's years and on a million fresh ones, as shares of the limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.instances import Instance, instance
from benchmarks.rivals.expected import scip_plan
from benchmarks.rivals.extensive import TooLarge, exact_plan
from benchmarks.rivals.genetic import Front, genetic_front
from benchmarks.rivals.greedy import greedy

from tenbin.evaluation import FreshYears, tail_value_at_risk, value_at_risk
from tenbin.model import Metric
from tenbin.optimisation import Clock, cheapest_plan
from tenbin.units import Purpose

N = 100_000
FRESH = 1_000_000
SECONDS = 60.0
EXTENSIVE_YEARS = (200, 500)
MEASURES, SCENARIOS = 55, 40
THREADS = 2
ROOT = Path(__file__).resolve().parents[1]

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Tried:
    """What a peer found, and in which time; ``gap``: what it proves of the distance to the optimum of what it solved."""

    peer: str
    seconds: float
    chosen: BoolArray | None
    gap: float | None = None
    note: str = ""


def by_tenbin(case: Instance, metric: str, limit: float) -> Tried:
    began = time.perf_counter()
    found = cheapest_plan(case.problem(**{metric: limit}), Clock(SECONDS), 0.005, case.seed)
    took = time.perf_counter() - began
    certificate = found.certificate
    if found.point is None or certificate is None:
        return Tried("tenbin", took, None, note=found.status.value)
    note = certificate.kind.value + (f" to {certificate.delta:.2%}" if certificate.delta else "")
    return Tried("tenbin", took, found.point.chosen, certificate.gap, note)


def by_greedy(case: Instance, metric: str, limit: float) -> Tried:
    began = time.perf_counter()
    chosen = greedy(case, metric, limit)
    return Tried("greedy", time.perf_counter() - began, chosen)


@lru_cache(maxsize=8)
def front(case: Instance, metric: str, quick: bool) -> tuple[Front, float]:
    """One run for every target of the metric, and its time."""
    began = time.perf_counter()
    found = genetic_front(case, metric, case.seed, population=100, generations=30 if quick else 220)
    return found, time.perf_counter() - began


def by_genetic(case: Instance, metric: str, limit: float, quick: bool) -> Tried:
    found, took = front(case, metric, quick)
    levels = found.cheapest(limit)
    return Tried("nsga2", took, None if levels is None else case.chosen(levels), note=f"{len(found.cost):,} plans")


def by_extensive(case: Instance, metric: str, share: float, years: int, seconds: float) -> Tried:
    """The exact program on a few years: its target is the same share of those years' inherent value."""
    few = instance(case.family, case.measures, case.scenarios, case.seed, years)
    began = time.perf_counter()
    name = f"extensive {years}"
    try:
        answer = exact_plan(few, metric, share * few.inherent(metric), seconds)
    except TooLarge as error:
        return Tried(name, time.perf_counter() - began, None, note=str(error))
    took = time.perf_counter() - began
    if answer.chosen is None:
        return Tried(name, took, None, note="no plan found")
    cost = few.costs.npv(answer.chosen)
    return Tried(name, took, answer.chosen, max(0.0, (cost - answer.bound) / cost), f"of its {years} years")


def by_scip(case: Instance, limit: float) -> Tried:
    began = time.perf_counter()
    answer = scip_plan(case, limit, SECONDS)
    took = time.perf_counter() - began
    if answer.chosen is None:
        return Tried("scip", took, None)
    cost = case.costs.npv(answer.chosen)
    return Tried("scip", took, answer.chosen, max(0.0, (cost - answer.bound) / cost), "proved" if answer.proved else "")


def fresh_values(case: Instance, metric: str, plans: list[BoolArray], years: int) -> list[float]:
    """The metric of plans on years that nothing was solved on."""
    wanted = case.quantity(metric)
    points = [(*case.reduction.reduce(chosen), wanted.scope) for chosen in plans]
    losses = FreshYears.of(case.evaluator.events, years, Purpose.VALIDATE).losses(points)
    if wanted.metric is Metric.AAL or wanted.confidence is None:
        return [float(loss.mean()) for loss in losses]
    statistic = tail_value_at_risk if wanted.metric is Metric.TVAR else value_at_risk
    return [statistic(loss, wanted.confidence) for loss in losses]


def compare(seed: int, metric: str, share: float, quick: bool = False) -> list[dict[str, Any]]:
    """Every peer on one target: ``metric`` at most ``share`` of the inherent value. One record each."""
    case = instance("plain", MEASURES, SCENARIOS, seed, N)
    limit = share * case.inherent(metric)
    tried = [by_tenbin(case, metric, limit), by_greedy(case, metric, limit), by_genetic(case, metric, limit, quick)]
    if metric == "aal":
        tried.append(by_scip(case, limit))
    else:
        seconds = 10.0 if quick else SECONDS
        tried += [by_extensive(case, metric, share, years, seconds) for years in EXTENSIVE_YEARS[: 1 if quick else None]]
    plans = [one.chosen for one in tried if one.chosen is not None]
    fresh = iter(fresh_values(case, metric, plans, FRESH // 5 if quick else FRESH))
    met = [case.costs.npv(chosen) for chosen in plans if case.value(metric, chosen) <= limit * (1 + 1e-9)]
    best = min(met, default=float("nan"))
    rows = []
    for one in tried:
        row: dict[str, Any] = {"seed": seed, "metric": metric, "share": share, "peer": one.peer, "seconds": one.seconds}
        if one.chosen is not None:
            cost = case.costs.npv(one.chosen)
            row |= {"cost": cost, "above_best": cost / best - 1, "gap": one.gap}
            row |= {"in_sample": case.value(metric, one.chosen) / limit, "fresh": next(fresh) / limit}
        rows.append({**row, "note": one.note})
    return rows


def line(row: dict[str, Any]) -> str:
    """A record as a line of the table."""

    def share(key: str) -> str:
        value = row.get(key)
        return f"{'–':>9}" if value is None else f"{value:>9.2%}"

    head = f"{row['seed']:>4} {row['metric']:<7}{row['share']:>5.0%}  {row['peer']:<14}{row['seconds']:>7.1f} s"
    return head + "".join(share(key) for key in ("above_best", "gap", "in_sample", "fresh")) + "  " + row["note"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--metrics", default="tvar95,tvar99,var95,aal")
    parser.add_argument("--shares", default="0.6")
    parser.add_argument("--quick", action="store_true", help="a short genetic run, the extensive form on 200 years for 10 s")
    options = parser.parse_args()
    cheapest_plan(instance("plain", 6, 4, 0, 2_000).problem(aal=1e12), Clock(5.0), 0.005, 0)  # compiles what is compiled
    print(f"{'seed':>4} {'metric':<7}{'share':>5}  {'peer':<14}{'time':>9}{'above':>9}{'gap':>9}{'study':>9}{'fresh':>9}")
    rows = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for metric in options.metrics.split(","):
            for share in map(float, options.shares.split(",")):
                found = compare(seed, metric, share, options.quick)
                print("\n".join(map(line, found)), flush=True)
                rows += found
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "peers.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(f"\n{out / 'peers.json'}")


if __name__ == "__main__":
    main()
