"""What the cells and settings of a case become; where its cost tables and its catalogue come from; odd sources."""

from __future__ import annotations

import csv
import io
import os
import pickle
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import tenbin
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError
from tenbin.inputs import read_case
from tenbin.inputs.laws import law_text, parse_law
from tenbin.model import (
    Bernoulli,
    Case,
    Empirical,
    Fixed,
    Gamma,
    GpdTail,
    Lognormal,
    Mixture,
    NegativeBinomial,
    Pareto,
    Pert,
    Poisson,
    Range,
    Status,
    Uniform,
    Weibull,
)

PAST = Empirical("past", (1e6, 3e6, 8e6))
COSTS = ("measures.csv", "shared.csv", "subsidies.csv", "relations.csv")


def read(source: Any, **how: Any) -> Case:
    return read_case(source, load_catalogue=load_catalogue, **{"today": date(2026, 11, 1), **how})


def messages(source: Any, **how: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(source, **how)
    return [str(problem) for problem in caught.value.problems]


def frames_of(files: dict[str, str]) -> dict[str, Any]:
    """The files as pandas reads them: numbers where it finds them, NaN for blanks; settings as a nested dict."""
    frames: dict[str, Any] = {
        name.removesuffix(".csv"): pd.read_csv(io.StringIO(text)) for name, text in files.items() if name.endswith(".csv")
    }
    return {"case": {"name": "small", **tomllib.loads(files["case.toml"])}, **frames}


# ---------------------------------------------------------------- what is read


def test_a_folder_is_read(small: Any) -> None:
    case = small.read()
    assert (case.name, case.costs.name, case.currency, case.targets) == ("small", "small", "JPY", ("tvar95=60%",))
    assert case.levels == {"basic": ("survive=95%",)}
    assert case.organisation.cash_reserve == 20e6
    assert case.organisation.annual_revenue == 4e8
    assert case.scenario("A").frequency == Range(0.1, 0.05, 0.2)
    assert case.scenario("A").severity.model == Lognormal.from_interval(1e6, 30e6)
    assert case.scenario("B").components == ("thing", "system")
    assert case.scenario("B").severity.model == Fixed(5e6)
    assert case.scenario("C").severity.model == Empirical("past", (1e6, 3e6, 8e6))
    assert (case.scenario("C").severity.cap, case.scenario("C").severity.deductible) == (1e8, 1e5)
    assert case.scenario("C").organisation == "firm"
    assert [row.level for row in case.costs.levels("L3.008")] == ["basic", "advanced"]
    assert case.status == (
        Status("L1.001", "basic", mandatory=True, organisation="firm"),
        Status("L3.008", "basic", in_place=True, organisation="firm"),
        Status("firewall", in_place=True, organisation="firm"),
    )
    assert case.plans[0].choices == (("L2.017", "basic", None), ("L3.008", "advanced", None))


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("lognormal(median=2M, sigma=1.2)", Lognormal(2e6, 1.2)),
        ("LOGNORMAL( sigma = 1.2 , median = 200万円 )", Lognormal(2e6, 1.2)),
        ("ｌｏｇｎｏｒｍａｌ（ｍｅｄｉａｎ＝２Ｍ，　ｓｉｇｍａ＝１．２）", Lognormal(2e6, 1.2)),
        ("gamma(mean=2M, cv=1)", Gamma(2e6, 1.0)),
        ("pareto(minimum=1M, alpha=1.8)", Pareto(1e6, 1.8)),
        ("fixed(3M)", Fixed(3e6)),
        ("fixed(3,000,000)", Fixed(3e6)),
        ("weibull(scale=2M, shape=0.7)", Weibull(2e6, 0.7)),
        ("uniform(low=0, high=5M)", Uniform(0.0, 5e6)),
        ("pert(high=10M, mode=2M, low=100万円)", Pert(1e6, 2e6, 1e7)),
        ("Tail( Pareto(minimum=1M, alpha=1.8), From=20M, scale=8M, shape=0 )", GpdTail(Pareto(1e6, 1.8), 20e6, 8e6, 0.0)),
        ("tail(empirical(past), from=2M, scale=1億円, shape=-1/2)", GpdTail(PAST, 2e6, 1e8, -0.5)),
        ("mixture(80%*fixed(1M), 0.2 * empirical(past))", Mixture(((0.8, Fixed(1e6)), (0.2, PAST)))),
        ("ｍｉｘｔｕｒｅ（１＊ｆｉｘｅｄ（１Ｍ））", Mixture(((1.0, Fixed(1e6)),))),
        (
            "mixture(0.8*lognormal(median=1M, sigma=1), 0.2*tail(lognormal(median=5M, sigma=1), from=20M, scale=8M, shape=0.4))",
            Mixture(((0.8, Lognormal(1e6, 1.0)), (0.2, GpdTail(Lognormal(5e6, 1.0), 20e6, 8e6, 0.4)))),
        ),
    ],
)
def test_loss_models_are_read(small: Any, text: str, law: object) -> None:
    assert small.read([["scenarios.csv", "fixed(5M)", f'"{text}"']]).scenario("B").severity.model == law


