"""What the charts of a workbook draw: read out of their own parts."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def drawn(path: Path) -> dict[str, list[tuple[str, str, list[str | None]]]]:
    """Of each chart its series: (axis, the cells it names, the values it holds)."""
    found: dict[str, list[tuple[str, str, list[str | None]]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/charts/chart"):
                continue
            for series in ElementTree.fromstring(archive.read(name)).iter(f"{CHART}ser"):
                for axis in ("cat", "xVal", "val", "yVal"):
                    part = series.find(f"{CHART}{axis}")
                    if part is None:
                        continue
                    place = part.find(f".//{CHART}f").text
                    values = [one.text for one in part.iter(f"{CHART}v")]
                    found.setdefault(name, []).append((axis, place, values))
    return found
