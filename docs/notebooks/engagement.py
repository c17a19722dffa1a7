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
# # An engagement: from the client's workbook to the report on the table
#
# > **要約** コンサルタントの一日です。顧客が記入したExcelを点検し、間違いを印付きで返し、直したものから最も安い対策を求め、役員向けの報告書（HTML）と
# > 結果のExcelを渡します。実施した対策はExcelの「actions」シートから取り込み、次回はそこから始めます。
#
# **The question.** *A client has filled in a workbook. Is it right? What should they buy, and how do we hand that over so that somebody does
# it?* Everything here is done with commands, as one types them; the notebook only shows what comes out.

# %%
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
from IPython.display import Image

import tenbin

pd.set_option("display.max_colwidth", 80)
SMALL = bool(os.environ.get("SMALL"))
YEARS = "20000" if SMALL else "100000"
CLIENT = Path("client.xlsx")


def terminal(*words: object, code: int = 0, until: str = "") -> None:
    """Run a command as it is typed in a terminal, and show what it says (up to a heading)."""
    asked = [str(word) for word in words]
    print("$ tenbin", *asked)
    command = [sys.executable, "-X", "utf8", "-m", "tenbin", *asked, "--lang", "en"]
    plain = {**os.environ, "FORCE_COLOR": ""}  # notebooks ask for colours
    options = {"capture_output": True, "text": True, "encoding": "utf-8", "env": plain}
    done = subprocess.run(command, **options, check=False)
    assert done.returncode == code, done.stderr
    said, cut, _ = (done.stdout or done.stderr).partition(f"\n{until}\n" if until else "\0")
    print(said + ("\n…" if cut else ""))


def write(changes: dict[tuple[str, str, str], object]) -> None:
    """Change cells of the client's workbook by hand: sheet, row's id and column → value."""
    book = openpyxl.load_workbook(CLIENT)
    for (name, row_id, column), value in changes.items():
        sheet = book[name]
        columns = {cell.value: cell.column for cell in sheet[1]}
        key = columns["id"] if "id" in columns else columns["measure"]
        row = next(
            row for row in range(3, sheet.max_row + 1) if sheet.cell(row, key).value == row_id
        )
        sheet.cell(row, columns[column]).value = value
    book.save(CLIENT)


# %% [markdown]
# ## The data: a workbook comes back
# `tenbin init client.xlsx --workbook` made the form: a sheet for each table, with headings in both languages, drop-downs and explanations. What comes back has been
# filled in by people. Here two slips are put in, as they happen: a word where a number belongs, and a frequency whose range does not hold it.

# %%
terminal("init", CLIENT, "--from", "machine-parts-sme", "--workbook")
entered = tenbin.to_frames(tenbin.load(CLIENT))["scenarios"].set_index("id")
write(
    {
        ("scenarios", "S-L1-02", "frequency"): "sometimes",
        ("scenarios", "S-L1-03", "frequency_high"): 0.001,
    }
)
terminal("check", CLIENT, "--mark", code=2)  # 2: the input is wrong

# %% [markdown]
# All errors at once, each with its place, the rule, the value and what to do. `--mark` also wrote a copy in which the cells are coloured and carry these words
# as comments: that goes back to the client.

# %%
marked = openpyxl.load_workbook("client-marked.xlsx")["scenarios"]
cells = [cell for row in marked.iter_rows(min_row=3) for cell in row if cell.comment]
pd.DataFrame(
    [(cell.coordinate, cell.value, cell.comment.text) for cell in cells],
    columns=["cell", "value", "comment"],
)

# %% [markdown]
# The client answers, the cells are put right, and `check` says in words what the figures mean: the moment to ask *does that sound like your company?*

# %%
write(
    {
        ("scenarios", "S-L1-02", "frequency"): float(entered.loc["S-L1-02", "frequency"]),
        ("scenarios", "S-L1-03", "frequency_high"): float(entered.loc["S-L1-03", "frequency_high"]),
    }
)
terminal("check", CLIENT, "--trials", YEARS)

