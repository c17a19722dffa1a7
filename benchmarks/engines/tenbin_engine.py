"""tenbin: the inherent book is drawn and evaluated; a plan's book is evaluated on the events that were drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from benchmarks.engines.books import measured_case, measured_points
from benchmarks.engines.serving import CONFIDENCE, Answer, Book, Job, serve

from tenbin.evaluation import Evaluator, Quantity
from tenbin.model import Metric
from tenbin.simulation import simulate_case


def make(options: dict[str, Any]) -> Job:
    case = measured_case()
    points = measured_points(case)
    everything = (True,) * len(case.scenarios)
    wanted = [
        Quantity(metric, None if metric is Metric.AAL else Decimal(str(CONFIDENCE)), everything)
        for metric in (Metric.AAL, Metric.VAR, Metric.TVAR)
    ]
    drawn: dict[str, Evaluator] = {}

    def job(book: Book, seed: int) -> Answer:
        if book.name == "inherent":
            drawn.clear()
            drawn["years"] = Evaluator(simulate_case(case, book.years, seed, n_threads=options["threads"]))
        evaluator = drawn["years"]
        point = points[book.name]
        loss = evaluator.annual_loss(*point)
        return Answer(*(evaluator.value(quantity, *point, loss) for quantity in wanted))

    return job


if __name__ == "__main__":
    serve(make)
