"""Which language is spoken: what was asked, ``TENBIN_LANG``, else the system's."""

from __future__ import annotations

import locale
import os

__all__ = ["language"]


def language(asked: str | None = None) -> str:
    """``ja`` or ``en``: what was asked, ``TENBIN_LANG``, else the system's."""
    for text in (asked, os.environ.get("TENBIN_LANG")):
        if text and text.strip().lower() in ("ja", "en"):
            return text.strip().lower()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "ja" if os.environ[name].lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"
