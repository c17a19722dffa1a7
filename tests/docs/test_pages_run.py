"""Every command and snippet of the documentation runs as it stands there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.snippets import LONG, ROOT, blocks, follow_page, pages, unfounded, without_kind

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the pages' commands are typed into a POSIX shell")

NOT_RUN = 11
"""Blocks that are not run, each with its reason on the page."""


@pytest.mark.parametrize("page", [page for page in pages() if page.name not in LONG], ids=lambda page: page.name)
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    follow_page(page, tmp_path)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_command_is_hidden_from_the_tests(page: Path) -> None:
    assert without_kind(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_what_runs_elsewhere_does(page: Path) -> None:
    assert list(unfounded(page)) == []


def test_few_blocks_are_not_run_and_all_say_why() -> None:
    silent = [block for page in pages() for block in blocks(page) if block.mark == "not run"]
    assert all(len(block.rest) > 10 for block in silent)
    assert len(silent) == NOT_RUN, [f"{block.page}:{block.line}" for block in silent]


@pytest.mark.parametrize(
    "wrong",
    [
        "```sh\ntenbin optimize-all scenarios/two-cells\n```\n",
        "<!-- exit: 0 -->\n```sh\ntenbin evaluate scenarios/two-cells --plan nothing-of-the-kind\n```\n",
        "```sh\ntenbin explain tvar\n```\n<!-- said -->\n```text\nsomething that it never says\n```\n",
        "```python\nimport tenbin\ntenbin.optimise_everything()\n```\n",
    ],
)
def test_control_a_page_with_a_mistake_fails(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((AssertionError, AttributeError)):
        follow_page(ROOT / "docs" / "wrong.md", tmp_path, wrong)


def test_control_a_hidden_command_and_an_unfounded_one_are_found(tmp_path: Path) -> None:
    page = tmp_path / "wrong.md"
    page.write_text(
        "```\ntenbin demo\n```\n\n    tenbin runs list\n\n<!-- runs in: faq.md -->\n```sh\ntenbin no-such\n```\n",
        encoding="utf-8",
    )
    assert without_kind(page.read_text(encoding="utf-8")) == ["tenbin runs list", "tenbin demo"]
    assert list(unfounded(page)) == ["wrong.md:8 tenbin no-such"]
