"""What looks absurd is explained with its numbers, and only that."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

import tenbin
from cases_by_hand import linked_case
from tenbin.cli.render_lines import note_lines
from tenbin.model import Case, GpdTail, Lognormal, Mixture, Pareto, Range, Severity
from tenbin.studies.explaining import explain_change, explain_risk, explain_risks


def with_scenario(case: Case, name: str, **changes: Any) -> Case:
    return replace(case, scenarios=tuple(replace(s, **changes) if s.id == name else s for s in case.scenarios))


def interval(low: float, high: float) -> Severity:
    return Severity(Lognormal.from_interval(low, high))


CASE = linked_case()
WIDE = with_scenario(CASE, "A", severity=interval(1e4, 3e7))
"""p95 is 3,000 times p05: beyond e^(2·1.645²) = 224 times a higher p05 lowers the mean."""


def kinds(notes: list[Any]) -> list[str]:
    return [note.kind for note in notes]


def test_a_raised_low_end_that_lowers_the_mean_and_back() -> None:
    after = with_scenario(WIDE, "A", severity=interval(5e4, 3e7))
    means = [case.scenarios[0].severity.mean for case in (WIDE, after)]
    assert means[1] < means[0]
    (note,) = explain_change(WIDE, after)
    assert (note.kind, note.about) == ("low_raised_mean_fell", ("A",))
    for amount in ("¥10.0k", "¥50.0k", "¥30.0M", *(tenbin_amount(mean) for mean in means)):
        assert amount in note.text
    assert "1万円" in note.text.within("ja")
    assert "3,000万円" in note.text.within("ja")
    (back,) = explain_change(after, WIDE)
    assert back.kind == "low_lowered_mean_rose"
    assert f"rose from {tenbin_amount(means[1])} to {tenbin_amount(means[0])}" in back.text


def tenbin_amount(value: float) -> str:
    from tenbin.units import format_amount

    return format_amount(value)


@pytest.mark.parametrize("interval_after", [(2e6, 3e7), (1e5, 4e7), (1e6, 3e7)])
def test_ends_that_move_the_mean_their_own_way_need_no_word(interval_after: tuple[float, float]) -> None:
    narrow = with_scenario(CASE, "A", severity=interval(1e6, 3e7))  # 30 times: a higher p05 raises the mean
    assert explain_change(narrow, with_scenario(CASE, "A", severity=interval(*interval_after))) == []


def test_a_deductible_counts() -> None:
    """The mean that is told is that of the inherent loss of an event, with its cap: capped, the higher low end raises it."""
    before, after = (with_scenario(CASE, "A", severity=replace(interval(p05, 3e7), cap=1e6)) for p05 in (1e4, 5e4))
    assert before.scenarios[0].severity.mean < after.scenarios[0].severity.mean
    assert explain_change(before, after) == []


def test_a_wider_range_raises_the_average() -> None:
    old, new = Range(0.8, 0.4, 1.6), Range(0.8, 0.2, 3.2)
    before, after = (with_scenario(CASE, "A", frequency=guess) for guess in (old, new))
    (note,) = explain_change(before, after, n_worlds=(64, 64))
    assert note.kind == "range_wider"
    assert "stayed at 0.8 a year" in note.text
    assert f"rose from {old.mean:.3g} to {new.mean:.3g}" in note.text
    assert explain_change(before, after, n_worlds=(1, 1)) == []  # likely values only
    assert explain_change(after, before, n_worlds=(64, 64)) == []  # narrower
    (given,) = explain_change(CASE, after, n_worlds=(1, 64))  # a range where there was none
    assert f"rose from 0.8 to {new.mean:.3g}" in given.text
    lower = with_scenario(CASE, "A", frequency=Range(0.8, 0.2, 1.6))
    assert lower.scenarios[0].frequency.mean < old.mean  # a low end alone takes the average down, as one would expect
    assert explain_change(before, lower, n_worlds=(64, 64)) == []


def test_more_often_and_yet_less_risk() -> None:
    after = with_scenario(CASE, "A", frequency=Range(1.6))
    fell = {"aal": 6e6, "tvar95": 30e6}, {"aal": 7e6, "tvar95": 29e6}
    (note,) = explain_change(CASE, after, fell)
    assert note.kind == "frequency_raised_noise"
    for part in ("TVaR95", "from ¥30.0M to ¥29.0M", "the difference is chance", "rose from ¥6.00M to ¥7.00M"):
        assert part in note.text
    assert "偶然" in note.text.within("ja")
    drawn = replace(after, study=replace(after.study, seed=9, n_trials=5000))
    assert kinds(explain_change(CASE, drawn, fell)) == ["frequency_raised_noise"]
    cheaper = with_scenario(after, "D", severity=interval(1e5, 1e6))
    (note,) = explain_change(CASE, cheaper, fell)
    assert note.kind == "frequency_raised_other"
    assert "other figure" in note.text
    twice = with_scenario(after, "B", frequency=Range(0.6))
    (note,) = explain_change(CASE, twice, fell)
    assert note.about == ("A", "B")
    assert "1 more scenario too" in note.text
    assert "ほか1件" in note.text.within("ja")


def test_frequencies_that_act_as_expected_need_no_word() -> None:
    after = with_scenario(CASE, "A", frequency=Range(1.6))
    fell, rose = ({"tvar95": 30e6}, {"tvar95": 29e6}), ({"tvar95": 29e6}, {"tvar95": 30e6})
    assert explain_change(CASE, after, rose) == []
    assert explain_change(after, CASE, fell) == []  # less often, less risk
    assert explain_change(CASE, CASE, fell) == []
    assert explain_change(CASE, after) == []  # nothing known of the metrics
    assert explain_change(CASE, with_scenario(after, "B", frequency=Range(0.1)), fell) == []


def quiet(rate: float) -> Case:
    case = replace(CASE, triggers=(), factors=())
    return replace(case, scenarios=tuple(replace(s, frequency=Range(rate / 4), factor="") for s in case.scenarios))


def test_a_value_at_risk_of_nothing() -> None:
    risk = tenbin.evaluate(tenbin.simulate(quiet(0.03), 20_000), {})
    (note,) = explain_risk(risk)
    share = float((risk.annual_loss == 0).mean())
    assert share == pytest.approx(math.exp(-0.03), abs=4 * math.sqrt(0.03 / 20_000))
    assert note.kind == "var_zero"
    assert f"because {100 * share:.1f}% of the years" in note.text
    assert explain_risk(tenbin.evaluate(tenbin.simulate(quiet(0.2), 20_000), {})) == []  # the control: 82 of 100 years
    assert explain_risk(tenbin.evaluate(tenbin.simulate(quiet(0.0), 1000), {})) == []  # nothing ever happens: nothing to say


def test_worlds_whose_average_is_above_the_likely() -> None:
    skewed = with_scenario(quiet(2.0), "D", frequency=Range(0.5, 0.05, 5.0))
    risk = tenbin.evaluate(tenbin.simulate(skewed, 6400, n_worlds=64), {})
    likely = tenbin.evaluate(tenbin.simulate(skewed, 6400, n_worlds=1), {})
    (note,) = explain_risk(risk)
    assert (note.kind, note.about) == ("above_likely", ("D",))
    assert f"is {tenbin_amount(risk.aal)} a year" in note.text
    assert f"{100 * (risk.aal / likely.aal - 1):.0f}% above the {tenbin_amount(likely.aal)}" in note.text
    assert explain_risk(likely) == []
    sure = with_scenario(quiet(2.0), "D", frequency=Range(0.5, 0.4, 0.6))
    assert explain_risk(tenbin.evaluate(tenbin.simulate(sure, 6400, n_worlds=64), {})) == []  # within 5 %


HEAVY = [
    Pareto(1e6, 2.0),
    GpdTail(Lognormal(1e6, 1.0), 5e6, 8e6, 0.5),
    Mixture(((0.9, Lognormal(1e6, 1.0)), (0.1, Pareto(1e6, 1.5)))),
]


@pytest.mark.parametrize("law", HEAVY)
def test_losses_that_never_settle(law: Any) -> None:
    def notes(severity: Severity, rate: float = 0.5) -> list[Any]:
        case = with_scenario(quiet(2.0), "C", severity=severity, frequency=Range(rate))
        return explain_risk(tenbin.evaluate(tenbin.simulate(case, 2000), {}))

    (note,) = notes(Severity(law))
    assert (note.kind, note.about) == ("infinite_variance", ("C",))
    assert note.text.startswith("C: ")
    assert "Give a loss_cap" in note.text
    assert notes(Severity(law, cap=1e9)) == []
    assert kinds(notes(Severity(law, deductible=1e6))) == ["infinite_variance"]
    assert notes(Severity(Pareto(1e6, 2.1))) == []


def test_notes_travel_in_both_languages_and_name_the_plan() -> None:
    case = with_scenario(quiet(0.03), "C", severity=Severity(Pareto(1e6, 1.8)))
    risk = tenbin.evaluate(tenbin.simulate(case, 20_000), {})
    notes = [note.to_dict() for note in explain_risks({"one": risk, "two": risk})]
    assert [(note["kind"], note["plan"]) for note in notes] == [("var_zero", "one"), ("infinite_variance", "")]
    assert all(type(text) is str for note in notes for text in (note["text_en"], note["text_ja"]))
    lines = [str(line) for line in note_lines(notes, "en")]
    assert lines[0].startswith("Note (one): VaR95 is 0 because")
    assert lines[1].startswith("Note: C: a loss by pareto(minimum=1000000, alpha=1.8)")
    assert [str(line)[:2] for line in note_lines(notes, "ja")] == ["補足", "補足"]
    two = [{"from": 0, "to": 1, **notes[0]}]
    assert next(iter(str(line) for line in note_lines(two, "en", "AB"))).startswith("Note (A → B): ")
