"""Cells of a table stay cells, and text in them stays text, whatever it is opened with."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest

from game.paper.spreadsheet import cell, csv_text, encoded
from tournament.report.tables import table_file


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@sum(a1)", " =1+1", "\n=1+1", "\t=1+1", "\r=1+1", "\r\n+1", "＝1+1", "\u2009-1", "\xa0@a"],
)
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert cell(text) == "'" + text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", ["", "a = b", "1-2", "−3", "e-mail@example.org", "’=’", "\n"])
def test_other_text_is_left_alone(text: str) -> None:
    assert cell(text) == text


TEXTS = ["first\rsecond", "first\r\nsecond", "a,b", 'say "so"', "\x00", "\x0b\x1c\x85\u2028", "é–ü", "\x1b[31m", ""]


@pytest.mark.parametrize("text", TEXTS)
def test_every_reader_finds_the_same_cells(text: str) -> None:
    data = encoded(csv_text(("one", "two", "three"), [(1, text, None), (2, text, 0.5)]))
    assert b"\r" not in data and b"\0" not in data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["one", "two", "three"], ["1", cell(text), ""], ["2", cell(text), "0.5"]]
    frame = pl.read_csv(data, infer_schema=False).fill_null("")
    assert [list(row) for row in frame.rows()] == rows[1:]


def test_a_report_s_table_is_as_safe() -> None:
    data = table_file(pl.DataFrame({"player": ["=cmd()", "a\rb", None], "points": [1.5, -2.0, None]}))
    assert data == '\ufeffplayer,points\n\'=cmd(),1.5\n"a\nb",-2.0\n,\n'.encode()
