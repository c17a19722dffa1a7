"""What a run was made of: the inputs' hashes, the libraries, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tenbin.errors import StorageError, reason_of, refusal
from tenbin.words import saying

__all__ = ["environment", "input_hashes"]

said = saying("problems")

LIBRARIES = ("numpy", "scipy", "pandas", "numba", "llvmlite", "pulp", "highspy", "pydantic", "matplotlib", "typer", "rich")


def input_hashes(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file that is there, by its path (from the current folder where it lies below, with slashes).

    Raises
    ------
    StorageError : when a file cannot be read.
    """
    found: dict[str, str] = {}
    here = Path.cwd()
    for file in files:
        if not file.is_file():
            continue
        full = Path(os.path.abspath(file))  # noqa: PTH100 - symbolic links keep the name the user knows
        shown = full.relative_to(here) if full.is_relative_to(here) else full
        try:
            found[shown.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise StorageError(
                refusal(file, said("must_readable_file"), reason_of(error), said("do_check_permissions"))
            ) from error
    return dict(sorted(found.items()))


def environment() -> dict[str, object]:
    """The libraries' versions, Python's and the platform."""
    libraries = {}
    for name in LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {"libraries": libraries, "python": platform.python_version(), "platform": platform.platform()}
