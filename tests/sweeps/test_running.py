"""A sweep that runs: the same answers whoever works, each kept, none lost, none done twice."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import dask
import pandas as pd
import pyarrow.parquet as pq
import pytest

import tenbin
from sweeps.clusters import cluster
from tenbin.errors import InputError, StorageError
from tenbin.storage.locking import lock
from tenbin.sweeps import solving, store
from tenbin.sweeps.crews import Processes
from tenbin.sweeps.planning import plan_sweep
from tenbin.sweeps.sweeping import DESERTED, holding, run_sweep, sweep

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CASE = SCENARIOS / "two-cells"
SPEC: dict[str, Any] = {
    "name": "small",
    "axes": {"case": CASE, "target": ["aal=60%", "aal=45%", "tvar95=80%"], "seed": [3, 4], "trials": 2000, "measures.*.opex": ["*1", "*3"]},
}  # fmt: skip
FOUND = ["target", "seed", "measures.*.opex", "key", "status", "npv", "per_year", "aal", "tvar95", "certificate", "gap", "plan"]


def same(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    return frame[FOUND].equals(other[FOUND])


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What one process finds."""
    return sweep(SPEC, out=tmp_path_factory.mktemp("here"), jobs=1).to_frame()


def test_each_point_is_what_optimise_answers(here: pd.DataFrame) -> None:
    case = tenbin.load(CASE)
    dear = [{**row, "opex": 3 * float(row["opex"] or 0)} for row in tenbin.to_frames(case)["measures"].to_dict("records")]
    prices = {"*1": case, "*3": tenbin.load({**tenbin.to_frames(case), "measures": pd.DataFrame(dear)})}
    for row in here.to_dict("records"):
        events = tenbin.simulate(prices[row["measures.*.opex"]], n_trials=2000, seed=row["seed"])
        alone = tenbin.optimise(events, [row["target"]], validate=True)
        assert alone.risk is not None
        assert (row["status"], row["npv"], row["per_year"]) == (alone.status, alone.cost.npv, alone.cost.per_year)
        assert row["tvar95"] == alone.risk.tvar(0.95)
        assert row["plan"] == ",".join(f"{measure}={level}" for measure, level in alone.plan.items())
    assert here["npv"].nunique() > 1  # a sweep that asked one thing over and over would not pass


def test_two_processes_find_the_same(here: pd.DataFrame, tmp_path: Path) -> None:
    found = sweep(SPEC, out=tmp_path, jobs=2)
    assert (found.n_points, found.n_solved, found.n_failed) == (12, 12, 0)
    assert same(found.to_frame(), here)
    assert not same(sweep({**SPEC, "axes": {**SPEC["axes"], "seed": [3, 5]}}, out=tmp_path, jobs=1).to_frame(), here)


def test_a_cluster_finds_the_same_though_a_worker_is_killed(here: pd.DataFrame, tmp_path: Path) -> None:
    with cluster(2, tmp_path) as (address, workers):
        plan = plan_sweep({**SPEC, "axes": {**SPEC["axes"], "seed": list(range(3, 30))}}, out=tmp_path, scheduler=address)
        killed = threading.Event()

        def kill(stage: str, done: float, total: float, detail: object) -> None:
            if done and not killed.is_set():
                workers[0].kill()
                killed.set()

        try:
            found = run_sweep(plan, on_progress=kill)
        finally:
            plan.close()
    frame = found.to_frame()
    assert killed.is_set()
    assert workers[0].returncode == -signal.SIGKILL
    assert (found.n_solved, found.n_failed, found.n_missing) == (162, 0, 0)
    rows, _ = store.Store(found.path).read_rows()
    parts = [pq.read_metadata(part).num_rows for part in sorted((found.path / "parts").glob("*.parquet"))]
    assert sum(parts) == rows.num_rows == 162  # nothing twice
    assert same(frame[frame["seed"].isin([3, 4])].reset_index(drop=True), here)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")
