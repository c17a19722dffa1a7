"""``tenbin sweep`` as people type it, in processes of their own: also killed, stopped with Ctrl-C, and asked what it cannot do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import tenbin
from running import commands

CASE = commands.ROOT / "scenarios" / "two-cells"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "seeds.toml"
    path.write_text(
        f'[axes]\ncase = "{CASE.as_posix()}"\ntarget = ["aal=60%", "tvar95=80%"]\ntrials = 20000\n'
        f"seed = {list(range(40))}\n[options]\nvalidate = false\n",
        encoding="utf-8",
    )
    return path


def started(spec: Path, out: Path, *more: str, until: str = "parts/part-*") -> subprocess.Popen[bytes]:
    """The command, in a session of its own, when a file of its sweep's is there: with some of its points kept."""
    group: dict[str, Any] = {} if os.name == "nt" else {"start_new_session": True}
    process = subprocess.Popen(
        [sys.executable, "-m", "tenbin", "sweep", str(spec), "--out", str(out), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TENBIN_LANG": "en", "TENBIN_SWEEP_FLUSH": "0.05"},
        **group,
    )
    end = time.monotonic() + 100
    while not list((out / "sweeps" / spec.stem).glob(until)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def test_it_says_how_much_it_is_and_shows_what_it_found(spec: Path, tmp_path: Path) -> None:
    out, told = commands.run("sweep", spec, "--out", tmp_path, "--jobs", 1)
    assert "80 points over target (2), seed (40)" in told
    assert "80 to do" in told
    assert "80 of 80 points were solved now" in out
    document = json.loads(commands.run("sweep", "show", "latest", "--out", tmp_path, "--json")[0])
    assert document["points"] == len(document["rows"]) == 80
    assert sum(document["statuses"].values()) == 80
    shown = commands.run("sweep", "show", "seeds", "--out", tmp_path, "--to", tmp_path / "points.csv", lang="ja")[0]
    assert "年間費用" in shown
    assert len((tmp_path / "points.csv").read_text(encoding="utf-8-sig").splitlines()) == 81
    again = json.loads(commands.run("sweep", spec, "--out", tmp_path, "--json")[0])
    assert (again["status"], again["done_before"], again["solved"]) == ("done", 80, 0)
    # a point is what the command for a single question says
    row = next(row for row in document["rows"] if row["seed"] == 7 and row["target"] == "tvar95=80%")
    alone = json.loads(
        commands.run("optimise", CASE, "--target", "tvar95=80%", "--seed", 7, "--trials", 20000, "--json", "--out", tmp_path)[0]
    )
    assert alone["tightenings"] == 0
    assert row["npv"] == alone["cost"]["npv"]
    assert row["tvar95"] == alone["risk"]["residual"]["tvar95"]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_and_started_again_it_does_only_what_is_missing(spec: Path, tmp_path: Path) -> None:
    process = started(spec, tmp_path, "--jobs", "1")
    process.kill()
    process.communicate()
    kept = tenbin.read_sweep("seeds", out=tmp_path)
    n_kept = int((kept["status"] != "missing").sum())
    assert 0 < n_kept < 80
    done = json.loads(commands.run("sweep", spec, "--out", tmp_path, "--jobs", 1, "--json")[0])
    assert (done["done_before"], done["solved"], done["missing"]) == (n_kept, 80 - n_kept, 0)
    frame = tenbin.read_sweep("seeds", out=tmp_path)
    stays = kept["status"] != "missing"
    assert frame.loc[stays, "finished"].equals(kept.loc[stays, "finished"])  # none was done twice


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_finished(spec: Path, tmp_path: Path, jobs: str) -> None:
    process = started(spec, tmp_path, "--jobs", jobs)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    out, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert b"Traceback" not in told
    assert b"not done yet" in out
    n_kept = int((tenbin.read_sweep("seeds", out=tmp_path)["status"] != "missing").sum())
    assert 0 < n_kept < 80
    done = json.loads(commands.run("sweep", spec, "--out", tmp_path, "--jobs", 1, "--json")[0])
    assert (done["done_before"], done["missing"]) == (n_kept, 0)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_while_the_time_is_reckoned_ends_it(tmp_path: Path) -> None:
    spec = tmp_path / "long.toml"
    case = CASE.parent / "machine-parts-sme"
    spec.write_text(f'[axes]\ncase = "{case.as_posix()}"\ntarget = "tvar95=60%"\nseed = {list(range(30))}\n', encoding="utf-8")
    process = started(spec, tmp_path, "--jobs", "1", until="points.parquet")  # the first point takes seconds
    os.killpg(process.pid, signal.SIGINT)
    out, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert b"to do" not in told
    assert b"not done yet" in out
    n_kept = int((tenbin.read_sweep("long", out=tmp_path)["status"] != "missing").sum())
    assert n_kept < 3


def test_a_point_is_what_the_command_says_also_where_other_years_ask_for_more(tmp_path: Path) -> None:
    case = commands.ROOT / "scenarios" / "machine-parts-sme"
    spec = tmp_path / "one.toml"
    asked = 'target = "tvar95=90%"\nseed = 21\nworlds = 1\ntrials = 20000\n'
    spec.write_text(f'[axes]\ncase = "{case.as_posix()}"\n{asked}', encoding="utf-8")
    commands.run("sweep", spec, "--out", tmp_path, "--quiet")
    row = tenbin.read_sweep("one", out=tmp_path).iloc[0]
    same = ("--target", "tvar95=90%", "--seed", 21, "--worlds", 1, "--trials", 20000)
    alone = json.loads(commands.run("optimise", case, *same, "--json", "--out", tmp_path)[0])
    assert alone["tightenings"] > 0
    assert (row["npv"], row["tvar95"]) == (alone["cost"]["npv"], alone["risk"]["residual"]["tvar95"])
    assert row["met_outside"]


def test_prices_stay_those_of_the_first_day_and_that_is_said(tmp_path: Path) -> None:
    case = commands.ROOT / "scenarios" / "control-units-midtier"
    spec = tmp_path / "dated.toml"
    text = f'[axes]\ncase = "{case.as_posix()}"\ntarget = "aal=80%"\ntrials = 500\nworlds = 1\nseed = [1, 2]\n'
    spec.write_text(f"{text}[options]\nvalidate = false\n", encoding="utf-8")
    _, told = commands.run("sweep", spec, "--out", tmp_path, "--jobs", 1)
    assert "Subsidies" not in told
    manifest = tmp_path / "sweeps" / "dated" / "manifest.json"
    kept = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**kept, "prices_on": "2026-01-05"}), encoding="utf-8")
    _, told = commands.run("sweep", spec, "--out", tmp_path, "--jobs", 1)
    assert "Subsidies are judged as of 2026-01-05" in told


