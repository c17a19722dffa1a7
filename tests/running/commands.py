"""``tenbin`` as people type it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(
    *arguments: object, code: int | None = None, lang: str = "en", cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end; it has to end without a traceback and, where one is given, with this code."""
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
    assert code is None or done.returncode == code, said
    return done


def run(*arguments: object, code: int = 0, lang: str = "en") -> tuple[str, str]:
    """What a command writes to its two outputs."""
    done = start(*arguments, code=code, lang=lang)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
