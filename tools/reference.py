"""The reference's pages: ``docs/reference/files.md`` (from the schemas), ``commands.md`` (from the command line), ``docs/api.md`` (from ``tenbin.__all__``).

``python tools/reference.py`` writes them anew, and the JSON Schemas; a test fails when they are stale. The command line takes its language when it is
imported, so a page of commands is made by a process of its own: ``python tools/reference.py commands ja``.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import tenbin
from schemas import write_schemas
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, SETTINGS, TABLES, Column
from tenbin.inputs.written import Sort, Written, how_written
from tenbin.model import Poisson
from tenbin.words import in_language
from tenbin.workbooks.layout import help_of, label_of, setting_help, setting_label, sheet_title
from tenbin.workbooks.layout import say as say_workbook

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
WORDS = ROOT / "tools" / "reference.toml"
EXAMPLES = {"status": "machine-parts-sme", "crosswalk": "", "factors": "control-units-midtier", "losses": ""}
"""Where a table's example rows come from, if not from the case that most tables take; "" where no bundled case has it."""
EXAMPLE = "machine-parts-sme"
ROWS = 3
"""Rows of an example."""
SHORT = 32
"""Characters of an example's cell."""


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def say(key: str, lang: str, **values: object) -> str:
    """A text of the pages."""
    return _words()[key][lang].strip("\n").format(**values)


def pages() -> dict[str, str]:
    """Every generated page by its path below ``docs``."""
    made = {}
    for lang, suffix in (("en", ".md"), ("ja", ".ja.md")):
        made[f"reference/files{suffix}"] = files_page(lang)
        made[f"reference/commands{suffix}"] = in_a_process("commands", lang)
    return made | {"api.md": api_page()}


def files_page(lang: str) -> str:
    """Every table and setting."""
    case_files = "  ".join(
        ["case.toml", *(f"{name}.csv" if table.is_there else f"[{name}.csv]" for name, table in CASE_TABLES.items())]
    )
    cost_files = "  ".join(f"{name}.csv" if table.is_there else f"[{name}.csv]" for name, table in COST_TABLES.items())
    settings = [
        _row(key, how, setting_label(key, lang), _about(key, lang), lang) for key, how in SETTINGS.items() if key != "format"
    ]
    parts = [
        f"# {say('files_title', lang)}",
        say("files_lead", lang, case_files=case_files, cost_files=cost_files),
        say("generated", lang, source="`tenbin.inputs.schema`"),
        f"## {say('writing_title', lang)}",
        say("writing", lang),
        f"## {say('settings_title', lang)}",
        say("settings_lead", lang),
        say("setting_heading", lang) + "\n" + "\n".join(settings),
        say("settings_targets", lang),
    ]
    for name, table in TABLES.items():
        key = say("key", lang, columns=", ".join(f"`{one}`" for one in table.key)) if table.key else ""
        need = say("must_be_there" if table.is_there else "may_be_there", lang)
        about = say_workbook(f"about_sheet_{name}", lang)
        rows = [_row(one, how, label_of(name, one, lang), help_of(name, one, lang), lang) for one, how in table.columns.items()]
        parts += [
            f"## {name}.csv — {sheet_title(name, lang)}",
            f"{about} {key}{need}",
            say("table_heading", lang) + "\n" + "\n".join(rows),
        ]
        parts += _example(name, lang)
    return "\n\n".join(parts) + "\n"


def _about(key: str, lang: str) -> str:
    """What a setting means: of a folder where the workbook's words speak of the workbook."""
    own = f"about_{key.replace('.', '_')}"
    return say(own, lang) if own in _words() else setting_help(key, lang)


def _row(name: str, how: Column, label: str, about: str, lang: str) -> str:
    shown = f"`{name}`" if how.is_filled else f"*`{name}`*"
    blank = say("has_to_be_filled", lang) if how.is_filled else _blank(how.blank, lang)
    what = f"**{label}**" + (" " if label and about else "") + about if label else about
    return "| " + " | ".join(_cell(text) for text in (shown, what, _how(how_written(how.convert), lang), blank)) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _blank(value: Any, lang: str) -> str:
    if isinstance(value, Poisson):
        return "`poisson`"
    if value is None or value in ("", ()) or isinstance(value, tuple):
        return say("nothing", lang)
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _how(written: Written, lang: str) -> str:
    rule = in_language(written.rule, lang) if written.rule is not None else ""
    if written.sort is Sort.TEXT and written.most:
        return say("sort_text_most", lang, most=f"{written.most:,}")
    return say(f"sort_{written.sort}", lang, rule=rule, choices=", ".join(f"`{one}`" for one in written.choices))


