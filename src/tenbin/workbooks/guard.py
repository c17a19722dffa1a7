"""What is not a workbook, or a hostile one, is refused before anything of it is understood: bounded memory and time."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tenbin.errors import Problem, reason_of
from tenbin.words import Said, saying

__all__ = ["MOST_CELLS", "Checked", "guard"]

said = saying("workbook")

MOST_ON_DISK = 50 << 20
MOST_UNPACKED = 100 << 20
MOST_RATIO = 200
MOST_PARTS = 2_000
MOST_AT_ONCE = 32 << 20
MOST_TEXTS = 300_000
"""What openpyxl reads at once, before any row is asked for: one part, and the texts that cells share."""
MOST_IN_A_ROW = 16_384
MOST_MERGED = 1_000
MOST_CELLS = 500_000
"""Of a workbook that is to be written again: all of it has to be held."""
CHUNK = 1 << 16
OVERLAP = 256

BY_NAME = {
    ".xlsm": "got_macro_book",
    ".xltm": "got_macro_book",
    ".xlsb": "got_binary_book",
    ".xls": "got_old_book",
    ".ods": "got_ods",
    ".xltx": "got_template_book",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted workbook begins, and one of the years before 2007."""

FORBIDDEN = (
    (re.compile(r"vbaproject|/macrosheets/|/vba", re.IGNORECASE), "got_macros", "do_without_macros"),
    (re.compile(r"/externallinks/|/connections\.xml|/querytables/", re.IGNORECASE), "got_links", "do_without_links"),
    (re.compile(r"/activex/|/embeddings/|/ctrlprops/|customui", re.IGNORECASE), "got_objects", "do_without_objects"),
)
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"'](?!utf-?8[\"']|utf-?16|us-ascii[\"'])", re.IGNORECASE)
"""In which a document type could hide from the expression above."""
TEXT = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
CELL_OR_ROW = re.compile(rb"<(?:[\w.-]+:)?(?:(row)|c)[\s/>]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)[\"']")


@dataclass(slots=True)
class Checked:
    """What was learnt on the way: the merged ranges of each sheet's part, all cells, and whether the file may be opened."""

    merged: dict[str, list[str]] = field(default_factory=dict)
    cells: int = 0
    is_fine: bool = True


def guard(path: Path, label: str, problems: list[Problem]) -> Checked:
    """Look at every part of a workbook, unpacked and counted; what must not be is a problem, and ``is_fine`` false.

    Refused: other formats, macros, links to other files, embedded objects, encryption, entities, parts that unpack to more
    than 200 times their size or together to more than 100 MB, and what would take openpyxl gigabytes or minutes.
    """
    checked = Checked()

    def refuse(got: Said | str, remedy: Said) -> Checked:
        problems.append(Problem(label, 0, "", said("must_workbook"), got, remedy))
        checked.is_fine = False
        return checked

    kind = BY_NAME.get(path.suffix.lower())
    if kind is not None:
        return refuse(said(kind), said("do_save_as_xlsx"))
    try:
        if path.is_dir() or not path.exists():
            return refuse(said("got_folder" if path.is_dir() else "got_nothing"), said("do_check_path"))
        size = path.stat().st_size
        if size > MOST_ON_DISK:
            return refuse(said("got_megabytes", size=f"{size / 1e6:,.0f}"), said("do_smaller"))
        with path.open("rb") as file:
            head = file.read(8)
        if head == OLE:
            return refuse(said("got_locked"), said("do_unlock"))
        with zipfile.ZipFile(path) as archive:
            return _look(archive, checked, refuse)
    except OSError as error:
        return refuse(reason_of(error), said("do_check_path"))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError):
        return refuse(said("got_damaged"), said("do_save_again"))


def _look(archive: zipfile.ZipFile, checked: Checked, refuse: Callable[[str, Said], Checked]) -> Checked:
    parts = archive.infolist()
    names = [part.filename.replace("\\", "/") for part in parts]
    if len(parts) > MOST_PARTS:
        return refuse(said("got_parts", n=f"{len(parts):,}"), said("do_smaller"))
    if not any(name.lower() == "[content_types].xml" for name in names) or len(set(names)) != len(names):
        return refuse(said("got_other_zip"), said("do_save_as_xlsx"))
    for pattern, got, remedy in FORBIDDEN:
        if any(pattern.search(f"/{name}") for name in names):
            return refuse(said(got), said(remedy))
    unpacked = 0
    for part, name in zip(parts, names, strict=True):
        if part.flag_bits & 1:
            return refuse(said("got_locked"), said("do_unlock"))
        if part.file_size > MOST_RATIO * max(part.compress_size, 1) + (1 << 20):
            return refuse(said("got_bomb"), said("do_smaller"))
        with archive.open(part) as file:
            looked = _Looked(name)
            while block := file.read(CHUNK):
                unpacked += len(block)
                got, remedy = looked.at(block, checked)
                if unpacked > MOST_UNPACKED:
                    got, remedy = "got_bomb", "do_smaller"
                if got:
                    return refuse(said(got), said(remedy))
    return checked


@dataclass(slots=True)
class _Looked:
    """What was seen of one part, block by block; ``kept`` is the end of the last one, for what lies across."""

    name: str
    kept: bytes = b""
    size: int = 0
    texts: int = 0
    in_row: int = 0

    def at(self, block: bytes, checked: Checked) -> tuple[str, str]:
        """What is wrong with the next block and what to do; nothing of both when it is fine."""
        text = self.kept + block
        is_first = not self.size
        self.size += len(block)
        self.kept = block[-OVERLAP:]
        if self.name.startswith("xl/media/"):
            return "", ""
        plain = text.replace(b"\0", b"") if b"\0" in text else text  # of UTF-16
        if DOCTYPE.search(plain) or (is_first and ENCODING.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t"))):
            return "got_entities", "do_save_again"
        if not self.name.startswith("xl/worksheets/"):
            self.texts += len(TEXT.findall(block))
            is_much = self.size > MOST_AT_ONCE or self.texts > MOST_TEXTS
            return ("got_bomb", "do_smaller") if is_much else ("", "")
        found = checked.merged.setdefault(self.name, [])
        if len(found) < MOST_MERGED:
            found.extend(ref.decode() for ref in MERGED.findall(text) if ref.decode() not in found[-50:])
        return ("got_bomb", "do_smaller") if self._counted(block, checked) > MOST_IN_A_ROW else ("", "")

    def _counted(self, block: bytes, checked: Checked) -> int:
        """The most cells of a row so far."""
        most = self.in_row
        for is_row in CELL_OR_ROW.findall(block):
            if is_row:
                self.in_row = 0
            else:
                self.in_row += 1
                checked.cells += 1
                most = max(most, self.in_row)
        return most
