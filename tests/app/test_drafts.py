"""A case as typed: nothing of it is lost on its way to disk and back, and what is wrong with it is said at its cell."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inputs.conftest import RULES, Small
from tenbin.app import drafts
from tenbin.app.draft import LONGEST
from tenbin.app.drafts import CASE, Draft, DraftTable, check_cell, check_draft, draft_of, open_draft, write_draft
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError
from tenbin.inputs import read_case
from tenbin.inputs.schema import TABLES
from tenbin.inputs.writing import catalogue_file
from tenbin.model import Case
from tenbin.storage.writing import write_over
from tenbin.workbooks.casebook import write_workbook
from tenbin.workbooks.opening import open_workbook

HERE = Path(__file__).parents[2]
CASES = sorted(folder for folder in (HERE / "scenarios").iterdir() if folder.is_dir())
DOCUMENT: dict[str, Any] = tomllib.loads(RULES.read_text(encoding="utf-8"))


def read(folder: Path) -> Case:
    return read_case(folder, load_catalogue=load_catalogue, open_workbook=open_workbook)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path, DOCUMENT["base"])


def as_called(case: Case, other: Case) -> Case:
    """A case whose cost tables are called as another's: that is the name of the folder."""
    return replace(case, costs=replace(case.costs, name=other.costs.name))


# there and back


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_bundled_case_comes_back_whole(folder: Path, tmp_path: Path) -> None:
    case = read(folder)
    draft, unread = open_draft(folder)
    assert unread == ()
    assert check_draft(draft) == (case, ())
    write_draft(draft, tmp_path / folder.name)
    assert open_draft(tmp_path / folder.name) == (draft, ())
    assert read(tmp_path / folder.name) == case
    made = draft_of(case)
    assert check_draft(made) == (case, ())
    write_draft(made, tmp_path / folder.name)
    assert open_draft(tmp_path / folder.name) == (made, ())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_workbook_is_the_same_case(folder: Path, tmp_path: Path) -> None:
    case = read(folder)
    book = tmp_path / f"{folder.name}.xlsx"
    write_workbook(case, book, "ja")
    draft, unread = open_draft(book)
    assert unread == ()
    found, wrong = check_draft(draft)
    assert wrong == ()
    assert found == read(book)
    write_draft(draft, tmp_path / "kept")
    assert open_draft(tmp_path / "kept") == (draft, ())


def test_texts_stay_as_they_were_typed(small: Small, tmp_path: Path) -> None:
    small.write(
        [("scenarios.csv", "A,1,data,漏えい,Leak,0.1,0.05,0.2,1M,30M", "A,1,data,漏えい,Leak,１/10,1/20,0.2,100万円,3000万円")]
    )
    draft, _ = open_draft(small.folder)
    assert draft.cell("scenarios", 0, "frequency") == "１/10"
    assert draft.cell("scenarios", 0, "loss_p95") == "3000万円"
    assert draft.settings["organisation.annual_revenue"] == "4億円"
    write_draft(draft, tmp_path / "kept")
    assert "3000万円" in (tmp_path / "kept" / "scenarios.csv").read_text(encoding="utf-8")
    case, wrong = check_draft(draft)
    assert wrong == ()
    assert case is not None
    assert case == as_called(read(small.folder), case)


