"""``python benchmarks/questions.py [--seeds 10] [--quick]``: how long the optimiser takes for everything that is asked of it.

Targets from 30 % to 80 % of the inherent value, a frontier, what-ifs on a shared pool, expected-loss targets, growth with
measures, scenarios and years. Compilation is done before; medians over generated cases; one machine, one run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate import generate_case

from tenbin.evaluation import CostModel, Evaluator, Quantity
from tenbin.model import Case, Metric
from tenbin.optimisation import Clock, Limit, Problem, Rules, cheapest_plan, frontier_by_level, search_plan
from tenbin.simulation import default_threads, simulate_case

ROOT = Path(__file__).resolve().parents[1]
METRICS: dict[str, tuple[Metric, Decimal | None]] = {
    "tvar95": (Metric.TVAR, Decimal("0.95")),
    "tvar99": (Metric.TVAR, Decimal("0.99")),
    "var95": (Metric.VAR, Decimal("0.95")),
    "aal": (Metric.AAL, None),
}
SHARES = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
SECONDS = 30.0
Row = dict[str, Any]


class Bench:
    """One generated case with its years drawn."""

    def __init__(self, measures: int = 55, scenarios: int = 40, seed: int = 0, years: int = 100_000) -> None:
        self.case: Case = generate_case(measures, scenarios, seed)
        self.evaluator = Evaluator(simulate_case(self.case, years, 1))
        self.costs, self.rules = CostModel.of(self.case), Rules(self.case)
        self.seed = seed

    def limit(self, metric: str, share: float) -> Limit:
        """A share of the inherent value."""
        kind, confidence = METRICS[metric]
        n = len(self.case.scenarios)
        quantity = Quantity(kind, confidence, (True,) * n)
        zero = np.zeros((1, n))
        return Limit(quantity, share * self.evaluator.value(quantity, zero, zero), metric)

    def problem(self, limit: Limit) -> Problem:
        return Problem(self.evaluator, self.costs, self.rules, [limit])

    def target(self, metric: str, share: float, seconds: float = SECONDS) -> Row:
        """Bound = incumbent on a fresh pool; then the same question with its certificate, on another fresh pool."""
        limit = self.limit(metric, share)
        began = time.perf_counter()
        _, outcome = search_plan(self.problem(limit), Clock(seconds))
        closed = time.perf_counter() - began
        began = time.perf_counter()
        before = self.evaluator.n_evaluations
        solution = cheapest_plan(self.problem(limit), Clock(seconds), 0.005, self.seed, explain=False)
        certificate = solution.certificate
        return {
            "seed": self.seed,
            "metric": metric,
            "share": share,
            "closed": outcome.closed,
            "closed_s": closed,
            "polished_s": time.perf_counter() - began,
            "status": solution.status.value,
            "kind": certificate.kind.value if certificate else "",
            "delta": certificate.delta if certificate else float("nan"),
            "gap": certificate.gap if certificate else float("nan"),
            "evaluations": self.evaluator.n_evaluations - before,
        }


def targets(benches: Sequence[Bench], metrics: Sequence[str]) -> list[Row]:
    """Every metric and share on every case."""
    rows = []
    for metric in metrics:
        for share in SHARES:
            rows += [bench.target(metric, share) for bench in benches]
            say(f"{metric} {share:.0%}", rows[-len(benches) :])
    return rows


def say(name: str, rows: Sequence[Row]) -> None:
    """One line of medians."""
    done = [row for row in rows if row["status"] != "infeasible"]
    if not done:
        print(f"{name:<14} infeasible", flush=True)
        return
    closed, polished = (statistics.median(row[key] for row in done) for key in ("closed_s", "polished_s"))
    worst = max(row["polished_s"] for row in done)
    gaps = [row["gap"] for row in done if row["kind"] == "gap"]
    print(
        f"{name:<14} bound = incumbent {closed:6.2f} s   polished {polished:6.2f} s (worst {worst:5.1f})   "
        f"with a gap {len(gaps)}/{len(done)}, largest {max(gaps, default=0):.2%}",
        flush=True,
    )


def frontiers(benches: Sequence[Bench], metric: str = "tvar95", n_points: int = 30, seconds: float = 60.0) -> list[Row]:
    """Thirty levels from everything to nothing."""
    rows = []
    for bench in benches:
        problem = bench.problem(bench.limit(metric, 1.0))
        floor = problem.evaluate(problem.top).values[0]
        began = time.perf_counter()
        points = frontier_by_level(
            problem, np.linspace(floor, problem.caps[0], n_points).tolist(), Clock(seconds), 0.005, bench.seed
        )
        gaps = [p.certificate.gap for p in points if p.certificate.kind.value == "gap"]
        rows.append(
            {
                "seed": bench.seed,
                "seconds": time.perf_counter() - began,
                "points": len(points),
                "with_gap": len(gaps),
                "largest_gap": max(gaps, default=0.0),
                "median_gap": statistics.median(gaps) if gaps else 0.0,
            }
        )
        print(f"frontier       {rows[-1]}", flush=True)
    return rows


def what_ifs(benches: Sequence[Bench], metric: str = "tvar95", share: float = 0.6) -> list[Row]:
    """After one answer: the target moved, a measure excluded, one required, prices changed; bound = incumbent again."""
    rows = []
    for bench in benches:
        limit = bench.limit(metric, share)
        problem = bench.problem(limit)
        _, outcome = search_plan(problem, Clock(SECONDS))
        if outcome.best is None:
            continue
        plan = problem.reduction.plan(outcome.best.chosen)
        inside, outside = sorted(plan)[0], sorted(set(problem.by_measure) - set(plan))[0]
        rng = np.random.default_rng(bench.seed)
        table = bench.case.costs
        dearer = replace(table, rows=tuple(replace(r, capex=r.capex * float(rng.uniform(0.9, 1.1))) for r in table.rows))
        case = replace(bench.case, costs=dearer)
        questions = {
            "target +2 %": problem.again(limits=[replace(limit, limit=limit.limit * 1.02)]),
            "target -2 %": problem.again(limits=[replace(limit, limit=limit.limit * 0.98)]),
            "exclude": problem.again(rules=replace(problem.rules, exclude=((inside, None),))),
            "require": problem.again(rules=replace(problem.rules, require=((outside, None),))),
            "prices ±10 %": problem.again(rules=replace(problem.rules, case=case), costs=CostModel.of(case)),
        }
        for name, question in questions.items():
            began = time.perf_counter()
            search_plan(question, Clock(SECONDS))
            rows.append({"seed": bench.seed, "question": name, "seconds": time.perf_counter() - began})
    for name in dict.fromkeys(row["question"] for row in rows):
        times = [row["seconds"] for row in rows if row["question"] == name]
        print(f"what-if        {name:<14} {statistics.median(times):.2f} s (worst {max(times):.2f})", flush=True)
    return rows


def growth(quick: bool) -> list[Row]:
    """Time with measures and scenarios, and with years."""
    sizes = [(14, 10, 100_000), (28, 20, 100_000), (55, 40, 100_000), (110, 80, 100_000), (220, 160, 100_000)]
    sizes += [(55, 40, 25_000), (55, 40, 50_000), (55, 40, 200_000), (55, 40, 400_000)]
    rows = []
    for measures, scenarios, years in sizes[:3] if quick else sizes:
        bench = Bench(measures, scenarios, 0, years)
        row = bench.target("tvar95", 0.6, 60.0)
        rows.append({"measures": measures, "scenarios": scenarios, "years": years, **row})
        say(f"{measures}x{scenarios} {years // 1000}k", [rows[-1]])
    return rows


def draw(rows: Sequence[Row], path: Path) -> None:
    """Time against measures, and against years."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    by_size = sorted((r for r in rows if r["years"] == 100_000), key=lambda r: r["measures"])
    by_years = sorted((r for r in rows if r["measures"] == 55), key=lambda r: r["years"])
    for axis, some, key, label in (
        (axes[0], by_size, "measures", "measures (two levels each; scenarios = measures × 8/11)"),
        (axes[1], by_years, "years", "simulated years (55 measures, 40 scenarios)"),
    ):
        axis.plot([r[key] for r in some], [r["closed_s"] for r in some], "o-", color="#0072B2", label="bound = incumbent")
        axis.plot([r[key] for r in some], [r["polished_s"] for r in some], "s--", color="#D55E00", label="with its certificate")
        axis.set(xscale="log", yscale="log", xlabel=label, ylabel="seconds")
        axis.set_xticks([r[key] for r in some], [f"{r[key]:,}" for r in some], minor=False)
        axis.minorticks_off()
        axis.grid(alpha=0.3)
    axes[0].legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="targets,aal,frontier,what_ifs,growth")
    options = parser.parse_args()
    wanted = options.only.split(",")
    benches = [Bench(seed=seed) for seed in range(2 if options.quick else options.seeds)]
    benches[0].target("tvar95", 0.9)  # compiled
    report: dict[str, Any] = {"threads": default_threads(), "cores": os.cpu_count()}
    if "targets" in wanted:
        report["targets"] = targets(benches, ("tvar95", "tvar99", "var95"))
    if "aal" in wanted:
        report["aal"] = targets(benches, ("aal",))
    if "what_ifs" in wanted:
        report["what_ifs"] = what_ifs(benches)
    if "frontier" in wanted:
        report["frontier"] = frontiers(benches[:3])
    if "growth" in wanted:
        report["growth"] = growth(options.quick)
        draw(report["growth"], ROOT / "docs" / "images" / "growth.svg")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "questions.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(out / "questions.json")


if __name__ == "__main__":
    main()
