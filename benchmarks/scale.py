"""``python3 run.py bench scale``: 400 scenarios × 1,000,000 years, held and drawn again, against reading spilled blocks; growth.

Each size runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate import generate_case

from tenbin.evaluation import Evaluator, Quantity, Reduction
from tenbin.model import Metric
from tenbin.simulation import EventTable, default_threads, simulate_case
from tenbin.units import format_memory, parse_memory

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((40, 100_000, "64G"), (400, 100_000, "64G"), (400, 300_000, "64G"), (400, 1_000_000, "64G"), (400, 1_000_000, "1G"))
SPILLED_BLOCKS = 16


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median time of several runs."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measure(n_scenarios: int, n_trials: int, memory: str) -> dict[str, Any]:
    """Draw a table, then value and gradient of TVaR95 under a plan."""
    case = generate_case(55, n_scenarios)
    simulate_case(case, 1_000, 1)  # compiled before
    began = time.perf_counter()
    events = simulate_case(case, n_trials, 1, memory=parse_memory(memory))
    drawn = time.perf_counter() - began
    evaluator, reduction = Evaluator(events), Reduction.of(case, events.worlds)
    phi, gamma = reduction.reduce(np.random.default_rng(0).random(reduction.n_rows) < 0.15)
    wanted = Quantity(Metric.TVAR, Decimal("0.95"), (True,) * n_scenarios)
    evaluator.tangent(wanted, phi, gamma)
    value = seconds(lambda: evaluator.value(wanted, phi, gamma), 3)
    both = seconds(lambda: evaluator.tangent(wanted, phi, gamma), 3)
    found = {
        "scenarios": n_scenarios,
        "years": n_trials,
        "memory": memory,
        "events": events.n_events,
        "held": format_memory(events.n_bytes),
        "draw_s": drawn,
        "value_s": value,
        "value_and_gradient_s": both,
        "value_ns_an_event": 1e9 * value / events.n_events,
        "peak": format_memory(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024),
        "threads": default_threads(),
    }
    if len(events.blocks) > getattr(events.blocks, "n_held", len(events.blocks)):
        found.update(spilling(events))
    return found


def spilling(events: EventTable) -> dict[str, Any]:
    """Getting a block by drawing it again against reading it from a file, one thread."""
    numbers = range(len(events.blocks) - SPILLED_BLOCKS, len(events.blocks))
    again = seconds(lambda: [events.borrow(number) for number in numbers], 3)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number in numbers:
            block = events.borrow(number)
            files.append([Path(folder, f"{number}-{name}.npy") for name in ("severity", "tau", "trial")])
            for path, array in zip(files[-1], (block.severity, block.tau, block.trial), strict=True):
                np.save(path, array)
        n_events = sum(events.borrow(number).n_events for number in numbers)
        cold = []
        for _ in range(3):
            for path in (path for paths in files for path in paths):
                _forget(path)
            cold.append(seconds(lambda: [[np.load(path) for path in paths] for paths in files], 1))
        read = seconds(lambda: [[np.load(path) for path in paths] for paths in files], 3)
    return {
        "drawn_again_ns_an_event": 1e9 * again / n_events,
        "read_ns_an_event": 1e9 * statistics.median(cold) / n_events,
        "read_from_the_systems_cache_ns_an_event": 1e9 * read / n_events,
    }


def _forget(path: Path) -> None:
    """Write a file out and ask the system to drop what it holds of it in memory, where it can be asked."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("SCENARIOS", "YEARS", "MEMORY"))
    parser.add_argument("--quick", action="store_true", help="up to 400 scenarios × 100,000 years")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(int(options.one[0]), int(options.one[1]), options.one[2])))
        return
    rows = []
    for size in SIZES[:2] if options.quick else SIZES:
        command = [sys.executable, __file__, "--one", *map(str, size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(json.loads(done.stdout))
        print(
            "  ".join(f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in rows[-1].items())
        )
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "scale.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
