"""An interval for the true cheapest cost, that of infinitely many years, from independent samples of years."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import tenbin
from tenbin.errors import InputError, Problem, SimulationError
from tenbin.evaluation import Evaluator, Reduction
from tenbin.model import Case, Target
from tenbin.optimisation import MET
from tenbin.simulation import EventTable, simulate_case
from tenbin.studies.assuring import Condition, assured, conditions, most_exceeding
from tenbin.studies.loading import with_costs
from tenbin.studies.optimising import optimise
from tenbin.studies.results import Result
from tenbin.studies.scopes import Question
from tenbin.studies.simulating import Progress
from tenbin.studies.validating import TIMES
from tenbin.units import Purpose, stream
from tenbin.words import saying

__all__ = ["Interval", "replicate"]

said = saying("problems")

MARGINS = (0.005, 0.01, 0.02)
"""By how much limits are tightened in turn when no plan found holds."""
AT_ONCE = 4
"""Plans checked on one drawing of the fresh years: 8 bytes for each year, plan and scope stay."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Interval:
    """Between which costs (npv) the true cheapest plan lies.

    lower, upper : None where nothing can be said, ``notes`` say why. confidence : that both ends hold, each with half of the rest.
    plan : holds with that confidence and costs ``upper``. n_done : replications done of the ``n_asked``. costs, bounds : by
    replication, the cost of its plan (None without one) and what no plan costs less than in its sample (infinite: no plan meets
    the targets there). plans : the distinct plans found with their number, cheapest first. seeds : of the replications' years:
    ``tenbin.simulate(case, n_trials, seed)`` draws them again. n_checked : fresh years that ``upper`` rests on.
    """

    case: Case = field(repr=False)
    lower: float | None
    upper: float | None
    confidence: float
    plan: dict[str, str] | None
    n_asked: int
    n_done: int
    costs: tuple[float | None, ...] = field(repr=False)
    bounds: tuple[float, ...] = field(repr=False)
    plans: tuple[tuple[dict[str, str], int], ...] = field(repr=False)
    statuses: dict[str, int]
    notes: tuple[str, ...]
    seeds: tuple[int, ...] = field(repr=False)
    n_trials: int
    n_checked: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""

        def rows(plan: dict[str, str]) -> list[dict[str, str]]:
            return [{"measure": measure, "level": level} for measure, level in plan.items()]

        return {
            "schema": 1,
            "version": tenbin.__version__,
            "case": self.case.name,
            "currency": self.case.currency,
            "lower": self.lower,
            "upper": self.upper,
            "confidence": self.confidence,
            "plan": None if self.plan is None else rows(self.plan),
            "n_asked": self.n_asked,
            "n_done": self.n_done,
            "statuses": dict(self.statuses),
            "costs": list(self.costs),
            "lower_bounds": [bound if math.isfinite(bound) else None for bound in self.bounds],
            "plans": [{"plan": rows(plan), "count": count} for plan, count in self.plans],
            "notes": list(self.notes),
            "n_trials": self.n_trials,
            "n_checked": self.n_checked,
            "seed": self.seed,
        }


