"""Every sentence that the commands print, in both languages (what ``--help`` says stands in ``helps``)."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence

from tenbin.cli.words_frontier import FRONTIER
from tenbin.cli.words_reasons import REASONS

__all__ = ["WORDS", "asked_language", "language", "say"]

WORDS: dict[str, dict[str, str]] = {
    # the answer
    "answer_falls": {
        "en": "For {per_year} a year ({first_year} in the first year{today}) {metric} falls from {before} to {after}.",
        "ja": "年間{per_year}（初年度は{first_year}{today}）で、{metric}は{before}から{after}に下がります。",
    },
    "answer_rises": {
        "en": "For {per_year} a year ({first_year} in the first year{today}) {metric} goes from {before} to {after}.",
        "ja": "年間{per_year}（初年度は{first_year}{today}）で、{metric}は{before}から{after}になります。",
    },
    "answer_stays": {
        "en": "For {per_year} a year ({first_year} in the first year{today}) {metric} stays at {after}.",
        "ja": "年間{per_year}（初年度は{first_year}{today}）で、{metric}は{after}のままです。",
    },
    "answer_today": {"en": "; today {per_year} a year", "ja": "、現在は年間{per_year}"},
    "metric_in_sentence": {"en": "the {metric}", "ja": "{metric}"},
    # the certificate
    "proved": {
        "en": "On the figures entered no cheaper set meets {targets} (mathematical proof).",
        "ja": "入力された数字の上では、{targets}を満たすこれより安い組み合わせはありません（数学的に証明済み）。",
    },
    "audited": {
        "en": "On the figures entered no cheaper set was found. Every cheaper set that our estimate puts within {delta} of "
        "{targets} was checked on the same {years} simulated years.",
        "ja": "入力された数字の上では、これより安い組み合わせは見つかりませんでした。推定値が{targets}から{delta}以内に入る"
        "より安い組み合わせは、同じ{years}年分のシミュレーションですべて確かめました。",
    },
    "gap": {
        "en": "A set up to {gap} cheaper may exist; the search was stopped.",
        "ja": "最大で{gap}安い組み合わせがまだあるかもしれません（探索を途中で止めました）。",
    },
    "gap_unknown": {
        "en": "A cheaper set may exist; the search was stopped before it knew how much cheaper.",
        "ja": "より安い組み合わせがまだあるかもしれません（差がわかる前に探索を止めました）。",
    },
    "gap_years": {
        "en": "A set up to {gap} cheaper may exist: only {tail} simulated years are as bad as the target asks about. With "
        "--trials {needed} it can be said.",
        "ja": "最大で{gap}安い組み合わせがまだあるかもしれません。目標に関わるほど悪い年が、シミュレーションに{tail}年分しかない"
        "ためです。--trials {needed} とすれば判定できます。",
    },
    "this_target": {"en": "this target", "ja": "この目標"},
    "these_targets": {"en": "these targets", "ja": "これらの目標"},
    "proved_risk": {
        "en": "On the figures entered no set within these means leaves a lower {metric} (mathematical proof).",
        "ja": "入力された数字の上では、この条件の中で{metric}がこれより低くなる組み合わせはありません（数学的に証明済み）。",
    },
    "audited_risk": {
        "en": "On the figures entered no set within these means that leaves a lower {metric} was found. Every set that our "
        "estimate puts within {delta} of it was checked on the same {years} simulated years.",
        "ja": "入力された数字の上では、この条件の中で{metric}がこれより低くなる組み合わせは見つかりませんでした。推定値との差が{delta}"
        "以内の組み合わせは、同じ{years}年分のシミュレーションですべて確かめました。",
    },
    "gap_risk": {
        "en": "Within these means the {metric} may be up to {gap} lower; the search was stopped.",
        "ja": "この条件の中で、{metric}をさらに最大{gap}下げられるかもしれません（探索を途中で止めました）。",
    },
    "total_cost": {
        "en": "Cost and expected loss together come to {total} a year, against {today} today.",
        "ja": "費用と平均損失の合計は年間{total}になります（現在は{today}）。",
    },
    "proved_total": {
        "en": "On the figures entered no other set brings the two together lower (mathematical proof).",
        "ja": "入力された数字の上では、この合計がこれより小さい組み合わせはありません（数学的に証明済み）。",
    },
    "gap_total": {
        "en": "A set up to {gap} better may exist; the search was stopped.",
        "ja": "合計が最大で{gap}小さい組み合わせがまだあるかもしれません（探索を途中で止めました）。",
    },
    "if_changed": {"en": "If the figures change, the answer may.", "ja": "数字が変われば、答えも変わることがあります。"},
    # how it ended
    "infeasible": {"en": "No plan meets the targets.", "ja": "目標を満たす組み合わせはありません。"},
    "reachable": {
        "en": "What is within reach, each target by itself:",
        "ja": "目標ごとに、ほかを考えなければ到達できる値：",
    },
    "at_most_references": {"en": "{n} references at most", "ja": "最大{n}項目"},
    "ease": {
        "en": "Raise the limits, or relax the budget, --require and --exclude.",
        "ja": "上限を緩めるか、予算、--require、--exclude を見直してください。",
    },
    "no_plan_allowed": {
        "en": "No plan is allowed at all: look at the budget, --max-days, --require, --exclude, and what status.csv and "
        "relations.csv make mandatory or forbid.",
        "ja": "許される組み合わせが一つもありません。予算、--max-days、--require、--exclude と、status.csv・relations.csv の"
        "必須・除外の指定を確かめてください。",
    },
    "interrupted": {
        "en": "Stopped. This is the best plan known so far.",
        "ja": "中断しました。ここまでで最も良い組み合わせを示します。",
    },
    "interrupted_empty": {"en": "Stopped before a plan was known.", "ja": "組み合わせが見つかる前に中断しました。"},
    "stopping": {
        "en": "Stopping with what is known … (Ctrl-C again ends at once)",
        "ja": "わかったところまでで終わります…（もう一度 Ctrl-C を押すと直ちに終了します）",
    },
    "failed": {"en": "The solver stopped without a plan.", "ja": "ソルバーが組み合わせを出さずに止まりました。"},
    "failed_hint": {
        "en": "Try a longer --time-limit, or report this with the case.",
        "ja": "--time-limit を延ばすか、事例を添えてお知らせください。",
    },
    "out_of_memory": {
        "en": "The simulated years do not fit into memory.",
        "ja": "シミュレーションの年数が多すぎて、メモリーに収まりません。",
    },
    # tables
    "plan": {"en": "The plan", "ja": "対策の組み合わせ"},
    "plan_empty": {
        "en": "The plan: nothing at all. The targets are met without any measure.",
        "ja": "対策の組み合わせ：なし。対策がなくても目標を満たします。",
    },
    "measure": {"en": "measure", "ja": "対策"},
    "level": {"en": "level", "ja": "水準"},
    "title": {"en": "title", "ja": "名称"},
    "change": {"en": "change", "ja": "変更"},
    "layer": {"en": "layer", "ja": "層"},
    "components": {"en": "components", "ja": "構成要素"},
    "add": {"en": "add", "ja": "追加"},
    "raise": {"en": "raise", "ja": "強化"},
    "lower": {"en": "lower", "ja": "縮小"},
    "keep": {"en": "keep", "ja": "継続"},
    "drop": {"en": "drop", "ja": "中止"},
    "shared": {"en": "shared capability", "ja": "共通基盤"},
    "subsidy": {"en": "subsidy", "ja": "補助金"},
    "year_1": {"en": "year 1", "ja": "初年度"},
    "later_years": {"en": "per year after", "ja": "2年目以降（毎年）"},
    "saves": {"en": "saves {amount}", "ja": "{amount}の節約"},
    "total": {"en": "Total", "ja": "合計"},
    "spread": {
        "en": "Spread over {years} years at {rate} interest: {per_year} a year. Internal work: {first} days in the first "
        "year, {later} a year after.",
        "ja": "{years}年間に均すと（割引率{rate}）年間{per_year}です。社内の作業は初年度{first}日、その後は毎年{later}日です。",
    },
    "changes": {"en": "What changes: {changes}.", "ja": "現在からの変更：{changes}。"},
    "change_add": {"en": "{n} to add", "ja": "追加{n}件"},
    "change_raise": {"en": "{n} to raise", "ja": "強化{n}件"},
    "change_lower": {"en": "{n} to lower", "ja": "縮小{n}件"},
    "change_keep": {"en": "{n} to keep", "ja": "継続{n}件"},
    "change_drop": {"en": "{n} to drop", "ja": "中止{n}件"},
    "change_none": {"en": "nothing", "ja": "なし"},
    "targets": {"en": "Targets", "ja": "目標"},
    "target": {"en": "target", "ja": "目標"},
    "limit": {"en": "limit", "ja": "上限"},
    "value": {"en": "value", "ja": "値"},
    "met": {"en": "met", "ja": "達成"},
    "outside": {"en": "on other years (95% range)", "ja": "別の年で（95%の範囲）"},
    "outside_limit": {"en": "limit there", "ja": "そこでの上限"},
    "outside_met": {"en": "holds", "ja": "維持"},
    "targets_more": {"en": "… and {n} more limits, all met.", "ja": "… ほか{n}件の上限も、すべて達成しています。"},
    "not_checked": {
        "en": "The plan was not checked on other years.",
        "ja": "別の年での確認は行っていません。",
    },
    "tightened": {
        "en": "A plan missed its limit on other years, so the limit was tightened and the question asked again: {n} of at most 3 times.",
        "ja": "組み合わせが別の年で目標を外れたため、上限を引き締めて解き直しました（{n}回。3回まで）。",
    },
    "missed_outside": {
        "en": "On ten times as many other years the plan misses {targets}. To be on the safe side ask for a little less, or "
        "simulate more years with --trials.",
        "ja": "10倍の年数の別の年では、この組み合わせは{targets}に届きません。余裕を見て目標を少し厳しくするか、--trials で年数を増やしてください。",
    },
    "yes": {"en": "yes", "ja": "はい"},
    "no": {"en": "no", "ja": "いいえ"},
    "inherent": {"en": "nothing in place", "ja": "対策なし"},
    "today": {"en": "today", "ja": "現在"},
    "after": {"en": "after the plan", "ja": "対策後"},
    "risk_and_cost": {"en": "Risk and cost", "ja": "リスクと費用"},
    "risk": {"en": "Risk", "ja": "リスク"},
    "metric_cell": {"en": "{name} ({jargon})", "ja": "{name}（{jargon}）"},
    "n_measures": {"en": "measures", "ja": "対策の数"},
    "cost_per_year": {"en": "cost per year", "ja": "費用（年あたり）"},
    "cost_first_year": {"en": "cost of the first year", "ja": "費用（初年度）"},
    "cost_first_year_cash": {"en": "first-year cash, before subsidies", "ja": "初年度の支払い（補助金の前）"},
    "cost_npv": {"en": "cost of the whole horizon (npv)", "ja": "全期間の費用（現在価値）"},
    "days_first_year": {"en": "days of internal work, first year", "ja": "社内作業の日数（初年度）"},
    "days_per_year": {"en": "days of internal work, per year", "ja": "社内作業の日数（毎年）"},
    "together": {"en": "cost and average loss per year", "ja": "費用と平均損失の合計（年あたり）"},
    "breaks": {"en": "{plan} breaks: {rules}", "ja": "{plan} は次に反します：{rules}"},
    "breaks_nothing": {"en": "No plan breaks a rule.", "ja": "規則に反する組み合わせはありません。"},
    "sample": {
        "en": "{title}. {years} simulated years, seed {seed}.",
        "ja": "{title}。シミュレーション{years}年分、シード{seed}。",
    },
    # check
    "good_case": {
        "en": "{title}: no errors. {scenarios} scenarios, {effects} effects, {rows} rows of costs.",
        "ja": "{title}：誤りはありません。シナリオ{scenarios}件、効果{effects}件、費用{rows}行。",
    },
    "warnings": {"en": "{n} to look at:", "ja": "確認していただきたい点が{n}件あります："},
    "warning": {"en": "warning", "ja": "注意"},
    "ring": {"en": "Does this ring true?", "ja": "この数字は実感に合いますか？"},
    "ring_seldom": {
        "en": "By these figures a company like yours, with today's measures, has about one incident above {amount} in {years} "
        "years, and a year with none in {none}.",
        "ja": "この数字によれば、貴社のような会社では、今の対策のもとで{amount}を超える被害が約{years}年に1件あり、"
        "{none}はそのような被害がありません。",
    },
    "ring_often": {
        "en": "By these figures a company like yours, with today's measures, has about {times} incidents above {amount} a "
        "year, and a year with none in {none}.",
        "ja": "この数字によれば、貴社のような会社では、今の対策のもとで{amount}を超える被害が年に約{times}件あり、"
        "{none}はそのような被害がありません。",
    },
    "ring_never": {
        "en": "By these figures a company like yours, with today's measures, never has an incident above {amount}.",
        "ja": "この数字によれば、貴社のような会社では、今の対策のもとで{amount}を超える被害は起こりません。",
    },
    "out_of": {"en": "{n} of {base}", "ja": "{base}年のうち{n}年"},
    "hardly": {"en": "fewer than 1 of 1,000", "ja": "1,000年のうち1年未満"},
    "nearly_all": {"en": "more than 999 of 1,000", "ja": "1,000年のうち999年以上"},
    "ring_aal": {"en": "On average it loses {aal} a year.", "ja": "損失は平均して年間{aal}です。"},
    "ring_top": {"en": "The scenarios that matter most:", "ja": "影響の大きいシナリオ："},
    "ring_share": {"en": "{share} of the average loss", "ja": "平均損失の{share}"},
    # runs, examples, terms
    "charts": {"en": "Charts", "ja": "図"},
    "run_folder": {"en": "Everything is in {path}", "ja": "結果の保存先：{path}"},
    "not_saved": {"en": "The run was not saved.", "ja": "結果を保存できませんでした。"},
    "made": {
        "en": "A case to edit is in {path}. Next: edit its tables, then tenbin check {shell}",
        "ja": "編集用の事例を {path} に作りました。表を書き換えてから、tenbin check {shell} を実行してください。",
    },
    "run": {"en": "run", "ja": "実行"},
    "status": {"en": "outcome", "ja": "結果"},
    "status_optimal": {"en": "optimal", "ja": "最適"},
    "status_feasible": {"en": "a plan, with a gap", "ja": "解あり（差あり）"},
    "status_interrupted": {"en": "interrupted", "ja": "中断"},
    "status_infeasible": {"en": "no plan", "ja": "解なし"},
    "status_failed": {"en": "failed", "ja": "失敗"},
    "no_runs": {"en": "No runs in {path} yet.", "ja": "{path} にはまだ結果がありません。"},
    "term": {"en": "term", "ja": "用語"},
    "meaning": {"en": "name", "ja": "名前"},
    "see_also": {"en": "See also: {near}", "ja": "関連：{near}"},
    "explain_how": {"en": "tenbin explain TERM explains one of them.", "ja": "tenbin explain 用語 で説明を表示します。"},
    "unknown_term": {"en": "No term {term}. Near: {near}", "ja": "「{term}」という用語はありません。近いもの：{near}"},
    "unknown_term_alone": {
        "en": "No term {term}. tenbin explain lists them all.",
        "ja": "「{term}」という用語はありません。tenbin explain で一覧を表示します。",
    },
    # the catalogue
    "n_listed": {"en": "{n} measures", "ja": "対策 {n}件"},
    "risk_factor": {"en": "Risk factor", "ja": "リスク要因"},
    "impact": {"en": "Impact", "ja": "影響"},
    "outline": {"en": "Outline", "ja": "対策の概要"},
    "protects": {"en": "Protects", "ja": "守るもの"},
    # standards
    "coverage_of": {"en": "What the plan {plan} supports", "ja": "組み合わせ {plan} が助けになる項目"},
    "coverage_standard": {
        "en": "The plan {plan} supports {n} of the {base} references of {standard} ({share}).",
        "ja": "組み合わせ {plan} は、{standard} の{base}項目のうち{n}項目の助けになります（{share}）。",
    },
    "coverage_how": {
        "en": "tenbin coverage --standard NAME shows one of them, reference by reference.",
        "ja": "tenbin coverage --standard 名前 で、項目ごとに示します。",
    },
    "no_standards": {
        "en": "No standards: the case has a catalogue of its own and no crosswalk.csv.",
        "ja": "規格がありません（独自の枠組みを使い、crosswalk.csv がありません）。",
    },
    "standard": {"en": "standard", "ja": "規格・制度"},
    "scheme_kind": {"en": "kind", "ja": "種類"},
    "kind_standard": {"en": "standard", "ja": "規格"},
    "kind_scheme": {"en": "scheme", "ja": "制度"},
    "kind_customer": {"en": "customer", "ja": "取引先"},
    "supported": {"en": "references supported", "ja": "助けになる項目"},
    "supported_share": {"en": "share", "ja": "割合"},
    "out_of_references": {"en": "{n} of {base}", "ja": "{base}項目中{n}"},
    "supports": {"en": "supports", "ja": "対応づけ"},
    "supports_unverified": {"en": "of these unverified", "ja": "うち未確認"},
    "reference": {"en": "reference", "ja": "項目"},
    "supported_by": {"en": "supported by", "ja": "助けになる対策"},
    "confidence": {"en": "confidence", "ja": "確かさ"},
    "confidence_high": {"en": "high", "ja": "高"},
    "confidence_medium": {"en": "medium", "ja": "中"},
    "confidence_low": {"en": "low", "ja": "低"},
    "confidence_unverified": {"en": "unverified", "ja": "未確認"},
    "not_supported": {"en": "not supported", "ja": "足りない項目"},
    "would_support": {"en": "would be supported by", "ja": "助けになりうる対策"},
    "no_measure": {"en": "no measure of the cost table", "ja": "費用表に該当する対策なし"},
    "n_unverified": {
        "en": "Unverified supports: {n} of {base}.",
        "ja": "対応づけ{base}件のうち、未確認のものは{n}件です。",
    },
    "supports_means": {
        "en": "A support says that a measure helps with a reference, as a judgement on topics. Whether a requirement is met, only "
        "those who assess it can say.",
        "ja": "「助けになる」とは、主題から見た判断です。要求事項を満たすかどうかは、評価する側だけが判断できます。",
    },
    "colon": {"en": ": ", "ja": "："},
    "comma": {"en": ", ", "ja": "、"},
    "semicolon": {"en": "; ", "ja": "、"},
    "brackets": {"en": "{text} ({more})", "ja": "{text}（{more}）"},
    # progress
    "compiling": {
        "en": "Preparing the fast code, once on this machine; about {seconds} s …",
        "ja": "高速計算の準備をしています（この環境では最初の1回だけ、約{seconds}秒）…",
    },
    "stage_start": {"en": "getting ready", "ja": "準備中"},
    "stage_simulate": {"en": "simulating years", "ja": "年のシミュレーション"},
    "stage_search": {"en": "searching", "ja": "探索"},
    "stage_polish": {"en": "checking cheaper sets", "ja": "より安い組み合わせの確認"},
    "stage_validate": {"en": "checking on other years", "ja": "別の年での確認"},
    "stage_save": {"en": "drawing charts and saving", "ja": "図の作成と保存"},
    "stage_other": {"en": "working", "ja": "計算中"},
    "best_so_far": {"en": "best so far {cost}, gap {gap}", "ja": "これまでの最良 {cost}、差 {gap}"},
    # the three plans
    "keep_today": {"en": "1. Keep today's level for less", "ja": "1. 今の水準を、より安く保つ"},
    "pays_for_itself": {"en": "2. Pays for itself", "ja": "2. 費用と損失の合計を最も小さくする"},
    "survives": {"en": "3. Survives a bad year", "ja": "3. 悪い年を乗り切る"},
    "three_plans": {"en": "Nothing was asked, so here are three plans.", "ja": "目標の指定がないため、三つの案を示します。"},
    "nothing_to_optimise": {
        "en": "No question to answer: nothing is in place and the case names no cash_reserve.",
        "ja": "答えるべき問いがありません（実施済みの対策も cash_reserve もありません）。",
    },
    # always
    "tax": {
        "en": "Amounts exclude consumption tax. This is an estimate, not a guarantee.",
        "ja": "金額は消費税を含みません。これは推計であり、保証するものではありません。",
    },
    "problems": {"en": "{n} to correct; nothing was written.", "ja": "直すところが{n}件あります。何も書き込んでいません。"},
    "no_japanese_here": {
        "en": "This console cannot show Japanese, so this is in English. (On Windows: chcp 65001, or PYTHONIOENCODING=utf-8)",
        "ja": "この画面では日本語を表示できないため、英語で表示します。",
    },
    "million": {"en": "{number} million", "ja": "{number}"},
    "billion": {"en": "{number} billion", "ja": "{number}"},
    **FRONTIER,
    **REASONS,
}


def language(asked: str | None = None) -> str:
    """``ja`` or ``en``: what was asked, ``TENBIN_LANG``, else the system's."""
    for text in (asked, os.environ.get("TENBIN_LANG")):
        if text and text.strip().lower() in ("ja", "en"):
            return text.strip().lower()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "ja" if os.environ[name].lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def asked_language(arguments: Sequence[str]) -> str | None:
    """What ``--lang`` says in raw arguments, for what is printed before they are parsed."""
    for n, argument in enumerate(arguments):
        if argument == "--lang" and n + 1 < len(arguments):
            return arguments[n + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def say(key: str, lang: str, **values: object) -> str:
    """The sentence of a key, with what belongs in it."""
    return WORDS[key][lang].format(**values)
