"""What ``tenbin frontier`` prints, in both languages; part of the table in ``words``."""

from __future__ import annotations

__all__ = ["FRONTIER"]

FRONTIER: dict[str, dict[str, str]] = {
    "frontier_plans": {
        "en": "The cheapest plan at every level of risk",
        "ja": "リスクの水準ごとに最も安い組み合わせ",
    },
    "frontier_budgets": {"en": "The lowest risk at every budget", "ja": "予算ごとに最も低いリスク"},
    "frontier_empty": {
        "en": "No plan is allowed at all, or none meets the targets beside it: look at --target, --max-days, --require, "
        "--exclude, the budgets, and what status.csv and relations.csv make mandatory or forbid.",
        "ja": "許される組み合わせが一つもないか、併せて指定した目標を満たせません。--target、--max-days、--require、--exclude、予算と、"
        "status.csv・relations.csv の必須・除外の指定を確かめてください。",
    },
    "frontier_interrupted": {
        "en": "Stopped. These are the plans known so far.",
        "ja": "中断しました。ここまでにわかった組み合わせを示します。",
    },
    "number": {"en": "no.", "ja": "番号"},
    "first_cash": {"en": "year-1 cash", "ja": "初年度の支払い"},
    "average_loss": {"en": "average loss", "ja": "平均損失"},
    "cost_a_year": {"en": "cost a year", "ja": "年間費用"},
    "certainty": {"en": "better?", "ja": "確かさ"},
    "certainty_proved": {"en": "none (proved)", "ja": "証明済み"},
    "certainty_audited": {"en": "none found", "ja": "確認済み"},
    "certainty_gap": {"en": "by {gap} at most", "ja": "差は最大{gap}"},
    "certainty_gap_unknown": {"en": "perhaps", "ja": "差は不明"},
    "certainty_gap_risk": {"en": "risk {gap} lower at most", "ja": "リスクの差は最大{gap}"},
    "differs": {"en": "what changes from the plan before", "ja": "直前の組み合わせからの変更"},
    "differs_start": {"en": "{n} chosen to begin with", "ja": "最初の組み合わせ：対策{n}件"},
    "differs_more": {"en": "{n} more", "ja": "ほか{n}件"},
    "mark": {"en": "mark", "ja": "印"},
    "mark_today": {"en": "today", "ja": "現在"},
    "mark_knee": {"en": "knee", "ja": "曲がり角"},
    "mark_least_total": {"en": "least total", "ja": "合計が最小"},
    "frontier_at_best": {
        "en": "Today costs {now} a year and leaves a {metric} of {value}; the same level would cost {best} a year at best.",
        "ja": "現在は年間{now}をかけて、{metric}は{value}です。同じ水準は、最も安ければ年間{best}で保てます。",
    },
    "frontier_at_best_already": {
        "en": "Today costs {now} a year and leaves a {metric} of {value}; no plan found keeps that level for less.",
        "ja": "現在は年間{now}をかけて、{metric}は{value}です。同じ水準をより安く保つ組み合わせは見つかりませんでした。",
    },
    "frontier_least_total": {
        "en": "Cost and average loss together are least, {total} a year, with plan {n}: {cost} a year leave a {metric} of {value}.",
        "ja": "費用と平均損失の合計が最も小さいのは{n}番で、年間{total}です（費用は年間{cost}、{metric}は{value}）。",
    },
    "frontier_knee": {
        "en": "The curve bends at plan {n}: {cost} a year leave a {metric} of {value}; beyond it risk falls least for its price.",
        "ja": "曲線の曲がり角は{n}番です（費用は年間{cost}、{metric}は{value}）。その先は、費用の割にリスクが下がりにくくなります。",
    },
    "frontier_price": {
        "en": "Taking another {unit} off the {metric} costs about {prices}.",
        "ja": "{metric}をさらに{unit}下げるには、およそ{prices}かかります。",
    },
    "price_today": {"en": "{price} a year at today's level", "ja": "現在の水準で年間{price}"},
    "price_start": {"en": "{price} a year at the cheap end", "ja": "最も安い側で年間{price}"},
    "price_knee": {"en": "{price} a year past the knee", "ja": "曲がり角の先で年間{price}"},
    "price_end": {"en": "{price} a year at the far end", "ja": "最も安全な側で年間{price}"},
    "scoped_metric": {"en": "{metric} of {scope}", "ja": "{scope}の{metric}"},
    "stage_frontier": {"en": "tracing the frontier", "ja": "フロンティアの計算"},
}
