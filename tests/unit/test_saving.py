"""``result.save()``: a run as the command's, for every command that takes one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tenbin
from running import commands
from tenbin.errors import InputError
from tenbin.studies.reopening import reopen

CASE = commands.ROOT / "scenarios" / "two-cells"


def test_a_saved_result_is_a_run_as_the_command_s(tmp_path: Path) -> None:
    events = tenbin.simulate(tenbin.load(CASE), n_trials=4000)
    result = tenbin.optimise(events, targets=["aal=1.6M"], max_days="90/first-year", validate=True)
    run = result.save(tmp_path / "here", charts=False)
    asked = ("--target", "aal=1.6M", "--max-days", "90/first-year", "--trials", 4000)
    there = json.loads(commands.run("optimise", CASE, *asked, "--out", tmp_path / "there", "--json")[0])
    kept = json.loads((run / "result.json").read_text(encoding="utf-8"))
    for name in ("plan", "cost", "risk", "targets", "certificate", "seed", "n_trials", "n_worlds"):
        assert kept[name] == there[name], name
    options = [json.loads((Path(one) / "manifest.json").read_text(encoding="utf-8"))["asked"] for one in (run, there["run"])]
    assert options[0] == options[1]
    assert reopen(run).result.plan == result.plan
    assert {path.name for path in run.iterdir()} == {path.name for path in Path(there["run"]).iterdir()}
    commands.run("chart", run, "waterfall")
    assert list((run / "charts").glob("waterfall.*"))
    listed = json.loads(commands.run("runs", "list", "--out", tmp_path / "here", "--json")[0])
    assert [one["id"] for one in listed["runs"]] == [run.name]


def test_its_charts_are_in_the_language_asked(tmp_path: Path) -> None:
    result = tenbin.optimise(tenbin.simulate(tenbin.load(CASE), n_trials=2000), targets="aal=1.6M")
    run = result.save(tmp_path, lang="ja")
    assert {path.suffixes[0] for path in (run / "charts").iterdir()} == {".ja"}


def test_without_a_plan_there_is_nothing_to_save(tmp_path: Path) -> None:
    none = tenbin.optimise(tenbin.simulate(tenbin.load(CASE), n_trials=2000), targets=["aal=1"])
    assert none.status == "infeasible"
    with pytest.raises(InputError, match="reachable"):
        none.save(tmp_path)
    assert not list(tmp_path.iterdir())


def test_one_target_may_be_a_text() -> None:
    events = tenbin.simulate(tenbin.load(CASE), n_trials=2000)
    assert tenbin.optimise(events, "aal=1.6M").plan == tenbin.optimise(events, ["aal=1.6M"]).plan
    first = tenbin.optimise(events, "aal=1.6M", require="L2.017")
    assert first.plan == tenbin.optimise(events, ["aal=1.6M"], require=["L2.017"]).plan
    assert first.asked["require"] == ["L2.017"]
    with pytest.raises(InputError, match="got much"):
        tenbin.optimise(events, "aal=much")
