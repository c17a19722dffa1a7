"""What ``calibrate`` does once it is asked: fit, save beside the other results, print, and put the row into a case's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import DONE, INVALID
from tenbin.cli.language import say
from tenbin.cli.options import Options
from tenbin.words import in_language, saying

if TYPE_CHECKING:
    from tenbin.calibration import CountFit, ExpertPool, FrequencyUpdate, LossFit
    from tenbin.errors import Problem
    from tenbin.model import Case, Scenario
    from tenbin.storage import Run

__all__ = ["FOLDER", "Into", "calibrated"]

said = saying("calibration")

Found: TypeAlias = "LossFit | ExpertPool | CountFit | FrequencyUpdate"

FOLDER = "calibrations"
"""Below the results, so that ``latest`` stays the latest plan."""


@dataclass(frozen=True, slots=True)
class Into:
    """The scenario of a case that the row is for; None where the row is only shown."""

    case: Case | None
    scenario: Scenario | None
    currency: str

    @classmethod
    def of(cls, scenario: str | None, folder: Path, currency: str | None = None) -> Into:
        """Read the case and find its scenario, where one is named.

        Raises
        ------
        InputError : when the case has errors, there is no such scenario, or the currency is none.
        """
        from tenbin.errors import InputError, Problem
        from tenbin.inputs.cells import BadCell
        from tenbin.inputs.schema import SETTINGS
        from tenbin.inputs.words import nearest

        problems: list[Problem] = []
        case = None if scenario is None else _case(folder)
        code = "JPY" if case is None else case.currency
        try:
            code = SETTINGS["currency"].convert(currency) if currency is not None else code
        except BadCell as error:
            problems.append(Problem("--currency", 0, "", error.rule, repr(currency), error.remedy))
        row = None
        if case is not None and scenario is not None:
            row = next((one for one in case.scenarios if one.id == scenario), None)
            if row is None:
                near = nearest(scenario, [one.id for one in case.scenarios])
                problems.append(Problem("--scenario", 0, "", said("must_scenario"), repr(scenario), near))
        if problems:
            raise InputError(problems)
        return cls(case, row, code)

    def believed(
        self, frequency: str | None, low: str | None, high: str | None
    ) -> tuple[str | float, str | float, str | float]:
        """Frequency, low and high as they are typed; those of the scenario where none is.

        Raises
        ------
        InputError : when one is missing.
        """
        from tenbin.errors import InputError, Problem

        given = {"--frequency": frequency, "--low": low, "--high": high}
        if frequency is not None and low is not None and high is not None:
            return frequency, low, high
        if self.scenario is not None and not any(given.values()):
            own = self.scenario.frequency
            if own.low is not None and own.high is not None and own.low < own.likely < own.high:
                return own.likely, own.low, own.high
            got, remedy = said("got_no_range"), said("do_range")
            raise InputError([Problem("--scenario", 0, "", said("must_range"), got, remedy)])
        raise InputError(
            Problem(flag, 0, "", said("must_prior"), said("got_blank"), said("do_prior"))
            for flag, value in given.items()
            if value is None
        )

    def replaced(self, cells: Mapping[str, object]) -> tuple[Sequence[str], list[list[object]]] | None:
        """The case's table of scenarios with the row's cells in it (its basis before the new one); None without a scenario.

        Raises
        ------
        InputError : when the cells break a rule there, as a law without a mean and without a cap does.
        """
        if self.case is None or self.scenario is None:
            return None
        from tenbin.inputs import write_tables
        from tenbin.studies import replace

        texts = {name: _after(getattr(self.scenario, name), str(cells[name])) for name in ("basis", "basis_ja")}
        changed = replace(self.case, "scenarios", self.scenario.id, **{**cells, **texts})
        header, rows = write_tables(changed)["scenarios"]
        return header, rows


def _case(folder: Path) -> Case:
    from tenbin.studies import load

    return load(folder)


def _after(before: str, now: str) -> str:
    return f"{before}; {now}" if before.strip() else now


def calibrated(fit: Callable[[], Found], files: Sequence[Path], options: Options, into: Into, asked: Mapping[str, Any]) -> int:
    """Fit, save, print; return the exit code.

    Raises
    ------
    InputError : when something asked is wrong or nothing can be fitted.
    """
    from tenbin.calibration.picturing import chart_data_of
    from tenbin.errors import StorageError
    from tenbin.storage import input_hashes, new_run, results_root
    from tenbin.storage.writing import finite
    from tenbin.studies.saving import Making, manifest_of, saved_at, written_charts

    started = datetime.now().astimezone()
    root = results_root(options.out) / FOLDER
    found = fit()
    table = into.replaced(found.row)
    document = found.to_dict()
    run: Run | None = None
    charts: tuple[Path, ...] = ()
    advice = ""
    try:
        with new_run(_name(document["kind"], files), root) as folder:
            folder.write_json("result.json", finite(in_language(dict(document), "en")))
            for name, header, rows in _tables(found, document, table):
                folder.write_table(name, header, rows)
            charts, advice = written_charts(chart_data_of(found), folder, options.lang)
            facts = {name: document[name] for name in ("kind", "status")}
            run = folder.commit(manifest_of(facts, Making(input_hashes(files), started, asked)), started)
    except StorageError as error:
        tell(say("and_not_saved", options.lang, error=error.message(options.lang)))
    if advice and not options.quiet:
        tell(advice)
    paths = [run.path / "charts" / path.name for path in charts] if run else []
    if options.as_json:
        scenario = into.scenario.id if into.scenario else None
        print_json({**document, "scenario": scenario, **saved_at(run, paths)}, options.lang)
    else:
        from tenbin.cli.render_calibration import told

        show(told(found, into.scenario.id if into.scenario else None, run.path if run else None, options.lang))
    return DONE if run else INVALID


def _name(kind: str, files: Sequence[Path]) -> str:
    return "-".join([kind, *(file.stem for file in files)])


def _tables(
    found: Found, document: Mapping[str, Any], table: tuple[Sequence[str], list[list[object]]] | None
) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]:
    """The row's cells; the case's scenarios with them; of losses the laws and the thresholds."""
    from tenbin.calibration.rows import COLUMNS

    columns = [name for name in COLUMNS if name in found.row]
    yield "row", columns, [[found.row[name] for name in columns]]
    if table is not None:
        yield "scenarios", table[0], table[1]
    if document["kind"] == "losses":
        heads = ("law", "loss_model", "aic", "weight", "ks", "ks_p", "ad", "ad_p", "mean", "p50", "p95", "p99")
        yield "laws", heads, [_law_row(law) for law in document["laws"]]
        if document["thresholds"] is not None:
            candidates = document["thresholds"]["candidates"]
            yield "thresholds", list(candidates[0]), [list(one.values()) for one in candidates]


def _law_row(law: Mapping[str, Any]) -> list[object]:
    quantiles = [law["quantiles"][p]["value"] for p in ("50%", "95%", "99%")]
    tests = [law["ks"]["distance"], law["ks"]["p"], law["ad"]["distance"], law["ad"]["p"]]
    return [law["law"], law["loss_model"], law["aic"], law["weight"], *tests, law["mean"], *quantiles]
