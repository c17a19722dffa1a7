"""The bundled cases: in the package after an installation, at the top of a checkout otherwise."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tenbin.errors import InputError, Problem
from tenbin.words import saying

__all__ = ["copy_example", "example_names", "example_path"]

said = saying("problems")

PACKAGE = Path(__file__).resolve().parents[1]


def _root() -> Path:
    inside = PACKAGE / "examples"
    return inside if (inside / "scenarios").is_dir() else PACKAGE.parents[1]


def example_names() -> tuple[str, ...]:
    """The bundled cases' names."""
    folder = _root() / "scenarios"
    return tuple(sorted(path.name for path in folder.iterdir() if (path / "case.toml").is_file())) if folder.is_dir() else ()


def example_path(name: str) -> Path:
    """The folder of a bundled case.

    Raises
    ------
    InputError : when there is none of that name.
    """
    if name not in example_names():
        rule = said("must_one_of", names=example_names())
        raise InputError([Problem("--from", 0, "", rule, repr(name), said("do_bundled"))])
    return _root() / "scenarios" / name


def copy_example(name: str, target: Path) -> Path:
    """Copy a bundled case with its cost table into an empty or new folder, ready to edit.

    Raises
    ------
    InputError : for an unknown name, or a folder with something in it.
    """
    source = example_path(name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError([Problem(str(target), 0, "", said("must_new_folder"), said("got_something"), said("do_other_folder"))])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.suffix == ".csv":
            shutil.copyfile(path, target / path.name)
    text = (source / "case.toml").read_text(encoding="utf-8")
    costs = re.search(r'^cost_tables\s*=\s*"([^"]+)"', text, re.MULTILINE)
    if costs is not None:
        (target / "cost_tables").mkdir()
        for path in sorted((source / costs[1]).resolve().glob("*.csv")):
            shutil.copyfile(path, target / "cost_tables" / path.name)
        text = text.replace(costs[0], 'cost_tables = "cost_tables"')
    (target / "case.toml").write_text(text, encoding="utf-8", newline="\n")
    return target
