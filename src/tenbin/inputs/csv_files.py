"""Text files as people save them: encodings, CSV with the line of each record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tenbin.errors import Problem
from tenbin.inputs.containers import MOST_ROWS, RawTable, forbidden_character

__all__ = ["guarded", "read_csv", "read_text", "unguarded"]

MOST_BYTES = 100_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
SAVE_AS = 'Save it again as "CSV UTF-8".'


def guarded(text: str) -> str:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it; ``unguarded`` takes it off again.

    Text that begins with apostrophes and then such a character gets one more, so that every text comes back as it was.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """Undo ``guarded``."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def read_text(path: Path, label: str, problems: list[Problem]) -> str | None:
    """A file's text in UTF-8 (with or without BOM) or CP932, its line ends as LF; None, with a problem, otherwise."""

    def refuse(rule: str, value: str, remedy: str, row: int = 0) -> str | None:
        problems.append(Problem(label, row, "", rule, value, remedy))
        return None

    try:
        if path.is_dir():
            return refuse("a file", "a folder", "Rename or remove the folder.")
        if path.stat().st_size > MOST_BYTES:
            return refuse(f"at most {MOST_BYTES // 1_000_000} MB", f"{path.stat().st_size:,} bytes", "Split the case.")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "an error"
        return refuse("a file that can be read", reason, "Check the path and its permissions.")
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        return refuse("filled", "an empty file", "Fill it, or delete it if it is optional.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse("text in UTF-8 or CP932", "UTF-16", SAVE_AS)
    text = _decode(content)
    if text is None:
        line = _first_bad_line(content)
        return refuse("text in UTF-8 or CP932", "bytes that are neither", SAVE_AS, line)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), start=1):
        if character := forbidden_character(line_text):
            return refuse("text without control characters", character, f"Delete the character. {SAVE_AS}", number)
    return text


class BadLine(Exception):
    """A record is no CSV."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _first_bad_line(content: bytes) -> int:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return content[: error.start].count(b"\n") + 1
    return 0


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadLine(begins, "a quote that is never closed" if "end of data" in str(error) else str(error)) from error


def read_csv(path: Path, label: str, problems: list[Problem]) -> RawTable:
    """A CSV file as a table; a row's number is the line on which it begins."""
    unreadable = RawTable(label, is_readable=False)
    text = read_text(path, label, problems)
    if text is None:
        return unreadable
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for line, record in _records(text):
            if not any(cell.strip() for cell in record):
                continue
            if not header:
                header = tuple(record)
                continue
            if len(rows) == MOST_ROWS:
                problems.append(Problem(label, line, "", f"at most {MOST_ROWS:,} rows", "more", "Split the case."))
                return unreadable
            rows.append((line, tuple(unguarded(cell) for cell in record)))
    except BadLine as error:
        remedy = 'Check the quotes from this line on: a cell with a comma, a quote or a line end stands in "…".'
        problems.append(Problem(label, error.line, "", "CSV", str(error), remedy))
        return unreadable
    if len(header) == 1 and any(mark in header[0] for mark in (";", "\t")):
        mark = ";" if ";" in header[0] else "tabs"
        problems.append(Problem(label, 1, "", "separated by commas", f"a header with {mark}", "Save it with commas."))
        return unreadable
    return RawTable(label, header, tuple(rows))