# %% [markdown]
# ## The answer
# The client's target, a quarter off the loss of a bad year, is in the workbook. The run with its charts, tables and a copy of the case is kept under
# `results/`, so that it can be looked at, compared and repeated later.

# %%
terminal("optimise", CLIENT, "--trials", YEARS, until="The plan")

# %%
run = max(Path("results").iterdir())
result = json.loads((run / "result.json").read_text(encoding="utf-8"))
Image(run / "charts" / "exceedance.en.png", width=640)

# %% [markdown]
# ## How sure?
# The certificate, and the plan on ten times as many other years.

# %%
certificate, elsewhere = result["certificate"], result["out_of_sample"]["tvar95=75%"]
print(f"Certificate: {certificate['kind']}, within {certificate['delta']:.1%} of the target.")
print("On ten times as many other years the loss of a bad year is")
print(
    f"  ¥{elsewhere['value'] / 1e6:.1f} million (¥{elsewhere['low'] / 1e6:.1f} to {elsewhere['high'] / 1e6:.1f} million),"
)
print(f"  where the target asks for ¥{elsewhere['limit'] / 1e6:.1f} million.")

# %% [markdown]
# ## What is handed over
# The **report** is one HTML file that asks nothing of any network and prints on A4; under the consultant's own name where `--brand` says so.

# %%
brand = 'client = "Sample Ltd"\nauthor = "A. Consultant"\ncompany = "Advisers Ltd"\nconfidentiality = "Confidential"\n'
Path("brand.toml").write_text(brand, encoding="utf-8")
frontier = ["--no-frontier"] if SMALL else ["--points", "12"]
terminal("report", run, "--brand", "brand.toml", *frontier)
page = (run / "report.en.html").read_text(encoding="utf-8")
quiet = "default-src 'none'" in page  # its Content-Security-Policy
print(
    f"{len(page.encode()) / 1e6:.1f} MB; names the client: {'Sample Ltd' in page}; may ask nothing of any network: {quiet}"
)

# %% [markdown]
# The **results workbook** has every number as a number, and the sheet *actions*: each measure with its first step, what it takes and the evidence to keep.

# %%
terminal("report", run, "--format", "xlsx", "--to", "results.xlsx", *frontier)
actions = pd.read_excel("results.xlsx", sheet_name="actions", header=3).iloc[1:]
new = actions["change"].isin(["add", "raise"])
actions[new][["measure", "title", "level", "first_step", "when", "days", "cash"]].head(6)

# %% [markdown]
# ## What to do, and what is done
# Months later the client has filled in the blue columns. What is done is taken over into the case, and the next `optimise` starts from there.

# %%
book = openpyxl.load_workbook("results.xlsx")
sheet = book["actions"]
columns = {cell.value: cell.column for cell in sheet[4]}
done = [
    row for row in range(6, sheet.max_row + 1) if sheet.cell(row, columns["change"]).value == "add"
][:3]
for row in done:
    sheet.cell(row, columns["owner"]).value = "IT"
    sheet.cell(row, columns["state"]).value = "done"
book.save("results.xlsx")
terminal("init", "client", "--from", CLIENT)
terminal("actions", "results.xlsx", "client")

# %%
before, after = tenbin.load(CLIENT), tenbin.load("client")
events = {
    name: tenbin.simulate(case, n_trials=int(YEARS))
    for name, case in (("before", before), ("after", after))
}
today = {name: tenbin.evaluate(table, "current") for name, table in events.items()}
pd.DataFrame(
    {
        name: {
            "measures in place": len(risk.plan),
            "bad year, ¥M": risk.tvar(0.95) / 1e6,
            "cost a year, ¥M": risk.cost.per_year / 1e6,
        }
        for name, risk in today.items()
    }
).round(2)
