"""One browser for the app's tests."""

from __future__ import annotations

import pytest

from report.browsing import browser


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    with browser() as started:
        yield started
