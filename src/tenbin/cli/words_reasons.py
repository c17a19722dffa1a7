"""What is said beside a plan (what else would do, why this and not that, how steady, what contradicts), in both languages;
part of the table in ``words``.
"""

from __future__ import annotations

__all__ = ["REASONS"]

REASONS: dict[str, dict[str, str]] = {
    # alternatives
    "alternatives": {"en": "The next-best plans", "ja": "次に安い組み合わせ"},
    "alternatives_none": {
        "en": "No other plan was found, but this one with something added.",
        "ja": "この組み合わせに何かを足しただけのものを除けば、ほかの組み合わせは見つかりませんでした。",
    },
    "extra_cost": {"en": "extra cost a year", "ja": "追加費用（年あたり）"},
    "same_cost": {"en": "none", "ja": "なし"},
    "what_differs": {"en": "what is different from the plan", "ja": "上の組み合わせとの違い"},
    # reasons
    "why_chosen": {"en": "Why these measures", "ja": "なぜこの対策を選んだか"},
    "why_saves_misses": {
        "en": "Dropping it saves {amount} a year, but {target} is then missed by {share}.",
        "ja": "やめると年間{amount}の節約になりますが、{target}の上限を{share}超えます。",
    },
    "why_saves_holds": {
        "en": "Dropping it saves {amount} a year, and the targets would still be met.",
        "ja": "やめると年間{amount}の節約になり、目標も満たしたままです。",
    },
    "why_misses": {
        "en": "Dropping it saves nothing, and {target} is then missed by {share}.",
        "ja": "やめても節約にならず、{target}の上限を{share}超えます。",
    },
    "why_holds": {
        "en": "Dropping it saves nothing; the targets would still be met.",
        "ja": "やめても節約にはならず、目標は満たしたままです。",
    },
    "why_instead": {
        "en": "The cheapest plan without it costs {amount} more a year: {changes}.",
        "ja": "これを使わない最も安い組み合わせは、年間{amount}高くなります：{changes}。",
    },
    "why_instead_same": {
        "en": "Another plan does without it at the same cost: {changes}.",
        "ja": "同じ費用で、これを使わない組み合わせもあります：{changes}。",
    },
    "why_mandatory": {"en": "The case makes it mandatory.", "ja": "事例で必須とされています。"},
    "why_required": {"en": "It was required.", "ja": "必ず選ぶよう指定されています。"},
    "why_needed": {"en": "Needed by {measures}.", "ja": "{measures}の前提です。"},
    "why_no_other": {"en": "No plan does without it.", "ja": "これを使わずに済む組み合わせはありません。"},
    "why_none_known": {
        "en": "No plan without it was found in time.",
        "ja": "これを使わない組み合わせは、時間内に見つかりませんでした。",
    },
    "why_cut": {"en": "(The search was cut short.)", "ja": "（探索は途中までです。）"},
    "why_not": {"en": "Why not the others", "ja": "なぜほかの対策を選ばなかったか"},
    "costs_now": {"en": "cost a year", "ja": "費用（年あたり）"},
    "enters": {"en": "would be chosen", "ja": "選ばれる条件"},
    "enters_at": {"en": "at {amount} instead of {price}", "ja": "{price}が{amount}になれば"},
    "enters_free": {"en": "only for nothing", "ja": "無料なら"},
    "enters_never": {"en": "not even for nothing", "ja": "無料でも選ばれない"},
    "enters_not_allowed": {"en": "never: no plan is allowed with it", "ja": "なし（許される組み合わせがない）"},
    "enters_unknown": {"en": "not known in time", "ja": "時間内に判明せず"},
    "enters_tie": {"en": "as it is: another plan costs the same", "ja": "そのままでも（同じ費用の組み合わせがある）"},
    "acts_on": {"en": "acts on", "ja": "効くシナリオ"},
    "reasons_incomplete": {
        "en": "The time ran out before every measure was asked about.",
        "ja": "時間が足りず、すべての対策は調べられませんでした。",
    },
    # robust
    "robust": {"en": "How steady is the plan?", "ja": "組み合わせはどれほど揺るがないか"},
    "robust_costs": {
        "en": "The question was asked {n} times of other years at other prices (±{spread}); {plans} of them have a plan. The cheapest "
        "one costs between {low} and {high} a year (5 to 95 of 100).",
        "ja": "別の年・別の価格（±{spread}）で{n}回解き直し、{plans}回で解がありました。最も安い費用は年間{low}から{high}の間です（5〜95%点）。",
    },
    "robust_none": {
        "en": "The question was asked {n} times of other years at other prices (±{spread}); none of them has a plan.",
        "ja": "別の年・別の価格（±{spread}）で{n}回解き直しましたが、解はありませんでした。",
    },
    "robust_core": {
        "en": "Chosen in more than 9 of 10 plans: {measures}.",
        "ja": "10回のうち9回を超えて選ばれた対策：{measures}。",
    },
    "robust_no_core": {
        "en": "No measure is chosen in more than 9 of 10 plans.",
        "ja": "10回のうち9回を超えて選ばれた対策はありません。",
    },
    "robust_contested": {
        "en": "Contested (share of the plans): {measures}.",
        "ja": "結果が分かれた対策（選ばれた割合）：{measures}。",
    },
    "robust_no_contested": {"en": "No measure is contested.", "ja": "結果が分かれた対策はありません。"},
    "robust_not_in_plan": {"en": "{measure} (not in this plan)", "ja": "{measure}（この組み合わせにはない）"},
    "robust_in_plan": {"en": "{measure} (in this plan)", "ja": "{measure}（この組み合わせにある）"},
    "robust_cut": {"en": "Stopped after {done} of {asked} runs.", "ja": "{asked}回のうち{done}回で中断しました。"},
    # the interval
    "interval_both": {
        "en": "With {confidence} confidence the truly cheapest plan, that of infinitely many years, costs between {lower} and {upper} a year "
        "({n} samples).",
        "ja": "無限に長い年数での真に最も安い組み合わせの費用は、{confidence}の信頼度で年間{lower}から{upper}の間です（{n}標本）。",
    },
    "interval_same": {
        "en": "With {confidence} confidence the truly cheapest plan, that of infinitely many years, costs {upper} a year ({n} samples).",
        "ja": "無限に長い年数での真に最も安い組み合わせの費用は、{confidence}の信頼度で年間{upper}です（{n}標本）。",
    },
    "interval_lower": {
        "en": "With {confidence} confidence the truly cheapest plan costs at least {lower} a year ({n} samples); how much at most, "
        "they do not say.",
        "ja": "真に最も安い組み合わせの費用は、{confidence}の信頼度で年間{lower}以上です（{n}標本）。上限はわかりません。",
    },
    "interval_upper": {
        "en": "With {confidence} confidence the truly cheapest plan costs at most {upper} a year ({n} samples); how little, they do "
        "not say.",
        "ja": "真に最も安い組み合わせの費用は、{confidence}の信頼度で年間{upper}以下です（{n}標本）。下限はわかりません。",
    },
    "interval_neither": {
        "en": "{n} samples do not say between which costs the truly cheapest plan lies.",
        "ja": "{n}標本では、真に最も安い組み合わせの費用の範囲はわかりません。",
    },
    "interval_cut": {"en": "Stopped after {done} of {asked} samples.", "ja": "{asked}標本のうち{done}標本で中断しました。"},
    # what contradicts what
    "conflict_one": {
        "en": "This cannot be met, whatever else is asked: {demand}.",
        "ja": "次の条件は、ほかに何も求めなくても満たせません：{demand}。",
    },
    "conflict_some": {
        "en": "These contradict each other, though any of them left out leaves no contradiction among the rest: {demands}.",
        "ja": "次の条件は互いに矛盾しています（どれか一つを外せば、残りは矛盾しません）：{demands}。",
    },
    "conflict_many": {
        "en": "Somewhere among these there is a contradiction: {demands}.",
        "ja": "次の条件のどこかに矛盾があります：{demands}。",
    },
    "conflict_rules": {
        "en": "The case's own rules allow no plan: look at status.csv and relations.csv.",
        "ja": "事例の規則だけで、許される組み合わせがありません。status.csv と relations.csv を確かめてください。",
    },
    "nearest": {
        "en": "The nearest requests that can be met, each with one demand eased:",
        "ja": "条件を一つだけ緩めれば満たせる、最も近い指定：",
    },
    "leave_out": {
        "en": "No single figure eased makes it possible: leave a demand out.",
        "ja": "数値を一つ緩めるだけでは満たせません。条件を外してください。",
    },
    "reachable_more": {"en": "  … and {n} more", "ja": "  … ほか{n}件"},
    # progress
    "stage_robust": {"en": "asking other years at other prices", "ja": "別の年・別の価格で解き直し"},
    "stage_replicate": {"en": "asking independent samples", "ja": "独立な標本で解き直し"},
}
