"""A process that has everything loaded, and forks for each command: what is tested is the command, not Python's start.

A command gets a process, arguments, an environment, a folder and outputs of its own, as if it had been started; what it does not do is load
NumPy, Numba's kernels and Matplotlib again, which takes two to three seconds of each. tenbin's command line itself is imported in the child,
since it reads the environment. Where a process cannot fork safely (all but Linux), and where the start is what is tested, commands run in an
interpreter of their own (``running.commands``).

    python forked.py serve SOCKET             started by ``server``; ends when its standard input does
    python -I -S forked.py ask SOCKET ARGS…   a command for scripts, in place of ``tenbin``
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "src" / "tenbin" / "__main__.py"
CAN_FORK = sys.platform == "linux"
MOST = 1 << 20
NOT_LOADED = ("tenbin.cli", "tenbin.app", "tenbin.__main__")
LIBRARIES = (
    "typer",
    "rich",
    "jinja2",
    "openpyxl",
    "pandas",
    "pyarrow",
    "matplotlib.pyplot",
    "highspy",
    "joblib",
    "nicegui",
    "pptx",
)

Job = dict[str, Any]


# asking


class Forked:
    """A command in a forked process, with what of ``subprocess.Popen`` the tests use."""

    def __init__(
        self, where: str, arguments: list[str], env: Mapping[str, str], cwd: str | Path, outputs: tuple[int, int, int]
    ) -> None:
        self.returncode: int | None = None
        self._asked = socket.socket(socket.AF_UNIX)
        self._asked.connect(where)
        job = json.dumps({"arguments": arguments, "env": dict(env), "cwd": str(cwd)}).encode()
        fds = array.array("i", outputs)
        self._asked.sendmsg([len(job).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        self._asked.sendall(job)
        self._answer = self._asked.makefile("r")
        self.pid = int(self._answer.readline())

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        return self.wait(0) if self.returncode is None and select.select([self._asked], [], [], 0)[0] else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, negative for a signal, when it has ended."""
        if self.returncode is None:
            if not select.select([self._asked], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("tenbin", timeout or 0.0)
            self.returncode = int(self._answer.readline())
            self._answer.close()
            self._asked.close()
        return self.returncode

    def send_signal(self, how: int) -> None:
        """Send it a signal."""
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Server:
    """The loaded process, for as long as the one that started it lives.

    where : the path of its socket.
    """

    def __init__(self, where: Path) -> None:
        self.where = str(where)
        own = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve", self.where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=own
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End it; what it forked goes on."""
        for end in (self.process.stdin, self.process.stdout):
            assert end is not None
            end.close()
        self.process.wait(30)


def ask(where: str, arguments: list[str]) -> int:
    """Run a command with this process's environment, folder and outputs."""
    code = Forked(where, arguments, os.environ, Path.cwd(), (0, 1, 2)).wait()
    return code if code >= 0 else 128 - code


# serving


def load() -> None:
    """Load what commands need, and have the kernels and the fonts ready."""
    import importlib
    import pkgutil

    import tenbin

    for name in LIBRARIES:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(tenbin.__path__, "tenbin."):
        if not module.name.startswith(NOT_LOADED):
            importlib.import_module(module.name)
    from tenbin.reporting import fonts

    case = ROOT / "scenarios" / "two-cells"
    tenbin.evaluate(tenbin.simulate(tenbin.load(case), n_trials=1000), {}).metrics()
    fonts.resolve("ja", {})


def threads() -> list[str]:
    """The names of this process's other threads, with which it may not fork; jemalloc's, of pyarrow, minds forks itself."""
    others = [one for one in Path("/proc/self/task").iterdir() if one.name != str(os.getpid())]
    names = [(one / "comm").read_text(encoding="utf-8").strip() for one in others]
    return [name for name in names if name != "jemalloc_bg_thd"]


def serve(where: str) -> Job | None:
    """Fork for every job that comes; in the child, the job."""
    import gc

    load()
    if threads():
        raise RuntimeError(f"not safe to fork beside {threads()}")
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks here how a child ended
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(where)
    listening.listen(16)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([listening, 0], [], [])
        if 0 in ready:
            return None
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            return _kept(asked)
        asked.close()


def _kept(asked: socket.socket) -> Job | None:
    """Read the job, fork for it, tell how it ended; in the process that is to do it, the job."""
    length, told, _, _ = asked.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    fds = array.array("i")
    for _, _, data in told:
        fds.frombytes(data)
    with asked.makefile("rb") as reader:
        job: Job = json.loads(reader.read(int.from_bytes(length, "big")))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid:
        for fd in fds:
            os.close(fd)
        for fd in (0, 1):
            os.close(fd)
        asked.sendall(f"{pid}\n".encode())
        asked.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
        os._exit(0)
    asked.close()
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    return job


def do(job: Job) -> None:
    """Become the command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["cwd"])
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    # for as long as the process lives
    sys.stdin = open(0, encoding=encoding or "utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding or "utf-8", errors=errors or "strict", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding or "utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = [str(MAIN), *job["arguments"]]
    time.tzset()

    from tenbin.cli.main import run

    run()


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        sys.exit(ask(sys.argv[2], sys.argv[3:]))
    sys.path.insert(0, str(ROOT / "src"))
    found = serve(sys.argv[2])
    if found is not None:
        do(found)
