"""A run opened again gives the numbers of its document, at the prices of its own day; an altered one is refused."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import tenbin
from running.commands import start
from tenbin.errors import StorageError
from tenbin.model import Subsidy
from tenbin.studies import CASE_FOLDER, keep_frontier, reopen

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "scenarios" / "two-cells"
SMALL = ("--trials", "4000", "--quiet")


def made(folder: Path, *arguments: object) -> Path:
    found = json.loads(start(*arguments, "--out", folder, "--json", *SMALL, code=0).stdout.decode("utf-8"))
    return Path(found["run"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    return made(tmp_path_factory.mktemp("runs"), "optimise", CASE, "--target", "aal=1.3M", "--seed", "5")


def test_a_result_is_what_its_document_says(answered):
    again = reopen(answered)
    document = json.loads((answered / "result.json").read_text(encoding="utf-8"))
    assert document["n_trials"] == 4000
    assert again.manifest["asked"] == {"targets": ["aal=1.3M"], "metric": "tvar95"}
    stated = json.loads(json.dumps(again.result.to_dict()))
    for name in ("plan", "change", "cost", "current", "risk", "targets", "certificate", "out_of_sample", "seed"):
        assert stated[name] == document[name], name
    assert again.evaluate(again.result.plan).metrics() == document["risk"]["residual"]
    assert again.evaluate({}).metrics() != document["risk"]["residual"]


def test_a_run_is_found_by_its_id_and_by_latest(answered):
    assert reopen("latest", answered.parent).run.path == answered
    assert reopen(answered.name, answered.parent).run.id == answered.name


def test_a_frontier_is_what_its_document_says(tmp_path, answered):
    folder = made(tmp_path, "frontier", CASE, "--points", "5")
    again = reopen(folder)
    assert again.result is None
    document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    document.pop("run", None)
    assert json.loads(json.dumps(again.frontier.to_dict())) == document


def test_a_frontier_kept_beside_a_result_comes_back(tmp_path, answered):
    folder = tmp_path / answered.name
    shutil.copytree(answered, folder)
    first = reopen(folder)
    assert first.frontier is None
    front = tenbin.frontier(first.events, n_points=4)
    keep_frontier(first.run, front)
    keep_frontier(first.run, front)  # over the first
    assert reopen(folder).frontier.to_dict() == front.to_dict()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_run_whose_case_was_altered_is_refused(tmp_path, answered):
    folder = tmp_path / answered.name
    shutil.copytree(answered, folder)
    prices = folder / CASE_FOLDER / "measures.csv"
    text = prices.read_text(encoding="utf-8")
    altered = re.sub(r"(?m)^([^,]+,[^,]+,)\d+", r"\g<1>987654", text)
    assert altered != text
    prices.write_text(altered, encoding="utf-8")
    with pytest.raises(StorageError, match="the numbers of its own case"):
        reopen(folder)
    shutil.rmtree(folder / CASE_FOLDER)
    with pytest.raises(StorageError, match="keeps its case"):
        reopen(folder)


def test_prices_are_those_of_the_day_that_is_named():
    yesterday = date.today() - timedelta(days=1)
    case = tenbin.load(CASE)
    row = max(case.costs.rows, key=lambda row: row.capex)
    rows = tuple(replace(one, subsidy="aid") if one.key == row.key else one for one in case.costs.rows)
    costs = replace(case.costs, rows=rows, subsidies=(Subsidy("aid", 0.5, 1e12, yesterday),))
    late = replace(case, costs=costs)
    then = replace(late, study=replace(case.study, prices_on=yesterday))
    plan = {row.measure: row.level}
    assert row.capex > 0
    assert tenbin.evaluate(late, plan).cost.subsidy == 0
    assert tenbin.evaluate(then, plan).cost.subsidy == pytest.approx(row.capex / 2)
    assert tenbin.load(tenbin.to_frames(then)).study.prices_on == yesterday
