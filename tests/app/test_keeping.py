"""Drafts on the disk: found again, held by one program, never written over, whole whatever happens."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenbin.app import keeping
from tenbin.app.drafts import Draft, check_draft, open_draft
from tenbin.app.keeping import ChangedElsewhere, Holding, drafts_root, hold, list_drafts, new_draft, remove
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError, StorageError
from tenbin.inputs import read_case

HERE = Path(__file__).parents[2]
TWO_CELLS = HERE / "scenarios" / "two-cells"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENBIN_DRAFTS", str(tmp_path / "drafts"))
    return tmp_path / "drafts"


@pytest.fixture
def draft() -> Draft:
    return open_draft(TWO_CELLS)[0]


@pytest.fixture
def held(draft: Draft) -> Iterator[Holding]:
    holding = hold(new_draft(draft, {"targets": ["tvar95=60%"]}))
    yield holding
    holding.release()


def test_where_drafts_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drafts_root() == tmp_path / "drafts"
    monkeypatch.delenv("TENBIN_DRAFTS")
    monkeypatch.chdir(tmp_path)
    assert drafts_root() == tmp_path / "drafts"


def test_a_draft_is_found_again_with_its_question(held: Holding, draft: Draft) -> None:
    assert (held.draft, held.question, held.problems) == (draft, {"targets": ["tvar95=60%"]}, ())
    changed = draft.with_cell("plans", 0, "plan", "=お試し")
    held.keep(changed, {"targets": [], "note": "漢字\ud800"})
    held.release()
    again = hold(held.id)
    assert (again.draft, again.question) == (changed, {"targets": [], "note": "漢字\ud800"})
    again.release()


def test_the_folder_is_a_case(held: Holding, draft: Draft) -> None:
    held.keep(draft, {"a": 1})
    assert read_case(held.path, load_catalogue=load_catalogue) == check_draft(draft)[0]
    assert (held.path / "scales.json").is_file()


@pytest.mark.parametrize("text", ["", "[1, 2", "[]", '"x"', "[" * 100_000, "\x00"])
def test_a_question_that_cannot_be_read_is_none(held: Holding, text: str) -> None:
    held.release()
    (held.path / "scales.json").write_text(text, encoding="utf-8")
    again = hold(held.id)
    assert again.question == {}
    again.release()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("machine-parts-sme", "machine-parts-sme"),
        ("二つのマス", "case"),
        ("Ｆｉｒｍ １", "firm-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "case-con"),
        ("nul.csv", "nul-csv"),
        ("com1", "case-com1"),
        ("...", "case"),
        ("a/b\\c:d*e", "a-b-c-d-e"),
        ("x" * 500, "x" * 60),
    ],
)
def test_ids_are_names_of_folders_everywhere(draft: Draft, root: Path, name: str, wanted: str) -> None:
    called = draft.with_setting("name", name)
    assert [new_draft(called), new_draft(called)] == [wanted, f"{wanted}-2"]
    assert sorted(path.name for path in root.iterdir()) == sorted([wanted, f"{wanted}-2"])
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", kept.id) for kept in list_drafts())


def test_broken_folders_are_listed_too(held: Holding, root: Path) -> None:
    broken = root / "broken"
    broken.mkdir()
    (broken / "case.toml").write_bytes(b"title_ja = \xff\x00[[")
    (root / "empty").mkdir()
    (root / "a file").write_text("x", encoding="utf-8")
    (root / ".trash").mkdir()
    os.utime(held.path / "case.toml", (4e9, 4e9))
    found = list_drafts()
    assert found[0].id == held.id
    assert {kept.id for kept in found} == {held.id, "broken", "empty"}
    assert {kept.id: kept.title("ja") for kept in found}["broken"] == "broken"
    assert found[0].title("ja") == held.draft.settings["title_ja"]
    remove("broken")
    remove("empty")
    assert {kept.id for kept in list_drafts()} == {held.id}


def test_a_root_that_is_not_there_has_no_drafts() -> None:
    assert list_drafts() == []


@pytest.mark.parametrize("name", ["", ".", "..", ".trash", "../drafts", "nothing", "a/b", "a\x00b", "x" * 300])
def test_only_kept_drafts_are_opened_or_removed(held: Holding, name: str) -> None:
    for do in (hold, remove):
        with pytest.raises(InputError):
            do(name)
    assert held.path.is_dir()


def test_what_is_removed_lies_in_the_trash(held: Holding, root: Path, draft: Draft) -> None:
    with pytest.raises(StorageError):
        remove(held.id)  # it is open
    held.release()
    remove(held.id)
    assert list_drafts() == []
    (thrown,) = (root / ".trash").iterdir()
    assert open_draft(thrown)[0] == draft


# other programs


def test_what_another_program_wrote_is_not_written_over(held: Holding, draft: Draft, root: Path) -> None:
    held.keep(draft, {})
    plans = held.path / "plans.csv"
    theirs = plans.read_bytes().replace(b"basic", b"BASIC")  # as long as before
    times = plans.stat()
    plans.write_bytes(theirs)
    os.utime(plans, ns=(times.st_atime_ns, times.st_mtime_ns))
    mine = draft.with_setting("title_ja", "私の")
    for _ in range(2):
        with pytest.raises(ChangedElsewhere) as caught:
            held.keep(mine, {})
        assert "ほかのプログラム" in caught.value.message("ja")
        assert plans.read_bytes() == theirs
        assert "私の" not in (held.path / "case.toml").read_text(encoding="utf-8")
    held.take_over()
    held.keep(mine, {})
    assert open_draft(held.path)[0] == mine
    (aside,) = (root / ".trash").iterdir()
    assert (aside / "plans.csv").read_bytes() == theirs


def test_a_file_that_is_touched_is_not_changed(held: Holding, draft: Draft) -> None:
    os.utime(held.path / "plans.csv", (1e9, 1e9))
    held.keep(draft.with_setting("title_ja", "新"), {})
    (held.path / "notes.txt").write_text("mine", encoding="utf-8")
    held.keep(draft, {})
    assert (held.path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_was_taken_away_is_made_again_on_demand(held: Holding, draft: Draft, root: Path) -> None:
    held.path.rename(root / "elsewhere")
    with pytest.raises(ChangedElsewhere):
        held.keep(draft, {})
    held.take_over()
    held.keep(draft, {})
    assert open_draft(held.path)[0] == draft


def test_what_could_not_be_read_is_put_aside_before_it_is_written_over(held: Holding, draft: Draft, root: Path) -> None:
    held.release()
    broken = b'plan,measure,level\n"both,L2.017,basic\n'
    (held.path / "plans.csv").write_bytes(broken)
    again = hold(held.id)
    assert [one.row for one in again.problems] == [2]
    again.keep(again.draft, {})
    again.keep(again.draft.with_setting("title_ja", "x"), {})
    (aside,) = (root / ".trash").iterdir()
    assert (aside / "plans.csv").read_bytes() == broken
    assert not again.problems
    again.release()


def child(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *args], stdout=subprocess.PIPE, text=True)


HOLDER = """
import sys, time
from tenbin.app.keeping import hold
holding = hold(sys.argv[1])
print("held", flush=True)
time.sleep(600)
"""


def test_two_programs_do_not_open_the_same_draft(held: Holding) -> None:
    with pytest.raises(StorageError, match=str(os.getpid())):
        hold(held.id)
    held.release()
    other = child(HOLDER, held.id)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StorageError, match=str(other.pid)):
            hold(held.id)
        with pytest.raises(StorageError):
            remove(held.id)
    finally:
        other.kill()
        other.communicate()
    hold(held.id).release()  # the lock died with it


def test_a_number_in_the_lock_file_holds_nothing(held: Holding) -> None:
    held.release()
    (held.path / ".open").write_text(str(os.getpid()), encoding="utf-8")
    hold(held.id).release()


# disks that refuse


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_refuses_is_said(held: Holding, draft: Draft, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    before = {path.name: path.read_bytes() for path in held.path.iterdir()}

    def refuse(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    mine = draft.with_setting("title_ja", "新").with_cell("plans", 0, "plan", "x")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(StorageError) as caught:
            held.keep(mine, {"a": 1})
        with pytest.raises(StorageError):
            new_draft(mine, {})
    assert not isinstance(caught.value, ChangedElsewhere)
    assert re.search("[ぁ-ん]", caught.value.message("ja"))
    assert {path.name: path.read_bytes() for path in held.path.iterdir()} == before
    held.keep(mine, {"a": 1})  # there is room again
    assert open_draft(held.path)[0] == mine


def test_a_root_that_is_a_file(root: Path, draft: Draft) -> None:
    root.write_text("x", encoding="utf-8")
    assert list_drafts() == []
    with pytest.raises(StorageError):
        new_draft(draft)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_nobody_may_write_is_opened(held: Holding, draft: Draft) -> None:
    held.release()
    held.path.chmod(0o500)
    try:
        again = hold(held.id)
        assert again.draft == draft
        with pytest.raises(StorageError):
            again.keep(draft.with_setting("title_ja", "x"), {})
    finally:
        held.path.chmod(0o700)


# ended in the middle

WRITER = """
import sys
from tenbin.app.keeping import hold
holding = hold(sys.argv[1])
print("writing", flush=True)
for n in range(1_000_000):
    draft = holding.draft
    for table in ("scenarios", "effects", "triggers", "measures"):
        for row in range(len(draft.tables[table].rows)):
            draft = draft.with_cell(table, row, "note" if table == "measures" else "basis", f"{n:06}" * (1 + n % 50))
    holding.keep(draft.with_setting("title_en", f"{n:06}"), {"n": n, "padding": "x" * (n % 5000)})
    if n == 2:
        print("well under way", flush=True)
"""


def test_a_program_that_is_killed_leaves_every_file_whole(held: Holding) -> None:
    held.release()
    for turn in range(12):
        writer = child(WRITER, held.id)
        assert writer.stdout is not None
        try:
            assert writer.stdout.readline() == "writing\n"
            assert writer.stdout.readline() == "well under way\n"
            began = time.perf_counter()
            while time.perf_counter() - began < turn * 0.0037:  # at another moment each time
                pass
        finally:
            writer.kill()
            writer.communicate()
        again = hold(held.id)
        assert again.problems == ()
        assert isinstance(again.question["n"], int)
        for name in ("scenarios", "effects", "triggers", "measures"):
            table = again.draft.tables[name]
            texts = {row[table.header.index("note" if name == "measures" else "basis")] for row in table.rows}
            assert len(texts) == 1  # of one write
            assert len(table.rows) == len(held.draft.tables[name].rows)
        case, wrong = check_draft(again.draft)
        assert case is not None, wrong
        assert not [path for path in again.path.iterdir() if keeping.UNFINISHED.fullmatch(path.name)]
        again.release()
        json.loads((again.path / "scales.json").read_text(encoding="utf-8"))
