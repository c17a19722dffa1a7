"""A sweep's axes as they were worked out, as TOML that can be read again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tenbin.inputs.writing import toml_value
from tenbin.sweeps.spec import Spec, flat_axes

__all__ = ["resolved_text"]


def resolved_text(spec: Spec, prices_on: date) -> str:
    """The spec with patterns and paths resolved, from anywhere, and its options as they hold; cases that are no path are only named (in a comment)."""
    lines = [f"# prices_on = {prices_on.isoformat()}", f"name = {toml_value(spec.name)}", "", "[axes]"]
    given = flat_axes(spec.written.get("axes", {}))
    for axis in spec.axes:
        if axis.name in ("case", "costs"):
            paths = [value.content.resolve().as_posix() for value in axis.values if isinstance(value.content, Path)]
            others = [value.label for value in axis.values if not isinstance(value.content, Path)]
            lines += [f"# {axis.name}: {label}" for label in others]
            lines.append(f"{axis.name} = {toml_value(paths)}")
        else:
            lines.append(f"{toml_value(axis.name)} = {toml_value(given[axis.name])}")
    for name, section in (("sample", spec.written.get("sample")), ("options", spec.options)):
        if section:
            lines += ["", f"[{name}]", *(f"{key} = {toml_value(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"
