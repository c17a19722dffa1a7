"""``tenbin`` as people type it, in a process of its own."""

from __future__ import annotations

import atexit
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TextIO

from running import forked
from running.forked import CAN_FORK, Forked, Server

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 300

Begun = Forked | subprocess.Popen[bytes]
"""A command that runs."""


@cache
def server() -> Server:
    """The process that this one's commands are forked from; started with the first of them."""
    found = Server(Path(tempfile.mkdtemp(prefix="tenbin-")) / "socket")
    atexit.register(found.close)
    return found


def start(
    *arguments: object,
    code: int | None = None,
    lang: str = "en",
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    charts: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end; it has to end without a traceback and, where one is given, with this code.

    Forked from a process that has everything loaded. With an environment of its own, which a start may read, it is started anew. A run has
    its charts where they are asked for: they take seconds.
    """
    words = [str(argument) for argument in arguments]
    own = {**os.environ, "TENBIN_LANG": lang, "PYTHONIOENCODING": "utf-8", **(env or {})}
    if not charts:
        own["TENBIN_NO_CHARTS"] = "1"
    done = _forked(words, cwd, own) if CAN_FORK and env is None else _started(words, cwd, own)
    said = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said, said
    assert code is None or done.returncode == code, said
    return done


def _forked(words: list[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    with Path(os.devnull).open("rb") as nothing, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = Forked(server().where, words, env, cwd, (nothing.fileno(), out.fileno(), err.fileno()))
        code = process.wait(SECONDS)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(["tenbin", *words], code, out.read(), err.read())


def _started(words: list[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tenbin", *words]
    return subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, env=env, cwd=cwd, timeout=SECONDS, check=False
    )


def shell_command() -> str:
    """What a shell runs for ``tenbin``."""
    if not CAN_FORK:
        return shlex.join([sys.executable, "-m", "tenbin"])
    return shlex.join([sys.executable, "-I", "-S", forked.__file__, "ask", server().where])


def begin(*words: str, cwd: Path, env: Mapping[str, str]) -> tuple[Begun, TextIO]:
    """Start a command that goes on by itself; it, and what it says on standard error."""
    hears, says = os.pipe()
    with Path(os.devnull).open("r+b") as nothing, os.fdopen(says, "wb") as saying:
        outputs = (nothing.fileno(), nothing.fileno(), saying.fileno())
        if CAN_FORK:
            process: Begun = Forked(server().where, list(words), env, cwd, outputs)
        else:
            command = [sys.executable, "-m", "tenbin", *words]
            process = subprocess.Popen(command, cwd=cwd, env=env, stdin=outputs[0], stdout=outputs[1], stderr=outputs[2])
    return process, os.fdopen(hears, encoding="utf-8")


def run(*arguments: object, code: int = 0, lang: str = "en", charts: bool = False) -> tuple[str, str]:
    """What a command writes to its two outputs."""
    done = start(*arguments, code=code, lang=lang, charts=charts)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
