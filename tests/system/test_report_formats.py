"""``tenbin report --format html|xlsx|pptx|pdf`` as people type it: what is written, what is never lost, what is refused and how."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from report.browsing import NEEDS
from running.commands import ROOT, start
from tenbin.cli.main import run as main
from tenbin.reporting.printing import find_browser

pytestmark = pytest.mark.xdist_group("report-formats")

CASE = ROOT / "scenarios" / "two-cells"
BEGINS = {"html": b"<!DOCTYPE html>", "xlsx": b"PK", "pptx": b"PK", "pdf": b"%PDF-"}
SURE = {"ja": "どこまで確かか", "en": "How sure is this?"}
HALF = 'for a; do case "$a" in --print-to-pdf=*) echo half > "${a#*=}";; esac; done'
"""A browser that writes half a file."""
FIRST = {"ja": "まず何をするか", "en": "What to do first"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder of results with one run in it, whose frontier is traced once."""
    place = tmp_path_factory.mktemp("runs")
    asked = ("optimise", CASE, "--target", "aal=1.3M", "--trials", "3000", "--quiet", "--json", "--out", place)
    run = Path(json.loads(start(*asked, code=0).stdout.decode("utf-8"))["run"])
    start("report", run, "--points", "4", "--quiet", "--out", place, code=0)
    return run


@pytest.fixture
def asked(runs, tmp_path, monkeypatch, capsys):
    """``tenbin report`` on that run, in this process; a browser that is opened writes what it was asked to show into ``opened``."""
    seen = tmp_path / "opened"

    def opens(address: str) -> bool:
        seen.write_text(address, encoding="utf-8")
        return True

    monkeypatch.setattr("webbrowser.open", opens)

    def ask(*arguments: object, code: int = 0, lang: str = "en", run: object = runs, **env: str):
        given = ("tenbin", "report", run, *arguments, "--out", runs.parent, "--lang", lang)
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", list(map(str, given)))
            for name, value in env.items():
                patched.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        assert ended.value.code == code, err
        return out, err

    ask.opened = seen
    return ask


def needs_browser() -> None:
    if find_browser() is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(NEEDS)
        pytest.skip(NEEDS)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "opened")


@pytest.mark.parametrize("form", ["html", "xlsx", "pptx"])
def test_a_format_by_name_goes_into_the_runs_folder(asked, runs, form):
    out, _ = asked("--format", form, lang="ja")
    path = runs / f"report.ja.{form}"
    assert str(path) in out
    assert path.read_bytes().startswith(BEGINS[form])
    assert not asked.opened.exists(), "nothing is opened that was not asked for"


@pytest.mark.parametrize("form", ["html", "xlsx", "pptx"])
def test_a_format_by_the_files_ending(asked, runs, tmp_path, form):
    path = tmp_path / "deep" / f"Board paper.{form.upper()}"
    document = json.loads(asked("--to", path, "--json")[0])
    assert document == {"schema": 1, "status": "made", "run": runs.name, "format": form, "path": str(path)}
    assert path.read_bytes().startswith(BEGINS[form])
    assert [one.name for one in path.parent.iterdir()] == [path.name], "nothing half-made is left beside it"


def test_what_people_worked_on_is_never_written_over(asked, runs, tmp_path):
    for form in ("xlsx", "pptx"):
        path = tmp_path / f"mine.{form}"
        path.write_bytes(b"edited by hand")
        _, said = asked("--to", path, code=2)
        assert f"--to: must be a new file; got {path}" in said
        assert "Name another with --to." in said
        assert path.read_bytes() == b"edited by hand"
        own = runs / f"report.en.{form}"
        own.write_bytes(b"edited by hand too")
        first, second = (json.loads(asked("--format", form, "--json")[0])["path"] for _ in range(2))
        assert [Path(name).name for name in (first, second)] == [f"report.en-2.{form}", f"report.en-3.{form}"]
        assert own.read_bytes() == b"edited by hand too"


