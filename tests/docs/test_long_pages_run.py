"""The pages that take longest, as they stand: the director's tutorial makes a report with its slider, which takes most of a minute."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.snippets import DOCS, LONG, follow_page


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' commands are typed into a POSIX shell")
@pytest.mark.parametrize("name", LONG)
def test_page(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert follow_page(DOCS / name, tmp_path)
