"""Makes the shipped lessons from games of this engine: ``python -m tools.build_lessons``, again after rules change.

A plan says which game is played by whom, whose seat the pupil takes, what the lesson is about and what is asked. The
rest is measured: at every turn of the pupil's seat each legal move is tried, and bots play the game on from there with
other luck; the turns with most at stake become the questions, the moves that do as well as the best are the answers,
and what is said to the others is how they did. No move is named here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

import ai_players
from game.core.game import Game
from game.moves import PASS, Move
from game.prose.lexicon import plain
from game.prose.numbers import counted, joined
from game.records.node import ROOT
from game.records.record import Record
from game.simulation.continuations import play_on
from rules import load_rulebook
from rules.model.rulebook import Doctrine, Rulebook

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "lessons"
GAMES = 48
"""Games played on after each move."""
AS_GOOD = 1.0
"""Points on average within which a move counts as good as the best."""
AT_STAKE = 1.5
"""Points between the best move and a middling one that make a question worth asking."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A lesson to be made.

    Attributes:
        name, title, about, minutes: What the shelf says of it.
        scenario, seed: The game.
        pupil: Whose seat the questions are for; ``style`` is the doctrine that plays it in the record.
        families: Lever families that the lesson is about: questions where the best move is of one of them come first.
        asks: Chapter titles and prompts, in order; as many questions as there are.
    """

    name: str
    title: str
    about: str
    minutes: int
    scenario: str
    seed: int
    pupil: str
    style: str
    families: tuple[str, ...]
    asks: tuple[tuple[str, str], ...]


OUTLINES = (
    Outline(
        "1_give_or_hold", "Give away or hold back",
        "A short game of two. China is short of chips and strong in factories: what does it give away, and when?",
        10, "first_game", 21, "china", "smart_factories", ("open_releases", "manufacturing"),
        (
            ("The opening", "You play China. Look at what each side has, and at what was just played. Which move?"),
            ("The other side has answered", "Look at what has changed since your last turn. What now?"),
            ("Late in the game", "What is ordered now may come too late. Which move still pays?"),
        ),
    ),
    Outline(
        "2_the_price_of_controls", "The price of controls",
        "A game of rivals. Washington can deny chips; every tightening also pays for somebody's factories. When is it"
        " worth the price?",
        15, "rivals_2025", 8, "washington", "contain_and_race", ("sanctions", "chip_supply"),
        (
            ("Hold back, or build", "You play Washington. Hold chips back, sell them, build at home? Choose a move."),
            ("The target adapts", "The other side had time to answer. See what orders are on their way. What now?"),
            ("Tension", "Every move is also heard abroad. Which one is worth its tension?"),
            ("The last rounds", "The end is near, and the last round counts most. What do you do?"),
        ),
    ),
    Outline(
        "3_labs_and_commons", "Labs and the commons",
        "A game of rivals, seen by the labs whose models are open. A release helps everybody; who gains most by it?",
        15, "rivals_2025", 14, "open_labs", "distil_and_chase", ("open_releases", "soft_power"),
        (
            ("What others build on", "You play the open labs. Weigh what a release brings against what it costs."),
            ("Catching up", "Look at the distance to the frontier. What narrows it most?"),
            ("Users abroad", "Shares move slowly, and only where somebody can serve them. What now?"),
            ("At the end", "What still counts before the last round is scored?"),
        ),
    ),
    Outline(
        "4_between_the_blocs", "Between the blocs",
        "Six seats. The swing states want cheap capable AI, several suppliers, and talent of their own: how do they"
        " bargain with both?",
        15, "summit_2025", 5, "swing_states", "bid_them_up", ("soft_power", "open_releases"),
        (
            ("Whom to ask first", "You play the swing states. Both blocs want your regions. What do you do?"),
            ("Offers on the table", "Look at the shares in your regions. Whom do you play against whom?"),
            ("Something of your own", "Dependence is cheap today. Which move leaves you freer at the end?"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """A legal move and what the pupil's seat scored on average when bots played on after it."""

    move: Move
    points: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn of the pupil's seat: the node after which it comes, the game there, and every move tried, best first."""

    node: int
    game: Game
    tried: tuple[Tried, ...]

    @property
    def stake(self) -> float:
        """Points between the best move and the middle one."""
        return self.tried[0].points - self.tried[len(self.tried) // 2].points


def build(plan: Outline, book: Rulebook, games: int = GAMES) -> Record:
    """Play a plan's game, find its questions and return the lesson's record."""
    names = {seat: _style(book, plan, seat) for seat in _seats(book, plan)}
    strong = _strongest(book, plan, names, games)
    specs = {seat: _doctrine(book, name) for seat, name in names.items()}
    game = Game(book, plan.scenario, plan.seed, jit=True)
    moments: list[Moment] = []
    last = (0, "")
    node = ROOT
    while game.seat is not None:
        seat = game.seat
        if seat == plan.pupil and node != ROOT and last != (game.round, seat):
            moments.append(_moment(node, game, {**specs, plan.pupil: _doctrine(book, strong)}, games))
        last = (game.round, seat)
        game.play(game.choose(specs[seat]))
        node += 1
    seats = {seat: {"player": name} for seat, name in names.items()}
    about = {"name": plan.name, "title": plan.title, "about": plan.about, "minutes": plan.minutes, "pupil": plan.pupil}
    record = Record.of(game, seats, title=plan.title, lesson=about)
    for moment, (chapter, prompt) in zip(_chosen(moments, plan, book), plan.asks, strict=False):
        record.remark(moment.node, ask=_ask(moment, plan, book, chapter, prompt, strong, games))
    return record


def _seats(book: Rulebook, plan: Outline) -> list[str]:
    return [seat.name for seat in book.scenarios[plan.scenario].seats]


def _style(book: Rulebook, plan: Outline, seat: str) -> str:
    """Return the doctrine that plays a seat in the record: the plan's in the pupil's, else the first that fits."""
    fitting = ai_players.for_seat(book, plan.scenario, seat)
    if seat == plan.pupil and plan.style in fitting:
        return plan.style
    return fitting[plan.seed % len(fitting)] if fitting else "greedy"


def _doctrine(book: Rulebook, name: str) -> Doctrine | str:
    found = ai_players.load(name, book)
    assert isinstance(found, Doctrine | str)
    return found


def _strongest(book: Rulebook, plan: Outline, names: dict[str, str], games: int) -> str:
    """Return the doctrine that scores most in the pupil's seat against the others of this game."""
    start = Game(book, plan.scenario, plan.seed, jit=True)
    scored = {}
    for name in [*ai_players.for_seat(book, plan.scenario, plan.pupil), "greedy"]:
        players = {seat: _doctrine(book, name if seat == plan.pupil else found) for seat, found in names.items()}
        scored[name] = play_on(start, players, range(games)).mean_score(plan.pupil)
    return max(scored, key=lambda name: scored[name])


def _moment(node: int, game: Game, players: dict[str, Doctrine | str], games: int) -> Moment:
    """Try every legal move of a turn."""
    seat = str(game.seat)
    tried = []
    for move in game.legal():
        after = game.branch()
        after.play(move)
        ended = float(after.scores()[seat]) if after.over else None
        points = play_on(after, players, range(games)).mean_score(seat) if ended is None else ended
        tried.append(Tried(move, points))
    tried.sort(key=lambda each: -each.points)
    return Moment(node, game.branch(), tuple(tried))


def _chosen(moments: Sequence[Moment], plan: Outline, book: Rulebook) -> list[Moment]:
    """Return the turns that are asked about: enough at stake, the lesson's families first; in the order of play."""

    def about(moment: Moment) -> bool:
        best = moment.tried[0].move
        return best != PASS and book.moves[best.name].family in plan.families

    worth = [moment for moment in moments if len(moment.tried) > 3]
    ranked = sorted(worth, key=lambda m: (m.stake >= AT_STAKE and about(m), m.stake), reverse=True)
    return sorted(ranked[: len(plan.asks)], key=lambda moment: moment.node)


def _ask(
    moment: Moment, plan: Outline, book: Rulebook, chapter: str, prompt: str, strong: str, games: int
) -> dict[str, Any]:
    """Return the question of a turn."""
    best = moment.tried[0].points
    good = [each for each in moment.tried if each.points >= best - AS_GOOD]
    by_name: dict[str, Tried] = {}
    for each in moment.tried:
        by_name.setdefault(each.move.name, each)
    accept = [str(each.move) for each in good]
    titles = list(dict.fromkeys(moment.game.describe(each.move, plan.pupil) for each in good))
    first = moment.tried[0].move
    rule = book.moves.get(first.name)
    right = (
        f"Bots played on {counted(games, 'time')} after each move. After the best one you ended at {best:.1f} points"
    )
    right += f" on average; moves that end less than {AS_GOOD:g} below it are right too."
    right += f" {rule.why}" if rule is not None else ""
    choice = _doctrine(book, strong)
    move = moment.game.choose(choice)
    title = choice.title if isinstance(choice, Doctrine) else strong
    found = next(each for each in moment.tried if each.move == move)
    why = f"Of all bots, {title} scored most in this seat. After its move here it ended at {found.points:.1f} points on"
    why += f" average, after the best move at {best:.1f}."
    return {
        "chapter": chapter,
        "prompt": prompt,
        "accept": accept,
        "hint": _hint(book, rule),
        "right": " ".join(right.split()),
        "wrong": {
            **{name: _wrong(book, each, best, games) for name, each in by_name.items() if each not in good},
            **{str(e.move): _wrong(book, e, best, games) for e in moment.tried
               if e not in good and by_name[e.move.name] in good},
            "others": "That is not among the best here.",
        },
        "strong": {"player": strong, "move": str(move), "why": why},
        "best": joined(titles[:4]),
        "games": games,
    }  # fmt: skip


def _hint(book: Rulebook, rule: Any) -> str:
    if rule is None:
        return "Sometimes the best move is none."
    family = book.families.get(rule.family, rule.family)
    text = plain(rule.about or rule.why)
    return f"Look under \u201c{family}\u201d for a move like this: {text}"


def _wrong(book: Rulebook, tried: Tried, best: float, games: int) -> str:
    """Return how a move did that is not among the best, and the rulebook's answer to it."""
    rule = book.moves.get(tried.move.name)
    gap = best - tried.points
    text = f"Bots played on {counted(games, 'time')} after it: {gap:.1f} points less on average than after the best."
    return f"{text} {rule.why}".strip() if rule is not None else text


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Lessons to build; all if none is named.")] = None,
    out: Annotated[Path, typer.Option(help="The folder.")] = FOLDER,
    games: Annotated[int, typer.Option(help="Games played on after each move.")] = GAMES,
) -> None:
    """Build all lessons, or those that are named, into a folder."""
    book = load_rulebook("standard")
    out.mkdir(parents=True, exist_ok=True)
    for plan in OUTLINES:
        if names and plan.name not in names:
            continue
        record = build(plan, book, games)
        record.save(out / f"{plan.name}.yaml", replace=True)
        asked = sum(node.ask is not None for node in record.nodes.values())
        print(f"{plan.name}: {counted(len(record.nodes), 'move')}, {counted(asked, 'question')}")


if __name__ == "__main__":
    typer.run(main)
