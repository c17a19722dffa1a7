"""Run the notebooks: ``python3 run.py notebooks [NAME …]`` writes docs/notebooks/executed/NAME.ipynb and .html (``--small``: fewer years).

The sources are docs/notebooks/NAME.py (jupytext, py:percent); what is executed is built, never edited. A notebook works in an empty
folder of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbformat
from nbclient import NotebookClient

if TYPE_CHECKING:
    from nbformat import NotebookNode

SOURCES = Path(__file__).resolve().parent / "notebooks"
EXECUTED = SOURCES / "executed"
SECONDS = 1800
"""For one cell."""


def run_notebook(source: Path, folder: Path, *, small: bool, lang: str = "en", last_cell: str = "") -> NotebookNode:
    """The notebook with its outputs, run from beginning to end.

    Parameters
    ----------
    folder : where it works. small : fewer years. last_cell : code that is run after the notebook's own.

    Raises
    ------
    nbclient.exceptions.CellExecutionError : with the cell that failed and its traceback.
    """
    notebook = jupytext.read(source)
    if last_cell:
        notebook.cells.append(nbformat.v4.new_code_cell(last_cell))
    environment = {
        **os.environ,
        "IPYTHONDIR": str(folder / ".ipython"),
        "TENBIN_LANG": lang,
        "TENBIN_RESULTS": str(folder / "results"),
    }
    environment.pop("SMALL", None)
    if small:
        environment["SMALL"] = "1"
    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    done: NotebookNode = client.execute(env=environment)
    return done


def write_notebook(notebook: NotebookNode, name: str, to: Path) -> None:
    """The executed notebook, and the same as one HTML page that asks nothing of any network."""
    from nbconvert import HTMLExporter

    to.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, to / f"{name}.ipynb")
    exporter = HTMLExporter(
        mathjax_url="", require_js_url="", jquery_url="", widget_renderer_url="", html_manager_semver_range=""
    )
    page, _ = exporter.from_notebook_node(notebook)
    (to / f"{name}.html").write_text(page, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks named, all unless any is; 1 when one fails, and the others are run all the same."""
    known = {path.stem: path for path in sorted(SOURCES.glob("*.py"))}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--small", action="store_true", help="fewer years")
    parser.add_argument("--to", type=Path, default=EXECUTED)
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"no notebook is called {', '.join(unknown)}; there are {', '.join(known)}")
    failed = 0
    for name in asked.names or known:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            try:
                write_notebook(run_notebook(known[name], Path(folder), small=asked.small), name, asked.to)
            except Exception as error:  # the others are wanted too
                print(f"{name}: {error}", file=sys.stderr)
                failed = 1
                continue
        print(f"{name}: {time.perf_counter() - began:.1f} s, {asked.to / name}.html")
    return failed


if __name__ == "__main__":
    sys.exit(main())
