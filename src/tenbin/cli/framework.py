"""``tenbin catalogue``."""

from __future__ import annotations

from dataclasses import asdict

from tenbin.cli.console import make_table, out_console, print_json
from tenbin.cli.words import say
from tenbin.errors import InputError, Problem
from tenbin.model import Catalogue, Measure

__all__ = ["list_measures", "show_measure"]


def _load() -> Catalogue:
    from tenbin.catalogue import BUNDLED, load_catalogue

    return load_catalogue(BUNDLED)


def list_measures(layer: int | None, component: str | None, as_json: bool, lang: str) -> None:
    """Print the measures, of one layer and component on wish."""
    catalogue = _load()
    layers = [entry.number for entry in catalogue.layers]
    components = [entry.id for entry in catalogue.components]
    problems = []
    if layer is not None and layer not in layers:
        problems.append(Problem("--layer", 0, "", f"one of {', '.join(map(str, layers))}", str(layer), "Name a layer."))
    if component is not None and component not in components:
        problems.append(Problem("--component", 0, "", f"one of {', '.join(components)}", component, "Name a component."))
    if problems:
        raise InputError(problems)
    found = [m for m in catalogue.measures if layer in (None, m.layer) and (component is None or component in m.components)]
    if as_json:
        print_json({"schema": 1, "catalogue": catalogue.name, "measures": [asdict(measure) for measure in found]})
        return
    names = {entry.id: entry.title_ja if lang == "ja" else entry.title_en for entry in catalogue.components}
    table = make_table(
        (say("measure", lang), "left"), (say("title", lang), "left"), ("構成要素" if lang == "ja" else "components", "left")
    )
    for measure in found:
        title = measure.title_ja if lang == "ja" else measure.title_en
        table.add_row(
            measure.id,
            title,
            "、".join(names[c] for c in measure.components) if lang == "ja" else ", ".join(measure.components),
        )
    out_console().print(table)


def show_measure(measure_id: str, as_json: bool, lang: str) -> None:
    """Print one measure, the risk it answers and what its layer protects."""
    from difflib import get_close_matches

    catalogue = _load()
    ids = sorted(catalogue.measure_ids)
    if measure_id not in ids:
        near = get_close_matches(measure_id, ids, 1, 0.3)
        raise InputError(
            [Problem("MEASURE", 0, "", "a measure's id", repr(measure_id), f"Did you mean {near[0]}?" if near else "")]
        )
    measure: Measure = catalogue.measure(measure_id)
    layer = next(entry for entry in catalogue.layers if entry.number == measure.layer)
    if as_json:
        print_json({"schema": 1, "catalogue": catalogue.name, "measure": asdict(measure), "layer": asdict(layer)})
        return
    ja = lang == "ja"
    console = out_console()
    console.print(f"{measure.id}  {measure.title_ja if ja else measure.title_en}")
    heads = (
        ("リスク要因", "影響", "対策の概要", "層", "守るもの")
        if ja
        else ("Risk factor", "Impact", "Outline", "Layer", "Protects")
    )
    protects = [item.ja if ja else item.en for item in layer.items if item.kind == "protect"]
    texts = (
        measure.risk_factor_ja if ja else measure.risk_factor_en,
        measure.impact_ja if ja else measure.impact_en,
        measure.outline_ja if ja else measure.outline_en,
        f"{layer.number}  {layer.title_ja if ja else layer.title_en}",
        ("、" if ja else "; ").join(protects),
    )
    for head, text in zip(heads, texts, strict=True):
        console.print(f"{head}: {text}")
