"""Seeds and ids depend on content, never on order."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tournament.design import ids
from tournament.storage.store import id_numbers

SEATS = {"a": {"player": "x", "code": "1"}, "b": {"player": "y", "code": "2"}}


def test_a_cell_does_not_depend_on_the_order_in_which_it_is_written() -> None:
    turned = dict(reversed(SEATS.items()))
    assert ids.cell_hash("r", "s", {"p": 1, "q": 2}, SEATS) == ids.cell_hash("r", "s", {"q": 2, "p": 1}, turned)


def test_everything_in_a_cell_counts() -> None:
    other_code = {**SEATS, "b": {"player": "y", "code": "3"}}
    swapped = {"a": SEATS["b"], "b": SEATS["a"]}
    cells = [
        ids.cell_hash("r", "s", {}, SEATS),
        ids.cell_hash("R", "s", {}, SEATS),
        ids.cell_hash("r", "S", {}, SEATS),
        ids.cell_hash("r", "s", {"knob.k": 1}, SEATS),
        ids.cell_hash("r", "s", {}, other_code),
        ids.cell_hash("r", "s", {}, swapped),
    ]
    assert len(set(cells)) == len(cells)


def test_ids_and_worlds_stay_what_they_were() -> None:
    cell = ids.cell_hash("r", "s", {"semantics": 1}, SEATS)
    assert ids.world_seed(1, 0) == 8257118051864687414
    assert ids.game_id(cell, ids.world_seed(1, 0)).hex() == "2bd813df1cda5c76"


def test_worlds_differ_by_block_and_seed_and_fit_the_engine() -> None:
    worlds = {ids.world_seed(seed, block) for seed in range(20) for block in range(50)}
    assert len(worlds) == 1000
    assert all(0 <= world < 2**63 for world in worlds)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1))
def test_texts_of_ids_sort_like_their_numbers_and_read_back(values: list[int]) -> None:
    found = np.array(values, dtype=np.uint64)
    texts = ids.texts(found)
    assert np.array_equal(id_numbers(pl.Series(texts.tolist())), found)
    assert np.array_equal(np.argsort(texts, kind="stable"), np.argsort(found, kind="stable"))
