"""One case, whatever it is written in: folders, frames, encodings, the way out and back; every problem at once."""

from __future__ import annotations

import unicodedata
from dataclasses import replace as with_fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import tenbin
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError
from tenbin.inputs import read_case, write_case, write_tables
from tenbin.model import Case
from tenbin.words import in_language
from tenbin.workbooks.casebook import write_workbook

ROOT = Path(__file__).parents[2]
BUNDLED = ["machine-parts-sme", "control-units-midtier", "two-cells"]
TODAY = date(2026, 11, 1)
TABLES = (
    "scenarios",
    "effects",
    "status",
    "triggers",
    "factors",
    "losses",
    "plans",
    "measures",
    "shared",
    "subsidies",
    "relations",
)
FULL_WIDTH = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%().=;/"}


def unnamed(case: Case) -> Case:
    """The case without what its place in the world names."""
    return with_fields(case, name="", costs=with_fields(case.costs, name=""))


def frames_of(small: Any, **how: Any) -> dict[str, Any]:
    """The tables as pandas reads them, with its own guesses of types."""
    small.write()
    frames: dict[str, Any] = {name: pd.read_csv(small.path(f"{name}.csv"), **how) for name in TABLES}
    return {**frames, "case": settings_of(small)}


def settings_of(small: Any) -> dict[str, Any]:
    import tomllib

    settings: dict[str, Any] = tomllib.loads(small.files["case.toml"].decode())
    del settings["cost_tables"]
    return settings


def read_frames(frames: dict[str, Any], **how: Any) -> Case:
    return read_case(frames, load_catalogue=load_catalogue, today=TODAY, **how)


@pytest.mark.parametrize(
    "how", [{}, {"dtype": str}, {"dtype": str, "keep_default_na": False}, {"dtype_backend": "numpy_nullable"}]
)
def test_frames_give_the_same_case(small: Any, how: dict[str, Any]) -> None:
    assert unnamed(read_frames(frames_of(small, **how))) == unnamed(small.read())


def test_settings_as_a_frame_of_key_and_value(small: Any) -> None:
    frames = frames_of(small)
    pairs: list[tuple[str, Any]] = []
    for key, value in frames["case"].items():
        if isinstance(value, dict):
            pairs += [(f"{key}.{inner}", one[0] if isinstance(one, list) else one) for inner, one in value.items()]
        else:
            pairs.append((key, value))
    frames["case"] = pd.DataFrame(pairs, columns=["key", "value"])
    assert unnamed(read_frames(frames)) == unnamed(small.read())


def test_costs_of_their_own(small: Any) -> None:
    case = small.read()
    folder = small.folder
    costs = small.home / "cost_tables" / "small"
    assert read_case(folder, load_catalogue=load_catalogue, costs=costs, today=TODAY) == case
    assert read_case(folder / "case.toml", load_catalogue=load_catalogue, today=TODAY) == case
    frames = frames_of(small)
    priced = {name: frames.pop(name) for name in ("measures", "shared", "subsidies", "relations")}
    assert unnamed(read_frames(frames, costs=priced)) == unnamed(case)
    with pytest.raises(InputError) as caught:
        read_case(folder, load_catalogue=load_catalogue, costs="/no/such/place", today=TODAY)
    assert [str(problem) for problem in caught.value.problems] == [
        "--costs: must be a folder of cost tables; got /no/such/place. Name a folder with measures.csv."
    ]


def test_cost_tables_beside_the_case(small: Any) -> None:
    case = small.read()
    for name in ("measures", "shared", "subsidies", "relations"):
        small.path(f"{name}.csv").rename(small.folder / f"{name}.csv")
    settings = small.folder / "case.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('cost_tables = "../../cost_tables/small"\n', ""), encoding="utf-8"
    )
    assert unnamed(read_case(small.folder, load_catalogue=load_catalogue, today=TODAY)) == unnamed(case)


