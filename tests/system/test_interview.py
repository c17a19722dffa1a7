"""``tenbin init`` as somebody at a terminal sees it, and as a script does."""

from __future__ import annotations

import filecmp
import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from running.commands import ROOT, start

ANSWERS = 'industry = "care"\nemployees = 60\nincidents = 1\nin_place = ["antivirus", "backup"]\n'
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")


def at_a_terminal(folder: Path, lang: str, lines: list[str], interrupt: bool = False) -> tuple[str, int]:
    """What is seen when these lines are typed, one after each prompt."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.environ.update(TENBIN_LANG=lang, PYTHONIOENCODING="utf-8", COLUMNS="100")
        os.execv(sys.executable, [sys.executable, "-m", "tenbin", "init", str(folder)])
    seen, prompts, end = b"", 0, time.monotonic() + 120
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1.0)[0]:
            if interrupt and prompts > len(lines) and b"unfinished.toml" not in seen:
                os.write(terminal, b"\x03")  # the first may have come between the prompt and the wait for a line
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        asked = seen.count("）> ".encode()) + seen.count(b") > ")
        while prompts < asked and prompts < len(lines):
            os.write(terminal, (lines[prompts] + "\n").encode())
            prompts += 1
        if interrupt and asked > len(lines) and prompts == len(lines):
            os.write(terminal, b"\x03")
            prompts += 1
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return seen.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize(("lang", "word"), [("ja", "業種はどれですか"), ("en", "What is your line of business?")])
def test_fifteen_answers_make_a_case(tmp_path, lang, word):
    lines = ["2", "10", "", "abc", "450M", "", "<", "", "", "", "?", "", "", "", "", "1 3 4", "0", "", "2M"]
    seen, code = at_a_terminal(tmp_path / "co", lang, lines)
    assert code == 0, seen
    assert word in seen
    assert (tmp_path / "co" / "answers.toml").read_text(encoding="utf-8").startswith('industry = "trade"\nemployees = 10\n')
    assert "--budget 2000000/first-year" in seen
    assert sorted(path.name for path in tmp_path.iterdir()) == ["co"]
    checked = start("check", tmp_path / "co", "--trials", "2000", code=0, lang=lang).stdout.decode()
    assert ("these figures expect" if lang == "en" else "この数字の見込み") in checked.lower()


def test_stopped_in_the_middle_nothing_is_lost(tmp_path):
    seen, code = at_a_terminal(tmp_path / "co", "en", ["6", "25", "don't know"], interrupt=True)
    assert code == 130, seen
    assert not (tmp_path / "co").exists()
    kept = tmp_path / "co-unfinished.toml"
    assert kept.read_text(encoding="utf-8") == 'industry = "care"\nemployees = 25\ncomputers = "unknown"\n'
    seen, code = at_a_terminal(tmp_path / "co", "en", [""] * 12)
    assert code == 0, seen
    assert "What is your line of business?" not in seen
    assert (tmp_path / "co" / "answers.toml").read_text(encoding="utf-8").startswith('industry = "care"\nemployees = 25\n')
    assert not kept.exists()


def test_going_back_loses_no_answer(tmp_path):
    lines = ["care", "25", "<", "", "18", *["<"] * 2, "", "", *[""] * 12]
    _, code = at_a_terminal(tmp_path / "co", "en", lines)
    assert code == 0
    kept = (tmp_path / "co" / "answers.toml").read_text(encoding="utf-8")
    assert kept.startswith('industry = "care"\nemployees = 25\ncomputers = 18\n')


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_folder_that_is_not_there_yet_keeps_answers_too(tmp_path, lang):
    seen, code = at_a_terminal(tmp_path / "new" / "co", lang, ["6"], interrupt=True)
    assert code == 130, seen
    assert (tmp_path / "new" / "co-unfinished.toml").read_text(encoding="utf-8") == 'industry = "care"\n'


def test_a_budget_below_what_is_paid_already_is_said(tmp_path):
    (tmp_path / "a.toml").write_text(f"{ANSWERS}budget = 0\n", encoding="utf-8")
    told = start("init", tmp_path / "co", "--answers", tmp_path / "a.toml", code=0).stdout.decode()
    assert "does not cover what you have already" in told
    command = next(line for line in told.splitlines() if "--budget" in line).split()
    result = start(*command[1:], "--trials", "1000", "--out", tmp_path / "out", "--json", code=0)
    assert b'"status": "infeasible"' not in result.stdout


def test_a_workbook_says_what_was_answered_too(tmp_path):
    (tmp_path / "a.toml").write_text(ANSWERS, encoding="utf-8")
    start("init", tmp_path / "co.xlsx", "--answers", tmp_path / "a.toml", code=0)
    assert (
        "You answered 1 incident in five years"
        in start("check", tmp_path / "co.xlsx", "--trials", "1000", code=0).stdout.decode()
    )


def test_answers_are_replayed_byte_for_byte(tmp_path):
    (tmp_path / "a.toml").write_text(ANSWERS, encoding="utf-8")
    start("init", tmp_path / "one", "--answers", tmp_path / "a.toml", code=0)
    start("init", tmp_path / "two", "--answers", tmp_path / "one" / "answers.toml", code=0)
    names = sorted(str(path.relative_to(tmp_path / "one")) for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert "cost_tables/measures.csv" in names
    same, different, odd = filecmp.cmpfiles(tmp_path / "one", tmp_path / "two", names, shallow=False)
    assert (sorted(same), different, odd) == (names, [], [])


def test_a_script_gets_the_bundled_case_and_is_not_asked(tmp_path):
    done = start("init", tmp_path / "co", code=0)
    assert (tmp_path / "co" / "scenarios.csv").exists()
    assert not (tmp_path / "co" / "answers.toml").exists()
    assert b"?" not in done.stderr


def test_wrong_answers_write_nothing(tmp_path):
    (tmp_path / "a.toml").write_text('industry = "moon"\nemployees = 0\n', encoding="utf-8")
    said = start("init", tmp_path / "co", "--answers", tmp_path / "a.toml", code=2).stderr.decode()
    assert "a.toml employees" in said
    assert "a.toml industry" in said
    assert not (tmp_path / "co").exists()
