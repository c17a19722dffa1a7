"""The code of the documentation's pages, as it stands there: found, and run in a folder like a reader's.

A block of ``sh`` or ``python`` runs, those of a page one after the other in one folder. A comment before a block says otherwise:

    <!-- not run: why -->                it is not run; a test counts these
    <!-- runs in: handbook.md, … -->     each of its lines runs there; the test holds it against those pages
    <!-- exit: 3 -->                     it ends with this code
    <!-- said -->                        a block of ``text``: what the blocks before it have printed, line by line (… stands for anything)
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from running.commands import shell_command

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LONG = ("tutorial.md", "what-matters.md")
"""Pages that have a test file of their own, so that another core can take them."""
GIVEN = Path(__file__).parent / "given"
FENCE = re.compile(r"^(?P<fence>`{3,})(?P<kind>[\w-]*)[^\n`]*\n(?P<code>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (?P<what>not run|runs in|exit|said)(?:: (?P<rest>[^\n]*?))? -->\s*\Z")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:tenbin|python3? run\.py) ", re.MULTILINE)
SHELL = ("sh", "bash", "console")
COMMENT = re.compile(r"(?:^|\s+)#.*$", re.MULTILINE)

RUN_PY = """\
# The repository's run.py as it is, but for setting up: the interpreter of the tests has everything.
import importlib.util, sys
spec = importlib.util.spec_from_file_location("run", {path!r})
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)
run.set_up = lambda extra: None
run.PYTHON, run.ROOT = sys.executable, __import__("pathlib").Path.cwd()
started = run.call
run.call = lambda *command: started({tenbin!r}, *command[3:]) if command[1:3] == ("-m", "tenbin") else started(*command)
sys.exit(run.main(sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, what it is, what is said before it."""

    page: str
    line: int
    kind: str
    code: str
    mark: str = ""
    rest: str = ""

    @property
    def lines(self) -> list[str]:
        """Its commands without comments, as ``tenbin …`` however they are started."""
        plain = (COMMENT.sub("", line).strip() for line in self.code.splitlines())
        return [re.sub(r"^python3? run\.py (tenbin )?", "tenbin ", line.removeprefix("$ ")) for line in plain if line]

    @property
    def runs(self) -> bool:
        return self.kind in (*SHELL, "python") and self.mark not in ("not run", "runs in")


def pages(root: Path = ROOT) -> list[Path]:
    """Every page whose code is run: the documentation and what stands at the top."""
    made = ("reference/commands", "reference/files", "api")
    docs = [path for path in sorted((root / "docs").rglob("*.md")) if not str(path.relative_to(root / "docs")).startswith(made)]
    return [*docs, *sorted(root.glob("README*.md"))]


def blocks(page: Path, text: str | None = None) -> list[Block]:
    """The page's fenced blocks."""
    text = page.read_text(encoding="utf-8") if text is None else text
    found = []
    for match in FENCE.finditer(text):
        mark = MARK.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        what, rest = (mark["what"], mark["rest"] or "") if mark else ("", "")
        found.append(Block(page.name, line, match["kind"], match["code"], what, rest))
    return found


def without_kind(text: str) -> list[str]:
    """Commands that stand in blocks without a kind, or are only indented: nobody would run them."""
    outside = FENCE.sub("", text)
    indented = [line.strip() for line in re.findall(r"^(?: {4}|\t)(?:\$ )?tenbin .*$", outside, re.MULTILINE)]
    unnamed = [match["code"].strip() for match in FENCE.finditer(text) if not match["kind"] and COMMAND.search(match["code"])]
    return [*indented, *unnamed]


@dataclass
class Reader:
    """Somebody who types what a page says, in a folder of their own."""

    home: Path
    lang: str = "en"
    said: str = ""
    names: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Path, home: Path) -> Reader:
        """A reader of a page, with the bundled cases at hand and what the page takes for given."""
        for folder in ("scenarios", "cost_tables"):
            shutil.copytree(ROOT / folder, home / folder)
        given = GIVEN / page.name.split(".")[0]
        if given.is_dir():
            shutil.copytree(given, home, dirs_exist_ok=True)
        programs = home / ".programs"
        programs.mkdir()
        for name, command in (("tenbin", shell_command()), ("python3", shlex.quote(sys.executable))):
            path = programs / name
            path.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        shutil.copy(programs / "python3", programs / "python")
        run_py = RUN_PY.format(path=str(ROOT / "run.py"), tenbin=str(programs / "tenbin"))
        (home / "run.py").write_text(run_py, encoding="utf-8")
        return cls(home, "ja" if ".ja." in page.name else "en")

    def follow(self, block: Block) -> None:
        """Run a block; ``AssertionError`` when it does not end as the page says."""
        if block.kind == "python":
            exec(compile(block.code, f"{block.page}:{block.line}", "exec"), self.names)
            return
        code = "\n".join(line.removeprefix("$ ") for line in block.code.splitlines())
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TENBIN_")},
            "PATH": f"{self.home / '.programs'}{os.pathsep}{os.environ['PATH']}",
            "TENBIN_LANG": self.lang,
            "PYTHONIOENCODING": "utf-8",
            "BROWSER": "true",  # what --open opens
            "COLUMNS": "200",
        }
        done = subprocess.run(
            ["bash", "-e", "-c", code],
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        self.said += done.stdout
        wanted = int(block.rest) if block.mark == "exit" else 0
        assert "Traceback" not in done.stdout, done.stdout
        assert done.returncode == wanted, (
            f"{block.page}:{block.line} ended with {done.returncode}:\n{block.code}\n{done.stdout[-3000:]}"
        )

    def hears(self, block: Block) -> None:
        """Hold a page's quotation against what was printed."""
        heard = squeezed(self.said)
        for line in filter(str.strip, block.code.splitlines()):
            pattern = ".{0,400}".join(re.escape(squeezed(part)) for part in line.split("…"))
            assert re.search(pattern, heard), f"{block.page}:{block.line} was not said: {line}\n{self.said[-3000:]}"


def squeezed(text: str) -> str:
    """A text without blanks: lines are broken elsewhere on a narrow page."""
    return "".join(text.split())


def follow_page(page: Path, home: Path, text: str | None = None) -> int:
    """Do all that a page says; how many blocks ran."""
    found = [block for block in blocks(page, text) if block.runs or block.mark == "said"]
    if not found:
        return 0
    reader = Reader.of(page, home)
    for block in found:
        reader.hears(block) if block.mark == "said" else reader.follow(block)
    return len(found)


def unfounded(page: Path) -> Iterator[str]:
    """Lines of blocks that run on other pages, but do not."""
    for block in blocks(page):
        if block.mark == "runs in":
            others = [DOCS / name.strip() for name in block.rest.split(",")]
            there = {line for other in others for one in blocks(other) if one.runs for line in one.lines}
            yield from (f"{block.page}:{block.line} {line}" for line in block.lines if line not in there)