def test_weights_that_nearly_add_up_are_made_to(small: Any) -> None:
    text = '"mixture(0.333333*fixed(1M), 0.333333*fixed(2M), 0.333334*fixed(3M))"'
    law = small.read([["scenarios.csv", "fixed(5M)", text]]).scenario("B").severity.model
    assert [weight for weight, _ in law.parts] == [0.333333, 0.333333, 0.333334]
    thirds = small.read([["scenarios.csv", "fixed(5M)", text.replace("0.333334", "0.3333331")]]).scenario("B").severity.model
    assert sum(weight for weight, _ in thirds.parts) == pytest.approx(1, abs=1e-15)
    assert law_text(parse_law(law_text(thirds), {})) == law_text(thirds)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("", Poisson()),
        ("Poisson", Poisson()),
        ("bernoulli()", Bernoulli()),
        ("negative_binomial(cv=1.2)", NegativeBinomial(1.2)),
        ("ＮＥＧＡＴＩＶＥ＿ＢＩＮＯＭＩＡＬ ( ｃｖ ＝ 1/2 )", NegativeBinomial(0.5)),
    ],
)
def test_frequency_models_are_read(small: Any, text: str, model: object) -> None:
    rows = small.files["scenarios.csv"].decode().replace("factor\n", "factor,frequency_model\n").replace("storm\n", "storm,\n")
    case = small.read([["scenarios.csv", rows.replace("fixed(5M),,,\n", f'fixed(5M),,,,"{text}"\n')]])
    assert [scenario.frequency_model for scenario in case.scenarios] == [Poisson(), model, Poisson()]


def test_ranges_of_costs_are_read(small: Any) -> None:
    table = "measure,level,capex,opex,effort_yearly,capex_low,capex_high,effort_yearly_low,effort_yearly_high"
    rows = "L1.001,basic,100000,0,5,6万円,200k,5,5\nL2.017,a,1,,,,,,\nL3.008,a,,,,,,,\nL3.016,a,,,,,,,\n"
    shared = "capability,capex,opex,subsidy,opex_low,opex_high\nfirewall,500000,100000,grant,80000,100000\n"
    plain = ["status.csv"], ["plans.csv"], ["relations.csv"]
    case = small.read([["measures.csv", f"{table}\n{rows}"], ["shared.csv", shared], *plain])
    first, second = case.costs.rows[:2]
    assert first.ranges == (("capex", Range(1e5, 6e4, 2e5)), ("effort_yearly", Range(5, 5, 5)))
    assert (first.range_of("capex"), first.range_of("opex"), second.ranges) == (Range(1e5, 6e4, 2e5), Range(0.0), ())
    assert case.costs.capabilities[0].ranges == (("opex", Range(1e5, 8e4, 1e5)),)
    assert pickle.loads(pickle.dumps(case)) == case
    assert hash(first) != hash(second)


@pytest.mark.parametrize(
    ("text", "forms", "shares"),
    [
        ("productivity;response", ("productivity", "response"), ()),
        ("productivity=50%;response=30%;fines=0.2", ("productivity", "response", "fines"), (0.5, 0.3, 0.2)),
        ("生産 = 100％", ("生産",), (1.0,)),
        ("our own form; <b>=1", ("our own form", "<b>=1"), ()),
        ("", (), ()),
    ],
)
def test_loss_forms_are_read(small: Any, text: str, forms: tuple[str, ...], shares: tuple[float, ...]) -> None:
    rows = small.files["scenarios.csv"].decode().replace("factor\n", "factor,loss_forms\n").replace("storm\n", "storm,\n")
    scenario = small.read([["scenarios.csv", rows.replace("fixed(5M),,,\n", f'fixed(5M),,,,"{text}"\n')]]).scenario("B")
    assert (scenario.loss_forms, scenario.loss_shares) == (forms, shares)


