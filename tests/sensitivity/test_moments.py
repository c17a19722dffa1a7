"""The variance of a year's loss in closed form against years drawn, for every law of frequency and every tie."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import tenbin
from oracles import cases
from tenbin.evaluation import Reduction
from tenbin.inputs import parse_target
from tenbin.model import Bernoulli, Case, NegativeBinomial
from tenbin.sensitivity.moments import variance_by_world
from tenbin.studies.scopes import reduce_plan, scope_flags

YEARS = 200_000


def tied_case() -> Case:
    """Triggers, a shared factor, at most one event a year, a negative binomial with and without the factor; light tails."""
    case = tenbin.load(cases.with_triggers(n_trials=YEARS))
    models = {"B": Bernoulli(), "C": NegativeBinomial(1.3), "E": NegativeBinomial(0.8)}
    scenarios = tuple(replace(one, frequency_model=models.get(one.id, one.frequency_model)) for one in case.scenarios)
    return replace(case, scenarios=scenarios)


@pytest.fixture(scope="module")
def events() -> tenbin.EventTable:
    return tenbin.simulate(tied_case(), seed=5)


@pytest.mark.parametrize("plan", ["nothing", "half", "all"])
@pytest.mark.parametrize("scope", ["", "data", "L2"])
def test_closed_form_is_what_years_vary_by(events: tenbin.EventTable, plan: str, scope: str) -> None:
    case = events.case
    phi, gamma = reduce_plan(Reduction.of(case, events.worlds), cases.PLANS[plan])
    flags = scope_flags(case, parse_target(f"{scope}:aal=0", case).scope) if scope else (True,) * len(case.scenarios)
    ours = float(variance_by_world(case, events.structure, phi, gamma, flags)[0])
    view = tenbin.evaluate(events, cases.PLANS[plan])
    loss = (view.scope(scope) if scope else view).annual_loss
    error = float(np.std((loss - loss.mean()) ** 2)) / math.sqrt(YEARS)
    assert abs(loss.var() - ours) < 4 * error
    # the controls: without what ties scenarios together, and with plain numbers of events
    loose = replace(case, triggers=(), factors=(), scenarios=tuple(replace(s, factor="") for s in case.scenarios))
    if not scope and plan == "nothing":
        table = tenbin.simulate(loose, n_trials=10)
        wrong = float(variance_by_world(loose, table.structure, phi, gamma, flags)[0])
        assert abs(wrong - ours) > 8 * error


def test_no_variance_is_said() -> None:
    case = made_heavy()
    table = tenbin.simulate(case, n_trials=100)
    none = np.zeros((1, len(case.scenarios)))
    assert np.isinf(variance_by_world(case, table.structure, none, none, (True,) * len(case.scenarios))).all()
    # outside of the scope it does not count
    assert np.isfinite(variance_by_world(case, table.structure, none, none, (False,))).all()


def made_heavy() -> Case:
    from sensitivity import made

    return made.one_choice(1e5, loss_model="pareto(minimum=1M, alpha=1.5)", frequency_low=None, frequency_high=None)
