"""Other years of the same making: a bootstrap sample of an event table's years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tenbin.simulation.draw import Block
from tenbin.simulation.table import EventTable, Memo

__all__ = ["draw_years", "resample_years", "take_years"]

Years = NDArray[np.int64]


def resample_years(events: EventTable, rng: np.random.Generator) -> EventTable:
    """Draw as many years with replacement from each block of an event table, each with all that happened in it.

    Blocks stay apart (years of one world are never mixed with another's), so the spread between samples is smaller than that of
    a plain bootstrap by one part in the years of a block.

    References
    ----------
    Efron (1979), Annals of Statistics 7.
    """
    return take_years(events, draw_years(events, rng))


def draw_years(events: EventTable, rng: np.random.Generator) -> list[Years]:
    """For each block the years drawn: element ``y`` is the year of the block that becomes its year ``y``."""
    return [rng.integers(0, place.n_years, place.n_years) for place in events.places]


def take_years(events: EventTable, drawn: Sequence[Years]) -> EventTable:
    """The event table of other years: year ``y`` of a block is a copy of its year ``drawn[block][y]``."""
    blocks = tuple(_take(block, years) for block, years in zip(events.blocks, drawn, strict=True))
    digest = blake2b(events.key.encode(), digest_size=16)
    for years in drawn:
        digest.update(np.ascontiguousarray(years).tobytes())
    return replace(events, blocks=blocks, key=digest.hexdigest(), memo=Memo())


def _take(block: Block, drawn: Years) -> Block:
    """Every event as often as its year was drawn, the copies side by side: so the marks stay in order in each segment."""
    times = np.bincount(drawn, minlength=block.place.n_years)
    copies = np.argsort(drawn, kind="stable")  # the new years, those that copy the same year side by side
    first_copy = np.cumsum(times) - times
    each = times[block.trial]
    first = np.zeros(block.n_events + 1, np.int64)  # where the copies of each event begin
    np.cumsum(each, out=first[1:])
    source = np.repeat(np.arange(block.n_events), each)
    turn = np.arange(len(source)) - first[source]  # the how-manieth copy of its event, hence of its year
    own = block.n_events - len(block.parent)
    triggered = source[first[own] :]
    return Block(
        place=block.place,
        severity=block.severity[source],
        tau=block.tau[source],
        trial=copies[first_copy[block.trial[source]] + turn].astype(np.uint16),
        # cause and effect share a year, so their copies share its turn
        parent=(first[block.parent[triggered - own]] + turn[first[own] :]).astype(np.int32),
        start=first[block.start],
    )
