"""Who may talk to the app, and what its answers allow: plain ASGI middlewares round everything else.

The app stands on this machine's loopback, which every page that is open in a browser, and every user of the machine, can reach:

- ``ours`` in the ``Host`` header, or a name that an attacker lets point to 127.0.0.1 would read the answers (DNS rebinding);
- ``ours`` in ``Origin``, or a foreign page would send what it likes, or open a websocket;
- a key that the command alone knows, kept in a cookie, or another user of the machine would see the case;
- bodies of a bounded size, counted as they come.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import escape

from tenbin.words import speaker

__all__ = ["HOSTS", "MOST_BYTES", "MOST_MESSAGE_BYTES", "Keys", "guarded"]

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 20_000_000
"""Of a request's body: an uploaded workbook."""
MOST_MESSAGE_BYTES = 1_000_000
"""Of a message on the websocket: what is typed into one field."""

SAFE = ("GET", "HEAD")
MEGA = 1_000_000
say = speaker("app_server")


def guarded(app: App, port: int, keys: Keys, most_bytes: int = MOST_BYTES) -> App:
    """The app behind all of its guards, on a port of this machine's loopback."""
    return Headers(Hosts(Origins(Locked(Bounded(app, most_bytes), keys, port)), port), port)


NOBODY = "No response returned."
"""What starlette says when a browser has gone before it was answered."""


