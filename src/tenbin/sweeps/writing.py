"""A sweep's axes as they were worked out, as TOML that can be read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tenbin.sweeps.spec import Spec

__all__ = ["resolved_text"]


def resolved_text(spec: Spec, prices_on: date) -> str:
    """The spec with patterns and paths resolved, from anywhere; cases that are no path are only named (in a comment)."""
    lines = [f"# prices_on = {prices_on.isoformat()}", f"name = {_toml(spec.name)}", "", "[axes]"]
    given = _flat(spec.written.get("axes", {}))
    for axis in spec.axes:
        if axis.name in ("case", "costs"):
            paths = [value.content.resolve().as_posix() for value in axis.values if isinstance(value.content, Path)]
            others = [value.label for value in axis.values if not isinstance(value.content, Path)]
            lines += [f"# {axis.name}: {label}" for label in others]
            lines.append(f"{axis.name} = {_toml(paths)}")
        else:
            lines.append(f"{_toml(axis.name)} = {_toml(given[axis.name])}")
    for name in ("sample", "options"):
        if section := spec.written.get(name):
            lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def _flat(given: Mapping[Any, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in given.items():
        name = "max-days" if key == "max_days" and not prefix else f"{prefix}{key}"
        flat[name] = value
        if isinstance(value, Mapping) and "low" not in value:
            flat.update(_flat(value, f"{name}."))
    return flat


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'
