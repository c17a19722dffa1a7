"""Crosswalks by hand, the bundled one's rules, and what coverage targets ask of the cost table."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import tenbin
from tenbin.catalogue.standards import bundled_crosswalk
from tenbin.evaluation import Evaluator, Reduction
from tenbin.inputs import parse_target
from tenbin.model import Case, Confidence, Crosswalk, SchemeKind, Support
from tenbin.studies.scopes import Question

ROOT = Path(__file__).parents[2]
TWO = tenbin.load(ROOT / "scenarios" / "two-cells")
HAND = Crosswalk.of(
    [Support("B", "S", "1.10"), Support("A", "S", "1.9"), Support("A", "S", "1.10"), Support("A", "T", "x")],
    [("S", "1.2"), ("T", "x")],
    {"S": SchemeKind.SCHEME},
)


def test_references_stand_in_natural_order() -> None:
    assert HAND.references == {"S": ("1.2", "1.9", "1.10"), "T": ("x",)}
    assert [(s.standard, s.reference, s.measure) for s in HAND.supports] == [
        ("S", "1.9", "A"),
        ("S", "1.10", "A"),
        ("S", "1.10", "B"),
        ("T", "x", "A"),
    ]
    assert HAND.kinds == {"S": SchemeKind.SCHEME, "T": SchemeKind.CUSTOMER}


def test_what_chosen_measures_support() -> None:
    assert HAND.supported("S", ()) == ()
    assert HAND.supported("S", {"B"}) == ("1.10",)
    assert HAND.supported("S", {"A", "C"}) == ("1.9", "1.10")
    assert HAND.measures("S", "1.10") == ("A", "B")
    assert HAND.measures("S", "1.2") == ()
    assert HAND.supporting("S")["1.2"] == ()
    with pytest.raises(KeyError):
        HAND.supported("U", {"A"})


def test_a_standard_is_replaced_whole() -> None:
    other = Crosswalk.of([Support("C", "S", "9")], [("S", "8")], {})
    both = HAND.replaced(other)
    assert both.references == {"S": ("8", "9"), "T": ("x",)}
    assert {s.measure for s in both.supports if s.standard == "S"} == {"C"}
    assert HAND.replaced(Crosswalk()) == HAND
    assert Crosswalk().replaced(HAND) == HAND


@pytest.mark.parametrize(
    ("standard", "n_references", "n_supported", "n_unverified"),
    [
        ("CIS-8.1", 153, 39, 0),
        ("CPSF-1.0", 104, 64, 72),
        ("IEC-62443-3-3", 51, 27, 0),
        ("ISO-27001-2022", 93, 48, 0),
        ("NIST-CSF-2.0", 106, 45, 0),
        ("SCS", 7, 7, 19),
        ("SECURITY-ACTION-1", 6, 6, 2),
        ("SECURITY-ACTION-2", 25, 25, 0),
    ],
)
def test_the_bundled_crosswalk(standard: str, n_references: int, n_supported: int, n_unverified: int) -> None:
    crosswalk = bundled_crosswalk()
    assert len(crosswalk.references[standard]) == n_references
    held = crosswalk.supported(standard, TWO.catalogue.measure_ids)
    assert len(held) == n_supported
    entries = [s for s in crosswalk.supports if s.standard == standard]
    assert sum(s.confidence is Confidence.UNVERIFIED for s in entries) == n_unverified
    assert {s.measure for s in entries} <= TWO.catalogue.measure_ids
    assert crosswalk.kinds[standard] is (SchemeKind.SCHEME if standard[0] == "S" or "CPSF" in standard else SchemeKind.STANDARD)


def test_every_measure_supports_something() -> None:
    assert {s.measure for s in bundled_crosswalk().supports} == TWO.catalogue.measure_ids
    assert bundled_crosswalk() is bundled_crosswalk()


def test_a_case_made_by_hand_has_the_catalogues_crosswalk() -> None:
    case = Case("by hand", TWO.catalogue, TWO.scenarios, TWO.effects, TWO.costs)
    assert case.crosswalk == bundled_crosswalk()
    assert replace(case, catalogue=replace(TWO.catalogue, crosswalk=Crosswalk())).crosswalk == Crosswalk()


def with_hand(*supports: tuple[str, str], others: tuple[str, ...] = ()) -> Case:
    """two-cells with a standard ``HAND`` of its own."""
    crosswalk = Crosswalk.of([Support(m, "HAND", r) for m, r in supports], [("HAND", r) for r in others], {})
    return replace(TWO, own_crosswalk=crosswalk)


CASE = with_hand(("L2.017", "a"), ("L3.008", "a"), ("L3.008", "b"), ("L3.016", "c"), ("L1.001", "d"), others=("e",))


def covers(text: str, case: Case = CASE) -> tuple[tuple[tuple[int, ...], ...], int, str]:
    (cover,) = Question(case, (parse_target(text, case),)).covers()
    return cover.groups, cover.at_least, cover.label


def test_groups_are_the_rows_of_measures_that_support() -> None:
    rows = [row.measure for row in CASE.costs.rows]
    groups, at_least, label = covers("covers/hand=50%")
    assert [{rows[n] for n in group} for group in groups] == [{"L2.017", "L3.008"}, {"L3.008"}, {"L3.016"}, set(), set()]
    assert [len(group) for group in groups] == [sum(row in ("L2.017", "L3.008") for row in rows), rows.count("L3.008"), 1, 0, 0]
    assert (at_least, label) == (3, "covers/HAND=50%")
    groups, at_least, label = covers("covers/HAND=c;a;c")
    assert [{rows[n] for n in group} for group in groups] == [{"L3.016"}, {"L2.017", "L3.008"}]
    assert (at_least, label) == (2, "covers/HAND=c;a")


@pytest.mark.parametrize(
    ("share", "at_least"), [("20%", 1), ("20.0000001%", 2), ("40%", 2), ("60%", 3), ("80%", 4), ("100%", 5), ("0.001%", 1)]
)
def test_a_share_is_counted_exactly(share: str, at_least: int) -> None:
    assert covers(f"covers/HAND={share}")[1] == at_least


def test_a_share_in_floating_point_would_be_wrong() -> None:
    """The control: 7 % of 100 references are 7, not the 8 that binary numbers give."""
    many = with_hand(("L2.017", "0"), others=tuple(str(n) for n in range(1, 100)))
    assert covers("covers/HAND=7%", many)[1] == 7
    assert math.ceil(0.07 * 100) == 8
    assert parse_target("covers/HAND=7%", many).covers.share == Decimal("0.07")  # type: ignore[union-attr]


def test_a_plan_meets_a_cover_as_the_model_counts() -> None:
    rows = CASE.costs.rows
    (cover,) = Question(CASE, (parse_target("covers/HAND=60%", CASE),)).covers()
    seen = set()
    for chosen in itertools.product([False, True], repeat=len(rows)):
        measures = {row.measure for row, is_chosen in zip(rows, chosen, strict=True) if is_chosen}
        counted = cover.supported(np.array(chosen))
        assert counted == len(CASE.crosswalk.supported("HAND", measures))
        seen.add(counted >= cover.at_least)
    assert seen == {False, True}
    assert cover.reachable == 3


def test_covers_are_no_limits_and_limits_no_covers() -> None:
    events = tenbin.simulate(CASE, 1000, 1)
    targets = tuple(parse_target(text, CASE) for text in ("aal=3M", "covers/HAND=20%", "keep=current"))
    question = Question(CASE, targets)
    labels = [limit.label for limit in question.limits(Evaluator(events), Reduction.of(CASE))]
    assert labels[0] == "aal=3M"
    assert all(label.startswith("keep=current") for label in labels[1:])
    assert [cover.label for cover in question.covers()] == ["covers/HAND=20%"]
