"""Every sentence that the command line prints, in both languages."""

from __future__ import annotations

import locale
import os

__all__ = ["WORDS", "language", "say"]

WORDS: dict[str, dict[str, str]] = {
    "answer": {
        "en": "For {per_year} a year ({first_year} in the first year) {metric} falls from {before} to {after}.",
        "ja": "年間{per_year}（初年度は{first_year}）で、{metric}は{before}から{after}に下がります。",
    },
    "answer_up": {
        "en": "For {per_year} a year ({first_year} in the first year) {metric} goes from {before} to {after}.",
        "ja": "年間{per_year}（初年度は{first_year}）で、{metric}は{before}から{after}になります。",
    },
    "today_costs": {"en": "Today's measures cost {per_year} a year.", "ja": "今の対策の費用は年間{per_year}です。"},
    "proved": {
        "en": "On the figures entered no cheaper set meets this target (mathematical proof).",
        "ja": "入力された数字の上では、この目標を満たすこれより安い組み合わせはありません（数学的な証明）。",
    },
    "audited": {
        "en": "On the figures entered no cheaper set was found. Every cheaper set that our estimate puts within {delta} of the "
        "target was checked on the same {n} simulated years.",
        "ja": "入力された数字の上では、これより安い組み合わせは見つかりませんでした。推定で目標から{delta}以内に入る、"
        "より安い組み合わせは、同じ{n}年分のシミュレーションですべて確かめました。",
    },
    "gap": {
        "en": "A set up to {gap} cheaper may exist; the search was stopped.",
        "ja": "最大で{gap}安い組み合わせが存在する可能性があります（探索を途中で止めました）。",
    },
    "gap_years": {
        "en": "A set up to {gap} cheaper may exist: only {tail} of the years lie in the tail asked about. {years} years would do.",
        "ja": "最大で{gap}安い組み合わせが存在する可能性があります。目標に関わる悪い年が{tail}年分しかないためで、{years}年あれば足ります。",
    },
    "gap_risk": {
        "en": "Within this budget {metric} might still be up to {gap} lower.",
        "ja": "この予算で{metric}をさらに最大{gap}下げられる可能性があります。",
    },
    "proved_risk": {
        "en": "On the figures entered nothing within this budget leaves less (mathematical proof).",
        "ja": "入力された数字の上では、この予算でこれより下げる方法はありません（数学的な証明）。",
    },
    "audited_risk": {
        "en": "On the figures entered nothing better within this budget was found, within {delta}.",
        "ja": "入力された数字の上では、この予算でこれより良い組み合わせは（{delta}の範囲で）見つかりませんでした。",
    },
    "if_changed": {
        "en": "If the figures change, the answer may.",
        "ja": "数字が変われば、答えも変わることがあります。",
    },
    "metric_aal": {"en": "the expected loss a year", "ja": "年間の予想損失額"},
    "metric_var": {"en": "the loss that {p} of 100 years stay below", "ja": "100年のうち{p}年が下回る損失額"},
    "metric_tvar": {
        "en": "the loss of a bad year (average of the worst {q} of 100 years)",
        "ja": "悪い年の損失額（100年のうち最悪の{q}年の平均）",
    },
    "infeasible": {
        "en": "No plan meets the targets. The lowest value within reach:",
        "ja": "目標を満たす組み合わせはありません。到達できる最小の値：",
    },
    "interrupted": {
        "en": "Stopped. This is the best plan known so far.",
        "ja": "中断しました。これまでに分かっている最良の組み合わせです。",
    },
    "interrupted_empty": {"en": "Stopped before a plan was known.", "ja": "組み合わせが見つかる前に中断しました。"},
    "failed": {"en": "The solver stopped without a plan.", "ja": "ソルバーが解を出さずに止まりました。"},
    "plan": {"en": "The plan", "ja": "対策の組み合わせ"},
    "measure": {"en": "measure", "ja": "対策"},
    "level": {"en": "level", "ja": "水準"},
    "title": {"en": "title", "ja": "名称"},
    "change": {"en": "change", "ja": "変更"},
    "add": {"en": "add", "ja": "追加"},
    "raise": {"en": "raise", "ja": "引上げ"},
    "lower": {"en": "lower", "ja": "引下げ"},
    "keep": {"en": "keep", "ja": "継続"},
    "drop": {"en": "drop", "ja": "取止め"},
    "once": {"en": "once", "ja": "初期"},
    "yearly": {"en": "a year", "ja": "毎年"},
    "shared": {"en": "(shared)", "ja": "（共通）"},
    "subsidy": {"en": "(subsidy)", "ja": "（補助金）"},
    "target": {"en": "target", "ja": "目標"},
    "limit": {"en": "limit", "ja": "上限"},
    "value": {"en": "value", "ja": "値"},
    "met": {"en": "met", "ja": "達成"},
    "outside": {"en": "on other years", "ja": "別の年で"},
    "yes": {"en": "yes", "ja": "はい"},
    "no": {"en": "no", "ja": "いいえ"},
    "inherent": {"en": "nothing in place", "ja": "対策なし"},
    "today": {"en": "today", "ja": "現在"},
    "after": {"en": "after", "ja": "実施後"},
    "risk": {"en": "Risk", "ja": "リスク"},
    "cost": {"en": "Cost", "ja": "費用"},
    "npv": {"en": "whole horizon (npv)", "ja": "全期間（現在価値）"},
    "per_year": {"en": "per year", "ja": "年あたり"},
    "first_year": {"en": "first year", "ja": "初年度"},
    "first_year_cash": {"en": "first-year cash", "ja": "初年度の支払い"},
    "days_first_year": {"en": "days, first year", "ja": "作業日数（初年度）"},
    "days_per_year": {"en": "days a year", "ja": "作業日数（毎年）"},
    "violations": {"en": "breaks", "ja": "違反"},
    "aal": {"en": "expected loss a year", "ja": "年間予想損失額"},
    "var95": {"en": "VaR95: 95 of 100 years stay below", "ja": "VaR95：100年中95年が下回る"},
    "tvar95": {"en": "TVaR95: average of the worst 5 of 100", "ja": "TVaR95：最悪5%の年の平均"},
    "var99": {"en": "VaR99: 99 of 100 years stay below", "ja": "VaR99：100年中99年が下回る"},
    "tvar99": {"en": "TVaR99: average of the worst 1 of 100", "ja": "TVaR99：最悪1%の年の平均"},
    "good_case": {
        "en": "{title}: {scenarios} scenarios, {effects} effects, {rows} rows of costs. No errors.",
        "ja": "{title}：シナリオ{scenarios}件、効果{effects}件、費用{rows}行。誤りはありません。",
    },
    "ring": {"en": "Does this ring true?", "ja": "この数字は実感に合いますか？"},
    "ring_text": {
        "en": "By these figures a company like yours, with today's measures, has about one incident above {amount} in {years} "
        "years, and a year with none in {none} of 10. It expects to lose {aal} a year.",
        "ja": "この数字では、今の対策のもとで、貴社のような会社には{amount}を超える被害が約{years}年に1件あり、"
        "10年のうち{none}年はそうした被害のない年です。損失の予想は年間{aal}です。",
    },
    "ring_top": {"en": "The three scenarios that matter most:", "ja": "最も影響の大きい3つのシナリオ："},
    "of_loss": {"en": "{share} of the expected loss, {frequency}", "ja": "予想損失の{share}、{frequency}"},
    "charts": {"en": "Charts", "ja": "図"},
    "run_folder": {"en": "Everything is in {path}", "ja": "結果はすべて {path} にあります"},
    "compiling": {
        "en": "Preparing the fast code, once on this machine; about 15 seconds …",
        "ja": "高速計算の準備をしています（この機械で最初の1回だけ、約15秒）…",
    },
    "simulate": {"en": "simulating years", "ja": "年のシミュレーション"},
    "search": {"en": "searching", "ja": "探索"},
    "polish": {"en": "checking cheaper plans", "ja": "より安い案の確認"},
    "validate": {"en": "checking on other years", "ja": "別の年での確認"},
    "best_so_far": {"en": "best {cost}, gap {gap}", "ja": "最良 {cost}、差 {gap}"},
    "warning": {"en": "warning", "ja": "注意"},
    "tightened": {
        "en": "The limits were tightened {n} times, because other years missed them.",
        "ja": "別の年では目標を外れたため、上限を{n}回引き締めました。",
    },
    "tax": {
        "en": "Amounts exclude consumption tax. This is an estimate, not a guarantee.",
        "ja": "金額は消費税を含みません。これは見積もりであり、保証ではありません。",
    },
    "made": {
        "en": "A case to edit is in {path}. Next: tenbin check {path}",
        "ja": "編集用の事例を {path} に作りました。次は tenbin check {path}",
    },
    "keep_today": {"en": "Keep today's level for less", "ja": "今の水準をより安く保つ"},
    "pays_for_itself": {"en": "Pays for itself", "ja": "元が取れる"},
    "survives": {"en": "Survives a bad year", "ja": "悪い年を乗り切る"},
    "cost_and_loss": {
        "en": "Cost and expected loss together come to {total} a year; today {today}. No other set comes to less (proof: {proof}).",
        "ja": "費用と予想損失の合計は年間{total}です（現在は{today}）。これより小さい組み合わせはありません（証明：{proof}）。",
    },
    "unknown_term": {"en": "No term {term}. Near: {near}", "ja": "「{term}」という用語はありません。近いもの：{near}"},
    "no_runs": {"en": "No runs in {path} yet.", "ja": "{path} にはまだ結果がありません。"},
    "problems": {"en": "{n} problem(s); nothing was written.", "ja": "誤りが{n}件あります。何も書き込んでいません。"},
    "no_japanese_font": {"en": "{advice}", "ja": "{advice}"},
}


def language(asked: str | None = None) -> str:
    """``ja`` or ``en``: what was asked, ``TENBIN_LANG``, else the system's."""
    for text in (asked, os.environ.get("TENBIN_LANG")):
        if text in ("ja", "en"):
            return text
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "ja" if os.environ[name].lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def say(key: str, lang: str, **values: object) -> str:
    """The sentence of a key."""
    return WORDS[key][lang].format(**values)
