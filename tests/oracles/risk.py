"""Risk under a plan, computed without drawing anything.

* ``expected_loss``: the sum over every path of triggers, each scenario's mean severity by numerical integration.
* ``compound``: the exact law of the year's loss by Fourier transform, between two bounds.
* ``cumulants``: mean and variance of the year's loss, by hand.

The law. Scenario s starts N_s events a year of its own, Poisson with mean λ_s F_s Γ (Γ gamma with mean 1 and the
given cv, shared by the scenarios that name the factor; F_s = Π(1 − effect) of the plan), or of another law of
``frequency.py``. Such an event carries a *cluster*: its own loss G_s Z_s and, per trigger s → t independently with
probability p·F_t, a cluster of t:

    C_s = G_s Z_s + Σ_t B_st C_t,   B_st ~ Bernoulli(p_st F_t).

So with ψ_X the characteristic function of X: ψ_C_s = ψ_{G_s Z_s} · Π_t (1 − p_st F_t + p_st F_t ψ_C_t), triggered
ones first, and that of the year's loss is Π over factors f of M_f(w_f) with w_f = Σ_{s in f} λ_s F_s (ψ_C_s − 1),
M_f(w) = E[e^{Γw}] = (1 − cv² w)^(−1/cv²); scenarios without a factor have M(w) = e^w. (Other laws than Poisson:
``frequency.of_factor``.)

Discretisation. A severity X is put on a grid of step h twice: moved *down* to ⌊X/h⌋h and *up* to ⌈X/h⌉h. Both are
stochastically ordered with X, sums and clusters keep the order, so the distribution functions found enclose the true
one: F_up ≤ F ≤ F_down, VaR_down ≤ VaR ≤ VaR_up, the same for TVaR and for the mean. The bracket is the discretisation
error bound; for the mean it is at most h times the expected number of events. What the grid cannot hold (loss beyond
its end) wraps round to its start; ``lost`` sizes it up (the probability that one event exceeds half of the grid,
and the mass found in its last eighth), and the tests ask that it be negligible, and that the mean by quadrature lie
in the bracket, which a wrapped or cut tail would break.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oracles.frequency import Frequency, Spectrum, frequency, of_factor, rate
from oracles.laws import Severity, severity
from oracles.tables import Frames, Plan, Row, level_rows, listed, number, rows

Array = NDArray[np.float64]


# ---------------------------------------------------------------- what a plan leaves


def reductions_of(frames: Frames, chosen: Sequence[Plan], broken: str = "") -> tuple[Array, Array]:
    """Factor left on the frequency of each scenario, and on the loss of an event: shape (n_plans, n_scenarios) each.

    ``broken``: ``thinning`` (frequency effects forgotten), ``severity`` (severity effects forgotten), ``overlap``
    (every contribution of an overlap group counts), ``scale`` (effect_scale forgotten).
    """
    column = {row["id"]: place for place, row in enumerate(rows(frames, "scenarios"))}
    strength: dict[str, Array] = {}  # of the level that each plan has of a measure, 0 without it
    for measure, found in level_rows(frames).items():
        scale = {row["level"]: 1.0 if broken == "scale" else number(row, "effect_scale", 1.0) for row in found}
        strength[measure] = np.array([scale[plan[measure]] if measure in plan else 0.0 for plan in chosen])
    logs = {acts: np.zeros((len(chosen), len(column))) for acts in ("frequency", "severity")}
    groups: dict[tuple[str, str, str], Array] = {}
    for effect in rows(frames, "effects"):
        contribution = -math.log(1.0 - number(effect, "effect")) * strength[effect["measure"]]
        acts, scenario = effect["acts_on"], effect["scenario"]
        if "overlap_group" in effect and broken != "overlap":
            key = (scenario, acts, effect["overlap_group"])
            groups[key] = np.maximum(groups.get(key, 0.0), contribution)
        else:
            logs[acts][:, column[scenario]] += contribution
    for (scenario, acts, _), largest in groups.items():
        logs[acts][:, column[scenario]] += largest
    for acts, forgotten in (("frequency", "thinning"), ("severity", "severity")):
        if broken == forgotten:
            logs[acts][:] = 0.0
    return np.exp(-logs["frequency"]), np.exp(-logs["severity"])


def reductions(frames: Frames, plan: Plan, broken: str = "") -> tuple[dict[str, float], dict[str, float]]:
    """(F, G) of one plan: scenario → factor left; ``broken`` as in ``reductions_of``."""
    names = [row["id"] for row in rows(frames, "scenarios")]
    thinned, reduced = reductions_of(frames, [plan], broken)
    return dict(zip(names, thinned[0].tolist(), strict=True)), dict(zip(names, reduced[0].tolist(), strict=True))


def in_scope(row: Row, scope: str) -> bool:
    """Whether a scenario touches ``L2``, ``data``, ``L2/data``, or is the one named; the empty scope holds all."""
    if scope in ("", row["id"]):
        return True
    layer, components = f"L{int(row['layer'])}", listed(row, "components")
    return all(part == layer if re.fullmatch(r"L\d", part) else part in components for part in scope.split("/"))


class Paths:
    """Every way a loss comes about: (scenarios on the way, product of trigger probabilities)."""

    def __init__(self, frames: Frames, broken: str = "") -> None:
        self.frames = frames
        self.scenarios = {row["id"]: row for row in rows(frames, "scenarios")}
        self.mean = {s: severity(frames, row).moment(1, broken) for s, row in self.scenarios.items()}
        edges: dict[str, list[tuple[str, float]]] = {}
        for row in rows(frames, "triggers"):
            if broken != "trigger":
                edges.setdefault(row["scenario"], []).append((row["triggers"], number(row, "probability")))
        self.paths: list[tuple[tuple[str, ...], float]] = []
        for start in sorted(self.scenarios):
            stack = [((start,), 1.0)]
            while stack:
                path, probability = stack.pop()
                self.paths.append((path, probability))
                stack += [((*path, t), probability * p) for t, p in edges.get(path[-1], [])]


def expected_losses(
    frames: Frames, chosen: Sequence[Plan], scopes: Sequence[str] = ("",), paths: Paths | None = None, broken: str = ""
) -> Array:
    """Expected annual loss of each plan and scope: Σ over paths of λ · Π (F on the way) · Π p · G · E[Z] of the path's end.

    A loss belongs to the scenario at the path's end. Shape (n_plans, n_scopes). ``broken`` as in ``reductions_of``, also
    ``trigger``, ``cap``, ``deductible``.
    """
    paths = paths or Paths(frames, broken)
    column = {name: place for place, name in enumerate(paths.scenarios)}
    thinned, reduced = reductions_of(frames, chosen, broken)
    by_end = np.zeros((len(chosen), len(column)))
    for path, probability in paths.paths:
        events = rate(paths.scenarios[path[0]]) * probability * thinned[:, [column[s] for s in path]].prod(axis=1)
        by_end[:, column[path[-1]]] += events * reduced[:, column[path[-1]]] * paths.mean[path[-1]]
    inside = np.array([[in_scope(row, scope) for row in paths.scenarios.values()] for scope in scopes], bool)
    return np.stack([by_end[:, mask].sum(axis=1) for mask in inside], axis=1)


def expected_loss(
    frames: Frames, plan: Plan, scopes: Sequence[str] = ("",), paths: Paths | None = None, broken: str = ""
) -> list[float]:
    """``expected_losses`` of one plan: one number a scope."""
    return [float(v) for v in expected_losses(frames, [plan], scopes, paths, broken)[0]]


# ---------------------------------------------------------------- mean and variance


def cumulants(frames: Frames, plan: Plan, broken: str = "") -> tuple[float, float]:
    """Mean and variance of the year's loss, from the law in the module's docstring.

    Of a cluster, with q_st = p_st F_t and all parts independent (triggered scenarios first):

        E C_s   = G_s E Z_s + Σ_t q_st E C_t
        Var C_s = G_s² Var Z_s + Σ_t (q_st E C_t² − (q_st E C_t)²)

    Given Γ_f, the loss started by the scenarios of factor f is compound Poisson: mean Γ_f m_f, variance Γ_f v_f with
    m_f = Σ λ_s F_s E C_s and v_f = Σ λ_s F_s E C_s². Unconditionally (total variance, E Γ = 1, Var Γ = cv²): variance
    v_f + cv² m_f². Factors and scenarios without one are independent, so their variances add. A negative binomial
    number has a gamma factor of its own, mean m_s: given Γ its variance is larger by cv_s² Γ² m_s², and
    E Γ² = 1 + cv². A number that is 0 or 1 makes the variance smaller by m_s².

    ``broken``: as in ``reductions``, and ``cv`` (the factor forgotten), ``trigger``, ``cluster`` (triggered events
    counted as independent ones: right mean, wrong variance), ``frequency`` (all numbers Poisson), ``double_cv`` (of
    the negative binomial).
    """
    scenarios = {row["id"]: row for row in rows(frames, "scenarios")}
    thinned, reduced = reductions(frames, plan, broken)
    edges = [] if broken == "trigger" else rows(frames, "triggers")
    first: dict[str, float] = {}
    second: dict[str, float] = {}

    def cluster(s: str) -> tuple[float, float]:
        if s not in first:
            law = severity(frames, scenarios[s])
            one, two = law.moment(1), law.moment(2)
            mean = reduced[s] * one
            variance = reduced[s] ** 2 * (two - one**2)
            for edge in edges:
                if edge["scenario"] == s and broken != "cluster":
                    t = edge["triggers"]
                    q = number(edge, "probability") * thinned[t]
                    m, sq = cluster(t)
                    mean += q * m
                    variance += q * sq - (q * m) ** 2
            first[s], second[s] = mean, variance + mean**2
        return first[s], second[s]

    events = {s: rate(row) * thinned[s] for s, row in scenarios.items()}
    if broken == "cluster":  # each triggered scenario gets its whole rate as if its events came by themselves
        events = dict.fromkeys(scenarios, 0.0)
        for path, probability in Paths(frames).paths:
            events[path[-1]] += rate(scenarios[path[0]]) * probability * math.prod(thinned[s] for s in path)
    cvs = {row["id"]: 0.0 if broken == "cv" else number(row, "cv") for row in rows(frames, "factors")}
    total_mean = total_variance = 0.0
    by_factor: dict[str, tuple[float, float]] = {}
    for s, row in scenarios.items():
        m, sq = cluster(s)
        mean = events[s] * m
        total_mean += mean
        total_variance += events[s] * sq
        own = frequency(row, broken).extra_variance(mean)
        before = by_factor.get(row.get("factor", ""), (0.0, 0.0))
        by_factor[row.get("factor", "")] = before[0] + mean, before[1] + own
    for factor, (mean, own) in by_factor.items():
        square = cvs.get(factor, 0.0) ** 2
        total_variance += square * mean**2 + (1 + square) * own
    return total_mean, total_variance


# ---------------------------------------------------------------- the whole law


@dataclass(frozen=True)
class Compound:
    """The law of the year's loss on the grid k·step: ``down`` ≤ true ≤ ``up`` stochastically; ``lost`` is about what
    wraps round.
    """

    step: float
    down: Array
    up: Array
    lost: float

    def mean(self) -> tuple[float, float]:
        """Bounds of the mean."""
        grid = np.arange(len(self.down)) * self.step
        return float(self.down @ grid), float(self.up @ grid)

    def below(self, loss: float, strict: bool = False) -> tuple[float, float]:
        """Bounds of P(L ≤ loss), or of P(L < loss) when ``strict``."""
        place = loss / self.step
        last = math.ceil(place - 1e-9) - 1 if strict else math.floor(place + 1e-9)
        count = max(last + 1, 0)
        return float(self.up[:count].sum()), float(self.down[:count].sum())

    def value_at_risk(self, confidence: float) -> tuple[float, float]:
        """Bounds of the smallest loss v with P(L ≤ v) ≥ confidence."""
        low, high = (int(np.searchsorted(np.cumsum(pmf), confidence - 1e-13)) for pmf in (self.down, self.up))
        return low * self.step, high * self.step

    def tail_value_at_risk(self, confidence: float) -> tuple[float, float]:
        """Bounds of (1/(1−α)) ∫_α^1 VaR_u du = VaR + E(L − VaR)⁺/(1−α)."""
        found = []
        for pmf in (self.down, self.up):
            place = int(np.searchsorted(np.cumsum(pmf), confidence - 1e-13))
            excess = (np.arange(place, len(pmf)) - place) @ pmf[place:]
            found.append((place + excess / (1 - confidence)) * self.step)
        return found[0], found[1]

    def tail_standard_error(self, confidence: float, n_trials: int) -> float:
        """Of the sample TVaR: its influence function is VaR + (L − VaR)⁺/(1−α) − TVaR, so s.e.² = Var((L −
        VaR)⁺)/((1−α)² N).
        """
        place = int(np.searchsorted(np.cumsum(self.up), confidence - 1e-13))
        excess = (np.arange(place, len(self.up)) - place) * self.step
        first, second = excess @ self.up[place:], excess**2 @ self.up[place:]
        return float(math.sqrt(max(second - first**2, 0.0) / n_trials) / (1 - confidence))

    def central_moment(self, order: int) -> float:
        """Of the upper law (the lower differs by about the step)."""
        grid = np.arange(len(self.up)) * self.step
        return float(math.prod([grid - self.up @ grid] * order) @ self.up)  # pow is a hundred times slower


def compound(frames: Frames, plan: Plan, step: float, n_grid: int, scope: str = "", broken: str = "") -> Compound:
    """The exact law of the year's loss (of a scope, without triggers into or out of it) under a plan.

    ``broken``: as in ``reductions``, and ``cv`` (the factor forgotten), ``double_cv``, ``trigger``, ``frequency`` (all
    numbers Poisson).
    """
    scenarios = {r["id"]: r for r in rows(frames, "scenarios") if in_scope(r, scope)}
    thinned, reduced = reductions(frames, plan, broken)
    edges = [
        r for r in rows(frames, "triggers") if broken != "trigger" and r["scenario"] in scenarios and r["triggers"] in scenarios
    ]
    cvs = {r["id"]: number(r, "cv") * (2 if broken == "double_cv" else 1) for r in rows(frames, "factors")}
    found = []
    for up in (False, True):
        cache: dict[str, Spectrum] = {}

        def cluster(s: str, up: bool = up, cache: dict[str, Spectrum] = cache) -> Spectrum:
            if s not in cache:
                transform = _transform(severity(frames, scenarios[s]), step / reduced[s], n_grid, up)
                for r in edges:
                    if r["scenario"] == s:
                        q = number(r, "probability") * thinned[r["triggers"]]
                        transform = transform * (1 - q + q * cluster(r["triggers"]))
                cache[s] = transform
            return cache[s]

        members: dict[str, list[tuple[Frequency, Spectrum]]] = {}
        for s, row in scenarios.items():
            own = frequency(row, broken)
            members.setdefault(row.get("factor", ""), []).append((own, own.rate * thinned[s] * (cluster(s) - 1)))
        total = np.ones(n_grid // 2 + 1, complex)
        for factor, laws in members.items():
            total = total * of_factor(laws, 0.0 if broken == "cv" else cvs.get(factor, 0.0))
        found.append(np.fft.irfft(total, n_grid))
    # Beyond the grid's end M: heavy tails get there by one event above M/2, light ones leave mass just below M.
    lost = float(np.abs(found[1][-n_grid // 8 :]).sum())
    for s, row in scenarios.items():
        events = sum(rate(scenarios[path[0]]) * weight for path, weight in _ending(edges, s))
        reach = np.array([n_grid * step / 2 / reduced[s]])
        lost += events * float(severity(frames, row).loss_above(reach)[0])
    return Compound(step, np.maximum(found[0], 0), np.maximum(found[1], 0), lost)


def discretised(law: Severity, step: float, n_grid: int, up: bool) -> Array:
    """One event's loss on the grid k·step, moved up or down to it; what lies beyond the last point is left out."""
    edge = np.arange(n_grid + 1) * step
    if not up:  # [kh, (k+1)h) → kh
        tail = law.loss_from(edge)
        return tail[:-1] - tail[1:]
    tail = law.loss_above(edge[:-1])  # ((k−1)h, kh] → kh
    return np.concatenate([[1 - tail[0]], tail[:-1] - tail[1:]])


@lru_cache(maxsize=40)
def _transform(law: Severity, step: float, n_grid: int, up: bool) -> Spectrum:
    """Plans and mistakes often leave a scenario's losses as they are, so the last ones are kept."""
    return np.fft.rfft(discretised(law, step, n_grid, up))


def _ending(edges: list[Row], s: str) -> list[tuple[tuple[str, ...], float]]:
    """Paths of triggers that end at ``s``, with their probabilities before any measure."""
    found = [((s,), 1.0)]
    for r in edges:
        if r["triggers"] == s:
            found += [((*path, s), w * number(r, "probability")) for path, w in _ending(edges, r["scenario"])]
    return found
