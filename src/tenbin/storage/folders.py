"""A run's folder in the making: built under a hidden name beside its place, then renamed, so it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.storage.finding import Run
from tenbin.storage.manifest import environment
from tenbin.storage.writing import csv_text, json_text, sync_folder, write_file
from tenbin.words import saying

__all__ = ["RunFolder", "new_run", "results_root"]

VARIABLE = "TENBIN_RESULTS"
MAKING = ".making-"
STALE_SECONDS = 24 * 3600
MOST = 100_000
said = saying("problems")
REMEDY = said("do_other_out", variable=VARIABLE)


def results_root(out: str | Path | None = None, write: bool = True) -> Path:
    """Where runs go: ``out``, ``TENBIN_RESULTS``, else ``./results``.

    With ``write`` it is tried before any long work: the nearest folder that is there must take a file. Nothing is made.

    Raises
    ------
    InputError : when nothing can be written there.
    """
    root = Path(out if out not in (None, "") else os.environ.get(VARIABLE) or "results")
    if not write:
        return root
    try:
        there = _nearest_there(root)
        with tempfile.TemporaryFile(dir=there):
            pass
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(root), 0, "", said("must_writable_folder"), reason_of(error), REMEDY)]) from error
    return root


def _nearest_there(root: Path) -> Path:
    for folder in (root, *root.absolute().parents):
        if folder.is_dir():
            return folder
        if folder.exists() or folder.is_symlink():
            raise NotADirectoryError(0, said("got_file"), str(folder))
    raise FileNotFoundError(0, said("got_no_drive"), str(root))


class RunFolder:
    """A run's folder that is being made; a context manager that leaves nothing behind unless ``commit`` was reached.

    ``path`` is its hidden place for now; after ``commit`` the run is at ``run.path``.
    """

    def __init__(self, root: Path, case_name: str) -> None:
        self.root = root
        self.name = _file_name(case_name)
        self.started = datetime.now().astimezone()
        self._clock = time.perf_counter()
        self.run: Run | None = None
        with _storing(root):
            root.mkdir(parents=True, exist_ok=True)
            _sweep(root)
            self.path = Path(tempfile.mkdtemp(prefix=MAKING, dir=root))
            if os.name != "nt":
                self.path.chmod(0o777 & ~_umask())

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.discard()

    def discard(self) -> None:
        """Take away what was not committed."""
        if self.run is None:
            shutil.rmtree(self.path, ignore_errors=True)

    def write_json(self, name: str, document: Any) -> None:
        """Write ``name`` (``result.json``)."""
        with _storing(self.root):
            write_file(self.path / name, json_text(document))

    def write_table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write ``name.csv``."""
        with _storing(self.root):
            write_file(self.path / f"{name}.csv", csv_text(header, rows))

    def commit(self, manifest: Mapping[str, Any], started: datetime | None = None) -> Run:
        """Write the manifest, last of all, and give the folder its number.

        Parameters
        ----------
        manifest : what the caller knows (version, command, seed, inputs …); times, libraries and platform are added.
        started : when the work began; when the folder was begun unless given.
        """
        times = {
            "started": (started or self.started).isoformat(timespec="seconds"),
            "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        self.write_json("manifest.json", {**manifest, **times, **environment()})
        with _storing(self.root):
            for folder in (*(path for path in self.path.rglob("*") if path.is_dir()), self.path):
                sync_folder(folder)
            self.run = self._claim()
            sync_folder(self.root)
        return self.run

    def _claim(self) -> Run:
        """Rename to the next free number; where another process was quicker the rename fails, and the next is tried."""
        stem = f"{date.today().isoformat()}-{self.name}"
        for number in range(_next_number(self.root, stem), MOST):
            path = self.root / f"{stem}-{number:03d}"
            if path.exists():
                continue  # on POSIX an empty folder would be replaced
            try:
                self.path.rename(path)
            except OSError:
                if path.exists():
                    continue
                raise
            return Run(path.name, path)
        raise StorageError(refusal(self.root, said("must_free_number", stem=stem), said("got_runs", n=MOST), REMEDY))


def new_run(case_name: str, root: str | Path | None = None) -> RunFolder:
    """Begin a run's folder below ``root`` (``TENBIN_RESULTS``, else ``./results``).

    Raises
    ------
    InputError : when nothing can be written there.
    StorageError : when the disk refuses later.
    """
    return RunFolder(results_root(root), case_name)


def _file_name(case_name: str) -> str:
    """A case's name as part of a folder's: letters and digits of any script, dots, dashes."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFKC", case_name))
    return plain.strip("-._")[:80] or "case"


def _next_number(root: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"-(\d{3,})")
    taken = [int(match[1]) for path in root.iterdir() if (match := pattern.fullmatch(path.name))]
    return max(taken, default=0) + 1


def _sweep(root: Path) -> None:
    """Take away what a process that was killed left in the making, a day later."""
    for path in root.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _storing(root: Path) -> Any:
    try:
        yield
    except OSError as error:
        raise StorageError(refusal(root, said("must_writable_folder"), reason_of(error), REMEDY)) from error
