"""What ``app`` does: see that all is there, serve, say where."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from tenbin.cli.console import tell
from tenbin.cli.failing import DONE
from tenbin.cli.options import Options
from tenbin.errors import InputError, Problem
from tenbin.words import saying, speaker

__all__ = ["serve_app"]

say, said = speaker("app_server"), saying("app_server")
SECONDS_LEFT = 3.0
"""For work that does not hear that it is to stop; what is kept is written whole or not at all, so nothing is lost with it."""


def serve_app(case: Path | None, port: int | None, show: bool, key: str | None, options: Options) -> int:
    """Serve the app until it is ended; return the exit code.

    Raises
    ------
    InputError : when NiceGUI is not installed, nothing of the case can be read, the port is taken, or an option means nothing here.
    StorageError : when no draft can be kept.
    """
    _check(case, options)
    lang = options.lang
    try:
        from tenbin.app.opening import Opened, clear_uploads, open_case
        from tenbin.app.serving import serve

        clear_uploads()
        opened = Opened() if case is None else open_case(case)
        if opened.problems:
            tell(InputError(opened.problems).message(lang))
            tell(say("open_to_mend", lang, n=len(opened.problems)))
        opened = replace(opened, charts=not options.no_charts)
        serve(opened, port=port, lang=lang, show=show, on_ready=lambda address: _tell_ready(address, lang), key=key)
    except KeyboardInterrupt:  # while it was starting
        pass
    last = threading.Timer(SECONDS_LEFT, os._exit, (DONE,))
    last.daemon = True
    last.start()
    return DONE


def _check(case: Path | None, options: Options) -> None:
    if options.as_json:
        raise InputError([Problem("--json", 0, "", said("must_be_left_out"), "--json", said("do_leave_out"))])
    if find_spec("nicegui") is None:
        raise InputError([Problem("nicegui", 0, "", said("must_installed"), said("got_not_installed"), said("do_install"))])
    if case is not None and not case.is_dir() and not (case.is_file() and case.suffix.lower() == ".xlsx"):
        from tenbin.studies import load

        load(case)  # says what is wrong with the place; what is wrong in a case, its page shows


def _tell_ready(address: str, lang: str) -> None:
    from tenbin.storage import results_root

    drafts = Path(os.environ.get("TENBIN_DRAFTS") or "drafts").absolute()
    tell(say("ready", lang, address=address))
    tell(say("drafts_in", lang, path=drafts))
    tell(say("results_in", lang, path=results_root(write=False).absolute()))
    tell(say("how_to_end", lang))
