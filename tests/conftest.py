"""The folder of the tests on the path, so that ``from oracles import cost`` works; tests that share a costly start on one worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))
settings.register_profile("tenbin", deadline=None)  # no test is about time: machines are shared
settings.load_profile("tenbin")
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser: one for all the tests of a process, which can drive one alone."""
    from report.browsing import browser

    with browser() as started:
        yield started
