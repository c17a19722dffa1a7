"""A run's slides in both languages, under a consultant's name and under nobody's; what a template is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from report.conftest import data, folder  # noqa: F401
from report.hostile import TEXTS, hostile_texts
from tenbin.inputs import read_brand
from tenbin.model import Brand
from tenbin.reporting.chart_data import Label
from tenbin.reporting.report.data import ReportData
from tenbin.reporting.slides import write_slides

LANGS = ("ja", "en")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50" fill="#0B6B3A"/></svg>'
BRAND = """client = "株式会社サンプル"
author = "H. Yamada"
company = "Tenbin Consulting"
logo = "logo.svg"
accent = "#0B6B3A"
version = "2.1"
date = "2026-11-20"
confidentiality = "社外秘"
disclaimer = "The figures are the client's own; nothing here is a guarantee."
"""


@pytest.fixture(scope="session")
def brand_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("brand")
    (home / "logo.svg").write_text(LOGO, encoding="utf-8")
    (home / "brand.toml").write_text(BRAND, encoding="utf-8")
    return home / "brand.toml"


@pytest.fixture(scope="session")
def brand(brand_file: Path) -> Brand:
    return read_brand(brand_file)


@pytest.fixture(scope="session")
def documents(folder: Path) -> dict[str, Any]:  # noqa: F811
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("result", "frontier")}


@pytest.fixture(scope="session")
def decks(data: ReportData, brand: Brand, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:  # noqa: F811
    """``ja``, ``en``: nobody's; ``ja-brand``, ``en-brand``: the consultant's."""
    home = tmp_path_factory.mktemp("decks")
    found = {}
    for lang in LANGS:
        found[lang] = write_slides(data, home / f"{lang}.pptx", lang)
        found[f"{lang}-brand"] = write_slides(data, home / f"{lang}-brand.pptx", lang, brand=brand)
    return found


def named_by(texts: Iterator[str], part: Any) -> Any:
    """The same with other titles in every place that has one."""
    if isinstance(part, Label):
        return replace(part, title_ja=next(texts), title_en=next(texts))
    if isinstance(part, tuple) and not hasattr(part, "_fields"):
        return tuple(named_by(texts, one) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: named_by(texts, getattr(part, one.name)) for one in fields(part)})
    return part


@pytest.fixture(scope="session")
def hostile(data: ReportData) -> tuple[ReportData, Brand]:  # noqa: F811
    """What the report shows, and a brand, whose every text would break something."""
    texts = hostile_texts()
    words = {name: next(texts)[:200] for name in ("client", "author", "company", "version", "confidentiality")}
    return named_by(texts, data), Brand(**words, disclaimer=" ".join(TEXTS)[:2_000])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A customer's template: its own size, fonts and slides, changed by a function before it is saved."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE

    home = tmp_path_factory.mktemp("templates")

    def make(name: str = "house.pptx", change: Callable[[Any], object] = lambda file: None) -> Path:
        file = Presentation()  # 4:3
        theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme._blob = theme.blob.replace(b'typeface="Calibri"', b'typeface="Meiryo"')
        for n in range(2):
            file.slides.add_slide(file.slide_layouts[1]).shapes.title.text = f"Their slide {n}"
        change(file)
        file.save(home / name)
        return home / name

    return make
