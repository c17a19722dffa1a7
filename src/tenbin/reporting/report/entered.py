"""What was entered, table by table, as people read it: what it is about, its figures, where they come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.voice import Voice
from tenbin.units import format_date, parse_number

__all__ = ["Entered", "EnteredRow", "entered_tables"]

SHOWN = ("scenarios", "measures", "shared", "subsidies", "status", "effects", "triggers", "factors", "relations")
AMOUNTS = ("median", "mean", "minimum", "scale", "low", "mode", "high", "from")
FORMS = ("productivity", "response", "replacement", "fines", "competitive", "reputation")
TITLED = ("shared", "subsidies", "factors")
FORM_SHARE = re.compile(r"([^\W\d_][\w .-]*)=([0-9.e+-]+)")
LAW = re.compile(r"(\w+)\((.*)\)")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """A row: its id, what it is called, its figures in words, where they come from."""

    id: str
    title: str
    figures: str
    basis: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A table with its title and its rows."""

    name: str
    title: str
    rows: tuple[EnteredRow, ...]


def entered_tables(data: ReportData, voice: Voice) -> list[Entered]:
    """The case's tables in the order of what a reader doubts first."""
    teller = _Teller(data, voice)
    found = []
    for name in SHOWN:
        if name in data.tables and data.tables[name][1]:
            header, rows = data.tables[name]
            told = tuple(teller.row(name, dict(zip(header, map(str, row), strict=True))) for row in rows)
            found.append(Entered(name, voice.say(f"table_{name}"), told))
    return found


