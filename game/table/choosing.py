"""A turn in the making: the lever family in view, the move picked, its choices so far, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass, field

from game.moves import Move, Value
from game.table.forecast import Row, forecast, set_off
from game.table.offers import Option, Pick
from game.table.sitting import Sitting
from rules.model.rulebook import Choice, Rule
from rules.model.rulebook import Move as MoveRule


@dataclass
class Choosing:
    """What the player whose turn it is has picked. Nothing of it is played before ``move`` is confirmed."""

    sitting: Sitting
    seat: str
    family: int = 0
    option: Option | None = None
    chosen: dict[str, Value] = field(default_factory=dict)
    _version: int = -1
    _options: list[Option] = field(default_factory=list)
    _outlook: tuple[Move, list[Row], list[Rule]] | None = None
    _picks: tuple[tuple[object, ...], list[Pick]] | None = None

    @property
    def options(self) -> list[Option]:
        """Every move of the seat, as things stand."""
        version = self.sitting.version
        if version != self._version:
            self._version, self._outlook = version, None
            self._options = self.sitting.offers.options(self.sitting.game, self.seat)
            if self.option is not None:
                self.option, self.chosen = None, {}
        return self._options

    @property
    def families(self) -> list[str]:
        """The families that have moves for this seat, in the rulebook's order."""
        used = dict.fromkeys(option.family for option in self.options)
        known = [family for family in self.sitting.game.book.families if family in used]
        return [*known, *(family for family in used if family not in known)]

    @property
    def rows(self) -> list[Option]:
        """The moves of the family in view, those that can be played first: the keys count them."""
        families = self.families
        if not families:
            return []
        family = families[self.family % len(families)]
        return sorted(
            (option for option in self.options if option.family == family), key=lambda option: not option.open
        )

    def turn_to(self, family: int) -> None:
        """Bring another family into view."""
        self.family = family % max(1, len(self.families))

    # -------------------------------------------------------------------------------------- the move

    def pick(self, option: Option) -> None:
        """Pick a move that can be played; choices that leave no choice are made at once."""
        if not option.open:
            return
        families = self.families
        if option.family in families:
            self.family = families.index(option.family)
        self.option, self.chosen = option, {}
        self.chosen = self.sitting.offers.settled(option, self.rule(option), {})

    def choose(self, value: Value) -> None:
        """Make the next choice."""
        choice = self.choice
        if self.option is None or choice is None:
            return
        chosen = {**self.chosen, choice.name: value}
        self.chosen = self.sitting.offers.settled(self.option, self.rule(self.option), chosen)

    def step_back(self) -> bool:
        """Take the last choice back, or drop the move; return whether there was anything."""
        if self.option is None:
            return False
        rule, offers = self.rule(self.option), self.sitting.offers
        names = list(self.chosen)
        while names:
            names.pop()
            kept = {name: self.chosen[name] for name in names}
            if len(offers.settled(self.option, rule, kept)) < len(self.chosen):
                self.chosen = offers.settled(self.option, rule, kept)
                return True
        self.clear()
        return True

    def clear(self) -> None:
        """Drop the move."""
        self.option, self.chosen = None, {}

    @property
    def choice(self) -> Choice | None:
        """The next choice to be made."""
        if self.option is None:
            return None
        choices = self.rule(self.option).choices
        return choices[len(self.chosen)] if len(self.chosen) < len(choices) else None

    @property
    def picks(self) -> list[Pick]:
        """What the next choice can be."""
        if self.option is None or self.choice is None:
            return []
        key = (self.sitting.version, self.option.name, tuple(self.chosen.items()))
        if self._picks is None or self._picks[0] != key:
            rule = self.rule(self.option)
            self._picks = (key, self.sitting.offers.picks(self.sitting.game, self.option, rule, self.chosen))
        return self._picks[1]

    @property
    def move(self) -> Move | None:
        """The move, once every choice is made and it may be played."""
        if self.option is None or self.choice is not None:
            return None
        move = Move(self.option.name, tuple(self.chosen.items()))
        return move if move in self.option.legal else None

    @property
    def forecast(self) -> list[Row]:
        """What the move would change."""
        return self._foreseen[0]

    @property
    def reactions(self) -> list[Rule]:
        """What the rulebook adds to the move as things stand, such as a truce that it breaks."""
        return self._foreseen[1]

    @property
    def _foreseen(self) -> tuple[list[Row], list[Rule]]:
        move, sitting = self.move, self.sitting
        if move is None:
            return [], []
        if self._outlook is None or self._outlook[0] != move:
            rows = forecast(sitting.game, sitting.board, move, self.seat)
            self._outlook = (move, rows, set_off(sitting.game, sitting.offers.said, move, self.seat))
        return self._outlook[1:]

    @property
    def price(self) -> str:
        """What the picked move takes: the price on its card, or the sum where its effects take from the purse too."""
        if self.option is None:
            return ""
        purse = [(track, (self.seat,)) for track in self.sitting.board.purse]
        paid = [row for row in self.forecast if not row.ordered and row.low == row.high and row.cell in purse]
        whole = paid[0].was - paid[0].high if len(paid) == 1 else 0
        return f"{whole} in all" if whole > 0 and not self.option.cost.startswith(f"{whole} ") else self.option.cost

    def rule(self, option: Option) -> MoveRule:
        """Return the rulebook's card of a move."""
        return self.sitting.game.book.moves[option.name]
