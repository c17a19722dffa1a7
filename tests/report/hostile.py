"""A case whose every free text is one that would break a page, a terminal or a drawing where it is not taken as text."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

from running.commands import ROOT

CASE, COSTS = ROOT / "scenarios" / "machine-parts-sme", ROOT / "cost_tables" / "machine-parts-sme"
SCRIPT = "window.hacked=(window.hacked||0)+1,alert(1)"
TEXTS = (
    f"</script></template></svg><script>{SCRIPT}</script>",
    f'"><img src="https://example.invalid/x.png" onerror="{SCRIPT}"><svg onload={SCRIPT}>',
    '=HYPERLINK("https://example.invalid","x")+cmd|\' /C calc\'!A0',
    "\u202e\u2067right to left, never closed",
    "x" * 10_000,
    "長" * 10_000,
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🇯🇵" * 40,
    "{{ 7*7 }}{% include '/etc/passwd' %}${7*7} $\\frac{1}{2}$ %s %(name)s {0} {n:plural:a|b}",
    "</style><style>*{display:none!important}</style><!-- ]]> &lt;b&gt; &#60;i&#62;",
    "Z̷̨̢̛͓̫̹̼̠̤̲̎́̂͛̈́a̵l̶g̵o" * 30,
    "javascript:alert(1)//\n\nmany\nlines\n\n" * 20,
    "[link](javascript:alert(1)) <https://example.invalid> [bold red]x[/] \\u202e \\x1b[31m",
)
"""Each begins with its number where it is written, so that it can be found again."""
FREE = {
    "title_ja",
    "title_en",
    "description_ja",
    "description_en",
    "protects",
    "loss_forms",
    "basis",
    "basis_ja",
    "note",
    "note_ja",
    "source",
}
MOST_IN_BRAND = {"disclaimer": 2_000}


def hostile_texts() -> Iterator[str]:
    """The texts in turn, each with its own number first."""
    numbers = count(1)
    return (f"#{n} {text}" for n, text in zip(numbers, cycle(TEXTS), strict=False))


def write_hostile_case(folder: Path) -> tuple[Path, dict[str, str]]:
    """A copy of the bundled case with every free text replaced; the texts, by ``file:row:column``."""
    home, costs = folder / "scenarios" / "hostile", folder / "cost_tables" / "hostile"
    shutil.copytree(CASE, home)
    shutil.copytree(COSTS, costs)
    texts, put = hostile_texts(), {}
    for path in sorted([*home.glob("*.csv"), *costs.glob("*.csv")]):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        fields = list(rows[0])
        for n, row in enumerate(rows, start=2):
            for column in FREE & set(fields):
                row[column] = put[f"{path.stem}:{n}:{column}"] = next(texts).replace(";", ",")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
    settings = (home / "case.toml").read_text(encoding="utf-8")
    titles = {key: next(texts) for key in ("title_ja", "title_en")}
    lines = [line for line in settings.splitlines() if not line.startswith(("title_", "cost_tables"))]
    head = [f"{key} = {quoted(text)}" for key, text in titles.items()]
    fields = ("client", "author", "company", "confidentiality", "disclaimer", "version")
    brand = {key: next(texts)[: MOST_IN_BRAND.get(key, 200)] for key in fields}
    tail = ["[report]", *(f"{key} = {quoted(text)}" for key, text in brand.items())]
    body = "\n".join([*head, 'cost_tables = "../../cost_tables/hostile"', *lines, *tail])
    (home / "case.toml").write_text(body + "\n", encoding="utf-8")
    put |= {f"case:{key}": text for key, text in {**titles, **brand}.items()}
    return home, put


def quoted(text: str) -> str:
    """A TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
