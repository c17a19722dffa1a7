"""LibreOffice opens the slides without a word and prints six pages with their texts and charts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from slides.reading import opened
from tenbin.reporting.slides import write_slides

NEEDS = "LibreOffice Impress is not installed: python3 run.py test installs it on Debian and Ubuntu (apt install libreoffice-impress)"


@pytest.fixture(scope="module")
def printed(decks, hostile, tmp_path_factory):
    """Every deck as a PDF, by one start of a LibreOffice that has a profile of its own."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(NEEDS)
        pytest.skip(NEEDS)
    home = tmp_path_factory.mktemp("office")
    data, brand = hostile
    files = [*decks.values(), write_slides(data, home / "hostile.pptx", "ja", brand=brand)]
    profile = (home / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(home / "pdf")]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, timeout=240, check=False)
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, said
    assert "error" not in said.lower(), said
    return {path.stem: home / "pdf" / f"{path.stem}.pdf" for path in files}


def squeezed(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


@pytest.mark.parametrize("name", ["ja", "en", "ja-brand", "en-brand", "hostile"])
def test_six_pages(printed, name):
    pages = PdfReader(printed[name]).pages
    assert len(pages) == 6
    for page in pages:
        assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(16 / 9, rel=0.01)
        assert len(squeezed(page.extract_text())) > 40


@pytest.mark.parametrize("name", ["ja", "en"])
def test_titles_and_the_words_of_charts_are_on_the_pages(printed, decks, documents, name):
    pages = [squeezed(page.extract_text()) for page in PdfReader(printed[name]).pages]
    for page, slide in zip(pages, opened(decks[name]).slides, strict=True):
        assert squeezed(slide.shapes.title.text)[:12] in page
    words = {"ja": ("現在", "この案", "対策後", "目標"), "en": ("Today", "Thisplan", "Aftertheplan", "Target")}[name]
    assert all(word in pages[0] for word in words)
    assert words[1] in pages[1]
    assert words[2] in pages[3]


def test_a_broken_deck_is_not_opened(printed, tmp_path):
    """The control: what LibreOffice cannot read gives no pages."""
    path = tmp_path / "broken.pptx"
    path.write_bytes(b"PK\x03\x04 no deck")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    command = [office, f"-env:UserInstallation={(printed['en'].parents[1] / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)], capture_output=True, timeout=120, check=False
    )
    made = Path(tmp_path / "broken.pdf")
    assert not made.is_file() or len(PdfReader(made).pages) != 6
