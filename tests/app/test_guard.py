"""Who may talk to the app: each refusal beside the request that passes, on the real server."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvicorn
from playwright.sync_api import Browser, expect
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from app.serving import KEY, Served, served
from running.commands import ROOT
from tenbin.app.guarding import MOST_MESSAGE_BYTES, Keys, guarded

HANDSHAKE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec_websocket_version": "13",
    "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
POLLING = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
UPLOAD = "/_nicegui/client/none/upload/1"
"""No page has such a field: what gets as far as NiceGUI is not found there."""
LIMIT = 20_000_000
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("guarded")) as one:
        yield one


@pytest.fixture(scope="module")
def cookie(app: Served) -> str:
    return app.cookie()


@pytest.fixture
def origin(app: Served) -> str:
    return f"http://127.0.0.1:{app.port}"


def test_it_answers_to_its_own_names_alone(app: Served, cookie: str) -> None:
    for host in (f"127.0.0.1:{app.port}", f"localhost:{app.port}", f"LOCALHOST:{app.port}"):
        assert app.ask("GET", "/en/", cookie=cookie, host=host)[0] == 200
    for host in (
        "evil.example",
        f"evil.example:{app.port}",
        "127.0.0.1",
        f"127.0.0.1:{app.port + 1}",
        f"127.0.0.1.evil.example:{app.port}",
        "",
    ):
        status, _, text = app.ask("GET", "/en/", cookie=cookie, host=host)
        assert (status, "is not tenbin's" in text) == (400, True), host
        assert app.ask("GET", SOCKET, cookie=cookie, origin=f"http://{host}", host=host, **HANDSHAKE)[0] == 403


def test_two_host_headers_are_none_of_ours(app: Served, cookie: str) -> None:
    request = f"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\n{{}}Cookie: {cookie}\r\nConnection: close\r\n\r\n"
    assert answered(app, request.format("")).startswith(b"HTTP/1.1 200 ")
    assert answered(app, request.format("Host: evil.example\r\n")).startswith(b"HTTP/1.1 400 ")


def answered(app: Served, request: str) -> bytes:
    """What comes back for bytes that are sent: the head of an answer and as much of its text as it says there is."""
    found = b""
    with socket.create_connection(("127.0.0.1", app.port), timeout=60) as line:
        line.sendall(request.encode())
        while piece := line.recv(1000):
            found += piece
            head, is_whole, text = found.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            if is_whole and length is not None and len(text) >= int(length[1]):
                break
    return found


def test_a_websocket_opens_for_its_own_page_alone(app: Served, cookie: str, origin: str) -> None:
    assert app.ask("GET", SOCKET, cookie=cookie, origin=origin, **HANDSHAKE)[0] == 101
    for foreign in (
        "http://evil.example",
        "https" + origin[4:],
        "http://127.0.0.1:1",
        f"http://localhost:{app.port}",
        "null",
        "",
    ):
        assert app.ask("GET", SOCKET, cookie=cookie, origin=foreign, **HANDSHAKE)[0] == 403, foreign
    assert app.ask("GET", SOCKET, cookie=cookie, **HANDSHAKE)[0] == 403


def test_polling_is_no_way_round(app: Served, cookie: str, origin: str) -> None:
    assert app.ask("GET", POLLING, cookie=cookie, origin=origin)[0] == 200
    status, headers, text = app.ask("GET", POLLING, cookie=cookie, origin="http://evil.example")
    assert (status, "Another site" in text) == (403, True)
    assert not [name for name in headers if name.startswith("access-control-")]
    assert app.ask("GET", POLLING, cookie=cookie, sec_fetch_site="cross-site", sec_fetch_mode="no-cors")[0] == 403


def test_a_foreign_page_can_send_and_embed_nothing(app: Served, cookie: str, origin: str) -> None:
    """404 and 405 are NiceGUI's: the request got as far as that."""
    assert app.ask("POST", UPLOAD, b"x", cookie=cookie, origin=origin)[0] in (404, 405)
    assert app.ask("POST", UPLOAD, b"x", cookie=cookie, origin="null", sec_fetch_site="same-origin")[0] in (404, 405)
    assert app.ask("POST", UPLOAD, b"x", cookie=cookie)[0] == 403
    assert app.ask("POST", UPLOAD, b"x", cookie=cookie, origin="null")[0] == 403
    assert app.ask("POST", UPLOAD, b"x", cookie=cookie, origin="http://127.0.0.1:1", sec_fetch_site="same-site")[0] == 403
    assert app.ask("OPTIONS", UPLOAD, cookie=cookie, origin="http://evil.example")[0] == 403
    asked = {"same-origin": 200, "none": 200, "same-site": 403, "cross-site": 403}
    for site, status in asked.items():
        assert (
            app.ask("GET", "/en/", cookie=cookie, sec_fetch_site=site, sec_fetch_mode="no-cors", sec_fetch_dest="image")[0]
            == status
        )
        framed = app.ask("GET", "/en/", cookie=cookie, sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
        assert framed[0] == status
        link = app.ask("GET", "/en/", cookie=cookie, sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="document")
        assert link[0] == 200


def test_without_the_key_nothing_is_shown(app: Served, cookie: str, origin: str) -> None:
    wrong = cookie[:-1] + ("0" if cookie[-1] != "0" else "1")
    for path in ("/", "/en/", "/nowhere", "/?key=wrong-key-of-another", f"/?key={KEY[:-1]}", "/_nicegui/", POLLING):
        for headers in (
            {},
            {"cookie": wrong},
            {"cookie": f"tenbin-{app.port}="},
            {"cookie": cookie.replace("tenbin-", "tenbin")},
        ):
            status, _, text = app.ask("GET", path, **headers)
            assert (status, "The key is missing" in text, "鍵が要ります" in text) == (403, True, True), (path, headers)
    assert app.ask("GET", SOCKET, origin=origin, **HANDSHAKE)[0] == 403
    assert app.ask("GET", f"{SOCKET}&key={KEY}", origin=origin, **HANDSHAKE)[0] == 403
    assert app.ask("POST", f"{UPLOAD}?key={KEY}", b"x", origin=origin)[0] == 403
    assert app.ask("GET", "/en/", cookie=f"other=1; {cookie}; more=2")[0] == 200


def test_the_key_becomes_a_cookie_and_leaves_the_address(app: Served) -> None:
    status, headers, _ = app.ask("GET", f"/en/?a=1&key={KEY}&b=%26%E5%A4%A9")
    assert (status, headers["location"]) == (303, "/en/?a=1&b=%26%E5%A4%A9")
    name, *attributes = headers["set-cookie"].split("; ")
    assert name.startswith(f"tenbin-{app.port}=")
    assert KEY not in name
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert app.ask("GET", f"//evil.example/?key={KEY}")[1]["location"] == "/evil.example/"


def test_a_large_body_is_refused_as_soon_as_it_is_known(app: Served, cookie: str, origin: str) -> None:
    own = {"cookie": cookie, "origin": origin}
    assert app.ask("POST", UPLOAD, b"x" * LIMIT, **own)[0] in (404, 405)
    told = f"POST {UPLOAD} HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\n"
    refused = answered(app, f"{told}Content-Length: {LIMIT + 1}\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 413 ")
    assert b"at most 20 MB" in refused


SMALL = 3_000_000


class Reader:
    """An application that reads whole bodies, and says how large they were."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        try:
            self.sizes.append(len(await request.body()))
        except ClientDisconnect:
            self.gone += 1
            raise
        await PlainTextResponse(str(self.sizes[-1]))(scope, receive, send)


@pytest.fixture
def reader() -> Iterator[tuple[Served, Reader]]:
    """The guards round an application that reads, on a server in this process; to be asked as the app is."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    read = Reader()
    server = uvicorn.Server(uvicorn.Config(guarded(read, port, Keys.of(KEY), SMALL), lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield Served(Path(), port=port), read
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(("size", "status"), [(SMALL, 200), (SMALL + 1, 413), (4 * SMALL, 413)])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_is_counted_as_it_comes(reader: tuple[Served, Reader], size: int, status: int, is_chunked: bool) -> None:
    """However it is sent, and while it is being sent: the answer comes before its end is there."""
    served, read = reader
    headers = {"Host": f"127.0.0.1:{served.port}", "Cookie": served.cookie(), "Origin": f"http://127.0.0.1:{served.port}"}
    headers |= {"Transfer-Encoding": "chunked"} if is_chunked else {"Content-Length": str(size)}
    head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as line:
        line.sendall(head.encode())
        with contextlib.suppress(ConnectionError):  # of a server that has refused, and reads no more
            for start in range(0, size, 100_000):
                piece = b"x" * min(100_000, size - start)
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if is_chunked else piece)
            if is_chunked and status == 200:
                line.sendall(b"0\r\n\r\n")
        answer = line.recv(2000)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"at most 3 MB" in answer) == (status == 413)
    assert read.sizes == ([size] if status == 200 else [])
    assert read.gone == (1 if status == 413 and is_chunked else 0)


def test_a_long_message_on_the_websocket_ends_it(app: Served, cookie: str, origin: str) -> None:
    address = f"ws://127.0.0.1:{app.port}{SOCKET}"

    def answer(size: int) -> str:
        """What comes back for an event of so many bytes that wants to be acknowledged."""
        head, tail = '421["ack",{"client_id":"none","more":"', '"}]'
        with connect(address, additional_headers={"Cookie": cookie}, origin=Origin(origin)) as line:
            assert str(line.recv(60)).startswith("0{")
            line.send("40")
            assert str(line.recv(60)).startswith("40{")
            line.send(head + "x" * (size - len(head) - len(tail)) + tail)
            return str(line.recv(60))

    assert answer(MOST_MESSAGE_BYTES) == "431[]"
    with pytest.raises(ConnectionClosed):
        answer(MOST_MESSAGE_BYTES + 1)


def test_the_start_page_asks_nobody_else_and_says_nothing(app: Served, chromium: Browser) -> None:
    with app.page(chromium) as (page, seen):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page).to_have_url(f"http://127.0.0.1:{app.port}/en/")
        page.wait_for_function("window.socket?.connected")
        seen.assert_quiet(app.port)
        page.evaluate("fetch('http://127.0.0.1:1/').catch(() => {})")
        assert seen.console  # the page's own policy forbids it, and the harness hears of it


