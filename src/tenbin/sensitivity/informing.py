"""The value of perfect information: how much better the best plan would be if a guess were known, in money a year."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel
from tenbin.model import Case, current_plan, violations
from tenbin.sensitivity.candidates import Bench, best_plan
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.guesses import HIGH, LOW, Guess, guesses_of
from tenbin.sensitivity.wording import nothing_uncertain
from tenbin.simulation import EventTable
from tenbin.studies.simulating import Progress
from tenbin.units import Purpose, stream

__all__ = ["Information", "Reach", "Worth", "information_value"]

FloatArray = NDArray[np.float64]

N_WORLDS = 1024
SEARCHED = 16
"""So many guesses, those of most worth or most effect, at which the best plan is looked for …"""
ENDS = (LOW, HIGH, -2.6, 2.6)
"""… where it is at its ends and beyond, in standard normal units."""
WORLDS_KNOWN = 8
N_BOOTSTRAP = 100
SEEN = 2.326
"""Plans are told from the 1 % to the 99 % point of a guess."""
SHORT = 4
"""Nodes, of a twentieth of a standard deviation each."""


@dataclass(frozen=True, slots=True)
class Reach:
    """From ``low`` to ``high`` of a guess (None: no end within belief) this plan would be the best."""

    low: float | None
    high: float | None
    plan: dict[str, str]
    is_best: bool

    def to_dict(self, case: Case, best: dict[str, str]) -> dict[str, Any]:
        """As in the JSON documents: what it changes against the plan that is best without knowing."""
        return {"low": self.low, "high": self.high, "is_best": self.is_best, "change": _difference(case, best, self.plan)}


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one guess is worth a year, with its standard error, and which plan is best where."""

    guess: Guess
    per_year: float
    error: float
    reaches: tuple[Reach, ...]


