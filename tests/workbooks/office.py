"""LibreOffice without a window, each test's with a profile of its own, so that several can run at once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NEEDS = "LibreOffice is not installed: python3 run.py test installs it on Debian and Ubuntu (apt install libreoffice-calc)"


def office() -> str:
    """The installed LibreOffice; without one the test is skipped, but fails where CI says that it has to run."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(NEEDS)
        pytest.skip(NEEDS)
    return found


def convert(paths: list[Path], kind: str, home: Path) -> list[Path]:
    """Open files and save each as another kind (``xlsx``, ``pdf``) below ``home``; what could not be opened is not there."""
    target = home / kind
    subprocess.run(
        [
            office(),
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
            "--outdir",
            str(target),
            *map(str, paths),
        ],
        capture_output=True,
        timeout=240,
        check=False,
    )
    return [target / f"{path.stem}.{kind}" for path in paths]
