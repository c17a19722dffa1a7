"""Where drafts are kept: a folder for each, that anyone can find and read; held by one program at a time, lost by none."""

from __future__ import annotations

import json
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from tenbin.app.drafts import Draft, open_draft, write_draft
from tenbin.errors import InputError, Problem, StorageError, TenbinError, reason_of, refusal
from tenbin.inputs.folder import read_toml
from tenbin.storage.writing import write_over
from tenbin.words import saying

__all__ = ["ChangedElsewhere", "Holding", "Kept", "drafts_root", "hold", "list_drafts", "new_draft", "remove"]

said = saying("drafts")

VARIABLE = "TENBIN_DRAFTS"
QUESTION = "scales.json"
LOCK = ".open"
TRASH = ".trash"
WATCHED = ("*.csv", "case.toml")
ID = re.compile(r"[A-Za-z0-9._-]+")
LONGEST_ID = 60
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class ChangedElsewhere(StorageError):
    """Another program has written in the folder since it was written or read here: nothing was written over."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft in its folder."""

    id: str
    path: Path
    title_ja: str
    title_en: str
    changed: datetime

    def title(self, lang: str) -> str:
        """What it is called."""
        first, second = (self.title_ja, self.title_en) if lang == "ja" else (self.title_en, self.title_ja)
        return first or second or self.id


