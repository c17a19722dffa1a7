"""Runs under results/: ``2026-11-23-machine-parts-sme-001``."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tenbin.errors import StorageError

__all__ = ["Run", "find_run", "guarded", "input_hashes", "list_runs", "results_root", "write_run"]

LIBRARIES = ("numpy", "scipy", "pandas", "numba", "pulp", "highspy", "matplotlib")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run."""

    id: str
    path: Path


def results_root(out: str | Path | None = None) -> Path:
    """Where runs go: ``--out``, ``TENBIN_RESULTS``, else ``./results``; made, and tried, before any long work.

    Raises
    ------
    StorageError : when nothing can be written there.
    """
    root = Path(out or os.environ.get("TENBIN_RESULTS") or "results")
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise StorageError(
            f"{root}: must be a folder that can be written; got {error.strerror or error}. Name another with --out or TENBIN_RESULTS."
        ) from error
    return root


def input_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of every file below some folders."""
    found = {}
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path] if path.is_file() else []
        for file in files:
            found[str(file)] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def guarded(cell: object) -> object:
    """A text cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def write_run(
    root: Path,
    case_name: str,
    result: Mapping[str, Any],
    manifest: Mapping[str, Any],
    tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]],
    add_files: Callable[[Path], object] = lambda folder: None,
) -> Run:
    """Write a run's folder: in a hidden sibling first, then renamed, so that nothing half-written looks whole.

    Parameters
    ----------
    add_files : called with the folder being made, to add charts.

    Raises
    ------
    StorageError : when it cannot be written.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", case_name).strip("-.") or "case"
    try:
        building = Path(tempfile.mkdtemp(prefix=".making-", dir=root))
    except OSError as error:
        raise StorageError(
            f"{root}: must be a folder that can be written; got {error.strerror}. Name another with --out."
        ) from error
    try:
        add_files(building)
        for table, (header, rows) in tables.items():
            _write(building / f"{table}.csv", "\ufeff" + csv_text(header, rows))
        _write(building / "result.json", json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        document = {**manifest, "libraries": _libraries(), "python": platform.python_version(), "platform": platform.platform()}
        _write(building / "manifest.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
        building.chmod(0o755)
        return _claim(root, f"{date.today().isoformat()}-{name}", building)
    except OSError as error:
        raise StorageError(
            f"{root}: the run could not be written; got {error.strerror or error}. Name another with --out."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _claim(root: Path, stem: str, building: Path) -> Run:
    """Rename to the next free number; renaming onto a folder that somebody else just made fails, and the next is tried."""
    for number in range(1, 100_000):
        path = root / f"{stem}-{number:03d}"
        if path.exists():
            continue
        try:
            building.rename(path)
        except OSError:
            if path.exists():
                continue
            raise
        return Run(path.name, path)
    raise StorageError(f"{root}: no free number is left for {stem}. Name another folder with --out.")


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def list_runs(root: Path) -> list[Run]:
    """Runs of a results folder, oldest first."""
    if not root.is_dir():
        return []
    folders = [p for p in root.iterdir() if p.is_dir() and (p / "manifest.json").is_file() and not p.name.startswith(".")]
    return [Run(p.name, p) for p in sorted(folders, key=lambda p: ((p / "manifest.json").stat().st_mtime, p.name))]


def find_run(text: str, root: Path) -> Run:
    """A run by path, id, unique prefix of one, or ``latest``.

    Raises
    ------
    StorageError : when there is none, or several.
    """
    if (Path(text) / "result.json").is_file():
        return Run(Path(text).name, Path(text))
    runs = list_runs(root)
    if text == "latest" and runs:
        return runs[-1]
    matches = [run for run in runs if run.id == text] or [run for run in runs if run.id.startswith(text)]
    if len(matches) == 1:
        return matches[0]
    found = ", ".join(run.id for run in matches[:5]) or "none"
    raise StorageError(
        f"{text}: must be a run's path, id, unique prefix of one, or latest; found {found}. tenbin runs lists them."
    )
