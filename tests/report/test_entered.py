"""What was entered, in words of one language: no token of the tables, no id where there is a title."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import tenbin
from running.commands import ROOT
from tenbin.inputs import write_tables
from tenbin.reporting.report.entered import entered_tables
from tenbin.reporting.report.voice import Voice

TOKENS = re.compile(r"in_place|;|=|\d\.0\b|remote-access-wave|\b(utm|siem|backup|tokyo-cyber|it-security)\b")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@pytest.fixture(scope="module")
def tables():
    case = tenbin.load(ROOT / "scenarios" / "control-units-midtier")
    return {name: content for name, content in write_tables(case).items() if name != "case"}


def told(data, tables, lang):
    found = entered_tables(replace(data, tables=tables), Voice(lang, "JPY"))
    return {table.name: {row.id: row for row in table.rows} for table in found}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_token_is_left(data, tables, lang):
    rows = [row for table in told(data, tables, lang).values() for row in table.values()]
    assert len(rows) > 400
    assert [row.figures for row in rows if TOKENS.search(row.figures)] == []
    assert [row.basis for row in rows if lang == "ja" and row.basis and not JAPANESE.search(row.basis)] == []
    assert TOKENS.search("pareto(minimum=20000000.0, alpha=1.2)")  # the control


def test_the_words_of_some_rows(data, tables):
    ja, en = (told(data, tables, lang) for lang in ("ja", "en"))
    assert "1件の損失はパレート分布（最小2,000万円、裾の指数1.2）" in ja["scenarios"]["C-L1-01"].figures
    assert "loss of an event: gamma, mean ¥9.00M, coefficient of variation 1.2" in en["scenarios"]["C-L1-09"].figures
    assert "共通要因：VPN・遠隔保守の脆弱性が一斉に突かれる年" in ja["scenarios"]["C-L1-02"].figures
    assert ja["status"]["L1.001 上級"].figures == "実施済み、必須"
    assert en["status"]["L1.001 advanced"].figures == "in place, mandatory"
    assert ja["status"]["utm"].title == ja["shared"]["utm"].title == "運用監視付きファイアウォール（UTM）"
    assert ja["relations"]["L1.003 → L1.001"].figures == "前提"
    assert "until 31 March 2027" in en["subsidies"]["tokyo-cyber"].figures
    assert "subsidy: Tokyo cyber security subsidy" in en["shared"]["encryption-keys"].figures
    assert "（見積書なし）／" in ja["shared"]["utm"].basis
    assert "no quotation. Managed firewalls" in en["shared"]["utm"].basis


def test_what_has_no_japanese_is_shown_as_it_is(data, tables):
    header, rows = tables["shared"]
    blank = [["" if name.endswith("_ja") else cell for name, cell in zip(header, row, strict=True)] for row in rows]
    found = told(data, {**tables, "shared": (header, blank)}, "ja")["shared"]["utm"]
    assert found.title == "Managed firewall (UTM)"
    assert "no quotation／Managed firewalls" in found.basis


LAWS = {
    "weibull(scale=2000000.0, shape=0.7)": "loss of an event: Weibull, scale ¥2.00M, shape 0.7",
    "uniform(low=0.0, high=5000000.0)": "loss of an event: anything from ¥0 to ¥5.00M, all equally likely",
    "pert(low=1000000.0, mode=2000000.0, high=10000000.0)": "loss of an event: PERT, from ¥1.00M to ¥10.0M, most likely ¥2.00M",
    "mixture(0.8*tail(gamma(mean=2000000.0, cv=1.0), from=20000000.0, scale=8000000.0, shape=0.4), 0.2*fixed(3000000.0))": (
        "loss of an event: a mixture of 80% gamma, mean ¥2.00M, coefficient of variation 1; above ¥20.0M a generalised "
        "Pareto tail, scale ¥8.00M, shape 0.4 and 20% always ¥3.00M"
    ),
}


@pytest.mark.parametrize("law", LAWS)
def test_every_law_is_told(data, tables, law):
    header, rows = tables["scenarios"]
    row = dict(zip(header, rows[0], strict=True))
    row |= {"loss_p05": "", "loss_p95": "", "loss_model": law, "frequency_model": "negative_binomial(cv=1.2)"}
    row |= {"loss_forms": "productivity=0.5;fines=0.3;our own=0.2"}
    changed = {**tables, "scenarios": (header, [[row[name] for name in header]])}
    (en,), (ja,) = (told(data, changed, lang)["scenarios"].values() for lang in ("en", "ja"))
    assert LAWS[law] in en.figures
    assert "clustered in bad years (coefficient of variation 1.2)" in en.figures
    assert en.figures.endswith("of which lost production 50%, fines and claims 30%, our own 20%")
    assert not TOKENS.search(ja.figures)
    assert not re.search(r"[a-z]{4,}", ja.figures)


def test_ranges_of_costs_are_told(data, tables):
    header, rows = tables["measures"]
    row = dict(zip(header, rows[0], strict=True))
    row |= {"capex": 100_000, "capex_low": 60_000, "capex_high": 200_000}
    row |= {"effort_initial": 5, "effort_initial_low": 3, "effort_initial_high": "7.5"}
    changed = {**tables, "measures": (header, [[row[name] for name in header]])}
    (en,) = told(data, changed, "en")["measures"].values()
    assert "¥100k (¥60.0k to ¥200k) once" in en.figures
    assert "5 (3 to 7.5) days to set up" in en.figures


@pytest.mark.parametrize("text", ["fines;response", "<img src=x onerror=1>", "#1 a=b", "fines=most;response=1"])
def test_names_alone_are_no_shares(data, tables, text):
    header, rows = tables["scenarios"]
    row = dict(zip(header, rows[0], strict=True)) | {"loss_forms": text}
    changed = {**tables, "scenarios": (header, [[row[name] for name in header]])}
    (en,) = told(data, changed, "en")["scenarios"].values()
    assert "of which" not in en.figures