class _Teller:
    """What puts the rows of a table into words."""

    def __init__(self, data: ReportData, voice: Voice) -> None:
        self.voice = voice
        self.titles = {s.label.id: voice.title(s.label) for s in data.scenarios}
        self.titles |= {name: voice.both(texts["title_ja"], texts["title_en"]) for name, texts in data.measures.items()}
        self.called = {table: self._own_titles(data, table) for table in TITLED}
        self.figures: dict[str, Callable[[Row], list[str]]] = {
            "scenarios": self._scenario,
            "effects": self._effect,
            "measures": self._price,
            "shared": self._price,
            "subsidies": self._subsidy,
            "status": lambda row: [self._say(f"entered_{word}") for word in row["status"].split(";")],
            "triggers": lambda row: [self._say("entered_probability", share=_share(row["probability"]))],
            "factors": lambda row: [self._say("entered_cv", cv=row["cv"])],
            "relations": lambda row: [self._say(f"entered_{row['kind']}")],
        }

    def row(self, table: str, row: Row) -> EnteredRow:
        """One row in words."""
        keys = {
            "effects": ("measure", "scenario"),
            "triggers": ("scenario", "triggers"),
            "relations": ("measure", "other"),
            "measures": ("measure", "level"),
            "status": ("id", "level"),
        }
        columns = [key for key in keys.get(table, (next(iter(row)),)) if row[key]]
        names = [self.voice.level(row[key]) if key == "level" else row[key] for key in columns]
        own = self.voice.both(row.get("title_ja", ""), row.get("title_en", ""))
        known = self.titles if table != "status" else {**self.called["shared"], **self.titles}
        titles = [known[name] for name in names if name in known]
        arrow = " → " if table in ("effects", "triggers", "relations") else " "
        figures = self.voice.listed(text for text in self.figures[table](row) if text)
        return EnteredRow(arrow.join(names), own or " → ".join(titles), figures, self._basis(row))

    def _basis(self, row: Row) -> str:
        """Where the figures come from and what is to be said of them, as two sentences."""
        basis, note = (self.voice.both(row.get(f"{key}_ja", ""), row.get(key, "")) for key in ("basis", "note"))
        return self._say("entered_two", basis=basis, note=note) if basis and note else basis or note

    def _own_titles(self, data: ReportData, table: str) -> dict[str, str]:
        """What a table's rows are called by id; the id where they have no title."""
        header, rows = data.tables.get(table, ((), ()))
        named = [dict(zip(header, map(str, row), strict=True)) for row in rows]
        return {row[header[0]]: self.voice.both(row["title_ja"], row["title_en"]) or row[header[0]] for row in named}

    def _say(self, key: str, **values: object) -> str:
        return self.voice.say(key, **values)

    def _between(self, row: Row, name: str, tell: Callable[[str], str]) -> str:
        """A figure with the ends of its range in brackets, where they were given."""
        low, high = row.get(f"{name}_low", ""), row.get(f"{name}_high", "")
        text = tell(row[name])
        return (
            self.voice.with_remark(text, self._say("entered_range", low=tell(low), high=tell(high))) if low and high else text
        )

    def _amount(self, text: str) -> str:
        return self.voice.amount(parse_number(text))

    def _scenario(self, row: Row) -> list[str]:
        texts = [self._between(row, "frequency", lambda text: self.voice.often(parse_number(text)))]
        texts.append(self._frequency_model(row.get("frequency_model", "")))
        if row["loss_p05"]:
            ends = {"low": self._amount(row["loss_p05"]), "high": self._amount(row["loss_p95"])}
            texts.append(self._say("entered_loss", **ends))
        else:
            texts.append(self._say("entered_law", law=self._law(row["loss_model"])))
        texts += [
            self._say(f"entered_{key}", amount=self._amount(row[key]))
            for key in ("deductible", "loss_cap")
            if row[key] and parse_number(row[key]) > 0
        ]
        name = self.called["factors"].get(row["factor"], row["factor"])
        return [*texts, self._say("entered_factor", name=name) if name else "", self._loss_shares(row.get("loss_forms", ""))]

    def _law(self, text: str) -> str:
        """A law with its parameters in words: the case's own text, as the case writes it, is for a machine."""
        match = LAW.fullmatch(text.strip())
        if match is None:
            return text
        law, inside = match[1], match[2]
        if law in ("fixed", "empirical"):
            return self._say(f"entered_law_{law}", value=self._amount(inside) if law == "fixed" else inside)
        pieces = _pieces(inside)
        if law == "mixture":
            parts = [piece.partition("*") for piece in pieces]
            told = [self._say("entered_part", share=_share(weight), law=self._law(part)) for weight, _, part in parts]
            return self._say("entered_law_mixture", parts=told)
        body = self._law(pieces.pop(0)) if law == "tail" else ""
        given = {key.strip(): value for key, _, value in (piece.partition("=") for piece in pieces)}
        values = {key: self._amount(v) if key in AMOUNTS else f"{parse_number(v):.3g}" for key, v in given.items()}
        return self._say(f"entered_law_{law}", **values, **({"law": body} if body else {}))

    def _frequency_model(self, text: str) -> str:
        match = LAW.fullmatch(text)
        if match is None:
            return self._say(f"entered_model_{text}") if text else ""
        return self._say(f"entered_model_{match[1]}", cv=match[2].partition("=")[2])

    def _loss_shares(self, text: str) -> str:
        """Which part of a loss each form takes, where that is known."""
        split = [FORM_SHARE.fullmatch(part) for part in text.split(";")]
        if not all(split):
            return ""
        parts = [(match[1], match[2]) for match in split if match]
        named = [(self._say(f"entered_form_{name}") if name in FORMS else name, share) for name, share in parts]
        return self._say("entered_forms", parts=[self._say("entered_form", name=n, share=_share(s)) for n, s in named])

    def _effect(self, row: Row) -> list[str]:
        share = self._between(row, "effect", _share)
        return [self._say(f"entered_{row['acts_on']}", share=share)]

    def _price(self, row: Row) -> list[str]:
        prices = [key for key in ("capex", "opex") if _is_some(row[key])]
        texts = [self._say(f"entered_{key}", amount=self._between(row, key, self._amount)) for key in prices]
        for key in ("effort_initial", "effort_yearly"):
            if _is_some(row[key]):
                texts.append(self._say(f"entered_{key}", n=self._between(row, key, lambda text: f"{parse_number(text):,.6g}")))
        if _is_some(row.get("effect_scale", "")) and parse_number(row["effect_scale"]) != 1:
            texts.append(self._say("entered_scale", share=_share(row["effect_scale"])))
        shared = [self.called["shared"].get(name, name) for name in row.get("shared", "").split(";") if name]
        texts += [self._say("entered_shared", names=shared)] if shared else []
        if name := row.get("subsidy", ""):
            texts.append(self._say("entered_subsidy", name=self.called["subsidies"].get(name, name)))
        return texts or [self._say("free")]

    def _subsidy(self, row: Row) -> list[str]:
        texts = [self._say("entered_share", share=_share(row["share"]))]
        texts.append(self._say("entered_cap", amount=self._amount(row["cap"])) if row["cap"] else "")
        until = row["valid_until"]
        return [
            *texts,
            self._say("entered_until", date=format_date(date.fromisoformat(until), self.voice.lang)) if until else "",
        ]


def _pieces(inside: str) -> list[str]:
    """What stands between the commas outside inner brackets."""
    pieces, depth = [""], 0
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return [piece.strip() for piece in pieces]


def _is_some(text: str) -> bool:
    return bool(text) and parse_number(text) != 0


def _share(text: str) -> str:
    return f"{100 * parse_number(text):.3g}%"
