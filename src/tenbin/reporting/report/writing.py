"""The report's data → one HTML file, with the hashes that its Content-Security-Policy allows and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenbin.reporting import palette
from tenbin.reporting.report import figures
from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.heatmap import heat_rules
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice

__all__ = ["report_html"]

COLOURS = {
    "ink": palette.INK,
    "secondary": palette.SECONDARY,
    "rule": palette.RULE,
    "paper": palette.PAPER,
    "panel": palette.PANEL,
    "inherent": palette.INHERENT,
    "accent": palette.RESIDUAL,
    "cost": palette.COST,
    "saved": palette.SAVED,
    **{f"layer-{n}": colour for n, colour in enumerate(palette.LAYERS, start=1)},
}


def report_html(data: ReportData, lang: str) -> str:
    """The page of a run in one language: self-contained, and whatever a user wrote is text in it."""
    css = _rules()
    js = _file("report.js")
    voice = Voice(lang, data.currency)
    return (
        _templates()
        .get_template("page.html.j2")
        .render(
            data=data,
            own=data.views[data.own],
            v=voice,
            page=Page(data, voice),
            figures=figures,
            brand=None,
            css=Markup(css),
            js=Markup(js),
            css_hash=_hash(css),
            js_hash=_hash(js),
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("tenbin.reporting.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _file(name: str) -> str:
    return (files("tenbin.reporting.report") / "templates" / name).read_text(encoding="utf-8")


def _rules() -> str:
    """The style sheet: the colours, the shades of the heatmap, the rules."""
    colours = ";".join(f"--{name}:{colour}" for name, colour in COLOURS.items())
    return f":root{{{colours}}}\n{heat_rules()}\n{_file('report.css')}"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
