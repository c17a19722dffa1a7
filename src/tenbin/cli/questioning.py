"""The interview at a terminal: one question after another, back, broken off and gone on with; nothing answered is lost."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import tell
from tenbin.words import Said, speaker

if TYPE_CHECKING:
    from tenbin.interview import Answers, Question

__all__ = ["ask"]

say = speaker("interview")
BACK, HELP = ("<", "＜"), ("?", "？")


def ask(folder: Path, lang: str, command: str) -> tuple[Answers, Path] | None:
    """Every question in turn, after what was answered before it was broken off.

    Parameters
    ----------
    command : what goes on with it when it is typed again.

    Returns
    -------
    The answers, and the file that keeps them until a case is made of them; None when it was broken off.

    Raises
    ------
    InputError : when nothing can be kept beside the folder, or what was kept cannot be read.
    """
    from tenbin.interview import QUESTIONS, Answers

    kept = folder.with_name(f"{folder.name}-unfinished.toml")
    given = _before(kept, lang)
    n = next((number for number, one in enumerate(QUESTIONS) if one.key not in given), len(QUESTIONS))
    try:
        while n < len(QUESTIONS):
            question = QUESTIONS[n]
            answer = _one(question, n, given, lang)
            if answer in BACK:
                n = max(n - 1, 0)
                continue
            given[question.key] = answer
            _keep(kept, given)
            n += 1
    except (KeyboardInterrupt, EOFError):
        tell("\n" + say("kept" if given else "kept_none", lang, path=kept, command=command))
        return None
    return Answers(**given), kept


def _before(kept: Path, lang: str) -> dict[str, Any]:
    """Say what this is; what was answered before."""
    from tenbin.interview import QUESTIONS, open_unfinished

    given = open_unfinished(kept) if kept.is_file() else {}
    if not given:
        _keep(kept, {})
    tell(say("welcome", lang, n=len(QUESTIONS), unknown=say("unknown", lang)))
    if given:
        tell(say("resumed", lang, n=len(given), path=kept))
    return given


def _keep(kept: Path, given: dict[str, Any]) -> None:
    """Keep what is answered so far; with nothing answered, find out whether it could be kept."""
    from tenbin.errors import InputError, Problem
    from tenbin.interview import unfinished_toml
    from tenbin.storage.writing import write_over

    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_over(kept, unfinished_toml(given))
        if not given:
            kept.unlink()
    except OSError as error:
        rule, remedy = Said("interview", "must_writable"), Said("interview", "do_other_folder")
        got = error.strerror or Said("interview", "got_refused")
        raise InputError([Problem(str(kept.parent), 0, "", rule, got, remedy)]) from error


def _one(question: Question, n: int, given: dict[str, Any], lang: str) -> Any:
    """Ask until there is an answer; None for "don't know", ``<`` to go back. Enter leaves what was answered before."""
    from tenbin.interview import QUESTIONS, again_words, shown_answer

    tell("")
    tell(f"{n + 1:>2}/{len(QUESTIONS)}  {say(f'ask_{question.key}', lang)}")
    tell(f"       {say(f'help_{question.key}', lang)}")
    for number, key in enumerate(question.choices, start=1):
        tell(f"       {number:>2}  {say(f'choice_{question.key}_{key}', lang)}")
    if question.choices:
        tell(say(f"again_{question.kind.value}", lang, n=len(question.choices)))
    while True:
        sys.stderr.write(_prompt(question, given, lang))
        sys.stderr.flush()
        text = _typed()
        if text in BACK:
            return BACK[0]
        if text in HELP:
            tell(f"       {say(f'help_{question.key}', lang)}")
            continue
        if not text and question.key in given:
            return given[question.key]
        try:
            answer = _read(question, text)
        except ValueError as error:
            tell(again_words(question, error.args[0], lang))
            continue
        if answer is not None and text != shown_answer(question, answer, lang):
            tell(say("understood", lang, value=shown_answer(question, answer, lang).replace("\n", "\n    ")))
        return answer


def _typed() -> str:
    """A line; what the terminal's encoding cannot read is no answer."""
    try:
        return input().strip()
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"


def _prompt(question: Question, given: dict[str, Any], lang: str) -> str:
    from tenbin.interview import Answers, fill

    if question.key in given:
        value = given[question.key]
        default = say("unknown", lang) if value is None else _briefly(question, value, lang)
        return say("prompt_kept", lang, default=default)
    assumed = getattr(fill(Answers(**given)).answers, question.key)
    default = say("left_open", lang)
    if assumed is not None:
        default = say("then_assumed", lang, value=_briefly(question, assumed, lang))
    return say("prompt", lang, default=default)


def _read(question: Question, text: str) -> Any:
    """An answer, by numbers too where there are choices."""
    from tenbin.interview import Kind, read_answer

    if question.choices:
        text = _by_number(text, question)
    if question.kind is Kind.SHARE and text in ("1", "１"):
        raise ValueError(Said("interview", "must_share"))  # 1 % or all of it
    return read_answer(question, text)


def _by_number(text: str, question: Question) -> str:
    """Numbers of choices become their keys: ``1 3``, ``1;3`` or ``1、3``."""
    for mark in ("；", ";", ",", "，", "、", "　"):
        text = text.replace(mark, " ")
    words = text.split()
    if words and all(word.isdecimal() and 1 <= int(word) <= len(question.choices) for word in words):
        return ";".join(question.choices[int(word) - 1] for word in words)
    return text


def _briefly(question: Question, value: Any, lang: str) -> str:
    """An answer for a prompt: of a checklist the numbers."""
    from tenbin.interview import Kind, shown_answer

    if question.kind is Kind.CHECKLIST and value:
        return " ".join(str(question.choices.index(key) + 1) for key in value)
    return shown_answer(question, value, lang)
