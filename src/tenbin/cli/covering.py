"""``tenbin coverage``: what a plan supports of standards and schemes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import Block, Grid, print_json, show
from tenbin.cli.language import say
from tenbin.cli.options import Options

if TYPE_CHECKING:
    from tenbin.studies.covering import CoverageMatrix, StandardCoverage

__all__ = ["coverage_of_plan"]


def coverage_of_plan(folder: Path, plan: str, standard: str | None, costs: Path | None, options: Options) -> None:
    """Print what a plan supports: a line for each standard, or one standard reference by reference."""
    from tenbin.studies import coverage, load

    matrix = coverage(load(folder, costs), plan)
    if standard is not None:
        matrix = matrix.only(standard)
    if options.as_json:
        print_json(matrix.to_dict())
    elif standard is not None:
        show(_detailed(matrix, plan, options.lang))
    else:
        show(_listed(matrix, plan, options.lang))


def _listed(matrix: CoverageMatrix, plan: str, lang: str) -> Iterator[Block]:
    heads = (
        ("standard", "left"),
        ("scheme_kind", "left"),
        ("supported", "right"),
        ("supported_share", "right"),
        ("supports", "right"),
        ("supports_unverified", "right"),
    )
    rows = tuple(
        (
            one.standard,
            say(f"kind_{one.scheme_kind.value}", lang),
            say("out_of_references", lang, n=one.n_supported, base=one.n_references),
            _percent(one),
            str(one.n_supports),
            str(one.n_unverified),
        )
        for one in matrix.standards
    )
    yield Grid(tuple((say(name, lang), side) for name, side in heads), rows, title=say("coverage_of", lang, plan=plan))
    if not rows:
        yield say("no_standards", lang)
    yield from _notes(matrix, lang)
    yield say("coverage_how", lang)


def _detailed(matrix: CoverageMatrix, plan: str, lang: str) -> Iterator[Block]:
    (one,) = matrix.standards
    comma = say("comma", lang)
    yield say(
        "coverage_standard",
        lang,
        plan=plan,
        standard=one.standard,
        n=one.n_supported,
        base=one.n_references,
        share=_percent(one),
    )
    held = tuple(
        (row.reference, comma.join(row.supported_by), say(f"confidence_{row.confidence.value}", lang))
        for row in one.rows
        if row.confidence is not None
    )
    if held:
        yield Grid(tuple((say(name, lang), "left") for name in ("reference", "supported_by", "confidence")), held)
    missing = one.missing
    if missing:
        open_ = tuple((name, comma.join(measures) or say("no_measure", lang)) for name, measures in missing.items())
        yield Grid(tuple((say(name, lang), "left") for name in ("not_supported", "would_support")), open_)
    yield from _notes(matrix, lang)


def _percent(one: StandardCoverage) -> str:
    """Rounded down, so that 100% means all."""
    return f"{100 * one.n_supported // one.n_references}%"


def _notes(matrix: CoverageMatrix, lang: str) -> Iterator[str]:
    yield say("n_unverified", lang, n=matrix.n_unverified, base=matrix.n_supports)
    yield say("supports_means", lang)
