"""The documentation's site: ``python tools/docsite.py build|serve`` (or ``python3 run.py docs …``).

Zensical builds one language at a time, so the pages of each are put into a folder of their own (``build/docs/en``, ``build/docs/ja``):
``page.ja.md`` is the Japanese ``page.md``; a page without one is shown in English. What is built lies in ``site/`` and ``site/ja/`` and
asks nothing of any network.
"""

from __future__ import annotations

import functools
import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BUILD = ROOT / "build" / "docs"
SITE = ROOT / "site"
LANGUAGES = ("en", "ja")
SHIM = "https://unpkg.com/iframe-worker/shim"
"""What the theme would load to search in pages opened from the disk; ours stands in its place."""
PORT = 8421

WORDS = {
    "name": {"en": "tenbin", "ja": "tenbin（天秤）"},
    "only_english": {"en": "", "ja": "このページは英語だけです。"},
    "other": {"en": "日本語", "ja": "English"},
}
FENCE = re.compile(r"(^(?P<fence>```+|~~~+).*?^(?P=fence)\s*$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<page>[\w./-]+?)(?P<lang>\.ja)?\.md(?P<anchor>#[^)]*)?\)")
NOTEBOOK = re.compile(r"\]\(((?:notebooks/)?\w+)\.py\)")
OTHER_LANGUAGE = re.compile(
    r"^(\(\[(?:日本語|English)\]\([\w.-]+\.md\)\)|\*.*\[[\w.-]+\.md\]\([\w.-]+\.md\)\*)\s*$", re.MULTILINE
)
BETWEEN_LETTERS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
"""A line's end within a Japanese sentence, which a browser would show as a blank."""
MATH = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<![\\$\w])\$(?P<inline>[^$\n]+?)\$(?!\w)(?P<mark>[.,;:)]*)", re.DOTALL)
HAS_MATH = "<!-- formulas -->"


FETCHING = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src"), ("video", "src")}
NO_RESOURCE = ("canonical", "alternate", "next", "prev")
"""Kinds of link elements that fetch nothing."""


def pages_of(docs: Path = DOCS) -> dict[str, dict[str, Path]]:
    """Every page by its English name, and where each of its languages lies."""
    pages: dict[str, dict[str, Path]] = {}
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).as_posix()
        lang = "ja" if name.endswith(".ja.md") else "en"
        pages.setdefault(name.removesuffix(".ja.md") + ".md" if lang == "ja" else name, {})[lang] = path
    return pages | {f"notebooks/{path.stem}.md": {"en": path} for path in sorted((docs / "notebooks").glob("*.py"))}


def source_of(path: Path) -> str:
    """A page's text; a notebook's source as Markdown, with the way to what it shows when it is run, where that was built."""
    if path.suffix != ".py":
        return path.read_text(encoding="utf-8")
    import jupytext

    text: str = jupytext.writes(jupytext.read(path), "md")
    text = re.sub(r"\A---\n.*?\n---\n+", "", text, flags=re.DOTALL)
    executed = path.parent / "executed" / f"{path.stem}.html"
    if not executed.is_file():
        return text
    head, _, body = text.partition("\n")
    return f"{head}\n\n[With all that it shows when it is run](executed/{executed.name})\n{body}"


def parts(docs: Path, lang: str, pages: Mapping[str, Mapping[str, Path]]) -> list[dict[str, list[str]]]:
    """The navigation: each part's title, and those of its pages that are there."""
    told = tomllib.loads((docs / "site.toml").read_text(encoding="utf-8"))["part"]
    navigation = []
    for part in told:
        names = [name for asked in part["pages"] for name in (sorted(fnmatch(pages, asked)) if "*" in asked else [asked])]
        if there := [name for name in names if name in pages]:
            navigation.append({part[lang]: there})
    return navigation


def fnmatch(pages: Mapping[str, object], asked: str) -> Iterator[str]:
    """The pages in a folder: ``notebooks/*.md``."""
    return (name for name in pages if Path(name).match(asked))


def outside_code(change: Any, text: str) -> str:
    """Change a text where it is no code."""
    pieces, last = [], 0
    for code in FENCE.finditer(text):
        pieces += [change(text[last : code.start()]), code[0]]
        last = code.end()
    return "".join([*pieces, change(text[last:])])


