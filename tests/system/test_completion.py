"""What the shell is offered, through the variables that typer's completion scripts set; and nothing aloud when it goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from running.commands import ROOT, start

CASE = "scenarios/machine-parts-sme"


def offered(words: str, folder: Path = ROOT, **environment: str) -> list[str]:
    """What bash is offered for the last of the words, which may be empty."""
    place = {"_TENBIN_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    found = start(cwd=folder, env={**place, **environment})
    assert found.stderr == b""
    return found.stdout.decode("utf-8").split()


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("tenbin init new --from ", {"machine-parts-sme", "two-cells"}),
        ("tenbin che", {"check"}),
        (f"tenbin optimise {CASE} --require L3.00", {"L3.001", "L3.009"}),
        (f"tenbin optimise {CASE} --exclude L3.008=", {"L3.008=basic", "L3.008=advanced"}),
        (f"tenbin optimise {CASE} --level ", {"basic", "standard", "high"}),
        (f"tenbin optimise {CASE} --target k", {"keep=current"}),
        ("tenbin optimise --budget 8M", {"8M/year", "8M/total", "8M/first-year"}),
        (f"tenbin evaluate {CASE} --plan c", {"current"}),
        ("tenbin frontier --metric tvar", {"tvar95", "tvar99"}),
        ("tenbin coverage --standard CIS", {"CIS-8.1"}),
        ("tenbin catalogue show L1.00", {"L1.001", "L1.009"}),
        ("tenbin catalogue list --component d", {"data"}),
        ("tenbin explain tv", {"tvar"}),
        ("tenbin check --lang ", {"ja", "en"}),
    ],
)
def test_values_are_offered(words: str, some: set[str]) -> None:
    last = words.rpartition(" ")[2]
    found = offered(words)
    assert some <= set(found)
    assert all(value.startswith(last) for value in found)


def test_runs_are_offered(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01-case-001").mkdir()
    (tmp_path / "2026-01-01-case-001" / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "half").mkdir()
    found = offered("tenbin report ", TENBIN_RESULTS=str(tmp_path))
    assert set(found) == {"2026-01-01-case-001", "latest"}


@pytest.mark.parametrize("text", ["[levels", "levels = 3"])
def test_a_broken_case_is_not_said_aloud(tmp_path: Path, text: str) -> None:
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    (tmp_path / "plans.csv").write_bytes(b"\xff\xfe\x00")
    assert offered("tenbin optimise --level ", tmp_path) == []
    assert offered("tenbin evaluate --plan ", tmp_path) == []


def test_nothing_heavy_is_imported_to_complete() -> None:
    heavy = "print([n for n in ('numpy', 'numba', 'scipy', 'pandas', 'rich') if n in sys.modules])"
    offer_all = f"[list(offer(Path({CASE!r}), 'L1')) for offer in completing.OFFERS.values()]"
    script = f"import sys; from pathlib import Path; from tenbin.cli import completing, main; {offer_all}; {heavy}"
    for text, found in ((script, "[]"), (f"import sys, numpy; {heavy}", "['numpy']")):
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, cwd=ROOT, timeout=100, check=True)
        assert done.stdout.decode().strip() == found
