"""The server of the app: on this machine's loopback, for who has the key, until it is told to end."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import core, ui

from tenbin.app.guarding import HOSTS, MOST_MESSAGE_BYTES, Keys, guarded
from tenbin.app.opening import Opened
from tenbin.app.pages import register
from tenbin.errors import InputError, Problem
from tenbin.words import saying

__all__ = ["DEFAULT_PORT", "serve"]

DEFAULT_PORT = 8420
TRIED = 100
LOWEST, HIGHEST = 1024, 65535
KEY = re.compile(r"[A-Za-z0-9_-]{8,}")
LEAST_KEY = 8
VARIABLE = "TENBIN_APP_KEY"
LOOPBACK = HOSTS[0]
SECONDS_TO_END = 1

said = saying("app_server")


def serve(
    opened: Opened, *, port: int | None, lang: str, show: bool, on_ready: Callable[[str], None], key: str | None = None
) -> None:
    """Serve the app until it is interrupted or terminated, then return.

    Parameters
    ----------
    opened : what the browser is shown first.
    port : where to listen; None: 8420, or the next that is free.
    lang : the language of the first page.
    show : whether to open the browser.
    on_ready : called with the address, key and all, as soon as it answers.
    key : what opens the app; None: ``TENBIN_APP_KEY``, else one that nobody can guess.

    Raises
    ------
    InputError : when the port is taken or the key is too short.
    """
    keys = Keys.of(_checked_key(key))
    with _listening(port) as listener:
        port = listener.getsockname()[1]
        address = f"http://{LOOPBACK}:{port}/?key="

        def ready() -> None:
            on_ready(address + keys.key)
            if show:
                threading.Thread(target=webbrowser.open, args=(address + keys.ticket(),), daemon=True).start()

        register(opened, lang)
        server = Server(guarded(_application(), port, keys), ready)
        with contextlib.suppress(KeyboardInterrupt), _terminating():
            server.run(sockets=[listener])


class Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, app: object, on_ready: Callable[[], None]) -> None:
        self._on_ready = on_ready
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]
                ws="wsproto",  # as NiceGUI's own server
                ws_max_size=MOST_MESSAGE_BYTES,
                lifespan="on",
                log_config=None,
                log_level=logging.ERROR,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_END,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _application() -> FastAPI:
    """NiceGUI inside an application of our own, which documents nothing."""
    logging.getLogger("nicegui").setLevel(logging.ERROR)
    core.sio.eio.max_http_buffer_size = MOST_MESSAGE_BYTES
    core.sio.eio.cors_allowed_origins = []  # foreign origins were refused before; nothing is granted to any
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(application, title="tenbin", tailwind=False, show_welcome_message=False)
    nicegui_app.config.reload = False
    return application


@contextlib.contextmanager
def _listening(port: int | None) -> Iterator[socket.socket]:
    """A socket on the loopback, at a port or at the first free one from the default."""
    if port is not None and not LOWEST <= port <= HIGHEST:
        rule = said("must_port", low=LOWEST, high=HIGHEST)
        raise InputError([Problem("--port", 0, "", rule, str(port), said("do_free_port"))])
    tried = range(DEFAULT_PORT, DEFAULT_PORT + TRIED) if port is None else (port,)
    for each in tried:
        listener = _bound(each)
        if listener is not None:
            with listener:
                yield listener
            return
    value = f"{tried[0]}–{tried[-1]}" if len(tried) > 1 else str(port)
    raise InputError([Problem("--port", 0, "", said("must_free_port"), value, said("do_free_port"))])


def _bound(port: int) -> socket.socket | None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # there another program could take over an address that may be reused
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        return None
    return listener


def _checked_key(key: str | None) -> str | None:
    place = "--key" if key else VARIABLE
    key = key or os.environ.get(VARIABLE) or None
    if key is not None and not KEY.fullmatch(key):
        raise InputError([Problem(place, 0, "", said("must_key", least=LEAST_KEY), "…", said("do_key"))])
    return key


@contextlib.contextmanager
def _terminating() -> Iterator[None]:
    """Let SIGTERM end the server as Ctrl-C does; uvicorn raises again, after its end, the signal that it was ended by."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
