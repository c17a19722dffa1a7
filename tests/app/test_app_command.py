"""``tenbin app`` as a command: what it says, what it opens, what it refuses, how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from app.serving import ADDRESS, KEY, Served, served
from running.commands import start
from running.ports import free_port
from tenbin.app.serving import DEFAULT_PORT, _listening


def test_it_says_where_everything_is(tmp_path: Path) -> None:
    with served(tmp_path, "--lang", "ja") as one:
        one.end()
        assert one.said[0] == f"準備ができました：http://127.0.0.1:{one.port}/?key={KEY}\n"
        assert str(tmp_path / "drafts") in one.said[1]
        assert str(tmp_path / "results") in one.said[2]
        assert "Ctrl+C" in one.said[3]


def test_the_default_port_or_the_next_that_is_free() -> None:
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(_listening(None)).getsockname()[1] for _ in range(3)]
    assert DEFAULT_PORT <= ports[0] < ports[1] < ports[2]


def test_a_page_finds_a_server_again_that_was_killed(tmp_path: Path, chromium: Browser) -> None:
    with served(tmp_path) as one, one.page(chromium) as (page, seen):
        page.wait_for_function("window.socket?.connected")
        first = one.pid
        one.kill()
        page.wait_for_function("!window.socket.connected")
        one.restart()
        assert one.pid != first
        page.wait_for_function("window.socket?.connected")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert (seen.outside(one.port), seen.errors, seen.dialogs) == ([], [], [])


@pytest.mark.skipif(os.name == "nt", reason="a browser that is a shell script")
def test_the_browser_is_opened_with_a_key_that_opens_once(tmp_path: Path) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    script = tmp_path / "browser"
    script.write_text(f"#!/bin/sh\necho \"$1\" > '{told}'\n", encoding="utf-8")
    script.chmod(0o755)
    port = free_port()
    command = [sys.executable, "-m", "tenbin", "app", "--port", str(port)]
    env = {**os.environ, "BROWSER": f"{script} %s", "TENBIN_APP_KEY": KEY}
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr is not None
    with process.stderr:
        opened = urlsplit(told.read_text(encoding="utf-8").strip())
        (ticket,) = parse_qs(opened.query)["key"]
        one = Served(tmp_path, port=port)
        assert opened.netloc == f"127.0.0.1:{port}"
        assert ticket != KEY
        assert [one.ask("GET", f"/?{opened.query}")[0] for _ in range(2)] == [303, 403]
        assert ADDRESS.search(process.stderr.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(tmp_path: Path, chromium: Browser, how: signal.Signals) -> None:
    with served(tmp_path) as one, one.page(chromium) as (page, _):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert one.end(how) == 0
        assert "Traceback" not in one.text()
        assert len(one.said) == 4, one.text()


def test_it_ends_although_a_thread_works_on(tmp_path: Path) -> None:
    port = free_port()
    busy = "import threading, time; threading.Thread(target=time.sleep, args=(3600,)).start(); from tenbin.cli.main import run; run()"
    command = [sys.executable, "-c", busy, "app", "--port", str(port), "--no-browser"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr is not None
    with process.stderr:
        assert f":{port}/" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert "Traceback" not in process.stderr.read()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = start("app", "--port", port, "--no-browser", cwd=tmp_path, code=2)
    assert f"--port: must be a port that no other program uses; got {port}." in done.stderr.decode()
    done = start("app", "--port", 80, "--no-browser", cwd=tmp_path, code=2)
    assert "--port: must be a whole number from 1024 to 65535; got 80." in done.stderr.decode()


def test_what_the_command_refuses(tmp_path: Path) -> None:
    def said(*arguments: object, lang: str = "en", **env: str) -> str:
        return start("app", *arguments, "--no-browser", cwd=tmp_path, code=2, lang=lang, env=env).stderr.decode("utf-8")

    assert "nowhere: must be a case's folder" in said("nowhere")
    assert "ケースのフォルダー" in said("nowhere", lang="ja")
    assert "nowhere.xlsx: must be" in said("nowhere.xlsx")
    assert "--json: must be left out" in said("--json")
    assert "--key: must be at least 8 letters" in said("--key", "short")
    assert "TENBIN_APP_KEY: must be at least 8 letters" in said(TENBIN_APP_KEY="with a space")


def test_without_nicegui_it_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nf = u.find_spec\nu.find_spec = lambda name, *a: None if name == 'nicegui' else f(name, *a)\n",
        encoding="utf-8",
    )
    done = start("app", "--no-browser", cwd=tmp_path, code=2, env={"PYTHONPATH": str(tmp_path)})
    assert 'Install it: pip install "tenbin[app]"' in done.stderr.decode()


def test_other_commands_do_not_wait_for_it(tmp_path: Path) -> None:
    code = "import sys, tenbin.cli.main\nprint(sorted({'nicegui', 'fastapi', 'uvicorn', 'starlette'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
