"""Rich display for what stands in rooms below, which know of no page: notebooks find ``_repr_html_`` on the class."""

from __future__ import annotations

from tenbin.model import Case
from tenbin.simulation import EventTable

__all__ = ["METHOD"]

METHOD = "_repr_html_"


def _case(case: Case) -> str:
    from tenbin.studies.displaying import case_html

    return case_html(case)


def _events(events: EventTable) -> str:
    from tenbin.studies.displaying import events_html

    return events_html(events)


setattr(Case, METHOD, _case)
setattr(EventTable, METHOD, _events)
