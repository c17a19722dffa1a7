"""A user's own crosswalk: its rules, the way into the model and the way back."""

from __future__ import annotations

from tenbin.errors import Problem
from tenbin.inputs.crosschecks import Tables, check_known
from tenbin.inputs.tables import Row
from tenbin.inputs.words import said
from tenbin.model import Catalogue, Confidence, Crosswalk, SchemeKind, Support

__all__ = ["build_crosswalk", "check_crosswalk", "crosswalk_records"]


def check_crosswalk(tables: Tables, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    """Add every broken rule of the crosswalk."""
    known = None if catalogue is None else catalogue.measure_ids
    kinds: dict[str, Row] = {}
    for row in tables["crosswalk"].rows:
        check_known(row, "measure", known, said("must_measure"), problems)
        if row.is_fine("measure") and not row["measure"]:
            for column in ("confidence", "source"):
                if row.has(column):
                    problems.append(row.problem(column, said("must_blank_beside_measure"), said("do_blank_beside_measure")))
        if row.has("standard", "scheme_kind"):
            first = kinds.setdefault(row["standard"], row)
            if first["scheme_kind"] != row["scheme_kind"]:
                remedy = said("do_same_kind", row=first.number, word=first["scheme_kind"])
                problems.append(row.problem("scheme_kind", said("must_same_kind"), remedy))


def build_crosswalk(tables: Tables, catalogue: Catalogue | None) -> Crosswalk | None:
    """Make the crosswalk of the table; None when some of its standards and references are not known."""
    parsed = tables["crosswalk"]
    if not parsed.is_whole or any(not row.has("standard", "reference") for row in parsed.rows):
        return None
    kinds = dict(catalogue.crosswalk.kinds) if catalogue is not None else {}
    kinds |= {row["standard"]: SchemeKind(row["scheme_kind"]) for row in parsed.rows if row.has("scheme_kind")}
    return Crosswalk.of(
        (
            Support(
                measure=row["measure"],
                standard=row["standard"],
                reference=row["reference"],
                confidence=Confidence(row["confidence"] or "unverified"),
                scheme_kind=kinds.get(row["standard"], SchemeKind.CUSTOMER),
                source=row["source"],
            )
            for row in parsed.rows
            if row["measure"]
        ),
        ((row["standard"], row["reference"]) for row in parsed.rows),
        kinds,
    )


def crosswalk_records(own: Crosswalk) -> list[dict[str, object]]:
    """The rows of a user's own standards, references that no measure supports last."""
    records: list[dict[str, object]] = [
        {
            "measure": support.measure,
            "standard": support.standard,
            "reference": support.reference,
            "confidence": support.confidence.value,
            "scheme_kind": support.scheme_kind.value,
            "source": support.source,
        }
        for support in own.supports
    ]
    for standard, references in own.references.items():
        held = {support.reference for support in own.supports if support.standard == standard}
        records += [
            {"measure": "", "standard": standard, "reference": reference, "scheme_kind": own.kinds[standard].value}
            for reference in references
            if reference not in held
        ]
    return records