def replicate(
    source: EventTable | Case,
    targets: Sequence[str] = (),
    *,
    n_replications: int = 20,
    confidence: float = 0.95,
    seed: int | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    **options: Any,
) -> Interval:
    """Solve the same question on independent samples and say between which costs the true cheapest plan lies.

    *Lower end.* The truly cheapest plan meets m limits with sampling error (VaR and TVaR; an expected loss is in closed form) on
    a sample with probability 2^−m or more, and where it does, the sample's lower bound is at most its cost. So the L-th smallest
    of n bounds is at most the true cost with confidence 1 − β, L the largest with P(Bin(n, 2^−m) ≤ L − 1) ≤ β. This assumes that
    a sample's metric is as often at most the truth as above it: a theorem for VaR against an amount when (1 − α)·n_trials is whole;
    usual for TVaR, whose estimate is biased downwards and skewed to the right; true of shares of today's value for many years in the
    tail (the normal law). Of several limits it assumes that they are positively dependent, as increasing functions of independent
    draws are (Harris 1960). An audited certificate is taken at its word.

    *Upper end.* The cheapest of the plans found that meets its targets on ten times as many fresh years, with one-sided confidence
    1 − β over all plans that might be tried (Bonferroni); shares of today's or the inherent value are of the same fresh years. If
    none does, the limits are tightened by 0.5, 1 and 2 % on the first sample and what is found is tried too.

    With limits on the expected loss alone there is no sampling error, and one replication says it all.

    Parameters
    ----------
    source : a case, or an event table: then its case, number of years and seed are taken, its years are not used.
    targets : as in ``optimise``.
    n_replications : how many samples; at 95 % confidence 6 at least for one limit with sampling error, 13 for two.
    confidence : of the interval, 1 − 2β.
    seed : the samples' and the fresh years' seeds are derived from it; the event table's or the case's own when None.
    on_progress : called with (stage, done, total, detail).
    stop : set it to end with the replications done so far.
    options : as in ``optimise``, but ``validate``; ``time_limit`` is for each replication: a search cut short has a lower bound
        that is farther off, never wrong.

    Raises
    ------
    InputError : for what is not to be asked, as in ``optimise``; for a number of replications or a confidence that is none.

    References
    ----------
    Mak, Morton & Wood (1999), Operations Research Letters 24. Luedtke & Ahmed (2008), SIAM J. Optimization 19.
    """
    case = source.case if isinstance(source, EventTable) else source
    costs = options.pop("costs", None)
    if costs is not None:
        case = with_costs(case, costs)
    own_seed = source.seed if isinstance(source, EventTable) else case.study.seed
    start = own_seed if seed is None else seed
    _check(case, targets, n_replications, confidence, start, options)
    options.pop("raise_infeasible", None)
    samples = _Samples(
        case=case,
        n_trials=source.n_trials if isinstance(source, EventTable) else case.study.n_trials,
        n_threads=source.n_threads if isinstance(source, EventTable) else None,
        seed=start,
        targets=tuple(targets),
        options=options,
        stop=stop,
    )
    beta = (1 - confidence) / 2
    found, question = _solve_all(samples, n_replications, on_progress)
    asked = conditions(case, question)
    notes: list[str] = []
    lower = _lower([one.bound for one in found], len(asked), beta, notes)
    counted = Counter(one.plan for one in found if one.plan is not None)
    ranked = sorted({one.plan: one.npv for one in found if one.plan is not None}.items(), key=lambda pair: (pair[1], pair[0]))
    upper, plan, checked = _upper(samples, question, asked, ranked, beta, notes)
    return Interval(
        case=case,
        lower=lower,
        upper=upper,
        confidence=confidence,
        plan=None if plan is None else dict(plan),
        n_asked=n_replications,
        n_done=len(found),
        costs=tuple(None if one.plan is None else one.npv for one in found),
        bounds=tuple(one.bound for one in found),
        plans=tuple((dict(pairs), counted[pairs]) for pairs, _ in ranked),
        statuses=dict(sorted(Counter(one.status for one in found).items())),
        notes=tuple(notes),
        seeds=tuple(samples.seed_of(number) for number in range(len(found))),
        n_trials=samples.n_trials,
        n_checked=checked,
        seed=start,
    )


def _solve_all(samples: _Samples, n_replications: int, on_progress: Progress | None) -> tuple[list[_Found], tuple[Target, ...]]:
    """What each sample answers, until they are done or stopped, and the question as it was understood; one is enough without sampling error."""
    found: list[_Found] = []
    question: tuple[Target, ...] = ()
    needed = n_replications
    while len(found) < needed:
        try:
            events = samples.draw(len(found))
        except SimulationError:
            if samples.is_stopped():
                break
            raise
        result = samples.solve(events)
        if result.status == "interrupted":
            break
        question = result.question
        needed = n_replications if conditions(samples.case, question) else 1
        found.append(_Found.of(events, result))
        if on_progress:
            on_progress("replicate", len(found), needed, {} if found[-1].plan is None else {"npv": found[-1].npv})
    return found, question


@dataclass(frozen=True, slots=True)
class _Found:
    """What is kept of a replication (a result would hold all its years); npv is 0 without a plan."""

    status: str
    plan: Pairs | None
    npv: float
    bound: float

    @classmethod
    def of(cls, events: EventTable, result: Result) -> _Found:
        if result.risk is None:
            return cls(result.status, None, 0.0, _bound(events, result))
        return cls(result.status, _pairs(result), result.cost.npv, _bound(events, result))


@dataclass(frozen=True, slots=True)
class _Samples:
    """Independent samples of a case's years and what is asked of each."""

    case: Case
    n_trials: int
    n_threads: int | None
    seed: int
    targets: tuple[str, ...]
    options: dict[str, Any]
    stop: threading.Event | None

    def is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def seed_of(self, number: int) -> int:
        """Drawn, not counted up: so the samples of one seed are none of the next one's."""
        return int(stream(self.seed, Purpose.REPLICATE, "sample", str(number)).integers(2**53))

    def draw(self, number: int) -> EventTable:
        return simulate_case(
            self.case, self.n_trials, self.seed_of(number), n_threads=self.n_threads, is_stopped=self.is_stopped
        )

    def solve(self, events: EventTable, targets: Sequence[str] | None = None) -> Result:
        if targets is None:
            return optimise(events, self.targets, stop=self.stop, **self.options)
        return optimise(events, targets, stop=self.stop, **{**self.options, "level": None})


def _pairs(result: Result) -> Pairs:
    return tuple(sorted(result.plan.items()))


