"""Whatever stands in a file: a case, or an InputError whose messages are one line each; never a traceback."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError
from tenbin.inputs import read_case, write_case
from tenbin.model import Case

FILES = ("case.toml", "scenarios.csv", "effects.csv", "status.csv", "triggers.csv", "factors.csv", "losses.csv", "plans.csv")
FILES += ("measures.csv", "shared.csv", "subsidies.csv", "relations.csv")
PLAIN = """0 -1 1e308 1e400 1e-320 nan inf 1/0 % =1+1 ' " ; ;; A B L1.001 L3.008 basic current data L1 storm past in_place;excluded
mandatory requires ２ ² ½ ٣ ㌍ 🦊 ﬁ 1月1日 0001-01-01 9999-99-99 10:00 pareto(minimum=1,alpha=0.05) gamma(mean=1,cv=100)
lognormal(median=1e18,sigma=10) lognormal(mean=1e18,cv=100) gamma(mean=1e-300,cv=0.001) pareto(minimum=1e18,alpha=1000)
fixed(1e-300) fixed(fixed(1)) empirical() () bernoulli negative_binomial(cv=1e-9) negative_binomial(cv=100) a=50%;b=50% a=1 =1
tail(fixed(1),from=1,scale=1,shape=1) tail(empirical(past),from=2M,scale=1e18,shape=0.999) mixture(1*fixed(1)) mixture(0.5*fixed(1))
mixture(0.5*empirical(past),0.5*tail(pareto(minimum=1,alpha=0.05),from=1e18,scale=1e-9,shape=-0.5)) uniform(low=0,high=1e-300)
weibull(scale=1e18,shape=0.1) weibull(scale=1e-300,shape=100) pert(low=0,mode=0,high=1e18) mixture() tail() ((((((((( )))))))))"""
ODD = [*PLAIN.split(), "", " ", "9" * 400, "9" * 5000, "\ufeff", "\u2028", "\x85", "\x00", "\t"]
CELL = st.sampled_from(ODD) | st.text(max_size=12)
QUIET = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def comes_back(case: Case) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "new"
        write_case(case, folder)
        again = read_case(folder, load_catalogue=load_catalogue)
    assert replace(again, costs=replace(again.costs, name=case.costs.name), name=case.name) == case


def check_outcome(read: Callable[[], Case]) -> None:
    """Read it; when it is a case, it reads back as it was written; when not, every message is one line."""
    try:
        case = read()
    except InputError as error:
        problems = error.problems
    else:
        comes_back(case)
        return
    assert problems
    for problem in problems:
        assert len(str(problem).splitlines()) == 1
        str(problem).encode()


def check_read_with(make_small: Any, name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as home:
        small = make_small(Path(home))
        folder = small.write()
        small.path(name).write_bytes(content)
        check_outcome(lambda: read_case(folder, load_catalogue=load_catalogue))


@QUIET
@given(name=st.sampled_from(FILES), content=st.binary(max_size=200))
def test_any_bytes(make_small: Any, name: str, content: bytes) -> None:
    check_read_with(make_small, name, content)


@QUIET
@given(name=st.sampled_from(FILES), content=st.text(max_size=200))
def test_any_text(make_small: Any, name: str, content: str) -> None:
    check_read_with(make_small, name, content.encode("utf-8", "surrogatepass"))


@QUIET
@given(data=st.data(), name=st.sampled_from(FILES))
def test_bytes_put_into_a_good_file(make_small: Any, base_files: dict[str, str], data: st.DataObject, name: str) -> None:
    content = base_files[name].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 20)))
    check_read_with(make_small, name, content[:start] + data.draw(st.binary(max_size=6)) + content[end:])


@QUIET
@given(data=st.data(), name=st.sampled_from(FILES[1:]))
def test_odd_cells_in_a_good_table(make_small: Any, base_files: dict[str, str], data: st.DataObject, name: str) -> None:
    rows = [line.split(",") for line in base_files[name].splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        cell = data.draw(CELL)
        rows[row][column] = '"' + cell.replace('"', '""') + '"' if data.draw(st.booleans()) else cell
    check_read_with(make_small, name, "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass"))


@QUIET
@given(data=st.data())
def test_odd_settings(make_small: Any, base_files: dict[str, str], data: st.DataObject) -> None:
    lines = base_files["case.toml"].splitlines()
    row = data.draw(st.integers(0, len(lines) - 1))
    key = lines[row].partition(" = ")[0] or "x"
    toml = [
        "true",
        "1979-05-27",
        "07:32:00",
        "nan",
        "inf",
        "-inf",
        "[]",
        "[[1]]",
        "{}",
        "{a.b = 1}",
        "0x1f",
        "1e400",
        "9" * 4000,
    ]
    toml += [
        '""',
        '"\\u0000"',
        '"' + "あ" * 300 + '"',
        '["60%", 1, 0.5]',
        "'''a\nb'''",
        "-0.0",
        '"../.."',
        '"."',
        '"\\u0000.csv"',
    ]
    toml += ['"' + "x" * 300 + '.csv"', "1" + "0" * 400, "0x" + "f" * 5000, "[0x" + "f" * 5000 + "]"]
    lines[row] = f"{key} = {data.draw(st.sampled_from(toml))}"
    check_read_with(make_small, "case.toml", "\n".join(lines).encode())


VALUE = (
    CELL | st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | st.just([1]) | st.binary()
)
VALUE |= st.sampled_from([pd.NA, pd.NaT, pd.Timestamp("2027-03-31"), {}, 10**5000, float("nan"), 1j, object])


@QUIET
@given(data=st.data(), name=st.sampled_from(FILES[1:]))
def test_odd_values_in_frames(make_small: Any, data: st.DataObject, name: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        small = make_small(Path(home))
        small.write()
        frames: dict[str, Any] = {
            file.removesuffix(".csv"): pd.read_csv(small.path(file), dtype=str, keep_default_na=False).astype(object)
            for file in FILES[1:]
        }
    frame = frames[name.removesuffix(".csv")]
    row, column = data.draw(st.integers(0, len(frame) - 1)), data.draw(st.integers(0, frame.shape[1] - 1))
    frame.iat[row, column] = data.draw(VALUE)
    if data.draw(st.booleans()):
        frame.columns = [data.draw(VALUE) if n == column else label for n, label in enumerate(frame.columns.tolist())]
    frames["case"] = data.draw(
        st.dictionaries(
            st.sampled_from(["format", "study", "targets", "levels", "catalogue", "organisation"]) | CELL, VALUE, max_size=3
        )
    )
    check_outcome(lambda: read_case(frames, load_catalogue=load_catalogue))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\n\n", b",", b'"', b"a" * 200_000, b"[" * 5000]
)
def test_known_oddities(make_small: Any, tmp_path: Path, name: str, content: bytes) -> None:
    small = make_small(tmp_path)
    folder = small.write()
    small.path(name).write_bytes(content)
    with pytest.raises(InputError):
        read_case(folder, load_catalogue=load_catalogue)
