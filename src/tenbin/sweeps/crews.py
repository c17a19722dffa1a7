"""Who solves batches: processes of this machine, or the workers of a Dask cluster; both by the futures of the standard library."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import tenbin
from tenbin.errors import InputError, Problem, reason_of
from tenbin.inputs.words import shown
from tenbin.sweeps.solving import Batch, solve_batch
from tenbin.words import saying

__all__ = ["Cluster", "Crew", "Done", "Processes"]

said = saying("sweeps")

AHEAD = 2
"""Batches that a worker has: one being solved, one to go on with."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TENBIN_THREADS": "1"}  # fmt: skip
RECOUNT = 2.0
"""Seconds after which a cluster's workers are counted again."""

TLS_VARIABLE = "DASK_DISTRIBUTED__COMM__TLS__"
PATIENCE = 10
"""Seconds for a scheduler and its workers to answer."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A batch that came back: its rows, or ``error`` when its worker died of it."""

    batch: Batch
    rows: list[Row]
    error: BaseException | None = None


class Crew(Protocol):
    """Takes batches while it has room and gives them back done, in any order."""

    def has_room(self) -> bool: ...
    def take(self, batch: Batch) -> None: ...
    def collect(self, seconds: float) -> list[Done]: ...
    def is_deserted(self) -> bool: ...
    def close(self, at_once: bool = False) -> None: ...


