"""The pages that take longest, as they stand but for the points of a budget slider: all of them take most of a minute."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.snippets import DOCS, LONG, follow_page

FEWER = {"tutorial.md": ("tenbin report latest --open\n```", "tenbin report latest --open --points 5\n```")}
"""What is typed instead: the same report with a slider of fewer steps; what the page quotes is said before."""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' commands are typed into a POSIX shell")
@pytest.mark.parametrize("name", LONG)
def test_page(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (DOCS / name).read_text(encoding="utf-8")
    stands, typed = FEWER.get(name, ("", ""))
    assert not stands or text.count(stands) == 1
    assert follow_page(DOCS / name, tmp_path, text.replace(stands, typed) if stands else text)
