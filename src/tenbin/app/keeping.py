"""Where drafts are kept: a folder for each, that anyone can find and read; held by one program at a time, lost by none."""

from __future__ import annotations

import json
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tenbin.app.drafts import (
    Draft,
    draft_files,
    file_bytes,
    names_of,
    open_draft,
    refusing,
    typed,
    write_changed,
    write_draft,
)
from tenbin.errors import InputError, Problem, StorageError, TenbinError, refusal
from tenbin.inputs.folder import read_toml
from tenbin.storage.locking import Lock, lock
from tenbin.words import saying

__all__ = [
    "ChangedElsewhere",
    "Holding",
    "Kept",
    "drafts_root",
    "hold",
    "list_drafts",
    "new_draft",
    "question_of",
    "remove",
    "trash",
]

said = saying("drafts")

VARIABLE = "TENBIN_DRAFTS"
QUESTION = "scales.json"
LOCK = ".open"
TRASH = ".trash"
WATCHED = ("*.csv", "case.toml", "logo.*")
UNFINISHED = re.compile(r"\..+\.\d+")
"""What a program that was ended while it wrote leaves behind."""
ID = re.compile(r"[A-Za-z0-9._-]+")
LONGEST_ID = 60
"""Of an id made here."""
MOST_IN_A_NAME = 200
"""Of a folder that someone named."""
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
    lock: Lock | None = None
    _seen: dict[str, str] = field(default_factory=dict)

    def keep(self, draft: Draft, question: Mapping[str, Any]) -> None:
        """Write the draft and what is asked of it; what could not be read of the folder goes aside first, into the trash.

        Raises
        ------
        ChangedElsewhere : when another program wrote there meanwhile.
        StorageError : when the disk refuses. What was there is whole.
        """
        if not self.is_ours:
            raise ChangedElsewhere(refusal(self.path, said("must_be_ours"), said("got_other_hand"), said("do_choose")))
        if self.problems:
            self.take_over()
        before, ours = self._seen, _fingerprint_of(draft)
        try:
            _write(draft, question, self.path)
        except StorageError:  # what is there was there before or is ours; anything else is another hand's
            found = _fingerprint(self.path)
            self._seen = {name: digest for name, digest in found.items() if digest in (before.get(name), ours.get(name))}
            raise
        written = names_of(self.draft) | names_of(draft)
        others = {name: digest for name, digest in before.items() if name not in written}
        self.draft, self._seen = draft, others | ours

    def take_over(self) -> None:
        """What the folder has is copied into the trash, and the next draft that is kept takes its place."""
        _copy_aside(self.path)
        self._seen = _fingerprint(self.path)
        self.problems = ()

    def read_again(self) -> Draft:
        """What another program wrote in the folder; from now on that is what is known of it.

        Raises
        ------
        InputError : when nothing of it can be read.
        """
        seen = _fingerprint(self.path)
        self.draft, self.problems = open_draft(self.path)
        self._seen = seen
        return self.draft

    @property
    def is_ours(self) -> bool:
        """Whether the folder has what was written, or read, here: no other program has written there since."""
        return _fingerprint(self.path) == self._seen

    @property
    def is_there(self) -> bool:
        """Whether the folder that is held is still where it was."""
        return self.path.is_dir() and (self.lock is None or self.lock.is_of(self.path / LOCK))

    def release(self) -> None:
        """Let others open it."""
        if self.lock is not None:
            self.lock.release()


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
        times = [path.stat().st_mtime for path in folder.iterdir() if not path.name.startswith(".")]
        changed = max(times, default=folder.stat().st_mtime)
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
    with refusing(root):
        root.mkdir(parents=True, exist_ok=True)
        folder = _new_folder(root, draft.name)
    _write(draft, question or {}, folder)
    return folder.name


def _write(draft: Draft, question: Mapping[str, Any], folder: Path) -> None:
    write_draft(draft, folder)
    with refusing(folder):
        write_changed(folder / QUESTION, json.dumps(question, ensure_ascii=False, indent=1) + "\n")


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
    folder = _found(draft)
    held = _hold(folder)
    try:
        seen = _fingerprint(folder)  # before it is read: what is written meanwhile is noticed
        found, problems = open_draft(folder)
        return Holding(draft, folder, found, question_of(folder), problems, held, seen)
    except TenbinError:
        if held is not None:
            held.release()
        raise


def _found(draft: str) -> Path:
    """The folder of a draft that is there."""
    folder = drafts_root() / draft
    if not ID.fullmatch(draft) or draft.startswith(".") or len(draft) > MOST_IN_A_NAME or not folder.is_dir():
        rule, remedy = said("must_be_kept"), said("do_start_page")
        raise InputError([Problem(str(drafts_root()), 0, "", rule, typed(draft[:LONGEST_ID]), remedy)])
    return folder


def _hold(folder: Path) -> Lock | None:
    """Hold a folder; None where nobody can write: it can be opened all the same, and says so when it is to be kept."""
    try:
        held = lock(folder / LOCK)
    except BlockingIOError as error:
        rule, remedy = said("must_be_free"), said("do_end_other")
        raise StorageError(refusal(folder, rule, said("got_held", pid=error.strerror), remedy)) from None
    except OSError:
        return None
    with suppress(OSError):
        for path in folder.iterdir():
            if UNFINISHED.fullmatch(path.name):
                path.unlink(missing_ok=True)
    return held


def question_of(folder: Path) -> Mapping[str, Any]:
    """What is asked of a kept draft, and where it came from; empty where nobody can read it."""
    try:
        found = json.loads((folder / QUESTION).read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def remove(draft: str) -> None:
    """Move a draft into the trash beside the others.

    Raises
    ------
    InputError, StorageError : when there is none, another program holds it, or the disk refuses.
    """
    folder = _found(draft)
    held = _hold(folder)
    if held is not None:
        held.release()
    with refusing(folder):
        _aside(folder).parent.mkdir(parents=True, exist_ok=True)
        folder.rename(_aside(folder))


def trash() -> Path:
    """Where the drafts are that were removed."""
    return drafts_root() / TRASH


def _aside(folder: Path) -> Path:
    return folder.parent / TRASH / f"{folder.name}-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _copy_aside(folder: Path) -> None:
    """Copy what a folder has into the trash."""
    target = _aside(folder)
    with refusing(target):
        found = [path for path in folder.iterdir() if path.is_file() and path.name != LOCK] if folder.is_dir() else []
        if found:
            target.mkdir(parents=True)
        for path in found:
            (target / path.name).write_bytes(path.read_bytes())


def _fingerprint(folder: Path) -> dict[str, str]:
    """What each file of the case has in it."""
    found = {}
    for pattern in WATCHED:
        for path in folder.glob(pattern):
            try:
                found[path.name] = _digest(path.read_bytes())
            except OSError:
                found[path.name] = ""
    return found


def _fingerprint_of(draft: Draft) -> dict[str, str]:
    """What each file of a draft has in it when it is written."""
    contents = draft_files(draft).items()
    return {name: _digest(file_bytes(content)) for name, content in contents if any(fnmatch(name, one) for one in WATCHED)}


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
