"""``tenbin calibrate`` as people type it: in both languages, its files, its row in a case, and what is wrong."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

import tenbin
from running import commands
from tenbin.cli.calibrated import Into
from tenbin.cli.render_calibration import told
from tenbin.storage import list_runs
from tenbin.storage.writing import finite
from tenbin.studies.examples import copy_example

TWO_CELLS = commands.ROOT / "scenarios" / "two-cells"
FAST = ("--bootstrap", 99)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    values = np.random.default_rng(7).lognormal(15, 1.2, 60)
    rows = "".join(f"2024-01-03,malware,{value / 1e4:.0f}万円\n" for value in values)
    (tmp_path / "incidents.csv").write_text(f"day,kind,loss\n{rows}", encoding="cp932")
    (tmp_path / "experts.csv").write_text("expert,p05,p50,p95,weight\nTanaka,1M,5M,40M,1\n佐藤,2M,,30M,2\n", encoding="utf-8")
    (tmp_path / "counts.csv").write_text("year,incidents\n2020,0\n2021,1\n2022,0\n2023,2\n2024,0\n", encoding="utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SAID = {
    "losses": (
        ("best", "Anderson–Darling p =", "weight", "loss_p05", "std. error"),
        ("最もよく合う", "アンダーソン・ダーリング", "重み", "loss_p05", "標準誤差"),
    ),
    "experts": (("2 experts together", "linear pool", "widened 1.59 times"), ("専門家2名", "線形統合", "1.59倍に広げました")),
    "counts": (("3 incidents in 5 years", "Poisson", "frequency_high"), ("5年間に3件", "ポアソン分布", "frequency_high")),
    "update": (("2 incidents in 5 years change", "before", "after"), ("5年間に2件", "更新前", "更新後")),
}


def asked(kind: str, own: Path) -> list[object]:
    if kind == "losses":
        return ["losses", own / "incidents.csv", *FAST]
    if kind == "experts":
        return ["experts", own / "experts.csv", "--overconfidence", "70%"]
    if kind == "counts":
        return ["counts", own / "counts.csv"]
    return ["update", "--frequency", "1/10", "--low", "1/30", "--high", "1/3", "--incidents", 2, "--years", 5]


@pytest.mark.parametrize(("kind", "lang"), [("losses", "en"), ("experts", "ja"), ("update", "ja")])
def test_it_is_said_and_kept(kind: str, lang: str, own: Path) -> None:
    out, said = commands.run("calibrate", *asked(kind, own), "--out", own / "results", lang=lang)
    assert not said
    for part in SAID[kind][lang == "ja"]:
        assert part in out
    (folder,) = (own / "results" / "calibrations").iterdir()
    assert str(folder) in out
    (row,) = rows(folder / "row.csv")
    assert row["basis"]
    assert row["basis_ja"]
    charts = {path.name.partition(".")[0] for path in (folder / "charts").iterdir()}
    assert charts == ({"losses-fit", "losses-quantiles"} if kind == "losses" else {kind})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == kind
    assert len(manifest["inputs"]) == (0 if kind == "update" else 1)
    if kind == "losses":
        found = tenbin.fit_losses(own / "incidents.csv", n_bootstrap=99)
        assert [law.name for law in found.laws] == [row["law"] for row in rows(folder / "laws.csv")]
        assert [law.ad_p for law in found.laws] == [float(row["ad_p"]) for row in rows(folder / "laws.csv")]
        assert found.thresholds is not None
        assert len(rows(folder / "thresholds.csv")) == len(found.thresholds.candidates)
    assert list_runs(own / "results") == []  # the latest run stays the latest plan


def test_quiet_still_prints_the_result(own: Path) -> None:
    out, said = commands.run("calibrate", *asked("update", own), "--out", own / "results", "--quiet")
    assert not said
    assert all(part in out for part in SAID["update"][0])
    assert "frequency_high" in out


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("kind", SAID)
def test_what_is_said_in_both_languages(kind: str, lang: str, own: Path) -> None:
    found = {
        "losses": lambda: tenbin.fit_losses(own / "incidents.csv", n_bootstrap=99),
        "experts": lambda: tenbin.pool_experts(own / "experts.csv", overconfidence="70%"),
        "counts": lambda: tenbin.fit_counts(own / "counts.csv"),
        "update": lambda: tenbin.update_frequency("1/10", "1/30", "1/3", incidents=2, years=5),
    }[kind]()
    blocks = list(told(found, "S-1", own, lang))
    text = "\n".join(str(block) for block in blocks)
    for part in SAID[kind][lang == "ja"]:
        assert part in text
    assert "S-1" in text
    assert (re.search("[ぁ-んァ-ヶ]", text) is None) == (lang == "en")


def test_one_document(own: Path) -> None:
    document = json.loads(commands.run("calibrate", *asked("counts", own), "--json", "--out", own / "results", lang="ja")[0])
    assert Path(document["run"]).is_dir()
    assert [Path(path).name for path in document["charts"]] == ["counts.ja.png", "counts.ja.svg"]
    assert document["row"]["basis_ja"].startswith("推定：")
    alone = finite(tenbin.fit_counts(own / "counts.csv").to_dict())
    assert {key: document[key] for key in alone if key not in ("chosen_by", "warnings")} == {
        key: value for key, value in alone.items() if key not in ("chosen_by", "warnings")
    }
    assert document["chosen_by"] == "件数のばらつきがポアソン分布と矛盾しないため（p=0.51）"


def test_a_scenario_s_row_is_put_into_its_table(own: Path) -> None:
    case = tenbin.load(TWO_CELLS)
    name = case.scenarios[0].id
    where = ("--scenario", name, "--case", TWO_CELLS, "--out", own / "results")
    document = json.loads(commands.run("calibrate", *asked("experts", own), "--json", *where)[0])
    assert document["scenario"] == name
    table = rows(Path(document["run"]) / "scenarios.csv")
    assert list(table[0]) == list(tenbin.to_frames(case)["scenarios"].columns)
    row = next(row for row in table if row["id"] == name)
    assert float(row["loss_p95"]) == document["row"]["loss_p95"]
    assert row["basis"].startswith(case.scenario(name).basis)
    assert row["basis"].endswith(document["row"]["basis"])
    folder = copy_example("two-cells", own / "case")
    (folder / "scenarios.csv").write_bytes((Path(document["run"]) / "scenarios.csv").read_bytes())
    changed = tenbin.load(folder)
    assert changed.scenario(name).severity.model.quantile(0.95) == pytest.approx(document["row"]["loss_p95"], rel=1e-6)
    assert changed.scenarios[1:] == case.scenarios[1:]


def test_a_scenario_s_own_range_is_updated(own: Path) -> None:
    folder = commands.ROOT / "scenarios" / "machine-parts-sme"
    where = ("--scenario", "S-L1-03", "--case", folder, "--out", own / "results", "--json")
    document = json.loads(commands.run("calibrate", "update", "--incidents", 1, "--years", 10, *where)[0])
    believed = tenbin.load(folder).scenario("S-L1-03").frequency
    assert document["asked"] == {
        "frequency_low": believed.low,
        "frequency": believed.likely,
        "frequency_high": believed.high,
    }
    with pytest.raises(tenbin.InputError, match="Did you mean S-L1-03"):
        Into.of("S-L1-3", folder)
    with pytest.raises(tenbin.InputError, match="--low: must be given, unless --scenario has it"):
        Into.of(None, folder).believed("1/10", None, None)
    with pytest.raises(tenbin.InputError, match="--currency: must be"):
        Into.of(None, folder, "yens")


def test_what_is_wrong_is_said_and_nothing_is_written(own: Path) -> None:
    bad = own / "bad.csv"
    bad.write_text("loss\n1M\n-2\nmany\n", encoding="utf-8")
    arguments = ("calibrate", "losses", bad, "--law", "lognormall", "--out", own / "results")
    out, said = commands.run(*arguments, "--json", code=2, lang="ja")
    document = json.loads(out)
    assert document["status"] == "invalid"
    assert [(problem["file"], problem["row"]) for problem in document["problems"]] == [
        ("--law", 0),
        (str(bad), 3),
        (str(bad), 4),
    ]
    assert "0より大きい金額" in said
    assert "lognormal" in document["problems"][0]["remedy"]
    assert not (own / "results").exists()
