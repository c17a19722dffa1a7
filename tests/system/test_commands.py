"""The commands as people type them, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from running.commands import ROOT, start

TWO_CELLS = ROOT / "scenarios" / "two-cells"
SMALL = ["--trials", "20000"]


def document(*arguments, code=0, **how):
    done = start(*arguments, "--json", code=code, **how)
    return json.loads(done.stdout.decode("utf-8"))


def test_help_names_every_command():
    text = start("--help", code=0).stdout.decode()
    for command in ("demo", "init", "check", "simulate", "evaluate", "optimise", "runs", "explain", "catalogue"):
        assert command in text


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_check_asks_whether_it_rings_true(lang):
    text = start("check", TWO_CELLS, "--lang", lang, *SMALL, code=0).stdout.decode()
    assert ("実感に合いますか" if lang == "ja" else "Does this ring true?") in text
    assert document("check", TWO_CELLS, *SMALL)["ring_true"]["incidents_per_year"] > 0


def test_optimise_writes_a_run_and_its_document(tmp_path):
    found = document("optimise", TWO_CELLS, "--target", "aal=1.3M", "--out", tmp_path, *SMALL, charts=True)
    assert found["status"] == "optimal"
    assert found["certificate"]["kind"] == "proved"
    assert all(target["met"] for target in found["targets"])
    run = Path(found["run"])
    assert json.loads((run / "result.json").read_text(encoding="utf-8"))["plan"] == found["plan"]
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == found["seed"]
    assert any(name.endswith("scenarios.csv") for name in manifest["inputs"])
    assert {path.suffix for path in (run / "charts").iterdir()} == {".png", ".svg"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".making")]
    again = document("optimise", TWO_CELLS, "--target", "aal=1.3M", "--out", tmp_path, *SMALL)
    assert again["run"] != found["run"]
    assert again["plan"] == found["plan"]
    assert len(document("runs", "--out", tmp_path)["runs"]) == 2


def test_optimize_is_accepted_and_named_levels_work(tmp_path):
    assert document("optimize", TWO_CELLS, "--level", "standard", "--out", tmp_path, *SMALL)["status"] == "optimal"


def test_nothing_asked_gives_three_plans(tmp_path):
    case = tmp_path / "case"
    start("init", case, "--from", "two-cells", code=0)
    text = (case / "case.toml").read_text(encoding="utf-8")
    (case / "case.toml").write_text(text.partition("[targets]")[0] + "\n", encoding="utf-8")
    plans = document("optimise", case, "--out", tmp_path / "runs", *SMALL)["plans"]
    assert "pays_for_itself" in plans
    assert plans["pays_for_itself"]["certificate"]["kind"] == "proved"


def test_beyond_reach_exits_3_with_what_can_be_reached(tmp_path):
    found = document("optimise", TWO_CELLS, "--target", "aal=1", "--out", tmp_path, *SMALL, code=3)
    assert found["status"] == "infeasible"
    assert found["reachable"]["aal=1"] > 1
    assert not list(tmp_path.iterdir())


def test_wrong_input_exits_2_with_every_problem_and_writes_nothing(tmp_path):
    found = document(
        "optimise", TWO_CELLS, "--target", "nonsense", "--budget", "x", "--require", "L9.999", "--out", tmp_path, code=2
    )
    assert found["status"] == "invalid"
    assert {problem["file"] for problem in found["problems"]} == {"--target", "--budget", "--require"}
    assert not list(tmp_path.iterdir())


def test_a_missing_case_and_a_results_folder_that_is_a_file(tmp_path):
    assert document("check", tmp_path / "nowhere", code=2)["problems"]
    blocked = tmp_path / "file"
    blocked.write_text("here", encoding="utf-8")
    done = start("optimise", TWO_CELLS, "--out", blocked, code=2)
    assert b"must be a folder that can be written" in done.stderr


def test_init_refuses_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    start("init", tmp_path, code=2)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("name", ["machine-parts-sme", "two-cells"])
def test_init_makes_a_case_that_checks(tmp_path, name):
    start("init", tmp_path / "case", "--from", name, code=0)
    assert document("check", ".", *SMALL, cwd=tmp_path / "case", env={"PYTHONPATH": str(ROOT / "src")})["status"] == "valid"


def test_simulate_and_evaluate(tmp_path):
    risk = document("simulate", TWO_CELLS, *SMALL)["risk"]
    assert risk["today"]["aal"] <= risk["inherent"]["aal"]
    plans = document("evaluate", TWO_CELLS, "--plan", "current", *SMALL)["plans"]
    assert plans["current"]["risk"] == risk["today"]


def test_catalogue_and_explain():
    listed = document("catalogue", "list", "--layer", "2", "--component", "thing")["measures"]
    assert listed
    assert all(measure["layer"] == 2 and "thing" in measure["components"] for measure in listed)
    assert document("catalogue", "show", "L2.006")["measure"]["id"] == "L2.006"
    assert b"Did you mean" in start("catalogue", "show", "L2.06", code=2).stderr
    assert "worst 5 of 100" in start("explain", "tvar95", code=0).stdout.decode()
    assert b"No term" in start("explain", "tvra", code=2).stdout


def test_the_console_of_japanese_windows_is_survived(tmp_path):
    env = {"PYTHONIOENCODING": "cp932"}
    for lang in ("ja", "en"):
        done = start("optimise", TWO_CELLS, "--lang", lang, "--out", tmp_path, *SMALL, env=env, code=0)
        assert "?" not in done.stdout.decode("cp932").replace("true?", "").replace("合いますか？", "")
    parsed = json.loads(start("optimise", TWO_CELLS, "--json", "--out", tmp_path, *SMALL, env=env, code=0).stdout)
    assert parsed["status"] == "optimal"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_keeps_the_best_plan_so_far(tmp_path):
    command = [sys.executable, "-m", "tenbin", "optimise", str(ROOT / "scenarios" / "control-units-midtier")]
    command += ["--target", "tvar95=60%", "--json", "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    time.sleep(8)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert b"Traceback" not in error
    found = json.loads(out)
    assert (process.returncode, found["status"]) in {(130, "interrupted"), (0, "optimal"), (0, "feasible")}
    if found["status"] == "interrupted" and found.get("plan"):  # nothing yet where it was stopped before the search
        assert found["certificate"]["kind"] == "gap"
        assert 0 <= found["certificate"]["gap"] <= 1


def test_the_wheel_carries_the_cases(tmp_path):
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.fail("the wheel is built from a checkout")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path), str(ROOT)],
        capture_output=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr.decode()
    import zipfile

    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "tenbin/examples/scenarios/machine-parts-sme/case.toml" in names
    assert "tenbin/examples/cost_tables/two-cells/measures.csv" in names
    assert "tenbin/catalogue/data/cpsf-2018-draft.csv" in names
    assert "tenbin/cli/terms.csv" in names