@dataclass(frozen=True)
class Information:
    """What knowing is worth.

    plan : the best without knowing more; total : its cost per year and expected loss. everything : of knowing all guesses, at
    least. worths : every guess, the most valuable first. annuity : turns a value a year into one over the horizon.
    """

    case: Case = field(repr=False)
    plan: dict[str, str]
    total: float
    everything: float
    worths: tuple[Worth, ...]
    n_plans: int
    n_worlds: int
    seed: int
    annuity: float

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents; guesses of no worth are counted only."""
        worths = [worth for worth in self.worths if worth.per_year > 0]
        return {
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "total_per_year": self.total,
            "everything_per_year": self.everything,
            "annuity": self.annuity,
            "n_plans": self.n_plans,
            "n_worlds": self.n_worlds,
            "n_of_no_worth": len(self.worths) - len(worths),
            "guesses": [
                {
                    "guess": worth.guess.key,
                    "per_year": worth.per_year,
                    "error": worth.error,
                    "plans": [reach.to_dict(self.case, self.plan) for reach in worth.reaches],
                }
                for worth in worths
            ],
        }


def information_value(
    source: EventTable | Case,
    *,
    seed: int | None = None,
    n_worlds: int = N_WORLDS,
    plans: Sequence[dict[str, str]] = (),
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Information:
    """How much better the best plan would be if a guess were known (EVPPI), for each guess, and if all were (EVPI).

    A plan's total is its cost per year and its expected loss; the best plan has the least on average over belief. Given a guess,
    another may be better: the value of knowing it is E[min over plans of E(total | guess)] subtracted from the least mean total.
    E(total | guess) is exact but for the worlds that the other guesses are averaged over. Plans laid side by side: the best, those
    one measure away, those that single moves and swaps lead down to where one of the guesses that matter most is at either end, and
    where everything is known, in some worlds. Another plan could only add to the value: it is a lower bound.

    Parameters
    ----------
    source : an event table or a case; the years are not looked at.
    plans : more plans to lay beside the others, as far as the rules allow them.
    on_progress : called with (stage, done, total, detail). stop : set it to end with the plans found so far.

    Raises
    ------
    InputError : when nothing in the case has a range.

    References
    ----------
    Raiffa & Schlaifer (1961), Applied Statistical Decision Theory; Strong, Oakley & Brennan (2014), Medical Decision Making 34.
    """
    case = source.case if isinstance(source, EventTable) else source
    start = seed if seed is not None else source.seed if isinstance(source, EventTable) else case.study.seed
    if not guesses_of(case):
        raise nothing_uncertain()
    worlds = BeliefWorlds.of(case, n_worlds, start)
    bench = Bench.of(worlds)

    def say(done: int, total: int) -> None:
        if on_progress:
            on_progress("information", done, total, {})

    say(0, len(ENDS) * SEARCHED)
    bench.add(best_plan(case, start) or {})
    for plan in (current_plan(case), *plans):
        if not violations(case, plan):
            bench.add(plan)
    bench.settle()
    ends = [(worlds.guesses[g], float(worlds.guesses[g].at(np.array([z]))[0])) for g in _promising(bench) for z in ENDS]
    bench.add_best_given(ends, say, stop)
    bench.add_best_of_worlds(WORLDS_KNOWN, stop)
    return _found(bench, start)


def _promising(bench: Bench) -> list[int]:
    """The guesses of most worth by the plans so far, and those that move the best plan's total most."""
    values = _values(bench)
    moved = (bench.totals(bench.best) - bench.best.mean) ** 2 @ bench.worlds.nodes.weight
    by_worth, by_effect = np.argsort(-values, kind="stable"), np.argsort(-moved, kind="stable")
    first = [int(g) for g in by_worth[: SEARCHED * 2 // 3] if values[g] > 0]
    return list(dict.fromkeys([*first, *map(int, by_effect)]))[:SEARCHED]


def _least(bench: Bench) -> tuple[FloatArray, NDArray[np.int64]]:
    """The least total given each guess at each node, and the plan that has it: shape (n_guesses, n_nodes)."""
    least, which = np.full(bench.worlds.values.shape, np.inf), np.zeros(bench.worlds.values.shape, np.int64)
    order = sorted(range(len(bench.plans)), key=lambda n: bench.plans[n].mean)
    for n in order:  # the best first: what is equal to it switches nothing
        totals = bench.totals(bench.plans[n])
        which[totals < least] = n
        np.minimum(least, totals, out=least)
    return least, which


def _values(bench: Bench) -> FloatArray:
    """What knowing each guess is worth a year by the plans on the bench, shape (n_guesses,)."""
    weight = bench.worlds.nodes.weight
    base = np.min([bench.totals(plan) @ weight for plan in bench.plans], axis=0)
    gain = base - _least(bench)[0] @ weight
    return np.asarray(np.where(gain > 1e-9 * np.abs(base), gain, 0.0))


def _found(bench: Bench, seed: int) -> Information:
    values, (_, which) = _values(bench), _least(bench)
    best = bench.best
    everything = best.mean - float(np.min([plan.total for plan in bench.plans], axis=0).mean())
    errors = _errors(bench, which, [int(g) for g in np.flatnonzero(values)], seed)
    order = sorted(range(len(values)), key=lambda g: (-values[g], bench.worlds.guesses[g].key))
    return Information(
        case=bench.worlds.case,
        plan=best.plan,
        total=best.mean,
        everything=max(everything, float(values.max(initial=0.0))),
        worths=tuple(
            Worth(bench.worlds.guesses[g], float(values[g]), errors.get(g, 0.0), tuple(_reaches(bench, g, which[g])))
            for g in order
        ),
        n_plans=len(bench.plans),
        n_worlds=bench.worlds.n_worlds,
        seed=seed,
        annuity=CostModel.of(bench.worlds.case).annuity,
    )


def _reaches(bench: Bench, g: int, which: NDArray[np.int64]) -> list[Reach]:
    """The stretches of a guess over which one plan is best, between the 1 % and the 99 % point."""
    nodes, values, guess = bench.worlds.nodes.normal, bench.worlds.values[g], bench.worlds.guesses[g]
    inside = np.flatnonzero(np.abs(nodes) <= SEEN)
    which = _steady(which, inside)
    found: list[Reach] = []
    low: float | None = None
    for k in inside:
        is_last = k == inside[-1]
        if not is_last and which[k + 1] == which[k]:
            continue
        high = None if is_last else _crossing(bench, g, int(k), which, guess)
        plan = bench.plans[which[k]]
        found.append(Reach(low, high, plan.plan, plan.plan == bench.best.plan))
        low = high
    assert len(values) == len(nodes)
    return found


def _steady(which: NDArray[np.int64], inside: NDArray[np.int64]) -> NDArray[np.int64]:
    """The plans by node without those that are best over less than ``SHORT`` nodes: they take that of the node before."""
    found = which.copy()
    starts = [inside[0], *(k for k in inside[1:] if which[k] != which[k - 1])]
    for start, end in zip(starts, [*starts[1:], inside[-1] + 1], strict=True):
        if end - start < SHORT and len(starts) > 1:
            found[start:end] = found[start - 1] if start > inside[0] else which[end]
    return found


def _crossing(bench: Bench, g: int, k: int, which: NDArray[np.int64], guess: Guess) -> float:
    """Where the totals of the plans before and after a node's right side are equal."""
    before, after = (bench.totals(bench.plans[which[n]])[g] for n in (k, k + 1))
    first, second = after[k] - before[k], after[k + 1] - before[k + 1]
    share = min(max(float(first / (first - second)), -SHORT), SHORT) if first > second else 0.5
    normal = bench.worlds.nodes.normal
    return float(guess.at(np.array([normal[k] + share * (normal[k + 1] - normal[k])]))[0])


def _errors(bench: Bench, which: NDArray[np.int64], wanted: list[int], seed: int) -> dict[int, float]:
    """Standard errors of the values by a bootstrap of the worlds, over the plans that are best somewhere."""
    if not wanted:
        return {}
    best = bench.plans.index(bench.best)
    numbers = sorted({best, *map(int, np.unique(which[wanted]))})
    losses = [bench.worlds.plan_loss(bench.plans[n].chosen).only(wanted) for n in numbers]
    draw, n_worlds = stream(seed, Purpose.SENSITIVITY, "bootstrap", "information"), bench.worlds.n_worlds
    weight = bench.worlds.nodes.weight
    found = np.empty((N_BOOTSTRAP, len(wanted)))
    for turn in range(N_BOOTSTRAP):
        share = draw.multinomial(n_worlds, np.full(n_worlds, 1 / n_worlds)) / n_worlds
        tables = [bench.given(bench.plans[n], loss, share)[wanted] for n, loss in zip(numbers, losses, strict=True)]
        found[turn] = np.min([t @ weight for t in tables], axis=0) - np.min(tables, axis=0) @ weight
    return dict(zip(wanted, found.std(axis=0, ddof=1).tolist(), strict=True))


def _difference(case: Case, before: dict[str, str], after: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """What a plan has that another has not, and the reverse."""
    return {
        "add": [{"measure": m, "level": level} for m, level in after.items() if before.get(m) != level],
        "drop": [{"measure": m, "level": level} for m, level in before.items() if m not in after],
    }
