"""Brings what the tests need of the system, beside Python (standard library only; ``python3 run.py test`` calls it first).

Only what is missing is installed, with apt-get, as root or through ``sudo -n``. Where that cannot be done it says what to install;
the tests that need it are then skipped, but fail where ``CI=true``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOOK = """
from tenbin.reporting.fonts import resolve
print(resolve("ja").japanese)
"""


@dataclass(frozen=True)
class Need:
    """A program (any of these names will do), the Debian packages that bring it, and the tests that need it."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    tests: str


NEEDS = (
    Need(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"),
        ("chromium", "fonts-ipaexfont-gothic"),
        "tests/report",
    ),
    Need(
        ("soffice", "libreoffice"),
        ("libreoffice-calc", "libreoffice-impress", "fonts-ipaexfont-gothic"),
        "tests of workbooks and slides in LibreOffice",
    ),
)


def tell(message: str) -> None:
    """On stderr, so that no output of the tests is mixed with it."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def missing() -> list[Need]:
    return [need for need in NEEDS if not any(shutil.which(program) for program in need.programs)]


def install(packages: list[str]) -> bool:
    """Install packages where that can be done without asking anybody."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and shutil.which("sudo") is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", *packages])
    for step in steps:
        done = subprocess.run(
            [*as_root, *step], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            tell((done.stderr.decode(errors="replace").strip().splitlines() or ["apt-get failed"])[-1])
            if step[1] == "install":
                return False
    return True


def bring_programs() -> None:
    """Install what is missing, or say what to install."""
    needs = missing()
    if not needs:
        return
    packages = sorted({package for need in needs for package in need.packages})
    tell(f"Installing for the tests: {' '.join(packages)} …")
    if not install(packages) or missing():
        for need in missing():
            tell(f"{need.programs[0]} is not here: {need.tests} are skipped, and fail where CI=true.")
            tell(f"  On Debian and Ubuntu: apt-get install -y --no-install-recommends {' '.join(need.packages)}")


def tell_font() -> None:
    """Which font the tests will draw Japanese with; the dev extra brings one."""
    python = PYTHON if PYTHON.exists() else Path(sys.executable)
    found = subprocess.run([str(python), "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    family = found.stdout.strip()
    if found.returncode:
        reason = (found.stderr.strip().splitlines() or ["no reason given"])[-1]
        tell(f"Japanese font for the tests: could not look ({reason}).")
    elif family:
        tell(f"Japanese font for the tests: {family}.")
    else:
        tell(
            "Japanese font for the tests: none. Install the dev extra (matplotlib-fontja), or on Debian and Ubuntu "
            "fonts-ipaexfont-gothic; the tests of Japanese charts fail without one."
        )


def main() -> int:
    """Never a reason to stop: what cannot be had is said, and its tests say so too."""
    bring_programs()
    tell_font()
    return 0


if __name__ == "__main__":
    sys.exit(main())