def test_own_catalogue_and_logo_come_along(tmp_path: Path) -> None:
    home = tmp_path / "two-cells"
    write_draft(open_draft(HERE / "scenarios" / "two-cells")[0], home)
    bundled = load_catalogue("cpsf-2018-draft")
    text, _ = catalogue_file(replace(bundled, name="measures.csv"))
    assert text == "measures.csv"
    (tmp_path / "measures.csv").write_text(catalogue_file(bundled)[1], encoding="utf-8")
    (tmp_path / "our.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40"/></svg>', encoding="utf-8"
    )
    toml = (home / "case.toml").read_text(encoding="utf-8")
    toml = toml.replace("cpsf-2018-draft", "../measures.csv") + '\n[report]\nlogo = "../our.svg"\n'
    (home / "case.toml").write_text(toml, encoding="utf-8")
    draft, unread = open_draft(home)
    assert unread == ()
    assert draft.settings["catalogue"] == "catalogue-measures.csv"  # it must not lie where the table of measures lies
    case, wrong = check_draft(draft)
    assert wrong == ()
    assert case is not None
    assert case.brand is not None
    assert case.brand.logo is not None
    kept = tmp_path / "kept"
    write_draft(draft, kept)
    assert open_draft(kept) == (draft, ())
    assert as_called(read(kept), case) == case
    other = draft.with_setting("catalogue", "cpsf-2018-draft").with_setting("report.logo", "")
    case = check_draft(other)[0]
    assert case is not None
    assert case.catalogue == bundled
    assert case.brand is None
    write_draft(other, kept)  # no file is left that a case folder may not have
    assert as_called(read(kept), case) == case


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("=+-@＝＋－＠'\"\\,;\n\r\t \x00\x1b\x7f\x85\u2028\u202e\ufeff\ud800#[]<>漢字1"), max_size=12),
    st.sampled_from(
        ["=1+1", "'=1", "''", '"""', "a\r\nb", "\r", "</script>", "1/10", "3000万円", "'" * 5 + "@x", "x" * (LONGEST + 1)]
    ),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(st.sampled_from(["title_ja", "description_en", "frequency", "id"]), HOSTILE), max_size=6),
    values=st.dictionaries(
        st.sampled_from(
            ["name", "title_ja", "organisation.day_rate", "targets.tvar99.5", "levels.低 い", "report.client", "study"]
        ),
        HOSTILE,
    ),
    strange=st.dictionaries(HOSTILE.filter(lambda key: key.strip() and len(key) < 50), HOSTILE, max_size=2),
)
def test_no_text_is_lost_or_becomes_something_else(
    tmp_path: Path, cells: list[tuple[str, str]], values: dict[str, str], strange: dict[str, str]
) -> None:
    draft, _ = open_draft(HERE / "scenarios" / "two-cells")
    for number, (column, text) in enumerate(cells):
        draft = draft.with_cell("scenarios", number % 2, column, text)
        draft = draft.with_row("losses", 0, {"model": "m", "loss": text})
    for key, text in (values | strange).items():
        draft = draft.with_setting(key, text)
    write_draft(draft, tmp_path / "kept")
    found, unread = open_draft(tmp_path / "kept")
    assert unread == ()
    assert found.tables == draft.tables
    again, unread = open_draft(tmp_path / "kept")
    assert (again, unread) == (found, ())
    assert {key: found.settings.get(key) for key in draft.settings if key in values} == {
        key: text for key, text in draft.settings.items() if key in values
    }
    called = {"name": "kept"} if "name" not in draft.settings else {}  # after the folder
    assert sorted(found.settings.values()) == sorted((called | dict(draft.settings)).values())
    check_draft(draft)


def test_blank_rows_are_not_kept_but_counted(small: Small) -> None:
    small.write()
    draft = open_draft(small.folder)[0]
    longer = draft.with_row("scenarios", 0).with_cell("scenarios", 1, "frequency", "often")
    _, wrong = check_draft(longer)
    assert [(one.table, one.row, one.column) for one in wrong] == [("scenarios", 1, "frequency")]
    write_draft(longer, small.home / "kept")
    assert open_draft(small.home / "kept")[0].tables["scenarios"].rows == longer.tables["scenarios"].rows[1:]


# editing


def test_each_change_is_a_new_draft(small: Small) -> None:
    small.write()
    draft = open_draft(small.folder)[0]
    before = replace(draft, tables=dict(draft.tables), settings=dict(draft.settings))
    changed = draft.with_cell("plans", 0, "year", "2").with_cell(CASE, 0, "name", "x").without_row("factors", 0)
    assert draft == before
    assert changed.tables["plans"].header == ("plan", "measure", "level", "year")
    assert [row[3] for row in changed.tables["plans"].rows] == ["2", ""]
    assert changed.cell("plans", 0, "year") == "2"
    assert changed.cell("plans", 9, "year") == changed.cell("plans", 0, "nothing") == ""
    assert changed.name == "x"
    assert changed.with_setting("name", " ").settings.get("name") is None
    assert changed.tables["factors"].rows == ()
    begun = Draft().with_row("crosswalk", 0, {"reference": "a", "measure": "L1.001"})
    assert begun.cell("crosswalk", 0, "reference") == "a"


def test_an_empty_draft_says_what_is_missing() -> None:
    case, wrong = check_draft(Draft())
    assert case is None
    required = {name for name, table in TABLES.items() if table.is_there}
    assert {one.table for one in wrong} - {CASE} == {name for name in required if TABLES[name].has_rows}
    assert all(one.row is None for one in wrong)


# what is wrong is said where it is

MORE_FOLLOWS = {
    "no settings",
    "no scenarios",
    "no measures",
    "no folder of costs",
    "no cost table named",
    "zero bytes of scenarios",
    "binary",
    "control character",
    "separated by semicolons",
    "separated by tabs",
    "an open quote",
    "ragged row, short",
    "TOML syntax",
    "TOML without an end",
    "TOML key twice",
}
"""A table that cannot be read is not in the draft: what refers to it is wrong there too."""

