"""``tenbin`` as people type it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(
    *arguments: object, code: int = 0, lang: str = "en", cwd: Path = ROOT, env: dict[str, str] | None = None
) -> tuple[str, str]:
    """What a command writes to its two outputs; it has to end with this code and without a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "tenbin", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "TENBIN_LANG": lang, "PYTHONIOENCODING": "utf-8", **(env or {})},
        cwd=cwd,
        timeout=300,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said, said
    assert done.returncode == code, said
    return done.stdout.decode("utf-8"), said
