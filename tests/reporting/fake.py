"""A made-up run for the charts: a machine-parts maker of 60 people, heavy-tailed, about 60 million yen a year inherent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from tenbin.reporting import (
    AbatementRow,
    CashFlow,
    Change,
    ChartData,
    CostKind,
    CostRow,
    FrontierData,
    FrontierMark,
    Label,
    LevelRow,
    Step,
    TargetRow,
)
from tenbin.studies.converging import convergence

LAYERS = (
    Label("1", "企業間のつながり", "Connections between organisations"),
    Label("2", "フィジカル空間とサイバー空間のつながり", "Mutual connections between cyberspace and physical space"),
    Label("3", "サイバー空間におけるつながり", "Connections in cyberspace"),
)
COMPONENTS = (
    Label("organisation", "組織", "Organisation"),
    Label("people", "ヒト", "People"),
    Label("components", "モノ", "Components"),
    Label("data", "データ", "Data"),
    Label("procedure", "プロシージャ", "Procedure"),
    Label("system", "システム", "System"),
)
MEASURES = (
    ("L3.016", "IoT機器、サーバへの広域ネットワークからの不正侵入対策", "add", 1_450_000, 620_000, -41200000.0),
    ("L1.006", "セキュリティポリシーの策定、体制の整備", "add", 300_000, 240_000, -22500000.0),
    ("L3.020", "サイバー空間における送受信情報（データ）の改ざん対策", "add", 480_000, 180_000, -15800000.0),
    ("L2.013", "IoT機器の継続的な脆弱性対策", "raise", 250_000, 410_000, -14100000.0),
    ("L1.009", "事業継続計画又はコンティンジェンシープランへの反映", "add", 400_000, 120_000, -12600000.0),
    ("L3.008", "サイバー空間の可用性維持", "add", 520_000, 96_000, -8900000.0),
    ("L2.017", "ネットワークの分離（IoT機器等の側）", "raise", 350_000, 60_000, -6400000.0),
    ("L1.003", "セキュリティインシデントへの対応の明確化", "add", 100_000, 64_000, -5200000.0),
    ("L3.004", "サイバー空間における接続相手の識別", "keep", 0, 180_000, 0.0),
    ("L1.005", "セキュリティ対策のPDCA実施", "keep", 0, 90_000, 0.0),
    ("L2.009", "IoT機器等の可用性維持", "add", 60_000, 20_000, -1100000.0),
    ("L2.021", "IoT機器の不正動作の検知", "drop", 0, 0, 6900000.0),
    ("L1.004", "サプライヤーとの保守契約", "add", 30_000, 45_000, -700000.0),
)
"""Id, title, what the plan does, capex, opex, change of the metric."""

ENGLISH = {
    "L3.016": "Protection of IoT devices and servers against intrusion from wide-area networks",
    "L1.006": "Security policy and organisation",
    "L3.020": "Protection of data sent and received in cyberspace against falsification",
    "L2.013": "Continuous vulnerability handling of IoT devices",
    "L1.009": "Reflection in the business continuity or contingency plan",
    "L3.008": "Availability of cyberspace",
    "L2.017": "Network separation on the IoT device side",
    "L1.003": "Defined response to security incidents",
    "L3.004": "Identification of connection partners in cyberspace",
    "L1.005": "PDCA cycle for security measures",
    "L2.009": "Availability of IoT devices",
    "L2.021": "Detection of improper operation of IoT devices",
    "L1.004": "Maintenance contracts with suppliers",
}


def years(n_trials: int, seed: int, frequency: float, median: float, sigma: float) -> np.ndarray:
    """Compound Poisson years with lognormal losses."""
    draw = np.random.default_rng(seed)
    counts = draw.poisson(frequency, n_trials)
    losses = draw.lognormal(np.log(median), sigma, counts.sum())
    return np.bincount(np.repeat(np.arange(n_trials), counts), losses, n_trials)


def tail_mean(losses: np.ndarray, share: float) -> float:
    ordered = np.sort(losses)
    return float(ordered[-round(share * len(ordered)) :].mean())


def cash_flow(n_years: int, scale: float = 1.0, subsidy: float = 1_025_000.0) -> CashFlow:
    """Purchases and a subsidy in year one, the same each year after."""
    first = np.arange(n_years) == 0
    return CashFlow(
        capex=first * 3_040_000.0 * scale,
        opex=np.full(n_years, 3_325_000.0) * scale,
        effort=(first * 1_650_000.0 + 900_000.0) * scale,
        subsidy=first * subsidy * scale,
        today=np.full(n_years, 1_400_000.0) * scale,
    )


def frontier_data(n_plans: int = 10, n_measures: int = 13, **changes: Any) -> FrontierData:
    """Ever dearer and safer plans; measure n comes in with plan n, goes up a level later, and some go again."""
    plans = tuple(FrontierMark(1.2e6 * 1.4 ** (n * 10 / n_plans), 34e6 * 0.85 ** (n * 10 / n_plans)) for n in range(n_plans))
    rows = []
    for m in range(n_measures):
        measure = MEASURES[m % len(MEASURES)]
        label = Label(measure[0], measure[1], ENGLISH[measure[0]]) if m < len(MEASURES) else Label(f"L{m % 3 + 1}.{m:03}")
        first = m % n_plans
        chosen = tuple(
            0 if n < first or (m % 4 == 3 and n == first + 2) else min(1 + (n - first) // 3, 3) for n in range(n_plans)
        )
        rows.append(LevelRow(label, label.id[1], ("basic", "standard", "advanced"), chosen, m % 2))
    rows.append(LevelRow(Label("L1.999", "いつもの対策", "An always present measure"), "1", ("",), (1,) * n_plans, 1))
    data = FrontierData(
        Label("machine-parts-sme", "機械部品メーカー（60名）", "Machine-parts maker (60 people)"),
        "tvar95",
        plans,
        today=FrontierMark(2.6e6, 29e6),
        knee=n_plans * 6 // 10,
        least_total=n_plans * 2 // 10,
        n_trials=100_000,
        layers=LAYERS,
        measures=tuple(rows),
    )
    return replace(data, **changes)


def chart_data(n_trials: int = 100_000, **changes: Any) -> ChartData:
    inherent = years(n_trials, 1, 3.1, 7.2e6, 1.25)
    today = years(n_trials, 2, 2.1, 6.0e6, 1.25)
    after = years(n_trials, 3, 1.0, 4.4e6, 1.2)
    before, left = tail_mean(today, 0.05), tail_mean(after, 0.05)
    raw = sum(measure[5] for measure in MEASURES)
    draw = np.random.default_rng(5)
    heat = draw.gamma(0.7, 1.0, (3, 6))
    heat[0, 2] = 0.0
    cut = heat * draw.uniform(0.2, 0.7, (3, 6))
    costs = [
        CostRow(
            Label(measure, title, ENGLISH[measure]),
            capex,
            opex,
            Change(change),
            level="standard" if change == "raise" else "",
            saved=210_000.0 * (change == "drop"),
        )
        for measure, title, change, capex, opex, _ in MEASURES
    ]
    costs += [
        CostRow(Label("siem", "ログ収集と監視", "Log collection and watching"), 600_000, 1_200_000, kind=CostKind.SHARED),
        CostRow(Label("mfa-platform", "", ""), 150_000, 300_000, kind=CostKind.SHARED),
        CostRow(
            Label("it-introduction", "IT導入補助金（セキュリティ対策推進枠）", "IT introduction subsidy, security promotion"),
            -1_025_000,
            0,
            kind=CostKind.SUBSIDY,
        ),
    ]
    data = ChartData(
        title=Label("machine-parts-sme", "機械部品メーカー（60名）", "Machine-parts maker (60 people)"),
        annual_loss_inherent=inherent,
        annual_loss_today=today,
        annual_loss_after=after,
        has_today=True,
        layers=LAYERS,
        components=COMPONENTS,
        heat_before=heat / heat.sum() * today.mean(),
        heat_after=cut / cut.sum() * after.mean(),
        metric="tvar95",
        metric_before=before,
        metric_after=left,
        metric_before_range=(before * 0.985, before * 1.015),
        metric_after_range=(left * 0.98, left * 1.02),
        targets=(
            TargetRow("tvar95=60%", "tvar", Decimal("0.95"), 0.6 * before),
            TargetRow("survive=99%", "var", Decimal("0.99"), 120e6),
        ),
        costs=tuple(costs),
        steps=tuple(Step(Label(m[0], m[1], ENGLISH[m[0]]), m[5] * (left - before) / raw) for m in MEASURES if m[5]),
        abatement=tuple(
            AbatementRow(Label(m[0], m[1], ENGLISH[m[0]]), 4e6 * 0.7**n, m[3] / 5 + m[4], Change(m[2]))
            for n, m in enumerate(MEASURES)
            if m[2] != "drop"
        ),
        cash_flow=cash_flow(5),
        convergence=convergence(after, "tvar95", limit=0.6 * before),
        sentence_ja="年間平均390万円（初年度672万円）で、悪い年の損失は1.6億円から6,000万円に下がります。"
        "入力された数値のもとで、これより安い組み合わせはありません（数学的に証明済み）。",
        sentence_en="For ¥3.90M a year (¥6.72M in the first year) the loss of a bad year falls from ¥160M to ¥60.0M. "
        "On the figures entered no cheaper set meets this target (mathematical proof).",
    )
    return replace(data, **changes)