def staged(name: str, languages: Mapping[str, Path], lang: str) -> str:
    """A page's text for the site of one language."""
    own = lang if lang in languages else "en" if "en" in languages else "ja"
    text = source_of(languages[own])
    up = "../" * name.count("/")
    has_math = HAS_MATH in text

    def link(match: re.Match[str]) -> str:
        page, anchor = match["page"], match["anchor"] or ""
        if match["lang"] and lang == "en":
            return f"]({up}ja/{page}.html{anchor})"
        return f"]({page}.md{anchor})"

    def change(piece: str) -> str:
        piece = BETWEEN_LETTERS.sub("", LINK.sub(link, OTHER_LANGUAGE.sub("", piece)))
        piece = NOTEBOOK.sub(r"](\1.md)", piece)  # a notebook's source is a page here
        return formulas(piece) if has_math else piece

    text = outside_code(change, text.replace(HAS_MATH, ""))
    return with_switch(text, name, languages, lang, own)


def with_switch(text: str, name: str, languages: Mapping[str, Path], lang: str, own: str) -> str:
    """The way to the page's other language below its title, or a word on why there is none."""
    up = "../" * name.count("/")
    if own != lang:
        note = f'<p class="tenbin-lang">{WORDS["only_english"][lang]}</p>'
        head, _, body = text.partition("\n")
        return f'{note}\n\n<div lang="{own}" markdown>\n\n{head}\n{body}\n\n</div>\n' if head.startswith("# ") else text
    if len(languages) < len(LANGUAGES):
        return text
    other = next(one for one in LANGUAGES if one != lang)
    page = name.removesuffix(".md") + ".html"
    target = f"{up}ja/{page}" if other == "ja" else f"{up}../{page}"
    switch = f'<p class="tenbin-lang"><a href="{target}" hreflang="{other}" lang="{other}">{WORDS["other"][lang]}</a></p>'
    head, _, body = text.partition("\n")
    return f"{head}\n\n{switch}\n{body}"


def formulas(text: str) -> str:
    """TeX between dollars → MathML, which browsers draw by themselves."""
    from latex2mathml.converter import convert

    def drawn(match: re.Match[str]) -> str:
        tex, display = match["block"] or match["inline"], "block" if match["block"] else "inline"
        made = convert(tex.strip(), display=display)
        made = re.sub(r">([^<>&]*)<", lambda one: ">" + re.sub(r"[*_`\[\]\\]", _entity, one[1]) + "<", made)
        alt = html.escape(" ".join(tex.split()), quote=True).replace("_", "&#95;").replace("*", "&#42;").replace("\\", "&#92;")
        made = made.replace("<math ", f'<math aria-label="{alt}" ', 1)
        if match["block"]:
            return f'\n\n<div class="tenbin-formula" tabindex="0">{made}</div>\n\n'
        return f'<span class="tenbin-math">{made}{match["mark"]}</span>'

    return MATH.sub(drawn, text)


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def stage(lang: str, docs: Path = DOCS, build: Path = BUILD, site: Path = SITE) -> Path:
    """Put a language's pages and the builder's settings into a folder; the settings' file."""
    pages = pages_of(docs)
    home = build / lang / "pages"
    shutil.rmtree(build / lang, ignore_errors=True)
    for name, languages in pages.items():
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(staged(name, languages, lang), encoding="utf-8")
    for folder in ("images", "schema", "notebooks/executed"):
        if (docs / folder).is_dir():
            shutil.copytree(docs / folder, home / folder)
    shutil.copytree(ROOT / "tools" / "assets", home / "assets")
    settings = settings_of(lang, parts(docs, lang, pages), site)
    path = build / lang / "mkdocs.yml"
    path.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
    return path


