"""``python3 run.py bench sweep [--quick]``: what a sweep costs beside the solving, two workers against one, going on, memory, a cluster.

The bundled case: expected-loss targets × seeds × prices, 2,000 years in one world without the check on other years, so that points are quick and whatever stands round
them shows. Each worker has one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
os.environ["TENBIN_THREADS"] = "1"

import psutil

import tenbin
from sweeps.clusters import cluster
from tenbin.sweeps.crews import Cluster, Processes
from tenbin.sweeps.mapping import map_events, write_events
from tenbin.sweeps.planning import plan_sweep
from tenbin.sweeps.solving import Batch, forget
from tenbin.sweeps.store import Store
from tenbin.sweeps.sweeping import run_sweep

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "scenarios" / "machine-parts-sme"
LARGE = ROOT / "scenarios" / "control-units-midtier"


def spec(n: int, name: str) -> dict[str, Any]:
    """``n`` points (a multiple of 50): ten targets, five prices, so many seeds."""
    targets = [f"aal={share}%" for share in range(50, 100, 5)]
    prices = [f"*{factor}" for factor in (0.8, 0.9, 1, 1.1, 1.2)]
    axes = {
        "case": CASE,
        "seed": list(range(n // 50)),
        "measures.*.opex": prices,
        "target": targets,
        "trials": 2000,
        "worlds": 1,
    }
    return {"name": name, "axes": axes, "options": {"validate": False}}


class Watch(threading.Thread):
    """The most memory that this process' children took, each by itself."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most: dict[int, int] = {}
        self.ends = threading.Event()

    def run(self) -> None:
        while not self.ends.wait(0.2):
            for child in psutil.Process().children(recursive=True):
                try:
                    used = child.memory_full_info().uss
                except psutil.Error:
                    continue
                self.most[child.pid] = max(self.most.get(child.pid, 0), used)


def run(n: int, jobs: int, out: Path) -> dict[str, Any]:
    """A sweep from nothing: its time, and where it went."""
    forget()
    watch = Watch()
    watch.start()
    began = time.perf_counter()
    found = tenbin.sweep(spec(n, f"jobs-{jobs}"), out=out, jobs=jobs)
    wall = time.perf_counter() - began
    watch.ends.set()
    frame = found.to_frame()
    assert found.n_failed == found.n_missing == 0
    parts = frame[["seconds_case", "seconds_simulate", "seconds_optimise"]].sum()
    return {
        "points": len(frame),
        "workers": jobs,
        "wall_s": wall,
        "solving_s": parts["seconds_optimise"],
        "reading_ms_a_point": 1e3 * parts["seconds_case"] / n,
        "drawing_ms_a_point": 1e3 * parts["seconds_simulate"] / n,
        "overhead_ms_a_point": 1e3 * (wall * jobs - parts["seconds_optimise"]) / n,
        "worker_mb": [round(used / 1e6) for used in sorted(watch.most.values())],
        "bytes_a_point": (Store(found.path).n_bytes() + (found.path / "points.parquet").stat().st_size) / n,
    }


def going_on(n: int, out: Path) -> dict[str, float]:
    """A finished sweep asked again: the call, and the command with its start."""
    began = time.perf_counter()
    found = tenbin.sweep(spec(n, "jobs-1"), out=out, jobs=1)
    call = time.perf_counter() - began
    assert (found.n_solved, found.n_done) == (0, n)
    file = out / "again.toml"
    file.write_text((found.path / "sweep.toml").read_text(encoding="utf-8"), encoding="utf-8")
    began = time.perf_counter()
    command = [sys.executable, "-m", "tenbin", "sweep", str(file), "--out", str(out), "--json", "--quiet"]
    done = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert done["solved"] == 0
    return {"call_s": call, "command_s": time.perf_counter() - began, "per_1000_points_s": 1e3 * call / n}


