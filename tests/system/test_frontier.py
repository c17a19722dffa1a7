"""``tenbin frontier``, and what ``tenbin optimise`` says beside its plan, in processes of their own."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest

from running import commands

TWO_CELLS = commands.ROOT / "scenarios" / "two-cells"
SME = commands.ROOT / "scenarios" / "machine-parts-sme"
SMALL = ("--trials", "20000")


def run(*arguments: object, code: int = 0, lang: str = "en", charts: bool = False) -> str:
    """What is read: the document, or all that is written."""
    out, said = commands.run(*arguments, code=code, lang=lang, charts=charts)
    return out if "--json" in arguments else out + said


def test_the_document_the_table_and_the_charts_agree(tmp_path: Path) -> None:
    asked = ("frontier", TWO_CELLS, "--metric", "aal", "--points", 8, "--out", tmp_path, "--json", *SMALL)
    document = json.loads(run(*asked, charts=True))
    points = document["points"]
    assert len(points) >= 3
    for before, after in pairwise(points):
        assert after["cost"]["npv"] > before["cost"]["npv"]
        assert after["value"] < before["value"]
    totals = [point["cost"]["per_year"] + point["risk"]["aal"] for point in points]
    assert document["least_total"] == totals.index(min(totals))
    assert {point["certificate"]["kind"] for point in points} == {"proved"}
    folder = next(path for path in tmp_path.iterdir() if (path / "frontier.csv").exists())
    with (folder / "frontier.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["cost_npv"]) for row in rows] == [point["cost"]["npv"] for point in points]
    assert {path.suffix for path in (folder / "charts").iterdir()} == {".png", ".svg"}
    # each plan is what it is said to be: evaluated by itself
    plan = ",".join(f"{row['measure']}={row['level']}" for row in points[1]["plan"]) or "none"
    alone = json.loads(run("evaluate", TWO_CELLS, "--plan", plan, "--json", "--out", tmp_path / "two", *SMALL))
    assert next(iter(alone["plans"].values()))["risk"]["aal"] == pytest.approx(points[1]["risk"]["aal"], rel=1e-12)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_is_said_in_words(lang: str, tmp_path: Path) -> None:
    text = run("frontier", TWO_CELLS, "--metric", "aal", "--points", 6, "--out", tmp_path, *SMALL, lang=lang)
    for part in (
        ("曲がり角", "合計が最小", "証明済み", "保証するものではありません")
        if lang == "ja"
        else (
            "knee",
            "least total",
            "none (proved)",
            "not a guarantee",
        )
    ):
        assert part in text


def test_by_budget(tmp_path: Path) -> None:
    budgets = "600k/year,900k/year,1.2M/year"
    document = json.loads(
        run("frontier", TWO_CELLS, "--metric", "aal", "--budgets", budgets, "--out", tmp_path, "--json", *SMALL)
    )
    assert document["by"] == "budget/year"
    for point, budget in zip(document["points"], (600e3, 900e3, 1.2e6), strict=False):
        assert point["cost"]["per_year"] <= budget


def test_wrong_options_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    for wrong in (
        ("--metric", "tvar0"),
        ("--metric", "L9:aal"),
        ("--points", "0"),
        ("--budgets", "1M/year,lots"),
        ("--target", "aal=maybe"),
    ):
        text = run("frontier", TWO_CELLS, *wrong, "--out", tmp_path, *SMALL, code=2)
        assert wrong[0].strip("-") in text
    assert not list(tmp_path.iterdir())


def test_reasons_alternatives_and_the_range_stand_beside_the_plan(tmp_path: Path) -> None:
    asked = ("optimise", TWO_CELLS, "--target", "aal=90%", "--out", tmp_path, *SMALL)
    document = json.loads(run(*asked, "--reasons", "--alternatives", 2, "--json"))
    chosen = {row["measure"] for row in document["plan"]}
    assert {row["measure"] for row in document["reasons"]["chosen"]} == chosen
    assert not {row["measure"] for row in document["reasons"]["not_chosen"]} & chosen
    costs = [document["cost"]["npv"], *(one["cost"]["npv"] for one in document["alternatives"])]
    assert costs == sorted(costs)
    assert len(costs) == 3
    for lang, part in (("en", "Why these measures"), ("ja", "なぜ")):
        assert part in run(*asked, "--reasons", "--alternatives", 2, lang=lang)


def test_a_conflict_is_named_with_the_nearest_request_as_a_command(tmp_path: Path) -> None:
    asked = ("optimise", TWO_CELLS, "--target", "aal=2M", "--max-days", "4/first-year", "--out", tmp_path, *SMALL)
    document = json.loads(run(*asked, "--json", code=3))
    assert document["status"] == "infeasible"
    assert document["conflict"]["demands"] == ["aal=2M", "max-days 4/first-year"]
    nearest = [near["command"] for near in document["conflict"]["nearest"]]
    assert len(nearest) == 2
    text = run(*asked, code=3)
    for command in nearest:
        assert command in text
        eased = json.loads(run(*command.split()[1:], "--out", tmp_path, "--json"))
        assert eased["status"] != "infeasible"
        assert all(target["met"] for target in eased["targets"])


@pytest.mark.parametrize(("lang", "most"), [("en", "references at most"), ("ja", "最大")])
def test_coverage_out_of_reach_is_told_in_references(tmp_path: Path, lang: str, most: str) -> None:
    target = "covers/NIST-CSF-2.0=80%"
    document = json.loads(run("optimise", SME, "--target", target, "--out", tmp_path, "--json", *SMALL, code=3))
    text = run("optimise", SME, "--target", target, "--out", tmp_path, *SMALL, code=3, lang=lang)
    (line,) = [line for line in text.splitlines() if line.startswith(f"  {target}")]
    assert most in line
    assert str(document["reachable"][target]) in line
    assert "¥" not in line
    assert "円" not in line
