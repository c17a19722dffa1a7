"""A user's own crosswalk: read, in the place of the bundled standard of its name, written and read back."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd

import tenbin
from tenbin.inputs import parse_target, write_case
from tenbin.model import Case, Confidence, Coverage, SchemeKind, Support

ROWS = (
    "measure,standard,reference,confidence,scheme_kind,source",
    "L2.017,BUYER,問10,medium,customer,our reading",
    "L3.008,BUYER,問10,,,",
    "L3.008,BUYER,問2,high,,",
    ",BUYER,問1,,,",
    "L3.016,CIS-8.1,1.1,low,,",
)


def own(small: Any, *rows: str) -> Case:
    case: Case = small.read([["crosswalk.csv", "\n".join(rows or ROWS) + "\n"]])
    return case


def test_it_is_read(small: Any) -> None:
    crosswalk = own(small).own_crosswalk
    assert crosswalk.supports == (
        Support("L3.008", "BUYER", "問2", Confidence.HIGH, SchemeKind.CUSTOMER),
        Support("L2.017", "BUYER", "問10", Confidence.MEDIUM, SchemeKind.CUSTOMER, "our reading"),
        Support("L3.008", "BUYER", "問10", Confidence.UNVERIFIED, SchemeKind.CUSTOMER),
        Support("L3.016", "CIS-8.1", "1.1", Confidence.LOW, SchemeKind.STANDARD),
    )
    assert crosswalk.references == {"BUYER": ("問1", "問2", "問10"), "CIS-8.1": ("1.1",)}


def test_it_stands_in_place_of_the_bundled_standard_of_its_name(small: Any) -> None:
    case, plain = own(small), small.read([["crosswalk.csv"]])
    assert case.crosswalk.references["CIS-8.1"] == ("1.1",)
    assert len(plain.crosswalk.references["CIS-8.1"]) == 153
    assert case.crosswalk.measures("CIS-8.1", "1.1") == ("L3.016",)
    assert case.crosswalk.references["NIST-CSF-2.0"] == plain.crosswalk.references["NIST-CSF-2.0"]
    assert set(case.crosswalk.standards) == {*plain.crosswalk.standards, "BUYER"}
    assert plain.own_crosswalk.standards == ()


def test_targets_know_it(small: Any) -> None:
    case = own(small)
    assert parse_target("covers/buyer=問10;問1", case).covers == Coverage("BUYER", None, ("問10", "問1"))
    assert parse_target("covers/BUYER=５０％", case).text == "covers/BUYER=50%"
    levels = [["case.toml", 'basic = ["survive=95%"]', 'basic = ["survive=95%", "covers/CIS-8.1=4.7;5.4;aal=3M"]']]
    assert small.read([*levels, ["crosswalk.csv"]]).levels["basic"] == ("survive=95%", "covers/CIS-8.1=4.7;5.4", "aal=3M")


def test_row_order_means_nothing(small: Any) -> None:
    case = own(small)
    for seed in range(5):
        rows = list(ROWS[1:])
        random.Random(seed).shuffle(rows)
        assert own(small, ROWS[0], *rows) == case


def test_only_the_users_own_rows_are_written(small: Any, tmp_path: Path) -> None:
    case = own(small)
    write_case(case, tmp_path / "one")
    again = tenbin.load(tmp_path / "one")
    assert again.own_crosswalk == case.own_crosswalk
    assert again.crosswalk == case.crosswalk
    assert (tmp_path / "one" / "crosswalk.csv").read_text(encoding="utf-8").count("\n") == len(ROWS)
    frames = tenbin.to_frames(case)
    assert isinstance(frames["crosswalk"], pd.DataFrame)
    assert len(frames["crosswalk"]) == len(ROWS) - 1
    assert tenbin.load(frames).own_crosswalk == case.own_crosswalk
    plain = small.read([["crosswalk.csv"]])
    assert "crosswalk" not in tenbin.to_frames(plain)
    write_case(plain, tmp_path / "two")
    assert not (tmp_path / "two" / "crosswalk.csv").exists()


def test_the_least_that_a_table_needs(small: Any) -> None:
    case = own(small, "measure,standard,reference", "L2.017,BUYER,1.1", ",BUYER,1.2")
    assert case.own_crosswalk.supports == (Support("L2.017", "BUYER", "1.1"),)


def test_an_empty_table_changes_nothing(small: Any) -> None:
    assert small.read([["crosswalk.csv", "measure,standard,reference\n"]]) == small.read([["crosswalk.csv"]])


def test_another_catalogue_has_no_bundled_crosswalk(small: Any) -> None:
    catalogue = "id,layer,components,title_en\nL1.001,1,data,a\nL2.017,2,thing;system,b\nL3.008,3,data,c\nL3.016,3,data,d\n"
    named = ["case.toml", 'catalogue = "cpsf-2018-draft"', 'catalogue = "ours.csv"']
    case = small.read([["ours.csv", catalogue], named])
    assert case.crosswalk.standards == ()
    mine = small.read([["ours.csv", catalogue], named, ["crosswalk.csv", "\n".join(ROWS) + "\n"]])
    assert mine.crosswalk.standards == ("BUYER", "CIS-8.1")
    assert mine.crosswalk.kinds["CIS-8.1"] is SchemeKind.CUSTOMER