def test_a_lognormal_can_be_given_by_its_mean_and_spread(small: Any) -> None:
    law = small.read([["scenarios.csv", "fixed(5M)", '"lognormal(mean=4M, cv=1.5)"']]).scenario("B").severity.model
    assert law.limited_mean(float("inf")) == pytest.approx(4e6)
    assert np.sqrt(np.expm1(law.sigma**2)) == pytest.approx(1.5)


def test_a_pareto_without_a_mean_may_have_a_cap(small: Any) -> None:
    case = small.read([["scenarios.csv", "fixed(5M),", '"pareto(minimum=1M, alpha=0.9)",50M']])
    assert case.scenario("B").severity.cap == 50e6


def test_a_blank_level_is_the_only_one_or_when_excluded_every_one(small: Any) -> None:
    case = small.read([["status.csv", "id,level,status\nL1.001,,mandatory\nL3.008,,excluded\nL3.008,basic,in_place\n"]])
    assert [(row.id, row.level, row.in_place, row.excluded) for row in case.status if row.id == "L3.008"] == [
        ("L3.008", "advanced", False, True),
        ("L3.008", "basic", True, True),
    ]
    assert [row.level for row in case.status if row.id == "L1.001"] == ["basic"]


def test_blanks_mean_their_defaults(small: Any) -> None:
    settings = ["case.toml", 'cost_tables = "../../cost_tables/small"\n']
    measures = ["measures.csv", "measure,level,capex,opex\nL1.001,basic,,\nL2.017,basic,,\nL3.008,a,,\nL3.016,basic,,\n"]
    case = small.read([settings, measures, ["status.csv"], ["plans.csv"], ["relations.csv"]])
    assert case.study == tenbin.model.Study(100_000, 1, 64, worlds_given=False)
    assert (case.organisation.horizon_years, case.organisation.discount_rate, case.organisation.day_rate) == (5, 0.02, 0)
    assert {(row.capex, row.opex, row.effort_initial, row.effect_scale) for row in case.costs.rows} == {(0, 0, 0, 1)}


def test_warnings_name_idle_measures_and_ended_subsidies(small: Any) -> None:
    folder = small.write([["measures.csv", "", "L1.002,basic,1,1,1,1,1,,"]])
    assert read(folder, today=date(2027, 3, 31)).warnings == (
        "L1.002 has a cost but no effect on any scenario: no plan will choose it for its risk.",
    )
    assert read(folder, today=date(2027, 4, 1)).warnings[1:] == ("Subsidy grant was valid until 2027-03-31: it pays nothing.",)


# ---------------------------------------------------------------- the same case


def test_cells_of_frames_may_be_numbers_dates_or_nothing(small: Any, base_files: dict[str, str]) -> None:
    frames = frames_of(base_files)
    frames["measures"]["capex"] = frames["measures"]["capex"].astype("float32")
    frames["measures"]["opex"] = frames["measures"]["opex"].astype("Int64")
    frames["subsidies"]["valid_until"] = pd.to_datetime(frames["subsidies"]["valid_until"])
    frames["effects"] = frames["effects"].astype(object).where(frames["effects"].notna(), None)
    frames["scenarios"] = frames["scenarios"].convert_dtypes()
    frames["losses"]["loss"] = [1_000_000, np.float64(3e6), "8M"]
    assert read(frames) == small.read()
    frames["subsidies"]["valid_until"] = [datetime(2027, 3, 31)]
    assert read(frames) == small.read()


def test_columns_in_another_order_give_the_same_case(small: Any, base_files: dict[str, str]) -> None:
    case = small.read()
    patches = []
    for name, text in base_files.items():
        if name.endswith(".csv"):
            out = io.StringIO()
            csv.writer(out).writerows(row[::-1] for row in csv.reader(io.StringIO(text)))
            patches.append([name, out.getvalue()])
    assert small.read(patches) == case


def test_prose_is_not_normalised_and_its_line_ends_are_one(small: Any) -> None:
    case = small.read([["scenarios.csv", "A,1,data,漏えい,Leak", 'A,1,data,"Ａ１\r\n２行目"," Leak, ①"']])
    assert case.scenario("A").title_ja == "Ａ１\n２行目"
    assert case.scenario("A").title_en == " Leak, ①"


