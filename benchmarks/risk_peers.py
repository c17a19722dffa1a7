"""``python3 run.py bench risk [--rounds 5] [--quick]``: the engine against other tools on the same 40 scenarios × 100,000 years.

Each tool does the whole job, from parameters to the annual loss and its mean, VaR95 and TVaR95, in a process of its own that stays on
the same core (tenbin also on two) and has done it before. Rounds are interleaved: a few jobs of each tool in turn, so that what else
the machine does hits all alike; medians over all jobs. Two jobs are asked for: the inherent risk, and then that of a plan. tenbin
evaluates the plan on the years it has drawn, as the optimiser does hundreds of times; the others have nothing to keep and start anew
with the plan's parameters. Errors are against the law computed by Fourier transform, means over all jobs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.engines.books import Truth, law_of, measured_case, measured_points, truth_of

N = 100_000
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out"
BOOKS = ("inherent", "plan")
METRICS = ("aal", "var", "tvar")
REPEATS = 5
SHORT_SECONDS = 1.0

PINNED = ("pyfair==0.1a13", "aggregate==0.30.1", "numpy==2.4.6", "scipy==1.17.1", "pandas==3.1.1", "setuptools==65.5.0")
"""The other tools and what they stand on; they live in ``benchmarks/out/peers-venv``, never beside tenbin."""


@dataclass(frozen=True)
class Tool:
    """A process to measure. ``goal``: how many times slower than tenbin it was to be, on one thread; ``rounds``: at most so many."""

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    threads: int = 1
    goal: int = 0
    rounds: int = 99
    peer: bool = False


TOOLS = (
    Tool("tenbin", "tenbin_engine", {"threads": 1}),
    Tool("tenbin, 2 threads", "tenbin_engine", {"threads": 2}, threads=2),
    Tool("numpy", "numpy_engine"),
    Tool("riskquant's method", "riskquant_engine", goal=50, rounds=3),
    Tool("aggregate, 2^14 buckets chosen well", "aggregate_engine", {"log2": 14, "bucket": 1 / 140}, goal=30, peer=True),
    Tool("aggregate, 2^16, its defaults", "aggregate_engine", {"log2": 16, "bucket": None}, goal=30, peer=True),
    Tool("aggregate, 2^18", "aggregate_engine", {"log2": 18, "bucket": None}, goal=30, rounds=3, peer=True),
    Tool("pyfair", "pyfair_engine", {"laws": "fair", "seeds": False}, goal=200, peer=True),
    Tool("pyfair, a seed a model", "pyfair_engine", {"laws": "fair", "seeds": True}, goal=200, peer=True),
    Tool("pyfair, our laws as arrays", "pyfair_engine", {"laws": "raw", "seeds": True}, goal=200, rounds=2, peer=True),
)


def peers_python() -> Path | None:
    """The Python of the other tools' environment, made through pip when it is missing; None when that fails."""
    place = OUT / "peers-venv"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    want = sha256("\n".join((*PINNED, sys.version)).encode()).hexdigest()
    mark = place / ".ok"
    if python.exists() and mark.exists() and mark.read_text(encoding="utf-8") == want:
        return python
    print(f"Setting up {place.relative_to(ROOT)} for the other tools; about a minute, once …", file=sys.stderr)
    venv.create(place, clear=True, with_pip=True)
    if subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PINNED], check=False).returncode:
        return None
    mark.write_text(want, encoding="utf-8")
    return python


