"""Workbooks on the disk: whole or not at all, never over something that was not asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tenbin.errors import InputError, Problem, reason_of
from tenbin.storage.writing import sync_folder
from tenbin.words import saying

__all__ = ["save_book"]

said = saying("workbook")


def save_book(path: Path, write: Callable[[Path], object], over: bool = False) -> Path:
    """Let ``write`` make a file and put it in its place when the disk has it.

    Raises
    ------
    InputError : when something is there already (unless ``over``), or the place cannot be written.
    """
    making = path.with_name(f".{path.stem}.{os.getpid()}.xlsx")
    try:
        if path.is_dir() or (path.exists() and not over):
            got = said("got_folder") if path.is_dir() else said("got_there_already")
            raise InputError([Problem(str(path), 0, "", said("must_new_file"), got, said("do_name_another"))])
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(making)
            with making.open("rb+") as file:
                os.fsync(file.fileno())
            making.replace(path)
        finally:
            making.unlink(missing_ok=True)
        sync_folder(path.parent)
    except (OSError, ValueError) as error:
        rule = said("must_writable")
        raise InputError([Problem(str(path), 0, "", rule, reason_of(error), said("do_name_another"))]) from error
    return path
