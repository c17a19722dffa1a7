"""``python3 run.py bench app [--quick]``: how soon the app is ready, how quick the slider and a new question are, what a tab costs.

The bundled case with its 100,000 years; the real command in a process of its own, the installed Chromium on it. Times of the slider and of
questions are taken inside the page: from the key or the typed Enter to the first frame in which the answer's sentence is another.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from playwright.sync_api import Page, expect, sync_playwright

from tenbin.reporting.printing import find_browser
from tenbin.simulation import default_threads

ROOT = Path(__file__).resolve().parents[1]
CASES = (ROOT / "scenarios" / "machine-parts-sme", ROOT / "scenarios" / "control-units-midtier")
KEY = "a-key-for-the-benchmark"
LONG = 240_000
IDLE = re.compile("Everything is worked out")

WATCH = """() => {
  window.told = [];
  const lead = () => document.querySelector(".sheet .lead")?.textContent ?? "";
  let last = lead();
  new MutationObserver(() => requestAnimationFrame(() => {
    if (lead() !== last) { last = lead(); window.told.push(["shown", performance.now(), last]); }
  })).observe(document.querySelector(".answer"), {subtree: true, childList: true, characterData: true});
  document.addEventListener("keydown", (e) => window.told.push(["key", performance.now(), e.key]), true);
}"""


@contextmanager
def running(folder: Path, *arguments: object) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """The app: its process, its address, seconds until it said that it is ready."""
    env = {**os.environ, "TENBIN_DRAFTS": f"{folder}/drafts", "TENBIN_RESULTS": f"{folder}/results", "TENBIN_APP_KEY": KEY}
    began = time.perf_counter()
    command = [sys.executable, "-m", "tenbin", "app", *map(str, arguments), "--no-browser", "--lang", "en"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    address = ""
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
            address = found[0]
            break
        print(line, end="", file=sys.stderr)
    try:
        yield process, address, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(30)


def megabytes(process: subprocess.Popen[str]) -> float:
    """What the server holds."""
    return float(psutil.Process(process.pid).memory_info().rss) / 1e6


def settle(page: Page) -> None:
    """Wait until everything is worked out."""
    expect(page.locator(".doing")).to_contain_text(IDLE, timeout=LONG)


def steps(page: Page, rounds: int) -> tuple[list[float], int]:
    """The slider by keyboard, a plan known already at each stop: milliseconds from the key to the other sentence.

    And how many steps showed nothing else within 1.4 s: the plan known there is the one of the stop before. They have no time.
    """
    page.locator("input.range").first.focus()
    found, n_same = [], 0
    for number in range(rounds):
        page.evaluate("() => { window.told = [] }")
        page.keyboard.press("PageUp" if number % 12 < 6 else "PageDown")
        page.wait_for_timeout(1_500)
        told = page.evaluate("() => window.told")
        key = next(at for kind, at, _ in told if kind == "key")
        shown = [at for kind, at, _ in told if kind == "shown"]
        if shown and shown[0] - key < 1_400:
            found.append(shown[0] - key)
        else:
            n_same += 1
    return found, n_same


def questions(page: Page, shares: list[str]) -> list[float]:
    """Targets typed: milliseconds from Enter to the sentence of a plan that was searched for."""
    box, found = page.get_by_label("Amount, or a share of today such as 60%"), []
    for share in shares:
        box.fill(share)
        page.evaluate("() => { window.told = [] }")
        box.press("Enter")
        page.wait_for_function("() => window.told.some((one) => one[0] === 'shown')", timeout=20_000)
        told = page.evaluate("() => window.told")
        key = next(at for kind, at, _ in told if kind == "key")
        found.append(next(at for kind, at, _ in told if kind == "shown") - key)
        page.wait_for_timeout(2_500)
    return found


def told(times: list[float]) -> dict[str, float]:
    """Median and worst, in milliseconds."""
    return {"n": len(times), "median_ms": round(statistics.median(times), 1), "worst_ms": round(max(times), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few steps")
    options = parser.parse_args()
    report: dict[str, Any] = {"cores": os.cpu_count(), "threads": default_threads()}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find_browser()), args=["--no-sandbox", "--disable-gpu"])
        with running(Path(folder) / "warm", CASES[0]):
            pass  # whatever the disk has to read once
        began = time.perf_counter()
        with running(Path(folder) / "one", CASES[0]) as (process, address, ready):
            report["answers_s"] = round(ready, 2)
            report["empty_mb"] = round(megabytes(process))
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(address)
            page.locator(".asked").first.wait_for()
            report["page_ready_s"] = round(time.perf_counter() - began, 2)
            page.locator(".sheet .lead").wait_for(timeout=LONG)
            report["first_answer_s"] = round(time.perf_counter() - began, 2)
            page.evaluate(WATCH)
            report["questions_while_the_frontier_is_traced"] = told(questions(page, ["72%", "69%", "71%"]))
            settle(page)
            report["all_worked_out_s"] = round(time.perf_counter() - began, 1)
            times, n_same = steps(page, 12 if options.quick else 60)
            report["slider"] = told(times) | {"n_without_another_plan": n_same}
            settle(page)
            shares = [f"{share}%" for share in range(90, 55, -12 if options.quick else -3)]
            report["questions"] = told(questions(page, shares))
            settle(page)
            report["one_case_mb"] = round(megabytes(process))
            place = page.url
            for _ in range(4):
                tab = page.context.new_page()
                tab.goto(place)
                tab.locator(".sheet .lead").wait_for()
            report["a_tab_more_mb"] = round((megabytes(process) - report["one_case_mb"]) / 4, 1)
        with running(Path(folder) / "two", CASES[1]) as (process, address, _):
            page = browser.new_page()
            page.goto(address)
            page.locator(".sheet .lead").wait_for(timeout=LONG)
            settle(page)
            report["midtier_mb"] = round(megabytes(process))
        browser.close()
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "app.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
