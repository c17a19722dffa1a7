"""What the grey columns work out. Made of our own keys and texts alone: nothing that a user wrote becomes a formula."""

from __future__ import annotations

from tenbin.words import speaker
from tenbin.workbooks.layout import LAST_ROW, sheet_title
from tenbin.workbooks.lists import Lists, letter_of, quoted

__all__ = ["derived_formula"]

say = speaker("workbook")


def derived_formula(table: str, key: str, row: int, lang: str, lists: Lists) -> str:
    """The formula of a derived column in a row; blank text where there is nothing to work it out from."""
    match key:
        case "~how_often":
            return _how_often(f"{letter_of(table, 'frequency')}{row}", lang)
        case "~middle_loss":
            low, high = (f"{letter_of(table, name)}{row}" for name in ("loss_p05", "loss_p95"))
            return f'=IF(AND(ISNUMBER({low}),ISNUMBER({high})),SQRT({low}*{high}),"")'
        case "~scenario_title" | "~triggers_title":
            cell = f"{letter_of(table, key.removeprefix('~').removesuffix('_title'))}{row}"
            return f'=IF({cell}="","",IFERROR({_title_in("scenarios", "id", cell, lang)},""))'
        case "~measure_title" | "~other_title":
            name = "id" if table == "status" else key.removeprefix("~").removesuffix("_title")
            cell = f"{letter_of(table, name)}{row}"
            ids, titles = lists.place("measures"), lists.place("measure_titles")
            title = f"INDEX({titles},MATCH({cell},{ids},0))"
            if table == "status":  # a capability has its own title
                title = f"IFERROR({title},{_title_in('shared', 'capability', cell, lang)})"
            return f'=IF({cell}="","",IFERROR({title},""))'
    raise KeyError(key)


def _how_often(cell: str, lang: str) -> str:
    """``about once in 7 years``, two figures as everywhere else."""

    def figures(value: str) -> str:
        return f"ROUND({value},1-INT(LOG10({value})))"

    def text(key: str) -> str:
        return '"' + say(key, lang).replace('"', '""') + '"'

    once = f"{text('often_prefix')}&{figures(f'(1/{cell})')}&{text('often_suffix')}"
    times = f"{text('times_prefix')}&{figures(cell)}&{text('times_suffix')}"
    return (
        f'=IF(ISNUMBER({cell}),IF({cell}<=0,"",IF({cell}<0.95,{once},IF({figures(cell)}=1,{text("once_a_year")},{times}))),"")'
    )


def _title_in(table: str, name: str, cell: str, lang: str) -> str:
    """The title of another sheet's row by what names it there, in this language, else in the other."""
    sheet = quoted(sheet_title(table, lang))

    def place(key: str) -> str:
        letter = letter_of(table, key)
        return f"{sheet}!${letter}$3:${letter}${LAST_ROW}"

    first, second = ("title_ja", "title_en") if lang == "ja" else ("title_en", "title_ja")
    match = f"MATCH({cell},{place(name)},0)"
    one, other = (f"INDEX({place(key)},{match})" for key in (first, second))
    return f'IF({one}<>"",{one},{other}&"")'
