"""The small case of ``bad/rules.toml`` as a real folder, with patches applied."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from tenbin.catalogue import load_catalogue
from tenbin.inputs import read_case
from tenbin.model import Case

RULES = Path(__file__).parent / "bad" / "rules.toml"
COSTS = ("measures.csv", "shared.csv", "subsidies.csv", "relations.csv")
TODAY = date(2026, 11, 1)

Patches = Sequence[Sequence[str]]


class Small:
    """The small case below a folder: ``scenarios/small`` and ``cost_tables/small``.

    A patch is ``[file]``: delete it; ``[file, content]``: the whole content (``hex:…`` for bytes); ``[file, old, new]``:
    replace text that stands there exactly once; ``[file, "", line]``: a line more at its end.
    """

    def __init__(self, home: Path, files: dict[str, str]) -> None:
        self.home = home
        self.files: dict[str, bytes] = {name: text.encode() for name, text in files.items()}

    @property
    def folder(self) -> Path:
        return self.home / "scenarios" / "small"

    def path(self, name: str) -> Path:
        return (self.home / "cost_tables" / "small" if name in COSTS else self.folder) / name

    def write(self, patches: Patches = ()) -> Path:
        files: dict[str, bytes | None] = dict(self.files)
        for name, *rest in patches:
            if not rest:
                files[name] = None
            elif len(rest) == 1:
                content = rest[0]
                files[name] = bytes.fromhex(content[4:]) if content.startswith("hex:") else content.encode()
            else:
                old, new = rest
                text = (files[name] or b"").decode()
                assert not old or text.count(old) == 1, (name, old)
                files[name] = (text.replace(old, new) if old else f"{text}{new}\n").encode()
        for name, content in files.items():
            path = self.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)
        return self.folder

    def read(self, patches: Patches = ()) -> Case:
        return read_case(self.write(patches), load_catalogue=load_catalogue, today=TODAY)


@pytest.fixture(scope="session")
def base_files() -> dict[str, str]:
    base: dict[str, str] = tomllib.loads(RULES.read_text(encoding="utf-8"))["base"]
    return base


@pytest.fixture
def small(tmp_path: Path, base_files: dict[str, str]) -> Small:
    return Small(tmp_path, base_files)


@pytest.fixture
def make_small(base_files: dict[str, str]) -> Callable[[Path], Small]:
    return lambda home: Small(home, base_files)
