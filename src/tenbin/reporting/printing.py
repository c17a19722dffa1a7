"""A page → a PDF, a drawing → a picture, by a browser that is installed; nothing it does may reach a network."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tenbin.errors import InputError, Problem, reason_of
from tenbin.words import Said

__all__ = ["find_browser", "print_pdf", "take_picture"]

VARIABLE = "TENBIN_BROWSER"
PLACE = "--format pdf"
SECONDS = 90.0
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
ON_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
WINDOWS_HOMES = ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "LOCALAPPDATA")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-domain-reliability",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-pdf-header-footer",
)


def find_browser(
    environment: Mapping[str, str] | None = None, platform: str = sys.platform, applications: Path = Path("/Applications")
) -> Path | None:
    """An installed Chromium, Chrome or Edge; the one that ``TENBIN_BROWSER`` names (a path, or a name on the path) where it is set.

    Raises
    ------
    InputError : when the one that is named is not there.
    """
    known = os.environ if environment is None else environment
    if named := known.get(VARIABLE, "").strip():
        found = shutil.which(named, path=known.get("PATH"))
        if found is None:
            rule, remedy = Said("slides", "must_browser"), Said("slides", "do_browser")
            raise InputError([Problem(VARIABLE, 0, "", rule, named, remedy)])
        return Path(found)
    for candidate in _candidates(known, platform, applications):
        if candidate.is_file():
            return candidate
    for name in NAMES:
        if found := shutil.which(name, path=known.get("PATH")):
            return Path(found)
    return None


def _candidates(known: Mapping[str, str], platform: str, applications: Path) -> Iterator[Path]:
    if platform == "darwin":
        homes = [applications, *([Path(known["HOME"]) / "Applications"] if known.get("HOME") else [])]
        yield from (home / place for place in ON_MAC for home in homes)
    elif platform == "win32":
        upper = {name.upper(): value for name, value in known.items()}
        homes = [Path(upper[name]) for name in WINDOWS_HOMES if upper.get(name)]
        yield from (home / place for place in ON_WINDOWS for home in homes)


def print_pdf(html: str | Path, pdf: str | Path, browser: Path | None = None, seconds: float = SECONDS) -> Path:
    """Print a page that is on the disk to a PDF; one that is there is replaced when the new one is whole.

    Parameters
    ----------
    browser : which one; the one found on this machine unless given.
    seconds : so long it may take.

    Raises
    ------
    InputError : when there is no browser or it wrote no PDF: the remedy says how to print by hand; when the place cannot be written.
    """
    page, target = Path(html).resolve(), Path(pdf)
    browser = browser or find_browser()
    if browser is None:
        raise _by_hand(Said("slides", "got_no_browser"), page)
    # a snap's Chromium sees no hidden folder and no /tmp of ours: the new file is made beside its place
    making = target.resolve().with_name(f".{target.name}.{os.getpid()}.pdf")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix="tenbin-print-", ignore_cleanup_errors=True) as profile:
                done = _run(browser, page, Path(profile), seconds, f"--print-to-pdf={making}")
            if not done or not making.is_file():
                raise _by_hand(Said("slides", "got_no_pdf", browser=browser.name), page)
            with making.open("rb+") as file:
                if file.read(5) != b"%PDF-":
                    raise _by_hand(Said("slides", "got_no_pdf", browser=browser.name), page)
                os.fsync(file.fileno())
            making.replace(target)
        finally:
            making.unlink(missing_ok=True)
    except OSError as error:
        rule, remedy = Said("slides", "must_writable"), Said("slides", "do_name_another")
        raise InputError([Problem(str(target), 0, "", rule, reason_of(error), remedy)]) from error
    return target


def _by_hand(got: Said, page: Path) -> InputError:
    return InputError([Problem(PLACE, 0, "", Said("slides", "must_print"), got, Said("slides", "do_print", path=page))])


def take_picture(svg: bytes, size: tuple[int, int], folder: Path, browser: Path, seconds: float = SECONDS) -> bytes | None:
    """A drawing as a PNG of so many pixels, on nothing; None when the browser took none.

    folder : where files are made on the way; the browser has to see it.

    Raises
    ------
    OSError : when the folder cannot be written.
    """
    from PIL import Image

    wide, high = size
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"
    page, taken = folder / "drawing.html", folder / "drawing.png"
    style = f"position:absolute;left:0;top:0;width:{wide}px;height:{high}px"
    page.write_text(f'<!doctype html><body style="margin:0"><img alt="" src="{address}" style="{style}">', encoding="utf-8")
    # some versions take their own frame off the window: more is taken than is kept
    window = ("--hide-scrollbars", "--default-background-color=00000000", f"--window-size={wide + 50},{high + 200}")
    if not _run(browser, page, folder / "profile", seconds, f"--screenshot={taken}", *window) or not taken.is_file():
        return None
    packed = io.BytesIO()
    with Image.open(taken) as whole:
        whole.crop((0, 0, wide, high)).save(packed, "PNG")
    return packed.getvalue()


def _run(browser: Path, page: Path, profile: Path, seconds: float, *flags: str) -> bool:
    """Start the browser with an empty profile of its own and wait for its end; past its time it and its children are ended."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [
        str(browser),
        *FLAGS,
        *(["--no-sandbox"] if is_root else []),  # Chromium does not start as root otherwise
        f"--user-data-dir={profile}",
        *flags,
        page.as_uri(),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name != "nt",
    )
    try:
        process.wait(seconds)
    except BaseException as error:
        with contextlib.suppress(OSError):
            if os.name == "nt":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        return False
    return True
