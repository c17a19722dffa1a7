"""The generated pages are fresh, and say everything that there is."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import typer.main

import reference
import tenbin
from tenbin.cli.main import app
from tenbin.inputs.schema import SETTINGS, TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_pages_are_fresh() -> None:
    for name, made in reference.pages().items():
        assert text(name) == made, f"docs/{name} is stale; run: python tools/reference.py"


@pytest.mark.parametrize("name", ["reference/files.md", "reference/files.ja.md"])
def test_every_column_and_setting_is_there(name: str) -> None:
    parts = dict(re.findall(r"^## ([a-z]+)\.csv[^\n]*\n(.*?)(?=^## |\Z)", text(name), re.MULTILINE | re.DOTALL))
    assert set(parts) == set(TABLES)
    for table, how in TABLES.items():
        assert re.findall(r"^\| \*?`(\w+)`\*? \|", parts[table], re.MULTILINE) == list(how.columns)
    for key in SETTINGS:
        assert key == "format" or f"`{key}`" in text(name)


@pytest.mark.parametrize("name", ["reference/commands.md", "reference/commands.ja.md"])
def test_every_command_and_option_is_there(name: str) -> None:
    parts = dict(re.findall(r"^## (tenbin [^\n]*)\n(.*?)(?=^## |\Z)", text(name), re.MULTILINE | re.DOTALL))
    commands = reference._commands(typer.main.get_command(app), ("tenbin",))
    assert list(parts) == [" ".join(path) for path, _ in commands]
    for path, command in commands:
        shown = [
            flag for param in command.params if not getattr(param, "hidden", False) for flag in param.opts if flag[:2] == "--"
        ]
        missing = [flag for flag in shown if flag != "--help" and flag not in parts[" ".join(path)]]
        assert missing == [], path


def test_every_public_name_is_there() -> None:
    assert set(re.findall(r"^::: tenbin\.(\w+)$", text("api.md"), re.MULTILINE)) == set(tenbin.__all__) - {
        "__version__",
        "optimize",
    }


def test_its_words_stand_in_both_languages_and_are_all_used() -> None:
    words = reference._words()
    source = Path(reference.__file__).read_text(encoding="utf-8")
    for key, both in words.items():
        assert set(both) == {"en", "ja"}, key
        places = [{name for _, name, _, _ in Formatter().parse(one) if name} for one in both.values()]
        assert places[0] == places[1], key
        said = f'"{key}"' in source or f"'{key}'" in source or key.startswith(("sort_", "about_"))
        assert said, key


def test_control_a_page_that_lacks_a_column_is_seen() -> None:
    shortened = re.sub(r"^\| `effect` \|.*\n", "", text("reference/files.md"), flags=re.MULTILINE)
    assert shortened != reference.pages()["reference/files.md"]
