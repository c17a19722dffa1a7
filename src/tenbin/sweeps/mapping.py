"""Events that the workers of one machine share: written once, read by each through a memory map, so that nobody holds a copy.

Drawing costs hundreds of times what mapping does (docs/benchmarks.md, ``run.py bench sweep``), so every table that several batches use
is shared; on a cluster, whose workers may have no disk in common, each draws it again from the seed: the same to the last bit.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from tenbin.model import Case
from tenbin.simulation import Block, EventTable, draw_worlds, plan_blocks, structure_of
from tenbin.simulation.store import BlockStore
from tenbin.simulation.table import table_key
from tenbin.units import Purpose

__all__ = ["FOLDER", "is_mapped", "map_events", "write_events"]

FOLDER = ".events"
FIELDS = {"severity": np.float64, "tau": np.float32, "trial": np.uint16, "parent": np.int32, "start": np.int64}
SIZES = "sizes.npy"


def write_events(events: EventTable, folder: Path) -> bool:
    """Write a table's events block by block, whole or not at all; whether they are there now (False where the disk refuses)."""
    making = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        making.mkdir(parents=True)
        sizes = []
        with contextlib.ExitStack() as stack:
            files = {name: stack.enter_context((making / name).open("wb")) for name in FIELDS}
            for number in range(len(events.blocks)):
                block = events.borrow(number)
                for name, file in files.items():
                    np.ascontiguousarray(getattr(block, name)).tofile(file)
                sizes.append((block.n_events, len(block.parent), len(block.start)))
        np.save(making / SIZES, np.array([(events.n_trials, events.n_worlds, events.seed), *sizes], np.int64))
        making.rename(folder)
    except OSError:
        return folder.is_dir()
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return True


def map_events(case: Case, folder: Path, n_threads: int, memory: int) -> EventTable | None:
    """The table of a folder, for a case whose years it has; None where there is none that is whole.

    Its pages belong to the system, which shares them between processes and takes them back when memory is short.
    """
    try:
        sizes = np.load(folder / SIZES)
        mapped = {name: _mapped(folder / name, kind) for name, kind in FIELDS.items()}
    except (OSError, ValueError):
        return None
    n_events, n_parents, n_starts = sizes[1:].sum(axis=0).tolist()
    wanted = {"severity": n_events, "tau": n_events, "trial": n_events, "parent": n_parents, "start": n_starts}
    if any(len(mapped[name]) != n for name, n in wanted.items()):
        return None
    n_trials, n_worlds, seed = sizes[0].tolist()
    case = replace(case, study=replace(case.study, n_worlds=n_worlds))
    structure = structure_of(case, draw_worlds(case, n_worlds, seed, Purpose.STUDY))
    plans = plan_blocks(n_trials, n_worlds)
    held = {}
    events, parents, starts = 0, 0, 0
    for number, (place, (n_events, n_parents, n_starts)) in enumerate(zip(plans, sizes[1:].tolist(), strict=True)):
        parts = {name: mapped[name][events : events + n_events] for name in ("severity", "tau", "trial")}
        parts["parent"] = mapped["parent"][parents : parents + n_parents]
        parts["start"] = mapped["start"][starts : starts + n_starts]
        held[number] = Block(place=place, **parts)
        events, parents, starts = events + n_events, parents + n_parents, starts + n_starts
    blocks = BlockStore(structure, plans, seed, Purpose.STUDY, held, events)
    key = table_key(case, n_trials, n_worlds, seed, Purpose.STUDY)
    found = EventTable(case, structure, blocks, n_trials, seed, Purpose.STUDY, n_threads, key, memory)
    found.memo["mapped"] = True
    return found


def is_mapped(events: EventTable) -> bool:
    """Whether a table's events are the system's to hold."""
    return bool(events.memo.get("mapped"))


def _mapped(path: Path, kind: type) -> np.ndarray:
    """A file as an array; compiled loops take writable ones alone, so it is copied on writing, and nobody writes."""
    if not path.stat().st_size:
        return np.empty(0, kind)
    return np.asarray(np.memmap(path, kind, mode="c"))
