"""Every word that a chart shows, in both languages, and the sentences made of them.

Words come before jargon: the metric is named by what it means, and its short name follows in the glossary line.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tenbin.words import speaker

__all__ = ["metric_about", "metric_name", "metric_parts", "metric_short"]

say = speaker("charts")


def metric_parts(name: str) -> tuple[str, Decimal | None]:
    """Split ``tvar99.5`` into ``tvar`` and 0.995; ``aal`` has no confidence.

    Raises
    ------
    ValueError : when it names no metric.
    """
    for kind in ("tvar", "var"):
        if name.startswith(kind):
            try:
                confidence = Decimal(name.removeprefix(kind)) / 100
            except ArithmeticError:
                break
            if 0 < confidence < 1:
                return kind, confidence
            break
    if name == "aal":
        return name, None
    raise ValueError(f"no metric is called {name!r}; they are aal, var95, tvar95 and their like")


def _part(share: Decimal, lang: str) -> str:
    """A share of the years in words: 0.05 is "5 of 100 years"."""
    whole = 100
    while share * whole % 1 and whole < 1_000_000:
        whole *= 10
    return say("part", lang, n=f"{share * whole:,.0f}", base=f"{whole:,}")


def _values(confidence: Decimal | None, tail: bool, lang: str) -> dict[str, str]:
    if confidence is None:
        return {}
    share = 1 - confidence if tail else confidence
    years = float(1 / Fraction(1 - confidence))
    return {
        "share": f"{(share * 100).normalize():f}%",
        "part": _part(share, lang),
        "years": f"{years:,.0f}" if abs(years - round(years)) < 0.05 else f"{years:,.1f}",
    }


def metric_short(name: str, lang: str) -> str:
    """The metric in words, as it stands within a sentence."""
    kind, confidence = metric_parts(name)
    return say(kind, lang, **_values(confidence, kind == "tvar", lang))


def metric_about(name: str, lang: str) -> str:
    """What the metric means, as it stands within brackets."""
    kind, confidence = metric_parts(name)
    return say(f"{kind}_about", lang, **_values(confidence, kind == "tvar", lang))


def metric_name(name: str, lang: str) -> str:
    """The metric in words with what it means: 悪い年の損失（最悪の5%の年の平均）."""
    return say("with_meaning", lang, name=metric_short(name, lang), about=metric_about(name, lang))


def metric_dot(name: str, lang: str, amount: str) -> str:
    """The metric's value as it stands beside a mark."""
    kind, confidence = metric_parts(name)
    return say(f"{kind}_dot", lang, amount=amount, **_values(confidence, kind == "tvar", lang))


def metric_jargon(name: str) -> str:
    """The short name that specialists use: TVaR95."""
    return name.replace("tvar", "TVaR").replace("var", "VaR").replace("aal", "AAL")