def rewritten(content: bytes, way: str) -> bytes:
    text = content.decode()
    match way:
        case "BOM":
            return b"\xef\xbb\xbf" + content
        case "CRLF":
            return text.replace("\n", "\r\n").encode()
        case "CR":
            return text.replace("\n", "\r").encode()
        case "CP932":
            return text.encode("cp932")
        case "CP932 with CRLF":
            return text.replace("\n", "\r\n").encode("cp932")
        case "blank lines":
            return text.replace("\n", "\n\n").encode()
        case "commas at the end":
            return text.replace("\n", ",,\n").encode()
        case "blanks":
            return text.replace(",", " , ").encode()
        case "no last line end":
            return text.rstrip("\n").encode()
        case "reversed":
            head, *rows = text.splitlines()
            return "\n".join([head, *reversed(rows)]).encode()
    raise AssertionError(way)


@pytest.mark.parametrize(
    "way",
    ["BOM", "CRLF", "CR", "CP932", "CP932 with CRLF", "blank lines", "commas at the end", "no last line end", "reversed"],
)
def test_how_tables_are_saved_means_nothing(small: Any, way: str) -> None:
    case = small.read()
    for name in TABLES:
        path = small.path(f"{name}.csv")
        path.write_bytes(rewritten(path.read_bytes(), way))
    if way in ("BOM", "CRLF", "CP932", "CP932 with CRLF"):
        path = small.path("case.toml")
        path.write_bytes(rewritten(path.read_bytes(), way))
    assert read_case(small.folder, load_catalogue=load_catalogue, today=TODAY) == case


def test_full_width_letters_mean_the_same(small: Any) -> None:
    case = small.read()
    for name in TABLES:
        path = small.path(f"{name}.csv")
        text = path.read_text(encoding="utf-8")
        rows = [line.split(",") for line in text.splitlines()]
        prose = [n for n, column in enumerate(rows[0]) if column.startswith("title")]
        wide = [",".join(cell if n in prose else cell.translate(FULL_WIDTH) for n, cell in enumerate(row)) for row in rows]
        path.write_text("\n".join(wide) + "\n", encoding="utf-8")
        assert unicodedata.normalize("NFKC", path.read_text(encoding="utf-8")) == text
    assert read_case(small.folder, load_catalogue=load_catalogue, today=TODAY) == case


def test_amounts_in_every_spelling(small: Any) -> None:
    case = small.read()
    for spelling in ("30000000", "30_000_000", '"30,000,000"', "3000万", "3000万円", "0.3億円", "¥30M", "３０Ｍ", "30m"):
        assert small.read([["scenarios.csv", "1M,30M", f"1M,{spelling}"]]) == case, spelling


def test_problems_of_many_files_come_at_once_sorted_by_place(small: Any) -> None:
    with pytest.raises(InputError) as caught:
        small.read(
            [
                ["case.toml", "seed = 1", "seed = -1"],
                ["case.toml", 'currency = "JPY"', 'currency = "yens"'],
                ["scenarios.csv", "A,1,data", "A,4,daata"],
                ["effects.csv", "C,L3.016,frequency,0.4", "C,L3.016,frequency,1"],
                ["status.csv", "L3.008,basic,in_place", "L3.008,basic,there"],
                ["triggers.csv", "A,B,0.5", "A,B,5"],
                ["factors.csv", "0.9", "0"],
                ["losses.csv", "1M", "x"],
                ["plans.csv", "both,L2.017", "both,L2.018"],
                ["measures.csv", "L1.001,basic,100000", "L1.001,basic,-1"],
                ["shared.csv", "grant", "grand"],
                ["subsidies.csv", "2027-03-31", "soon"],
                ["relations.csv", "L2.017,L3.008", "L2.017,L2.017"],
            ]
        )
    places = [(problem.file, problem.row, problem.column) for problem in caught.value.problems]
    assert places == sorted(places)
    assert places == [
        ("../cost_tables/small/measures.csv", 2, "capex"),
        ("../cost_tables/small/relations.csv", 3, "other"),
        ("../cost_tables/small/shared.csv", 2, "subsidy"),
        ("../cost_tables/small/subsidies.csv", 2, "valid_until"),
        ("small/case.toml", 3, "currency"),
        ("small/case.toml", 16, "study.seed"),
        ("small/effects.csv", 5, "effect"),
        ("small/factors.csv", 2, "cv"),
        ("small/losses.csv", 2, "loss"),
        ("small/plans.csv", 2, "measure"),
        ("small/scenarios.csv", 2, "components"),
        ("small/scenarios.csv", 2, "layer"),
        ("small/status.csv", 2, "status"),
        ("small/triggers.csv", 2, "probability"),
    ]
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "key"),
    [
        ("format = 1", "study"),
        ("format = 1", "targets"),
        ("format = 1", "unknown"),
        ("seed = 1", "seed"),
        ("employees = 20", "employees"),
        ('tvar95 = "60%"', "tvar95"),
    ],
)
@pytest.mark.parametrize("value", ["0x" + "f" * 5000, "[0x" + "f" * 5000 + "]", "9" * 5000])
def test_a_setting_of_thousands_of_digits(small: Any, old: str, key: str, value: str) -> None:
    with pytest.raises(InputError):
        small.read([["case.toml", old, f"{key} = {value}"]])


