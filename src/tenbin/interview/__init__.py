"""The interview: a company's answers in plain words → an ordinary case and cost table.

``questions`` has what is asked, ``reading`` how one answer may be written, ``answers`` all of them, ``filling`` what is assumed where nobody knows, ``presets`` the
ordinary companies, ``making`` scales them into a case.
"""

from tenbin.interview.answers import Answers, answers_toml, open_answers, open_unfinished, read_answers, unfinished_toml
from tenbin.interview.filling import Filled, fill
from tenbin.interview.making import MadeCase, make_case
from tenbin.interview.questions import QUESTIONS, Kind, Question, question
from tenbin.interview.reading import read_answer
from tenbin.interview.showing import again_words, shown_answer

__all__ = [
    "QUESTIONS",
    "Answers",
    "Filled",
    "Kind",
    "MadeCase",
    "Question",
    "again_words",
    "answers_toml",
    "fill",
    "make_case",
    "open_answers",
    "open_unfinished",
    "question",
    "read_answer",
    "read_answers",
    "shown_answer",
    "unfinished_toml",
]