def keys(n: int, out: Path) -> dict[str, float]:
    """Laying out points that differ in the question, and points that each have a case of their own."""
    found: dict[str, float] = {}
    axes = spec(50, "keys")["axes"]
    many = {**axes, "seed": list(range(n // 50))}
    factors = [f"*{1 + k / n}" for k in range(n // 10)]
    own = {**axes, "target": "aal=60%", "measures.*.opex": "*1", "scenarios.*.frequency": factors}
    for name, some, size in (("same_case", many, n), ("case_of_its_own", own, n // 10)):
        before = psutil.Process().memory_info().rss
        began = time.perf_counter()
        plan = plan_sweep({"name": name, "axes": some}, out=out, jobs=1)
        found[f"{name}_us_a_point"] = 1e6 * (time.perf_counter() - began) / len(plan.keys)
        found[f"{name}_bytes_a_point"] = max(0, psutil.Process().memory_info().rss - before) / len(plan.keys)
        assert len(plan.keys) == size
        del plan
    return found


def nothing(batch: Batch) -> list[dict[str, Any]]:
    """A batch that is not solved."""
    return []


def hand_out(crew: Any, batch: Batch, n: int) -> float:
    """Batches a second that a crew takes and gives back."""
    for _ in range(2):
        crew.take(batch)
    while crew._at:
        crew.collect(1.0)
    began, sent, back = time.perf_counter(), 0, 0
    while back < n:
        while sent < n and crew.has_room():
            crew.take(batch)
            sent += 1
        back += len(crew.collect(1.0))
    return n / (time.perf_counter() - began)


def tables(out: Path, quick: bool) -> list[dict[str, float]]:
    """Drawing a table's events against mapping them from a file that another worker wrote."""
    case, found = tenbin.load(LARGE), []
    tenbin.simulate(case, 1_000)
    for years in (20_000, 100_000, 1_000_000, *([] if quick else [4_000_000])):
        began = time.perf_counter()
        events = tenbin.simulate(case, years, n_threads=1, memory="8G")
        drawn = time.perf_counter() - began
        began = time.perf_counter()
        assert write_events(events, out / f"events-{years}")
        written = time.perf_counter() - began
        began = time.perf_counter()
        mapped = map_events(events.case, out / f"events-{years}", 1, 2**33)
        opened = time.perf_counter() - began
        assert mapped is not None
        values = [tenbin.evaluate(one, {}).tvar(0.95) for one in (events, mapped)]
        assert values[0] == values[1]
        found.append(
            {
                "years": years,
                "mb": events.n_bytes / 1e6,
                "draw_ms": 1e3 * drawn,
                "draw_ns_an_event": 1e9 * drawn / events.n_events,
                "write_ms": 1e3 * written,
                "map_ms": 1e3 * opened,
            }
        )
    return found


def on_a_cluster(n: int, out: Path, n_tasks: int) -> dict[str, Any]:
    """The same points over a scheduler and two workers on loopback, and tasks a second."""
    with cluster(2, out) as (address, _):
        plan = plan_sweep(spec(n, "cluster"), out=out, scheduler=address)
        assert isinstance(plan.crew, Cluster)
        rate = hand_out(Cluster(plan.crew.client, nothing), plan.batch(0, plan.todo[:1]), n_tasks)
        began = time.perf_counter()
        found = run_sweep(plan)
        wall = time.perf_counter() - began
        plan.close()
        assert found.n_failed == found.n_missing == 0
        batch = len(pickle.dumps(plan.batch(0, plan.todo[:1])))
    return {"points": n, "wall_s": wall, "tasks_a_second": rate, "bytes_of_a_batch": batch}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the points")
    options = parser.parse_args()
    n = 100 if options.quick else 1_000
    report: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        tenbin.sweep({**spec(50, "warm"), "sample": {"method": "latin-hypercube", "n": 3}}, out=out, jobs=1)  # compiled
        report["one"] = run(n, 1, out)
        report["two"] = run(n, 2, out)
        report["speed_up"] = report["one"]["wall_s"] / report["two"]["wall_s"]
        report["going_on"] = going_on(n, out)
        report["keys"] = keys(n * 20, out)
        report["tables"] = tables(out, options.quick)
        plan = plan_sweep(spec(50, "tasks"), out=out, jobs=2)
        crew = Processes(2, nothing)
        report["processes_tasks_a_second"] = hand_out(crew, plan.batch(0, plan.todo[:1]), 500)
        crew.close()
        report["cluster"] = on_a_cluster(n, out, 500)
    folder = ROOT / "benchmarks" / "out"
    folder.mkdir(exist_ok=True)
    (folder / "sweep.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    for key, value in report.items():
        for row in value if isinstance(value, list) else [value]:
            pairs = row.items() if isinstance(row, dict) else [("", row)]
            print(f"{key:26}", "  ".join(f"{a} {b:.4g}" if isinstance(b, float) else f"{a} {b}" for a, b in pairs))


if __name__ == "__main__":
    main()
