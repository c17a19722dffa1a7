"""Runs side by side: every difference found is one that was made, and a plan on other figures costs what evaluate says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import tenbin
from running.commands import run, start
from tenbin.errors import InputError
from tenbin.inputs import write_case
from tenbin.studies import reopen
from tenbin.studies.differing import input_differences

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "scenarios" / "two-cells"


def made(folder: Path, case: Path, *arguments: object) -> str:
    done = start("optimise", case, *arguments, "--out", folder, "--json", "--trials", "4000", "--quiet", code=0)
    return Path(json.loads(done.stdout.decode("utf-8"))["run"]).name


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three runs: the case, the case with a dearer measure and a more frequent scenario, another target."""
    place = tmp_path_factory.mktemp("compare")
    case = tenbin.load(CASE)
    scenario = case.scenarios[0].id
    other = tenbin.replace(case, "scenarios", scenario, frequency=2 * case.scenarios[0].frequency.likely)
    dear = max(other.costs.rows, key=lambda row: row.opex)
    rows = tuple(replace(row, opex=row.opex + 1000) if row.key == dear.key else row for row in other.costs.rows)
    other = replace(other, costs=replace(other.costs, rows=rows), study=replace(other.study, prices_on=date(2026, 11, 1)))
    write_case(replace(case, study=replace(case.study, prices_on=date(2026, 11, 1))), place / "one")
    write_case(other, place / "two")
    names = [made(place / "runs", place / "one", "--target", "aal=1.3M")]
    names.append(made(place / "runs", place / "two", "--target", "aal=1.6M"))
    names.append(made(place / "runs", place / "one", "--target", "aal=1M", "--seed", "7"))
    return place, names, scenario, dear.key


def test_what_differs_is_what_was_changed(home):
    place, names, scenario, dear = home
    found = tenbin.compare(names[0], names[1], root=place / "runs")
    changed = {(one.table, one.key, one.column) for one in found.inputs}
    frequencies = {("scenarios", scenario, column) for column in ("frequency", "frequency_low", "frequency_high")}
    assert ("scenarios", scenario, "frequency") in changed
    assert changed - frequencies == {("measures", " ".join(dear), "opex")}
    price = next(one for one in found.inputs if one.table == "measures")
    assert int(price.values[1]) - int(price.values[0]) == 1000
    assert {(one.table, one.column) for one in found.asked} == {("asked", "targets")}
    again = tenbin.compare(names[0], names[2], root=place / "runs")
    assert [one for one in again.inputs if (one.table, one.column) != ("case", "study.seed")] == []
    assert {(one.table, one.column) for one in again.asked} == {("asked", "targets"), ("run", "seed")}


def test_a_plan_on_other_figures_is_what_evaluate_gives(home):
    """The comparison's numbers against ``evaluate`` on years drawn anew from the other's own tables."""
    place, names, *_ = home
    found = tenbin.compare(*names[:2], root=place / "runs")
    assert {(one.plan_of, one.figures_of) for one in found.crossed} == {(0, 1), (1, 0)}
    for one in found.crossed:
        guest, host = found.runs[one.plan_of], found.runs[one.figures_of]
        case = tenbin.load(place / ("one" if one.figures_of == 0 else "two"))
        risk = tenbin.evaluate(tenbin.simulate(case, 4000, 1), dict(guest.plan))
        assert one.risk["aal"] == pytest.approx(risk.aal, rel=1e-12)
        assert one.cost["per_year"] == pytest.approx(risk.cost.per_year, rel=1e-12)
        limit = float(host.document["targets"][0]["limit"])
        assert one.targets[0].met == (risk.aal <= limit * (1 + 1e-9))
        assert bool(one.missed) != one.targets[0].met
    twice = next(one for one in found.crossed if one.figures_of == 1)
    home_again = reopen(names[0], place / "runs").evaluate(dict(found.runs[0].plan))
    assert twice.risk["aal"] > home_again.aal  # on the figures with twice the frequency, not on its own