def test_what_cannot_be_done_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    out = tmp_path / "out"
    bad.write_text(
        f'[axes]\ncase = "{CASE.as_posix()}"\ncolour = ["red"]\nseed = []\n[sample]\nmethod = "all"\n', encoding="utf-8"
    )
    said, _ = commands.run("sweep", bad, "--out", out, "--json", code=2)
    problems = json.loads(said)["problems"]
    assert [problem["column"] for problem in problems] == ["colour", "sample.method", "seed"]
    assert all(problem[part] for problem in problems for part in ("file", "rule", "value", "remedy"))
    many = tmp_path / "many.toml"
    numbers = list(range(1000))
    many.write_text(f'[axes]\ncase = "{CASE.as_posix()}"\nseed = {numbers}\nworlds = {numbers[1:201]}\n', encoding="utf-8")
    assert "--yes" in commands.run("sweep", many, "--out", out, code=2)[1]
    good = tmp_path / "good.toml"
    good.write_text(f'[axes]\ncase = "{CASE.as_posix()}"\ntarget = "aal=60%"\n', encoding="utf-8")
    assert (
        "must be a Dask scheduler that answers"
        in commands.run("sweep", good, "--scheduler", "tcp://127.0.0.1:9", "--out", out, code=2)[1]
    )
    assert "There is none yet" in commands.run("sweep", "show", "nothing", "--out", out, code=2)[1]
    assert not out.exists()


def test_when_every_point_fails_the_code_says_so(tmp_path: Path) -> None:
    spec = tmp_path / "bad.toml"
    spec.write_text(f'[axes]\ncase = "{CASE.as_posix()}"\ntarget = "tvar99=50%"\ntrials = 50\n', encoding="utf-8")
    out, _ = commands.run("sweep", spec, "--out", tmp_path, code=2)
    assert "1 of 1" in out
    spec.write_text(spec.read_text(encoding="utf-8").replace("50\n", "2000\n"), encoding="utf-8")
    commands.run("sweep", spec, "--out", tmp_path)
