"""What ``app`` does: see that all is there, serve, say where."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from tenbin.cli.console import tell
from tenbin.cli.failing import DONE
from tenbin.cli.options import Options
from tenbin.errors import InputError, Problem
from tenbin.words import saying, speaker

__all__ = ["serve_app"]

say, said = speaker("app_server"), saying("app_server")
said_problem = saying("problems")


def serve_app(case: Path | None, port: int | None, show: bool, key: str | None, options: Options) -> int:
    """Serve the app until it is ended; return the exit code.

    Raises
    ------
    InputError : when NiceGUI is not installed, there is no such case, the port is taken, or an option means nothing here.
    """
    _check(case, options)
    lang = options.lang
    try:
        from tenbin.app.serving import serve

        serve(case, port=port, lang=lang, show=show, on_ready=lambda address: _tell_ready(address, lang), key=key)
    except KeyboardInterrupt:  # while it was starting
        pass
    return DONE


def _check(case: Path | None, options: Options) -> None:
    if options.as_json:
        raise InputError([Problem("--json", 0, "", said("must_be_left_out"), "--json", said("do_leave_out"))])
    if find_spec("nicegui") is None:
        raise InputError([Problem("nicegui", 0, "", said("must_installed"), said("got_not_installed"), said("do_install"))])
    if case is not None and not case.exists():
        rule, got = said_problem("must_case_folder"), said_problem("got_nothing_there")
        raise InputError([Problem(str(case), 0, "", rule, got, said_problem("do_case_folder"))])


def _tell_ready(address: str, lang: str) -> None:
    from tenbin.storage import results_root

    drafts = Path(os.environ.get("TENBIN_DRAFTS") or "drafts").absolute()
    tell(say("ready", lang, address=address))
    tell(say("drafts_in", lang, path=drafts))
    tell(say("results_in", lang, path=results_root(write=False).absolute()))
    tell(say("how_to_end", lang))
