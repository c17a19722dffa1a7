"""The interview: a company's answers in plain words → an ordinary case and cost table.

``questions`` has what is asked, ``answers`` what may be answered.
"""

from tenbin.interview.answers import Answers, answers_toml, open_answers, read_answer, read_answers
from tenbin.interview.questions import QUESTIONS, Kind, Question, question

__all__ = [
    "QUESTIONS",
    "Answers",
    "Kind",
    "Question",
    "answers_toml",
    "open_answers",
    "question",
    "read_answer",
    "read_answers",
]
