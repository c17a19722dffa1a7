"""Loss by form: adds up to the whole, and splits as each scenario says."""

from __future__ import annotations

from dataclasses import replace

import pytest

import tenbin
from cases_by_hand import linked_case

SHARES = {
    "A": (("productivity", "response"), (0.75, 0.25)),
    "B": (("response",), ()),
    "C": (("fines", "response"), ()),
    "D": ((), ()),
}


def test_forms_add_up_and_split_as_said() -> None:
    case = linked_case()
    scenarios = tuple(replace(s, loss_forms=SHARES[s.id][0], loss_shares=SHARES[s.id][1]) for s in case.scenarios)
    events = tenbin.simulate(replace(case, scenarios=scenarios), 40_000, 2)
    risk = tenbin.evaluate(events, {})
    found = {loss.form: loss for loss in tenbin.loss_by_form(risk)}
    assert list(found)[-1] == ""  # what is not known comes last
    assert sum(loss.aal for loss in found.values()) == pytest.approx(risk.aal, rel=1e-12)
    assert sum(loss.tvar95 or 0 for loss in found.values()) == pytest.approx(risk.tvar(0.95), rel=1e-12)
    own = {name: risk.evaluator.expected.by_scenario(risk.phi, risk.gamma)[n] for n, name in enumerate("ABCD")}
    assert found["productivity"].aal == pytest.approx(0.75 * own["A"])
    assert found["response"].aal == pytest.approx(0.25 * own["A"] + own["B"])
    assert found[""].aal == pytest.approx(own["C"] + own["D"])
    assert found["response"].aal != pytest.approx(0.25 * own["A"])  # the control


def test_what_lies_in_the_tail_is_what_its_years_lost() -> None:
    """By hand: a scenario's part of TVaR is its mean loss in the worst years, up to the year on the edge."""
    case = linked_case()
    events = tenbin.simulate(case, 40_000, 2)
    risk = tenbin.evaluate(events, {})
    alone = {}
    for n, name in enumerate("ABCD"):
        flags = tuple(k == n for k in range(4))
        alone[name] = risk.evaluator.annual_loss(risk.phi, risk.gamma, flags)
    tail = risk.annual_loss > risk.var(0.95)
    forms = tuple(replace(s, loss_forms=(s.id,)) for s in case.scenarios)
    split = {loss.form: loss.tvar95 for loss in tenbin.loss_by_form(replace(risk, case=replace(case, scenarios=forms)))}
    for name, loss in alone.items():
        assert split[name] == pytest.approx(loss[tail].mean(), rel=1e-3)
