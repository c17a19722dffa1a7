"""The folder of the tests on the path, so that ``from oracles import cost`` works; tests that share a costly start on one worker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))
TOGETHER = ("report", "slides", "workbooks")
"""Folders whose tests share a run, a browser or an office: each on one worker, so that these are made once."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of such a folder a group of their own (``--dist loadgroup``)."""
    for item in items:
        room = item.path.relative_to(HERE).parts[0]
        if room in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(room))
