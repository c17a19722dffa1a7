"""Under whose name a report, a workbook or slides go out."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

__all__ = ["Brand", "Logo", "LogoKind"]


class LogoKind(StrEnum):
    """What a logo's content is; also the ending of its file."""

    PNG = "png"
    SVG = "svg"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Logo:
    """A checked picture: its content as it stood in the file, its size in pixels (an SVG's in its own units)."""

    kind: LogoKind
    content: bytes = field(repr=False)
    width: float
    height: float

    @property
    def media_type(self) -> str:
        return "image/svg+xml" if self.kind is LogoKind.SVG else f"image/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class Brand:
    """Everything checked; blank text, and no logo, where nothing was said.

    accent : ``#RRGGBB``, at least 4.5:1 on white. date : ISO, ``2026-11-24``.
    """

    client: str = ""
    author: str = ""
    company: str = ""
    logo: Logo | None = None
    accent: str = ""
    version: str = ""
    date: str = ""
    confidentiality: str = ""
    disclaimer: str = ""

    def over(self, other: Brand | None) -> Brand:
        """Its own fields where they say something, else the other's."""
        if other is None:
            return self
        return Brand(**{one.name: getattr(self, one.name) or getattr(other, one.name) for one in fields(Brand)})
