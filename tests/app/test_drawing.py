"""A run's charts drawn in a process of their own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

import tenbin
from tenbin.app import drawing
from tenbin.reporting import ChartData, write_charts
from tenbin.studies.captioning import plan_chart_data

NAMES = ("waterfall", "heatmap")


@pytest.fixture(scope="module")
def data() -> ChartData:
    result = tenbin.optimise(tenbin.load(Path(__file__).parents[2] / "scenarios" / "two-cells"), targets=["aal=1.3M"])
    return plan_chart_data(result, result.to_dict())


def dies(*_: object) -> None:
    """End as a process does that the system kills."""
    os.kill(os.getpid(), signal.SIGKILL)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_they_are_what_this_process_draws(lang: str, data: ChartData, tmp_path: Path) -> None:
    found = drawing.draw_apart(data, tmp_path / "apart", lang, NAMES)
    assert [path.parent.name for path in found.paths] == ["apart"] * 4
    write_charts(data, tmp_path / "here", lang, names=NAMES)
    assert contents(tmp_path / "apart") == contents(tmp_path / "here")


def test_control_another_language_draws_otherwise(data: ChartData, tmp_path: Path) -> None:
    drawing.draw_apart(data, tmp_path / "ja", "ja", NAMES[:1])
    write_charts(data, tmp_path / "en", "en", names=NAMES[:1])
    assert not set(contents(tmp_path / "ja").values()) & set(contents(tmp_path / "en").values())


def test_a_disk_that_refuses_is_told(data: ChartData, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="taken"):
        drawing.draw_apart(data, tmp_path / "taken", "en", NAMES[:1])


def test_where_the_process_dies_they_are_drawn_here(
    data: ChartData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(drawing, "_draw", dies)
    found = drawing.draw_apart(data, tmp_path, "en", NAMES[:1])
    assert all(path.stat().st_size for path in found.paths)
    assert "drawn here" in caplog.text
