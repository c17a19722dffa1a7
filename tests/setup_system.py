"""Says which font the tests will draw Japanese with (standard library only; ``python3 run.py test`` calls it first).

The dev extra brings matplotlib-fontja, which holds one; so this only looks, and installs nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOOK = """
from tenbin.reporting.fonts import resolve
print(resolve("ja").japanese)
"""


def main() -> int:
    """Print the font found, on stderr so that no output of the tests is mixed with it; never a reason to stop."""
    python = PYTHON if PYTHON.exists() else Path(sys.executable)
    found = subprocess.run([str(python), "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    family = found.stdout.strip()
    if found.returncode:
        reason = (found.stderr.strip().splitlines() or ["no reason given"])[-1]
        message = f"Japanese font for the tests: could not look ({reason})."
    elif family:
        message = f"Japanese font for the tests: {family}."
    else:
        message = (
            "Japanese font for the tests: none. Install the dev extra (matplotlib-fontja), or on Debian and Ubuntu "
            "fonts-ipaexfont-gothic; the tests of Japanese charts fail without one."
        )
    print(message, file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
