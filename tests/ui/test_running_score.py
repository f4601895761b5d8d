"""One honest running score: the number that decides the winner, secret agendas apart, the same on every screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from game import Game
from game.narrative.chronicle import Chronicle
from game.narrative.history import History, ranks
from game.narrative.score import score_change
from game.narrative.sight import board_of
from game.paper.account import account
from game.prose.numbers import number, signed
from game.ui.board.standing import par, standing
from game.ui.screens.ending import EndingScreen
from game.ui.screens.interlude import InterludeScreen
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting


def history(game: Game) -> History:
    return History(game, board_of(game), Chronicle(game))


@pytest.mark.parametrize("scenario", ["first_game", "duel_2025", "controls_2022", "rivals_2025", "summit_2025"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_the_end_it_is_the_final_score_without_the_secret_agendas(book: Rulebook, scenario: str, seed: int) -> None:
    game = Game(book, scenario, seed)
    while not game.over:
        game.play(game.choose("greedy" if seed == 1 else "random"))
    shown = history(game).scores(game.round)
    for seat, final in game.scores().items():
        secret = sum(game.evaluate(agenda.points, seat) for agenda in game.agendas(seat))
        # A seat with two roles counts two thirds of its two; a single agenda counts whole.
        assert final - shown[seat] in (secret, secret * 2 // 3), (seat, final, shown[seat], secret)
        if not game.agendas(seat):
            assert shown[seat] == final


def test_it_is_the_same_in_two_worlds_that_differ_in_their_secrets_alone(book: Rulebook) -> None:
    shown = []
    for seed in range(6):
        game = Game(book, "rivals_2025", seed)
        assert history(game).scores(0) == {}, "nothing has been scored"
        shown.append(history(game).scores(1))
    assert all(scores == shown[0] for scores in shown), "the start is the same but for the agendas drawn"


def test_ranks_say_who_shares_a_place() -> None:
    assert ranks({"a": 60, "b": 71, "c": 60, "d": 4}) == {"b": "1st", "a": "=2nd", "c": "=2nd", "d": "4th"}


def test_every_screen_shows_the_same_number(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0, 1), 3)
    play = at_the_table(hands.app, table)
    shown = history(table.game).scores(table.game.round - 1)
    order = sorted(shown.values(), reverse=True)
    assert {each.seat: each.score for each in play.table.standing} == shown
    assert [each.score for each in standing(table, table.game.round - 1)] == order
    for route, about in (("projector", (play,)), ("interlude", (table, table.game.round - 1))):
        hands.app.go(route, *about)
        hands.frame()
        texts = [seen.text for seen in hands.app.page.texts if seen.layer == len(hands.app.screens) - 1]
        for seat, score in shown.items():
            assert any(text == str(score) or text.startswith(f"{score} ") for text in texts), (route, seat, score)
        hands.app.pop()


def test_at_the_end_the_score_so_far_and_the_agenda_add_up_to_the_final_score(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window(size=(1920, 1080))
    table = sitting(book, "summit_2025", (0,), 99)
    hands.app.go("ending", table, hands.app.reset)
    hands.frame()
    screen = hands.app.top
    assert isinstance(screen, EndingScreen)
    told = account(table.record)
    assert told.points is not None
    for seat, values in told.points.lines:
        assert values[-1] == screen.shown[seat] == history(table.game).scores(table.game.round)[seat]
    level = par(table)
    assert level == 50
    texts = [seen.text for seen in hands.app.page.texts]
    for seat, final in screen.scores.items():
        assert signed(screen.shown[seat] - level) in texts, "from par to the score from play"
        extra = signed(final - screen.shown[seat])
        assert any(text.startswith(f"{extra} ") for text in texts), "and on by the secret agenda"
        assert number(final) in texts
    hands.click("ending.left.1")
    texts = [seen.text for seen in hands.app.page.texts]
    assert {"Final score", "Score so far", "Secret agenda"} <= set(texts)


def test_a_score_that_is_pressed_says_what_it_is_made_of(book: Rulebook, open_window: Callable[..., Hands]) -> None:
    hands = open_window(size=(1920, 1080))
    table = sitting(book, "rivals_2025", (0, 1), 3)
    at_the_table(hands.app, table)
    upto = table.game.round - 1
    for seat in table.game.seats:
        change = score_change(history(table.game), seat, upto)
        for identity in (f"standing.{seat}", f"interlude.score.{seat}"):
            if identity.startswith("interlude"):
                hands.app.go("interlude", table, upto)
                hands.frame()
                assert any(seen.text.endswith(change.short) for seen in hands.app.page.texts), (
                    "told without a press, too"
                )
            hands.click(identity)
            hands.frame()
            told = " ".join(piece.text for piece in hands.app.top.pieces)  # type: ignore[attr-defined]
            assert change.gathered in told and book.goals.about in told
            assert all(f"{signed(amount)}  {part}" in told for part, amount in change.parts)
            hands.app.pop()
            if identity.startswith("interlude"):
                hands.app.pop()


def test_the_round_page_has_the_story_of_a_score_and_it_closes(
    book: Rulebook, open_window: Callable[..., Hands]
) -> None:
    hands = open_window()
    table = sitting(book, "first_game", (0,), 3)
    for round_ in (2, 3):
        page = InterludeScreen(hands.app, table, round_)
        change = score_change(history(table.game), table.humans[0], round_)
        story = page.stories[0]
        assert (story.before, story.after) == (change.before, change.after)
        for each in page.stories:
            assert sum(cause.amount for cause in each.causes) == each.after - each.before, each.title
