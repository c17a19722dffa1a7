"""What is asked of a case as text: targets, plans, choices, budgets, days."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenbin
from tenbin.errors import InputError
from tenbin.inputs import parse_budget, parse_choice, parse_days, parse_plan, parse_target, parse_targets
from tenbin.model import Basis, Budget, Case, Days, Metric, Period, Scope

CASE = tenbin.load(Path(__file__).parents[2] / "scenarios" / "two-cells")
WHOLE = Scope()


@pytest.fixture
def case(small: Any) -> Case:
    found: Case = small.read()
    return found


def messages(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("text", "metric", "confidence", "value", "basis", "scope"),
    [
        ("aal=3M", Metric.AAL, None, 3e6, Basis.AMOUNT, WHOLE),
        ("aal=3000万円", Metric.AAL, None, 3e7, Basis.AMOUNT, WHOLE),
        ("aal=0", Metric.AAL, None, 0, Basis.AMOUNT, WHOLE),
        ("aal=1", Metric.AAL, None, 1, Basis.AMOUNT, WHOLE),
        ("AAL = 3M", Metric.AAL, None, 3e6, Basis.AMOUNT, WHOLE),
        ("ａａｌ＝３Ｍ", Metric.AAL, None, 3e6, Basis.AMOUNT, WHOLE),
        ("var95=60%", Metric.VAR, Decimal("0.95"), 0.6, Basis.TODAY, WHOLE),
        ("tvar99.5=60%", Metric.TVAR, Decimal("0.995"), 0.6, Basis.TODAY, WHOLE),
        ("tvar95=60%of-inherent", Metric.TVAR, Decimal("0.95"), 0.6, Basis.INHERENT, WHOLE),
        ("tvar95=60 % of inherent", Metric.TVAR, Decimal("0.95"), 0.6, Basis.INHERENT, WHOLE),
        ("tvar95=120%", Metric.TVAR, Decimal("0.95"), 1.2, Basis.TODAY, WHOLE),
        ("tvar95=0%", Metric.TVAR, Decimal("0.95"), 0, Basis.TODAY, WHOLE),
        ("L2:aal=3M", Metric.AAL, None, 3e6, Basis.AMOUNT, Scope(layer=2)),
        ("l2:aal=3M", Metric.AAL, None, 3e6, Basis.AMOUNT, Scope(layer=2)),
        ("data:aal=3M", Metric.AAL, None, 3e6, Basis.AMOUNT, Scope(component="data")),
        ("L2/data:var99=3M", Metric.VAR, Decimal("0.99"), 3e6, Basis.AMOUNT, Scope(layer=2, component="data")),
        ("A:aal=50%", Metric.AAL, None, 0.5, Basis.TODAY, Scope(scenario="A")),
    ],
)
def test_targets(
    case: Case, text: str, metric: Metric, confidence: Decimal | None, value: float, basis: Basis, scope: Scope
) -> None:
    target = parse_target(text, case)
    found = (target.metric, target.confidence, target.value, target.basis, target.scope)
    assert found == (metric, confidence, value, basis, scope)
    assert (target.survive, target.keep, target.year) == (False, "", None)
    assert parse_target(target.text, case) == target


def test_survive_and_keep(case: Case) -> None:
    target = parse_target("survive=99%", case)
    assert (target.survive, target.metric, target.confidence, target.value) == (True, Metric.VAR, Decimal("0.99"), 20e6)
    assert parse_target("survive=0.99", case).confidence == Decimal("0.99")
    assert parse_target("L2:survive=99.5%", case).scope == Scope(layer=2)
    assert parse_target("keep=both", case).keep == "both"
    assert parse_target("L1:keep=current", case).keep == "current"


@pytest.mark.parametrize(
    ("text", "keep", "slack", "scope"),
    [
        ("keep=current", "current", 0.0, WHOLE),
        ("keep=current+5%", "current", 0.05, WHOLE),
        ("keep = both + 2.5 %", "both", 0.025, WHOLE),
        ("keep=current+0%", "current", 0.0, WHOLE),
        ("ｋｅｅｐ＝ｃｕｒｒｅｎｔ＋５％", "current", 0.05, WHOLE),
        ("L2:keep=current+120%", "current", 1.2, Scope(layer=2)),
        ("L2/data:keep=both+5%", "both", 0.05, Scope(layer=2, component="data")),
        ("A:keep=current", "current", 0.0, Scope(scenario="A")),
    ],
)
def test_keep_with_slack(case: Case, text: str, keep: str, slack: float, scope: Scope) -> None:
    target = parse_target(text, case)
    assert (target.keep, target.slack, target.scope) == (keep, slack, scope)
    assert parse_target(target.text, case) == target


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a target [scope:]name=value; got nothing."),
        ("tvar95", "must be a target [scope:]name=value; got tvar95."),
        ("=60%", "must be a target [scope:]name=value; got =60%."),
        ("tvar95=", "must be a target [scope:]name=value; got tvar95=."),
        (":aal=3M", "must be a target [scope:]name=value; got :aal=3M."),
        ("aal==3M", "must be an amount or a share; got =3M."),
        ("L2:data:aal=3M", "must be a target of aal, varNN, tvarNN, survive, keep or covers/STANDARD; got data:aal."),
        (
            "tvra95=60%",
            "must be a target of aal, varNN, tvarNN, survive, keep or covers/STANDARD; got tvra95. Did you mean tvar95?",
        ),
        ("tvar=60%", "must be a target of aal, varNN, tvarNN, survive, keep or covers/STANDARD; got tvar. Did you mean tvar9"),
        ("tvar0.95=60%", "must be a confidence in per cent, from 1 to below 100; got tvar0.95. Did you mean tvar95?"),
        ("var100=60%", "must be a confidence in per cent, from 1 to below 100; got var100."),
        ("var0=60%", "must be a confidence in per cent, from 1 to below 100; got var0."),
        ("aal=-3M", "must be an amount from 0 to 10^18, or a share; got -3M."),
        ("aal=-3%", "must be an amount or a share; got -3%."),
        ("aal=0.6", "must be an amount or a share; got 0.6. Did you mean 60%?"),
        ("aal=60%of-residual", "must be an amount or a share; got 60%of-residual."),
        ("aal=3Mof-inherent", "must be an amount or a share; got 3Mof-inherent."),
        ("aal=nan", "must be an amount or a share; got nan."),
        ("aal=3M@2030", "must be a target without @year; got aal=3M@2030."),
        ("aal=3M@x", "must be a target whose @year is a number; got aal=3M@x."),
        ("L4:aal=3M", "must be a scope: a layer (L2), a component (data), both (L2/data) or a scenario's id; got L4."),
        ("L2/dta:aal=3M", "got L2/dta. Did you mean data?"),
        ("peple:aal=3M", "got peple. Did you mean people?"),
        ("keep=bth", "must be keep= and a plan's name; got bth. Did you mean both?"),
        (
            "keep=bth+5%",
            "must be keep= and a plan's name; got bth. Did you mean both?",
        ),
        (
            "keep=current-5%",
            "must be keep= and a plan's name, with + and a share or without; got current-5%. Write keep=current+5% for a "
            "little more risk than today; for less than today, tvar95=95%.",
        ),
        ("keep=current+5", "with + and a share or without; got current+5. Did you mean current+5%?"),
        ("keep=current+-5%", "with + and a share or without; got current+-5%. Write keep=current+5%."),
        ("keep=current+", "with + and a share or without; got current+. Write keep=current+5%."),
        ("keep=+5%", "must be keep= and a plan's name; got nothing. Known: both, current."),
        ("keep=current+5%+5%", "with + and a share or without; got current+5%+5%. Write keep=current+5%."),
        ("survive=100%", "must be survive= and a share of years; got 100%."),
        ("survive=0%", "must be survive= and a share of years; got 0%."),
        ("survive=99", "must be survive= and a share of years; got 99."),
    ],
)
def test_what_is_no_target(case: Case, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_target(text, case)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].file == "--target"
    assert message in str(caught.value)


def test_all_targets_are_read_before_any_is_refused(case: Case) -> None:
    assert [target.text for target in parse_targets(["aal=3M", "keep=both"], case)] == ["aal=3M", "keep=both"]
    with pytest.raises(InputError) as caught:
        parse_targets(["aal=x", "keep=both", "L9:aal=3M"], case, "targets")
    assert len(caught.value.problems) == 2
    assert {problem.file for problem in caught.value.problems} == {"targets"}


@pytest.mark.parametrize(
    ("plan", "choices"),
    [
        ("current", {"L3.008": "basic"}),
        ("both", {"L2.017": "basic", "L3.008": "advanced"}),
        ("", {}),
        (" , ", {}),
        ({}, {}),
        ("L2.017", {"L2.017": "basic"}),
        ("L2.017=basic", {"L2.017": "basic"}),
        (" L2.017 = basic , L3.008=advanced,", {"L2.017": "basic", "L3.008": "advanced"}),
        ("Ｌ２．０１７", {"L2.017": "basic"}),
        ({"L3.008": "advanced"}, {"L3.008": "advanced"}),
        ({"L2.017": ""}, {"L2.017": "basic"}),
        ({"L2.017": None}, {"L2.017": "basic"}),
    ],
)
def test_plans(case: Case, plan: Any, choices: dict[str, str]) -> None:
    assert parse_plan(plan, case) == choices


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("bth", ["--plan: must be a plan's name or a measure of the cost table; got bth. Did you mean both?"]),
        ("L3.008", ["--plan L3.008: must be named with a level (basic, advanced); got L3.008. Write L3.008=basic or another."]),
        ("L3.008=basik", ["--plan: must be a level of L3.008 (basic, advanced); got basik. Did you mean basic?"]),
        ("L2.017,L2.017", ["--plan L2.017: must be named once; got L2.017 twice. Choose one level of it."]),
        (
            "L2.018=basic,L3.008=basik",
            [
                "--plan: must be a level of L3.008 (basic, advanced); got basik. Did you mean basic?",
                "--plan: must be a measure of the cost table; got L2.018. Did you mean L2.017?",
            ],
        ),
        ({"L3.008": "top"}, ["--plan: must be a level of L3.008 (basic, advanced); got top. Known: advanced, basic."]),
    ],
)
def test_what_is_no_plan(case: Case, plan: Any, expected: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_plan(plan, case)
    assert messages(caught) == expected


def test_choices(case: Case) -> None:
    assert parse_choice("L3.008", case) == ("L3.008", None)
    assert parse_choice(" L3.008 = advanced ", case) == ("L3.008", "advanced")
    for text, message in {
        "L3.009": "--require: must be a measure of the cost table; got L3.009. Did you mean L3.008?",
        "L3.008=x": "--require: must be a level of L3.008 (basic, advanced); got x. Known: advanced, basic.",
        "": "--require: must be a measure of the cost table; got nothing. Known: L1.001, L2.017, L3.008, L3.016.",
    }.items():
        with pytest.raises(InputError) as caught:
            parse_choice(text, case, "--require")
        assert messages(caught) == [message]


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("8M", Budget(8e6)),
        ("8M/first-year", Budget(8e6)),
        ("800万円/year", Budget(8e6, Period.YEAR)),
        ("20M / Total", Budget(20e6, Period.TOTAL)),
        ("２０Ｍ／ｔｏｔａｌ", Budget(20e6, Period.TOTAL)),
        ("0", Budget(0)),
    ],
)
def test_budgets(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["", "/year", "8M/", "8M/month", "-8M", "8M/year/total", "60%", "much", "1e19"])
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_budget(text)
    assert messages(caught) == [
        f"--budget: must be an amount with /first-year, /year or /total; got {text or 'nothing'}."
        " Write 8M/first-year (cash), 2M/year or 20M/total."
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("60", Days(60)),
        ("60/first-year", Days(60)),
        ("30/year", Days(30, Period.YEAR)),
        ("0.5 / YEAR", Days(0.5, Period.YEAR)),
        ("０", Days(0)),
    ],
)
def test_days(text: str, days: Days) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["", "30/total", "30/", "-1", "ten", "1e7", "30/years"])
def test_what_is_no_number_of_days(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_days(text)
    assert messages(caught) == [
        f"--max-days: must be a number of days with /first-year or /year; got {text or 'nothing'}."
        " Write 60/first-year or 30/year."
    ]


PIECES = st.text(max_size=30) | st.lists(
    st.sampled_from(["L2", "data", "LINE", ":", "/", "=", "@", "%", "aal", "tvar", "95", ".", "60", "M", "of-inherent", "keep"])
    | st.sampled_from(
        ["survive", "current", "year", "total", "L3.008", "basic", ",", " ", "-", "1e400", "٣", "²", "ﾏ", "\x00"]
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: parse_target(text, CASE),
        lambda: parse_plan(text, CASE),
        lambda: parse_plan({text: text}, CASE),
        lambda: parse_choice(text, CASE),
        lambda: parse_budget(text),
        lambda: parse_days(text),
    ):
        refused = None
        try:
            read()
        except InputError as error:
            refused = error.problems
        assert refused is None or (refused and all(problem.rule and problem.remedy for problem in refused))
