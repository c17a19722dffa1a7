"""The deck in the making: its master, the place of everything on a slide, its footer and its notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenbin.model import Brand, Logo, LogoKind
from tenbin.reporting import palette
from tenbin.reporting.slides.logo import embed_drawing, picture_of
from tenbin.reporting.slides.template import open_template
from tenbin.reporting.slides.texts import INHERITED, SOFT, TEXT, Box, cleaned, fitted, write_paragraphs, write_text
from tenbin.reporting.slides.theme import house_theme, title_size

__all__ = ["Deck", "new_deck"]

INCH = 914_400
WIDE, HIGH = 12_192_000, 6_858_000
"""16:9, as PowerPoint makes it."""
TITLE, LARGEST_TITLE = 24.0, 28.0
"""Points of a title: ours, and at most in a template, whose titles are words and no sentences."""


@dataclass
class Deck:
    """A presentation, its layout, and where things go.

    own_master : whether it is ours and no template's. moves_title : whether titles are put where the layout has none. title_points : the largest size of a title. inside : what stays free for
    content below the title. accent : of headings. notes : of the slide in the making.
    """

    file: Any
    layout: Any
    lang: str
    brand: Brand
    footer: str
    own_master: bool
    title_box: Box
    inside: Box
    foot: Box
    accent: str
    title_points: float = TITLE
    moves_title: bool = True
    notes: list[str] = field(default_factory=list)
    slide: Any = None
    number: int = 0
    _picture: bytes = b""
    _drawing: Any = None

    def begin(self, title: str) -> None:
        """A new slide with its title; a title that is cut stands whole in the notes."""
        self.number += 1
        self.slide = self.file.slides.add_slide(self.layout)
        self.notes = []
        holder = self.slide.shapes.title
        for other in list(self.slide.placeholders):
            if holder is None or other.placeholder_format.idx != holder.placeholder_format.idx:
                other._element.getparent().remove(other._element)
        if holder is None:
            holder = self.slide.shapes.add_textbox(*self._sides(self.title_box))
        elif self.moves_title:
            holder.left, holder.top, holder.width, holder.height = self._sides(self.title_box)
        frame = holder.text_frame
        if self.own_master:
            from pptx.enum.text import MSO_ANCHOR

            frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        how: dict[str, Any] = {"bold": True} if self.own_master else {"bold": None, "colour": INHERITED}
        shown = write_text(frame, title, self.title_box, self.lang, largest=self.title_points, smallest=12, **how)
        if shown != cleaned(title):
            self.notes.append(title)
        if self.own_master:
            self.rule(
                Box(self.title_box.x, self.title_box.y + self.title_box.h + 38_100, self.title_box.w, 0), self.accent, 2.25
            )
        self._footer()

    def end(self, *lines: str) -> None:
        """Put the notes below the slide."""
        from pptx.util import Pt

        frame = self.slide.notes_slide.notes_text_frame
        if frame is not None:
            frame.text = "\n".join(cleaned(line) for line in (*self.notes, *lines) if line)
            for paragraph in frame.paragraphs:
                paragraph.space_after = Pt(3)

    @staticmethod
    def _sides(box: Box) -> tuple[int, int, int, int]:
        return box.x, box.y, box.w, box.h

    def text(
        self,
        text: str,
        box: Box,
        *,
        largest: float = 13,
        smallest: float = 9,
        colour: str = TEXT,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        """A text box; a text that is cut stands whole in the notes."""
        if not text:
            return
        shape = self.slide.shapes.add_textbox(*self._sides(box))
        sizes = {"largest": largest, "smallest": smallest}
        if write_text(shape.text_frame, text, box, self.lang, **sizes, colour=colour, bold=bold, right=right) != cleaned(text):
            self.notes.append(text)

    def lists_of(self, lists: Sequence[tuple[str, list[str], Box]], largest: float = 14) -> None:
        """Headings over paragraphs, all in one size at which they fit."""
        gap = 5.0
        spaces = [Box(box.x, box.y, box.w, int(0.94 * box.h - gap * 12_700 * len(texts))) for _, texts, box in lists]
        joined = ["\n".join([heading, *texts]) for heading, texts, _ in lists]
        size = min(fitted(text, space, largest, 9)[1] for text, space in zip(joined, spaces, strict=True))
        for (_, texts, box), text, space in zip(lists, joined, spaces, strict=True):
            shape = self.slide.shapes.add_textbox(*self._sides(box))
            shown, _ = fitted(text, space, size, size)
            if shown != cleaned(text):
                self.notes.extend(texts)
            head, *rest = shown.split("\n")
            lines = [(head, size + 1, self.accent, True), *((line, size, TEXT, False) for line in rest)]
            write_paragraphs(shape.text_frame, lines, self.lang, space=gap)

    def rule(self, box: Box, colour: str, points: float) -> None:
        """A line from a box's left top to its right bottom."""
        from pptx.dml.color import RGBColor
        from pptx.enum.shapes import MSO_CONNECTOR
        from pptx.util import Pt

        line = self.slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, box.x, box.y, box.x + box.w, box.y + box.h)
        line.line.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        line.line.width = Pt(points)
        for style in line._element.xpath("./p:style"):  # the theme's shadow
            line._element.remove(style)

    def describe(self, shape: Any, text: str) -> None:
        """What a reader who does not see a chart, a table or a picture is told."""
        shape._element.xpath(".//p:cNvPr")[0].set("descr", cleaned(text)[:1000])

    def _footer(self) -> None:
        number = self.slide.shapes.add_textbox(*self._sides(self.foot.cut(0.94, 0, 0.06)))
        write_paragraphs(number.text_frame, [(str(self.number), 9, SOFT, False)], self.lang, right=True)
        self._count(number)
        if self.brand.logo is not None:
            self._logo(self.brand.logo, self.foot.cut(0.79, 0, 0.14))
        self.text(self.footer, self.foot.cut(0, 0, 0.78), largest=9, smallest=7, colour=SOFT)

    @staticmethod
    def _count(shape: Any) -> None:
        """A number that PowerPoint keeps right when slides are moved."""
        run = shape._element.xpath(".//a:r")[0]
        run.tag = run.tag.rpartition("}")[0] + "}fld"
        run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
        run.set("type", "slidenum")

    def _logo(self, logo: Logo, box: Box) -> None:
        from pptx.opc.package import Part
        from pptx.opc.packuri import PackURI

        scale = min(box.w / logo.width, box.h / logo.height)
        wide, high = round(scale * logo.width), round(scale * logo.height)
        place = box.x + box.w - wide, box.y + (box.h - high) // 2, wide, high
        if not self._picture:
            self._picture = picture_of(logo, self.brand.company)
        picture = self.slide.shapes.add_picture(io.BytesIO(self._picture), *place)
        self.describe(picture, self.brand.company or "logo")
        if logo.kind is LogoKind.SVG:
            if self._drawing is None:
                self._drawing = Part(PackURI("/ppt/media/logo.svg"), "image/svg+xml", self.file.part.package, logo.content)
            embed_drawing(self.slide, picture, self._drawing)


