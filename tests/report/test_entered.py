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