class Served:
    """A tool's process, waiting for jobs."""

    def __init__(self, tool: Tool, python: Path, books: dict[str, Any]) -> None:
        self.tool = tool
        self.answers: dict[str, list[dict[str, Any]]] = {book: [] for book in BOOKS}
        threads = str(tool.threads)
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "TENBIN_THREADS")
        self.process = subprocess.Popen(
            [python, "-W", "ignore", "-m", f"benchmarks.engines.{tool.module}"],
            cwd=ROOT,
            env={**os.environ, **dict.fromkeys(names, threads), "MPLBACKEND": "agg"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        cores = sorted(os.sched_getaffinity(0))[: tool.threads] if hasattr(os, "sched_getaffinity") else []
        self._tell({"cores": cores, "years": N, "books": books, "options": tool.options})

    def _tell(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, book: str, seed: int) -> dict[str, Any]:
        """One job, start to end; nothing else runs meanwhile."""
        self._tell({"book": book, "seed": seed})
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.tool.name} ended with code {self.process.wait()}: see above")
        return dict(json.loads(line))

    def round(self, number: int) -> None:
        """Both jobs, a few times when they are short; round 0 only warms up."""
        began = time.perf_counter()
        for repeat in range(REPEATS):
            for book in BOOKS:
                answer = self.ask(book, REPEATS * number + repeat)
                if number:
                    self.answers[book].append(answer)
            if time.perf_counter() - began > SHORT_SECONDS:
                break

    def times(self, book: str) -> list[float]:
        return [answer["seconds"] for answer in self.answers[book]]

    def end(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def measure(tools: list[tuple[Tool, Path]], books: dict[str, Any], rounds: int) -> list[Served]:
    """All tools, round by round."""
    served: list[Served] = []
    try:
        for tool, python in tools:
            served.append(Served(tool, python, books))
            served[-1].round(0)
        for number in range(1, rounds + 1):
            for one in served:
                if number <= one.tool.rounds:
                    one.round(number)
            load = f", load {os.getloadavg()[0]:.1f} (ours is 1)" if hasattr(os, "getloadavg") else ""
            print(f"round {number} of {rounds}{load}", file=sys.stderr)
    finally:
        for one in served:
            one.end()
    return served


def summary(one: Served, first: Served, truths: dict[str, Truth]) -> dict[str, Any]:
    """A tool's times, their ratios to those of ``first`` (tenbin on one thread), and errors, for each book."""
    found: dict[str, Any] = {"tool": one.tool.name, "threads": one.tool.threads, "goal": one.tool.goal}
    for book in BOOKS:
        answers = one.answers[book]
        times, base = one.times(book), first.times(book)
        found[book] = {
            "seconds": statistics.median(times),
            "least_seconds": min(times),
            "ratio": statistics.median(times) / statistics.median(base),
            "least_ratio": min(times) / min(base),
            "errors": {
                metric: statistics.fmean(answer[metric] for answer in answers) / getattr(truths[book], metric) - 1
                for metric in METRICS
            },
            "times": times,
            "extra": answers[-1]["extra"],
        }
    return found


def show(report: dict[str, Any]) -> None:
    """The table, as markdown."""
    print("\n| tool | whole job | ÷ tenbin | a plan more | ÷ tenbin | AAL | VaR95 | TVaR95 |\n" + 8 * "|---" + "|")
    for row in report["tools"]:
        inherent, plan = row["inherent"], row["plan"]
        errors = " | ".join(f"{100 * inherent['errors'][metric]:+.1f} %" for metric in METRICS)
        times = " | ".join(f"{one['seconds']:.3g} s | {one['ratio']:.3g}" for one in (inherent, plan))
        print(f"| {row['tool']} | {times} | {errors} |")
    truth = report["truth"]["inherent"]
    spread = " | ".join(f"{100 * truth[f'{metric}_error']:.1f} %" for metric in METRICS)
    print(f"| one standard error of {N:,} years | | | | | {spread} |\n")
    print(f"events a year: {report['instance']['events_a_year']:.1f}")
    for row in report["tools"]:
        for name, value in row["inherent"]["extra"].items():
            print(f"{row['tool']}: {name.replace('_', ' ')} {value:,.3g}")
    for row in report["tools"]:
        if row["goal"]:
            print(f"{row['tool']}, to reach {row['goal']}×: " + ", ".join(reached(row, book) for book in BOOKS))


def reached(row: dict[str, Any], book: str) -> str:
    one = row[book]
    job = "whole job" if book == "inherent" else "a plan more"
    verdict = "reached" if one["ratio"] >= row["goal"] else "not reached"
    return f"{job} {one['ratio']:.0f}× ({verdict}; by the least times {one['least_ratio']:.0f}×)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, without the slowest")
    options = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    python = peers_python()
    if python is None:
        print("pyfair and aggregate could not be installed (see above): the table is without them.", file=sys.stderr)
    case = measured_case()
    books = {name: law_of(case, point) for name, point in measured_points(case).items()}
    truths = {name: truth_of(law, N) for name, law in books.items()}
    tools = [(tool, python if tool.peer else Path(sys.executable)) for tool in TOOLS if not options.quick or tool.rounds > 2]
    there = [(tool, home) for tool, home in tools if home is not None]
    served = measure(there, books, 1 if options.quick else options.rounds)
    report = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "pinned": PINNED},
        "instance": {"scenarios": len(case.scenarios), "trials": N, "events_a_year": sum(books["inherent"][0])},
        "truth": {name: asdict(truth) for name, truth in truths.items()},
        "tools": [summary(one, served[0], truths) for one in served],
    }
    (OUT / "risk_peers.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    show(report)
    print(f"\n{OUT / 'risk_peers.json'}")


if __name__ == "__main__":
    main()
