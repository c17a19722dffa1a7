"""A case that differs in effects or prices is answered on the years that are drawn already, and as if they were new."""

from __future__ import annotations

import numpy as np
import pytest

import tenbin
from tenbin.model import Case
from tenbin.studies.simulating import simulate_again

TARGET = ["tvar95=90%"]


@pytest.fixture(scope="module")
def case() -> Case:
    frames = tenbin.to_frames(tenbin.load("scenarios/machine-parts-sme"))
    frames["case"]["study"] |= {"n_trials": 20_000}
    return tenbin.load(frames)


def other(case: Case, table: str, row: int, **values: object) -> Case:
    frames = tenbin.to_frames(case)
    frame = frames[table].astype(object)
    for column, value in values.items():
        frame.loc[row, column] = value
    return tenbin.load({**frames, table: frame})


def test_another_effect_keeps_the_years_and_answers_as_new_ones_do(case: Case) -> None:
    events = tenbin.simulate(case)
    tenbin.optimise(events, TARGET)  # so that there is something to be misled by
    effect = case.effects[0].effect.likely
    changed = other(case, "effects", 0, effect=str(effect / 1.5), effect_low="", effect_high="")
    again, new = simulate_again(changed, events), tenbin.simulate(changed)
    assert again.blocks is events.blocks
    assert np.array_equal(again.worlds.effect, new.worlds.effect)
    for plan in ({}, "current", {row.measure: row.level for row in case.costs.rows}):
        assert tenbin.evaluate(again, plan).metrics() == tenbin.evaluate(new, plan).metrics()
    kept, fresh = tenbin.optimise(again, TARGET), tenbin.optimise(new, TARGET)
    assert (kept.plan, kept.cost, kept.targets[0].value) == (fresh.plan, fresh.cost, fresh.targets[0].value)
    before = tenbin.optimise(events, TARGET)
    assert before.targets[0].value != kept.targets[0].value  # control: the effect matters


def test_a_table_keeps_its_own_answer_after_another_was_asked(case: Case) -> None:
    events = tenbin.simulate(case)
    first = tenbin.optimise(events, TARGET)
    changed = other(case, "effects", 0, effect="0.01", effect_low="", effect_high="")
    tenbin.optimise(simulate_again(changed, events), TARGET)
    assert tenbin.optimise(events, TARGET).plan == first.plan


def test_other_prices_keep_the_years(case: Case) -> None:
    events = tenbin.simulate(case)
    changed = other(case, "measures", 0, capex="1234567")
    again = simulate_again(changed, events)
    assert again.blocks is events.blocks
    assert tenbin.optimise(again, TARGET).cost == tenbin.optimise(tenbin.simulate(changed), TARGET).cost


@pytest.mark.parametrize(("table", "values"), [("scenarios", {"frequency": "0.9", "frequency_low": "", "frequency_high": ""})])
def test_other_frequencies_are_drawn_anew(case: Case, table: str, values: dict[str, object]) -> None:
    events = tenbin.simulate(case)
    again = simulate_again(other(case, table, 0, **values), events)
    assert again.blocks is not events.blocks


def test_other_years_or_another_seed_are_drawn_anew(case: Case) -> None:
    events = tenbin.simulate(case)
    for settings in ({"n_trials": 1000}, {"seed": 7}):
        frames = tenbin.to_frames(case)
        frames["case"]["study"] |= settings
        assert simulate_again(tenbin.load(frames), events).blocks is not events.blocks