def test_a_cluster_behind_tls(here: pd.DataFrame, tmp_path: Path) -> None:
    names = {"CA_FILE": "cert.pem", "CLIENT__CERT": "cert.pem", "CLIENT__KEY": "key.pem"}
    files = {name: str(tmp_path / file) for name, file in names.items()}
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tenbin")
    where = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files["CLIENT__KEY"], "-out", files["CA_FILE"])
    subprocess.run(["openssl", *made, *where], check=True, capture_output=True)
    tls = ("--tls-ca-file", files["CA_FILE"], "--tls-cert", files["CLIENT__CERT"], "--tls-key", files["CLIENT__KEY"])
    with cluster(1, tmp_path, tls) as (address, _):
        with pytest.raises(InputError, match="CLIENT__KEY"):  # the control: who has no certificate is told so
            plan_sweep(SPEC, out=tmp_path, scheduler=address)
        with dask.config.set(
            {f"distributed.comm.tls.{key.lower().replace('__', '.').replace('_', '-')}": file for key, file in files.items()}
        ):
            found = sweep(SPEC, out=tmp_path, scheduler=address)
    assert same(found.to_frame(), here)


def test_a_killed_process_costs_only_its_points(here: pd.DataFrame, tmp_path: Path) -> None:
    plan = plan_sweep(SPEC, out=tmp_path, jobs=2)
    crew = Processes(2)
    plan.crew = crew
    killed: list[int] = []

    def kill(stage: str, done: float, total: float, detail: object) -> None:
        if done and not killed:
            killed.extend(crew.pids()[:1])
            os.kill(killed[0], signal.SIGKILL)

    found = run_sweep(plan, on_progress=kill)
    assert killed
    assert (found.n_solved, found.n_failed) == (12, 0)
    assert same(found.to_frame(), here)


def test_a_point_that_kills_its_worker_is_a_failing_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENBIN_TEST_POISON", "4")
    spec = {"axes": {"case": CASE, "target": "aal=60%", "trials": 2000, "seed": [3, 4, 5, 6]}}
    plan = plan_sweep(spec, out=tmp_path, jobs=2)
    plan.crew = Processes(2, poisoned_batch)
    found = run_sweep(plan)
    frame = found.to_frame()
    assert (found.n_solved, found.n_failed) == (4, 1)
    assert list(frame["status"]) == ["optimal", "error", "optimal", "optimal"]
    assert "died 2 times" in frame["error"][1]


def poisoned_batch(batch: solving.Batch) -> list[dict[str, Any]]:
    """A worker that dies of one seed, as it would of too little memory."""
    if any(task.seed == int(os.environ["TENBIN_TEST_POISON"]) for task in batch.tasks):
        os.kill(os.getpid(), 9)
    return solving.solve_batch(batch)


def test_a_point_that_kills_its_worker_while_the_time_is_reckoned_is_a_failing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENBIN_TEST_POISON", "3")  # of the first point
    spec = {"axes": {"case": CASE, "target": "aal=60%", "trials": 2000, "seed": list(range(3, 13))}}
    plan = plan_sweep(spec, out=tmp_path, jobs=2)
    plan.crew = Processes(2, poisoned_batch)
    stop = threading.Event()
    with holding(plan, stop=stop) as running:
        assert running.measure(stop).n_todo == 10
        kept = store.Store(plan.store.path).read_rows()[0].num_rows
        assert kept == 10 - len(plan.todo) > 0  # what was tried is there already
        found = running.go(None, stop)
    assert (found.n_solved, found.n_failed, found.n_missing) == (10, 1, 0)
    assert list(found.to_frame()["status"] == "error") == [True, *[False] * 9]


def test_only_what_is_missing_is_done(tmp_path: Path) -> None:
    stop = threading.Event()
    first = sweep(
        SPEC, out=tmp_path, jobs=1, stop=stop, on_progress=lambda stage, done, total, detail: done >= 5 and stop.set()
    )
    assert first.is_interrupted
    assert (first.n_solved, first.n_missing) == (5, 7)
    half = tenbin.read_sweep(first.path)
    assert (half["status"] == "missing").sum() == 7
    assert half.loc[half["status"] != "missing", "npv"].notna().all()
    second = sweep(SPEC, out=tmp_path, jobs=1)
    assert (second.n_done, second.n_solved, second.n_missing) == (5, 7, 0)
    assert sweep(SPEC, out=tmp_path, jobs=1).n_solved == 0
    wider = sweep({**SPEC, "axes": {**SPEC["axes"], "seed": [3, 4, 5]}}, out=tmp_path, jobs=1)
    assert (wider.n_points, wider.n_done, wider.n_solved) == (18, 12, 6)


