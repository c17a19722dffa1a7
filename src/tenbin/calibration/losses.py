"""A company's own losses → a law: largest likelihood, comparison of families, goodness of fit, ranges by resampling."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.comparing import LawFit, compare_laws
from tenbin.calibration.families import FAMILIES, Samples
from tenbin.calibration.fitters import Fitter, ParetoFitter, Smooth, Spliced
from tenbin.calibration.gpd import LEAST_SHAPE, MOST_SHAPE, is_at_end
from tenbin.calibration.reading import LossSample, Source, read_losses
from tenbin.calibration.rows import basis_cells, loss_cells, loss_text
from tenbin.calibration.tails import FEWEST_ABOVE, FEWEST_BELOW, Thresholds, choose_threshold
from tenbin.calibration.wording import Given, Said, among, file_name, p_text, read_amount, said, shown, whole_from
from tenbin.errors import InputError, Problem
from tenbin.model import LossModel
from tenbin.units import Money, Purpose, stream

__all__ = ["LAWS", "LawFit", "LossFit", "fit_losses"]

FloatArray = NDArray[np.float64]

LAWS = ("lognormal", "gamma", "weibull", "pareto", "tail")
FEWEST = 5
"""With fewer losses the standard error of ln(sigma), 1/√(2n), is above a third."""
FEW = 20
DOUBTFUL = 0.05
RIVAL = 0.1
"""A law with at least this weight may as well be the right one."""
MANY_FAILED = 0.1


@dataclass(frozen=True, eq=False)
class LossFit:
    """What was found of own losses.

    losses : those that were used, ascending. above : from where on losses were recorded; 0: all. n_below : how many of the file
    were smaller and left out. laws : best first, by Akaike's criterion. chosen : the one asked for, else the best. left_out :
    laws that could not be fitted, with the reason. share_recorded : of all events under the chosen law.
    row : cells for the table ``scenarios``, as ``tenbin.replace`` takes them.
    """

    label: str
    losses: FloatArray = field(repr=False)
    above: float
    n_below: int
    laws: tuple[LawFit, ...]
    chosen: LawFit
    left_out: Mapping[str, Said]
    thresholds: Thresholds | None
    share_recorded: float
    n_bootstrap: int
    seed: int
    warnings: tuple[Said, ...]
    row: Mapping[str, object]
    currency: str = "JPY"

    @property
    def law(self) -> LossModel:
        """The chosen law."""
        return self.chosen.law

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {
            "schema": 1,
            "status": "fitted",
            "kind": "losses",
            "file": self.label,
            "currency": self.currency,
            "n": len(self.losses),
            "above": self.above,
            "n_below": self.n_below,
            "law": self.chosen.name,
            "loss_model": loss_text(self.law),
            "share_recorded": self.share_recorded,
            "laws": [law.to_dict() for law in self.laws],
            "left_out": [{"law": name, "reason": reason} for name, reason in self.left_out.items()],
            "thresholds": _thresholds_dict(self.thresholds),
            "row": dict(self.row),
            "warnings": list(self.warnings),
            "n_bootstrap": self.n_bootstrap,
            "seed": self.seed,
        }


def _thresholds_dict(found: Thresholds | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("start", "n_above", "scale", "shape", "shape_se", "hill", "mean_excess", "p")
    return {
        "chosen": found.start,
        "is_given": found.is_given,
        "passes": found.passes,
        "candidates": [{name: getattr(one, name) for name in names} for one in found.candidates],
    }


def fit_losses(
    losses: Source,
    *,
    column: str | None = None,
    law: str = "best",
    above: Given | None = None,
    tail_from: Given | None = None,
    n_bootstrap: int = 1000,
    seed: int = 1,
    currency: str = "JPY",
) -> LossFit:
    """Fit a law to own losses of single events.

    Losses are to be what one event cost before any deductible or insurance, > 0, in today's money.

    Parameters
    ----------
    losses : a CSV file, a DataFrame, or numbers.
    column : of a file or frame; ``loss``, or the only one, unless given.
    law : of ``lognormal``, ``gamma``, ``weibull``, ``pareto``, ``tail`` (a body with a generalised Pareto tail), or ``best``: by Akaike's
        criterion, corrected for small samples; a Pareto that begins at the smallest loss is compared, but not chosen: a next
        loss may be smaller.
    above : smaller losses were not recorded; the likelihood is that of losses of which this is known.
    tail_from : where the tail begins; chosen by looking at the losses unless given.
    n_bootstrap : resamples for p-values, standard errors and ranges.

    Raises
    ------
    InputError : with everything that is wrong with the losses and the options, or when the law cannot be fitted to them.

    References
    ----------
    Klugman, Panjer & Willmot (2012), Loss Models, chapters 13, 14 and 16 (truncated likelihood); Burnham & Anderson (2002), Model
    Selection (AICc and weights).
    """
    problems: list[Problem] = []
    among("--law", law, ("best", *LAWS), problems)
    whole_from("--bootstrap", n_bootstrap, 99, 100_000, problems, said("do_usual", n="1000"))
    whole_from("--seed", seed, 0, 2**63, problems, said("do_usual", n="1"))
    least = 0.0 if above is None else read_amount("--above", above, problems)
    start = None if tail_from is None else read_amount("--tail-from", tail_from, problems)
    if start is not None and law not in ("best", "tail"):
        problems.append(Problem("--tail-from", 0, "", said("must_tail"), shown(law), said("do_law_tail")))
    if start is not None and start <= least:
        rule = said("must_amount_over", amount=Money(least, currency))
        problems.append(Problem("--tail-from", 0, "", rule, shown(tail_from), said("do_tail_from")))
    sample = read_losses(losses, column, problems)
    used = sample.losses[sample.losses >= least] if math.isfinite(least) else sample.losses
    if not problems:
        problems += _too_few(used, sample, law, start, least, currency)
    if problems:
        raise InputError(problems)
    return _fitted(sample, used, law, least, start, n_bootstrap, seed, currency)


def _too_few(used: FloatArray, sample: LossSample, law: str, start: float | None, least: float, currency: str) -> list[Problem]:
    label = sample.label or "losses"
    n_below = len(sample.losses) - len(used)
    got = said("got_losses_above", n=len(used), below=n_below) if n_below else said("got_losses", n=len(used))
    if len(used) < FEWEST:
        return [Problem(label, 0, "", said("must_losses", n=FEWEST), got, said("do_more_losses"))]
    if used[0] == used[-1]:
        return [
            Problem(label, 0, "", said("must_differ"), said("got_all_equal", amount=Money(used[0], currency)), said("do_fixed"))
        ]
    if law != "tail" and start is None:
        return []
    if start is None:
        if len(used) < FEWEST_ABOVE + FEWEST_BELOW:
            rule = said("must_losses_tail", n=FEWEST_ABOVE + FEWEST_BELOW)
            return [Problem(label, 0, "", rule, got, said("do_no_tail", n=FEWEST_ABOVE))]
        return []
    n_above = int((used >= start).sum())
    if n_above < FEWEST_ABOVE or len(used) - n_above < FEWEST_BELOW:
        rule = said("must_around_start", above=FEWEST_ABOVE, below=FEWEST_BELOW, amount=Money(start, currency))
        got = said("got_around_start", above=n_above, below=len(used) - n_above)
        return [Problem("--tail-from", 0, "", rule, got, said("do_other_start"))]
    return []


def _fitted(
    sample: LossSample,
    used: FloatArray,
    law: str,
    above: float,
    start: float | None,
    n_bootstrap: int,
    seed: int,
    currency: str,
) -> LossFit:
    logs = np.log(used)
    thresholds = None
    if law == "tail" or start is not None or (law == "best" and len(used) >= FEWEST_ABOVE + FEWEST_BELOW):
        thresholds = choose_threshold(used, stream(seed, Purpose.STUDY, "calibration", "threshold"), start)
    fitters: dict[str, Fitter] = {name: Smooth(family) for name, family in FAMILIES.items()}
    fitters["pareto"] = ParetoFitter(above)
    left_out: dict[str, Said] = {}
    if thresholds is not None:
        spliced = _best_body(logs, above, thresholds) if thresholds.candidates else None
        if spliced is None:
            left_out["tail"] = said("reason_tail")
        else:
            fitters["tail"] = spliced
    found: dict[str, tuple[FloatArray, float]] = {}
    wanted = law if law != "best" else "tail" if start is not None else ""
    for name, fitter in fitters.items():
        fits = fitter.fit(Samples(logs[None], above))
        if fits.is_found[0] and not (name == "tail" and wanted != "tail" and is_at_end(fits.theta[0, 2:])):
            found[name] = fits.theta[0], float(fits.log_likelihood[0])
        elif fits.is_found[0]:
            left_out[name] = said("reason_tail_end", low=f"{LEAST_SHAPE:g}", high=f"{MOST_SHAPE:g}")
        else:
            left_out[name] = said("reason_truncated" if above > 0 else "reason_no_maximum", law=name_of(name))
    if not found or (wanted and wanted not in found):
        place, reasons = sample.label or "losses", [left_out[wanted]] if wanted else list(left_out.values())
        got = said("got_no_fit", reasons=reasons)
        raise InputError([Problem(place, 0, "", said("must_fit", law=name_of(wanted or "best")), got, said("do_other_law"))])
    laws = compare_laws(found, fitters, logs, above, n_bootstrap, seed)
    chosen = _chosen(laws, wanted, above)
    recorded = chosen.law.survival(above) if above > 0 else 1.0
    shape = {
        "n": len(used),
        "law": name_of(chosen.name),
        "p": p_text(chosen.ad_p),
        "file": file_name(sample.label),
    }
    key = "basis_losses_above" if above > 0 else "basis_losses"
    basis = basis_cells(key, **shape, **({"above": Money(above, currency)} if above > 0 else {}))
    warnings = tuple(_warnings(chosen, laws, thresholds, above, len(used), len(sample.losses) - len(used), currency))
    return LossFit(
        label=sample.label,
        losses=used,
        above=above,
        n_below=len(sample.losses) - len(used),
        laws=laws,
        chosen=chosen,
        left_out=left_out,
        thresholds=thresholds if "tail" in found else None,
        share_recorded=recorded,
        n_bootstrap=n_bootstrap,
        seed=seed,
        warnings=warnings,
        row={**loss_cells(chosen.law), **basis},
        currency=currency,
    )


def _chosen(laws: Sequence[LawFit], wanted: str, above: float) -> LawFit:
    """The law asked for, else the best one; a Pareto only where a threshold says from where on it holds."""
    allowed = [law for law in laws if (law.name == wanted if wanted else law.name != "pareto" or above > 0)]
    return (allowed or laws)[0]


def name_of(law: str) -> Said:
    """What a law is called."""
    return said(f"law_{law}")


def _best_body(logs: FloatArray, above: float, thresholds: Thresholds) -> Spliced | None:
    """The tail on that body which describes the losses below it best."""
    best: tuple[float, Spliced] | None = None
    for family in FAMILIES.values():
        spliced = Spliced(family, thresholds.start, not thresholds.is_given)
        fits = spliced.fit(Samples(logs[None], above))
        if fits.is_found[0] and (best is None or fits.log_likelihood[0] > best[0]):
            best = float(fits.log_likelihood[0]), spliced
    return best[1] if best else None


def _warnings(
    chosen: LawFit, laws: Sequence[LawFit], thresholds: Thresholds | None, above: float, n: int, n_below: int, currency: str
) -> Iterator[Said]:
    if n_below:
        yield said("warn_below", n=n_below)
    if n < FEW:
        yield said("warn_few_losses", n=n)
    if chosen.ad_p < DOUBTFUL:
        yield said("warn_bad_fit", law=name_of(chosen.name), p=p_text(chosen.ad_p))
    others = [
        law for law in laws if law is not chosen and (law.weight >= RIVAL or law.aic < chosen.aic) and law.ad_p >= DOUBTFUL
    ]
    rivals = [law for law in others if law.name != "pareto" or above > 0]
    if len(rivals) < len(others):
        yield said("warn_pareto")
    if rivals:
        named = [
            said(
                "rival",
                law=name_of(one.name),
                weight=f"{100 * one.weight:.0f}%",
                amount=Money(one.quantiles[0.99].value, currency),
            )
            for one in rivals
        ]
        own = Money(chosen.quantiles[0.99].value, currency)
        yield said("warn_rivals", rivals=named, law=name_of(chosen.name), amount=own)
    if not math.isfinite(chosen.mean):
        yield said("warn_no_mean", law=name_of(chosen.name))
    if chosen.name == "tail" and is_at_end(chosen.theta[2:]):
        yield said("warn_tail_end", low=f"{LEAST_SHAPE:g}", high=f"{MOST_SHAPE:g}")
    if chosen.name == "tail" and thresholds is not None and not thresholds.passes:
        yield said("warn_threshold")
    failed = chosen.resampled.n_failed
    if failed > MANY_FAILED * (failed + len(chosen.resampled.theta)):
        yield said("warn_failed", n=failed, base=failed + len(chosen.resampled.theta))