def _example(name: str, lang: str) -> list[str]:
    """The first rows of a bundled case's table."""
    case = EXAMPLES.get(name, EXAMPLE)
    if not case:
        return []
    home = "scenarios" if name in CASE_TABLES else "cost_tables"
    with (ROOT / home / case / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[: ROWS + 1]
    lines = [_csv_line([_short(cell) for cell in row]) for row in rows]
    return [say("example_is", lang, case=case), "```csv\n" + "\n".join(lines) + "\n```"]


def _short(cell: str) -> str:
    return cell if len(cell) <= SHORT else cell[: SHORT - 1].rstrip() + "…"


def _csv_line(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell or '"' in cell else cell for cell in cells)


def in_a_process(what: str, lang: str) -> str:
    """A page whose language is settled when it is imported."""
    command = [sys.executable, str(Path(__file__)), what, lang]
    environment = {**os.environ, "TENBIN_LANG": lang, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8").stdout


def commands_page(lang: str) -> str:
    """Every command with its arguments and options, as the command line itself knows them."""
    import typer.main

    from tenbin.cli.main import app

    root = typer.main.get_command(app)
    parts = [f"# {say('commands_title', lang)}", say("commands_lead", lang), say("generated", lang, source="`tenbin.cli.main`")]
    for path, command in _commands(root, ("tenbin",)):
        parts += _command(path, command, lang)
    return "\n\n".join(parts) + "\n"


def _commands(group: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, command in group.commands.items():
        if command.hidden:
            continue
        here = (*path, name)
        found += _commands(command, here) if hasattr(command, "commands") else [(here, command)]
    return found


def _command(path: tuple[str, ...], command: Any, lang: str) -> list[str]:
    rows, usage = [], list(path)
    for param in command.params:
        if getattr(param, "hidden", False) or param.name == "help":
            continue
        is_argument = param.param_type_name == "argument"
        metavar = re.sub(r"[\[\]{}]", "", param.metavar or "").removesuffix("...")
        if is_argument:
            shown = metavar or param.name.upper()
            usage.append(shown if param.required else f"[{shown}]")
            if param.nargs == -1:
                usage[-1] += " …"
        else:
            flags = [*param.opts, *param.secondary_opts]
            shown = ", ".join(flags) + (f" {metavar}" if metavar and not param.is_flag else "")
        text = (param.help or "").strip()
        default = param.default
        if (
            not is_argument
            and isinstance(default, str | int | float)
            and not isinstance(default, bool)
            and param.show_default is not False
        ):
            text += " " + say("default", lang, value=default)
        rows.append(f"| {_cell(f'`{shown}`')} | {_cell(text)} |")
    usage_line = " ".join(usage)
    about = "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", (command.help or "").replace("\b", "")))
    return [f"## {' '.join(path)}", about, f"`{usage_line}`", say("option_heading", lang) + "\n" + "\n".join(rows)]


def api_page() -> str:
    """What ``import tenbin`` offers, functions first."""
    names = [name for name in tenbin.__all__ if name != "__version__"]
    functions = [name for name in names if name[0].islower() and name != "optimize"]
    errors = [name for name in names if _is_error(name)]
    classes = [name for name in names if name[0].isupper() and name not in errors]
    parts = ["# Python", API_LEAD]
    for title, group in (("Functions", functions), ("What they return", classes), ("Errors", errors)):
        parts.append(f"## {title}")
        parts += [f"::: tenbin.{name}" for name in group]
    return "\n\n".join(parts) + "\n"


API_LEAD = """\
`import tenbin` is quick: each name is imported when it is first used. Everything here is what `tenbin.__all__` lists; `tenbin.optimize` is `tenbin.optimise`.

A *plan* is a dict of measure to level, a plan's name, or the command line's text; `{}` is nothing at all. Each function that takes `events` also takes a `Case` and simulates first.

This page is made by `python tools/reference.py` from `tenbin.__all__`; a test fails when it is stale."""


def _is_error(name: str) -> bool:
    found = getattr(tenbin, name)
    return isinstance(found, type) and issubclass(found, Exception)


def write_pages(docs: Path = DOCS) -> None:
    """Write all of it."""
    for name, text in pages().items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    write_schemas(docs / "schema")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["commands", lang]:
            sys.stdout.write(commands_page(lang))
        case _:
            write_pages()
