"""A run's folder is there whole or not at all, is never overwritten, and guards what a spreadsheet would take for a formula."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tenbin.errors import InputError, StorageError
from tenbin.storage import find_run, list_runs, new_run, read_json

MAKE = """
import sys, time
from tenbin.storage import new_run
folder = new_run("case", sys.argv[1])
folder.write_json("result.json", {"a": 1})
print("half", flush=True)
time.sleep(60)
"""


def make(root, value):
    with new_run("case", root) as folder:
        folder.write_json("result.json", {"value": value})
        folder.write_table("plan", ("id",), [("=1+1",), ("plain",), (-3,)])
        return folder.commit({"seed": value})


def test_a_process_killed_half_way_leaves_no_run(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", MAKE, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"half"
    process.kill()
    process.communicate()
    assert list_runs(tmp_path) == []
    assert [path.name.startswith(".") for path in tmp_path.iterdir()] == [True]
    assert make(tmp_path, 1).id.endswith("-001")


def test_an_error_half_way_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), new_run("case", tmp_path) as folder:  # noqa: PT012 - the error comes from inside
        folder.write_json("result.json", {})
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_runs_made_at_once_get_numbers_of_their_own(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda value: make(tmp_path, value), range(16)))
    assert len({run.id for run in made}) == 16
    assert sorted(read_json(run)["value"] for run in list_runs(tmp_path)) == list(range(16))


def test_runs_are_found_by_id_prefix_and_latest(tmp_path):
    first = make(tmp_path, 1)
    time.sleep(0.01)
    second = make(tmp_path, 2)
    assert find_run(first.id, tmp_path) == first
    assert find_run("latest", tmp_path) == second
    with pytest.raises((InputError, StorageError)):
        find_run("2", tmp_path)  # the prefix of both
    with pytest.raises((InputError, StorageError)):
        find_run("nothing", tmp_path)


def test_text_never_becomes_a_formula(tmp_path):
    text = (make(tmp_path, 1).path / "plan.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["id", "'=1+1", "plain", "-3"]


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises((InputError, StorageError)):
        new_run("case", tmp_path / "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
