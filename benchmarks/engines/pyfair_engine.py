"""pyfair: a FairModel for each scenario, one FairMetaModel over them, as its documentation shows.

It knows constants, normal and beta-PERT distributions and raw arrays. The options choose how our laws are said in them:

- ``fair``: frequency normal with the mean and the variance of the Poisson number, loss PERT from the 5 % point over the mode to the
  95 % point, which is how a 90 % interval is entered there.
- ``raw``: arrays of Poisson numbers and lognormal losses, so that nothing is left but what pyfair does with them.

``seeds``: a random seed for each model. Without it every model starts from the same one, pyfair's default, 42.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pyfair
from benchmarks.engines.serving import Answer, Book, Job, answer_of_years, serve

TOP = 1.6448536269514722


def enter_fair(model: pyfair.FairModel, frequency: float, median: float, sigma: float) -> None:
    model.input_data("Loss Event Frequency", mean=frequency, stdev=math.sqrt(frequency))
    low, mode, high = (median * math.exp(z) for z in (-TOP * sigma, -(sigma**2), TOP * sigma))
    model.input_data("Loss Magnitude", low=low, mode=mode, high=high)


def enter_raw(
    model: pyfair.FairModel, frequency: float, median: float, sigma: float, years: int, rng: np.random.Generator
) -> None:
    model.input_raw_data("Loss Event Frequency", pd.Series(rng.poisson(frequency, years)))
    model.input_raw_data("Loss Magnitude", pd.Series(rng.lognormal(math.log(median), sigma, years)))


def rank_correlation(results: pd.DataFrame) -> dict[str, float]:
    """Mean over pairs of scenarios that ought to be independent."""
    found = results.drop(columns="Risk").corr(method="spearman").to_numpy()
    return {"rank_correlation": float(found[np.triu_indices(len(found), 1)].mean())}


def make(options: dict[str, Any]) -> Job:
    def simulate(book: Book, seed: int) -> Answer:
        rng = np.random.default_rng(seed)
        models = []
        for number, (name, frequency, median, sigma) in enumerate(book.rows()):
            own = {"random_seed": 1000 * seed + number} if options["seeds"] else {}
            model = pyfair.FairModel(name=name, n_simulations=book.years, **own)
            if options["laws"] == "raw":
                enter_raw(model, frequency, median, sigma, book.years, rng)
            else:
                enter_fair(model, frequency, median, sigma)
            model.calculate_all()
            models.append(model)
        whole = pyfair.FairMetaModel(name="book", models=models)
        whole.calculate_all()
        results = whole.export_results()
        return answer_of_years(results["Risk"].to_numpy(), lambda: rank_correlation(results))

    return simulate


if __name__ == "__main__":
    serve(make)