def test_rows_are_numbered_as_an_editor_shows_them(small: Any) -> None:
    with pytest.raises(InputError) as caught:
        small.read([["factors.csv", 'id,cv,title_en\n\nstorm,0.9,"two\nlines"\n\nrain,x,\n']])
    assert [(problem.file, problem.row) for problem in caught.value.problems] == [("small/factors.csv", 6)]


def test_a_folder_and_its_frames_break_the_same_rules(small: Any) -> None:
    frames = frames_of(small, dtype=str)
    frames["effects"].loc[3, "effect"] = "1"
    frames["factors"].loc[0, "cv"] = "-1"
    with pytest.raises(InputError) as caught:
        read_frames(frames)
    assert [(problem.file, problem.row, problem.column) for problem in caught.value.problems] == [
        ("effects", 5, "effect"),
        ("factors", 2, "cv"),
    ]


@pytest.mark.parametrize(
    ("key", "content", "message"),
    [
        ("scenario", pd.DataFrame(), "scenario: must be a table's name; got scenario. Did you mean scenarios?"),
        ("factors", [1], "factors: must be a DataFrame; got list. Give a pandas DataFrame."),
        ("case", 3, "case: must be the settings; got int. Give a nested dict, or a DataFrame with the columns key and value."),
        (0, pd.DataFrame(), "0: must be a table's name; got 0."),
        ("case", pd.DataFrame({"a": [1]}), "case:1: must be a table of key and value; got a. Name its two columns so."),
    ],
)
def test_bad_frames(small: Any, key: Any, content: Any, message: str) -> None:
    frames = frames_of(small, dtype=str)
    frames[key] = content
    with pytest.raises(InputError) as caught:
        read_frames(frames)
    assert [str(p)[: len(message)] for p in caught.value.problems if p.file == str(key)] == [message]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda home: home / "no", "must be a case's folder; got nothing there."),
        (lambda home: home, "must be a case's folder; got a folder without case.toml or tables."),
        (lambda home: "\0", "must be a case's folder; got nothing there."),
        (lambda home: "x" * 5000, "must be a case's folder; got nothing there."),
    ],
)
def test_no_case_there(tmp_path: Path, make: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        tenbin.load(make(tmp_path))
    assert len(caught.value.problems) == 1
    assert message in str(caught.value)


def test_a_file_where_a_folder_should_be_and_the_reverse(small: Any) -> None:
    small.write([["status.csv"]])
    small.path("status.csv").mkdir()
    with pytest.raises(InputError) as caught:
        tenbin.load(small.folder)
    assert [str(p) for p in caught.value.problems] == [
        "small/status.csv: must be a file; got a folder. Rename or remove the folder."
    ]
    with pytest.raises(InputError, match="must be a case's folder; got a file"):
        tenbin.load(small.path("scenarios.csv"))


@pytest.fixture(params=[*BUNDLED, "small"])
def whole(request: pytest.FixtureRequest, small: Any) -> Case:
    return tenbin.load(small.write() if request.param == "small" else ROOT / "scenarios" / request.param)


def test_a_written_case_reads_back(whole: Case, tmp_path: Path) -> None:
    write_case(whole, tmp_path / "one")
    assert unnamed(tenbin.load(tmp_path / "one")) == unnamed(whole)
    write_case(whole, tmp_path / "scenarios" / "two", tmp_path / "costs" / "two")
    again = tenbin.load(tmp_path / "scenarios" / "two")
    assert unnamed(again) == unnamed(whole)
    assert again.costs.name == "two"
    write_case(again, tmp_path / "three")
    for path in (tmp_path / "one").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "three" / path.name).read_bytes()


