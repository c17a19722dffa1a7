"""Which keys of which tables a module's source says: literals and f-strings, found by ``ast``; templates by a pattern.

An area belongs to a module that makes or imports its speaker (``speaker("x")``, ``saying("x")``, ``Said("x", …)``), and to the
modules that import from such a module or stand beside it (``style.say``, ``voice.say``). A key is used when its text stands as a literal, or fits an
f-string, in a module of its area; a literal key that is said must be in a table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

MAKERS = ("speaker", "saying")
KEY = re.compile(r"[a-z][a-z0-9_]*")
TEMPLATE_CALL = re.compile(r"""\b(?:say|t|chart)\(\s*(["'])([a-z][a-z0-9_]*)\1(\s*[~+])?""")
TEMPLATE_TEXT = re.compile(r"""(["'])([a-z][a-z0-9_]*)\1""")


@dataclass
class Module:
    """What a module says.

    ``speakers``: its names that speak, with their area. ``areas``: every area that it may say keys of; ``aloud``: those of a
    ``speaker``, which may stand behind ``thing.say``. ``said``: (area, key, line) of
    literal keys; area "" for ``thing.say("key")``. ``texts``: every literal that could be a key; ``patterns``: its f-strings.
    """

    name: str
    tree: ast.Module | None
    speakers: dict[str, str] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    aloud: set[str] = field(default_factory=set)
    said: list[tuple[str, str, int]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)


def read_modules(sources: Mapping[str, str]) -> dict[str, Module]:
    """Modules by dotted name; a name that ends in no ``.py`` is a template's."""
    modules = {}
    for name, text in sources.items():
        if name.endswith(".py"):
            dotted = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            modules[dotted] = Module(dotted, ast.parse(text))
            _own_speakers(modules[dotted])
        else:
            modules[name] = _template(name, text)
    while any([_imported_speakers(module, modules) for module in modules.values()]):  # noqa: C419 - each has to be asked
        pass
    for module in modules.values():
        module.areas |= set(module.speakers.values())
    of_code = [module for module in modules.values() if module.tree is not None]
    by_folder: dict[str, set[str]] = {}
    for module in of_code:
        by_folder.setdefault(module.name.rpartition(".")[0], set()).update(module.aloud)
    heard = {
        module.name: {area for other in _imports(module, modules) if _room(other) == _room(module) for area in other.aloud}
        for module in of_code
    }
    for module in modules.values():
        folder = module.name.rpartition("." if module.tree is not None else "/templates/")[0].replace("/", ".")
        near = (folder, folder.rpartition(".")[0] if folder.count(".") > 1 else folder)
        module.aloud |= heard.get(module.name, set()) | {area for one in near for area in by_folder.get(one, ())}
        module.areas |= module.aloud
        if module.tree is not None:
            module.areas |= {area for other in _imports(module, modules) for area in other.speakers.values()}
            _say(module)
    return modules


def _room(module: Module) -> str:
    """The room of a module of tenbin's, the package of another: beyond it ``thing.say`` may be anything."""
    parts = module.name.split(".")
    return ".".join(parts[:2]) if parts[0] == "tenbin" else parts[0]


def missing_keys(sources: Mapping[str, str], tables: Mapping[str, Collection[str]]) -> list[str]:
    """Literal keys that are said but stand in no table, as ``module:line area.key``."""
    found = []
    for module in read_modules(sources).values():
        for area, key, line in module.said:
            areas = [area] if area else module.aloud
            if areas and not any(key in tables.get(one, ()) for one in areas):
                found.append(f"{module.name}:{line} {area or '?'}.{key}")
    return found


def unused_keys(sources: Mapping[str, str], tables: Mapping[str, Collection[str]]) -> list[str]:
    """Keys that nothing says, as ``area.key``."""
    texts: dict[str, set[str]] = {area: set() for area in tables}
    patterns: dict[str, set[str]] = {area: set() for area in tables}
    for module in read_modules(sources).values():
        for area in module.areas & set(tables):
            texts[area] |= module.texts
            patterns[area] |= module.patterns
    return [
        f"{area}.{key}"
        for area, keys in tables.items()
        for key in keys
        if key not in texts[area] and not any(re.fullmatch(pattern, key) for pattern in patterns[area])
    ]


def _own_speakers(module: Module) -> None:
    assert module.tree is not None
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign):
            targets, values = [node.targets[0]], [node.value]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                targets, values = list(node.targets[0].elts), list(node.value.elts)
            for target, value in zip(targets, values, strict=True):
                if isinstance(target, ast.Name) and (area := _made(value)):
                    module.speakers[target.id] = area
                    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "speaker":
                        module.aloud.add(area)
                    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "speaker":
                        module.aloud.add(area)


def _made(value: ast.expr) -> str:
    """The area of ``speaker("area")``, else ""."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in MAKERS and value.args:
        argument = value.args[0]
        return str(argument.value) if isinstance(argument, ast.Constant) else ""
    return ""


def _imported_speakers(module: Module, modules: Mapping[str, Module]) -> bool:
    """Take speakers that another module makes; whether there was one."""
    before = len(module.speakers)
    if module.tree is not None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                for alias in node.names:
                    if alias.name in modules[node.module].speakers:
                        module.speakers[alias.asname or alias.name] = modules[node.module].speakers[alias.name]
    return len(module.speakers) > before


def _imports(module: Module, modules: Mapping[str, Module]) -> Iterator[Module]:
    assert module.tree is not None
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                if name in modules:
                    yield modules[name]


def _say(module: Module) -> None:
    assert module.tree is not None
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            module.texts.add(node.value)
        elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
            module.patterns.add(pattern)
        elif isinstance(node, ast.Call) and node.args:
            _call(node, module)


def _call(node: ast.Call, module: Module) -> None:
    area, first = None, node.args[0]
    if isinstance(node.func, ast.Name) and node.func.id == "Said" and len(node.args) > 1 and isinstance(first, ast.Constant):
        area, first = str(first.value), node.args[1]
        module.areas.add(area)
    elif isinstance(node.func, ast.Name) and node.func.id in module.speakers:
        area = module.speakers[node.func.id]
    elif isinstance(node.func, ast.Attribute) and node.func.attr in ("say", "said"):
        area = ""
    if area is not None:
        module.said += [(area, key, node.lineno) for key in _literals(first)]


def _literals(node: ast.expr) -> Iterator[str]:
    """The literal texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string that could be a key, as a pattern; "" where its fixed part is no part of a key, or too short to tell."""
    fixed = [part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if not re.fullmatch(r"[a-z0-9_]{3,}", "".join(fixed)):
        return ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "[a-z0-9_]+" for part in node.values)


def _template(name: str, text: str) -> Module:
    module = Module(name, None)
    for n, line in enumerate(text.splitlines(), start=1):
        for found in TEMPLATE_CALL.finditer(line):
            if found[3]:
                module.patterns.add(f"{found[2]}[a-z0-9_]+")
            else:
                module.said.append(("", found[2], n))
        module.texts |= {found[2] for found in TEMPLATE_TEXT.finditer(line)}
    return module
