"""The director's tutorial, as it stands: it makes a report with its slider, which takes most of a minute."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.snippets import DOCS, follow_page


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' commands are typed into a POSIX shell")
def test_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert follow_page(DOCS / "tutorial.md", tmp_path)