def test_rows_are_numbered_by_the_line_on_which_they_begin(small: Any) -> None:
    lines = ["scenarios.csv", "A,1,data,漏えい,Leak", 'A,1,data,"漏\n\nえい",Leak']
    found = messages(small.write([lines, ["scenarios.csv", "B,2,", "B,9,"]]))
    assert found == [
        "small/scenarios.csv:5 layer: must be a layer of the catalogue (1, 2, 3); got 9. Write one of these numbers."
    ]


def test_rows_of_frames_are_numbered_as_a_sheet_would_be(base_files: dict[str, str]) -> None:
    frames = frames_of(base_files)
    frames["scenarios"].loc[1, "layer"] = 9
    frames["scenarios"].index = [7, 8, 9]
    assert messages(frames) == [
        "scenarios:3 layer: must be a layer of the catalogue (1, 2, 3); got 9. Write one of these numbers."
    ]


# ---------------------------------------------------------------- where cost tables come from


def test_cost_tables_may_stand_in_the_cases_folder(small: Any, base_files: dict[str, str]) -> None:
    case = small.read()
    folder = small.write([["case.toml", '"../../cost_tables/small"', '"small"']])
    for name in COSTS:
        (folder / name).write_bytes(small.path(name).read_bytes())
    assert read(folder) == case
    small.write()
    assert messages(folder) == [
        "small/case.toml:5 cost_tables: must be left out beside the case's own cost tables; got ../../cost_tables/small. "
        "Cost tables stand in the case's own folder too: remove them there, or this setting."
    ]


def test_other_costs_replace_the_cases_own(small: Any, base_files: dict[str, str], tmp_path: Path) -> None:
    folder = small.write()
    other = tmp_path / "next-year"
    other.mkdir()
    for name in COSTS:
        (other / name).write_text(base_files[name].replace("600000", "700000"), encoding="utf-8")
    case = read(folder, costs=other)
    assert case.costs.name == "next-year"
    assert case.costs.levels("L2.017")[0].capex == 700_000
    frames = {name: frame for name, frame in frames_of(base_files).items() if f"{name}.csv" in COSTS}
    frames["measures"]["capex"] = frames["measures"]["capex"].astype(object)
    frames["measures"].loc[1, "capex"] = "70万"
    assert read(folder, costs=frames).costs.rows == case.costs.rows
    assert (
        messages(folder, costs=tmp_path / "none")
        == [f"--costs: must be a folder of cost tables; got {tmp_path}/none. Name a folder with measures.csv."]
        or len(str(tmp_path)) > 40
    )


def test_a_table_of_the_case_is_not_taken_from_the_costs(small: Any, base_files: dict[str, str]) -> None:
    frames = frames_of(base_files)
    found = messages(small.write(), costs={"measures": frames["measures"], "scenarios": frames["scenarios"]})
    assert (
        "scenarios: must be a table's name; got scenarios. Known: case, measures, relations, shared, subsidies. Rename the table or leave it out."
        in found
    )


# ---------------------------------------------------------------- what is no case


