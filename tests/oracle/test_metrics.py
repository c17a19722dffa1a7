"""Closed-form expected loss against the path sum, and the metrics against their definition in interface.md."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, compare, plans, risk, tables

SEEDS = range(12)
CONFIDENCES = ("0.5", "0.9", "0.95", "0.99", "0.995", "0.9737")


@cache
def events(seed: int) -> tuple[Any, Any]:
    frames = cases.generated(seed, n_trials=20_000 + 37 * seed)
    return frames, tenbin.simulate(tenbin.load(frames))


def some_plans(frames: Any, seed: int, count: int = 6) -> list[dict[str, str]]:
    every = list(plans.all_plans(tables.prepared(frames)))
    picked = np.random.default_rng(seed).choice(len(every), min(count, len(every)), replace=False)
    return [{}, *(every[i] for i in picked)]


SCOPES = ("", "L1", "L2", "L3", "data", "system", "L2/data", "L1/people", "S-01", "S-02")


def scoped(found: Any, scope: str) -> Any:
    return found.scope(scope) if scope else found


@pytest.mark.parametrize("seed", SEEDS)
def test_expected_loss_is_the_sum_over_paths(seed: int) -> None:
    """Both are exact, the oracle's means by quadrature to 1e-11: 1e-9 relative."""
    frames, table = events(seed)
    paths = risk.Paths(tables.prepared(frames))
    for plan in some_plans(frames, seed):
        found = tenbin.evaluate(table, plan=plan)
        expected = risk.expected_loss(paths.frames, plan, SCOPES, paths)
        for scope, value in zip(SCOPES, expected, strict=True):
            assert scoped(found, scope).aal == pytest.approx(value, rel=1e-9, abs=1e-9), (scope, plan)


@pytest.mark.parametrize("mistake", ["thinning", "severity", "overlap", "scale", "trigger", "cap", "deductible"])
def test_control_a_wrong_path_sum_is_rejected(mistake: str) -> None:
    """Over the cases together each mistake is seen at 1e-9."""
    seen = 0
    for seed in SEEDS:
        frames, table = events(seed)
        paths = risk.Paths(tables.prepared(frames), mistake)
        for plan in some_plans(frames, seed, 3):
            value = risk.expected_loss(paths.frames, plan, paths=paths, broken=mistake)[0]
            seen += tenbin.evaluate(table, plan=plan).aal != pytest.approx(value, rel=1e-9)
    assert seen >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_expected_loss_is_near_the_sample_mean(seed: int) -> None:
    """Within four standard errors σ/√N; the generated losses have finite variance (Pareto alpha > 2 or capped)."""
    frames, table = events(seed)
    for plan in some_plans(frames, seed):
        found = tenbin.evaluate(table, plan=plan)
        _, variance = risk.cumulants(frames, plan)
        error = math.sqrt(variance / len(found.annual_loss))
        assert abs(found.annual_loss.mean() - found.aal) <= compare.ERRORS * error
        assert abs(found.annual_loss.mean() - found.aal * (1 + 10 * error / found.aal)) > compare.ERRORS * error


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_var_and_tvar_are_as_defined(seed: int, confidence: str) -> None:
    """VaR is an order statistic: equal. TVaR is a sum in another order: equal to 1e-12."""
    frames, table = events(seed)
    for plan in some_plans(frames, seed, 2):
        found = tenbin.evaluate(table, plan=plan)
        for scope in ("", "L2", "data", "S-01"):
            part = scoped(found, scope)
            loss = np.asarray(part.annual_loss)
            assert loss.shape == (20_000 + 37 * seed,)
            assert part.var(float(confidence)) == compare.value_at_risk(loss, confidence)
            expected = compare.tail_value_at_risk(loss, confidence)
            assert part.tvar(float(confidence)) == pytest.approx(expected, rel=1e-12, abs=0)


def test_control_a_rank_off_by_one_is_seen() -> None:
    """In the same sample the neighbouring order statistics are other numbers."""
    _, table = events(0)
    found = tenbin.evaluate(table, plan={})
    ordered = np.sort(found.annual_loss)
    rank = math.ceil(0.95 * 20_000) - 1
    assert found.var(0.95) == ordered[rank]
    assert found.var(0.95) not in (ordered[rank - 1], ordered[rank + 1])
    assert found.tvar(0.95) != pytest.approx(ordered[rank - 1 :].mean(), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_surviving_is_a_value_at_risk(seed: int) -> None:
    """P(L > ℓ) ≤ p ⇔ VaR_{1−p} ≤ ℓ, at and beside every kind of ℓ."""
    _, table = events(seed)
    found = tenbin.evaluate(table, plan={})
    loss = np.asarray(found.annual_loss)
    levels = np.concatenate([np.quantile(loss, [0.8, 0.9, 0.95, 0.99], method="lower"), [1e7, 3e7]])
    for level in levels:
        for beside in (np.nextafter(level, 0), level, np.nextafter(level, np.inf)):
            above = int((loss > beside).sum())
            assert found.exceedance(float(beside)) == pytest.approx(above / len(loss), abs=1e-15)
            for percent in (5, 10, 1):
                rare = above * 100 <= percent * len(loss)
                assert rare == (found.var((100 - percent) / 100) <= beside)


def test_a_scope_loss_is_the_sum_of_its_scenarios() -> None:
    for seed in SEEDS:
        frames, table = events(seed)
        found = tenbin.evaluate(table, plan={})
        for scope in ("", "L1", "data"):
            inside = [r["id"] for r in tables.rows(frames, "scenarios") if risk.in_scope(r, scope)]
            if inside:
                total = sum(found.scope(s).annual_loss for s in inside)
                np.testing.assert_allclose(scoped(found, scope).annual_loss, total, rtol=1e-12)
