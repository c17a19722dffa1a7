"""``python benchmarks/adversary.py [--quick] [--jobs 2]``: looks for certificates that claim what is not so.

A certificate is false when an allowed plan meets the limits on the sample and costs less than its lower bound by more than
half a currency unit. Limits are set on knife's edges: at the value of a plan that a genetic search, a local search or an
enumeration found, so that this plan only just meets it. Each false one has a name; ``replay(name)`` shows it again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.attack.known import Claim, Finding, Known, claim_of, from_hex
from benchmarks.attack.local import improve, search_below
from benchmarks.instances import Instance, instance
from benchmarks.rivals.extensive import exact_plan
from benchmarks.rivals.genetic import genetic_front

from tenbin.evaluation.metrics import quantile_rank

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 20.0
EDGE = 1 + 1e-12
METRICS = ("tvar95", "var95", "tvar99", "aal")
KNOWN_FALSE = (
    "narrow-24x6-s0-n20000:var95=21969606.22766016:020000102209",
    "plain-40x8-s3-n40000:var95=34468719.39984734:08400000000000080245",
    "capped-40x8-s2-n40000:var95=21093221.798504684:20000100181800000090",
    "level-40x8-s3-n40000:var95=38932417.601146474:00000000000080080085",
    "rare-40x8-s5-n40000:tvar95=3437451.940124608:6100987402",
)
"""Questions whose certificates were false once, with a cheaper plan that meets them."""

Limits = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Task:
    """One attack on one instance."""

    method: str
    family: str
    measures: int
    scenarios: int
    seed: int
    years: int
    metric: str = "tvar95"
    effort: int = 600

    @property
    def name(self) -> str:
        return f"{self.method} {self.family} {self.measures}x{self.scenarios} s{self.seed} n{self.years} {self.metric}"

    @property
    def instance(self) -> Instance:
        return instance(self.family, self.measures, self.scenarios, self.seed, self.years)


@dataclass
class Report:
    """What a task saw: how many claims of each kind, and the false ones."""

    task: Task
    kinds: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    def take(self, known: Known, claim: Claim) -> None:
        self.kinds[claim.kind] = self.kinds.get(claim.kind, 0) + 1
        self.findings += known.judge(claim)


# ---------------------------------------------------------------- methods of attack


def press(known: Known, claim: Claim, effort: int) -> None:
    """Search for plans cheaper than a claim's bound, from its own plan and from the best cheaper ones known."""
    ceiling = claim.lower_bound - 0.51
    if ceiling <= 0:
        return
    under = [p for p in known.points.values() if p.cost <= ceiling]
    under.sort(key=lambda p: known.excess(p, claim.limits))
    starts = [p.chosen for p in under[:3]]
    if claim.chosen is not None:
        starts.insert(0, claim.chosen)
    if starts:
        search_below(known, ceiling, claim.limits, starts, effort, known.instance.seed)


def asked(known: Known, report: Report, limits: Limits, effort: int) -> Claim:
    """Ask tenbin, press its claim, judge it."""
    claim = claim_of(known.instance, limits, SECONDS)
    press(known, claim, effort)
    report.take(known, claim)
    return claim


def just_missed(known: Known, claim: Claim, count: int) -> Iterator[Limits]:
    """Limits at the values of the best plans that cost less than a claim's plan and only just miss its limits."""
    metric = claim.limits[0][0]
    place = known.metrics.index(metric)
    missed = [p for p in known.points.values() if p.cost < claim.lower_bound - 1 and known.excess(p, claim.limits) > 0]
    missed.sort(key=lambda p: known.excess(p, claim.limits))
    for point in missed[:count]:
        yield ((metric, point.values[place] * EDGE),)


