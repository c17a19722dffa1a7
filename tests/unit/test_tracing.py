"""A frontier traced a piece at a time is the frontier; what is put aside is gone on with."""

from __future__ import annotations

import threading

import pytest

import tenbin
from tenbin.simulation import EventTable
from tenbin.studies.fronting import Tracing


@pytest.fixture(scope="module")
def events() -> EventTable:
    return tenbin.simulate(tenbin.load("scenarios/two-cells"))


def plans(front: tenbin.Frontier) -> list[tuple[dict[str, str], float]]:
    return [(point.plan, point.value) for point in front.points]


def test_the_pieces_make_the_frontier(events: EventTable) -> None:
    tracing = Tracing(events, n_points=8)
    seen = []
    while not tracing.is_over:
        tracing.step()
        seen.append(len(tracing.frontier()))
    whole = tenbin.frontier(events, n_points=8, validate=True)
    found = tracing.frontier()
    assert plans(found) == plans(whole)
    assert [point.outside for point in found.points] == [point.outside for point in whole.points]
    assert (found.knee, found.least_total, found.complete) == (whole.knee, whole.least_total, True)
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]  # there is something to look at before the end


def test_what_was_stopped_is_done_again(events: EventTable) -> None:
    tracing, stop = Tracing(events, n_points=8), threading.Event()
    tracing.step()
    tracing.step()
    stop.set()
    before = tracing.done
    tracing.step(stop)
    assert (tracing.done, tracing.frontier().complete) == (before, False)
    while not tracing.is_over:
        tracing.step()
    assert plans(tracing.frontier()) == plans(tenbin.frontier(events, n_points=8))


def test_its_rules_hold(events: EventTable) -> None:
    measure = next(iter(tenbin.frontier(events, n_points=4).points[-1].plan))
    tracing = Tracing(events, n_points=4, exclude=[measure])
    while not tracing.is_over:
        tracing.step()
    assert tracing.frontier().points
    assert all(measure not in plan for plan, _ in plans(tracing.frontier()))
