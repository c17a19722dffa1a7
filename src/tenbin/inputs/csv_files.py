"""Text files as people save them: encodings, CSV with the line of each record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tenbin.errors import Problem, reason_of
from tenbin.inputs.containers import MOST_ROWS, RawTable, forbidden_character
from tenbin.inputs.words import said
from tenbin.words import Said

__all__ = ["guarded", "read_csv", "read_text", "unguarded"]

MOST_BYTES = 100_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
SAVE_AS = said("do_save_as_utf8")


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
            return refuse(said("must_file"), said("got_folder"), said("do_rename_folder"))
        if path.stat().st_size > MOST_BYTES:
            return refuse(
                said("must_megabytes", n=MOST_BYTES // 1_000_000),
                said("got_bytes", n=path.stat().st_size),
                said("do_split_case"),
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) and error.strerror else said("got_error")
        return refuse(said("must_readable_file"), reason, said("do_check_path"))
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        return refuse(said("must_filled"), said("got_empty_file"), said("do_fill_file"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse(said("must_encoding"), "UTF-16", SAVE_AS)
    text = _decode(content)
    if text is None:
        line = _first_bad_line(content)
        return refuse(said("must_encoding"), said("got_neither_encoding"), SAVE_AS, line)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), start=1):
        if character := forbidden_character(line_text):
            return refuse(said("must_printable"), character, said("do_delete_character_save", then=SAVE_AS), number)
    return text


class BadLine(Exception):
    """A record is no CSV."""

    def __init__(self, line: int, message: Said) -> None:
        self.line, self.what = line, message
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
            what = said("got_open_quote") if "end of data" in str(error) else said("got_bad_line", what=str(error))
            raise BadLine(begins, what) from error


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
                problems.append(
                    Problem(label, line, "", said("must_rows_at_most", n=MOST_ROWS), said("got_more"), said("do_split_case"))
                )
                return unreadable
            rows.append((line, tuple(unguarded(cell) for cell in record)))
    except BadLine as error:
        problems.append(Problem(label, error.line, "", said("must_csv"), error.what, said("do_quotes")))
        return unreadable
    if len(header) == 1 and any(mark in header[0] for mark in (";", "\t")):
        got = said("got_semicolons") if ";" in header[0] else said("got_tabs")
        problems.append(Problem(label, 1, "", said("must_commas"), got, said("do_commas")))
        return unreadable
    return RawTable(label, header, tuple(rows))