def test_a_case_is_not_written_over_files(small: Any) -> None:
    case = small.read()
    with pytest.raises(InputError, match="must be a new or empty folder"):
        write_case(case, small.folder)
    with pytest.raises(InputError, match="must be a folder that can be written"):
        write_case(case, small.path("scenarios.csv") / "below")


def test_frames_read_back(whole: Case) -> None:
    assert unnamed(tenbin.load(tenbin.to_frames(whole))) == unnamed(whole)
    assert set(write_tables(whole)) <= {*TABLES, "case"}


def in_both_languages(case: Case) -> Case:
    """The case with a text of its own in every optional column that is for people."""
    names = ("title_ja", "title_en", "basis", "basis_ja", "note", "note_ja")

    def told(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            with_fields(row, **{name: f"{name}、{n}" for name in names if name in type(row).__dataclass_fields__})
            for n, row in enumerate(rows)
        )

    costs = {name: told(getattr(case.costs, name)) for name in ("rows", "capabilities", "subsidies", "relations")}
    tables = {name: told(getattr(case, name)) for name in ("scenarios", "effects", "status", "triggers", "factors")}
    return with_fields(case, costs=with_fields(case.costs, **costs), **tables)


def test_texts_in_both_languages_read_back(small: Any, tmp_path: Path) -> None:
    case = in_both_languages(tenbin.load(small.write()))
    write_case(case, tmp_path / "case", tmp_path / "costs")
    book = write_workbook(case, tmp_path / "case.xlsx", "ja")
    for source in (tmp_path / "case", book, tenbin.to_frames(case)):
        assert unnamed(tenbin.load(source)) == unnamed(case)
    header = (tmp_path / "costs" / "subsidies.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "subsidy,title_ja,title_en,share,cap,valid_until,basis,basis_ja,note,note_ja"
    assert [one.title_ja for one in case.costs.capabilities] == ["title_ja、0"]


def test_notes_of_one_level_stand_together_in_each_language(small: Any) -> None:
    rows = "id,level,status,note,note_ja\nL3.008,basic,in_place,ours,当社\nL3.008,,excluded,asked for,\nfirewall,,in_place,,\n"
    status = {(row.id, row.level): row for row in small.read([["status.csv", rows]]).status}
    assert status["L3.008", "basic"].note == "asked for; ours"
    assert status["L3.008", "basic"].note_ja == "asked for; 当社"
    assert status["firewall", ""].note_ja == ""


def test_text_that_a_spreadsheet_would_run_reads_back(small: Any, tmp_path: Path) -> None:
    titles = ["=1+1", "+a", "-b", "@c", "'=x", "''=y", "＝z", '"q", r', "a\nb", "'plain", " =d"]
    case = small.read()
    for title in titles:
        odd = with_fields(case, scenarios=(with_fields(case.scenarios[0], title_en=title), *case.scenarios[1:]))
        folder = tmp_path / f"odd{titles.index(title)}"
        write_case(odd, folder)
        assert unnamed(tenbin.load(folder)).scenarios == odd.scenarios, title
        if title.startswith(("=", "+", "-", "@", "＝")):
            assert f"'{title}" in (folder / "scenarios.csv").read_text(encoding="utf-8")


def test_replace_changes_one_row_alone(small: Any) -> None:
    case = tenbin.load(small.write())
    changed = tenbin.replace(case, "scenarios", "B", frequency=0.4)
    assert changed.scenario("B").frequency.likely == 0.4
    assert unnamed(tenbin.replace(changed, "scenarios", "B", frequency=0.2)) == unnamed(case)
    wider = tenbin.replace(case, "scenarios", "A", frequency=0.2).scenario("A").frequency
    assert (wider.likely, wider.low, wider.high) == (0.2, 0.1, 0.4)
    given = tenbin.replace(case, "scenarios", "A", frequency=0.2, frequency_low=0.15, frequency_high=0.9)
    assert given.scenario("A").frequency.high == 0.9
    assert tenbin.replace(case, "factors", "storm", cv=0.5).factors[0].cv == 0.5
    assert tenbin.replace(case, "scenarios", "A", loss_p95="60M").scenario("A").severity != case.scenario("A").severity
    assert case == tenbin.load(small.folder)


@pytest.mark.parametrize(
    ("table", "key", "values", "message"),
    [
        ("scenario", "A", {}, "replace table: must be one of"),
        ("case", "A", {}, "replace table: must be one of"),
        ("scenarios", "Z", {"frequency": 1}, "scenarios id: must be the key of a row; got 'Z'."),
        ("scenarios", "A", {"frequenzy": 1}, "scenarios frequenzy: must be a column of the table; got 'frequenzy'."),
        ("scenarios", "A", {"frequency": -1.0}, "scenarios:2 frequency: must be a number of events a year above 0; got -1.0."),
        (
            "scenarios",
            "A",
            {"frequency": "often"},
            "scenarios:2 frequency: must be a number of events a year above 0; got often.",
        ),
        ("factors", "storm", {"cv": None}, "factors:2 cv: must be filled; got nothing."),
    ],
)
def test_replace_refuses(small: Any, table: str, key: str, values: dict[str, Any], message: str) -> None:
    case = tenbin.load(small.write())
    with pytest.raises(InputError) as caught:
        tenbin.replace(case, table, key, **values)
    assert message in str(caught.value)


def test_a_cost_without_an_effect_is_a_warning(small: Any) -> None:
    assert small.read([["measures.csv", "", "L3.001,basic,1,0,0,0,1,,"]]).warnings == (
        "L3.001 has a cost but no effect on any scenario: no plan will choose it for its risk.",
    )
    needed = [["measures.csv", "", "L3.001,basic,1,0,0,0,1,,"], ["relations.csv", "", "requires,L3.016,L3.001"]]
    assert small.read(needed).warnings == ()


def test_an_expired_subsidy_is_a_warning(small: Any) -> None:
    assert small.read([["subsidies.csv", "2027-03-31", "2026-10-31"]]).warnings == (
        "Subsidy grant was valid until 2026-10-31: it pays nothing.",
    )
    for text in ("2026-11-01", "2026/11/1", "2026-11-01 00:00:00", ""):
        assert small.read([["subsidies.csv", "2027-03-31", text]]).warnings == (), text
    named = "subsidy,title_ja,title_en,share,cap,valid_until\ngrant,助成金,Town grant,0.5,100000,2026-10-31\n"
    (warning,) = small.read([["subsidies.csv", named]]).warnings
    assert warning.startswith("Subsidy Town grant was valid until")
    assert in_language(warning, "ja").startswith("補助金 助成金 の期限は")


RICH = """id,layer,components,title_en,frequency,frequency_low,frequency_high,frequency_model,loss_model,loss_cap,deductible,loss_forms
W,1,data,W,1/5,,,negative_binomial(cv=1.2),"weibull(scale=2M, shape=0.7)",,1M,productivity=50%;response=30%;fines=20%
U,1,data,U,0.1,0.05,0.2,bernoulli,"uniform(low=0, high=5M)",4M,,productivity;our own
P,2,thing,P,0.1,,,poisson,"pert(low=1M, mode=1M, high=10M)",,,a=1
T,2,thing,T,0.1,,,,"tail(empirical(past), from=4M, scale=8M, shape=-0.2)",,,x=0.3333333;y=0.3333333;z=0.3333333
M,3,data,M,0.1,,,,"mixture(0.3333333*lognormal(median=1M, sigma=1), 0.3333333*tail(gamma(mean=5M, cv=1), from=20M, scale=8M, shape=1.2), 0.3333333*empirical(more))",90M,,
"""
RANGED = """measure,level,capex,opex,effort_initial,effort_yearly,effect_scale,shared,capex_low,capex_high,effort_yearly_low,effort_yearly_high
L1.001,basic,100000,0,5,1,1,firewall,60000,200000,0.5,1
L2.017,basic,0,1000,5,1,1,,,,,
"""


def rich(small: Any) -> Any:
    """The small case with every law, frequency model and kind of range."""
    shared = "capability,capex,opex,opex_low,opex_high\nfirewall,500000,100000,50k,10万円\n"
    return small.write(
        [
            ["case.toml", "n_worlds = 1\n", ""],
            ["scenarios.csv", RICH],
            ["effects.csv", "scenario,measure,acts_on,effect\nW,L1.001,frequency,0.5\nU,L2.017,severity,0.5\n"],
            ["losses.csv", "model,loss\npast,1M\npast,3M\npast,8M\nmore,1\nmore,2\n"],
            ["measures.csv", RANGED],
            ["shared.csv", shared],
            *([name] for name in ("status.csv", "triggers.csv", "plans.csv", "subsidies.csv", "relations.csv")),
        ]
    )


def test_every_law_and_range_reads_back(small: Any, tmp_path: Path) -> None:
    case = tenbin.load(rich(small))
    write_case(case, tmp_path / "case", tmp_path / "costs")
    book = write_workbook(case, tmp_path / "case.xlsx", "ja")
    frames = tenbin.to_frames(case)
    for source in (tmp_path / "case", book, frames):
        assert unnamed(tenbin.load(source)) == unnamed(case)
    for table, row, column, value in (("measures", 0, "capex_high", 200_001), ("scenarios", 4, "frequency_model", "poisson")):
        changed = frames[table].astype(object)
        changed.loc[row, column] = value
        assert unnamed(tenbin.load({**frames, table: changed})) != unnamed(case), column


def test_worlds_follow_from_what_has_a_range(small: Any) -> None:
    absent = ["case.toml", "n_worlds = 1\n", ""]
    plain = [
        ["scenarios.csv", "0.1,0.05,0.2", "0.1,,"],
        ["effects.csv", "0.5,0.3,0.6", "0.5,,"],
        ["case.toml", "n_trials = 1000", "n_trials = 100000"],
    ]
    one = small.read([absent, *plain])
    assert (one.study.n_worlds, one.study.worlds_given) == (1, False)
    assert small.read([absent, *plain[1:]]).study.n_worlds == 64
    assert small.read([absent, plain[0], plain[2]]).study.n_worlds == 64
    shared = ["shared.csv", "capability,capex,opex,subsidy,opex_low,opex_high\nfirewall,1,9,grant,8,12\n"]
    assert small.read([absent, *plain, shared]).study.n_worlds == 64
    assert small.read([absent]).study.n_worlds == 64
    for n_trials, worlds in ((639, 63), (640, 64), (25, 2), (19, 1), (9, 1)):
        few = ["case.toml", "n_trials = 1000", f"n_trials = {n_trials}"]
        assert small.read([absent, few]).study.n_worlds == worlds, n_trials
    given = small.read([["case.toml", "n_worlds = 1", "n_worlds = 10"]])
    assert (given.study.n_worlds, given.study.worlds_given, given.warnings) == (10, True, ())


def test_whether_worlds_are_given_reads_back(small: Any, tmp_path: Path) -> None:
    for n, patch in enumerate(([], [["case.toml", "n_worlds = 1\n", ""]], [["case.toml", "n_worlds = 1", "n_worlds = 7"]])):
        case = tenbin.load(small.write(patch))
        write_case(case, tmp_path / str(n))
        assert unnamed(tenbin.load(tmp_path / str(n))) == unnamed(case)
        assert unnamed(tenbin.load(tenbin.to_frames(case))) == unnamed(case)
        assert tenbin.load(write_workbook(case, tmp_path / f"{n}.xlsx", "en")).study == case.study
        assert ("n_worlds" in (tmp_path / str(n) / "case.toml").read_text(encoding="utf-8")) == case.study.worlds_given
