"""What is asked of a report, and what is wrong with it, all at once and before any work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.errors import InputError, Problem
from tenbin.words import saying

if TYPE_CHECKING:
    from tenbin.model import Brand

__all__ = ["ENDINGS", "ReportAsked", "check_report"]

said = saying("commands")

USUAL = "html"
ENDINGS = {"html": (".html", ".htm"), "xlsx": (".xlsx",), "pptx": (".pptx",), "pdf": (".pdf",)}
"""The formats, and how a file of each may end."""


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """What was asked of a report: its format (None: by the file's ending) and place, how many plans, under whose name, in whose slides."""

    form: str | None
    target: Path | None
    points: int
    with_frontier: bool
    open_it: bool
    brand: Path | None
    template: Path | None

    @property
    def format(self) -> str:
        if self.form is not None:
            return self.form
        ending = self.target.suffix.lower() if self.target else ""
        return next((name for name, endings in ENDINGS.items() if ending in endings), USUAL)

    def place(self, folder: Path, lang: str) -> Path:
        """Where it is written: where it was asked for, else into the run's folder, beside what people may have worked on."""
        if self.target is not None:
            return self.target
        from tenbin.studies.delivering import place_in

        return place_in(folder, self.format, lang)


def check_report(asked: ReportAsked) -> Brand | None:
    """The brand that was named.

    Raises
    ------
    InputError : with everything that is wrong with the format, the file, the brand and the template.
    """
    problems: list[Problem] = []
    brands: list[Brand] = []
    checks: list[Callable[[], None]] = [lambda: _format(asked), lambda: _target(asked)]
    checks += [lambda: brands.extend(_brand(asked.brand)), lambda: _means(asked)]
    for check in checks:
        try:
            check()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return brands[0] if brands else None


def _format(asked: ReportAsked) -> None:
    problems = []
    if asked.format not in ENDINGS:
        rule = said("report_format_rule", known=", ".join(ENDINGS))
        problems.append(Problem("--format", 0, "", rule, asked.format, said("report_format_remedy")))
    if asked.template is not None and asked.format != "pptx":
        rule, remedy = said("report_template_rule"), said("report_template_remedy")
        problems.append(Problem("--template", 0, "", rule, asked.format, remedy))
    if problems:
        raise InputError(problems)


def _target(asked: ReportAsked) -> None:
    """Nothing that is there is lost: neither another kind of file nor what somebody may have gone on writing in."""
    from tenbin.studies.delivering import WORKED_ON

    path, form = asked.target, asked.format
    if path is None or form not in ENDINGS:
        return
    remedy = said("report_file_remedy")
    if path.suffix.lower() not in ENDINGS[form]:
        raise InputError([Problem("--to", 0, "", said("report_ending_rule", ending=ENDINGS[form][0]), str(path), remedy)])
    if path.is_dir() or (form in WORKED_ON and path.exists()):
        got = said("report_got_folder" if path.is_dir() else "report_got_there", path=path)
        raise InputError([Problem("--to", 0, "", said("report_new_rule"), got, remedy)])


def _brand(path: Path | None) -> list[Brand]:
    if path is None:
        return []
    from tenbin.inputs import read_brand

    return [read_brand(path)]


def _means(asked: ReportAsked) -> None:
    """What a format needs: python-pptx and a template that is one; a browser where one is named."""
    if asked.format == "pptx":
        from tenbin.reporting.slides import check_slides

        check_slides(asked.template)
    elif asked.format == "pdf":
        from tenbin.reporting.printing import find_browser

        find_browser()