@dataclass(slots=True)
class Holding:
    """A draft's folder, held by this program until it is released."""

    id: str
    path: Path
    draft: Draft
    question: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def keep(self, draft: Draft, question: Mapping[str, Any]) -> None:
        """Write the draft and what is asked of it.

        Raises
        ------
        ChangedElsewhere : when another program wrote there meanwhile.
        StorageError : when the disk refuses. What was there is whole.
        """
        if _fingerprint(self.path) != self._seen:
            raise ChangedElsewhere(refusal(self.path, said("must_be_ours"), said("got_other_hand"), said("do_choose")))
        try:
            write_draft(draft, self.path)
            write_over(self.path / QUESTION, json.dumps(question, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise StorageError(refusal(self.path, said("must_writable"), reason_of(error), said("do_make_room"))) from error
        finally:
            self._seen = _fingerprint(self.path)

    def take_over(self) -> None:
        """What another program wrote goes aside, into the trash, and the next draft that is kept takes its place."""
        _copy_aside(self.path)
        self._seen = _fingerprint(self.path)

    def release(self) -> None:
        """Let others open it."""
        lock = self.path / LOCK
        if _owner(lock) == _me():
            lock.unlink(missing_ok=True)


def drafts_root() -> Path:
    """The folder that has a folder for each draft: ``TENBIN_DRAFTS``, else ``./drafts``."""
    return Path(os.environ.get(VARIABLE) or "drafts").absolute()


def list_drafts() -> list[Kept]:
    """Every draft, the last one changed first."""
    root = drafts_root()
    try:
        folders = [entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []
    found = [kept for folder in folders if (kept := _kept(folder)) is not None]
    return sorted(found, key=lambda kept: (kept.changed, kept.id), reverse=True)


def _kept(folder: Path) -> Kept | None:
    if not ID.fullmatch(folder.name):
        return None
    try:
        changed = max((path.stat().st_mtime for path in folder.iterdir() if path.is_file()), default=folder.stat().st_mtime)
        settings = _settings(folder)
    except OSError:
        return None
    titles = [str(settings.get(f"title_{lang}", "")) for lang in ("ja", "en")]
    return Kept(folder.name, folder, titles[0], titles[1], datetime.fromtimestamp(changed).astimezone())


def _settings(folder: Path) -> Mapping[str, Any]:
    found, _ = read_toml(folder / "case.toml", "", [])
    return found or {}


def new_draft(draft: Draft, question: Mapping[str, Any] | None = None) -> str:
    """Keep a new draft in a folder of its own; its id.

    Raises
    ------
    StorageError : when the disk refuses.
    """
    root = drafts_root()
    try:
        root.mkdir(parents=True, exist_ok=True)
        folder = _new_folder(root, draft.name)
    except OSError as error:
        raise StorageError(refusal(root, said("must_writable"), reason_of(error), said("do_make_room"))) from error
    write_draft(draft, folder)
    if question:
        write_over(folder / QUESTION, json.dumps(question, ensure_ascii=False, indent=1) + "\n")
    return folder.name


def _new_folder(root: Path, name: str) -> Path:
    """A folder made now, by nobody else, after the draft's name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-.")[:LONGEST_ID].lower() or "case"
    if RESERVED.match(plain):
        plain = f"case-{plain}"
    for number in range(1, 10_000):
        folder = root / (plain if number == 1 else f"{plain}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    folder = root / f"{plain}-{secrets.token_hex(6)}"
    folder.mkdir()
    return folder


def hold(draft: str) -> Holding:
    """Open a kept draft and hold its folder.

    Raises
    ------
    InputError : when there is none of that name, or nothing of it can be read.
    StorageError : when another program that runs holds it.
    """
    folder = drafts_root() / draft
    if not ID.fullmatch(draft) or draft.startswith(".") or not folder.is_dir():
        rule, remedy = said("must_be_kept"), said("do_start_page")
        raise InputError([Problem(str(drafts_root()), 0, "", rule, draft[:LONGEST_ID], remedy)])
    _lock(folder)
    try:
        found, problems = open_draft(folder)
        question = _question(folder)
    except TenbinError:
        (folder / LOCK).unlink(missing_ok=True)
        raise
    return Holding(draft, folder, found, question, problems, _fingerprint(folder))


def _question(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / QUESTION).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def remove(draft: str) -> None:
    """Move a draft into the trash beside the others.

    Raises
    ------
    InputError, StorageError : when there is none, another program holds it, or the disk refuses.
    """
    holding = hold(draft)
    holding.release()
    try:
        _aside(holding.path).parent.mkdir(parents=True, exist_ok=True)
        holding.path.rename(_aside(holding.path))
    except OSError as error:
        raise StorageError(refusal(holding.path, said("must_writable"), reason_of(error), said("do_make_room"))) from error


def _aside(folder: Path) -> Path:
    return folder.parent / TRASH / f"{folder.name}-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _copy_aside(folder: Path) -> None:
    """Copy what a folder has into the trash."""
    target = _aside(folder)
    try:
        target.mkdir(parents=True)
        for path in folder.iterdir():
            if path.is_file() and path.name != LOCK:
                (target / path.name).write_bytes(path.read_bytes())
    except OSError as error:
        raise StorageError(refusal(target, said("must_writable"), reason_of(error), said("do_make_room"))) from error


# who holds it, and what it looked like


def _fingerprint(folder: Path) -> dict[str, tuple[int, int]]:
    """When each file of the case was written, and how long it is."""
    found: dict[str, tuple[int, int]] = {}
    try:
        for pattern in WATCHED:
            for path in folder.glob(pattern):
                state = path.stat()
                found[path.name] = (state.st_mtime_ns, state.st_size)
    except OSError:
        pass
    return found


def _me() -> tuple[int, float]:
    return os.getpid(), round(psutil.Process().create_time(), 2)


def _owner(lock: Path) -> tuple[int, float] | None:
    """The process that holds a lock; None where there is none, or it is dead."""
    try:
        words = json.loads(lock.read_text(encoding="utf-8"))
        owner = int(words["pid"]), float(words["began"])
        began = psutil.Process(owner[0]).create_time()
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    return owner if abs(began - owner[1]) < 1.0 else None


def _lock(folder: Path) -> None:
    """Hold a folder; a lock whose process has died is taken over."""
    lock = folder / LOCK
    pid, began = _me()
    content = json.dumps({"pid": pid, "began": began})
    for _ in range(2):
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(content)
            return
        except FileExistsError:
            owner = _owner(lock)
            if owner is not None:
                raise StorageError(
                    refusal(folder, said("must_be_free"), said("got_held", pid=owner[0]), said("do_end_other"))
                ) from None
            lock.unlink(missing_ok=True)
        except OSError:
            return  # a folder that cannot be written is opened all the same, and says so when it is to be kept
    raise StorageError(refusal(folder, said("must_be_free"), said("got_held", pid=pid), said("do_end_other")))
