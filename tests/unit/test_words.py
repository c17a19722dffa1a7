"""Every sentence stands in both languages, with the same places to fill; every term is explained in both."""

from string import Formatter

import pytest

from tenbin.cli.language import language
from tenbin.cli.terms import terms
from tenbin.words import AREAS, table


OWN_PLACES = {("charts", "tvar_about"), ("charts", "var_about")}
"""A share in Japanese, "5 of 100 years" in English."""


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_agree(area):
    for key, texts in table(area).items():
        assert set(texts) == {"ja", "en"}, key
        if (area, key) not in OWN_PLACES:
            assert places(texts["ja"]) == places(texts["en"]), key
        assert texts["ja"].strip() and texts["en"].strip(), key  # noqa: PT018


def test_every_term_is_explained():
    table = terms()
    assert len(table) >= 45
    for row in table.values():
        assert all(row[column].strip() for column in ("ja_title", "ja", "en_title", "en"))


def test_the_language_is_what_was_asked(monkeypatch):
    monkeypatch.setenv("TENBIN_LANG", "ja")
    assert language() == "ja"
    assert language("en") == "en"
    monkeypatch.delenv("TENBIN_LANG")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert language() == "ja"
