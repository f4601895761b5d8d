"""A player for `chokepoint tournament run --bots`: see docs/players.md."""


class Patient:
    """Builds while it is poor, spends when it is rich."""

    name = "patient"  # else the class's name
    seats = ("china",)  # else it plays every seat

    def choose(self, view, legal, rng):
        rich = view.value("capital", view.seat) > 20
        building = [move for move in legal if move.name.startswith("build")]
        return rng.choice(building if building and not rich else list(legal))