@pytest.mark.parametrize("source", ["\0", "a" * 5000, "", "no/such/folder"])
def test_a_path_that_cannot_be_is_a_problem(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(messages(source)) == 1


def test_the_current_folder_keeps_its_name(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small.write()
    monkeypatch.chdir(folder)
    assert read(".").name == "small"
    assert read(".") == read(folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_without_permission_is_a_problem(small: Any) -> None:
    folder = small.write()
    (folder / "plans.csv").chmod(0)
    assert messages(folder)[0].startswith("small/plans.csv: must be a file that can be read;")


def test_hidden_and_other_files_are_left_alone(small: Any) -> None:
    case = small.read()
    folder = small.write()
    for name in (".~lock.scenarios.csv#", "~$scenarios.csv", ".hidden.csv", "README.md", "scenarios.csv.bak", "chart.png"):
        (folder / name).write_bytes(b"\xff\x00")
    assert read(folder) == case


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ({"case": 3}, "case: must be the settings; got int."),
        ({"case": pd.DataFrame({"a": [1]})}, "case:1: must be a table of key and value; got a."),
        ({"case": pd.DataFrame({"key": ["format", "format"], "value": [1, 1]})}, "case:3 key: must be there once; got format."),
        ({"scenario": pd.DataFrame()}, "scenario: must be a table's name; got scenario. Did you mean scenarios?"),
        ({"effects": [1]}, "effects: must be a DataFrame; got list."),
        ({5: pd.DataFrame()}, "5: must be a table's name; got 5."),
        ({"scenarios": pd.DataFrame({"id": ["A\0"]})}, "scenarios:2 id: must be text without control characters; got U+0000."),
        (
            {"scenarios": pd.DataFrame({"id": ["\ud800"]}, dtype=object)},
            "scenarios:2 id: must be text without control characters; got U+D800.",
        ),
        (
            {"scenarios": pd.DataFrame({"frequency": [10**400]})},
            "scenarios:2 frequency: must be a number of events a year above 0;",
        ),
        ({"scenarios": pd.DataFrame({"layer": [True]})}, "scenarios:2 layer: must be the number of a layer; got True."),
        ({"case": {"study": {"seed": float("inf")}}}, "case study.seed: must be a whole number of at least 0; got inf."),
        ({"case": {"study": {"seed": [1]}}}, "case study.seed: must be a single value; got [1]."),
        ({"case": {"targets": {"aal": {}}}}, "case targets.aal: must be"),
        ({"case": {"levels": {"": "aal=1M"}}}, "case levels.: must be"),
    ],
)
def test_a_broken_mapping_is_named(frames: dict[Any, Any], expected: str) -> None:
    assert any(message.startswith(expected) for message in messages(frames)), messages(frames)


# ---------------------------------------------------------------- catalogues of one's own

OWN = "id,layer,components,title_ja,title_en\nL1.001,1,data;cloud,あ,\nL2.017,2,thing;system,い,Lock\nL3.008,7,data,う,\nL3.016,3,data,え,\n"


def test_a_catalogue_of_ones_own_takes_bundled_titles_where_ids_match(small: Any) -> None:
    folder = small.write([["case.toml", "cpsf-2018-draft", "own.csv"], ["own.csv", OWN]])
    catalogue = read(folder).catalogue
    assert catalogue.name == "own.csv"
    assert [layer.number for layer in catalogue.layers] == [1, 2, 3, 7]
    assert catalogue.layers[-1].title_en == "Layer 7"
    assert catalogue.layers[0].title_en == "Connections between companies (the traditional supply chain)"
    assert [component.id for component in catalogue.components] == ["thing", "data", "system", "cloud"]
    assert catalogue.components[1].title_ja == "データ"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id,layer", "ids,layer", "own.csv:1 ids: must be a column's name; got ids. Did you mean id?"),
        (
            "L2.017,2",
            "L1.001,2",
            "own.csv:3 id: must be there once; got L1.001. It stands in row 2 already; delete one of the two.",
        ),
        (
            "L2.017,2",
            "L2.017,two",
            "own.csv:3 layer: must be the number of a layer, 0 to 99; got two. Write a number such as 1.",
        ),
        ("thing;system", ";", "own.csv:3 components: must be at least one component; got nothing. Separate several with ';'."),
        ("い,Lock", ",", "own.csv:3 title_en: must be filled, or title_ja; got nothing. Give the measure a title."),
        ("い,Lock", "い", "own.csv:3: must be a row of 5 cells; got 4. Put cells that hold a comma in quotes."),
        ("い,Lock", 'い,"Lock', "own.csv:3: must be CSV; got unexpected end of data. Check the quotes from this line on."),
        ("い", "\x00", 'own.csv: must be text in UTF-8 or CP932; got something else. Save it again as "CSV UTF-8".'),
        (OWN, "", "own.csv: must be a table with at least one row; got none. Add a header and a row."),
    ],
)
def test_a_broken_catalogue_is_named(small: Any, old: str, new: str, expected: str) -> None:
    patches = [["case.toml", "cpsf-2018-draft", "own.csv"], ["own.csv", OWN.replace(old, new)]]
    assert expected in messages(small.write(patches))


def test_a_catalogues_path_may_lead_out_of_the_folder(small: Any) -> None:
    small.home.joinpath("own.csv").write_text(OWN, encoding="cp932")
    case = small.read([["case.toml", "cpsf-2018-draft", "../../own.csv"]])
    assert case.catalogue.measure("L2.017").title_ja == "い"
