"""Every text that people read, in both languages: one table of keys per area, and nothing written twice.

A module that speaks takes its area once, ``say = speaker("charts")``, and then says ``say("title", lang, name=…)``. What is made
before the language is known (a problem of the input) is a ``Said``, made by ``said = saying("problems")``: English text that can be
said again in Japanese.
"""

from __future__ import annotations

from tenbin.words.asked import language
from tenbin.words.said import Said, Titled, in_language, saying
from tenbin.words.tables import AREAS, Speaker, speaker, table

__all__ = ["AREAS", "Said", "Speaker", "Titled", "in_language", "language", "saying", "speaker", "table"]
