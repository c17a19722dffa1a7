"""The coverage matrix by hand: counts, the surest confidence, what is missing, and words that promise nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import tenbin
from tenbin.errors import InputError
from tenbin.model import Case, Confidence, Crosswalk, SchemeKind, Support
from tenbin.studies.covering import ReferenceRow

ROOT = Path(__file__).parents[2]
TWO = tenbin.load(ROOT / "scenarios" / "two-cells")
HAND = Crosswalk.of(
    [
        Support("L2.017", "HAND", "1", Confidence.LOW, SchemeKind.CUSTOMER),
        Support("L3.008", "HAND", "1", Confidence.HIGH, SchemeKind.CUSTOMER),
        Support("L3.008", "HAND", "2", Confidence.UNVERIFIED, SchemeKind.CUSTOMER),
        Support("L3.016", "HAND", "2", Confidence.UNVERIFIED, SchemeKind.CUSTOMER),
        Support("L1.001", "HAND", "3", Confidence.HIGH, SchemeKind.CUSTOMER),
    ],
    [("HAND", "4")],
    {},
)
CASE: Case = replace(TWO, own_crosswalk=HAND)
PLAN = {"L2.017": "basic", "L3.008": "advanced"}
PLAN = {measure: CASE.costs.levels(measure)[-1].level for measure in PLAN}


def test_by_hand() -> None:
    one = tenbin.coverage(CASE, PLAN).standard("HAND")
    assert one.rows == (
        ReferenceRow("1", ("L2.017", "L3.008"), Confidence.HIGH, ("L2.017", "L3.008"), 0),
        ReferenceRow("2", ("L3.008",), Confidence.UNVERIFIED, ("L3.008", "L3.016"), 1),
        ReferenceRow("3", (), None, (), 0),
        ReferenceRow("4", (), None, (), 0),
    )
    assert (one.n_references, one.n_supported, one.share) == (4, 2, 0.5)
    assert (one.n_supports, one.n_unverified) == (3, 1)
    assert one.missing == {"3": (), "4": ()}
    assert [row.is_unverified for row in one.rows] == [False, True, False, False]


def test_a_plan_without_measures_supports_nothing() -> None:
    matrix = tenbin.coverage(CASE, {})
    assert all(one.n_supported == 0 and one.share == 0 for one in matrix.standards)
    assert (matrix.n_supports, matrix.n_unverified) == (0, 0)
    assert matrix.standard("HAND").missing == {"1": ("L2.017", "L3.008"), "2": ("L3.008", "L3.016"), "3": (), "4": ()}
    assert matrix.standard("HAND").n_supported < tenbin.coverage(CASE, PLAN).standard("HAND").n_supported


def test_more_measures_never_support_less() -> None:
    less = tenbin.coverage(CASE, {"L3.008": PLAN["L3.008"]})
    more = tenbin.coverage(CASE, PLAN)
    for before, after in zip(less.standards, more.standards, strict=True):
        assert before.n_supported <= after.n_supported
        assert set(after.missing) <= set(before.missing)


def test_a_case_and_its_events_give_the_same() -> None:
    assert tenbin.coverage(tenbin.simulate(CASE, 100, 1), PLAN) == tenbin.coverage(CASE, PLAN)


def test_unverified_supports_are_counted_in_every_output() -> None:
    matrix = tenbin.coverage(CASE, PLAN)
    document = json.loads(json.dumps(matrix.to_dict()))
    assert document["n_unverified"] == matrix.n_unverified == sum(one["n_unverified"] for one in document["standards"])
    assert document["plan"] == [{"measure": measure, "level": level} for measure, level in sorted(PLAN.items())]
    (one,) = [one for one in document["standards"] if one["standard"] == "HAND"]
    assert one["references"][1] == {
        "reference": "2",
        "supported_by": ["L3.008"],
        "confidence": "unverified",
        "unverified": True,
    }
    assert one["missing"] == [{"reference": "3", "would_support": []}, {"reference": "4", "would_support": []}]
    frame = matrix.to_frame()
    assert len(frame) == sum(one.n_references for one in matrix.standards)
    hand = frame[frame["standard"] == "HAND"]
    assert hand["supported"].tolist() == [True, True, False, False]
    assert hand["unverified"].tolist() == [False, True, False, False]
    assert hand["supported_by"].tolist() == ["L2.017;L3.008", "L3.008", "", ""]


def test_no_crosswalk_at_all() -> None:
    bare = replace(TWO, catalogue=replace(TWO.catalogue, crosswalk=Crosswalk()))
    matrix = tenbin.coverage(bare, PLAN)
    assert matrix.standards == ()
    assert matrix.to_frame().empty
    with pytest.raises(InputError, match="There is none yet"):
        matrix.standard("HAND")


def test_names_that_are_wrong() -> None:
    with pytest.raises(InputError, match=r"must be a standard of the crosswalk; got HAN\. Did you mean HAND\?"):
        tenbin.coverage(CASE, PLAN).standard("HAN")
    assert tenbin.coverage(CASE, PLAN).standard("ｈａｎｄ").standard == "HAND"
    with pytest.raises(InputError, match="must be a plan's name"):
        tenbin.coverage(CASE, "nothing-of-this-name")
