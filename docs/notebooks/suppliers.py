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
# # Suppliers: one form for all, one sweep, and whom to help first
#
# > **要約** 調達先に十五の質問票を配り、その回答から各社のケースを作ります。全社 × 全目標を一度に計算し（スイープ）、どの調達先が危ないか、同じお金でどこの
# > リスクが最も減るかを比べます。途中で止まっても、済んだ分は残り、続きから始められます。
#
# **The question.** *Our parts come from companies much smaller than we are. One of them stopped for a month is our problem too. Which of them
# carries most risk for its size? What would it cost each to get better, and if we help, where does a yen take away most?*

# %%
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import tenbin

pd.set_option("display.max_colwidth", 80)
SMALL = bool(os.environ.get("SMALL"))
YEARS, SECONDS = (20_000, 0.5) if SMALL else (50_000, 10)


def million(amount: float) -> str:
    """An amount as people say it."""
    return f"¥{amount / 1e6:.3g} million"


# %% [markdown]
# ## The data: what came back
# Each supplier has answered the interview: fifteen questions in plain words, of which any may be left open. The suppliers here are invented; what nobody
# answered is taken from an ordinary company of the trade ([the interview](../interview.md)).

# %%
FORMS = pd.DataFrame(
    [
        ("castings", "factory", 35, True, ["antivirus", "backup"], 2),
        ("plating", "factory", 12, False, ["antivirus"], 0),
        ("haulage", "logistics", 140, True, ["antivirus", "firewall", "mfa"], 1),
        ("tooling", "factory", 80, True, ["antivirus", "firewall", "offsite_backup", "policy"], 0),
        ("software", "it", 25, True, ["antivirus", "firewall", "mfa", "updates", "backup"], 0),
        ("fasteners", "trade", 60, False, ["antivirus", "firewall", "locked"], 1),
        (
            "electronics",
            "factory",
            260,
            True,
            ["policy", "inventory", "antivirus", "firewall", "mfa"],
            3,
        ),
        ("cleaning", "care", 45, False, ["locked"], 0),
    ],
    columns=["supplier", "industry", "employees", "remote_access", "in_place", "incidents"],
)
FORMS = FORMS.head(3) if SMALL else FORMS
FORMS

# %%
for form in FORMS.to_dict("records"):
    name = form.pop("supplier")
    answers = "\n".join(
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for key, value in form.items()
    )
    Path(f"{name}.toml").write_text(answers.replace("'", '"') + "\n", encoding="utf-8")
    words = ["init", f"suppliers/{name}", "--answers", f"{name}.toml", "--quiet"]
    subprocess.run([sys.executable, "-X", "utf8", "-m", "tenbin", *words], check=True)
cases = {path.name: tenbin.load(path) for path in sorted(Path("suppliers").iterdir())}
cases[FORMS["supplier"][0]]

# %% [markdown]
# ## One sweep
# Every supplier against every target: a sweep asks all the questions of a grid, keeps each answer as soon as it is there, and uses the same simulated years
# for all the questions of one supplier. With many thousands of points the same lines run on all cores (`jobs=`) or on a cluster (`scheduler=`).

# %%
targets = (
    ["tvar95=90%", "tvar95=75%"]
    if SMALL
    else ["tvar95=90%", "tvar95=75%", "tvar95=60%", "tvar95=50%"]
)
asked = {
    "name": "suppliers",
    "axes": {"case": "suppliers/*", "target": targets, "trials": YEARS},
    "options": {"time_limit": SECONDS},
}
done = tenbin.sweep(asked, jobs=1 if SMALL else None)
print(f"{done.n_points} points, {done.n_solved} of them solved now, {done.n_failed} failed.")

# %% [markdown]
# Nothing is lost: killed in the night and started again in the morning, it does only what is missing. Here nothing is:

# %%
again = tenbin.sweep(asked, jobs=1)
print(f"{again.n_points} points, {again.n_done} were there already, {again.n_solved} solved now.")

# %%
points = tenbin.read_sweep(done.path)
points["supplier"] = [Path(case).name for case in points["case"]]
points[["supplier", "target", "status", "per_year", "today_tvar95", "tvar95", "gap"]].head(
    6
).style.format(
    {"per_year": "{:,.0f}", "today_tvar95": "{:,.0f}", "tvar95": "{:,.0f}", "gap": "{:.1%}"}
).hide()

# %% [markdown]
# ## Who carries most risk for its size?
# The loss of a bad year by itself says who is large. Against the revenue it says who would not stand up again.

