"""A sweep's folder: which points there are, and their rows in parts that are there whole or not at all.

::

    results/sweeps/NAME/   sweep.toml  manifest.json  points.parquet  parts/part-*.parquet  .lock
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.storage import results_root
from tenbin.storage.finding import MANIFEST
from tenbin.storage.locking import lock
from tenbin.storage.writing import json_text, sync_folder, write_over
from tenbin.sweeps.mapping import FOLDER
from tenbin.sweeps.rows import COLUMNS
from tenbin.words import saying

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SWEEPS", "Store", "find_sweep", "need", "sweeps_root"]

said = saying("sweeps")

SWEEPS = "sweeps"
PARTS, POINTS, LOCK = "parts", "points.parquet", ".lock"
MANY_PARTS = 200
"""From so many on parts are put together when a sweep begins."""

WAITING = 0.5

Row = Mapping[str, Any]


def need(*modules: str) -> None:
    """Refuse to begin without the libraries of sweeps.

    Raises
    ------
    InputError : with how to install them.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError([Problem("tenbin", 0, "", said("must_installed"), ", ".join(missing), said("do_install"))])


def sweeps_root(out: str | Path | None = None, write: bool = True) -> Path:
    """Where sweeps are kept: below the results' folder."""
    return results_root(out, write=write) / SWEEPS


def find_sweep(text: str | Path, out: str | Path | None = None) -> Store:
    """The sweep of a folder, a name, or ``latest``.

    Raises
    ------
    InputError : when there is none.
    """
    root = sweeps_root(out, write=False)
    for path in (Path(text), root / str(text)):
        if str(text) and (path / MANIFEST).is_file() and (path / POINTS).is_file():
            return Store(path)
    there = [path.parent for path in root.glob(f"*/{POINTS}")] if root.is_dir() else []
    if str(text) == "latest" and there:
        return Store(max(there, key=lambda path: ((path / POINTS).stat().st_mtime_ns, path.name)))
    names = sorted(path.name for path in there)
    remedy = said("do_sweep", names=names[:8]) if names else said("do_first_sweep")
    raise InputError([Problem("SWEEP", 0, "", said("must_sweep"), repr(str(text)), remedy)])


@dataclass(frozen=True, slots=True)
class Store:
    """A sweep's folder."""

    path: Path

    @property
    def events(self) -> Path:
        """Where workers of this machine share events while a sweep runs."""
        return self.path / FOLDER

    @contextmanager
    def held(self, wait: bool = False, is_stopped: Any = lambda: False) -> Iterator[None]:
        """Hold the folder against other sweeps; it is made where there is none.

        Raises
        ------
        InputError : when another one holds it, unless that is waited for.
        StorageError : when the disk refuses.
        """
        with self._storing():
            (self.path / PARTS).mkdir(parents=True, exist_ok=True)
        while True:
            try:
                held = lock(self.path / LOCK)
                break
            except BlockingIOError as error:
                if not wait or is_stopped():
                    got = said("got_held", number=error.strerror or "?")
                    raise InputError([Problem(str(self.path), 0, "", said("must_free"), got, said("do_wait"))]) from error
                time.sleep(WAITING)
            except OSError as error:
                raise self._refused(error) from error
        try:
            yield
        finally:
            held.release()

    def write_plan(self, manifest: Mapping[str, Any], spec: str, points: pa.Table) -> None:
        """Write what the sweep is: its points last."""
        import pyarrow.parquet as pq

        with self._storing():
            write_over(self.path / "sweep.toml", spec)
            write_over(self.path / MANIFEST, json_text(dict(manifest)))
            self._write(self.path / POINTS, lambda place: pq.write_table(points, place, compression="zstd"))

    def write_part(self, rows: Sequence[Row]) -> None:
        """Write rows as a part of their own, whole or not at all.

        Raises
        ------
        StorageError : when the disk refuses; every earlier part stays.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not rows:
            return
        table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema())
        name = f"part-{time.time_ns():020d}-{os.getpid()}.parquet"
        with self._storing():
            self._write(self.path / PARTS / name, lambda place: pq.write_table(table, place, compression="zstd"))

    def read_points(self) -> pa.Table:
        """Which points there are: ``point``, the axes, ``key``.

        Raises
        ------
        StorageError : when the file is damaged.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(self.path / POINTS)
        except (OSError, pa.ArrowException) as error:
            raise StorageError(
                refusal(self.path / POINTS, said("must_points"), reason_of(error), said("do_sweep_again"))
            ) from error

    def read_rows(self, columns: Sequence[str] | None = None) -> tuple[pa.Table, int]:
        """The newest row of each key, and how many parts were damaged and left out."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        wanted = schema() if columns is None else pa.schema([schema().field(name) for name in {**dict.fromkeys(columns)}])
        tables, damaged = [], 0
        for part in self._parts():
            try:
                table = pq.read_table(part)
                tables.append(pa.table({f.name: table[f.name].cast(f.type) for f in wanted}, schema=wanted))
            except (OSError, pa.ArrowException, KeyError):
                damaged += part.exists()
        if not tables:
            return wanted.empty_table(), damaged
        rows = pa.concat_tables(tables)
        last = {key: n for n, key in enumerate(rows["key"].to_pylist())}  # parts in the order of their time: the newest wins
        return (rows if len(last) == len(rows) else rows.take(list(last.values()))), damaged

    def tidy(self) -> None:
        """Put many parts together; only who holds the folder may."""
        parts = self._parts()
        shutil.rmtree(self.events, ignore_errors=True)
        for rest in (self.path / PARTS).glob(".*.parquet"):  # of a process that was killed while it wrote
            with contextlib.suppress(OSError):
                rest.unlink()
        if len(parts) < MANY_PARTS:
            return
        rows, damaged = self.read_rows()
        if damaged:
            return
        self.write_part(rows.to_pylist())
        for part in parts:
            with contextlib.suppress(OSError):
                part.unlink()

    def parts(self) -> frozenset[str]:
        """The names of the parts that there are now."""
        return frozenset(path.name for path in self._parts())

    def n_bytes(self) -> int:
        """Bytes of all parts."""
        return sum(part.stat().st_size for part in self._parts())

    def _parts(self) -> list[Path]:
        return sorted((self.path / PARTS).glob("part-*.parquet"))

    def _write(self, path: Path, write: Any) -> None:
        making = path.with_name(f".{path.stem}.{os.getpid()}.parquet")
        try:
            write(making)
            with making.open("rb+") as file:
                os.fsync(file.fileno())
            making.replace(path)
            sync_folder(path.parent)
        finally:
            making.unlink(missing_ok=True)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> StorageError:
        return StorageError(refusal(self.path, said("must_writable"), reason_of(error), said("do_space")))


def schema() -> pa.Schema:
    """The columns of a part."""
    import pyarrow as pa

    kinds = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


def points_table(axes: Iterable[tuple[str, Sequence[str]]], keys: Sequence[str]) -> pa.Table:
    """The points as a table: their number, each axis' value as it was written, the key."""
    import pyarrow as pa

    columns: dict[str, Any] = {"point": pa.array(range(len(keys)), pa.int64())}
    for name, labels in axes:
        columns[name] = pa.array(labels, pa.string()).dictionary_encode()
    return pa.table({**columns, "key": pa.array(keys, pa.string())})
