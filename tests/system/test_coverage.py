"""``tenbin coverage`` as people type it, in a process of its own."""

from __future__ import annotations

import json
import re

import pytest

import tenbin
from running import commands

SME = commands.ROOT / "scenarios" / "machine-parts-sme"
PROMISES = re.compile(r"certif|complian|compliant|conform|準拠|適合|認証取得|認定", re.IGNORECASE)


def run(*arguments: object, code: int = 0, lang: str = "en") -> str:
    """What is read: the answer, or the error where there is none."""
    out, said = commands.run("coverage", *arguments, code=code, lang=lang)
    return out if code == 0 or "--json" in arguments else said


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_line_for_each_standard_and_how_much_is_unverified(lang: str) -> None:
    text = run(SME, lang=lang)
    matrix = tenbin.coverage(tenbin.load(SME), "current")
    for one in matrix.standards:
        assert one.standard in text
    assert matrix.n_unverified > 0
    unverified = f"Unverified supports: {matrix.n_unverified} of {matrix.n_supports}."
    japanese = f"対応づけ{matrix.n_supports}件のうち、未確認のものは{matrix.n_unverified}件です。"
    assert (unverified if lang == "en" else japanese) in text
    assert not PROMISES.search(text)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_standard_reference_by_reference(lang: str) -> None:
    text = run(SME, "--standard", "security-action-2", lang=lang)
    one = tenbin.coverage(tenbin.load(SME), "current").standard("SECURITY-ACTION-2")
    for name, measures in one.missing.items():
        assert re.search(rf"^ {re.escape(name)} .*{re.escape(measures[0])}", text, re.MULTILINE), name
    assert ("Unverified supports: 0 of" if lang == "en" else "未確認のものは0件") in text
    assert "CIS-8.1" not in text
    assert not PROMISES.search(text)


def test_the_document() -> None:
    document = json.loads(run(SME, "--plan", "L1.006=basic,L3.016=basic", "--standard", "NIST-CSF-2.0", "--json"))
    assert document["schema"] == 1
    assert [entry["measure"] for entry in document["plan"]] == ["L1.006", "L3.016"]
    (one,) = document["standards"]
    assert (one["standard"], one["n_references"], one["n_supported"]) == ("NIST-CSF-2.0", 106, 4)
    assert {row["reference"] for row in one["references"] if row["supported_by"]} == {
        "PR.AT-01",
        "PR.AT-02",
        "DE.CM-01",
        "PR.IR-01",
    }
    assert (document["n_unverified"], one["n_unverified"]) == (0, 0)
    assert json.loads(run(SME, "--plan", "L1.006=basic", "--json"))["n_unverified"] > 0


def test_what_is_wrong_is_said() -> None:
    assert "--standard: must be a standard of the crosswalk; got CIS-8. Did you mean CIS-8.1?" in run(
        SME, "--standard", "CIS-8", code=2
    )
    document = json.loads(run(SME, "--plan", "nobody", "--json", code=2))
    assert document["status"] == "invalid"
    assert document["problems"][0]["file"] == "--plan"