def by_edges(task: Task, report: Report) -> None:
    """Shares of the inherent value; then limits on the very plans that only just missed those."""
    known = Known(task.instance, (task.metric,))
    for share in (0.75, 0.55, 0.4):
        claim = asked(known, report, ((task.metric, share * task.instance.inherent(task.metric)),), task.effort)
        for limits in list(just_missed(known, claim, 3)):
            asked(known, report, limits, task.effort // 2)


def by_genetic(task: Task, report: Report) -> None:
    """Limits on non-dominated plans of NSGA-II, made cheaper by local search first."""
    known = Known(task.instance, (task.metric,))
    front = genetic_front(task.instance, task.metric, task.seed, population=60, generations=max(10, task.effort // 15))
    known.add(front.levels[front.edge()])
    inherent = task.instance.inherent(task.metric)
    edge = [n for n in front.edge() if 0.3 * inherent < front.risk[n] < 0.95 * inherent]
    picks = np.random.default_rng(task.seed).permutation(edge)[:4] if edge else []
    for n in picks:
        best = improve(
            known, ((task.metric, front.risk[n]),), task.instance.chosen(front.levels[n]), task.effort // 4, task.seed
        )
        if best.values[0] > 0:
            asked(known, report, ((task.metric, best.values[0] * EDGE),), task.effort // 2)


def by_exact(task: Task, report: Report) -> None:
    """The extensive form on the same years as an oracle: its plan is a witness, proved cheapest or not."""
    known = Known(task.instance, (task.metric,))
    for share in (0.7, 0.5):
        limits = ((task.metric, share * task.instance.inherent(task.metric)),)
        answer = exact_plan(task.instance, *limits[0], task.effort / 20)
        if answer.chosen is not None:
            point = known.evaluate(answer.chosen)
            if 0 < point.values[0] <= limits[0][1] * EDGE:
                asked(known, report, ((task.metric, point.values[0] * EDGE),), task.effort // 4)
        asked(known, report, limits, task.effort // 4)


def by_force(task: Task, report: Report) -> None:
    """Every plan there is; one or two limits of any metric at the values of a plan taken at random."""
    case = task.instance
    metrics = [m for m in METRICS if m == "aal" or quantile_rank(case.years, float(m.lstrip("tvar")) / 100) < case.years]
    known = Known(case, metrics)
    known.add(np.array(plan) for plan in itertools.product(*(range(top + 1) for top in case.top)))
    rng = np.random.default_rng([task.seed, 12])
    points = list(known.points.values())
    for _ in range(task.effort // 60):
        point = points[int(rng.integers(len(points)))]
        which = rng.choice(len(metrics), int(rng.integers(1, 3)), replace=False)
        limits = tuple((metrics[w], point.values[w] * (EDGE if rng.random() < 0.7 else 1.003)) for w in which)
        if all(limit > 0 for _, limit in limits):
            report.take(known, claim_of(case, limits, SECONDS))


METHODS: dict[str, Callable[[Task, Report], None]] = {
    "edges": by_edges,
    "genetic": by_genetic,
    "exact": by_exact,
    "force": by_force,
}


def attack(task: Task) -> Report:
    """Carry out one attack."""
    began = time.perf_counter()
    report = Report(task)
    METHODS[task.method](task, report)
    report.seconds = time.perf_counter() - began
    return report


# ---------------------------------------------------------------- one of them again


def parse(name: str) -> tuple[Instance, Limits, str]:
    """``family-MxS-sSEED-nYEARS:metric=limit,…[:witness]``."""
    place, question, *witness = name.split(":")
    family, size, seed, years = place.split("-")
    measures, scenarios = size.split("x")
    pairs = [part.split("=") for part in question.split(",")]
    case = instance(family, int(measures), int(scenarios), int(seed[1:]), int(years[1:]))
    return case, tuple((metric, float(limit)) for metric, limit in pairs), witness[0] if witness else ""


def replay(name: str, effort: int = 600) -> list[Finding]:
    """Ask a named question again and judge the answer by its witness (by a search when the name has none)."""
    case, limits, witness = parse(name)
    known = Known(case, tuple(metric for metric, _ in limits))
    if witness:
        point = known.evaluate(from_hex(witness, case.costs.n_rows))
        print(f"witness: costs {point.cost:,.0f}, over its limits by {known.excess(point, limits):.3e}")
    claim = claim_of(case, limits, SECONDS)
    if not witness:
        press(known, claim, effort)
    cost = float("nan") if claim.chosen is None else case.costs.npv(claim.chosen)
    print(f"tenbin: {claim.kind}, costs {cost:,.0f}, lower bound {claim.lower_bound:,.0f}, delta {claim.delta:.3%}")
    findings = known.judge(claim)
    for finding in findings:
        print("FALSE: " + told(finding))
    return findings


def told(finding: Finding) -> str:
    """A finding in words."""
    if finding.fault == "kind":
        return f"{finding.claim.kind} with too few tail years: replay({finding.name!r})"
    what = f"{finding.claim.kind}, bound {finding.claim.lower_bound:,.0f}, a plan costs {finding.cost:,.0f}"
    within = f"{finding.margin:.2e} within its limits, delta {finding.claim.delta:.2e}"
    return f"{finding.fault}: {what} ({finding.too_dear:+.2%} too dear), {within}: replay({finding.name!r})"


# ---------------------------------------------------------------- the battery


def battery(quick: bool, first_seed: int = 0, seeds: int = 2) -> list[Task]:
    """What is attacked, the cheap ones first."""
    if quick:
        tasks = [Task("force", "rare", 9, 4, first_seed, 20_000), Task("force", "jump", 4, 3, first_seed, 5_000)]
        tasks += [Task("force", "plain", 4, 4, first_seed, 2_000), Task("exact", "rare", 20, 8, first_seed, 200, effort=100)]
        tasks += [Task("edges", "rare", 14, 5, first_seed, 20_000, "var95", 100)]
        tasks += [Task("edges", "narrow", 24, 6, first_seed, 20_000, m, 100) for m in ("tvar95", "var95")]
        return [*tasks, Task("genetic", "level", 16, 6, first_seed, 20_000, "tvar95", 150)]
    tasks = []
    for seed in range(first_seed, first_seed + seeds):
        for family in ("plain", "narrow", "level", "capped", "rare"):
            small = (12, 4) if family == "rare" else (6, 4)
            tasks += [Task("force", family, *small, seed, n) for n in (200, 2_000, 20_000, 100_000)]
            tasks += [Task("exact", family, 20, 8, seed, 200, m, 300) for m in ("tvar95", "var95")]
            for m in ("tvar95", "var95"):
                tasks += [Task("edges", family, 40, 8, seed, n, m) for n in (2_000, 10_000, 40_000, 100_000)]
                tasks += [Task("genetic", family, 40, 8, seed, n, m) for n in (2_000, 40_000)]
        # many small losses are slow to evaluate; 99 %: there VaR stands at the edge of the rare jump
        tasks += [Task("force", "jump", 6, 3, seed, n) for n in (2_000, 20_000)]
        tasks += [Task("edges", "jump", 16, 4, seed, 20_000, m, 200) for m in ("tvar95", "var95")]
        tasks += [Task("edges", "jump", 16, 4, seed, 100_000, m, 60) for m in ("tvar99", "var99")]
        for m in ("tvar95", "tvar99", "var95"):
            tasks += [Task(how, "plain", 55, 40, seed, 100_000, m) for how in ("edges", "genetic")]
    return sorted(tasks, key=lambda task: task.years * task.measures * task.scenarios * (20 if task.family == "jump" else 1))


def run(tasks: Sequence[Task], jobs: int, seconds: float) -> list[Report]:
    """Carry out as many tasks as the time allows, and say how each went."""
    os.environ.setdefault("TENBIN_THREADS", "1")
    began, reports = time.monotonic(), []
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        left, waiting = list(reversed(tasks)), {}
        while True:
            while left and len(waiting) < jobs and time.monotonic() - began < seconds:
                task = left.pop()
                waiting[pool.submit(attack, task)] = task
            if not waiting:
                break
            future = next(as_completed(waiting))
            task = waiting.pop(future)
            if error := future.exception():
                print(f"{task.name}: broke: {error!r}", flush=True)
                continue
            report = future.result()
            reports.append(report)
            kinds = " ".join(f"{kind} {n}" for kind, n in sorted(report.kinds.items()))
            print(f"{report.task.name:<46}{report.seconds:>7.1f} s  {kinds}  false {len(report.findings)}", flush=True)
            for finding in report.findings:
                print("    " + told(finding), flush=True)
    return reports


def summary(reports: Sequence[Report]) -> None:
    """Counts by family and years."""
    print(f"\n{'family':<10}{'years':>9}{'claims':>8}{'audited':>9}{'proved':>8}{'gap':>6}{'false':>7}{'worst':>9}")
    for family, years in sorted({(r.task.family, r.task.years) for r in reports}):
        some = [r for r in reports if (r.task.family, r.task.years) == (family, years)]
        count = {kind: sum(r.kinds.get(kind, 0) for r in some) for kind in ("audited", "proved", "gap")}
        false = [f for r in some for f in r.findings]
        worst = max((f.too_dear for f in false if f.fault == "bound"), default=0.0)
        total = sum(sum(r.kinds.values()) for r in some)
        figures = "".join(f"{n:>{w}}" for n, w in zip(count.values(), (9, 8, 6), strict=True))
        print(f"{family:<10}{years:>9,}{total:>8}{figures}{len(false):>7}{worst:>9.2%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--least-years", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=15.0, help="no new attack is begun after so many")
    options = parser.parse_args()
    tasks = battery(options.quick, options.first_seed, options.seeds)
    tasks = [t for t in tasks if t.method in options.methods.split(",") and t.years >= options.least_years]
    reports = run(tasks, options.jobs, 60 * options.minutes)
    summary(reports)
    findings = [finding for report in reports for finding in report.findings]
    for name in KNOWN_FALSE:
        print(f"\nonce false: {name}")
        findings += replay(name)
    print(f"\n{len(findings)} false certificates")
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "adversary.json").write_text(json.dumps([told(f) for f in findings], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
