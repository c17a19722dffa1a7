"""What the command line does with a finished study, done without it: kept, eased, handed over, held against the own past."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

import tenbin
from running.commands import ROOT
from tenbin.errors import InputError
from tenbin.interview import Answers, answers_toml, make_case
from tenbin.optimisation import Conflict, Nearest
from tenbin.reporting.slides import writing as slides_writing
from tenbin.studies import reopen
from tenbin.studies.answered import ANSWERS_FILE, answers_of, own_past, own_words
from tenbin.studies.delivering import Unprinted, deliver, place_in
from tenbin.studies.easing import Eased, eased_requests, plain_amount
from tenbin.studies.saving import Making, save
from tenbin.studies.telling import report_data

CASE = ROOT / "scenarios" / "two-cells"
STARTED = datetime(2026, 4, 1, 9, 0).astimezone()
TYPED = ("tenbin", "optimise", "drafts/1", "--target", "aal=1.3M")


@pytest.fixture(scope="module")
def events():
    """Years of a case that was read from tables in memory: there are no files that it came from."""
    return tenbin.simulate(tenbin.load(tenbin.to_frames(tenbin.load(CASE))), 3000)


@pytest.fixture(scope="module")
def kept(events, tmp_path_factory):
    """A run of it, and what was told while it was kept."""
    found = tenbin.optimise(events, targets=["aal=1.3M"])
    making = Making({"drafts/1/case.toml": "0" * 64}, STARTED, {"targets": ["aal=1.3M"], "budget": None}, TYPED)
    stages: list[str] = []
    root = tmp_path_factory.mktemp("results")
    saved = save(found, found.to_dict(), root, making, "ja", lambda stage, *_: stages.append(stage))
    return found, saved, stages


def test_a_case_that_came_from_no_files_is_kept_and_opened_again(kept):
    found, (run, charts, _), stages = kept
    assert stages == ["save"]
    assert charts
    assert all(path.is_file() and path.parent == run.path / "charts" for path in charts)
    manifest = json.loads((run.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == list(TYPED)
    assert manifest["inputs"] == {"drafts/1/case.toml": "0" * 64}
    assert manifest["asked"] == {"targets": ["aal=1.3M"]}, "of what was asked, that which was given"
    again = reopen(run).result
    assert again is not None
    assert again.plan == found.plan
    assert again.cost == found.cost


def test_a_study_is_kept_without_anybody_looking_on(kept, tmp_path):
    found, _, _ = kept
    run, _, _ = save(found, found.to_dict(), tmp_path, Making({}, STARTED, {}), "en")
    assert json.loads((run.path / "result.json").read_text(encoding="utf-8"))["status"] == found.status


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("pptx", b"PK")])
def test_each_format_is_handed_over(kept, tmp_path, form, begins):
    pytest.importorskip("pptx" if form == "pptx" else "tenbin")
    path = tmp_path / "new" / f"paper.{form}"
    deliver(report_data(reopen(kept[1][0])), path, form, "ja")
    assert path.read_bytes().startswith(begins)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_slides_without_python_pptx_say_how_to_get_it(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(slides_writing, "find_spec", lambda name: None)
    with pytest.raises(InputError) as caught:
        deliver(report_data(reopen(kept[1][0])), tmp_path / "paper.pptx", "pptx", "en")
    assert 'pip install "tenbin[office]"' in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_page_that_no_browser_prints_stays(kept, tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("TENBIN_BROWSER", str(broken))
    with pytest.raises(Unprinted) as caught:
        deliver(report_data(reopen(kept[1][0])), tmp_path / "paper.pdf", "pdf", "en")
    assert caught.value.page == tmp_path / "report.en.html"
    assert caught.value.page.is_file()
    assert not (tmp_path / "paper.pdf").exists()


def test_a_page_where_none_can_be_written_names_the_place(kept, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    path = tmp_path / "file" / "paper.html"
    with pytest.raises(InputError) as caught:
        deliver(report_data(reopen(kept[1][0])), path, "html", "en")
    assert [problem.file for problem in caught.value.problems] == [str(path)]


def test_what_people_worked_on_gets_a_neighbour(tmp_path):
    for form in ("html", "xlsx"):
        (tmp_path / f"report.ja.{form}").write_bytes(b"")
    assert place_in(tmp_path, "html", "ja").name == "report.ja.html"
    assert place_in(tmp_path, "xlsx", "ja").name == "report.ja-2.xlsx"
    assert place_in(tmp_path, "xlsx", "en").name == "report.en.xlsx"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (7.2, "8"), (1_300_000.0, "1.3M"), (9_361_000.0, "9.37M"), (143_001.0, "144k"), (2.5e9, "2.5B")],
)
def test_an_amount_is_never_smaller_and_short(value, text):
    assert plain_amount(value) == text


def test_what_eases_a_request_can_be_asked_and_is_met(events):
    asked = {"targets": ["aal=1M"], "max_days": "4/first-year"}
    found = tenbin.optimise(events, **asked)
    assert found.status == "infeasible"
    requests = eased_requests(found)
    assert len(requests) == len(found.to_dict()["conflict"]["nearest"])
    eased = [one for one in requests if one is not None]
    assert {one.max_days is None for one in eased} == {True, False}, "the target was eased, and the days"
    for one in eased:
        assert one.budget is None
        again = tenbin.optimise(events, targets=list(one.targets), max_days=one.max_days or asked["max_days"])
        assert again.status == "optimal", one


def near(found, demand: str, asked: float, value: float) -> Eased | None:
    """What one nearest request is asked as."""
    conflict = Conflict((demand,), True, (Nearest(demand, asked, value, (value - asked) / asked),))
    (one,) = eased_requests(replace(found, conflict=conflict))
    return one


def test_each_kind_of_demand_is_asked_as_it_is_typed(events):
    found = tenbin.optimise(events, targets=["aal=1.3M", "L2:tvar95=60%", "keep=current+5%"], time_limit=5)
    texts = tuple(target.text for target in found.question)
    assert near(found, "budget/year", 1e6, 5_211_000.0) == Eased(texts, budget="5.22M/year")
    assert near(found, "max-days/first-year", 4.0, 11.21) == Eased(texts, max_days="11.3/first-year")
    assert near(found, texts[1], 1e6, 2_001_000.0) == Eased((texts[0], "L2:tvar95=2.01M", texts[2]))
    assert near(found, f"{texts[2]} (aal)", 1e6, 1.0999e6) == Eased((*texts[:2], "keep=current+15.5%"))
    assert near(found, "something else", 1.0, 2.0) is None, "no number says it"


def test_nothing_is_eased_where_nothing_contradicts(kept):
    assert eased_requests(kept[0]) == []


def test_answers_beside_a_case_are_held_against_it(tmp_path):
    assert answers_of(tmp_path) is None
    (tmp_path / ANSWERS_FILE).write_text("no answers at all", encoding="utf-8")
    assert answers_of(tmp_path) is None
    answers = replace(Answers(), incidents=30)
    (tmp_path / ANSWERS_FILE).write_text(answers_toml(answers), encoding="utf-8")
    assert answers_of(tmp_path) == answers
    few = own_past(make_case(Answers()).case, answers)
    assert (few.fits, few.incidents, few.years) == ("more", 30, 5)
    unknown = own_past(make_case(Answers()).case, replace(answers, incidents=None))
    assert unknown.fits is None
    for lang in ("ja", "en"):
        assert "30" in own_words(few, lang)
        assert own_words(few, lang) != own_words(unknown, lang)