def test_a_damaged_part_is_done_again(tmp_path: Path) -> None:
    found = sweep(SPEC, out=tmp_path, jobs=1)
    before = found.to_frame()
    part = max((found.path / "parts").glob("*.parquet"), key=lambda path: path.stat().st_size)
    part.write_bytes(part.read_bytes()[:-200])
    (found.path / "parts" / "part-0.parquet").write_bytes(b"")
    broken = tenbin.read_sweep(found.path)
    assert broken.attrs["damaged_parts"] == 2
    n_lost = int((broken["status"] == "missing").sum())
    assert n_lost > 0
    assert sweep(SPEC, out=tmp_path, jobs=1).n_solved == n_lost
    assert same(tenbin.read_sweep(found.path), before)


def test_a_failing_point_is_recorded_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "cases" / "none").mkdir(parents=True)
    spec = {
        "name": "failing",
        "axes": {"case": [CASE, tmp_path / "cases" / "none"], "target": ["aal=60%", "tvar99=50%"], "trials": 50},
    }
    found = sweep(spec, out=tmp_path, jobs=1)
    frame = found.to_frame()
    assert found.n_failed == 3  # no case; and 50 years have no worst 1 %
    assert list(frame["status"] == "error") == [False, True, True, True]
    assert "case.toml" in frame["error"][2]
    assert "years" in frame["error"][1]
    assert frame["error_ja"][1] != frame["error"][1]
    again = sweep(spec, out=tmp_path, jobs=1)
    assert (again.n_solved, again.n_done) == (0, 4)
    retried = sweep(spec, out=tmp_path, jobs=1, retry_failed=True)
    assert (retried.n_solved, retried.n_done, retried.n_failed) == (3, 1, 3)
    assert len(tenbin.read_sweep(found.path)) == 4


def test_a_full_disk_leaves_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenbin.sweeps.sweeping.FLUSH_ROWS", 2)
    write, written = store.Store._write, []

    def full(self: store.Store, path: Path, writing: Any) -> None:
        if path.name.startswith("part-"):
            written.append(path)
            if len(written) > 3:
                path.with_name("._half.parquet").write_bytes(b"PAR1")
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, path, writing)

    monkeypatch.setattr(store.Store, "_write", full)
    with pytest.raises(StorageError, match=r"[Nn]o space|full"):
        sweep(SPEC, out=tmp_path, jobs=1)
    monkeypatch.setattr(store.Store, "_write", write)
    folder = tmp_path / "sweeps" / "small"
    n_kept = int((tenbin.read_sweep(folder)["status"] != "missing").sum())
    assert 6 <= n_kept < 12
    assert sweep(SPEC, out=tmp_path, jobs=1).n_solved == 12 - n_kept
    assert not list((folder / "parts").glob(".*"))


def test_a_second_sweep_is_refused_or_waits(tmp_path: Path) -> None:
    found = sweep(SPEC, out=tmp_path, jobs=1)
    held = lock(found.path / ".lock")
    try:
        with pytest.raises(InputError, match=f"held by process {os.getpid()}"):
            sweep(SPEC, out=tmp_path, jobs=1)
        waiting = threading.Timer(0.3, held.release)
        waiting.start()
        assert sweep(SPEC, out=tmp_path, jobs=1, wait=True).n_solved == 0
        assert held.handle is None
    finally:
        held.release()


def test_what_the_other_sweep_did_while_it_was_waited_for_is_done(tmp_path: Path) -> None:
    plan = plan_sweep(SPEC, out=tmp_path, jobs=1)
    stop = threading.Event()
    first = sweep(SPEC, out=tmp_path, jobs=1, stop=stop, on_progress=lambda _, done, *__: done >= 5 and stop.set())
    second = run_sweep(plan, wait=True)
    assert (first.n_solved, second.n_done, second.n_solved, second.n_missing) == (5, 5, 7, 0)


def test_waiting_does_not_give_up_asking_again_what_failed(tmp_path: Path) -> None:
    spec = {"axes": {"case": CASE, "target": ["aal=60%", "tvar99=50%"], "trials": 50}}
    assert sweep(spec, out=tmp_path, jobs=1).n_failed == 1
    again = sweep(spec, out=tmp_path, jobs=1, retry_failed=True, wait=True)
    assert (again.n_done, again.n_solved, again.n_failed, again.n_missing) == (1, 1, 1, 0)


