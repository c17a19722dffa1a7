"""``python3 run.py bench [--seeds 10] [--quick]``: every figure that the project states, as a table and as JSON.

Machines are shared and noisy: speeds are ratios within one run, or medians over seeds; compilation is done before.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate import generate_case, with_ranges

from tenbin.evaluation import CostModel, Evaluator, FreshYears, Quantity, Reduction
from tenbin.model import Case, Metric
from tenbin.optimisation import Clock, Limit, Problem, Rules
from tenbin.optimisation.certify import certify
from tenbin.optimisation.search import Outcome, Search
from tenbin.simulation import default_threads, simulate_case
from tenbin.units import Purpose

N = 100_000
ROOT = Path(__file__).resolve().parents[1]
REPEATS = 7


def seconds(work: object, repeats: int = REPEATS) -> float:
    """The least time of several runs: the one least disturbed."""
    assert callable(work)
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def bench_drawing(case: Case) -> dict[str, float]:
    """Drawing the table against numpy drawing as many raw numbers on one thread."""
    events = simulate_case(case, N, 1)
    rates = [s.frequency.likely for s in case.scenarios]
    rng = np.random.default_rng(0)

    def raw() -> None:
        n = sum(int(rng.poisson(rate, N).sum()) for rate in rates)
        rng.standard_normal(n)
        rng.standard_exponential(n)

    numpy_time = seconds(raw)
    found = {"numpy_s": numpy_time, "events": events.n_events, "bytes_per_event": events.n_bytes / events.n_events}
    for threads in sorted({1, 2, default_threads()}):
        took = seconds(lambda t=threads: simulate_case(case, N, 1, n_threads=t))
        found[f"draw_{threads}_threads_s"] = took
        found[f"ratio_{threads}_threads"] = took / numpy_time
    return found


def bench_evaluation(case: Case) -> dict[str, float]:
    """One plan's TVaR95, its value and its value with gradient, in nanoseconds per inherent event."""
    found: dict[str, float] = {}
    reduction = Reduction.of(case)
    chosen = np.random.default_rng(0).random(reduction.n_rows) < 0.15
    phi, gamma = reduction.reduce(chosen)
    wanted = Quantity(Metric.TVAR, Decimal("0.95"), (True,) * len(case.scenarios))
    for threads in sorted({1, default_threads()}):
        evaluator = Evaluator(simulate_case(case, N, 1, n_threads=threads))
        evaluator.tangent(wanted, phi, gamma)
        per_event = 1e9 / evaluator.events.n_events
        found[f"value_{threads}_threads_ns_per_event"] = per_event * seconds(
            lambda e=evaluator: e.value(wanted, phi, gamma), 20
        )
        took = seconds(lambda e=evaluator: e.tangent(wanted, phi, gamma), 20)
        found[f"value_and_gradient_{threads}_threads_ns_per_event"] = per_event * took
    return found


def bench_target(seed: int, share: float = 0.6, n_worlds: int = 1) -> dict[str, float | str]:
    """A TVaR95 target: bound = incumbent, then polish, then validation on ten times the years (and worlds)."""
    case = with_ranges(generate_case(seed=seed))
    evaluator = Evaluator(simulate_case(case, N, 1, n_worlds=n_worlds))
    case = evaluator.events.case
    wanted = Quantity(Metric.TVAR, Decimal("0.95"), (True,) * len(case.scenarios))
    zero = np.zeros((n_worlds, len(case.scenarios)))
    limit = share * evaluator.value(wanted, zero, zero)
    before = evaluator.n_evaluations
    began = time.perf_counter()
    problem = Problem(evaluator, CostModel.of(case), Rules(case), [Limit(wanted, limit, "tvar95")])
    search, outcome = Search(problem, Clock(60.0)), Outcome()
    search.relax()
    search.climb(outcome)
    met = time.perf_counter()
    certificate = certify(search, outcome, 0.005, seed)
    polished = time.perf_counter()
    assert outcome.best is not None
    fresh = FreshYears.of(evaluator.events, 10 * N, Purpose.VALIDATE)
    fresh.losses([(*Reduction.of(case, fresh.worlds).reduce(outcome.best.chosen), wanted.scope)])
    return {
        "seed": seed,
        "bound_meets_incumbent_s": met - began,
        "polish_s": polished - met,
        "validate_s": time.perf_counter() - polished,
        "evaluations": evaluator.n_evaluations - before,
        "kind": certificate.kind.value,
        "delta": float(certificate.delta),
        "gap": float(certificate.gap),
    }


def bench_command() -> dict[str, float]:
    """The bundled case from the command to the charts: the first time (compilation included), then again."""
    found = {}
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as results:
        env = {**os.environ, "NUMBA_CACHE_DIR": cache, "TENBIN_RESULTS": results}
        for name in ("first_s", "after_s"):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "tenbin", "demo", "--quiet"], env=env, check=True, capture_output=True)
            found[name] = time.perf_counter() - began
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="two seeds, no command")
    options = parser.parse_args()
    case = generate_case()
    simulate_case(case, 1_000, 1)
    report: dict[str, object] = {
        "machine": {"cores": default_threads(), "python": platform.python_version(), "system": platform.platform()},
        "instance": {"measures": 55, "levels": 2, "scenarios": 40, "trials": N},
        "drawing": bench_drawing(case),
        "evaluation": bench_evaluation(case),
    }
    for name, n_worlds in (("targets", 1), ("targets_64_worlds", 64)):
        targets = [bench_target(seed, n_worlds=n_worlds) for seed in range(2 if options.quick else options.seeds)]
        report[name] = targets
        report[f"{name}_median"] = {
            key: statistics.median(float(row[key]) for row in targets)
            for key in ("bound_meets_incumbent_s", "polish_s", "validate_s", "evaluations", "delta", "gap")
        }
    if not options.quick:
        report["command"] = bench_command()
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    show(report)
    print(f"\n{out / 'bench.json'}")


def show(report: dict[str, object]) -> None:
    for part in ("drawing", "evaluation", "targets_median", "targets_64_worlds_median", "command"):
        rows = report.get(part)
        if isinstance(rows, dict):
            print(f"\n{part}")
            for key, value in rows.items():
                print(f"  {key:<48}{value:>14.4g}")
    for name in ("targets", "targets_64_worlds"):
        targets = report[name]
        assert isinstance(targets, list)
        print(f"\n{name} (TVaR95 at 60 % of inherent)")
        for row in targets:
            print("  " + "  ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()))


if __name__ == "__main__":
    main()