def test_a_page_is_made_anew(asked, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("an older one", encoding="utf-8")
    asked("--to", path)
    assert path.read_bytes().startswith(BEGINS["html"])


def test_another_kind_of_file_is_never_written_over(asked, tmp_path):
    for name, form in (("case.toml", "html"), ("case.toml", None), ("deck.pptx", "xlsx"), ("plain", "pdf")):
        path = tmp_path / name
        path.write_text("kept", encoding="utf-8")
        _, said = asked("--to", path, *(("--format", form) if form else ()), code=2)
        assert f"--to: must be a file that ends in .{form or 'html'}" in said
        assert path.read_text(encoding="utf-8") == "kept"
    (tmp_path / "folder.pptx").mkdir()
    assert "got the folder" in asked("--to", tmp_path / "folder.pptx", code=2)[1]


def test_a_place_that_cannot_be_written(asked, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for form in ("html", "xlsx", "pptx"):
        _, said = asked("--to", tmp_path / "file" / f"report.{form}", code=2)
        assert "a file that can be written" in said
        assert "Traceback" not in said
    assert left(tmp_path) == ["file"]


def test_everything_wrong_is_said_at_once_and_nothing_is_written(asked, runs, tmp_path):
    before = left(runs)
    (tmp_path / "brand.toml").write_text('colour = "red"\naccent = "#FFFF00"\nlogo = "none.png"\n', encoding="utf-8")
    (tmp_path / "mine.pptx").write_bytes(b"x")
    arguments = ("--to", tmp_path / "mine.pptx", "--brand", tmp_path / "brand.toml", "--template", tmp_path / "none.pptx")
    document = json.loads(asked(*arguments, "--json", code=2)[0])
    assert document["status"] == "invalid"
    assert [problem["column"] for problem in document["problems"] if "brand" in problem["file"]] == [
        "colour",
        "accent",
        "report.logo",
    ]
    assert {problem["file"] for problem in document["problems"]} == {str(tmp_path / "brand.toml"), "--template", "--to"}
    japanese = asked(*arguments, code=2, lang="ja")[1]
    assert "直すところが5件あります。何も書き込んでいません。" in japanese
    assert left(runs) == before
    assert left(tmp_path) == ["brand.toml", "mine.pptx"]


def test_a_brand_is_on_every_format(asked, tmp_path):
    (tmp_path / "brand.toml").write_text('[report]\nclient = "Sample K.K."\nconfidentiality = "社外秘"\n', encoding="utf-8")
    for form in ("html", "xlsx", "pptx"):
        asked("--to", tmp_path / f"own.{form}", "--brand", tmp_path / "brand.toml")
    assert "Sample K.K." in (tmp_path / "own.html").read_text(encoding="utf-8")
    from openpyxl import load_workbook
    from pptx import Presentation

    cells = [cell.value for sheet in load_workbook(tmp_path / "own.xlsx") for row in sheet.iter_rows() for cell in row]
    assert any("Sample K.K." in str(cell) for cell in cells)
    for slide in Presentation(str(tmp_path / "own.pptx")).slides:
        assert any("社外秘" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_a_template_is_for_slides(asked, tmp_path):
    for form in ("html", "xlsx", "pdf"):
        _, said = asked("--format", form, "--template", tmp_path / "x.pptx", code=2)
        assert "--template: must be given with --format pptx only" in said
    (tmp_path / "macros.pptm").write_bytes(b"PK")
    _, said = asked("--format", "pptx", "--template", tmp_path / "macros.pptm", code=2)
    assert "--template: must be a PowerPoint file (.pptx) without macros" in said
    assert "got macros.pptm: a file for macros" in said


def test_an_unknown_format(asked):
    _, said = asked("--format", "docx", code=2)
    assert "--format: must be one of html, xlsx, pptx, pdf; got docx" in said


def test_an_unknown_run(asked):
    for form in BEGINS:
        document = json.loads(asked("--format", form, "--json", run="no-such-run", code=2)[0])
        (problem,) = document["problems"]
        assert (problem["file"], problem["value"]) == ("RUN", "'no-such-run'")
        assert "tenbin runs" in problem["remedy"]


def test_without_python_pptx_it_says_what_to_install(asked, runs, monkeypatch):
    before = left(runs)
    monkeypatch.setitem(sys.modules, "pptx", None)
    for lang in ("en", "ja"):
        _, said = asked("--format", "pptx", code=2, lang=lang)
        assert 'pip install "tenbin[office]"' in said
    assert left(runs) == before


def test_open_shows_what_was_made(asked, tmp_path):
    path = tmp_path / "page.html"
    asked("--to", path, "--open")
    assert asked.opened.read_text(encoding="utf-8") == path.as_uri()
    asked.opened.unlink()
    asked("--format", "docx", "--open", code=2)
    assert not asked.opened.exists()


def test_no_browser_says_how_to_print(asked, runs, tmp_path):
    """The page is made, named and left; the exit code says that there is no PDF."""
    nowhere = {"PATH": str(tmp_path), "TENBIN_BROWSER": ""}
    page = runs / "report.en.html"
    page.unlink(missing_ok=True)
    out, said = asked("--to", tmp_path / "own.pdf", "--json", code=2, **nowhere)
    assert "no such browser" in said
    assert f"Open {page} in any browser, press Ctrl+P (Cmd+P on a Mac)" in said
    assert "nothing was written" not in said
    assert page.read_bytes().startswith(BEGINS["html"])
    document = json.loads(out)
    assert (document["status"], document["page"]) == ("invalid", str(page))
    assert "Ctrl+P" in asked("--to", tmp_path / "own.pdf", code=2, lang="ja", **nowhere)[1]
    assert left(tmp_path) == []


def test_a_browser_that_is_not_there_or_prints_nothing(asked, tmp_path):
    _, said = asked("--format", "pdf", code=2, TENBIN_BROWSER="no-such-browser")
    assert "TENBIN_BROWSER: must be the path or the name of a browser that is installed; got no-such-browser" in said
    (tmp_path / "own.pdf").write_bytes(b"%PDF- an older one")
    for wrong in ("exit 0", HALF):
        browser = tmp_path / "browser"
        browser.write_text(f"#!/bin/sh\n{wrong}\n", encoding="utf-8")
        browser.chmod(0o755)
        _, said = asked("--to", tmp_path / "own.pdf", code=2, TENBIN_BROWSER=str(browser))
        assert "browser, which wrote no PDF" in said
        assert (tmp_path / "own.pdf").read_bytes() == b"%PDF- an older one"
        assert left(tmp_path) == ["browser", "own.pdf"]


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_stopped_while_printing_leaves_nothing_half(asked, runs, tmp_path):
    """Ctrl-C while the browser works: it is ended too, and the older PDF stays."""
    (tmp_path / "own.pdf").write_bytes(b"%PDF- an older one")
    browser, started = tmp_path / "browser", tmp_path / "started"
    browser.write_text(f'#!/bin/sh\n{HALF}\necho $$ > "{started}"\nexec sleep 300\n', encoding="utf-8")
    browser.chmod(0o755)
    command = [
        sys.executable,
        "-m",
        "tenbin",
        "report",
        str(runs),
        "--to",
        str(tmp_path / "own.pdf"),
        "--out",
        str(runs.parent),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "TENBIN_BROWSER": str(browser), "TENBIN_LANG": "en"}, stderr=subprocess.PIPE
    )
    for _ in range(1200):
        if started.exists() and started.read_text(encoding="utf-8").strip():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert (tmp_path / "own.pdf").read_bytes() == b"%PDF- an older one"
    assert left(tmp_path) == ["browser", "own.pdf", "started"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text(encoding="utf-8")), 0)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_pdf_has_page_one_on_one_page(asked, runs, tmp_path, lang):
    needs_browser()
    kept = tmp_path / "own.html"
    kept.write_text("somebody's", encoding="utf-8")
    out, _ = asked("--to", tmp_path / "own.pdf", lang=lang)
    assert str(tmp_path / "own.pdf") in out
    assert kept.read_text(encoding="utf-8") == "somebody's", "a page beside it is not ours to write over"
    assert left(tmp_path) == ["own.html", "own.pdf"]
    sheets = PdfReader(tmp_path / "own.pdf").pages
    texts = ["".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]
    assert "".join(SURE[lang].split()) in texts[0]
    assert "".join(FIRST[lang].split()) not in texts[0]
    assert "".join(FIRST[lang].split()) in texts[1]
    for sheet in sheets:
        assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) in ((595, 842), (594, 842))
    assert (runs / f"report.{lang}.html").is_file()
