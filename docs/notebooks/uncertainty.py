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
# # Uncertainty: how sure is the answer, and which guess is worth finding out?
#
# > **要約** 入力した数字のほとんどは幅のある見積もりです。その幅を「世界」として引き、答えがどこまで揺れるか、どの対策はどんな世界でも選ばれるか、もし攻撃が
# > 三倍になったらどうなるか、そして「先に調べる価値があるのはどの数字か」（完全情報の価値）を見ます。
#
# **The question.** *Hardly a figure in our tables is known: how often, how much, how well a measure works are guesses with a range. How far may
# the answer be off? Would another plan be right? And before we spend on measures: which guess would it pay to look into first?*

# %%
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import tenbin

pd.set_option("display.max_colwidth", 80)
SMALL = bool(os.environ.get("SMALL"))
YEARS, WORLDS, RUNS, SECONDS = (20_000, 32, 3, 0.5) if SMALL else (100_000, 1024, 20, 3)

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


titles = {scenario.id: scenario.title_en for scenario in case.scenarios}


def million(amount: float) -> str:
    """An amount as people say it."""
    return f"¥{amount / 1e6:.3g} million"


# %% [markdown]
# ## The data: two kinds of not knowing
# *That incidents differ* is one: of a hundred, ninety cost between `loss_p05` and `loss_p95`, however much we learn. *That we do not know* is the other:
# there is one true frequency, and we hold it to lie between `frequency_low` and `frequency_high`. The second kind is drawn as **worlds**: in each, every
# guess has one value.

# %%
frames = tenbin.to_frames(case)
figures = ["frequency_low", "frequency", "frequency_high", "loss_p05", "loss_p95"]
guesses = frames["scenarios"].set_index("id")
guesses[figures].astype(float).join(guesses["title_en"]).head(5).style.format(
    "{:.3g}", subset=figures[:3]
).format("{:,.0f}", subset=figures[3:])

# %%
events = tenbin.simulate(case, n_trials=YEARS)
likely = tenbin.simulate(case, n_trials=YEARS, n_worlds=1)
events

# %% [markdown]
# ## The answer, and how it would be without the ranges
# The plan is chosen over all worlds. Beside it: today's risk if every likely value were the truth. What may be twice as high adds more than what may be half as
# high takes away, so a range raises the average: not an error, but what the range says.

# %%
answer = tenbin.optimise(events, targets=["tvar95=75%"], time_limit=5 * SECONDS)
plan, today = answer.risk, answer.current
certain = tenbin.evaluate(likely, "current")
print(
    f"Average loss today: {million(today.aal)} over the worlds, {million(certain.aal)} if the likely values were the truth."
)
answer

# %% [markdown]
# ## How sure are the figures?
# The *calculation* errs, because years and worlds are a sample (`interval`); the *answer* may be off, because the figures entered are guesses
# (`between_worlds`). The first can be made as small as one likes, the second only by better figures.

# %%
rows = []
for name, risk in (("today", today), ("the plan", plan)):
    for metric in ("aal", "tvar95"):
        estimate, (low, _, high) = risk.estimate(metric), risk.between_worlds(metric)
        figures = {
            "value": estimate.value,
            "calculation, low": estimate.low,
            "calculation, high": estimate.high,
        }
        figures |= {"worlds, low": low, "worlds, high": high}
        rows.append(
            {"plan": name, "metric": metric} | {key: value / 1e6 for key, value in figures.items()}
        )
sure = pd.DataFrame(rows)
sure.style.format(precision=2).hide()

# %%
figure, axes = plt.subplots(figsize=(7.5, 4))
for name, risk, colour, height in (
    ("today", today, "#5C666C", 0.05),
    ("the plan", plan, "#1F6F8B", 0.012),
):
    band = risk.curve_band()
    axes.fill_between(band.loss / 1e6, band.low, band.high, color=colour, alpha=0.2, linewidth=0)
    chance = np.array([risk.exceedance(loss) for loss in band.loss])
    axes.plot(band.loss / 1e6, chance, color=colour)
    place = int(np.argmin(np.abs(chance - height)))
    axes.annotate(
        name,
        (band.loss[place] / 1e6, chance[place]),
        xytext=(6, 6),
        textcoords="offset points",
        color=colour,
    )
