"""What a list of runs says of each: its documents may be damaged, or be no tenbin's at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["run_entry", "small_document"]

LARGEST = 20_000_000
KNOWN = (
    "finished",
    "case",
    "status",
    "budget",
    "max_days",
    "question",
    "targets",
    "per_year",
    "currency",
    "metric",
    "before",
    "after",
    "certificate",
    "plans",
)
"""What the list says of a run; ``plans`` : how many a frontier has."""


def small_document(path: Path) -> dict[str, Any]:
    """A document that may be damaged: then nothing of it is known."""
    import json

    try:
        if path.stat().st_size > LARGEST:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def run_entry(name: str, path: Path) -> dict[str, Any]:
    """One run as the list has it; what is not known is null, and a run that cannot be read is damaged."""
    entry: dict[str, Any] = {"id": name, "path": str(path)}
    document, manifest = small_document(path / "result.json"), small_document(path / "manifest.json")
    try:
        return entry | dict(zip(KNOWN, _facts(document, manifest), strict=True))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return entry | dict.fromkeys(KNOWN) | {"finished": _text(manifest.get("finished")), "status": "damaged", "targets": []}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _facts(document: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[Any, ...]:
    from tenbin.reporting.sentences import headline_metric

    finished, status = _text(manifest.get("finished")), str(document["status"])
    asked = manifest.get("asked") or {}
    head = (finished, document["case"], status, _text(asked.get("budget")), _text(asked.get("max_days")))
    if "points" in document:
        metric, plans = str(document["metric"]), len(document["points"])
        return (*head, "frontier", [], None, document["currency"], metric, float(document["today"]["value"]), None, None, plans)
    targets = [str(row["target"]) for row in (*document["targets"], *document.get("coverage", ()))]
    after = document["risk"]["residual"]
    metric = headline_metric(document) if after else "tvar95"
    before = document["current"]["risk"].get(metric)
    cost = document["cost"]["per_year"] if document["cost"] else None
    question = str(document["objective"])
    left = after[metric] if after else None
    return (*head, question, targets, cost, document["currency"], metric, before, left, document["certificate"], None)
