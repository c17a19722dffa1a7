"""The optimiser over worlds of uncertain parameters against every plan there is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, plans, tables
from oracles.brute import HALF, MET
from tenbin.studies import evaluate

SEEDS = range(8)
WORLDS = 16


@dataclass(frozen=True)
class All:
    """Every allowed plan of a case with its npv and metrics over the worlds."""

    events: Any
    plans: list[dict[str, str]]
    npv: np.ndarray
    values: dict[str, np.ndarray]


@cache
def everything(seed: int) -> All:
    frames = cases.uncertain(seed, n_trials=20_000, n_worlds=WORLDS)
    measures = frames["measures"].copy()
    measures["capex_low"], measures["capex_high"] = measures["capex"] * 0.7, measures["capex"] * (1.2 + measures.index % 3)
    frames = {**frames, "measures": measures}
    events = tenbin.simulate(tenbin.load(frames))
    evaluator = tenbin.evaluate(events, {}).evaluator
    found, npv, values = [], [], {"tvar95": [], "var95": [], "aal": []}
    for plan in plans.all_plans(tables.prepared(frames)):
        risk = evaluate(events, plan, evaluator=evaluator)
        if risk.violations:
            continue
        found.append(dict(sorted(plan.items())))
        npv.append(risk.cost.npv)
        for name, value in (("tvar95", risk.tvar(0.95)), ("var95", risk.var(0.95)), ("aal", risk.aal)):
            values[name].append(value)
    return All(events, found, np.array(npv), {name: np.array(column) for name, column in values.items()})


@pytest.mark.parametrize("metric", ["tvar95", "aal", "var95"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_is_cheaper_than_a_certificate_says(seed: int, metric: str) -> None:
    world = everything(seed)
    values = world.values[metric]
    for share in (0.25, 0.6):
        limit = math.ceil(values.min() + share * (values.max() - values.min()) + 1)
        good = values <= limit * MET
        result = tenbin.optimise(world.events, targets=[f"{metric}={limit}"])
        place = world.plans.index(dict(sorted(result.plan.items())))
        assert good[place]
        assert result.cost.npv == pytest.approx(world.npv[place], abs=1e-6)
        best = world.npv[good].min()
        assert result.certificate.lower_bound <= best + HALF
        if result.certificate.kind != "gap":
            assert result.cost.npv <= best + HALF
        if metric == "aal":
            assert result.certificate.kind == "proved"


def test_control_the_likely_values_have_other_plans() -> None:
    """Where the optimiser forgot the worlds, it would be caught: its answers differ, and some miss what is asked."""
    differ = missed = 0
    for seed in SEEDS:
        world = everything(seed)
        values = world.values["tvar95"]
        limit = math.ceil(values.min() + 0.25 * (values.max() - values.min()) + 1)
        both = tenbin.beside_likely(world.events, targets=[f"tvar95={limit}"])
        differ += not both.same
        missed += not all(target.met for target in both.targets)
        assert both.uncertain.targets[0].met
    assert differ > 0
    assert missed > 0


def test_one_world_has_nothing_to_stand_beside() -> None:
    events = tenbin.simulate(tenbin.load(cases.uncertain(0, n_trials=2_000, n_worlds=1)))
    with pytest.raises(tenbin.InputError) as raised:
        tenbin.beside_likely(events, targets=["tvar95=60%"])
    assert raised.value.problems[0].file == "--likely"