axes.set(
    xscale="log",
    yscale="log",
    xlim=(1, 200),
    ylim=(2e-3, 0.5),
    xlabel="loss of a year, ¥ million",
    ylabel="chance of a worse year",
)
axes.set_title("The curve, and where 90% of the worlds have it", loc="left")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## Would another plan be right?
# The same question is asked again, of resampled years and at prices up to a fifth higher or lower. What is chosen whatever comes is the **core**;
# what is not is contested, and can wait. (Shown are measures that are not in place today.)

# %%
robust = tenbin.robust(events, ["tvar95=75%"], n_runs=RUNS, time_limit=SECONDS)
steady = robust.to_frame()
contested = steady[(steady["share"] > 0) & ~steady["measure"].isin(today.plan)]
contested[["measure", "title", "share", "class", "in_plan"]].head(12).style.format(
    {"share": "{:.0%}"}
).hide()

# %% [markdown]
# ## If something goes wrong
# A stress case does not ask how likely something is but what it would cost: attacks three times as often, the costliest scenarios certain to happen, the
# main supplier down for a month.

# %%
stressed = tenbin.stress(events, {"the plan": answer.plan}, targets=["tvar95=75%"])
words = {
    "frequency": "everything {} times as often",
    "loss": "every loss times {}",
    "force": "it happens: {}",
}
words |= {"down": "a month without the supplier: {}"}


def in_words(stress: str) -> str:
    """What goes wrong: force=S-L1-01 by its title."""
    kind, _, what = stress.partition("=")
    return words[kind].format(titles.get(what, what)) if kind in words else stress


table = stressed.to_frame()
order = list(dict.fromkeys(table["stress"]))
shown = table.pivot(index="stress", columns="plan", values="tvar95").loc[
    order, ["current", "the plan"]
]
shown.index = [in_words(stress) for stress in shown.index]
(shown / 1e6).set_axis(["today: bad year, ¥M", "the plan: bad year, ¥M"], axis=1).round(1)

# %% [markdown]
# ## What is worth finding out
# If a guess were known before choosing, another plan might be better. How much better on average is the **value of knowing it** (of perfect
# information). No survey, no measurement, no consultant's day on that guess is worth more than that. A guess may move the loss a great deal and still
# be worth nothing: when the same measures are best whatever it is.

# %%
information = tenbin.information_value(events, n_worlds=WORLDS)
swings = {one.guess.key: one for one in tenbin.tornado(events, answer.plan, n_trials=YEARS).swings}


def named(guess) -> str:
    """A guess in words."""
    if guess.kind == "cost":
        return f"what {guess.measure} costs ({guess.amount})"
    what = "how often" if guess.kind == "frequency" else f"how well {guess.measure} works against"
    return f"{what}: {titles[guess.scenario]}"


rows = []
for one in information.worths[:8]:
    swing = swings.get(one.guess.key)
    rows.append(
        {
            "guess": named(one.guess),
            "worth a year, ¥k": one.per_year / 1e3,
            "±": 2 * one.error / 1e3,
            "bad year at its low end, ¥M": swing.low / 1e6 if swing else None,
            "at its high end, ¥M": swing.high / 1e6 if swing else None,
        }
    )
worth = pd.DataFrame(rows)
worth.style.format(precision=1, na_rep="not in the plan").hide()

# %% [markdown]
# ## What to do

# %%
first = information.worths[0]
core = steady[(steady["class"] == "core") & steady["in_plan"]]["measure"]
new = [measure for measure in core if measure not in today.plan]
print(f"Buy now, whatever comes: {' '.join(new) or 'nothing new'}.")
print(f"Find out first: {named(first.guess)}.")
years = case.organisation.horizon_years
one, all_ = (
    f"¥{float(f'{value * information.annuity:.2g}'):,.0f}"
    for value in (first.per_year, information.everything)
)
print(
    f"To know it is worth up to {one} over {years} years, to know everything about {all_} or more."
)
