"""Set up tenbin in ``.venv`` and run it: ``python3 run.py app|demo|test|check|bench|docs|tenbin …`` (standard library only)."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

BENCHMARKS = {name: name for name in ("questions", "peers", "adversary", "report", "app", "scale", "sweep")} | {
    "engine": "bench",
    "risk": "risk_peers",
}
HELP = """python3 run.py COMMAND [arguments]

  app      the page in the browser; what start.bat and start.command run
  demo     the main job on the bundled case (sets up .venv the first time)
  test     all tests
  check    format, lint, types, layers
  bench    benchmarks, as tables and as JSON: all of them (about an hour), or one: engine, risk, questions,
           peers, adversary, scale, report [--quick], app [--quick], sweep [--quick]
  notebooks  docs/notebooks, run and written as .ipynb and .html: all of them, or those named [--small]
  docs     the documentation's site in site/; docs serve shows it
  tenbin   any tenbin command, e.g. python3 run.py tenbin optimise scenarios/machine-parts-sme
"""


def fail(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(1)


def set_up(extra: str) -> None:
    """Make ``.venv`` with the runtime dependencies, and those of ``extra`` when it is named; quick when nothing changed."""
    if sys.version_info < (3, 11):
        fail(f"tenbin needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    want = sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    mark = VENV / f".ok-{extra or 'runtime'}"
    if PYTHON.exists() and mark.exists() and mark.read_text(encoding="utf-8") == want:
        return
    print(f"Setting up {VENV.name} ({extra or 'runtime'}); a few minutes the first time …", file=sys.stderr)
    target = f".[{extra}]" if extra else "."
    if uv := shutil.which("uv"):
        steps = [
            [uv, "venv", "-q", "--allow-existing", "--python", sys.executable, VENV],
            [uv, "pip", "install", "-q", "--python", PYTHON, "-e", target],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", VENV],
            [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-e", target],
        ]
    for step in steps:
        if subprocess.run([str(part) for part in step], cwd=ROOT, check=False).returncode:
            fail("Set-up failed: see the message above. (Debian and Ubuntu: apt install python3-venv)")
    mark.write_text(want, encoding="utf-8")  # last, so that a broken set-up is done again


def call(*command: object) -> int:
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command was interrupted too, and ends in its own way
            continue


def check() -> int:
    """Run every check, also when one fails, and return how many did."""
    steps: list[list[object]] = [
        [BIN / "ruff", "format", "--check", "."],
        [BIN / "ruff", "check", "."],
        [PYTHON, "-m", "mypy"],
        [BIN / "lint-imports"],
    ]
    failed = [" ".join(str(Path(str(part)).name) for part in step) for step in steps if call(*step)]
    print("check: " + ("all passed" if not failed else "FAILED: " + ", ".join(failed)))
    return len(failed)


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in {"help", "-h", "--help"}:
        print(HELP)
        return 0
    if command == "demo":
        set_up("")
        return call(PYTHON, "-m", "tenbin", "demo", *rest)
    if command == "app":
        command, rest = "tenbin", arguments
    if command == "tenbin":
        set_up(rest[0] if rest[:1] in (["app"], ["sweep"]) else "")
        return call(PYTHON, "-m", "tenbin", *rest)
    if command == "test":
        set_up("dev")
        fonts = call(PYTHON, ROOT / "tests" / "setup_system.py")
        return fonts or call(PYTHON, "-m", "pytest", *rest)
    if command == "check":
        set_up("dev")
        return min(check(), 1)
    if command == "notebooks":
        set_up("notebooks")
        return call(PYTHON, ROOT / "docs" / "run_notebooks.py", *rest)
    if command == "docs":
        set_up("docs")
        return call(PYTHON, ROOT / "tools" / "docsite.py", *rest)
    if command == "bench":
        set_up("dev")
        names, options = ([rest[0]], rest[1:]) if rest and rest[0] in BENCHMARKS else (list(BENCHMARKS), rest)
        return max(call(PYTHON, ROOT / "benchmarks" / f"{BENCHMARKS[name]}.py", *options) for name in names)
    print(f"Unknown command: {command}\n\n{HELP}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
