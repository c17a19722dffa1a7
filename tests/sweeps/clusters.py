"""A real Dask scheduler and its workers, as people start them, on this machine alone."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from running.ports import free_port

DASK = (sys.executable, "-m", "dask")
HERE = ("--dashboard-address", "127.0.0.1:0")


@contextmanager
def cluster(n_workers: int, folder: Path, tls: Sequence[str] = ()) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, its workers' processes and, last, its own. tls : options that name certificates."""
    kind = "tls" if tls else "tcp"
    address = f"{kind}://127.0.0.1:{free_port()}"
    logs = [(folder / f"dask-{n}.log").open("wb") for n in range(n_workers + 1)]
    listening = ("--host", f"{kind}://127.0.0.1", "--port", address.rpartition(":")[2], *tls)
    scheduler = subprocess.Popen([*DASK, "scheduler", *listening, *HERE], stdout=logs[0], stderr=subprocess.STDOUT)
    how = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--death-timeout", "60", *HERE, *tls)
    workers = [
        subprocess.Popen([*DASK, "worker", address, *how, "--local-directory", str(folder)], stdout=log, stderr=log)
        for log in logs[1:]
    ]
    try:
        wait_for(address)
        yield address, [*workers, scheduler]
    finally:
        for process in (*workers, scheduler):  # the workers first: a worker without its scheduler waits for it
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        for log in logs:
            log.close()


def wait_for(address: str, seconds: float = 60) -> None:
    """Until somebody listens."""
    host, _, port = address.partition("://")[2].rpartition(":")
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