def test_the_frame_and_the_document_agree(home):
    place, names, *_ = home
    found = tenbin.compare(*names, root=place / "runs")
    frame, document = found.to_frame(), json.loads(json.dumps(found.to_dict()))
    assert list(frame["run"]) == names == [one["run"] for one in document["runs"]]
    for n, name in enumerate(names):
        stated = json.loads((place / "runs" / name / "result.json").read_text(encoding="utf-8"))
        assert frame["cost_per_year"][n] == stated["cost"]["per_year"] == document["runs"][n]["cost"]["per_year"]
        assert frame["aal"][n] == stated["risk"]["residual"]["aal"]
        levels = {row["measure"]: row["levels"][n] for row in document["measures"] if row["levels"][n]}
        assert levels == {row["measure"]: row["level"] for row in stated["plan"]}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Each plan on the others", "missed: aal=1M", "Figures entered that differ: ", "prices 1")),
        ("ja", ("ほかの実行の数字", "未達：aal=1M", "入力された数字の違い：", "対策の費用1件")),
    ],
)
def test_people_read_it(home, lang, words):
    place, names, *_ = home
    out, _ = run("compare", *names, "--out", place / "runs", lang=lang)
    for text in (*words, *names):
        assert text in out
    told = start("compare", *names, "--out", place / "runs", "--json", code=0)
    assert len(json.loads(told.stdout.decode("utf-8"))["crossed"]) == 6


def test_a_measure_without_a_price_there_is_said(home, tmp_path):
    place, names, *_ = home
    case = tenbin.load(place / "one")
    plan = {
        row["measure"] for row in json.loads((place / "runs" / names[0] / "result.json").read_text(encoding="utf-8"))["plan"]
    }
    gone = sorted(plan)[0]
    costs = replace(case.costs, rows=tuple(row for row in case.costs.rows if row.measure != gone), relations=())
    less = replace(
        case,
        costs=costs,
        effects=tuple(effect for effect in case.effects if effect.measure != gone),
        status=tuple(row for row in case.status if row.id != gone),
        plans=(),
    )
    write_case(less, tmp_path / "less")
    made(tmp_path / "runs", tmp_path / "less", "--target", "aal=90%")
    found = tenbin.compare(place / "runs" / names[0], "latest", root=tmp_path / "runs")
    there = next(one for one in found.crossed if one.plan_of == 0)
    assert there.missing[0].startswith(gone)
    assert there.cost is None
    absent = [one for one in found.inputs if one.table == "measures" and one.key.startswith(gone)]
    assert absent
    assert all(one.values[1] is None and one.values[0] for one in absent)


def test_wrong_numbers_of_runs_are_refused(home):
    place, names, *_ = home
    for few_or_many in (names[:1], [*names, *names, names[0]]):
        with pytest.raises(InputError, match="from 2 to 6 runs"):
            tenbin.compare(*few_or_many, root=place / "runs")
    assert start("compare", names[0], "--out", place / "runs").returncode == 2


def test_equal_cases_do_not_differ():
    """Whatever order their rows stand in."""
    case = tenbin.load(CASE)
    frames = tenbin.to_frames(case)
    turned = {name: frame[::-1] if hasattr(frame, "columns") else frame for name, frame in frames.items()}
    assert input_differences([case, tenbin.load(turned)]) == []


def test_loss_forms_are_figures_only_with_their_shares():
    """Names alone are words; shares split the losses of a report."""
    case = tenbin.load(CASE)
    first = case.scenarios[0].id
    named, split, other = (
        tenbin.replace(case, "scenarios", first, loss_forms=text)
        for text in ("fines", "fines=40%;response=60%", "fines=50%;response=50%")
    )
    (words,) = input_differences([case, named])
    (figures,) = input_differences([split, other])
    assert (words.column, words.is_wording, figures.column, figures.is_wording) == ("loss_forms", True, "loss_forms", False)


def test_new_columns_are_compared():
    case = tenbin.load(CASE)
    scenario = next(one for one in case.scenarios if not one.factor)
    other = tenbin.replace(case, "scenarios", scenario.id, frequency_model="negative_binomial(cv=2)")
    (found,) = input_differences([case, other])
    assert (found.column, found.values) == ("frequency_model", ("", "negative_binomial(cv=2.0)"))
