"""The fleet of plausible companies (benchmarks/fleet.py): the same again, valid, of the sizes asked, and no company beyond belief."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.fleet import INDUSTRIES, fleet, main

import tenbin
from running.commands import run
from tenbin.evaluation import Evaluator, Quantity, Reduction
from tenbin.model import Case, Metric, current_plan

MEDIAN_TODAY = (0.001, 0.004)
"""Expected annual loss today, as a share of revenue: what docs/data.md defends for the two bundled companies."""
ANY_TODAY = (0.0001, 0.02)
"""Of any one company: a tenth of the lower end, five times the upper."""


def todays_share(case: Case) -> float:
    """Expected annual loss today over revenue, in closed form at the likely values."""
    events = tenbin.simulate(case, n_trials=1, n_worlds=1)
    reduction = Reduction.of(case, events.worlds)
    everything = Quantity(Metric.AAL, None, (True,) * len(case.scenarios))
    loss = Evaluator(events).value(everything, *reduction.reduce(reduction.choice(current_plan(case))))
    assert case.organisation.annual_revenue
    return loss / case.organisation.annual_revenue


def complaints(cases: list[Case]) -> list[str]:
    """What is beyond belief in a fleet, in words."""
    shares = [todays_share(case) for case in cases]
    found = [
        f"{case.name}: {share:.3%} of revenue"
        for case, share in zip(cases, shares, strict=True)
        if not ANY_TODAY[0] < share < ANY_TODAY[1]
    ]
    median = statistics.median(shares)
    return found if MEDIAN_TODAY[0] < median < MEDIAN_TODAY[1] else [*found, f"median: {median:.3%} of revenue"]


@pytest.fixture(scope="module")
def forty() -> list[Case]:
    return list(fleet(40, 34, 55, seed=0))


def test_a_company_is_the_same_whatever_stands_beside_it(forty: list[Case]) -> None:
    assert list(fleet(3, 34, 55, seed=0)) == forty[:3]
    assert next(fleet(1, 34, 55, seed=1)) != forty[0]
    other = next(fleet(1, 5, 80, seed=0))
    assert other.organisation == forty[0].organisation
    assert other.name == forty[0].name


@pytest.mark.parametrize(("n_scenarios", "n_measures"), [(1, 1), (3, 55), (34, 10), (34, 55), (100, 55), (40, 150)])
def test_sizes_are_as_asked_and_nothing_is_wrong(n_scenarios: int, n_measures: int) -> None:
    for case in fleet(2, n_scenarios, n_measures, seed=3):
        assert len(case.scenarios) == n_scenarios
        assert len({row.measure for row in case.costs.rows}) == n_measures
        assert {effect.measure for effect in case.effects} == {row.measure for row in case.costs.rows}  # none does nothing
        assert case.warnings == ()


def test_figures_are_plausible(forty: list[Case]) -> None:
    assert complaints(forty) == []
    firms = [case.organisation for case in forty]
    assert {case.name.split("-")[1] for case in forty} == set(INDUSTRIES)
    assert min(firm.employees or 0 for firm in firms) < 30
    assert max(firm.employees or 0 for firm in firms) > 300
    assert all(0.002 < (firm.cash_reserve or 0) / (firm.annual_revenue or 1) < 0.2 for firm in firms)


def test_the_larger_the_company_the_larger_its_figures(forty: list[Case]) -> None:
    """Rank correlations with the number of people; scatter is far less than the spread of sizes."""
    people = [float(case.organisation.employees or 0) for case in forty]
    revenue = [float(case.organisation.annual_revenue or 0) for case in forty]
    prices = [sum(row.capex for row in case.costs.rows) for case in forty]
    losses = [float(np.mean([scenario.severity.mean for scenario in case.scenarios])) for case in forty]
    often = [sum(scenario.frequency.likely for scenario in case.scenarios) for case in forty]
    for figures in (revenue, prices, losses, often):
        ranks = [np.argsort(np.argsort(one)) for one in (people, figures)]
        assert np.corrcoef(ranks[0], ranks[1])[0, 1] > 0.6


def test_how_finely_risk_is_told_changes_it_little() -> None:
    """The median over companies of 10 or 100 scenarios' loss over that of 34: within what scatter and caps do."""
    shares = {n: [todays_share(case) for case in fleet(15, n, 55, seed=5)] for n in (10, 34, 100)}
    for n in (10, 100):
        assert 0.6 < statistics.median(a / b for a, b in zip(shares[n], shares[34], strict=True)) < 1.6


def test_a_fleet_beyond_belief_is_told(forty: list[Case]) -> None:
    """Negative control: ten times as many events, and one company with a revenue that is a hundredth."""
    worse = [
        replace(
            case,
            scenarios=tuple(
                replace(one, frequency=replace(one.frequency, likely=10 * one.frequency.likely, low=None, high=None))
                for one in case.scenarios
            ),
        )
        for case in forty
    ]
    assert complaints(worse)[-1].startswith("median")
    firm = forty[0].organisation
    poor = replace(forty[0], organisation=replace(firm, annual_revenue=(firm.annual_revenue or 0) / 100))
    assert complaints([poor, *forty[1:]])[0].startswith(poor.name)


def test_other_makes_of_a_measure_do_not_add_up() -> None:
    case = next(fleet(1, 10, 110, seed=0))
    groups: dict[tuple[object, ...], set[str]] = {}
    for effect in case.effects:
        of = ".".join(effect.measure.split(".")[:2])
        groups.setdefault((effect.scenario, of, effect.acts_on), set()).add(effect.overlap_group)
    assert len(groups) >= 55
    assert all(len(names) == 1 and "" not in names for names in groups.values())


def test_the_command_writes_case_folders_that_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--companies", "2", "--scenarios", "8", "--measures", "60", "--seed", "4", "--out", str(tmp_path)]
    assert main(asked) == 0
    folders = [Path(line) for line in capsys.readouterr().out.splitlines()]
    for folder, made in itertools.zip_longest(folders, fleet(2, 8, 60, seed=4)):
        read = tenbin.load(folder)
        assert (read.scenarios, read.effects, read.costs.rows) == (made.scenarios, made.effects, made.costs.rows)
    assert "no errors" in run("check", folders[0], "--trials", 2000)[0]
    assert main(asked) == 2  # nothing is written over
    assert "new or empty" in capsys.readouterr().err


def test_bad_numbers_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--scenarios", "0", "--out", str(tmp_path)]) == 2
    assert "n_scenarios must be at least 1; got 0" in capsys.readouterr().err
