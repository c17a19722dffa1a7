"""What ``compare`` does: runs side by side, on the console or as a document."""

from __future__ import annotations

from collections.abc import Sequence

from tenbin.cli.console import print_json, show
from tenbin.cli.options import Options

__all__ = ["compare_runs"]


def compare_runs(runs: Sequence[str], options: Options) -> None:
    """Print what two to six runs have in common and what not.

    Raises
    ------
    InputError, StorageError : when there is no such run, or its documents are damaged.
    """
    from tenbin.cli.render_compare import comparison
    from tenbin.storage import results_root
    from tenbin.studies import compare

    found = compare(*runs, root=results_root(options.out, write=False))
    if options.as_json:
        print_json(found.to_dict(), options.lang)
    else:
        show(comparison(found, options.lang))
