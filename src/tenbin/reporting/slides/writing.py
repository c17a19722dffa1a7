"""The report's data → a presentation, written whole or not at all."""

from __future__ import annotations

import io
import os
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from tenbin.errors import InputError, Problem, reason_of
from tenbin.model import Brand
from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.page import Page
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.slides.deck import new_deck
from tenbin.reporting.slides.template import open_template
from tenbin.reporting.slides.texts import cleaned
from tenbin.words import Said

__all__ = ["check_slides", "slides", "write_slides"]


def check_slides(template: str | Path | None = None) -> None:
    """See whether slides can be made at all.

    Raises
    ------
    InputError : without python-pptx, or for a template that is none.
    """
    if find_spec("pptx") is None:
        rule, remedy = Said("slides", "must_office"), Said("slides", "do_office")
        raise InputError([Problem("--format pptx", 0, "", rule, Said("slides", "got_no_office"), remedy)])
    if template is not None:
        open_template(Path(template))


def write_slides(
    data: ReportData, path: str | Path, lang: str, template: str | Path | None = None, brand: Brand | None = None
) -> Path:
    """Write six slides of a run with charts that PowerPoint can edit.

    Parameters
    ----------
    data : what the report of the run shows.
    path : of the .pptx; one that is there is replaced when the new one is whole.
    lang : ``ja`` or ``en``.
    template : a .pptx whose master and layouts are used, its slides left out.
    brand : under whose name.

    Raises
    ------
    InputError : without python-pptx, for a template that is none, or when the place cannot be written.
    """
    target = Path(path)
    content = slides(data, lang, template, brand)
    making = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with making.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            making.replace(target)
        finally:
            making.unlink(missing_ok=True)
    except OSError as error:
        rule, remedy = Said("slides", "must_writable"), Said("slides", "do_name_another")
        raise InputError([Problem(str(target), 0, "", rule, reason_of(error), remedy)]) from error
    return target


def slides(data: ReportData, lang: str, template: str | Path | None = None, brand: Brand | None = None) -> bytes:
    """The presentation's bytes; see ``write_slides``."""
    check_slides()
    from tenbin.reporting.slides.pages import PAGES
    from tenbin.reporting.slides.telling import Telling

    brand = brand or Brand()
    voice = Voice(lang, data.currency)
    telling = Telling(
        data, voice, Page(data, voice), new_deck(Path(template) if template else None, lang, brand, _footer(voice, data, brand))
    )
    for page in PAGES:
        page(telling)
    file = telling.deck.file
    about = file.core_properties
    about.title = cleaned(voice.say("page_title", title=voice.title(data.title)))[:255]
    about.author = about.last_modified_by = cleaned(brand.author or brand.company or "tenbin")[:255]
    about.subject, about.keywords, about.comments = cleaned(brand.client)[:255], "", f"tenbin {data.version}, {data.run}"
    made = brand.date or data.made
    if made:
        about.created = about.modified = datetime.fromisoformat(made)
    packed = io.BytesIO()
    file.save(packed)
    return packed.getvalue()


def _footer(voice: Voice, data: ReportData, brand: Brand) -> str:
    """What stands below every slide."""
    parts = [brand.confidentiality, voice.title(data.title), brand.date or data.made]
    if brand.version:
        parts.append(voice.say("version_of", version=brand.version))
    parts.append(brand.company or voice.say("product"))
    if brand.client:
        parts.append(voice.say("prepared_for", client=brand.client))
    if brand.author:
        parts.append(voice.say("prepared_by", who=brand.author))
    return " · ".join(_kept(part) for part in parts if part)


def _kept(text: str) -> str:
    line = " ".join(cleaned(text).split())
    return line if len(line) <= 60 else line[:59] + "…"
