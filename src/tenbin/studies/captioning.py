"""A plan's or a frontier's charts with the words that its document has for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.reporting import ChartData, FrontierData
from tenbin.reporting.frontier_words import frontier_sentences
from tenbin.reporting.sentences import answer, certificate
from tenbin.studies.charting import chart_data
from tenbin.studies.fronting import Frontier
from tenbin.studies.picturing import frontier_data
from tenbin.studies.results import Result

__all__ = ["frontier_chart_data", "plan_chart_data"]


def plan_chart_data(result: Result, document: Mapping[str, Any]) -> ChartData:
    """What the charts of a plan show, with the answer of its document for a sentence."""
    sentences = {lang: f"{answer(document, lang)} {certificate(document, lang)}" for lang in ("ja", "en")}
    return chart_data(result, sentences["ja"], sentences["en"])


def frontier_chart_data(front: Frontier, document: Mapping[str, Any], result: Result | None = None) -> FrontierData:
    """What the charts of a frontier show, with the first words of its document for a sentence.

    result : of the run that keeps the frontier: its plan is marked.
    """
    sentences = {lang: "".join(frontier_sentences(document, lang)[:1]) for lang in ("ja", "en")}
    return frontier_data(front, sentences["ja"], sentences["en"], result)
