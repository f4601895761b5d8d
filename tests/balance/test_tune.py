"""The tuner changes declared numbers and preferences and nothing else."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from rules import load_rulebook
from tools.tuning import arena as arenas
from tools.tuning import tune
from tools.tuning.arena import Arena, conditioned, draft_of, leaning, plain, player_of, variants, write_draft
from tournament.discovery.draft import Draft

BOOK = load_rulebook("standard")


def some(name: str, count: int, weak: tuple[str, ...] = ()) -> list[Draft]:
    arena = Arena.of(BOOK, "duel_2025")
    siblings = [draft_of(d.name) for found in arena.doctrines.values() for d in found if d.name != name]
    return [draft for draft, _ in islice(variants(draft_of(name), siblings, [arena], random.Random(1), weak), count)]


def test_variants_differ_from_their_base_and_from_each_other_and_keep_the_values_of_knobs() -> None:
    made = some("fortress", 40)
    assert len({draft.text("fortress") for draft in made}) > 30
    assert all(draft.changes and not draft.knobs for draft in made)


def test_moves_that_nobody_uses_are_tried_more() -> None:
    base = draft_of("fortress")
    (number,) = [n for n, entry in enumerate(base.base.prefer) if entry["move"] == "embody"]
    rng = random.Random(1)
    factors = [leaning(base, ["embody"], rng).factors[number] for _ in range(50)]
    assert min(factors) >= 100 and np.mean(factors) > 130
    assert leaning(base, ["gift_chips"], rng) == base  # it has no preference for that


def test_a_preference_may_hold_on_one_side_of_a_threshold_only() -> None:
    base, rng = draft_of("fortress"), random.Random(2)
    made = [draft for draft in (conditioned(base, rng) for _ in range(20)) if draft != base]
    assert len(made) > 5
    for draft in made:
        (gone,), (added,) = draft.factors, draft.added
        assert added["move"] == base.base.prefer[gone]["move"]
        assert str(added["score"]).startswith(f"{base.base.prefer[gone]['score']} if ")
        player_of(draft, BOOK)


def test_factors_of_factors_are_multiplied_out() -> None:
    assert plain("150 * (50 * (8 + 2 * me.line) // 100) // 100") == "75 * (8 + 2 * me.line) // 100"
    assert plain("150 * (8 + me.line) // 100") == "150 * (8 + me.line) // 100"
    assert plain(7) == 7


def test_a_draft_is_written_into_its_file_and_every_other_line_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = arenas.file_of("fortress").read_text(encoding="utf-8").replace("prefer:\n", "prefer:  # in any order\n")
    monkeypatch.setattr(arenas, "DOCTRINES", tmp_path)
    arenas.file_of("fortress").write_text(text, encoding="utf-8")
    first, second = (entry["move"] for entry in draft_of("fortress").base.prefer[:2])
    draft = Draft(draft_of("fortress").base, {0: 150, 1: 0}, added=({"move": "hedge", "score": 7},), otherwise=3)
    wanted = player_of(draft, BOOK)
    write_draft(draft)
    written = arenas.file_of("fortress").read_text(encoding="utf-8")
    assert player_of(draft_of("fortress"), BOOK).preferences == wanted.preferences
    gone = [line for line in text.splitlines() if line not in written.splitlines()]
    assert len(gone) == 2 and f"move: {first}," in gone[0] and f"move: {second}," in gone[1]
    new = [line for line in written.splitlines() if line not in text.splitlines()]
    assert "  - {move: hedge, score: 7}" in new and "otherwise: 3" in new and len(new) == 3


def test_par_makes_wins_even_and_is_written_into_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arena = Arena.of(BOOK, "first_game")
    kinds, _ = tune.fit_par(arena, 400, 3, 1.0)
    path = tmp_path / "first_game.yaml"
    path.write_text((tune.SCENARIOS / "first_game.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tune, "SCENARIOS", tmp_path)
    tune.write_par("first_game", kinds)
    overrides = {
        f"scenarios.first_game.start.{kind}.{seat}": value
        for kind, found in kinds.items()
        for seat, value in found.items()
    }
    fitted = load_rulebook("standard", overrides)
    assert dict(fitted.scenarios["first_game"].start["par"]) == kinds["par"]
    for kind, found in kinds.items():
        assert f"  {kind}: {{{', '.join(f'{seat}: {value}' for seat, value in found.items())}}}\n" in path.read_text()
    _, played = Arena.of(fitted, "first_game").field(400, 3)
    share = played.winner.sum(axis=0) / played.winner.sum()
    assert abs(share - 0.5).max() < 0.06