def test_a_browser_without_the_key_is_told_where_it_is(app: Served, chromium: Browser) -> None:
    context = chromium.new_context()
    try:
        page = context.new_page()
        response = page.goto(f"http://127.0.0.1:{app.port}/ja/")
        assert response is not None
        assert response.status == 403
        expect(page.get_by_role("heading", name="鍵が要ります。")).to_be_visible()
        expect(page.get_by_text("?key=…").first).to_be_visible()
    finally:
        context.close()


def test_every_answer_says_what_its_page_may_do(app: Served, cookie: str) -> None:
    for path, given in (
        ("/en/", {"cookie": cookie}),
        ("/nowhere", {"cookie": cookie}),
        ("/en/", {}),
        ("/en/", {"host": "evil.example"}),
    ):
        _, headers, _ = app.ask("GET", path, **given)
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert not {"server", "access-control-allow-origin"} & set(headers)
    (script,) = {url for url in app.ask("GET", "/en/", cookie=cookie)[2].split('"') if url.endswith("/static/nicegui.js")}
    assert "immutable" in app.ask("GET", script, cookie=cookie)[1]["cache-control"]


def test_nothing_is_documented_to_a_stranger(app: Served, cookie: str) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert app.ask("GET", path, cookie=cookie)[0] == 404


