"""The real ``tenbin app`` in a process of its own, and pages of a real browser on it, watched from their first moment."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Locator, Page

from running.commands import Begun, begin
from running.ports import free_port

KEY = "a-key-for-the-tests"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?key=\S+")
SECONDS = 60
PALE = ("data:", "blob:", "about:")
"""Addresses that ask nobody."""


@dataclass
class Seen:
    """What a page did: whom it asked, what it said."""

    requests: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def outside(self, port: int) -> list[str]:
        """Every address that is not the app's own."""
        asked = [url for url in (*self.requests, *self.sockets) if not url.startswith(PALE)]
        return [url for url in asked if urlsplit(url)[:2] not in {(kind, f"127.0.0.1:{port}") for kind in ("http", "ws")}]

    def assert_quiet(self, port: int) -> None:
        """Nobody else was asked, and nothing was said; and there was something to see: the page and its websocket."""
        assert self.requests
        assert self.sockets
        assert (self.outside(port), self.console, self.errors, self.dialogs) == ([], [], [], [])


@dataclass
class Served:
    """A running ``tenbin app``."""

    folder: Path
    arguments: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    said: list[str] = field(default_factory=list)
    process: Begun | None = None
    _listening: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The process."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start the command on the same port as before, a free one at first, and wait until it says that it answers."""
        self.port = self.port or free_port()
        own = {
            "TENBIN_APP_KEY": KEY,
            "TENBIN_DRAFTS": str(self.folder / "drafts"),
            "TENBIN_RESULTS": str(self.folder / "results"),
            "TENBIN_LANG": "en",
            "TENBIN_NO_CHARTS": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        words = ["app", *self.arguments, "--port", str(self.port), "--no-browser"]
        self.process, said = begin(*words, cwd=self.folder, env={**os.environ, **own, **self.env})
        is_up = threading.Event()
        self._listening = threading.Thread(target=self._listen, args=(said, is_up), daemon=True)
        self._listening.start()
        assert is_up.wait(SECONDS), self.text()
        assert self.process.poll() is None, self.text()

    def _listen(self, said: TextIO, is_up: threading.Event) -> None:
        with said:
            for line in said:
                self.said.append(line)
                if ADDRESS.search(line):
                    is_up.set()
        is_up.set()

    def text(self) -> str:
        """What it has said on standard error so far."""
        return "".join(self.said)

    def end(self, how: int = signal.SIGINT) -> int:
        """End it as a user does; the exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self._gone()

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self._gone()

    def _gone(self) -> int:
        assert self.process is not None
        assert self._listening is not None
        code = self.process.wait(SECONDS)
        self._listening.join(SECONDS)
        return code

    def restart(self) -> None:
        """Start it again where it was, with the same key."""
        if self.process is not None and self.process.poll() is None:
            self.end()
        self.start()

    def address(self, path: str = "/") -> str:
        """An address of the app's, with the key."""
        mark = "&" if "?" in path else "?"
        return f"http://127.0.0.1:{self.port}{path}{mark}key={KEY}"

    @contextmanager
    def page(self, browser: Browser, path: str = "/", width: int = 1440, **options: Any) -> Iterator[tuple[Page, Seen]]:
        """A page of a browser without a past, opened with the key and watched from its first moment."""
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        try:
            yield self.tab(context.new_page(), path)
        finally:
            context.close()

    def tab(self, page: Page, path: str = "/") -> tuple[Page, Seen]:
        """A new page, watched, on an address of the app's; of a second tab: ``served.tab(page.context.new_page(), …)``."""
        seen = Seen()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("websocket", lambda one: seen.sockets.append(one.url))
        page.on("console", lambda message: seen.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))

        def dismiss(dialog: Any) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        self.go(page, path)
        return page, seen

    def go(self, page: Page, path: str) -> None:
        """Open an address of the app's, and wait until the server hears the page."""
        try:
            page.goto(self.address(path))
        except Error as error:  # a page that finds its server anew reloads itself, just then
            if "ERR_ABORTED" not in error.message:
                raise
            page.goto(self.address(path))
        connected(page)

    def cookie(self) -> str:
        """What the key is exchanged for, as a request's header says it."""
        status, headers, _ = self.ask("GET", f"/?key={KEY}")
        assert status == 303
        return headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], str]:
        """One request without a browser: status, headers, text; ``sec_fetch_site=…`` is the header ``sec-fetch-site``."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named, encode_chunked=named.get("transfer-encoding") == "chunked")
            response: HTTPResponse = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return response.status, said, "" if response.status == 101 else response.read().decode("utf-8", "replace")
        finally:
            connection.close()


def connected(page: Page) -> None:
    """Wait until a page that was just loaded is heard by the server: what is done before may reach it in another order."""
    page.wait_for_function("() => window.did_handshake || !document.querySelector('#app')")


def type_in(box: Locator, words: str) -> None:
    """Type into a box and press Enter, as somebody who looks at it: what a page writes there while it is being drawn is typed over again."""
    for _ in range(50):
        box.fill(words)
        box.page.wait_for_timeout(100)
        if box.input_value() == words:
            break
    box.press("Enter")


@contextmanager
def served(folder: Path, *arguments: object, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A running app that keeps everything in a folder; ended at the end."""
    one = Served(folder, tuple(map(str, arguments)), env or {})
    try:
        one.start()
        yield one
    finally:
        if one.process is not None and one.process.poll() is None:
            one.kill()
