# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Frontier and what-ifs: how much security is worth its money?
#
# > **要約** 「いくらかければ、悪い年の損失はどこまで下がるか」を一本の曲線（フロンティア）で見ます。曲がり角、次の一歩の値段、予算ごとの最良の組み合わせ、
# > 「もし値上がりしたら」「もし攻撃が増えたら」「この対策を外したら」を、同じ模擬年の上で一つずつ確かめます。
#
# **The question.** *One target was a guess. What would a little less risk cost, what a little more? What does this year's budget buy? And does the
# answer still hold if the vendor's prices rise, if ransomware comes more often, if one measure cannot be had?*

# %%
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import pandas as pd

import tenbin

SMALL = bool(os.environ.get("SMALL"))
YEARS, POINTS = (20_000, 4) if SMALL else (100_000, 20)
SECONDS = 1.0 if SMALL else 30  # for one answer
BUDGETS = ("1.5M/year", "3M/year") if SMALL else ("1.5M/year", "2M/year", "3M/year", "5M/year")

made = [
    sys.executable,
    "-X",
    "utf8",
    "-m",
    "tenbin",
    "init",
    "company",
    "--from",
    "machine-parts-sme",
    "--quiet",
]
subprocess.run(made, check=True)
case = tenbin.load("company")
events = tenbin.simulate(case, n_trials=YEARS)
today = tenbin.evaluate(events, "current")


def million(amount: float) -> str:
    """An amount as people say it."""
    return f"¥{amount / 1e6:.3g} million"


# %% [markdown]
# ## The frontier
# For each level of risk the cheapest plan that reaches it. Below and to the left of the curve there is nothing to be had; whoever stands above it pays for
# nothing.

# %%
front = tenbin.frontier(events, metric="tvar95", n_points=POINTS, time_limit=2 * SECONDS)
front

# %%
table = front.to_frame()
figure, axes = plt.subplots(figsize=(7.5, 4))
axes.step(
    table["cost_per_year"] / 1e6, table["value"] / 1e6, where="post", color="#1F6F8B", linewidth=1
)
axes.plot(table["cost_per_year"] / 1e6, table["value"] / 1e6, "o", color="#1F6F8B", markersize=4)
axes.plot(
    front.today_cost.per_year / 1e6,
    front.today_value / 1e6,
    "x",
    color="#222222",
    markersize=8,
    markeredgewidth=2,
)
axes.annotate(
    "today",
    (front.today_cost.per_year / 1e6, front.today_value / 1e6),
    xytext=(8, 4),
    textcoords="offset points",
)
for mark, words in (("knee", "the knee"), ("least_total", "least cost and average loss together")):
    for _, row in table[table[mark]].iterrows():
        place = (row["cost_per_year"] / 1e6, row["value"] / 1e6)
        axes.annotate(
            words,
            place,
            xytext=(12, -14 if mark == "least_total" else 10),
            textcoords="offset points",
            color="#1F6F8B",
        )
axes.set(
    xlabel="cost a year, ¥ million",
    ylabel="loss of a bad year, ¥ million",
    xlim=(0, None),
    ylim=(0, None),
)
axes.set_title("The cheapest plan at each level of risk", loc="left")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# Read it from the left: the first yen buy a lot, the last ones nearly nothing. **The price of the next step** says it in money: what it costs, over the whole
# horizon, to take one more yen off the loss of a bad year, from each plan to the next. Where it jumps is the knee.

# %%
steps = table[["value", "cost_per_year", "aal", "marginal_price", "certificate"]].copy()
steps[["value", "cost_per_year", "aal"]] /= 1e6
steps.columns = [
    "bad year, ¥M",
    "cost a year, ¥M",
    "average loss, ¥M",
    "price of the step",
    "certificate",
]
steps.style.format(precision=2, na_rep="–").hide()

# %% [markdown]
# ## What a budget buys
# The other way round: the money is given. Whatever is in place is paid from it too.