def _bound(events: EventTable, result: Result) -> float:
    """What no plan costs less than in this sample: infinite only where everything together misses a limit, for risk is monotone."""
    if result.risk is not None:
        return result.certificate.lower_bound if result.certificate else 0.0
    reduction = Reduction.of(events.case, events.worlds)
    everything = reduction.reduce(np.ones(reduction.n_rows, np.bool_))
    evaluator = Evaluator(events)
    for limit in Question(events.case, result.question).limits(evaluator, reduction):
        if evaluator.value(limit.quantity, *everything) > limit.limit * (1 + MET):
            return math.inf
    return 0.0


def _lower(bounds: Sequence[float], n_limits: int, beta: float, notes: list[str]) -> float | None:
    """The L-th smallest bound; the largest for limits without sampling error, which the true plan meets on every sample."""
    if not bounds:
        notes.append(said("note_no_replication"))
        return None
    chance = 0.5**n_limits
    rank = most_exceeding(len(bounds), chance, beta) + 1 if n_limits else len(bounds)
    if rank < 1:
        needed = math.ceil(math.log(beta) / math.log1p(-chance))
        notes.append(said("note_no_lower_from", n=len(bounds), needed=needed))
        return None
    lower = sorted(bounds)[rank - 1]
    if math.isinf(lower):
        beyond = sum(math.isinf(bound) for bound in bounds)
        notes.append(said("note_no_lower_beyond", n=beyond, base=len(bounds)))
        return None
    return lower


def _upper(
    samples: _Samples,
    question: Sequence[Target],
    asked: Sequence[Condition],
    ranked: Sequence[tuple[Pairs, float]],
    beta: float,
    notes: list[str],
) -> tuple[float | None, Pairs | None, int]:
    """The cost of the cheapest plan that holds on fresh years, the plan, and how many years it was checked on.

    ranked : the distinct plans found with their costs, cheapest first.
    """
    if not ranked:
        notes.append(said("note_no_upper_no_plan"))
        return None, None, 0
    if not asked:
        return ranked[0][1], ranked[0][0], 0
    n_years = samples.n_trials * TIMES
    error = beta / (len(ranked) + len(MARGINS))
    tried = {plan for plan, _ in ranked}

    def passing(first: EventTable, some: Sequence[tuple[Pairs, float]]) -> tuple[Pairs, float] | None:
        plans = [dict(plan) for plan, _ in some]
        holding = assured(first, asked, plans, error, n_years, samples.seed, Purpose.REPLICATE, samples.is_stopped)
        return next((one for one, holds in zip(some, holding, strict=True) if holds), None)

    try:
        first = samples.draw(0)
        for begin in range(0, len(ranked), AT_ONCE):
            best = passing(first, ranked[begin : begin + AT_ONCE])
            if best is not None:
                return best[1], best[0], n_years
        for result in _tightened(samples, first, question, asked):
            if result.risk is not None and _pairs(result) not in tried:
                tried.add(_pairs(result))
                if passing(first, [(_pairs(result), result.cost.npv)]):
                    return result.cost.npv, _pairs(result), n_years
    except SimulationError:
        if not samples.is_stopped():
            raise
        notes.append(said("note_no_upper_interrupted"))
        return None, None, 0
    notes.append(said("note_no_upper_none_holds", n=len(tried), years=n_years))
    return None, None, n_years


def _tightened(
    samples: _Samples, first: EventTable, question: Sequence[Target], asked: Sequence[Condition]
) -> Iterator[Result]:
    """What the first sample says to limits tightened by each margin in turn."""
    evaluator, reduction = Evaluator(first), Reduction.of(first.case, first.worlds)
    limits = [(one.name, one.limit(evaluator, reduction)) for one in asked]
    for margin in MARGINS:
        if samples.is_stopped():
            raise SimulationError(said("stopped_before_checked"))
        tighter = [f"{name}={limit * (1 - margin):.6f}" for name, limit in limits]
        yield samples.solve(first, [*(target.text for target in question), *tighter])


def _check(
    case: Case, targets: Sequence[str], n_replications: int, confidence: float, seed: int, options: dict[str, Any]
) -> None:
    problems = []
    if n_replications < 1:
        problems.append(
            Problem("replicate", 0, "n_replications", said("must_from", n=1), str(n_replications), said("do_usual", n=20))
        )
    if not 0 < confidence < 1:
        problems.append(
            Problem("replicate", 0, "confidence", said("must_between_0_1"), str(confidence), said("do_usual", n=0.95))
        )
    if seed < 0:
        problems.append(Problem("replicate", 0, "seed", said("must_from", n=0), str(seed), said("do_seed")))
    if options.get("validate"):
        remedy = said("do_without_validate")
        problems.append(Problem("replicate", 0, "validate", "False", "True", remedy))
    if options.get("budget") is not None and not targets and options.get("level") is None:
        remedy = said("do_replicate_target")
        problems.append(Problem("replicate", 0, "targets", said("must_target_or_level"), said("got_budget_alone"), remedy))
    if problems:
        raise InputError(problems)