@dataclass
class Keys:
    """What opens the app: the key in the printed address, any number of times, and tickets, once each.

    A browser shows the address that it was started with to every user of the machine, for as long as it runs (``ps``); so it is
    started with a ticket. The cookie holds neither: it is made of the key.
    """

    key: str
    tickets: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, key: str | None) -> Keys:
        """Of a key that was chosen, else of one that nobody can guess."""
        return cls(key or token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """What the browser sends back."""
        return sha256(f"tenbin app {self.key}".encode()).hexdigest()

    def ticket(self) -> str:
        """A key that opens once."""
        ticket = token_urlsafe(24)
        self.tickets.add(ticket)
        return ticket

    def opens(self, given: str) -> bool:
        """Whether a key from an address opens the app; a ticket is used up."""
        for ticket in self.tickets:
            if _same(given, ticket):
                self.tickets.remove(ticket)
                return True
        return _same(given, self.key)

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is the one that was given out."""
        return _same(cookie, self.cookie)


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())


class Headers:
    """Every answer says what a page of the app may do, and that pages are not kept."""

    def __init__(self, app: App, port: int) -> None:
        self.app = app
        sockets = " ".join(f"ws://{host}:{port}" for host in HOSTS)
        policy = {
            "default-src": "'self'",
            "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",  # NiceGUI's pages start inline, its templates are compiled there
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": f"'self' {sockets}",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        self.headers = (
            (b"content-security-policy", "; ".join(f"{name} {what}" for name, what in policy.items()).encode()),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
        )
        self.names = {name for name, _ in self.headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*self._kept(message.get("headers", ())), *self.headers]
            await send(message)

        try:
            await self.app(scope, receive, answer if scope["type"] == "http" else send)
        except RuntimeError as error:
            if str(error) != NOBODY:  # the browser went on to another page before this one was ready
                raise

    def _kept(self, said: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """An answer's own headers; a page, or what says nothing of it, is not stored."""
        kept = [(name.lower(), value) for name, value in said if name.lower() not in self.names]
        if dict(kept).get(b"content-type", b"").startswith(b"text/html") or b"cache-control" not in dict(kept):
            kept = [(name, value) for name, value in kept if name != b"cache-control"]
            kept.append((b"cache-control", b"no-store"))
        return kept


class Hosts:
    """The app answers to its own names alone."""

    def __init__(self, app: App, port: int) -> None:
        self.app = app
        self.ours = {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request to another name: 400."""
        if scope["type"] in ("http", "websocket"):
            hosts = _values(scope, b"host")
            if len(hosts) != 1 or hosts[0].lower() not in self.ours:
                await _refuse(scope, receive, send, 400, "host", hosts=sorted(self.ours))
                return
        await self.app(scope, receive, send)


class Origins:
    """Pages of other origins get nothing: not by a websocket, not by a form, not as an image or a script.

    A link from elsewhere may be followed: without the cookie, which is ``SameSite=Strict``, it leads to the page that asks for the
    key. Origins of other ports of this machine are foreign too, although a browser sends them the cookie.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what a foreign page asks for: 403."""
        if scope["type"] in ("http", "websocket") and not self._is_ours(scope):
            await _refuse(scope, receive, send, 403, "origin")
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _is_ours(scope: Scope) -> bool:
        origins, sites = _values(scope, b"origin"), _values(scope, b"sec-fetch-site")
        if scope["type"] == "websocket":
            return origins == [_origin(scope)]
        by_browser = sites == ["same-origin"]  # no page can write this header
        if origins not in ([], ["null"]):
            return origins == [_origin(scope)]
        if scope["method"] not in SAFE or origins:
            return by_browser  # a form of a page without a referrer says "null"
        is_link = _values(scope, b"sec-fetch-mode") == ["navigate"] and _values(scope, b"sec-fetch-dest") == ["document"]
        return by_browser or sites in ([], ["none"]) or is_link


class Locked:
    """Who does not have the key gets a page that says where it is.

    ``/…?key=…`` gives the cookie and leads to the same address without the key. Cookies are sent to every port of a host, so
    each port has a cookie of its own.
    """

    def __init__(self, app: App, keys: Keys, port: int) -> None:
        self.app, self.keys, self.name = app, keys, f"tenbin-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through who has the key; refuse others: 403."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "key"]
        if given and scope["type"] == "http" and scope["method"] in SAFE and self.keys.opens(given[-1]):
            await self._let_in(scope, [(name, value) for name, value in query if name != "key"], send)
        elif any(self.keys.knows(value) for value in _cookies(scope, self.name)):
            await self.app(scope, receive, send)
        else:
            await _refuse(scope, receive, send, 403, "key")

    async def _let_in(self, scope: Scope, rest: Iterable[tuple[str, str]], send: Send) -> None:
        path = "/" + scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1").lstrip("/\\")
        query = urlencode(list(rest))
        headers = [
            (b"location", (f"{path}?{query}" if query else path).encode("latin-1")),
            (b"set-cookie", f"{self.name}={self.keys.cookie}; Path=/; HttpOnly; SameSite=Strict".encode()),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Bounded:
    """A body is read up to a limit: what is said of its length and what really comes."""

    def __init__(self, app: App, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a larger body: 413, at the moment when it is known."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        lengths = _values(scope, b"content-length")
        if any(not length.isdecimal() or int(length) > self.most for length in lengths):
            await self._refuse(scope, receive, send)
            return
        came, is_refused, has_begun = 0, False, False

        async def take() -> Message:
            nonlocal came, is_refused
            if is_refused:
                return {"type": "http.disconnect"}
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.most:
                is_refused = True
                if not has_begun:
                    await self._refuse(scope, receive, send)
                return {"type": "http.disconnect"}
            return message

        async def answer(message: Message) -> None:
            nonlocal has_begun
            if not is_refused:
                has_begun = True
                await send(message)

        try:
            await self.app(scope, take, answer)
        except Exception:
            if not is_refused:  # else it is about the body that it did not get
                raise

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _refuse(scope, receive, send, 413, "large", most=self.most // MEGA)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key.lower() == name]


def _origin(scope: Scope) -> str:
    return f"http://{_values(scope, b'host')[0].lower()}"


def _cookies(scope: Scope, name: str) -> list[str]:
    found = []
    for header in _values(scope, b"cookie"):
        for piece in header.split(";"):
            key, _, value = piece.strip().partition("=")
            if key == name:
                found.append(value)
    return found


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str, **values: object) -> None:
    """Answer in words, in both languages; a websocket is not opened: 403."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    texts = {lang: (say(f"refused_{why}", lang, **values), say(f"refused_{why}_do", lang, **values)) for lang in ("ja", "en")}
    if any("text/html" in accepted for accepted in _values(scope, b"accept")):
        kind = b"text/html; charset=utf-8"
        parts = [f'<div lang="{lang}"><h1>{escape(what)}</h1><p>{escape(do)}</p></div>' for lang, (what, do) in texts.items()]
        body = PAGE.format(parts="".join(parts))
    else:
        kind = b"text/plain; charset=utf-8"
        body = "".join(f"{what}\n{do}\n" for what, do in texts.values())
    sent = body.encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(sent)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else sent})


PAGE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>tenbin</title><link rel="icon" href="data:,">
<style>body{{margin:15vh auto;max-width:36rem;padding:0 1rem;font:1rem/1.7 system-ui,sans-serif;color:#1e2326}}h1{{font-size:1.3rem}}</style>
</head><body><main>{parts}</main></body></html>"""