# %%
rows = []
for budget in BUDGETS:
    best = tenbin.optimise(events, budget=budget, metric="tvar95", time_limit=SECONDS)
    rows.append(
        {
            "budget": budget,
            "bad year, ¥M": best.risk.tvar(0.95) / 1e6,
            "against today": best.risk.tvar(0.95) / today.tvar(0.95) - 1,
            "spent a year, ¥M": best.cost.per_year / 1e6,
            "new measures": len(best.change["add"]) + len(best.change["raise"]),
        }
    )
budgets = pd.DataFrame(rows)
budgets.style.format(
    {"bad year, ¥M": "{:.1f}", "against today": "{:+.0%}", "spent a year, ¥M": "{:.2f}"}
).hide()

# %% [markdown]
# ## What if
# Questions on the *same* simulated years can be compared to the last yen: what differs is the question, not the luck of the draw. So each what-if is
# the cheapest plan for a bad year of 75 % of today's, under one changed assumption.

# %%
TARGET = f"tvar95={0.75 * today.tvar(0.95):.0f}"
plain = tenbin.optimise(events, targets=[TARGET], time_limit=SECONDS)
plain

# %%
dearest = max(
    (e["measure"] for e in plain.change["add"]),
    key=lambda m: next(r.capex for r in case.costs.rows if r.key == (m, plain.plan[m])),
)
prices = tenbin.to_frames(case)
for sheet in ("measures", "shared"):
    for column in ("capex", "opex"):
        prices[sheet][column] = (prices[sheet][column].astype(float) * 1.2).round()
dearer = tenbin.load(prices)
ransomware = max(case.scenarios, key=lambda s: s.frequency.likely * s.severity.mean)
oftener = tenbin.replace(
    case, "scenarios", ransomware.id, frequency=2 * ransomware.frequency.likely
)

questions = {
    "as it is": lambda: plain,
    f"without {dearest}": lambda: tenbin.optimise(
        events, [TARGET], exclude=[dearest], time_limit=SECONDS
    ),
    "all prices a fifth higher": lambda: tenbin.optimise(
        dearer_events, [TARGET], time_limit=SECONDS
    ),
    f"{ransomware.id} twice as often": lambda: tenbin.optimise(
        oftener_events, [TARGET], time_limit=SECONDS
    ),
    "nowhere worse than today, for less": lambda: tenbin.optimise(
        events, ["keep=current"], time_limit=SECONDS
    ),
}
dearer_events = tenbin.simulate(dearer, n_trials=YEARS)
oftener_events = tenbin.simulate(oftener, n_trials=YEARS)
found = {name: ask() for name, ask in questions.items()}
what_ifs = pd.DataFrame(
    [
        {
            "what if": name,
            "cost a year, ¥M": one.cost.per_year / 1e6,
            "more than as it is, ¥M": (one.cost.per_year - plain.cost.per_year) / 1e6,
            "bad year, ¥M": one.risk.tvar(0.95) / 1e6,
            "measures in": " ".join(sorted(set(one.plan) - set(plain.plan))) or "–",
            "measures out": " ".join(sorted(set(plain.plan) - set(one.plan))) or "–",
        }
        for name, one in found.items()
    ]
)
what_ifs.style.format(precision=2).hide()

# %% [markdown]
# ## How sure, and what to do
# Every plan above carries its own certificate, and all of them rest on the same figures entered. A what-if moves *one* of these and says what the answer does;
# which of them is worth finding out is the next notebook's question ([uncertainty](uncertainty.py)).

# %%
for name, one in found.items():
    kind, gap = one.certificate.kind.value, one.certificate.gap
    print(
        f"{name:36s} {kind}"
        + (f", a plan up to {gap:.1%} cheaper may exist" if kind == "gap" else "")
    )

# %%
asked = [one for name, one in found.items() if name != "nowhere worse than today, for less"]
stays = set.intersection(*(set(one.plan.items()) for one in asked))
new = sorted(measure for measure, _ in stays if measure not in plain.current.plan)
print(
    f"In every answer that meets the target: {len(stays)} of the plan's {len(plain.plan)} measures."
)
print("New among them, to begin with:", " ".join(new) or "none")
