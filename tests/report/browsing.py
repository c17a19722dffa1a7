"""A real browser on a page from the disk: what it asked of the network, what it said, what is drawn on what."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tenbin.reporting.printing import find_browser

NEEDS = "Chromium is not installed: python3 run.py test installs it on Debian and Ubuntu (apt install chromium)"

OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg.figure, svg.ticks")) {
    const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    const frame = document.documentElement.getBoundingClientRect();
    for (const [words, box] of boxes)
      if (box.width && (box.left < frame.left - 1 || box.right > frame.right + 1)) found.push([words, "leaves the page"]);
    for (let i = 0; i < boxes.length; i++)
      for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i][1], boxes[j][1]];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && tall > 0.25 * Math.min(a.height, b.height)) found.push([boxes[i][0], boxes[j][0]]);
      }
  }
  return found;
}"""
"""Texts within a drawing that lie on each other; the boxes' own leading may touch."""

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHOW_ALL = "() => document.querySelectorAll('main > .block').forEach((block) => { block.style.contentVisibility = 'visible'; })"
"""Sections far below are drawn only when they come near: all at once, to be measured."""


@dataclass
class Watched:
    """What a page did that it should not do."""

    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def assert_quiet(self, address: str) -> None:
        """The file itself and nothing else was asked for; nothing was said."""
        assert [url for url in self.requests if not url.startswith("data:")] == [address]
        assert (self.console, self.dialogs, self.errors) == ([], [], [])


@contextmanager
def browser() -> Iterator[Browser]:
    """The installed Chromium; without one the test is skipped, but fails where CI says that it has to run."""
    path = find_browser()
    if path is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(NEEDS)
        pytest.skip(NEEDS)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(path), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(started: Browser, path: Path, width: int = 1440, **options: Any) -> Iterator[tuple[Page, Watched]]:
    """A page from the disk, watched from its first moment."""
    page = started.new_page(viewport={"width": width, "height": 900}, **options)
    seen = Watched()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))

    def dismiss(dialog: Any) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    try:
        page.goto(path.as_uri())
        yield page, seen
    finally:
        page.close()