OTHERWISE_SAID = {"target is true", "a list as a setting"}
"""A setting is a text in a draft: the same cell is wrong, by the rule for texts."""


def _same_place(rule: dict[str, Any], small: Small) -> tuple[set[Any], set[Any]]:
    small.write(rule["patch"])
    try:
        read_case(small.folder, load_catalogue=load_catalogue)
        wanted = set()
    except InputError as error:
        wanted = {(Path(one.file).stem, one.row, one.column, str(one.rule)) for one in error.problems}
    try:
        draft, unread = open_draft(small.folder)
    except InputError as error:
        return wanted, {(Path(one.file).stem, one.row, one.column, str(one.rule)) for one in error.problems}
    found = {(Path(one.file).stem, one.row, one.column, str(one.rule)) for one in unread}
    for one in check_draft(draft)[1]:
        row = one.problem.row if one.row is not None or one.problem.row == 1 else 0
        found.add((one.table, row, one.column, str(one.problem.rule)))
    return wanted, found


def _without_settings_rows(places: set[Any]) -> set[Any]:
    return {(file, 0 if file == CASE else row, column, rule) for file, row, column, rule in places}


@pytest.mark.parametrize("rule", DOCUMENT["rule"], ids=[rule["name"] for rule in DOCUMENT["rule"]])
def test_a_draft_is_wrong_where_its_folder_is(small: Small, rule: dict[str, Any]) -> None:
    wanted, found = map(_without_settings_rows, _same_place(rule, small))
    if rule["name"] in MORE_FOLLOWS:
        assert found > wanted
    elif rule["name"] in OTHERWISE_SAID:
        assert found != wanted
        assert {place[:3] for place in found} == {place[:3] for place in wanted}
    else:
        assert found == wanted


@pytest.mark.parametrize(
    ("table", "column", "text", "is_fine"),
    [
        ("scenarios", "frequency", "1/10", True),
        ("scenarios", "frequency", "often", False),
        ("scenarios", "frequency_low", "", True),
        ("scenarios", "id", " ", False),
        ("scenarios", "no_such_column", "x", True),
        ("effects", "effect", "130%", False),
        (CASE, "organisation.day_rate", "32,000", True),
        (CASE, "organisation.day_rate", "a lot", False),
        (CASE, "targets.tvar95", "60%", True),
        (CASE, "targets.tvar95", "60%; 3M", True),
        (CASE, "targets.tvar95", "sixty", False),
        (CASE, "targets.survive", "99%", True),
        (CASE, "levels.basic", "tvar95=60%; survive=99%", True),
        (CASE, "levels.basic", "60%", False),
        (CASE, "title_ja", "x" * (LONGEST + 1), False),
    ],
)
def test_a_cell_by_itself(table: str, column: str, text: str, is_fine: bool) -> None:
    problem = check_cell(table, column, text)
    assert (problem is None) == is_fine
    if problem is not None:
        assert problem.column == column
        assert str(problem.within("ja")) != str(problem)


def test_only_what_changed_is_written(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    small.write()
    draft = open_draft(small.folder)[0]
    write_draft(draft, small.home / "kept")
    written: list[str] = []

    def write(path: Path, content: str | bytes) -> None:
        written.append(path.name)
        write_over(path, content)

    monkeypatch.setattr(drafts, "write_over", write)
    write_draft(draft, small.home / "kept")
    assert written == []
    write_draft(draft.with_cell("plans", 0, "plan", "one"), small.home / "kept")
    assert written == ["plans.csv"]
    without = replace(draft, tables={name: table for name, table in draft.tables.items() if name != "plans"})
    write_draft(without, small.home / "kept")
    assert not (small.home / "kept" / "plans.csv").exists()


def test_what_cannot_be_read_is_not_in_the_draft_and_is_said(small: Small) -> None:
    small.write(
        [
            ("factors.csv", 'id,cv\n"storm,0.9\n'),
            ("plans.csv", "both,L2.017,basic", "both,L2.017,basic,2,more"),
            ("notes.csv", "a,b\n"),
        ]
    )
    draft, unread = open_draft(small.folder)
    assert [(one.file, one.row) for one in unread] == [("small/factors.csv", 2), ("small/notes.csv", 0), ("small/plans.csv", 2)]
    assert "factors" not in draft.tables
    assert draft.tables["plans"].rows[0] == ("both", "L2.017", "basic")
    assert DraftTable(("a",)) == DraftTable(("a",), ())
    with pytest.raises(InputError):
        open_draft(small.home / "nothing")
