"""A file that one program at a time holds: the system lets go of it when the program ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Lock", "lock"]

if sys.platform == "win32":
    import msvcrt

    BEHIND = 1 << 20
    """Windows locks bytes, and nobody can read those: one that is behind what is written."""

    def _take(handle: int) -> None:
        os.lseek(handle, BEHIND, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK, errno.EWOULDBLOCK}


@dataclass(slots=True)
class Lock:
    """A file that is held until it is released; the file stays, so that nobody holds one that is no longer there."""

    handle: int | None

    def is_of(self, path: Path) -> bool:
        """Whether it is this file that is held, not another that took its place."""
        try:
            return self.handle is not None and os.path.samestat(os.fstat(self.handle), path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let others hold it."""
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def lock(path: Path) -> Lock:
    """Hold a file, which is made where there is none.

    Raises
    ------
    BlockingIOError : when it is held; its ``strerror`` is the number of the process, as far as it is known.
    OSError : when the file cannot be made, or the disk knows no locks.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(handle)
    except OSError as error:
        os.lseek(handle, 0, os.SEEK_SET)
        holder = os.read(handle, 20).decode("ascii", "replace").strip()
        os.close(handle)
        if error.errno not in TAKEN:
            raise
        raise BlockingIOError(errno.EAGAIN, holder or "?") from error
    with suppress(OSError):  # a full disk: the lock holds without the number
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
    return Lock(handle)
