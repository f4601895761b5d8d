"""The compiled programs mean what the expressions say: bytecode held against the walking evaluator."""

from pathlib import Path

import pytest

from game import Game, Move, UnknownName, play_games
from game.engine import kernel as k
from game.engine.layout import interpreter_of
from rules import load_rulebook

SMALL = load_rulebook(str(Path(__file__).parent / "small.yaml"))
SCENARIOS = list(SMALL.scenarios)


def positions(scenario, seeds):
    """Games standing at every decision of random play."""
    for seed in seeds:
        game = Game(SMALL, scenario, seed)
        while not game.over:
            yield game
            game.play(game.choose("random"))
        yield game


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scores_and_endings_agree_with_the_evaluator(scenario):
    for game in positions(scenario, range(8)):
        engine = game.engine
        for seat in game.seats:
            assert engine.kernel.score(engine.tables, game.memory, [0], game.seats.index(seat)) in (
                game.evaluate(SMALL.goals.score, seat),
                game.evaluate(SMALL.goals.score, seat) // 2,
            )
        for n, ending in enumerate(SMALL.endings.values()):
            pc = engine.kernel.item(engine.tables, k.X_ENDING_WHEN, n)
            assert engine.kernel.run(engine.tables, game.memory.copy(), [0], pc) == game.evaluate(ending.when)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_mask_agrees_with_the_evaluator_for_every_action(scenario):
    for game in positions(scenario, range(5)):
        mask = game.legal().mask()
        for number, move in enumerate(game.actions):
            if move.name == "pass":
                assert mask[number] == (not game.over)
            else:
                assert mask[number] == game.check(move).ok, (move, game.check(move))


def test_a_doctrines_choice_is_its_best_score():
    from rules import parse_doctrine

    doctrine = parse_doctrine(
        "doctrine: thrifty\nroles: [maker]\nknobs: {edge: {value: 50, range: [0, 200], meaning: x}}\n"
        "otherwise: -3\npass: 1\nprefer:\n"
        '  - {move: invest, score: "4 * knob.edge + reach[me, region] - me.coin // 3"}\n'
        "  - {family: craft, score: 2 - heat // 10}\n",
        "thrifty.yaml",
        SMALL,
    )
    seen = set()
    for game in positions("two", range(6)):
        if game.seat != "anna":
            continue
        chosen = game.choose(doctrine)
        scores = {}
        for move in game.legal():
            names = game.numbers("anna", move.arguments)
            found = [p for p in doctrine.preferences if p.move == move.name]
            walk = interpreter_of(game.engine.layout, game.memory)
            if move.name == "pass":
                scores[move] = 1
            elif found and move.name == "invest":
                edge = (4 * 50 + 50) // 100
                reach = game.value("reach", "anna", str(move.arguments["region"]))
                scores[move] = edge + reach - game.value("coin", "anna") // 3
            else:
                scores[move] = sum(walk.value(p.score, names) for p in found) if found else -3
        assert scores[chosen] == max(scores.values())
        seen.add(chosen.name)
    assert len(seen) > 2


def test_orders_are_shown_on_the_way_and_land_when_due():
    game = Game(SMALL, "two", 3)
    game.play("invest", region="coast")
    arriving = game.view("anna").arriving
    assert [(a.track, a.index, a.amount, a.deliveries) for a in arriving] == [("coin", ("anna",), 3, 2)]


def test_kernel_and_python_paths_give_the_same_results():
    class Echo:
        """Plays what the kernel's random player plays nowhere: its first legal move."""

        def choose(self, view, legal, rng):
            return next(iter(legal))

    for players in ({"anna": "greedy", "ben": "random"}, {"anna": "random", "ben": "greedy"}):
        inside = play_games(SMALL, "two", players, range(12), jit=False)
        games = []
        for seed in range(12):
            game = Game(SMALL, "two", seed)
            while not game.over:
                game.play(game.choose(players[game.seat]))
            games.append([game.scores()[s] for s in game.seats])
        assert inside.scores.tolist() == games
    mixed = play_games(SMALL, "two", {"anna": Echo, "ben": "random"}, range(12), jit=False)
    assert (mixed.by_round[:, -1, :] == mixed.scores).all()
    assert (mixed.used.sum(axis=(1, 2)) == mixed.plies).all()


def test_results_add_up():
    results = play_games(SMALL, "three", dict.fromkeys(("anna", "ben", "cleo"), "random"), range(200), jit=False)
    assert (results.used.sum(axis=2) == results.decisions).all()
    assert set(results.end) <= {"final", "crash"}
    assert ((results.winner.sum(axis=1) == 1) | (results.end == "crash")).all()


def test_unknown_names_are_told_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'three'"):
        Game(SMALL, "thre")
    game = Game(SMALL, "two", 0)
    assert "did you mean 'invest'" in game.check(Move.of("invst")).sentence
    assert "did you mean 'coast'" in game.check(Move.of("invest", region="cost")).sentence


def test_choices_may_be_named_in_any_order():
    game = Game(SMALL, "two", 3)
    game.play("pass")
    game.play("undercut", amount=1, target="anna")
    assert str(game.acts[-1].move) == "undercut target=anna amount=1"


def test_what_only_part_of_a_condition_works_out_is_not_used_elsewhere(tmp_path):
    """A later part of an ``and`` may not run: its values must be worked out again after the branch."""
    source = (Path(__file__).parent / "small.yaml").read_text()
    twist = '          - if: heat > 20 and coin[leader] > 9\n            then: ["heat -= 1"]\n'
    twist += "          - heat += coin[leader] % 2\n"
    place = "          - keeper[west].coin -= 1\n"
    assert place in source
    path = tmp_path / "twisted.yaml"
    path.write_text(source.replace(place, place + twist))
    book = load_rulebook(str(path))
    play_games(book, "three", dict.fromkeys(("anna", "ben", "cleo"), "random"), range(20), jit=False)
