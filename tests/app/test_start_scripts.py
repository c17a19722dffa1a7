"""What a double-click starts: finds a Python that is new enough, says where to get one, runs the app."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from running.commands import ROOT

COMMAND, BATCH = ROOT / "start.command", ROOT / "start.bat"
SHELL = shutil.which("sh") or ""
needs_shell = pytest.mark.skipif(not SHELL, reason="start.command is for systems with a shell")

OLD_OR_NEW = """#!{shell}
if [ "$1" = -c ]; then exit {check}; fi
printf '%s\\n' "$PWD" "$@" > "{record}"
exit {code}
"""


def checkout(tmp_path: Path) -> Path:
    """The script alone, in a folder whose name has a space."""
    folder = tmp_path / "my tenbin"
    folder.mkdir()
    shutil.copy(COMMAND, folder)
    return folder


def python(tmp_path: Path, name: str, check: int = 0, code: int = 0) -> Path:
    """A Python of a name that answers the question for its version with a code, and records how it is run."""
    (tmp_path / "bin").mkdir(exist_ok=True)
    script = tmp_path / "bin" / name
    script.write_text(OLD_OR_NEW.format(shell=SHELL, check=check, record=tmp_path / f"{name}.txt", code=code), encoding="utf-8")
    script.chmod(0o755)
    return tmp_path / f"{name}.txt"


def start(folder: Path, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "bin").mkdir(exist_ok=True)
    return subprocess.run(
        [SHELL, folder / "start.command", *arguments],
        env={"PATH": str(tmp_path / "bin")},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@needs_shell
def test_a_shell_can_read_it_and_it_can_be_run() -> None:
    assert os.access(COMMAND, os.X_OK)
    for shell in filter(None, (SHELL, shutil.which("bash"))):
        assert subprocess.run([shell, "-n", COMMAND], capture_output=True, check=True).stderr == b""
        broken = subprocess.run(
            [shell, "-n"], input=COMMAND.read_bytes().replace(b"\nfi\n", b"\n"), capture_output=True, check=False
        )
        assert broken.returncode


@needs_shell
def test_without_a_python_it_says_where_to_get_one(tmp_path: Path) -> None:
    done = start(checkout(tmp_path), tmp_path)
    assert done.returncode == 1
    japanese, english = done.stderr.splitlines()
    assert "Python 3.11 以降が見つかりません" in japanese
    assert "Python 3.11 or newer was not found" in english
    assert "https://www.python.org/downloads/" in japanese
    assert "https://www.python.org/downloads/" in english


@needs_shell
def test_it_runs_the_app_with_the_first_python_that_is_new_enough(tmp_path: Path) -> None:
    old, new, last = python(tmp_path, "python3", check=1), python(tmp_path, "python3.12"), python(tmp_path, "python")
    folder = checkout(tmp_path)
    done = start(folder, tmp_path, "a case", "--lang=ja")
    assert (done.returncode, done.stderr) == (0, "")
    assert new.read_text(encoding="utf-8").splitlines() == [str(folder), "run.py", "app", "a case", "--lang=ja"]
    assert not old.exists()
    assert not last.exists()


@needs_shell
def test_an_old_python_alone_is_none(tmp_path: Path) -> None:
    record = python(tmp_path, "python3", check=1)
    assert start(checkout(tmp_path), tmp_path).returncode == 1
    assert not record.exists()


@needs_shell
def test_what_goes_wrong_is_passed_on(tmp_path: Path) -> None:
    python(tmp_path, "python3", code=3)
    assert start(checkout(tmp_path), tmp_path).returncode == 3


def test_the_batch_file_is_what_windows_reads() -> None:
    text = BATCH.read_bytes()
    lines = text.decode("utf-8").split("\r\n")
    assert text.count(b"\n") == text.count(b"\r\n") == len(lines) - 1
    page = lines.index("chcp 65001 >nul")
    assert all(line.isascii() for line in lines[:page])
    assert all(line.isascii() or line.startswith("echo ") for line in lines)  # commands and labels are read by their bytes
    said = [line for line in lines if line.startswith("echo ")]
    assert not [line for line in said if re.search(r"[<>|&^%()]", line)]  # these would be taken for commands
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert labels == set(re.findall(r"goto (\w+)", text.decode("utf-8")))
    asked = [line.partition(" -c ")[0] for line in lines if " -c " in line]
    assert asked == ["py -3", "python3", "python"]
    assert "%PYTHON% run.py app %*" in lines


def test_both_say_the_same() -> None:
    batch = {line.removeprefix("echo ") for line in BATCH.read_text(encoding="utf-8").splitlines() if line.startswith("echo ")}
    shell = set(re.findall(r'echo "(.*?)"', COMMAND.read_text(encoding="utf-8")))
    different = {line for line in batch ^ shell if "Enter" not in line and "key to close" not in line}
    assert different == set()
