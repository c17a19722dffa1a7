"""Stress cases: what is forced happens once a year, factors are factors, and a supplier down costs what is said."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases
from tenbin.cli.render_stress import stressed
from tenbin.errors import InputError, SimulationError
from tenbin.evaluation import Reduction
from tenbin.model import Bernoulli, Case, Fixed, Range, Severity
from tenbin.sensitivity.stress_asked import StressKind, parse_stresses, supplier_scenario
from tenbin.sensitivity.stressed_years import StressedYears, cost_of_one
from tenbin.sensitivity.stressing import stress
from tenbin.studies.scopes import reduce_plan

YEARS = 40_000
ALL = (True,) * 5


@pytest.fixture(scope="module")
def events() -> tenbin.EventTable:
    """A sets off B and D, B sets off D, D sets off E; with ranges, in eight worlds."""
    frames = cases.with_triggers(n_trials=YEARS)
    scenarios = frames["scenarios"].assign(
        frequency_low=frames["scenarios"]["frequency"].map(_number) * 0.5,
        frequency_high=frames["scenarios"]["frequency"].map(_number) * 1.6,
    )
    return tenbin.simulate(tenbin.load({**frames, "scenarios": scenarios}), n_worlds=8)


def _number(text: Any) -> float:
    over, _, under = str(text).partition("/")
    return float(over) / float(under or 1)


def years(events: tenbin.EventTable, **asked: Any) -> StressedYears:
    return StressedYears(events, parse_stresses(events.case, **asked))


def point(events: tenbin.EventTable, plan: str) -> tuple[np.ndarray, np.ndarray]:
    return reduce_plan(Reduction.of(events.case, events.worlds), cases.PLANS[plan])


@pytest.mark.parametrize("plan", ["nothing", "all"])
def test_what_is_forced_costs_what_one_event_and_its_consequences_cost(events: tenbin.EventTable, plan: str) -> None:
    phi, gamma = point(events, plan)
    forced, plain = years(events, force=["A"]), years(events)
    loss, before = forced.losses(phi, gamma, ALL), plain.losses(phi, gamma, ALL)
    assert (loss >= before).all()
    assert (loss > before).all()  # in every year
    extra = loss - before
    truth = float(cost_of_one(events.structure, 0, phi, gamma).mean())
    error = float(extra.std()) / math.sqrt(YEARS)
    assert abs(extra.mean() - truth) < 4 * error
    assert forced.aal(phi, gamma, ALL) - plain.aal(phi, gamma, ALL) == pytest.approx(truth, rel=1e-9)
    # the control: A's own loss alone is less than what it sets off adds
    own = float((events.structure.severities[0].mean * np.exp(-gamma[:, 0])).mean())
    assert extra.mean() - own > 8 * error
    # it is drawn apart from what happens anyway
    assert abs(np.corrcoef(extra, before)[0, 1]) < 4 / math.sqrt(YEARS)


def test_measures_lower_the_loss_of_what_is_forced_and_not_its_happening() -> None:
    case = tenbin.load(cases.independent(n_trials=2_000))
    table = tenbin.simulate(case)
    phi, gamma = point(table, "all")
    forced, plain = years(table, force=["D"]), years(table)  # a fixed loss of 2,345,678, its frequency lowered by two measures
    extra = forced.losses(phi, gamma, ALL) - plain.losses(phi, gamma, ALL)
    assert extra == pytest.approx(np.full(2_000, 2_345_678.0), rel=1e-12)
    one = years(table, force=["C"])
    bare = one.losses(*point(table, "nothing"), ALL) - plain.losses(*point(table, "nothing"), ALL)
    half = one.losses(phi, gamma, ALL) - plain.losses(phi, gamma, ALL)
    assert half == pytest.approx(0.5 * bare, rel=1e-9)  # L3.014 takes half of a loss of C


def test_factors_are_factors(events: tenbin.EventTable) -> None:
    phi, gamma = point(events, "half")
    plain, doubled = years(events), years(events, scale=["loss=2"])
    assert doubled.losses(phi, gamma, ALL) == pytest.approx(2 * plain.losses(phi, gamma, ALL), rel=1e-12)
    often = years(events, scale=["frequency=3"])
    assert often.aal(phi, gamma, ALL) == pytest.approx(3 * plain.aal(phi, gamma, ALL), rel=1e-9)
    loss = often.losses(phi, gamma, ALL)
    assert abs(loss.mean() - often.aal(phi, gamma, ALL)) < 5 * float(loss.std()) / math.sqrt(YEARS)
    # of a part: its own events, and what they set off
    part = years(events, scale=["frequency=3:A", "loss=2:L2"])
    rates = events.worlds.frequency.copy()
    rates[:, 0] *= 3
    expected = replace(events_expected(events), frequency=rates)
    flags = [scenario.layer == 2 for scenario in events.case.scenarios]
    heavy = gamma - np.log(2) * np.array(flags)
    assert part.aal(phi, gamma, ALL) == pytest.approx(float(expected.by_world(phi, heavy, ALL).mean()), rel=1e-9)
    assert part.aal(phi, gamma, ALL) != pytest.approx(often.aal(phi, gamma, ALL), rel=1e-3)


def events_expected(events: tenbin.EventTable) -> Any:
    from tenbin.evaluation import ExpectedLoss

    return ExpectedLoss.of(events.structure)


def test_at_most_once_a_year_stays_that() -> None:
    case = tenbin.load(cases.independent(n_trials=3_000))
    scenarios = tuple(replace(s, frequency_model=Bernoulli()) if s.id == "D" else s for s in case.scenarios)
    table = tenbin.simulate(replace(case, scenarios=scenarios))
    often = years(table, scale=["frequency=20:D"])
    none = np.zeros((1, 5))
    only = [s.id == "D" for s in scenarios]
    assert often.losses(none, none, only) == pytest.approx(np.full(3_000, 2_345_678.0))
    assert often.aal(none, none, only) == pytest.approx(2_345_678.0)


def test_a_range_of_at_most_once_a_year_is_multiplied_world_by_world() -> None:
    case = tenbin.load(cases.independent(n_trials=4_000))
    scenarios = tuple(
        replace(s, frequency=Range(0.5, 0.2, 0.8), frequency_model=Bernoulli(), severity=Severity(Fixed(1e7)))
        if s.id == "D"
        else s
        for s in case.scenarios
    )
    table = tenbin.simulate(replace(case, scenarios=scenarios), n_worlds=2_000)
    often = years(table, scale=["frequency=3:D"])
    only, none = [s.id == "D" for s in scenarios], np.zeros((2_000, len(scenarios)))
    ours = often.aal(none, none, only)
    worlds = table.worlds.frequency[:, only.index(True)]
    assert ours == pytest.approx(1e7 * np.minimum(3 * worlds, 1).mean(), rel=1e-12)  # in the same worlds

    normal = np.random.default_rng(5).standard_normal(1_000_000)

    def drawn(likely: float, low: float, high: float) -> np.ndarray:
        below, above = math.log(likely / low) / 1.6448536, math.log(high / likely) / 1.6448536
        return likely * np.exp(normal * np.where(normal < 0, below, above))

    truth = 1e7 * np.minimum(3 * np.minimum(drawn(0.5, 0.2, 0.8), 1), 1)
    error = float(truth.std()) * math.sqrt(1 / 2_000 + 1 / 1_000_000)  # strata only lower it
    assert abs(ours - truth.mean()) < 3 * error
    loss = often.losses(none, none, only)
    assert abs(loss.mean() - ours) < 4 * float(loss.std()) / math.sqrt(4_000)
    # the control: belief drawn anew about points that are clipped is another belief
    wrong = 1e7 * np.minimum(drawn(1.0, 0.6, 1.0), 1)
    assert abs(wrong.mean() - truth.mean()) > 4 * error


def test_tables_beside_keep_the_memory_and_can_be_stopped() -> None:
    case = tenbin.load(cases.independent(n_trials=2_000))
    table = tenbin.simulate(case, memory=50_000_000)
    assert table.memory is not None
    asked = years(table, scale=["frequency=2"], force=["C"])
    assert asked.events.memory == table.memory
    assert asked.extra is not None
    assert asked.extra.events.memory == table.memory
    stop = threading.Event()
    stop.set()
    for one in ({"scale": ["frequency=2"]}, {"force": ["C"]}):
        with pytest.raises(SimulationError):
            StressedYears(table, parse_stresses(case, **one), stop)


def test_a_supplier_down() -> None:
    case = tenbin.load(cases.independent(n_trials=1_000))
    rich = replace(case, organisation=replace(case.organisation, annual_revenue=3.65e8))
    assert parse_stresses(rich, down=["C"])[0].amount == pytest.approx(3e7)
    assert parse_stresses(rich, down=["C"])[0].is_revenue
    assert parse_stresses(rich, down=["E"])[0].amount == 8e6  # its cap
    assert parse_stresses(case, down=["B"])[0].amount == pytest.approx(case.scenario("B").severity.quantile(0.95))
    (given,) = parse_stresses(rich, down=["D=12M"])
    assert given.amount == 12e6
    table = tenbin.simulate(case)
    none = np.zeros((1, 5))
    extra = years(table, down=["D=12M"]).losses(none, none, ALL) - years(table).losses(none, none, ALL)
    assert extra == pytest.approx(np.full(1_000, 12e6))


def test_why_the_month_costs_so_much_is_said() -> None:
    case = tenbin.load(cases.independent(n_trials=1_000))
    rich = replace(case, organisation=replace(case.organisation, annual_revenue=3.65e8))

    def told(of: Case, down: list[str], lang: str = "en") -> str:
        return "\n".join(b for b in stressed(stress(of, down=down, targets=["aal=1"]), None, lang) if isinstance(b, str))

    assert "A month without C is taken as the whole revenue of 30 days" in told(rich, ["C"])
    assert "(loss_cap)" in told(rich, ["E"])
    assert "one such event in twenty" in told(case, ["C"])
    given = told(rich, ["C=40M"])
    assert "costs the amount given" in given
    assert "twenty" not in given
    # of each that is asked for, once
    both = told(rich, ["C=40M", "E"])
    assert both.count("costs the amount given") == both.count("(loss_cap)") == 1
    assert "both at once" in both
    assert "in every stress case" in both
    japanese = told(rich, ["C=40M", "E=50M"], "ja")
    assert "最も厳しいのは「2件の同時発生」です" in japanese
    assert "0件" not in japanese


def test_the_supplier_is_found_by_its_title() -> None:
    for name in ("machine-parts-sme", "control-units-midtier"):
        case = tenbin.load(f"scenarios/{name}")
        found = supplier_scenario(case)
        assert found is not None
        assert found.endswith("L1-04")
        japanese = replace(case, scenarios=tuple(replace(s, title_en="") for s in case.scenarios))
        assert supplier_scenario(japanese) == found
    assert supplier_scenario(tenbin.load(cases.independent(n_trials=10))) is None


def test_each_alone_then_all_together_and_targets_stay(events: tenbin.EventTable) -> None:
    asked = {"force": ["B"], "scale": ["loss=2:L2"], "targets": ["tvar95=80%", "L2:aal=2M", "var90=30M"]}
    found = stress(events, {"half": cases.PLANS["half"]}, **asked)
    assert [one.text for one in found.cases] == ["loss=2:L2", "force=B", "loss=2:L2 + force=B"]
    assert list(found.plans) == ["current", "half"]
    normal = tenbin.evaluate(events, cases.PLANS["half"])
    ours = found.normal.plans["half"]
    assert ours.metrics["aal"] == pytest.approx(normal.aal, rel=1e-12)
    assert ours.metrics["var95"] == normal.var(0.95)
    assert ours.metrics["tvar95"] == pytest.approx(normal.tvar(0.95), rel=1e-12)
    assert ours.metrics["beyond_reserve"] == normal.exceedance(5e7)
    for one in found.cases:
        for name in found.plans:
            limits = [target.limit for target in one.plans[name].targets]
            assert limits == [target.limit for target in found.normal.plans["current"].targets]
            assert one.plans[name].metrics["aal"] > found.normal.plans[name].metrics["aal"]
    scoped = found.cases[0].plans["half"].targets[1]
    assert scoped.value == pytest.approx(2 * normal.scope("L2").aal, rel=1e-9)
    # all together is worse than each
    together = found.cases[-1].plans["half"].metrics["tvar95"]
    assert together > max(one.plans["half"].metrics["tvar95"] for one in found.cases[:-1])
    frame = found.to_frame()
    assert len(frame) == 8
    assert frame["targets_missed"].iloc[-1] == ";".join(t.target for t in found.cases[-1].plans["half"].targets if not t.met)


def test_the_ready_made_set(events: tenbin.EventTable) -> None:
    found = stress(events)
    assert found.is_usual
    kinds = [one.stresses[0].kind for one in found.cases]
    assert kinds == [StressKind.FREQUENCY, StressKind.LOSS, *[StressKind.FORCE] * 3]
    phi = gamma = np.zeros((8, 5))
    each = {s.id: float(cost_of_one(events.structure, n, phi, gamma).mean()) for n, s in enumerate(events.case.scenarios)}
    dearest = sorted(each, key=lambda name: -each[name])[:3]
    assert [one.text for one in found.cases[2:]] == [f"force={name}" for name in dearest]
    assert found.to_dict()["stresses"][0]["parts"][0]["factor"] == 3


def test_it_is_the_same_on_any_number_of_threads() -> None:
    case = tenbin.load(cases.uncertain(8, n_trials=20_000, n_worlds=4))
    name = case.scenarios[0].id
    one, two = (stress(tenbin.simulate(case, n_threads=n), "draft", force=name, scale="frequency=2") for n in (1, 2))
    assert one.to_dict() == two.to_dict()


def test_everything_wrong_is_said_at_once() -> None:
    case: Case = tenbin.load(cases.independent(n_trials=10))
    with pytest.raises(InputError) as caught:
        stress(
            case,
            ["nothing-like-it"],
            force=["a", "A"],
            down=["A", "B=lots"],
            scale=["frequency=0", "loss=-2", "size=3", "loss=2:L7", "loss"],
            targets=["tvar=3"],
        )
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 11
    for part in (
        "--force: must be a scenario's id; got a. Did you mean A?",
        "--down: must be a scenario that is forced only once; got A.",
        "--down: must be a scenario's id, or with what the month costs: ID=40M; got B=lots.",
        "--scale: must be a factor above 0, at most 1,000; got 0.",
        "--scale: must be a factor above 0, at most 1,000; got -2.",
        "--scale: must be frequency=FACTOR or loss=FACTOR, of a part after a colon; got size=3.",
        "--trials: must be 20 years or more",
    ):
        assert any(part in text for text in said), part
