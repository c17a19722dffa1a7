"""``init`` by interview: ask in plain words, or replay a file of answers; then a case to edit."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import Block, Grid, print_json, show, tell
from tenbin.cli.failing import DONE, INTERRUPTED
from tenbin.cli.language import say
from tenbin.cli.options import Options
from tenbin.words import in_language, speaker

if TYPE_CHECKING:
    from tenbin.interview import Answers, Filled, Question

__all__ = ["init_by_interview", "is_asked"]

of_interview = speaker("interview")
FILE = "answers.toml"
BACK, HELP = "<", "?"


def is_asked(options: Options) -> bool:
    """Whether somebody sits there to answer."""
    return not options.as_json and not options.quiet and sys.stdin.isatty() and sys.stderr.isatty()


def init_by_interview(folder: Path, answers_file: Path | None, options: Options, as_workbook: bool = False) -> int:
    """Make a case of a file of answers, or of what is answered now; return the exit code."""
    _check_new(folder)
    answers = _ask(folder, options.lang) if answers_file is None else _read(answers_file)
    if answers is None:
        return INTERRUPTED
    _make(folder, answers, options, as_workbook)
    return DONE


def _read(path: Path) -> Answers:
    from tenbin.inputs import is_workbook
    from tenbin.interview import open_answers
    from tenbin.workbooks.interview_sheet import read_interview

    return read_interview(path) if is_workbook(path) else open_answers(path)


def _check_new(folder: Path) -> None:
    from tenbin.errors import InputError, Problem
    from tenbin.words import Said

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        rule, got, remedy = (Said("interview", key) for key in ("must_new", "got_something", "do_other_folder"))
        raise InputError([Problem(str(folder), 0, "", rule, got, remedy)])


def _ask(folder: Path, lang: str) -> Answers | None:
    """Every question in turn; None, with the answers kept in a file, where it was stopped."""
    from tenbin.interview import QUESTIONS, Answers, answers_toml

    tell(of_interview("welcome", lang, n=len(QUESTIONS), unknown=of_interview("unknown", lang)))
    answers, n = Answers(), 0
    try:
        while n < len(QUESTIONS):
            answer = _one(QUESTIONS[n], n, answers, lang)
            if answer == BACK:
                n = max(n - 1, 0)
                continue
            answers = replace(answers, **{QUESTIONS[n].key: answer})
            n += 1
    except (KeyboardInterrupt, EOFError):
        kept = folder.with_name(f"{folder.name}-{FILE}")
        kept.write_text(answers_toml(answers), encoding="utf-8", newline="\n")
        tell("\n" + of_interview("kept", lang, path=kept, shell=shlex.quote(str(kept)), folder=shlex.quote(str(folder))))
        return None
    return answers


def _one(question: Question, n: int, answers: Answers, lang: str) -> Any:
    """Ask until there is an answer; None for "don't know", ``<`` to go back."""
    from tenbin.interview import QUESTIONS, Kind, fill, read_answer

    tell("")
    tell(f"{n + 1}/{len(QUESTIONS)}  {of_interview(f'ask_{question.key}', lang)}")
    for number, key in enumerate(question.choices, start=1):
        tell(f"  {number:>2}  {of_interview(f'choice_{question.key}_{key}', lang)}")
    assumed = getattr(fill(answers).answers, question.key)
    default = _shown(question, assumed, lang) if assumed is not None else of_interview("left_open", lang)
    while True:
        sys.stderr.write(of_interview("prompt", lang, unknown=of_interview("unknown", lang), default=default))
        sys.stderr.flush()
        text = input().strip()
        if text in (BACK, "＜"):
            return BACK
        if text in (HELP, "？"):
            tell(of_interview(f"help_{question.key}", lang))
            continue
        if question.kind in (Kind.CHOICE, Kind.CHECKLIST):
            text = _by_number(text, question)
        try:
            return read_answer(question, text)
        except ValueError as error:
            tell(of_interview("again", lang, rule=in_language(error.args[0], lang)))


def _by_number(text: str, question: Question) -> str:
    """Numbers of choices become their keys: ``1 3`` or ``1;3``."""
    parts = text.replace("；", ";").replace(",", ";").replace("、", ";").replace("　", " ")
    words = parts.replace(" ", ";").split(";")
    numbers = [word for word in words if word]
    if numbers and all(word.isdecimal() and 1 <= int(word) <= len(question.choices) for word in numbers):
        return ";".join(question.choices[int(word) - 1] for word in numbers)
    return text


def _shown(question: Question, value: Any, lang: str) -> str:
    """An answer as people read it."""
    from tenbin.interview import Kind
    from tenbin.units import format_amount, format_share

    if question.kind is Kind.AMOUNT:
        return format_amount(value, lang)
    if question.kind is Kind.SHARE:
        return format_share(value)
    if question.kind is Kind.YES_NO:
        return of_interview("yes" if value else "no", lang)
    if question.kind is Kind.CHOICE:
        return of_interview(f"choice_{question.key}_{value}", lang)
    if question.kind is Kind.CHECKLIST:
        names = [of_interview(f"choice_{question.key}_{key}", lang) for key in value]
        return say("semicolon", lang).join(names) or of_interview("nothing", lang)
    return of_interview("counted", lang, n=f"{value:,g}", unit=of_interview(f"unit_{question.key}", lang))


def _make(folder: Path, answers: Answers, options: Options, as_workbook: bool) -> None:
    """Write the case and its answers, and say what was assumed."""
    from tenbin.inputs import write_case
    from tenbin.interview import answers_toml, make_case
    from tenbin.workbooks.casebook import book_of, write_workbook

    lang = options.lang
    made = make_case(answers)
    if as_workbook:
        folder = book_of(folder)
        write_workbook(made.case, folder, lang, answers)
    else:
        write_case(made.case, folder, folder / "cost_tables")
        (folder / FILE).write_text(answers_toml(answers), encoding="utf-8", newline="\n")
    if options.as_json:
        head = {"schema": 1, "status": "made", "from": "interview", "path": str(folder)}
        print_json({**head, "assumed": list(made.filled.assumed), "history": made.history})
    elif not options.quiet:
        show(list(_told(folder, made.filled, made.history, answers, lang)))


def _told(folder: Path, filled: Filled, history: float, answers: Answers, lang: str) -> list[Block]:
    from tenbin.interview import question

    shell = shlex.quote(str(folder))
    blocks: list[Block] = [say("made", lang, path=folder, shell=shell)]
    if filled.assumed:
        rows = tuple(
            (of_interview(f"ask_{key}", lang), _shown(question(key), getattr(filled.answers, key), lang))
            for key in filled.assumed
        )
        heads = ((of_interview("not_known", lang), "left"), (of_interview("assumed", lang), "left"))
        blocks.append(Grid(heads, rows, of_interview("assumed_title", lang)))
    if history != 1.0:
        blocks.append(of_interview("history", lang, factor=f"{history:g}", n=answers.incidents))
    if answers.budget:
        blocks.append(of_interview("with_budget", lang, shell=shell, budget=f"{answers.budget:.0f}"))
    return blocks
