"""Whether moves matter and assumptions change who is best, on games made by hand."""

from __future__ import annotations

from tests.balance.tables import made
from tournament.balance.bars import checks
from tournament.balance.changes import assumptions, moves_matter
from tournament.balance.sample import Sample

CHECKS = checks()


def game(gain: float = 0.0, best: str = "a", edge: float = 5.0) -> Sample:
    """Two doctrines against two; ``best`` scores ``edge`` more; the left seat gains ``gain`` everywhere."""

    def points(line_up: tuple[str, ...], world: int) -> tuple[float, float]:
        return gain + edge * (line_up[0] == best) + world % 3, 0.0

    return made({"left": ["a", "b"], "right": ["u", "v"]}, 30, points)


def noisy(step: float) -> Sample:
    """As ``game``, but what a lever gives goes up and down from world to world."""
    return made({"left": ["a", "b"], "right": ["u", "v"]}, 30,
                lambda line_up, world: (step * (-1) ** world + world % 3, 0.0))  # fmt: skip


def test_a_move_without_which_a_seat_has_two_points_less_matters() -> None:
    found = moves_matter(CHECKS["moves_matter"], game().table, {"ban": game(-2).table})
    assert (found.parts[0].of, found.parts[0].number.value, found.parts[0].note) == ("ban", -2, "left")
    assert found.verdict == "holds"


def test_a_move_that_changes_nothing_does_not_matter() -> None:
    found = moves_matter(CHECKS["moves_matter"], game().table, {"ban": game(-2).table, "idle": game().table})
    assert [part.of for part in found.parts if not part.holds] == ["idle"]
    assert found.verdict == "fails"


def test_a_change_that_worlds_disagree_about_is_not_measurable() -> None:
    found = moves_matter(CHECKS["moves_matter"], noisy(0).table, {"luck": noisy(3).table})
    assert found.verdict == "fails"


def test_a_knob_that_turns_the_best_doctrine_over_counts() -> None:
    turned = {
        "spill": {"left": (game(best="a").table, game(best="b").table)},
        "idle": {"left": (game(best="a").table, game(best="a").table)},
    }
    found = assumptions(CHECKS["assumptions"], turned)
    assert found.parts[0].number.value == 1
    assert found.parts[0].note == "spill (left: a becomes b)"
    assert found.verdict == "fails"


def test_four_such_knobs_are_enough() -> None:
    turned = {f"knob_{k}": {"left": (game(best="a").table, game(best="b").table)} for k in range(4)}
    assert assumptions(CHECKS["assumptions"], turned).verdict == "holds"


def test_a_change_of_places_within_noise_does_not_count() -> None:
    def points(up: int) -> Sample:
        return made({"left": ["a", "b"], "right": ["u", "v"]}, 30,
                    lambda line_up, world: (up * 0.1 * (line_up[0] == "b") + 9.0 * (world % 2) * (line_up[0] == "a")
                                            + 9.0 * (1 - world % 2) * (line_up[0] == "b"), 0.0))  # fmt: skip

    found = assumptions(CHECKS["assumptions"], {"spill": {"left": (points(-1).table, points(1).table)}})
    assert found.parts[0].number.value == 0
    assert "spill" in found.why
