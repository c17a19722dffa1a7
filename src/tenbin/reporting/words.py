"""Every word that a chart shows, in both languages, and the sentences made of them.

Words come before jargon: the metric is named by what it means, and its short name follows in the glossary line.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

__all__ = ["WORDS", "metric_about", "metric_name", "metric_parts", "metric_short", "say"]

WORDS: dict[str, dict[str, str]] = {
    # who and what
    "inherent": {"ja": "対策なし", "en": "Nothing in place"},
    "today": {"ja": "現在", "en": "Today"},
    "after": {"ja": "対策後", "en": "After the plan"},
    "layer": {"ja": "第{id}層", "en": "Layer {id}"},
    "others": {"ja": "ほか{count}件", "en": "{count} others"},
    "add": {"ja": "追加", "en": "add"},
    "raise": {"ja": "強化", "en": "raise"},
    "lower": {"ja": "縮小", "en": "lower"},
    "keep": {"ja": "継続", "en": "keep"},
    "drop": {"ja": "中止", "en": "drop"},
    "shared": {"ja": "共通", "en": "shared"},
    "subsidy": {"ja": "補助", "en": "subsidy"},
    "no_change": {"ja": "変わらず", "en": "no change"},
    "total": {"ja": "合計", "en": "Total"},
    # metrics
    "aal": {"ja": "年間の平均損失", "en": "average loss per year"},
    "aal_about": {"ja": "すべての年の平均", "en": "average of all simulated years"},
    "aal_dot": {"ja": "平均 {amount}", "en": "average {amount}"},
    "tvar": {"ja": "悪い年の損失", "en": "loss of a bad year"},
    "tvar_about": {"ja": "最悪の{share}の年の平均", "en": "average of the worst {part}"},
    "tvar_dot": {"ja": "悪い年 {amount}", "en": "bad year {amount}"},
    "var": {"ja": "{years}年に1回の損失", "en": "1-in-{years}-year loss"},
    "var_about": {"ja": "{share}の年はこれ以下", "en": "{part} stay at or below it"},
    "var_dot": {"ja": "{years}年に1回 {amount}", "en": "once in {years} years {amount}"},
    "metric_changes": {
        "ja": "{metric}は、{before}から{after}になります（{change}）。",
        "en": "{metric}: from {before} to {after} ({change}).",
    },
    "metric_stays": {"ja": "{metric}は、{before}のままです。", "en": "{metric}: {before}, unchanged."},
    # loss exceedance curve
    "exceedance_title": {"ja": "1年の損失は、どこまで大きくなりうるか", "en": "How bad can a year get?"},
    "chance": {"ja": "これより悪い年になる確率", "en": "Chance of a worse year"},
    "loss_axis": {
        "ja": "1年間の損失（対数目盛り：1目盛りで{factor}倍）",
        "en": "Loss in one year (log scale: {factor} times per gridline)",
    },
    "threefold": {"ja": "約3", "en": "about three"},
    "tenfold": {"ja": "10", "en": "ten"},
    "once_in": {"ja": "{years}年に1回", "en": "once in {years} years"},
    "every_year": {"ja": "毎年", "en": "every year"},
    "target": {"ja": "目標 {limit}以下", "en": "Target: at most {limit}"},
    "target_of": {"ja": "目標 {limit}以下\n（{name}）", "en": "Target: at most {limit}\n({name})"},
    "no_loss": {"ja": "損失のある年なし", "en": "no loss in any year"},
    "exceedance_note": {
        "ja": "見方：曲線の高さは、1年の損失がその金額を上回る確率です。左下にあるほど安全です。"
        "●は{metric}（{about}、{jargon}）。薄い帯は、{trials}年分のシミュレーションによる誤差の範囲（95%）です。",
        "en": "How to read: the height of a curve is the chance that a year costs more than the amount below it; further "
        "left and down is safer. ● {metric} ({about}; {jargon}). The light band is the sampling error of {trials} simulated "
        "years (95%).",
    },
    "more_targets": {
        "ja": "このほか{count}件の目標（範囲を限ったもの等）は図に示していません。",
        "en": "Not drawn: {count} further targets (those on a part of the case, or past the third).",
    },
    # heatmap
    "heatmap_title": {"ja": "損失はどこで生じるか", "en": "Where the losses arise"},
    "heatmap_lead": {
        "ja": "年間の平均損失の合計は、{before}から{after}になります（{change}）。",
        "en": "Average loss per year, all cells together: from {before} to {after} ({change}).",
    },
    "heatmap_lead_same": {
        "ja": "年間の平均損失の合計は、{before}のままです。",
        "en": "Average loss per year, all cells together: {before}, unchanged.",
    },
    "heatmap_panel": {"ja": "{name}　合計 {total}", "en": "{name}   total {total}"},
    "heatmap_note": {
        "ja": "各マスは年間の平均損失（AAL）です。複数のマスにまたがるシナリオの損失は、関係するマスに等分しています。"
        "そのため、全マスの和は合計に一致します。色が濃いほど損失が大きく、左右の図の色は同じ尺度です。",
        "en": "Each cell is an average loss per year (AAL). A scenario that touches several cells has its loss split equally "
        "over them, so cells sum to the total. Darker is more; both panels use the same scale.",
    },
    # costs
    "costs_title": {"ja": "対策ごとの費用", "en": "What the plan costs, measure by measure"},
    "costs_lead": {
        "ja": "今年かぎりの支払いは{capex}、毎年の支払いは{yearly}です。",
        "en": "{capex} once, this year, and {yearly} every year.",
    },
    "costs_lead_subsidy": {
        "ja": "今年かぎりの支払いは補助金を差し引いて{capex}、毎年の支払いは{yearly}です。",
        "en": "{capex} once, this year, after subsidies, and {yearly} every year.",
    },
    "capex": {"ja": "今年かぎり", "en": "Once, this year"},
    "yearly": {"ja": "毎年", "en": "Every year"},
    "saves": {"ja": "{amount}の節約", "en": "saves {amount}"},
    "costs_note": {
        "ja": "今年かぎり：これから支払う購入費と導入費（capex）。毎年：利用料・保守などの運用費（opex）。社内の作業日数も日額で換算して含みます。"
        "左右の棒は同じ尺度です。「共通」は複数の対策が共用する基盤で、費用は一度だけ数えます。補助金はマイナスで示しています。",
        "en": "Once: purchase and set-up still to be paid (capex). Every year: fees and upkeep (opex). Days of internal effort are priced in. Both columns use the "
        "same scale. A shared row serves several measures and is paid for once; a subsidy is negative.",
    },
    "costs_saved_note": {
        "ja": "破線の枠は、中止により支払わなくなる額です（合計には含みません）。",
        "en": "A dashed outline is what dropping a measure saves (not in the total).",
    },
    "no_costs": {"ja": "選ばれた対策はありません。", "en": "No measure is chosen."},
    # waterfall
    "waterfall_title": {"ja": "どの対策がリスクを減らすか", "en": "Which measures take the risk away"},
    "waterfall_title_up": {"ja": "どの対策でリスクが変わるか", "en": "Which measures change the risk"},
    "waterfall_lead_top": {
        "ja": "上位{count}件で減少分の{share}を占めます。",
        "en": "The first {count} measures make {share} of the cut.",
    },
    "unattributed": {"ja": "どの対策にも割り当てられない分", "en": "Not assigned to any measure"},
    "no_steps": {"ja": "変更する対策はありません。", "en": "No measure changes."},
    "waterfall_note": {
        "ja": "{metric}とは、{about}です（{jargon}）。対策どうしの相乗効果や重なりは各対策に配分しており（Aumann–Shapley法）、"
        "各段の和は全体の増減に一致します。左へ伸びる段は減少、右へ伸びる斜線の段（中止など）は増加です。",
        "en": "{Metric}: {about} ({jargon}). What measures do together is shared out among them (Aumann–Shapley), so the steps "
        "sum to the whole change. Steps to the left take risk away; hatched steps to the right (dropped measures) add some.",
    },
    "whisker": {"ja": "棒の先の線は95%の誤差範囲です。", "en": "The line at a bar's end is its 95% range."},
    # frontier
    "frontier_title": {"ja": "リスクを下げるには、最低いくらかかるか", "en": "What does each level of risk cost at best?"},
    "frontier_lead": {
        "ja": "年間{from}から{to}までの費用で、{metric}は{before}から{after}まで下がります。",
        "en": "From {from} to {to} a year, the {metric} falls from {before} to {after}.",
    },
    "frontier_lead_one": {
        "ja": "年間{from}〜{to}で、{metric}は{before}〜{after}です。",
        "en": "One plan: {from} to {to} a year, {metric} {before} to {after}.",
    },
    "frontier_scope": {"ja": "{scope}の{metric}", "en": "{metric} of {scope}"},
    "frontier_up": {"ja": "↑ {metric}", "en": "↑ {metric}"},
    "frontier_along": {"ja": "対策の費用（年あたり）→", "en": "Cost of the plan per year →"},
    "frontier_along_tight": {
        "ja": "対策の費用（年あたり。右ほど目盛りが詰まります）→",
        "en": "Cost of the plan per year (the scale tightens to the right) →",
    },
    "frontier_today": {"ja": "現在", "en": "Today"},
    "frontier_at_best": {"ja": "現在の水準を最も安く", "en": "Today's level at best"},
    "frontier_least_total": {"ja": "費用と損失の合計が最小", "en": "Least cost and loss together"},
    "frontier_knee": {"ja": "曲がり角", "en": "Knee"},
    "frontier_at": {"ja": "年間{cost} → {value}", "en": "{cost} a year → {value}"},
    "frontier_note": {
        "ja": "見方：●は、そのリスクの水準を満たす最も安い組み合わせです。二つの点の間の費用では、左の点までしか下がりません。"
        "左下ほど良い案です。{metric}とは、{about}です（{jargon}、シミュレーション{trials}年分）。"
        "曲がり角の先は、費用の割に下がりません。",
        "en": "How to read: each point is the cheapest plan found for its level of risk; money between two points buys no more "
        "than the left one. Further left and down is better. {Metric}: {about} ({jargon}; {trials} simulated years). Past the knee "
        "more money takes little more risk away.",
    },
    "frontier_note_outside": {
        "ja": "細い縦線は、選ぶときに使わなかった10倍の年数での値の範囲（95%）です。",
        "en": "Thin bars: the 95% range on ten times as many years that were not used to choose.",
    },
    # everywhere
    "footer": {
        "ja": "金額は消費税を含みません。入力値にもとづく推計であり、保証するものではありません。",
        "en": "Amounts exclude consumption tax; an estimate, not a guarantee.",
    },
    "no_japanese_font": {
        "ja": "日本語フォントが見つからないため、図の文字を英語にしました。"
        "フォント（Debian・Ubuntu：apt install fonts-noto-cjk）を入れるか、"
        "環境変数 TENBIN_FONT にフォントファイルを指定してください。",
        "en": "No font for Japanese was found, so Japanese titles are shown by their ids; install one (Debian, Ubuntu: "
        "apt install fonts-noto-cjk) or set TENBIN_FONT to a font file.",
    },
    "font_unusable": {
        "ja": "TENBIN_FONT の「{named}」は日本語フォントとして使えないため、{used} を使いました。",
        "en": "TENBIN_FONT names {named}, which is no usable font for Japanese; {used} was used.",
    },
}


def say(key: str, lang: str, **values: object) -> str:
    """The words of a key in a language, with what belongs in them."""
    return WORDS[key][lang].format(**values)


def metric_parts(name: str) -> tuple[str, Decimal | None]:
    """Split ``tvar99.5`` into ``tvar`` and 0.995; ``aal`` has no confidence.

    Raises
    ------
    ValueError : when it names no metric.
    """
    for kind in ("tvar", "var"):
        if name.startswith(kind):
            try:
                confidence = Decimal(name.removeprefix(kind)) / 100
            except ArithmeticError:
                break
            if 0 < confidence < 1:
                return kind, confidence
            break
    if name == "aal":
        return name, None
    raise ValueError(f"no metric is called {name!r}; they are aal, var95, tvar95 and their like")


def _part(share: Decimal) -> str:
    """A share of the years in words: 0.05 is "5 of 100 years"."""
    whole = 100
    while share * whole % 1 and whole < 1_000_000:
        whole *= 10
    return f"{share * whole:,.0f} of {whole:,} years"


def _values(confidence: Decimal | None, tail: bool) -> dict[str, str]:
    if confidence is None:
        return {}
    share = 1 - confidence if tail else confidence
    years = float(1 / Fraction(1 - confidence))
    return {
        "share": f"{(share * 100).normalize():f}%",
        "part": _part(share),
        "years": f"{years:,.0f}" if abs(years - round(years)) < 0.05 else f"{years:,.1f}",
    }


def metric_short(name: str, lang: str) -> str:
    """The metric in words, as it stands within a sentence."""
    kind, confidence = metric_parts(name)
    return say(kind, lang, **_values(confidence, kind == "tvar"))


def metric_about(name: str, lang: str) -> str:
    """What the metric means, as it stands within brackets."""
    kind, confidence = metric_parts(name)
    return say(f"{kind}_about", lang, **_values(confidence, kind == "tvar"))


def metric_name(name: str, lang: str) -> str:
    """The metric in words with what it means: 悪い年の損失（最悪の5%の年の平均）."""
    short, about = metric_short(name, lang), metric_about(name, lang)
    return f"{short}（{about}）" if lang == "ja" else f"{short} ({about})"


def metric_dot(name: str, lang: str, amount: str) -> str:
    """The metric's value as it stands beside a mark."""
    kind, confidence = metric_parts(name)
    return say(f"{kind}_dot", lang, amount=amount, **_values(confidence, kind == "tvar"))


def metric_jargon(name: str) -> str:
    """The short name that specialists use: TVaR95."""
    return name.replace("tvar", "TVaR").replace("var", "VaR").replace("aal", "AAL")
