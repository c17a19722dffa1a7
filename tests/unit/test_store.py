"""An event table within a bound of memory: the same numbers whatever is held, however many threads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from cases_by_hand import linked_case
from tenbin.errors import InputError
from tenbin.evaluation import Evaluator, Quantity
from tenbin.model import Metric, Range
from tenbin.simulation import EventTable, simulate_case
from tenbin.studies import simulate
from tenbin.units import Purpose, Switchable, parse_memory, stream, stream_states

CASE = replace(
    linked_case(),
    scenarios=tuple(
        replace(s, frequency=Range(s.frequency.likely, s.frequency.likely / 2, s.frequency.likely * 3))
        for s in linked_case().scenarios
    ),
)
YEARS, WORLDS = 45_000, 3


def table(**how: object) -> EventTable:
    return simulate_case(CASE, YEARS, 5, n_worlds=WORLDS, **how)  # type: ignore[arg-type]


def everything(events: EventTable) -> list[np.ndarray]:
    """Annual losses, metrics and gradients under nothing, and with a third of the events and a fifth of their losses taken off."""
    evaluator, found = Evaluator(events), []
    scope = (True,) * len(CASE.scenarios)
    none = np.zeros((WORLDS, len(CASE.scenarios)))
    for at in ((none, none), (none + 0.4, none + 0.2)):
        found.append(evaluator.annual_loss(*at))
        for metric in (Metric.TVAR, Metric.VAR):
            tangent = evaluator.tangent(Quantity(metric, Decimal("0.95"), scope), *at)
            assert tangent is not None
            found += [np.array([tangent.value]), tangent.by_phi, tangent.by_gamma]
    return found


HELD = everything(table(n_threads=1))


@pytest.mark.parametrize("n_threads", [1, 2, 3, 8])
@pytest.mark.parametrize("memory", [None, 0, 1_000_000])
def test_numbers_are_the_same_to_the_last_bit(n_threads: int, memory: int | None) -> None:
    events = table(n_threads=n_threads, memory=memory)
    if memory is not None:
        assert events.n_bytes <= memory
    assert events.n_events == table().n_events
    for found, held in zip(everything(events), HELD, strict=True):
        assert np.array_equal(found, held)


def test_control_another_seed_is_seen() -> None:
    other = everything(simulate_case(CASE, YEARS, 6, n_worlds=WORLDS, memory=0))
    assert not np.array_equal(other[0], HELD[0])


def test_blocks_asked_for_apart_are_their_own() -> None:
    """What is drawn again for one caller is not overwritten by the next one's; what is borrowed may be."""
    events = table(memory=0)
    first, second = events.blocks[0], events.blocks[1]
    again = table().blocks
    assert np.array_equal(first.severity, again[0].severity)
    assert np.array_equal(second.severity, again[1].severity)
    assert [block.n_events for block in events.blocks[1:3]] == [block.n_events for block in list(events.blocks)[1:3]]


def test_compiled_code_goes_on_from_the_state_that_is_written() -> None:
    hand = Switchable()
    assert np.array_equal(hand.state, hand.generator.bit_generator.state["state"]["state"])
    hand.state[:] = stream_states(3, Purpose.STUDY, "scenario", ["A", "B"], 1, 2)[1]
    wanted = stream(3, Purpose.STUDY, "scenario", "B", 1, 2)
    assert np.array_equal(hand.generator.standard_normal(100), wanted.standard_normal(100))
    assert not np.array_equal(hand.generator.standard_normal(5), stream(3, Purpose.STUDY, "scenario", "A", 1, 2).random(5))


@pytest.mark.parametrize(
    ("text", "size"), [("4G", 4 * 2**30), ("1.5 GB", 3 * 2**29), ("800m", 800 * 2**20), ("２Ｇ", 2**31), (2**20, 2**20)]
)
def test_memory_as_people_write_it(text: str | int, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1G", "100", "4X", "1e9", "1G2"])
def test_no_memory(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        parse_memory(text)


def test_what_cannot_be_drawn_is_said_at_once() -> None:
    with pytest.raises(InputError) as raised:
        simulate(CASE, 0, -1, n_worlds=0, memory="900000G")
    assert sorted(problem.file for problem in raised.value.problems) == ["--memory", "--seed", "--trials", "--worlds"]
