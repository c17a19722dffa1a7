"""``python3 run.py bench report [--quick]``: how long a report takes after its run, how large it is, how quick the slider is.

The bundled case with 100,000 years, through the commands; the slider in the installed Chromium, from the file. A step is the time from
the slider's event to the page laid out again (``work``), and to the next frame shown (``frame``, which waits for the display's beat).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from tenbin.reporting.printing import find_browser
from tenbin.simulation import default_threads

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "scenarios" / "machine-parts-sme"
LANGS = ("ja", "en")
REPEATS = 5
STEP = """async (number) => {
  const slider = document.getElementById("budget");
  const began = performance.now();
  slider.value = String(number);
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  document.body.getBoundingClientRect();
  const done = performance.now();
  await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
  return [done - began, performance.now() - began];
}"""


def timed(*command: object, env: dict[str, str]) -> float:
    """Seconds that a command of tenbin takes, from outside."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tenbin", *map(str, command)], env=env, check=True, capture_output=True)
    return time.perf_counter() - began


def bench_slider(page_file: Path, rounds: int) -> dict[str, float]:
    """Every stop of the slider there and back, in milliseconds."""
    work, frame = [], []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find_browser()), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(page_file.as_uri())
        stops = int(page.locator("#budget").get_attribute("max") or 0) + 1
        for number in [*range(stops), *reversed(range(stops))] * rounds:
            one, shown = page.evaluate(STEP, number)
            work.append(one)
            frame.append(shown)
        browser.close()
    return {
        "stops": stops,
        "work_median_ms": statistics.median(work),
        "work_worst_ms": max(work),
        "frame_median_ms": statistics.median(frame),
        "frame_worst_ms": max(frame),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 years, one round")
    options = parser.parse_args()
    report: dict[str, Any] = {"cores": os.cpu_count(), "threads": default_threads()}
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "TENBIN_RESULTS": folder}
        trials = ("--trials", 20_000) if options.quick else ()
        report["optimise_s"] = timed("optimise", CASE, "--quiet", *trials, env=env)
        report["first_report_with_its_frontier_s"] = timed("report", "latest", "--quiet", env=env)
        for lang in LANGS:
            asked = ("report", "latest", "--quiet", "--lang", lang)
            report[f"report_{lang}_s"] = statistics.median(
                timed(*asked, env=env) for _ in range(1 if options.quick else REPEATS)
            )
            made = next(Path(folder).glob(f"*/report.{lang}.html"))
            report[f"report_{lang}_mb"] = made.stat().st_size / 1e6
            report[f"slider_{lang}"] = bench_slider(made, 1 if options.quick else REPEATS)
    out = ROOT / "benchmarks" / "out"
    out.mkdir(exist_ok=True)
    (out / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(json.dumps(report, indent=1))
    print(out / "report.json")


if __name__ == "__main__":
    main()