def new_deck(template: Path | None, lang: str, brand: Brand, footer: str) -> Deck:
    """A deck without a slide: the template's master, or a plain one of 16:9.

    Raises
    ------
    InputError : for a template that is none.
    """
    if template is None:
        return _plain(lang, brand, footer)
    file = open_template(Path(template))
    layout, title = _layout(file)
    wide, high = int(file.slide_width or WIDE), int(file.slide_height or HIGH)
    margin = int(0.045 * wide)
    if title is not None:
        # a layout often leaves the sides to its master
        source = title if title.width else _of_master(layout, title)
        box = Box(
            int(source.left or margin),
            int(source.top or 0),
            int(source.width or wide - 2 * margin),
            int(source.height or high * 0.14),
        )
    else:
        box = Box(margin, int(0.04 * high), wide - 2 * margin, int(0.13 * high))
    is_odd = min(box.x, box.y) < 0 or box.x + box.w > wide or box.y + box.h > 0.4 * high or box.h < 0.04 * high
    if is_odd:  # a title in the middle leaves no room, one beyond the slide is not seen: ours goes to the top
        box = Box(margin, int(0.04 * high), wide - 2 * margin, int(0.13 * high))
    footers = [
        one
        for one in layout.placeholders
        if one.placeholder_format.type is not None and "FOOTER" in str(one.placeholder_format.type)
    ]
    lowest = min((int(one.top) for one in footers if one.top and one.top < 0.97 * high), default=int(0.935 * high))
    top = box.y + box.h + int(0.015 * high)
    bottom = max(lowest, int(0.75 * high))
    inside = Box(margin, top, wide - 2 * margin, bottom - top - int(0.01 * high))
    foot = Box(margin, bottom, wide - 2 * margin, min(int(0.05 * high), high - bottom))
    points = min(title_size(layout, title, TITLE), LARGEST_TITLE)
    return Deck(file, layout, lang, brand, footer, False, box, inside, foot, brand.accent or TEXT, points, is_odd)


def _plain(lang: str, brand: Brand, footer: str) -> Deck:
    from pptx import Presentation

    file = Presentation()
    house_theme(file, lang)
    wider = WIDE / int(file.slide_width)
    file.slide_width, file.slide_height = WIDE, HIGH
    for holder in (file.slide_master, *file.slide_layouts):
        for shape in holder.shapes:
            if shape._element.xpath("./p:spPr/a:xfrm"):  # others take their master's
                shape.left, shape.width = int(shape.left * wider), int(shape.width * wider)
    margin = int(0.5 * INCH)
    wide = WIDE - 2 * margin
    title = Box(margin, int(0.22 * INCH), wide, int(1.04 * INCH))
    inside = Box(margin, int(1.36 * INCH), wide, int(5.52 * INCH))
    foot = Box(margin, int(6.95 * INCH), wide, int(0.42 * INCH))
    accent = brand.accent or palette.RESIDUAL
    return Deck(file, file.slide_layouts[5], lang, brand, footer, True, title, inside, foot, accent)


def _layout(file: Any) -> tuple[Any, Any]:
    """The layout with a title and as little else as possible, and its title; layouts are looked at by type, never by name."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    quiet = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    best: tuple[tuple[int, int], Any, Any] | None = None
    for layout in file.slide_layouts:
        holders = list(layout.placeholders)
        titles = [one for one in holders if one.placeholder_format.type == PP_PLACEHOLDER.TITLE]
        others = [one for one in holders if one.placeholder_format.type not in (*quiet, PP_PLACEHOLDER.TITLE)]
        rank = (0 if titles else 1, len(others))
        if best is None or rank < best[0]:
            best = (rank, layout, titles[0] if titles else None)
    assert best is not None
    return best[1], best[2]


def _of_master(layout: Any, holder: Any) -> Any:
    for one in layout.slide_master.placeholders:
        if one.placeholder_format.type == holder.placeholder_format.type:
            return one
    return holder
