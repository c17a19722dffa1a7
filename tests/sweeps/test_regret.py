"""Each plan under every other assumption: what ``evaluate`` says there, and nothing to regret at home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import tenbin
from tenbin.errors import InputError, StorageError
from tenbin.sweeps.keeping import points_of
from tenbin.sweeps.store import Store
from tenbin.sweeps.sweeping import Sweep

CASE = Path(__file__).parents[2] / "scenarios" / "machine-parts-sme"
AXES: dict[str, Any] = {
    "case": CASE,
    "target": ["aal=1.5M", "aal=2M"],
    "scenarios.*.frequency": ["*0.6", "*1", "*1.1"],
    "measures.*.opex": ["*1", "*2.5"],
    "trials": 2000,
    "worlds": 1,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return tenbin.sweep({"name": "regret", "axes": AXES}, out=tmp_path_factory.mktemp("regret"), jobs=1)


@pytest.fixture(scope="module")
def regret(found: Sweep) -> pd.DataFrame:
    return tenbin.sweep_regret(found.path, metric="aal")


def test_the_folder_says_all_that_its_points_are(found: Sweep) -> None:
    points = points_of(Store(found.path))
    assert [points.task(n).key for n in range(len(points))] == list(found.to_frame()["key"])


def test_nothing_is_regretted_at_home(regret: pd.DataFrame) -> None:
    own = regret[regret["is_own"]]
    assert len(own) == 12  # each point's own plan
    assert (own[["regret", "regret_cost", "regret_value", "short"]] == 0).all().all()
    assert own["met"].all()
    away = regret[~regret["is_own"]]
    assert (away["regret"] != 0).any()


def test_a_plan_that_meets_the_target_elsewhere_costs_no_less_than_the_best_there(regret: pd.DataFrame) -> None:
    """Targets on expected losses are proved: the cheapest is the cheapest."""
    met = regret[regret["met"]]
    assert (met["regret_cost"] >= -1e-6 * met["best_per_year"]).all()
    missed = regret[~regret["met"]]
    assert (missed["regret_cost"] < 0).any()  # the control: short of the target one can be cheaper
    assert (missed["short"] > 0).all()


def test_figures_are_those_of_evaluate(found: Sweep, regret: pd.DataFrame) -> None:
    case = tenbin.load(CASE)
    row = regret[~regret["is_own"] & (regret["measures.*.opex"] == "*1") & (regret["scenarios.*.frequency"] == "*1")].iloc[0]
    risk = tenbin.evaluate(tenbin.simulate(case, n_trials=2000, n_worlds=1), row["plan"])
    assert (row["per_year"], row["aal"]) == (risk.cost.per_year, risk.aal)
    limit = float(str(row["target"]).partition("=")[2].removesuffix("M")) * 1e6
    assert row["met"] == (risk.aal <= limit)
    assert row["short"] == pytest.approx(max(0.0, risk.aal / limit - 1))
    assert row["best_per_year"] == found.to_frame()["per_year"][row["point"]]


def test_a_budget_that_is_too_small_elsewhere_is_said(tmp_path: Path) -> None:
    axes = {
        "case": CASE,
        "budget": "1.5M/year",
        "metric": "aal",
        "measures.*.opex": ["*1", "*1.5"],
        "trials": 2000,
        "worlds": 1,
    }
    found = tenbin.sweep({"axes": axes}, out=tmp_path, jobs=1)
    regret = tenbin.sweep_regret(found.path).set_index(["planned_for", "point"])
    assert not regret.loc[(0, 1), "met"]  # planned for low prices, it does not fit where they are high
    assert regret.loc[(0, 1), "short"] == pytest.approx(regret.loc[(0, 1), "per_year"] / 1.5e6 - 1)
    assert regret.loc[(1, 0), "met"]
    assert regret.loc[(1, 0), "regret"] == regret.loc[(1, 0), "regret_value"] > 0  # less was bought than the prices allow


def test_the_days_and_the_rules_of_the_other_case_count(tmp_path: Path) -> None:
    frames = tenbin.to_frames(tenbin.load(CASE.parent / "two-cells"))
    free = tenbin.load(frames)
    question = {"target": "aal=2.8M", "trials": 2000, "worlds": 1}
    alone = tenbin.optimise(tenbin.simulate(free, n_trials=2000, n_worlds=1), ["aal=2.8M"])
    measure, level = next(iter(alone.plan.items()))
    status = pd.DataFrame([{"id": measure, "level": level, "status": "excluded"}])
    bound = tenbin.load({**frames, "status": status})
    found = tenbin.sweep({"axes": {"case": [free, bound], **question}}, out=tmp_path, jobs=1)
    regret = tenbin.sweep_regret(found.path).set_index(["planned_for", "point"])
    assert not regret.loc[(0, 1), "met"]
    assert "excluded" in regret.loc[(0, 1), "missed"]
    assert regret.loc[(0, 1), "short"] == 0
    assert regret.loc[(0, 0), "met"]  # the control: at home nothing forbids it
    assert regret.loc[(0, 0), "missed"] == ""


def test_days_and_a_budget_beside_a_target_are_judged(tmp_path: Path) -> None:
    axes = {"case": CASE.parent / "two-cells", "target": "aal=1.6M", "trials": 2000, "worlds": 1}
    usual = tenbin.sweep({"name": "usual", "axes": axes}, out=tmp_path, jobs=1).to_frame().iloc[0]
    days, cash = usual["days_first_year"], usual["first_year_cash"]
    asked = {"max-days": f"{days * 1.2}/first-year", "budget": f"{cash * 1.2}/first-year"}
    varied = {"measures.*.effort_initial": ["*1", "*1.5"], "measures.*.capex": ["*1", "*1.5"]}
    found = tenbin.sweep({"name": "tight", "axes": {**axes, **asked, **varied}}, out=tmp_path, jobs=1)
    regret = tenbin.sweep_regret(found.path)
    regret = regret[regret["planned_for"] == 0].set_index(["measures.*.effort_initial", "measures.*.capex"])
    assert regret.loc[("*1", "*1"), "met"]
    assert "max-days" in regret.loc[("*1.5", "*1"), "missed"]
    assert "budget" in regret.loc[("*1", "*1.5"), "missed"]
    assert not regret.loc[("*1.5", "*1.5"), "met"]


def test_an_assumption_that_no_plan_meets_is_one_that_every_plan_misses(tmp_path: Path) -> None:
    axes = {
        "case": CASE.parent / "two-cells",
        "target": "aal=1.3M",
        "scenarios.*.frequency": ["*1", "*9"],
        "trials": 2000,
        "worlds": 1,
    }
    found = tenbin.sweep({"axes": axes}, out=tmp_path, jobs=1)
    assert list(found.to_frame()["status"]) == ["optimal", "infeasible"]
    regret = tenbin.sweep_regret(found.path).set_index("point")
    assert list(regret["met"]) == [True, False]
    assert regret.loc[1, "short"] > 0
    assert "aal" in regret.loc[1, "missed"]
    assert regret.loc[1, ["best_per_year", "regret"]].isna().all()
    assert regret.loc[0, "regret"] == 0


def test_cases_that_differ_only_in_their_seed_are_kept_apart(tmp_path: Path) -> None:
    frames = tenbin.to_frames(tenbin.load(CASE.parent / "two-cells"))
    cases = [tenbin.load({**frames, "case": {**frames["case"], "study": {"seed": seed, "n_trials": 1000}}}) for seed in (1, 9)]
    found = tenbin.sweep({"axes": {"case": cases, "budget": "500k/year"}}, out=tmp_path, jobs=1)
    frame = found.to_frame()
    points = points_of(Store(found.path))
    assert [points.task(n).key for n in range(2)] == list(frame["key"])
    regret = tenbin.sweep_regret(found.path)
    for row in regret.to_dict("records"):
        assert row["best_value"] == frame["tvar95"][row["point"]]
    assert frame["tvar95"].nunique() == 2
    for kept in (found.path / "cases").glob("*/case.toml"):  # the control: another case in their place is not believed
        kept.write_text(kept.read_text(encoding="utf-8").replace("n_trials = 1000", "n_trials = 1001"), encoding="utf-8")
    with pytest.raises(StorageError, match="cases/"):
        tenbin.sweep_regret(found.path)


def test_too_much_is_refused(found: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenbin.sweeps.regret.MOST_EVALUATIONS", 3)
    with pytest.raises(InputError, match="at most"):
        tenbin.sweep_regret(found.path)
