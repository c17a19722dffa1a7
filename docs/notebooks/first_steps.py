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
# # First steps: what a bad year costs, and the cheapest way to make it better
#
# > **要約** 部品メーカー（例題）を読み込み、サイバー被害の一年を何万回も模擬して、今のままの「悪い年の損失」を見ます。次に、それを目標まで下げる
# > 最も安い対策の組み合わせを求め、その答えがどれだけ確かか、何から始めるかを読み取ります。数字は例題のもので、架空の会社です。
#
# **The question.** A maker of machine parts has sixty people, some security in place, and a cash reserve that one bad year must not eat up.
# *What may a year of cyber incidents cost us as we are? What is the cheapest set of measures that takes a quarter off the loss of a bad year? How sure is
# that, and what do we do first?*
#
# Everything below runs on your own computer; nothing is sent anywhere. The company is invented, and its figures are judgements
# ([the data](../data.md) says whose and why).

# %%
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import tenbin

pd.set_option("display.max_colwidth", 80)
YEARS = (
    20_000 if os.environ.get("SMALL") else 100_000
)  # SMALL: fewer years, so that the tests are quick


def terminal(*words: str) -> None:
    """Run a command as it is typed in a terminal, and show what it says."""
    print("$ tenbin", *words)
    command = [sys.executable, "-X", "utf8", "-m", "tenbin", *words, "--lang", "en"]
    plain = {**os.environ, "FORCE_COLOR": ""}  # notebooks ask for colours
    options = {"capture_output": True, "text": True, "encoding": "utf-8", "env": plain}
    done = subprocess.run(command, **options, check=False)
    print(done.stdout or done.stderr)


def million(amount: float) -> str:
    """An amount as people say it."""
    return f"¥{amount / 1e6:.3g} million"


# %% [markdown]
# ## The data
# A *case* is a folder of tables: what may happen (scenarios), what helps against it (effects of measures), what measures cost. `tenbin init`
# makes one to edit, here a copy of the bundled example.

# %%
terminal("init", "company", "--from", "machine-parts-sme")
case = tenbin.load("company")
case

# %% [markdown]
# ## What a year may cost
# Most years nothing happens; a few are terrible. So a year is simulated many times over, with nothing in place. Any set of measures can then be
# laid over the same years.

# %%
events = tenbin.simulate(case, n_trials=YEARS)
events

# %%
nothing = tenbin.evaluate(events, {})
today = tenbin.evaluate(events, "current")
today

# %% [markdown]
# The average hides what matters: the *bad year*, here the average of the worst five years in a hundred (TVaR95). And the reserve:

# %%
reserve = case.organisation.cash_reserve
beyond = today.exceedance(reserve)
print(
    f"As things are, a year costs more than the reserve of {million(reserve)} "
    f"with a chance of {beyond:.1%}: about once in {1 / beyond:.0f} years."
)
print(f"A bad year costs {million(today.tvar(0.95))}, an average one {million(today.aal)}.")

# %% [markdown]
# ## The answer
# The case asks for a bad year of at most 75 % of today's. `optimise` looks through every combination of the measures for the cheapest that does it,
# and then evaluates that plan on ten times as many *other* years, since a plan is always a little too good on the years that it was chosen on.

# %%
answer = tenbin.optimise(events, targets=["tvar95=75%"], validate=True)
answer

# %% [markdown]
# The last sentences are the **certificate**: what is known of cheaper plans. *Proved*: there is none. *Audited*: every cheaper plan that comes
# anywhere near the target was evaluated on the same years, and misses it. *Gap*: one up to so much cheaper might exist.

# %%
plan = tenbin.evaluate(events, answer.plan)
losses = np.geomspace(3e5, 2e8, 200)
figure, axes = plt.subplots(figsize=(7.5, 4))
curves = (
    (nothing, "nothing in place", "#B5482A", 0.02, (14, 10)),
    (today, "today", "#5C666C", 0.006, (60, 24)),
    (plan, "the plan", "#1F6F8B", 0.006, (-70, -14)),
)
line = {"arrowstyle": "-", "color": "#5C666C", "linewidth": 0.8}
for risk, name, colour, height, off in curves:
    chance = np.array([risk.exceedance(loss) for loss in losses])
    axes.loglog(losses / 1e6, chance, color=colour)
    at = int(np.argmin(np.abs(chance - height)))
    place = (losses[at] / 1e6, chance[at])
    axes.annotate(name, place, off, textcoords="offset points", color=colour, arrowprops=line)
axes.axvline(reserve / 1e6, color="#222222", linestyle="--", linewidth=1)
axes.annotate("cash reserve", (reserve / 1e6, 0.4), (4, 0), textcoords="offset points", fontsize=9)
axes.set(xlabel="loss of a year, ¥ million", ylabel="chance of a worse year", ylim=(2e-3, 0.6))
axes.set_title("How likely is a year worse than …", loc="left")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## How sure is it?
# Three different things can be off, and they are not added up into one number.

# %%
low, high = plan.interval("tvar95")
worlds = plan.between_worlds("tvar95")
elsewhere = answer.outside[0]
print(f"1. The calculation: a bad year under the plan is {million(plan.tvar(0.95))},")
print(f"   95% interval {million(low)} to {million(high)}. More years make that narrower.")
print(f"2. The choice: on ten times as many other years it is {million(elsewhere.value)},")
print(f"   where the target asks for {million(elsewhere.limit)}.")
print("3. The figures entered: in 90% of the worlds that their ranges allow it lies between")
print(f"   {million(worlds[0])} and {million(worlds[2])}. Only better figures make that narrower.")

# %% [markdown]
# ## What to do first
# Each new measure is taken out of the plan once: the bad year gets worse by what is shown. That is a good order to begin in.

# %%
table = answer.to_frame()
new = table[table["change"].isin(["add", "raise"])].copy()
before = answer.current.plan
worse = []
for measure in new["measure"]:
    without = {m: level for m, level in answer.plan.items() if m != measure}
    if measure in before:
        without[measure] = before[measure]
    worse.append(
        tenbin.evaluate(events, without, evaluator=plan.evaluator).tvar(0.95) - plan.tvar(0.95)
    )
new["bad year worse without it, ¥M"] = np.round(np.array(worse) / 1e6, 2)
new["capex, ¥k"] = new["capex"] / 1e3
new["opex, ¥k a year"] = new["opex"] / 1e3
new.sort_values("bad year worse without it, ¥M", ascending=False).drop(
    columns=["capex", "opex"]
).reset_index(drop=True)

# %% [markdown]
# ## The same from a terminal
# One command does all of this, keeps the run with its charts under `results/`, and `tenbin report latest --open` makes a page of it for the director.

# %%
terminal("simulate", "company", "--trials", str(YEARS))

# %% [markdown]
# **Next.** [Frontier and what-ifs](frontier_and_what_ifs.py): what every other level of risk would cost. [Uncertainty](uncertainty.py): which guess to
# find out first. [An engagement](engagement.py): the same for a client, from workbook to report.