# %%
first = points.drop_duplicates("supplier").set_index("supplier")
revenue = pd.Series({name: case.organisation.annual_revenue for name, case in cases.items()})
reserve = pd.Series({name: case.organisation.cash_reserve for name, case in cases.items()})
risk = pd.DataFrame(
    {
        "people": {name: case.organisation.employees for name, case in cases.items()},
        "average year, ¥M": first["today_aal"] / 1e6,
        "bad year, ¥M": first["today_tvar95"] / 1e6,
        "bad year over revenue": first["today_tvar95"] / revenue,
        "bad year over cash reserve": first["today_tvar95"] / reserve,
    }
).sort_values("bad year over revenue", ascending=False)
styles = {"average year, ¥M": "{:.2f}", "bad year, ¥M": "{:.1f}"}
styles |= {"bad year over revenue": "{:.1%}", "bad year over cash reserve": "{:.1f} ×"}
risk.style.format(styles)

# %% [markdown]
# ## Where does a yen take away most?
# For each supplier and target: what the plan takes off the loss of a bad year for each yen that it costs beyond what is paid today.

# %%
paid = pd.Series(
    {
        name: tenbin.evaluate(tenbin.simulate(case, n_trials=1_000), "current").cost.per_year
        for name, case in cases.items()
    }
)
points["more a year"] = points["per_year"] - points["supplier"].map(paid)
points["taken away"] = points["today_tvar95"] - points["tvar95"]
points["per yen"] = points["taken away"] / points["more a year"].where(points["more a year"] > 0)
per_yen = points.pivot(index="supplier", columns="target", values="per yen")[targets]
per_yen = per_yen.sort_values(targets[1])
figure, axes = plt.subplots(figsize=(7.5, 0.8 + 0.42 * len(per_yen)))
for n, target in enumerate(targets):
    shade = str(0.65 - 0.65 * n / (len(targets) - 1))
    axes.plot(
        per_yen[target], per_yen.index, "o", color=shade, label=target.removeprefix("tvar95=")
    )
axes.hlines(per_yen.index, per_yen.min(axis=1), per_yen.max(axis=1), color="#D9DDE0", zorder=0)
axes.set(xscale="log", xlabel="yen taken off a bad year for each yen more a year")
axes.xaxis.set_major_formatter("{x:g}")
axes.xaxis.set_minor_formatter("{x:g}")
axes.set_title("A bad year brought down to … of today's", loc="left", pad=26)
axes.legend(ncols=len(targets), frameon=False, loc="lower left", bbox_to_anchor=(-0.02, 0.98))
axes.margins(y=0.12)
axes.spines[["top", "right", "left"]].set_visible(False)
axes.tick_params(left=False)
plt.show()

# %% [markdown]
# ## How sure?
# The answers rest on guesses. If the worst incidents cost twice what each form suggests, would the same suppliers come first? A figure of the case is an axis as
# well, by its path; `*2` multiplies what stands there.

# %%
doubled = {
    "name": "twice-as-bad",
    "axes": {
        "case": "suppliers/*",
        "scenarios.*.loss_p95": ["*1", "*2"],
        "target": targets[:1],
        "trials": YEARS,
    },
    "options": {"time_limit": SECONDS},
}
doubt = tenbin.sweep(doubled, jobs=1 if SMALL else None).to_frame()
doubt["supplier"] = [Path(case).name for case in doubt["case"]]
doubt["over revenue"] = doubt["today_tvar95"] / doubt["supplier"].map(revenue)
ranks = doubt.pivot(index="supplier", columns="scenarios.*.loss_p95", values="over revenue")
ranks = ranks.set_axis(["as the form says", "worst incidents twice as bad"], axis=1)
ranks = ranks.sort_values("as the form says", ascending=False)
ranks.style.format("{:.1%}")

# %% [markdown]
# ## What to do

# %%
steps = points[points["target"] == targets[1]].set_index("supplier")
worth = per_yen[targets[1]].dropna().sort_values(ascending=False)
worst = risk.index[0]
places = ranks.rank()
same = places.iloc[:, 0].equals(places.iloc[:, 1])
print(
    f"Talk first with {worst}: a bad year is {risk.loc[worst, 'bad year over revenue']:.1%} of its revenue."
)
if len(worth):
    best = worth.index[0]
    print(
        f"A yen a year takes away most at {best}: ¥{worth.iloc[0]:.1f} of a bad year for a quarter less loss,"
    )
    print(f"which costs it {million(steps.loc[best, 'more a year'])} a year more than today.")
how = "stays" if same else "changes"
print(f"The order of the suppliers {how} if the worst incidents are twice as bad.")
