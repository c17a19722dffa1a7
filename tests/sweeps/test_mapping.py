"""Events that workers share are the ones that were drawn, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tenbin
from tenbin.sweeps.mapping import is_mapped, map_events, write_events

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize(("name", "memory"), [("machine-parts-sme", None), ("machine-parts-sme", "1M"), ("two-cells", None)])
def test_mapped_events_are_the_drawn_ones(name: str, memory: str | None, tmp_path: Path) -> None:
    case = tenbin.load(SCENARIOS / name)
    drawn = tenbin.simulate(case, n_trials=30_000, seed=5, memory=memory)
    assert write_events(drawn, tmp_path / "events")
    mapped = map_events(drawn.case, tmp_path / "events", 1, 2**30)
    assert mapped is not None
    assert is_mapped(mapped)
    assert not is_mapped(drawn)
    assert mapped.key == drawn.key
    for one, other in zip(mapped.blocks, drawn.blocks, strict=True):
        for part in ("severity", "tau", "trial", "parent", "start"):
            assert np.array_equal(getattr(one, part), getattr(other, part)), part
    plan = {row.measure: row.level for row in case.costs.rows[:1]}
    assert tenbin.evaluate(mapped, plan).metrics() == tenbin.evaluate(drawn, plan).metrics()
    assert (
        tenbin.evaluate(mapped, {}).metrics() != tenbin.evaluate(tenbin.simulate(case, n_trials=30_000, seed=6), {}).metrics()
    )


def test_what_is_not_whole_is_not_mapped(tmp_path: Path) -> None:
    case = tenbin.load(SCENARIOS / "two-cells")
    drawn = tenbin.simulate(case, n_trials=2_000)
    assert map_events(case, tmp_path / "none", 1, 2**30) is None
    assert write_events(drawn, tmp_path / "events")
    assert write_events(replace(drawn), tmp_path / "events")  # somebody was quicker
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    (tmp_path / "events" / "tau").write_bytes(b"")
    assert map_events(case, tmp_path / "events", 1, 2**30) is None
    (tmp_path / "file").write_text("")
    assert not write_events(drawn, tmp_path / "file" / "events")