@dataclass
class Processes:
    """Worker processes of this machine, each alone in a pool of its own: one that dies takes nobody else's work with it."""

    n: int
    work: Callable[[Batch], list[Row]] = solve_batch
    _pools: list[Any] = field(default_factory=list)
    _at: dict[Future[list[Row]], tuple[int, Batch]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pools = [self._new() for _ in range(self.n)]

    def has_room(self) -> bool:
        return len(self._at) < AHEAD * self.n

    def take(self, batch: Batch) -> None:
        load = [0] * self.n
        for at, _ in self._at.values():
            load[at] += 1
        worker = load.index(min(load))
        self._at[self._submit(worker, batch)] = worker, batch

    def collect(self, seconds: float) -> list[Done]:
        finished, _ = wait(self._at, timeout=seconds, return_when=FIRST_COMPLETED)
        found: list[Done] = []
        broken: dict[int, list[tuple[Batch, BaseException]]] = {}
        for future in finished:
            if future not in self._at:
                continue
            worker, batch = self._at.pop(future)
            if (error := future.exception()) is None:
                found.append(Done(batch, future.result()))
            elif _is_death(error):
                broken.setdefault(worker, []).append((batch, error))
            else:
                found.append(Done(batch, [], error))
        for worker, lost in broken.items():
            others = [(future, batch) for future, (at, batch) in self._at.items() if at == worker]
            for future, batch in others:  # they waited behind it
                del self._at[future]
                lost.append((batch, lost[0][1]))
            self._pools[worker].shutdown(wait=False, kill_workers=True)
            self._pools[worker] = self._new()
            lost.sort(key=lambda one: one[0].number)
            found.append(Done(lost[0][0], [], lost[0][1]))
            for batch, _ in lost[1:]:
                self._at[self._submit(worker, batch)] = worker, batch
        return found

    def is_deserted(self) -> bool:
        """Never: a worker that dies is replaced."""
        return False

    def close(self, at_once: bool = False) -> None:
        for pool in self._pools:
            pool.shutdown(wait=not at_once, kill_workers=at_once)

    def pids(self) -> list[int]:
        """The processes that are there."""
        return [pid for pool in self._pools for pid in pool._processes or ()]

    def _new(self) -> Any:
        from joblib.externals.loky import ProcessPoolExecutor

        return ProcessPoolExecutor(1, env=ONE_THREAD)

    def _submit(self, worker: int, batch: Batch) -> Future[list[Row]]:
        future: Future[list[Row]] = self._pools[worker].submit(self.work, batch)
        return future


@dataclass
class Cluster:
    """The workers of a Dask scheduler, as many as there are at any time; batches of a worker that dies go to another.

    What is asked of it raises ``InputError`` when the scheduler is there no longer.
    """

    client: Any
    work: Callable[[Batch], list[Row]] = solve_batch
    _at: dict[Future[list[Row]], Batch] = field(default_factory=dict)
    _executor: Any = None
    _counted: tuple[float, int] = (-math.inf, 1)
    _manned: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._executor = self.client.get_executor(pure=False)

    @classmethod
    def at(cls, address: str) -> Cluster:
        """Connect to a scheduler.

        Raises
        ------
        InputError : when it does not answer, has no worker, or a worker has another tenbin.
        """
        from distributed import Client

        def refuse(rule: str, value: object, remedy: str, why: BaseException | None = None) -> InputError:
            problem = InputError([Problem("--scheduler", 0, "", rule, shown(value, 200), remedy)])
            problem.__cause__ = why
            return problem

        if not address.startswith(("tcp://", "tls://")):
            raise refuse(said("must_address"), address, said("do_address"))
        if address.startswith("tls://") and (missing := _missing_files()):
            raise refuse(said("must_certificates"), said("got_no_files", names=missing), said("do_certificates"))
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise refuse(said("must_answer"), f"{address}: {reason_of(error)}", said("do_start_scheduler"), error) from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
            versions = client.run(version_here)
        except Exception as error:
            client.close()
            value = said("got_no_workers") if isinstance(error, TimeoutError) else reason_of(error)
            raise refuse(said("must_workers"), value, said("do_start_workers", address=address), error) from error
        if others := sorted({version for version in versions.values() if version != tenbin.__version__}):
            client.close()
            raise refuse(said("must_same_version", version=tenbin.__version__), ", ".join(others), said("do_same_version"))
        return cls(client)

    @property
    def n(self) -> int:
        """Workers that there are now."""
        return max(1, self._count())

    def _count(self) -> int:
        """Workers that there are, 0 too; counted now and then."""
        if time.monotonic() - self._counted[0] > RECOUNT:
            try:
                self._counted = time.monotonic(), len(self.client.nthreads())
            except Exception as error:  # whatever it says, there is nobody to ask
                raise self._gone(error) from error
            if self._counted[1]:
                self._manned = time.monotonic()
        return self._counted[1]

    def is_deserted(self) -> bool:
        """Whether there has been no worker for a while: the batches wait for one."""
        return not self._count() and time.monotonic() - self._manned > PATIENCE

    def _gone(self, why: BaseException) -> InputError:
        """What is said of a scheduler that was there."""
        return InputError(
            [Problem("--scheduler", 0, "", said("must_stay"), reason_of(why) or said("got_gone"), said("do_go_on"))]
        )

    def has_room(self) -> bool:
        return len(self._at) < AHEAD * self.n

    def take(self, batch: Batch) -> None:
        try:
            self._at[self._executor.submit(self.work, batch)] = batch
        except Exception as error:
            raise self._gone(error) from error

    def collect(self, seconds: float) -> list[Done]:
        finished, _ = wait(self._at, timeout=seconds, return_when=FIRST_COMPLETED)
        found = []
        for future in finished:
            batch = self._at.pop(future)
            try:
                error = future.exception()
            except CancelledError as gone:  # the client gives up all that it asked for when its scheduler is lost
                raise self._gone(gone) from gone
            found.append(Done(batch, [] if error else future.result(), error))
        return found

    def close(self, at_once: bool = False) -> None:
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=False)
        with contextlib.suppress(Exception):
            self.client.close()


def _missing_files() -> list[str]:
    """What TLS needs that the environment does not name, or that is not there: by the variables that name them."""
    from distributed import Security

    own = Security()
    files = {"CA_FILE": own.tls_ca_file, "CLIENT__CERT": own.tls_client_cert, "CLIENT__KEY": own.tls_client_key}
    return [TLS_VARIABLE + name for name, file in files.items() if not file or not Path(file).is_file()]


def version_here() -> str:
    """The tenbin of the process that is asked."""
    return tenbin.__version__


def _is_death(error: BaseException) -> bool:
    from concurrent.futures.process import BrokenProcessPool

    return isinstance(error, BrokenProcessPool)