def test_a_ticket_opens_once_and_a_key_again_and_again() -> None:
    keys = Keys.of(None)
    ticket = keys.ticket()
    assert (keys.opens(ticket), keys.opens(ticket)) == (True, False)
    assert (keys.opens(keys.key), keys.opens(keys.key)) == (True, True)
    assert (keys.knows(keys.cookie), keys.knows(keys.key), keys.opens(keys.cookie)) == (True, False, False)
    assert not any(keys.opens(text) or keys.knows(text) for text in ("", "天", keys.key[:-1], ticket))
    assert Keys.of(None).key != keys.key


def test_it_listens_on_the_loopback_alone(app: Served) -> None:
    assert listening(app.pid) == {("127.0.0.1", app.port)}
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert ("0.0.0.0", other.getsockname()[1]) in listening(os.getpid())


def listening(pid: int) -> set[tuple[str, int]]:
    """Where a process and its children listen."""
    process = psutil.Process(pid)
    found = [one for each in (process, *process.children(recursive=True)) for one in each.net_connections(kind="inet")]
    return {tuple(one.laddr) for one in found if one.status == psutil.CONN_LISTEN or one.type == socket.SOCK_DGRAM}


INSIDE = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from app.serving import served
from report.browsing import browser
with browser() as started, served(Path({folder!r})) as one, one.page(started) as (page, seen):
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_function("window.socket?.connected")
    seen.console = [text for text in seen.console if "Slow network is detected" not in text]  # Chromium's own, without a network
    seen.assert_quiet(one.port)
    print(page.title())
"""


def test_it_needs_no_network(tmp_path: Path) -> None:
    unshare, ip = shutil.which("unshare"), shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if (
        not (unshare and ip)
        or subprocess.run([unshare, "-rn", ip, "link", "set", "lo", "up"], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs unshare -rn and ip: a network of its own, with nothing in it but the loopback")
    code = INSIDE.format(tests=str(ROOT / "tests"), folder=str(tmp_path))
    command = f'{ip} link set lo up; test "$({ip} -o link | wc -l)" = 1 && exec "$0" -c "$1"'
    done = subprocess.run(
        [unshare, "-rn", "sh", "-c", command, sys.executable, code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "tenbin" in done.stdout
