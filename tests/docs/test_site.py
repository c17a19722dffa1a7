"""The site as it is built: whole, in both languages, quiet, searchable, readable; and a page with a mistake is not built."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

import docsite
from report.browsing import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = docsite.pages_of()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("docs")
    assert docsite.build(docsite.DOCS, home / "work", home / "site") == 0
    return home / "site"


def foreign(text: str) -> list[str]:
    """Resources of a page that another host would have to give."""
    styled = re.findall(r"url\(\s*['\"]?((?:https?:)?//[^)'\"]+)", text)
    return [url for url in (*docsite.Links(text).fetched, *styled) if re.match(r"(https?:)?//", url)]


def test_both_languages_have_every_page(built: Path) -> None:
    for name in PAGES:
        for home, lang in ((built, "en"), (built / "ja", "ja")):
            page = home / name.replace("README.md", "index.html").replace(".md", ".html")
            assert docsite.Links(page.read_text(encoding="utf-8")).lang == lang, page
    assert (built / "schema" / "scenarios.json").is_file()


def test_directors_and_consultants_read_japanese(built: Path) -> None:
    for name in (
        "index",
        "tutorial",
        "handbook",
        "faq",
        "deliver",
        "app",
        "answers",
        "how-sure",
        "what-matters",
        "reference/files",
    ):
        text = (built / "ja" / f"{name}.html").read_text(encoding="utf-8")
        assert docsite.WORDS["only_english"]["ja"] not in text, name
    assert docsite.WORDS["only_english"]["ja"] in (built / "ja" / "method.html").read_text(encoding="utf-8")


def test_no_page_asks_another_host_for_anything(built: Path) -> None:
    files = [*built.rglob("*.html"), *built.rglob("*.css")]
    assert len(files) > 2 * len(PAGES)
    assert {str(path): found for path in files if (found := foreign(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://unpkg.com/iframe-worker/shim"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<img src="http://a.example/p.png">',
        "<style>@font-face{src:url(https://a.example/f.woff2)}</style>",
    ],
)
def test_control_a_foreign_resource_is_found(text: str) -> None:
    assert len(foreign(text)) == 1
    assert foreign('<a href="https://a.example">a source</a><img src="images/a.png">') == []


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


FOUND = """() => [...document.querySelectorAll('*')].filter((e) => e.shadowRoot)
  .flatMap((e) => [...e.shadowRoot.querySelectorAll('a')].map((a) => a.textContent))"""


READY = "() => [...document.querySelectorAll('*')].some((e) => e.shadowRoot)"
TYPING = "() => Boolean(document.activeElement.shadowRoot)"


def search(page: Page, asked: str) -> list[str]:
    page.wait_for_function(READY)
    for _ in range(20):  # the shortcut is listened to a little later than the page is ready
        page.keyboard.press("Control+k")
        with suppress(TimeoutError):
            page.wait_for_function(TYPING, timeout=3000)
            break
    page.keyboard.insert_text(asked)
    page.wait_for_function(f"({FOUND})().length > 0")
    found: list[str] = page.evaluate(f"({FOUND})()")
    return found


@pytest.mark.parametrize(
    ("lang", "asked", "expected"),
    [
        ("en", "knife", "method"),
        ("en", "cash reserve", "handbook"),
        ("ja", "持ちこたえ", "ハンドブック"),
        ("ja", "手元資金", "ハンドブック"),
    ],
)
@pytest.mark.parametrize("how", ["disk", "server"])
def test_search_finds_words_of_both_languages(
    built: Path, chromium: Browser, lang: str, asked: str, expected: str, how: str
) -> None:
    name = "ja/index.html" if lang == "ja" else "index.html"
    with opened(chromium, built / name) as (page, seen), served(built) as address:
        if how == "server":
            page.goto(f"{address}/{name}")
        found = search(page, asked)
        assert found
        assert all(url.startswith(("file://", f"{address}/", "data:", "blob:")) for url in seen.requests)
        assert any(expected.casefold() in text.casefold() for text in found), found


@pytest.mark.parametrize("name", ["tutorial.html", "method.html", "reference/files.html", "ja/tutorial.html", "ja/faq.html"])
def test_nothing_serious_for_axe_to_find(built: Path, chromium: Browser, name: str) -> None:
    with opened(chromium, built / name) as (page, _):
        found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_control_axe_finds_what_is_there(built: Path, chromium: Browser) -> None:
    with opened(chromium, built / "tutorial.html") as (page, _):
        page.evaluate(
            "() => document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"images/growth.svg\">')"
        )
        assert "image-alt" in {one["id"] for one in Axe().run(page).response["violations"]}


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("name", ["index", "tutorial", "handbook", "method", "comparison", "reference/files", "api"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_nothing_is_wider_than_the_page(built: Path, chromium: Browser, lang: str, name: str, width: int) -> None:
    with opened(chromium, built / ("ja" if lang == "ja" else ".") / f"{name}.html", width=width) as (page, _):
        assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def copied(tmp_path: Path, change: dict[str, str]) -> int:
    """Build a small site of three pages, some of them changed."""
    docs = tmp_path / "docs"
    docs.mkdir(exist_ok=True)
    for name in ("site.toml", "index.md", "index.ja.md"):
        shutil.copy(docsite.DOCS / name, docs / name)
    for name, text in {"index.md": "# One\n", "index.ja.md": "# 一\n", **change}.items():
        (docs / name).write_text(text, encoding="utf-8")
    return docsite.build(docs, tmp_path / "work", tmp_path / "site")


def test_pages_that_are_not_there_yet_are_left_out(tmp_path: Path) -> None:
    assert copied(tmp_path, {}) == 0
    assert (tmp_path / "site" / "ja" / "index.html").is_file()


@pytest.mark.parametrize(
    "text",
    ["# One\n\n[nowhere](nowhere.md)\n", "# One\n\n![none](images/none.png)\n", "# One\n\n::: tenbin.no_such_function\n"],
)
def test_control_a_mistake_is_not_built(tmp_path: Path, text: str) -> None:
    assert copied(tmp_path, {"index.md": text}) != 0
    assert not (tmp_path / "site").exists()


def test_formulas_are_drawn_without_a_script(built: Path) -> None:
    text = (built / "method.html").read_text(encoding="utf-8")
    assert text.count("<math ") > 40
    assert not re.search(r"\$\$|mathjax|katex", text, re.IGNORECASE)


def test_a_japanese_sentence_is_not_broken_by_a_line() -> None:
    languages = {"ja": docsite.DOCS / "tutorial.ja.md", "en": docsite.DOCS / "tutorial.md"}
    assert not re.search(
        r"[\u3040-\u30ff]\n[\u3040-\u30ff]",
        re.sub(r"```.*?```", "", docsite.staged("tutorial.md", languages, "ja"), flags=re.DOTALL),
    )


def test_every_page_is_in_the_navigation() -> None:
    listed = {name for part in docsite.parts(docsite.DOCS, "en", PAGES) for names in part.values() for name in names}
    assert listed == set(PAGES)


NOTEBOOK = """# ---
# jupyter:
#   kernelspec: {name: python3, display_name: Python 3, language: python}
# ---

