"""What ``--help`` says, in both languages."""

from __future__ import annotations

__all__ = ["HELPS", "help_of"]

HELPS: dict[str, dict[str, str]] = {
    "tenbin": {
        "en": "tenbin (天秤): the cheapest set of security measures that brings cyber risk down to a target, with a "
        "certificate of how sure that is. Begin with: tenbin demo",
        "ja": "tenbin（天秤）：サイバーリスクを目標の水準まで下げる、最も安いセキュリティ対策の組み合わせを求め、その確かさを示します。"
        "まずは tenbin demo をお試しください。",
    },
    # commands
    "demo": {"en": "The main job on the bundled case.", "ja": "付属の事例で、ひととおり実行します。"},
    "init": {"en": "Make a new case to edit.", "ja": "編集用の新しい事例を作ります。"},
    "check": {"en": "Find every error of a case at once.", "ja": "事例の誤りをまとめて調べます。"},
    "simulate": {"en": "The risk: with nothing in place, and today.", "ja": "リスクを計算します（対策なしと現在）。"},
    "evaluate": {"en": "What plans cost and leave, side by side.", "ja": "組み合わせごとの費用と残るリスクを並べて示します。"},
    "coverage": {
        "en": "What a plan supports of standards and schemes (NIST CSF, ISO/IEC 27001, SECURITY ACTION …), and what is missing.",
        "ja": "組み合わせが規格や制度（NIST CSF、ISO/IEC 27001、SECURITY ACTION など）のどの項目の助けになり、何が足りないかを示します。",
    },
    "optimise": {
        "en": "The cheapest plan that meets the targets.",
        "ja": "目標を満たす最も安い組み合わせを求めます。",
    },
    "optimise_long": {
        "en": "The cheapest plan that meets the targets; with a budget alone, the lowest risk that it buys; with neither (and "
        "none in case.toml), three plans side by side.",
        "ja": "目標を満たす最も安い組み合わせを求めます。予算だけを指定すると、その予算でリスクが最も低くなる組み合わせを求めます。"
        "どちらもなく case.toml にも目標がなければ、三つの案を示します。",
    },
    "check_long": {
        "en": "Find every error of a case at once (file, row, column, rule, value, remedy), and say in words what its "
        "figures mean.",
        "ja": "事例の誤りを、ファイル・行・列・規則・値・直し方とともにまとめて示し、数字の意味するところを言葉で確かめます。",
    },
    "frontier": {
        "en": "What every level of risk costs at best, from the cheapest plan to the safest.",
        "ja": "リスクの水準ごとに最も安い費用を求めます（最も安い組み合わせから最も安全な組み合わせまで）。",
    },
    "runs": {"en": "The runs that were saved.", "ja": "保存した実行結果の一覧を示します。"},
    "explain": {"en": "A term in plain words.", "ja": "用語をやさしい言葉で説明します。"},
    "catalogue": {"en": "The framework's measures.", "ja": "枠組みの対策を調べます。"},
    "catalogue_list": {"en": "List the measures.", "ja": "対策の一覧を示します。"},
    "catalogue_show": {"en": "One measure: what it does and why.", "ja": "対策の内容と、それが応えるリスクを示します。"},
    # arguments
    "arg_case": {"en": "A case's folder.", "ja": "事例のフォルダー。"},
    "arg_here": {"en": "the current folder", "ja": "現在のフォルダー"},
    "arg_dir": {"en": "A new or empty folder.", "ja": "新しいフォルダー、または空のフォルダー。"},
    "arg_term": {
        "en": "A term such as tvar95; without one, all of them are listed.",
        "ja": "tvar95 などの用語。省略すると一覧を示します。",
    },
    "arg_measure": {"en": "A measure's id, such as L2.006.", "ja": "L2.006 などの対策の id。"},
    # common options
    "json": {"en": "One JSON document on standard output, nothing else there.", "ja": "標準出力に JSON だけを出力します。"},
    "seed": {"en": "Another seed than the case's.", "ja": "乱数のシード（事例の指定に代えて）。"},
    "trials": {"en": "How many years to simulate.", "ja": "シミュレーションする年数。"},
    "out": {
        "en": "Where runs go. [default: TENBIN_RESULTS, else ./results]",
        "ja": "結果の保存先。[既定: TENBIN_RESULTS、なければ ./results]",
    },
    "quiet": {"en": "No progress and no messages.", "ja": "経過もメッセージも表示しません。"},
    "lang": {
        "en": "ja or en. [default: TENBIN_LANG, else the system's]",
        "ja": "ja または en。[既定: TENBIN_LANG、なければシステムの設定]",
    },
    "version": {"en": "Show the version and exit.", "ja": "バージョンを表示します。"},
    # a command's own options
    "costs": {"en": "Another cost table's folder.", "ja": "別の費用表のフォルダー。"},
    "from": {"en": "The bundled case to start from.", "ja": "もとにする付属の事例。"},
    "plan": {
        "en": "A plan's name or \"L1.006=basic,L3.016\"; may be given again. [default: current and the case's plans]",
        "ja": '組み合わせの名前、または "L1.006=basic,L3.016"。繰り返し指定できます。[既定: current と事例の plans]',
    },
    "coverage_plan": {
        "en": 'A plan\'s name or "L1.006=basic,L3.016".',
        "ja": '組み合わせの名前、または "L1.006=basic,L3.016"。',
    },
    "standard": {
        "en": "One standard, reference by reference, such as ISO-27001-2022.",
        "ja": "一つの規格を項目ごとに示します（ISO-27001-2022 など）。",
    },
    "target": {
        "en": 'Such as "tvar95=60%", "L2:aal=3M", "survive=99%", "keep=current+5%", "covers/CIS-8.1=20%"; may be given again, all must hold.',
        "ja": '"tvar95=60%"、"L2:aal=3M"、"survive=99%"、"keep=current+5%"、"covers/CIS-8.1=20%" など。繰り返し指定でき、すべてを満たすようにします。',
    },
    "level": {"en": "A named level of the case, such as standard.", "ja": "事例で名付けた水準（standard など）。"},
    "budget": {
        "en": "8M/first-year (cash), 2M/year or 20M/total.",
        "ja": "8M/first-year（初年度の支払い）、2M/year（年あたり）、20M/total（全期間）。",
    },
    "max_days": {
        "en": "Days of internal work: 60/first-year or 30/year.",
        "ja": "社内作業の日数。60/first-year または 30/year。",
    },
    "require": {"en": "A measure that must be chosen, M or M=LEVEL.", "ja": "必ず選ぶ対策。M または M=水準。"},
    "exclude": {"en": "A measure that must not be chosen, M or M=LEVEL.", "ja": "選ばない対策。M または M=水準。"},
    "metric": {"en": "What a budget alone makes lowest.", "ja": "予算だけを指定したときに最小にする指標。"},
    "delta": {
        "en": "How near to the targets every cheaper plan is checked, at least (a share).",
        "ja": "目標からどこまでの範囲で、より安い組み合わせをすべて確かめるか（割合、最低限）。",
    },
    "time_limit": {"en": "Seconds for the search.", "ja": "探索の制限時間（秒）。"},
    "alternatives": {"en": "So many next-best plans too.", "ja": "次に安い組み合わせも、この数だけ示します。"},
    "reasons": {
        "en": "Say for every measure why it is, or is not, in the plan.",
        "ja": "対策ごとに、選んだ理由・選ばなかった理由を示します。",
    },
    "robust": {
        "en": "Ask so often again, of other years at other prices: which measures are chosen whatever comes.",
        "ja": "別の年・別の価格でこの回数だけ解き直し、どの対策が揺るがないかを示します。",
    },
    "replications": {
        "en": "So many independent samples: between which costs the truly cheapest plan lies (20 is usual).",
        "ja": "この数の独立な標本で解き直し、真に最も安い費用の範囲を示します（20程度）。",
    },
    "frontier_metric": {
        "en": "What is lowered from plan to plan, such as tvar95, var99, aal or L2:aal.",
        "ja": "段階的に下げていく指標（tvar95、var99、aal、L2:aal など）。",
    },
    "points": {"en": "How many levels of risk, evenly spread.", "ja": "リスクの水準の数（等間隔）。"},
    "frontier_target": {
        "en": 'What every plan must meet besides, such as "tvar99=80M"; may be given again.',
        "ja": 'すべての組み合わせが併せて満たす目標。"tvar99=80M" など。繰り返し指定できます。',
    },
    "budgets": {
        "en": 'The lowest risk that each of these buys, in place of levels: "1M/year,2M/year,4M/year".',
        "ja": '水準に代えて、予算ごとに最も低いリスクを求めます。"1M/year,2M/year,4M/year" など。',
    },
    "frontier_time_limit": {"en": "Seconds for the whole frontier. [default: 60]", "ja": "全体の制限時間（秒）。[既定: 60]"},
    "layer": {"en": "Of this layer only: 1, 2 or 3.", "ja": "この層だけ（1、2、3）。"},
    "component": {"en": "Of this component only, such as thing or data.", "ja": "この構成要素だけ（thing、data など）。"},
}


def help_of(key: str, lang: str) -> str:
    """The help text of a key."""
    return HELPS[key][lang]