def settings_of(lang: str, navigation: list[Any], site: Path) -> dict[str, Any]:
    """What the builder is told."""
    handler = {
        "paths": [str(ROOT / "src")],
        "options": {
            "docstring_style": "numpy",
            "show_source": False,
            "show_root_heading": True,
            "show_root_full_path": False,
            "heading_level": 2,
            "members_order": "source",
            "show_signature_annotations": True,
            "separate_signature": True,
            "filters": ["!^_"],
        },
    }
    return {
        "site_name": WORDS["name"][lang],
        "docs_dir": "pages",
        "site_dir": "out",
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "language": lang,
            "font": False,
            "palette": {"scheme": "default", "primary": "white"},
            "features": ["navigation.tabs", "navigation.top", "navigation.footer", "content.code.copy", "toc.follow"],
        },
        "extra": {
            "generator": False,
            "alternate": [
                {"name": "English", "link": "./" if lang == "en" else "../", "lang": "en"},
                {"name": "日本語", "link": "./ja/" if lang == "en" else "./", "lang": "ja"},
            ],
        },
        "extra_css": ["assets/tenbin.css"],
        "plugins": ["search", "offline", {"mkdocstrings": {"handlers": {"python": handler}}}],
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "md_in_html",
            "tables",
            {"toc": {"permalink": True, "slugify": {"object": "pymdownx.slugs.slugify", "kwds": {"case": "lower"}}}},
            {"pymdownx.highlight": {"anchor_linenums": False}},
            "pymdownx.inlinehilite",
            "pymdownx.superfences",
        ],
        "nav": navigation,
    }


def build(docs: Path = DOCS, work: Path = BUILD, site: Path = SITE) -> int:
    """Build both languages; 0 when nothing was wrong. What was built before stays until then."""
    for lang in LANGUAGES:
        settings = stage(lang, docs, work, site)
        if code := run_builder(settings):
            return code
        make_own(settings.parent / "out")
    whole = work / "whole"
    shutil.rmtree(whole, ignore_errors=True)
    shutil.copytree(work / "en" / "out", whole)
    shutil.copytree(work / "ja" / "out", whole / "ja")
    if dead := dead_links(whole):
        print("\n".join(dead), file=sys.stderr)
        return 1
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(whole, site)
    return 0


class Links(HTMLParser):
    """What a page makes a browser fetch, and where its links go."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.linked: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down an address."""
        given = {name: value for name, value in attrs if value}
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "a" and "href" in given:
            self.linked.append(given["href"])
        if tag == "link" and given.get("rel") in NO_RESOURCE:
            return
        self.fetched += [value for name, value in given.items() if (tag, name) in FETCHING]


def dead_links(site: Path) -> list[str]:
    """Links and pictures of the built pages that lead nowhere: the builder looks at links between sources alone."""
    dead = []
    for page in sorted(set(site.rglob("*.html")) - set(site.rglob("404.html"))):
        asked = Links(page.read_text(encoding="utf-8"))
        for link in dict.fromkeys([*asked.linked, *asked.fetched]):
            target = unquote(link.partition("#")[0].partition("?")[0])
            if target and not re.match(r"[a-z]+:|//", target):
                there = page.parent / target
                if not there.is_file() and not (there / "index.html").is_file():
                    dead.append(f"{page.relative_to(site).as_posix()}: {link} is not there")
    return dead


def run_builder(settings: Path) -> int:
    """Run the builder; what the reader of docstrings complains of, which it only prints, counts as an error too."""
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(settings)]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        cwd=settings.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    complaints = [line for line in said.splitlines() if re.match(r"(griffe|WARNING|mkdocs_autorefs)", line)]
    if done.returncode or complaints:
        print(said, file=sys.stderr)
    return done.returncode or int(bool(complaints))


def make_own(out: Path) -> None:
    """Put our own file in the place of the one that the theme would load from elsewhere; no page may name another host for it."""
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        up = "../" * (len(page.relative_to(out).parts) - 1)
        page.write_text(text.replace(SHIM, f"{up}assets/worker-shim.js"), encoding="utf-8")


def serve(site: Path = SITE, port: int = PORT) -> int:
    """Show what was built, on this machine alone, until Ctrl-C."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def main(arguments: list[str]) -> int:
    """Build, or build and serve."""
    command = arguments[0] if arguments else "build"
    if command not in ("build", "serve"):
        print(f"docs: build or serve; got {command}.", file=sys.stderr)
        return 2
    return build() or (serve() if command == "serve" else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
