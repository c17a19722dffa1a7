"""The folder of the tests on the path, so that ``from oracles import cost`` works; tests that share a costly start on one worker."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))
TOGETHER = ("tests/report/", "tests/slides/", "tests/workbooks/")
"""Folders whose tests share a run, a browser or an office."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests file by file, and those of such a folder together: what they share is made once, on one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    return Together(config, log)
