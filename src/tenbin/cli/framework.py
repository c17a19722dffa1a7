"""``tenbin catalogue``: the framework's measures, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from difflib import get_close_matches

from tenbin.cli.console import Block, Grid, print_json, show
from tenbin.cli.language import said, say
from tenbin.errors import InputError, Problem
from tenbin.model import Catalogue, Measure

__all__ = ["described", "list_measures", "listed", "show_measure"]


def _load() -> Catalogue:
    from tenbin.catalogue import BUNDLED, load_catalogue

    return load_catalogue(BUNDLED)


def list_measures(layer: int | None, component: str | None, as_json: bool, lang: str) -> None:
    """Print the measures, of one layer and one component on wish."""
    catalogue = _load()
    layers = [str(entry.number) for entry in catalogue.layers]
    components = {name: entry.id for entry in catalogue.components for name in (entry.id, entry.title_ja)}
    problems = []
    if layer is not None and str(layer) not in layers:
        problems.append(Problem("--layer", 0, "", said("must_one_of", names=layers), str(layer), said("do_name_layer")))
    wanted = components.get(component.strip().casefold()) if component is not None else None
    if component is not None and wanted is None:
        names = [entry.id for entry in catalogue.components]
        near = get_close_matches(component.casefold(), names, 1, 0.5)
        remedy = said("did_you_mean", name=near[0]) if near else said("do_name_component")
        problems.append(Problem("--component", 0, "", said("must_one_of", names=names), repr(component), remedy))
    if problems:
        raise InputError(problems)
    found = [m for m in catalogue.measures if layer in (None, m.layer) and (wanted is None or wanted in m.components)]
    if as_json:
        print_json({"schema": 1, "catalogue": catalogue.name, "measures": [asdict(measure) for measure in found]})
    else:
        show(listed(catalogue, found, lang))


def listed(catalogue: Catalogue, measures: list[Measure], lang: str) -> Iterator[Block]:
    """The measures as a table."""
    ja = lang == "ja"
    names = {entry.id: entry.title_ja if ja else entry.title_en for entry in catalogue.components}
    rows = tuple(
        (
            m.id,
            str(m.layer),
            (m.title_ja if ja else m.title_en) or m.title_en or m.title_ja,
            say("comma", lang).join(names.get(c, c) for c in m.components),
        )
        for m in measures
    )
    heads = ("measure", "layer", "title", "components")
    yield Grid(tuple((say(name, lang), "left") for name in heads), rows)
    yield say("n_listed", lang, n=len(measures))


def show_measure(measure_id: str, as_json: bool, lang: str) -> None:
    """Print one measure, the risk it answers and what its layer protects."""
    catalogue = _load()
    ids = {measure.id.casefold(): measure.id for measure in catalogue.measures}
    known = ids.get(measure_id.strip().casefold())
    if known is None:
        near = get_close_matches(measure_id.casefold(), ids, 1, 0.3)
        remedy = said("did_you_mean", name=ids[near[0]]) if near else said("do_list_measures")
        raise InputError([Problem("MEASURE", 0, "", said("must_measure_id"), repr(measure_id), remedy)])
    measure = catalogue.measure(known)
    if as_json:
        layer = next(entry for entry in catalogue.layers if entry.number == measure.layer)
        print_json({"schema": 1, "catalogue": catalogue.name, "measure": asdict(measure), "layer": asdict(layer)})
    else:
        show(described(catalogue, measure, lang))


def described(catalogue: Catalogue, measure: Measure, lang: str) -> Iterator[Block]:
    """A measure in paragraphs."""
    ja = lang == "ja"
    layer = next(entry for entry in catalogue.layers if entry.number == measure.layer)
    names = {entry.id: entry.title_ja if ja else entry.title_en for entry in catalogue.components}
    yield f"{measure.id}  {(measure.title_ja if ja else measure.title_en) or measure.title_en or measure.title_ja}"
    protects = say("semicolon", lang).join(item.ja if ja else item.en for item in layer.items if item.kind == "protect")
    parts = {
        "layer": f"{layer.number}  {layer.title_ja if ja else layer.title_en}",
        "components": say("comma", lang).join(names.get(c, c) for c in measure.components),
        "risk_factor": measure.risk_factor_ja if ja else measure.risk_factor_en,
        "impact": measure.impact_ja if ja else measure.impact_en,
        "outline": measure.outline_ja if ja else measure.outline_en,
        "protects": protects,
    }
    for key, text in parts.items():
        if text:
            head = say(key, lang)
            yield f"{head[:1].upper()}{head[1:]}{say('colon', lang)}{text}"
