"""The report's data → one HTML file, with the hashes that its Content-Security-Policy allows and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenbin.model import Brand
from tenbin.reporting import palette
from tenbin.reporting.report import figures
from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.heatmap import heat_rules
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice

__all__ = ["page_rules", "report_html", "templates"]

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
    **dict(zip(("capex", "opex", "effort"), palette.COST_PARTS, strict=True)),
    **{f"layer-{n}": colour for n, colour in enumerate(palette.LAYERS, start=1)},
}


def report_html(data: ReportData, lang: str, brand: Brand | None = None) -> str:
    """The page of a run in one language: self-contained, and whatever a user wrote is text in it.

    brand : under whose name it goes out; tenbin's own without one.
    """
    voice = Voice(lang, data.currency)
    css = _rules(voice, brand)
    js = _file("report.js")
    return (
        templates()
        .get_template("page.html.j2")
        .render(
            data=data,
            own=data.views[data.own],
            v=voice,
            page=Page(data, voice, brand),
            figures=figures,
            brand=brand,
            css=Markup(css),
            js=Markup(js),
            css_hash=_hash(css),
            js_hash=_hash(js),
        )
    )


@cache
def templates() -> Environment:
    """The report's templates: everything that is put in is escaped."""
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


def _rules(voice: Voice, brand: Brand | None) -> str:
    """The style sheet: the colours, the shades of the heatmap, the rules, what stands on each sheet of paper."""
    colours, rules = page_rules(brand)
    sheet = {"tax": voice.say("tax"), "mark": brand.confidentiality if brand else ""}
    margins = "".join(f"--{name}:{_css_text(text)};" for name, text in sheet.items())
    return f"{colours}\n:root{{{margins}}}\n{rules}\n{_file('print.css')}"


def page_rules(brand: Brand | None = None) -> tuple[str, str]:
    """The colours, and the rules for the screen."""
    accent = {"accent": brand.accent} if brand and brand.accent else {}
    colours = ";".join(f"--{name}:{colour}" for name, colour in (COLOURS | accent).items())
    return f":root{{{colours}}}", f"{heat_rules()}\n{_file('report.css')}"


def _css_text(text: str) -> str:
    """A text as a string of a style sheet: every letter by its number, so that none can end it."""
    return '"' + "".join(f"\\{ord(letter):x} " for letter in text) + '"'


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