@pytest.mark.parametrize("first", ["plain", "ranged"])
def test_the_number_of_worlds_is_each_point_s_own(first: str, tmp_path: Path) -> None:
    """Of two price tables one has ranges: that case has 64 worlds, the other one, whichever comes first."""
    frames = tenbin.to_frames(tenbin.load(CASE))
    frames["case"] = {**frames["case"], "study": {"seed": 1, "n_trials": 3000}}
    for name in ("measures", "shared", "effects", "scenarios"):
        ends = [column for column in frames[name].columns if column.endswith(("_low", "_high"))]
        frames[name] = frames[name].drop(columns=[end for end in ends if not end.startswith("loss")])
    priced = frames["measures"].assign(
        capex_low=frames["measures"]["capex"] * 0.8, capex_high=frames["measures"]["capex"] * 1.5
    )
    cases = {"plain": tenbin.load(frames), "ranged": tenbin.load({**frames, "measures": priced})}
    order = sorted(cases, key=lambda name: name != first)
    found = sweep({"axes": {"case": [cases[name] for name in order], "target": "aal=60%"}}, out=tmp_path, jobs=1).to_frame()
    for name, row in zip(order, found.to_dict("records"), strict=True):
        alone = tenbin.optimise(tenbin.simulate(cases[name]), ["aal=60%"], validate=True)
        assert (row["n_worlds"], row["npv"]) == (alone.n_worlds, alone.cost.npv)
    assert set(found["n_worlds"]) == {1, 64}


def test_a_scheduler_that_dies_is_told_and_what_was_finished_stays(tmp_path: Path) -> None:
    with cluster(1, tmp_path) as (address, processes):
        plan = plan_sweep({**SPEC, "axes": {**SPEC["axes"], "seed": list(range(3, 40))}}, out=tmp_path, scheduler=address)

        def kill(stage: str, done: float, total: float, detail: object) -> None:
            if done:
                processes[-1].kill()

        try:
            with pytest.raises(InputError, match="stays until the end"):
                run_sweep(plan, on_progress=kill)
        finally:
            plan.close()
    n_kept = int((tenbin.read_sweep(plan.store.path)["status"] != "missing").sum())
    assert 0 < n_kept < len(plan.keys)


def test_a_cluster_that_has_lost_its_workers_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenbin.sweeps.crews.RECOUNT", 0.1)
    with cluster(1, tmp_path) as (address, processes):
        plan = plan_sweep({**SPEC, "axes": {**SPEC["axes"], "seed": list(range(3, 40))}}, out=tmp_path, scheduler=address)
        monkeypatch.setattr("tenbin.sweeps.crews.PATIENCE", 0.5)
        stop, stages = threading.Event(), []

        def lose(stage: str, done: float, total: float, detail: object) -> None:
            stages.append(stage)
            if done:
                processes[0].kill()
            if stage == DESERTED:
                stop.set()

        try:
            found = run_sweep(plan, on_progress=lose, stop=stop)
        finally:
            plan.close()
    assert stages[-1] == DESERTED
    assert stages[0] != DESERTED
    assert found.is_interrupted
    assert found.n_missing > 0


def test_a_scheduler_that_is_none_is_refused_and_nothing_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenbin.sweeps.crews.PATIENCE", 1)
    for address, words in (("127.0.0.1:9", "tcp://HOST:PORT"), ("tcp://127.0.0.1:9", "answers")):
        with pytest.raises(InputError, match=words):
            sweep(SPEC, out=tmp_path, scheduler=address)
    assert not list(tmp_path.iterdir())


def test_equal_points_are_solved_once(tmp_path: Path) -> None:
    found = sweep({"axes": {"case": [CASE, tenbin.load(CASE)], "target": "aal=60%", "trials": 2000}}, out=tmp_path, jobs=1)
    assert (found.n_points, found.n_distinct, found.n_solved) == (2, 1, 1)
    frame = found.to_frame()
    assert frame["npv"].nunique() == 1
    assert len(frame) == 2
    assert json.loads(frame["targets"][0])[0]["met"] is True


def test_many_parts_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenbin.sweeps.sweeping.FLUSH_ROWS", 1)
    found = sweep(SPEC, out=tmp_path, jobs=1)
    before = found.to_frame()
    assert len(list((found.path / "parts").glob("*.parquet"))) == 12
    monkeypatch.setattr("tenbin.sweeps.store.MANY_PARTS", 5)
    sweep(SPEC, out=tmp_path, jobs=1)
    assert len(list((found.path / "parts").glob("*.parquet"))) == 1
    assert same(tenbin.read_sweep(found.path), before)
