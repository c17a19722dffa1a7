"""aggregate: a portfolio written in its language DecL, each unit's compound law by Fourier transform, their convolution.

``log2`` buckets for every law; ``bucket``: their size as a share of the expected loss, or none for the size that aggregate recommends.
The columns for allocation and pricing, which nobody asked for, are left out (``add_exa=False``).
"""

from __future__ import annotations

import math
from typing import Any

from aggregate import build
from benchmarks.engines.serving import CONFIDENCE, Answer, Book, Job, serve


def make(options: dict[str, Any]) -> Job:
    def convolve(book: Book, _: int) -> Answer:
        units = [f"    agg {name} {f!r} claims sev {m!r} * lognorm {s!r} poisson" for name, f, m, s in book.rows()]
        portfolio = build("\n".join(["port Book", *units]), update=False)
        if options["bucket"]:
            expected = sum(f * m * math.exp(s * s / 2) for _, f, m, s in book.rows())
            size = options["bucket"] * expected
        else:
            size = portfolio.best_bucket(options["log2"])
        portfolio.update(log2=options["log2"], bs=size, add_exa=False)
        found = (portfolio.est_m, portfolio.q(CONFIDENCE), portfolio.tvar(CONFIDENCE))
        return Answer(*map(float, found), lambda: {"bucket": float(size)})

    return convolve


if __name__ == "__main__":
    serve(make)
