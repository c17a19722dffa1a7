"""No certificate is shown false by plans found otherwise (benchmarks/adversary.py, its quick battery), and a false one is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.adversary import EDGE, KNOWN_FALSE, Task, attack, battery, press, replay, told
from benchmarks.attack.control import unpolished
from benchmarks.attack.known import Known, claim_of
from benchmarks.instances import instance


@pytest.mark.parametrize("task", battery(quick=True), ids=lambda task: task.name)
def test_no_false_certificate(task: Task) -> None:
    report = attack(task)
    assert sum(report.kinds.values()) > 0, "nothing was claimed"
    assert [told(finding) for finding in report.findings] == []


@pytest.mark.parametrize("name", KNOWN_FALSE)
def test_what_was_false_once_is_no_more(name: str) -> None:
    assert [told(finding) for finding in replay(name)] == []


# ---------------------------------------------------------------- negative controls


CASE = ("narrow", 24, 6, 0, 20_000)


def test_control_tangents_that_are_too_flat_are_caught() -> None:
    """A bound from tangents that promise 70 % of what measures do is above plans that the search finds."""
    case = instance(*CASE)
    known = Known(case, ("tvar95",))
    limit = 0.6 * case.inherent("tvar95")
    honest = claim_of(case, (("tvar95", limit),), 20.0)
    wrong = unpolished(case, "tvar95", limit, slope=0.7)
    assert wrong.lower_bound > honest.lower_bound + 1
    press(known, replace(wrong, chosen=case.chosen(case.top)), 600)
    assert [finding.fault for finding in known.judge(wrong)] == ["bound"]


def test_control_an_unpolished_bound_is_caught() -> None:
    """Two hundred years are a staircase: tangents alone, neither audited nor polished, say too much there."""
    case = instance("narrow", 6, 4, 0, 200)
    known = Known(case, ("tvar95",))
    known.add(np.array(plan) for plan in np.ndindex(*(case.top + 1)))
    values = sorted(p.values[0] for p in known.points.values())
    false = 0
    for place in range(20, len(values), 60):
        claim = unpolished(case, "tvar95", values[place] * EDGE)
        false += any(finding.fault == "bound" for finding in known.judge(claim))
    assert false > 0


def test_control_a_plan_that_misses_its_limit_is_caught() -> None:
    case = instance(*CASE)
    limit = 0.6 * case.inherent("tvar95")
    claim = claim_of(case, (("tvar95", limit),), 20.0)
    tighter = replace(claim, limits=(("tvar95", 0.9 * limit),))
    assert "plan" in [finding.fault for finding in Known(case, ("tvar95",)).judge(tighter)]


def test_control_a_false_no_is_caught() -> None:
    """An infeasible answer where a plan exists counts as a false bound."""
    case = instance(*CASE)
    known = Known(case, ("tvar95",))
    point = known.evaluate(case.chosen(case.top))
    claim = replace(claim_of(case, (("tvar95", 0.0),), 20.0), limits=(("tvar95", point.values[0] * EDGE),))
    assert claim.kind == "infeasible"
    assert math.isinf(claim.lower_bound)
    assert [finding.fault for finding in known.judge(claim)] == ["bound"]