# %% [markdown]
# # A notebook
# It leads to [one](../index.md).

# %%
print("損失")
"""


@pytest.mark.parametrize("executed", [False, True])
def test_a_notebook_is_a_page(tmp_path: Path, executed: bool) -> None:
    folder = tmp_path / "docs" / "notebooks"
    folder.mkdir(parents=True)
    (folder / "first.py").write_text(NOTEBOOK, encoding="utf-8")
    if executed:
        (folder / "executed").mkdir()
        (folder / "executed" / "first.html").write_text("<!doctype html><title>run</title>", encoding="utf-8")
    assert copied(tmp_path, {}) == 0
    page = (tmp_path / "site" / "notebooks" / "first.html").read_text(encoding="utf-8")
    assert "損失" in page
    assert ("executed/first.html" in page) is executed
    assert "kernelspec" not in page


TEST_FILE = re.compile(r"(?:tests/)?((?:[a-z]+/)?test_[a-z_0-9]+\.py)")


def unfounded_evidence(text: str) -> list[str]:
    """Files of tests that a page calls as evidence, but that are not there."""
    tests = docsite.ROOT / "tests"
    return [
        name
        for name in TEST_FILE.findall(text)
        if not ((tests / name).is_file() or ("/" not in name and list(tests.rglob(name))))
    ]


def test_the_tests_that_pages_call_as_evidence_are_there() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in docsite.DOCS.rglob("*.md")}
    assert len(TEST_FILE.findall(texts["method.md"])) > 12
    assert {name: found for name, text in texts.items() if (found := unfounded_evidence(text))} == {}


def test_control_evidence_that_is_not_there_is_found() -> None:
    assert unfounded_evidence("held by `oracle/test_nothing.py` and `test_compound.py`") == ["oracle/test_nothing.py"]
