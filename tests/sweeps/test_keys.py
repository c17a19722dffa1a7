"""A key says what is asked of what content: the same whatever files are called, another as soon as a cell, a question or an engine is."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import tenbin
from tenbin.sweeps import points as points_module
from tenbin.sweeps.bases import Base
from tenbin.sweeps.points import Task, make_points
from tenbin.sweeps.spec import read_spec

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASE = SCENARIOS / "two-cells"
DAY = date(2026, 1, 1)


def tasks(axes: dict[str, Any], **more: Any) -> list[Task]:
    spec = read_spec({"axes": {"case": CASE, "target": "aal=60%", **axes}, **more})
    points = make_points(spec, DAY)
    found = [points.task(n) for n in range(len(points))]
    assert all(isinstance(task, Task) for task in found)
    return found  # type: ignore[return-value]


def key(**axes: Any) -> str:
    return tasks(axes)[0].key


def copied(to: Path) -> Path:
    shutil.copytree(CASE, to / "case")
    shutil.copytree(CASE.parents[1] / "cost_tables" / "two-cells", to / "prices")
    settings = (to / "case" / "case.toml").read_text(encoding="utf-8")
    (to / "case" / "case.toml").write_text(settings.replace("../../cost_tables/two-cells", "../prices"), encoding="utf-8")
    return to / "case"


def rewrite(path: Path, change: Any) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    change(header, rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_names_of_files_and_the_order_of_rows_mean_nothing(tmp_path: Path) -> None:
    there = copied(tmp_path / "elsewhere")
    rewrite(there / "scenarios.csv", lambda header, rows: rows.reverse())
    assert key(case=there) == key()
    assert key(case=tenbin.load(CASE)) == key()
    assert key(case=tenbin.to_frames(tenbin.load(CASE))) == key()


@pytest.mark.parametrize("name", ["scenarios", "effects"])
def test_each_cell_means_something(name: str, tmp_path: Path) -> None:
    case = copied(tmp_path)
    before = key(case=case)

    def change(header: list[str], rows: list[list[str]]) -> None:
        column = header.index({"scenarios": "frequency", "effects": "effect"}[name])
        rows[0][column] = "0.123"

    rewrite(case / f"{name}.csv", change)
    assert key(case=case) != before


def test_a_question_a_seed_an_option_and_an_engine_mean_something(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        key(),
        key(target="aal=50%"),
        key(target=[["aal=60%", "tvar95=90%"]]),
        key(seed=7),
        key(trials=5000),
        key(worlds=3),
        key(budget="1M/year"),
        tasks({}, options={"validate": False})[0].key,
        tasks({}, options={"time_limit": 5})[0].key,
    ]
    monkeypatch.setattr(points_module, "ENGINE", "0.0.0/1")
    found.append(key())
    assert len(set(found)) == len(found)


def test_a_plan_is_checked_on_other_years_unless_that_is_given_up() -> None:
    assert tasks({}, options={"validate": True})[0].key == key()


def test_what_equals_the_case_s_own_is_the_same_point() -> None:
    case = tenbin.load(CASE)
    own = case.scenarios[0]
    assert key(seed=case.study.seed, trials=case.study.n_trials) == key()
    assert key(**{f"scenarios.{own.id}.frequency": repr(own.frequency.likely)}) == key()
    assert key(**{f"scenarios.{own.id}.frequency": "*1"}) == key()
    assert key(**{f"scenarios.{own.id}.frequency": "*1.01"}) != key()
    assert key(**{"organisation.day_rate": case.organisation.day_rate}) == key()
    assert key(**{"organisation.day_rate": case.organisation.day_rate + 1}) != key()


def test_only_what_events_depend_on_divides_the_years() -> None:
    first, *_ = (one.id for one in tenbin.load(CASE).scenarios)
    years = tasks({})[0].years
    assert {task.years for task in tasks({"target": ["aal=60%", "aal=50%"], "measures.*.capex": ["*1", "*2"]})} == {years}
    assert {task.years for task in tasks({"effects.*.effect": ["*0.9", "*0.8"]})} == {years}
    assert len({task.years for task in tasks({f"scenarios.{first}.frequency": ["*1", "*2"], "seed": [1, 2]})}) == 4


def test_a_base_makes_the_same_case_and_a_changed_one_what_replace_makes() -> None:
    case = tenbin.load(SCENARIOS / "machine-parts-sme")
    assert Base.of(case).case() == case
    spec = read_spec({"axes": {"case": CASE, "scenarios.S-L1-03.frequency": "1/7"}})
    axis = spec.axes[-1]
    assert axis.place is not None
    changed = Base.of(case).changed([(axis.place, axis.values[0].content)]).case()
    by_replace = tenbin.replace(case, "scenarios", "S-L1-03", frequency=1 / 7)
    assert changed.scenario("S-L1-03").frequency.likely == by_replace.scenario("S-L1-03").frequency.likely
    assert changed.scenario("S-L1-03").frequency.low == pytest.approx(by_replace.scenario("S-L1-03").frequency.low)
    assert changed.effects == by_replace.effects
    assert changed != case
